"""The arithmetics of the witness.

``Plain`` matrices hold numbers of one kind: integers modulo the prime 2⁶¹ − 1 (``Modular``), rationals (``Exact``),
decimals of 50 digits (``Decimals``) or intervals of them (``Enclosed``), which know what rounding has left open.
``Arithmetic`` is what the evaluator asks of them, with derivatives or without.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from decimal import Context as Precision
from decimal import Decimal, DecimalException, localcontext
from fractions import Fraction
from operator import mul
from typing import Any, Protocol, TypeAlias, TypeVar

from derivations.formula import ELEMENTWISE, Layer
from derivations.shapes import Axis
from derivations.witness.functions import (
    KINKED,
    Polynomial,
    Unsuitable,
    Untold,
    at_point,
    derived,
    power_at,
    step_function,
    value_at,
)
from derivations.witness.intervals import Interval
from derivations.witness.stream import mixed
from derivations.work import Purse

PRIME = 2**61 - 1
DIGITS = 50
MOST_BITS = 4096
"""The binary digits of a rational."""
BITS_PER_UNIT = 64
PRICE_OF_RATIONALS, PRICE_OF_DECIMALS = 3, 5
NUMBERS_PER_UNIT, NUMBERS_PER_POWER, NUMBERS_PER_FUNCTION = 16, 4, 10
WORK = 1_000_000
"""What an arithmetic may do, unless a purse is given."""

Matrix: TypeAlias = list[list[Any]]
"""Rows of numbers: int, Fraction or Decimal, as the arithmetic has them."""

Pick: TypeAlias = tuple[int, int, int] | None
"""An entry of one of several matrices: which, row, column. None is 0."""

FunctionKey: TypeAlias = tuple[str, Layer | None]

V = TypeVar("V")


class Arithmetic(Protocol[V]):
    """What the evaluator asks of matrices of a kind V. ``scale`` takes a 1 × 1 factor."""

    def pay(self, numbers: int) -> None: ...
    def filled(self, value: Fraction, rows: int, columns: int) -> V: ...
    def unit(self, rows: int, columns: int, row: int, column: int) -> V: ...
    def add(self, x: V, y: V) -> V: ...
    def hadamard(self, x: V, y: V) -> V: ...
    def scale(self, factor: V, x: V) -> V: ...
    def product(self, x: V, y: V) -> V: ...
    def turned(self, x: V) -> V: ...
    def total(self, x: V, axes: Sequence[Axis]) -> V: ...
    def spread(self, x: V, rows: int, columns: int) -> V: ...
    def gather(self, matrices: Sequence[V], picks: Sequence[Sequence[Pick]]) -> V: ...
    def power(self, x: V, exponent: Fraction) -> V: ...
    def function(self, key: FunctionKey, order: int, x: V) -> V: ...
    def softmax(self, x: V, axis: Axis) -> V: ...
    def determinant(self, x: V) -> V: ...
    def inverse(self, x: V) -> V: ...
    def size(self, x: V) -> tuple[int, int]: ...
    def non_negative(self, x: V) -> bool: ...
    def given(self, x: Matrix) -> V: ...


class Plain(ABC):
    """Matrices of numbers. A subclass says what a number is, how it is inverted and what a function gives.

    Each operation is paid for before it is done. ``price`` is what a number costs, next to a residue.
    """

    price = 1

    def __init__(self, kinks: bool = False, purse: Purse | None = None) -> None:
        self.kinks = kinks  # whether relu and its like may be taken at 0, where the conventions hold
        self.on_kinks = False  # whether they have been
        self.near_kinks = False  # whether it has not been known
        self.purse = purse or Purse(WORK)

    def pay(self, numbers: int) -> None:
        """Pay for so many numbers; raises Spent."""
        self.purse.spend(1 + numbers * self.price // NUMBERS_PER_UNIT)

    @abstractmethod
    def number(self, value: Fraction) -> Any: ...

    @abstractmethod
    def inverted(self, x: Any) -> Any:
        """1/x; raises Unsuitable for 0."""

    def raised(self, x: Any, exponent: Fraction) -> Any:
        """x to a rational power, not an integer ≥ 0; raises Unsuitable where there is none."""
        if exponent.denominator != 1:
            raise Unsuitable("a root that is not rational")
        return self.inverted(x ** int(-exponent))

    @abstractmethod
    def applied(self, key: FunctionKey, order: int, x: Any) -> Any:
        """A derivative of a function at a number."""

    def look_for_kink(self, key: FunctionKey, x: Any) -> None:
        """Note a kink that is met; raises Unsuitable where none may be, and where it is not known whether there is."""
        if key[0] not in KINKED:
            return
        try:
            met = x == 0
        except Untold:
            self.near_kinks = True
            raise
        if met and not self.kinks:
            raise Unsuitable("a kink")
        self.on_kinks = self.on_kinks or met

    @abstractmethod
    def differ(self, left: Matrix, right: Matrix) -> tuple[int, int] | None:
        """The first entry in which two matrices of one shape differ; raises Unsuitable if that cannot be told."""

    def running(self) -> AbstractContextManager[Any]:
        """What surrounds a computation: a precision, if there is one."""
        return nullcontext()

    def surely(self) -> Plain:
        """The same arithmetic, with nothing left open by rounding."""
        return self

    def reduced(self, x: Matrix) -> Matrix:
        return x

    def given(self, x: Matrix) -> Matrix:
        return x

    def size(self, x: Matrix) -> tuple[int, int]:
        return len(x), len(x[0])

    def non_negative(self, x: Matrix) -> bool:
        return all(v >= 0 for row in x for v in row)

    def filled(self, value: Fraction, rows: int, columns: int) -> Matrix:
        self.pay(rows * columns)
        number = self.number(value)
        return [[number] * columns for _ in range(rows)]

    def unit(self, rows: int, columns: int, row: int, column: int) -> Matrix:
        self.pay(rows * columns)
        return [[int((i, j) == (row, column)) for j in range(columns)] for i in range(rows)]

    def add(self, x: Matrix, y: Matrix) -> Matrix:
        self.pay(len(x) * len(x[0]))
        return self.reduced([[p + q for p, q in zip(r, s, strict=True)] for r, s in zip(x, y, strict=True)])

    def hadamard(self, x: Matrix, y: Matrix) -> Matrix:
        self.pay(len(x) * len(x[0]))
        return self.reduced([[p * q for p, q in zip(r, s, strict=True)] for r, s in zip(x, y, strict=True)])

    def scale(self, factor: Matrix, x: Matrix) -> Matrix:
        self.pay(len(x) * len(x[0]))
        ((number,),) = factor
        return self.reduced([[number * p for p in row] for row in x])

    def product(self, x: Matrix, y: Matrix) -> Matrix:
        self.pay(len(x) * len(y) * len(y[0]))
        columns = list(zip(*y, strict=True))
        return self.reduced([[sum(map(mul, row, column)) for column in columns] for row in x])

    def turned(self, x: Matrix) -> Matrix:
        self.pay(len(x) * len(x[0]))
        return [list(column) for column in zip(*x, strict=True)]

    def total(self, x: Matrix, axes: Sequence[Axis]) -> Matrix:
        self.pay(len(x) * len(x[0]))
        if "rows" in axes:
            x = [[sum(column) for column in zip(*x, strict=True)]]
        if "columns" in axes:
            x = [[sum(row)] for row in x]
        return self.reduced(x)

    def spread(self, x: Matrix, rows: int, columns: int) -> Matrix:
        self.pay(rows * columns)
        wide = [row * columns for row in x] if len(x[0]) == 1 else x
        return wide * rows if len(wide) == 1 else wide

    def gather(self, matrices: Sequence[Matrix], picks: Sequence[Sequence[Pick]]) -> Matrix:
        self.pay(len(picks) * len(picks[0]))
        return [[0 if p is None else matrices[p[0]][p[1]][p[2]] for p in row] for row in picks]

    def power(self, x: Matrix, exponent: Fraction) -> Matrix:
        self.pay(len(x) * len(x[0]) * NUMBERS_PER_POWER)
        if exponent.denominator == 1 and exponent >= 0:
            return self.reduced([[v ** int(exponent) if exponent else 1 for v in row] for row in x])
        return [[self.raised(v, exponent) for v in row] for row in x]

    def function(self, key: FunctionKey, order: int, x: Matrix) -> Matrix:
        self.pay(len(x) * len(x[0]) * NUMBERS_PER_FUNCTION * (1 + order))
        if key[0] == "identity":
            return x if order == 0 else self.filled(Fraction(int(order == 1)), *self.size(x))
        return [[self.applied(key, order, v) for v in row] for row in x]

    def softmax(self, x: Matrix, axis: Axis) -> Matrix:
        powers = [[self.applied(("exp", None), 0, v) for v in row] for row in x]
        below = [[self.inverted(v) for v in row] for row in self.total(powers, (axis,))]
        return self.hadamard(powers, self.spread(below, *self.size(x)))

    def determinant(self, x: Matrix) -> Matrix:
        self.pay(2 * len(x) ** 3)
        rows, result = [list(row) for row in x], self.number(Fraction(1))
        for k in range(len(rows)):
            pivot = self.pivot(rows, k)
            if pivot is None:
                return [[self.number(Fraction(0))]]
            if pivot != k:
                rows[k], rows[pivot], result = rows[pivot], rows[k], -result
            result = result * rows[k][k]
            below = self.inverted(rows[k][k])
            for i in range(k + 1, len(rows)):
                factor = rows[i][k] * below
                rows[i] = self.reduced([[p - factor * q for p, q in zip(rows[i], rows[k], strict=True)]])[0]
        return self.reduced([[result]])

    def pivot(self, rows: Matrix, k: int) -> int | None:
        """The row from k on to eliminate with; None if all of column k is 0 there."""
        return next((i for i in range(k, len(rows)) if rows[i][k] != 0), None)

    def inverse(self, x: Matrix) -> Matrix:
        n = len(x)
        self.pay(4 * n**3)
        rows = [[*row, *(int(i == j) for j in range(n))] for i, row in enumerate(x)]
        for k in range(n):
            pivot = self.pivot(rows, k)
            if pivot is None:
                raise Unsuitable("a matrix that has no inverse")
            rows[k], rows[pivot] = rows[pivot], rows[k]
            below = self.inverted(rows[k][k])
            rows[k] = self.reduced([[v * below for v in rows[k]]])[0]
            for i in range(n):
                if i != k:
                    factor = rows[i][k]
                    rows[i] = self.reduced([[p - factor * q for p, q in zip(rows[i], rows[k], strict=True)]])[0]
        return [row[n:] for row in rows]


class Modular(Plain):
    """Integers modulo 2⁶¹ − 1; every function, and every derivative of it, gives random values of its own.

    An order or a root has no meaning here; formulas with exp or relu go elsewhere.
    """

    def __init__(self, seed: int, purse: Purse | None = None) -> None:
        super().__init__(purse=purse)
        self.seed = seed

    def reduced(self, x: Matrix) -> Matrix:
        return [[v % PRIME for v in row] for row in x]

    def number(self, value: Fraction) -> int:
        if value.denominator % PRIME == 0:
            raise Unsuitable("a multiple of the modulus")
        return value.numerator * pow(value.denominator, -1, PRIME) % PRIME

    def inverted(self, x: int) -> int:
        if x % PRIME == 0:
            raise Unsuitable("a division by zero")
        return pow(x, -1, PRIME)

    def power(self, x: Matrix, exponent: Fraction) -> Matrix:
        self.pay(len(x) * len(x[0]) * NUMBERS_PER_POWER)
        if exponent.denominator != 1:
            raise Unsuitable("a root has no value modulo a prime")
        if exponent >= 0:
            return [[pow(v, int(exponent), PRIME) for v in row] for row in x]
        return [[pow(self.inverted(v), int(-exponent), PRIME) for v in row] for row in x]

    def non_negative(self, _: Matrix) -> bool:
        return True

    def applied(self, key: FunctionKey, order: int, x: int) -> int:
        name, layer = key
        if name in ELEMENTWISE:
            raise Unsuitable(f"{name} has no values modulo a prime")
        return mixed(self.seed, name, "" if layer is None else str(layer), order, x) % PRIME

    def differ(self, left: Matrix, right: Matrix) -> tuple[int, int] | None:
        return _first(
            [[(p - q) % PRIME != 0 for p, q in zip(r, s, strict=True)] for r, s in zip(left, right, strict=True)]
        )


class Exact(Plain):
    """Rationals; an unknown function is a polynomial, and relu and its like have their own values.

    Rationals grow behind composed polynomials: the price grows with the largest met, and one of more than
    ``MOST_BITS`` binary digits is Unsuitable.
    """

    def __init__(
        self, functions: dict[FunctionKey, Polynomial], kinks: bool = False, purse: Purse | None = None
    ) -> None:
        super().__init__(kinks, purse)
        self.functions = functions
        self.price = PRICE_OF_RATIONALS

    def reduced(self, x: Matrix) -> Matrix:
        longest = max((_bits(v) for row in x for v in row), default=0)
        if longest > MOST_BITS:
            raise Unsuitable("numbers of too many digits")
        self.price = max(self.price, PRICE_OF_RATIONALS + longest // BITS_PER_UNIT)
        return x

    def power(self, x: Matrix, exponent: Fraction) -> Matrix:
        longest = max((_bits(v) for row in x for v in row if v not in (0, 1, -1)), default=0)
        if longest * abs(exponent) > MOST_BITS:
            raise Unsuitable("numbers of too many digits")
        return super().power(x, exponent)

    def number(self, value: Fraction) -> int | Fraction:
        return value.numerator if value.denominator == 1 else value

    def inverted(self, x: int | Fraction) -> int | Fraction:
        if x == 0:
            raise Unsuitable("a division by zero")
        return self.number(1 / Fraction(x))

    def applied(self, key: FunctionKey, order: int, x: int | Fraction) -> Any:
        polynomial = self.functions.get(key)
        if polynomial is not None:
            return self.reduced([[value_at(derived(polynomial, order), x)]])[0][0]
        self.look_for_kink(key, x)
        return step_function(key[0], order, x, self.kinks)

    def differ(self, left: Matrix, right: Matrix) -> tuple[int, int] | None:
        return _first([[p != q for p, q in zip(r, s, strict=True)] for r, s in zip(left, right, strict=True)])


class Decimals(Plain):
    """Decimals of 50 digits, for exp and its like; an unknown function is a polynomial.

    Two numbers are equal up to 10⁻²⁵ of the largest one, different from 10⁻¹² on; in between nothing is said.
    """

    SAME, OTHER, SMALLEST_SCALE = Decimal("1e-25"), Decimal("1e-12"), Decimal("1e-3")

    def __init__(
        self,
        functions: dict[FunctionKey, Polynomial],
        kinks: bool = False,
        digits: int = DIGITS,
        purse: Purse | None = None,
    ) -> None:
        super().__init__(kinks, purse)
        self.digits, self.functions = digits, functions
        self.price = PRICE_OF_DECIMALS * max(1, digits // DIGITS)

    def surely(self) -> Plain:
        return Enclosed(self.functions, self.kinks, purse=self.purse)

    @contextmanager
    def running(self) -> Iterator[None]:
        try:
            with localcontext(Precision(prec=self.digits)):
                yield
        except DecimalException:
            raise Unsuitable("numbers that are too large") from None

    def number(self, value: Fraction) -> Any:
        return Decimal(value.numerator) / value.denominator

    def real(self, value: Any) -> Any:
        """One of the numbers here, of a whole number too."""
        return Decimal(value)

    def given(self, x: Matrix) -> Matrix:
        return [[self.number(Fraction(v)) for v in row] for row in x]

    def inverted(self, x: Any) -> Any:
        if x == 0:
            raise Unsuitable("a division by zero")
        return 1 / self.real(x)

    def raised(self, x: Any, exponent: Fraction) -> Any:
        return power_at(self.real(x), exponent)

    def pivot(self, rows: Matrix, k: int) -> int | None:
        """The largest. What elimination leaves of a 0 is no pivot: X Xᵀ is singular where X has too few columns."""
        best = max(range(k, len(rows)), key=lambda i: abs(rows[i][k]))
        size = abs(rows[best][k])
        if 0 < size < self.SAME * max(abs(Decimal(v)) for row in rows for v in row):
            raise Unsuitable("a matrix too near to one that has no inverse")
        return best if size else None

    def applied(self, key: FunctionKey, order: int, x: Any) -> Any:
        polynomial = self.functions.get(key)
        if polynomial is not None:
            return self.real(value_at([self.number(Fraction(c)) for c in derived(polynomial, order)], x))
        try:
            x = self.real(x)
            self.look_for_kink(key, x)
            return at_point(key[0], order, x, self.kinks)
        except DecimalException:
            raise Unsuitable("a number that is too large") from None

    def differ(self, left: Matrix, right: Matrix) -> tuple[int, int] | None:
        scale = max(self.SMALLEST_SCALE, *(abs(Decimal(v)) for side in (left, right) for row in side for v in row))
        gaps = [[abs(p - q) / scale for p, q in zip(r, s, strict=True)] for r, s in zip(left, right, strict=True)]
        found = _first([[gap >= self.OTHER for gap in row] for row in gaps])
        if found is None and any(gap > self.SAME for row in gaps for gap in row):
            raise Unsuitable("a difference too small to be told from rounding")
        return found


class Enclosed(Decimals):
    """Intervals of decimals. What they say is certain: a sign, a divisor that is not 0, two numbers that differ.

    Two numbers count as equal where their difference may be 0 and is at most 10⁻²⁵ of the largest one.
    """

    @contextmanager
    def running(self) -> Iterator[None]:
        try:
            yield
        except DecimalException:
            raise Unsuitable("numbers that are too large") from None

    def surely(self) -> Plain:
        return self

    def number(self, value: Fraction) -> Interval:
        return Interval.around(value)

    def real(self, value: Any) -> Interval:
        return Interval.around(value)

    def inverted(self, x: Any) -> Any:
        return self.real(x).inverted()

    def pivot(self, rows: Matrix, k: int) -> int | None:
        """The one that is surely farthest from 0."""
        sizes = [(self._least_size(rows[i][k]), i) for i in range(k, len(rows))]
        size, best = max(sizes, key=lambda found: found[0])
        if size > 0:
            return best
        if all(self.real(rows[i][k]) == 0 for i in range(k, len(rows))):
            return None
        raise Unsuitable("a matrix that cannot be told from one without an inverse")

    def _least_size(self, x: int | Interval) -> Decimal:
        return abs(self.real(x)).low

    def differ(self, left: Matrix, right: Matrix) -> tuple[int, int] | None:
        gaps = [[self.real(p - q) for p, q in zip(r, s, strict=True)] for r, s in zip(left, right, strict=True)]
        found = _first([[self._least_size(gap) > 0 for gap in row] for row in gaps])
        sizes = (self._least_size(v) for side in (left, right) for row in side for v in row)
        small = self.SAME * max(self.SMALLEST_SCALE, *sizes)
        if found is None and any(abs(gap).high > small for row in gaps for gap in row):
            raise Unsuitable("a difference too small to be told from rounding")
        return found


def _bits(number: int | Fraction) -> int:
    return max(number.numerator.bit_length(), number.denominator.bit_length())


def _first(marks: list[list[bool]]) -> tuple[int, int] | None:
    return next(((i, j) for i, row in enumerate(marks) for j, mark in enumerate(row) if mark), None)
