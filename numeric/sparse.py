"""The fast J for inputs that are mostly 0, such as digits: where a^(l−1)_k is 0, moving w^l_jk moves nothing.

Only the pairs (sample, movement) that do move are followed, each as a column; all the others keep their C, and the
change is 0 exactly. This is for real movements in the layer before an elementwise output, where nearly all the
weights of the lessons' network are; elsewhere ``neighbourhood`` follows every pair.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from numeric.activations import ACTIVATIONS
from numeric.arrays import Array
from numeric.neighbourhood import Neighbourhood

WORTH: Final = 0.6
"""The part of the pairs that may move: beyond it, one product for all of them is faster."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The pairs that move, and for each of them a column of z^L, a^L, and a^L − y as they are before: n_L × pairs.

    ``flat`` is the place of each pair in an m × P array read row by row.

    ``z`` has the sign that the output activation wants. ``paper`` is room for two arrays of the same shape.
    """

    sample: npt.NDArray[np.intp]
    movement: npt.NDArray[np.intp]
    flat: npt.NDArray[np.intp]
    movements: int
    z: Array
    a: Array
    away: Array
    paper: Array


def pairs(near: Neighbourhood, layer: int, moves: Array) -> Pairs | None:
    """The pairs of ``moves`` (m × P) that are not 0; None where following every pair is faster, or needed."""
    network = near.network
    row = network.activation(network.depth)
    if layer != network.depth - 1 or row is None or network.loss.name != "mse":
        return None
    if np.count_nonzero(moves) > WORTH * moves.size:
        return None
    sample, movement = np.nonzero(moves)
    z, a, y = (np.ascontiguousarray(array[:, sample]) for array in (near.done.z[-1], near.done.a[-1], near.y))
    flat = sample * moves.shape[1] + movement
    return Pairs(sample, movement, flat, moves.shape[1], row.sign * z, a, a - y, np.empty((2, *z.shape)))


def change(near: Neighbourhood, layer: int, neuron: int, shifts: Array, which: Pairs) -> Array:
    """The change of Σ C over the batch when z^layer_neuron of sample i is moved by ``shifts[i, p]``, for each p."""
    network, (d, half) = near.network, which.paper
    inner, outer = ACTIVATIONS[network.name(layer)], ACTIVATIONS[network.output]
    z = near.done.z[layer - 1][neuron][which.sample] + shifts.reshape(-1)[which.flat]
    z *= inner.sign
    inner.overwrite(z)
    z -= near.done.a[layer][neuron][which.sample]
    np.multiply(outer.sign * near.at.weights[layer][:, [neuron]], z, out=d)
    d += which.z
    outer.overwrite(d)
    d -= which.a  # ½‖y − a‖² changes by d · (½ d + a − y): see ``losses.mse_change``
    np.multiply(d, 0.5, out=half)
    half += which.away
    half *= d
    return np.bincount(which.movement, weights=half.sum(axis=0), minlength=which.movements)
