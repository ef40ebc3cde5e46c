"""Styled lines on a terminal (rich, imported only then), or as plain text into a pipe."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any

from chapters.errors import harmless

NARROWEST, WIDEST = 40, 100
MOST = 10_000
"""Columns that somebody may ask for."""
_COLOURS = {"good": "bold green", "bad": "bold red", "open": "bold yellow", "quiet": "dim", "mark": "red", "": ""}
_COLOURS |= {"rule": "italic", "layer": "cyan", "layer after": "magenta", "layer before": "blue"}
_COLOURS |= {"name": "bold"}


class Screen:
    """Where answers go: ``width`` columns, coloured only on a terminal that wants it."""

    def __init__(self, plain: bool = False, width: int | None = None) -> None:
        terminal = sys.stdout.isatty()
        self.plain = plain
        columns = width or min(shutil.get_terminal_size((80, 24)).columns, WIDEST)
        self.width = min(max(columns, NARROWEST), MOST)
        coloured = terminal and not plain and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.coloured = coloured
        self._console: Any = None
        if coloured:
            from rich.console import Console

            self._console = Console(width=self.width, highlight=False, soft_wrap=True)

    def show(self, line: Iterable[tuple[str, str]]) -> None:
        """Print a line: texts and their styles. Whatever they hold, they do not steer the terminal."""
        line = [(harmless(text), style) for text, style in line]
        if self._console is None:
            print("".join(text for text, _ in line).rstrip())
            return
        from rich.text import Text

        self._console.print(Text.assemble(*((text, _COLOURS.get(style, style)) for text, style in line)))
