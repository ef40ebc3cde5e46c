"""Gradients of models that a reader would try: each is proved, and agrees with differences of plain NumPy."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from derivations import check
from derivations.equations.confirming import holds_on_numbers
from derivations.equations.gradients import NoGradient, gradient
from derivations.equations.texts import extended
from derivations.formula import Entry as EntryOf
from derivations.formula import Formula, Index, IndexSum, walk
from derivations.rules import AssembleMatrix
from derivations.setting import LAYOUTS, Setting
from derivations.theorem import Derivation, Form, Theorem
from derivations.writing import write
from tests.derive.models import MODELS
from tests.derive.numbers import Values

# A central difference is off by about 1e-10 of the third derivative and 1e-11 of the value; both sides may hold some.
TOLERANCE = 2e-6

ASKED = [(name, asked) for name, (_, questions) in MODELS.items() for asked in questions]
IDS = [f"{name} {asked}" for name, asked in ASKED]
SOME = [
    pytest.param(*case, id=" ".join(case), marks=() if place % 5 == 0 else pytest.mark.long)
    for place, case in enumerate(ASKED)
]
"""One in five; all of them in the long run."""


def derived(name: str, asked: str, layout: str = "denominator", form: Form | None = None) -> Derivation:
    sheet = MODELS[name][0]
    return gradient(asked, extended(Setting(layout=layout), sheet), sheet, form)


def free_letters(*sides: Formula) -> dict[str, None]:
    bound = {node.index for side in sides for node in walk(side) if isinstance(node, IndexSum)}
    found = [i for side in sides for node in walk(side) if isinstance(node, EntryOf) for i in node.indices]
    return {index.name: None for index in found if index.number is None and index.name not in bound}


def agree(theorem: Theorem) -> None:
    """Both sides are the same numbers, at every value of the free letters."""
    values = Values(theorem.ground.context.setting)
    letters = list(free_letters(theorem.lhs, theorem.rhs))
    ranges = [range(values._width(letter, theorem.lhs, dict.fromkeys(letters, 0), {})) for letter in letters]
    for at in itertools.product(*ranges):
        env = dict(zip(letters, at, strict=True))
        left, right = values.of(theorem.lhs, env), values.of(theorem.rhs, env)
        np.testing.assert_allclose(right, left, rtol=TOLERANCE, atol=TOLERANCE, err_msg=str(theorem))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("name", "asked"), ASKED, ids=IDS)
def test_the_statement_agrees_with_differences(name: str, asked: str, layout: str) -> None:
    agree(derived(name, asked, layout).statement)


@pytest.mark.parametrize(("name", "asked"), SOME)
def test_the_entries_agree_with_differences(name: str, asked: str) -> None:
    found = derived(name, asked, form="index")
    assert {proof.form for proof in found.proofs} == {"index"}
    for proof in found.proofs:
        step = proof.steps[-1].theorem if not isinstance(proof.steps[-1].rule, AssembleMatrix) else None
        agree(step or proof.conclusion)


@pytest.mark.parametrize(("name", "asked"), ASKED, ids=IDS)
def test_check_proves_every_line(name: str, asked: str) -> None:
    check_proves(derived(name, asked))


@pytest.mark.parametrize(("name", "asked"), SOME)
def test_check_proves_every_line_with_entries(name: str, asked: str) -> None:
    check_proves(derived(name, asked, form="index"))


def check_proves(found: Derivation) -> None:
    for theorem in (found.statement, *(step.theorem for step in found.steps)):
        text = f"{write(theorem.lhs)} = {write(theorem.rhs)}"
        (verdict,) = check(text, given=found.given)
        assert verdict.verdict == "proved", f"{text}: {verdict.verdict}, {verdict.reason}"


@pytest.mark.parametrize(("name", "asked"), ASKED, ids=IDS)
def test_check_proves_the_statement_in_the_other_layout(name: str, asked: str) -> None:
    found = derived(name, asked, "numerator")
    text = f"{write(found.statement.lhs)} = {write(found.statement.rhs)}"
    (verdict,) = check(text, given=found.given, layout="numerator")
    assert verdict.verdict == "proved", f"{text}: {verdict.verdict}, {verdict.reason}"


def test_the_numbers_notice_a_wrong_gradient() -> None:
    """The differences are no rubber stamp: a gradient without its transpose, or twice too large, is seen."""
    right = derived("frobenius", "∂J/∂B").statement
    values = Values(right.ground.context.setting)
    left = values.of(right.lhs)
    assert not np.allclose(left, 2 * values.of(right.rhs), rtol=TOLERANCE)
    assert left.shape != values.of(right.rhs).T.shape


EXPECTED = {
    ("det", "∂J/∂A"): "det(A) inv(A)ᵀ",
    ("logdet", "∂J/∂A"): "inv(A)ᵀ",
    ("softmax rows CE", "∂J/∂Z"): "diag(sum(Y, axis=1, keepdims=True)) S − Y",
    ("softmax rows CE hyp", "∂J/∂Z"): "1/m (S − Y)",
    ("softmax cols CE", "∂J/∂W"): "1/m (S − Y) Xᵀ",
    ("weighted sum", "∂J/∂x"): "A x.^2 + 2 (x ⊙ Aᵀ x)",
    ("vector by matrix", "∂z/∂x"): "Wᵀ",
    ("jacobian softmax", "∂s/∂z"): "diag(s) − s sᵀ",
    ("jacobian elementwise", "∂a/∂z"): "diag(f′(z))",
    ("logreg 1", "∂J/∂w"): "(p − y) x",
    ("logreg L2", "∂J/∂w"): "Xᵀ (1/m (p − y)) + λ w",
    ("unknown loss inline", "∂J/∂W"): "∂J/∂u · xᵀ",
    ("huber unknown", "∂J/∂w"): "Xᵀ ρ′(X w − y)",
    ("attention", "∂J/∂S"): "P ⊙ (∂J/∂O · Vᵀ − sum(∂J/∂O · Vᵀ ⊙ P, axis=1, keepdims=True))",
    ("trace", "∂J/∂A"): "Bᵀ",
    ("cube", "∂J/∂A"): "3 Aᵀ Aᵀ",
    ("like terms", "∂J/∂x"): "2 A x + 2 Aᵀ x + 2 x",
    ("jacobian of two layers", "∂o/∂x"): "Wᵀ diag(f′(W x)) Vᵀ",
    ("softmax regression", "∂J/∂W"): "(p − y) xᵀ",
}


@pytest.mark.parametrize(("case", "formula"), EXPECTED.items(), ids=[" ".join(case) for case in EXPECTED])
def test_the_formula(case: tuple[str, str], formula: str) -> None:
    assert write(derived(*case).statement.rhs) == formula


def test_more_than_two_indices_come_entry_by_entry() -> None:
    found = derived("vector by matrix", "∂z/∂W")
    assert write(found.statement.lhs) == "∂zⱼ/∂Wₖᵢ"
    assert write(found.statement.rhs) == "eye(m)ⱼₖ xᵢ"
    assert [step.rule_name for step in found.steps] == ["definition of z", "local Jacobian", "δ collapses the sum"]
    with pytest.raises(NoGradient, match="--form index has its entries"):
        derived("vector by matrix", "∂z/∂W", form="matrix")


def test_what_cancels_is_0() -> None:
    sheet = "x : n; J := xᵀ x - xᵀ x"
    found = gradient("∂J/∂x", extended(Setting(), sheet), sheet)
    assert write(found.statement.lhs) + " = " + write(found.statement.rhs) == "∂J/∂xⱼ = 0"


def test_what_is_unknown_gets_a_name() -> None:
    found = derived("unknown loss two", "∂J/∂x")
    assert found.given.endswith("z := W x; c := C(z); d := D(x); J := c + d")
    assert "Named here: c for C(z), d for D(x)." in found.words


def test_the_steps_of_an_index_form() -> None:
    found = derived("softmax rows CE hyp", "∂J/∂Z", form="index")
    rules = [step.rule_name for step in found.proofs[-1].steps]
    assert rules[:4] == ["chain rule through S", "definition of S", "local Jacobian", "δ collapses the sum"]
    assert "hypothesis Σ Y = 1" in rules
    assert rules[-1] == "assemble the matrix"


@pytest.mark.parametrize("taken", ["jkipqrstuvhgcab", "jk"])
def test_letters_do_not_meet_names(taken: str) -> None:
    """Names of the sheet are no indices: j, k … may be quantities."""
    sheet = "; ".join(f"{letter} : scalar" for letter in taken) + "; A : n x n; x : n; J := sumsq(A x)"
    found = gradient("∂J/∂A", extended(Setting(), sheet), sheet, "index")
    used = {
        i.name
        for step in found.steps
        for node in walk(step.theorem.rhs)
        if isinstance(node, EntryOf)
        for i in node.indices
    }
    assert used
    assert not used & set(taken)
    agree(found.proofs[-1].conclusion)


def test_an_index_keeps_its_meaning_under_a_sum_of_the_sheet() -> None:
    """The sheet sums over j and k itself; the entry asked for gets another letter."""
    sheet = "A : n x n; x : n; J := Σ_j x_j Σ_k A_{jk} x_k"
    found = gradient("∂J/∂x", extended(Setting(), sheet), sheet, "index")
    agree(found.statement)
    assert Index("j") not in [
        i for node in walk(found.proofs[-1].conclusion.lhs) if isinstance(node, EntryOf) for i in node.indices
    ]


def test_what_is_assumed_is_said() -> None:
    assert derived("quadratic", "∂J/∂x").where == "any widths"
    assert derived("unknown loss inline", "∂J/∂x").where == "any widths"
    assert derived("numbers as widths", "∂J/∂x").where == "these widths"
    assert "what stands under an inverse, a logarithm or det is invertible" in derived("det", "∂J/∂A").where
    assert "away from kinks" in derived("max", "∂J/∂w").where


def test_a_matrix_that_is_singular_at_some_widths_is_not_tried_there() -> None:
    """X Xᵀ has no inverse where X has more rows than columns; rounding once made it seem to have one."""
    sheet = "X : n x m; J := log(det(X Xᵀ))"
    found = gradient("∂J/∂X", extended(Setting(), sheet), sheet)
    assert holds_on_numbers(found)
    assert [v.verdict for v in check("∂J/∂X = 2 inv(X Xᵀ) X", given=sheet)] == ["proved"]
    assert [v.verdict for v in check("∂J/∂X = inv(X Xᵀ) X", given=sheet)] == ["refuted"]


@pytest.mark.parametrize(
    ("asked", "sheet"),
    [
        ("∂J/∂x", "x : 3; J := x_1 x_2 + x_3^2"),
        ("∂J/∂x_1", "x : 3; J := x_1 x_2"),
        ("∂J/∂W", "W : 2 x 2; x : 2; J := (W x)_1"),
        ("∂J/∂W", "W : 2 x 2; x : 2; J := W_{12} x_1"),
    ],
)
def test_entries_named_by_number(asked: str, sheet: str) -> None:
    found = gradient(asked, extended(Setting(), sheet), sheet)
    agree(found.statement)
    check_proves(found)


def test_a_bound_letter_is_none_of_the_left_side() -> None:
    sheet = "x : n; J := Σ_i x_i Σ_i x_i"
    for step in gradient("∂J/∂x", extended(Setting(), sheet), sheet, "index").steps:
        bound = {node.index for node in walk(step.theorem.rhs) if isinstance(node, IndexSum)}
        assert not bound & free_letters(step.theorem.lhs).keys(), str(step.theorem)


def test_kroneckers_delta_in_a_definition_needs_its_width() -> None:
    sheet = "x : 3; J := Σ_i Σ_j δ_{ij} x_i x_j"
    with pytest.raises(NoGradient, match="with its width"):
        gradient("∂J/∂x", extended(Setting(), sheet), sheet)
