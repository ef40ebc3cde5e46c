"""σ′ of a named activation, put in at the end of a proof: a(1 − a) for the sigmoid."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivations.equations.turning import mapped
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Entry,
    Formula,
    Function,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    walk,
)
from derivations.values import replaced

ONE = Number(Fraction(1))


def _minus(left: Formula, right: Formula) -> Formula:
    return Binary(Op.MINUS, left, right)


def _times(left: Formula, right: Formula, whole: bool) -> Formula:
    return Binary(Op.HADAMARD if whole else Op.PRODUCT, left, right)


def _sigmoid(_z: Formula, a: Formula, whole: bool) -> Formula:
    return _times(a, _minus(ONE, a), whole)


def _tanh(_z: Formula, a: Formula, whole: bool) -> Formula:
    return _minus(ONE, Power(a, Number(Fraction(2)), whole))


def _step(z: Formula) -> Formula:
    return Apply(Function("step"), z)


def _leaky_relu(z: Formula, _a: Formula, _whole: bool) -> Formula:
    return Binary(Op.PLUS, Number(Fraction(1, 100)), Binary(Op.PRODUCT, Number(Fraction(99, 100)), _step(z)))


def _elu(z: Formula, _a: Formula, whole: bool) -> Formula:
    below = _times(_minus(ONE, _step(z)), Apply(Function("exp"), z), whole)
    return Binary(Op.PLUS, _step(z), below)


SLOPES: dict[str, tuple[Callable[[Formula, Formula, bool], Formula], str]] = {
    "sigmoid": (_sigmoid, "of the sigmoid the slope is a (1 − a)"),
    "tanh": (_tanh, "of tanh the slope is 1 − a²"),
    "relu": (lambda z, _a, _whole: _step(z), "relu has slope 1 where z > 0 and 0 where z < 0"),
    "leaky_relu": (_leaky_relu, "the slope is 1 where z > 0 and 0.01 where z < 0"),
    "elu": (_elu, "the slope is 1 where z > 0 and exp(z) where z < 0"),
    "softplus": (lambda z, _a, _whole: Apply(Function("sigmoid"), z), "of softplus the slope is the sigmoid"),
    "identity": (lambda _z, _a, _whole: ONE, "the identity has slope 1"),
    "exp": (lambda _z, a, _whole: a, "of exp the slope is exp itself, which is a"),
}
"""activation → (σ′ from z and a, entrywise or as a whole; why)."""


def with_slopes(formula: Formula, activation: str) -> Formula:
    """The formula with σ′(z) written out, for a named activation."""
    build, _ = SLOPES[activation]

    def change(node: Formula) -> Formula:
        if isinstance(node, Apply) and node.function.order == 1 and node.function.name in ("σ", "g"):
            return build(node.argument, _activation(node.argument), _is_whole(node.argument))
        return _without_ones(mapped(node, change))

    return _without_ones(change(formula))


def _activation(z: Formula) -> Formula:
    """a^l for z^l, and the same of an entry or a transpose."""
    match z:
        case Symbol(name):
            return replaced(z, name="A" if name == "Z" else "a")
        case Entry(of) | Transpose(of):
            return replaced(z, of=_activation(of))
        case _:
            raise ValueError("σ′ of something that is no z")


def _is_whole(z: Formula) -> bool:
    return not isinstance(z, Entry)


def _without_ones(node: Formula) -> Formula:
    """x · 1 and x ⊙ 1 are x; diag(1) is kept."""
    if node == Transpose(ONE):
        return ONE
    if isinstance(node, Binary) and node.op in (Op.PRODUCT, Op.HADAMARD):
        if node.right == ONE:
            return node.left
        if node.left == ONE:
            return node.right
    return node


def has_slopes(formula: Formula, activation: str) -> bool:
    """Whether there is a σ′ to write out, and room to do so: a diag(σ′(z)) stays for an identity."""
    changed = with_slopes(formula, activation)
    return changed != formula and not _has_unit_diagonal(changed)


def _has_unit_diagonal(node: Formula) -> bool:
    return any(isinstance(part, Call) and part.name == "diag" and part.arguments == (ONE,) for part in walk(node))
