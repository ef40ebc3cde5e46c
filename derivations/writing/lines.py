"""Long formulas on several lines, broken where they are loosest."""

from __future__ import annotations

from derivations.formula import Binary
from derivations.writing.pieces import Level, Text

DOT = "·"


def broken(whole: Text, width: int) -> list[str]:
    """The text on lines of at most ``width`` characters, if its loosest operators allow it.

    A line breaks in front of + and −, then of ⊙, then between factors; the next one begins with the operator.
    """
    written = str(whole)
    if len(written) <= width:
        return [written]
    chain = _chain(whole)
    return _hung(whole, width) if len(chain) == 1 else _filled(chain, width)


def terms(whole: Text) -> list[tuple[str, str]]:
    """The operands of a sum or of an elementwise product, each with the operator in front of it; else the whole."""
    loose = whole.level in (Level.ADDITION, Level.HADAMARD)
    return [(operator.strip(), str(operand)) for operator, operand in (_chain(whole) if loose else [("", whole)])]


def _chain(whole: Text) -> list[tuple[str, Text]]:
    """The operands of a left-associative chain of one level, each with the operator in front of it."""
    links: list[tuple[str, Text]] = []
    current = whole
    while _breaks(current, whole.level):
        left, operator, right = current.pieces
        assert isinstance(left, Text)
        assert isinstance(operator, str)
        assert isinstance(right, Text)
        links.append((operator, right))
        current = left
    links.append(("", current))
    return links[::-1]


def _breaks(inner: Text, level: Level) -> bool:
    """Whether it is an operation of this level; 1/m x stays in one piece."""
    if not isinstance(inner.node, Binary) or inner.level != level or len(inner.pieces) != 3:
        return False
    left = inner.pieces[0]
    return inner.level != Level.PRODUCT or (isinstance(left, Text) and left.level >= Level.PRODUCT)


def _filled(chain: list[tuple[str, Text]], width: int) -> list[str]:
    lines = broken(chain[0][1], width)
    for operator, operand in chain[1:]:
        if len(lines[-1]) + len(operator) + len(str(operand)) <= width:
            lines[-1] += operator + str(operand)
        else:
            lines += _indented(f"{operator.strip() or DOT} ", broken(operand, width - 2))
    return lines


def _hung(whole: Text, width: int) -> list[str]:
    """Break the longest text inside; what precedes it sets the indent."""
    inner = [piece for piece in whole.pieces if isinstance(piece, Text)]
    if not inner:
        return [str(whole)]
    longest = max(inner, key=lambda piece: len(str(piece)))
    at = next(place for place, piece in enumerate(whole.pieces) if piece is longest)
    before, after = ("".join(map(str, pieces)) for pieces in (whole.pieces[:at], whole.pieces[at + 1 :]))
    lines = _indented(before, broken(longest, width - len(before) - len(after)))
    return [*lines[:-1], lines[-1] + after]


def _indented(lead: str, lines: list[str]) -> list[str]:
    """``lead`` in front of the first line, as much blank in front of the others."""
    return [(lead if place == 0 else " " * len(lead)) + line for place, line in enumerate(lines)]
