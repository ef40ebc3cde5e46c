"""How formulas look in every spelling, pinned."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Claim,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)
from derivations.writing import Spelling, write, write_claim, write_layer, write_symbol

last, this, below, above = Layer("L"), Layer("l"), Layer("l", -1), Layer("l", 1)
x, y, c, m, X, J = (Symbol(name) for name in ("x", "y", "c", "m", "X", "J"))
half = Number(Fraction(1, 2))


def number(value: int) -> Number:
    return Number(Fraction(value))


def of(name: str, layer: Layer = this, sample: str = "") -> Symbol:
    return Symbol(name, layer, sample)


def at(node: Formula, *indices: str) -> Entry:
    return Entry(node, tuple(Index(index) for index in indices))


def product(*factors: Formula) -> Formula:
    first, *others = factors
    for factor in others:
        first = Binary(Op.PRODUCT, first, factor)
    return first


def sigma_prime(node: Formula) -> Apply:
    return Apply(Function("σ", order=1), node)


one_over_m = Binary(Op.OVER, number(1), m)
BP1 = Binary(Op.HADAMARD, Gradient(J, of("a", last)), sigma_prime(of("z", last)))
BP2 = Binary(Op.HADAMARD, product(Transpose(of("W", above)), of("δ", above)), sigma_prime(of("z")))
BP2_ENTRY = IndexSum("k", product(at(of("w", above), "k", "j"), at(of("δ", above), "k"), sigma_prime(at(of("z"), "j"))))

LOOKS = [
    # the equations
    (BP1, "∇_{aᴸ} J ⊙ σ′(zᴸ)", r"\nabla_{a^{L}} J \odot \sigma'(z^{L})",
     "np.multiply(nabla_{a^L} J, sigma_prime(z[L]))", "nabla_{a^L} J .* sigma'(z^L)"),
    (BP2, "(Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)", r"(W^{l+1})^{\top} \delta^{l+1} \odot \sigma'(z^{l})",
     "np.multiply(W[l+1].T @ delta[l+1], sigma_prime(z[l]))", "(W^{l+1})^T delta^{l+1} .* sigma'(z^l)"),
    (BP2_ENTRY, "Σₖ wˡ⁺¹ₖⱼ δˡ⁺¹ₖ σ′(zˡⱼ)", r"\sum_{k} w^{l+1}_{kj} \delta^{l+1}_{k} \sigma'(z^{l}_{j})",
     "sum_k w^{l+1}_{kj} delta^{l+1}_k sigma'(z^l_j)", "sum_k w^{l+1}_{kj} delta^{l+1}_k sigma'(z^l_j)"),
    (Derivative(J, of("W")), "∂J/∂Wˡ", r"\frac{\partial J}{\partial W^{l}}", "d(J)/d(W^l)", "d(J)/d(W^l)"),
    (Derivative(J, at(of("w"), "j", "k")), "∂J/∂wˡⱼₖ", r"\frac{\partial J}{\partial w^{l}_{jk}}",
     "d(J)/d(w^l_{jk})", "d(J)/d(w^l_{jk})"),
    (product(of("δ"), Transpose(of("a", below))), "δˡ (aˡ⁻¹)ᵀ", r"\delta^{l} (a^{l-1})^{\top}",
     "delta[l] @ a[l-1].T", "delta^l (a^{l-1})^T"),
    (product(one_over_m, LossDerivative(of("Z")), Transpose(of("A", below))), "1/m dZˡ (Aˡ⁻¹)ᵀ",
     r"\frac{1}{m} dZ^{l} (A^{l-1})^{\top}", "np.dot(1 / m, dZ[l]) @ A[l-1].T", "1/m dZ^l (A^{l-1})^T"),
    (Binary(Op.PLUS, product(of("W"), of("a", below)), of("b")), "Wˡ aˡ⁻¹ + bˡ", "W^{l} a^{l-1} + b^{l}",
     "W[l] @ a[l-1] + b[l]", "W^l a^{l-1} + b^l"),
    # names
    (of("W", Layer("", 2)), "W²", "W^{2}", "W[2]", "W^2"),
    (of("n", above), "nₗ₊₁", "n_{l+1}", "n[l+1]", "n_{l+1}"),
    (of("n", last), "n_L", "n_{L}", "n[L]", "n_L"),
    (of("n", Layer("L", -1)), "n_{L-1}", "n_{L-1}", "n[L-1]", "n_{L-1}"),
    (of("a", sample="i"), "a^{i,l}", "a^{i,l}", "a^{i,l}", "a^{i,l}"),
    (Symbol("η"), "η", r"\eta", "eta", "eta"),
    (Symbol("W1"), "W1", r"\mathrm{W1}", "W1", "W1"),
    (Symbol("rate"), "rate", r"\mathrm{rate}", "rate", "rate"),
    (at(x, "q"), "x_q", "x_{q}", "x_q", "x_q"),
    (at(Binary(Op.HADAMARD, x, y), "j"), "(x ⊙ y)ⱼ", r"(x \odot y)_{j}", "(x .* y)_j", "(x .* y)_j"),
    (Transpose(Symbol("W1")), "W1ᵀ", r"\mathrm{W1}^{\top}", "W1.T", "W1^T"),
    (Transpose(Transpose(x)), "(xᵀ)ᵀ", r"(x^{\top})^{\top}", "x.T.T", "(x^T)^T"),
    # numbers, fractions, powers
    (half, "0.5", "0.5", "0.5", "0.5"),
    (Number(Fraction(1, 3)), "(1/3)", r"\frac{1}{3}", "(1/3)", "(1/3)"),
    (Number(Fraction(5, 6)), "(5/6)", r"\frac{5}{6}", "(5/6)", "(5/6)"),
    (Number(Fraction(1, 80)), "0.0125", "0.0125", "0.0125", "0.0125"),
    (product(Binary(Op.OVER, number(1), number(2)), Power(Norm(x), number(2))), "1/2 ‖x‖²",
     r"\frac{1}{2} \lVert x \rVert^{2}", "np.dot(1 / 2, np.linalg.norm(x)^2)", "1/2 ||x||^2"),
    (Binary(Op.OVER, number(2), product(m, x)), "2 / (m x)", r"\frac{2}{m x}", "2 / np.dot(m, x)", "2 / (m x)"),
    (product(Binary(Op.OVER, x, y), m), "(x/y) m", r"\frac{x}{y} m", "np.dot(x / y, m)", "(x/y) m"),
    (Power(X, number(-1)), "X⁻¹", "X^{-1}", "X^{-1}", "X^{-1}"),
    (Power(of("a"), number(2)), "(aˡ)²", "(a^{l})^{2}", "(a[l])^2", "(a^l)^2"),
    (Power(x, number(2), elementwise=True), "x.^2", "x.^{2}", "x**2", "x.^2"),
    # functions and calls
    (Apply(Function("g", this, 1), of("z")), "g^{[l]}′(zˡ)", "g^{[l]}'(z^{l})", "g^{[l]}'(z[l])", "g^{[l]}'(z^l)"),
    (Apply(Function("σ", order=2), x), "σ′′(x)", r"\sigma''(x)", "sigma''(x)", "sigma''(x)"),
    (Apply(Function("tanh"), x), "tanh(x)", r"\tanh(x)", "np.tanh(x)", "tanh(x)"),
    (Apply(Function("sqrt"), x), "sqrt(x)", r"\sqrt{x}", "np.sqrt(x)", "sqrt(x)"),
    (Call("softmax", (X,), 0), "softmax(X, axis=0)", r"\operatorname{softmax}(X, axis=0)", "softmax(X, axis=0)",
     "softmax(X, axis=0)"),
    (Call("sum", (X,), 1, True), "sum(X, axis=1, keepdims=True)", r"\operatorname{sum}(X, axis=1, keepdims=True)",
     "np.sum(X, axis=1, keepdims=True)", "sum(X, axis=1, keepdims=True)"),
    (Call("ones", (m, of("n"))), "ones(m, nₗ)", r"\operatorname{ones}(m, n_{l})", "np.ones((m, n[l]))", "ones(m, n_l)"),
    (Call("eye", (m,)), "eye(m)", r"\operatorname{eye}(m)", "np.eye(m)", "eye(m)"),
    (Call("inv", (X,)), "inv(X)", r"\operatorname{inv}(X)", "np.linalg.inv(X)", "inv(X)"),
    (Call("max", (number(0), x)), "max(0, x)", r"\max(0, x)", "np.maximum(0, x)", "max(0, x)"),
    # sums and derivatives among other factors
    (IndexSum("i", at(x, "i"), m), "Σ_{i=1}^{m} xᵢ", r"\sum_{i=1}^{m} x_{i}", "sum_{i=1}^{m} x_i", "sum_{i=1}^{m} x_i"),
    (product(c, IndexSum("i", at(x, "i"))), "c Σᵢ xᵢ", r"c \sum_{i} x_{i}", "c sum_i x_i", "c sum_i x_i"),
    (product(IndexSum("i", at(x, "i")), c), "(Σᵢ xᵢ) c", r"\left(\sum_{i} x_{i}\right) c", "(sum_i x_i) c",
     "(sum_i x_i) c"),
    (product(Derivative(J, x), y), "∂J/∂x · y", r"\frac{\partial J}{\partial x} y", "d(J)/d(x) y", "d(J)/d(x) y"),
    (Derivative(Power(Norm(x), number(2)), x), "∂‖x‖²/∂x", r"\frac{\partial \lVert x \rVert^{2}}{\partial x}",
     "d(||x||^2)/d(x)", "d(||x||^2)/d(x)"),
    (Transpose(Derivative(x, y)), "(∂x/∂y)ᵀ", r"\left(\frac{\partial x}{\partial y}\right)^{\top}",
     "(d(x)/d(y)).T", "(d(x)/d(y))^T"),
    (Negation(product(one_over_m, IndexSum("i", at(x, "i")))), "−1/m Σᵢ xᵢ", r"-\frac{1}{m} \sum_{i} x_{i}",
     "-1/m sum_i x_i", "-1/m sum_i x_i"),
    # brackets
    (product(x, Binary(Op.PLUS, x, y)), "x · (x + y)", r"x \cdot (x + y)", "x @ (x + y)", "x (x + y)"),
    (product(number(2), number(3)), "2 · 3", r"2 \cdot 3", "np.dot(2, 3)", "2 (3)"),
    (Binary(Op.STAR, Negation(x), y), "−x * y", "-x * y", "-x * y", "-x * y"),
    (Binary(Op.MINUS, x, Binary(Op.MINUS, y, Negation(c))), "x − (y − (−c))", "x - (y - (-c))", "x - (y - (-c))",
     "x - (y - (-c))"),
    (Negation(product(x, y)), "−x y", "-x y", "-(x @ y)", "-x y"),
    (Binary(Op.QUOTIENT, Binary(Op.HADAMARD, x, y), c), "x ⊙ y ⊘ c", r"x \odot y \oslash c",
     "np.divide(np.multiply(x, y), c)", "x .* y ./ c"),
]  # fmt: skip
"""A formula in Unicode, LaTeX, NumPy and plain text."""


@pytest.mark.parametrize(("formula", "unicode", "latex", "numpy", "plain"), LOOKS, ids=[row[1] for row in LOOKS])
def test_every_spelling_looks_as_it_should(formula: Formula, unicode: str, latex: str, numpy: str, plain: str) -> None:
    assert write(formula) == unicode
    assert write(formula, Spelling.LATEX) == latex
    assert write(formula, Spelling.NUMPY) == numpy
    assert write(formula, Spelling.PLAIN) == plain


BRACKETS = [
    (of("W", above), "W^{[l+1]}", "W^{[l+1]}", "W^{[l+1]}"),
    (of("n", above), "n^{[l+1]}", "n^{[l+1]}", "n^{[l+1]}"),
    (at(of("δ"), "j"), "δ^{[l]}ⱼ", r"\delta^{[l]}_{j}", "delta^{[l]}_j"),
    (of("a", sample="i"), "a^{[l](i)}", "a^{[l](i)}", "a^{[l](i)}"),
    (product(one_over_m, LossDerivative(of("Z")), Transpose(of("A", below))), "1/m dZ^{[l]} A^{[l-1]ᵀ}",
     r"\frac{1}{m} dZ^{[l]} A^{[l-1]\top}", "1/m dZ^{[l]} A^{[l-1]T}"),
    (Apply(Function("g", this, 1), of("Z")), "g^{[l]}′(Z^{[l]})", "g^{[l]}'(Z^{[l]})", "g^{[l]}'(Z^{[l]})"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "unicode", "latex", "plain"), BRACKETS, ids=[row[1] for row in BRACKETS])
def test_bracket_notation(formula: Formula, unicode: str, latex: str, plain: str) -> None:
    assert write(formula, Spelling.UNICODE, "bracket") == unicode
    assert write(formula, Spelling.LATEX, "bracket") == latex
    assert write(formula, Spelling.PLAIN, "bracket") == plain


def test_only_a_known_scalar_makes_a_fraction_that_needs_no_brackets() -> None:
    k_over_m = Binary(Op.OVER, Symbol("k"), m)
    assert write(product(k_over_m, x)) == "(k/m) x"
    assert write(product(k_over_m, x), scalars={"k", "m"}) == "k/m x"
    assert write(Negation(product(one_over_m, x))) == "−1/m x"


def test_claims_and_reasons() -> None:
    claim = Claim((of("δ"), Derivative(J, of("z")), BP2), ("definition", None))
    assert write_claim(claim) == "δˡ = ∂J/∂zˡ  [definition] = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)"
    assert write_claim(Claim((x, y), ())) == "x = y"
    assert write_claim(Claim((x, y), ("given",), continues=True)) == "= y  [given]"
    assert write_claim(Claim((of("δ"), x)), Spelling.NUMPY) == "delta[l] = x"


def test_names_and_layers_by_themselves() -> None:
    assert write_symbol("W", above) == "Wˡ⁺¹"
    assert write_symbol("n", above, Spelling.UNICODE, "bracket") == "n^{[l+1]}"
    assert write_symbol("δ", above, Spelling.NUMPY) == "delta[l+1]"
    assert [write_layer(above, spelling) for spelling in Spelling] == ["ˡ⁺¹", "^{l+1}", "[l+1]", "^{l+1}"]
    assert write_layer(Layer("q")) == "^q"


def test_a_letter_without_a_raised_form_takes_its_whole_superscript_down() -> None:
    assert write(of("W", Layer("q", 1))) == "W^{q+1}"
    assert write(at(of("W"), "j", "q")) == "Wˡ_{jq}"
    assert write(at(x, "12", "3")) == "x_{12,3}"
