"""Random networks and batches for the tests: the same seed, the same network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from numeric.arrays import Array
from numeric.initialisation import initialise
from numeric.network import Network, Parameters
from numeric.problem import targets

SETTINGS = (
    ("sigmoid", "sigmoid", "mse"),
    ("tanh", "tanh", "mse"),
    ("tanh", "sigmoid", "bce"),
    ("softplus", "softmax", "softmax-ce"),
    ("sigmoid", "softmax", "mse"),
    ("relu", "identity", "mse"),
)


class Case(NamedTuple):
    network: Network
    at: Parameters
    x: Array
    y: Array


def case(
    seed: int,
    *,
    equal: bool = False,
    depth: int | None = None,
    setting: tuple[str, str, str] | None = None,
    init: str = "xavier",
    zero_biases: bool = False,
) -> Case:
    """A network of 3 or 4 layers; widths from 2 on and the batch all different, or all widths equal."""
    random = np.random.default_rng(seed)
    depth = depth or int(random.integers(3, 5))
    if equal:
        widths = (int(random.integers(3, 6)),) * (depth + 1)
    else:
        widths = tuple(int(n) for n in random.permutation(np.arange(2, 8))[: depth + 1])
    m = int(next(n for n in random.permutation(np.arange(3, 11)) if n not in widths))
    hidden, output, loss = setting or SETTINGS[seed % len(SETTINGS)]
    network = Network(widths, hidden, output, loss)
    at = initialise(network, init, random)
    if not zero_biases:
        at = Parameters(at.weights, tuple(b + 0.3 * random.standard_normal(b.shape) for b in at.biases))
    return Case(network, at, random.standard_normal((widths[0], m)), targets(network, m, random))
