"""What is drawn for a judge: sizes, numbers and networks that look into the corners.

A wrong function is often wrong in one place only: for a single sample, where all widths are equal, in a deep network,
where |z| is large, after many steps. So the calls of one judging go through all of these. The plainest come first,
since the first call that shows a fault is the one that is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from chapters.labs.judges.cases import Array, distinct, normal
from numeric.losses import output_value
from numeric.network import Network

FARTHEST: Final = 12.0
"""How large |z| gets. In a sigmoid five digits of double precision are lost there, where 1 − a is formed."""
MANY: Final = 12
"""Entries that an array has if it holds large numbers: some of them are small then, and it is not lost to rounding."""


def sizes(random: np.random.Generator, count: int, batch: bool = True) -> list[tuple[int, ...]]:
    """So many widths, and m, call by call: all different, so that a transpose shows in the shape, one sample, two, all
    equal, all 1, one of them 1, and large ones. Without a batch m is 1 throughout.

    Where all are different, m is at least 3: a missing 1/m is not taken for a missing ½.
    """
    lone = int(random.integers(count))
    some, others, more = (distinct(random, count, 2, count + 3) for _ in range(3))
    m = int(random.choice([k for k in range(3, count + 6) if k not in some]))
    equal = int(random.integers(2, 5))
    large = [int(n) for n in random.permutation(np.arange(17, 40))[:count]]
    found = [
        (*some, m),
        (*others, 1),
        (*more, 2),
        (*(1 if k == lone else n for k, n in enumerate(others)), m),
        *((*(1 if k == place else n for k, n in enumerate(more)), 1) for place in range(count)),
        (*[equal] * count, equal),
        (*[1] * count, m),
        (*[1] * count, 1),
        (*large, int(random.integers(41, 70))),
    ]
    return found if batch else [(*widths, 1) for *widths, _ in found]


def in_turn(random: np.random.Generator, values: Sequence[float], count: int) -> list[float]:
    """So many of the values, each of them as often as the others, in an order that is drawn."""
    order = [values[k] for k in random.permutation(len(values))]
    return [order[k % len(order)] for k in range(count)]


def spread(random: np.random.Generator, name: str, *shape: int) -> Array:
    """Inputs z to an activation: of all sizes where there are many, around 1 where there are few; at the kink of an
    activation, where its slope is a matter of taste, none."""
    z = normal(random, *shape)
    if z.size >= MANY:
        evenly = random.permutation(np.linspace(-FARTHEST, FARTHEST, z.size)).reshape(shape)
        z = np.asarray(evenly + 0.01 * z)
        if name in ("sigmoid", "tanh", "softplus", "identity"):
            z.flat[int(random.integers(z.size))] = 0.0
    return z


@dataclass(frozen=True, slots=True)
class Size:
    """A network to be drawn: widths n_0 … n_L, m, and by how much its weights are larger than usual."""

    widths: tuple[int, ...]
    m: int
    weights: float = 1.0


def network_sizes(random: np.random.Generator, batch: bool, several: bool, bold: bool) -> list[Size]:
    """The networks of the calls: depths 1 to 5 and a greater one, with one sample and with many.

    several: whether the last layer has at least two outputs, as a softmax must. bold: whether there are large weights
    among them, as an activation that is bounded can take.
    """
    found = []
    for depth in (2, 3, 1, 4, 5):
        *widths, m = _all_different(random, depth + 1)
        found.append(Size(tuple(widths), m))
    least = 2 if several else 1
    for depth in (1, 2, 3):
        widths = [*_some(random, depth, 1), int(random.integers(least, 4))]
        found.append(Size(tuple(widths), int(random.integers(1, 3))))
    equal, large = int(random.integers(2, 5)), 4.0 if bold else 1.0
    wide = [int(n) for n in random.permutation(np.arange(9, 21))[:4]]
    found += [
        Size((equal,) * 4, equal),
        Size((*[1] * int(random.integers(2, 5)), least), 3),
        Size((*_some(random, 4, 2), least), 1),
        Size((*_some(random, int(random.integers(6, 9)), 2), 2), 4),
        Size(tuple(wide[:2]), int(random.integers(41, 65)), large),
        Size(tuple(wide), int(random.integers(41, 65)), large),
    ]
    return found if batch else [replace(size, m=1) for size in found]


def _all_different(random: np.random.Generator, count: int) -> list[int]:
    """So many widths and an m, all different; m is at least 3."""
    first, *others = sorted(distinct(random, count + 1, 2, max(8, count + 3)))
    *widths, m = (int(n) for n in random.permutation(others))
    return [*(int(n) for n in random.permutation([first, *widths])), m]


def _some(random: np.random.Generator, count: int, least: int) -> list[int]:
    return [int(n) for n in random.integers(least, 5, count)]


def lively(network: Network, size: Size, random: np.random.Generator) -> tuple[list[Array], list[Array], Array]:
    """Weights, biases and inputs at which the hidden neurons are sometimes on and sometimes off: behind a relu that is
    never on there is no gradient, and a slip does not show."""
    n = network.widths
    reach = 3.0 if size.weights > 1 else 1.0  # far from 0 J bends by the first weights: coarse differences show
    x = a = reach * normal(random, n[0], size.m)
    weights, biases = [], []
    for layer in network.layers:
        for _ in range(60):
            W = size.weights * normal(random, n[layer], n[layer - 1]) / np.sqrt(n[layer - 1])
            W /= reach if layer == 1 else 1.0
            b = 0.5 * normal(random, n[layer], 1)
            z = W @ a + b
            if layer == network.depth or _is_lively(z):
                break
        weights.append(W)
        biases.append(b)
        a = np.asarray(output_value(network.name(layer), z, axis=0)) if layer < network.depth else z
    return weights, biases, x


def holds(*sums: tuple[Array, Array]) -> bool:
    """Whether no sum cancels: each array, and the same with all its terms positive. What is left of terms that cancel
    has few right digits in single precision."""
    return all(float(np.abs(total).max()) > 0.1 * float(np.abs(terms).max()) for total, terms in sums)


def _is_lively(z: Array) -> bool:
    """Whether each sample turns a neuron on, and some are off, where there are several; none is on the edge."""
    on = z > 0
    return bool(on.any(axis=0).all() and (z.size < 4 or on.mean() < 0.8) and np.abs(z).min() > 1e-3)
