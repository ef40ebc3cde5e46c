"""The four equations of backpropagation in NumPy: column vectors, denominator layout (source A, BP1–BP4).

J is the mean over the batch, so each column of δ^l = ∂J/∂z^l carries the factor 1/m, and BP3 and BP4 only sum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from numeric.arrays import Array
from numeric.losses import SOFTMAX
from numeric.network import Network, Parameters, Pass, forward


@dataclass(frozen=True, slots=True)
class Gradient:
    """δ^l, ∂J/∂W^l and ∂J/∂b^l for l = 1 … L; layer l is at place l − 1."""

    delta: tuple[Array, ...]
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


def bp1(network: Network, done: Pass, y: Array) -> Array:
    """δ^L = ∇_a J ⊙ σ′(z^L); for softmax the Jacobian in place of σ′; a^L − y where the loss divides σ′ out."""
    z, a, m = done.z[-1], done.a[-1], done.batch
    if network.loss.delta is not None:
        return np.asarray(network.loss.delta(a, y) / m)
    nabla = network.loss.gradient(a, y) / m
    row = network.activation(network.depth)
    if row is None:
        return np.asarray(a * (nabla - (a * nabla).sum(axis=0, keepdims=True)))
    return np.asarray(nabla * row.derivative(z))


def bp2(next_weights: Array, next_delta: Array, slope: Array) -> Array:
    """δ^l = (W^(l+1))ᵀ δ^(l+1) ⊙ σ′(z^l)."""
    return np.asarray((next_weights.T @ next_delta) * slope)


def bp3(delta: Array) -> Array:
    """∂J/∂b^l = δ^l 1, the sum over the batch: n_l × 1."""
    return np.asarray(delta.sum(axis=1, keepdims=True))


def bp4(delta: Array, a_before: Array) -> Array:
    """∂J/∂W^l = δ^l (a^(l−1))ᵀ: n_l × n_(l−1)."""
    return np.asarray(delta @ a_before.T)


def slope(network: Network, layer: int, z: Array) -> Array:
    """σ′(z^l) of an elementwise layer."""
    row = network.activation(layer)
    if row is None:
        raise ValueError(f"{SOFTMAX} has a Jacobian, not a slope for each entry")
    return row.derivative(z)


def backward(network: Network, at: Parameters, done: Pass, y: Array) -> Gradient:
    """All the gradients, from the last layer to the first (source A, steps 3 to 5)."""
    with np.errstate(over="ignore", under="ignore"):
        delta = [bp1(network, done, y)]
        for layer in range(network.depth - 1, 0, -1):
            delta.insert(0, bp2(at.weights[layer], delta[0], slope(network, layer, done.z[layer - 1])))
        return Gradient(
            tuple(delta),
            tuple(bp4(d, a) for d, a in zip(delta, done.a[:-1], strict=True)),
            tuple(bp3(d) for d in delta),
        )


def backprop(network: Network, at: Parameters, x: Array, y: Array) -> Gradient:
    """A forward pass and the four equations."""
    return backward(network, at, forward(network, at, x), y)
