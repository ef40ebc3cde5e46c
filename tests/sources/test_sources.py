"""Every formula of the five lecture notes, as printed, gets its true verdict.

``formulas.toml`` holds the formulas. The notes themselves need not be at hand; where they are, each text is looked up.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from derivations import Network, check
from derivations.checking import read
from derivations.formula import Claim, Unreadable

HERE = Path(__file__).parent
NOTES = HERE.parents[2] / "shared" / "sources"
ROWS: list[dict[str, Any]] = tomllib.loads((HERE / "formulas.toml").read_text(encoding="utf-8"))["formula"]
KEYS = {"source", "text", "network", "given", "layout", "expected", "note", "gap", "why"}
CLAIMS = [row for row in ROWS if isinstance(row["expected"], list)]
TERMS = [row for row in ROWS if isinstance(row["expected"], str)]


def name(row: dict[str, Any]) -> str:
    return f"{row['source']} {' '.join(row['text'].split())[:60]}"


def network(row: dict[str, Any]) -> Network | None:
    return Network(**row["network"]) if "network" in row else None


@cache
def note(letter: str) -> str:
    (path,) = NOTES.glob(f"{letter}-*.txt")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("row", ROWS, ids=name)
def test_a_row_says_what_it_needs(row: dict[str, Any]) -> None:
    assert set(row) <= KEYS
    assert "network" in row or "given" in row
    wrong = row["expected"] if isinstance(row["expected"], list) else []
    assert "why" in row or set(wrong) <= {"proved"}, "say why it is wrong"


@pytest.mark.skipif(not NOTES.is_dir(), reason="the lecture notes are not here")
@pytest.mark.parametrize("row", ROWS, ids=name)
def test_the_text_is_printed_in_its_source(row: dict[str, Any]) -> None:
    assert row["text"] in note(row["source"])


@pytest.mark.parametrize("row", CLAIMS, ids=name)
def test_a_printed_equation_gets_its_verdict(row: dict[str, Any]) -> None:
    verdicts = check(
        row["text"], network(row), given=row.get("given", ""), layout=row.get("layout", "denominator")
    )  # fmt: skip
    found = [verdict.verdict for verdict in verdicts]
    if "gap" in row:
        assert found == row["gap"], "the gap has changed: if it is closed, take the key away"
        return
    assert found == row["expected"]
    if "note" in row:
        assert any(row["note"] in told for verdict in verdicts for told in verdict.notes)


@pytest.mark.parametrize("row", TERMS, ids=name)
def test_a_printed_term_reads_as_a_formula(row: dict[str, Any]) -> None:
    try:
        kind = (
            "a claim" if isinstance(read(row["text"], network(row), given=row.get("given", "")), Claim) else "a formula"
        )
    except Unreadable:
        kind = "no formula"
    assert kind == row["expected"]
