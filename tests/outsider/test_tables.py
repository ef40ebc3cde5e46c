"""Other people's formulas with their truth: no right one is refuted or does not fit, no wrong one is proved.

``peers.tsv``: items of SymPy's tests, of the Matrix Cookbook, of Wikipedia's tables and of lecture notes, as they are
printed and respelled, with wrong variants. ``questions.tsv``: what people asked in public. In both, what cannot be read
or decided is no fault. ``verdicts.tsv``: calls that were once answered wrongly.
"""

from __future__ import annotations

import ast
import csv
import json
from pathlib import Path
from typing import Any

import pytest

from derivations import Network, check

DATA = Path(__file__).parents[1] / "data"

DISPUTED = {
    "pd12": "∂J/∂x is a column in it and ∂z/∂x is m × n: two layouts in one formula, so that it fits in neither",
}
"""Rows whose truth is not what the table says, with the reason."""


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as table:
        return [row for row in csv.DictReader(table, delimiter="\t") if row["id"] not in DISPUTED]


def answers(row: dict[str, str]) -> list[Any]:
    """What is said of a row's claim; nothing where its declarations cannot be read."""
    typed = json.loads(row["options"])
    options = {flag.removeprefix("--"): value for flag, value in zip(typed[::2], typed[1::2], strict=True)}
    layout = options.pop("layout", "denominator")
    network = Network(**options) if options else None
    try:
        return check(row["claim"], network, given=row["given"], layout=layout)
    except ValueError:
        return []


def the_wrong_way_round(row: dict[str, str]) -> str:
    """What is wrong with the answer to a row; a wrong chain has one wrong link at least."""
    found = answers(row)
    said = {answer.verdict for answer in found}
    if row["truth"] == "wrong":
        return "proved" if said == {"proved"} else ""
    corrections = [item.fix for answer in found for item in answer.diagnosis if item.fix]
    return ", ".join(sorted(said & {"refuted", "ill-shaped"}) + corrections)


PEERS = rows("peers.tsv")


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(rows("questions.tsv"), id="questions"),
        pytest.param(PEERS[::7], id="every seventh peer"),
        pytest.param(PEERS, id="peers", marks=pytest.mark.long),
    ],
)
def test_no_row_is_answered_the_wrong_way_round(table: list[dict[str, str]]) -> None:
    bad = {row["claim"]: problem for row in table if (problem := the_wrong_way_round(row))}
    assert not bad


# ---- calls that were once answered wrongly ----

CALLS = rows("verdicts.tsv")


def called(text: str) -> list[Any]:
    """The answers to a call that is written out: ``check("…", Network(loss="mse"), given="…")``."""
    (call,) = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and _name(node) == "check"]
    networks = [
        Network(**{option.arg or "": ast.literal_eval(option.value) for option in arg.keywords})
        for arg in call.args[1:]
        if isinstance(arg, ast.Call) and _name(arg) == "Network"
    ]
    given = {option.arg or "": ast.literal_eval(option.value) for option in call.keywords}
    return check(ast.literal_eval(call.args[0]), *networks, **given)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def with_a_hypothesis(answer: Any, *words: str) -> bool:
    """Whether an answer is no proof, or one under a hypothesis that says one of these words."""
    return answer.verdict != "proved" or any(word in text for text in answer.assumptions for word in words)


@pytest.mark.parametrize("row", CALLS, ids=[row["claim"][:90] for row in CALLS])
def test_a_call_is_answered_as_its_truth_says(row: dict[str, str]) -> None:
    truth = row["truth"]
    if truth == "clear error":
        with pytest.raises((TypeError, ValueError), match="given"):
            check("W = W", "W : m x n")  # type: ignore[arg-type]
        return
    (answer,) = called(row["claim"])
    match truth.split(" ")[0], truth:
        case "true", _:
            assert answer.verdict == "proved"
        case "x", _:
            assert answer.verdict == "unreadable"
        case _, "false at l+k = L" | "false in a network of that depth":
            assert with_a_hypothesis(answer, "not the last layer")
            assert answer.verdict in ("proved", "refuted")
        case "0/0", _ if " at " in truth:
            assert with_a_hypothesis(answer, "0")
        case _:
            assert truth.startswith(("false", "0/0, or 0"))
            assert answer.verdict != "proved"
