"""Expressions with shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Shape = tuple[str, str]
SCALAR: Shape = ("1", "1")


class Misfit(Exception):  # noqa: N818
    """The operands' shapes do not fit."""


@dataclass(frozen=True)
class Node:
    """An operation, its operands, and what else belongs to it (a name, a number, an index, a function).

    A + B, A - B, A @ B, A * B (entry by entry), A / c, A ** k and A.T build further ones. The shape of a variable in a
    law is None.
    """

    op: str
    args: tuple[Node, ...] = ()
    data: Any = None
    shape: Shape | None = SCALAR

    @property
    def rows(self) -> str:
        return self.shape[0] if self.shape else ""

    @property
    def columns(self) -> str:
        return self.shape[1] if self.shape else ""

    @property
    def is_scalar(self) -> bool:
        return self.shape == SCALAR

    @property
    def is_column(self) -> bool:
        return self.columns == "1" != self.rows

    @property
    def is_square(self) -> bool:
        return self.rows == self.columns

    @property
    def T(self) -> Node:
        return make("T", self)

    def __add__(self, other: Node) -> Node:
        return make("add", self, other)

    def __sub__(self, other: Node) -> Node:
        return make("sub", self, other)

    def __neg__(self) -> Node:
        return make("neg", self)

    def __matmul__(self, other: Node) -> Node:
        return make("mul", self, other)

    def __mul__(self, other: Node) -> Node:
        return make("had", self, other)

    def __truediv__(self, other: Node) -> Node:
        return make("div", self, other)

    def __pow__(self, exponent: int) -> Node:
        return make("pow", self, data=exponent)

    def nodes(self) -> list[Node]:
        return [self, *(node for arg in self.args for node in arg.nodes())]

    def depends_on(self, name: str) -> bool:
        return any(node.op == "sym" and node.data == name for node in self.nodes())

    def swapped(self, old: Node, new: Node, *, everywhere: bool = False) -> Node:
        """With one part exchanged, or all that are equal to it but for what is differentiated by. Raises Misfit."""
        if self is old or (everywhere and self == old):
            return new
        kept = self.op == "grad" and everywhere
        args = tuple(a if kept and k else a.swapped(old, new, everywhere=everywhere) for k, a in enumerate(self.args))
        return make(self.op, *args, data=self.data, shape=self.shape) if args else self


def make(op: str, *args: Node, data: Any = None, shape: Shape | None = SCALAR) -> Node:
    """A node with the shape that its operation gives, or else the one given; raises Misfit."""
    if args and op in SHAPES:
        shape = None if any(arg.shape is None for arg in args) else SHAPES[op](args, data)
    return Node(op, args, data, shape)


def num(value: Fraction | int) -> Node:
    return make("num", data=Fraction(value))


def fun(name: str, of: Node, primes: int = 0) -> Node:
    return make("fun", of, data=(name, primes))


def ones(rows: str) -> Node:
    return make("ones", shape=(rows, "1"))


def eye(rows: str) -> Node:
    return make("eye", shape=(rows, rows))


def grad(of: Node, by: Node, layout: str = "denominator") -> Node:
    return make("grad", of, by, data=layout)


# ---- shapes ----


def _only(fits: Callable[..., bool], shape: Callable[..., Shape]) -> Callable[[tuple[Node, ...], Any], Shape]:
    def rule(args: tuple[Node, ...], data: Any) -> Shape:
        if not fits(*args):
            raise Misfit
        return shape(*args)

    return rule


def _of_product(left: Node, right: Node) -> Shape:
    if left.is_scalar or right.is_scalar:
        return (right if left.is_scalar else left).shape or SCALAR
    return left.rows, right.columns


def _of_derivative(args: tuple[Node, ...], layout: str) -> Shape:
    of, by = args
    if not of.is_scalar and not (of.is_column and by.is_column):
        raise Misfit
    rows, columns = (by.rows, by.columns) if of.is_scalar else (by.rows, of.rows)
    return (rows, columns) if layout == "denominator" else (columns, rows)


def _of_entry(args: tuple[Node, ...], indices: tuple[Any, ...]) -> Shape:
    if len(indices) != 2 - args[0].is_column or args[0].is_scalar:
        raise Misfit
    return SCALAR


_alike = _only(lambda a, b: a.shape == b.shape, lambda a, b: a.shape)
_kept = _only(lambda a: True, lambda a: a.shape)
_square = _only(lambda a: a.is_square, lambda a: a.shape)
_number_of_square = _only(lambda a: a.is_square, lambda a: SCALAR)
SHAPES: dict[str, Callable[[tuple[Node, ...], Any], Shape]] = {
    **dict.fromkeys(("add", "sub", "had", "quo"), _alike), **dict.fromkeys(("neg", "fun", "netfun", "epow"), _kept),
    "inv": _square, "pow": _square, "tr": _number_of_square, "det": _number_of_square,
    "mul": _only(lambda a, b: a.is_scalar or b.is_scalar or a.columns == b.rows, _of_product),
    "div": _only(lambda a, b: b.is_scalar, lambda a, b: a.shape),
    "T": _only(lambda a: not a.is_scalar, lambda a: (a.columns, a.rows)),
    "softmax": _only(lambda a: a.is_column, lambda a: a.shape),
    "diag": _only(lambda a: a.is_column, lambda a: (a.rows, a.rows)),
    "rowsum": _only(lambda a: True, lambda a: (a.rows, "1")),
    "grad": _of_derivative, "entry": _of_entry,
    **dict.fromkeys(("sum", "normsq", "norm", "Sum"), _only(lambda a: True, lambda a: SCALAR)),
}  # fmt: skip
