"""Claims to count work on: the tables of published formulas and slips, and inputs that grow without bounds."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

from derivations.checking import extended
from derivations.formula import Unreadable
from derivations.setting import Setting

DATA = Path(__file__).parents[1] / "data"


class Row(NamedTuple):
    claim: str
    given: str = ""
    layout: str = "denominator"


def table() -> list[Row]:
    """The rows of all tables that have a claim with declarations."""
    found: list[Row] = []
    for path in sorted(DATA.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if row.get("claim") and row.get("given") and _can_be_read(row["given"]):
                    found.append(Row(row["claim"], row["given"], row.get("layout") or "denominator"))
    return found


def _can_be_read(sheet: str) -> bool:
    try:
        extended(Setting(), sheet)
    except Unreadable:
        return False
    return True


# ---- what grows ----


def _nested(function: str, depth: int, inside: str) -> str:
    return f"{function}(" * depth + inside + ")" * depth


def _chain(line: str, count: int) -> str:
    """Definitions a0, a1 …, each by the one before."""
    return "; ".join(line.format(new=f"a{k}", old=f"a{k - 1}") for k in range(1, count + 1))


def _layers(count: int, width: int) -> str:
    """A network written out, with one fixed width."""
    lines = [f"x : {width}; y : {width}; f : elementwise; a0 := x"]
    for k in range(1, count + 1):
        lines += [f"W{k} : {width} x {width}; b{k} : {width}; z{k} := W{k} a{k - 1} + b{k}; a{k} := f(z{k})"]
    lines += [f"J := 1/2 ‖a{count} - y‖²; d{count} := (a{count} - y) ⊙ f'(z{count})"]
    lines += [f"d{k} := W{k + 1}ᵀ d{k + 1} ⊙ f'(z{k})" for k in range(count - 1, 0, -1)]
    return "; ".join(lines)


SQUARE, COLUMNS, NUMBERS = "A : n x n; B : n x n", "x : n; y : n; σ : elementwise", "x : scalar; y : scalar"
LETTERS = "ijkpqrstuvab"

GROWING: dict[str, Row] = {
    "relu′ in a network of unknown σ": Row("δ^l = (W^{l+1})^T δ^{l+1} ⊙ relu'(z^l)"),
    "a large unit matrix": Row("eye(100000000) = 0"),
    "a unit matrix of thousands": Row("eye(3000) = 0"),
    "a large matrix of ones": Row("ones(100000, 100000) = zeros(100000, 100000)"),
    "a large determinant": Row("det(A B) = det(A) + det(B)", "A : 200 x 200; B : 200 x 200"),
    "invertible matrices, large": Row("inv(A B) = inv(A) inv(B)", "A : 60 x 60 invertible; B : 60 x 60 invertible"),
    "a derivative by a wide matrix": Row("∂J/∂W = ∂J/∂D Xᵀ", "W : 784 x n; X : n x p; C : loss; D := W X; J := C(D)"),
    "layers of a fixed width": Row("∂J/∂W1 = x d1ᵀ", _layers(8, 50)),
    "σ nested": Row(f"{_nested('σ', 22, 'x')} = {_nested('σ', 21, 'x')}", COLUMNS),
    "abs nested": Row(f"{_nested('abs', 22, 'x')} = x", COLUMNS),
    "exp nested": Row(f"∂sum({_nested('exp', 12, 'x')})/∂x = x", COLUMNS),
    "softmax nested": Row(f"{_nested('softmax', 22, 'x')} = x", COLUMNS),
    "inv nested": Row("inv(" * 8 + "A + B" + " + A)" * 8 + " = A", SQUARE),
    "max nested": Row("max(x, " * 40 + "y" + ")" * 40 + " = x", COLUMNS),
    "many primes": Row("σ" + "'" * 1000 + "(x) = x", COLUMNS),
    "primes of tanh": Row("tanh" + "'" * 15 + "(x) = x", COLUMNS),
    "a chain of definitions": Row("a800 = 801 x", f"x : n; a0 := x; {_chain('{new} := {old} + x', 800)}"),
    "a chain of squares": Row("a40 = x", f"x : n; a0 := 3 x; {_chain('{new} := {old} ⊙ {old}', 40)}"),
    "a chain of products": Row("a30 = A", f"{SQUARE}; a0 := A; {_chain('{new} := {old} {old}', 30)}"),
    "powers of powers": Row("((((x^1000)^1000)^1000)^1000)^1000 = x", NUMBERS),
    "powers of numbers": Row("((((3^1000)^1000)^1000)^1000)^1000 x = x", NUMBERS),
    "powers of roots": Row("(sqrt(2)^1000000)^1000000 = 2", NUMBERS),
    "powers of matrices": Row("((((A^12)^12)^12)^12)^12 = A", SQUARE),
    "a wide product of sums": Row(" ".join(["(A + B)"] * 20) + " = A", SQUARE),
    "a power of a sum": Row("(x + y)^24 (x - y)^24 (1 + x)^24 = 1", NUMBERS),
    "sums over many letters": Row(
        " ".join(f"Σ_{c}" for c in LETTERS)
        + " "
        + " ".join(f"A_{{{c}{d}}}" for c in LETTERS for d in LETTERS if c < d)
        + " = 1",
        "A : n x n symmetric",
    ),
    "many free letters": Row(" ".join(f"x_{c}" for c in LETTERS) + " = 1", COLUMNS),
    "derivatives of derivatives": Row("∂/∂x " * 8 + "(tanh(x) exp(x^2)) = 1", NUMBERS),
    "a high derivative of an unknown loss": Row("∂/∂x " * 8 + "C(x y) = 1", f"C : loss; {NUMBERS}"),
    "fractions nested": Row(r"\frac{1}{" * 100 + "x" + "}" * 100 + " = x", NUMBERS),
    "brackets": Row("(" * 470 + "x" + ")" * 470 + " = x", COLUMNS),
    "exponents nested": Row("x^{" * 300 + "2" + "}" * 300 + " = x", NUMBERS),
    "minus signs": Row("-" * 5000 + "x = x", COLUMNS),
    "a long name": Row("verylong" * 2000 + " = 1"),
    "a long number": Row("9" * 900 + " x = x", NUMBERS),
    "a long sum": Row("x" + " + y" * 3000 + " = x", COLUMNS),
    "many layers apart": Row("δ^l = δ^{l+12}"),
}
"""What took minutes or memory once, and its kin: whatever can be made larger without an end."""
