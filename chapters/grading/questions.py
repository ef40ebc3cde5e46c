"""What a judging process is asked, as values and as JSON: a worksheet to be graded, or to be talked about."""

from __future__ import annotations

import base64
from dataclasses import asdict, dataclass
from typing import Any

from chapters.grading.names import Names


@dataclass(frozen=True, slots=True)
class Task:
    """A worksheet to be graded; ``answers_to`` are the students whose variant is accepted."""

    student: str
    where: str
    content: bytes
    suffix: str
    answers_to: Names
    require_student: bool
    seconds: float
    lab: str = ""
    """The only lab that counts; empty for any."""


@dataclass(frozen=True, slots=True)
class Check:
    """A worksheet that its student wants to be told about; ``hints``, where given, asks for the next hint besides: the
    number of hints that each part has had. ``seed``: of a check whose inputs are to be drawn again."""

    lab: str
    student: str
    text: str
    seconds: float
    width: int = 80
    aloud: bool = False
    hints: dict[str, int] | None = None
    seed: int | None = None


def task_as_data(task: Task) -> dict[str, Any]:
    """For JSON."""
    return {**asdict(task), "content": base64.b64encode(task.content).decode("ascii")}


def task_from_data(data: dict[str, Any]) -> Task:
    """The task that ``task_as_data`` was given."""
    names = Names(**{kind: tuple(names) for kind, names in data["answers_to"].items()})
    return Task(**{**data, "content": base64.b64decode(data["content"]), "answers_to": names})


def check_as_data(check: Check) -> dict[str, Any]:
    """For JSON."""
    return asdict(check)


def check_from_data(data: dict[str, Any]) -> Check:
    """The check that ``check_as_data`` was given."""
    return Check(**data)
