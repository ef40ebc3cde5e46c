"""The activations, one row each: σ, σ′, where σ has a kink, and its fastest form for real arrays.

``value`` is written with NumPy functions only, so the same formula runs on real, complex and dual numbers: the
gradient checker differentiates *it*, and never looks at ``derivative``, which belongs to the code under test.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.errors import misuse

LEAK: Final = 0.01
"""The slope of leaky_relu left of 0."""


@dataclass(frozen=True, slots=True)
class Activation:
    """σ and σ′, applied entry by entry.

    ``kinks`` are the places where σ or its slope jumps, or (``bends``) where only its curvature does.
    ``overwrite`` replaces a real array, which holds ``sign`` times z, by σ(z), without a temporary array; the sign
    costs nothing in a matrix product that is made anyway, and saves a pass over the array here.
    """

    name: str
    value: Callable[[Any], Any]
    derivative: Callable[[Array], Array]
    overwrite: Callable[[Array], object]
    kinks: tuple[float, ...] = ()
    bends: tuple[float, ...] = ()
    sign: float = 1.0


def sigmoid(z: Any) -> Any:
    """1 / (1 + e^(−z)); e^(−z) is held below e^700, where its square is still a number."""
    return 1.0 / (1.0 + np.exp(-np.maximum(z, -700.0)))


def sigmoid_prime(z: Array) -> Array:
    """σ(z)(1 − σ(z)) = 1 / (2 + e^z + e^(−z)), which keeps its digits in both tails."""
    tail = np.exp(-np.abs(z))
    above = 1.0 + tail
    above *= above
    tail /= above
    return np.asarray(tail)


def overwrite_sigmoid(minus_z: Array) -> None:
    np.exp(minus_z, out=minus_z)
    minus_z += 1.0
    np.reciprocal(minus_z, out=minus_z)


def tanh_prime(z: Array) -> Array:
    """1 − tanh² z = 4 / (e^z + e^(−z))², which keeps its digits in both tails."""
    return 4.0 * sigmoid_prime(2.0 * z)


def softplus(z: Any) -> Any:
    """log(1 + e^z), as max(z, 0) + log(1 + e^(−|z|))."""
    above = np.maximum(z, 0.0)
    return above + np.log1p(np.exp(np.minimum(z, 0.0) - above))


def relu(z: Any) -> Any:
    return np.maximum(z, 0.0)


def leaky_relu(z: Any) -> Any:
    return np.maximum(z, LEAK * z)


def elu(z: Any) -> Any:
    """z above 0, e^z − 1 below."""
    return np.maximum(z, 0.0) + np.expm1(np.minimum(z, 0.0))


def identity(z: Any) -> Any:
    return z


def step(z: Any) -> Any:
    """1 above 0, and 0 at 0 and below (as in a perceptron)."""
    return np.heaviside(z.real, 0.0)


def _above(z: Array, below: float) -> Array:
    """1 above 0 and ``below`` elsewhere, in the precision of z; a NaN stays one."""
    return np.asarray(np.where(z > 0, 1.0, np.where(z <= 0, below, np.nan)).astype(z.dtype))


def _through(value: Callable[[Any], Any]) -> Callable[[Array], object]:
    def overwrite(z: Array) -> None:
        z[...] = value(z)

    return overwrite


ACTIVATIONS: Final[dict[str, Activation]] = {
    row.name: row
    for row in (
        Activation("sigmoid", sigmoid, sigmoid_prime, overwrite_sigmoid, sign=-1.0),
        Activation("tanh", np.tanh, tanh_prime, lambda z: np.tanh(z, out=z)),
        Activation("relu", relu, lambda z: _above(z, 0.0), lambda z: np.maximum(z, 0.0, out=z), kinks=(0.0,)),
        Activation("leaky_relu", leaky_relu, lambda z: _above(z, LEAK), _through(leaky_relu), kinks=(0.0,)),
        Activation("elu", elu, lambda z: np.exp(np.minimum(z, 0.0)), _through(elu), bends=(0.0,)),
        Activation("softplus", softplus, sigmoid, _through(softplus)),
        Activation("identity", identity, np.ones_like, lambda z: z),
        Activation("step", step, lambda z: np.where(np.isnan(z), z, 0.0), _through(step), kinks=(0.0,)),
    )
}
"""softmax is no row: it is not applied entry by entry. See ``outputs``."""


def activation(name: str) -> Activation:
    """The row of this name.

    :raises MisuseError: if there is none.
    """
    try:
        return ACTIVATIONS[name]
    except KeyError:
        names = ", ".join(sorted(ACTIVATIONS))
        raise misuse(
            wording.UNKNOWN_NAME, wording.KNOWN_NAMES_HINT, kind="activation", seen=name, names=names
        ) from None
