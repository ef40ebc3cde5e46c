"""The values of expressions at given widths: what a formula *means*, by NumPy alone.

A value is a complex array of two axes. A derivative is a complex step; a derivative inside another one is a central
difference of fourth order, whose real and imaginary parts keep their own relative precision.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

import numpy as np

from tests.outsider.trees import SCALAR, Node, Shape

Array = np.ndarray[Any, Any]


class NoValue(Exception):  # noqa: N818
    """There is no value here: a division by 0, a logarithm of something negative, a kink."""


@dataclass
class World:
    """Where an expression has its value: widths, quantities, what index letters stand for, and perhaps a network."""

    widths: dict[str, int]
    values: dict[str, Array]
    indices: dict[str, int] = field(default_factory=dict)
    depth: int = 0  # how many derivatives are being taken
    net: Any = None

    def size(self, shape: Shape) -> tuple[int, int]:
        rows, columns = (1 if d == "1" else self.widths[d] for d in shape)
        return rows, columns


def _sigmoid(z: Array) -> Any:
    return 1 / (1 + np.exp(-z))


def _not_0(z: Array) -> Any:
    if np.any(np.abs(z) < 1e-9):
        raise NoValue
    return z


def _positive(z: Array) -> Any:
    if np.any(z.real < 1e-9):
        raise NoValue
    return z


FUNCTIONS: dict[str, Sequence[Callable[[Array], Any]]] = {
    "exp": [np.exp] * 3,
    "log": [lambda z: np.log(_positive(z)), lambda z: 1 / _not_0(z), lambda z: -1 / _not_0(z) ** 2],
    "sqrt": [lambda z: np.sqrt(_positive(z)), lambda z: 0.5 / np.sqrt(_positive(z))],
    "tanh": [np.tanh, lambda z: 1 - np.tanh(z) ** 2, lambda z: -2 * np.tanh(z) * (1 - np.tanh(z) ** 2)],
    "sigmoid": [
        _sigmoid,
        lambda z: _sigmoid(z) * (1 - _sigmoid(z)),
        lambda z: _sigmoid(z) * (1 - _sigmoid(z)) * (1 - 2 * _sigmoid(z)),
    ],
    "relu": [lambda z: z * (z.real > 0), lambda z: (_not_0(z).real > 0) + 0j],
    "abs": [lambda z: z * np.sign(z.real), lambda z: np.sign(_not_0(z).real) + 0j],
    "sign": [lambda z: np.sign(z.real) + 0j],
    "step": [lambda z: (_not_0(z).real > 0) + 0j],
    "f": [  # any function will do
        lambda z: np.sin(1.3 * z) + 0.2 * z * z + 0.4,
        lambda z: 1.3 * np.cos(1.3 * z) + 0.4 * z,
        lambda z: -1.69 * np.sin(1.3 * z) + 0.4,
    ],
}
"""Each function with its derivatives."""


def _inverse(a: Array) -> Any:
    if abs(np.linalg.det(a)) < 1e-3:
        raise NoValue
    return np.linalg.inv(a)


VALUES: dict[str, Callable[..., Any]] = {
    "add": lambda n, a, b: a + b,
    "sub": lambda n, a, b: a - b,
    "neg": lambda n, a: -a,
    "mul": lambda n, a, b: a * b if n.args[0].is_scalar or n.args[1].is_scalar else a @ b,
    "had": lambda n, a, b: a * b,
    "div": lambda n, a, b: a / _not_0(b),
    "quo": lambda n, a, b: a / _not_0(b),
    "pow": lambda n, a: np.linalg.matrix_power(a, n.data),
    "epow": lambda n, a: a**n.data,
    "T": lambda n, a: a.T,
    "fun": lambda n, a: FUNCTIONS[n.data[0]][n.data[1]](a),
    "softmax": lambda n, a: np.exp(a) / np.exp(a).sum(axis=0),
    "tr": lambda n, a: np.trace(a),
    "det": lambda n, a: np.linalg.det(a),
    "inv": lambda n, a: _inverse(a),
    "diag": lambda n, a: np.diag(a[:, 0]),
    "rowsum": lambda n, a: a.sum(axis=1, keepdims=True),
    "sum": lambda n, a: a.sum(),
    "normsq": lambda n, a: (a * a).sum(),
    "norm": lambda n, a: np.sqrt((a * a).sum()),
}


def value(node: Node, world: World) -> Array:
    """The value of an expression; raises NoValue."""
    with np.errstate(all="ignore"):
        result = _value(node, world)
    if not np.all(np.isfinite(result)) or np.any(np.abs(result) > 1e9):
        raise NoValue
    return result


def _value(node: Node, world: World) -> Array:
    match node.op:
        case "sym":
            return world.values[node.data]
        case "num":
            result = complex(node.data)
        case "width":
            result = complex(world.widths[node.data])
        case "ones":
            return np.ones(world.size(node.shape or SCALAR), complex)
        case "eye":
            return np.eye(world.widths[node.rows], dtype=complex)
        case "grad":
            return _derivative(node, world)
        case "Sum":
            index, width = node.data
            terms = range(world.widths[width])
            return sum(_value(node.args[0], replace(world, indices={**world.indices, index: k})) for k in terms)  # type: ignore[return-value]
        case "entry":
            array = _value(node.args[0], world)
            at = [world.indices[index] for index in node.data] + [0]
            if at[0] >= array.shape[0] or at[1] >= array.shape[1]:
                raise NoValue
            result = array[at[0], at[1]]
        case "net" | "netgrad" | "netfun":
            found: Array = world.net.value(node, world)
            return found
        case _:
            result = VALUES[node.op](node, *(_value(arg, world) for arg in node.args))
    return np.full((1, 1), result) if np.ndim(result) == 0 else result


def _derivative(node: Node, world: World) -> Array:
    of, by = node.args
    name, at = by.data, world.values[by.data]

    def moved(k: int, step: complex) -> Array:
        new = np.array(at, complex)
        new.flat[k] += step
        return _value(of, replace(world, values={**world.values, name: new}, depth=world.depth + 1))

    def slope(k: int, h: float = 2e-4) -> Array:
        if world.depth == 0:
            return moved(k, 1e-20j).imag / 1e-20 + 0j
        return (8 * (moved(k, h) - moved(k, -h)) - (moved(k, 2 * h) - moved(k, -2 * h))) / (12 * h)

    slopes = np.array([slope(k)[:, 0] for k in range(at.size)])  # (j, k) = ∂of_k/∂by_j
    found = slopes.reshape(at.shape) if of.is_scalar else slopes
    return found if node.data == "denominator" else found.T


def same(left: Node, right: Node, worlds: Sequence[World], free: tuple[tuple[str, str], ...] = ()) -> bool | None:
    """Whether two expressions have one value in all worlds, at all values of the free indices; None if that is open."""
    seen = False
    for world in worlds:
        for at in product(*(range(world.widths[width]) for _, width in free)):
            here = replace(world, indices=dict(zip([i for i, _ in free], at, strict=True)))
            try:
                a, b = value(left, here), value(right, here)
            except (NoValue, np.linalg.LinAlgError):
                continue
            seen = True
            error = np.max(np.abs(a - b)) / (1 + np.max(np.abs(a)) + np.max(np.abs(b)))
            if error > 1e-7:
                return False if error > 1e-4 else None
    return True if seen else None
