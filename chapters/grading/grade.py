"""A grade: what became of one worksheet, as plain data that is kept, counted and written."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from chapters.grading import words
from chapters.labs.faults import NOT_JUDGED


@dataclass(frozen=True, slots=True)
class Part:
    """One part: points earned of points, the reason in one sentence, and the feedback as a student would see it."""

    name: str
    title: str
    points: float
    earned: float
    reason: str
    answered: bool = True
    codes: tuple[str, ...] = ()
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """The grade of a worksheet. ``problem`` is empty, or says why it was not graded; then nothing is earned."""

    student: str
    where: str
    lab: str = ""
    title: str = ""
    points: float = 0
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    problem: str = ""
    lasting: bool = field(default=True, compare=False)
    """Whether judging it again would say the same; a judge that ran out of time may not next time."""

    @property
    def earned(self) -> float:
        return 0 if self.problem else sum(part.earned for part in self.parts)

    @property
    def percent(self) -> float:
        return 100 * self.earned / self.points if self.points else 0

    @property
    def passed(self) -> bool:
        return not self.problem and bool(self.parts) and all(part.earned == part.points for part in self.parts)

    @property
    def unjudged(self) -> tuple[str, ...]:
        """The parts at which the program itself failed: somebody has to look at them."""
        return tuple(part.name for part in self.parts if NOT_JUDGED in part.codes)

    @property
    def status(self) -> str:
        if self.problem:
            return words.NOT_GRADED.format(why=self.problem)
        if self.passed:
            return words.PASSED
        if self.earned:
            return words.PARTLY
        return words.NONE_RIGHT if any(part.answered for part in self.parts) else words.EMPTY


def as_data(grade: Grade) -> dict[str, Any]:
    """For JSON."""
    return asdict(grade)


def from_data(data: Any) -> Grade:
    """The grade that ``as_data`` was given.

    :raises ValueError: for anything else: points that are no numbers, or more earned than there is to earn.
    """
    try:
        parts = tuple(_part(one) for one in data["parts"])
        grade = Grade(
            _text(data["student"]),
            _text(data["where"]),
            _text(data["lab"]),
            _text(data["title"]),
            _points(data["points"]),
            parts,
            tuple(_text(note) for note in data["notes"]),
            _text(data["problem"]),
            data["lasting"] is True,
        )
    except (KeyError, TypeError):
        raise ValueError("no grade") from None
    if not grade.problem and (not parts or not math.isclose(sum(part.points for part in parts), grade.points)):
        raise ValueError("points that do not add up")
    return grade


def _part(data: Any) -> Part:
    part = Part(
        _text(data["name"]),
        _text(data["title"]),
        _points(data["points"]),
        _points(data["earned"]),
        _text(data["reason"]),
        data["answered"] is True,
        tuple(_text(code) for code in data["codes"]),
        _text(data["feedback"]),
    )
    if part.earned > part.points:
        raise ValueError("more points than there are")
    return part


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _points(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("no points")
    return value
