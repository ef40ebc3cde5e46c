"""The walls around a student's code: each attack fails behind the hook alone, and behind the kernel alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from numeric.student import Call, Limits, Returned, run_calls
from numeric.student.walls.landlock import uncovered
from tests.grading.attacks import HOOK_ONLY, NATIVE, PYTHON

HARMLESS = "def attack(target):\n    return True\n"
LAYERS = run_calls(HARMLESS, [Call("attack", ({},))]).walls
KERNEL = {"files", "network", "signals", "calls"} <= set(LAYERS)
needs_kernel = pytest.mark.skipif(not KERNEL, reason="this system has no Landlock or no seccomp")
TOGETHER = """
def attack(source, target):
    names = {}
    exec(source, names)
    return names["attack"](target)
"""
ALONE = frozenset(
    [
        "another interpreter",
        "another program",
        "become a program",
        "eat its own audit hook",
        "patch what the fence may use",
        "the other numbers of the same calls",
    ]
)
"""Attacks that may end or change the interpreter that tries them."""


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Path]:
    """A folder with a secret in it; afterwards it is exactly as it was."""
    folder = tmp_path / "outside"
    folder.mkdir()
    secret = folder / "secret"
    secret.write_text("treasure", encoding="utf-8")
    before = secret.stat()
    yield folder
    after = secret.stat()
    assert [path.name for path in folder.iterdir()] == ["secret"]
    assert secret.read_text(encoding="utf-8") == "treasure"
    assert (before.st_mode, before.st_mtime_ns, before.st_size) == (after.st_mode, after.st_mtime_ns, after.st_size)


def got_through(outside: Path, attacks: Mapping[str, str], without: str, *, walled: bool = True) -> list[str]:
    """The attacks that succeed. All that can are tried in one process, the others in one each."""
    target = {
        "secret": str(outside / "secret"),
        "word": "treasure",
        "outside": str(outside),
        "parent": os.getpid(),
        "project": str(Path(__file__).resolve().parents[2]),
    }
    together = [name for name in attacks if name not in ALONE]
    runs = [(TOGETHER, {name: Call("attack", (attacks[name], target)) for name in together})]
    runs += [(attacks[name], {name: Call("attack", (target,))}) for name in attacks if name in ALONE]
    through = []
    for source, calls in runs:
        ran = run_calls(source, list(calls.values()), Limits(seconds=60), without=(without,), walled=walled)
        assert without not in {"python": ran.walls, "kernel": ran.walls[:-1]}.get(without, ())
        if len(calls) > 1:
            assert len(ran.results) == len(calls), ran.stopped
        through += [
            name
            for name, result in zip(calls, ran.results, strict=False)
            if isinstance(result, Returned) and bool(result.value)
        ]
    return through


def test_what_returns_true_gets_through(outside: Path) -> None:
    assert got_through(outside, {"harmless": HARMLESS}, "kernel") == ["harmless"]


def test_the_hook_alone(outside: Path) -> None:
    assert got_through(outside, PYTHON, "kernel") == []


def test_all_layers(outside: Path) -> None:
    assert got_through(outside, PYTHON, "") == []


@needs_kernel
def test_the_kernel_alone(outside: Path) -> None:
    attacks = {name: source for name, source in PYTHON.items() if name not in HOOK_ONLY}
    assert got_through(outside, attacks, "python") == []


@needs_kernel
def test_the_kernel_against_bare_calls(outside: Path) -> None:
    assert got_through(outside, NATIVE, "python") == []


@needs_kernel
def test_the_attacks_are_real(tmp_path: Path) -> None:
    """What the kernel refuses behind the walls, it grants in front of them."""
    (tmp_path / "secret").write_text("treasure", encoding="utf-8")
    names = ("open", "create", "a socket", "a file in memory", "system", "kill the parent", "chmod")
    attacks = {name: NATIVE[name] for name in names}
    assert got_through(tmp_path, attacks, "", walled=False) == list(names)


def test_what_a_calculation_needs_is_there() -> None:
    modules = (
        "math random itertools functools dataclasses typing collections decimal fractions statistics pathlib json time",
        "inspect numpy.linalg numpy.random numpy.fft numpy.polynomial numpy.ma numpy.testing timeit copy operator re",
    )
    names = " ".join(modules).split()
    source = "import numpy.testing\ndef f(name):\n    return __import__(name, fromlist=['x']).__name__\n"
    results = run_calls(source, [Call("f", (name,)) for name in names]).results
    assert results == tuple(Returned(name, True) for name in names)


def test_other_packages_are_not_there() -> None:
    names = ("numeric", "derivations", "chapters", "sympy", "rich", "tests", "pytest")
    results = run_calls("def f(name):\n    __import__(name)\n", [Call("f", (name,)) for name in names]).results
    assert [getattr(result, "error", None) for result in results] == ["ModuleNotFoundError"] * len(names)


def test_its_own_folder_may_be_written() -> None:
    source = "def f():\n    open('mine.txt', 'w').write('kept')\n    return open('mine.txt').read()\n"
    (result,) = run_calls(source, [Call("f")]).results
    assert isinstance(result, Returned)
    assert result.value == "kept"


def test_an_environment_and_an_input_of_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "treasure")
    source = "import os, sys\ndef f():\n    return [dict(os.environ), sys.stdin.read(), sys.argv, os.listdir()]\n"
    (result,) = run_calls(source, [Call("f")]).results
    assert isinstance(result, Returned)
    environment, read, arguments, listed = result.value  # type: ignore[misc, union-attr]
    assert "SECRET_TOKEN" not in environment  # type: ignore[operator]
    assert {"HOME", "PATH", "OPENBLAS_NUM_THREADS"} <= set(environment)  # type: ignore[arg-type]
    assert len(environment) <= 12  # type: ignore[arg-type]
    assert (read, arguments, listed) == ("", ["worksheet.py"], [])


def test_uncovered_leaves_out_what_is_withheld(tmp_path: Path) -> None:
    for name in ("lib/os.py", "lib/json/a.py", "lib/site-packages/chapters/a.toml", "lib/site-packages/numpy/a.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    lib = str(tmp_path / "lib")
    covered = sorted(uncovered(lib, [f"{lib}/site-packages", "/elsewhere"]))
    assert covered == [f"{lib}/json", f"{lib}/os.py"]
    assert list(uncovered(lib, ["/elsewhere"])) == [lib]
    assert list(uncovered(lib, [lib])) == []


def test_the_layers_are_told() -> None:
    assert LAYERS[-1] == "python"
    assert run_calls(HARMLESS, [], walled=False).walls == ()
    if sys.platform == "linux" and KERNEL:
        assert LAYERS == ("files", "network", "signals", "calls", "python")
