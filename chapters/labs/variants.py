"""Each student's own variant of a lab: numbers, widths and spelling, drawn reproducibly from the student's name.

The draws come from SHA-256 alone, so that they are the same on every machine and in every version of Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final, TypeAlias

from chapters.labs import words
from chapters.labs.lab import Lab, LabError
from chapters.labs.notation import in_brackets

Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]
Value: TypeAlias = "Fraction | Matrix | str"

ATTEMPTS: Final = 400
"""Draws that are tried until one fulfils what the author asks of the numbers."""
_FILL = re.compile(r"%\{([^\W\d]\w*)(?:\[\s*(\d+)\s*(?:,\s*(\d+)\s*)?\])?\}")


@dataclass(frozen=True, slots=True)
class Slip:
    """A typical wrong answer to a question: a formula (``value``) or an answer as typed, and what to say of it."""

    code: str
    why: str
    value: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One line to fill in: ``ask = ?``. ``kind`` says what ``right`` is: a formula of which the value or the shape is
    asked for, an operation of NumPy, an entry's name, or one of ``options``. ``digits``: decimals asked for."""

    ask: str
    kind: str
    right: Any
    points: int = 1
    digits: int | None = None
    options: tuple[str, ...] = ()
    slips: tuple[Slip, ...] = ()


@dataclass(frozen=True, slots=True)
class Wrong:
    """An answer that must not pass, and the code that the feedback must bear."""

    answer: str
    diagnosis: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class MustPass:
    """A line that a derivation has to contain, or one of several; ``say`` is what is said where it is missing."""

    lines: tuple[str, ...]
    say: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a lab, everything filled in. See ``lab`` for what the fields mean."""

    name: str
    title: str
    points: int
    task: str = ""
    setting: str = ""
    starter: str = ""
    reference: str = ""
    goal: str = ""
    milestones: tuple[str, ...] = ()
    must_pass: tuple[MustPass, ...] = ()
    steps: int = 1
    strict: bool = False
    reasons: bool = False
    may_use: tuple[str, ...] = ()
    may_cite: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    judge: str = ""
    function: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """A lab as one student gets it (``student`` is empty for the plain one)."""

    lab: str
    student: str
    kind: str
    chapter: int
    title: str
    task: str
    setting: str
    values: Mapping[str, Value]
    parts: tuple[Part, ...]
    compute: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    preamble: str = ""
    closing: str = ""

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)


def variant(lab: Lab, student: str = "") -> Variant:
    """The variant of a student; the plain one for an empty name. Raises LabError."""
    for attempt in range(ATTEMPTS if student else 1):
        values = _drawn(lab, student, attempt)
        if values is None:
            continue
        found = _filled_variant(lab, student, values)
        if lab.kind != "predict":
            return found
        from chapters.labs.predicting import why_unfair  # needs NumPy

        problem = why_unfair(found)
        if problem is None:
            return found
        if not student:
            raise LabError(f"{lab.name}: {problem}")
    raise LabError(words.NO_FAIR_DRAW.format(name=lab.name, attempts=ATTEMPTS))


# ---- drawing ----


def _stream(seed: str) -> Iterator[int]:
    """Numbers below 2⁶⁴, as many as wanted."""
    counter = 0
    while True:
        block = sha256(f"{seed}\n{counter}".encode()).digest()
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start : start + 8], "big")
        counter += 1


def _drawn(lab: Lab, student: str, attempt: int) -> dict[str, Value] | None:
    """A value for each name that varies; None if numbers are equal that must not be."""
    values: dict[str, Value] = {}
    rows = dict(lab.raw.get("vary", {}))
    groups = lab.raw.get("distinct", [])
    apart = [
        name for group in groups for name in group if isinstance(rows.get(name), dict) and "rows" not in rows[name]
    ]
    for name in dict.fromkeys([*apart, *rows]):  # what must differ is drawn first: most attempts end there
        stream = _stream(f"{lab.name}\n{student}\n{name}\n{attempt}") if student else None
        values[name] = _one(rows[name], values, stream, f"{lab.name}, vary, {name}")
        if student and any(
            values[other] == values[name] for group in groups if name in group for other in group
            if other != name and other in values
        ):  # fmt: skip
            return None
    for group in groups:
        if not isinstance(group, list):
            raise LabError(words.FIELD_WRONG.format(where=lab.name, field="distinct", wanted=words.A_LIST_OF_LISTS))
        for name in group:
            if name not in values:
                raise LabError(words.NOT_DRAWN.format(where=f"{lab.name}, distinct", name=name))
        chosen = [values[name] for name in group]
        if len(set(chosen)) < len(chosen):
            raise LabError(words.NOT_DISTINCT.format(name=lab.name, names=", ".join(group)))
    return values


def _one(row: Any, values: Mapping[str, Value], stream: Iterator[int] | None, where: str) -> Value:
    match row:
        case [*choices] if choices:
            chosen = choices[next(stream) % len(choices)] if stream else choices[0]
            return chosen if isinstance(chosen, str) else _number(chosen, where)
        case {"rows": rows}:
            more: Mapping[str, Any] = row
            if stream is None:
                if "plain" not in more:
                    raise LabError(words.FIELD_MISSING.format(where=where, field="plain"))
                return _matrix(more["plain"], where)
            shape = _extent(rows, values, where), _extent(more.get("columns", 1), values, where)
            return tuple(tuple(_between(more, stream, where) for _ in range(shape[1])) for _ in range(shape[0]))
        case {"from": low}:
            if stream is None:
                return _number(row.get("plain", low), where)
            return _between(row, stream, where)
    raise LabError(words.FIELD_WRONG.format(where=where, field="vary", wanted="a list, a range or a matrix"))


def _extent(rows: Any, values: Mapping[str, Value], where: str) -> int:
    """A number of rows: a number, or the name of one that was drawn before."""
    number = values.get(rows) if isinstance(rows, str) else _number(rows, where)
    if not isinstance(number, Fraction):
        raise LabError(words.FIELD_WRONG.format(where=where, field="rows", wanted="a number or a name drawn before"))
    return int(number)


def _between(row: Mapping[str, Any], stream: Iterator[int], where: str) -> Fraction:
    try:
        low, high = _number(row["from"], where), _number(row["to"], where)
    except KeyError as missing:
        raise LabError(words.FIELD_MISSING.format(where=where, field=missing.args[0])) from None
    step = _number(row.get("step", 1), where)
    if step <= 0 or high < low:
        raise LabError(words.RANGE_EMPTY.format(where=where, low=low, high=high))
    count = int((high - low) / step) + 1
    left_out = sorted(
        {(_number(value, where) - low) / step for value in row.get("without", [])} & set(map(Fraction, range(count)))
    )
    if len(left_out) == count:
        raise LabError(words.RANGE_EMPTY.format(where=where, low=low, high=high))
    place = next(stream) % (count - len(left_out))
    for gone in left_out:  # the place among those that stay
        place += gone <= place
    return low + place * step


def _number(value: Any, where: str) -> Fraction:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise LabError(words.NUMBER_WRONG.format(where=where, value=value)) from None


def _matrix(rows: Sequence[Any], where: str) -> Matrix:
    """``[[3, 4], [6, 0]]``, or a column as ``[1, -1]``."""
    return tuple(tuple(_number(v, where) for v in (row if isinstance(row, list) else [row])) for row in rows)


# ---- filling in ----


def _filled_variant(lab: Lab, student: str, values: Mapping[str, Value]) -> Variant:
    raw = {key: _filled(value, values, lab.name) for key, value in lab.raw.items() if key != "vary"}
    return Variant(
        lab=lab.name,
        student=student,
        kind=lab.kind,
        chapter=lab.chapter,
        title=raw["title"],
        task=raw["task"].strip(),
        setting=raw.get("setting", ""),
        values=values,
        parts=tuple(_part(part) for part in raw["part"]),
        compute=tuple(raw.get("compute", ())),
        require=tuple(raw.get("require", ())),
        preamble=raw.get("preamble", ""),
        closing=raw.get("closing", ""),
    )


def _part(raw: Mapping[str, Any]) -> Part:
    questions = tuple(_question(row) for row in raw.get("question", ()))
    plain = ("name", "title", "goal", "steps", "strict", "reasons", "judge", "function", "options")
    lists = ("milestones", "may_use", "may_cite", "without", "hints")
    given: dict[str, Any] = {key: raw[key] for key in plain if key in raw}
    given |= {key: tuple(raw[key]) for key in lists if key in raw}
    given |= {key: raw[key].strip("\n") for key in ("task", "setting", "starter", "reference") if key in raw}
    return Part(
        **given,
        points=raw.get("points", 0) or sum(question.points for question in questions),
        questions=questions,
        must_pass=tuple(_must_pass(row) for row in raw.get("must_pass", ())),
        wrong=tuple(Wrong(**wrong) for wrong in raw.get("wrong", ())),
    )


def _must_pass(row: Any) -> MustPass:
    lines, say = (row["line"], row.get("say", "")) if isinstance(row, Mapping) else (row, "")
    return MustPass(tuple(lines) if isinstance(lines, list) else (lines,), say)


def _question(raw: Mapping[str, Any]) -> Question:
    kind = next(key for key in ("value", "shape", "array", "entry", "choice") if key in raw)
    return Question(
        ask=raw["ask"],
        kind=kind,
        right=raw[kind],
        points=raw.get("points", 1),
        digits=raw.get("digits"),
        options=tuple(raw.get("options", ())),
        slips=tuple(Slip(**slip) for slip in raw.get("slip", ())),
    )


def _filled(value: Any, values: Mapping[str, Value], where: str) -> Any:
    match value:
        case str():
            text = _FILL.sub(lambda found: _written(found, values, where), value)
            return in_brackets(text) if values.get("notation") == "bracket" else text
        case {"when": name, **texts}:
            chosen = values.get(name)
            key = chosen if isinstance(chosen, str) else show(chosen) if chosen is not None else ""
            if key not in texts:
                raise LabError(words.FIELD_MISSING.format(where=f"{where}, when {name}", field=key or name))
            return _filled(texts[key], values, where)
        case dict():
            return {key: _filled(inner, values, where) for key, inner in value.items()}
        case list():
            return [_filled(inner, values, where) for inner in value]
    return value


def _written(found: re.Match[str], values: Mapping[str, Value], where: str) -> str:
    name, row, column = found.groups()
    value = values.get(name)
    if value is None:
        raise LabError(words.NOT_DRAWN.format(where=where, name=name))
    if row is not None:
        if not isinstance(value, tuple) or int(row) > len(value) or int(column or 1) > len(value[0]):
            raise LabError(words.NOT_DRAWN.format(where=where, name=found.group()))
        value = value[int(row) - 1][int(column or 1) - 1]
    return show(value)


def show(value: Value) -> str:
    """A value as it stands in a text: ``3``, ``0.5``, ``1/3``, ``[1, -1]`` for a column, ``[[3, 4], [6, 0]]``."""
    if isinstance(value, str):
        return value
    if isinstance(value, Fraction):
        return _show_number(value)
    if len(value[0]) == 1:
        return f"[{', '.join(_show_number(row[0]) for row in value)}]"
    return f"[{', '.join('[' + ', '.join(map(_show_number, row)) + ']' for row in value)}]"


def _show_number(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    decimal = f"{float(value):.10g}"
    return decimal if Fraction(decimal) == value else str(value)
