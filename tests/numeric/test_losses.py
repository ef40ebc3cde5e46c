"""The losses: stable where the textbook formula is not, and the same numbers where it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.losses import LOSSES, bce, loss, mse, mse_change, output_value, softmax, softmax_cross_entropy

logits = st.lists(st.floats(-20, 20), min_size=2, max_size=5)


@given(zs=logits)
def test_bce_is_the_textbook_formula(zs: list[float]) -> None:
    z = np.array(zs)[:, None]
    y = (np.arange(len(zs)) % 2)[:, None].astype(float)
    a = output_value("sigmoid", z, 0)
    wanted = -(y * np.log(a) + (1 - y) * np.log1p(-a)).sum()
    assert float(bce(z, a, y, 0)[0]) == pytest.approx(wanted, rel=1e-6, abs=1e-8)  # log(1 − a) has few digits at 20


@given(zs=logits)
def test_cross_entropy_is_minus_log_softmax(zs: list[float]) -> None:
    z = np.array(zs)[:, None]
    y = np.eye(len(zs))[:, :1]
    wanted = -np.log(softmax(z, 0)[0, 0])
    assert float(softmax_cross_entropy(z, None, y, 0)[0]) == pytest.approx(
        wanted, rel=1e-12, abs=1e-14
    )  # ε · 20 in the logits


@pytest.mark.parametrize("size", [1e3, 1e300])
def test_cross_entropies_of_huge_logits_are_finite(size: float) -> None:
    z = np.array([[size], [-size]])
    y = np.array([[0.0], [1.0]])
    assert float(bce(z, None, y, 0)[0]) == pytest.approx(2 * size)
    assert float(softmax_cross_entropy(z, None, y, 0)[0]) == pytest.approx(2 * size)


@given(zs=logits, shift=st.floats(-100, 100))
def test_softmax_sums_to_one_and_does_not_see_a_shift(zs: list[float], shift: float) -> None:
    z = np.array(zs)[:, None]
    assert softmax(z, 0).sum() == pytest.approx(1, abs=1e-15)
    np.testing.assert_allclose(softmax(z + shift, 0), softmax(z, 0), rtol=1e-12)


@given(zs=logits, seed=st.integers(0, 99))
def test_change_of_mse_is_the_difference(zs: list[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    a, before, y = np.array([zs, zs]), *random.standard_normal((2, len(zs)))
    wanted = mse(None, a, y, -1) - mse(None, before, y, -1)
    np.testing.assert_allclose(mse_change(a + 0j, before, y).real, wanted, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(mse_change(a, before, y), wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("row", [row for row in LOSSES.values() if row.delta], ids=lambda row: row.name)
def test_delta_is_the_gradient_through_the_output(row) -> None:
    """∂C/∂z^L = (∂a/∂z)ᵀ ∇_a C, with the Jacobian of the output found by the complex step."""
    random = np.random.default_rng(1)
    z, y = random.standard_normal((4, 1)), np.eye(4)[:, :1]
    a = output_value(row.output, z, 0)
    columns = [np.imag(output_value(row.output, z + 1e-20j * np.eye(4)[:, [k]], 0)) / 1e-20 for k in range(4)]
    jacobian = np.hstack(columns)
    np.testing.assert_allclose(row.delta(a, y), jacobian.T @ row.gradient(a, y), rtol=1e-12, atol=1e-15)


def test_an_unknown_loss_is_told_the_known_ones() -> None:
    with pytest.raises(ValueError, match="There is no loss called 'l1'"):
        loss("l1")
