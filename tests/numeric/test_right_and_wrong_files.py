"""Students' files that are right, in every way of writing them, and files that are wrong: each judged as it should be.

The files share no code with the product but NumPy. Those that need a moment each, and differ little, are ``long``.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from numeric.report import Report
from numeric.student.examining import check_file
from tests.numeric.student_files import columns, rows

F32, F16 = "{}.astype(np.float32)", "{}.astype(np.float16)"
PER = "/ np.float32(m)"
DW, DB = "**{f'dW{k + 1}': w for k, w in enumerate(dW)}", "**{f'db{k + 1}': w for k, w in enumerate(db)}"
DW0, DB0 = DW.replace(" + 1", ""), DB.replace(" + 1", "")
ZEROS = "[np.zeros(w.shape, 'f4') for w in dW], [np.zeros(v.shape, 'f4') for v in db]"
STRIDED = "[np.asfortranarray(w) for w in dW], [np.repeat(v, 2, 1)[:, ::2] for v in db]"
LEAK = "np.where(z > 0, 1, 0.02).astype(z.dtype)"
KEPT = "(kept.append(1), [len(kept) * w for w in dW])[1], db"
ROWS32 = "Ws, bs, x, y = [W.astype('f4') for W in Ws], [b.astype('f4') for b in bs], x.astype('f4'), y.astype('f4')"
SINGLE = "your arrays are in single precision (float32): held to 4 digits"
WIDENED = "but their numbers were in single precision (float32) on the way: held to 4 digits"
BY_ROWS = "read with one sample a row; everything is shown with one sample a column"

RIGHT: dict[str, tuple[str, str]] = {
    # precision
    "float32 throughout": (columns(cast=F32, mean=PER, answer="dW, db, dz"), SINGLE),
    "float32, each sample's own δ": (
        columns(cast=F32, mean="", dW="d @ A[l].T / np.float32(m)", db="d.sum(axis=1, keepdims=True) / np.float32(m)",
                answer="dW, db, dz"), "δ^l is read as each sample's own"),
    "float32, deep": (columns("tanh", "tanh", "mse", (3, 4, 5, 6, 5, 4, 3, 2), cast=F32, mean=PER), SINGLE),
    "float32, relu": (columns("relu", "softmax", "softmax-ce", (6, 30, 20, 3), cast=F32, mean=PER, batch=40), SINGLE),
    "float32, large batch": (
        columns("tanh", "identity", "mse", (3, 5, 2), cast=F32, mean=PER, batch=300,
                dW="sum(np.outer(d[:, i], A[l][:, i]) for i in range(m))"), SINGLE),
    "float32 data, float64 parameters": (columns(before="x = x.astype(np.float32)"), ""),
    "float32 activations only": (columns(keep=F32), WIDENED),
    "float32 δ only": (columns(back="(Ws[l].T @ d).astype(np.float32)"), WIDENED),
    "float32 dW only": (columns(dW="(d @ A[l].T).astype(np.float32)"), SINGLE),
    "float32, widened at the end": (
        columns(cast=F32, mean=PER, answer="[w.astype(float) for w in dW], [v.tolist() for v in db]"), WIDENED),
    "float16": (columns(cast=F16, mean="/ np.float16(m)", answer="dW, db, dz"), "half precision (float16)"),
    "longdouble": (columns(cast="{}.astype(np.longdouble)"), ""),
    # δ of some layers
    "δ of some layers, by name": (
        columns(answer=f"{{{DW}, {DB}, 'dZ3': dz[2], 'dZ2': dz[1]}}"),
        "δ was returned for layers 2 and 3 only: that of layer 1 is missing, and was not checked"),
    "δ of the last layers, in a list": (
        columns(answer="dW, db, dz[1:]"), "that of layer 1 is missing"),
    "δ of the first layers, in a list": (columns(answer="dW, db, dz[:-1]"), "that of layer 3 is missing"),
    "δ with gaps": (
        columns(answer="dW, db, [None, dz[1], None]"),
        "δ was returned for layer 2 only: that of layers 1 and 3 is missing"),
    "δ of equal layers, some": (
        columns(layers=(4, 4, 4, 4), answer="dW, db, dz[1:]"),
        "2 arrays of δ came back for 3 layers, in a list that does not show which is which"),
    "δ and the gradient by x": (columns(answer="dW, db, [Ws[0].T @ dz[0]] + dz"), ""),
    # rows, and the shapes of biases
    "rows, biases (n,)": (rows(), BY_ROWS),
    "rows, biases (1, n)": (rows(db="d.sum(axis=0, keepdims=True)"), BY_ROWS),
    "rows, handed biases (n,)": (rows(before="assert bs[0].ndim == 1"), "read with biases of shape (n,)"),
    "rows, not declared": (rows(head=""), BY_ROWS),
    "rows, W as out × in": (rows(W="W.T", dW="d.T @ A[l]", back="Ws[l]"), "read with W^l as n_l × n_(l−1)"),
    "rows, float32": (rows(before=ROWS32, mean=PER), SINGLE),
    "rows, one sample": (rows(batch=1), BY_ROWS),
    "rows, equal widths": (rows((4, 4, 4, 4), answer="dW, db, dz"), BY_ROWS),
    "columns, biases (n,)": (columns(z="W @ A[-1] + b[:, None]", db="d.sum(axis=1)"), "biases of shape (n,)"),
    "columns, W as in × out": (columns(z="W.T @ A[-1] + b", dW="A[l] @ d.T", back="Ws[l] @ d"), "W^l as n_(l−1) × n_l"),
    # small networks
    "one neuron in each layer": (columns(layers=(1, 1, 1), answer="dW, db, dz"), ""),
    "one neuron, db a number": (columns(layers=(3, 1), db="d.sum()"), ""),
    "one layer, arrays alone": (columns(layers=(3, 2), answer="dW[0], db[0]"), ""),
    "one layer, names without numbers": (
        columns(layers=(3, 2), answer="{'dw': dW[0], 'db': db[0], 'cost': 0.1}"),
        "also returned, and not checked: cost"),
    "one sample": (columns(batch=1, answer="dW, db, dz"), ""),
    # containers
    "lists of numbers": (columns(answer="[w.tolist() for w in dW], [v.tolist() for v in db]"), ""),
    "lists of rows": (columns(answer=f"{{{DW.replace(': w', ': list(w)')}, {DB}}}"), ""),
    "not contiguous": (columns(answer=STRIDED), ""),
    "arrays of objects": (columns(answer="np.array([None] + dW, dtype=object)[1:], (v for v in db)"), ""),
    "a dict for each layer": (columns(answer="{f'layer{k+1}': {'dW': dW[k], 'db': db[k]} for k in range(L)}"), ""),
    "names from 0": (
        columns(answer=f"{{{DW0}, {DB0}, 'dZ2': dz[2]}}"),
        "δ was returned for layer 3 only"),
    "with the cost": (columns(answer="0.5, dW, db"), ""),
    "stacked": (columns(layers=(4, 4, 4, 4), answer="np.stack(dW), np.stack(db)"), ""),
    # formulas
    "bce by its quotient": (columns("tanh", "sigmoid", "bce", delta="(-(y / a) + (1 - y) / (1 - a)) * S"), ""),
    "softmax by its Jacobian": (
        columns("tanh", "softmax", "softmax-ce", delta="np.stack([(np.diag(a[:, i]) - np.outer(a[:, i], a[:, i])) "
                "@ (-y[:, i] / a[:, i]) for i in range(m)], axis=1)"), ""),
    "whole numbers for y": (columns("tanh", "sigmoid", "bce", before="y = y.astype(int)"), ""),
}  # fmt: skip
"""Name → the file, and a part of what the report says of how it was read ('' for nothing)."""

ROUND = "[w.round(6) for w in dW], [v.round(6) for v in db]"
WRONG: dict[str, tuple[str, str]] = {
    "no σ′": (columns(slope="1"), "missing-slope"),
    "no 1/m": (columns(mean=""), "missing-mean"),
    "1/m twice": (columns(mean="/ m / m"), "mean-twice"),
    "a factor 1.00001": (columns(delta="1.00001 * (a - y) * S"), ""),
    "rounded to 6 digits": (columns(answer=ROUND), ""),
    "float32, no σ′": (columns(slope="1", cast=F32, mean=PER), "missing-slope"),
    "float32, the sign": (columns(delta="(y - a) * S", cast=F32, mean=PER), "sign-output"),
    "float32, a factor 1.001": (columns(delta="np.float32(1.001) * (a - y) * S", cast=F32, mean=PER), ""),
    "float32 on the way, no 1/m in db": (columns(keep=F32, db="m * d.sum(axis=1, keepdims=True)"), "bias-missing-mean"),
    "float16, db a mean": (columns(db="d.mean(axis=1, keepdims=True)", cast=F16, mean="/ np.float16(m)"), "bias-mean"),
    "float32, all 0": (columns(answer=ZEROS), ""),
    "one δ of some": (columns(answer="dW, db, [None, 2 * dz[1], dz[2]]"), ""),
    "the only δ": (columns(answer="dW, db, [2 * dz[2]]"), "factor-two"),
    "the only δ, by name": (columns(answer=f"{{{DW}, {DB}, 'dZ2': -dz[1]}}"), ""),
    "no σ′, δ of some": (columns(slope="1", answer="dW, db, dz[1:]"), "missing-slope"),
    "δ transposed": (columns(answer="dW, db, [None, dz[1].T, None]"), "shape"),
    "columns, db (n,)": (columns(db="d.sum(axis=1)"), "bias-flat"),
    "columns, db (1, n)": (columns(db="d.sum(axis=1)[None]"), "shape"),
    "rows, db (n, 1)": (rows(db="d.sum(axis=0)[:, None]"), "shape"),
    "rows, db a number": (rows(db="d.sum()"), "shape"),
    "rows, db along the wrong axis": (rows(db="d.sum(axis=1)"), "bias-wrong-axis"),
    "rows, db a mean": (rows(db="d.mean(axis=0)"), "bias-mean"),
    "rows, dW transposed": (rows(dW="d.T @ A[l]"), "outer-transposed"),
    "rows, no σ′": (rows(slope="1"), "missing-slope"),
    "biases (n,), db a mean": (columns(z="W @ A[-1] + b[:, None]", db="d.mean(axis=1)"), "bias-mean"),
    "biases (n,), db (n, 1)": (columns(z="W @ A[-1] + b[:, None]"), "shape"),
    "one neuron, the sign": (columns(layers=(3, 1), db="-d.sum()"), "bias-sign"),
    "equal widths, W not transposed": (columns(layers=(4, 4, 4, 4), back="Ws[l] @ d"), "untransposed-weights"),
    "whole numbers": (columns(answer="[w.astype(int) for w in dW], [v.astype(int) for v in db]"), ""),
    "NaN": (columns(answer="[w * np.nan for w in dW], db"), ""),
    "relu′ off its kink": (columns("relu", "identity", "mse", slope="(z > -0.1).astype(float)"), ""),
    "leak of another size, float32": (
        columns("leaky_relu", "identity", "mse", slope=LEAK, cast=F32, mean=PER), ""),
    "σ′ clipped": (columns(slope="(lambda a: a * (1 - a))(1 / (1 + np.exp(-np.clip(z, -1, 1))))"), ""),
    "wrong in the first layer of seven": (
        columns("tanh", "tanh", "mse", (3, 4, 5, 6, 5, 4, 3, 2), slope="(1 - a * a) if l > 1 else 1"), "missing-slope"),
    "softmax and a slope": (
        columns("tanh", "softmax", "softmax-ce", delta="(a - y) * a * (1 - a)"), "extra-slope-output"),
    "the data changed": (columns(before="x *= 1.5"), "inputs-overwritten"),
    "a sum that is kept": (
        columns(head="kept = []", answer=KEPT), "accumulated-gradients"),
}  # fmt: skip
"""Name → the file, and the code of a slip that is named (``shape``: a wrong shape is; '' for no known slip)."""


def check(folder: Path, text: str) -> Report:
    (folder / "mine.py").write_text(text, encoding="utf-8")
    return check_file(folder / "mine.py")


@pytest.mark.parametrize("name", RIGHT)
def test_right_files_pass(tmp_path: Path, name: str) -> None:
    text, note = RIGHT[name]
    report = check(tmp_path, text)
    assert report.ok, [found for found in report.findings if not found.ok]
    assert note in "; ".join(report.notes)
    assert bool(note) or not report.notes


@pytest.mark.parametrize("name", WRONG)
def test_wrong_files_do_not(tmp_path: Path, name: str) -> None:
    text, code = WRONG[name]
    report = check(tmp_path, text)
    assert not report.ok
    codes = {slip.code for found in report.findings for slip in found.diagnosis}
    if code == "shape":
        assert any(found.misshaped for found in report.findings)
    elif code:
        assert code in codes
    else:
        assert not codes


def test_shapes_are_spoken_of_as_the_reader_holds_them(tmp_path: Path) -> None:
    report = check(tmp_path, rows(db="d.sum(axis=0)[:, None]", dW="d.T @ A[l]"))
    said = {(found.equation, found.layer): found.misshaped for found in report.findings}
    assert said["BP3", 3] == "its shape is 2 × 1, and not 1 × 2"
    assert said["BP4", 3] == "its shape is 2 × 4, and not 4 × 2"
    report = check(tmp_path, columns(z="W @ A[-1] + b[:, None]"))
    assert report.findings[0].misshaped == "its shape is 2 × 1, and not (2,)"


def test_the_report_is_about_the_point_that_the_file_saw(tmp_path: Path) -> None:
    """So is the picture, which is drawn from the report."""
    sums = "print(repr(float(sum(W.sum() for W in Ws) + sum(b.sum() for b in bs) + x.sum() + y.sum())))"
    report = check(tmp_path, columns("tanh", "softmax", "softmax-ce", (5, 4, 3), before=sums, batch=7))
    point = report.point
    assert (point.network.widths, point.batch, point.network.cost) == ((5, 4, 3), 7, "softmax-ce")
    arrays = (*point.at.weights, *point.at.biases, point.x, point.y)
    assert float(report.printed.split()[0]) == pytest.approx(sum(float(array.sum()) for array in arrays), rel=1e-12)


HIDDEN = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "identity", "step")
OUTPUT = (
    ("sigmoid", "mse"), ("identity", "mse"), ("tanh", "mse"), ("relu", "mse"), ("softmax", "mse"), ("sigmoid", "bce"),
    ("softmax", "softmax-ce"),
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("single", [False, True])
@pytest.mark.parametrize(("hidden", "output"), list(itertools.product(HIDDEN, OUTPUT)))
def test_every_activation_with_every_loss(tmp_path: Path, hidden: str, output: tuple[str, str], single: bool) -> None:
    text = columns(hidden, *output, cast=F32 if single else "", mean=PER if single else "/ m")
    assert check(tmp_path, text).ok
