"""The networks and batches that are checked where nobody brings their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numeric.arrays import Array
from numeric.losses import LOSSES
from numeric.network import Network, Parameters


@dataclass(frozen=True, slots=True)
class Problem:
    """A network at a point: its parameters and a batch, x (n_0 × m) and y (n_L × m)."""

    network: Network
    at: Parameters
    x: Array
    y: Array

    @property
    def batch(self) -> int:
        """m, the number of samples."""
        return int(self.x.shape[1])


def usual_output(loss: str, hidden: str) -> str:
    """The output activation where nobody chose one: the loss's own, or the hidden one if it bounds, or none."""
    belongs = LOSSES[loss].output if loss in LOSSES else None
    return belongs or (hidden if hidden in ("sigmoid", "tanh") else "identity")


def targets(network: Network, m: int, random: np.random.Generator) -> Array:
    """y, n_L × m: one class a column where there are several outputs, 0 or 1 for a single one that is a probability,
    and any number otherwise."""
    n = network.widths[-1]
    if network.output not in ("sigmoid", "softmax"):
        return np.asarray(random.standard_normal((n, m)))
    if n == 1:
        return random.integers(0, 2, (1, m)).astype(np.float64)
    return np.ascontiguousarray(np.eye(n)[:, random.integers(0, n, m)])


def inputs(network: Network, m: int, random: np.random.Generator) -> Array:
    """x, n_0 × m: grey levels from 0 to 1."""
    return np.asarray(random.random((network.widths[0], m)))
