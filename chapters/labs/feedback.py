"""Feedback as lines of styled text, in the columns that verdicts have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap

from chapters.labs import words
from chapters.labs.judgement import Line

MARGIN = 18
INDENT = "  "


@dataclass(frozen=True, slots=True)
class Page:
    """How wide feedback may be, and whether it is to be read aloud (then without signs and drawings)."""

    width: int = 80
    aloud: bool = False

    def mark(self, kind: str) -> str:
        """The sign before a line: ``right``, ``wrong``, ``open`` or ``note``."""
        signs = {
            "right": (words.RIGHT, words.RIGHT_ALOUD),
            "wrong": (words.WRONG, words.WRONG_ALOUD),
            "open": (words.OPEN, words.OPEN_ALOUD),
            "note": (words.NOTE, ""),
        }
        return signs[kind][self.aloud]

    def marked(self, kind: str, label: str, text: str) -> Iterator[Line]:
        """``✗ line 12    text``, the text wrapped beside its label."""
        style = {"right": "good", "wrong": "bad", "open": "open", "note": "quiet"}[kind]
        first = f"{INDENT}{self.mark(kind)} {label}".rstrip()
        yield from self._beside(first, text, style)

    def labelled(self, label: str, text: str, style: str = "") -> Iterator[Line]:
        """``why    text``, below a marked line."""
        yield from self._beside(f"{INDENT}  {label}" if label else "", text, "quiet", style)

    def _beside(self, first: str, text: str, style: str, text_style: str = "") -> Iterator[Line]:
        whole = text.replace(" × ", "\xa0×\xa0")  # a shape is not broken over lines
        lead = first.ljust(MARGIN) if len(first) < MARGIN else f"{first}  "
        lines = wrap(
            whole,
            max(self.width, MARGIN + 24),
            initial_indent=" " * len(lead),
            subsequent_indent=" " * MARGIN,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
        for place, line in enumerate(lines):
            start = len(lead) if place == 0 else MARGIN
            yield [(lead if place == 0 else " " * MARGIN, style), (line[start:].replace("\xa0", " "), text_style)]


def plain(lines: tuple[Line, ...]) -> str:
    """The lines as text."""
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)
