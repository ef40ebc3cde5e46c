"""Settling many variants of one formula: what they have in common is settled once."""

from __future__ import annotations

from typing import NamedTuple

from derivations.formula import UNIT, Entry, Formula, IndexSum, Number, Symbol, Unreadable, children
from derivations.setting import Context
from derivations.settling import Settler, Unsupported
from derivations.shapes import Extent, Misfit, Settled
from derivations.work import Purse


class _Outcome(NamedTuple):
    """What a part settles to, or why it does not; and its free index letters, with the widths that they run over."""

    settled: Settled | None
    problem: Exception | None
    letters: dict[str, Extent]


class VariantSettler(Settler):
    """A settler for one variant. Those ``within`` one another, all of one context, share what is known of parts.

    What it notes is lost: notes are for what a reader typed, and nobody typed a variant.
    """

    def __init__(self, context: Context, purse: Purse | None = None, within: VariantSettler | None = None) -> None:
        super().__init__(context, within, purse)
        self._outcomes: dict[Formula, _Outcome] = within._outcomes if within else {}
        self._alone: dict[Formula, bool] = within._alone if within else {}

    def another(self) -> VariantSettler:
        """A settler for another variant."""
        return VariantSettler(self.context, self.purse, self)

    def knows(self, formula: Formula) -> bool:
        return formula in self._outcomes

    def settle(self, formula: Formula) -> Settled:
        if isinstance(formula, Symbol | Number) or not self._stands_alone(formula):
            return super().settle(formula)
        outcome = self._outcomes.get(formula)
        if outcome is None:
            outcome = self._outcomes[formula] = self._outcome(formula)
        if outcome.settled is None:
            assert outcome.problem is not None
            raise outcome.problem.with_traceback(None)
        for letter, width in outcome.letters.items():
            if self.indices.setdefault(letter, width) != width:
                raise Misfit(f"{letter} runs over two widths.", formula.span)
        return outcome.settled

    def _outcome(self, formula: Formula) -> _Outcome:
        outer, self.indices = self.indices, {}
        try:
            return _Outcome(super().settle(formula), None, self.indices)
        except (Misfit, Unreadable, Unsupported) as problem:
            return _Outcome(None, problem, {})
        finally:
            self.indices = outer

    def _stands_alone(self, formula: Formula) -> bool:
        """Whether it is settled alike wherever it stands; Kronecker's δ and a Σ with a limit look around them."""
        alone = self._alone.get(formula)
        if alone is None:
            looks_around = (isinstance(formula, Entry) and formula.of == UNIT) or (
                isinstance(formula, IndexSum) and formula.upper is not None
            )
            alone = not looks_around and all(self._stands_alone(part) for part in children(formula))
            self._alone[formula] = alone
        return alone
