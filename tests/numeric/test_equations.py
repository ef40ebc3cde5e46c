"""BP1–BP4 against the literal forward pass with complex steps, and the laws of a batch."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.activations import ACTIVATIONS
from numeric.equations import backprop
from numeric.literal import moved_column, moved_total
from numeric.neighbourhood import neighbourhood
from tests.numeric.random_networks import case

SMOOTH = [name for name, row in ACTIVATIONS.items() if not row.kinks]
ENDS = [("sigmoid", "mse"), ("softmax", "mse"), ("sigmoid", "bce"), ("softmax", "softmax-ce"), ("identity", "mse")]


@pytest.mark.parametrize(("hidden", "end"), list(itertools.product(SMOOTH, ENDS)))
def test_each_equation_against_a_full_forward_pass(hidden: str, end: tuple[str, str]) -> None:
    """Complex steps are exact to rounding: 1e-13 of the largest entry."""
    network, at, x, y = case(5, setting=(hidden, *end))
    near, m = neighbourhood(network, at, x, y), x.shape[1]
    found = backprop(network, at, x, y)
    for layer in network.layers:
        W, b, delta = found.weights[layer - 1], found.biases[layer - 1], found.delta[layer - 1]
        j, k, i = W.shape[0] - 1, W.shape[1] - 1, m - 1
        step = 1e-20j
        for seen, exact in (
            (W[j, k], moved_total(near, layer, (j, k), step)),
            (b[j, 0], moved_total(near, layer, (j, 0), step, bias=True)),
            (delta[j, i], moved_column(near, layer, (j, i), step)),
        ):
            assert seen == pytest.approx(exact.imag / 1e-20 / m, rel=1e-11, abs=1e-13)


@given(seed=st.integers(0, 10_000))
def test_a_batch_is_the_mean_of_its_samples(seed: int) -> None:
    network, at, x, y = case(seed)
    whole = backprop(network, at, x, y)
    singles = [backprop(network, at, x[:, [i]], y[:, [i]]) for i in range(x.shape[1])]
    for layer in range(network.depth):
        for name in ("weights", "biases"):
            mean = np.mean([getattr(single, name)[layer] for single in singles], axis=0)
            np.testing.assert_allclose(getattr(whole, name)[layer], mean, rtol=1e-10, atol=1e-14)


@given(seed=st.integers(0, 10_000))
def test_the_order_of_the_samples_does_not_matter(seed: int) -> None:
    network, at, x, y = case(seed)
    order = np.random.default_rng(seed).permutation(x.shape[1])
    first, second = backprop(network, at, x, y), backprop(network, at, x[:, order], y[:, order])
    for a, b in zip(first.weights, second.weights, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-14)
    for a, b in zip(first.delta, second.delta, strict=True):
        np.testing.assert_allclose(a[:, order], b, rtol=1e-10, atol=1e-14)


def test_shapes_are_the_parameters_own() -> None:
    network, at, x, y = case(2)
    found = backprop(network, at, x, y)
    assert [g.shape for g in found.weights] == [W.shape for W in at.weights]
    assert [g.shape for g in found.biases] == [b.shape for b in at.biases]
