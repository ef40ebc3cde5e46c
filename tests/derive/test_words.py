"""The words of a derivation are true in the layout that it is told in, and of the model that it is about."""

from __future__ import annotations

import pytest

from derivations import derive
from derivations.equations.gradients import gradient
from derivations.equations.texts import extended
from derivations.setting import Setting
from derivations.theorem import Derivation


def told(found: Derivation) -> str:
    return " ".join([found.words, *(step.why for step in found.steps)])


@pytest.mark.parametrize(
    ("name", "in_denominator", "in_numerator"),
    [
        ("BP4", "like W", "like the transpose of W"),
        ("BP4", "entry (j, k) of a column", "entry (k, j) of a column"),
        ("BP3", "entry (j, k) is", "entry (k, j) is"),
        ("unrolled", "Read from the right", "Read from the left"),
        ("BP2-diag", "`Σ'(z^l) (W^{l+1})^T`", "`W^{l+1} Σ'(z^l)`"),
        ("BP2-diag", "diag(v) times x", "the row x times diag(v)"),
        ("BP1-diag", "row j of Σ′", "column j of Σ′"),
        ("induction", "times `∇_{a^L} J`", "the row `(∇_{a^L} J)^T`"),
        ("L2", "entry (j, k) of both", "entry (k, j) of both"),
        ("residual", "row j of the transpose", "a row times W"),
    ],
)
def test_each_layout_has_its_words(name: str, in_denominator: str, in_numerator: str) -> None:
    words, turned = told(derive(name)), told(derive(name, layout="numerator"))
    assert in_denominator in words
    assert in_numerator not in words
    assert in_numerator in turned


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ("w : n; X : m x n; y : m; r := X w - y; s := r ⊙ r; J := sum(s)", "w reaches J through r and s."),
        ("w : n; X : m x n; y : m; J := ‖X w - y‖²", "w stands in J itself."),
        (
            "w : n; X : m x n; y : m; r := X w - y; J := ‖r‖² + ‖w‖²",
            "w stands in J itself, and reaches it through r too.",
        ),
    ],
)
def test_how_a_name_reaches_the_loss(sheet: str, words: str) -> None:
    assert gradient("∂J/∂w", extended(Setting(), sheet), sheet).words == words
