"""The published formulas and misconceptions of the corpus."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from derivations import reading
from derivations.formula import Claim
from derivations.setting import Context, Setting
from derivations.settling import Settler
from derivations.shapes import Misfit
from derivations.witness import Agrees, Differs, counterexample, trial

FOLDER = Path(__file__).parents[1] / "data"
TABLES = ("external-formulas.tsv", "misconceptions.tsv")
SLIPS = {"MC-125"}
"""Rows listed as true that are false as they stand: the Matrix Cookbook's (125) needs C symmetric."""


def rows() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for name in TABLES:
        with (FOLDER / name).open(encoding="utf-8") as file:
            found.extend(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return found


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_the_corpus(row: dict[str, str]) -> None:
    setting = Setting(layout=row["layout"])
    for piece, _ in reading.split_statements(row["given"]):
        setting = setting.extended(reading.read_statement(piece, setting.vocabulary))
    claim = reading.read_claim(row["claim"], setting.vocabulary)
    assert isinstance(claim, Claim)
    left, right = claim.sides
    context = Context.of(setting, claim.sides)
    try:
        Settler(context).settle_sides(left, right)
    except Misfit:
        assert row["expected"] == "wrong"
        return
    outcome = trial(left, right, context)
    if row["expected"] == "proved" and row["id"] not in SLIPS:
        assert isinstance(outcome, Agrees)
    else:
        assert isinstance(outcome, Differs)
        assert counterexample(left, right, context) is not None
