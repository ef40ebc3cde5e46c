"""Formulas of a sheet in plain NumPy, derivatives by differences: shares no code with the kernel or the witness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    IndexSum,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    walk,
)
from derivations.setting import Setting
from derivations.shapes import Extent, Width

Array: TypeAlias = npt.NDArray[np.float64]

STEP = 1e-5  # of a central difference: its error is of order STEP², that of rounding 1e-16 / STEP


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


FUNCTIONS: dict[str, tuple[Callable[[Array], Array], Callable[[Array], Array]]] = {
    "exp": (np.exp, np.exp),
    "log": (np.log, lambda z: 1 / z),
    "sqrt": (np.sqrt, lambda z: 0.5 / np.sqrt(z)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0) * 1.0),
    "step": (lambda z: (z > 0) * 1.0, np.zeros_like),
    "abs": (np.abs, np.sign),
}
UNKNOWN = (lambda z: z + np.sin(z), lambda z: 1 + np.cos(z))
"""What stands for an elementwise function that is unknown."""


def unknown_loss(of: Array) -> Array:
    """What stands for an unknown loss: every entry counts differently."""
    weights = 1 + np.arange(of.size).reshape(of.shape)
    return np.array([[np.sum(np.cos(weights * of) + of**2 / weights)]])


class Values:
    """A setting with numbers: widths 2, 3, 4 …, arrays at random, definitions worked out."""

    def __init__(self, setting: Setting, seed: int = 1) -> None:
        self.setting = setting
        self.widths = {name: 2 + k for k, name in enumerate(sorted(setting.widths))}
        random = np.random.default_rng(seed)
        self.arrays: dict[str, Array] = {}
        for name, quantity in setting.quantities.items():
            if quantity.shape is None:
                continue
            rows, columns = (self._number(extent) for extent in quantity.shape)
            array = random.uniform(0.2, 1.4, (rows, columns))
            if rows == columns:
                array += np.eye(rows)
            if quantity.properties & {"sums to 1", "columns sum to 1"}:
                array /= array.sum(axis=0, keepdims=True)
            if "rows sum to 1" in quantity.properties:
                array /= array.sum(axis=1, keepdims=True)
            if "symmetric" in quantity.properties:
                array = array + array.T
            self.arrays[name] = array

    def _number(self, extent: Extent) -> int:
        return self.widths[extent.name] if isinstance(extent, Width) else extent

    def of(
        self, node: Formula, letters: Mapping[str, int] | None = None, cut: Mapping[str, Array] | None = None
    ) -> Array:
        """The value of a formula, always two-dimensional; ``cut`` gives defined names a value of their own."""
        letters, cut = letters or {}, cut or {}

        def value(inner: Formula) -> Array:
            return self.of(inner, letters, cut)

        match node:
            case Number(number):
                return np.array([[float(number)]])
            case Symbol(name):
                return self._named(name, letters, cut)
            case Entry(of, indices):
                whole = value(of)
                at = [int(i.name) - 1 if i.number is not None else letters[i.name] for i in indices]
                if len(at) == 1:
                    at = [at[0], 0] if whole.shape[1] == 1 else [0, at[0]]
                return np.array([[whole[at[0], at[1]]]])
            case Transpose(of):
                return value(of).T
            case Negation(of):
                return -value(of)
            case Norm(of):
                return np.array([[np.linalg.norm(value(of))]])
            case Power(of, exponent, elementwise):
                base, power = value(of), value(exponent).item()
                square = base.shape[0] == base.shape[1] > 1 and not elementwise
                return np.linalg.matrix_power(base, int(power)) if square else base**power
            case Apply(function, argument):
                if function.name in self.setting.losses:
                    return unknown_loss(value(argument))
                return FUNCTIONS.get(function.name, UNKNOWN)[function.order](value(argument))
            case Binary(op, left, right):
                return self._binary(op, value(left), value(right))
            case IndexSum(index, body):
                width = self._width(index, body, letters, cut)
                return sum((self.of(body, {**letters, index: k}, cut) for k in range(width)), np.zeros((1, 1)))
            case Call():
                return self._call(node, value)
            case Derivative(of, by):
                return self._derivative(of, by, letters, cut)
        raise NotImplementedError(type(node).__name__)

    def _named(self, name: str, letters: Mapping[str, int], cut: Mapping[str, Array]) -> Array:
        if name in cut:
            return cut[name]
        if name in self.arrays:
            return self.arrays[name]
        if name in self.widths:
            return np.array([[float(self.widths[name])]])
        definition = self.setting.quantities[name].definition
        assert definition is not None
        return self.of(definition, {}, cut)

    @staticmethod
    def _binary(op: Op, left: Array, right: Array) -> Array:
        match op:
            case Op.PLUS:
                return left + right
            case Op.MINUS:
                return left - right
            case Op.PRODUCT if (left.size > 1 and right.size > 1) or left.shape[1] == right.shape[0]:
                return left * right if left.size == 1 else left @ right
            case Op.OVER | Op.QUOTIENT:
                return left / right
            case _:
                return left * right

    def _width(self, index: str, body: Formula, letters: Mapping[str, int], cut: Mapping[str, Array]) -> int:
        for node in walk(body):
            if isinstance(node, Entry) and index in [i.name for i in node.indices]:
                shape = self.of(node.of, letters, cut).shape
                if len(node.indices) == 1:
                    return max(shape)
                return int(shape[[i.name for i in node.indices].index(index)])
        raise NotImplementedError(f"Σ over {index}")

    def _call(self, node: Call, value: Callable[[Formula], Array]) -> Array:
        if node.name in ("ones", "eye", "zeros"):
            sizes = [int(value(part).item()) for part in node.arguments]
            shape = (sizes[0], sizes[1] if len(sizes) == 2 else 1)
            return np.eye(sizes[0]) if node.name == "eye" else np.full(shape, float(node.name == "ones"))
        arguments = [value(part) for part in node.arguments]
        of = arguments[0]
        match node.name:
            case "sum":
                return np.sum(of, axis=node.axis, keepdims=True)
            case "mean":
                return np.mean(of, axis=node.axis, keepdims=True)
            case "sumsq":
                return np.array([[np.sum(of**2)]])
            case "tr":
                return np.array([[np.trace(of)]])
            case "det":
                return np.array([[np.linalg.det(of)]])
            case "inv":
                return np.linalg.inv(of)
            case "diag":
                return np.diag(of.ravel()) if 1 in of.shape else np.diag(of).reshape(-1, 1)
            case "softmax":
                axis = node.axis if node.axis is not None else int(of.shape[0] == 1)
                return np.exp(of) / np.exp(of).sum(axis=axis, keepdims=True)
            case "max":
                return np.maximum(*arguments)
        raise NotImplementedError(node.name)

    # ---- derivatives ----

    def differences(self, of: Formula, by: str, letters: Mapping[str, int], cut: Mapping[str, Array]) -> Array:
        """[i, j, p, q] = ∂of_ij/∂by_pq by central differences, with ``by`` cut from its definition."""
        at = self._named(by, letters, cut)
        columns = []
        for place in np.ndindex(*at.shape):
            up, down = at.copy(), at.copy()
            up[place] += STEP
            down[place] -= STEP
            high, low = (self.of(of, letters, {**cut, by: moved}) for moved in (up, down))
            columns.append((high - low) / (2 * STEP))
        return np.stack(columns, axis=-1).reshape(*columns[0].shape, *at.shape)

    def _derivative(
        self, of: Formula, by: Symbol | Entry, letters: Mapping[str, int], cut: Mapping[str, Array]
    ) -> Array:
        if isinstance(by, Entry):
            assert isinstance(by.of, Symbol)
            all_of_them = self.differences(of, by.of.name, letters, cut)
            assert all_of_them.shape[:2] == (1, 1)
            return self.of(Entry(Symbol("all of them"), by.indices), letters, {"all of them": all_of_them[0, 0]})
        found = self.differences(of, by.name, letters, cut)
        rows, columns, down, across = found.shape
        if rows * columns == 1:
            result = found[0, 0]
        elif down * across == 1:
            result = found[:, :, 0, 0].T
        else:
            assert 1 in (rows, columns)
            assert 1 in (down, across)
            result = found.reshape(rows * columns, down * across).T
        return result if self.setting.layout == "denominator" else result.T
