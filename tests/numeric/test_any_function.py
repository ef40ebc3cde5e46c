"""check_gradient on functions that have nothing to do with networks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from numeric import MisuseError, check_gradient

points = arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(1, 3)), elements=st.floats(-2, 2))


@given(x=points)
def test_right_gradients_pass(x) -> None:
    """tr(xᵀx)·Σ sin x and its gradient 2x Σ sin x + ‖x‖² cos x."""
    report = check_gradient(
        lambda v: (v * v).sum() * np.sin(v).sum(), x, 2 * x * np.sin(x).sum() + (x * x).sum() * np.cos(x)
    )
    assert report.ok, report


@given(x=points)
def test_a_wrong_entry_is_found(x) -> None:
    claim = np.exp(x)
    claim[-1, -1] *= 1 + 1e-6
    report = check_gradient(lambda v: np.exp(v).sum(), x, claim)
    assert not report.ok
    assert report.worst == (x.shape[0] - 1, x.shape[1] - 1)
    assert report.wrong.sum() == 1


def test_l2_and_a_scalar_point() -> None:
    assert check_gradient(lambda v: 0.5 * float(v**2), 3.0, 3.0).ok


def test_a_nan_is_wrong() -> None:
    assert not check_gradient(lambda v: float(v.sum()), np.ones(2), np.array([1.0, np.nan])).ok


def test_the_shape_is_checked() -> None:
    with pytest.raises(MisuseError, match="the gradient has the shape 1 × 3; 3 × 1 was expected"):
        check_gradient(lambda v: float(v.sum()), np.ones((3, 1)), np.ones((1, 3)))
