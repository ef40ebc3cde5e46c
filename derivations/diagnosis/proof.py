"""Is an equation proved? The kernel's answer, with an agreeing trial of the witness."""

from __future__ import annotations

from derivations import witness
from derivations.agreement import tested
from derivations.formula import Formula, Unreadable
from derivations.kernel.algebra import OutsideFragment, TooLarge, Undefined
from derivations.meaning import proved
from derivations.setting import Context
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit
from derivations.work import Purse, Spent

WORK = 60_000
"""A repair that needs a longer proof than this is not offered."""


def proves(left: Formula, right: Formula, context: Context, purse: Purse | None = None) -> bool:
    """Whether an equation is proved, by the kernel and a trial. Raises Spent if ``purse`` has nothing left."""
    with (purse or Purse(WORK)).part(WORK) as own:
        try:
            settler = Settler(context, purse=own)
            sides = settler.settle_sides(left, right)
            outcome = witness.trial(left, right, context, once=True, purse=own)
            if not isinstance(outcome, witness.Agrees):
                return False
            translation, proof = proved(settler, sides, own)
            return proof and isinstance(tested(translation, outcome, left, right, context, own), witness.Agrees)
        except (Misfit, Unreadable, Unsupported, TooLarge, OutsideFragment, Undefined, Spent, RecursionError):
            return False
