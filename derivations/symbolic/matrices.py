"""SymPy's matrices compute the two sides of an equation with explicit widths; the entries written out must agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy  # type: ignore[import-untyped]

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    Negation,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)

Rows = tuple[tuple[Formula, ...], ...]
Expression = Any


class Matrices:
    """Evaluates formulas as SymPy matrices. ``leaf`` gives the entries of a quantity, a derivative or a gradient."""

    def __init__(self, leaf: Callable[[Formula], Rows]) -> None:
        self.leaf = leaf
        self._symbols: dict[Formula, Expression] = {}
        self._functions: dict[Function, Expression] = {}

    def agree(self, formula: Formula, rows: Rows) -> bool:
        """Whether SymPy's matrix of the formula has these entries."""
        written = sympy.Matrix([[self.number(entry) for entry in row] for row in rows])
        difference = self.matrix(formula) - written
        return bool(difference.applyfunc(sympy.expand).is_zero_matrix)

    def matrix(self, node: Formula) -> Expression:
        """The value of a formula, always a matrix."""
        match node:
            case Symbol() | Derivative() | Gradient() | Number():
                return sympy.Matrix([[self.number(entry) for entry in row] for row in self.leaf(node)])
            case Transpose(of):
                return self.matrix(of).T
            case Negation(of):
                return -self.matrix(of)
            case Apply(function, argument):
                return self.matrix(argument).applyfunc(self._function(function))
            case Power(of, exponent):
                power = self.number(exponent)
                return self.matrix(of).applyfunc(lambda entry: entry**power)
            case Call("diag", (of,)):
                return sympy.diag(*self.matrix(of))
            case Binary(op, left, right):
                return _BINARY[op](*_alike(op, self.matrix(left), self.matrix(right)))
            case _:
                raise NotImplementedError(type(node).__name__)

    def number(self, node: Formula) -> Expression:
        """The value of an entry."""
        match node:
            case Number(value):
                return sympy.Rational(value.numerator, value.denominator)
            case Symbol() | Entry() | Derivative():
                return self._symbols.setdefault(node, sympy.Dummy("entry"))
            case Negation(of):
                return -self.number(of)
            case Apply(function, argument):
                return self._function(function)(self.number(argument))
            case Power(of, exponent):
                return self.number(of) ** self.number(exponent)
            case Binary(op, left, right):
                return _NUMBERS[op](self.number(left), self.number(right))
            case _:
                raise NotImplementedError(type(node).__name__)

    def _function(self, function: Function) -> Expression:
        if function not in self._functions:
            self._functions[function] = sympy.Function(f"f{len(self._functions)}")
        return self._functions[function]


def _alike(op: Op, left: Expression, right: Expression) -> tuple[Expression, Expression]:
    """A number beside a matrix stands for the matrix full of it; in a product it scales."""
    if op is Op.PRODUCT:
        if left.cols == right.rows:
            return left, right
        return (left[0, 0], right) if left.shape == (1, 1) else (left, right[0, 0])
    if left.shape == right.shape:
        return left, right
    if left.shape == (1, 1):
        return sympy.ones(*right.shape) * left[0, 0], right
    return left, sympy.ones(*left.shape) * right[0, 0]


_BINARY: Mapping[Op, Callable[[Expression, Expression], Expression]] = {
    Op.PLUS: lambda left, right: left + right,
    Op.MINUS: lambda left, right: left - right,
    Op.PRODUCT: lambda left, right: left * right,
    Op.HADAMARD: lambda left, right: left.multiply_elementwise(right),
    Op.STAR: lambda left, right: left.multiply_elementwise(right),
}

_NUMBERS: Mapping[Op, Callable[[Expression, Expression], Expression]] = {
    Op.PLUS: lambda left, right: left + right,
    Op.MINUS: lambda left, right: left - right,
    Op.PRODUCT: lambda left, right: left * right,
    Op.OVER: lambda left, right: left / right,
}
