"""Published formulas and misconceptions: at least 95 % right, none the wrong way round."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from derivations import check

FOLDER = Path(__file__).parents[1] / "data"
TABLES = ("external-formulas.tsv", "misconceptions.tsv")
LEAST = 0.95

KNOWN = {
    "MC-125": "false as listed: the Matrix Cookbook says next to its (125) that C is symmetric, and the row does not"
}
"""Rows whose listed verdict is wrong, with the reason."""

GAPS: dict[str, str] = {}
"""Rows that are not decided yet, with the reason that the answer gives."""

Row = dict[str, str]


def rows() -> list[Row]:
    found: list[Row] = []
    for name in TABLES:
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            found.extend(csv.DictReader(file, delimiter="\t"))
    return found


def expected(row: Row) -> bool:
    return row["expected"] == "proved" and row["id"] not in KNOWN


def answer(row: Row) -> str:
    verdicts = check(row["claim"], given=row["given"], layout=row["layout"] or "denominator")
    assert len(verdicts) == 1
    return verdicts[0].verdict


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_a_row_is_never_answered_the_wrong_way_round(row: Row) -> None:
    verdict = answer(row)
    wrong = ("refuted", "ill-shaped", "unreadable") if expected(row) else ("proved", "unreadable")
    assert verdict not in wrong
    assert (verdict == "undecided") == (row["id"] in GAPS)


def test_nearly_all_rows_are_answered_right() -> None:
    table = rows()
    right = sum(
        (answer(row) == "proved") if expected(row) else (answer(row) in ("refuted", "ill-shaped")) for row in table
    )
    assert right >= LEAST * len(table)


def test_the_listed_slip_is_right_once_its_hypothesis_is_added() -> None:
    (row,) = (row for row in rows() if row["id"] == "MC-125")
    assert answer(row) == "refuted"
    assert answer({**row, "given": f"{row['given']}; assume C symmetric"}) == "proved"
