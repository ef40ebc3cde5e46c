"""What a row of the catalogue is, and the few words that repairs are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from derivations.diagnosis.situation import Situation
from derivations.formula import Binary, Call, Formula, Number, Op, Transpose
from derivations.values import value

Repair: TypeAlias = Callable[[Formula, Situation], Iterator[Formula]]
"""What could stand in place of a node, if the slip was made there."""


class Example(NamedTuple):
    """A claim: about the built-in network, with ``use`` as its options, or about the names that ``given`` declares."""

    claim: str
    use: str = ""
    given: str = ""


@value
class Misconception:
    """One row: what the slip is called, why it is wrong, and how it is undone.

    repair is tried at every place of the side, or at the whole side only. Of several rows of one ``family`` that all
    mend a formula, the first one of the catalogue is told. catches are wrong claims that must get this row's
    diagnosis; spares are right ones that look like them. adds, removes: the factor that the repair puts in or takes
    away, so that no two repairs undo each other.
    """

    code: str
    title: str
    why: str
    repair: Repair
    catches: tuple[Example, ...]
    spares: tuple[Example, ...] = ()
    family: str = ""
    whole: bool = False
    adds: str = ""
    removes: str = ""

    def undoes(self, other: Misconception) -> bool:
        """Whether one of two repairs takes away what the other puts in."""
        return bool((self.adds and self.adds == other.removes) or (self.removes and self.removes == other.adds))


def number(of: int | Fraction) -> Number:
    return Number(Fraction(of))


def product(left: Formula, right: Formula) -> Formula:
    return Binary(Op.PRODUCT, left, right)


def hadamard(left: Formula, right: Formula) -> Formula:
    return Binary(Op.HADAMARD, left, right)


def turned(formula: Formula) -> Formula:
    """The transpose; of a transpose, what is transposed."""
    return formula.of if isinstance(formula, Transpose) else Transpose(formula)


def share(width: Formula) -> Formula:
    """1/m."""
    return Binary(Op.OVER, number(1), width)


def is_entrywise(op: Op) -> bool:
    return op in (Op.HADAMARD, Op.STAR)


def is_ones(formula: Formula) -> bool:
    """1, or ``ones(m, n)``."""
    return (isinstance(formula, Call) and formula.name == "ones") or formula == number(1)


def layerwise(claim: str, *others: str, use: str = "") -> tuple[Example, ...]:
    """Examples about the built-in network."""
    return tuple(Example(text, use) for text in (claim, *others))


def on_sheet(given: str, *claims: str) -> tuple[Example, ...]:
    """Examples about declared names."""
    return tuple(Example(claim, given=given) for claim in claims)
