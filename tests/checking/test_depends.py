"""Claims that print leaves open: both readings are told, and neither is accused."""

from __future__ import annotations

import json

import pytest

from derivations import Depends, check
from derivations.rendering.machine import report
from derivations.verdicts import IllShaped, Proved, Refuted, Verdict, exit_code

NUMBERS = "c : scalar; d : scalar; q : scalar; m : scalar; x : n; y : n; z : n; t : scalar; f : elementwise; w : n"


def verdict(claim: str) -> Verdict:
    (found,) = check(claim, given=NUMBERS)
    return found


@pytest.mark.parametrize(
    ("claim", "first", "second"),
    [
        ("1/c d = 1/(c d)", "refuted", "proved"),
        ("1/2 c = 1/(2 c)", "refuted", "proved"),
        ("c/‖x‖ ‖y‖ = c/(‖x‖ ‖y‖)", "refuted", "proved"),
        ("∂/∂t f(t) ⊙ t = f'(t) t", "proved", "refuted"),
        ("∂/∂t f(t) ⊙ t = f'(t) t + f(t)", "refuted", "proved"),
        (r"\frac{\partial}{\partial t} f(t) \odot t = f'(t) t + f(t)", "refuted", "proved"),
    ],
)
def test_both_readings_are_told(claim: str, first: str, second: str) -> None:
    found = verdict(claim)
    assert isinstance(found, Depends)
    assert [reading.verdict.verdict for reading in found.readings] == [first, second]
    for reading in found.readings:  # the brackets say which reading it is
        assert verdict(reading.typed).verdict == reading.verdict.verdict
    assert found.diagnosis == ()
    assert exit_code([found]) == 3


@pytest.mark.parametrize(
    ("claim", "kind"),
    [
        ("1/c d = d/c", Proved),  # the reading of a slash, and the other one only where this is false
        ("1/2 c = c/2", Proved),  # a plain number in front is a coefficient
        ("1/m sum(x) = sum(x)/m", Proved),
        ("1/c d = d d", Refuted),  # in both readings
        ("1/(c) d = 1/(c d)", Refuted),  # brackets have said it
        (r"\frac{1}{c} d = 1/(c d)", Refuted),
        ("c/d x = (c/d) x", Proved),  # nobody divides elementwise by a product
        ("x/y z = x ⊘ (y z)", IllShaped),
        ("∂/∂t f(t) ⊙ 1 = f'(t)", Proved),  # in both
        ("∇_x ‖x‖² ⊙ y = 2 x ⊙ y", Proved),
    ],
)
def test_where_the_readings_agree_or_one_is_not_meant_there_is_one_verdict(claim: str, kind: type[Verdict]) -> None:
    assert type(verdict(claim)) is kind


def test_a_reading_that_does_not_fit_is_none() -> None:
    found = verdict("x/y z^T = (x ⊘ y) z^T")
    assert isinstance(found, Proved)
    assert found.notes == ("read as (x/y) z^T = (x ⊘ y) z^T: the other reading does not fit",)


def test_a_chain_goes_on_behind_it() -> None:
    found = check("c/(d q) = c/d q = c/(d q) = c", given=NUMBERS)
    assert [item.verdict for item in found] == ["depends", "proved", "refuted"]


def test_it_shows_itself() -> None:
    found = verdict("1/c d = 1/(c d)")
    assert str(found).splitlines() == [
        "? depends         1/c d = 1/(c d)",
        "                  Print leaves two readings open. Brackets say which one is",
        "                  meant:",
        "  refuted         (1/c) d = 1/(c d)",
        "  proved          1/(c d) = 1/(c d)",
    ]
    assert "depends" in found._repr_html_()
    claim = json.loads(json.dumps(report([found])))["claims"][0]
    assert claim["verdict"] == "depends"
    assert claim["right_if"] == ["1/(c d) = 1/(c d)"]
    assert claim["wrong_if"][0]["supposed"] == "(1/c) d = 1/(c d)"
