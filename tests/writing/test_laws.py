"""The laws of writing: what is written is read back, and every node stands where it is said to stand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from derivations.formula import Formula, Number, Power, children, walk
from derivations.reading import read_claim, read_formula
from derivations.writing import Notation, Spelling, write, write_claim, write_lines, write_with_spans
from tests.strategies import VOCABULARY, claims, formulas

SCALARS = VOCABULARY.scalars
slow = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
every_spelling = pytest.mark.parametrize("spelling", Spelling)
both_notations = pytest.mark.parametrize("notation", ["superscript", "bracket"])


@every_spelling
@both_notations
@slow
@given(formula=formulas)
def test_what_is_written_is_read_back(formula: Formula, spelling: Spelling, notation: Notation) -> None:
    written = write(formula, spelling, notation, scalars=SCALARS)
    assert read_formula(written, VOCABULARY) == formula, written
