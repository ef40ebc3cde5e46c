"""A reading puts meaning in the place of some names: eye(n) for I_n, diag(σ′(z)) for Σ′(z). Here they come back."""

from __future__ import annotations

import re

from derivations.diagnosis.trees import changed
from derivations.formula import Apply, Call, Entry, Formula, Function, Index, Number, Symbol
from derivations.writing import Notation, Spelling, write

_SLOPES = re.compile(r"(?:\\Sigma|Σ)\s*(?:\^\{?\s*\\prime|['′’])")
_UNIT = re.compile(r"(?<![A-Za-z])(?:\\mathbf\s*)?\{?I\}?_")
_ONES = re.compile(r"(?<![\w.])(?:\\mathbf\s*)?\{?1\}?_")
_NATURAL_LOG = re.compile(r"\bln\b")


def as_typed(formula: Formula, text: str) -> Formula:
    """The formula, with the names that its ``text`` uses."""
    if not any(pattern.search(text) for pattern in (_SLOPES, _UNIT, _ONES, _NATURAL_LOG)):
        return formula

    def rule(node: Formula) -> Formula | None:
        match node:
            case Call("diag", (Apply(Function(name="σ", order=1), argument),)) if _SLOPES.search(text):
                return Apply(Function("Σ", order=1), argument)
            case Call("eye", (size,)) if _UNIT.search(text):
                return Entry(Symbol("I"), (_below(size),))
            case Call("ones", (size, Number(value))) if value == 1 and _ONES.search(text):
                return Entry(Symbol("1"), (_below(size),))
            case Apply(Function(name="log"), argument) if _NATURAL_LOG.search(text):
                return Apply(Function("ln"), argument)
        return None

    return changed(formula, rule)


def sides_as_typed(sides: tuple[Formula, ...], text: str) -> tuple[Formula, ...]:
    """The sides of a claim, each with the names that its own part of the text uses, where the parts can be told."""
    parts = re.split(r"(?<![<>:!])=|\\equiv|≡", text)
    if text.lstrip().startswith("="):
        parts = parts[1:]
    if len(parts) != len(sides):
        parts = [text] * len(sides)
    return tuple(as_typed(side, part) for side, part in zip(sides, parts, strict=True))


def write_latex(formula: Formula, notation: Notation) -> str:
    """The formula in LaTeX, Σ′ as it is typed."""
    return write(formula, Spelling.LATEX, notation).replace("Σ'", r"\Sigma'")


def _below(size: Formula) -> Index:
    return Index(write(size))
