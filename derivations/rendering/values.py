"""Numbers, matrices and names of a counterexample, for readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from derivations.formula import Layer, Symbol
from derivations.rendering.words import ROUNDED
from derivations.witness import Counterexample
from derivations.writing import write

_NAMES_INSIDE = re.compile(r"(?:[A-Za-zα-ω]+\^|n_)(?:\{[^}]*\}|\w)")
_NAME = re.compile(r"^(?P<name>.+?)(?:(?P<mark>[\^_])\{?(?P<base>[A-Za-zℓ]?)(?P<offset>[+-]?\d+)?\}?)$")


def name_of(text: str) -> str:
    """``W^{l+1}`` or ``n_l`` as it is printed: ``Wˡ⁺¹``, ``nₗ``."""
    found = _NAME.match(text)
    if not found or not (found["base"] or found["offset"]):
        return text
    return write(Symbol(found["name"], Layer(found["base"] or "", int(found["offset"] or 0))))


def _pretty(words: str) -> str:
    """Names inside words, as they are printed."""
    return _NAMES_INSIDE.sub(lambda found: name_of(found.group()), words)


def number(value: Fraction | Decimal) -> str:
    return str(value).replace("-", "−")


def matrix(rows: tuple[tuple[Fraction | Decimal, ...], ...]) -> str:
    """A number as it is, a column as ``(1, 2)ᵀ``, a row as ``(1, 2)``, a matrix row by row in brackets."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return number(rows[0][0])
    if all(len(row) == 1 for row in rows):
        return f"({', '.join(number(row[0]) for row in rows)})ᵀ"
    if len(rows) == 1:
        return f"({', '.join(number(v) for v in rows[0])})"
    return f"[{'; '.join(' '.join(number(v) for v in row) for row in rows)}]"


def premises(found: Counterexample) -> Iterator[str]:
    """What a counterexample chooses: layers, widths, functions, indices and values, each as an equation."""
    yield from (f"{base} = {value}" for base, value in found.layers)
    yield from (f"{name_of(name)} = {value}" for name, value in found.widths)
    yield from (f"{name}(t) = {words}" for name, words in found.functions)
    yield from (f"{name} = {_pretty(words)}" for name, words in found.losses)
    yield from (f"{name} = {value}" for name, value in found.indices)
    yield from (f"{name_of(name)} = {matrix(rows)}" for name, rows in found.values.items())


def listed(found: Counterexample, room: int = 0) -> str:
    """The premises in a row, and whether they are rounded; those that fit into ``room`` are held together."""
    held = (words.replace(" ", "\xa0") if len(words) < room else words for words in premises(found))
    rounded = "" if found.exact else ROUNDED.replace(" ", "\xa0") if room else ROUNDED
    return f"{',  '.join(held)}  {rounded}".strip(" ")
