"""A short way to write down formulas that the reader should find, and the vocabularies that it reads with."""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    Vocabulary,
)


def names(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


NETWORK = Vocabulary(
    names=names("W w b z a δ J x y X Y Z A ŷ L l m n C n_in n_out"),
    layered=names("W w b z a δ Z A ŷ n g"),
    functions=names("σ g"),
    scalars=names("m n J L"),
    matrices=names("W w X Y Z A"),
    differentials=True,
)
"""The names of the built-in network."""

SHEET = Vocabulary(
    names=names("W W1 W_1 x y s t c λ m n n_x δ2 d"),
    functions=frozenset({"f"}),
    losses=frozenset({"C"}),
    scalars=names("c λ m n n_x d"),
    matrices=names("W W1 W_1"),
)
"""A sheet's own names: nothing has a layer, and no J is known."""

l, L = Layer("l"), Layer("L")  # noqa: E741  (the layer l is called l)


def n(value: int | str) -> Number:
    return Number(Fraction(value))


def s(name: str, layer: Layer | int | None = None, sample: str = "") -> Symbol:
    return Symbol(name, Layer("", layer) if isinstance(layer, int) else layer, sample)


def entry(of: Formula, *indices: str) -> Entry:
    return Entry(of, tuple(Index(index) for index in indices))


def t(of: Formula) -> Transpose:
    return Transpose(of)


def neg(of: Formula) -> Negation:
    return Negation(of)


def _chain(op: Op, first: Formula, *others: Formula) -> Formula:
    for other in others:
        first = Binary(op, first, other)
    return first


def mul(*factors: Formula) -> Formula:
    return _chain(Op.PRODUCT, *factors)


def star(*factors: Formula) -> Formula:
    return _chain(Op.STAR, *factors)


def had(*factors: Formula) -> Formula:
    return _chain(Op.HADAMARD, *factors)


def add(*terms: Formula) -> Formula:
    return _chain(Op.PLUS, *terms)


def sub(left: Formula, right: Formula) -> Formula:
    return Binary(Op.MINUS, left, right)


def over(left: Formula, right: Formula) -> Formula:
    return Binary(Op.OVER, left, right)


def quotient(left: Formula, right: Formula) -> Formula:
    return Binary(Op.QUOTIENT, left, right)


def power(of: Formula, exponent: Formula, *, each: bool = False) -> Power:
    return Power(of, exponent, each)


def norm(of: Formula) -> Norm:
    return Norm(of)


def f(name: str, argument: Formula, order: int = 0, layer: Layer | int | None = None) -> Apply:
    return Apply(Function(name, Layer("", layer) if isinstance(layer, int) else layer, order), argument)


def call(name: str, *arguments: Formula, axis: int | None = None, keepdims: bool = False) -> Call:
    return Call(name, arguments, axis, keepdims)


def d(of: Formula, by: Symbol | Entry) -> Derivative:
    return Derivative(of, by)


def grad(of: Formula, by: Symbol) -> Gradient:
    return Gradient(of, by)


def loss_by(name: str, layer: Layer | int | None = None) -> LossDerivative:
    return LossDerivative(s(name, layer))


def sigma(index: str, body: Formula, upper: Formula | None = None) -> IndexSum:
    return IndexSum(index, body, upper)


W, b, z, a, x, y = (Symbol(name) for name in ("W", "b", "z", "a", "x", "y"))
J, X, Y, Z, A, m = (Symbol(name) for name in ("J", "X", "Y", "Z", "A", "m"))
