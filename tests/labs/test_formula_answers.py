"""Kind formula: what passes, what is refused, and how it is told."""

from __future__ import annotations

import pytest

from chapters.labs.hints import hints_for
from chapters.labs.lab import load, parsed
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from tests.labs.worksheets import answered, judged, own_lab, part_of, part_of_own, text_of

LAB = "bp1-losses"

RIGHT = [
    "δ^L = (a^L - y) ⊙ σ'(z^L)",
    "δ^{[L]} = σ’(z^{[L]}) ⊙ (a^{[L]} − y)",
    r"\delta^{L} = (a^{L} - y) \odot \sigma'(z^{L})",
    "δ^L = ∂J/∂a^L ⊙ σ'(z^L) = (a^L - y) ⊙ σ'(z^L)",
    "δ^L = ∂J/∂a^L ⊙ σ'(z^L)\n    = (a^L - y) ⊙ σ'(z^L)   # the loss put in",
    "δ^L = Σ'(z^L) (a^L - y)",
    "∂J/∂z^L = (a^L - y) ⊙ σ'(z^L)",
    "∂C/∂z^L = (a^L - y) ⊙ σ'(z^L)",
    "dz^L = (a^L - y) ⊙ σ'(z^L)",
    "(a^L - y) ⊙ σ'(z^L)",
    "= (a^L - y) ⊙ σ'(z^L)",
]


@pytest.mark.parametrize("answer", RIGHT)
def test_a_right_answer_passes_in_any_spelling(answer: str) -> None:
    assert part_of(LAB, "squares", answer).passed


RESTATING = [
    "δ^L = δ^L",
    "δ^L = ∂J/∂z^L",
    "δ^L = ∇_{z^L} J",
    "δ^L = dz^L",
    "δ^L = ∂J/∂b^L",
    "δ^L = db^L",
    "δ^L = ∂J/∂a^L ⊙ σ'(z^L)",
    "δ^L = ∇_a J ⊙ σ'(z^L)",
    "δ^L = ∂(½ ‖y - a^L‖²)/∂z^L",
    "δ^L = δ^{[L]} + 0 a^L",
    "δ^L = (a^L - y) ⊙ σ'(z^L) + δ^L - δ^L",
    "δ^L = (a^L - y) ⊙ σ'(z^L) = δ^L",
]


@pytest.mark.parametrize("answer", RESTATING)
def test_an_answer_that_only_restates_the_question_does_not_pass(answer: str) -> None:
    part = part_of(LAB, "squares", answer)
    assert not part.passed
    assert part.earned == 0
    assert part.codes == ("restates",), text_of(part)


def test_a_derivative_that_may_be_used_may_be_used_in_any_spelling() -> None:
    for answer in ("δ^L = ∂J/∂a^L ⊙ σ'(z^L)", "δ^L = ∇_a J ⊙ σ'(z^L)", "δ^L = da^L ⊙ σ'(z^L)"):
        assert part_of(LAB, "any", answer).passed, answer


def test_what_an_author_rules_out_is_refused() -> None:
    part = part_of(LAB, "cross-entropy", "δ^L = (a^L - y) ⊙ σ'(z^L) ⊘ σ'(z^L)")
    assert not part.passed


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("σ : elementwise\nδ^L = (a^L - y) ⊙ σ'(z^L)", "declared"),
        ("use network loss=bce\nδ^L = a^L - y", "declared"),
        ("y := a^L - 1\nδ^L = (a^L - y) ⊙ σ'(z^L)", "declared"),
        ("assume y sums to 1\nδ^L = (a^L - y) ⊙ σ'(z^L)", "declared"),
        ("layout numerator\nδ^L = (a^L - y) ⊙ σ'(z^L)", "declared"),
        ("goal: δ^L = a^L\nδ^L = (a^L - y) ⊙ σ'(z^L)", "declared"),
        ("δ^l = (a^l - y) ⊙ σ'(z^l)", "left-side-changed"),
        ("a^L = a^L", "left-side-changed"),
        ("(a^L - y) ⊙ σ'(z^L) = δ^L", "left-side-changed"),
        ("δ^L = (a^L - y) ⊙ σ'(z^L)\na^L = a^L", "second-formula"),
        ("δ^L = (a^L - y) ⊙ σ'(z^L", "unreadable"),
        ("the error of the last layer", "unreadable"),
        ("δ^L = q ⊙ σ'(z^L)", "unreadable"),
        ("δ^L = (a^L - y) σ'(z^L)", "ill-shaped"),
        ("δ^L = ?", "not-answered"),
        ("δ^L = (a^L - y) ⊙ σ'(z^L) ?", "not-answered"),
        ("δ^L = ...", "not-answered"),
        ("", "not-answered"),
        ("# nothing yet", "not-answered"),
    ],
)
def test_what_is_refused_says_why_and_where(answer: str, code: str) -> None:
    part = part_of(LAB, "squares", answer)
    assert not part.passed
    assert part.earned == 0
    assert code in part.codes
    assert part.reason
    assert "line " in text_of(part)
    assert part.answered == (code != "not-answered")


def test_a_question_mark_that_was_left_is_no_missing_answer() -> None:
    assert "A ? still stands here" in text_of(part_of(LAB, "squares", "δ^L = (a^L - y) ⊙ σ'(z^L) ?"))
    for answer in ("δ^L = ?", "δ^L = ...", "δ^L = ?   # I think"):
        assert "not answered yet" in text_of(part_of(LAB, "squares", answer))
    assert "not answered" not in text_of(part_of(LAB, "squares", "")), "an empty block is told as that, and once"


def test_the_feedback_explains_and_gives_an_example_but_not_the_formula() -> None:
    part = part_of(LAB, "squares", "δ^L = a^L - y")
    text = text_of(part)
    assert "σ′(z) is missing at the output" in text
    assert "for example" in text
    assert "did you mean" not in text.lower()
    assert "(aᴸ − y) ⊙ σ′" not in text.replace("\n", " ")
    assert "⊙" not in part.reason


def test_lines_are_numbered_as_in_the_worksheet() -> None:
    text = answered(LAB, {"squares": "\n\nδ^L = a^L - y"})
    part = judged(LAB, text).parts[1]
    number = text.splitlines().index("δ^L = a^L - y") + 1
    assert f"line {number}" in text_of(part)


def test_no_line_of_feedback_is_wider_than_eighty_columns() -> None:
    for answer in ("δ^L = a^L - y", "δ^L = (a^L - y) σ'(z^L)", "δ^L = ∂J/∂z^L", "δ^L = ("):
        assert max(map(len, text_of(part_of(LAB, "squares", answer)).splitlines())) <= 80


def test_a_formula_nested_too_deeply_is_an_answer_like_any_other() -> None:
    part = part_of(LAB, "squares", f"δ^L = {'(' * 3000}a^L{')' * 3000}")
    assert not part.passed


def test_a_lab_with_declared_names() -> None:
    lab, drawn = own_lab("""
name = "own"
chapter = 1
title = "T"
kind = "formula"
task = "t"
setting = '''
W : m x n
x : n
C : loss
z := W x
J := C(z)
'''
[[part]]
name = "a"
title = "A"
points = 1
may_use = ["∂J/∂z"]
starter = "∂J/∂x = ?"
reference = "∂J/∂x = Wᵀ ∂J/∂z"
""")
    assert part_of_own(lab, drawn, {}).passed
    assert part_of_own(lab, drawn, {"a": "∂J/∂x = ∂z/∂x ∂J/∂z"}).codes == ("restates",)
    assert part_of_own(lab, drawn, {"a": "∂J/∂x = ∂J/∂x"}).codes == ("restates",)
    assert "declared" in part_of_own(lab, drawn, {"a": "q : n\n∂J/∂x = Wᵀ ∂J/∂z"}).codes


LAYOUTS = """
name = "own"
chapter = 1
title = "T"
kind = "formula"
task = "In %{layout} layout."
setting = '''
layout %{layout}
W : m x n
x : n
C : loss
z := W x
J := C(z)
'''
[vary]
layout = ["denominator", "numerator"]
[[part]]
name = "a"
title = "A"
points = 1
may_use = ["∂J/∂z"]
starter = "∂J/∂x = ?"
reference = { when = "layout", denominator = "∂J/∂x = Wᵀ ∂J/∂z", numerator = "∂J/∂x = ∂J/∂z W" }
"""


def test_a_layout_may_be_drawn_and_the_other_ones_answer_is_wrong_then() -> None:
    lab = parsed(LAYOUTS, "own")
    drawn = {str(variant(lab, str(number)).values["layout"]): variant(lab, str(number)) for number in range(20)}
    assert set(drawn) == {"denominator", "numerator"}
    for layout, other in (("denominator", "numerator"), ("numerator", "denominator")):
        assert part_of_own(lab, drawn[layout], {}).passed
        assert not part_of_own(lab, drawn[layout], references(drawn[other])).passed


@pytest.mark.parametrize(
    ("part", "answer", "said"),
    [
        ("weight", "∂J/∂W^l = δ^l (a^{l-1})^T", "One entry is asked for here, ∂J/∂wˡⱼₖ: give the other quantities"),
        ("weight", "∂J/∂w^l_{ik} = δ^l_i a^{l-1}_k", "call its indices j and k here, not i and k"),
        ("weight", "∂J/∂w^l_{jk} = δ^l a^{l-1}", "On the left stands one number"),
        ("other-sign", "∂J/∂W = -e a^T", "Of which layer is this ∂J/∂W?"),
        ("bias", "∂J/∂b^l = δ^l", "One entry is asked for here"),
        ("other-sign", "∂J/∂W^l_{jk} = -e_j a^{l-1}_k", "All of them at once are asked for here"),
        ("bias", "∂J/∂a^l_j = δ^l_j", "should stay ∂J/∂bˡⱼ as the worksheet has it"),
        # what the author foresaw is told in the author's words, in any spelling
        ("bias", "∂J/∂b^{[l]}_j = −δ^{[l]}_j", "This is the way down, against the slope."),
        ("weight", r"\delta^l_j", "A weight is multiplied by what comes in through it."),
        ("weight", "a^l_j δ^l_j", "This is the activation at the wrong end of the arrow"),
    ],
)
def test_a_sentence_that_fits(part: str, answer: str, said: str) -> None:
    found = part_of("error-meaning", part, answer)
    assert not found.passed
    assert said in " ".join(text_of(found).split())


@pytest.mark.parametrize(
    "answer",
    [
        "∂C/∂w^l_{jk} = δ^l_j a^{l-1}_k",
        "dJ/dw^l_{jk} = δ^l_j a^{l-1}_k",
        "∂J/∂W^l_{jk} = a^{l-1}_k δ^l_j",
        "dw^l_{jk} = δ^l_j a^{l-1}_k",
        r"\frac{\partial J}{\partial w^l_{jk}} = \delta^l_j a^{l-1}_k",
        "δ^l_j a^{l-1}_k",
    ],
)
def test_another_spelling_of_the_left_side_is_the_same_side(answer: str) -> None:
    assert part_of("error-meaning", "weight", answer).passed


@pytest.mark.parametrize(
    ("name", "part", "answer"),
    [
        ("bp1-losses", "cross-entropy", "δ^L = (a^L - y) ⊙ σ'(z^L)"),
        ("bp1-losses", "squares", "δ^L = (y - a^L) ⊙ σ'(z^L)"),
        ("bp3-bp4", "first-layer", "∂J/∂W^1 = ((W^2)^T (a^2 - y)) x^T"),
        ("error-meaning", "deaf", "δ^L_j = (a^L_j - y_j) z^L_j"),
    ],
)
def test_the_strongest_hint_is_an_answer_that_passes(name: str, part: str, answer: str) -> None:
    """It must not hold what the lab rules out."""
    lab = load(name)
    drawn = variant(lab)
    asked = next(one for one in drawn.parts if one.name == part)
    told = hints_for(drawn, asked, part_of(name, part, answer))[-1]
    offered = next(line for line in reversed(told.splitlines()) if "=" in line).replace("It should be", "").strip()
    assert part_of(name, part, offered).passed, told
