"""A report per student, in Markdown: what was earned, part by part, and why; as ``lab check`` would have said it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chapters.grading import words
from chapters.grading.grade import Grade


def report(student: str, grades: Sequence[Grade]) -> str:
    """The report on all worksheets of a student."""
    pieces = [words.REPORT_TITLE.format(student=_inline(student))]
    for grade in grades:
        pieces += _worksheet(grade)
    return "\n\n".join(pieces) + "\n"


def _worksheet(grade: Grade) -> list[str]:
    pieces = [words.REPORT_LAB.format(lab=_inline(grade.lab), title=_inline(grade.title))] if grade.title else []
    if grade.points:
        pieces.append(
            words.REPORT_POINTS.format(
                earned=f"{grade.earned:g}",
                points=f"{grade.points:g}",
                percent=f"{grade.percent:.0f}",
                status=_inline(grade.status),
            )
        )
    else:
        pieces.append(_inline(grade.status))
    pieces.append(words.REPORT_FILE.format(where=_inline(grade.where)))
    if grade.problem:
        return pieces
    rows = [
        f"| {_inline(part.title)} | {part.earned:g} | {part.points:g} | {_inline(part.reason)} |"
        for part in grade.parts
    ]
    pieces.append("\n".join([words.REPORT_TABLE, *rows]))
    if grade.notes:
        pieces.append("\n".join([words.REPORT_NOTES, "", *(f"- {_inline(note)}" for note in grade.notes)]))
    for part in grade.parts:
        title = words.REPORT_PART.format(
            title=_inline(part.title), earned=f"{part.earned:g}", points=f"{part.points:g}"
        )
        pieces.append(title)
        if part.feedback.strip():
            pieces.append(_verbatim(part.feedback))
    return pieces


def _inline(text: str) -> str:
    """Text that Markdown and HTML leave alone, on one line."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return re.sub(r"([\\`*_\[\]<>|#&!~$])", r"\\\1", line)


def _verbatim(text: str) -> str:
    """Text in a fence that it cannot close."""
    lines = ["".join(sign for sign in line if sign.isprintable()) for line in text.strip("\n").splitlines()]
    longest = max((len(run) for line in lines for run in re.findall(r"`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}text", *lines, fence])
