"""Intervals of decimals: a number that is known only up to rounding, with both bounds.

What comes out of an operation holds whatever could come out of the numbers in its operands. So an interval that leaves
0 out is a number that is not 0; of one that holds 0, and is not 0 itself, nothing is said: to ask for its sign raises
``Untold``. Decimals are rounded outwards (Cowlishaw, General Decimal Arithmetic, directed rounding); exp, ln and
sqrt are rounded to nearest there, so that a unit in the last place is added on both sides unless they are exact.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, Inexact
from fractions import Fraction
from typing import TypeAlias, final

from derivations.witness.functions import Unsuitable, Untold

Number: TypeAlias = "int | Fraction | Decimal | Interval"

DIGITS = 60
DOWN, UP = Context(prec=DIGITS, rounding=ROUND_FLOOR), Context(prec=DIGITS, rounding=ROUND_CEILING)


@final
class Interval:
    """The numbers from ``low`` to ``high``."""

    __slots__ = ("high", "low")

    def __init__(self, low: int | Decimal, high: Decimal | None = None) -> None:
        self.low = low if isinstance(low, Decimal) else Decimal(low)
        self.high = self.low if high is None else high

    @staticmethod
    def around(value: Number) -> Interval:
        """The smallest interval here that holds a number."""
        if isinstance(value, Interval):
            return value
        if isinstance(value, Fraction):
            top, bottom = Decimal(value.numerator), Decimal(value.denominator)
            return Interval(DOWN.divide(top, bottom), UP.divide(top, bottom))
        return Interval(DOWN.plus(Decimal(value)), UP.plus(Decimal(value)))

    def __repr__(self) -> str:
        return f"Interval({self.low}, {self.high})"

    # ---- arithmetic ----

    def __add__(self, other: Number) -> Interval:
        other = Interval.around(other)
        return Interval(DOWN.add(self.low, other.low), UP.add(self.high, other.high))

    def __neg__(self) -> Interval:
        return Interval(self.high.copy_negate(), self.low.copy_negate())

    def __sub__(self, other: Number) -> Interval:
        return self + -Interval.around(other)

    def __rsub__(self, other: Number) -> Interval:
        return -self + other

    def __mul__(self, other: Number) -> Interval:
        other = Interval.around(other)
        a, b, c, d = self.low, self.high, other.low, other.high
        if c >= 0:  # the bounds of a product by signs: Moore, Methods and Applications of Interval Analysis, 2.3
            return Interval(DOWN.multiply(a, c if a >= 0 else d), UP.multiply(b, d if b >= 0 else c))
        if d <= 0:
            return -(self * -other)
        if a >= 0 or b <= 0:
            return other * self
        return Interval(min(DOWN.multiply(a, d), DOWN.multiply(b, c)), max(UP.multiply(a, c), UP.multiply(b, d)))

    def __truediv__(self, other: Number) -> Interval:
        return self * Interval.around(other).inverted()

    def __rtruediv__(self, other: Number) -> Interval:
        return self.inverted() * other

    __radd__, __rmul__ = __add__, __mul__

    def inverted(self) -> Interval:
        """1/x; raises Unsuitable if x may be 0."""
        if self == 0:
            raise Unsuitable("a division by zero")
        return Interval(DOWN.divide(Decimal(1), self.high), UP.divide(Decimal(1), self.low))

    def __pow__(self, exponent: int) -> Interval:
        if exponent < 0:
            return self.inverted() ** -exponent
        base = abs(self) if exponent % 2 == 0 else self
        return Interval(_raised(DOWN, UP, base.low, exponent), _raised(UP, DOWN, base.high, exponent))

    def __abs__(self) -> Interval:
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Interval(Decimal(0), max(self.low.copy_negate(), self.high))

    # ---- functions that grow ----

    def exp(self) -> Interval:
        return Interval(_below(Decimal.exp, self.low), _above(Decimal.exp, self.high))

    def ln(self) -> Interval:
        return Interval(_below(Decimal.ln, self.low), _above(Decimal.ln, self.high))

    def sqrt(self) -> Interval:
        return Interval(_below(Decimal.sqrt, self.low), _above(Decimal.sqrt, self.high))

    # ---- what is known ----

    def __eq__(self, other: object) -> bool:
        gap = self - other  # type: ignore[operator]
        if gap.low > 0 or gap.high < 0:
            return False
        return gap._known(gap.low == gap.high)

    def __gt__(self, other: Number) -> bool:
        gap = self - other
        return gap.low > 0 or not gap._known(gap.high <= 0)

    def __ge__(self, other: Number) -> bool:
        gap = self - other
        return gap.low >= 0 or not gap._known(gap.high < 0)

    def __lt__(self, other: Number) -> bool:
        return not self >= other

    def __le__(self, other: Number) -> bool:
        return not self > other

    @staticmethod
    def _known(fact: bool) -> bool:
        if not fact:
            raise Untold("a number that cannot be told from 0")
        return True


_NEAREST = Context(prec=DIGITS)


def _below(function: Callable[[Decimal, Context], Decimal], x: Decimal) -> Decimal:
    """A lower bound of a function's value."""
    return _rounded(function, x, Context.next_minus)


def _above(function: Callable[[Decimal, Context], Decimal], x: Decimal) -> Decimal:
    return _rounded(function, x, Context.next_plus)


def _rounded(
    function: Callable[[Decimal, Context], Decimal], x: Decimal, onwards: Callable[[Context, Decimal], Decimal]
) -> Decimal:
    _NEAREST.clear_flags()
    value = function(x, _NEAREST)
    return onwards(_NEAREST, value) if _NEAREST.flags[Inexact] else value


def _raised(towards: Context, away: Context, x: Decimal, exponent: int) -> Decimal:
    """xᵏ, rounded in the direction of ``towards``; x is negative only for an odd k."""
    if x < 0:
        return _raised(away, towards, x.copy_negate(), exponent).copy_negate()
    result = Decimal(1)
    while exponent:
        if exponent % 2:
            result = towards.multiply(result, x)
        x, exponent = towards.multiply(x, x), exponent // 2
    return result
