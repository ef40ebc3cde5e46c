"""Dual numbers v + ε s with ε² = 0: one forward pass with them carries a derivative along exactly.

Only the rules of the elementary functions are here (e^v, log, +, ×, ÷, …). Nothing knows of σ′, so a derivative
found this way is independent of the table of activations. (W. K. Clifford, "Preliminary sketch of biquaternions",
1871; for derivatives, R. E. Wengert, "A simple automatic derivative evaluation program", 1964.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from numeric.arrays import Array


class Dual(NDArrayOperatorsMixin):
    """An array of dual numbers: ``value`` and ``slope`` are real arrays of one shape."""

    __slots__ = ("slope", "value")

    def __init__(self, value: Array, slope: Array) -> None:
        self.value, self.slope = np.broadcast_arrays(value, slope)

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    def reshape(self, *shape: int) -> Dual:
        return Dual(self.value.reshape(*shape), self.slope.reshape(*shape))

    def sum(self, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Dual:
        return Dual(
            np.asarray(self.value.sum(axis=axis, keepdims=keepdims)),
            np.asarray(self.slope.sum(axis=axis, keepdims=keepdims)),
        )

    @property
    def real(self) -> Array:
        """The value without its slope: what a branch or a largest entry is chosen by."""
        return self.value

    @property
    def T(self) -> Dual:
        return Dual(self.value.T, self.slope.T)

    def __getitem__(self, key: Any) -> Dual:
        return Dual(self.value[key], self.slope[key])

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        rule = RULES.get(ufunc.__name__)
        if rule is None or method != "__call__" or keywords:
            return NotImplemented
        return rule(*(number if isinstance(number, Dual) else constant(number) for number in inputs))


def constant(number: Any) -> Dual:
    """A number that does not change: slope 0."""
    value = np.asarray(number)
    return Dual(value, np.zeros((), dtype=np.result_type(value.dtype, np.float32)))


def _along(value: Array, derivative: Array, argument: Dual) -> Dual:
    """f(v + ε s) = f(v) + ε f′(v) s."""
    return Dual(value, derivative * argument.slope)


def _exp(a: Dual) -> Dual:
    power = np.exp(a.value)
    return _along(power, power, a)


def _tanh(a: Dual) -> Dual:
    value = np.tanh(a.value)
    return _along(value, 1.0 / np.cosh(np.clip(a.value, -350.0, 350.0)) ** 2, a)


def _choose(first: Array, a: Dual, b: Dual) -> Dual:
    return Dual(np.where(first, a.value, b.value), np.where(first, a.slope, b.slope))


RULES: Final[dict[str, Callable[..., Dual]]] = {
    "add": lambda a, b: Dual(a.value + b.value, a.slope + b.slope),
    "subtract": lambda a, b: Dual(a.value - b.value, a.slope - b.slope),
    "negative": lambda a: Dual(-a.value, -a.slope),
    "multiply": lambda a, b: Dual(a.value * b.value, a.slope * b.value + a.value * b.slope),
    "divide": lambda a, b: Dual(a.value / b.value, a.slope / b.value - a.value / b.value * (b.slope / b.value)),
    "matmul": lambda a, b: Dual(a.value @ b.value, _product(a.slope, b.value) + _product(a.value, b.slope)),
    "exp": _exp,
    "expm1": lambda a: _along(np.expm1(a.value), np.exp(a.value), a),
    "log": lambda a: _along(np.log(a.value), 1.0 / a.value, a),
    "log1p": lambda a: _along(np.log1p(a.value), 1.0 / (1.0 + a.value), a),
    "tanh": _tanh,
    "maximum": lambda a, b: _choose(~(a.value < b.value), a, b),
    "minimum": lambda a, b: _choose(~(a.value > b.value), a, b),
}
"""NumPy's name of a function → its rule. What is not here is not differentiated, and NumPy says so."""


def _product(left: Array, right: Array) -> Array:
    """The matrix product, where a constant's slope is one 0 spread over its shape."""
    if not left.any() or not right.any():
        return np.zeros((), dtype=np.result_type(left, right))
    return np.asarray(left @ right)
