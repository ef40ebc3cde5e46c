"""Slips in BP3, ∂J/∂b^l."""

from __future__ import annotations

from typing import Final

from numeric.equations import bp3
from numeric.slips.scene import Slip, fitting, following

BIAS: Final[tuple[Slip, ...]] = (
    Slip(
        "bias-flat",
        "BP3",
        "∂J/∂b^l has the shape (n,)",
        "the numbers are right, but b^l is n × 1: np.sum(delta, axis=1, keepdims=True).",
        lambda s: s.right("BP3").reshape(-1),
        shape_only=True,
    ),
    Slip(
        "bias-not-summed",
        "BP3",
        "∂J/∂b^l is not summed over the batch",
        "b^l is one column, added to every sample: ∂J/∂b^l is the sum of the columns of δ^l.",
        lambda s: s.delta[s.layer],
        shape_only=True,
    ),
    Slip(
        "bias-wrong-axis",
        "BP3",
        "∂J/∂b^l is summed along the wrong axis",
        "samples are columns: sum along axis=1, and one number is left for each neuron.",
        lambda s: s.delta[s.layer].sum(axis=0),
        shape_only=True,
    ),
    Slip(
        "bias-mean",
        "BP3",
        "∂J/∂b^l is a mean where it should be a sum",
        "δ^l carries 1/m already (or 1/m is divided by afterwards): BP3 only sums.",
        lambda s: s.right("BP3") / s.m,
    ),
    Slip(
        "bias-missing-mean",
        "BP3",
        "1/m is missing in ∂J/∂b^l",
        "J is the mean over the m samples: ∂J/∂b^l needs the same 1/m as ∂J/∂W^l.",
        lambda s: s.m * s.right("BP3"),
    ),
    Slip(
        "bias-last-sample",
        "BP3",
        "∂J/∂b^l holds one sample only",
        "each sample adds its part: nabla_b += …, where = keeps the last one only.",
        lambda s: s.delta[s.layer][:, -1:],
    ),
    Slip(
        "bias-of-next-layer",
        "BP3",
        "∂J/∂b^l is made of δ^(l+1)",
        "∂z^l/∂b^l is the identity: ∂J/∂b^l is made of δ^l.",
        lambda s: fitting(s, lambda t: bp3(following(t)), "BP3"),
    ),
    Slip(
        "bias-sign",
        "BP3",
        "∂J/∂b^l has the wrong sign",
        "b^l is added in z^l = W^l a^(l−1) + b^l: ∂J/∂b^l is + δ^l.",
        lambda s: -s.right("BP3"),
    ),
    Slip(
        "bias-accumulated",
        "BP3",
        "∂J/∂b^l was added twice",
        "set the sums to 0 before each batch, or the gradient of the last batch stays in them.",
        lambda s: 2.0 * s.right("BP3"),
    ),
)
