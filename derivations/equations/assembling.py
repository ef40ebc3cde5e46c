"""From entries back to matrices: the terms of an index form as one matrix formula in denominator layout.

A term is read as a graph: its letters are the places, a factor with two letters is a matrix between them, one with a
single letter is a column at it. A sum over a letter then multiplies what meets there: Σ_k A_ik B_kj is A B. A letter
at which three matrices meet has no matrix form. The kernel proves what is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import reduce

from derivations.equations.terms import Term, divided, letters, of_factors, width
from derivations.equations.turning import mapped
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    IndexSum,
    Negation,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)
from derivations.setting import Context
from derivations.settling import Settler
from derivations.shapes import Extent, Shape, Summed
from derivations.values import replaced

ONE, MINUS_ONE = Number(Fraction(1)), Number(Fraction(-1))
Place = str | None
Edge = tuple[str, str, Formula]


class NotAMatrix(Exception):  # noqa: N818
    """Terms that no matrix formula here holds."""


class Assembly:
    """Assembles terms of one setting; ``extents`` says what each free letter runs over."""

    def __init__(self, context: Context, extents: dict[str, Extent]) -> None:
        self.context, self.extents = context, dict(extents)

    def shape(self, formula: Formula) -> Shape:
        return Settler(self.context).settle(formula).shape

    def matrix(self, terms: Sequence[Term], row: Place, column: Place) -> Formula:
        """The matrix whose entry (row, column) is the sum of the terms. Raises NotAMatrix."""
        if not terms:
            raise NotAMatrix("no term")
        for term in terms:
            self.extents.update(term.bound)
        number, terms = _common(sorted(terms, key=lambda term: term.coefficient < 0))
        counts: dict[Formula, Fraction] = {}
        for term in terms:  # terms that differ in the names of their letters alone are the same matrix
            formula = self._term(replaced(term, coefficient=Fraction(1)), row, column)
            counts[formula] = counts.get(formula, Fraction(0)) + term.coefficient
        if not any(counts.values()):
            raise NotAMatrix("all terms cancel")
        signs = [count < 0 for count in counts.values() if count]
        found = [_multiple(abs(count), formula) for formula, count in counts.items() if count]
        if len(found) == 1 and isinstance(found[0], Binary) and isinstance(found[0].left, Number):
            number, found = number.scaled(found[0].left.value), [found[0].right]
        first, found, last = _common_ends(found)
        total = Negation(found[0]) if signs[0] else found[0]
        for sign, formula in zip(signs[1:], found[1:], strict=True):
            total = Binary(Op.MINUS if sign else Op.PLUS, total, formula)
        return straight(self._framed(number, [*first, total, *last]), self.context)

    def _framed(self, number: Term, factors: list[Formula]) -> Formula:
        whole = reduce(_times, factors)
        if isinstance(whole, Negation) and number != Term():
            number, whole = number.scaled(Fraction(-1)), whole.of
        above: list[Formula] = list(number.factors)
        match number.coefficient, above, number.divisors:
            case _, [], [only]:
                return _times(Binary(Op.OVER, Number(number.coefficient), only), whole)
            case 1, _, _:
                pass
            case -1, [], []:
                return Negation(whole)
            case _:
                above.insert(0, Number(number.coefficient))
        whole = reduce(_times, [*above, whole])
        return Binary(Op.OVER, whole, reduce(_times, number.divisors)) if number.divisors else whole

    # ---- one term ----

    def _term(self, term: Term, row: Place, column: Place) -> Formula:
        graph = _Graph(self)
        for factor in term.factors:
            graph.take(factor)
        for divisor in term.divisors:
            graph.take(divisor, below=True)
        for letter in sorted((letter for letter, _ in term.bound), key=graph.degree):
            graph.close(letter)
        return graph.result(term.coefficient, row, column)

    def elementwise(self, formula: Formula, places: Sequence[str]) -> Formula:
        """The matrix or column whose entries at one or two letters are a number's."""
        row, column = (*places, None)[:2]
        match formula:
            case Binary(Op.PLUS | Op.MINUS):
                return self._of(formula, row, column)
            case Apply(_, argument):
                return replaced(formula, argument=self._of(argument, row, column))
            case Power(of, exponent):
                return Power(self._of(of, row, column), exponent, elementwise=True)
            case Call("max", (one, other)):
                pair = tuple(part if isinstance(part, Number) else self._of(part, row, column) for part in (one, other))
                return replaced(formula, arguments=pair)
            case _:
                raise NotAMatrix(f"{type(formula).__name__} of entries")

    def _of(self, formula: Formula, row: Place, column: Place) -> Formula:
        return self.matrix(list(self.spread(formula)), row, column)

    def spread(self, formula: Formula) -> Iterator[Term]:
        """A number written with entries, as terms."""
        match formula:
            case Negation(of):
                yield from (term.scaled(Fraction(-1)) for term in self.spread(of))
            case Binary(Op.PLUS | Op.MINUS as op, left, right):
                yield from self.spread(left)
                sign = Fraction(-1 if op is Op.MINUS else 1)
                yield from (term.scaled(sign) for term in self.spread(right))
            case Binary(Op.PRODUCT, left, right) if any(True for _ in letters(formula)):
                others = list(self.spread(right))
                yield from (one.times(other) for one in self.spread(left) for other in others)
            case Binary(Op.OVER, left, right) if any(True for _ in letters(formula)):
                yield from (divided(term, right) for term in self.spread(left))
            case IndexSum(index, body):
                summed = Settler(self.context).settle(formula)
                assert isinstance(summed, Summed)
                self.extents[index] = summed.width
                bound = ((index, summed.width),)
                yield from (replaced(t, bound=bound + t.bound) for t in self.spread(body))
            case _:
                yield of_factors(formula)


def _common(terms: Sequence[Term]) -> tuple[Term, list[Term]]:
    """What all terms have in common of a number, and the terms without it."""
    first = terms[0]
    above = [f for f in first.factors if not any(True for _ in letters(f)) and all(f in t.factors for t in terms)]
    below = [f for f in first.divisors if not any(True for _ in letters(f)) and all(f in t.divisors for t in terms)]
    above, below = list(dict.fromkeys(above)), list(dict.fromkeys(below))
    size = abs(first.coefficient)
    coefficient = size if all(abs(term.coefficient) == size for term in terms) else Fraction(1)

    def without(parts: tuple[Formula, ...], gone: list[Formula]) -> tuple[Formula, ...]:
        left = list(parts)
        for part in gone:
            left.remove(part)
        return tuple(left)

    rest = [
        replaced(
            term,
            coefficient=term.coefficient / coefficient,
            factors=without(term.factors, above),
            divisors=without(term.divisors, below),
        )
        for term in terms
    ]
    return Term(coefficient, tuple(above), tuple(below)), rest


def straight(formula: Formula, context: Context) -> Formula:
    """The formula with diag(x) for diag(x)ᵀ."""
    formula = mapped(formula, lambda part: straight(part, context))
    match formula:
        case Transpose(Call("diag", (of,)) as square) if Settler(context).settle(of).shape.is_vector:
            return square
        case _:
            return formula


def _multiple(count: Fraction, formula: Formula) -> Formula:
    if count == 1:
        return formula
    if isinstance(formula, Binary) and formula.op is Op.OVER:
        return replaced(formula, left=_multiple(count, formula.left))
    return Number(count) if formula == ONE else _times(Number(count), formula)


def _common_ends(found: list[Formula]) -> tuple[list[Formula], list[Formula], list[Formula]]:
    """Xᵀ A − Xᵀ B is Xᵀ (A − B): the factors that all begin and end with, and what is left of each."""
    chains = [_flat(formula) for formula in found]
    first: list[Formula] = []
    last: list[Formula] = []
    while len(found) > 1 and all(len(chain) > 1 and chain[0] == chains[0][0] for chain in chains):
        first.append(chains[0][0])
        chains = [chain[1:] for chain in chains]
    while len(found) > 1 and all(len(chain) > 1 and chain[-1] == chains[0][-1] for chain in chains):
        last.insert(0, chains[0][-1])
        chains = [chain[:-1] for chain in chains]
    return first, [reduce(lambda one, two: Binary(Op.PRODUCT, one, two), chain) for chain in chains], last


def _flat(formula: Formula) -> list[Formula]:
    if isinstance(formula, Binary) and formula.op is Op.PRODUCT:
        return [*_flat(formula.left), *_flat(formula.right)]
    return [formula]


class _Graph:
    """The factors of one term: numbers, columns at a letter, matrices between two."""

    def __init__(self, assembly: Assembly) -> None:
        self.assembly = assembly
        self.numbers: list[tuple[Formula, bool]] = []  # with whether it divides
        self.columns: dict[str, list[tuple[Formula, bool]]] = {}
        self.edges: list[Edge] = []

    def take(self, factor: Formula, below: bool = False) -> None:
        places = list(dict.fromkeys(letters(factor)))
        known = [place for place in places if place in self.assembly.extents]
        if len(known) < len(places):
            raise NotAMatrix("a letter of unknown width")
        if not places:
            self.numbers.append((factor, below))
        elif len(places) == 1:
            self.columns.setdefault(places[0], []).append((self._column(factor, places[0]), below))
        elif len(places) == 2:
            row, column, found = self._between(factor, places)
            self.edges.append((row, column, Power(found, MINUS_ONE, elementwise=True) if below else found))
        else:
            raise NotAMatrix("a factor with three indices")

    def _column(self, factor: Formula, place: str) -> Formula:
        match factor:
            case Entry(of, indices) if len(indices) == 1:
                return of if self.assembly.shape(of).columns == 1 else _turned(of)
            case Entry(of, (one, other)) if one == other:
                return Call("diag", (of,))
            case Derivative(of, Entry(Symbol() as by, indices)) if len(indices) == 1 and not list(letters(of)):
                whole = Derivative(of, by)
                return whole if self.assembly.shape(by).columns == 1 else Transpose(whole)
            case _:
                return self.assembly.elementwise(factor, [place])

    def _between(self, factor: Formula, places: list[str]) -> Edge:
        match factor:
            case Entry(of, (one, other)) if one.number is None and other.number is None:
                return one.name, other.name, of
            case Derivative(of, Entry(Symbol() as by, (one, other))) if not list(letters(of)):
                return one.name, other.name, Derivative(of, by)
            case Derivative(Entry(Symbol() as of, (one,)), Entry(Symbol() as by, (other,))):
                return other.name, one.name, Derivative(of, by)
            case _:
                return places[0], places[1], self.assembly.elementwise(factor, places)

    # ---- sums ----

    def _merge(self) -> None:
        """Matrices between the same two letters become one, multiplied elementwise; loops become columns."""
        merged: dict[tuple[str, str], Formula] = {}
        for row, column, matrix in self.edges:
            if row == column:
                self.columns.setdefault(row, []).append((Call("diag", (matrix,)), False))
            elif (column, row) in merged:
                merged[column, row] = Binary(Op.HADAMARD, merged[column, row], _turned(matrix))
            elif (row, column) in merged:
                merged[row, column] = Binary(Op.HADAMARD, merged[row, column], matrix)
            else:
                merged[row, column] = matrix
        self.edges = [(row, column, matrix) for (row, column), matrix in merged.items()]

    def degree(self, letter: str) -> int:
        return sum((letter in (row, column)) for row, column, _ in self.edges)

    def close(self, letter: str) -> None:
        """Σ over a letter."""
        self._merge()
        mine = [edge for edge in self.edges if letter in edge[:2]]
        self.edges = [edge for edge in self.edges if letter not in edge[:2]]
        columns = self.columns.pop(letter, [])
        if not mine:
            self.numbers.append((self._total(columns, letter), False))
        elif len(mine) == 1:
            (first, second, matrix) = mine[0]
            to = second if first == letter else first
            if columns:
                found = _times(_turned(matrix) if first == letter else matrix, _elementwise(columns))
            elif first == letter:
                found = Transpose(Call("sum", (matrix,), 0, True))
            else:
                found = Call("sum", (matrix,), 1, True)
            self.columns.setdefault(to, []).append((found, False))
        elif len(mine) == 2:
            (a, b, one), (c, d, other) = mine
            left, one = (a, one) if b == letter else (b, _turned(one))
            right, other = (d, other) if c == letter else (c, _turned(other))
            if columns:
                one = _times(one, Call("diag", (_elementwise(columns),)))
            self.edges.append((left, right, _times(one, other)))
        else:
            raise NotAMatrix("three matrices meet in one index")

    def _total(self, columns: list[tuple[Formula, bool]], letter: str) -> Formula:
        above = [formula for formula, below in columns if not below]
        if not columns:
            return width(self.assembly.extents[letter])
        if len(columns) == len(above) > 1:
            return _times(_turned(above[0]), _elementwise([(formula, False) for formula in above[1:]]))
        return Call("sum", (_elementwise(columns),))

    # ---- the whole ----

    def result(self, coefficient: Fraction, row: Place, column: Place) -> Formula:
        self._merge()
        if not set(self.columns) | {p for edge in self.edges for p in edge[:2]} <= {row, column} or len(self.edges) > 1:
            raise NotAMatrix("a free index that is no row or column")
        matrix = self._matrix(row, column)
        above = [formula for formula, below in self.numbers if not below]
        below = [formula for formula, below in self.numbers if below]
        if coefficient != 1:
            above.insert(0, Number(coefficient))
        if matrix is not None:
            above.append(matrix)
        whole = reduce(lambda one, other: _times(one, other), above) if above else ONE
        return Binary(Op.OVER, whole, reduce(_times, below)) if below else whole

    def _matrix(self, row: Place, column: Place) -> Formula | None:
        if row is None and column is None:
            return None
        if row is None or column is None:
            place = row or column
            assert place is not None
            found = self._column_at(place)
            return found if row else _turned(found)
        at_row, at_column = self.columns.get(row, []), self.columns.get(column, [])
        if not self.edges:
            return _times(self._column_at(row), _turned(self._column_at(column)))
        ((first, _, matrix),) = self.edges
        if matrix == Call("eye", (width(self.assembly.extents[row]),)):
            both = [*at_row, *at_column]
            return Call("diag", (_elementwise(both),)) if both else matrix
        matrix = matrix if first == row else _turned(matrix)
        if at_row:
            matrix = _times(Call("diag", (_elementwise(at_row),)), matrix)
        if at_column:
            matrix = _times(matrix, Call("diag", (_elementwise(at_column),)))
        return matrix

    def _column_at(self, place: str) -> Formula:
        columns = self.columns.get(place, [])
        return _elementwise(columns) if columns else Call("ones", (width(self.assembly.extents[place]), ONE))


def _elementwise(columns: Iterable[tuple[Formula, bool]]) -> Formula:
    """The elementwise product of columns, over those that divide."""
    columns = list(columns)
    above = [formula for formula, below in columns if not below]
    below = [formula for formula, below in columns if below]
    if not above:
        first, *below = below
        above = [Power(first, MINUS_ONE, elementwise=True)]
    whole = reduce(lambda one, other: Binary(Op.HADAMARD, one, other), above)
    return reduce(lambda one, other: Binary(Op.QUOTIENT, one, other), below, whole)


def _turned(formula: Formula) -> Formula:
    match formula:
        case Transpose(of):
            return of
        case Call("eye", _):
            return formula
        case Binary(Op.PRODUCT, left, right):
            return _times(_turned(right), _turned(left))
        case _:
            return Transpose(formula)


def _times(left: Formula, right: Formula) -> Formula:
    if isinstance(right, Binary) and right.op is Op.PRODUCT:
        return Binary(Op.PRODUCT, _times(left, right.left), right.right)
    return Binary(Op.PRODUCT, left, right)
