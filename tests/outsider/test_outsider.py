"""No wrong verdict, no false correction, no internal error, on claims whose truth is known beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from tests.outsider.families import FAMILIES, claims
from tests.outsider.judging import Claim, Report

SHORT, LONG = 300, 2_000


def judged(seed: int, count: int) -> Report:
    report = Report()
    for k, claim in enumerate(claims(seed, count)):
        report.judge(claim, twice=k % 50 == 0)
    return report


def holds(report: Report) -> None:
    """Nothing is wrong, and most of it is decided."""
    assert not report.wrong, "\n".join(f"{why}\n    {claim}" for why, claim in report.wrong)
    told: Counter[tuple[str, str]] = Counter()
    for (_, truth, verdict), times in report.verdicts.items():
        told[truth, verdict] += times
    assert told["true", "proved"] > 0.93 * sum(times for (truth, _), times in told.items() if truth == "true")
    assert told["false", "refuted"] > 0.93 * sum(times for (truth, _), times in told.items() if truth == "false")


def test_a_short_run() -> None:
    report = judged(0, SHORT)
    holds(report)
    undecided = [key for key in report.verdicts if key[1:] == ("true", "undecided")]
    assert not undecided  # an error of one of the two witnesses shows itself so


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 51))
def test_a_long_run(seed: int) -> None:
    holds(judged(seed, LONG))


@pytest.mark.parametrize("family", FAMILIES, ids=[family.__name__ for family in FAMILIES])
def test_a_seed_draws_the_same_claims_again(family: Callable[[Random], Claim]) -> None:
    first, again = ([str(claim) for claim in claims(3, 5, [family])] for _ in range(2))
    assert first == again
    assert len(set(first)) > 1
