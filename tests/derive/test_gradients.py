"""``derive "∂J/∂x" --given SHEET``: a matrix formula for a model of the reader's own, which ``check`` accepts."""

from __future__ import annotations

import pytest

from chapters.command import main
from derivations import check
from derivations.equations.gradients import NoGradient, gradient
from derivations.equations.texts import extended
from derivations.setting import LAYOUTS, Setting
from derivations.theorem import Derivation
from derivations.writing import write

SOFTMAX_REGRESSION = "W : k x n; b : k; x : n; y : k sums to 1; z := W x + b; s := softmax(z); J := -sum(y ⊙ log(s))"
SKIP = (
    "W : n x n; V : k x n; b : n; c : k; x : n; C : loss; f : elementwise; "
    "z := W x + b; u := f(z) + x; o := V u + c; J := C(o)"
)
RECURRENT = (
    "W : n x k; U : n x n; b : n; x : k; p : k; q : k; h : n; f : elementwise; C : loss; "
    "r := W x + U h + b; g := f(r); s := W p + U g + b; i := f(s); t := W q + U i + b; o := f(t); J := C(o)"
)
RIDGE = "X : m x n; w : n; y : m; λ : scalar; e := X w - y; J := 1/2 sumsq(e) + λ/2 sumsq(w)"
BATCH = "W : k x n; b : k; X : n x m; Y : k x m; Z := W X + b; J := 1/m sum((Z - Y) ⊙ (Z - Y))"
FORM = "A : n x n; x : n; J := xᵀ A x"

CASES = {
    (SOFTMAX_REGRESSION, "W"): "(s − y) xᵀ",
    (SOFTMAX_REGRESSION, "b"): "s − y",
    (SOFTMAX_REGRESSION, "x"): "Wᵀ (s − y)",
    (SKIP, "x"): "Wᵀ (Vᵀ ∂J/∂o ⊙ f′(z)) + Vᵀ ∂J/∂o",
    (SKIP, "W"): "(Vᵀ ∂J/∂o ⊙ f′(z)) xᵀ",
    (SKIP, "V"): "∂J/∂o · uᵀ",
    (RECURRENT, "b"): "Uᵀ (Uᵀ (∂J/∂o ⊙ f′(t)) ⊙ f′(s)) ⊙ f′(r) + Uᵀ (∂J/∂o ⊙ f′(t)) ⊙ f′(s) + ∂J/∂o ⊙ f′(t)",
    (RECURRENT, "U"): (
        "(Uᵀ (Uᵀ (∂J/∂o ⊙ f′(t)) ⊙ f′(s)) ⊙ f′(r)) hᵀ + (Uᵀ (∂J/∂o ⊙ f′(t)) ⊙ f′(s)) gᵀ + (∂J/∂o ⊙ f′(t)) iᵀ"
    ),
    (RECURRENT, "x"): "Wᵀ (Uᵀ (Uᵀ (∂J/∂o ⊙ f′(t)) ⊙ f′(s)) ⊙ f′(r))",
    (RIDGE, "w"): "Xᵀ e + λ w",
    (RIDGE, "λ"): "sumsq(w) / 2",
    (BATCH, "b"): None,
    (BATCH, "X"): None,
    (FORM, "x"): "A x + Aᵀ x",
    (FORM, "A"): "x xᵀ",
}


def derived(sheet: str, by: str, layout: str) -> Derivation:
    return gradient(f"∂J/∂{by}", extended(Setting(layout=layout), sheet), sheet)


@pytest.mark.parametrize(("case", "expected"), CASES.items(), ids=[f"{by} {sheet[:9]}" for sheet, by in CASES])
def test_the_formula(case: tuple[str, str], expected: str | None) -> None:
    found = derived(*case, "denominator")
    if expected is not None:
        assert write(found.statement.rhs) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("case", CASES, ids=[f"{by} {sheet[:9]}" for sheet, by in CASES])
def test_check_proves_every_line(case: tuple[str, str], layout: str) -> None:
    sheet, _ = case
    found = derived(*case, layout)
    for theorem in (found.statement, *(step.theorem for step in found.steps)):
        text = f"{write(theorem.lhs)} = {write(theorem.rhs)}"
        (verdict,) = check(text, given=sheet, layout=layout)
        assert verdict.verdict == "proved", f"{text}: {verdict.reason}"


def test_without_the_hypothesis_the_sum_of_y_stays() -> None:
    sheet = SOFTMAX_REGRESSION.replace(" sums to 1", "")
    assert write(derived(sheet, "b", "denominator").statement.rhs) == "s sum(y) − y"


@pytest.mark.parametrize(
    ("asked", "sheet", "said"),
    [
        ("∂J/∂V", FORM, "V is used, but nothing declares it"),
        ("∂J/∂q", f"{FORM}; q : n", "J does not depend on q"),
        ("∂C/∂x", f"{FORM}; C : scalar", "C is not defined"),
        ("∂J/∂x", "A : n x n; x : n; J := det(A) xᵀ x", ""),
        ("∂J/∂A", "A : n x n; J := det(A)", ""),
        ("∂J/∂A", "A : n x n symmetric; J := det(A)", "The entries of A are not independent (symmetric)"),
        ("∂J/∂A", "A : m x n; B : n x k; J := (A B)_{ij}", "J is defined with an index i that nothing sums over"),
        ("∂g/∂x", "A : n x n; x : n; J := xᵀ A x; g := ∂J/∂x", "No rule here differentiates a derivative"),
        ("∂J/∂x", "x : n; f : elementwise; C : loss; J := Σ_i C(x_i)", "An unknown loss under a Σ"),
        ("∂J/∂x", "x : n; J := sum(sin(x))", "A function of your own is  sin : elementwise."),
        ("∂J/∂u", "u : n; C : loss; J := C(u)", "the derivative of the unknown loss itself"),
    ],
)
def test_what_is_said_where_nothing_is_found(
    asked: str, sheet: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["derive", asked, "--given", sheet])
    assert code == (2 if said else 0)
    assert said in capsys.readouterr().err


def test_a_sheet_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "∂J/∂W"]) == 2
    assert "of which model?" in capsys.readouterr().err


def test_a_second_derivative_is_not_a_gradient() -> None:
    with pytest.raises(NoGradient):
        gradient("A x", extended(Setting(), FORM), FORM)
