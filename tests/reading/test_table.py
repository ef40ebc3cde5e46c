"""Every cell of the table of LANGUAGE, section 1, and every word of the paragraphs below it."""

from __future__ import annotations

import pytest

from derivations.formula import Formula, Layer
from derivations.reading import read_formula
from tests.reading.building import (
    NETWORK,
    SHEET,
    A,
    J,
    L,
    W,
    X,
    Y,
    Z,
    a,
    add,
    call,
    d,
    entry,
    f,
    grad,
    had,
    l,
    loss_by,
    m,
    mul,
    n,
    neg,
    norm,
    over,
    power,
    quotient,
    s,
    sigma,
    star,
    t,
    x,
    y,
    z,
)  # fmt: skip

Wnext = s("W", l.shifted(1))

TABLE: list[tuple[str, Formula, list[str]]] = [
    ("layer", s("W", l), ["W^l", r"W^{l}", "Wˡ", "W^{[l]}", "W^{(l)}", "W[l]", "W[ l ]", r"\mathbf{W}^{l}", "W^ℓ",
                          r"W^{\ell}", "{W}^l", "W^[l]", "W [ l ]", r"W^{\left[l\right]}"]),
    ("shifted layer", Wnext, ["W^{l+1}", "Wˡ⁺¹", "W^{[l+1]}", "W^{(l+1)}", "W[l+1]", "W[l + 1]", "W^{1+l}",
        "W^(l+1)"]),
    ("last layer", s("a", L), ["a^L", "aᴸ", "a^{[L]}", "a[L]", "a^{(L)}"]),
    ("numbered layer", s("W", 2), ["W^{[2]}", "W^2", "W²", "W[2]", "W2", "W^{(2)}", "W^{1+1}"]),
    ("input layer", s("A", 0), ["A^{[0]}", "A[0]", "A^0", "A0"]),
    ("transpose", t(W), ["Wᵀ", "W^T", "W^{T}", r"W^{\top}", r"W^\top", r"W^{\intercal}", r"W^{\mathrm{T}}", "W.T",
        "W^⊤",
                         "(W)^T", "{W}^T", "np.transpose(W)", "W.transpose()", r"W^\mathrm{T}"]),
    ("transpose of a layer", t(Wnext), ["(W^{l+1})^T", "(Wˡ⁺¹)ᵀ", "Wˡ⁺¹ᵀ", "{W^{l+1}}^T", "W^{[l+1]T}", "W[l+1].T",
                                        r"W^{[l+1]\top}", "W^{l+1}{}^T", "{W^{[l+1]}}^{T}", "W^{[l+1]^T}"]),
    ("small letter", t(s("w", l.shifted(1))), ["{w^{l+1}}^T", "(w^{l+1})ᵀ"]),
    ("product", mul(W, x), ["W x", "Wx", "W·x", "W @ x", r"W \cdot x", "np.dot(W, x)", "W.dot(x)", "np.matmul(W, x)",
                            "numpy.dot(W,x)", "W(x)", "(W)(x)", r"\mathbf{W}\mathbf{x}", "W ⋅ x", "W × x",
        r"W\times x",
                            "W • x", "𝑊𝑥"]),
    ("Hadamard", had(x, y), ["x ⊙ y", "x .* y", "x ∘ y", r"x \odot y", r"x \circ y", "np.multiply(x, y)"]),
    ("star", star(x, y), ["x * y", "x*y", "x ∗ y", r"x \ast y", "x ＊ y"]),
    ("elementwise quotient", quotient(x, y), ["x ⊘ y", "x ./ y", r"x \oslash y", "np.divide(x, y)"]),
    ("over", over(x, m), ["x/m", "x / m", r"\frac{x}{m}", r"\dfrac{x}{m}", r"\tfrac{x}{m}", "x ÷ m", r"\frac xm"]),
    ("elementwise power", power(x, n(2), each=True), ["x.^2", "x**2", "x .^ 2", "np.square(x)", "np.power(x, 2)",
        "x.^{2}"]),
    ("function", f("σ", z), ["σ(z)", "sigma(z)", r"\sigma(z)", "σ (z)", r"\sigma\left(z\right)", "σ（z）",
        r"{\sigma}(z)"]),
    ("derivative of a function", f("σ", z, 1), [
        "σ'(z)", "σ′(z)", "σ’(z)", "sigma'(z)", r"\sigma'(z)", r"\sigma^{\prime}(z)", r"\sigma^\prime(z)", "σ^{‘}(z)",
        r"\sigma^{'}(z)", "sigma_prime(z)", "dsigma(z)", "σ`(z)", "σ´(z)", r"{\sigma}’(z)", r"\sigma{'}(z)", "dσ(z)",
        r"\boldsymbol{\sigma}'(z)",
    ]),
    ("second derivative of a function", f("σ", z, 2), ["σ''(z)", "σ″(z)", r"\sigma^{\prime\prime}(z)", "σ′′(z)"]),
    ("layer's own function", f("g", Z, 1, l), ["g^{[l]}'(Z)", "g^{[l]}{'}(Z)", "g^{[l]'}(Z)", "g^{[l]^{'}}(Z)",
                                               "{g^{[l]}}'(Z)", "g[l]'(Z)", r"g^{[l]\prime}(Z)"]),
    ("named function", f("sigmoid", z, 1), ["sigmoid'(z)", "sigmoid_prime(z)", "dsigmoid(z)",
        r"\operatorname{sigmoid}'(z)"]),
    ("partial derivative", d(J, s("W", l)), [
        "∂J/∂W^l", "d(J)/d(W^l)", r"\frac{\partial J}{\partial W^l}", r"\partial J / \partial W^l", "∂(J)/∂(W^l)",
        "dJ/dW^l", "dJ/dW^{[l]}", r"\frac{dJ}{dW^{[l]}}", r"\frac{d J}{d W^l}", "d J/d W^l",
        r"\frac{\mathrm{d}J}{\mathrm{d}W^{l}}", "∂/∂W^l (J)", r"\frac{\partial}{\partial W^l} J", "∂ J / ∂ W^l",
        r"\dfrac{\partial J}{\partial W^{l}}",
    ]),
    ("derivative by an entry", d(J, entry(s("W", l), "j", "k")), [
        "∂J/∂W^l_{jk}", r"\partial J / \partial W^l_{jk}", r"\frac{\partial J}{\partial W_{jk}^l}", "∂J/∂Wˡⱼₖ",
    ]),
    ("derivative of an entry", d(entry(s("a", L), "k"), entry(s("z", L), "j")), [
        "∂a^L_k/∂z^L_j", r"\frac{\partial a^L_k}{\partial z^L_j}", r"\partial a^L_k / \partial z^L_j", "∂aᴸₖ/∂zᴸⱼ",
    ]),
    ("derivative of a norm", d(power(norm(x), n(2)), x), ["∂‖x‖²/∂x", "∂(‖x‖²)/∂x",
        r"\frac{\partial \|x\|^2}{\partial x}"]),
    ("derivative of a function's value", d(f("σ", z), z), ["∂σ(z)/∂z", "dσ(z)/dz", r"\frac{d\sigma(z)}{dz}"]),
    ("derivative of the loss", loss_by("W", l), ["dW^{[l]}", "dW^l", "dW[l]", r"\mathrm{d}W^{[l]}", "d W^l"]),
    ("numbered derivative of the loss", loss_by("Z", 2), ["dZ^{[2]}", "dZ2", "dZ[2]"]),
    ("gradient", grad(J, s("a", L)), ["∇_{a^L} J", "∇_{a^{[L]}} J", r"\nabla_{a^L} J", "∇_a^L J", "nabla_{a^L} J"]),
    ("gradient without a layer", grad(J, a), ["∇_a J", r"\nabla_a J", r"\nabla_{a} J", "∇ₐ J", "∇_a(J)"]),
    ("matrix entry", entry(s("W", l), "j", "k"), ["W^l_{jk}", "W_{jk}^l", "W^{[l]}_{j,k}", "Wˡⱼₖ", "W_{j k}^l",
        "W_jk^l",
                                                  "W[l]_{jk}", r"W^{l}_{jk}"]),
    ("vector entry", entry(s("δ", l), "j"), ["δ^l_j", "δ_j^l", "δˡⱼ", r"\delta^l_j", r"\delta_{j}^{l}", "delta^l_j"]),
    ("entry of a bracket", entry(had(x, y), "j"), ["(x ⊙ y)_j", "(x ⊙ y)ⱼ", r"\left(x \odot y\right)_{j}"]),
    ("entry of a function's value", entry(f("σ", s("z", L)), "i"), ["σ_i(z^L)", "σ(z^L)_i", r"\sigma(z^L)_{i}"]),
    ("numbered entry", entry(s("w", 3), "2", "4"), ["w_{24}^3", "w^3_{24}", "w_{2,4}^3", "w_{2 4}^{[3]}", "w³₂₄"]),
    ("mixed entry", entry(s("w", l.shifted(1)), "n", "1"), ["w_{n1}^{l+1}", "w^{l+1}_{n,1}"]),
    ("tenth entry", entry(y, "10"), ["y_{10}", "y_10", "y₁₀"]),
    ("sum over an index", sigma("k", entry(x, "k")), ["Σ_k x_k", "sum_k x_k", r"\sum_k x_k", "Σₖ xₖ", r"\sum_{k} x_k",
                                                      r"\sum\limits_{k} x_k", "∑_k x_k", r"\sum\nolimits_k x_k"]),
    ("sum up to", sigma("k", entry(x, "k"), s("n")), [r"\sum_{k=1}^{n} x_k", r"\sum_{k=1}^n x_k", "Σ_{k=1}^n x_k",
                                                      r"\sum^{n}_{k=1}x_k", "sum_{k=1}^n x_k"]),
    ("sum up to a width", sigma("k", entry(x, "k"), s("n", l)), [r"\sum_{k=1}^{n_l} x_k",
        r"\sum_{k=1}^{n^{[l]}} x_k"]),
    ("double sum", sigma("j", sigma("k", entry(W, "j", "k"))), ["Σ_{j,k} W_{jk}", r"\sum_{jk} W_{jk}", "Σⱼₖ Wⱼₖ",
                                                                "Σ_j Σ_k W_{jk}", "sum_jk W_jk"]),
    ("sum of entries", call("sum", X), ["sum(X)", "np.sum(X)", "np. sum(X)", "X.sum()", r"\operatorname{sum}(X)"]),
    ("sum along an axis", call("sum", X, axis=1), ["sum(X, axis=1)", "np.sum(X,axis=1)", "X.sum(axis=1)",
        "np.sum(X, 1)",
                                                   "np.sum(X, axis = 1)", "X.sum(1)"]),
    ("sum that keeps", call("sum", X, axis=1, keepdims=True), ["np.sum(X, axis=1, keepdims=True)",
        "X.sum(axis=1, keepdims=True)"]),
    ("norm", norm(x), ["‖x‖", "||x||", "||x||_2", r"\lVert x \rVert", r"\|x\|", r"\left\| x \right\|_2", "|x|_2",
        "∥x∥",
                       "np.linalg.norm(x)", r"\Vert x \Vert", r"\|x\|_F", "||x||_{2}"]),
    ("norm squared", power(norm(x), n(2)), ["‖x‖²", "||x||^2", "||x||_2^2", "|x|_2^2", r"\lVert x \rVert^2",
                                            r"\|x\|_2^2", r"\left\| x \right\|^{2}"]),
    ("sum of squares", call("sumsq", X), ["sumsq(X)"]),
    ("fraction", over(n(1), m), ["1/m", r"\frac{1}{m}", "1 / m", r"\frac1m"]),
    ("half", over(n(1), n(2)), [r"\frac{1}{2}", r"\frac12", "1/2"]),
    ("half of x", mul(over(n(1), n(2)), x), ["1/2 x", r"\frac{1}{2} x", r"\frac12x", "1/2 · x", "(1/2)x"]),
    ("decimal", n("1/2"), ["0.5", ".5", "½", "0.50", "０．５"]),
    ("trace", call("tr", X), ["tr(X)", "trace(X)", "np.trace(X)", r"\mathrm{tr}(X)", "Tr(X)", "tr X", "X.trace()",
                              r"\operatorname{tr}(X)"]),
    ("determinant", call("det", X), ["det(X)", r"\det(X)", "np.linalg.det(X)", r"\det X"]),
    ("inverse", call("inv", X), ["inv(X)", "np.linalg.inv(X)"]),
    ("minus first power", power(X, n(-1)), ["X^{-1}", "X⁻¹", "X^-1"]),
    ("inverse transpose", t(power(X, n(-1))), ["X^{-T}", "(X^{-1})^T", "X⁻¹ᵀ"]),
    ("diag", call("diag", x), ["diag(x)", "np.diag(x)", r"\operatorname{diag}(x)"]),
    ("ones", call("ones", m, s("n")), ["ones(m, n)", "np.ones((m, n))", "ones((m,n))", "1_{m,n}"]),
    ("column of ones", call("ones", s("n"), n(1)), ["1_n", "ones(n)", "1ₙ", r"\mathbf{1}_n", "𝟙_n", r"\mathbb{1}_n",
        "1_{n}",
                                                    "ones(n, 1)"]),
    ("column of a layer's width", call("ones", s("n", l), n(1)), ["1_{n_l}", r"\mathbf{1}_{n_l}", "1_{n^{[l]}}"]),
    ("zeros", call("zeros", m, n(1)), ["np.zeros((m, 1))", "zeros(m, 1)"]),
    ("identity", call("eye", s("n")), ["eye(n)", "np.eye(n)", "I_n", "I_{n}", "Iₙ", "np.identity(n)"]),
    ("mean of a row", call("mean", X, axis=1), ["mean(X, axis=1)", "np.mean(X, axis=1)", "X.mean(axis=1)"]),
    ("maximum", call("max", n(0), z), ["max(0, z)", "np.maximum(0, z)", r"\max(0, z)", r"\max\{0, z\}"]),
    ("softmax", call("softmax", x), ["softmax(x)", r"\operatorname{softmax}(x)", r"\mathrm{softmax}(x)"]),
    ("softmax per column", call("softmax", X, axis=0), ["softmax(X, axis=0)"]),
    ("diagonal matrix of the derivative", call("diag", f("σ", s("z", L), 1)), ["Σ'(z^L)", r"\Sigma’(z^L)",
        "Sigma'(z^L)",
                                                                               r"\Sigma^{\prime}(z^L)"]),
    ("logarithm", f("log", x), ["log(x)", "ln(x)", r"\log x", r"\ln(x)", "np.log(x)", "log x", r"\log{x}"]),
    ("logarithm of a decimal", f("log", n("9/10")), ["log0.9", "log 0.9", "log(0.9)"]),
    ("exponential", f("exp", neg(z)), ["exp(-z)", r"\exp(-z)", "np.exp(-z)", r"\exp{-z}", "e^{-z}"]),
    ("absolute value", f("abs", x), ["abs(x)", "|x|", r"\lvert x \rvert", "np.abs(x)", r"\left| x \right|"]),
    ("root", f("sqrt", x), ["sqrt(x)", r"\sqrt{x}", "√x", "np.sqrt(x)"]),
    ("outer product", mul(x, t(y)), ["np.outer(x, y)", "x yᵀ", "xy^T", "x @ y.T"]),
    ("width of a layer", s("n", l), ["n_l", "n_{l}", "nₗ", "n^{[l]}", "n^l", "n[l]"]),
    ("width of the next layer", s("n", l.shifted(1)), ["n_{l+1}", "nₗ₊₁", "n^{[l+1]}"]),
    ("width of the input", s("n_in"), ["n_in", "n_{in}", r"n_{\mathrm{in}}", r"n_{\text{in}}"]),
    ("width of the output", s("n_out"), ["n_out", "n_{out}", "{n_{out}}"]),
    ("sample", s("a", l, "i"), ["a^{i,l}", "a^{i, l}", "a^{[l](i)}"]),
    ("sample of the layer below", s("a", l.shifted(-1), "i"), ["a^{i, l-1}", "a^{i,l-1}", "a^{[l-1](i)}"]),
    ("sample without a layer", s("x", None, "i"), ["x^{(i)}"]),
    ("estimate", s("ŷ"), ["ŷ", r"\hat{y}", r"\hat y", "y_hat", "yhat", "y\u0302", r"\widehat{y}"]),
    ("power of a layer", power(s("a", L), n(2)), ["(a^L)^2", "(a^{[L]})²", "{(a^L)}^2"]),
    ("entry squared", power(entry(x, "i"), n(2)), ["x_i^2", "x_i²", "x^2_i", "(x_i)^2"]),
    ("Greek", s("δ"), ["δ", "delta", r"\delta", "𝛿", r"\mathbf{\delta}"]),
    ("epsilon", s("ε"), ["ε", "epsilon", r"\epsilon", r"\varepsilon", "ϵ"]),
]  # fmt: skip

CELLS = [(text, formula) for _, formula, texts in TABLE for text in texts]


@pytest.mark.parametrize(("text", "formula"), CELLS, ids=[text for text, _ in CELLS])
def test_each_spelling_is_the_same_formula(text: str, formula: Formula) -> None:
    assert read_formula(text, NETWORK) == formula


MIXED = had(mul(t(Wnext), s("δ", l.shifted(1))), f("σ", s("z", l), 1))


@pytest.mark.parametrize(
    "text",
    [
        r"((W^{l+1})^T \delta^{l+1}) \odot \sigma’(z^{l})",
        "((W^{l+1})^T \\delta^{l+1}) \\odot\n\\sigma’(z^{l})",
        "(Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)",
        "W^{[l+1]T} delta[l+1] .* sigma'(z^l)",
        "np.multiply(W[l+1].T @ delta[l+1], sigma_prime(z[l]))",
        r"{W^{l+1}}^\top · δ^{l+1} ∘ \sigma^{\prime}\left(z^{[l]}\right)",
        r"$(W^{l+1})^T\,\delta^{l+1} \; \odot \; \sigma'\!\left(z^{l}\right)$",
    ],
)
def test_spellings_may_be_mixed(text: str) -> None:
    assert read_formula(text, NETWORK) == MIXED


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        (r"\left( x \right) \, y \quad z", mul(x, y, z)),
        (r"\displaystyle x~y", mul(x, y)),
        ("x\u00a0y\u200b", mul(x, y)),
        (r"\big( x + y \Big)", add(x, y)),
        (r"\underbrace{W x}_{n \times 1 \ of\ all} + y", add(mul(W, x), y)),
        (r"\overbrace{x}^{\text{note ≥ 1}} y", mul(x, y)),
        (r"\underbrace{W^{[2]T} dz^{[2]}}_{(n^{[1]},m)} \quad * \quad y", star(mul(t(s("W", 2)), loss_by("z", 2)), y)),
        (r"\left\{ x + y \right\}", add(x, y)),
        (r"\left[ x + y \right] z", mul(add(x, y), z)),
        (r"\text{diag}(x)", call("diag", x)),
        (r"x \label{eq:1} \tag{BP1} \nonumber", x),
        ("[x + y] z", mul(add(x, y), z)),
        (r"\begin{aligned} x &+ y \end{aligned}", add(x, y)),
        ("x  # a comment", x),
        ("（x＋y）＊z", star(add(x, y), z)),
        ("$$ x $$", x),
        (r"\( x \)", x),
        (r"\[ x \]", x),
    ],
)
def test_typesetting_is_read_through(text: str, formula: Formula) -> None:
    assert read_formula(text, NETWORK) == formula


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("W1", s("W1")),
        ("W_1", s("W_1")),
        ("W_{1}", s("W_1")),
        ("n_x", s("n_x")),
        ("Wx", mul(s("W"), s("x"))),
        ("W1x", mul(s("W1"), s("x"))),
        ("cWx", mul(s("c"), s("W"), s("x"))),
        ("Wx+y", add(mul(s("W"), s("x")), s("y"))),
        ("delta2", s("δ2")),
        (r"\delta2", s("δ2")),
        ("Wq", s("Wq")),
        ("foo", s("foo")),
        ("x2", s("x2")),
        ("w_{jk}", entry(s("w"), "j", "k")),
        ("w_jk x_k", mul(entry(s("w"), "j", "k"), entry(s("x"), "k"))),
        ("w_ix_i", mul(entry(s("w"), "i"), entry(s("x"), "i"))),
        ("x^2", power(s("x"), n(2))),
        ("x^n", power(s("x"), s("n"))),
        ("x^{n}y", mul(power(s("x"), s("n")), s("y"))),
        ("x^Ty", mul(t(s("x")), s("y"))),
        ("f'(x)", f("f", s("x"), 1)),
        ("Wf(x)", mul(s("W"), f("f", s("x")))),
        ("C(W x)", f("C", mul(s("W"), s("x")))),
        ("d x", mul(s("d"), s("x"))),
        ("d/2 x", mul(over(s("d"), n(2)), s("x"))),
        ("dW", mul(s("d"), s("W"))),
        ("dq", s("dq")),
        ("x_{test}", s("x_test")),
        ("λ", s("λ")),
        ("lambda", s("λ")),
    ],
)
def test_the_names_of_a_sheet(text: str, formula: Formula) -> None:
    assert read_formula(text, SHEET) == formula


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("wx+b", add(mul(s("w"), x), s("b"))),
        ("W^la^{l-1}", mul(s("W", l), s("a", l.shifted(-1)))),
        (r"\sum_{i=1}^mw_ix_i + b", add(sigma("i", mul(entry(s("w"), "i"), entry(x, "i")), m), s("b"))),
        ("dWx", mul(loss_by("W"), x)),
        ("adW^{[1]}", mul(a, loss_by("W", 1))),
        ("dZ^{[l]T}", t(loss_by("Z", l))),
        ("dW^{[l]}_{jk}", entry(loss_by("W", l), "j", "k")),
        ("J_x", entry(J, "x")),
        ("2x", mul(n(2), x)),
        ("e", s("e")),
        ("T", s("T")),
    ],
)
def test_the_names_of_the_network(text: str, formula: Formula) -> None:
    assert read_formula(text, NETWORK) == formula


def test_a_layer_number_is_a_value() -> None:
    assert read_formula("W^{L-1}", NETWORK) == s("W", Layer("L", -1))
    assert read_formula("A Y", NETWORK) == mul(A, Y)
