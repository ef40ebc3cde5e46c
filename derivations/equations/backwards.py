"""How a gradient passes back through a formula, as a matrix formula in denominator layout.

``passed(body, gradient)`` says, for a quantity defined by ``body`` whose gradient is given, what each name in the body
gets. The rules are those of every textbook; none is trusted here, since the kernel proves each result.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivations.equations.model import extent_formula
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Formula,
    Function,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    walk,
)
from derivations.setting import Context
from derivations.settling import Settler
from derivations.shapes import Shape
from derivations.values import value

TWO = Number(Fraction(2))


class NoMatrixFormula(Exception):  # noqa: N818
    """A formula that nothing here passes a gradient back through; the message names it."""


@value
class Part:
    """What a name gets: a formula of its shape."""

    name: Symbol
    gradient: Formula


class Backwards:
    """Passes gradients back through the formulas of one setting, to one name."""

    def __init__(self, context: Context, wanted: str) -> None:
        self.context, self.wanted = context, wanted

    def _hears(self, formula: Formula) -> bool:
        """Whether the wanted name stands in it."""
        return any(isinstance(node, Symbol) and node.name == self.wanted for node in walk(formula))

    def shape(self, formula: Formula) -> Shape:
        return Settler(self.context).settle(formula).shape

    def passed(self, node: Formula, gradient: Formula, own: Formula) -> Iterator[Part]:
        """The parts of the wanted name in ``node``. ``own`` is the name that the whole is known by, for softmax."""
        if not self._hears(node):
            return
        match node:
            case Symbol():
                if self.shape(node).is_scalar or not self.shape(gradient).is_scalar:
                    yield Part(node, gradient)
                else:
                    yield Part(node, _times(gradient, self._ones(self.shape(node))))
            case Negation(of):
                yield from self.passed(of, _minus(gradient), of)
            case Transpose(of):
                yield from self.passed(of, self._turned(gradient), of)
            case Binary(op, left, right):
                yield from self._through(op, left, right, gradient)
            case Power(Norm(of), Number(two)) if two == 2:
                yield from self.passed(of, _times(gradient, _times(TWO, of)), of)
            case Power(of, Number(exponent)) if node.elementwise or self.shape(of).is_scalar:
                slope: Formula = of
                if exponent != 2:
                    slope = Power(of, Number(exponent - 1), node.elementwise)
                yield from self.passed(of, self._entrywise(gradient, _times(Number(exponent), slope)), of)
            case Apply(Function("log", None, 0), Call("det", (of,))):
                yield from self.passed(of, self._scaled_by(gradient, Transpose(Call("inv", (of,)))), of)
            case Apply(Function("log", None, 0), argument):
                yield from self.passed(argument, self._over(gradient, argument), argument)
            case Apply(Function("exp", None, 0), argument):
                yield from self.passed(argument, self._entrywise(gradient, node), argument)
            case Apply(Function(name, layer, order), argument) if name not in self.context.setting.losses:
                slope = Apply(Function(name, layer, order + 1), argument)
                yield from self.passed(argument, self._entrywise(gradient, slope), argument)
            case Call("sum", (of,), None):
                yield from self.passed(of, gradient, of)
            case Call("sumsq", (of,), None):
                yield from self.passed(of, _times(gradient, _times(TWO, of)), of)
            case Call("softmax", (of,), None) if self.shape(of).columns == 1:
                jacobian = Binary(Op.MINUS, Call("diag", (own,)), _times(own, Transpose(own)))
                yield from self.passed(of, _times(jacobian, gradient), of)
            case Call("softmax", (of,), axis) if not self.shape(gradient).is_scalar:
                along = 1 if axis is None else axis % 2
                mean = Call("sum", (self._entrywise(gradient, own),), along, True)
                yield from self.passed(of, Binary(Op.HADAMARD, own, Binary(Op.MINUS, gradient, mean)), of)
            case Call("sum", (of,), int() as axis):
                ones = self._ones(self.shape(of)._replace(columns=1) if axis % 2 == 0 else Shape(1, self.shape(of)[1]))
                if self.shape(gradient).is_scalar and not self.shape(node).is_scalar:
                    gradient = _times(gradient, self._ones(self.shape(node)))
                yield from self.passed(of, _times(ones, gradient) if axis % 2 == 0 else _times(gradient, ones), of)
            case Call("tr", (of,)):
                yield from self.passed(
                    of, self._scaled_by(gradient, Call("eye", (extent_formula(self.shape(of).rows),))), of
                )
            case Call("det", (of,)):
                yield from self.passed(of, _times(self._scaled_by(gradient, node), Transpose(Call("inv", (of,)))), of)
            case Call("inv", (of,)) if not self.shape(of).is_scalar:
                turned = Transpose(own)
                yield from self.passed(of, _minus(_through_unit(_through_unit(turned, gradient), turned)), of)
            case Call("diag", (of,)) if self.shape(of).columns == 1:
                whole = self._whole(gradient, self.shape(node))
                yield from self.passed(of, Call("diag", (whole,)), of)
            case Call("max", (one, other)):
                difference: Formula = Binary(Op.MINUS, one, other)
                if Number(Fraction(0)) in (one, other):
                    difference = one if other == Number(Fraction(0)) else other
                bend = Apply(Function("relu"), difference)
                alone = Number(Fraction(0)) in (one, other)
                yield from self.passed(bend if alone else Binary(Op.PLUS, other, bend), gradient, own)
            case Norm(of):
                yield from self.passed(of, self._over(_times(gradient, of), node), of)
            case Apply(Function(name, None, 0), Symbol() as argument) if name in self.context.setting.losses:
                yield from self.passed(argument, self._scaled_by(gradient, Derivative(own, argument)), argument)
            case _:
                raise NoMatrixFormula(f"No rule here passes a gradient back through {type(node).__name__}.")

    def _scaled_by(self, gradient: Formula, factor: Formula) -> Formula:
        """A number times a formula."""
        return factor if gradient == ONE else _times(gradient, factor)

    def _through(self, op: Op, left: Formula, right: Formula, gradient: Formula) -> Iterator[Part]:
        match op:
            case Op.PLUS:
                yield from self._to(left, gradient, right)
                yield from self._to(right, gradient, left)
            case Op.MINUS:
                yield from self._to(left, gradient, right)
                yield from self._to(right, _minus(gradient), left)
            case Op.PRODUCT if not self.shape(left).is_scalar and not self.shape(right).is_scalar:
                whole = self._whole(gradient, Shape(self.shape(left).rows, self.shape(right).columns))
                yield from self.passed(left, _through_unit(whole, self._turned(right)), left)
                yield from self.passed(right, _through_unit(self._turned(left), whole), right)
            case Op.PRODUCT | Op.STAR | Op.HADAMARD:
                yield from self._scaled(left, right, gradient)
                yield from self._scaled(right, left, gradient)
            case Op.OVER | Op.QUOTIENT:
                yield from self.passed(left, self._over(gradient, right), left)
                if self._hears(right):
                    inverse = Power(right, Number(Fraction(-1)), not self.shape(right).is_scalar)
                    yield from self._scaled_by_inverse(left, right, inverse, gradient)

    def _scaled_by_inverse(self, left: Formula, right: Formula, inverse: Formula, gradient: Formula) -> Iterator[Part]:
        of_inverse = self._entrywise(gradient, left)
        if self.shape(right).is_scalar and not self.shape(left).is_scalar:
            of_inverse = Call("sum", (of_inverse,))
        yield from self.passed(inverse, of_inverse, inverse)

    def _to(self, part: Formula, gradient: Formula, other: Formula) -> Iterator[Part]:
        """To one term of a sum: what was repeated over columns, rows or entries gets the sum over them."""
        mine, theirs = self.shape(part), self.shape(other)
        if mine != theirs and not self.shape(gradient).is_scalar:
            if mine.is_scalar:
                gradient = Call("sum", (gradient,))
            elif mine.columns == 1 and theirs.columns != 1:
                gradient = Call("sum", (gradient,), 1, True)
            elif mine.rows == 1 and theirs.rows != 1:
                gradient = Call("sum", (gradient,), 0, True)
        yield from self.passed(part, gradient, part)

    def _scaled(self, part: Formula, other: Formula, gradient: Formula) -> Iterator[Part]:
        """To one factor of an elementwise product, or of a number times anything."""
        if not self._hears(part):
            return
        mine, theirs = self.shape(part), self.shape(other)
        if mine.is_scalar and not theirs.is_scalar:
            yield from self.passed(part, Call("sum", (self._entrywise(gradient, other),)), part)
        else:
            yield from self.passed(part, self._entrywise(gradient, other), part)

    def _entrywise(self, gradient: Formula, factor: Formula) -> Formula:
        if gradient == ONE:
            return factor
        scalar = self.shape(gradient).is_scalar or self.shape(factor).is_scalar
        if scalar:
            first, second = (factor, gradient) if self.shape(factor).is_scalar else (gradient, factor)
            return _times(first, second)
        return Binary(Op.HADAMARD, gradient, factor)

    def _over(self, gradient: Formula, divisor: Formula) -> Formula:
        if self.shape(divisor).is_scalar:
            return Binary(Op.OVER, gradient, divisor)
        if not self.shape(gradient).is_scalar:
            return Binary(Op.QUOTIENT, gradient, divisor)
        inverse = Power(divisor, Number(Fraction(-1)), True)
        return _times(gradient, inverse)

    def _whole(self, gradient: Formula, shape: Shape) -> Formula:
        if shape.is_scalar or not self.shape(gradient).is_scalar:
            return gradient
        return _times(gradient, self._ones(shape))

    def _turned(self, formula: Formula) -> Formula:
        """The transpose, taken into products: (A B)ᵀ = Bᵀ Aᵀ."""
        if self.shape(formula).is_scalar:
            return formula
        match formula:
            case Transpose(of):
                return of
            case Negation(of):
                return _minus(self._turned(of))
            case Binary(Op.PRODUCT, left, right):
                one, two = self._turned(left), self._turned(right)
                return _times(one, two) if self.shape(left).is_scalar else _times(two, one)
            case _:
                return Transpose(formula)

    def _ones(self, shape: Shape) -> Formula:
        return Call("ones", (extent_formula(shape.rows), extent_formula(shape.columns)))


ONE = Number(Fraction(1))


def _minus(formula: Formula) -> Formula:
    match formula:
        case Negation(of):
            return of
        case Number(value):
            return Number(-value)
        case Binary(Op.PRODUCT | Op.HADAMARD | Op.QUOTIENT | Op.OVER, left, right) if _is_negative(left):
            return Binary(formula.op, _minus(left), right)
        case _:
            return Negation(formula)


def _is_negative(formula: Formula) -> bool:
    """Whether a formula begins with a minus sign."""
    match formula:
        case Number(value):
            return value < 0
        case Binary(Op.PRODUCT | Op.HADAMARD | Op.QUOTIENT | Op.OVER, left, _):
            return _is_negative(left)
        case _:
            return isinstance(formula, Negation)


def _through_unit(left: Formula, right: Formula) -> Formula:
    """The product of two matrices; a unit matrix leaves the other as it is."""
    if isinstance(left, Call) and left.name == "eye":
        return right
    return left if isinstance(right, Call) and right.name == "eye" else _times(left, right)


def _times(left: Formula, right: Formula) -> Formula:
    """The product, with numbers multiplied out and a sign in front."""
    left, right = _as_number(left), _as_number(right)
    match left, right:
        case Binary(Op.OVER, whole, Number(divisor)), Binary(Op.PRODUCT, Number(two), rest) if two == divisor:
            return _times(whole, rest)
        case Binary(Op.OVER, whole, Number(divisor)), Number(two) if two == divisor:
            return whole
        case Number(one), Number(two):
            return Number(one * two)
        case Number(one), _ if one == 1:
            return right
        case _, Number(two) if two == 1:
            return left
        case Number(one), _ if one == -1:
            return _minus(right)
        case Number(one), Binary(Op.PRODUCT, Number(two), rest):
            return _times(Number(one * two), rest)
        case Negation(of), _:
            return _minus(_times(of, right))
        case _, Negation(of):
            return _minus(_times(left, of))
        case Binary(Op.OVER, Number(one), Binary(Op.PRODUCT, Number(three), below)), Number(two) if three:
            return Binary(Op.OVER, Number(one * two / three), below)
        case Binary(Op.OVER, Number(one), below), Number(two):
            return Binary(Op.OVER, Number(one * two), below)
        case Binary(Op.OVER, Number(), below), Binary(Op.PRODUCT, Number() as two, rest):
            return Binary(Op.PRODUCT, _times(left, two), rest)
        case Binary(Op.PRODUCT, first, Number() as one), _:
            return _times(_times(one, first), right)
        case _, Number() if not isinstance(left, Number):
            return _times(right, left)
        case _, Binary(Op.PRODUCT, Number() as two, rest) if not isinstance(left, Number):
            return _times(two, _times(left, rest))
        case _, Binary(Op.PRODUCT, one, two) if not isinstance(left, Number):
            return Binary(Op.PRODUCT, _times(left, one), two)
        case _:
            return Binary(Op.PRODUCT, left, right)


def _as_number(formula: Formula) -> Formula:
    """A quotient of numbers as the number that it is."""
    match formula:
        case Binary(Op.OVER, Number(one), Number(two)) if two:
            return Number(one / two)
        case _:
            return formula
