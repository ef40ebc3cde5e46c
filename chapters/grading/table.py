"""The table: a row a worksheet, a column a part, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence

from chapters.grading import words
from chapters.grading.grade import Grade


def table(grades: Sequence[Grade]) -> str:
    """The table as CSV text."""
    several = len({grade.lab for grade in grades if grade.parts}) > 1
    columns: list[str] = []
    for grade in sorted(grades, key=lambda one: one.lab):
        for part in grade.parts:
            name = _column(grade, part.name, several)
            if name not in columns:
                columns.append(name)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    head = [*words.COLUMNS, *(cell for name in columns for cell in (name, words.REASON.format(part=name)))]
    writer.writerow([_cell(name) for name in (*head, words.FILE_COLUMN)])
    for grade in grades:
        mine = {} if grade.problem else {_column(grade, part.name, several): part for part in grade.parts}
        row = [grade.student, grade.lab, _number(grade.earned), _number(grade.points), f"{grade.percent:.1f}"]
        row.append(grade.status)
        for name in columns:
            judged = mine.get(name)
            row += ["", ""] if judged is None else [_number(judged.earned), judged.reason]
        writer.writerow([_cell(cell) for cell in (*row, grade.where)])
    return text.getvalue()


def _column(grade: Grade, part: str, several: bool) -> str:
    return f"{grade.lab} {part}" if several else part


def _number(points: float) -> str:
    return f"{round(points, 4):g}"


def _cell(text: str) -> str:
    """One line of text that is no formula to any spreadsheet."""
    line = "".join(sign if sign.isprintable() else " " for sign in text).strip()
    first = unicodedata.normalize("NFKC", line[:1])
    if first in ("=", "+", "-", "@", "|", "%", "'") and first:
        return f"'{line}"
    return line
