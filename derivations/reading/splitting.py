"""A text → its statements: lines, joined where a line goes on, and split where one holds several.

What stands beside formulas in print is no part of them: their numbers, words between them, the range of an index.
"""

from __future__ import annotations

import re
from bisect import bisect
from itertools import pairwise

from derivations.reading.signs import CONDITION, begins_with_operator, ends_unfinished

_OPENING = {")": "(", "]": "[", "}": "{", "）": "（", "］": "［", "】": "【", "｝": "｛", r"\end": r"\begin"}

_PIECE = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<gap>\\(?:q?quad|hfill?|l?eqno|enspace)(?![A-Za-z])|\\hspace\*?\s*\{[^{}]*\})
  | (?P<words>\\(?:text(?:rm|it|bf|normal|sf)?|mbox|hbox|mathrm|(?:short)?intertext)\s*\{[^{}]*\})
  | (?P<blank>[^\S\n]+)
  | (?P<line>\n|\\\\(?:\[[\d.]+\w*\])?)
  | (?P<array>\\(?:begin|end)(?=\s*\{(?:\w*matrix|array|cases)\*?\}))
  | (?P<relation>:=|[=＝≡≔:：∈]|\\(?:equiv|in)(?![A-Za-z]))
  | (?P<opening>[(\[{（［【｛])
  | (?P<closing>[)\]}）］】｝])
  | (?P<end>[;；])
  | (?P<comma>[,，、&])
  | (?P<other>\\(?:[A-Za-z]+|.) | [\w^+*/.-]+ | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_COLONS = (":", "：", "∈", r"\in")
_KEYWORD = re.compile(r"\s*(?:use|assume|layout)\b")
_BEGINS_RELATION = re.compile(r"[\s&]*(?::?[=＝≡≔:：∈]|\\(?:equiv|in|coloneqq)(?![A-Za-z]))")
_RELATION = re.compile(r"[=＝≡≔]|\\equiv(?![A-Za-z])")
_ENDS_RELATION = re.compile(r"(?:[=＝≡≔:：∈]|\\(?:equiv|in|coloneqq))[\s&]*\Z")
_BETWEEN = frozenset({
    "where", "with", "and", "for", "so", "thus", "hence", "since", "because", "or", "then", "but", "also", "here",
    "let", "while", "that", "is", "i.e.", "e.g.", "therefore",
})  # fmt: skip
"""Words between formulas; any other single word in \\text{…} is a name."""
_WORDS_NEXT = re.compile(r"[\s,.]*\\(?:text(?:rm|it|bf|normal|sf)?|mbox|mathrm)\s*\{([^{}]*)\}")
_BOUND = re.compile(r"[<>≤≥≠]|\\(?:leq?|geq?|lt|gt|neq?)(?![A-Za-z])")
_OF_LAYERS = re.compile(r"(?:[\s\dlLtT()<>≤≥,+−-]|\\(?:leq?|geq?|lt|gt|forall)(?![A-Za-z]))+")
_DOTS = r"\\[lc]?dots[a-z]?(?![A-Za-z])|…|\.\.\.|⋯"
_RANGE = re.compile(  # l = 1, …, L
    rf"[\s(]*(?:\\forall\s*)?\\?[a-z](?:ell)?\s*(?:[=:∈]|\\in(?![A-Za-z]))(?=.*(?:{_DOTS}))"
    rf"(?:[\s\d,+(){{}}−-]|\\[{{}}]|[A-Za-z](?![A-Za-z])|_\w|{_DOTS})*"
)
_NUMBER_OF_EQUATION = re.compile(r"\s*\(\s*[\w.*′'-]{1,8}\s*\)\s*\.?\s*")


class _Statement:
    """A statement in the making: where it stands, and where it could be split."""

    def __init__(self) -> None:
        self.start = self.end = -1
        self.relations: list[int] = []
        self.commas: list[int] = []
        self.gaps: list[tuple[int, int]] = []  # from where to where words or a wide blank part it
        self.declares = False  # its only relation is a colon
        self.defines = False  # its only relation is :=

    def take(self, start: int, end: int) -> None:
        self.start = start if self.start < 0 else self.start
        self.end = end

    def part(self, start: int, end: int) -> None:
        if self.start >= 0:
            self.gaps.append((start, end))


def split_statements(text: str) -> list[tuple[str, int]]:
    """The statements of a text, and where each starts in it; each is ``text[start : start + len(statement)]``.

    A statement ends with its line, with ``;`` or, between two equations, with a comma, a wide blank or words. A line
    goes on where a bracket is open, after an operator, or before one.
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
        if not inside[number] and _parts(text, current, piece):
            current.part(piece.start(), piece.end())
            continue
        current.take(piece.start(), piece.end())
        if kind == "relation" and not inside[number]:
            current.declares = not current.relations and piece[0] in _COLONS
            current.defines = not current.relations and piece[0] in (":=", "≔")
            current.relations.append(piece.start())
        elif kind == "comma" and not inside[number] and (piece[0] != "&" or _parts_columns(text, piece)):
            current.commas.append(piece.start())
    return found + _finished(text, current)


def _parts(text: str, current: _Statement, piece: re.Match[str]) -> bool:
    """Whether a wide blank or words part what stands before them from what stands behind."""
    if piece.lastgroup == "words":
        return _is_prose(piece[0])
    return piece.lastgroup == "gap" and not _holds_together(text, current, piece.end())


def _is_prose(command: str) -> bool:
    r"""Whether the words of ``\text{…}`` stand between formulas; a condition belongs to its formula."""
    words = command[command.index("{") + 1 : -1].strip()
    if CONDITION.match(words):
        return False
    if "intertext" in command:
        return True
    return words.strip(".,:;").lower() in _BETWEEN or re.search(r"[^\W\d_]\s+\S|[(（:,]", words) is not None


def _holds_together(text: str, current: _Statement, end: int) -> bool:
    """Whether a wide blank that ends here stands beside an operator or a relation, and so parts nothing."""
    if current.start < 0 or ends_unfinished(text, current.start, current.end):
        return True
    if _ENDS_RELATION.search(text, max(current.start, current.end - 20), current.end):
        return True
    words = _WORDS_NEXT.match(text, end)
    if words and CONDITION.match(words[1]):
        return True
    return begins_with_operator(text, end) or _BEGINS_RELATION.match(text, end) is not None


def _parts_columns(text: str, piece: re.Match[str]) -> bool:
    """Whether an ``&`` stands between two columns of formulas, and not beside the sign that is lined up."""
    if _BEGINS_RELATION.match(text, piece.end()) or begins_with_operator(text, piece.end()):
        return False
    return _ENDS_RELATION.search(text, max(0, piece.start() - 20), piece.start()) is None


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
    if current.defines and _RELATION.search(text[line_end:].lstrip("\n").partition("\n")[0]):
        return False  # a claim that begins with a sign
    return begins_with_operator(text, line_end)


def _finished(text: str, current: _Statement) -> list[tuple[str, int]]:
    """The statement, split at its gaps and at the commas that stand between two relations."""
    if current.start < 0:
        return []
    ranges = [(current.start, current.end)]
    if not _KEYWORD.match(text, current.start):
        cuts = sorted([*current.gaps, *((comma, comma + 1) for comma in _commas_between_relations(current))])
        starts, ends = [current.start, *(end for _, end in cuts)], [*(start for start, _ in cuts), current.end]
        ranges = [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]
    pieces = [(text[start:end].strip(), start) for start, end in ranges]
    pieces = [(piece, text.index(piece, start)) for piece, start in pieces if not _is_empty(piece)]
    formulas = [(piece, at) for piece, at in pieces if _states(piece, at, current)]
    if not (len(pieces) > 1 and any(_is_condition(piece) for piece, _ in pieces)) and (formulas or not pieces):
        return formulas
    whole = text[current.start : current.end].strip()
    return [(whole, text.index(whole, current.start))]


def _commas_between_relations(current: _Statement) -> list[int]:
    relations, last, found = current.relations, current.start, []
    for comma, following in pairwise([*current.commas, current.end]):
        related = bisect(relations, comma)
        if bisect(relations, last - 1) < related < bisect(relations, following):
            found.append(comma)
            last = comma + 1
    return found


def _is_condition(piece: str) -> bool:
    """Whether a piece says when the formula beside it is true; which layers it is about is no condition."""
    return _BOUND.search(piece) is not None and not _OF_LAYERS.fullmatch(piece)


def _states(piece: str, start: int, current: _Statement) -> bool:
    """Whether a piece of a statement states something, and is no number of an equation, range or loose end."""
    if not current.gaps and not current.commas:
        return True
    if _RANGE.fullmatch(piece) or _NUMBER_OF_EQUATION.fullmatch(piece):
        return False
    return any(start <= relation < start + len(piece) for relation in current.relations)


def _is_empty(piece: str) -> bool:
    """Whether a piece holds only what surrounds formulas: ``$$``, ``\\[``, ``\\begin{align}``."""
    rest = re.sub(r"\\[()\[\]]|\\(?:begin|end)\s*\{(?!\w*matrix|array|cases)\w+\*?\}", "", piece)
    return not rest.strip(" \t\n$&.,")
