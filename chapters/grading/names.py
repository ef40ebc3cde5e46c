"""Who is who: a student is their folder, byte for byte, whatever its name looks like.

Two folders may look alike: capital letters, accents in two ways, spaces at the end, signs that no terminal shows. Each
gets a name of its own to be shown, and nobody can take the points of another, or spoil them, by the name of a folder.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 120


@dataclass(frozen=True, slots=True)
class Names:
    """What a student may call themselves in a worksheet: ``exact`` to the letter, ``alike`` in any spelling that looks
    the same (``folded``)."""

    exact: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    def include(self, name: str) -> bool:
        return name in self.exact or folded(name) in self.alike


NOBODY: Final = Names()


def text_of_name(name: str) -> str:
    """A name from a file system; bytes that are no UTF-8 are ``�``."""
    return os.fsencode(name).decode("utf-8", "replace")


def shown(name: str) -> str:
    """A name from a file system as one line of printable text."""
    text = unicodedata.normalize("NFC", text_of_name(name))
    line = "".join(sign if sign.isprintable() else "�" for sign in text)
    return line[:LONGEST].strip() or "�"


def folded(name: str) -> str:
    """What two names have in common that look the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).strip()


def shown_apart(names: Iterable[str]) -> dict[str, str]:
    """How each name is shown, no two alike to the letter. A name that is what it looks like is shown as it is; of the
    others, one that looks like it gets a number."""
    apart: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(set(names), key=lambda name: (shown(name) != name, os.fsencode(name))):
        number, line = 1, shown(name)
        while line in taken:
            number += 1
            line = f"{shown(name)} ({number})"
        taken.add(line)
        apart[name] = line
    return apart


def names_of(names: Iterable[str]) -> dict[str, Names]:
    """By which names each may call themselves: the whole name, or a word of it that nobody else has; in a spelling that
    only looks the same if it looks like nobody else's."""
    every = sorted(set(names), key=os.fsencode)
    own = {name: {text_of_name(name), *(word for word in _words(name) if len(word) > 1)} for name in every}
    seen = Counter(alike for called in own.values() for alike in {folded(one) for one in called})
    whole = Counter(text_of_name(name) for name in every)
    return {
        name: Names(
            exact=(text_of_name(name),) if whole[text_of_name(name)] == 1 else (),
            alike=tuple(sorted({folded(one) for one in called if seen[folded(one)] == 1 and folded(one)})),
        )
        for name, called in own.items()
    }


def _words(name: str) -> list[str]:
    return [word for word in re.split(r"[\s_,;()\[\]]+", text_of_name(name)) if word]
