"""Kind derivation: each line by itself, and the chain as a whole."""

from __future__ import annotations

import pytest

from chapters.labs.hints import hints_for
from chapters.labs.judgement import JudgedPart
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from tests.labs.worksheets import answered, own_lab, part_of, part_of_own, text_of

FIRST = "δ^l_j = ∂J/∂z^l_j   [definition of δ]"
CHAIN = "= Σ_k ∂J/∂z^{l+1}_k ∂z^{l+1}_k/∂z^l_j   [chain rule]"
ERRORS = "= Σ_k δ^{l+1}_k ∂z^{l+1}_k/∂z^l_j   [definition of δ]"
END = "= Σ_k δ^{l+1}_k w^{l+1}_{kj} σ'(z^l_j)   [chain rule]"


def derivation(*lines: str) -> str:
    return "\n".join(lines)


@pytest.mark.parametrize(
    "lines",
    [
        (FIRST, CHAIN, ERRORS, END),
        (FIRST, CHAIN, ERRORS, "= Σ_i σ'(z^l_j) w^{l+1}_{ij} δ^{l+1}_i   [chain rule]"),
        (FIRST, CHAIN, "", ERRORS, "# nearly there", END),
        (FIRST.replace("^l", "^{[l]}"), CHAIN, ERRORS, END),
        (CHAIN, ERRORS, END),
    ],
)
def test_any_sound_way_to_the_goal_passes(lines: tuple[str, ...]) -> None:
    part = part_of("bp2", "entries", derivation(*lines))
    assert part.passed, text_of(part)


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((FIRST, END), "too-few-steps"),
        (("δ^l_j = Σ_k δ^{l+1}_k w^{l+1}_{kj} σ'(z^l_j)   [chain rule]",), "too-few-steps"),
        ((FIRST, "= δ^l_j   [definition of δ]", "= ∂J/∂z^l_j   [definition of δ]", END), "too-few-steps"),
        ((FIRST, "= ∂J/∂z^l_j + 0   [algebra]", "= 1 ∂J/∂z^l_j   [algebra]", END), "too-few-steps"),
        ((FIRST, "= ∂J/∂z^l_j + a^1_1 - a^1_1   [algebra]", END), "not-by-this-reason"),
        ((FIRST, "= ∂J/∂z^l_j + a^1_1 - a^1_1   [put in 0]", END), "too-few-steps"),
        (
            (FIRST, "= ∂J/∂z^l_j + a^1_1 - a^1_1   [put in 0]", "= ∂J/∂z^l_j + b^1_1 - b^1_1   [put in 0 again]", END),
            "too-few-steps",
        ),
        ((FIRST, CHAIN, ERRORS), "goal-missed"),
        ((FIRST, CHAIN, ERRORS, "= Σ_k δ^{l+1}_k w^{l+1}_{kj} ∂a^l_j/∂z^l_j   [chain rule]"), "goal-missed"),
        ((FIRST, CHAIN, ERRORS, END, "= δ^l_j   [definition of δ]"), "too-large-step"),
        ((FIRST, "= Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)   [by BP2]"), "cites"),
        ((FIRST, CHAIN.replace("   [chain rule]", ""), ERRORS, END), "no-reason"),
        ((FIRST, CHAIN.replace("chain rule", "i just know"), ERRORS, END), "unknown-reason"),
        ((FIRST, CHAIN.replace("chain rule", "because"), ERRORS, END), "unknown-reason"),
        ((FIRST, CHAIN, ERRORS.replace("definition of δ", "definition of a"), END), "not-by-this-reason"),
        ((FIRST, CHAIN, ERRORS, "= Σ_k δ^{l+1}_k w^{l+1}_{kj} σ'(z^l_j)   [algebra]"), "not-by-this-reason"),
        ((FIRST, CHAIN, ERRORS, "= Σ_k δ^{l+1}_k w^{l+1}_{jk} σ'(z^l_j)   [chain rule]"), "ill-shaped"),
        ((FIRST, CHAIN, "= Σ_k δ^l_k ∂z^{l+1}_k/∂z^l_j   [definition of δ]", END), "ill-shaped"),
        (("∂J/∂z^l_j = δ^l_j   [definition of δ]",), "left-side-changed"),
        ((FIRST, "= ?"), "not-answered"),
        ((FIRST, CHAIN, "= ?"), "not-answered"),
        (("δ^{l+1} : n", FIRST, CHAIN, ERRORS, END), "declared"),
        (("q : scalar", FIRST, CHAIN, ERRORS, END), "declared"),
    ],
)
def test_what_does_not_pass_says_why(lines: tuple[str, ...], code: str) -> None:
    part = part_of("bp2", "entries", derivation(*lines))
    assert not part.passed
    assert code in part.codes, text_of(part)
    assert part.reason


def test_one_slip_is_told_once_and_what_follows_from_it_says_so() -> None:
    wrong = "= Σ_k δ^{l+1}_k ∂z^{l+1}_k/∂a^l_j   [definition of δ]"
    text = text_of(
        part_of("bp2", "entries", derivation(FIRST, CHAIN, wrong, "= Σ_k δ^{l+1}_k w^{l+1}_{kj}   [chain rule]"))
    )
    assert text.count("✗") == 1
    assert "follows from the line before" in text


def test_a_milestone_earns_its_share_but_not_if_it_was_given_or_comes_after_a_slip() -> None:
    assert part_of("bp2", "entries", derivation(FIRST, CHAIN, ERRORS, "= ?")).earned == 2
    assert part_of("bp2", "entries", derivation(FIRST, CHAIN, "= ?")).earned == 0
    slip = "= Σ_k δ^{l+1}_k   [chain rule]"
    assert part_of("bp2", "entries", derivation(FIRST, slip, ERRORS)).earned == 0


def test_the_feedback_does_not_say_the_next_line() -> None:
    big = "= Σ_k δ^{l+1}_k w^{l+1}_{kj} σ'(z^l_j)"
    for lines in ((FIRST, big), (FIRST, CHAIN), (FIRST, CHAIN, ERRORS)):
        text = text_of(part_of("bp2", "entries", derivation(*lines)))
        assert "First write" not in text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("= ∂J/∂b^l_j   [algebra]", "New here: ∂J/∂bˡ."),
        (
            "= Σ_k ∂J/∂z^{l+1}_k ∂z^{l+1}_k/∂z^l_j   (chain rule)",
            "square brackets, so that they are not taken for factors",
        ),
    ],
)
def test_reasons_that_are_none_are_told(line: str, said: str) -> None:
    assert said in " ".join(text_of(part_of("bp2", "entries", derivation(FIRST, line, "= ?"))).split())


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("δ^l = ∂J/∂z^l   [definition of δ]", "One entry is asked for here, δˡⱼ"),
        ("δ^l_i = ∂J/∂z^l_i   [definition of δ]", "call its index j here, not i"),
        ("a^l_j = σ(z^l_j)   [definition of a]", "should begin with δˡⱼ"),
    ],
)
def test_another_left_side_is_told_in_a_sentence_that_fits(first: str, said: str) -> None:
    part = part_of("bp2", "entries", first)
    assert part.codes == ("left-side-changed",)
    assert said in " ".join(text_of(part).split())


def test_a_line_that_has_to_be_there_is_asked_for() -> None:
    way_round = (
        "δ^L_j = ∂J/∂z^L_j   [definition of δ]",
        "= ∂J/∂b^L_j   [chain rule]",
        "= ∂J/∂a^L_j σ'(z^L_j)   [chain rule]",
    )
    part = part_of("bp1", "entries", derivation(*way_round))
    assert part.codes == ("missed-line",)
    assert part.earned == 0
    assert "let a line say so, with a sum" in " ".join(text_of(part).split())
    sum_of_all = "= Σ_i ∂J/∂a^L_i ∂a^L_i/∂z^L_j   [chain rule]"
    assert part_of("bp1", "entries", derivation(*way_round[:2], sum_of_all, way_round[2])).passed


OWN = """
name = "own"
chapter = 1
title = "T"
kind = "derivation"
task = "t"
setting = "use network"
[[part]]
name = "a"
title = "A"
points = 2
without = ["∂J/∂b^l"]
starter = "∂J/∂W^l = ?"
goal = "∂J/∂W^l = δ^l (a^{l-1})^T"
reference = '''
∂J/∂W^l = ∂J/∂z^l (a^{l-1})^T [chain rule]
  = δ^l (a^{l-1})^T [definition of δ]
'''
hints = ["h"]
"""


def test_what_an_author_rules_out_is_refused_in_every_line() -> None:
    lab, drawn = own_lab(OWN)
    assert part_of_own(lab, drawn, {}).passed
    for lines in (
        "∂J/∂W^l = ∂J/∂b^l (a^{l-1})^T [chain rule]\n= δ^l (a^{l-1})^T [definition of δ]",
        "∂J/∂W^l = ∂J/∂z^l (a^{l-1})^T [chain rule]\n= ∂J/∂b^l (a^{l-1})^T [chain rule]\n= δ^l (a^{l-1})^T",
    ):
        part = part_of_own(lab, drawn, {"a": lines})
        assert part.codes == ("ruled-out",), text_of(part)
        assert part.earned == 0


def test_a_repair_of_the_line_before_is_no_help_and_the_authors_words_are() -> None:
    lines = (
        "δ^L_j = ∂J/∂z^L_j   [definition of δ]",
        "= Σ_k ∂J/∂a^L_k ∂a^L_k/∂z^L_j   [chain rule]",
        "= Σ_k ∂J/∂a^L_k σ'(z^L_j)   [derivative of σ]",
    )
    part = part_of("bp1", "entries", derivation(*lines))
    text = " ".join(text_of(part).split())
    assert "Which terms are 0?" in text
    assert "sum is missing" not in text


def test_kroneckers_delta_may_be_written_as_a_textbook_does() -> None:
    reference = references(variant(load("softmax"), ""))["jacobian"]
    assert "eye(n)_{kj}" in reference
    part = part_of("softmax", "jacobian", reference.replace("eye(n)_{kj}", "δ_{kj}"))
    assert part.passed, text_of(part)


def test_behind_a_line_that_does_not_fit_a_right_one_is_right_again() -> None:
    misfit = "= Σ_k ∂J/∂z^{l+1} ∂z^{l+1}_k/∂z^l_j   [chain rule]"
    said = text_of(part_of("bp2", "entries", derivation(FIRST, misfit, CHAIN, ERRORS, END)))
    assert said.count("right again") == 1
    assert "which is wrong" not in said


def test_algebra_is_not_judged_behind_a_wrong_line() -> None:
    lines = (
        "δ^L_j = ∂J/∂a^L_j ∂a^L_j/∂z^L_j   [chain rule]",
        "= (y_j/a^L_j + (1 - y_j)/(1 - a^L_j)) a^L_j (1 - a^L_j)   [derivative of log]",
        "= (a^L_j - y_j)   [algebra]",
    )
    part = part_of("bp1", "cancels", derivation(*lines))
    assert "not-by-this-reason" not in part.codes
    assert "right again" in text_of(part)


def test_a_right_line_whose_reason_is_missing_or_unknown_is_called_right() -> None:
    without = text_of(part_of("bp2", "entries", derivation(FIRST, CHAIN.partition("   [")[0], ERRORS, END)))
    assert "right; its reason is missing" in without
    assert "✗" not in without
    lines = [FIRST, *(line.partition("   [")[0] + "   [because]" for line in (CHAIN, ERRORS, END))]
    unknown = " ".join(text_of(part_of("bp2", "entries", derivation(*lines))).split())
    assert unknown.count("There is no rule of this name: [because].") == 3
    assert unknown.count("Known are: chain rule") == 1


@pytest.mark.parametrize("reason", ["by the chain rule", "Chain Rule", "using the chain rule", "Jacobian"])
def test_reasons_may_be_spelled_in_many_ways(reason: str) -> None:
    part = part_of("bp2", "entries", derivation(FIRST, CHAIN.replace("chain rule", reason), ERRORS, END))
    assert part.passed, text_of(part)


def test_a_hint_goes_on_where_the_right_lines_end() -> None:
    drawn = variant(load("bp2"))
    judged = part_of("bp2", "entries", derivation(FIRST, CHAIN, ERRORS, "= ?"))
    hints = hints_for(drawn, drawn.parts[0], judged)
    assert "[definition of z]" in hints[0]
    assert "a^l_i" in hints[1]
    begun = part_of("bp2", "entries", derivation(FIRST, "= ?"))
    assert hints_for(drawn, drawn.parts[0], begun)[0] == drawn.parts[0].hints[0]


# ---- credit for what is right ----

LEAPS = [
    (lab, part.name, wrong.answer.strip())
    for lab in ("bp1", "bp2", "outer-product", "softmax")
    for part in variant(load(lab)).parts
    for wrong in part.wrong
    if wrong.diagnosis == "too-few-steps"
]
"""True derivations that go straight to the goal."""


@pytest.mark.parametrize(("lab", "name", "answer"), LEAPS)
def test_a_true_derivation_that_is_too_short_earns_something_and_the_leap_is_named(
    lab: str, name: str, answer: str
) -> None:
    judged = part_of(lab, name, answer)
    assert judged.codes == ("too-few-steps",)
    assert 0 < judged.earned < judged.points / 2 + 0.5
    assert named_line(judged) == line_of(lab, name, answer, answer.splitlines()[-1])


def test_of_several_lines_the_one_that_skips_the_most_is_named() -> None:
    """Of two steps on bp1's way the second one takes both slopes at once."""
    first = "δ^L_j = ∂J/∂a^L_j ∂a^L_j/∂z^L_j   [chain rule]"
    for lines, leap in (
        ((first, "= a^L_j - y_j   [derivative of sigmoid]", "= a^L_j + 0 - y_j   [algebra]"), 1),
        ((first, "= 1 ∂J/∂a^L_j ∂a^L_j/∂z^L_j   [algebra]", "= a^L_j - y_j   [derivative of sigmoid]"), 2),
    ):
        judged = part_of("bp1", "cancels", derivation(*lines))
        assert judged.codes == ("too-few-steps",)
        assert named_line(judged) == line_of("bp1", "cancels", derivation(*lines), lines[leap])


def named_line(judged: JudgedPart) -> int:
    said = next(line for line in text_of(judged).splitlines() if "leaves out" in line)
    return int(said.split()[2])


def line_of(lab: str, name: str, answer: str, wanted: str) -> int:
    sheet = answered(lab, {name: answer}).splitlines()
    block = sheet.index(f"```backproof {name}")
    return next(k for k, line in enumerate(sheet, start=1) if k > block and line == wanted)


@pytest.mark.parametrize(
    ("lines", "code", "at_least"),
    [
        ((FIRST, CHAIN.replace("   [chain rule]", ""), ERRORS, END), "no-reason", 2.5),
        ((FIRST, CHAIN, ERRORS, END.replace("chain rule", "because")), "unknown-reason", 2.5),
        ((FIRST, CHAIN, ERRORS.replace("definition of δ", "definition of a"), END), "not-by-this-reason", 2.5),
        ((FIRST, CHAIN.replace("   [chain rule]", ""), ERRORS, "= ?"), "no-reason", 2),
    ],
)
def test_one_bad_reason_costs_its_own_line_only(lines: tuple[str, ...], code: str, at_least: float) -> None:
    part = part_of("bp2", "entries", derivation(*lines))
    assert code in part.codes
    assert at_least <= part.earned < part.points


@pytest.mark.parametrize(
    "lines",
    [
        (FIRST, "= Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)   [BP2]"),
        (FIRST, "= Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)   [algebra]"),
        (FIRST, "= δ^l_j   [definition of δ]", "= ∂J/∂z^l_j   [definition of δ]"),
        (FIRST,),
    ],
)
def test_what_is_cited_or_given_earns_nothing(lines: tuple[str, ...]) -> None:
    assert part_of("bp2", "entries", derivation(*lines)).earned == 0
