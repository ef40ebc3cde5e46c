"""Every row of the table of activations, held to the same laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.activations import ACTIVATIONS, LEAK, Activation, activation
from numeric.dual import Dual
from numeric.errors import MisuseError

ROWS = pytest.mark.parametrize("row", ACTIVATIONS.values(), ids=ACTIVATIONS.keys())
numbers = st.floats(-40, 40).filter(lambda z: abs(z) > 1e-3)  # the kinks are all at 0


@ROWS
@given(z=numbers)
def test_derivative_is_the_one_of_value(row: Activation, z: float) -> None:
    """Dual numbers and the complex step differentiate ``value`` without looking at ``derivative``.

    1e-13: both take some ten operations; relative, since σ′ is tiny in the tails.
    """
    at = np.array([z])
    slope = float(row.derivative(at)[0])
    answer = row.value(Dual(at, np.ones(1)))
    by_dual = float(answer.slope[0]) if isinstance(answer, Dual) else 0.0
    by_complex = float(np.imag(row.value(at + 1e-20j))[0]) / 1e-20
    assert by_dual == pytest.approx(slope, rel=1e-13, abs=1e-300)
    # 1 − tanh² loses digits where tanh rounds to 1: absolute, in units of the largest slope
    assert by_complex == pytest.approx(slope, rel=1e-13, abs=2e-15)


@ROWS
@given(zs=st.lists(st.floats(-50, 50), min_size=1, max_size=5))
def test_overwrite_is_value(row: Activation, zs: list[float]) -> None:
    z = np.array(zs)
    wanted = np.array(row.value(z.copy()))
    z *= row.sign
    row.overwrite(z)
    np.testing.assert_allclose(z, wanted, rtol=4e-16, atol=0)


@ROWS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_precision_is_kept(row: Activation, dtype: type) -> None:
    z = np.linspace(-3, 3, 7, dtype=dtype)
    assert np.asarray(row.value(z)).dtype == dtype
    assert row.derivative(z).dtype == dtype


@ROWS
def test_kinks_are_where_value_or_slope_jumps(row: Activation) -> None:
    """Left and right of a kink they differ; everywhere else on a grid they do not."""
    e = 1e-9
    for at in np.linspace(-2, 2, 9):
        left, right = np.array([at - e]), np.array([at + e])
        jump = abs(row.derivative(right) - row.derivative(left)) + abs(row.value(right) - row.value(left))
        assert (jump[0] > 1e-3) == (at in row.kinks)


@ROWS
def test_a_nan_stays_one(row: Activation) -> None:
    z = np.array([np.nan])
    assert np.isnan(row.derivative(z.copy()))[0] or row.name == "identity"
    assert np.isnan(row.value(z.copy()))[0]


def test_values_from_the_textbook() -> None:
    z = np.array([-2.0, 0.0, 3.0])
    assert activation("relu").value(z).tolist() == [0, 0, 3]
    assert activation("step").value(z).tolist() == [0, 0, 1]  # source E: 0 at 0 and below
    assert activation("leaky_relu").value(z).tolist() == [-2 * LEAK, 0, 3]
    assert activation("elu").value(z) == pytest.approx([np.expm1(-2), 0, 3])
    assert activation("softplus").value(z) == pytest.approx(np.log1p(np.exp(z)))
    assert activation("sigmoid").value(np.array([-1000.0, 0.0, 1000.0])) == pytest.approx([0, 0.5, 1])


def test_an_unknown_name_is_told_the_known_ones() -> None:
    with pytest.raises(MisuseError) as caught:
        activation("sigmod")
    assert str(caught.value) == "There is no activation called 'sigmod'."
    assert caught.value.hint.startswith("Choose one of: elu, identity, leaky_relu, relu, sigmoid")
