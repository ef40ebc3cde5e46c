"""How fast ``derive`` is: warm in this process, cold in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from derivations.equations.catalogue import FOUR, derive
from derivations.equations.confirming import differentiated

COLD_FACTOR, LAYERS_SECONDS = 1.6, 3.0
SPREAD = 1.1  # of the same measurement on a busy machine


def the_four() -> None:
    for name in FOUR:
        derive(name)


def the_four_with_sympy() -> None:
    for name in FOUR:
        differentiated(derive(name))


def test_symbolic_without_sympy(benchmark: object) -> None:
    benchmark(the_four)  # type: ignore[operator]


def test_symbolic_with_sympy(benchmark: object) -> None:
    benchmark(the_four_with_sympy)  # type: ignore[operator]


def _seconds(*command: str) -> float:
    """The processor time of the fastest of seven runs: what else the machine does takes no part."""
    runs: list[float] = []
    for _ in range(7):
        before = _children()
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
        runs.append(_children() - before)
    return min(runs)


def _children() -> float:
    used = os.times()
    return used.children_user + used.children_system


_DERIVE = "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.long
def test_cold() -> None:
    sympy, own = _seconds("-c", "import sympy"), _seconds("-c", _DERIVE, "derive")
    print(f"import sympy {sympy * 1000:.0f} ms, derive {own * 1000:.0f} ms, ratio {own / sympy:.2f}")
    assert own <= COLD_FACTOR * SPREAD * sympy


@pytest.mark.long
def test_explicit_widths() -> None:
    seconds = _seconds("-c", _DERIVE, "derive", "--layers", "5,5,3,1")
    print(f"derive --layers 5,5,3,1: {seconds:.2f} s")
    assert seconds <= LAYERS_SECONDS
