"""The law of mutants: of a NumPy lab's references no wrong variant passes, and every right one does, in any style."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chapters.labs.feedback import Page
from chapters.labs.lab import labs, load
from chapters.labs.self_test import references
from chapters.labs.together import judge_together
from chapters.labs.variants import Variant, variant
from chapters.labs.worksheet import written
from numeric.student import run_calls
from tests.labs.programs.right import RIGHT
from tests.labs.programs.wrong import WRONG

STUDENTS = {"forward-numpy": ("", "1"), "batch-numpy": ("", "2"), "bp2-numpy": ("", "1")}
"""Students of whom each has another activation."""


def test_each_lab_has_many_wrong_variants() -> None:
    assert set(WRONG) == {lab.name for lab in labs() if lab.kind == "numpy"} == set(RIGHT)
    for name, rows in WRONG.items():
        assert len(set(rows)) >= 15, name


def drawn_for(name: str) -> list[Variant]:
    return [variant(load(name), student) for student in STUDENTS.get(name, ("",))]


@pytest.mark.parametrize("name", WRONG)
def test_no_wrong_variant_passes(name: str) -> None:
    for drawn in drawn_for(name):
        right = references(drawn)
        sheets, rows = [], []
        for part, old, new in WRONG[name]:
            assert old in right[part], (part, old)
            alone = replace(drawn, parts=tuple(one for one in drawn.parts if one.name == part))
            sheets.append((alone, written(drawn, right | {part: right[part].replace(old, new)})))
            rows.append((part, old, new))
        judged = zip(rows, judge_together(sheets, run_calls, Page()), strict=True)
        codes = {row: judgement.parts[0].codes for row, judgement in judged}
        assert not [row for row, found in codes.items() if found in ((), ("does-not-load",))]


def right_sheets(name: str) -> list[tuple[Variant, str]]:
    return [
        (drawn, written(drawn, references(drawn) | answers))
        for drawn in drawn_for(name)
        for answers in [{}, *RIGHT[name]]
    ]


def assert_all_pass(sheets: list[tuple[Variant, str]]) -> None:
    for (_, text), judgement in zip(sheets, judge_together(sheets, run_calls, Page()), strict=True):
        assert judgement.passed, (text, [part.reason for part in judgement.parts])


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_style_passes(name: str) -> None:
    assert_all_pass(right_sheets(name))


@pytest.mark.long
@pytest.mark.parametrize("name", RIGHT)
def test_every_right_style_passes_again_and_again(name: str) -> None:
    for _ in range(20):
        assert_all_pass(right_sheets(name))
