"""What the witness says of a proof.

A proof holds under hypotheses: a divisor is not 0, no argument of step is 0, a layer is not the last one. The witness
has to agree on a sample that meets them, which shows that there is one; at every layer that they leave in; and wherever
a hypothesis fails for no accident, so that nothing ordinary is excluded in silence.
"""

from __future__ import annotations

from typing import TypeAlias

from derivations import witness
from derivations.formula import Formula
from derivations.meaning import Translation
from derivations.setting import Context
from derivations.values import value
from derivations.witness import Agrees, Differs, Outcome, Untestable
from derivations.work import Purse


@value
class Contradicts:
    """The sides differ where the proof says that they are equal: one of the two is wrong."""


Testimony: TypeAlias = Outcome | Contradicts


def tested(
    translation: Translation,
    outcome: Outcome,
    left: Formula,
    right: Formula,
    context: Context,
    purse: Purse,
) -> Testimony:
    """The witness on an equation that is proved; ``outcome`` is what it has said of a first sample.

    ``Differs``: only where a hypothesis of the proof fails, and for no accident. ``Untestable``: no sample was found
    that meets the hypotheses. ``purse`` pays for it.
    """
    is_certain = isinstance(outcome, Agrees) and outcome.exact and not translation.needs_signs
    if translation.needs_values and not is_certain:
        outcome = witness.trial(left, right, context, once=True, enclosed=True, purse=purse)
    if isinstance(outcome, Differs) and not (outcome.on_kinks and translation.needs_no_kinks):
        return Contradicts()
    if translation.needs_no_kinks:
        ordinary = witness.ordinary_trial(left, right, context, purse=purse)
        if isinstance(ordinary, Differs):
            return ordinary if ordinary.on_kinks else Contradicts()
        if isinstance(ordinary, Untestable):
            return ordinary
        if translation.needs_luck:
            return Untestable("an argument of relu, step, sign … may well be 0 (it is made of numbers such as 0 and 1)")
        if isinstance(outcome, Agrees) and outcome.on_kinks:
            return Untestable("every sample led to a kink")
    network = context.network
    special = network is not None and (network.loss or network.last_activation)
    if isinstance(outcome, Agrees) and special and translation.not_the_last is None:
        highest = witness.trial(left, right, context, once=True, at_last=True, purse=purse)
        if isinstance(highest, Differs) and not (highest.on_kinks and translation.needs_no_kinks):
            return Contradicts()
        if isinstance(highest, Untestable) and highest.spent is not None:
            return highest
    return outcome
