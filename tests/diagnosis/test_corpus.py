"""The corpus of published misconceptions: refused, named and mended; right formulas left alone."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from derivations import check

FILE = Path(__file__).parents[1] / "data" / "misconceptions.tsv"


def rows(expected: str) -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8") as file:
        found = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in found if row["expected"] == expected]


@pytest.mark.parametrize("row", rows("wrong"), ids=lambda row: row["id"])
def test_a_misconception_is_named_and_mended(row: dict[str, str]) -> None:
    (verdict,) = check(row["claim"], given=row["given"], layout=row["layout"])
    assert verdict.verdict in ("refuted", "ill-shaped")
    found = {item.code: item.fix for item in verdict.diagnosis}
    fix = found[row["misconception"]]
    assert fix is not None
    assert check(fix, given=row["given"], layout=row["layout"])[0].verdict == "proved"


@pytest.mark.parametrize("row", rows("proved"), ids=lambda row: row["id"])
def test_a_right_formula_is_not_diagnosed(row: dict[str, str]) -> None:
    (verdict,) = check(row["claim"], given=row["given"], layout=row["layout"])
    assert verdict.verdict == "proved"
    assert verdict.diagnosis == ()
