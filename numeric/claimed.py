"""Gradients as somebody claims them: any arrays, not yet believed to have the right shapes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from numeric.arrays import Array
from numeric.equations import Gradient
from numeric.network import Network


@dataclass(frozen=True, slots=True)
class Convention:
    """How somebody holds the arrays: one sample a column or, with ``rows``, one a row; W^l as n_l × n_(l−1) or
    ``turned``, as n_(l−1) × n_l; b^l with both axes or ``flat``, as (n,), which has one axis more here."""

    rows: bool = False
    turned: bool = False
    flat: bool = False

    def given(self, block: Block, shape: tuple[int, ...]) -> tuple[int, ...]:
        """The shape that somebody's own array has, if here it has ``shape``."""
        if self.flat and block.equation == "BP3":
            return shape[:-1]
        turned = self.turned if block.equation == "BP4" else self.rows
        return shape[::-1] if turned else shape

    def wanted(self, block: Block) -> tuple[int, ...]:
        """The shape that somebody's own array should have."""
        if self.flat and block.equation == "BP3":
            return block.shape[:1]
        return self.given(block, block.shape)


COLUMNS = Convention()


@dataclass(frozen=True, slots=True)
class Claimed:
    """∂J/∂W^l, ∂J/∂b^l, and δ^l where the learner gives it (None otherwise); layer l is at place l − 1.

    The arrays have one sample a column. ``own_samples`` says that δ^l is meant as in source D: the derivative of each
    sample's own cost, without 1/m. ``convention`` is the learner's, in which shapes are spoken of.
    """

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    delta: tuple[Array | None, ...] | None = None
    own_samples: bool = False
    convention: Convention = COLUMNS

    @property
    def given(self) -> Iterator[Array]:
        """All the arrays that there are."""
        yield from self.weights
        yield from self.biases
        yield from (delta for delta in self.delta or () if delta is not None)


@dataclass(frozen=True, slots=True)
class Block:
    """One array that is checked: which equation claims it, in which layer, and the shape it must have."""

    equation: str
    layer: int
    shape: tuple[int, int]


def claimed(gradient: Gradient) -> Claimed:
    """The gradient of ``equations`` as a claim like any other."""
    return Claimed(gradient.weights, gradient.biases, gradient.delta)


def with_numbers_as_arrays(network: Network, batch: int, claim: Claimed) -> Claimed:
    """``claim``, where a single number stands for an array of 1 × 1: of one neuron, db may be a plain sum."""
    n = network.widths

    def upright(array: Array, shape: tuple[int, int]) -> Array:
        array = np.asarray(array)
        return array.reshape(shape) if shape == (1, 1) and array.size == 1 else array

    return replace(
        claim,
        weights=tuple(upright(W, (n[k + 1], n[k])) for k, W in enumerate(claim.weights)),
        biases=tuple(upright(b, (n[k + 1], 1)) for k, b in enumerate(claim.biases)),
        delta=claim.delta
        and tuple(None if d is None else upright(d, (n[k + 1], batch)) for k, d in enumerate(claim.delta)),
    )


def blocks(network: Network, batch: int, claim: Claimed) -> Iterator[tuple[Block, Array]]:
    """What is to be checked, from the last layer to the first, each with the array that is claimed for it."""
    n = network.widths
    for layer in reversed(network.layers):
        delta = None if claim.delta is None else claim.delta[layer - 1]
        if delta is not None:
            equation = "BP1" if layer == network.depth else "BP2"
            yield Block(equation, layer, (n[layer], batch)), delta
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
