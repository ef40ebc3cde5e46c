"""Slips in BP2, δ^l from δ^(l+1)."""

from __future__ import annotations

from typing import Final

from numeric.arrays import Array
from numeric.equations import bp2, slope
from numeric.slips.scene import Scene, Slip, fitting, z_before


def _after_the_step(s: Scene) -> Array:
    step = s.strength * (s.delta_next @ s.done.a[s.layer].T)
    return bp2(s.W_next - step, s.delta_next, s.slope(s.layer))


def _past(s: Scene) -> Array:
    """δ of the layer after the next."""
    if s.layer + 2 not in s.delta:
        raise ValueError("there is no layer l + 2")
    return s.delta[s.layer + 2]


HIDDEN: Final[tuple[Slip, ...]] = (
    Slip(
        "missing-slope",
        "BP2",
        "σ′(z^l) is missing in δ^l",
        "(W^(l+1))ᵀ δ^(l+1) is ∂J/∂a^l; σ′(z^l) leads on to ∂J/∂z^l.",
        lambda s: s.W_next.T @ s.delta_next,
    ),
    Slip(
        "slope-at-a",
        "BP2",
        "σ′ is taken at a^l instead of z^l",
        "σ′(z^l) = a^l(1 − a^l) already uses a^l; σ′(a^l) applies σ a second time.",
        lambda s: bp2(s.W_next, s.delta_next, s.slope_at_a(s.layer)),
    ),
    Slip(
        "value-for-slope",
        "BP2",
        "σ(z^l) stands where σ′(z^l) belongs",
        "what a small change of z^l does to a^l is the slope σ′(z^l), not the value.",
        lambda s: bp2(s.W_next, s.delta_next, s.done.a[s.layer]),
    ),
    Slip(
        "slope-twice",
        "BP2",
        "σ′(z^l) is multiplied in twice",
        "each layer is passed once, and gives one factor σ′(z^l).",
        lambda s: s.right("BP2") * s.slope(s.layer),
    ),
    Slip(
        "slope-of-next-layer",
        "BP2",
        "σ′ is taken at z^(l+1) instead of z^l",
        "δ^(l+1) contains σ′(z^(l+1)) already; the step to layer l adds σ′(z^l).",
        lambda s: fitting(s, lambda t: bp2(t.W_next, t.delta_next, t.slope(t.layer + 1)), "BP2"),
    ),
    Slip(
        "slope-of-previous-layer",
        "BP2",
        "σ′ is taken at z^(l−1) instead of z^l",
        "δ^l is the derivative by z^l, so σ′ is taken there. Count the list: z^1 is its first entry.",
        lambda s: fitting(s, lambda t: bp2(t.W_next, t.delta_next, slope(t.network, t.layer - 1, z_before(t))), "BP2"),
    ),
    Slip(
        "untransposed-weights",
        "BP2",
        "W^(l+1) is not transposed",
        "an error travels back from each k in layer l+1 to j in layer l: that reads W^(l+1) by columns.",
        lambda s: fitting(s, lambda t: (t.W_next @ t.delta_next) * t.slope(t.layer), "BP2"),
    ),
    Slip(
        "weights-of-wrong-layer",
        "BP2",
        "W^l stands where W^(l+1) belongs",
        "z^l reaches J through z^(l+1) = W^(l+1) a^l + b^(l+1).",
        lambda s: fitting(s, lambda t: bp2(t.at.weights[t.layer - 1], t.delta_next, t.slope(t.layer)), "BP2"),
    ),
    Slip(
        "delta-of-wrong-layer",
        "BP2",
        "δ^(l+2) stands where δ^(l+1) belongs",
        "each δ^l is found from the one before it: keep the new δ for the next step.",
        lambda s: fitting(s, lambda t: bp2(t.W_next, _past(t), t.slope(t.layer)), "BP2"),
    ),
    Slip(
        "weights-updated-first",
        "BP2",
        "W^(l+1) was updated before δ^l was computed from it",
        "all gradients belong to one point: compute them all, and then take the step.",
        _after_the_step,
        fitted=True,
    ),
    Slip(
        "sign-hidden",
        "BP2",
        "δ^l has the wrong sign",
        "BP2 has no minus; the step W − η ∂J/∂W has.",
        lambda s: -s.right("BP2"),
    ),
)
