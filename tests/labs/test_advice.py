"""What a worksheet's reader is told: advice that can be followed there, hints that say something new, one reading."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chapters.labs.advice import NOT_HERE, followable
from chapters.labs.gaps import with_gaps
from chapters.labs.hints import hints_for, next_hint
from chapters.labs.judgement import JudgedPart, Judgement
from chapters.labs.lab import labs, load
from chapters.labs.variants import Part, Variant, variant
from tests.labs.worksheets import own_lab, part_of, part_of_own, text_of

ANSWERS = [
    ("bp1-losses", "any", "δ^L = ∂J/∂a^L ⊙ a^L ⊙ (1 - a^L)"),
    ("bp1-losses", "any", "δ^L = ∂J/∂a^L ⊙ (1 - (a^L)^2)"),
    ("bp1-losses", "any", "δ^L = a^L - y"),
    ("bp1-losses", "squares", "δ^L = (a^L - y) ⊙ a^L ⊙ (1 - a^L)"),
    ("bp1-losses", "squares", "δ^L = r"),
    ("bp1-losses", "squares", "δ^L = (a^L - y)/m"),
    ("bp1-losses", "squares", "δ^L = f(a^L)"),
    ("bp1-losses", "cross-entropy", "δ^L = ∂J/∂y"),
    ("bp1-losses", "any", "δ^L = J y"),
    ("bp1-losses", "any", "δ^L = x^{(1)} - x^{(2)}"),
    ("error-meaning", "made-of", "δ^l_j = ∂J/∂a^l_j a^l_j (1 - a^l_j)"),
    ("toolbox-gradients", "normalisation", "∂J/∂x = r/m (m ∂J/∂h - sum(∂J/∂h) 1_m)"),
    ("toolbox-gradients", "normalisation", "∂J/∂x = X ∂J/∂h"),
    ("batch-gradients", "weights", "∂J/∂W^l = W"),
]
"""Answers at which the checker has advice for those who may choose a loss, declare a name or assume something."""


def foreseen() -> Iterator[tuple[Variant, Part, JudgedPart]]:
    """What is said of all wrong answers of the library but the programs, and of those above."""
    for lab in labs():
        if lab.kind in ("formula", "derivation"):
            drawn = variant(lab)
            for part in drawn.parts:
                answers = [wrong.answer.strip() for wrong in part.wrong]
                answers += [answer for name, of, answer in ANSWERS if (name, of) == (lab.name, part.name)]
                for answer in [*answers, part.starter]:
                    yield drawn, part, part_of(lab.name, part.name, answer)


def test_all_advice_can_be_followed_in_a_worksheet_and_each_hint_says_something_new() -> None:
    count = 0
    for drawn, part, judged in foreseen():
        if judged.passed:
            continue
        hints = hints_for(drawn, part, judged)
        for text in (text_of(judged), judged.reason, *hints):
            assert not NOT_HERE.search(text), text
        said = squeezed(text_of(judged))
        for hint in hints:
            assert squeezed(hint) not in said, hint
            said += squeezed(hint)
        count += len(hints)
    assert count > 100


def squeezed(text: str) -> str:
    return "".join(text.replace("$", "").replace("`", "").split())


@pytest.mark.parametrize(("name", "part", "answer"), ANSWERS)
def test_what_is_left_of_advice_is_a_sentence(name: str, part: str, answer: str) -> None:
    judged = part_of(name, part, answer)
    assert not judged.passed
    assert judged.reason.endswith((".", "?"))
    assert "  ." not in text_of(judged)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("With --loss mse it is proved.", ""),
        ("Under “assume A symmetric” it is proved.", ""),
        ("r is used. Declare it first, with its shape:  r : n. R is another one.", "r is used. R is another one."),
        ("J is not known; choose a loss, such as --loss mse.", "J is not known."),
        ("The inner widths differ.", "The inner widths differ."),
        ("", ""),
    ],
)
def test_sentences_that_cannot_be_followed_are_left_out(text: str, left: str) -> None:
    assert followable(text) == left


@pytest.mark.parametrize(
    ("typed", "mended", "form"),
    [
        ("δ^L = a^L - y", "δ^L = (a^L - y) ⊙ σ'(z^L)", "δ^L = (a^L - y) […]"),
        ("δ^l = W^{l+1} δ^{l+1}", "δ^l = (W^{l+1})^T δ^{l+1}", "δ^l = (W^{l+1}) […] δ^{l+1}"),
        ("d = σ'(a^l)", "d = σ'(z^l)", "d = σ'([…])"),
        ("= a + b", "= a + b", ""),
        ("d = 2 a", "d = a", ""),
        ("d = a", "d = b c", ""),
        ("", "", ""),
    ],
)
def test_a_form_has_gaps_where_something_is_new(typed: str, mended: str, form: str) -> None:
    assert with_gaps(typed, mended) == form


def test_a_hint_costs_only_if_it_is_new() -> None:
    drawn = variant(load("bp1-losses"))
    judged = tuple(part_of("bp1-losses", part.name, part.starter) for part in drawn.parts)
    judgement = Judgement("bp1-losses", "", judged)
    given: dict[str, int] = {}
    seen = []
    for _ in range(5):
        hint = next_hint(drawn, judgement, given)
        assert hint is not None
        given[hint.part] = max(hint.strength, given.get(hint.part, 0))
        seen.append(hint.text)
    assert len(set(seen)) == given[drawn.parts[0].name] == 3


SLASH = """
name = "own"
chapter = 1
title = "T"
kind = "formula"
task = "t"
setting = "A : n x n; x : n; y : n; c : scalar"
[[part]]
name = "a"
title = "A"
points = 2
starter = "%s = ?"
reference = "%s = %s"
hints = ["h"]
"""


@pytest.mark.parametrize(
    ("left", "right", "answer", "passes"),
    [
        ("x", "x", "x = 1/c c x", True),
        ("c y", "c y", "c y = 1/(1/c) y", True),
        ("x", "x", "x = 2/c c x", False),
    ],
)
def test_an_answer_that_is_right_in_one_of_its_readings_is_right(
    left: str, right: str, answer: str, passes: bool
) -> None:
    lab, drawn = own_lab(SLASH % (left, left, right))
    part = part_of_own(lab, drawn, {"a": answer})
    assert part.passed == passes or "restates" in part.codes, text_of(part)


def test_the_textbooks_gradient_of_batch_normalisation_passes_with_its_slash() -> None:
    printed = "∂J/∂x = r/m (m ∂J/∂h - sum(∂J/∂h) 1_m - (h^T ∂J/∂h) h)"
    for answer in (printed, printed.replace("r/m", "1/m r"), printed.replace("r/m", r"\frac{r}{m}")):
        assert part_of("toolbox-gradients", "normalised", answer).passed, answer
