"""What judging a worksheet gives: values, from which the terminal, progress and grades are made."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final, TypeAlias

if TYPE_CHECKING:
    from derivations.verdicts import Verdict

Line: TypeAlias = list[tuple[str, str]]
"""A line for the terminal: texts and their styles, as ``chapters.terminal.Screen`` shows them."""

MOST_SEEDS: Final = 1_000_000
"""How many seeds there are, from which the inputs of a check are drawn."""


@dataclass(frozen=True, slots=True)
class JudgedPart:
    """One part. ``codes`` are the codes of all diagnoses, and of what else is wrong; ``reason`` is one plain sentence
    for a report; ``verdict`` is the one that a hint is about, if there is one; ``answered`` is false for a starter;
    ``reached`` counts the lines of a derivation's reference that are behind the student."""

    name: str
    title: str
    points: int
    earned: float
    feedback: tuple[Line, ...]
    codes: tuple[str, ...]
    reason: str
    answered: bool = True
    verdict: Verdict | None = None
    reached: int = 0

    @property
    def passed(self) -> bool:
        return self.earned == self.points


@dataclass(frozen=True, slots=True)
class Judgement:
    """A whole worksheet: its parts in the lab's order, and remarks about the sheet itself."""

    lab: str
    student: str
    parts: tuple[JudgedPart, ...]
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return sum(part.points for part in self.parts)

    @property
    def earned(self) -> float:
        return sum(part.earned for part in self.parts)

    @property
    def passed(self) -> bool:
        return all(part.passed for part in self.parts)


class UnusableError(Exception):
    """A worksheet that cannot be judged at all; the message is for the reader."""


def as_data(judgement: Judgement) -> dict[str, Any]:
    """For JSON, without the verdicts."""
    parts = [
        {one.name: getattr(part, one.name) for one in fields(part) if one.name != "verdict"} for part in judgement.parts
    ]
    return {"lab": judgement.lab, "student": judgement.student, "parts": parts, "notes": judgement.notes}


def from_data(data: dict[str, Any]) -> Judgement:
    """The judgement that ``as_data`` was given; its parts have no verdicts."""
    parts = []
    for one in data["parts"]:
        feedback = tuple([(text, style) for text, style in line] for line in one["feedback"])
        parts.append(JudgedPart(**{**one, "feedback": feedback, "codes": tuple(one["codes"])}))
    return Judgement(data["lab"], data["student"], tuple(parts), tuple(data["notes"]))
