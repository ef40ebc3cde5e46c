"""The figures that are curves. Their numbers come from ``numeric``, with seeds of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from chapters.lessons.figures.plots import Panel, Plot, Series
from numeric import Network, Parameters, backprop, bp1, forward, initialise, parameters
from numeric.activations import activation
from numeric.data.quadrants import LAYERS, quadrants
from numeric.data.samples import Data
from numeric.training.learning import Settings, begin, learn
from numeric.training.optimisers import optimiser


def _series(label: str, x: Sequence[float] | Any, y: Sequence[float] | Any, colour: int = 0, dash: int = 0) -> Series:
    return Series(label, tuple(map(float, x)), tuple(map(float, y)), colour, dash)


def activations() -> Plot:
    """σ, tanh and ReLU with their slopes."""
    panels = []
    for number, (name, title) in enumerate((("sigmoid", "sigmoid"), ("tanh", "tanh"), ("relu", "ReLU"))):
        row = activation(name)
        if row.kinks:
            z = np.array([-4.0, -2.0, -0.001, 0.001, 2.0, 4.0])  # at 0 it has no slope
        else:
            z = np.linspace(-4.0, 4.0, 81)
        curves = (
            _series("function", z, row.value(z), number),
            _series("slope", z, row.derivative(z), number, 1),
        )
        low = -1.1 if name == "tanh" else -0.1
        panels.append(Panel(title, "z", "", curves, (-4.0, 4.0), (low, 1.1 if name != "relu" else 2.1)))
    return Plot("Sigmoid, tanh and ReLU, each with its slope.", tuple(panels), every=20, size=(7.4, 2.6))


def loss_curve(epochs: int = 8) -> Plot:
    """J by epoch for batch, mini-batch and stochastic descent, at one rate; the network of the quadrants."""
    network = Network(LAYERS, "relu", "softmax", "softmax-ce")
    data = Data(train=quadrants(seed=0).test, test=quadrants(count=4, seed=1).test)
    start = initialise(network, "he", np.random.default_rng(0))
    found = []
    for number, (name, batch) in enumerate((("batch", 0), ("mini-batch of 20", 20), ("one sample", 1))):
        settings = Settings(batch=batch, rate=0.05, epochs=epochs)
        costs = [epoch.cost for epoch in learn(begin(network, start, settings, seed=0), data, settings)]
        found.append(_series(name, range(1, epochs + 1), costs, number, number))
    panel = Panel("", "epoch", "cost J", tuple(found), (1, epochs), (1e-3, 3.0), log=True, marks=True)
    return Plot("The cost by epoch for three sizes of batch.", (panel,), "rows", legend="right", size=(6.6, 3.2))


def softmax_saturation() -> Plot:
    """‖δ^L‖ where the right class is 2 and the network is surer and surer of class 1: z = (t, 0, 0)."""
    strength = np.linspace(0.0, 12.0, 25)
    y = np.array([[0.0], [1.0], [0.0]])
    found = []
    for number, (label, cost) in enumerate((("cross entropy", "softmax-ce"), ("squared error", "mse"))):
        network = Network((3, 3), output="softmax", cost=cost)
        at = parameters(network, [np.eye(3)], [np.zeros((3, 1))])
        sizes = [
            float(np.linalg.norm(bp1(network, forward(network, at, np.array([[t], [0.0], [0.0]])), y)))
            for t in strength
        ]
        found.append(_series(label, strength, sizes, number, number))
    panel = Panel("", "score of the wrong class", "size of the error ‖δ‖", tuple(found), (0.0, 12.0), (0.0, 1.6))
    alt = "Sure and wrong: with the cross entropy the error stays, with the squared error it vanishes."
    return Plot(alt, (panel,), "rows", every=4, size=(6.0, 3.0))


WAYS_TO_BEGIN = (
    ("sigmoid", "small"), ("sigmoid", "xavier"), ("tanh", "normal"), ("tanh", "xavier"),
    ("relu", "small"), ("relu", "he"),
)  # fmt: skip


def gradient_norm_by_layer(hidden: str, init: str, depth: int = 10, width: int = 50, seed: int = 0) -> list[float]:
    """‖∂J/∂W^l‖ for l = 1 … L, before the first step, for 20 random samples."""
    network = Network((width,) * (depth + 1), hidden, "identity", "mse")
    random = np.random.default_rng(seed)
    at = initialise(network, init, random)
    x, y = random.standard_normal((2, width, 20))
    return [float(np.linalg.norm(gradient)) for gradient in backprop(network, at, x, y).weights]


def gradient_norms() -> Plot:
    """The norm of the gradient by layer."""
    colours = {"sigmoid": 0, "tanh": 1, "relu": 2}
    found = []
    for hidden, init in WAYS_TO_BEGIN:
        norms = gradient_norm_by_layer(hidden, init)
        dash = 0 if init in ("xavier", "he") else 2
        found.append(_series(f"{hidden}, {init}", range(1, len(norms) + 1), norms, colours[hidden], dash))
    panel = Panel("", "layer l", "‖∂J/∂Wˡ‖", tuple(found), (1, 10), (1e-15, 1e6), log=True, marks=True)
    alt = "The norm of the gradient in each of ten layers for six ways to begin."
    return Plot(alt, (panel,), "rows", legend="right", size=(7.0, 3.6))


def symmetry(steps: int = 200) -> Plot:
    """One weight of each of three hidden neurons while they learn, from equal and from random weights."""
    network = Network((2, 3, 1), "tanh", "identity", "mse")
    random = np.random.default_rng(2)
    x = random.standard_normal((2, 40))
    y = np.sin(2.0 * x[:1]) * x[1:]
    equal = Parameters((np.full((3, 2), 0.4), np.full((1, 3), 0.4)), (np.zeros((3, 1)), np.zeros((1, 1))))
    drawn = Parameters((0.5 * random.standard_normal((3, 2)), 0.5 * random.standard_normal((1, 3))), equal.biases)
    panels: list[Panel] = []
    for title, start in (("equal weights", equal), ("random weights", drawn)):
        traced = _trace(network, start, x, y, steps)
        curves = tuple(
            _series(f"neuron {j + 1}", range(steps + 1), [W[j, 0] for W in traced], j, (0, 1, 2)[j]) for j in range(3)
        )
        panels.append(Panel(title, "step", "a weight" if not panels else "", curves, (0, steps), (-1.6, 1.6)))
    alt = "From equal weights three neurons stay one; from random weights they part."
    return Plot(alt, tuple(panels), every=50, legend="right", size=(7.2, 2.8))


def _trace(network: Network, at: Parameters, x: Any, y: Any, steps: int, rate: float = 0.3) -> list[Any]:
    """W^1 before each step of batch descent, and after the last."""
    found = [at.weights[0]]
    for _ in range(steps):
        d = backprop(network, at, x, y)
        at = Parameters(
            tuple(W - rate * G for W, G in zip(at.weights, d.weights, strict=True)),
            tuple(b - rate * g for b, g in zip(at.biases, d.biases, strict=True)),
        )
        found.append(at.weights[0])
    return found


STEEP = np.array([1.0, 25.0])
"""The valley J = (x² + 25 y²)/2: its gradient is STEEP times the place."""


def optimisers(steps: int = 40) -> Plot:
    """Descent, momentum and Adam in a narrow valley, each with a rate that suits it."""
    contours = []
    angle = np.linspace(0.0, 2.0 * np.pi, 80)
    for level in (1.0, 3.0, 5.5, 8.5, 12.0):
        radius = np.sqrt(level)
        contours.append((tuple(2 * radius * np.cos(angle)), tuple(2 * radius * np.sin(angle) / 5.0)))
    panels: list[Panel] = []
    for number, (title, name, rate) in enumerate(
        (("descent", "descent", 0.075), ("momentum", "momentum", 0.02), ("Adam", "adam", 0.25))
    ):
        row = optimiser(name)
        place = np.array([-6.0, 1.0])
        memories = [np.zeros(2) for _ in range(row.memories)]
        path = [place.copy()]
        for count in range(1, steps + 1):
            row.step(place, STEEP * place, memories, rate, 0.8, count)
            path.append(place.copy())
        points = np.array(path)
        curve = (_series("", points[:, 0], points[:, 1], number),)
        panel = Panel(
            title, "x", "y" if not panels else "", curve, (-7.0, 2.5), (-1.5, 1.5), False, tuple(contours), True
        )
        panels.append(panel)
    alt = "Three ways down a narrow valley."
    return Plot(alt, tuple(panels), every=8, legend="inside", size=(7.6, 2.7))
