"""Is an equation proved? The kernel's answer, with an agreeing trial of the witness."""

from __future__ import annotations

from derivations import witness
from derivations.formula import Formula, Unreadable
from derivations.kernel.algebra import Algebra, OutsideFragment, TooLarge, Undefined
from derivations.meaning import Translation, equal
from derivations.setting import Context
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit

BUDGET = 20_000
"""A repair that needs a longer proof than this is not offered."""


def proves(left: Formula, right: Formula, context: Context) -> bool:
    """Whether an equation is proved, by the kernel and a trial."""
    try:
        settler = Settler(context)
        sides = settler.settle_sides(left, right)
        if not isinstance(witness.trial(left, right, context), witness.Agrees):
            return False
        return equal(Translation(settler, sides, Algebra(BUDGET)), *sides)
    except (Misfit, Unreadable, Unsupported, TooLarge, OutsideFragment, Undefined, RecursionError):
        return False
