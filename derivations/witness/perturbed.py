"""Matrices that carry derivatives along: forward-mode differentiation over any arithmetic.

An arithmetic under ``Perturbed`` may be ``Perturbed`` itself: a derivative inside a derivative is a tower of two.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from derivations.shapes import AXES, Axis
from derivations.witness.numbers import Arithmetic, FunctionKey, Matrix, Pick

V = TypeVar("V")


class Dual(NamedTuple, Generic[V]):
    """A matrix and its derivative for each entry ("seed") of what it is differentiated by; 0 if missing."""

    value: V
    tangents: dict[int, V]


class Perturbed(Generic[V]):
    """Arithmetic with first derivatives, over any arithmetic."""

    def __init__(self, under: Arithmetic[V]) -> None:
        self.under = under

    def pay(self, numbers: int) -> None:
        self.under.pay(numbers)

    def lifted(self, x: V) -> Dual[V]:
        return Dual(x, {})

    def given(self, x: Matrix) -> Dual[V]:
        return Dual(self.under.given(x), {})

    def size(self, x: Dual[V]) -> tuple[int, int]:
        return self.under.size(x.value)

    def non_negative(self, x: Dual[V]) -> bool:
        return self.under.non_negative(x.value)

    def filled(self, value: Fraction, rows: int, columns: int) -> Dual[V]:
        return Dual(self.under.filled(value, rows, columns), {})

    def unit(self, rows: int, columns: int, row: int, column: int) -> Dual[V]:
        return Dual(self.under.unit(rows, columns, row, column), {})

    def _linear(self, x: Dual[V], rule: Callable[[V], V]) -> Dual[V]:
        return Dual(rule(x.value), {seed: rule(t) for seed, t in x.tangents.items()})

    def _bilinear(self, x: Dual[V], y: Dual[V], rule: Callable[[V, V], V]) -> Dual[V]:
        """(x · y)′ = x′ · y + x · y′ for anything linear in both."""
        tangents = {seed: rule(t, y.value) for seed, t in x.tangents.items()}
        for seed, t in y.tangents.items():
            term = rule(x.value, t)
            tangents[seed] = self.under.add(tangents[seed], term) if seed in tangents else term
        return Dual(rule(x.value, y.value), tangents)

    def _along(self, x: Dual[V], value: V, rule: Callable[[V], V]) -> Dual[V]:
        """A function's value, and its derivative along each tangent."""
        return Dual(value, {seed: rule(t) for seed, t in x.tangents.items()})

    def add(self, x: Dual[V], y: Dual[V]) -> Dual[V]:
        tangents = dict(x.tangents)
        for seed, t in y.tangents.items():
            tangents[seed] = self.under.add(tangents[seed], t) if seed in tangents else t
        return Dual(self.under.add(x.value, y.value), tangents)

    def hadamard(self, x: Dual[V], y: Dual[V]) -> Dual[V]:
        return self._bilinear(x, y, self.under.hadamard)

    def scale(self, factor: Dual[V], x: Dual[V]) -> Dual[V]:
        return self._bilinear(factor, x, self.under.scale)

    def product(self, x: Dual[V], y: Dual[V]) -> Dual[V]:
        return self._bilinear(x, y, self.under.product)

    def turned(self, x: Dual[V]) -> Dual[V]:
        return self._linear(x, self.under.turned)

    def total(self, x: Dual[V], axes: Sequence[Axis]) -> Dual[V]:
        return self._linear(x, lambda v: self.under.total(v, axes))

    def spread(self, x: Dual[V], rows: int, columns: int) -> Dual[V]:
        return self._linear(x, lambda v: self.under.spread(v, rows, columns))

    def gather(self, matrices: Sequence[Dual[V]], picks: Sequence[Sequence[Pick]]) -> Dual[V]:
        def of_seed(seed: int) -> V:
            there = [m.tangents[seed] for m in matrices if seed in m.tangents]
            place = {k: i for i, k in enumerate(k for k, m in enumerate(matrices) if seed in m.tangents)}
            moved = [[(place[p[0]], p[1], p[2]) if p and p[0] in place else None for p in row] for row in picks]
            return self.under.gather(there, moved)

        seeds = sorted({seed for m in matrices for seed in m.tangents})
        return Dual(self.under.gather([m.value for m in matrices], picks), {seed: of_seed(seed) for seed in seeds})

    def power(self, x: Dual[V], exponent: Fraction) -> Dual[V]:
        value = self.under.power(x.value, exponent)
        if not x.tangents or exponent == 0:
            return Dual(value, {})
        slope = self.under.scale(self.under.filled(exponent, 1, 1), self.under.power(x.value, exponent - 1))
        return self._along(x, value, lambda t: self.under.hadamard(slope, t))

    def function(self, key: FunctionKey, order: int, x: Dual[V]) -> Dual[V]:
        value = self.under.function(key, order, x.value)
        if not x.tangents:
            return Dual(value, {})
        slope = self.under.function(key, order + 1, x.value)
        return self._along(x, value, lambda t: self.under.hadamard(slope, t))

    def softmax(self, x: Dual[V], axis: Axis) -> Dual[V]:
        """s′ = s ⊙ (x′ − Σ s ⊙ x′), the sum along the axis."""
        under, size = self.under, self.size(x)
        s = under.softmax(x.value, axis)
        minus = under.filled(Fraction(-1), 1, 1)

        def along(t: V) -> V:
            mean = under.spread(under.total(under.hadamard(s, t), (axis,)), *size)
            return under.hadamard(s, under.add(t, under.scale(minus, mean)))

        return self._along(x, s, along)

    def determinant(self, x: Dual[V]) -> Dual[V]:
        """det′ = det · tr(x⁻¹ x′)."""
        under, value = self.under, self.under.determinant(x.value)
        if not x.tangents:
            return Dual(value, {})
        inverse = under.turned(under.inverse(x.value))
        return self._along(x, value, lambda t: under.scale(value, under.total(under.hadamard(inverse, t), AXES)))

    def inverse(self, x: Dual[V]) -> Dual[V]:
        """(x⁻¹)′ = −x⁻¹ x′ x⁻¹."""
        under, inverse = self.under, self.under.inverse(x.value)
        minus = under.filled(Fraction(-1), 1, 1)
        return self._along(x, inverse, lambda t: under.scale(minus, under.product(under.product(inverse, t), inverse)))
