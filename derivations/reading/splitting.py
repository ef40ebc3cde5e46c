"""A text → its statements: lines, joined where a line goes on, and split where one holds several."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field
from itertools import pairwise

_OPENING = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【", "｝": "｛", r"\end": r"\begin"}
_ARRAY = r"(?:[bpvVB]?matrix|smallmatrix|array|cases)\*?"

_PIECE = re.compile(
    rf"""
    (?P<comment>\#[^\n]*)
  | (?P<blank>[^\S\n]+)
  | (?P<line>\n | \\\\(?:\[[\d.]+\w*\])?)
  | (?P<array>\\(?:begin|end)(?=\s*\{{{_ARRAY}\}}))
  | (?P<relation>:=|=|＝|≡|≔|:|：|∈|\\equiv(?![A-Za-z])|\\in(?![A-Za-z]))
  | (?P<escaped>\\(?:[A-Za-z]+|.))
  | (?P<opening>[(\[{{（［【｛]) | (?P<closing>[)\]}}）］】｝])
  | (?P<end>[;；]) | (?P<comma>[,，、])
  | (?P<other>[^\s\#\\:=＝≡≔：∈()\[\]{{}}（）［］【】｛｝;；,，、]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERATOR = r"[-+−–＋*∗＊/／@·⋅•×⊙∘⊘]|\\(?:odot|cdot|times|circ|oslash|ast)(?![A-Za-z])"
_GOES_ON = re.compile(rf"(?:{_OPERATOR}|[=≡＝≔^_]|\\equiv|\\left)\s*\Z")
_BEGINS_WITH_OPERATOR = re.compile(rf"[^\S\n]*(?:&\s*)?(?:{_OPERATOR}|\.[*/])")
_KEYWORD = re.compile(r"\s*(?:use|assume|layout)\b")
_SAYS_NOTHING = re.compile(r"(?:[\s$&.]|\\[()\[\]]|\\(?:begin|end)\s*\{\w+\*?\})*")


@dataclass(slots=True)
class _Statement:
    """A statement in the making: where it stands, and where it could be split."""

    start: int = -1
    end: int = -1
    relations: list[int] = field(default_factory=list)
    commas: list[int] = field(default_factory=list)
    declares: bool = False  # its only relation is a colon

    def take(self, start: int, end: int) -> None:
        self.start = start if self.start < 0 else self.start
        self.end = end


def split_statements(text: str) -> list[tuple[str, int]]:
    """The statements of a text, and where each starts in it; each is ``text[start : start + len(statement)]``.

    A statement ends with its line, with ``;`` or, between two equations, with a comma. A line goes on where a bracket
    is open, after an operator, or before one.
    """
    pieces = list(_PIECE.finditer(text))
    inside = _depths(pieces)
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
        if not inside[number]:
            if kind == "relation":
                current.declares = not current.relations and piece[0] in (":", "：", "∈", r"\in")
                current.relations.append(piece.start())
            elif kind == "comma":
                current.commas.append(piece.start())
    return found + _finished(text, current)


def _depths(pieces: list[re.Match[str]]) -> list[bool]:
    """For each piece, whether it is in a bracket that is closed before the next empty line."""
    opened: list[int] = []
    change = [0] * (len(pieces) + 1)
    empty = False
    for number, piece in enumerate(pieces):
        match piece.lastgroup:
            case "opening":
                opened.append(number)
            case "closing" | "array":
                if piece[0] == r"\begin":
                    opened.append(number)
                elif opened and pieces[opened[-1]][0] == _OPENING[piece[0]]:
                    change[opened.pop()] += 1
                    change[number + 1] -= 1
            case "line" if piece[0] == "\n":
                if empty:
                    opened.clear()
                empty = True
                continue
            case "blank":
                continue
        empty = False
    inside, depth = [], 0
    for step in change[: len(pieces)]:
        depth += step
        inside.append(depth > 0)
    return inside


def _goes_on(text: str, current: _Statement, line_end: int) -> bool:
    """Whether the statement goes on behind the end of this line."""
    if current.start < 0:
        return False
    if _GOES_ON.search(text, max(current.start, current.end - 12), current.end):
        return True
    if current.declares or _KEYWORD.match(text, current.start):
        return False
    return _BEGINS_WITH_OPERATOR.match(text, line_end) is not None


def _finished(text: str, current: _Statement) -> list[tuple[str, int]]:
    """The statement, split at the commas that stand between two relations."""
    if current.start < 0:
        return []
    cuts = [current.start]
    if not _KEYWORD.match(text, current.start):
        relations, last = current.relations, 0
        for comma, following in pairwise([*current.commas, current.end]):
            while last < len(relations) and relations[last] < cuts[-1]:
                last += 1
            before = last < len(relations) and relations[last] < comma
            if before and bisect(relations, comma) < bisect(relations, following):
                cuts.append(comma + 1)
    pieces = []
    for start, end in zip(cuts, [*(cut - 1 for cut in cuts[1:]), current.end], strict=True):
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        if not _SAYS_NOTHING.fullmatch(piece):
            pieces.append((piece, start))
    return pieces
