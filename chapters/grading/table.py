"""The table: a row a worksheet, a column a part, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

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


LONGEST: Final = 32_000
"""Characters that a spreadsheet keeps in a cell."""
_FORMULA: Final = ("=", "+", "-", "@")
_FIRST: Final = (*_FORMULA, "|", "%", "'")
"""What no cell begins with."""
_BETWEEN: Final = ",;|:\"'"
"""What may part cells, or stand around them, for who reads the table otherwise than it was written."""
_NUMBER: Final = re.compile(r"[-+]\d+(\.\d+)?[,;:.)\]]*\s")


def _cell(text: str) -> str:
    """One line of text that is no formula to any spreadsheet, at whatever sign it parts the cells.

    An apostrophe makes it text. A number within a sentence stays a number.
    """
    line = "".join(sign if sign.isprintable() else " " for sign in text[:LONGEST]).strip()
    made = ["'"] if line and _plain(line[0]) in _FIRST else []
    for place, sign in enumerate(line):
        if place and _plain(sign) in _FORMULA and _begins_a_cell(line, place):
            made.append("'")
        made.append(sign)
    return "".join(made)


def _plain(sign: str) -> str:
    """A sign as spreadsheets take it, in whatever width it is written."""
    return unicodedata.normalize("NFKC", sign)[:1]


def _begins_a_cell(line: str, place: int) -> bool:
    """Whether a formula could begin here, for who parts cells at another sign: at spaces too, and there a sign that
    stands by itself is none, nor is a number."""
    if line[:place].rstrip()[-1:] in _BETWEEN:
        return True
    alone = place + 1 < len(line) and line[place + 1] == " "
    return line[place - 1] == " " and not alone and not _NUMBER.match(line, place)
