"""Gradients as somebody claims them: any arrays, not yet believed to have the right shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from numeric.arrays import Array
from numeric.equations import Gradient
from numeric.network import Network


@dataclass(frozen=True, slots=True)
class Claimed:
    """∂J/∂W^l, ∂J/∂b^l, and δ^l where the learner gives it (None otherwise); layer l is at place l − 1.

    ``own_samples`` says that δ^l is meant as in source D: the derivative of each sample's own cost, without 1/m.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    delta: tuple[Array, ...] | None = None
    own_samples: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """One array that is checked: which equation claims it, in which layer, and the shape it must have."""

    equation: str
    layer: int
    shape: tuple[int, int]


def claimed(gradient: Gradient) -> Claimed:
    """The gradient of ``equations`` as a claim like any other."""
    return Claimed(gradient.weights, gradient.biases, gradient.delta)


def blocks(network: Network, batch: int, claim: Claimed) -> Iterator[tuple[Block, Array]]:
    """What is to be checked, from the last layer to the first, each with the array that is claimed for it."""
    n = network.widths
    for layer in reversed(network.layers):
        if claim.delta is not None:
            equation = "BP1" if layer == network.depth else "BP2"
            yield Block(equation, layer, (n[layer], batch)), claim.delta[layer - 1]
        yield Block("BP3", layer, (n[layer], 1)), claim.biases[layer - 1]
        yield Block("BP4", layer, (n[layer], n[layer - 1])), claim.weights[layer - 1]


def entry_name(block: Block, place: tuple[int, int]) -> str:
    """The entry as the textbook names it, counted from 1."""
    j, k = place[0] + 1, place[1] + 1
    match block.equation:
        case "BP3":
            return f"b^{block.layer}_{j}"
        case "BP4":
            return f"w^{block.layer}_{{{j},{k}}}"
        case _:
            return f"δ^{block.layer}_{j}, sample {k}"
