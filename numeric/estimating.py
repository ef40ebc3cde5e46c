"""The numeric side of a check: ∂J/∂z^l, ∂J/∂W^l and ∂J/∂b^l by differences of J, for every entry.

A weight is moved by a step that moves z by h at most (h_W = h / max |a_k|), so that one h suits all layers. A weight
whose input is 0 in every sample moves nothing: its derivative is 0, and no pass is spent on it.
The error of δ^l is not used for W^l, nor is δ_j a_k ever formed: that would be BP4 itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric.arrays import Array
from numeric.dual import Dual
from numeric.literal import moved_column, moved_total
from numeric.methods import EPS, Estimate, Method
from numeric.neighbourhood import Neighbourhood
from numeric.network import costs
from numeric.sparse import Pairs, change, pairs

PROBE: Final = 512.0
"""By how much the steps of the probes are longer: the error of finite steps is then PROBE² larger, and seen."""
PROBES: Final = 8
"""Directions of each neuron that are probed."""
MISSED: Final = 3.0
"""What the directions that are not probed may have more of it."""


@dataclass(frozen=True, slots=True)
class Directions:
    """How z^l_j answers to each parameter of neuron j of one layer: the same for every j.

    ``moves[i, p]`` is the movement of z^l_j in sample i for one unit of t, of which the largest is 1 (0 for an input
    that is 0 throughout); ``scale[p]`` is what a unit of the parameter is in units of t. The last p is the bias.
    """

    moves: Array
    scale: Array

    @property
    def alive(self) -> Array:
        return np.flatnonzero(self.scale)


def directions(near: Neighbourhood, layer: int) -> Directions:
    """[a^(l−1); 1], each row divided by its largest entry."""
    moves = np.vstack([near.done.a[layer - 1], np.ones((1, near.done.batch))])
    scale = np.abs(moves).max(axis=1)
    safe = np.where(scale > 0, scale, 1.0)
    return Directions(np.ascontiguousarray((moves / safe[:, None]).T), scale)


def rounding(near: Neighbourhood) -> float:
    """The rounding error of Σ C, about: what rounding z^L and a^L does to it, and where it is added up, that too.

    Rounding z^L_ji by ε z changes C by ε z ∂C/∂z, which is found from C at z ± 10⁻⁶ |z|; the errors of the entries
    are independent, so their squares add up. The derivative is taken per unit of |z| + 1, since a is rounded too.
    """
    size = np.abs(near.done.z[-1]) + 1.0
    layer = near.network.depth
    sway = (near.each(layer, 1e-6 * size) - near.each(layer, -1e-6 * size)) / 2e-6
    total = costs(near.network, near.done, near.y).sum() if near.network.loss.change is None else 0.0
    return float(EPS * (2.0 * np.sqrt((sway * sway).sum()) + total))


def parameters_of(near: Neighbourhood, layer: int, how: Method, noise: float, literal: bool) -> Estimate:
    """∂J/∂[W^l b^l] as n_l × (n_(l−1) + 1): the bias is the last column."""
    towards, n = directions(near, layer), near.network.widths[layer]
    alive = towards.alive
    moves = np.ascontiguousarray(towards.moves[:, alive])
    probed = (
        np.linspace(0, len(alive) - 1, PROBES).astype(int) if how.probed and not (literal or near.has_kinks) else None
    )
    if probed is not None:
        moves = np.hstack([moves, PROBE * moves[:, probed]])
    value, off, truncation = np.zeros((3, n, len(towards.scale)))
    few = pairs(near, layer, moves) if how.real and not literal else None
    for neuron in range(n) if len(alive) else ():
        if literal:
            F = _literally(near, layer, neuron, towards, alive)
        else:
            F = _at_once(near, layer, neuron, moves, few)
        found = _estimate(near, how, F, noise)
        if probed is not None:
            found = _with_probes(found, probed)
        value[neuron, alive], off[neuron, alive] = found.value, found.rounding
        truncation[neuron, alive] = found.truncation
    return Estimate(value, off, truncation).times(towards.scale / near.done.batch)


def _estimate(near: Neighbourhood, how: Method, F: Callable[[Any], Any], noise: float) -> Estimate:
    """dF/dt, with shorter steps where there are kinks; what is crossed all the same is looked at again."""
    if not near.has_kinks or how.by_kinks == 1.0:
        return how.estimate(F, noise)
    return how.estimate(lambda t: F(how.by_kinks * t), noise).times(1.0 / how.by_kinks)


def _with_probes(found: Estimate, probed: Array) -> Estimate:
    """The estimate without its last columns, which were taken with longer steps; they tell what its steps cost."""
    count = found.value.shape[0] - len(probed)
    rough, kept = found.value[count:] / PROBE, found[:count]
    cost = np.abs(rough - kept.value[probed]).max() / PROBE**2
    return Estimate(kept.value, kept.rounding, np.full(count, MISSED * cost))


def _at_once(near: Neighbourhood, layer: int, neuron: int, moves: Array, few: Pairs | None) -> Callable[[Any], Any]:
    if few is not None:
        return lambda t: change(near, layer, neuron, t * moves, few)
    return lambda t: near.total(layer, neuron, t * moves)


def _literally(near: Neighbourhood, layer: int, neuron: int, towards: Directions, alive: Array) -> Callable[[Any], Any]:
    last = len(towards.scale) - 1

    def F(t: Any) -> Any:
        return together(
            [
                moved_total(near, layer, (neuron, 0 if p == last else p), t / towards.scale[p], bias=p == last)
                for p in alive.tolist()
            ]
        )

    return F


def deltas_of(near: Neighbourhood, layer: int, how: Method, noise: float, literal: bool) -> Estimate:
    """∂J/∂z^l, n_l × m."""
    shape = near.done.z[layer - 1].shape
    every = np.ones(shape)

    def F(t: Any) -> Any:
        return near.each(layer, t * every)

    def slowly(t: Any) -> Any:
        return together([moved_column(near, layer, entry, t) for entry in np.ndindex(shape)]).reshape(*shape)

    found = _estimate(near, how, slowly if literal else F, noise)
    if how.probed and not near.has_kinks:
        rough = how.estimate(lambda t: near.each(layer, PROBE * t * every), noise).value / PROBE
        found = Estimate(found.value, found.rounding, MISSED * np.abs(rough - found.value) / PROBE**2)
    return found.times(1.0 / near.done.batch)


def together(values: list[Any]) -> Any:
    """Single numbers as one array of their kind."""
    if any(isinstance(value, Dual) for value in values):
        return Dual(np.array([value.value for value in values]), np.array([value.slope for value in values]))
    return np.array(values)
