"""Put what the commands print now into the chapters' console blocks; then read the differences before you keep them.

    python -m tests.lessons.reprint [06-bp1 ...]

A block in which lines are left out (``…``) is not touched: it is named, for its author to mend.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import chdir

from chapters.lessons import library
from chapters.lessons.parts import Console
from tests.lessons.test_texts import matches, printed_by, trimmed
from tests.lessons.texts import NAMES, lesson, parts


def reprint(name: str) -> None:
    """Rewrite the console blocks of one chapter."""
    path = library.TEXTS / f"{name}.md"
    text = lesson(name).text
    for part in parts(name):
        if not isinstance(part, Console):
            continue
        for command, shown in part.commands:
            with tempfile.TemporaryDirectory() as folder, chdir(folder):
                printed = trimmed(printed_by(command))
            if matches(trimmed(shown), printed):
                continue
            if "…" in shown.splitlines() or text.count(shown) != 1:
                print(f"{path}:{part.line}: by hand: $ {command}\n{printed}\n")
            else:
                text = text.replace(shown, printed)
                print(f"{path}:{part.line}: changed: $ {command}")
    if text != lesson(name).text:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or NAMES:
        reprint(chosen)
