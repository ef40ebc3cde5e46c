"""Claims that a careless checker would get wrong, with their verdicts. Each was worked out by hand or with numbers.

A row is a claim and its verdicts, one letter for each ``=``: ``p`` proved, ``r`` refuted, ``s`` ill-shaped, ``u``
unreadable, ``?`` undecided.
"""

from __future__ import annotations

import json
from typing import Any, TypeAlias

import pytest

from derivations import Network, check
from derivations.verdicts import Undecided

LETTERS = {"proved": "p", "refuted": "r", "ill-shaped": "s", "unreadable": "u", "undecided": "?"}

SQUARE = "A : n x n; B : n x n; C : n x n; x : n; y : n; c : scalar; t : scalar; s : scalar"
SQUARE += "; f : elementwise; h : elementwise"
OBLONG = "W : m x n; A : n x n; x : n; r : 1 x n; v : m; c : scalar; f : elementwise"
NET: dict[str, Any] = {}

Table: TypeAlias = list[tuple[str, str]]


def found(claim: str, given: str = "", layout: str = "denominator", network: dict[str, Any] | None = None) -> str:
    net = Network(**network) if network is not None else None
    return "".join(LETTERS[answer.verdict] for answer in check(claim, net, given=given, layout=layout))


def table(rows: Table) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("claim", "expected"), [marked(*row) for row in rows], ids=[row[0] for row in rows])


OPEN: dict[str, str] = {}
"""Claims that are not answered as they should be, with the reason. A row that passes has to leave this table."""


def marked(claim: str, *rest: Any) -> Any:
    if claim not in OPEN:
        return pytest.param(claim, *rest)
    return pytest.param(claim, *rest, marks=pytest.mark.xfail(strict=True, reason=OPEN[claim]))


# ---- entries and sums ----

ENTRIES: Table = [
    ("A^T_{ij} = A_{ji}", "p"),
    ("(A^T)_{ij} = A_{ij}", "r"),
    ("(A^2)_{ij} = A_{ij} A_{ij}", "r"),
    ("A_{12} = A_{21}", "r"),
    ("A_{ii} = tr(A)", "r"),
    ("Σ_i A_{ii} = tr(A)", "p"),
    ("x_i = x_j", "r"),
    ("x_1 = x_2", "r"),
    ("(A x)_i = A_{ij} x_j", "r"),  # no sum is understood
    ("(A x)_i = Σ_j A_{ij} x_j", "p"),
    ("(A x)_j = Σ_j A_{jj} x_j", "r"),  # the sum shadows j
    ("Σ_j A_{ij} y_j = (A y)_i", "p"),
    ("Σ_j A_{ij} y_j = (A y)_j", "r"),
    ("Σ_i A_{ij} y_i = (A^T y)_j", "p"),
    ("Σ_i x_i Σ_i y_i = sum(x) sum(y)", "p"),
    ("Σ_i x_i + y_i = sum(x) + y_i", "p"),
    ("Σ_i (x_i + y_i) = sum(x) + sum(y)", "p"),
    ("(Σ_i x_i)^2 = Σ_i Σ_j x_i x_j", "p"),
    ("Σ_i x_i^2 = (Σ_i x_i)^2", "r"),
    ("Σ_{i=1}^n 1 = n", "p"),
    ("Σ_{i=1}^n c = n c", "p"),
    (r"\sum_{i=1}^{m} x_i + \sum_{j=1}^{n} v_j = 0", "s"),
    (r"\sum_{i=1}^{2} x_i = sum(x)", "s"),
    (r"\sum_{i=2}^{n} x_i = sum(x)", "u"),
    (r"\sum_{i=1}^{n-1} x_i = sum(x)", "u"),
    (r"\sum_{i=1}^{n}\sum_{j=1}^{i} A_{ij} = sum(A)", "u"),
    (r"\sum_{i \neq j} x_i = sum(x) - x_j", "u"),
    ("∂x_i/∂x_j = 0", "r"),  # i may be j
    ("∂x_1/∂x_2 = 0", "p"),
    ("∂(x_i x_j)/∂x_i = x_j", "r"),  # 2 x_i where j is i
    ("∂(Σ_i x_i^2)/∂x_i = 2 x_i", "p"),  # the bound i is another one
    ("Σ_i ∂(x_i^2)/∂x_i = 2 sum(x)", "p"),
    ("∂(A x)_i/∂x_j = A_{ij}", "p"),
    ("∂(A x)_i/∂A_{ij} = x_j", "p"),
    ("∂(A x)_i/∂A_{jk} = x_k", "r"),
    ("∂A_{ii}/∂A_{jj} = 0", "r"),
]


@table(ENTRIES)
def test_entries_and_sums(claim: str, expected: str) -> None:
    given = SQUARE + "; v : m" if " v_" in claim else SQUARE
    assert found(claim, given) == expected


# ---- matrices ----

MATRICES: Table = [
    ("A B = B A", "r"),
    ("(A + B)^2 = A^2 + 2 A B + B^2", "r"),
    ("(A + B)^2 = A^2 + A B + B A + B^2", "p"),
    ("A^2 = A ⊙ A", "r"),
    ("A**2 = A ⊙ A", "p"),
    ("A @ A = A**2", "r"),
    ("A^0 = eye(n)", "p"),
    ("A.^0 = ones(n, n)", "p"),
    ("1/A = inv(A)", "r"),  # elementwise
    ("A/A = eye(n)", "r"),
    ("A/A = ones(n, n)", "p"),
    ("(A B)^{-1} = B^{-1} A^{-1}", "p"),
    ("(A B)^{-1} = A^{-1} B^{-1}", "r"),
    ("inv(A + B) = inv(A) + inv(B)", "r"),
    ("inv(A) + inv(B) = inv(A)(A + B)inv(B)", "p"),
    ("tr(A B C) = tr(C A B)", "p"),
    ("tr(A B C) = tr(A C B)", "r"),
    ("tr(A^T B) = sum(A ⊙ B)", "p"),
    ("det(2 A) = 2 det(A)", "r"),
    ("det(A + B) = det(A) + det(B)", "r"),
    ("det(A B) = det(B) det(A)", "p"),
    ("∂det(A)/∂A = det(A) (A^{-1})^T", "p"),
    ("∂det(A)/∂A = det(A) inv(A)", "r"),
    ("∂tr(A^2)/∂A = 2 A^T", "p"),
    ("diag(A B) = diag(A) ⊙ diag(B)", "r"),
    ("diag(diag(A)) = A", "r"),
    ("diag(diag(x)) = x", "p"),
    ("sqrt(A)^2 = A", "r"),  # elementwise root, matrix power
    ("A x ⊙ y = A (x ⊙ y)", "r"),
    ("A x ⊙ y = (A x) ⊙ y", "p"),
    ("y * A @ x = y ⊙ (A x)", "s"),  # from left to right, as in Python
    ("y * (A @ x) = y ⊙ (A x)", "p"),
    ("A + c = A + c eye(n)", "r"),  # a number is added to every entry
    ("x + x^T = A", "s"),
    ("x y^T = y x^T", "r"),
    ("x^T A x = x^T A^T x", "p"),
    ("‖x + y‖ = ‖x‖ + ‖y‖", "r"),
    ("f(A^T) = f(A)^T", "p"),
    ("f(x + y) = f(x) + f(y)", "r"),
    ("f(0) = 0", "r"),
    ("∂f(0)/∂t = 0", "p"),
    ("∂f(2t)/∂t = f'(2t)", "r"),
    ("∂f(h(t))/∂t = f'(h(t)) h'(t)", "p"),
    ("softmax(A, axis=0) = softmax(A, axis=1)", "r"),
    ("softmax(A, axis=1) = softmax(A^T, axis=0)^T", "p"),
    ("sum(softmax(A, axis=1), axis=0) = ones(1, n)", "r"),
    ("sum(softmax(A, axis=0), axis=0) = ones(1, n)", "p"),
    ("softmax(t) = 1", "p"),
    ("softmax(x + c) = softmax(x)", "p"),
]


@table(MATRICES)
def test_matrices(claim: str, expected: str) -> None:
    assert found(claim, SQUARE) == expected


# ---- functions with identities, kinks and holes ----

FUNCTIONS: Table = [
    ("relu(t) - relu(-t) = t", "p"),
    ("relu(2 t) = 2 relu(t)", "p"),
    ("relu(c t) = c relu(t)", "r"),  # c < 0
    ("abs(t) = max(t, -t)", "p"),
    ("step(0) = 0", "p"),
    ("step(0) = 1", "r"),
    ("relu'(0) = 0", "?"),
    ("sqrt(t^2) = t", "r"),
    ("sqrt(t)^2 = t", "p"),
    ("exp(log(t)) = t", "p"),
    ("log(exp(t)) = t", "p"),
    ("log(0) = 0", "?"),
    ("1/(t - t) = 1", "?"),
    ("1/0 = 1", "s"),
    ("c/c = 1", "p"),
    ("(t^2 - s^2)/(t - s) = t + s", "p"),
    ("tanh(t) = 2 sigmoid(2t) - 1", "p"),
    ("sigmoid(-t) = 1 - sigmoid(t)", "p"),
    ("sigmoid'(t) = sigmoid(t) sigmoid(-t)", "p"),
    ("tanh'(t) = sech(t)", "r"),
    ("softplus(t) - softplus(-t) = t", "p"),
    ("leaky_relu(t) = max(0.01 t, t)", "p"),
    ("sqrt(2) = 1.41421356", "r"),
    ("0.1 + 0.2 = 0.3", "p"),
    ("-2^2 = -4", "p"),
    ("(-2)^2 = 4", "p"),
    ("2/3/4 = 1/6", "p"),
    ("f'(t)^2 = f''(t)", "r"),
    ("f''(t) = ∂f'(t)/∂t", "p"),
]


@table(FUNCTIONS)
def test_functions(claim: str, expected: str) -> None:
    assert found(claim, SQUARE) == expected


@table(
    [
        ("log(t s) = log(t) + log(s)", "p"),
        ("log(t + s) = log(t) + log(s)", "r"),
        ("sqrt(t^2) = t", "p"),
        ("relu(-t) = 0", "p"),
        ("relu(u) = u", "r"),
        ("abs(t u) = t abs(u)", "p"),
        ("max(t, -s) = t", "p"),
    ]
)
def test_positive_numbers(claim: str, expected: str) -> None:
    assert found(claim, "t : scalar positive; s : scalar positive; u : scalar") == expected


# ---- identities that hold for some numbers only ----

REALS = "c : scalar; t : scalar; s : scalar; u : scalar; z : n; v : n; A : n x m"

FALSE_SOMEWHERE = """
relu(c z) = c relu(z)
relu(z + v) = relu(z) + relu(v)
relu(-z) = -relu(z)
relu(z ⊙ v) = relu(z) ⊙ relu(v)
relu(z) = z
relu(z) = abs(z)
relu(relu(z) - 1) = relu(z - 2)
relu(z - 5) = 0
relu(z + 10) = z + 10
relu(t - 100) = 0
relu(t + 100) = t + 100
abs(t) = t
abs(c z) = c abs(z)
abs(z + v) = abs(z) + abs(v)
abs(t - s) = abs(t) - abs(s)
abs(t - 3) = 3 - t
sign(t s) = sign(t)
sign(t + s) = sign(t) + sign(s)
sign(t) = 1
step(t) = 1
step(t s) = step(t) step(s)
max(t, s) = t
max(t, s) = (t + s)/2
max(t, 0) max(s, 0) = max(t s, 0)
max(t, s) = -max(-t, -s)
max(z, v) = z
sqrt(t^2) = t
sqrt(t^2 + s^2) = t + s
sqrt(t^2 s^2) = t s
sqrt(t + s) = sqrt(t) + sqrt(s)
sqrt(t^6) = t^3
log(t + s) = log(t) log(s)
log(t^2) = log(t)^2
log(1 + exp(t)) = t
exp(t + s) = exp(t) + exp(s)
exp(t s) = exp(t) exp(s)
exp(t)^2 = exp(t^2)
exp(-t) = -exp(t)
exp(t) = 1 + t + t^2/2
tanh(t + s) = tanh(t) + tanh(s)
tanh(2t) = 2 tanh(t)
tanh(t) = t - t^3/3
tanh(100 t) = sign(t)
sigmoid(100 t) = step(t)
sigmoid(t) = 1 - sigmoid(t)
sigmoid(t) + sigmoid(s) = 1
sigmoid(t) = t/4 + 1/2
sigmoid'(t) = sigmoid(t) (1 - t)
tanh'(t) = 1 - tanh(t)
softmax(c z) = c softmax(z)
softmax(z + v) = softmax(z)
softmax(z) = exp(z)
softplus(t) = relu(t)
leaky_relu(t) = relu(t)
leaky_relu(c t) = c leaky_relu(t)
elu(t) = relu(t)
elu(t) = t
elu(t) = exp(t) - 1
‖z + v‖ = ‖z‖ + ‖v‖
‖c z‖ = c ‖z‖
‖z‖ = sum(z)
‖z‖ = sum(abs(z))
‖z‖^2 = sum(z)^2
relu'(t) = sign(t)
relu'(t) = relu(t)/(t + 1)
abs'(t) = relu'(t)
leaky_relu'(t) = 1
t/abs(t) = 1
sqrt(z ⊙ z) = z
relu(A) A^T = A relu(A)^T
relu(z)^T z = z^T z
relu(z)^T v = z^T relu(v)
relu(t - 1) = relu(t) - 1
relu(t)^2 = t^2
relu(t) relu(-t) = -t^2
abs(t)^3 = t^3
sum(relu(z)) = relu(sum(z))
max(t, 1000) = 1000
relu(t - 1/1000) = relu(t)
step(t - 1/100) = step(t)
sqrt((t - s)^2) = t - s
relu(t^3) = t^3
abs(t^3) = t^3
relu(1 - t^2) = 1 - t^2
relu(t^2 - 1) = t^2 - 1
relu(z_1) = z_1
relu(t) + relu(s) = relu(t + s)
""".strip().splitlines()

TRUE_EVERYWHERE = """
relu(2 z) = 2 relu(z)
relu(z) - relu(-z) = z
relu(z) + relu(-z) = abs(z)
relu(relu(z)) = relu(z)
relu(abs(t)) = abs(t)
abs(-z) = abs(z)
abs(z)^T abs(z) = z^T z
abs(c t) = abs(c) abs(t)
abs(t)^2 = t^2
abs(abs(t)) = abs(t)
sign(t) abs(t) = t
sign(-t) = -sign(t)
sign(t s) = sign(t) sign(s)
sign(t)^3 = sign(t)
max(t, s) = max(s, t)
max(t, s) = (t + s + abs(t - s))/2
max(0, t) = relu(t)
max(t, t) = t
max(t + c, s + c) = max(t, s) + c
max(2t, 2s) = 2 max(t, s)
sqrt(t^2) = abs(t)
sqrt(t)^2 = t
sqrt(t^4) = t^2
sqrt(exp(t)) = exp(t/2)
log(exp(t)) = t
exp(log(t)) = t
exp(t + s) = exp(t) exp(s)
exp(-t) = 1/exp(t)
exp(2t) = exp(t)^2
exp(t) exp(-t) = 1
log(t) = -log(1/t)
log(t^3) = 3 log(t)
tanh(-t) = -tanh(t)
tanh(2t) = 2 tanh(t)/(1 + tanh(t)^2)
tanh(t) = (exp(t) - exp(-t))/(exp(t) + exp(-t))
tanh'(t) = 1 - tanh(t)^2
sigmoid(t) = 1/(1 + exp(-t))
sigmoid(-t) = 1 - sigmoid(t)
sigmoid(t) = exp(t)/(1 + exp(t))
sigmoid(t) = (1 + tanh(t/2))/2
sigmoid'(-t) = sigmoid'(t)
softplus(t) = log(1 + exp(t))
softplus'(t) = sigmoid(t)
softplus(-t) = softplus(t) - t
softmax(z + c) = softmax(z)
sum(softmax(z)) = 1
relu'(t) = step(t)
relu(t) = t step(t)
relu(t)^2 = t relu(t)
relu(t) relu(-t) = 0
leaky_relu(t) = max(t, 0.01 t)
leaky_relu(t) = relu(t) - 0.01 relu(-t)
abs'(t) = sign(t)
relu(z)^T relu(z) = z^T relu(z)
‖-z‖ = ‖z‖
‖2 z‖ = 2 ‖z‖
‖c z‖ = abs(c) ‖z‖
‖z‖^2 = z^T z
step(t) + step(-t) = 1
sign(t) = 2 step(t) - 1
max(t, s) + max(-t, -s) = abs(t - s)
relu(t - s) = max(t, s) - s
log(softmax(z)) = z - log(sum(exp(z)))
sech(t)^2 = 1 - tanh(t)^2
elu(t) = relu(t) + (1 - step(t)) (exp(t) - 1)
abs(t)^3 = t^2 abs(t)
relu(t)^3 = t^2 relu(t)
log10(t) = log(t)/log(10)
log2(t^2) = 2 log2(abs(t))
log(sqrt(t)) = log(t)/2
exp(log(t) + log(s)) = t s
""".strip().splitlines()


@pytest.mark.parametrize("claim", FALSE_SOMEWHERE)
def test_what_fails_for_some_numbers_is_refuted(claim: str) -> None:
    """For negative, large, small numbers, or mixed ones."""
    assert found(claim, REALS) == "r"


@pytest.mark.parametrize("claim", TRUE_EVERYWHERE)
def test_what_always_holds_is_not_refuted(claim: str) -> None:
    assert found(claim, REALS) in ("p", "?")


@pytest.mark.parametrize("claim", ["log(t^2) = 2 log(t)", "sqrt(t^4) = t^2", "log(t s) = log(t) + log(s)"])
def test_what_is_proved_for_positive_numbers_only_says_so(claim: str) -> None:
    """Where both sides have a value they agree; one of them has values for negative numbers too."""
    (answer,) = check(claim, given=REALS)
    assert isinstance(answer, Undecided)
    assert answer.evidence.endswith("positive it is proved.")


# ---- what holds for small widths only ----


@table(
    [
        ("a^1_1 = σ(w^1_{11} x_1 + w^1_{12} x_2 + b^1_1)", "r"),  # false with three inputs
        ("Σ_k w^1_{1k} x_k = w^1_{11} x_1 + w^1_{12} x_2", "r"),
        ("Σ_j δ^2_j = δ^2_1 + δ^2_2 + δ^2_3", "r"),
        ("z^1_1 = Σ_k w^1_{1k} x_k + b^1_1", "p"),
    ]
)
def test_entries_with_numbers_do_not_fix_the_width(claim: str, expected: str) -> None:
    assert found(claim, network={}) == expected
    assert found("use network; " + claim) == expected


@table(
    [
        ("tr(A) = A_{11} + A_{22}", "r"),
        ("sum(x) = x_1 + x_2 + x_3", "r"),
        ("A^2 - tr(A) A + det(A) eye(n) = 0", "r"),  # Cayley and Hamilton, of 2 × 2
        ("(tr(A)^3 - 3 tr(A) tr(A^2) + 2 tr(A^3))/6 = det(A)", "r"),  # of 3 × 3
        # the fundamental trace identity of 3 × 3: true up to 3, false from 4 on
        ("tr(A)^4 - 6 tr(A)^2 tr(A^2) + 3 tr(A^2)^2 + 8 tr(A) tr(A^3) - 6 tr(A^4) = 0", "r"),
    ]
)
def test_matrices_of_any_size(claim: str, expected: str) -> None:
    assert found(claim, SQUARE) == expected


# ---- the gradient by the output, a sheet's own names beside the network's, shapes ----


@pytest.mark.parametrize(
    ("loss", "claim", "expected"),
    [
        ("mse", "∇_a J = 2 (a^L - y)", "r"),
        ("mse", "∇_a J = a^L - y", "p"),
        ("bce", "∇_a J = a^L - y", "r"),
        ("bce", "∇_a J = y - a^L", "r"),
        (None, "δ^L = ∇_a J", "r"),
        (None, "δ^l = ∇_a J ⊙ σ'(z^l)", "s"),  # it fits the last layer only
        (None, "∇_a J = ∂J/∂a^L", "p"),
    ],
)
def test_the_gradient_by_the_output(loss: str | None, claim: str, expected: str) -> None:
    assert found(claim, network={"loss": loss}) == expected


@table(
    [
        ("use network; W : n x n symmetric; W = Wᵀ", "p"),
        ("use network; b : n positive; relu(b) = b", "p"),
        ("use network; b : n positive; relu(b^l) = b^l", "u"),  # b is another b now
        ("use network; assume b positive; relu(b^l) = b^l", "p"),
        ("use network; W : n x n symmetric; (W^l)ᵀ W^l = W^l (W^l)ᵀ", "u"),
        ("use network; x : n; ∂J/∂W^1 = δ^1 xᵀ", "s"),  # is it the input?
        ("use network; x : n; z^1 = W^1 a^0 + b^1", "u"),
        ("use network loss=mse; y : scalar; δ^L = (a^L - y) ⊙ σ'(z^L)", "u"),
        ("use network; x : scalar; x^2 = x x", "p"),
    ]
)
def test_own_names_beside_a_network(claim: str, expected: str) -> None:
    assert found(claim) == expected


@table(
    [
        (r"W^l \in \mathbb{R}^{n_l \times n_{l-1}}", "p"),
        (r"W^l \in \mathbb{R}^{n_{l-1} \times n_l}", "s"),
        ("b^l ∈ R^{n_l}", "p"),
        ("δ^l : n_l x 1", "p"),
        ("∂J/∂W^l : n_l x n_{l-1}", "p"),
        ("W^l : 3 x 4", "s"),
        ("W^l a^l : n_l", "s"),
        ("a^3 : n_3", "p"),
        ("W^q : n_l", "u"),
    ]
)
def test_claims_about_shapes(claim: str, expected: str) -> None:
    assert found(claim, network={}) == expected


# ---- the two layouts ----


@table(
    [
        ("∂(W x)/∂x = W^T", "p"),
        ("∂(W x)/∂x = W", "s"),
        ("∂(c x)/∂c = x^T", "p"),
        ("∂(r A)/∂r = A", "p"),
        ("∂(r A)/∂r = A^T", "r"),
        ("∂(v^T W x)/∂W = v x^T", "p"),
        ("∂(x^T A x)/∂x = 2 A x", "r"),
        ("∂f(x)/∂x = diag(f'(x))", "p"),
        ("∂W/∂x = 0", "s"),
    ]
)
def test_denominator_layout(claim: str, expected: str) -> None:
    assert found(claim, OBLONG) == expected


@table(
    [
        ("∂(W x)/∂x = W", "p"),
        ("∂(c x)/∂c = x", "p"),
        ("∂(v^T W x)/∂W = x v^T", "p"),
        ("∂(v^T W x)/∂W = v x^T", "s"),
        ("∂(x^T A x)/∂x = x^T (A + A^T)", "p"),
        ("∇_x (x^T A x) = (A + A^T) x", "p"),  # ∇ is a column in both layouts
        ("∂sum(x)/∂x = 1_n", "s"),
    ]
)
def test_numerator_layout(claim: str, expected: str) -> None:
    assert found(claim, OBLONG, "numerator") == expected


@table(
    [
        ("∂J/∂W^l = a^{l-1} δ^l", "p"),
        ("δ^l = δ^{l+1} W^{l+1} diag(σ'(z^l))", "p"),
        ("∂z^l/∂a^{l-1} = W^l", "p"),
        ("∂J/∂W^l = δ^l (a^{l-1})^T", "s"),
        ("∂J/∂W^l_{jk} = δ^l_j a^{l-1}_k", "p"),
        (r"dZ^{[l]}=\frac{dJ}{da^{[l]}}\frac{da^{[l]}}{dZ^{[l]}}", "p"),
    ]
)
def test_the_network_in_numerator_layout(claim: str, expected: str) -> None:
    assert found(claim, layout="numerator", network=NET) == expected


# ---- derivatives by defined quantities ----

COMPOSED = "W : m x n; V : k x m; x : n; b : m; y : k; f : elementwise; Q : loss"
COMPOSED += "; z := W x + b; a := f(z); u := V a; J := Q(u)"
SCALARS = "t : scalar; u := t^2; v := u^2; w := u + v + t"
ON_DERIVATIVES = "A : n x n; x : n; q := xᵀ A x; g := ∂q/∂x; h := A x; p := hᵀ h; k := sum(g)"


@pytest.mark.parametrize(
    ("given", "claim", "expected"),
    [
        (COMPOSED, "∂J/∂z = f'(z) ⊙ V^T ∂J/∂u", "p"),
        (COMPOSED, "∂J/∂W = ∂J/∂z x^T", "p"),
        (COMPOSED, "∂J/∂x = W^T ∂J/∂z", "p"),
        (COMPOSED, "∂J/∂x = W^T ∂J/∂a", "r"),
        (COMPOSED, "∂u/∂x = W^T diag(f'(z)) V^T", "p"),
        (COMPOSED, "∂(z ⊙ a)/∂z = diag(a) + diag(z ⊙ f'(z))", "p"),
        (COMPOSED, "∂(J + sum(z))/∂z = V^T ∂J/∂u ⊙ f'(z) + 1_m", "p"),
        (COMPOSED, "∂(J + sum(z))/∂a = V^T ∂J/∂u", "p"),  # z does not depend on a
        (COMPOSED, "∂Q(y)/∂y = ∂J/∂u", "r"),
        (SCALARS, "∂w/∂u = 1 + 2u", "p"),
        (SCALARS, "∂w/∂v = 1", "p"),
        (SCALARS, "∂w/∂t = 2t + 4t^3 + 1", "p"),
        (SCALARS, "∂w/∂t = ∂w/∂u ∂u/∂t", "r"),  # t is reached by two ways
        (SCALARS, "∂w/∂t = ∂w/∂u ∂u/∂t + 1", "p"),
        (SCALARS, "∂(u t)/∂u = t", "p"),
        (ON_DERIVATIVES, "g = (A + A^T) x", "p"),
        (ON_DERIVATIVES, "∂g/∂x = A + A^T", "p"),
        (ON_DERIVATIVES, "∂k/∂g = 1_n", "p"),
        (ON_DERIVATIVES, "∂k/∂x = (A + A^T) 1_n", "p"),
        (ON_DERIVATIVES, "∂(x^T h)/∂x = h", "r"),
        (ON_DERIVATIVES, "∂(x^T h)/∂h = x", "p"),
        (ON_DERIVATIVES, "∂p/∂A = 2 h x^T", "p"),
    ],
)
def test_derivatives_by_definitions(given: str, claim: str, expected: str) -> None:
    assert found(claim, given) == expected


# ---- assumptions ----


@pytest.mark.parametrize(
    ("given", "claim", "expected"),
    [
        ("y : k one-hot", "y y^T = diag(y)", "p"),
        ("y : k one-hot", "y_1 y_2 = 0", "p"),
        ("y : k one-hot", "y_i y_j = 0", "r"),
        ("y : k one-hot", "exp(y) = 1_k", "r"),
        ("y : k binary", "y^T y = 1", "r"),
        ("y : k sums to 1", "y ⊙ y = y", "r"),
        ("y : k sums to 1; x : n", "sum(y) x = x", "p"),
        ("Y : n x m one-hot", "sum(Y, axis=0) = ones(1, m)", "p"),
        ("Y : n x m one-hot", "sum(Y, axis=1) = 1_n", "r"),
        ("Y : n x m one-hot", "Y^T Y = eye(m)", "r"),
        ("Y : n x m one-hot", "‖Y‖^2 = m", "p"),
        ("P : n x m rows sum to 1", "P 1_m = 1_n", "p"),
        ("P : n x m rows sum to 1", "sum(P, axis=0) = ones(1, m)", "r"),
        ("A : n x n symmetric; B : n x n symmetric", "A B = B A", "r"),
        ("A : n x n symmetric; B : n x n symmetric", "(A B)^T = B A", "p"),
        ("A : n x n symmetric", "inv(A) = inv(A)^T", "p"),
        ("D : n x n diagonal; A : n x n", "D A = A D", "r"),
        ("D : n x n diagonal; E : n x n diagonal", "D E = D ⊙ E", "p"),
        ("D : n x n diagonal; A : n x n", "D ⊙ A = D A", "r"),
        ("D : n x n diagonal", "D_{12} = 0", "p"),
        ("D : n x n diagonal", "D_{ij} = 0", "r"),
        ("D : n x n diagonal", "exp(D) = diag(exp(diag(D)))", "r"),  # exp(0) is 1
        ("p : k sums to 1; z : k", "∂(-p^T log(softmax(z)))/∂z = softmax(z) - p", "p"),
        ("p : k; z : k", "∂(-p^T log(softmax(z)))/∂z = softmax(z) - p", "r"),
        ("v : n; w : 1 x n", "v w = w v", "s"),
        ("x : 1; v : n", "v x = x v", "p"),
        ("M : n x 1; v : n", "M = v", "r"),
    ],
)
def test_assumptions(given: str, claim: str, expected: str) -> None:
    assert found(claim, given) == expected


# ---- layers ----

LAYERS: Table = [
    ("δ^{L-1} = (W^L)^T δ^L ⊙ σ'(z^{L-1})", "p"),
    ("δ^l = ∂z^L/∂z^l δ^L", "p"),
    ("δ^l = ∂z^{l+2}/∂z^l δ^{l+2}", "p"),
    ("δ^l = (∂z^{l+1}/∂z^l)^T δ^{l+1}", "s"),
    ("∂a^L/∂a^l = 0", "r"),
    ("∂a^l/∂x = 0", "r"),
    ("∂z^l/∂z^{l+1} = 0", "p"),
    ("∂a^{l+2}/∂a^l = (W^{l+1})^T diag(σ'(z^{l+1})) (W^{l+2})^T diag(σ'(z^{l+2}))", "p"),
    ("∂J/∂x = (W^1)^T δ^1", "p"),
    ("∂J/∂a^0 = (W^1)^T δ^1", "p"),
    ("∂J/∂a^1 = (W^2)^T δ^2", "p"),
    ("a^1 = σ(z^1)", "p"),
    ("a^1 = x", "p"),
    ("a^1 = x = σ(z^1)", "sp"),  # x is skipped: a^1 = σ(z^1)
    ("z^2 = W^2 σ(z^1) + b^2", "p"),
    ("δ^0 = 0", "u"),
    ("∂J/∂W^{L+1} = 0", "u"),
    ("∂J/∂W^l = δ^l (a^l)^T", "s"),
    ("∂J/∂W^l_{12} = δ^l_1 a^{l-1}_2", "p"),
    ("∂J/∂W^l_{12} = δ^l_2 a^{l-1}_1", "r"),
    ("∂J/∂W^l_{jk} = δ^l_k a^{l-1}_j", "s"),
    ("∂z^l_i/∂W^l_{jk} = a^{l-1}_k", "r"),
    ("∂z^l_j/∂W^l_{jk} = a^{l-1}_k", "p"),
    ("∂z^l_1/∂W^l_{2k} = 0", "p"),
    ("g^{[l+1]}(z^l) = a^l", "r"),
    ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ g^{[l+1]}'(z^l)", "r"),
    ("σ'(z^l) = a^l ⊙ (1 - a^l)", "r"),
    ("W^{l-1} W^l = 0", "s"),
    ("n_l = n_{l+1}", "r"),
    ("z^10 = z^{10}", "p"),
    ("a^{i,l} = a^{k,l}", "u"),  # two samples
]


@table(LAYERS)
def test_layers(claim: str, expected: str) -> None:
    assert found(claim, network=NET) == expected


@pytest.mark.parametrize(
    ("network", "claim", "expected"),
    [
        ({"depth": 2}, "a^{L-2} = x", "p"),
        ({"depth": 2}, "δ^1 = (W^2)^T δ^L ⊙ σ'(z^1)", "p"),
        ({"depth": 2}, "a^L = σ(W^2 σ(W^1 x + b^1) + b^2)", "p"),
        ({"depth": 2}, "W^3 = 0", "u"),
        ({"depth": 3}, "a^{L-2} = x", "s"),
        ({"loss": "mse"}, "δ^L = a^L - y", "r"),
        ({"loss": "mse"}, "∂J/∂y = y - a^L", "p"),
        ({"loss": "bce"}, "δ^L = a^L - y", "p"),
        ({"loss": "bce"}, "δ^L = (a^L - y) ⊙ σ'(z^L)", "r"),
        ({"loss": "softmax-ce"}, "δ^L = a^L - y", "p"),
        ({"loss": "softmax-ce"}, "δ^L = ∂J/∂a^L ⊙ σ'(z^L)", "r"),
        ({"loss": "softmax-ce"}, "sum(δ^L) = 0", "p"),
        ({"loss": "softmax-ce"}, "sum(a^L) = 1", "p"),
        ({"loss": "softmax-ce"}, "∂J/∂a^L = a^L - y", "r"),
        ({"loss": "mse", "output": "softmax"}, "δ^L = a^L - y", "r"),
        ({"loss": "bce", "activation": "tanh"}, "a^L = tanh(z^L)", "r"),
        ({"loss": "bce", "activation": "tanh"}, "δ^l = (W^{l+1})^T δ^{l+1} ⊙ (1 - a^l.^2)", "p"),
        ({"activation": "sigmoid"}, "δ^l = (W^{l+1})^T δ^{l+1} ⊙ a^l ⊙ (1 - a^l)", "p"),
    ],
)
def test_networks(network: dict[str, Any], claim: str, expected: str) -> None:
    assert found(claim, network=network) == expected


BATCH: Table = [
    ("dZ^l = dA^l * g^{[l]}'(Z^l)", "p"),
    ("dZ^l = W^{[l+1]T} dZ^{l+1} * g^{[l+1]}'(Z^l)", "r"),
    ("dW^l = 1/m dZ^l A^{[l-1]T}", "p"),
    ("dW^l = dZ^l A^{[l-1]T}", "r"),
    ("∂J/∂W^l = δ^l (A^{l-1})^T", "p"),
    ("∂J/∂W^l = 1/m δ^l (A^{l-1})^T", "r"),
    ("δ^l = dZ^l", "r"),
    ("m δ^l = dZ^l", "p"),
    ("dA^l = ∂J/∂A^l", "r"),
    ("dW^l = ∂J/∂W^l", "p"),
    ("db^l = sum(dZ^l, axis=1)", "r"),
    ("db^l = 1/m sum(dZ^l, axis=1)", "p"),
    ("db^l = 1/m sum(dZ^l)", "s"),
    ("db^l = 1/m dZ^l", "s"),
    ("∂J/∂b^l = δ^l 1_m", "p"),
    ("Z^l = W^l A^{l-1}", "r"),
    ("Z^l = W^l A^{l-1} + b^l 1_m^T", "p"),
    ("dW[l] = 1/m*dZ[l]*A[l-1].T", "s"),
    ("dW[l] = 1/m * dZ[l] @ A[l-1].T", "p"),
    ("dZ[l] = np.dot(W[l+1].T, dZ[l+1]) * sigma_prime(Z[l])", "p"),
    ("∂J/∂W^l_{jk} = Σ_i δ^l_{ji} A^{l-1}_{ki}", "p"),
    ("a^l_j = σ(z^l_j)", "s"),
    ("∂Z^l/∂A^{l-1} = W^{[l]T}", "s"),
    ("m = 1", "r"),
]


@table(BATCH)
def test_batches(claim: str, expected: str) -> None:
    assert found(claim, network={"batch": "m"}) == expected


@table(
    [
        ("dZ^L = A^L - Y", "p"),
        ("∂J/∂Z^L = A^L - Y", "r"),
        ("∂J/∂Z^L = 1/m (A^L - Y)", "p"),
        ("dA^L = -Y/A^L + (1 - Y)/(1 - A^L)", "p"),
        ("J = -1/m sum(Y ⊙ log(A^L) + (1 - Y) ⊙ log(1 - A^L))", "p"),
    ]
)
def test_a_batch_with_the_binary_cross_entropy(claim: str, expected: str) -> None:
    assert found(claim, network={"batch": "m", "loss": "bce"}) == expected


# ---- fixed indices, however large ----


@table([("A_{42} = A_{24}", "r"), ("A_{42} = A^T_{24}", "p"), ("x_{11} = x_{12}", "r"), ("x_5 x_7 = x_7 x_5", "p")])
def test_fixed_indices(claim: str, expected: str) -> None:
    assert found(claim, SQUARE) == expected


# ---- what must not be proved, however it is read ----

NEVER_PROVED: list[tuple[str, str, dict[str, Any] | None]] = [
    ("||x||_1 = ||x||", "x : n", None),
    ("||x||_p = ||x||", "x : n", None),
    (r"\sqrt[3]{t} = \sqrt{t}", "t : scalar", None),
    ("log_{10}(t) = log(t)", "t : scalar positive", None),
    ("∂J/∂y = 0", "", {}),  # J is a loss of a^L and y
    ("∂δ^l/∂δ^{l+1} = 0", "", {}),
    ("a^{i,l} = a^{k,l}", "", {"batch": "m"}),
    ("a^{i,l} = A^l", "", {"batch": "m"}),
    ("J_i = J", "", {"batch": "m"}),  # one sample's loss is not the mean
    ("J_i = J_k", "", {"batch": "m"}),
    ("∂J_i/∂W^l = ∂J/∂W^l", "", {"batch": "m"}),
    ("a^{l'} = a^l", "", {}),
    ("W^{[l]'} = W^l", "", {}),
    (r"\sum_{i=1}^{c} x_i = sum(x)", "x : n; c : scalar", None),
    ("δ^l = ∂J/∂a^l ⊙ σ'(z^l)", "", {"loss": "softmax-ce", "depth": 1}),
]


@pytest.mark.parametrize(
    ("claim", "given", "network"), [marked(*row) for row in NEVER_PROVED], ids=[row[0] for row in NEVER_PROVED]
)
def test_it_is_not_proved(claim: str, given: str, network: dict[str, Any] | None) -> None:
    assert "p" not in found(claim, given, network=network)


# ---- chains and sheets ----


@table(
    [
        ("δ^l = W^{l+1} δ^{l+1} = ∂J/∂z^l", "sp"),  # what does not fit is skipped
        ("δ^l = foo = ∂J/∂z^l", "up"),
        ("a^l = σ(z^l) = W^l = z^l", "psr"),
        ("1 = 1 = 1 = 2", "ppr"),
        ("δ^l = ∂J/∂z^l\n = ∂J/∂b^l\n = W^l", "pps"),
        ("= δ^l", "u"),
        ("δ^l = ∂J/∂z^l [definition]\n = ∂J/∂b^l [chain rule]", "pp"),
        ("use network loss=mse\nδ^L = (a^L - y) ⊙ σ'(z^L)\nuse network loss=bce\nδ^L = a^L - y", "pp"),
        ("layout numerator\n∂J/∂W^l = a^{l-1} δ^l\nlayout denominator\n∂J/∂W^l = δ^l (a^{l-1})^T", "pp"),
        ("use network\nλ : scalar\nK := J + λ/2 ‖W^l‖^2\n∂K/∂W^l = δ^l (a^{l-1})^T + λ W^l", "p"),
        ("use network\nλ : scalar\nK := J + λ/2 ‖W^l‖^2\n∂K/∂W^l = δ^l (a^{l-1})^T", "r"),
        ("x : n; y := 2 x; z := 3 y; z = 6 x", "p"),
        ("x := 2; y := x; x := 3; y = 3", "ur"),
        ("a^l = a^l # comment", "p"),
    ]
)
def test_chains_and_sheets(claim: str, expected: str) -> None:
    assert found(claim) == expected


# ---- size ----


LARGE = {
    "brackets": "(" * 200 + "t" + ")" * 200 + " = t",
    "functions": "f(" * 200 + "t" + ")" * 200 + " = t",
    "a power": "t^999999 = t",
    "powers": "t^999999 = t^999998 t",
    "a power of a sum": "(t + c)^999999 = t",
    "a power of a number": "2^99999999999 = 2",
    "a matrix power": "A^999999 = A",
    "a product of sums": "".join("(t + c)" for _ in range(40)) + " = t",
    "a product of different sums": " ".join(f"(x_{k} + y_{k})" for k in range(1, 41)) + " = 1",
    "a product of index sums": " ".join("(Σ_i x_i)" for _ in range(40)) + " = sum(x)^40",
    "a long sum": " + ".join(["x"] * 2000) + " = 2000 x",
    "ten kilobytes": "+".join(f"{k}t" for k in range(1500)) + " = t",
    "many equals signs": "=" * 5000,
    "a long chain": " = ".join(["t"] * 300),
    "a long number": "9" * 5000 + " = t",
    "a long name": "q" * 5000 + " = t",
    "primes": "f" + "'" * 300 + "(t) = 0",
    "signs": "-" * 5000 + "t = t",
    "transposes": "A" + "^T" * 1000 + " = A",
    "a tower of fractions": r"\frac{1}{" * 60 + "t" + "+1}" * 60 + " = t",
    "words": "abc " * 2500,
    "a ring of traces": "tr(" + " ".join(["A B"] * 12) + ") = tr(" + " ".join(["B A"] * 12) + ")",
}


@pytest.mark.parametrize("name", [marked(name) for name in LARGE], ids=list(LARGE))
def test_large_formulas_are_answered(name: str) -> None:
    assert check(LARGE[name], given=SQUARE)


# ---- odd signs ----


@table(
    [
        ("x ＋ y = x+y", "p"),
        ("ｘ＝x", "p"),
        ("x − y = x - y", "p"),
        ("x\u00a0=\u200bx", "p"),
        ("A⊤ = Aᵀ", "p"),
        (r"A^{\intercal} = A^T", "p"),
        ("𝐱 = x", "p"),
        (r"\bm{x} = x", "p"),
        ("f′′(t) = f''(t)", "p"),
        ("f″(t) = f''(t)", "p"),
        ("f‘(t) = f'(t)", "p"),
        ("c¹⁰ = c^{10}", "p"),
        ("A⁻¹ = inv(A)", "p"),
        ("x₁ = x_1", "p"),
        ("∑ᵢ xᵢ = sum(x)", "p"),
        ("½ x = x/2", "p"),
        (r"\frac12 x = x/2", "p"),
        ("x∗y = x⊙y", "p"),
        (r"\bar{x} = x", "u"),
        (r"\hat{x} = x", "u"),
        ("x' = x", "u"),
        ("A' = A", "u"),
        ("х = x", "u"),  # a Cyrillic letter
        ("😀 = x", "u"),
        ("x\x00 = x", "u"),
        ("x ≠ y", "u"),
        ("x ≈ y", "u"),
        ("x ≤ y", "u"),
        ("__import__('os') = x", "u"),
    ]
)
def test_odd_signs(claim: str, expected: str) -> None:
    assert found(claim, SQUARE) == expected


# ---- the machine-readable answer ----


def test_the_json_answer_has_its_fields(capsys: pytest.CaptureFixture[str]) -> None:
    from chapters.command import main

    code = main(["check", "--json", "δ^l = ∂J/∂z^l = W^l", "δ^L = a^L - y", "z^{[z]} = 1 +"])
    answer = json.loads(capsys.readouterr().out)
    assert code == 1
    assert [claim["verdict"] for claim in answer["claims"]] == ["proved", "ill-shaped", "refuted", "unreadable"]
    fields = "text file line column read_as layout verdict assumptions reason witness diagnosis notes seconds"
    for claim in answer["claims"]:
        assert set(fields.split()) <= set(claim)
    assert set(answer["claims"][2]["witness"]) >= {"widths", "values", "lhs", "rhs"}
    assert answer["summary"]["proved"] == 1
