"""The losses, one row each. J is the mean over the batch of the cost C of each sample.

A cost is written with NumPy functions only, so that it runs on real, complex and dual numbers alike. ``y`` has the
shape of the output; ``axis`` is the one along which a sample's entries lie (0 where a sample is a column).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.activations import activation, softplus
from numeric.arrays import Array
from numeric.errors import misuse

SOFTMAX: Final = "softmax"
ROWS_AT_ONCE: Final = 16


def softmax(z: Any, axis: int) -> Any:
    """e^z / Σ e^z along ``axis``, with the largest entry taken out first."""
    power = np.exp(z - z.real.max(axis=axis, keepdims=True))
    return power / power.sum(axis=axis, keepdims=True)


def output_value(name: str, z: Any, axis: int) -> Any:
    """a^L, for an elementwise output or softmax."""
    return softmax(z, axis) if name == SOFTMAX else activation(name).value(z)


def mse(_z: Any, a: Any, y: Array, axis: int) -> Any:
    """½‖y − a‖² (source A, equation of the squared error)."""
    residual = a - y
    return (0.5 * residual * residual).sum(axis=axis)


def mse_change(a: Any, before: Array, y: Array) -> Any:
    """½‖y − a‖² − ½‖y − before‖² of each row, as d · (½ d + before − y) with d = a − before.

    The large part, which both have, is never added up, so that an order of magnitude less is rounded away.
    """
    if isinstance(a, np.ndarray) and a.dtype.kind == "f" and a.ndim == 2:
        _subtract_row(a, before)
        return 0.5 * np.vecdot(a, a) + a @ (before - y)
    d = a - before
    return (d * (0.5 * d + (before - y))).sum(axis=-1)


def _subtract_row(a: Array, row: Array) -> None:
    """a −= row, in place. Several rows at a time, since NumPy starts anew with each row."""
    whole = len(a) // ROWS_AT_ONCE * ROWS_AT_ONCE if a.flags.c_contiguous else 0
    if whole:
        a[:whole].reshape(-1, ROWS_AT_ONCE * row.size)[...] -= np.broadcast_to(row, (ROWS_AT_ONCE, row.size)).reshape(
            -1
        )
    a[whole:] -= row


def bce(z: Any, _a: Any, y: Array, axis: int) -> Any:
    """−Σ y log σ(z) + (1 − y) log(1 − σ(z)), from z: softplus(z) − y z never takes the log of 0."""
    return (softplus(z) - y * z).sum(axis=axis)


def softmax_cross_entropy(z: Any, _a: Any, y: Array, axis: int) -> Any:
    """−Σ y log softmax(z), from z: (Σ y) log Σ e^z − Σ y z, with the largest entry taken out first."""
    largest = z.real.max(axis=axis, keepdims=True)
    total = np.exp(z - largest).sum(axis=axis, keepdims=True)
    return (y * (np.log(total) + largest - z)).sum(axis=axis)


@dataclass(frozen=True, slots=True)
class Loss:
    """C, and what BP1 needs of it, for one sample a column.

    ``gradient`` is ∇_a C, if the loss takes any output. ``delta`` is ∂C/∂z^L, if the loss belongs to the output
    named ``output``: then σ′(z^L) has been divided out by hand, and must not be multiplied in again.
    ``by_entry`` says that C is a sum over entries, each of which depends on its own z only (if the output is
    elementwise). ``change`` is C of each row of outputs less C of one row, for that case; it may use a real array of
    outputs as scratch paper.
    """

    name: str
    cost: Callable[[Any, Any, Array, int], Any]
    gradient: Callable[[Array, Array], Array]
    delta: Callable[[Array, Array], Array] | None = None
    output: str | None = None
    by_entry: bool = True
    change: Callable[[Any, Array, Array], Any] | None = None


def _ratio(a: Array, y: Array) -> Array:
    """∇_a of the binary cross entropy: (a − y) / (a (1 − a))."""
    return np.asarray((a - y) / (a * (1.0 - a)))


LOSSES: Final[dict[str, Loss]] = {
    row.name: row
    for row in (
        Loss("mse", mse, gradient=lambda a, y: a - y, change=mse_change),
        Loss("bce", bce, gradient=_ratio, delta=lambda a, y: a - y, output="sigmoid"),
        Loss(
            "softmax-ce",
            softmax_cross_entropy,
            gradient=lambda a, y: -y / a,
            delta=lambda a, y: a * y.sum(axis=0, keepdims=True) - y,
            output=SOFTMAX,
            by_entry=False,
        ),
    )
}


def loss(name: str) -> Loss:
    """The row of this name.

    :raises MisuseError: if there is none.
    """
    try:
        return LOSSES[name]
    except KeyError:
        names = ", ".join(sorted(LOSSES))
        raise misuse(wording.UNKNOWN_NAME, wording.KNOWN_NAMES_HINT, kind="loss", seen=name, names=names) from None
