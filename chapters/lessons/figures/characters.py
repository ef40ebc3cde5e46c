"""Drawing with characters: lines in braille dots, words on top of them, bars in eighths."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from math import log10

from derivations.rendering.text import Line, columns

_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_EIGHTHS = " ▁▂▃▄▅▆▇█"


class Canvas:
    """``width`` × ``height`` characters; lines are drawn in dots, two across and four down in each character.

    Lines may reach to the edge of the outermost characters, or, with ``from_middles``, to their middles, where words
    at the same place are.
    """

    def __init__(self, width: int, height: int, from_middles: bool = False) -> None:
        self.width, self.height, self.from_middles = width, height, from_middles
        self._dots: dict[tuple[int, int], int] = {}
        self._styles: dict[tuple[int, int], str] = {}
        self._words: dict[tuple[int, int], tuple[str, str]] = {}

    def dot(self, x: float, y: float, style: str = "") -> None:
        """A dot at x, y, both from 0 to 1; y goes up."""
        column = round(x * (2 * self.width - 1))
        row = round((1 - y) * (4 * self.height - 1))
        if self.from_middles:
            row = round((1 - y) * 4 * (self.height - 1) + 1.5)
        if 0 <= column < 2 * self.width and 0 <= row < 4 * self.height:
            at = (row // 4, column // 2)
            self._dots[at] = self._dots.get(at, 0) | _BRAILLE[row % 4][column % 2]
            self._styles[at] = style

    def path(self, points: Sequence[tuple[float, float]], style: str = "", dash: int = 0) -> None:
        """Lines from point to point; with a ``dash`` so many dots are drawn and as many left out."""
        drawn = 0
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            steps = max(round(abs(x1 - x0) * 2 * self.width), round(abs(y1 - y0) * 4 * self.height), 1)
            for step in range(steps + 1):
                share = step / steps
                if not dash or drawn // dash % 2 == 0:
                    self.dot(x0 + share * (x1 - x0), y0 + share * (y1 - y0), style)
                drawn += step > 0

    def words(self, x: float, y: float, text: str, style: str = "", centred: bool = True) -> None:
        """Words over the lines, centred on x, y or beginning there."""
        column = round(x * (self.width - 1)) - (columns(text) // 2 if centred else 0)
        column = max(0, min(column, self.width - columns(text)))
        row = round((1 - y) * (self.height - 1))
        for offset, sign in enumerate(text):
            self._words[(row, column + offset)] = (sign, style)

    def lines(self) -> list[Line]:
        found: list[Line] = []
        for row in range(self.height):
            line: Line = []
            for column in range(self.width):
                at = (row, column)
                sign, style = self._words.get(at, ("", ""))
                if not sign and at in self._dots:
                    sign, style = chr(0x2800 + self._dots[at]), self._styles[at]
                if line and line[-1][1] == style:
                    line[-1] = (line[-1][0] + (sign or " "), style)
                else:
                    line.append((sign or " ", style))
            found.append(_trimmed(line))
        return found


def bars(values: Sequence[float], low: float, high: float, *, log: bool = False, wide: int = 1) -> str:
    """One column a value, as high as the value is between ``low`` and ``high``."""
    if log:
        values, low, high = [log10(max(value, 10 * 1e-300)) for value in values], log10(low), log10(high)
    found = ""
    for value in values:
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        found += _EIGHTHS[max(1, round(share * 8))] * wide
    return found


def beside(blocks: Sequence[list[Line]], widths: Sequence[int], gap: int = 3) -> list[Line]:
    """Blocks of lines side by side."""
    found: list[Line] = []
    for row in range(max(map(len, blocks), default=0)):
        line: Line = []
        for block, width in zip(blocks, widths, strict=True):
            here = block[row] if row < len(block) else []
            used = sum(columns(text) for text, _ in here)
            line += [*here, (" " * (width - used + gap), "")]
        found.append(_trimmed(line))
    return found


def _trimmed(line: Line) -> Line:
    while line and not line[-1][0].strip():
        line = line[:-1]
    return [*line[:-1], (line[-1][0].rstrip(), line[-1][1])] if line else []
