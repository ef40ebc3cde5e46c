"""Sheets line by line: one slip is reported once; reasons, strictness and goals."""

from __future__ import annotations

import pytest

from derivations.rules import name_of
from derivations.setting import Network, Setting
from derivations.sheets import check_sheet
from derivations.sheets.reasons import reviewed
from derivations.verdicts import Proved, Verdict
from tests.derive.cases import Case, derivation, in_denominator_layout, long_unless

NET = Setting(network=Network())
BP2 = (
    "δ^l = ∂J/∂z^l [definition of δ]\n= (W^{l+1})^T ∂J/∂z^{l+1} ⊙ σ'(z^l) [chain rule]\n= (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
)


def told(text: str, setting: Setting = NET, *, strict: bool = False) -> list[tuple[str, str]]:
    return [(v.verdict, v.mark) for v in check_sheet(text, setting, strict=strict).verdicts]


def only(text: str, setting: Setting = NET, *, strict: bool = False) -> Verdict:
    (verdict,) = check_sheet(text, setting, strict=strict).verdicts
    return verdict


def test_a_slip_that_is_carried_on_is_reported_once() -> None:
    text = "δ^l = (W^{l+1})^T δ^{l+1}\n = (W^{l+1})^T ∂J/∂z^{l+1}\n = (W^{l+1})^T ∂J/∂z^{l+1} ⊙ σ'(z^l)\n = δ^l"
    assert told(text) == [("refuted", ""), ("proved", "follows from a slip"), ("proved", "right again"), ("proved", "")]


def test_a_second_slip_is_reported_too() -> None:
    text = "δ^l = (W^{l+1})^T δ^{l+1}\n = 2 (W^{l+1})^T δ^{l+1}\n = 2 (W^{l+1})^T ∂J/∂z^{l+1}"
    assert told(text) == [("refuted", ""), ("refuted", ""), ("proved", "follows from a slip")]


def test_a_line_that_does_not_fit_is_passed_over() -> None:
    text = "δ^l = ∂J/∂z^l\n = W^{l+1} δ^{l+1} ⊙ σ'(z^l)\n = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
    assert [verdict for verdict, _ in told(text)] == ["proved", "ill-shaped", "proved"]


def test_an_unreadable_line_does_not_stop_the_chain() -> None:
    text = "δ^l = ∂J/∂z^l\n = (W^{l+1}^T δ^{l+1}\n = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
    assert [verdict for verdict, _ in told(text)] == ["proved", "unreadable", "proved"]


def test_a_chain_whose_first_line_cannot_be_read_goes_on() -> None:
    text = "δ^l = ∂J/∂z^l)\n = (W^{l+1})^T δ^{l+1}\n = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
    assert told(text) == [("unreadable", ""), ("refuted", ""), ("proved", "right again")]


@pytest.mark.parametrize(
    "step",
    [
        "δ^l = ∂J/∂z^l [definition of δ]",
        "a^l = σ(z^l) [by definition of a]",
        "a^l = σ(W^l a^{l-1} + b^l) [forward pass]",
        "Σ_k δ^{l+1}_k ∂z^{l+1}_k/∂z^l_j = Σ_k δ^{l+1}_k W^{l+1}_{kj} σ'(z^l_j) [definition of z]",
        "∂J/∂z^l = (W^{l+1})^T ∂J/∂z^{l+1} ⊙ σ'(z^l) [chain rule]",
        "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l) [BP2]",
        "∂J/∂W^3 = δ^3 (a^2)^T [BP4]",
        "∂J/∂b^l_j = δ^l_j [BP3]",
        "∂J/∂b^{l} = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l) [BP2]".replace("∂J/∂b^{l}", "∂J/∂z^l"),
        "δ^L = ∂J/∂a^L ⊙ σ'(z^L) [BP1]",
        "(δ^l (a^{l-1})^T)^T = a^{l-1} (δ^l)^T [algebra]",
    ],
)
def test_a_reason_that_the_step_uses(step: str) -> None:
    verdict = only(step)
    assert (verdict.verdict, verdict.mark, verdict.notes) == ("proved", "", ())
    assert verdict.reason_given


@pytest.mark.parametrize(
    ("step", "note"),
    [
        ("δ^l = ∂J/∂z^l [definition of a]", "it uses the definition of δ"),
        ("δ^l = δ^l [definition of z]", "whatever z is defined to be"),
        ("δ^l = ∂J/∂z^l [BP2]", "does not give this line"),
        ("∂J/∂W^l = δ^l (a^{l-1})^T [BP3]", "nothing in the line before has the form of BP3"),
        ("δ^l + δ^l = 2 δ^l [chain rule]", "no derivative is taken apart"),
        ("a^l = σ(z^l) [algebra]", "definition of a"),
    ],
)
def test_a_reason_that_is_another_one(step: str, note: str) -> None:
    verdict = only(step)
    assert (verdict.verdict, verdict.mark) == ("proved", "not by this reason")
    assert note in verdict.notes[-1]


def test_an_unknown_reason_is_not_passed_over_in_silence() -> None:
    assert "not one that is known here" in only("δ^l = ∂J/∂z^l [by inspection]").notes[0]


def test_definitions_of_a_sheet_are_reasons() -> None:
    given = "W : m x n; x : n; b : m; z := W x + b\n"
    (verdict,) = check_sheet(given + "∂(z)/∂x = Wᵀ [definition of z]", Setting()).verdicts
    assert (verdict.verdict, verdict.mark) == ("proved", "")
    (verdict,) = check_sheet(given + "(z + b)ᵀ = zᵀ + bᵀ [definition of z]", Setting()).verdicts
    assert verdict.mark == "not by this reason"


def test_strictness_asks_for_the_step_that_is_missing() -> None:
    verdict = only("δ^l = (W^{l+1})^T ∂J/∂z^{l+1} ⊙ σ'(z^l)", strict=True)
    assert verdict.mark == "too large a step"
    assert "First write = ∂J/∂zˡ" in verdict.notes[-1]
    assert told(BP2, strict=True)[:2] == [("proved", ""), ("proved", "")]
    assert only("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l) [BP2]", strict=True).mark == ""


@pytest.mark.parametrize(
    ("goal", "chain", "reached", "words"),
    [
        ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", BP2, True, "reached"),
        ("δ^l = …", BP2.replace("δ^l = ∂J/∂z^l [definition of δ]", "δ^l = ∂J/∂z^l"), True, "reached"),
        ("δ^l = σ'(z^l) ⊙ (W^{l+1})^T δ^{l+1}", BP2, False, "not written in its form"),
        ("∂J/∂W^l = δ^l (a^{l-1})^T", BP2, False, "not reached"),
        ("δ^l = (W^{l+1})^T δ^{l+1}", "δ^l = (W^{l+1})^T δ^{l+1}", False, "not reached"),
        ("δ^l = (((", BP2, False, "A goal is an equation"),
    ],
)
def test_goals(goal: str, chain: str, reached: bool, words: str) -> None:
    (stated,) = check_sheet(f"goal: {goal}\n{chain}\n", NET).goals
    (asked,) = check_sheet(chain, NET, goals=[goal]).goals
    for found in (stated, asked):
        assert found.reached is reached
        assert words in found.words
    assert check_sheet(f"goal: {goal}\n{chain}\n", NET).code == (0 if reached else 1)


# ---- the reasons that ``derive`` prints ----


@pytest.mark.parametrize("case", long_unless(in_denominator_layout))
def test_every_reason_of_a_derivation_is_known_and_holds(case: Case) -> None:
    for step in derivation(case).steps:
        one = step.theorem
        verdict = reviewed(Proved(text="", left=one.lhs, right=one.rhs), name_of(step.rule), one.ground.context)
        assert (verdict.notes, verdict.mark) == ((), ""), f"{one} [{name_of(step.rule)}]"


BATCH = Setting(network=Network(batch="m"))


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("dW^l = ∂J/∂W^l [definition of dW]", ""),
        ("db^l = ∂J/∂b^l [definition of db]", ""),
        ("dZ^l = m ∂J/∂Z^l [definition of dZ]", ""),
        ("dZ^l = m ∂J/∂Z^l [definition of dA]", "not by this reason"),
        ("dZ^l = dZ^l + 0 [definition of dZ]", "not by this reason"),
        ("dA^l ⊙ σ'(Z^l) = (W^{l+1})^T dZ^{l+1} ⊙ σ'(Z^l) [dA]", ""),
        ("dZ^l = (W^{l+1})^T dZ^{l+1} ⊙ σ'(Z^l) [BP2]", ""),
        ("db^l = 1/m sum(dZ^l, axis=1) [BP3]", ""),
        ("dW^l = 1/m dZ^l (A^{l-1})^T [BP4]", ""),
        ("dW^l = 1/m dZ^l (A^{l-1})^T [BP3]", "not by this reason"),
    ],
)
def test_reasons_of_a_batch(line: str, mark: str) -> None:
    verdict = only(line, BATCH)
    assert (verdict.verdict, verdict.mark) == ("proved", mark)


def test_the_equations_of_numerator_layout_are_reasons() -> None:
    setting = Setting(layout="numerator", network=Network())
    assert only("δ^l = δ^{l+1} W^{l+1} ⊙ σ'(z^l)^T [BP2]", setting).mark == ""
    assert only("∂J/∂W^l = a^{l-1} δ^l [BP4]", setting).mark == ""
    assert only("∂J/∂W^l = a^{l-1} δ^l [BP2]", setting).mark == "not by this reason"
