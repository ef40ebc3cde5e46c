"""What an unknown loss is in a sample: a polynomial in all entries of its argument."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from derivations.witness.stream import Stream


class Factor(NamedTuple):
    """(Σ weights ⊙ v^inner)^outer, the sum over all entries; no weights means 1 everywhere."""

    weights: tuple[tuple[int, ...], ...] | None
    inner: int = 1
    outer: int = 1


class Term(NamedTuple):
    coefficient: Fraction
    factors: tuple[Factor, ...]


class LossForm(NamedTuple):
    """A constant and a sum of products. By column, each column has its own column of the weights and constant."""

    terms: tuple[Term, ...]
    constants: tuple[int, ...] = ()


ONE = Fraction(1)


def random_loss(seed: int, name: str, rows: int, columns: int, spread: int) -> LossForm:
    """A polynomial of degree 5 that mixes all entries; the weights are whole numbers up to ``spread`` in size."""
    stream = Stream(seed, "loss", name, rows, columns)

    def weights() -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(_nonzero(stream, spread) for _ in range(columns)) for _ in range(rows))

    return LossForm(
        (
            Term(ONE, (Factor(weights()), Factor(weights(), inner=2))),
            Term(ONE, (Factor(weights(), inner=3),)),
            Term(ONE, (Factor(weights(), outer=5),)),
        ),
        weights()[0],
    )


def _nonzero(stream: Stream, spread: int) -> int:
    return (1 + stream.below(spread)) * (1 - 2 * stream.below(2))


def simple_loss(kind: int, rows: int, columns: int, by_column: bool) -> tuple[LossForm, str]:
    """One of a short list of losses, and how it reads; ``{v}`` stands for the argument.

    By column, it is the same loss of every column.
    """
    upright = columns == 1 or by_column
    single = rows == 1 and upright
    counting = tuple(tuple(i + 1 + (0 if by_column else j) for j in range(columns)) for i in range(rows))
    match kind:
        case 0 if single:
            return LossForm((Term(ONE, (Factor(None),)),)), "{v}"
        case 0:
            words = "Σ i·{v}_i" if upright else "Σ (i + j − 1)·{v}_ij"
            return LossForm((Term(ONE, (Factor(counting),)),)), words
        case 1:
            return LossForm((Term(Fraction(1, 2), (Factor(None, inner=2),)),)), "½‖{v}‖²"
        case 2:
            cubes = "{v}³" if single else "Σ {v}_i³" if upright else "Σ {v}_ij³"
            return LossForm((Term(ONE, (Factor(None, inner=3),)),)), cubes
        case 3:
            return LossForm((Term(Fraction(1, 2), (Factor(None, outer=2),)),)), "½(sum of {v})²"
        case _:
            terms = Term(ONE, (Factor(counting, inner=2),)), Term(ONE, (Factor(None, outer=3),))
            squares = "Σ i·{v}_i²" if upright else "Σ (i + j − 1)·{v}_ij²"
            return LossForm(terms, (1,) * columns), squares + " + (sum of {v})³ + 1"


WEIGHTS = 10
"""What the weights of a random loss cost to draw, for each entry of its argument."""

SIMPLE_LOSSES = 5
"""How many kinds ``simple_loss`` knows."""
