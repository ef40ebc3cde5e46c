"""Slips in BP1, δ^L."""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.arrays import Array
from numeric.slips.scene import Scene, Slip


def _nabla(s: Scene) -> Array:
    return np.asarray(s.network.loss.gradient(s.done.a[-1], s.y) / s.m)


def _own_slope(s: Scene) -> Array:
    """a(1 − a): what σ′(z^L) is for a sigmoid, and what is often multiplied in for softmax as well."""
    a = s.done.a[-1]
    return np.asarray(a * (1.0 - a)) if s.network.activation(s.layer) is None else s.slope(s.layer)


def _softmax_by_entry(s: Scene) -> Array:
    if s.network.activation(s.layer) is not None:
        raise ValueError("not softmax")
    return np.asarray(_nabla(s) * _own_slope(s))


def _residual_in_place(s: Scene) -> Array:
    """a −= y, and then σ′ from a."""
    r = s.done.a[-1] - s.y
    from_a = {"sigmoid": lambda a: a * (1.0 - a), "tanh": lambda a: 1.0 - a * a}
    if s.network.output not in from_a or s.network.loss.delta is not None:
        raise ValueError("σ′ is not computed from a here")
    return np.asarray(r * from_a[s.network.output](r) / s.m)


OUTPUT: Final[tuple[Slip, ...]] = (
    Slip(
        "missing-slope-output",
        "BP1",
        "σ′(z^L) is missing in δ^L",
        "∇_a J is ∂J/∂a^L; δ^L is ∂J/∂z^L, and a^L = σ(z^L) puts σ′(z^L) between them.",
        _nabla,
    ),
    Slip(
        "slope-at-a-output",
        "BP1",
        "σ′ is taken at a^L instead of z^L",
        "σ′(z^L) = a^L(1 − a^L) already uses a^L; σ′(a^L) applies σ a second time.",
        lambda s: _nabla(s) * s.slope_at_a(s.layer),
    ),
    Slip(
        "extra-slope-output",
        "BP1",
        "σ′(z^L) is multiplied in once too often in δ^L",
        "with cross entropy the σ′(z^L) cancels: δ^L = a^L − y (divided by m).",
        lambda s: s.right("BP1") * _own_slope(s),
    ),
    Slip(
        "softmax-by-entry",
        "BP1",
        "softmax is differentiated entry by entry",
        "each output of softmax depends on every z^L_k: δ^L = a ⊙ (∇_a J − Σ_k a_k ∂J/∂a_k).",
        _softmax_by_entry,
    ),
    Slip(
        "sign-output",
        "BP1",
        "δ^L has the wrong sign",
        "∂/∂a of ½‖y − a‖² is a − y, not y − a: the inner derivative of −a is −1.",
        lambda s: -s.right("BP1"),
    ),
    Slip(
        "factor-two",
        "BP1",
        "δ^L is twice as large",
        "the cost is ½‖y − a‖²: the ½ cancels the 2 of the square. (Or the gradients of two passes were added.)",
        lambda s: 2.0 * s.right("BP1"),
    ),
    Slip(
        "missing-mean",
        "BP1",
        "1/m is missing",
        "J is the mean over the m samples, so every gradient of J carries 1/m.",
        lambda s: s.m * s.right("BP1"),
    ),
    Slip(
        "mean-twice",
        "BP1",
        "1/m is there twice",
        "J carries 1/m once; divide in δ^L or in the sums over the batch, not in both.",
        lambda s: s.right("BP1") / s.m,
    ),
    Slip(
        "mean-over-outputs",
        "BP1",
        "the mean is taken over the outputs too",
        "C is a sum over the outputs of one sample; only the samples are averaged (np.mean averages both).",
        lambda s: s.right("BP1") / s.network.widths[-1],
    ),
    Slip(
        "residual-in-place",
        "BP1",
        "a^L was overwritten by a^L − y before σ′ was computed from it",
        "delta = a; delta -= y changes a itself: both names mean one array. Write delta = a - y.",
        _residual_in_place,
    ),
)
