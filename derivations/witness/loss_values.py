"""The value of an unknown loss at a matrix, and its slope there: the derivative by each entry."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property, reduce
from typing import Generic, TypeVar

from derivations.shapes import Axis
from derivations.witness.losses import Factor, LossForm, Term
from derivations.witness.numbers import Arithmetic

V = TypeVar("V")


class LossAt(Generic[V]):
    """A loss at ``at``, in any arithmetic; ``axes`` are those that its sums run over."""

    def __init__(self, arithmetic: Arithmetic[V], form: LossForm, at: V, axes: Sequence[Axis]) -> None:
        self._arithmetic, self._form, self._at, self._axes = arithmetic, form, at, axes

    @cached_property
    def value(self) -> V:
        add = self._arithmetic.add
        value = reduce(add, (self._of_term(term) for term in self._form.terms))
        if not self._form.constants:
            return value
        columns = self._arithmetic.size(value)[1]
        return add(value, self._arithmetic.given([list(self._form.constants[:columns])]))

    @property
    def slope(self) -> V:
        """Of the shape of the argument, as the product rule has it: one term for each factor."""
        slopes = (self._along(term, place) for term in self._form.terms for place in range(len(term.factors)))
        return reduce(self._arithmetic.add, slopes)

    def _of_term(self, term: Term) -> V:
        factors = (self._power(self._inside(factor), factor.outer) for factor in term.factors)
        return self._times(term.coefficient, reduce(self._arithmetic.hadamard, factors))

    def _along(self, term: Term, place: int) -> V:
        """Of (Σ w ⊙ vⁱ)ᵒ it is o (Σ w ⊙ vⁱ)ᵒ⁻¹ · i w ⊙ vⁱ⁻¹; the other factors stay."""
        arithmetic, factor = self._arithmetic, term.factors[place]
        size = arithmetic.size(self._at)
        result = self._times(term.coefficient * factor.inner * factor.outer, self._weighted(factor, factor.inner - 1))
        others = [self._power(self._inside(other), other.outer) for k, other in enumerate(term.factors) if k != place]
        if factor.outer != 1:
            others.append(self._power(self._inside(factor), factor.outer - 1))
        for other in others:
            result = arithmetic.hadamard(result, arithmetic.spread(other, *size))
        return result

    def _inside(self, factor: Factor) -> V:
        return self._arithmetic.total(self._weighted(factor, factor.inner), self._axes)

    def _weighted(self, factor: Factor, exponent: int) -> V:
        power = self._power(self._at, exponent)
        if factor.weights is None:
            return power
        return self._arithmetic.hadamard(self._arithmetic.given([list(row) for row in factor.weights]), power)

    def _power(self, of: V, exponent: int) -> V:
        return of if exponent == 1 else self._arithmetic.power(of, Fraction(exponent))

    def _times(self, factor: Fraction | int, of: V) -> V:
        if factor == 1:
            return of
        return self._arithmetic.scale(self._arithmetic.filled(Fraction(factor), 1, 1), of)
