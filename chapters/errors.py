"""Sentences for the error stream: wrapped between words on a terminal, whole lines into a pipe."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from typing import Final, TextIO

_LONG: Final = re.compile(r"(\S{120})\S{100,}(\S{40})")
"""A word that nobody reads to its end: a name of thousands of letters, told with its beginning and its end."""

_STEERING: Final = dict.fromkeys(
    [code for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"]
    + [0x061C, 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)],
    "�",
)
"""Signs that steer a terminal, or turn round how the rest of a line is read."""


def harmless(text: str) -> str:
    """A text that a terminal only shows, whoever has written it."""
    return text.translate(_STEERING)


def complain(text: str) -> None:
    """Print what is wrong; on a terminal each line is wrapped at its width, indented from the second on."""
    lines = _LONG.sub(r"\1…\2", harmless(text)).splitlines()
    if sys.stderr.isatty():
        from textwrap import wrap

        width = max(_columns(), 20)

        def wrapped(line: str) -> list[str]:
            return wrap(line, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False) or [""]

        lines = [piece for line in lines for piece in wrapped(line)]
    try:
        print("\n".join(lines), file=sys.stderr, flush=True)
    except OSError:  # an error stream that takes nothing
        drop(sys.stderr)


def drop(stream: TextIO) -> None:
    """Send what is still to be written to a stream nowhere: nothing is said of it when the interpreter ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _columns() -> int:
    """The width of the terminal that the error stream is; the standard output may be a file."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
