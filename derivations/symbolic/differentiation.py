"""SymPy differentiates too, in index form; the kernel must agree.

A quantity is an ``IndexedBase``, a sum a ``Sum`` over an index that no sum around it has, and the index of
differentiation is fresh: SymPy captures an index that occurs already. No text is ever parsed, nothing is substituted,
and SymPy is not asked whether two things are equal: what it finds is translated to a normal form, and compared there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy  # type: ignore[import-untyped]
from sympy import Dummy, IndexedBase, KroneckerDelta, Rational, Sum

from derivations.formula import Index, Layer
from derivations.kernel import calculus, functions
from derivations.kernel.algebra import ONE, Polynomial
from derivations.kernel.algebra import Rational as Exact
from derivations.meaning import Place, Translation, vanishes
from derivations.shapes import (
    Add,
    Diagonal,
    ElementPower,
    Elementwise,
    EntryOf,
    Extent,
    Filled,
    Hadamard,
    Identity,
    MatrixProduct,
    Partial,
    Scale,
    Settled,
    Softmax,
    Spread,
    Summed,
    Total,
    Turned,
    Variable,
    Width,
    WidthValue,
)

Expression = Any
"""A SymPy expression; SymPy has no types to name it by."""


class NotInIndexForm(Exception):  # noqa: N818
    """A derivative that SymPy cannot take in index form: by an unknown loss, of a determinant …"""


class Elementary(sympy.Function):  # type: ignore[misc]
    """An elementwise function of one variable; its derivative is the next of its kind, not a ``Subs``."""

    key: tuple[str, Layer | None, int]

    def fdiff(self, argindex: int = 1) -> Expression:  # noqa: ARG002  (SymPy's own signature)
        name, layer, order = self.key
        return _elementary(name, layer, order + 1)(self.args[0])


@lru_cache
def _elementary(name: str, layer: Layer | None, order: int) -> Callable[[Expression], Expression]:
    if order == 0 and layer is None and name in _SYMPY_FUNCTIONS:
        return _SYMPY_FUNCTIONS[name]
    return type(f"{name}{layer or ''}{chr(39) * order}", (Elementary,), {"key": (name, layer, order)})


_SYMPY_FUNCTIONS: dict[str, Callable[[Expression], Expression]] = {"exp": sympy.exp, "log": sympy.log}


def _counting(name: str) -> Expression:
    """A new index or width: a number 1, 2, 3 …  Knowing that, SymPy is sooner done with asking whether i − j is 0."""
    return Dummy(name, integer=True, positive=True)


class Differentiation:
    """Takes the derivatives of one chain of formulas: settled form → SymPy → derivative → normal form."""

    def __init__(self, translation: Translation) -> None:
        self.translation = translation
        self._variables: dict[Expression, Variable] = {}
        self._places: dict[Expression, Place] = {}
        self._widths: dict[Expression, Extent] = {}
        self._bases: dict[tuple[str, Layer | None], Expression] = {}
        self._letters: dict[tuple[str, Extent], Expression] = {}
        self._asked: dict[tuple[str, Extent], Expression] = {}  # letters of what is differentiated by
        self._bound: list[Expression] = []  # the index of a sum, by how many sums are around it
        self._around = 0
        self._known: dict[tuple[Expression, Expression], Expression] = {}
        self._numbers: dict[Extent, Expression] = {}

    def derivative(self, node: Partial) -> Expression:
        """∂of/∂by as SymPy finds it, for one entry ``by``; raises NotInIndexForm."""
        if node.at is None or not node.of.shape.is_scalar:
            raise NotInIndexForm("A derivative by a whole quantity.")
        of = self._entry(node.of, None, None, node.by)
        fresh = [
            self._letter_in(self._asked, letter, width)
            for letter, width in zip(node.at, node.by.shape, strict=True)
            if letter is not None
        ]
        asked = of, self._quantity(node.by, fresh)
        if asked not in self._known:
            self._known[asked] = of.diff(asked[1])
        return self._known[asked]

    def agrees(self, node: Partial) -> bool:
        """Whether the kernel finds the same derivative; raises NotInIndexForm."""
        found = self.normal_form(self.derivative(node))
        algebra = self.translation.algebra
        return vanishes(algebra, algebra.minus(found, self.translation.entry(node, None, None)))

    # ---- to SymPy ----

    def _width(self, width: Extent) -> Expression:
        if isinstance(width, int):
            return sympy.Integer(width)
        if width not in self._numbers:
            number = _counting(str(width))
            self._numbers[width] = number
            self._widths[number] = width
        return self._numbers[width]

    def _letter(self, letter: Index | None, width: Extent) -> Expression:
        if letter is None or letter.number is not None:
            return None if letter is None else sympy.Integer(letter.number)
        return self._letter_in(self._letters, letter, width)

    def _letter_in(self, letters: dict[tuple[str, Extent], Expression], letter: Index, width: Extent) -> Expression:
        """The index that stands for a letter of the formula; a new one for the first time."""
        key = letter.name, width
        if key not in letters:
            letters[key] = _counting(letter.name)
            self._places[letters[key]] = self.translation.index_of(letter, width)
        return letters[key]

    def _quantity(self, variable: Variable, indices: list[Expression]) -> Expression:
        if variable.key not in self._bases:
            name = f"{variable.name}{variable.layer or ''}"
            base = Dummy(name) if variable.shape.is_scalar else IndexedBase(Dummy(name))
            self._bases[variable.key] = base
            self._variables[base] = variable
        base = self._bases[variable.key]
        return base[tuple(indices)] if indices else base

    def _entry(self, node: Settled, row: Expression, column: Expression, by: Variable) -> Expression:
        """The entry of a settled formula at a row and column."""

        def entry(inner: Settled, at: Expression = row, across: Expression = column) -> Expression:
            return self._entry(inner, at, across, by)

        match node:
            case Filled(value):
                return Rational(value.numerator, value.denominator)
            case Identity():
                return KroneckerDelta(row, column)
            case WidthValue(width):
                return self._width(width)
            case Variable():
                return self._variable(node, row, column, by)
            case Add(left, right):
                return entry(left) + entry(right)
            case Scale(factor, of):
                return entry(factor, None, None) * entry(of)
            case Hadamard(left, right):
                return entry(left) * entry(right)
            case MatrixProduct(left, right):
                return self._sum(
                    left.shape.columns, lambda inner: entry(left, row, inner) * entry(right, inner, column)
                )
            case ElementPower(of, exponent):
                return entry(of) ** Rational(exponent.numerator, exponent.denominator)
            case Turned(of):
                return entry(of, column, row)
            case Elementwise(name, layer, order, of):
                return _elementary(name, layer, order)(entry(of))
            case Total(of, axes):
                rows, columns = of.shape

                def of_row(at: Expression) -> Expression:
                    if "columns" not in axes:
                        return entry(of, at)
                    return self._sum(columns, lambda across: entry(of, at, across))

                return self._sum(rows, of_row) if "rows" in axes else of_row(row)
            case Softmax(of, axis):
                if axis == "rows":
                    total = self._sum(of.shape.rows, lambda along: sympy.exp(entry(of, along, column)))
                else:
                    total = self._sum(of.shape.columns, lambda along: sympy.exp(entry(of, row, along)))
                return sympy.exp(entry(of)) / total
            case Diagonal(of):
                along = entry(of, row, None) if of.shape.columns == 1 else entry(of, None, row)
                return along * KroneckerDelta(row, column)
            case Spread(of):
                rows, columns = of.shape
                return entry(of, None if rows == 1 else row, None if columns == 1 else column)
            case EntryOf(of, at_letter, across_letter):
                rows, columns = of.shape
                return entry(of, self._letter(at_letter, rows), self._letter(across_letter, columns))
            case Summed(letter, width, of):
                return self._sum(width, lambda index: self._with_letter(letter, width, index, lambda: entry(of)))
            case _:
                raise NotInIndexForm(f"{type(node).__name__} has no entry in SymPy's index form.")

    def _sum(self, width: Extent, body: Callable[[Expression], Expression]) -> Expression:
        """Σ over an index of its own; sums that stand beside each other have the same one, nested ones do not."""
        if width == 1:
            return body(None)
        if self._around == len(self._bound):
            self._bound.append(_counting("i"))
        index = self._bound[self._around]
        self._around += 1
        try:
            return Sum(body(index), (index, 1, self._width(width)))
        finally:
            self._around -= 1

    def _with_letter(
        self, letter: Index, width: Extent, index: Expression, body: Callable[[], Expression]
    ) -> Expression:
        """What ``body`` gives while a letter stands for a sum's index."""
        key = letter.name, width
        outer = self._letters.pop(key, None)
        if index is not None:
            self._letters[key] = index
        try:
            return body()
        finally:
            self._letters.pop(key, None)
            if outer is not None:
                self._letters[key] = outer

    def _variable(self, node: Variable, row: Expression, column: Expression, by: Variable) -> Expression:
        """A variable's entry: unfolded, if what it is defined to be hears of ``by``."""
        if node.key != by.key:
            definition = self.translation.definition(node)
            if definition is not None:
                if callable(definition) or isinstance(definition, Partial):
                    raise NotInIndexForm(f"{node.name} is an unknown function of what lies below.")
                return self._entry(definition, row, column, by)
        return self._quantity(node, [place for place in (row, column) if place is not None])

    # ---- and back ----

    def normal_form(self, expression: Expression) -> Polynomial:
        """The kernel's normal form of a SymPy expression made here; raises NotInIndexForm."""
        algebra, form = self.translation.algebra, self.normal_form
        match expression:
            case sympy.Rational():
                return algebra.number(_fraction(expression))
            case sympy.Add():
                return algebra.plus({}, *(form(part) for part in expression.args))
            case sympy.Mul():
                product = ONE
                for part in expression.args:
                    product = algebra.times(product, form(part))
                return product
            case sympy.Pow(base=base, exp=sympy.Rational() as exponent):
                return functions.power(algebra, form(base), _fraction(exponent))
            case sympy.exp():
                return functions.exp(algebra, form(expression.args[0]))
            case sympy.log():
                return functions.log(algebra, form(expression.args[0]))
            case Elementary():
                name, layer, order = expression.key
                argument = form(expression.args[0])
                if name in functions.NAMED:
                    return calculus.named(algebra, name, order, argument)
                return functions.unknown(algebra, name, layer, order, argument)
            case Sum():
                bound: list[Place] = []
                for index, _, upper in expression.limits:  # SymPy makes one Sum of nested ones
                    bound.append(algebra.fresh(algebra.width_number(self._widths.get(upper, upper))))
                    self._places[index] = bound[-1]
                return self.translation.summed(form(expression.function), *bound)
            case KroneckerDelta():
                one, other = (self._place(index) for index in expression.args[:2])
                assert one is not None
                assert other is not None
                return algebra.delta(one, other)
            case sympy.Indexed():
                return self._tensor(self._variables[expression.base], [self._place(i) for i in expression.indices])
            case sympy.Symbol() if expression in self._widths:
                return self.translation.entry(_width_value(self._widths[expression]), None, None)
            case sympy.Symbol() if expression in self._variables:
                return self._tensor(self._variables[expression], [])
            case _:
                raise NotInIndexForm(f"SymPy answers with {type(expression).__name__}.")

    def _place(self, index: Expression) -> Place:
        if index not in self._places:
            raise NotInIndexForm("An entry is named by its number.")
        return self._places[index]

    def _tensor(self, variable: Variable, places: list[Place]) -> Polynomial:
        left = iter(places)
        row, column = (None if width == 1 else next(left) for width in variable.shape)
        return self.translation.entry(variable, row, column)


def _fraction(number: Expression) -> Exact:
    value = Fraction(int(number.p), int(number.q))
    return int(value) if value.denominator == 1 else value


def _width_value(width: Extent) -> Settled:
    assert isinstance(width, Width)
    return WidthValue(width)
