"""Students' files: every convention that is accepted, what is said where one is not, and that nothing gets out."""

from __future__ import annotations

import textwrap
import time
from pathlib import Path

import pytest

from numeric.errors import MisuseError
from numeric.report import Report
from numeric.student.examining import check_file

COMMON = """
import numpy as np
sigmoid = lambda z: 1 / (1 + np.exp(-z))
def run(Ws, bs, x, y, hidden=lambda a: a * (1 - a)):
    a, m = [x], x.shape[1]
    for W, b in zip(Ws, bs):
        a.append(sigmoid(W @ a[-1] + b))
    d = (a[-1] - y) * a[-1] * (1 - a[-1]) / m
    dW, db, dz = [], [], []
    for l in range(len(Ws) - 1, -1, -1):
        dW.insert(0, d @ a[l].T); db.insert(0, d.sum(axis=1, keepdims=True)); dz.insert(0, d)
        if l:
            d = (Ws[l].T @ d) * hidden(a[l])
    return dW, db, dz
"""

FORMS = {
    "dict": """
def backprop(params, x, y):
    L = len(params) // 2
    dW, db, dz = run([params[f"W{l}"] for l in range(1, L + 1)], [params[f"b{l}"] for l in range(1, L + 1)], x, y)
    return {f"dW{l}": dW[l - 1] for l in range(1, L + 1)} | {f"db{l}": db[l - 1] for l in range(1, L + 1)}
""",
    "pairs": """
def backprop(params, x, y):
    dW, db, _ = run([W for W, b in params], [b for W, b in params], x, y)
    return list(zip(dW, db))
""",
    "two lists": """
def backprop(params, x, y):
    Ws, bs = params
    dW, db, _ = run(Ws, bs, x, y)
    return {"dW": dW, "db": db}
""",
    "source A": """
def backprop(weights, biases, x, y):
    dW, db, _ = run(weights, biases, x, y)
    return db, dW
""",
    "with delta": """
def backprop(weights, biases, x, y):
    dW, db, dz = run(weights, biases, x, y)
    return dW, db, dz
""",
    "delta of each sample": """
def backprop(weights, biases, x, y):
    dW, db, dz = run(weights, biases, x, y)
    return {"dW": dW, "db": db, "dZ": [x.shape[1] * d for d in dz]}
""",
    "forward and backward": """
def forward(params, x):
    return None, (x, params)
def backward(params, cache, x, y):
    L = len(params) // 2
    dW, db, dz = run([params[f"W{l}"] for l in range(1, L + 1)], [params[f"b{l}"] for l in range(1, L + 1)], x, y)
    return {f"nabla_w{l + 1}": dW[l] for l in range(L)} | {f"nabla_b{l + 1}": db[l] for l in range(L)}
""",
    "rows": """
def backprop(weights, biases, x, y):
    assert x.shape[1] == weights[0].shape[0], "one sample a row"
    dW, db, _ = run([W.T for W in weights], [b.T for b in biases], x.T, y.T)
    return [W.T for W in dW], [b.T for b in db]
""",
    "class of source A": """
class Network(object):
    def __init__(self, sizes):
        self.num_layers = len(sizes)
        self.biases = [np.random.randn(y, 1) for y in sizes[1:]]
        self.weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]
    def backprop(self, x, y):
        dW, db, _ = run(self.weights, self.biases, x, y)
        return (db, dW)
""",
}


def check(folder: Path, text: str, common: str = COMMON, **options: object) -> Report:
    path = folder / "mine.py"
    path.write_text(textwrap.dedent(common) + textwrap.dedent(text), encoding="utf-8")
    return check_file(path, **options)  # type: ignore[arg-type]


def codes(report: Report) -> list[str]:
    return [slip.code for found in report.findings for slip in found.diagnosis]


@pytest.mark.parametrize("form", FORMS)
def test_each_convention_passes(tmp_path: Path, form: str) -> None:
    report = check(tmp_path, FORMS[form])
    assert report.ok, report
    assert ("BP1" in {found.equation for found in report.findings}) == ("delta" in form)
    assert any("a row" in note for note in report.notes) == (form == "rows")
    assert any("1/m" in note for note in report.notes) == (form == "delta of each sample")


@pytest.mark.parametrize("form", ["dict", "rows", "with delta"])
def test_a_slip_is_named_in_each(tmp_path: Path, form: str) -> None:
    report = check(tmp_path, FORMS[form], COMMON.replace("hidden=lambda a: a * (1 - a)", "hidden=lambda a: 1"))
    assert not report.ok
    assert "missing-slope" in codes(report)


def test_accumulated_gradients_and_changed_parameters_are_named(tmp_path: Path) -> None:
    text = """
    kept = None
    def backprop(weights, biases, x, y):
        global kept
        dW, db, _ = run(weights, biases, x, y)
        kept = [a + b for a, b in zip(kept, dW)] if kept else dW
        weights[0] -= 0.1
        return kept, db
    """
    report = check(tmp_path, text)
    assert not report.ok
    assert {"accumulated-gradients", "inputs-overwritten"} <= set(codes(report))


def test_flat_biases_are_named(tmp_path: Path) -> None:
    text = """
    def backprop(weights, biases, x, y):
        dW, db, dz = run(weights, biases, x, y)
        return dW, [b.ravel() for b in db]
    """
    assert "bias-flat" in codes(check(tmp_path, text))


def test_a_forward_pass_of_another_network_is_noticed(tmp_path: Path) -> None:
    right = FORMS["forward and backward"].replace("return None, (x, params)", "return A(params, x), (x, params)")
    helper = """
def A(p, x):
    return sigmoid(p["W3"] @ sigmoid(p["W2"] @ sigmoid(p["W1"] @ x + p["b1"]) + p["b2"]) + p["b3"])
"""
    assert check(tmp_path, helper + right).notes == ()
    wrong = helper.replace("return sigmoid", "return np.tanh")
    assert check(tmp_path, wrong + right).notes[0].startswith("what forward returns first is not a^L")


def test_constants_of_the_file(tmp_path: Path) -> None:
    report = check(tmp_path, "LAYERS = [4, 3]\nBATCH = 7\n" + FORMS["source A"])
    assert report.entries == 3 * 4 + 3


@pytest.mark.parametrize(
    ("text", "sentence", "hint"),
    [
        ("x = 1", "defines none of the functions that can be checked", "def backprop(params, x, y):"),
        ("def f(:\n  pass", "does not read as Python, line 1", "Correct that line"),
        ('LAYERS = "3"\ndef backprop(params, x, y): pass', "says LAYERS = 3; a list of", "LAYERS = [3, 4, 2]"),
        ("def backprop(weights, biases, x, y):\n    return weights[5]", "stopped with IndexError in line 2", "3, 5, 4"),
        ("import nosuchmodule\ndef backprop(params, x, y): pass", "ModuleNotFoundError in line 1", "widths"),
        ("def backprop(params, x, y):\n    return 'wrong'", "TypeError", "widths"),
        ("def backprop(params, x, y):\n    return None", "returned nothing, which is not a set", "def backprop"),
        ("def backprop(params, x, y):\n    return {'dW1': x}", "returned dW1 (3 × 6), which is not", "def backprop"),
        ("import os\ndef backprop(params, x, y):\n    os._exit(3)", "ended its process (exit code 3)", "sys.exit"),
        ("import sys\nsys.exit(4)\ndef backprop(params, x, y): pass", "ended its process (exit code 4)", "sys.exit"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_said(tmp_path: Path, text: str, sentence: str, hint: str) -> None:
    with pytest.raises(MisuseError) as caught:
        check(tmp_path, text, common="")
    assert sentence in str(caught.value)
    assert hint in caught.value.hint


def test_an_endless_loop_is_stopped(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(MisuseError, match="had not finished after 1 second,"):
        check(tmp_path, "def backprop(params, x, y):\n    while True: pass", common="", seconds=1.0)
    assert time.monotonic() - began < 10


def test_a_flood_of_output_is_stopped(tmp_path: Path) -> None:
    text = "def backprop(params, x, y):\n    while True: print('x' * 100000)"
    with pytest.raises(MisuseError, match=r"wrote more than 64 megabytes"):
        check(tmp_path, text, common="")


def test_what_it_prints_is_kept_and_its_folder_is_empty(tmp_path: Path) -> None:
    text = """
    import os
    print("folder", sorted(os.listdir(".")), len(os.environ) < 12)
    open("left behind", "w").close()
    """
    report = check(tmp_path, text + textwrap.dedent(FORMS["source A"]).replace("\n", "\n    "))
    assert report.printed.startswith("folder [] True")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.py"]


def test_a_missing_file() -> None:
    with pytest.raises(MisuseError, match=r"There is no file nowhere\.py"):
        check_file(Path("nowhere.py"))
