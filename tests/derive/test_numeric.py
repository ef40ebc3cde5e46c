"""What is derived is what runs: the batch equations, as ``derive`` states them, give the arrays of ``numeric``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from chapters.numbers import evaluate
from derivations.equations.catalogue import derive
from derivations.equations.turning import mapped
from derivations.formula import Binary, Formula, Layer, LossDerivative, Op, Symbol
from derivations.setting import Network, Setting
from derivations.values import replaced
from numeric import Network as NumericNetwork
from numeric import backprop, forward, initialise

# Both sides round every product and sum once; the terms are of size 1 and at most 30 of them are added.
TOLERANCE = 1e-13
WIDTHS, SAMPLES = (4, 3, 5, 2), 6


def with_delta(node: Formula) -> Formula:
    """dZ^l as m δ^l, which is what it means: δ is the derivative of the mean."""
    if isinstance(node, LossDerivative):
        return Binary(Op.PRODUCT, Symbol("m"), replaced(node.by, name="δ"))
    return mapped(node, with_delta)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus", "leaky_relu"])
@pytest.mark.parametrize("loss", ["mse", "bce", "softmax-ce"])
def test_derived_statements_give_the_arrays_of_numeric(loss: str, activation: str) -> None:
    output = {"mse": activation, "bce": "sigmoid", "softmax-ce": "softmax"}[loss]
    asked = Network(loss=loss, activation=activation, output=output, batch="m")
    setting = Setting(network=asked)
    random = np.random.default_rng(5)
    network = NumericNetwork(WIDTHS, hidden=activation, output=output, cost=loss)
    at = initialise(network, "normal", random)
    x, labels = random.standard_normal((WIDTHS[0], SAMPLES)), random.integers(0, WIDTHS[-1], SAMPLES)
    y = np.eye(WIDTHS[-1])[labels].T
    done, gradient = forward(network, at, x), backprop(network, at, x, y)
    arrays = {("x", None): x, ("y", None): y, ("a", Layer("", 0)): x}
    for k in range(1, len(WIDTHS)):
        layer = Layer("", k)
        arrays |= {("W", layer): at.weights[k - 1], ("z", layer): done.z[k - 1], ("a", layer): done.a[k]}
        arrays["δ", layer] = gradient.delta[k - 1]
    widths = {f"n_{k}": n for k, n in enumerate(WIDTHS)} | {"m": SAMPLES}
    depth = len(WIDTHS) - 1

    def of(name: str) -> Callable[[int], np.ndarray]:
        right = with_delta(derive(name, asked).statement.rhs)
        return lambda layer: evaluate(right, setting, arrays, widths, {"l": layer, "L": depth})

    def agree(found: np.ndarray, wanted: np.ndarray) -> None:
        np.testing.assert_allclose(found, wanted, rtol=TOLERANCE, atol=TOLERANCE)

    agree(of("BP1")(depth), SAMPLES * gradient.delta[-1])
    for k in range(1, depth):
        agree(of("BP2")(k), SAMPLES * gradient.delta[k - 1])
    for k in range(1, depth + 1):
        agree(of("BP3")(k), gradient.biases[k - 1])
        agree(of("BP4")(k), gradient.weights[k - 1])
