"""The slow way, beyond doubt: write the moved weight into W^l, run the whole forward pass, take J.

The fast evaluation (``neighbourhood``) is held against this in every check, and ``--literal`` uses nothing else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from numeric.arrays import Array
from numeric.dual import Dual
from numeric.losses import output_value
from numeric.neighbourhood import Neighbourhood


def moved_total(near: Neighbourhood, layer: int, entry: tuple[int, int], by: Any, *, bias: bool = False) -> Any:
    """Σ C over the batch at W^layer + by · e_jk (or b^layer + by · e_j), with every layer computed anew."""
    weights: list[Any] = list(near.at.weights)
    biases: list[Any] = list(near.at.biases)
    place = biases if bias else weights
    place[layer - 1] = _moved(place[layer - 1], entry, by)
    a: Any = near.done.a[0]
    for here, (W, b) in enumerate(zip(weights, biases, strict=True), start=1):
        z = W @ a + b
        a = output_value(near.network.name(here), z, 0)
    return near.network.loss.cost(z, a, near.y, 0).sum()


def moved_column(near: Neighbourhood, layer: int, entry: tuple[int, int], by: Any) -> Any:
    """Σ C over the batch when z^layer_ji alone is moved by ``by``, with every later layer computed anew."""
    z: Any = _moved(near.done.z[layer - 1], entry, by)
    a = output_value(near.network.name(layer), z, 0)
    for here in range(layer + 1, near.network.depth + 1):
        z = near.at.weights[here - 1] @ a + near.at.biases[here - 1]
        a = output_value(near.network.name(here), z, 0)
    return near.network.loss.cost(z, a, near.y, 0).sum()


def _moved(array: Array, entry: tuple[int, int], by: Any) -> Any:
    """``array`` with ``by`` added at ``entry``, as real, complex or dual numbers."""
    unit = np.zeros_like(array)
    unit[entry] = 1.0
    if isinstance(by, Dual):
        return array + unit * by
    out = array.astype(np.result_type(array, np.asarray(by).dtype))
    out[entry] += by
    return out
