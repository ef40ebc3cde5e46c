"""Sums as students type them, ``3^4``, ``sqrt(2/250)``, ``(1 - 0.2)/2``: read by the language, worked out exactly."""

from __future__ import annotations

import re
from fractions import Fraction
from math import isqrt, sqrt
from typing import Final

from derivations.formula import Apply, Binary, Formula, Negation, Number, Op, Power, Unreadable
from derivations.reading import read_formula
from derivations.setting import Setting

LONGEST: Final = 200
"""Characters that are read."""
_SIDE_BY_SIDE: Final = re.compile(r"[\d.)\]]\s+[-+]?[\d.(\[]")
"""Two numbers with a space between them, ``8 3`` or ``8 -3``: a column, and no product or difference."""
_LARGEST_EXPONENT: Final = 200
_LARGEST: Final = 10**400


class _TooLargeError(Exception):
    """A number that nobody means as an answer."""


def worked_out(text: str) -> Fraction | None:
    """The value of a sum of numbers, a root as near as a float comes; None for anything else."""
    if len(text) > LONGEST or not any(char.isdigit() for char in text) or _SIDE_BY_SIDE.search(text):
        return None
    try:
        return _value(read_formula(text.strip(), Setting().vocabulary))
    except (Unreadable, _TooLargeError, ZeroDivisionError, RecursionError):
        return None


def _value(node: Formula) -> Fraction:
    match node:
        case Number(value):
            found = value
        case Negation(of):
            found = -_value(of)
        case Binary(op, left, right):
            found = _joined(op, _value(left), _value(right))
        case Power(of, exponent):
            found = _power(_value(of), _value(exponent))
        case Apply(function, argument) if function.name == "sqrt" and not function.order:
            found = _root(_value(argument))
        case _:
            raise _TooLargeError
    if max(abs(found.numerator), found.denominator) > _LARGEST:
        raise _TooLargeError
    return found


def _joined(op: Op, left: Fraction, right: Fraction) -> Fraction:
    match op:
        case Op.PLUS:
            return left + right
        case Op.MINUS:
            return left - right
        case Op.OVER | Op.QUOTIENT:
            return left / right
    return left * right


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if abs(exponent) > _LARGEST_EXPONENT:
        raise _TooLargeError
    if exponent == Fraction(1, 2):
        return _root(base)
    if exponent.denominator != 1:
        raise _TooLargeError
    return Fraction(base**exponent.numerator)


def _root(of: Fraction) -> Fraction:
    if of < 0:
        raise _TooLargeError
    above, below = isqrt(of.numerator), isqrt(of.denominator)
    if above * above == of.numerator and below * below == of.denominator:
        return Fraction(above, below)
    return Fraction(sqrt(of)) if of < 10**300 else Fraction(isqrt(of.numerator // of.denominator))
