"""formula → text, in the four spellings of LANGUAGE: ``read_formula(write(formula, spelling), …) == formula``.

Everything else that prints a formula, a layer or a name comes here, so that a person sees one style throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from enum import StrEnum

from derivations.formula import Claim, Formula, Layer, Symbol
from derivations.writing.array_code import NumpyPrinter
from derivations.writing.glyphs import raised
from derivations.writing.lines import broken, terms
from derivations.writing.pieces import Text, Writing, laid_out
from derivations.writing.printing import Notation, Printer
from derivations.writing.spellings import LatexPrinter, PlainPrinter, UnicodePrinter

__all__ = [
    "USUAL_SCALARS",
    "Notation",
    "Spelling",
    "Writing",
    "write",
    "write_claim",
    "write_layer",
    "write_lines",
    "write_symbol",
    "write_terms",
    "write_with_spans",
]


class Spelling(StrEnum):
    UNICODE = "unicode"
    LATEX = "latex"
    NUMPY = "numpy"
    PLAIN = "plain"


_PRINTERS: dict[Spelling, type[Printer]] = {
    Spelling.UNICODE: UnicodePrinter,
    Spelling.LATEX: LatexPrinter,
    Spelling.NUMPY: NumpyPrinter,
    Spelling.PLAIN: PlainPrinter,
}

USUAL_SCALARS: Set[str] = frozenset({"m", "n", "n_in", "n_out", "c"})
"""Names that are numbers unless the caller knows better: they decide whether (1/m) x may be written 1/m x."""


def write(
    formula: Formula,
    spelling: Spelling = Spelling.UNICODE,
    notation: Notation = "superscript",
    *,
    scalars: Set[str] = USUAL_SCALARS,
) -> str:
    """The formula in a spelling, with no more brackets than it needs.

    ``scalars`` are the names that the reader of the text knows to be numbers: its ``Vocabulary.scalars``.
    """
    return str(_text(formula, spelling, notation, scalars))


def write_with_spans(
    formula: Formula,
    spelling: Spelling = Spelling.UNICODE,
    notation: Notation = "superscript",
    *,
    scalars: Set[str] = USUAL_SCALARS,
) -> Writing:
    """The text, and where each node stands in it, so that an operand can be underlined in our own rendering."""
    return laid_out(_text(formula, spelling, notation, scalars))


def write_claim(
    claim: Claim,
    spelling: Spelling = Spelling.UNICODE,
    notation: Notation = "superscript",
    *,
    scalars: Set[str] = USUAL_SCALARS,
) -> str:
    """``lhs = rhs  [reason]``; a claim that continues the line before begins with its ``=``."""
    sides = [write(side, spelling, notation, scalars=scalars) for side in claim.sides]
    steps = [f"= {side}{reason}" for side, reason in zip(sides[1:], _reasons(claim), strict=True)]
    return " ".join(steps if claim.continues else [sides[0], *steps])


def write_lines(
    written: Formula | Claim,
    width: int,
    notation: Notation = "superscript",
    *,
    scalars: Set[str] = USUAL_SCALARS,
) -> list[str]:
    """The Unicode text on lines of at most ``width`` characters, where the operators allow it.

    A claim breaks in front of its ``=`` first, and the rest of a side stands under its beginning.
    """
    if not isinstance(written, Claim):
        return broken(_text(written, Spelling.UNICODE, notation, scalars), width)
    whole = write_claim(written, notation=notation, scalars=scalars)
    if len(whole) <= width:
        return [whole]
    sides = [_text(side, Spelling.UNICODE, notation, scalars) for side in written.sides]
    lead = "" if written.continues else f"{sides[0]} "
    own_line = len(lead) > width // 2
    indent = " " * (4 if own_line else len(lead))
    lines: list[str] = broken(sides[0], width) if own_line else []
    for side, reason in zip(sides[1:], _reasons(written), strict=True):
        first, *rest = broken(side, width - len(indent) - 2)
        lines += [f"{indent if lines else lead}= {first}", *(f"{indent}  {line}" for line in rest)]
        lines[-1] += reason
    return lines


def write_terms(
    formula: Formula, spelling: Spelling = Spelling.UNICODE, notation: Notation = "superscript"
) -> list[tuple[str, str]]:
    """The terms of a sum, or the factors of an elementwise product, each with the sign in front of it."""
    return terms(_text(formula, spelling, notation, USUAL_SCALARS))


def write_symbol(
    name: str,
    layer: Layer | None = None,
    spelling: Spelling = Spelling.UNICODE,
    notation: Notation = "superscript",
) -> str:
    """A name with its layer: ``Wˡ⁺¹``, ``W[l+1]``; the width of a layer, ``nₗ₊₁``."""
    return write(Symbol(name, layer), spelling, notation)


def write_layer(layer: Layer, spelling: Spelling = Spelling.UNICODE) -> str:
    """A layer as a superscript (``ˡ⁺¹``); in NumPy, as an index (``[l+1]``)."""
    if spelling is Spelling.NUMPY:
        return f"[{layer}]"
    return raised(str(layer)) if spelling is Spelling.UNICODE else f"^{{{layer}}}"


def _text(formula: Formula, spelling: Spelling, notation: Notation, scalars: Set[str]) -> Text:
    return _PRINTERS[spelling](notation, scalars).write(formula)


def _reasons(claim: Claim) -> Iterator[str]:
    """What to print behind each side but the first: its reason in brackets, or nothing."""
    given = (*claim.reasons, *[None] * (len(claim.sides) - 1 - len(claim.reasons)))
    return (f"  [{reason}]" if reason else "" for reason in given)
