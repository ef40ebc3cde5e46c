"""Broadcasting as a picture: a column and a row are stretched to the shape of their sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from chapters.lessons.figures.ink import COLOURS, FAINT, INK, STYLES, new_figure
from derivations.rendering.text import Line


@dataclass(frozen=True)
class Sum:
    """first + second, as NumPy adds them: both are stretched to the shape of the sum."""

    alt: str
    first: tuple[tuple[int, ...], ...]
    second: tuple[tuple[int, ...], ...]

    @property
    def total(self) -> tuple[tuple[int, ...], ...]:
        return tuple(map(tuple, (np.array(self.first) + np.array(self.second)).tolist()))

    def _stretched(self, grid: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        return tuple(map(tuple, np.broadcast_to(np.array(grid), np.array(self.total).shape).tolist()))

    def paint(self) -> Any:
        """The matplotlib figure. Raises NoMatplotlibError."""
        import importlib

        rectangle = importlib.import_module("matplotlib.patches").Rectangle
        figure = new_figure(6.8, 1.9)
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_aspect("equal")
        left = 0.0
        for grid, sign, colour in ((self.first, "+", 0), (self.second, "=", 1), (self.total, "", 2)):
            shown = self._stretched(grid)
            for row, values in enumerate(shown):
                for column, value in enumerate(values):
                    own = row < len(grid) and column < len(grid[0])
                    tile = rectangle(
                        (left + column, -row), 0.94, 0.94, facecolor=COLOURS[colour] + ("33" if own else "0d"),
                        edgecolor=COLOURS[colour] if own else FAINT, linewidth=1.4,
                        linestyle="-" if own else (0, (2, 2)),
                    )  # fmt: skip
                    axes.add_patch(tile)
                    axes.text(
                        left + column + 0.47, -row + 0.47, str(value), ha="center", va="center", fontsize=10,
                        color=INK if own else FAINT,
                    )  # fmt: skip
            wide = len(shown[0])
            axes.text(left + wide / 2, 1.35, _shape(grid), ha="center", va="center", fontsize=9, color=COLOURS[colour])
            axes.text(left + wide + 0.6, 0.0, sign, ha="center", va="center", fontsize=14, color=INK)
            left += wide + 1.25
        axes.set_xlim(-0.2, left - 1.0)
        axes.set_ylim(-len(self.total) + 0.8, 1.7)
        return figure

    def in_text(self, width: int) -> list[Line]:
        """With characters, on lines of at most ``width`` columns; what is stretched stands in brackets."""
        cell = 5 if 3 * 5 * len(self.total[0]) + 8 <= width else 4
        lines: list[Line] = [[]]
        grids = ((self.first, " + ", 0), (self.second, " = ", 1), (self.total, "", 2))
        for grid, sign, colour in grids:
            wide = cell * len(self.total[0])
            lines[0] += [(_shape(grid).center(wide), STYLES[colour]), (" " * len(sign), "")]
        for row in range(len(self.total)):
            line: Line = []
            for grid, sign, colour in grids:
                for column, value in enumerate(self._stretched(grid)[row]):
                    own = row < len(grid) and column < len(grid[0])
                    text = str(value) if own else f"({value})"
                    line.append((text.center(cell), f"bold {STYLES[colour]}" if own else "dim"))
                line.append((sign if row == len(self.total) // 2 else " " * len(sign), ""))
            lines.append(line)
        return lines

    def in_words(self) -> list[str]:
        """The grids, row by row."""
        told = []
        for name, grid in (("first", self.first), ("second", self.second), ("sum", self.total)):
            rows = "; ".join(", ".join(map(str, row)) for row in grid)
            told.append(f"{name}, shape {_shape(grid)}: {rows}")
        told.append("The column is repeated in each column of the sum, the row in each of its rows.")
        return told


def _shape(grid: tuple[tuple[int, ...], ...]) -> str:
    return f"({len(grid)}, {len(grid[0])})"


def broadcast() -> Sum:
    """(2, 1) + (1, 3)"""
    return Sum("A column of two plus a row of three gives two rows of three.", ((10,), (20,)), ((1, 2, 3),))
