"""Binding, tightest first: LANGUAGE, section 1."""

from __future__ import annotations

import pytest

from derivations.formula import Formula
from derivations.reading import read_formula
from tests.reading.building import (
    NETWORK,
    A,
    W,
    Z,
    add,
    d,
    entry,
    f,
    had,
    l,
    loss_by,
    m,
    mul,
    n,
    neg,
    norm,
    over,
    power,
    quotient,
    s,
    sigma,
    star,
    sub,
    t,
    x,
    y,
    z,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("(W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", had(mul(t(s("W", l.shifted(1))), s("δ", l.shifted(1))), f("σ", s("z", l),
        1))),
        ("x + y - z", sub(add(x, y), z)),
        ("x - y - z", sub(sub(x, y), z)),
        ("x ⊙ y ⊙ z", had(x, y, z)),
        ("x ⊙ y + z", add(had(x, y), z)),
        ("x + y ⊙ z", add(x, had(y, z))),
        ("W x ⊙ y z", had(mul(W, x), mul(y, z))),
        ("x ⊙ y * z", had(x, star(y, z))),
        ("x ⊙ y ⊘ z", quotient(had(x, y), z)),
        ("x * y @ z", mul(star(x, y), z)),
        ("x / y * z", star(over(x, y), z)),
        ("W.T @ x * y", star(mul(t(W), x), y)),
        ("x * y z", star(x, mul(y, z))),
        ("x/y z", over(x, mul(y, z))),
        ("x / y · z", over(x, mul(y, z))),
        ("-x y", neg(mul(x, y))),
        ("-x * y", star(neg(x), y)),
        ("-x ⊙ y", had(neg(x), y)),
        ("-x + y", add(neg(x), y)),
        ("-x^2", neg(power(x, n(2)))),
        ("x - -y", sub(x, neg(y))),
        ("2 · -x y", mul(n(2), neg(x), y)),
        ("3 * (-1)", star(n(3), neg(n(1)))),
        ("3 * -1", star(n(3), neg(n(1)))),
        ("+x", x),
        ("x^{-2}", power(x, n(-2))),
        ("x**-2", power(x, n(-2), each=True)),
        ("x^Ty", mul(t(x), y)),
        ("W x^T", mul(W, t(x))),
        ("(W x)^T", t(mul(W, x))),
        ("{W x}^T", t(mul(W, x))),
        ("σ(z) x", mul(f("σ", z), x)),
        ("σ(z)^2", power(f("σ", z), n(2))),
        ("σ'(z)ᵀ x", mul(t(f("σ", z, 1)), x)),
        ("log x y", f("log", mul(x, y))),
        ("log x + y", add(f("log", x), y)),
        ("2‖x‖‖y‖", mul(n(2), norm(x), norm(y))),
        ("‖x‖/‖y‖", over(norm(x), norm(y))),
        ("|x||y|", mul(f("abs", x), f("abs", y))),
        ("‖x + (‖y‖)‖", norm(add(x, norm(y)))),
        ("∂(x)/∂x y", mul(d(x, x), y)),
        ("∂x/∂y ⊙ z", had(d(x, y), z)),
        ("∂x/∂y ∂y/∂z", mul(d(x, y), d(y, z))),
        ("∂/∂x (x y) z", d(mul(x, y, z), x)),
        ("∂/∂x x y + z", add(d(mul(x, y), x), z)),
        (r"\frac{\partial x}{\partial y}^T", t(d(x, y))),
        (r"\frac{x}{y}^2", power(over(x, y), n(2))),
        (r"\frac{dx}{dy}\frac{dy}{dz}", mul(d(x, y), d(y, z))),
    ],
)  # fmt: skip
def test_binding(text: str, formula: Formula) -> None:
    assert read_formula(text, NETWORK) == formula


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("Σ_k W_{jk} x_k + y_j", add(sigma("k", mul(entry(W, "j", "k"), entry(x, "k"))), entry(y, "j"))),
        ("Σ_k x_k ⊙ y - z", sub(sigma("k", had(entry(x, "k"), y)), z)),
        ("Σ_k -x_k y", sigma("k", neg(mul(entry(x, "k"), y)))),
        ("2 Σ_k x_k y", mul(n(2), sigma("k", mul(entry(x, "k"), y)))),
        ("x * Σ_k x_k * y", star(x, sigma("k", star(entry(x, "k"), y)))),
        ("(Σ_k x_k) y", mul(sigma("k", entry(x, "k")), y)),
        ("Σ_k (x_k + y_k)", sigma("k", add(entry(x, "k"), entry(y, "k")))),
        (
            r"\frac12 \sum_j (y_j-x_j)^2",
            mul(over(n(1), n(2)), sigma("j", power(sub(entry(y, "j"), entry(x, "j")), n(2)))),
        ),
    ],
)
def test_a_sum_goes_to_the_end_of_its_term(text: str, formula: Formula) -> None:
    assert read_formula(text, NETWORK) == formula


ONE_MTH = over(n(1), m)


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("1/2 x", mul(over(n(1), n(2)), x)),
        ("1/m dZ A^T", mul(ONE_MTH, loss_by("Z"), t(A))),
        ("1/m · x", mul(ONE_MTH, x)),
        ("1/m (x + y)", mul(ONE_MTH, add(x, y))),
        ("1/m(x)", mul(ONE_MTH, x)),
        ("m/2 ‖W‖²", mul(over(m, n(2)), power(norm(W), n(2)))),
        ("1/2‖x‖²", mul(over(n(1), n(2)), power(norm(x), n(2)))),
        ("1/n_l x", mul(over(n(1), s("n", l)), x)),
        ("1/n^{[l]} x", mul(over(n(1), s("n", l)), x)),
        ("1/m * x", star(ONE_MTH, x)),
        ("-1/m Σ_i x_i", neg(mul(ONE_MTH, sigma("i", entry(x, "i"))))),
        ("-1/m", over(neg(n(1)), m)),
        ("Z 1/m x", mul(Z, ONE_MTH, x)),
        ("Z 1/m", over(mul(Z, n(1)), m)),
        ("x / 2 / m", over(over(x, n(2)), m)),
        ("x / 1/m", over(over(x, n(1)), m)),
        ("x * 1/m y", mul(over(star(x, n(1)), m), y)),
        ("1/2m", over(n(1), mul(n(2), m))),
        ("1/2m x", mul(over(n(1), mul(n(2), m)), x)),
        ("1/2x", mul(over(n(1), n(2)), x)),
        ("1/x y", over(n(1), mul(x, y))),
        ("x/2 y", mul(over(x, n(2)), y)),
    ],
)
def test_a_fraction_of_numbers_in_front_of_a_factor_holds_together(text: str, formula: Formula) -> None:
    assert read_formula(text, NETWORK) == formula
