"""Formulas mutated at random get an answer, and the same one again, whatever they have become."""

from __future__ import annotations

import pytest

from derivations import check
from derivations.rendering.machine import report
from derivations.rendering.text import plain

from ..mutations import mutated
from .rows import table

FORMULAS = [(row.claim, row.given) for row in table()]
FEW, MANY = 60, 10_000


def told(claim: str, given: str) -> object:
    """The whole answer but for the time; or why the declarations cannot be read."""
    try:
        verdicts = check(claim, given=given)
    except ValueError as problem:
        return str(problem)
    answers = report(verdicts)["claims"]
    assert isinstance(answers, list)
    for verdict, answer in zip(verdicts, answers, strict=True):
        assert plain(verdict)
        assert verdict.verdict != "internal error"
        del answer["seconds"]
    return answers


def test_every_mutated_formula_has_an_answer_that_repeats() -> None:
    for claim, given in mutated(FORMULAS, FEW, seed=1):
        assert told(claim, given) == told(claim, given)


@pytest.mark.long
def test_many_mutated_formulas_have_an_answer() -> None:
    for claim, given in mutated(FORMULAS, MANY, seed=2):
        told(claim, given)
