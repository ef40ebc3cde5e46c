"""Markdown and LaTeX documents → verdicts, as they are found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from derivations.checking import SECONDS, declares, extended, places
from derivations.formula import Span
from derivations.formula import Unreadable as NotReadable
from derivations.reading import split_statements
from derivations.setting import Setting
from derivations.shapes import Misfit
from derivations.sheets import latex, markdown, words
from derivations.sheets.blocks import Block, Directive, Display, Sheet, Unclosed
from derivations.sheets.report import Report, unreadable
from derivations.sheets.sheet import setting_after, sheet_verdicts
from derivations.values import replaced
from derivations.verdicts import VERDICTS, Place, Verdict

_BLOCKS: dict[str, Callable[[str], Iterator[Block]]] = {".md": markdown.blocks, ".tex": latex.blocks}
_EXPECT = re.compile(r"expect\s*[:=]\s*(?P<verdict>[\w-]+)$")
_COMMENTS = {".md": "<!-- backproof: skip -->", ".tex": "% backproof: skip"}


def check_document(text: str, suffix: str, setting: Setting, file: str = "", *, strict: bool = False) -> Report:
    """Check a Markdown (``.md``) or LaTeX (``.tex``) document."""
    return Report(tuple(document_verdicts(text, suffix, setting, file, strict=strict)))


def document_verdicts(
    text: str, suffix: str, setting: Setting, file: str = "", *, strict: bool = False, seconds: float = SECONDS
) -> Iterator[Verdict]:
    """The verdicts of a document, as they are found; ``seconds`` is what each may take."""
    judged = partial(sheet_verdicts, file=file, strict=strict, seconds=seconds)
    return _Document(text, suffix, setting, file, judged).verdicts()


def displays(text: str, suffix: str) -> int:
    """How many displayed formulas a document has, checked or not."""
    return sum(isinstance(block, Display) for block in _BLOCKS[suffix](text))


class _Document:
    """A walk through a document. Displays are checked from the first directive on."""

    def __init__(
        self, text: str, suffix: str, setting: Setting, file: str, judged: Callable[..., Iterator[Verdict]]
    ) -> None:
        self.text, self.suffix, self.setting, self.judged = text, suffix, setting, judged
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
                    yield unreadable(opening, message, hint, self.locate(start), Span(0, len(opening)))
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
            yield from self.judged(block.text, setting, locate=locate)
            return
        for piece, offset in split_statements(block.text):
            if not re.search(r"[=≡:∈]|\\(?:equiv|in|coloneqq)\b", piece):
                hint = words.SKIP_IT.format(directive=_COMMENTS[self.suffix])
                yield unreadable(piece, words.NOT_AN_EQUATION, hint, locate(offset), Span(0, len(piece)))
                return
        yield from self.judged(block.text, setting, locate=locate)
        self.setting = setting_after(block.text, setting)

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
                    yield unreadable(piece, message, hint, place, problem.span if known else Span(0, len(piece)))


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
