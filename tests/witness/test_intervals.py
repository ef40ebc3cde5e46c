"""Intervals hold the numbers that they are intervals of, and say nothing that they do not know."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from derivations.witness.functions import Unsuitable
from derivations.witness.intervals import DIGITS, Interval
from derivations.witness.numbers import Enclosed

NUMBERS = st.fractions(-50, 50, max_denominator=10**6)
LONG = Context(prec=3 * DIGITS)

OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "/": lambda x, y: x / y,
    "x²": lambda x, y: (x - y) ** 2,
    "x³": lambda x, y: (x - y) ** 3,
    "x⁻²": lambda x, y: (x + y) ** -2,
    "|x|": lambda x, y: abs(x) - abs(y),
    "2 − x": lambda x, y: 2 - x * 3 - y,
    "1 / x": lambda x, y: 1 / x - 1 / (y * y),
}


def wide(low: Fraction, high: Fraction) -> Interval:
    return Interval(Interval.around(min(low, high)).low, Interval.around(max(low, high)).high)


def holds(interval: Interval, value: Fraction) -> bool:
    return Fraction(interval.low) <= value <= Fraction(interval.high)


@given(st.sampled_from(sorted(OPERATIONS)), NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.fractions(0, 1), st.fractions(0, 1))
def test_what_is_inside_stays_inside(
    name: str, a: Fraction, b: Fraction, c: Fraction, d: Fraction, s: Fraction, t: Fraction
) -> None:
    operation, x, y = OPERATIONS[name], a + s * (b - a), c + t * (d - c)
    try:
        found = operation(wide(a, b), wide(c, d))
    except Unsuitable:
        assert "/" in name or "⁻" in name
        return
    assert holds(found, operation(x, y))


@given(st.sampled_from(["exp", "ln", "sqrt"]), NUMBERS)
def test_functions_are_enclosed(name: str, x: Fraction) -> None:
    assume(name == "exp" or x > 0)
    long = getattr(LONG.divide(Decimal(x.numerator), Decimal(x.denominator)), name)(LONG)
    found = getattr(Interval.around(x), name)()
    assert found.low <= long <= found.high
    assert found.high - found.low < abs(long) * Decimal(10) ** (6 - DIGITS) + Decimal(10) ** (6 - DIGITS)


@given(NUMBERS, NUMBERS)
def test_a_sign_is_told_where_it_is_known_and_nowhere_else(a: Fraction, b: Fraction) -> None:
    interval, low, high = wide(a, b), min(a, b), max(a, b)
    for known, compare in (
        (low > 0, lambda v: v > 0),
        (high < 0, lambda v: v < 0),
        (low >= 0, lambda v: v >= 0),
        (high <= 0, lambda v: v <= 0),
        (low == high == 0, lambda v: v == 0),
    ):
        if compare(low) == compare(high) and (known or not low < 0 < high):
            assert compare(interval) == compare(low)
        else:
            with pytest.raises(Unsuitable):
                compare(interval)


def test_exact_values_stay_exact() -> None:
    assert Interval(4).sqrt() - 2 == 0
    assert Interval(0).exp() - 1 == 0
    assert Interval(1).ln() == 0
    with pytest.raises(Unsuitable):
        assert Interval(2).sqrt() * Interval(2).sqrt() - 2 == 0


def test_a_matrix_near_a_singular_one_has_no_inverse() -> None:
    third = Interval.around(Fraction(1, 3))
    with pytest.raises(Unsuitable):
        Enclosed({}).inverse([[third, third * third], [Interval(1), third]])
    ((a, b), (c, d)) = Enclosed({}).inverse([[third, Interval(0)], [Interval(1), third]])
    assert all(holds(v, Fraction(w)) for v, w in ((a, 3), (b, 0), (c, -9), (d, 3)))


def test_two_numbers_differ_only_if_they_surely_do() -> None:
    arithmetic, root = Enclosed({}), Interval(2).sqrt()
    assert arithmetic.differ([[root * root]], [[2]]) is None
    assert arithmetic.differ([[root * root]], [[Interval(2) + Decimal("1e-50")]]) == (0, 0)
    with pytest.raises(Unsuitable):
        arithmetic.differ([[wide(Fraction(0), Fraction(1))]], [[0]])
