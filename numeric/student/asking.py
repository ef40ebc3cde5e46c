"""Calling a student's own backpropagation: in the first way that it takes, and twice, to see what stays behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.errors import MisuseError, misuse
from numeric.network import Parameters
from numeric.student.isolation import MEGABYTE, Call, Limits, Raised, Ran, Returned, Stopped, Value, run_calls
from numeric.student.reading import StudentFile

SECONDS: Final = 20.0
PRINTED: Final = 2000
"""Characters of what the file prints that are kept."""
LOUDEST: Final = 64
"""Megabytes that a file may print."""
UNLIKELY: Final = ("KeyError", "TypeError", "IndexError", "AttributeError")
"""What a call in the wrong way raises; anything else says more about the file."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the arrays with the way to each, and how the call went."""

    arrays: dict[str, Array]
    output: Array | None
    rows: bool
    inputs_kept: bool
    steady: bool
    printed: str


def run(student: StudentFile, at: Parameters, x: Array, y: Array, seconds: float = SECONDS) -> Answer:
    """Call the student's backpropagation at these parameters and this batch.

    It runs apart, but behind no walls: one's own file may import and read what one may oneself.

    :raises MisuseError: if it raises, does not finish, prints too much, or ends its process.
    """
    source = student.path.read_text(encoding="utf-8")
    adapter = Path(__file__).with_name("ways.py").read_text(encoding="utf-8")
    limits = Limits(
        seconds=seconds,
        memory=4096 * MEGABYTE,
        file=64 * MEGABYTE,
        folder=256 * MEGABYTE,
        open_files=256,
        kept=PRINTED,
        printed=LOUDEST * MEGABYTE,
        answer=512 * MEGABYTE,
    )
    failures: list[Raised] = []
    for rows, call in _ways(student, at, x, y):
        ran = run_calls(source, (call, call), limits, walled=False, path=str(student.path), adapter=adapter)
        if ran.stopped is not None:
            raise _stopped(student, ran.stopped, seconds)
        found = _arrays(ran.results[0])
        if not isinstance(found, Raised):
            return _answer(found, ran, rows)
        failures.append(found)
        if found.loading:
            break
    raise _raised(student, next((failure for failure in failures if failure.error not in UNLIKELY), failures[0]))


def _ways(student: StudentFile, at: Parameters, x: Array, y: Array) -> Iterator[tuple[bool, Call]]:
    """The likeliest first: one sample a column or one a row, and the forms of the parameters."""
    forms = ("dict", "pairs", "two") if student.form in ("params", "passes") else ("two",)
    sizes: list[Value] = list(student.network.widths)
    for rows in (False, True) if student.rows is None else (student.rows,):
        turned = [[array.T if rows else array for array in group] for group in (at.weights, at.biases, (x, y))]
        weights, biases, samples = turned
        for form in forms:
            arguments: tuple[Value, ...] = (form, sizes, list(weights), list(biases), *samples)
            yield rows, Call(f"_backproof_{student.form}", arguments)


def _arrays(result: Returned | Raised) -> dict[str, Array] | Raised:
    """The arrays in what was returned, each with the way to it (``dW1``, ``0/2``)."""
    if isinstance(result, Raised):
        return result
    try:
        return dict(_leaves(result.value))
    except TypeError as error:
        return Raised("TypeError", str(error), None)


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Array]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}/{key}".lstrip("/"))
    elif isinstance(value, list | tuple) and not _is_vector(value):
        for place, inner in enumerate(value):
            yield from _leaves(inner, f"{path}/{place}".lstrip("/"))
    elif value is not None:
        try:
            array = np.asarray(value)
        except ValueError:
            raise TypeError("what was returned holds rows of different lengths") from None
        if array.dtype.kind not in "fiub":
            raise TypeError(f"what was returned holds {type(value).__name__} where numbers were expected")
        yield path or "value", array


def _is_vector(value: Any) -> bool:
    """A plain list of numbers, however nested."""
    inner = value
    while isinstance(inner, list | tuple) and inner:
        inner = inner[0]
    return isinstance(inner, int | float)


def _answer(found: dict[str, Array], ran: Ran, rows: bool) -> Answer:
    first, second = ran.results
    again = _arrays(second)
    steady = not isinstance(again, Raised) and again.keys() == found.keys()
    if steady and not isinstance(again, Raised):
        steady = all(np.array_equal(found[key], again[key], equal_nan=True) for key in found)
    output = found.pop("forward", None)
    if output is not None:
        found = {path.removeprefix("backward/"): array for path, array in found.items()}
    kept = isinstance(first, Returned) and first.arguments_kept
    return Answer(found, output, rows, kept, steady, ran.printed)


def _stopped(student: StudentFile, stopped: Stopped, seconds: float) -> MisuseError:
    path = student.path.name
    if stopped.kind == "slow":
        return misuse(wording.TOO_SLOW, wording.TOO_SLOW_HINT, path=path, seconds=seconds)
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
        batch=student.batch,
    )
