"""How fast ``derive`` is: warm in this process, cold in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import pytest

from derivations.equations.catalogue import FOUR, derive
from derivations.equations.confirming import differentiated

COLD_FACTOR, LAYERS_SECONDS = 1.6, 3.0
SPREAD = 1.1  # of the same measurement on a busy machine
ON_UNIX = pytest.mark.skipif(sys.platform == "win32", reason="only Unix tells the time that a child took")

if sys.platform != "win32":
    import resource


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


def _seconds(compiled: Path, *commands: Sequence[str]) -> list[float]:
    """The processor time of each command, the median of some runs in turn: a machine is not always equally fast.

    Both are compiled when the clock starts, as what is installed always is.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(compiled)
    runs: list[list[float]] = [[] for _ in commands]
    for turn in range(12):
        for command, seconds in zip(commands, runs, strict=True):
            before = _children()
            subprocess.run([sys.executable, *command], check=True, capture_output=True, env=environment)
            if turn:
                seconds.append(_children() - before)
    return [median(seconds) for seconds in runs]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


_DERIVE = "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.long
@ON_UNIX
def test_cold(tmp_path: Path) -> None:
    sympy, own = _seconds(tmp_path, ["-c", "import sympy"], ["-c", _DERIVE, "derive"])
    print(f"import sympy {sympy * 1000:.0f} ms, derive {own * 1000:.0f} ms, ratio {own / sympy:.2f}")
    assert own <= COLD_FACTOR * SPREAD * sympy


@pytest.mark.long
@ON_UNIX
def test_explicit_widths(tmp_path: Path) -> None:
    (seconds,) = _seconds(tmp_path, ["-c", _DERIVE, "derive", "--layers", "5,5,3,1"])
    print(f"derive --layers 5,5,3,1: {seconds:.2f} s")
    assert seconds <= LAYERS_SECONDS
