"""Claims with a known answer, for the tests of the witness: (name, setting, left, right)."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from derivations.setting import Setting

from .spelling import E, call, d, dloss, f, index_sum, network, norm, q, sheet

Case: TypeAlias = tuple[str, Setting, E, E | int]

J, x, y = q("J"), q("x"), q("y")
HALF = Fraction(1, 2)


def W(at: str | int) -> E:
    return q("W", at)


def b(at: str | int) -> E:
    return q("b", at)


def z(at: str | int) -> E:
    return q("z", at)


def a(at: str | int) -> E:
    return q("a", at)


def δ(at: str | int) -> E:
    return q("δ", at)


def s1(of: E) -> E:
    return f("σ", of, 1)


NET, BATCH, MSE = network(), network(batch="m"), network(loss="mse")
SIGMOID, BCE, SOFTMAX = network(activation="sigmoid"), network(loss="bce"), network(loss="softmax-ce")
NUMERATOR = network(layout="numerator")
SQUARE = sheet("A n n", "B n n", "x n", "y n")
A, B, t, s = q("A"), q("B"), q("t"), call("softmax", q("x"))
COMPOSED = sheet("A m n", "x n", losses="Q", z=A @ x, c=f("Q", q("z")))
ANY, INVERTIBLE = sheet("t", "c", functions="f"), sheet("A n n invertible", "x n")

TRUE: list[Case] = [
    ("BP1", NET, δ("L"), d(J, a("L")) * s1(z("L"))),
    ("BP1 with a Jacobian", NET, δ("L"), call("diag", s1(z("L"))) @ d(J, a("L"))),
    ("BP2", NET, δ("l"), (W("l+1").T @ δ("l+1")) * s1(z("l"))),
    ("BP2 by layer numbers", NET, δ(2), (W(3).T @ δ(3)) * s1(z(2))),
    ("BP2 in entries", NET, δ("l")["j"], index_sum("k", W("l+1")["kj"] @ δ("l+1")["k"] @ s1(z("l")["j"]))),
    ("BP2 in numerator layout", NUMERATOR, δ("l"), (δ("l+1") @ W("l+1")) * s1(z("l")).T),
    ("BP2 in a batch", BATCH, δ("l"), (W("l+1").T @ δ("l+1")) * s1(z("l"))),
    ("BP3", NET, d(J, b("l")), δ("l")),
    ("BP3 in a batch", BATCH, d(J, b("l")), call("sum", δ("l"), axis=1)),
    ("BP4", NET, d(J, W("l")), δ("l") @ a("l-1").T),
    ("BP4 in entries", NET, d(J, W("l")["jk"]), a("l-1")["k"] @ δ("l")["j"]),
    ("BP4 in a batch", BATCH, d(J, W("l")), δ("l") @ a("l-1").T),
    ("BP4 in bracket notation", BATCH, dloss(W("l")), dloss(q("Z", "l")) @ q("A", "l-1").T / q("m")),
    ("BP1 of the squares", MSE, δ("L"), (a("L") - y) * s1(z("L"))),
    ("BP1 of the cross entropy", BCE, δ("L"), a("L") - y),
    ("BP1 of softmax", SOFTMAX, δ("L"), a("L") - y),
    ("BP2 with own activations", NET, δ("l"), (W("l+1").T @ δ("l+1")) * f("g", z("l"), 1, "l")),
    ("BP2 with an output of its own", network(output="softmax"), δ("l"), (W("l+1").T @ δ("l+1")) * s1(z("l"))),
    ("BP2 of relu", network(activation="relu"), δ("l"), (W("l+1").T @ δ("l+1")) * s1(z("l"))),
    ("BP2 of tanh", network(activation="tanh"), δ("l"), (W("l+1").T @ δ("l+1")) * (1 @ (E.of(1) - a("l") ** 2))),
    ("chain of two layers", NET, d(J, x), W(1).T @ ((W(2).T @ δ(2)) * s1(z(1)))),
    ("∂z/∂a", NET, d(z("l"), a("l-1")), W("l").T),
    ("∂z/∂W in entries", NET, d(z("l")["i"], W("l")["ik"]), a("l-1")["k"]),
    ("Hessians are symmetric", NET, d(d(J, a("L")["j"]), a("L")["k"]), d(d(J, a("L")["k"]), a("L")["j"])),
    ("Hessian of a quadratic form", SQUARE, d(d(x.T @ A @ x, x), x), A + A.T),
    ("third derivative", ANY, d(d(d(q("c") @ t ** 4, t), t), t), 24 @ q("c") @ t),
    ("unknown third derivative", ANY, d(d(d(f("f", t), t), t), t), f("f", t, 3)),
    ("det", INVERTIBLE, d(call("det", A), A), call("det", A) @ call("inv", A).T),
    ("trace", SQUARE, d(call("tr", A @ B), A), B.T),
    ("inverse", INVERTIBLE, d(call("inv", A) @ q("x"), q("x")), call("inv", A).T),
    ("derivative of an inverse", INVERTIBLE, d(call("tr", call("inv", A)), A), -1 @ call("inv", A @ A).T),
    ("inverse of a Gram matrix", sheet("A m n"), call("inv", A.T @ A) @ A.T @ A, call("eye", q("n"))),
    ("softmax", sheet("x n"), d(s, x), call("diag", s) - s @ s.T),
    ("softmax sums to 1", sheet("x n"), call("sum", call("softmax", x)), E.of(1)),
    ("norm", sheet("x n"), d(norm(x), x), x / norm(x)),
    ("squared norm", sheet("x n"), d(norm(x) ** 2, x), 2 @ x),
    ("unknown loss", COMPOSED, d(q("c"), x), A.T @ d(q("c"), q("z"))),
    ("relu is z times step", sheet("z n"), f("relu", q("z")), q("z") * f("step", q("z"))),
    ("relu of one-hot", sheet("y n one-hot"), f("relu", y), y),
    ("log det", INVERTIBLE, d(f("log", call("det", A)), A), call("inv", A).T),
    ("log of e", sheet("x n"), f("log", f("exp", x)), x),
    ("symmetric", sheet("A n n symmetric", "x n"), d(x.T @ A @ x, x), 2 @ A @ x),
    ("diagonal", sheet("A n n diagonal", "x n"), A @ x, call("diag", A) * x),
    ("sums to 1", sheet("y n sums to 1", "x n"), call("sum", x @ y.T, axis=1), x),
    ("columns sum to 1", sheet("A n m columns sum to 1"), call("sum", A, axis=0), call("ones", E.of(1), q("m"))),
    ("binary", sheet("y n binary"), y * y, y),
    ("one-hot", sheet("y n one-hot", "x n"), f("log", call("sum", y * f("exp", x))), y.T @ x),
    ("positive", sheet("x n positive"), f("exp", f("log", x)), x),
]  # fmt: skip
"""What holds."""

FALSE: list[Case] = [
    ("BP1 without σ′", NET, δ("L"), d(J, a("L"))),
    ("BP1 of the squares without σ′", MSE, δ("L"), a("L") - y),
    ("BP1 of the cross entropy with σ′", BCE, δ("L"), (a("L") - y) * f("sigmoid", z("L"), 1)),
    ("BP2 without σ′", NET, δ("l"), W("l+1").T @ δ("l+1")),
    ("BP2 with σ′ at a", NET, δ("l"), (W("l+1").T @ δ("l+1")) * s1(a("l"))),
    ("BP2 with σ for σ′", NET, δ("l"), (W("l+1").T @ δ("l+1")) * f("σ", z("l"))),
    ("BP2 twice σ′", NET, δ("l"), (W("l+1").T @ δ("l+1")) * s1(z("l")) * s1(z("l"))),
    ("BP2 with the next activation", NET, δ("l"), (W("l+1").T @ δ("l+1")) * f("g", z("l"), 1, "l+1")),
    ("BP2 of relu without relu′", network(activation="relu"), δ("l"), W("l+1").T @ δ("l+1")),
    ("BP2 of sigmoid with 1 − a²", SIGMOID, δ("l"), (W("l+1").T @ δ("l+1")) * (E.of(1) - a("l") ** 2)),
    ("BP3 of another layer's bias", NET, d(J, b("l")), δ("l") * 2),
    ("BP3 in a batch, divided by m again", BATCH, d(J, b("l")), call("sum", δ("l"), axis=1) / q("m")),
    ("BP4 with z for a", NET, d(J, W("l+1")), δ("l+1") @ z("l").T),
    ("BP4 in brackets without 1/m", BATCH, dloss(W("l")), dloss(q("Z", "l")) @ q("A", "l-1").T),
    ("output error in a batch without 1/m", network(loss="bce", batch="m"), d(J, z("L")), a("L") - y),
    ("transpose of a square matrix", SQUARE, d(A @ x, x), A),
    ("Hessian of a quadratic form", SQUARE, d(d(x.T @ A @ x, x), x), 2 @ A),
    ("symmetric assumed", SQUARE, d(x.T @ A @ x, x), 2 @ A @ x),
    ("products commute", SQUARE, A @ B, B @ A),
    ("inner for outer", SQUARE, x @ y.T, y @ x.T),
    ("all functions are squares", ANY, f("f", t, 1) @ t, 2 @ f("f", t)),
    ("all functions are cubic at most", ANY, f("f", t, 4), 0),
    ("all functions are quintic at most", ANY, f("f", t, 6), 0),
    ("all losses are linear", sheet("x n", losses="Q", c=f("Q", q("x"))), d(d(q("c"), x), x), 0),
    ("all losses are 0 at 0", sheet("x n", losses="Q"), f("Q", x - x), 0),
    ("relu′ is 1", sheet("z n"), f("relu", q("z"), 1), call("ones", q("n"), E.of(1))),
    ("|x| is x", sheet("x n"), f("abs", x), x),
    ("softmax without the other terms", sheet("x n"), d(s, x), call("diag", s - s**2)),
    ("tanh′ = sech", sheet("t"), d(f("tanh", t), t), f("sech", t)),
    ("not symmetric enough", sheet("A n n symmetric", "B n n symmetric"), A @ B, B @ A),
    ("norms add", sheet("x n", "y n"), norm(x + y), norm(x) + norm(y)),
    ("an entry too many", sheet("A m n", "x n"), d((A @ x)["i"], x["k"]), A["ik"] + 1),
    ("positive is not 1", sheet("x n positive"), f("log", x), 0),
]  # fmt: skip
"""What does not hold."""
