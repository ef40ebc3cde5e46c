"""What stands beside the kernel's proof of a derivation: the witness's trial on random exact numbers."""

from __future__ import annotations

from derivations import witness
from derivations.theorem import Derivation


class Contradicted(Exception):  # noqa: N818
    """The witness sees a difference where the kernel proved equality: an error of this program."""


def tested(derivation: Derivation) -> bool:
    """Whether the statement and each proof's conclusion hold on random exact numbers; raises Contradicted."""
    theorems = {(t.lhs, t.rhs): t for t in (derivation.statement, *(p.conclusion for p in derivation.proofs))}
    outcomes = [witness.trial(t.lhs, t.rhs, t.ground.context) for t in theorems.values()]
    for theorem, outcome in zip(theorems.values(), outcomes, strict=True):
        if isinstance(outcome, witness.Differs):
            raise Contradicted(f"{theorem} is proved, but a random trial refutes it.")
    return all(isinstance(outcome, witness.Agrees) for outcome in outcomes)
