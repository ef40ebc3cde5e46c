"""A mended formula with gaps: a hint between naming a slip and giving the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby

from chapters.labs import words

_PIECE = re.compile(r"\s*(?:\w+(?:[_^](?:\{[^{}]*\}|\w+))*|\S)")


def with_gaps(typed: str, mended: str) -> str:
    """The mended formula with a gap wherever its right side says something new; empty if it does so nowhere, since
    something has to go, or if nothing else is left. Brackets stay in pairs."""
    left, _, right = mended.rpartition("=")
    old, new = (_PIECE.findall(side) for side in (typed.rpartition("=")[2], right))
    kept = _kept([piece.strip() for piece in old], [piece.strip() for piece in new])
    form = ""
    for stays, places in groupby(range(len(new)), kept.__contains__):
        form += "".join(new[place] for place in places) if stays else f" {words.GAP}"
    form = form.replace(f"( {words.GAP}", f"({words.GAP}")
    return f"{left}= {form.strip()}" if len(kept) < len(new) and re.search(r"\w", form) else ""


def _kept(old: Sequence[str], new: Sequence[str]) -> set[int]:
    """The places of the new pieces that stood in the old ones, and of brackets whose partner did."""
    kept: set[int] = set()
    for kind, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kept |= set(range(start, end)) if kind == "equal" else _alone(new, start, end)
    return kept


def _alone(pieces: Sequence[str], start: int, end: int) -> set[int]:
    """The brackets between two places whose partner is not there."""
    waiting: list[int] = []
    alone: set[int] = set()
    for place in range(start, end):
        if pieces[place] == "(":
            waiting.append(place)
        elif pieces[place] == ")" and waiting:
            waiting.pop()
        elif pieces[place] == ")":
            alone.add(place)
    return alone | set(waiting)
