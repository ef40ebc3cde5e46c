"""Drawing expressions of a shape; the names that they are made of, with values and declarations."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

import numpy as np

from tests.outsider.trees import SCALAR, Node, Shape, eye, fun, make, num, ones
from tests.outsider.values import Array, World

SYMBOLS: dict[str, tuple[Shape, str]] = {
    "A": (("n", "n"), ""), "B": (("n", "n"), ""), "S": (("n", "n"), "symmetric"), "P": (("n", "n"), "invertible"),
    "D": (("n", "n"), "diagonal"), "W": (("m", "n"), ""), "X": (("m", "n"), ""), "x": (("n", "1"), ""),
    "y": (("n", "1"), ""), "u": (("n", "1"), ""), "q": (("n", "1"), "positive"), "h": (("n", "1"), "sums to 1"),
    "b": (("n", "1"), "binary"), "v": (("m", "1"), ""), "w": (("m", "1"), ""), "o": (("m", "1"), "one-hot"),
    "c": (SCALAR, ""), "t": (SCALAR, ""), "s": (SCALAR, "positive"),
}  # fmt: skip
"""Names with their shapes, and what is assumed of them."""

WIDTHS = ({"n": 2, "m": 3}, {"n": 3, "m": 2}, {"n": 2, "m": 2}, {"n": 4, "m": 3}, {"n": 3, "m": 3}, {"n": 3, "m": 4})
NAMED = {name: make("sym", data=name, shape=shape) for name, (shape, _) in SYMBOLS.items()}
BOUND = {name for name, (_, assumed) in SYMBOLS.items() if assumed not in ("", "positive", "invertible")}
"""Names whose entries depend on each other or are no numbers to move: nothing is differentiated by them."""


def _assumed(values: Array, assumed: str, rng: np.random.Generator) -> Array:
    match assumed:
        case "symmetric":
            return values + values.T
        case "diagonal":
            return np.diag(np.diag(values))
        case "positive":
            return np.exp(values / 2)
        case "binary":
            return 1.0 * (values > 0)
        case "one-hot":
            return np.eye(len(values))[:, [rng.integers(len(values))]]
        case "sums to 1":
            return values + (1 - values.sum()) / values.size
    return values


def worlds(seed: int) -> list[World]:
    """Values for all names, at several widths."""
    rng = np.random.default_rng(seed)
    found = [World(widths, {}) for widths in WIDTHS]
    for world in found:
        for name, (shape, assumed) in SYMBOLS.items():
            world.values[name] = _assumed(rng.normal(size=world.size(shape)), assumed, rng).astype(complex)
    return found


def declared(names: set[str], rng: Random) -> str:
    """The declarations of names and of a few others, in an order and spelling of their own."""
    names |= set(rng.sample(sorted(SYMBOLS), 3)) | {"x", "v"}  # so that n and m are widths
    lines = []
    for name in rng.sample(sorted(names), len(names)):
        (rows, columns), assumed = SYMBOLS[name]
        shape = rows if columns == "1" else f"{rows} {rng.choice('x×')} {columns}"
        if (rows, columns) == SCALAR:
            shape = "scalar"
        if assumed or shape == "scalar" or rng.random() < 0.8:
            lines.append(f"{name} : {shape} {assumed}".rstrip())
        else:
            size = rows if columns == "1" else rf"{rows} \times {columns}"
            lines.append(rf"{name} \in \mathbb{{R}}^{{{size}}}")
    return rng.choice(["; ", "\n"]).join([*lines, "f : elementwise"])


class Drawing:
    """Draws expressions of a shape."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.choice = rng, rng.choice

    def leaf(self, shape: Shape) -> Node:
        rows, columns = shape
        if shape == SCALAR:
            width, number = make("width", data=self.choice("mn")), num(self.choice([2, 3, Fraction(1, 2)]))
            return self.rng.choices([NAMED[self.choice("cts")], number, width], [8, 2, 1])[0]
        if rows == "1":
            return self.leaf((columns, "1")).T
        plain = [node for node in NAMED.values() if node.shape == shape]
        turned = [node.T for node in NAMED.values() if node.shape == (columns, rows)] if columns != "1" else []
        special = [ones(rows)] if columns == "1" else [eye(rows)] * (rows == columns)
        return self.rng.choices([*plain, *turned, *special], [4] * len(plain + turned) + [1] * len(special))[0]

    def draw(self, shape: Shape, depth: int) -> Node:
        rows, columns = shape
        if depth <= 0 or self.rng.random() < 0.1:
            return self.leaf(shape)
        if rows == "1" != columns:
            return self.draw((columns, "1"), depth - 1).T
        options = self._numbers(depth - 1) if shape == SCALAR else self._arrays(shape, depth - 1)
        return self.choice(options)()

    def _numbers(self, depth: int) -> list[Callable[[], Node]]:
        one: Callable[[Shape], Node] = lambda shape: self.draw(shape, depth)  # noqa: E731
        d, leaf = self.choice("nnm"), self.leaf
        column, square = (d, "1"), ("n", "n")
        return [
            lambda: one(column).T @ one(column),
            lambda: leaf(column).T @ one((d, "n")) @ leaf(("n", "1")),
            lambda: make("tr", one((d, d))),
            lambda: make("tr", one((d, "n")) @ one(("n", d))),
            lambda: make("tr", make("inv", NAMED["P"]) @ leaf(square)),
            lambda: make("normsq", one(column)),
            lambda: make("norm", leaf(column)),
            lambda: make("sum", one((d, self.choice("1n")))),
            lambda: one(SCALAR) + one(SCALAR),
            lambda: one(SCALAR) - one(SCALAR),
            lambda: one(SCALAR) @ one(SCALAR),
            lambda: one(SCALAR) / self.divisor(),
            lambda: one(SCALAR) ** self.choice([2, 2, 3]),
            lambda: fun(self.choice(["exp", "tanh", "sigmoid", "log", "f"]), self.mild()),
            lambda: make("det", self.choice([leaf(square), leaf(square) @ leaf(square)])),
            self.over_index,
        ]

    def _arrays(self, shape: Shape, depth: int) -> list[Callable[[], Node]]:
        one: Callable[[Shape], Node] = lambda shape: self.draw(shape, depth)  # noqa: E731
        d, leaf, (rows, columns) = self.choice("nnm"), self.leaf, shape
        options: list[Callable[[], Node]] = [
            lambda: one(shape) + one(shape),
            lambda: one(shape) - one(shape),
            lambda: -one(shape),
            lambda: one(SCALAR) @ one(shape),
            lambda: one(shape) / self.divisor(),
            lambda: one(shape) * one(shape),
            lambda: one((rows, d)) @ one((d, columns)),
            lambda: one((rows, d)) @ one((d, columns)),
            lambda: fun(self.choice(["exp", "tanh", "sigmoid", "f", "relu"]), leaf(shape)),
            lambda: make("epow", one(shape), data=2),
        ]
        if columns == "1":
            options += [lambda: make("softmax", one(shape)), lambda: leaf((rows, "n")) @ one(("n", "1"))] * 2
            options += [lambda: make("rowsum", one((rows, d)))]
        else:
            options += [lambda: one((columns, rows)).T, lambda: leaf((rows, "1")) @ leaf((columns, "1")).T]
        if rows == columns:
            options += [lambda: make("diag", one((rows, "1"))), lambda: leaf(shape) ** self.choice([2, 2, 3])] * 2
        if shape == ("n", "n"):
            options += [lambda: make("inv", NAMED["P"])]
        return options

    def divisor(self) -> Node:
        """A number that is seldom 0."""
        c, s, m, n = NAMED["c"], NAMED["s"], make("width", data="m"), make("width", data="n")
        x, y, A = self.leaf(("n", "1")), self.leaf(("n", "1")), self.leaf(("n", "n"))
        sure = [c, s, n, num(2), num(2) @ s, num(2) @ m, num(1) + c**2, fun("exp", c), make("norm", x)]
        return self.choice(
            [*sure, *sure, x.T @ y, ones("n").T @ x, make("sum", x), x.T @ (A @ y), make("tr", A), make("det", A)]
        )

    def mild(self) -> Node:
        """What a function of numbers is taken of."""
        c, s, x, y = NAMED["c"], NAMED["s"], self.leaf(("n", "1")), self.leaf(("n", "1"))
        return self.choice([c, s, num(2) @ s, x.T @ y, c @ s, num(1) + c**2, -c])

    def over_index(self) -> Node:
        """A sum over an index."""
        k = self.choice("ijkp")
        x, y = (make("entry", self.leaf(("n", "1")), data=(k,)) for _ in "xy")
        body = x @ y @ make("entry", NAMED["A"], data=(k, k)) if self.rng.random() < 0.3 else x @ y
        return make("Sum", body, data=(k, "n"))
