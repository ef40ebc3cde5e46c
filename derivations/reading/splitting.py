"""A text → its statements: lines, joined where a line goes on, and split where one holds several."""

from __future__ import annotations

import re
from bisect import bisect
from itertools import pairwise

from derivations.reading.signs import begins_with_operator, ends_unfinished

_OPENING = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【", "｝": "｛", r"\end": r"\begin"}

_PIECE = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<blank>[^\S\n]+)
  | (?P<line>\n|\\\\(?:\[[\d.]+\w*\])?)
  | (?P<array>\\(?:begin|end)(?=\s*\{(?:\w*matrix|array|cases)\*?\}))
  | (?P<relation>:=|[=＝≡≔:：∈]|\\(?:equiv|in)(?![A-Za-z]))
  | (?P<opening>[(\[{（［【｛])
  | (?P<closing>[)\]}）］】｝])
  | (?P<end>[;；])
  | (?P<comma>[,，、])
  | (?P<other>\\(?:[A-Za-z]+|.) | [\w^+*/.-]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_COLONS = (":", "：", "∈", r"\in")
_KEYWORD = re.compile(r"\s*(?:use|assume|layout)\b")


class _Statement:
    """A statement in the making: where it stands, and where it could be split."""

    def __init__(self) -> None:
        self.start = self.end = -1
        self.relations: list[int] = []
        self.commas: list[int] = []
        self.declares = False  # its only relation is a colon

    def take(self, start: int, end: int) -> None:
        self.start = start if self.start < 0 else self.start
        self.end = end


def split_statements(text: str) -> list[tuple[str, int]]:
    """The statements of a text, and where each starts in it; each is ``text[start : start + len(statement)]``.

    A statement ends with its line, with ``;`` or, between two equations, with a comma. A line goes on where a bracket
    is open, after an operator, or before one.
    """
    pieces = list(_PIECE.finditer(text))
    inside = _inside_brackets(pieces)
    found: list[tuple[str, int]] = []
    current = _Statement()
    for number, piece in enumerate(pieces):
        kind = piece.lastgroup
        if kind in ("blank", "comment"):
            continue
        if kind == "line" and (inside[number] or _goes_on(text, current, piece.end())):
            continue
        if kind == "line" or (kind == "end" and not inside[number]):
            found += _finished(text, current)
            current = _Statement()
            continue
        current.take(piece.start(), piece.end())
        if kind == "relation" and not inside[number]:
            current.declares = not current.relations and piece[0] in _COLONS
            current.relations.append(piece.start())
        elif kind == "comma" and not inside[number]:
            current.commas.append(piece.start())
    return found + _finished(text, current)


def _inside_brackets(pieces: list[re.Match[str]]) -> list[bool]:
    """For each piece, whether it is in a bracket that is closed before the next empty line."""
    opened: list[int] = []
    change = [0] * (len(pieces) + 1)
    empty = False
    for number, piece in enumerate(pieces):
        kind, seen = piece.lastgroup, piece[0]
        if kind == "blank":
            continue
        if seen == "\n":
            if empty:
                opened.clear()
            empty = True
            continue
        empty = False
        if kind == "opening" or seen == r"\begin":
            opened.append(number)
        elif kind in ("closing", "array") and opened and pieces[opened[-1]][0] == _OPENING[seen]:
            change[opened.pop()] += 1
            change[number + 1] -= 1
    inside, depth = [], 0
    for step in change[: len(pieces)]:
        depth += step
        inside.append(depth > 0)
    return inside


def _goes_on(text: str, current: _Statement, line_end: int) -> bool:
    """Whether the statement goes on behind the end of this line."""
    if current.start < 0:
        return False
    if ends_unfinished(text, current.start, current.end):
        return text[line_end : line_end + 80].partition("\n")[0].strip() != ""
    if current.declares or _KEYWORD.match(text, current.start):
        return False
    return begins_with_operator(text, line_end)


def _finished(text: str, current: _Statement) -> list[tuple[str, int]]:
    """The statement, split at the commas that stand between two relations."""
    if current.start < 0:
        return []
    cuts = [current.start]
    if not _KEYWORD.match(text, current.start):
        relations = current.relations
        for comma, following in pairwise([*current.commas, current.end]):
            related = bisect(relations, comma)
            if bisect(relations, cuts[-1] - 1) < related < bisect(relations, following):
                cuts.append(comma + 1)
    pieces = []
    for start, end in zip(cuts, [*(cut - 1 for cut in cuts[1:]), current.end], strict=True):
        piece = text[start:end].strip()
        if not _is_empty(piece):
            pieces.append((piece, text.index(piece, start)))
    return pieces


def _is_empty(piece: str) -> bool:
    """Whether a piece holds only what surrounds formulas: ``$$``, ``\\[``, ``\\begin{align}``."""
    rest = re.sub(r"\\[()\[\]]|\\(?:begin|end)\s*\{(?!\w*matrix|array|cases)\w+\*?\}", "", piece)
    return not rest.strip(" \t\n$&.,")
