"""Gradient descent: stochastic, batch and mini-batch are one loop with different sizes of batch (source A)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.data.samples import Data, Samples
from numeric.equations import backward
from numeric.errors import misuse
from numeric.network import Network, Parameters, costs, forward
from numeric.settings import at_least, most_samples, whole
from numeric.training.optimisers import Optimiser, optimiser

CHUNK: Final = 1000
"""Samples in one product, where more are wanted: a batch of all 60,000 is added up from these."""


def chunk(network: Network) -> int:
    """Samples in one product: fewer where a network is so wide that they would not fit into memory."""
    return min(CHUNK, most_samples(network.widths))


@dataclass(frozen=True, slots=True)
class Settings:
    """How to learn.

    :param batch: samples for one step: 1 is stochastic descent, 0 is all of them (batch descent).
    :param rate: α, the length of a step.
    :param epochs: MAX, how often all samples are gone through.
    :param epsilon: ε: stop when no W or b changed by as much in an epoch (0: never).
    :param l2: λ: λ/2 Σ W² is added to J.
    :param clip: the largest norm of all gradients together (0: any).
    :param patience: epochs without a better test accuracy after which to stop (0: never).
    :raises MisuseError: if one of them is out of range.
    """

    batch: int = 10
    rate: float = 3.0
    epochs: int = 30
    epsilon: float = 0.0
    shuffle: bool = True
    l2: float = 0.0
    clip: float = 0.0
    patience: int = 0
    optimiser: str = "descent"
    momentum: float = 0.9

    def __post_init__(self) -> None:
        whole("--batch", self.batch, 0)
        whole("--epochs", self.epochs, 0)
        whole("--patience", self.patience, 0)
        at_least("--rate", self.rate, 0.0, above=True)
        for name in ("epsilon", "l2", "clip", "momentum"):
            at_least(f"--{name}", getattr(self, name), 0.0)
        optimiser(self.optimiser)


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one epoch came to. ``cost`` is the mean of J over its batches, each before its step."""

    number: int
    cost: float
    accuracy: float
    seconds: float
    samples: int


@dataclass(slots=True)
class Learner:
    """All that changes while a network learns: with the settings, it says how to go on, bit for bit."""

    network: Network
    at: Parameters
    random: np.random.Generator
    memories: tuple[tuple[Array, ...], ...]
    best: Parameters
    steps: int = 0
    epoch: int = 0
    best_accuracy: float = -1.0
    best_epoch: int = 0
    stopped: str = ""
    history: list[Epoch] = field(default_factory=list)


def copied(at: Parameters) -> Parameters:
    return Parameters(tuple(W.copy() for W in at.weights), tuple(b.copy() for b in at.biases))


def begin(network: Network, at: Parameters, settings: Settings, seed: int = 0) -> Learner:
    """A learner at ``at``, which is copied."""
    count = optimiser(settings.optimiser).memories
    memories = tuple(tuple(np.zeros_like(p) for _ in range(count)) for p in (*at.weights, *at.biases))
    return Learner(network, copied(at), np.random.default_rng(seed), memories, copied(at))


def accuracy(network: Network, at: Parameters, samples: Samples) -> float:
    """The part of the samples whose largest output is their class (one output: on the right side of ½)."""
    right = 0
    size = chunk(network)
    for start in range(0, len(samples), size):
        here = slice(start, start + size)
        x, _ = samples.batch(here, network.widths[-1], network.dtype)
        a = forward(network, at, x).a[-1]
        answers = (a[0] > 0.5).astype(np.int64) if len(a) == 1 else a.argmax(axis=0)
        right += int((answers == samples.labels[here]).sum())
    return right / len(samples) if len(samples) else float("nan")


def learn(
    learner: Learner, data: Data, settings: Settings, on_step: Callable[[int], object] | None = None
) -> Iterator[Epoch]:
    """Go on learning, an epoch at a time; ``on_step`` is told how many samples each step took.

    :raises MisuseError: if the cost stops being a number.
    """
    data.fit(learner.network)
    row = optimiser(settings.optimiser)
    while learner.epoch < settings.epochs and not learner.stopped:
        began = time.perf_counter()
        before = copied(learner.at) if settings.epsilon > 0 else None
        cost = _epoch(learner, data.train, settings, row, on_step)
        learner.epoch += 1
        seconds = time.perf_counter() - began
        if not np.isfinite(cost):
            raise misuse(wording.DIVERGED, wording.DIVERGED_HINT, seen=cost, epoch=learner.epoch)
        done = Epoch(learner.epoch, cost, accuracy(learner.network, learner.at, data.test), seconds, len(data.train))
        learner.history.append(done)
        if done.accuracy > learner.best_accuracy:
            learner.best_accuracy, learner.best_epoch = done.accuracy, done.number
            learner.best = copied(learner.at)
        if before is not None and _largest_change(before, learner.at) < settings.epsilon:
            learner.stopped = "threshold"
        elif settings.patience and done.number - learner.best_epoch >= settings.patience:
            learner.stopped = "patience"
            learner.at = copied(learner.best)
        yield done
    learner.stopped = learner.stopped or "epochs"


def _epoch(
    learner: Learner,
    train: Samples,
    settings: Settings,
    row: Optimiser,
    on_step: Callable[[int], object] | None,
) -> float:
    """All samples once, in a new order; the mean cost."""
    count = len(train)
    order = learner.random.permutation(count) if settings.shuffle else np.arange(count)
    size, total = settings.batch or count, 0.0
    parameters = (*learner.at.weights, *learner.at.biases)
    depth = learner.network.depth
    for start in range(0, count, size):
        which = order[start : start + size]
        cost, gradients = gradients_of(learner.network, learner.at, train, which)
        if settings.l2:
            for gradient, W in zip(gradients[:depth], learner.at.weights, strict=True):
                gradient += settings.l2 * W
                cost += 0.5 * settings.l2 * float((W * W).sum())
        if settings.clip:
            clip(gradients, settings.clip)
        learner.steps += 1
        for parameter, gradient, memories in zip(parameters, gradients, learner.memories, strict=True):
            row.step(parameter, gradient, memories, settings.rate, settings.momentum, learner.steps)
        total += cost * len(which)
        if on_step is not None:
            on_step(len(which))
    return total / count


def gradients_of(network: Network, at: Parameters, samples: Samples, which: Array) -> tuple[float, list[Array]]:
    """J, and ∂J/∂W^1 … ∂J/∂W^L, ∂J/∂b^1 … ∂J/∂b^L, over the samples ``which``; large batches in chunks."""
    total: list[Array] = []
    cost = 0.0
    size = chunk(network)
    for start in range(0, len(which), size):
        part = which[start : start + size]
        x, y = samples.batch(part, network.widths[-1], network.dtype)
        done = forward(network, at, x)
        gradient = backward(network, at, done, y)
        share = len(part) / len(which)
        cost += float(costs(network, done, y).sum()) / len(which)
        arrays = [*gradient.weights, *gradient.biases]
        if share < 1.0:
            arrays = [share * array for array in arrays]
        total = [a + b for a, b in zip(total, arrays, strict=True)] if total else arrays
    return cost, total


def clip(gradients: list[Array], largest: float) -> None:
    """Shorten all gradients together, in place, to the norm ``largest``, if they are longer."""
    norm = float(np.sqrt(sum(float((g * g).sum()) for g in gradients)))
    if norm > largest:
        for gradient in gradients:
            gradient *= largest / norm


def _largest_change(before: Parameters, after: Parameters) -> float:
    pairs = zip((*before.weights, *before.biases), (*after.weights, *after.biases), strict=True)
    return max(float(np.abs(b - a).max()) for a, b in pairs)
