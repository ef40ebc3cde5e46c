"""Training against a loop over single samples, written as source A writes it; ratios within one run."""

from __future__ import annotations

import time

import numpy as np
import pytest

from numeric import Network, initialise
from numeric.data.samples import Data, Samples
from numeric.training.learning import Settings, begin, learn

pytestmark = pytest.mark.long


class SourceA:
    """The network of source A: one sample at a time, a list of arrays for each."""

    def __init__(self, weights, biases) -> None:
        self.weights, self.biases = weights, biases

    def backprop(self, x, y):
        activation, activations, zs = x, [x], []
        for b, w in zip(self.biases, self.weights, strict=True):
            zs.append(np.dot(w, activation) + b)
            activation = self.sigmoid(zs[-1])
            activations.append(activation)
        nabla_b, nabla_w = [np.zeros(b.shape) for b in self.biases], [np.zeros(w.shape) for w in self.weights]
        delta = (activations[-1] - y) * self.slope(zs[-1])
        nabla_b[-1], nabla_w[-1] = delta, np.dot(delta, activations[-2].transpose())
        for place in range(2, len(self.weights) + 1):
            delta = np.dot(self.weights[-place + 1].transpose(), delta) * self.slope(zs[-place])
            nabla_b[-place], nabla_w[-place] = delta, np.dot(delta, activations[-place - 1].transpose())
        return nabla_b, nabla_w

    def update(self, batch, eta: float) -> None:
        nabla_b, nabla_w = [np.zeros(b.shape) for b in self.biases], [np.zeros(w.shape) for w in self.weights]
        for x, y in batch:
            delta_b, delta_w = self.backprop(x, y)
            nabla_b = [nb + d for nb, d in zip(nabla_b, delta_b, strict=True)]
            nabla_w = [nw + d for nw, d in zip(nabla_w, delta_w, strict=True)]
        self.weights = [w - (eta / len(batch)) * nw for w, nw in zip(self.weights, nabla_w, strict=True)]
        self.biases = [b - (eta / len(batch)) * nb for b, nb in zip(self.biases, nabla_b, strict=True)]

    @staticmethod
    def sigmoid(z):
        return 1.0 / (1.0 + np.exp(-z))

    def slope(self, z):
        return self.sigmoid(z) * (1 - self.sigmoid(z))


def test_samples_a_second() -> None:
    random = np.random.default_rng(0)
    count = 2000
    samples = Samples(random.integers(0, 256, (count, 784)).astype(np.uint8), np.arange(count) % 10, 1 / 255)
    network, settings = Network((784, 30, 10)), Settings(batch=10, rate=3.0, epochs=1, shuffle=False)
    at = initialise(network, "normal", random)
    theirs, ours = [], []
    for _ in range(5):
        loop = SourceA(list(at.weights), list(at.biases))
        x, y = samples.batch(slice(None), 10, np.float64)
        pairs = [(np.ascontiguousarray(x[:, [i]]), y[:, [i]]) for i in range(count)]
        began = time.perf_counter()
        for start in range(0, count, 10):
            loop.update(pairs[start : start + 10], 3.0)
        theirs.append(time.perf_counter() - began)
        learner = begin(network, at, settings)
        ours += [epoch.seconds for epoch in learn(learner, Data(samples, samples), settings)]
    for W, V in zip(learner.at.weights, loop.weights, strict=True):
        np.testing.assert_allclose(W, V, rtol=1e-9, atol=1e-10)
    ratio = min(theirs) / min(ours)
    print(f"ours {count / min(ours):,.0f} samples/s, loop {count / min(theirs):,.0f}, ratio {ratio:.1f}")
    assert ratio >= 5
