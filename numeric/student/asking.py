"""Calling a student's own backpropagation: in the first way that it takes, and twice, to see what stays behind.

A file need not say how it holds its arrays: where the likeliest way raises, or brings back arrays that do not fit, the
others are tried, all in one process; the first whose arrays fit is then asked anew, in a process of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.claimed import Convention
from numeric.errors import MisuseError, misuse
from numeric.problem import Problem
from numeric.student.isolation import MEGABYTE, Call, Limits, Raised, Ran, Returned, Stopped, Value, run_calls
from numeric.student.reading import StudentFile

SECONDS: Final = 20.0
PRINTED: Final = 2000
"""Characters of what the file prints that are kept."""
LOUDEST: Final = 64
"""Megabytes that a file may print."""
MOST_COPIED: Final = 250_000
"""Parameters up to which the rarer ways are tried: each takes a copy of them along."""
UNLIKELY: Final = ("KeyError", "TypeError", "IndexError", "AttributeError")
"""What a call in the wrong way raises; anything else says more about the file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, as lists, tuples and dicts of arrays; how it was asked for; and how the call went."""

    value: Any
    output: Array | None
    convention: Convention
    inputs_kept: bool
    steady: bool
    printed: str


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to call the file: how the arrays are held, and the form of the parameters."""

    convention: Convention
    call: Call


def run(
    student: StudentFile,
    problem: Problem,
    fits: Callable[[Answer], bool],
    seconds: float = SECONDS,
    *,
    walled: bool = False,
) -> Answer:
    """Call the student's backpropagation at this point.

    It runs apart, but behind no walls unless ``walled``: one's own file may import and read what one may oneself.

    :param fits: whether an answer's arrays have the shapes that they should have; one that fits is preferred.
    :raises MisuseError: if it raises, does not finish, prints too much, or ends its process.
    """
    adapter = Path(__file__).with_name("ways.py").read_text(encoding="utf-8")
    limits = Limits(
        seconds=seconds,
        memory=4096 * MEGABYTE,
        file=64 * MEGABYTE,
        folder=256 * MEGABYTE,
        open_files=256,
        kept=PRINTED,
        printed=LOUDEST * MEGABYTE,
        answer=1024 * MEGABYTE,
    )

    def called(calls: Sequence[Call]) -> Ran:
        return run_calls(student.text, calls, limits, walled=walled, path=str(student.path), adapter=adapter)

    def answered(way: _Way) -> Answer | Raised:
        ran = called((way.call, way.call))
        if ran.stopped is not None:
            raise _stopped(student, ran.stopped, seconds)
        return _answer(ran, way)

    likeliest, *others = _ways(student, problem)
    first = answered(likeliest)
    if isinstance(first, Raised) and first.loading:
        raise _raised(student, first)
    if isinstance(first, Answer) and fits(first):
        return first
    tried = called([way.call for way in others]) if others else Ran((), "", None)
    found = [
        (way, _answer(replace(tried, results=(result, result)), way))
        for way, result in zip(others, tried.results, strict=False)
    ]
    answers = [(way, answer) for way, answer in found if isinstance(answer, Answer)]
    fitting = [way for way, answer in answers if fits(answer)] or [way for way, _ in answers][
        : isinstance(first, Raised)
    ]
    again = answered(fitting[0]) if fitting else first
    if isinstance(again, Answer):
        return again
    if tried.stopped is not None and not fitting:
        raise _stopped(student, tried.stopped, seconds)
    failures = [again, *(answer for _, answer in found if isinstance(answer, Raised))]
    raise _raised(student, next((failure for failure in failures if failure.error not in UNLIKELY), failures[0]))


def _ways(student: StudentFile, problem: Problem) -> Iterator[_Way]:
    """The likeliest first: one sample a column or one a row, the forms of the parameters, then rarer shapes."""
    forms = ("dict", "pairs", "two") if student.form in ("params", "passes") else ("two",)
    sizes: list[Value] = list(student.network.widths)
    sides = (False, True) if student.rows is None else (student.rows,)
    usual = [Convention(rows, turned=rows) for rows in sides]
    rarer = [Convention(rows, turned=rows, flat=True) for rows in sides]
    rarer += [Convention(rows, turned=not rows, flat=flat) for rows in sides for flat in (False, True)]
    at = problem.at
    for convention in (*usual, *(rarer if at.count <= MOST_COPIED else ())):
        weights: list[Value] = [W.T if convention.turned else W for W in at.weights]
        biases: list[Value] = [b.reshape(-1) if convention.flat else b.T if convention.rows else b for b in at.biases]
        samples = [array.T if convention.rows else array for array in (problem.x, problem.y)]
        for form in forms:
            arguments: tuple[Value, ...] = (form, sizes, list(weights), list(biases), *samples)
            yield _Way(convention, Call(f"_backproof_{student.form}", arguments))


def array_of(value: Any) -> Array:
    """A matrix however it came: an array, or lists of numbers.

    :raises TypeError: where there are no numbers, or the rows have different lengths.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError("what was returned holds rows of different lengths") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"what was returned holds {type(value).__name__} where numbers were expected")
    return array


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Array]]:
    """The arrays in what was returned, each with the way to it (``dW1``, ``0/2``).

    :raises TypeError: where something else than numbers stands.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}/{key}".lstrip("/"))
    elif isinstance(value, list | tuple) and not (value and _is_matrix(value)):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{place}".lstrip("/"))
    elif value is not None:
        yield path or "value", array_of(value)


def _is_matrix(value: Sequence[Any]) -> bool:
    """Numbers in a list, or in lists of one length."""
    if all(map(is_number, value)):
        return True
    rows = [row for row in value if isinstance(row, list | tuple) and all(map(is_number, row))]
    return len(rows) == len(value) and len({len(row) for row in rows}) == 1


def is_number(value: Any) -> bool:
    """A number alone, NumPy's or Python's."""
    return isinstance(value, int | float) or (isinstance(value, np.ndarray) and value.ndim == 0)


def _answer(ran: Ran, way: _Way) -> Answer | Raised:
    """What the first call brought, and whether the second brought the same."""
    first, second = ran.results
    if isinstance(first, Raised):
        return first
    try:
        found = dict(leaves(first.value))
    except TypeError as error:
        return Raised("TypeError", str(error), None)
    try:
        again = dict(leaves(second.value)) if isinstance(second, Returned) else {}
    except TypeError:
        again = {}
    steady = again.keys() == found.keys()
    steady = steady and all(np.array_equal(found[key], again[key], equal_nan=True) for key in found)
    value: Any = first.value
    output = None
    if isinstance(value, dict) and value.keys() == {"forward", "backward"}:
        value, output = value["backward"], value["forward"]
    return Answer(
        value,
        output if isinstance(output, np.ndarray) else None,
        way.convention,
        first.arguments_kept,
        steady,
        ran.printed,
    )


def _stopped(student: StudentFile, stopped: Stopped, seconds: float) -> MisuseError:
    path = student.path.name
    if stopped.kind == "slow":
        allowed = wording.counted(int(seconds), "second") if seconds == int(seconds) else f"{seconds:g} seconds"
        return misuse(wording.TOO_SLOW, wording.TOO_SLOW_HINT, path=path, seconds=allowed)
    if stopped.kind in ("loud", "fills"):
        return misuse(wording.TOO_LOUD, wording.TOO_LOUD_HINT, path=path, limit=LOUDEST)
    return misuse(wording.DIED, wording.DIED_HINT, path=path, code=stopped.code)


def _raised(student: StudentFile, failure: Raised) -> MisuseError:
    return misuse(
        wording.RAISED_NOWHERE if failure.line is None else wording.RAISED,
        wording.RAISED_HINT,
        path=student.path.name,
        line=failure.line,
        error=failure.error,
        message=failure.message,
        widths=", ".join(map(str, student.network.widths)),
        batch=wording.counted(student.batch, "sample"),
    )
