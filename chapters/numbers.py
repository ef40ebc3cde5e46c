"""A formula turned into NumPy: the settled form, operation by operation, on given arrays.

So what has been proved is what runs: ``numeric`` computes the same quantities from code of its own, and the tests hold
the two to agree. Formulas with derivatives or sums over an index letter are not evaluated here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from derivations.formula import Formula, Layer
from derivations.setting import Context, Setting
from derivations.settling import Settler
from derivations.shapes import (
    Add,
    Diagonal,
    ElementPower,
    Elementwise,
    Extent,
    Filled,
    Hadamard,
    Identity,
    MatrixProduct,
    Scale,
    Settled,
    Shape,
    Softmax,
    Spread,
    Total,
    Turned,
    Variable,
    Width,
    WidthValue,
)
from numeric.activations import activation

Array: TypeAlias = npt.NDArray[np.float64]
Key: TypeAlias = tuple[str, Layer | None]

_PLAIN: Final = {"exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": np.abs, "sign": np.sign}
"""Functions that are no activations."""


def evaluate(
    formula: Formula,
    setting: Setting,
    arrays: Mapping[Key, Array],
    widths: Mapping[str, int],
    layers: Mapping[str, int],
) -> Array:
    """The value of a formula.

    arrays: each quantity by name and layer, ``("W", Layer("", 2))``, as a matrix (columns are n × 1).
    widths: each width by name, ``n_2`` or ``m``. layers: what l and L stand for.
    Raises KeyError for a quantity that is not given, NotImplementedError for an operation that has no place here.
    """
    settled = Settler(Context.of(setting, [formula])).settle(formula)
    return _Evaluation(arrays, widths, layers).value(settled)


class _Evaluation:
    def __init__(self, arrays: Mapping[Key, Array], widths: Mapping[str, int], layers: Mapping[str, int]) -> None:
        self.arrays, self.widths, self.layers = arrays, widths, layers

    def layer(self, layer: Layer | None) -> Layer | None:
        return None if layer is None else Layer("", self.layers.get(layer.base, 0) + layer.offset)

    def extent(self, extent: Extent) -> int:
        if isinstance(extent, Width):
            return self.widths[str(Width(extent.name, self.layer(extent.layer)))]
        return extent

    def shape(self, shape: Shape) -> tuple[int, int]:
        return self.extent(shape.rows), self.extent(shape.columns)

    def value(self, node: Settled) -> Array:
        value: Any = self._value(node)
        return np.asarray(value, dtype=np.float64)

    def _value(self, node: Settled) -> Any:
        match node:
            case Filled(number):
                return np.full(self.shape(node.shape), float(number))
            case Identity():
                return np.eye(self.shape(node.shape)[0])
            case WidthValue(width):
                return np.full((1, 1), self.extent(width))
            case Variable(name, layer):
                return self.arrays[name, self.layer(layer)]
            case Add(left, right):
                return self.value(left) + self.value(right)
            case Scale(factor, of):
                return self.value(factor) * self.value(of)
            case MatrixProduct(left, right):
                return self.value(left) @ self.value(right)
            case Hadamard(left, right):
                return self.value(left) * self.value(right)
            case ElementPower(of, exponent):
                return self.value(of) ** float(exponent)
            case Turned(of):
                return self.value(of).T
            case Spread(of):
                return np.broadcast_to(self.value(of), self.shape(node.shape))
            case Diagonal(of):
                return np.diag(self.value(of).ravel())
            case Total(of, axes):
                return self.value(of).sum(axis=tuple(["rows", "columns"].index(a) for a in axes), keepdims=True)
            case Softmax(of, axis):
                along = 0 if axis == "rows" else 1
                powers = np.exp(self.value(of) - self.value(of).max(axis=along, keepdims=True))
                return powers / powers.sum(axis=along, keepdims=True)
            case Elementwise(function, _, 0, of) if function in _PLAIN:
                return _PLAIN[function](self.value(of))
            case Elementwise(function, _, order, of) if order <= 1:
                row = activation(function)
                return (row.derivative if order else row.value)(self.value(of))
            case _:
                raise NotImplementedError(f"{type(node).__name__} is not evaluated here")
