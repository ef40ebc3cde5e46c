"""Sheets and documents → verdicts, one for each ``=``, as they are found; and whether the goals are reached."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial

from derivations.checking import Locate, Review, check_text, declares, extended, places
from derivations.formula import NOWHERE, Span
from derivations.formula import Unreadable as NotReadable
from derivations.reading import split_statements
from derivations.setting import Setting
from derivations.shapes import Misfit
from derivations.sheets import latex, markdown, words
from derivations.sheets.blocks import Block, Directive, Display, Sheet, Unclosed
from derivations.sheets.files import STRANGE
from derivations.sheets.goals import Goal, goals_of, judged
from derivations.sheets.reasons import reviewed
from derivations.values import replaced, value
from derivations.verdicts import VERDICTS, Place, Unreadable, Verdict

_BLOCKS: dict[str, Callable[[str], Iterator[Block]]] = {".md": markdown.blocks, ".tex": latex.blocks}
_EXPECT = re.compile(r"expect\s*[:=]\s*(?P<verdict>[\w-]+)$")
_COMMENTS = {".md": "<!-- backproof: skip -->", ".tex": "% backproof: skip"}


@value
class Report:
    """What came of a sheet or a document. ``skipped`` counts what a directive left out."""

    verdicts: tuple[Verdict, ...]
    goals: tuple[Goal, ...] = ()

    @property
    def code(self) -> int:
        """The exit code: the first of 1, 2, 3, 0 that applies; a goal that is missed counts as 1."""
        codes = {verdict.code for verdict in self.verdicts} | {1 for goal in self.goals if not goal.reached}
        return next((code for code in (1, 2, 3) if code in codes), 0)


def check_sheet(
    text: str, setting: Setting, file: str = "", *, goals: Iterable[str] = (), strict: bool = False
) -> Report:
    """Check a sheet line by line. ``goals`` are further ones, as in ``goal: ∂J/∂W^l = δ^l (a^{l-1})^T``."""
    found = list(sheet_verdicts(text, setting, file, strict=strict))
    locate = places(text, file)
    wanted = [*goals_of(text, locate), *((goal, Place(file)) for goal in goals)]
    after = _after(text, setting) if wanted else setting
    return Report(tuple(found), tuple(judged(goal, place, found, after) for goal, place in wanted))


def check_document(text: str, suffix: str, setting: Setting, file: str = "", *, strict: bool = False) -> Report:
    """Check a Markdown (``.md``) or LaTeX (``.tex``) document."""
    return Report(tuple(document_verdicts(text, suffix, setting, file, strict=strict)))


def sheet_verdicts(
    text: str, setting: Setting, file: str = "", *, locate: Locate | None = None, strict: bool = False
) -> Iterator[Verdict]:
    """The verdicts of a sheet, as they are found."""
    locate = locate or places(text, file)
    review: Review = partial(reviewed, strict=strict)
    yield from _strange_lines(text, locate)
    yield from check_text(_without_goals(text), setting, file, locate=locate, review=review)


def _after(text: str, setting: Setting) -> Setting:
    """The setting at the end of a sheet, whatever of it could be read."""
    for piece, _ in split_statements(_without_goals(text)):
        with suppress(NotReadable, Misfit):
            setting = extended(setting, piece)
    return setting


def _without_goals(text: str) -> str:
    return re.sub(r"(?m)^[ \t]*goal[ \t]*:(?!=)[^\n]*", lambda found: " " * len(found.group()), text)


def _strange_lines(text: str, locate: Locate) -> Iterator[Verdict]:
    """A word on each line that was not in UTF-8; it is read as well as it goes."""
    if STRANGE not in text:
        return
    for found in re.finditer(rf"(?m)^.*{STRANGE}.*$", text):
        at = found.group().index(STRANGE)
        yield _unreadable(
            found.group().strip(), words.BAD_BYTES, words.SAVE_AS_UTF8, locate(found.start() + at), Span(0, 0)
        )


# ---- documents ----


def document_verdicts(
    text: str, suffix: str, setting: Setting, file: str = "", *, strict: bool = False
) -> Iterator[Verdict]:
    """The verdicts of a document, as they are found."""
    return _Document(text, suffix, setting, file, strict).verdicts()


class _Document:
    """A walk through a document. Displays are checked from the first directive on."""

    def __init__(self, text: str, suffix: str, setting: Setting, file: str, strict: bool) -> None:
        self.text, self.suffix, self.setting, self.strict = text, suffix, setting, strict
        self.file, self.locate = file, places(text, file)
        self.checks_displays = False
        self.expected = ""
        self.skips = False

    def verdicts(self) -> Iterator[Verdict]:
        for block in _BLOCKS[self.suffix](self.text):
            match block:
                case Directive():
                    yield from self._directive(block)
                case Unclosed(opening, closing, start):
                    message = words.NOT_CLOSED.format(what=opening)
                    hint = words.CLOSE_IT.format(closing=closing)
                    yield _unreadable(opening, message, hint, self.locate(start), Span(0, len(opening)))
                case Sheet() | Display():
                    skipped = self.skips or (isinstance(block, Display) and not self.checks_displays)
                    expected, self.expected, self.skips = self.expected, "", False
                    if not skipped:
                        yield from _announced(self._checked(block), expected)

    def _checked(self, block: Sheet | Display) -> Iterator[Verdict]:
        def locate(offset: int) -> Place:
            return self.locate(block.start + offset)

        setting = self.setting
        if isinstance(block, Sheet):
            if declares(block.text) and not self.checks_displays:
                setting = replaced(setting, network=None)
            yield from sheet_verdicts(block.text, setting, self.file, locate=locate, strict=self.strict)
            return
        for piece, offset in split_statements(block.text):
            if not re.search(r"[=≡:∈]|\\(?:equiv|in|coloneqq)\b", piece):
                hint = words.SKIP_IT.format(directive=_COMMENTS[self.suffix])
                yield _unreadable(piece, words.NOT_AN_EQUATION, hint, locate(offset), Span(0, len(piece)))
                return
        yield from sheet_verdicts(block.text, setting, self.file, locate=locate, strict=self.strict)
        self.setting = _after(block.text, setting)

    def _directive(self, block: Directive) -> Iterator[Verdict]:
        for piece, offset in split_statements(block.text):
            place = self.locate(block.start + offset)
            announced = _EXPECT.match(piece.strip())
            if announced and announced["verdict"] in VERDICTS:
                self.expected = announced["verdict"]
            elif piece.strip() == "skip":
                self.skips = True
            elif piece.strip() in ("on", "off"):
                self.checks_displays = piece.strip() == "on"
            else:
                try:
                    self.setting = extended(self.setting, piece)
                    self.checks_displays = True
                except (NotReadable, Misfit) as problem:
                    known = re.match(r"use|layout|assume|\\?\w+\s*[:,∈]", piece.strip())
                    message = problem.message if known else words.UNKNOWN_DIRECTIVE.format(seen=piece.strip())
                    hint = problem.hint if known else words.DIRECTIVES
                    yield _unreadable(piece, message, hint, place, problem.span if known else Span(0, len(piece)))


def _announced(verdicts: Iterator[Verdict], expected: str) -> Iterator[Verdict]:
    """The verdicts of a block, of which an author announced the first that is not ``proved`` (or else the last)."""
    if not expected:
        yield from verdicts
        return
    found = list(verdicts)
    number = next((k for k, v in enumerate(found) if v.verdict != "proved"), len(found) - 1)
    for k, verdict in enumerate(found):
        if k == number:
            verdict = replaced(verdict, expected=expected)
            if not verdict.as_expected:
                note = words.NOT_MET.format(expected=expected, verdict=verdict.verdict)
                verdict = replaced(verdict, notes=(*verdict.notes, note))
        yield verdict


def _unreadable(text: str, message: str, hint: str, place: Place, span: Span = NOWHERE) -> Verdict:
    return Unreadable(text=text, place=place, message=message, hint=hint, span=span)
