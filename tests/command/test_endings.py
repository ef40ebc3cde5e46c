"""How a command ends: its answers cannot be written, it has a fault of its own, it was asked badly."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from chapters import command
from chapters.command import INTERNAL_ERROR, USAGE_ERROR, main

RIGHT = "∂J/∂b^l = δ^l"
BACKPROOF = [sys.executable, "-c", "import sys; from chapters.command import main; sys.exit(main())"]
FULL = Path("/dev/full")
COMMANDS = [["check", RIGHT], ["check", "--json", RIGHT], ["derive", "BP3"], ["lab", "list"], ["check", "--help"]]
NESTINGS = [("(", ")"), ("x^{", "}"), (r"\frac{1}{", "}"), (r"\left(", r"\right)"), ("-", "")]

needs_full = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


def environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if name != "PYTHONUNBUFFERED"}


@needs_full
@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_an_output_that_is_full_is_one_sentence(arguments: list[str]) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(
            [*BACKPROOF, *arguments], stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    told = done.stderr.decode()
    assert done.returncode == USAGE_ERROR
    assert len(told.splitlines()) == 1
    assert "could not be written" in told


@needs_full
def test_an_error_stream_that_is_full_changes_no_exit_code() -> None:
    with FULL.open("w") as full:
        done = subprocess.run([*BACKPROOF, "nonsense"], stderr=full, env=environment(), check=False)
    assert done.returncode == USAGE_ERROR


@pytest.mark.parametrize(("claim", "code"), [(RIGHT, 0), ("δ^l = 2 δ^l", 1), ("δ^l =", 2)])
def test_closed_streams_leave_the_exit_code(claim: str, code: int) -> None:
    script = f"exec \"$@\" check '{claim}' <&- >&- 2>&-"
    done = subprocess.run(["sh", "-c", script, "sh", *BACKPROOF], env=environment(), check=False)
    assert done.returncode == code


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    script = '"$@" derive | head -1'
    done = subprocess.run(["sh", "-c", script, "sh", *BACKPROOF], capture_output=True, env=environment(), check=False)
    assert done.stdout.decode().startswith("BP1")
    assert not done.stderr


# ---- faults of ours ----


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command with a fault."""

    def run(_: argparse.Namespace) -> int:
        raise ZeroDivisionError("deep inside")

    module = types.ModuleType("chapters.broken_command")
    vars(module).update(run=run, add_arguments=lambda parser: parser.add_argument("words", nargs="*"))
    monkeypatch.setitem(sys.modules, "chapters.broken_command", module)
    monkeypatch.setitem(command.COMMANDS, "broken", "raises")


@pytest.mark.usefixtures("broken")
def test_a_fault_of_ours_is_told_as_ours_with_the_input_to_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broken", "a = b", "x\x1b[2J"]) == INTERNAL_ERROR
    out, told = capsys.readouterr()
    assert out == ""
    assert "fault of the program" in told
    assert "backproof broken 'a = b'" in told
    assert "\x1b" not in told
    assert "Traceback" not in told


@pytest.mark.usefixtures("broken")
def test_debug_shows_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["broken", "--debug"]) == INTERNAL_ERROR
    assert "deep inside" in capsys.readouterr().err


def test_the_exit_code_of_a_fault_is_its_own() -> None:
    assert INTERNAL_ERROR == 4
    assert INTERNAL_ERROR not in {0, 1, USAGE_ERROR, 3}


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon", "1e9"])
def test_seconds_are_a_number_of_them(seconds: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", f"--seconds={seconds}", RIGHT]) == USAGE_ERROR
    assert "seconds" in capsys.readouterr().err


@pytest.mark.parametrize("count", [100, 449, 450, 475, 500, 5000])
@pytest.mark.parametrize(("opening", "closing"), NESTINGS)
def test_deep_nesting_is_answered(opening: str, closing: str, count: int, capsys: pytest.CaptureFixture[str]) -> None:
    text = opening * count + "x" + closing * count + " = x"
    assert main(["check", "--given", "x : scalar", "--", text]) in (0, 1, 2, 3)
    assert capsys.readouterr().out
