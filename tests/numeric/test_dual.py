"""The rules of dual numbers, against the complex step and the laws of a derivation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.dual import RULES, Dual

small = st.floats(0.2, 2.0)
UNARY = ["negative", "exp", "expm1", "log", "log1p", "tanh"]
BINARY = ["add", "subtract", "multiply", "divide", "maximum", "minimum"]


@pytest.mark.parametrize("name", UNARY)
@given(v=small, s=small)
def test_unary_rules_agree_with_the_complex_step(name: str, v: float, s: float) -> None:
    function = getattr(np, name)
    found = function(Dual(np.array(v), np.array(s)))
    other = function(complex(v, 1e-20 * s))
    assert float(found.value) == pytest.approx(other.real, rel=1e-14)
    assert float(found.slope) == pytest.approx(other.imag / 1e-20, rel=1e-13)


@pytest.mark.parametrize("name", BINARY)
@given(v=small, s=small, w=small, t=small)
def test_binary_rules_agree_with_the_complex_step(name: str, v: float, s: float, w: float, t: float) -> None:
    function = getattr(np, name)
    found = function(Dual(np.array(v), np.array(s)), Dual(np.array(w), np.array(t)))
    other = function(complex(v, 1e-20 * s), complex(w, 1e-20 * t))
    if v != w:
        assert float(found.slope) == pytest.approx(
            other.imag / 1e-20, rel=1e-13, abs=1e-14
        )  # where the two terms cancel


def test_every_rule_is_tested() -> None:
    assert set(RULES) == {*UNARY, *BINARY, "matmul"}


def test_the_matrix_product_is_bilinear() -> None:
    random = np.random.default_rng(0)
    A, B, C, D = (random.standard_normal(shape) for shape in ((3, 4), (3, 4), (4, 2), (4, 2)))
    found = Dual(A, B) @ Dual(C, D)
    np.testing.assert_allclose(found.value, A @ C)
    np.testing.assert_allclose(found.slope, B @ C + A @ D)
    np.testing.assert_allclose((A @ Dual(C, D)).slope, A @ D)
    np.testing.assert_allclose((Dual(A, B) @ C).slope, B @ C)


def test_what_has_no_rule_is_refused() -> None:
    with pytest.raises(TypeError):
        np.sin(Dual(np.zeros(2), np.ones(2)))
