"""A network of layers as an outsider runs it: forwards, its derivatives by nudging one quantity; and claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import numpy as np

from tests.outsider.judging import Claim
from tests.outsider.laws import rewritten, slipped
from tests.outsider.spelling import DIALECTS, Writer
from tests.outsider.trees import Misfit, Node, Shape, make, num
from tests.outsider.values import FUNCTIONS, Array, NoValue, World, value

Layer = tuple[str, int]
INPUT: Layer = ("", 0)
SATURATED = 1e-9
"""A softmax output so near to 0 has a logarithm that rounding spoils."""
SETTINGS: tuple[dict[str, Any], ...] = (
    {}, {}, {}, {"loss": "mse"}, {"loss": "mse"}, {"loss": "bce"}, {"loss": "softmax-ce"}, {"activation": "tanh"},
    {"depth": 2}, {"activation": "relu", "loss": "mse"}, {"output": "tanh"}, {"loss": "softmax-ce", "depth": 3},
    {"batch": "m"}, {"batch": "m"}, {"batch": "m", "loss": "mse"}, {"batch": "m", "loss": "bce"},
    {"batch": "m", "loss": "softmax-ce", "activation": "relu"},
)  # fmt: skip
WIDTHS = ((3, 2, 4, 3, 2), (2, 3, 2, 4, 3), (2, 2, 2, 2, 2))


def label(layer: Layer) -> str:
    """``l+1``, ``L``, ``2``: a layer's name."""
    base, offset = layer
    return f"{base}{offset:+d}" if base and offset else base or str(offset)


def width_of(layer: Layer) -> str:
    return "n_" + label(layer)


def shifted(layer: Layer, by: int) -> Layer:
    return layer[0], layer[1] + by


@dataclass
class Run:
    """A network with numbers: widths[0] is the input's. ``here`` is what the letter l stands for."""

    widths: tuple[int, ...]
    setting: dict[str, Any]
    here: int
    seed: int

    def __post_init__(self) -> None:
        rng, loss = np.random.default_rng(self.seed), self.setting.get("loss", "")
        self.last, self.m = len(self.widths) - 1, 3 if self.setting.get("batch") else 1
        self.W = [rng.normal(size=(n, k)) * 0.8 + 0j for k, n in zip(self.widths, self.widths[1:], strict=False)]
        self.b = [rng.normal(size=(n, 1)) + 0j for n in self.widths[1:]]
        self.x = rng.normal(size=(self.widths[0], self.m)) + 0j
        self.y = rng.uniform(0.1, 0.9, size=(self.widths[-1], self.m)) + 0j
        if loss == "softmax-ce":
            self.y = self.y / self.y.sum(axis=0)
        self.sigma = self.setting.get("activation") or ("sigmoid" if loss == "bce" else "f")
        last = {"bce": "sigmoid", "softmax-ce": "softmax"}.get(loss)
        self.output = self.setting.get("output") or last or self.sigma

    def at(self, layer: Layer) -> int:
        return {"l": self.here, "L": self.last, "": 0}[layer[0]] + layer[1]

    def world(self) -> World:
        layers = [(base, k) for base in ("l", "L", "") for k in range(-5, 6)]
        sizes = {width_of(layer): self.widths[self.at(layer)] for layer in layers if 0 <= self.at(layer) <= self.last}
        return World({**sizes, "m": self.m}, {}, net=self)

    def forward(self, nudged: tuple[str, int] = ("", 0), entry: int = 0) -> dict[tuple[str, int], Array]:
        """All quantities, with one entry of one of them moved by a complex step, and what follows from it."""
        found: dict[tuple[str, int], Array] = {}

        def kept(name: str, k: int, array: Array) -> Array:
            found[name, k] = array.copy()
            if nudged == (name, k):
                found[name, k].flat[entry] += 1e-20j
            return found[name, k]

        a = kept("a", 0, self.x)
        for k in range(1, self.last + 1):
            z = kept("z", k, kept("W", k, self.W[k - 1]) @ a + kept("b", k, self.b[k - 1]))
            name = self.output if k == self.last else self.sigma
            a = kept("a", k, np.exp(z) / np.exp(z).sum(axis=0) if name == "softmax" else FUNCTIONS[name][0](z))
        found["J", 0] = np.full((1, 1), self._losses(a, self.y).mean())
        return found

    def _losses(self, a: Array, y: Array) -> Array:
        match self.setting.get("loss"):
            case "mse":
                return ((a - y) ** 2).sum(axis=0) / 2
            case "bce":
                return -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=0)
            case "softmax-ce":
                if np.min(np.abs(a)) < SATURATED:
                    raise NoValue
                return -(y * np.log(a)).sum(axis=0)
        k = np.arange(1, len(a) + 1)[:, None]  # any function will do
        return np.sin(k * a + y).sum(axis=0) + (a * a / k).sum(axis=0) * a[0]

    def value(self, node: Node, world: World) -> Array:
        if node.op == "netfun":
            return FUNCTIONS[self.sigma][node.data](value(node.args[0], world))
        if node.op == "netgrad":
            of, by, own = node.data
            return self.derivative(of, by) * (self.m if own else 1)
        name, layer = node.data
        if name == "δ":
            return self.derivative(("J", INPUT), ("z", layer))
        return self.y if name == "y" else self.forward()[name, self.at(layer)]

    def derivative(self, of: tuple[str, Layer], by: tuple[str, Layer]) -> Array:
        (name, layer), target = of, (by[0], self.at(by[1]))
        shape = self.forward()[target].shape
        moved = [self.forward(target, k)[name, self.at(layer)].imag[:, 0] / 1e-20 for k in range(shape[0] * shape[1])]
        return np.array(moved).reshape(shape if name == "J" else (len(moved), -1)) + 0j


# ---- claims ----


def quantity(name: str, layer: Layer, samples: str) -> Node:
    columns = {"W": width_of(shifted(layer, -1)), "b": "1"}.get(name, samples)
    shape: Shape = (width_of(layer), columns)
    return make("net", data=(name, layer), shape=shape)


def equations(at: Layer, samples: str, loss: str) -> Iterator[tuple[Node, Node]]:
    """The equations of a layer, as they are in every textbook."""
    up, down, last = shifted(at, 1), shifted(at, -1), ("L", 0)

    def q(name: str, layer: Layer) -> Node:
        return quantity(name, layer, samples)

    def by(name: str, layer: Layer, *, own: bool = False) -> Node:
        return make("netgrad", data=(("J", INPUT), (name, layer), own), shape=q(name, layer).shape)

    def slope(layer: Layer) -> Node:
        return make("netfun", q("z", layer), data=1)

    def through(layer: Layer) -> Node:
        return make("diag", slope(layer)) @ q("W", shifted(layer, 1)).T

    def jacobian(of: Layer, name: str) -> Node:
        return make("netgrad", data=(("z", of), (name, at), False), shape=(width_of(at), width_of(of)))

    back, error = q("W", up).T @ by("z", up), q("a", last) - q("y", last)
    each = num(1) / make("width", data="m")
    share, cross_entropy = error if samples == "1" else each @ error, loss in ("bce", "softmax-ce")
    yield by("z", at), back * slope(at)
    yield by("a", at), back
    yield by("W", at), by("z", at) @ q("a", down).T
    yield by("z", at), by("a", at) * slope(at)
    yield q("a", at), make("netfun", q("z", at), data=0)
    yield by("z", last), by("a", last) * slope(last)
    yield by("z", last), share if cross_entropy else share * slope(last)
    if samples != "1":
        dz = by("z", at, own=True)
        yield by("W", at), each @ (dz @ q("a", down).T)
        yield by("b", at), each @ make("rowsum", dz)
        yield by("z", last, own=True), error if cross_entropy else error * slope(last)
        yield dz, (q("W", up).T @ by("z", up, own=True)) * slope(at)
        return
    yield q("z", at), q("W", at) @ q("a", down) + q("b", at)
    yield by("b", at), by("z", at)
    yield q("δ", at), (q("W", up).T @ q("δ", up)) * slope(at)
    yield by("W", at), q("δ", at) @ q("a", down).T
    yield by("a", down), q("W", at).T @ q("δ", at)
    yield jacobian(up, "a"), q("W", up).T
    yield jacobian(up, "z"), through(at)
    yield q("δ", at), through(at) @ through(up) @ q("δ", shifted(at, 2))


def layers_in(*sides: Node) -> list[tuple[Layer, int]]:
    """The layers named, each with the lowest number that it may have: only a has a layer 0."""
    found: list[tuple[Layer, int]] = []
    for node in (node for side in sides for node in side.nodes()):
        named = [node.data] if node.op == "net" else list(node.data[:2]) if node.op == "netgrad" else []
        found += [(layer, int(name != "a")) for name, layer in named if name not in "yJ"]
    return found


def truth_in_networks(left: Node, right: Node, setting: dict[str, Any], seed: int) -> str:
    """At every layer that may be meant; ``boundary`` if it fails only where the highest layer named is the last."""
    outcomes, named = set(), layers_in(left, right)
    for depth in [setting["depth"]] if "depth" in setting else [2, 3, 4]:
        for here, more in product(range(-2, depth + 1), (0, 1)):  # a^{l+1} may be the input, at l = -1
            widths = WIDTHS[(seed + more) % 3][: depth + 1]
            run = Run(widths, setting, here, seed + 1000 * more + 10 * depth + here)
            if any(not lowest <= run.at(layer) <= depth for layer, lowest in named):
                continue
            try:
                a, b = value(left, run.world()), value(right, run.world())
            except NoValue:
                return "unknown"
            if not np.any(a) and not np.any(b):  # all neurons are off, and nothing is said
                continue
            at_end = any(layer[0] != "L" and run.at(layer) == depth for layer, _ in named)
            outcomes.add((at_end, bool(np.max(np.abs(a - b)) < 1e-8 * (1 + np.max(np.abs(a))))))
    if not outcomes:
        return "unknown"
    if (True, False) in outcomes and (False, False) not in outcomes:  # at the end it fails always, or it is luck
        return "boundary" if (False, True) in outcomes and (True, True) not in outcomes else "false"
    return "false" if (False, False) in outcomes else "true"


def network_slip(right: Node, rng: Random, samples: str) -> Node:
    """Another layer, another quantity, or a slip that any expression may have."""
    places = [node for node in right.nodes() if node.op == "net" and node.data[0] != "y"]
    if not places or rng.random() < 0.4:
        return slipped(right, rng)
    node = rng.choice(places)
    name, layer = node.data
    if rng.random() < 0.5:
        return right.swapped(node, quantity(name, shifted(layer, rng.choice([-1, 1])), samples))
    return right.swapped(node, quantity(rng.choice("zaδb" if samples == "1" else "za"), layer, samples))


def network(rng: Random) -> Claim:
    """An equation of the built-in network, or one like it."""
    setting = rng.choice(SETTINGS)
    samples, depth = setting.get("batch", "1"), setting.get("depth", 9)
    at: Layer = ("l", rng.choice([0, 0, 0, 1, -1])) if rng.random() < 0.75 else ("", rng.choice([1, 2]))
    left, right = rng.choice(list(equations(at, samples, setting.get("loss", ""))))
    right = rewritten(right, rng, rng.randint(0, 2))
    if rng.random() < 0.45:
        right = network_slip(right, rng, samples)
    named = [layer for layer, _ in layers_in(left, right)]
    bases = {base for base, _ in named}
    if {"l", "L"} <= bases or left.shape != right.shape or any(base == "L" and k > 0 for base, k in named):
        raise Misfit
    if any(not base and not 1 <= k <= depth for base, k in named):
        raise Misfit
    truth = truth_in_networks(left, right, setting, rng.randrange(1000))
    writer = Writer(rng.choice(DIALECTS), rng)
    highest = tuple(label(max(layer for layer in named if layer[0] == base)) for base in sorted(bases - {"L"}))
    text = f"{writer.write(left)} = {writer.write(right)}"
    return Claim(text, (truth,), network=setting, highest=highest, ambiguous=writer.ambiguous)
