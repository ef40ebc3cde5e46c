"""What stands beside the kernel's proof of a derivation: a trial on random exact numbers, and SymPy's derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from derivations import witness
from derivations.agreement import Contradicts, Testimony, tested
from derivations.formula import Derivative, Formula, walk
from derivations.shapes import Partial
from derivations.theorem import Derivation, Theorem
from derivations.work import Purse

if TYPE_CHECKING:
    from derivations.equations.explicit import Explicit


WORK = 1_000_000
"""What the trials of a theorem may cost."""


class Contradicted(Exception):  # noqa: N818
    """The witness or SymPy sees a difference where the kernel proved equality: an error of this program."""


def holds_on_numbers(derivation: Derivation) -> bool:
    """Whether the statement, and what the chains before it conclude, hold on random exact numbers.

    Raises Contradicted. The one chain of an index proof concludes the statement's entries, and is not tried again.
    """
    apart = [proof.conclusion for proof in derivation.proofs if proof.title]
    theorems = {(t.lhs, t.rhs): t for t in (derivation.statement, *apart)}
    testimonies = [_testimony(theorem) for theorem in theorems.values()]
    for theorem, testimony in zip(theorems.values(), testimonies, strict=True):
        if isinstance(testimony, Contradicts):
            raise Contradicted(f"{theorem} is proved, but a random trial refutes it.")
    return all(isinstance(testimony, witness.Agrees) for testimony in testimonies)


def _testimony(theorem: Theorem) -> Testimony:
    lhs, rhs, ground = theorem.lhs, theorem.rhs, theorem.ground
    purse = Purse(WORK)
    outcome = witness.trial(lhs, rhs, ground.context, purse=purse)
    return tested(ground.translation, outcome, lhs, rhs, ground.context, purse)


def differentiated(derivation: Derivation) -> int:
    """How many derivatives of the index proofs SymPy has taken, each in agreement; raises Contradicted.

    Derivatives of an unknown J are not among them: SymPy has no name for a function of a whole column.
    """
    from derivations.symbolic.differentiation import Differentiation, NotInIndexForm

    count = 0
    for proof in (proof for proof in derivation.proofs if proof.form == "index"):
        ground = proof.conclusion.ground.bare
        sympy = Differentiation(ground.translation)
        for formula in _derivatives([proof.conclusion.lhs, *(step.theorem.rhs for step in proof.steps)]):
            settled = ground.settled(formula)
            try:
                if isinstance(settled, Partial) and not sympy.agrees(settled):
                    raise Contradicted(f"SymPy differs on a derivative of {derivation.name}: {formula}")
                count += 1
            except NotInIndexForm:
                continue
    return count


def _derivatives(formulas: list[Formula]) -> list[Formula]:
    return list(dict.fromkeys(n for formula in formulas for n in walk(formula) if isinstance(n, Derivative)))


def confirm_entries(found: Explicit, widths: Sequence[int]) -> None:
    """SymPy's matrices have the entries that were written out; raises Contradicted."""
    from derivations.equations.explicit import Entries
    from derivations.symbolic.matrices import Matrices

    matrices = Matrices(Entries(found.theorem.ground, widths).of)
    for side, rows in ((found.theorem.lhs, found.lhs), (found.theorem.rhs, found.rhs)):
        if not matrices.agree(side, rows):
            raise Contradicted(f"SymPy's matrix differs from the entries written for {found.theorem}.")
