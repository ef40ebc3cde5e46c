"""A whole backward pass with one slip in it: what the learner's numbers would be."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from numeric.arrays import Array
from numeric.claimed import Claimed
from numeric.neighbourhood import Neighbourhood
from numeric.slips import Scene, Slip


def layers_of(near: Neighbourhood, slip: Slip) -> range:
    """The layers in which the slip's equation is used."""
    depth = near.network.depth
    return {"BP1": range(depth, depth + 1), "BP2": range(1, depth)}.get(slip.equation, range(1, depth + 1))


def scene(near: Neighbourhood, layer: int, delta: dict[int, Array], strength: float = 0.0) -> Scene:
    return Scene(near.network, near.at, near.done, near.y, layer, delta, strength)


def reenact(near: Neighbourhood, slip: Slip, layers: Collection[int], strength: float = 0.0) -> Claimed:
    """The gradients that come out if ``slip`` is made in these layers, and everything else is right.

    :raises ValueError: if its shapes do not fit, as they would not have fitted for the learner.
    """
    depth = near.network.depth
    delta: dict[int, Array] = {}

    def made(equation: str, layer: int) -> Array:
        here = scene(near, layer, delta, strength)
        if slip.equation == equation and layer in layers:
            return np.asarray(slip.formula(here))
        return here.right(equation)

    delta[depth] = made("BP1", depth)
    for layer in range(depth - 1, 0, -1):
        delta[layer] = made("BP2", layer)
    every = range(1, depth + 1)
    return Claimed(
        weights=tuple(made("BP4", layer) for layer in every),
        biases=tuple(made("BP3", layer) for layer in every),
        delta=tuple(delta[layer] for layer in every),
    )
