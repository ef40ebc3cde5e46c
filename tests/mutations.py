"""Formulas as nobody means them: known ones with parts put in, taken out, nested, raised and widened at random."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from random import Random

_TOKEN = re.compile(r"\\[A-Za-z]+|\d+(?:\.\d+)?|[^\W\d_]+'*|\s+|.", re.DOTALL)
_FUNCTIONS = ("exp", "tanh", "softmax", "inv", "log", "sigmoid", "relu", "sqrt", "det", "tr", "sum", "diag", "σ", "abs")
_OPERATIONS = ("+", "-", " ⊙ ", " * ", " / ", " @ ", " ", " = ")
_EXPONENTS = ("2", "3", "-1", "0", "12", "24", "1000", "1000000", "1/2", "T")
_NUMBERS = ("0", "1", "7", "100", "784", "99999", "1000000007", "1/3")
_WIDTHS = ("1", "2", "3", "10", "50", "784", "3000")


def mutated(formulas: Sequence[tuple[str, str]], count: int, seed: int) -> Iterator[tuple[str, str]]:
    """So many formulas, each with its declarations, made of those given."""
    draw = Random(seed)
    for _ in range(count):
        claim, given = draw.choice(formulas)
        for _ in range(draw.choice((1, 1, 2, 3, 4))):
            claim = _changed(claim, draw, draw.choice(formulas)[0])
        yield claim[:600], _with_numbers(given, draw)


def _changed(claim: str, draw: Random, other: str) -> str:
    tokens = _TOKEN.findall(claim) or ["x"]
    start, end = _part(tokens, draw)
    part = "".join(tokens[start:end])
    strange = _TOKEN.findall(other) or ["y"]
    first, last = _part(strange, draw)
    names = [token for token in tokens if token.isalpha()] or ["x"]
    new = draw.choice(
        (
            f"{draw.choice(_FUNCTIONS)}({part})",
            f"({part})^{draw.choice(_EXPONENTS)}",
            f"({part} {draw.choice(_OPERATIONS)} {part})",
            f"{part}{draw.choice(_OPERATIONS)}{draw.choice(tokens)}",
            f"Σ_{draw.choice('ijk')} ({part})",
            f"\\frac{{{part}}}{{{draw.choice(tokens)}}}",
            f"‖{part}‖^2",
            f"∂({part})/∂{draw.choice(names)}",
            f"{part}{draw.choice(chr(39) + 'ᵀ')}",
            draw.choice(_NUMBERS),
            "".join(strange[first:last]),
            "",
        )
    )
    return "".join((*tokens[:start], new, *tokens[end:]))


def _part(tokens: Sequence[str], draw: Random) -> tuple[int, int]:
    """A run of tokens in which brackets are closed, if one is met."""
    start = draw.randrange(len(tokens))
    depth = 0
    for end in range(start, min(len(tokens), start + 14)):
        depth += (tokens[end] in "([{") - (tokens[end] in ")]}")
        if depth < 0:
            break
        if depth == 0 and draw.random() < 0.4:
            return start, end + 1
    return start, start + 1


def _with_numbers(given: str, draw: Random) -> str:
    """The declarations, one in four times with a number for one of their widths."""
    widths = re.findall(r":\s*([A-Za-z]\w*)", given)
    if not widths or draw.random() < 0.75:
        return given
    return re.sub(rf"\b{draw.choice(widths)}\b(?!\s*[:=])", draw.choice(_WIDTHS), given)
