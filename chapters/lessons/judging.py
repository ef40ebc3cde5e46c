"""The verdicts on a lesson, computed while it is read: by the document checker itself, statement by statement."""

from __future__ import annotations

from collections.abc import Iterator

from chapters.lessons.parts import Display, Lesson, Sheet, Written
from derivations.checking import starting_setting
from derivations.sheets.documents import document_verdicts
from derivations.verdicts import Verdict


class Judgements:
    """The verdicts of a lesson, drawn from the checker as far as they are asked for, in the order of the text."""

    def __init__(self, lesson: Lesson) -> None:
        setting = starting_setting("", "", None, "denominator")
        self._coming: Iterator[Verdict] = document_verdicts(lesson.text, ".md", setting, f"{lesson.name}.md")
        self._found: list[Verdict] = []
        self._ended = False

    def of(self, part: Display | Sheet) -> list[tuple[Written, list[Verdict]]]:
        """Each statement of a part with its verdicts: none for a declaration, one for each ``=`` of a claim."""
        self._draw(part.last_line)
        return [
            (statement, [v for v in self._found if (v.place.line, v.place.column) in statement.places])
            for statement in part.statements
        ]

    def all(self) -> list[Verdict]:
        """All verdicts of the lesson."""
        self._draw(None)
        return list(self._found)

    def _draw(self, last_line: int | None) -> None:
        while not self._ended and (last_line is None or not self._found or self._found[-1].place.line <= last_line):
            verdict = next(self._coming, None)
            if verdict is None:
                self._ended = True
            else:
                self._found.append(verdict)
