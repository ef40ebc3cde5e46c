"""``backproof gradcheck`` and ``backproof train``, through a small parser of their own."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from chapters import gradcheck_command, train_command
from numeric.errors import MisuseError

COMMANDS = {"gradcheck": gradcheck_command, "train": train_command}


def run(name: str, *words: str) -> int:
    parser = argparse.ArgumentParser()
    COMMANDS[name].add_arguments(parser)
    for option in ("--json", "--plain", "--debug"):
        parser.add_argument(option, action="store_true")
    parser.add_argument("--width", type=int)
    return COMMANDS[name].run(parser.parse_args(words))


def test_gradcheck_at_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("gradcheck", "--layers", "5,4,3", "--batch", "6", "--width", "80") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "5-4-3, sigmoid, mse, batch of 6, central differences"
    assert [line[:6] for line in out[1:-1]] == ["✓ BP1 ", "✓ BP3 ", "✓ BP4 ", "✓ BP2 ", "✓ BP3 ", "✓ BP4 "]
    assert "δ¹ = (W²)ᵀ δ² ⊙ σ′(z¹)" in out[4]
    assert out[-1].startswith("✓ All 81 entries agree; largest error")
    assert max(map(len, out)) <= 80


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_line_is_wider_than_asked(capsys: pytest.CaptureFixture[str], tmp_path: Path, width: int) -> None:
    path = tmp_path / "mine.py"
    path.write_text("def backprop(weights, biases, x, y):\n    return weights, [b.ravel() for b in biases]\n")
    assert run("gradcheck", str(path), "--width", str(width)) == 1
    assert max(map(len, capsys.readouterr().out.splitlines())) <= width


def test_plain_has_no_marks_or_superscripts(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("gradcheck", "--layers", "5,4,3", "--plain") == 0
    out = capsys.readouterr().out
    assert not set(out) & set("✓✗¹²³─│")
    assert "ok  BP2  δ^1 = (W^2)ᵀ δ^2 ⊙ σ′(z^1)" in out


def test_gradcheck_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("gradcheck", "--layers", "5,4,3", "--json", "--method", "dual", "--loss", "softmax-ce") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["ok"], said["method"], len(said["equations"])) == (True, "dual", 6)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gradcheck", "--layers", "5"], "backproof gradcheck: --layers 5 does not read as widths."),
        (["gradcheck", "--method", "x"], "backproof gradcheck: There is no method called 'x'."),
        (["gradcheck", "--batch", "0"], "backproof gradcheck: --batch is 0; a whole number of at least 1"),
        (["gradcheck", "nowhere.py"], "backproof gradcheck: There is no file nowhere.py."),
        (["train", "--data", "nowhere.npz"], "backproof train: There is no file nowhere.npz."),
        (["train", "--loss", "bce", "--output", "tanh"], "backproof train: The loss bce is about a sigmoid output"),
        (["train", "--layers", "2,3"], "backproof train: the training data holds the label 3;"),
        (["train", "--epochs", "1", "--checkpoint", "/nowhere/x.npz"], "The checkpoint could not be written to"),
    ],
)
def test_what_cannot_be_done_is_said(capsys: pytest.CaptureFixture[str], words: list[str], sentence: str) -> None:
    assert run(*words) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.splitlines()) >= 2  # the sentence and a hint
    assert "Traceback" not in error


def test_debug_shows_the_traceback() -> None:
    with pytest.raises(MisuseError):
        run("gradcheck", "--layers", "5", "--debug")


def test_training_the_quadrants(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("train", "--epochs", "15") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("2-50-4, relu and softmax, softmax-ce; 4 samples to learn from")
    assert sum(line.startswith("epoch") for line in out) == 15
    assert out[-1] == "the point (2, 2) lies in quadrant I"


def test_training_is_resumed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    state = str(tmp_path / "state.npz")
    assert run("train", "--epochs", "2", "--checkpoint", state) == 0
    capsys.readouterr()
    assert run("train", "--epochs", "4", "--checkpoint", state, "--resume", "--json") == 0
    resumed = json.loads(capsys.readouterr().out)
    assert run("train", "--epochs", "4", "--json") == 0
    straight = json.loads(capsys.readouterr().out)
    assert [epoch["cost"] for epoch in resumed["epochs"]] == [epoch["cost"] for epoch in straight["epochs"]]


def test_ctrl_c_leaves_cleanly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("numeric.training.learning.accuracy", interrupt)
    assert run("train") == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_nothing_heavy_is_imported_before_run() -> None:
    code = "import sys, chapters.gradcheck_command, chapters.train_command; print('numpy' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "False"


def test_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "errors.png"
    code = run("gradcheck", "--layers", "5,4,3", "--plot", str(path))
    if code == 2:
        assert 'pip install "backproof[export]"' in capsys.readouterr().err
    else:
        assert path.read_bytes()[:4] == b"\x89PNG"


def test_errors_by_step_fall_and_rise_again() -> None:
    """Too long a step bends, too short a one rounds: the best central step is between 1e-7 and 1e-3."""
    from numeric.plotting import STEPS, errors_by_step
    from numeric.problem import Problem
    from tests.numeric.random_networks import case

    errors = errors_by_step(Problem(*case(0)))["central"]
    assert 1e-7 < STEPS[int(np.argmin(errors))] < 1e-3
    assert errors[0] > 100 * min(errors) < errors[-1]
