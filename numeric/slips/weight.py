"""Slips in BP4, ∂J/∂W^l."""

from __future__ import annotations

from typing import Final

from numeric.arrays import Array
from numeric.equations import bp4
from numeric.slips.scene import Scene, Slip, fitting, following, z_before


def _last_buffer(s: Scene) -> Array:
    """δ^1, which every name points at if one array was overwritten from layer to layer."""
    if len({delta.shape for delta in s.delta.values()}) != 1 or s.layer == 1 or 1 not in s.delta:
        raise ValueError("one buffer does not fit all layers")
    return s.delta[1]


WEIGHT: Final[tuple[Slip, ...]] = (
    Slip(
        "outer-transposed",
        "BP4",
        "∂J/∂W^l is transposed",
        "∂J/∂W^l has the shape of W^l: δ^l (a^(l−1))ᵀ, with δ^l first.",
        lambda s: s.right("BP4").T,
        shape_only=True,
    ),
    Slip(
        "own-activation",
        "BP4",
        "a^l stands where a^(l−1) belongs",
        "W^l multiplies what comes into layer l, and that is a^(l−1).",
        lambda s: fitting(s, lambda t: bp4(t.delta[t.layer], t.done.a[t.layer]), "BP4"),
    ),
    Slip(
        "z-for-activation",
        "BP4",
        "z^(l−1) stands where a^(l−1) belongs",
        "W^l multiplies the activation a^(l−1) = σ(z^(l−1)).",
        lambda s: bp4(s.delta[s.layer], z_before(s)),
    ),
    Slip(
        "weights-delta-of-next-layer",
        "BP4",
        "∂J/∂W^l is made of δ^(l+1)",
        "the product pairs δ^l with a^(l−1): one layer apart.",
        lambda s: fitting(s, lambda t: bp4(following(t), t.done.a[t.layer - 1]), "BP4"),
    ),
    Slip(
        "one-buffer",
        "BP4",
        "every δ^l is the same array, overwritten from layer to layer",
        "delta *= … and delta[...] = … change the array that was kept for the layer before. Make a new one.",
        lambda s: bp4(_last_buffer(s), s.done.a[s.layer - 1]),
    ),
    Slip(
        "weights-missing-mean",
        "BP4",
        "1/m is missing in ∂J/∂W^l",
        "J is the mean over the m samples: ∂J/∂W^l needs the same 1/m as ∂J/∂b^l.",
        lambda s: s.m * s.right("BP4"),
    ),
    Slip(
        "weights-mean-twice",
        "BP4",
        "1/m is there twice in ∂J/∂W^l",
        "δ^l carries 1/m already: BP4 only multiplies and sums.",
        lambda s: s.right("BP4") / s.m,
    ),
    Slip(
        "weights-last-sample",
        "BP4",
        "∂J/∂W^l holds one sample only",
        "each sample adds its part: nabla_w += …, where = keeps the last one only.",
        lambda s: bp4(s.delta[s.layer][:, -1:], s.done.a[s.layer - 1][:, -1:]),
    ),
    Slip(
        "weights-sign",
        "BP4",
        "∂J/∂W^l has the wrong sign",
        "∂J/∂W^l is + δ^l (a^(l−1))ᵀ; the minus belongs to the step W − η ∂J/∂W.",
        lambda s: -s.right("BP4"),
    ),
    Slip(
        "weights-accumulated",
        "BP4",
        "∂J/∂W^l was added twice",
        "set the sums to 0 before each batch, or the gradient of the last batch stays in them.",
        lambda s: 2.0 * s.right("BP4"),
    ),
)
