"""What is proved is what runs: the four equations, proved and turned into NumPy, against ``numeric``'s own code."""

from __future__ import annotations

import numpy as np
import pytest

from chapters.numbers import evaluate
from derivations import Network, check
from derivations.formula import Layer
from derivations.reading import read_claim
from derivations.setting import Setting
from numeric import Network as NumericNetwork
from numeric import backprop, forward, initialise

EQUATIONS = [
    ("BP2", "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
    ("BP3", "∂J/∂b^l = sum(δ^l, axis=1)"),
    ("BP4", "∂J/∂W^l = δ^l (a^{l-1})^T"),
]
OUTPUT = {
    "mse": "δ^L = 1/m (a^L - y) ⊙ σ'(z^L)",
    "bce": "δ^L = 1/m (a^L - y)",
    "softmax-ce": "δ^L = 1/m (a^L - y)",
}
# Both sides round every product and sum once; the terms are of size 1 and at most 30 of them are added.
TOLERANCE = 1e-14


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus", "elu"])
@pytest.mark.parametrize("loss", ["mse", "bce", "softmax-ce"])
def test_proved_formulas_give_the_arrays_of_numeric(loss: str, activation: str) -> None:
    output = {"mse": activation, "bce": "sigmoid", "softmax-ce": "softmax"}[loss]
    asked = Network(loss=loss, activation=activation, output=output, batch="m")
    setting = Setting(network=asked)
    random = np.random.default_rng(3)
    network = NumericNetwork((4, 3, 5, 2), hidden=activation, output=output, cost=loss)
    at = initialise(network, "normal", random)
    x, labels = random.standard_normal((4, 6)), random.integers(0, 2, 6)
    y = np.eye(2)[labels].T
    done = forward(network, at, x)
    gradient = backprop(network, at, x, y)
    arrays = {("x", None): x, ("y", None): y}
    for k in range(1, 4):
        layer = Layer("", k)
        arrays |= {("W", layer): at.weights[k - 1], ("b", layer): at.biases[k - 1], ("z", layer): done.z[k - 1]}
        arrays |= {("a", layer): done.a[k], ("δ", layer): gradient.delta[k - 1]}
    arrays["a", Layer("", 0)] = x
    widths = {f"n_{k}": n for k, n in enumerate(network.widths)} | {"m": 6}

    def of(claim: str, l: int) -> np.ndarray:  # noqa: E741
        (verdict,) = check(claim, asked)
        assert verdict.verdict == "proved", claim
        right = read_claim(claim, setting.vocabulary).sides[1]
        return evaluate(right, setting, arrays, widths, {"l": l, "L": 3})

    np.testing.assert_allclose(of(OUTPUT[loss], 3), gradient.delta[2], rtol=TOLERANCE, atol=TOLERANCE)
    for name, claim in EQUATIONS:
        for k in range(1, 3 if name == "BP2" else 4):
            wanted = {"BP2": gradient.delta, "BP3": gradient.biases, "BP4": gradient.weights}[name][k - 1]
            np.testing.assert_allclose(of(claim, k), wanted, rtol=TOLERANCE, atol=TOLERANCE)
