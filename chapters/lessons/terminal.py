"""A lesson as the lines of a page on a terminal, drawn part by part, so that the first are there at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import assert_never

from chapters.lessons import words
from chapters.lessons.judging import Judgements
from chapters.lessons.parts import (
    Code,
    Console,
    Display,
    Figure,
    Lesson,
    Listing,
    Part,
    Prose,
    Quote,
    Sheet,
    Written,
)
from chapters.lessons.prose import prose_lines
from chapters.lessons.restoring import as_typed, sides_as_typed
from chapters.lessons.telling import STYLES, heading, sign, summary, why
from derivations.formula import Claim, Declaration, Definition, Formula
from derivations.rendering.derivation_text import coloured, wrapped
from derivations.rendering.text import Line, columns
from derivations.setting import Setting
from derivations.verdicts import Verdict
from derivations.writing import Notation, write, write_lines

_MARGIN, _GAP = 4, 3
_LONGEST_SIDE = 14


def page(
    lesson: Lesson,
    width: int = 80,
    *,
    plain: bool = False,
    colour: bool = True,
    judgements: Judgements | None = None,
) -> Iterator[Line]:
    """The lines of a lesson; their styles are words of ours or rich's.

    ``judgements`` are those of the lesson, if they are there already.
    """
    painter = _Painter(judgements or Judgements(lesson), plain, colour)
    yield from painter.parts(lesson.parts, width)
    yield []
    yield [(summary(painter.judgements.all()), "quiet")]


class _Painter:
    def __init__(self, judgements: Judgements, plain: bool, colour: bool) -> None:
        self.plain, self.colour = plain, colour and not plain
        self.judgements = judgements

    def parts(self, parts: Iterable[Part], width: int) -> Iterator[Line]:
        """The parts one below the other, with an empty line between."""
        for number, part in enumerate(parts):
            if number:
                yield []
            yield from self.part(part, width)

    def part(self, part: Part, width: int) -> Iterator[Line]:
        match part:
            case Prose(_, _, tokens, settings):
                yield from prose_lines(tokens, settings, width, plain=self.plain, colour=self.colour)
            case Display():
                for statement, verdicts in self.judgements.of(part):
                    yield from self._statement(statement, verdicts, part.setting, width)
            case Sheet():
                yield from self._sheet(part, width)
            case Code(source, output, _):
                yield from self._code(source, width)
                if output is not None:
                    yield []
                    if self.plain:
                        yield [(words.PRINTS, "")]
                    bar = "" if self.plain else "│ "
                    yield from _verbatim(output, width, " " * _MARGIN, bar, "quiet")
            case Console(text, _):
                for line in text.split("\n"):
                    style = "bold" if line.startswith("$ ") else "quiet"
                    yield from _verbatim(line, width, " " * _MARGIN, "", style)
            case Figure(name, caption, _, settings):
                yield from self._figure(name, caption, settings, width)
            case Quote(inner, _, _):
                lead = "  " if self.plain else "▌ "
                for shown in self.parts(inner, width - 2):
                    yield [(lead, "quiet"), *shown]
            case Listing(items, start, _, _):
                for number, item in enumerate(items):
                    bullet = "•" if start is None else f"{start + number}."
                    for place, shown in enumerate(self.parts(item, width - 4)):
                        yield [((f" {bullet}" if place == 0 else "").ljust(4), "quiet"), *shown]
            case _:
                assert_never(part)

    # ---- displays ----

    def _statement(self, statement: Written, verdicts: list[Verdict], setting: Setting, width: int) -> Iterator[Line]:
        notation: Notation = "bracket" if statement.notation == "bracket" else "superscript"
        match statement.read:
            case Claim(sides, reasons, continues) if len(verdicts) == len(sides) - (not continues):
                sides = sides_as_typed(sides, statement.text)
                first = "" if continues else write(sides[0], notation=notation)
                given = (*reasons, *[None] * len(sides))
                rest = sides if continues else sides[1:]
                yield from self._chain(first, sides[0], rest, given, verdicts, setting, width, notation)
            case Definition(name, body):
                body = as_typed(body, statement.text)
                yield from _defined(name, write_lines(body, width - 2 * _MARGIN - len(name) - 4, notation))
            case Declaration() as declared:
                yield [(" " * _MARGIN + declared_shape(declared), "")]
            case _:
                yield from _verbatim(" ".join(statement.text.split()), width, " " * _MARGIN, "", "")
                for verdict in verdicts:
                    yield from self._told(verdict, setting, notation, width)

    def _chain(
        self,
        first: str,
        first_side: Formula,
        sides: tuple[Formula, ...],
        reasons: tuple[str | None, ...],
        verdicts: list[Verdict],
        setting: Setting,
        width: int,
        notation: Notation,
    ) -> Iterator[Line]:
        """``left = right`` with its mark at the edge; each further ``=`` on a line of its own, under the first."""
        mark_room = max(columns(heading(v, self.plain)) for v in verdicts) + _GAP
        room = width - _MARGIN - mark_room
        whole = f"{first} = {write(sides[0], notation=notation)}"
        lead = first
        if (len(sides) > 1 or columns(whole) > room) and columns(first) > max(_LONGEST_SIDE, room // 3):
            for line in write_lines(first_side, room, notation):
                yield [(" " * _MARGIN, ""), *coloured(line)]
            lead = "  "
        for number, (side, verdict) in enumerate(zip(sides, verdicts, strict=True)):
            start = f"{lead} = " if lead.strip() else f"{lead}= "
            if number:
                start = " " * (columns(start) - 2) + "= "
            lines = write_lines(side, max(room - columns(start), 16), notation)
            reason = f"[{reasons[number]}]" if reasons[number] else ""
            for place, line in enumerate(lines):
                shown = (start if place == 0 else " " * columns(start)) + line
                if place < len(lines) - 1:
                    yield [(" " * _MARGIN, ""), *coloured(shown)]
                    continue
                if reason and columns(shown) + 2 + columns(reason) <= room:
                    shown, reason = f"{shown}  {reason}", ""
                yield from self._marked(shown, verdict, width)
            if reason:
                yield [(" " * (_MARGIN + columns(start)) + reason, "quiet")]
            yield from self._why(verdict, setting, notation, width)

    def _marked(self, shown: str, verdict: Verdict, width: int) -> Iterator[Line]:
        """A formula with its mark at the edge of the page; on a line of its own where there is no room beside it."""
        mark = heading(verdict, self.plain)
        room = width - _MARGIN - columns(mark) - _GAP
        if columns(shown) > room:
            if columns(shown) > width - _MARGIN:
                yield from _verbatim(shown, width, " " * _MARGIN, "", "")
            else:
                yield [(" " * _MARGIN, ""), *coloured(shown)]
            yield [(" " * (width - columns(mark)), ""), (mark, STYLES[verdict.verdict])]
            return
        gap = _GAP if self.plain else width - _MARGIN - columns(shown) - columns(mark)
        yield [(" " * _MARGIN, ""), *coloured(shown), (" " * gap, ""), (mark, STYLES[verdict.verdict])]

    def _told(self, verdict: Verdict, setting: Setting, notation: Notation, width: int) -> Iterator[Line]:
        mark = heading(verdict, self.plain)
        yield [
            (" " * max(width - columns(mark), 0) if not self.plain else " " * _MARGIN, ""),
            (mark, STYLES[verdict.verdict]),
        ]
        yield from self._why(verdict, setting, notation, width)

    def _why(self, verdict: Verdict, setting: Setting, notation: Notation, width: int) -> Iterator[Line]:
        margin = _MARGIN + 2
        for told in why(verdict, setting, notation):
            for place, line in enumerate(wrapped(told, width - margin - 2)):
                yield [(" " * (margin + (2 if place else 0)), ""), *coloured(line, "quiet")]

    # ---- sheets ----

    def _sheet(self, sheet: Sheet, width: int) -> Iterator[Line]:
        """The sheet as it was written, with a mark at the end of each claim."""
        marks: dict[int, list[Verdict]] = {}
        for statement, verdicts in self.judgements.of(sheet):
            if verdicts:
                marks.setdefault(statement.last_line, []).extend(verdicts)
        for number, line in enumerate(sheet.text.split("\n"), sheet.line + 1):
            verdicts = marks.get(number, [])
            yield from self._sheet_line(line, verdicts, width)
            for verdict in verdicts:
                yield from self._why(verdict, sheet.setting, "superscript", width)

    def _sheet_line(self, line: str, verdicts: list[Verdict], width: int) -> Iterator[Line]:
        signs = [(heading(v, True) if self.plain else sign(v), STYLES[v.verdict]) for v in verdicts]
        if self.plain and len({text for text, _ in signs}) == 1:
            signs = signs[:1]
        room = sum(columns(text) + 1 for text, _ in signs)
        code, hash_sign, comment = line.rstrip().partition("#")
        pieces: Line = [*coloured(code), (hash_sign + comment, "quiet")]
        used = columns(line.rstrip())
        if used > width - _MARGIN - room - 1:
            line = re.sub(r"(?<=\S) {3,}(?=\[|#)", "  ", line.rstrip())
            code, hash_sign, comment = line.partition("#")
            pieces, used = [*coloured(code), (hash_sign + comment, "quiet")], columns(line)
        if used > width - _MARGIN - room - 1:
            folded = list(_verbatim(line.rstrip(), width - room - 1, " " * _MARGIN, "", ""))
            yield from folded[:-1]
            pieces = folded[-1][1:]
            used = sum(columns(text) for text, _ in pieces)
        gap = _GAP if self.plain else max(width - _MARGIN - used - room, 1)
        yield [(" " * _MARGIN, ""), *pieces, (" " * gap if signs else "", ""), *_spaced(signs)]

    # ---- code and figures ----

    def _code(self, source: str, width: int) -> Iterator[Line]:
        if not self.colour:
            yield from _verbatim(source, width, " " * _MARGIN, "", "")
            return
        from rich.syntax import Syntax

        highlighted = Syntax("", "python", theme="ansi_light", background_color="default").highlight(source)
        for text in highlighted.split("\n", allow_blank=True):
            if columns(text.plain) > width - _MARGIN:
                yield from _verbatim(text.plain, width, " " * _MARGIN, "", "")
                continue
            pieces: Line = []
            at = 0
            for span in sorted(text.spans):
                if span.start >= at and span.end > span.start:
                    pieces += [(text.plain[at : span.start], ""), (text.plain[span.start : span.end], str(span.style))]
                    at = span.end
            yield [(" " * _MARGIN, ""), *pieces, (text.plain[at:], "")]
        return

    def _figure(self, name: str, caption: str, settings: tuple[Setting, ...], width: int) -> Iterator[Line]:
        from chapters.lessons.figures import in_text
        from chapters.lessons.markup import parser

        for line in in_text(name, width - _MARGIN, plain=self.plain):
            yield [(" " * _MARGIN, ""), *line]
        yield []
        tokens = parser().parse(f"*{words.FIGURE}:* {caption}")
        for told in prose_lines(tokens, settings, width - 2 * _MARGIN, plain=self.plain, colour=self.colour):
            yield [(" " * _MARGIN, ""), *told]


def declared_shape(declared: Declaration) -> str:
    """``W, U : m × n, symmetric``"""
    names = ", ".join((declared.name, *declared.also))
    if declared.kind != "quantity":
        return f"{names} : {declared.kind}"
    rows, wide = (write(side) if side is not None else "" for side in (declared.rows, declared.columns))
    shape = f"{rows} × {wide}" if rows and wide else rows or "scalar"
    return f"{names} : {', '.join([shape, *declared.properties])}"


def _verbatim(text: str, width: int, margin: str, bar: str, style: str) -> Iterator[Line]:
    """Lines as they are; one that is too long goes on below, indented."""
    room = width - len(margin) - len(bar)
    for line in text.split("\n"):
        line = line.rstrip()
        lead = ""
        while columns(lead + line) > room:
            cut = line.rfind(" ", room // 2, room - len(lead))
            cut = cut if cut > 0 else room - len(lead)
            yield [(margin + bar, "quiet"), (lead + line[:cut], style)]
            line, lead = line[cut:].lstrip(), "    "
        yield [(margin + bar, "quiet"), (lead + line, style)]


def _spaced(signs: list[tuple[str, str]]) -> Line:
    return [piece for sign in signs for piece in ((" ", ""), sign)]


def _defined(name: str, lines: list[str]) -> Iterator[Line]:
    lead = f"{name} := "
    for place, line in enumerate(lines):
        yield [(" " * _MARGIN, ""), *coloured((lead if place == 0 else " " * len(lead)) + line)]
