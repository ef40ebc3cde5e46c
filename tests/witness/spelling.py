"""A way to spell formulas and settings in tests of the witness without the reader."""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Declaration,
    Definition,
    Derivative,
    Entry,
    Formula,
    Function,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)
from derivations.setting import Context, Network, Setting
from derivations.witness import Agrees, Differs, Untestable, trial


class E:
    """A formula with Python's operators: ``@`` is the product, ``*`` is ⊙, ``**`` the elementwise power."""

    def __init__(self, node: Formula) -> None:
        self.node = node

    def _binary(self, op: Op, other: E | int | Fraction) -> E:
        return E(Binary(op, self.node, E.of(other).node))

    @staticmethod
    def of(item: E | int | Fraction) -> E:
        return item if isinstance(item, E) else E(Number(Fraction(item)))

    def __add__(self, other: E | int | Fraction) -> E:
        return self._binary(Op.PLUS, other)

    def __sub__(self, other: E | int | Fraction) -> E:
        return self._binary(Op.MINUS, other)

    def __matmul__(self, other: E | int | Fraction) -> E:
        return self._binary(Op.PRODUCT, other)

    def __mul__(self, other: E | int | Fraction) -> E:
        return self._binary(Op.HADAMARD, other)

    def __truediv__(self, other: E | int | Fraction) -> E:
        return self._binary(Op.OVER, other)

    def __rmatmul__(self, other: int | Fraction) -> E:
        return E.of(other) @ self

    def __pow__(self, exponent: int | Fraction) -> E:
        return E(Power(self.node, Number(Fraction(exponent)), elementwise=True))

    @property
    def T(self) -> E:
        return E(Transpose(self.node))

    def __getitem__(self, indices: str) -> E:
        return E(Entry(self.node, tuple(Index(name) for name in indices)))


def layer(text: str | int) -> Layer:
    """``l+1``, ``L``, ``3``."""
    text = str(text)
    if text.isdigit():
        return Layer("", int(text))
    for sign in "+-":
        if sign in text:
            base, offset = text.split(sign)
            return Layer(base, int(sign + offset))
    return Layer(text)


def q(name: str, at: str | int | None = None) -> E:
    return E(Symbol(name, None if at is None else layer(at)))


def f(name: str, of: E, order: int = 0, at: str | int | None = None) -> E:
    return E(Apply(Function(name, None if at is None else layer(at), order), of.node))


def d(of: E, by: E) -> E:
    assert isinstance(by.node, Symbol | Entry)
    return E(Derivative(of.node, by.node))


def dloss(by: E) -> E:
    assert isinstance(by.node, Symbol)
    return E(LossDerivative(by.node))


def call(name: str, *arguments: E, axis: int | None = None) -> E:
    return E(Call(name, tuple(a.node for a in arguments), axis))


def norm(of: E) -> E:
    return E(Norm(of.node))


def index_sum(index: str, body: E) -> E:
    return E(IndexSum(index, body.node))


def sheet(
    *quantities: str, functions: str = "", losses: str = "", layout: str = "denominator", **defined: E
) -> Setting:
    """``sheet("A n n symmetric", "x n", z=q("A") @ q("x"))``: a name, rows, columns (numbers or names), properties."""
    setting = Setting(layout=layout)
    for text in quantities:
        name, *rest = text.split()
        extents: list[Formula] = []
        while rest and (rest[0].isdigit() or rest[0] in WIDTHS) and len(extents) < 2:
            word = rest.pop(0)
            extents.append(Number(Fraction(word)) if word.isdigit() else Symbol(word))
        properties = tuple(item.strip() for item in " ".join(rest).split(",") if item.strip())
        rows, columns = (*extents, None, None)[:2]
        setting = setting.extended(Declaration(name, "quantity", rows, columns, properties))
    for kind, names in (("function", functions), ("loss", losses)):
        for name in names.split():
            setting = setting.extended(Declaration(name, kind))
    for name, body in defined.items():
        setting = setting.extended(Definition(name, body.node))
    return setting


WIDTHS = frozenset(["m", "n", "k", "p", "N", "C", "n0", "n1", "n2", "n3"])


def network(layout: str = "denominator", **options: str | int) -> Setting:
    return Setting(layout=layout, network=Network(**options))  # type: ignore[arg-type]


def context(setting: Setting, *sides: E) -> Context:
    return Context.of(setting, [side.node for side in sides])


def tried(setting: Setting, left: E, right: E | int, seed: int = 0) -> Agrees | Differs | Untestable:
    right = E.of(right)
    return trial(left.node, right.node, context(setting, left, right), seed=seed)
