"""Formulas entry by entry, and their derivatives by the entries of a name: the local Jacobians.

The rules are those of every textbook: sums, products, quotients, functions; ∂x_i/∂x_j is an entry of the unit matrix.
None is trusted here, since the kernel proves each result.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from derivations.equations.backwards import NoMatrixFormula
from derivations.equations.terms import Term, delta, divided, of_factors, renamed
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Function,
    Index,
    IndexSum,
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
from derivations.shapes import Extent, Shape, Summed
from derivations.values import replaced

ONE, TWO = Number(Fraction(1)), Number(Fraction(2))
Place = str | None
"""An index letter, or None where there is only one row or column."""


class Entrywise:
    """The entries of formulas of one setting. New letters are #1, #2 …"""

    def __init__(self, context: Context, names: Mapping[Formula, Symbol]) -> None:
        """``names``: what stands for a formula that is a definition."""
        self.context, self.names = context, names
        self._count = 0
        self._shapes: dict[Formula, Shape] = {}

    def fresh(self) -> str:
        self._count += 1
        return f"#{self._count}"

    def shape(self, formula: Formula) -> Shape:
        if formula not in self._shapes:
            self._shapes[formula] = Settler(self.context).settle(formula).shape
        return self._shapes[formula]

    def letter(self, extent: Extent) -> Place:
        """A new letter, if there is more than one row or column."""
        return None if extent == 1 else self.fresh()

    def at(self, node: Formula, row: Place, column: Place) -> Entry | Formula:
        """The entry of a formula as it stands."""
        rows, columns = self.shape(node)
        found = tuple(Index(p) for p, n in ((row, rows), (column, columns)) if n != 1 and p is not None)
        return Entry(node, found) if found else node

    # ---- entries ----

    def entry(self, node: Formula, row: Place, column: Place) -> Formula:
        """An entry, taken into sums and elementwise operations: f(z)_j is f(z_j), and (A x)_j stays."""
        shape = self.shape(node)
        if shape.is_scalar and not isinstance(node, IndexSum):
            return node
        match node:
            case Transpose(of):
                return self.entry(of, column, row)
            case Negation(of):
                return Negation(self.entry(of, row, column))
            case Binary(Op.PRODUCT, left, right) if not self._is_scaling(left, right):
                return self.at(node, row, column)
            case Binary(op, left, right):
                plain = {Op.HADAMARD: Op.PRODUCT, Op.STAR: Op.PRODUCT, Op.QUOTIENT: Op.OVER}.get(op, op)
                return Binary(plain, self.entry(left, row, column), self.entry(right, row, column))
            case Apply(function, argument) if function.name not in self.context.setting.losses:
                return Apply(function, self.entry(argument, row, column))
            case Power(of, exponent, True):
                return Power(self.entry(of, row, column), exponent)
            case Call("ones", _):
                return ONE
            case Call("zeros", _):
                return Number(Fraction(0))
            case Call("max", (one, other)):
                return Call("max", (self.entry(one, row, column), self.entry(other, row, column)))
            case _:
                return self.at(node, row, column)

    def _is_scaling(self, left: Formula, right: Formula) -> bool:
        return self.shape(left).is_scalar or self.shape(right).is_scalar

    def spelled(self, node: Formula, row: Place, column: Place) -> Formula:
        """An entry with its sums written out: (A x)_j is Σ_k A_jk x_k."""
        match node:
            case Transpose(of):
                return self.spelled(of, column, row)
            case Negation(of):
                return Negation(self.spelled(of, row, column))
            case Binary(Op.PRODUCT, left, right) if not self._is_scaling(left, right):
                extent = self.shape(left).columns
                along = self.letter(extent)
                product = Binary(Op.PRODUCT, self.spelled(left, row, along), self.spelled(right, along, column))
                return product if along is None else IndexSum(along, product)
            case Binary(op, left, right):
                plain = {Op.HADAMARD: Op.PRODUCT, Op.STAR: Op.PRODUCT, Op.QUOTIENT: Op.OVER}.get(op, op)
                return Binary(plain, self.spelled(left, row, column), self.spelled(right, row, column))
            case Call("sum" | "sumsq" as name, (of,), axis):
                rows, columns = self.shape(of)
                down = self.letter(rows) if axis in (None, 0, -2) else row
                across = self.letter(columns) if axis in (None, 1, -1) else column
                body = self.spelled(of, down, across)
                if name == "sumsq":
                    body = Power(body, TWO)
                for summed in (p for p, old in ((across, column), (down, row)) if p is not None and p != old):
                    body = IndexSum(summed, body)
                return body
            case Power(Norm(of), Number(two)) if two == 2:
                return self.spelled(Call("sumsq", (of,)), None, None)
            case Call("tr", (of,)):
                along = self.letter(self.shape(of).rows)
                body = self.spelled(of, along, along)
                return body if along is None else IndexSum(along, body)
            case _:
                return self.entry(node, row, column)

    def term(self, formula: Formula) -> Term:
        """A number as a term: its factors, and under which sums they stand."""
        match formula:
            case IndexSum(index, body):
                summed = Settler(self.context).settle(formula)
                assert isinstance(summed, Summed)
                fresh = self.fresh()
                return _summed(self.term(renamed(body, {index: fresh})), ((fresh, summed.width),))
            case Binary(Op.PRODUCT, left, right) if self.shape(left).is_scalar and self.shape(right).is_scalar:
                return self.term(left).times(self.term(right))
            case Binary(Op.OVER, left, right) if self.shape(left).is_scalar and self.shape(right).is_scalar:
                return divided(self.term(left), right)
            case Negation(of):
                return self.term(of).scaled(Fraction(-1))
            case _:
                return of_factors(formula)

    # ---- derivatives ----

    def derivative(self, node: Formula, by: tuple[Symbol, Place, Place], row: Place, column: Place) -> Iterator[Term]:
        """∂(entry of ``node``)/∂(entry of a name), term by term, other names kept as they are.

        Raises NoMatrixFormula for what no rule here differentiates.
        """
        wanted = by[0]
        if not any(isinstance(inner, Symbol) and inner.name == wanted.name for inner in walk(node)):
            return

        def of(inner: Formula, down: Place = row, across: Place = column) -> Iterator[Term]:
            rows, columns = self.shape(inner)
            return self.derivative(inner, by, None if rows == 1 else down, None if columns == 1 else across)

        def entry(inner: Formula, down: Place = row, across: Place = column) -> Formula:
            rows, columns = self.shape(inner)
            return self.entry(inner, None if rows == 1 else down, None if columns == 1 else across)

        match node:
            case Symbol():
                rows, columns = self.shape(node)
                deltas = [
                    delta(mine, theirs, extent)
                    for mine, theirs, extent in ((row, by[1], rows), (column, by[2], columns))
                    if mine is not None and theirs is not None
                ]
                yield Term(factors=tuple(deltas))
            case Negation(inner):
                yield from (term.scaled(Fraction(-1)) for term in of(inner))
            case Transpose(inner):
                yield from of(inner, column, row)
            case Binary(Op.PLUS, left, right):
                yield from of(left)
                yield from of(right)
            case Binary(Op.MINUS, left, right):
                yield from of(left)
                yield from (term.scaled(Fraction(-1)) for term in of(right))
            case Binary(Op.PRODUCT, left, right) if not self._is_scaling(left, right):
                extent = self.shape(left).columns
                along = self.letter(extent)
                bound = () if along is None else ((along, extent),)
                other = self.term(entry(right, along, column))
                yield from (_summed(t.times(other), bound) for t in of(left, row, along))
                other = self.term(entry(left, row, along))
                yield from (_summed(other.times(t), bound) for t in of(right, along, column))
            case Binary(Op.PRODUCT | Op.STAR | Op.HADAMARD, left, right):
                yield from (t.times(self.term(entry(right))) for t in of(left))
                yield from (self.term(entry(left)).times(t) for t in of(right))
            case Binary(Op.OVER | Op.QUOTIENT, left, right):
                below = entry(right)
                yield from (divided(t, below) for t in of(left))
                above = self.term(entry(left)).scaled(Fraction(-1))
                yield from (divided(above.times(t), Power(below, TWO)) for t in of(right))
            case Norm(inner):
                yield from (divided(t, node) for t in self._squares(inner, by, Fraction(1)))
            case Power(Norm(inner), Number(two)) if two == 2:
                yield from self._squares(inner, by, Fraction(2))
            case Power(inner, Number(exponent), elementwise) if elementwise or self.shape(inner).is_scalar:
                base = entry(inner)
                slope: Formula = base if exponent == 2 else Power(base, Number(exponent - 1))
                yield from (of_factors(Number(exponent), slope).times(t) for t in of(inner))
            case Power(inner, Number(exponent)) if exponent.denominator == 1 and 0 != abs(exponent) <= 12:
                one: Formula = inner if exponent > 0 else Call("inv", (inner,))
                whole = one
                for _ in range(abs(int(exponent)) - 1):
                    whole = Binary(Op.PRODUCT, whole, one)
                yield from of(whole)
            case Apply(function, argument):
                yield from self._of_function(node, function, argument, by, row, column)
            case IndexSum(index, body):
                fresh = self.fresh()
                summed = Settler(self.context).settle(node)
                assert isinstance(summed, Summed)
                inside = renamed(body, {index: fresh})
                yield from (replaced(t, bound=((fresh, summed.width), *t.bound)) for t in of(inside))
            case Entry(inner, indices):
                rows, columns = self.shape(inner)
                given = [index.name for index in indices]
                if len(given) == 1:
                    given = [given[0], ""] if columns == 1 else ["", given[0]]
                yield from of(inner, given[0], given[1])
            case Call():
                yield from self._of_call(node, by, row, column)
            case _:
                raise NoMatrixFormula(f"No rule here differentiates a {type(node).__name__.lower()} inside a formula.")

    def _squares(self, inner: Formula, by: tuple[Symbol, Place, Place], factor: Fraction) -> Iterator[Term]:
        """factor · Σ x ∂x, over all entries."""
        rows, columns = self.shape(inner)
        down, across = self.letter(rows), self.letter(columns)
        bound = tuple((p, n) for p, n in ((down, rows), (across, columns)) if p is not None)
        own = of_factors(self.entry(inner, down, across)).scaled(factor)
        yield from (replaced(own.times(t), bound=bound + t.bound) for t in self.derivative(inner, by, down, across))

    def _of_function(
        self,
        node: Apply,
        function: Function,
        argument: Formula,
        by: tuple[Symbol, Place, Place],
        row: Place,
        column: Place,
    ) -> Iterator[Term]:
        if function.name in self.context.setting.losses:
            rows, columns = self.shape(argument)
            down, across = self.letter(rows), self.letter(columns)
            bound = tuple((p, n) for p, n in ((down, rows), (across, columns)) if p is not None)
            at = self.at(argument, down, across)
            if not isinstance(at, Symbol) and not (isinstance(at, Entry) and isinstance(at.of, Symbol)):
                raise NoMatrixFormula(f"{function.name} is unknown, and what it is applied to has no name.")
            outer = Term(factors=(Derivative(node, at),), bound=bound)
            yield from (outer.times(t) for t in self.derivative(argument, by, down, across))
            return
        inner = self.entry(argument, row, column)
        for term in self.derivative(argument, by, row, column):
            if function == Function("log"):
                yield divided(term, inner)
            elif function == Function("exp"):
                yield Term(factors=(Apply(function, inner),)).times(term)
            else:
                yield self.term(self._slope(node, function, inner, row, column)).times(term)

    def _slope(self, node: Apply, function: Function, inner: Formula, row: Place, column: Place) -> Formula:
        """f′, by the function's own value where that has a name: a (1 − a) for the sigmoid."""
        own = self.at(self.names[node], row, column) if node in self.names else None
        if own is not None and function == Function("sigmoid"):
            return Binary(Op.PRODUCT, own, Binary(Op.MINUS, ONE, own))
        if own is not None and function == Function("tanh"):
            return Binary(Op.MINUS, ONE, Power(own, TWO))
        return Apply(replaced(function, order=function.order + 1), inner)

    def _of_call(self, node: Call, by: tuple[Symbol, Place, Place], row: Place, column: Place) -> Iterator[Term]:
        if len(node.arguments) == 2 and node.name == "max":
            yield from self._of_maximum(*node.arguments, by, row, column)
            return
        (inner,) = node.arguments
        rows, columns = self.shape(inner)
        match node.name:
            case "sum":
                down = self.letter(rows) if node.axis in (None, 0, -2) else row
                across = self.letter(columns) if node.axis in (None, 1, -1) else column
                bound = tuple(
                    (p, n) for p, n, old in ((down, rows, row), (across, columns, column)) if p is not None and p != old
                )
                for term in self.derivative(inner, by, down, across):
                    yield replaced(term, bound=bound + term.bound)
            case "sumsq":
                yield from self._squares(inner, by, Fraction(2))
            case "tr":
                along = self.letter(rows)
                bound = () if along is None else ((along, rows),)
                yield from (replaced(t, bound=bound + t.bound) for t in self.derivative(inner, by, along, along))
            case "diag" if self.shape(inner).is_vector:
                on_diagonal = () if row is None or column is None else (delta(row, column, self.shape(node).rows),)
                at = (row, None) if columns == 1 else (None, row)
                yield from (Term(factors=on_diagonal).times(t) for t in self.derivative(inner, by, *at))
            case "diag":
                yield from self.derivative(inner, by, row, row)
            case "softmax":
                along_rows = rows != 1 if node.axis is None else node.axis in (0, -2)
                yield from self._of_softmax(node, inner, by, (row, column), along_rows)
            case "det" | "inv":
                one, other = self.letter(rows), self.letter(rows)
                bound = tuple((p, rows) for p in (one, other) if p is not None)
                inverse = Call("inv", (inner,))
                if node.name == "det":
                    outer = Term(factors=(node, self.at(inverse, other, one)), bound=bound)
                    yield from (outer.times(t) for t in self.derivative(inner, by, one, other))
                else:
                    outer = Term(Fraction(-1), (self.at(inverse, row, one),), (), bound)
                    after = of_factors(self.at(inverse, other, column))
                    yield from (outer.times(t).times(after) for t in self.derivative(inner, by, one, other))
            case _:
                raise NoMatrixFormula(f"No rule here differentiates {node.name}.")

    def _of_softmax(
        self, node: Call, inner: Formula, by: tuple[Symbol, Place, Place], at: tuple[Place, Place], down: bool
    ) -> Iterator[Term]:
        """s_i (∂z_i − Σ_k s_k ∂z_k), along the axis."""
        row, column = at
        own = of_factors(self.at(node, row, column))
        yield from (own.times(t) for t in self.derivative(inner, by, row, column))
        extent = self.shape(inner).rows if down else self.shape(inner).columns
        along = self.letter(extent)
        if along is None:
            yield from (own.times(t).scaled(Fraction(-1)) for t in self.derivative(inner, by, row, column))
            return
        there = (along, column) if down else (row, along)
        both = replaced(own.times(of_factors(self.at(node, *there))).scaled(Fraction(-1)), bound=((along, extent),))
        yield from (both.times(t) for t in self.derivative(inner, by, *there))

    def _of_maximum(
        self, one: Formula, other: Formula, by: tuple[Symbol, Place, Place], row: Place, column: Place
    ) -> Iterator[Term]:
        """max(x, y) = y + relu(x − y)."""
        difference = one if other == Number(Fraction(0)) else Binary(Op.MINUS, one, other)
        if one == Number(Fraction(0)):
            one, other, difference = other, one, other
        bend = Apply(Function("relu"), difference)
        whole = bend if other == Number(Fraction(0)) else Binary(Op.PLUS, other, bend)
        yield from self.derivative(whole, by, row, column)


def _summed(term: Term, bound: tuple[tuple[str, Extent], ...]) -> Term:
    return replaced(term, bound=bound + term.bound)
