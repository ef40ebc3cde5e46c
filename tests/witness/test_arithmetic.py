"""Derivatives against finite differences, the three arithmetics against each other."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.witness.functions import (
    SMOOTH,
    STEPLIKE,
    Unsuitable,
    at_point,
    derived,
    power_at,
    step_function,
    value_at,
)
from derivations.witness.numbers import PRIME, Arithmetic, Decimals, Exact, Matrix, Modular
from derivations.witness.perturbed import Dual, Perturbed
from derivations.witness.stream import Stream, mixed

H = Fraction(1, 10**30)
F = Fraction


def with_unit(x: Matrix, i: int, j: int, step: Any) -> Matrix:
    return [[v + step if (r, c) == (i, j) else v for c, v in enumerate(row)] for r, row in enumerate(x)]


Rule = Callable[[Arithmetic[Any], Any], Any]
CUBE = {("f", None): (1, 2, 0, 3)}

RULES: dict[str, Rule] = {
    "add": lambda on, x: on.add(x, on.turned(x)),
    "hadamard": lambda on, x: on.hadamard(x, on.turned(x)),
    "scale": lambda on, x: on.scale(on.total(x, ("rows", "columns")), x),
    "product": lambda on, x: on.product(on.product(x, x), on.turned(x)),
    "total": lambda on, x: on.total(on.power(x, F(3)), ("columns",)),
    "spread": lambda on, x: on.hadamard(on.spread(on.total(x, ("rows",)), 3, 3), x),
    "gather": lambda on, x: on.gather([on.product(x, x), x], [[(0, 0, 1), (1, 2, 2)], [None, (0, 2, 0)]]),
    "power": lambda on, x: on.power(x, F(-2)),
    "function": lambda on, x: on.function(("f", None), 0, x),
    "derived function": lambda on, x: on.function(("f", None), 1, on.product(x, x)),
    "determinant": lambda on, x: on.determinant(x),
    "inverse": lambda on, x: on.product(on.inverse(x), on.turned(x)),
}
X: Matrix = [[F(2), F(-1), F(3)], [F(1, 2), F(4), F(5)], [F(1), F(-3), F(2)]]


@pytest.mark.parametrize("name", RULES)
def test_derivatives_are_limits_of_differences(name: str) -> None:
    rule, on = RULES[name], Exact(CUBE)
    units = {i * 3 + j: on.unit(3, 3, i, j) for i in range(3) for j in range(3)}
    result = rule(Perturbed(on), Dual(X, units))
    assert result.value == rule(on, X)
    for seed in units:
        above, below = (rule(on, with_unit(X, seed // 3, seed % 3, sign * H)) for sign in (1, -1))
        tangent = result.tangents.get(seed, on.filled(F(0), *on.size(result.value)))
        for derivative, high, low in zip(tangent, above, below, strict=True):
            for exact, p, q in zip(derivative, high, low, strict=True):
                assert abs(exact - (p - q) / (2 * H)) < F(1, 10**20)


@pytest.mark.parametrize("name", RULES)
def test_second_derivatives_are_derivatives_of_the_first(name: str) -> None:
    """Along one entry: a tower of two against a difference of the tower of one."""
    rule, on = RULES[name], Exact(CUBE)
    once = Perturbed(on)
    unit = on.unit(3, 3, 0, 1)

    def slope(x: Matrix) -> Matrix:
        return rule(once, Dual(x, {0: unit})).tangents.get(0, on.filled(F(0), 3, 3))

    result = rule(Perturbed(once), Dual(Dual(X, {0: unit}), {0: Dual(unit, {})}))
    second = result.tangents[0].tangents.get(0) if 0 in result.tangents else None
    above, below = slope(with_unit(X, 0, 1, H)), slope(with_unit(X, 0, 1, -H))
    for i, row in enumerate(above):
        for j, high in enumerate(row):
            exact = second[i][j] if second else F(0)
            assert abs(exact - (high - below[i][j]) / (2 * H)) < F(1, 10**20)


@pytest.mark.parametrize("name", [name for name in RULES if "function" not in name])
def test_rationals_and_residues_agree(name: str) -> None:
    """The residue of the exact result is the result of the residues."""
    modular = Modular(7)

    def residues(x: Matrix) -> Matrix:
        return [[modular.number(F(v)) for v in row] for row in x]

    assert residues(RULES[name](Exact({}), X)) == RULES[name](modular, residues(X))


@pytest.mark.parametrize("name", RULES)
def test_rationals_and_decimals_agree(name: str) -> None:
    decimals = Decimals(CUBE)
    with decimals.running():
        exact = [[decimals.number(F(v)) for v in row] for row in RULES[name](Exact(CUBE), X)]
        assert decimals.differ(exact, RULES[name](decimals, decimals.given(X))) is None
        assert decimals.differ(with_unit(exact, 0, 0, Decimal("1e-3")), exact) == (0, 0)


def test_softmax_derivatives_are_limits_of_differences() -> None:
    on = Decimals({})
    with on.running():
        x = on.given([[F(1), F(2)], [F(-1), F(1, 2)]])
        for axis in ("rows", "columns"):
            result = Perturbed(on).softmax(Dual(x, {0: on.unit(2, 2, 0, 1)}), axis)
            h = Decimal("1e-15")
            above, below = (on.softmax(with_unit(x, 0, 1, sign * h), axis) for sign in (1, -1))
            for i in range(2):
                for j in range(2):
                    assert abs(result.tangents[0][i][j] - (above[i][j] - below[i][j]) / (2 * h)) < Decimal("1e-25")
            sums = [v for row in on.total(result.value, (axis,)) for v in row]
            assert max(abs(v - 1) for v in sums) < Decimal("1e-45")


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("order", range(5))
def test_each_order_is_the_derivative_of_the_one_before(name: str, order: int) -> None:
    with localcontext() as precision:
        precision.prec = 60
        h = Decimal("1e-15")
        for point in ("0.3", "1.7") if name.startswith(("log", "sqrt")) else ("-1.3", "0.4", "2"):
            x = Decimal(point)
            slope = (at_point(name, order, x + h, False) - at_point(name, order, x - h, False)) / (2 * h)
            exact = at_point(name, order + 1, x, False)
            assert abs(slope - exact) < Decimal("1e-20") * max(1, abs(exact))


def test_known_values() -> None:
    with localcontext() as precision:
        precision.prec = 50
        one = Decimal(1)
        known = {
            "exp": one.exp(), "log": Decimal(0), "log2": Decimal(0), "log10": Decimal(0), "sqrt": one, "elu": one,
            "sigmoid": 1 / (1 + (-one).exp()), "tanh": (one.exp() - (-one).exp()) / (one.exp() + (-one).exp()),
            "sech": 2 / (one.exp() + (-one).exp()), "softplus": (1 + one.exp()).ln(),
        }  # fmt: skip
        assert known.keys() == SMOOTH.keys()
        for name, value in known.items():
            assert abs(at_point(name, 0, one, False) - value) < Decimal("1e-48")
        assert abs(at_point("log2", 0, Decimal(8), False) - 3) < Decimal("1e-48")
        assert abs(at_point("elu", 0, -one, False) - ((-one).exp() - 1)) < Decimal("1e-48")


@pytest.mark.parametrize("name", sorted(STEPLIKE))
def test_functions_with_a_kink(name: str) -> None:
    at = {"relu": (0, 3), "leaky_relu": (F(-1, 50), 3), "step": (0, 1), "sign": (-1, 1), "abs": (2, 3)}[name]
    assert (step_function(name, 0, F(-2), False), step_function(name, 0, F(3), False)) == at
    for x in (F(-2), F(3)):
        slope = (step_function(name, 0, x + H, False) - step_function(name, 0, x - H, False)) / (2 * H)
        assert step_function(name, 1, x, False) == slope
        assert step_function(name, 2, x, False) == 0
    with pytest.raises(Unsuitable):
        step_function(name, 0, 0, False)
    assert step_function(name, 0, 0, True) == 0


def test_relu_has_the_slope_0_at_0_by_convention() -> None:
    assert step_function("relu", 1, 0, True) == 0


@pytest.mark.parametrize("name", ["exp", "relu", "softplus"])
def test_named_functions_have_no_residues(name: str) -> None:
    with pytest.raises(Unsuitable):
        Modular(0).function((name, None), 0, [[1]])


def test_random_functions_have_independent_derivatives() -> None:
    on = Modular(3)
    values = [on.function(("f", None), order, [[5]])[0][0] for order in range(4)]
    values += [on.function(("g", None), 0, [[5]])[0][0], on.function(("f", None), 0, [[6]])[0][0]]
    assert len(set(values)) == 6
    assert values[0] == Modular(3).function(("f", None), 0, [[5]])[0][0]
    assert values[0] != Modular(4).function(("f", None), 0, [[5]])[0][0]


@pytest.mark.parametrize("on", [Exact({}), Modular(1), Decimals({})], ids=["rationals", "residues", "decimals"])
def test_what_has_no_value(on: Any) -> None:
    singular = [[1, 2], [2, 4]]
    with pytest.raises(Unsuitable):
        on.inverse(on.given(singular))
    with pytest.raises(Unsuitable):
        on.power(on.given([[0]]), F(-1))
    assert on.determinant(on.given(singular)) == [[0]]


def test_roots_are_of_positive_numbers() -> None:
    assert power_at(Decimal(9), F(1, 2)) == 3
    assert abs(power_at(Decimal(8), F(2, 3)) - 4) < Decimal("1e-20")
    for bad in (F(1, 2), F(-1, 3)):
        with pytest.raises(Unsuitable):
            power_at(Decimal(-1), bad)
    with pytest.raises(Unsuitable):
        Modular(0).power([[4]], F(1, 2))


polynomials = st.lists(st.integers(-5, 5), max_size=6).map(tuple)


@given(polynomials, polynomials, st.integers(-9, 9))
def test_polynomials(p: tuple[int, ...], q: tuple[int, ...], x: int) -> None:
    assert value_at(p, x) == sum(c * x**k for k, c in enumerate(p))
    summed = tuple(a + b for a, b in zip(p + (0,) * 6, q + (0,) * 6, strict=False))
    assert value_at(derived(summed), x) == value_at(derived(p), x) + value_at(derived(q), x)
    assert value_at(derived((0, *p)), x) == value_at(p, x) + x * value_at(derived(p), x)


@given(st.lists(st.one_of(st.integers(-(2**70), 2**70), st.sampled_from(["", "σ", "a^l"])), min_size=1, max_size=4))
def test_keys_decide(keys: list[int | str]) -> None:
    assert mixed(*keys) == mixed(*keys) < 2**64
    assert mixed(*keys) != mixed(*keys, 0)
    assert [Stream(*keys).below(10) for _ in range(3)] == [Stream(*keys).below(10)] * 3


def test_streams_are_even() -> None:
    stream = Stream("even", 1)
    counts = [0] * 8
    for _ in range(8000):
        counts[stream.below(8)] += 1
    assert min(counts) > 850
    assert PRIME == 2**61 - 1
