"""Values and derivatives of the named functions, of any order, from identities written down here and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import factorial
from typing import Any, TypeAlias

Polynomial: TypeAlias = tuple[Fraction | int, ...]
"""Coefficients, the constant first."""

STEPLIKE = frozenset({"relu", "leaky_relu", "step", "sign", "abs"})
"""Functions of the order of the numbers: exact on rationals, without a meaning modulo a prime."""

KINKED = STEPLIKE | {"elu"}
"""Functions whose value or derivative at 0 is a convention."""

LEAK = Fraction(1, 100)
LARGEST_EXPONENT = 60


class Unsuitable(Exception):  # noqa: N818  (a sample is at fault, not the program)
    """This sample does not do: a division by zero, a logarithm of a negative number, a kink. Draw another."""


class Untold(Unsuitable):
    """A number that may be 0, as far as rounding lets it be known."""


# ---- polynomials ----


def derived(polynomial: Polynomial, order: int = 1) -> Polynomial:
    """The ``order``-th derivative."""
    for _ in range(order):
        polynomial = tuple(k * c for k, c in enumerate(polynomial))[1:]
    return polynomial


def value_at(polynomial: Sequence[Any], x: Any) -> Any:
    result: Any = 0
    for coefficient in reversed(polynomial):
        result = result * x + coefficient
    return result


def _times(p: Polynomial, q: Polynomial) -> Polynomial:
    result: list[Fraction | int] = [0] * (len(p) + len(q) - 1) if p and q else []
    for i, c in enumerate(p):
        for j, d in enumerate(q):
            result[i + j] += c * d
    return tuple(result)


def _plus(p: Polynomial, q: Polynomial) -> Polynomial:
    longer, shorter = (p, q) if len(p) >= len(q) else (q, p)
    return tuple(c + (shorter[k] if k < len(shorter) else 0) for k, c in enumerate(longer))


# ---- functions with a kink at 0 ----


def step_function(name: str, order: int, x: Any, kinks: bool) -> Any:
    """A derivative of relu, leaky_relu, step, sign or abs; at 0, if that is allowed, step, sign and relu′ are 0."""
    if name not in STEPLIKE:
        raise Unsuitable(f"{name} has no rational values")
    if x == 0 and not kinks:
        raise Unsuitable("a kink")
    sign = (x > 0) - (x < 0)
    slope = {"relu": int(sign > 0), "leaky_relu": 1 if sign > 0 else LEAK, "abs": sign}.get(name)
    if slope is None:
        return (int(sign > 0) if name == "step" else sign) if order == 0 else 0
    if order > 1:
        return 0
    if not isinstance(x, int | Fraction):
        slope = type(x)(slope.numerator) / slope.denominator
    return slope * x if order == 0 else slope


# ---- smooth functions, of a Decimal or an interval of them ----


def _exp(x: Any) -> Any:
    if abs(x) > LARGEST_EXPONENT:
        raise Unsuitable("a large exponent")
    return x.exp()


def _log(x: Any) -> Any:
    if x <= 0:
        raise Unsuitable("a logarithm of a number that is not positive")
    return x.ln()


def power_at(x: Any, exponent: Fraction) -> Any:
    """x to a rational power; roots of positive numbers only."""
    if exponent.denominator == 1:
        if x == 0 and exponent < 0:
            raise Unsuitable("a division by zero")
        return x ** int(exponent)
    if x == 0 and exponent > 0:
        return x
    if x <= 0:
        raise Unsuitable("a root of a number that is not positive")
    if exponent.denominator == 2:
        return x.sqrt() ** exponent.numerator
    return _exp(_log(x) * exponent.numerator / exponent.denominator)


def _falling(exponent: Fraction, order: int) -> Fraction:
    """e (e − 1) … (e − order + 1): the factor of the derivatives of tᵉ."""
    result = Fraction(1)
    for k in range(order):
        result *= exponent - k
    return result


def _root(order: int, x: Any) -> Any:
    factor = _falling(Fraction(1, 2), order)
    return power_at(x, Fraction(1, 2) - order) * factor.numerator / factor.denominator


def _logarithm(order: int, x: Any) -> Any:
    """log⁽ᵏ⁾(t) = (−1)ᵏ⁻¹ (k − 1)! t⁻ᵏ."""
    if order == 0:
        return _log(x)
    _log(x)
    return (-1) ** (order - 1) * factorial(order - 1) / x**order


def _sigmoid(order: int, x: Any) -> Any:
    """With s = 1/(1 + e⁻ᵗ) and s′ = s (1 − s), each derivative is a polynomial in s."""
    s = 1 / (1 + _exp(-x))
    polynomial: Polynomial = (0, 1)
    for _ in range(order):
        polynomial = _times(derived(polynomial), (0, 1, -1))
    return value_at(polynomial, s)


def _tanh_value(x: Any) -> Any:
    return 1 - 2 / (_exp(2 * x) + 1)


def _tanh(order: int, x: Any) -> Any:
    """With u = tanh t and u′ = 1 − u², each derivative is a polynomial in u."""
    polynomial: Polynomial = (0, 1)
    for _ in range(order):
        polynomial = _times(derived(polynomial), (1, 0, -1))
    return value_at(polynomial, _tanh_value(x))


def _sech(order: int, x: Any) -> Any:
    """sech′ = −u sech with u = tanh t, so that each derivative is sech times a polynomial in u."""
    polynomial: Polynomial = (1,)
    for _ in range(order):
        polynomial = _plus(_times(derived(polynomial), (1, 0, -1)), _times(polynomial, (0, -1)))
    return 2 / (_exp(x) + _exp(-x)) * value_at(polynomial, _tanh_value(x))


def _softplus(order: int, x: Any) -> Any:
    return (1 + _exp(x)).ln() if order == 0 else _sigmoid(order - 1, x)


def _elu(order: int, x: Any) -> Any:
    """t for t > 0, eᵗ − 1 below."""
    if x > 0:
        return x if order == 0 else type(x)(int(order == 1))
    return _exp(x) - 1 if order == 0 else _exp(x)


SMOOTH: dict[str, Callable[[int, Any], Any]] = {
    "exp": lambda _, x: _exp(x),
    "log": _logarithm,
    "log2": lambda order, x: _logarithm(order, x) / type(x)(2).ln(),
    "log10": lambda order, x: _logarithm(order, x) / type(x)(10).ln(),
    "sqrt": _root,
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "sech": _sech,
    "softplus": _softplus,
    "elu": _elu,
}
"""f⁽ᵏ⁾(t) for the order k and t, in the precision in force."""


def at_point(name: str, order: int, x: Any, kinks: bool) -> Any:
    """A derivative of a named function at a decimal or an interval."""
    if name in STEPLIKE:
        value = step_function(name, order, x, kinks)
        return type(x)(value) if isinstance(value, int) else value
    if name == "elu" and x == 0 and not kinks:
        raise Unsuitable("a kink")
    return SMOOTH[name](order, x)
