"""Each way of differentiating: its accuracy, and that its estimate of its own error can be relied on."""

from __future__ import annotations

import numpy as np
import pytest

from numeric.equations import backprop
from numeric.errors import MisuseError
from numeric.estimating import deltas_of, parameters_of, rounding
from numeric.methods import EPS, METHODS, Method, method, richardson
from numeric.neighbourhood import neighbourhood
from tests.numeric.random_networks import case

ROWS = pytest.mark.parametrize("row", METHODS.values(), ids=METHODS.keys())
ACCURACY = {"central": 1e-6, "richardson": 2e-9, "complex": 1e-12, "dual": 1e-12}
"""The largest relative error over all entries, none counted as smaller than 1e-3 of the largest. Richardson keeps 1e-9
on 784-30-10 (``tests.benchmarks``); these small networks are steeper, and their costs are sums of fewer terms."""


@ROWS
def test_known_derivatives(row: Method) -> None:
    """d/dt of e^(t x), tanh(x + t) and log(1 + e^(x + t)) at 0; 4 times the claimed error is never needed."""
    x = np.linspace(-2, 2, 21)
    for F, wanted in (
        (lambda t: np.exp(t * x), x),
        (lambda t: np.tanh(x + t), 1 - np.tanh(x) ** 2),
        (lambda t: np.log1p(np.exp(x + t)), 1 / (1 + np.exp(-x))),
    ):
        found = row.estimate(F, 8 * EPS)
        assert (np.abs(found.value - wanted) <= 4 * found.error).all()
        assert np.abs(found.value - wanted).max() < 1e-8


def test_richardson_is_of_sixth_order() -> None:
    """Half the step, 64 times less error (where rounding is far below)."""

    def error(h: float) -> float:
        return abs(float(richardson(lambda t: np.array(np.exp(3 * t)), 0.0, h).value) - 3)

    assert error(0.5) / error(0.25) == pytest.approx(64, rel=0.1)


@ROWS
@pytest.mark.parametrize("equal", [False, True], ids=["distinct", "equal"])
def test_accuracy_on_networks(row: Method, equal: bool) -> None:
    for seed in range(12):
        network, at, x, y = case(seed, equal=equal)
        if network.hidden == "relu":
            continue
        near, exact = neighbourhood(network, at, x, y), backprop(network, at, x, y)
        noise = rounding(near)
        for layer in network.layers:
            right = np.hstack([exact.weights[layer - 1], exact.biases[layer - 1]])
            for found, wanted in (
                (parameters_of(near, layer, row, noise, False), right),
                (deltas_of(near, layer, row, noise, False), exact.delta[layer - 1]),
            ):
                size = np.maximum(np.abs(wanted), 1e-3 * np.abs(wanted).max())
                assert (np.abs(found.value - wanted) / size).max() <= ACCURACY[row.name], (seed, layer)


@ROWS
def test_literal_gives_the_same(row: Method) -> None:
    network, at, x, y = case(3)
    near = neighbourhood(network, at, x, y)
    noise = rounding(near)
    for layer in network.layers:
        for of in (parameters_of, deltas_of):
            fast, slow = of(near, layer, row, noise, False), of(near, layer, row, 10 * noise, True)
            np.testing.assert_array_less(np.abs(fast.value - slow.value), 4 * (fast.error + slow.error) + 1e-14)


@pytest.mark.long
@ROWS
def test_the_bound_of_each_entry(row: Method) -> None:
    """Over at least 20,000 random entries the error is never more than 10 times what was estimated."""
    entries, worst = 0, 0.0
    for seed in range(400):
        network, at, x, y = case(seed, equal=seed % 2 == 0)
        if network.hidden == "relu":
            continue
        near, exact = neighbourhood(network, at, x, y), backprop(network, at, x, y)
        noise = rounding(near)
        for layer in network.layers:
            right = np.hstack([exact.weights[layer - 1], exact.biases[layer - 1]])
            found = parameters_of(near, layer, row, noise, False)
            # 1e-15 of the largest entry is what the equations themselves may round
            error = np.abs(found.value - right) / (found.error + 1e-15 * np.abs(right).max() + 1e-300)
            worst, entries = max(worst, float(error.max())), entries + right.size
    print(f"{row.name}: {entries} entries, at most {worst:.2f} times the estimate")
    assert entries >= 20_000
    assert worst <= 10


def test_an_unknown_method() -> None:
    with pytest.raises(MisuseError, match="There is no method called 'forward'"):
        method("forward")
