"""A formula of denominator layout, turned for numerator layout: each matrix transposed, factors in the other order.

In numerator layout every derivative and every δ is the transpose of what it was, so that (A B)ᵀ = Bᵀ Aᵀ turns a
whole proof. In a batch, dZ and its kin have the shape of Z in either layout: only the derivatives ∂J/∂Z are turned.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Gradient,
    IndexSum,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)
from derivations.setting import Context
from derivations.settling import Settler
from derivations.values import replaced


class Turning:
    """Turns the formulas of one proof; ``context`` is that of denominator layout."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.in_batch = context.network is not None and context.network.batch is not None

    def line(self, formula: Formula) -> Formula:
        """The formula as it stands in the proof for numerator layout."""
        if self.in_batch:
            return self._derivatives_turned(formula)
        return self._scalar(formula) if self._is_scalar(formula) else self.turned(formula)

    def _is_scalar(self, formula: Formula) -> bool:
        return Settler(self.context).settle(formula).shape.is_scalar

    # ---- one sample ----

    def turned(self, node: Formula) -> Formula:
        """The transpose of what the formula was, in numerator layout."""
        if self._is_scalar(node):
            return self._scalar(node)
        match node:
            case Symbol("δ") | Derivative() | LossDerivative() | Number():
                return node
            case Call("diag" | "eye", arguments):
                return replaced(node, arguments=tuple(self._scalar_or_own(part) for part in arguments))
            case Call("sum", (of,), int() as axis):
                return replaced(node, arguments=(self.turned(of),), axis=1 - axis)
            case Transpose(of):
                return _flipped(self.turned(of))
            case Binary(Op.PRODUCT):
                return self._product(node)
            case Binary(_, left, right):
                return replaced(node, left=self.turned(left), right=self.turned(right))
            case Negation(of):
                return replaced(node, of=self.turned(of))
            case IndexSum(_, body):
                return replaced(node, body=self.turned(body))
            case _:
                return _flipped(node)

    def _product(self, node: Binary) -> Formula:
        factors = self._flat(node)
        scalars = [self._scalar(factor) for factor in factors if self._is_scalar(factor)]
        matrices = [self.turned(factor) for factor in factors if not self._is_scalar(factor)]
        return reduce(lambda left, right: Binary(Op.PRODUCT, left, right), [*scalars, *reversed(matrices)])

    def _flat(self, node: Formula) -> list[Formula]:
        """The factors of a product; one that is a number, such as xᵀ y, stays in one piece."""
        if isinstance(node, Binary) and node.op is Op.PRODUCT and not self._is_scalar(node):
            return [*self._flat(node.left), *self._flat(node.right)]
        return [node]

    def _scalar_or_own(self, node: Formula) -> Formula:
        return self._scalar(node) if self._is_scalar(node) else node

    def _scalar(self, node: Formula) -> Formula:
        """A number stays; an entry of a product is read off the turned one, and a sum adds up the turned one."""
        match node:
            case Entry(Binary() as of, indices):
                return Entry(self.turned(of), indices[::-1])
            case Call("sum" | "sumsq", (of,), None):
                return replaced(node, arguments=(self.turned(of),))
            case Binary() | Negation():
                return mapped(node, lambda part: self._scalar(part) if self._is_scalar(part) else part)
            case _:
                return node

    # ---- a batch ----

    def _derivatives_turned(self, node: Formula) -> Formula:
        if isinstance(node, Derivative | Gradient):
            turn = isinstance(node, Derivative) and not self._is_scalar(node)
            return Transpose(node) if turn else node
        return mapped(node, self._derivatives_turned)


def mapped(node: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The formula with each formula directly inside it changed. What is differentiated by stays."""
    match node:
        case Binary(_, left, right):
            return replaced(node, left=change(left), right=change(right))
        case Transpose(of) | Negation(of) | Norm(of) | Derivative(of, _) | Gradient(of, _) | Entry(of, _):
            return replaced(node, of=change(of))
        case Power(of, exponent):
            return replaced(node, of=change(of), exponent=change(exponent))
        case Apply(_, argument):
            return replaced(node, argument=change(argument))
        case Call(_, arguments):
            return replaced(node, arguments=tuple(change(part) for part in arguments))
        case IndexSum(_, body):
            return replaced(node, body=change(body))
        case _:
            return node


def _flipped(node: Formula) -> Formula:
    return node.of if isinstance(node, Transpose) else Transpose(node)
