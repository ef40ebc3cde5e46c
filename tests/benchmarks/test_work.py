"""How long the work of a claim takes, at the worst.  (-m long --benchmark-enable -s)"""

from __future__ import annotations

import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import thread_time

import pytest

from derivations import check
from derivations.checking import SECONDS

from ..mutations import mutated
from ..work.rows import GROWING, table

pytestmark = pytest.mark.long

FORMULAS = [(row.claim, row.given) for row in table()]
GRACE = 0.5
"""Seconds: what is under way when the time is up comes to its end."""


def seconds(claim: str, given: str) -> float:
    """The processor time of an answer."""
    start = thread_time()
    with suppress(ValueError):
        check(claim, given=given)
    return thread_time() - start


def test_mutated_formulas_take_a_quarter_of_their_time() -> None:
    times = sorted(seconds(claim, given) for claim, given in mutated(FORMULAS, 10_000, seed=3))
    typical, late, worst = times[len(times) // 2], times[len(times) * 99 // 100], times[-1]
    print(f"\nmedian {typical * 1000:.1f} ms, 99 % within {late * 1000:.0f} ms, the worst {worst * 1000:.0f} ms")
    assert late <= SECONDS / 4
    assert worst <= SECONDS + GRACE


def test_whatever_grows_stops_in_time() -> None:
    times = {name: seconds(row.claim, row.given) for name, row in GROWING.items()}
    name = max(times, key=times.__getitem__)
    print(f"\nthe longest: {name}, {times[name]:.2f} s")
    assert times[name] <= SECONDS + GRACE


def test_a_wrong_claim_costs_at_most_a_hundred_right_ones() -> None:
    right = [row for row in table() if check(row.claim, given=row.given, layout=row.layout)[0].verdict == "proved"]
    wrong = [row for row in table() if check(row.claim, given=row.given, layout=row.layout)[0].verdict == "refuted"]
    first = sum(seconds(row.claim, row.given) for row in right) / len(right)
    second = sum(seconds(row.claim, row.given) for row in wrong) / len(wrong)
    print(f"\na wrong claim takes {second / first:.0f} times as long as a right one")
    assert second <= 100 * first


@pytest.mark.parametrize("name", GROWING)
def test_the_memory_stays_small(name: str) -> None:
    row = GROWING[name]
    program = (
        f"import resource; from derivations import check; check({row.claim!r}, given={row.given!r});"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    limit = 1 << 30
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert int(done.stdout) < 300


@pytest.mark.parametrize("line", ["{k} x = {k} x", "∂‖x‖²/∂x = {k} x"])
def test_a_sheet_takes_time_in_proportion_to_its_lines(line: str) -> None:
    def sheet(lines: int) -> float:
        return seconds("\n".join(["x : n", *(line.format(k=k + 3) for k in range(lines))]), "")

    short, long = sheet(500), sheet(5_000)
    print(f"\nten times the lines: {long / short:.1f} times the time")
    assert long <= 20 * short
