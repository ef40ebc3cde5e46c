"""Lines of a sheet: LANGUAGE, section 2."""

from __future__ import annotations

import pytest

from derivations.formula import (
    Assume,
    Claim,
    Declaration,
    Definition,
    Formula,
    Layer,
    LayoutChange,
    ShapeClaim,
    Statement,
    Unreadable,
    Use,
)
from derivations.reading import canonical_name, read_claim, read_statement, split_statements
from tests.reading.building import (
    NETWORK,
    SHEET,
    add,
    call,
    d,
    entry,
    f,
    grad,
    had,
    l,
    mul,
    n,
    over,
    s,
    sigma,
    sub,
    t,
)  # fmt: skip

M, N, K = s("m"), s("n"), s("k")
W, x, z, a = s("W"), s("x"), s("z", l), s("a", l)


def matrix(name: str, rows: Formula, columns: Formula, *properties: str, also: tuple[str, ...] = ()) -> Declaration:
    return Declaration(name, "quantity", rows, columns, properties, also)


def column(name: str, rows: Formula, *properties: str) -> Declaration:
    return Declaration(name, "quantity", rows, None, properties)


STATEMENTS: list[tuple[str, Statement]] = [
    ("W : m x n", matrix("W", M, N)),
    ("W:m × n", matrix("W", M, N)),
    ("W : mxn", matrix("W", M, N)),
    ("W : m×n", matrix("W", M, N)),
    ("W : m * n", matrix("W", M, N)),
    (r"W : m \times n", matrix("W", M, N)),
    ("W : (m, n)", matrix("W", M, N)),
    ("W : matrix m x n", matrix("W", M, N)),
    ("W ： m x n", matrix("W", M, N)),
    ("W ∈ R^{m×n}", matrix("W", M, N)),
    ("W ∈ ℝ^{m x n}", matrix("W", M, N)),
    ("W ∈ ℝᵐˣⁿ", matrix("W", M, N)),
    (r"W \in \mathbb{R}^{m \times n}", matrix("W", M, N)),
    (r"$W \in \mathbb R^{m\times n}$", matrix("W", M, N)),
    ("W, U : m x n", matrix("W", M, N, also=("U",))),
    ("W1 : n1 x n0", matrix("W1", s("n1"), s("n0"))),
    ("W : 3 x 4", matrix("W", n(3), n(4))),
    ("W : 3x4", matrix("W", n(3), n(4))),
    ("r : 1 x n", matrix("r", n(1), N)),
    ("r : row n", matrix("r", n(1), N)),
    ("x : n", column("x", N)),
    ("x : (n,)", column("x", N)),
    ("x : vector n", column("x", N)),
    ("x ∈ R^n", column("x", N)),
    ("x ∈ ℝⁿ", column("x", N)),
    ("x : n  # a column", column("x", N)),
    ("c : scalar", Declaration("c", "quantity")),
    ("c ∈ R", Declaration("c", "quantity")),
    ("α, β : scalar", Declaration("α", "quantity", also=("β",))),
    ("A : n x n symmetric", matrix("A", N, N, "symmetric")),
    ("A : n x n symmetric, invertible and positive", matrix("A", N, N, "symmetric", "invertible", "positive")),
    ("A ∈ R^{n×n} diagonal", matrix("A", N, N, "diagonal")),
    ("y : k sums to 1", column("y", K, "sums to 1")),
    ("y : k one-hot", column("y", K, "one-hot")),
    ("y : k binary", column("y", K, "binary")),
    ("Y : n x k rows sum to 1", matrix("Y", N, K, "rows sum to 1")),
    ("Y : n x k columns sum to one", matrix("Y", N, K, "columns sum to 1")),
    ("f : elementwise", Declaration("f", "function")),
    ("f : elementwise function", Declaration("f", "function")),
    ("C : loss", Declaration("C", "loss")),
    ("n_x : scalar", Declaration("n_x", "quantity")),
    ("W_1 : m x n", matrix("W_1", M, N)),
    ("W₁ : m x n", matrix("W_1", M, N)),
    ("delta2 : n", column("δ2", N)),
    (r"\delta2 : n", column("δ2", N)),
    (r"\hat{y} : n", column("ŷ", N)),
    ("T : n", column("T", N)),
    ("z := W x + y", Definition("z", add(mul(W, x), s("y")))),
    ("delta1 := x", Definition("δ1", x)),
    ("W_2 := W", Definition("W_2", W)),
    ("z ≔ x", Definition("z", x)),
    (r"z \coloneqq x", Definition("z", x)),
    ("layout numerator", LayoutChange("numerator")),
    ("layout denominator # from here on", LayoutChange("denominator")),
    ("use network", Use(())),
    (
        "use network loss=mse activation=sigmoid batch=m depth=3",
        Use((("loss", "mse"), ("activation", "sigmoid"), ("batch", "m"), ("depth", "3"))),
    ),
    ("use network, loss = softmax-ce, depth=2", Use((("loss", "softmax-ce"), ("depth", "2")))),
    ("assume y sums to 1", Assume("y", ("sums to 1",))),
    ("assume A is symmetric and invertible", Assume("A", ("symmetric", "invertible"))),
    ("assume delta2 positive", Assume("δ2", ("positive",))),
    ("x = W y", Claim((x, mul(W, s("y"))), (None,))),
]


@pytest.mark.parametrize(("text", "statement"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_statements(text: str, statement: Statement) -> None:
    assert read_statement(text, SHEET) == statement


def test_a_network_width_in_a_declaration() -> None:
    assert read_statement("U : n_l x n_{l-1}", NETWORK) == matrix("U", s("n", l), s("n", l.shifted(-1)))


def test_a_name_hides_the_letter_of_a_function() -> None:
    assert read_statement("loss := x", SHEET) == Definition("loss", x)
    assert read_statement("dW := x", SHEET) == Definition("dW", x)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("a^l = σ(z^l)", Claim((a, f("σ", z)), (None,))),
        ("a^l = σ(z^l) = a^l", Claim((a, f("σ", z), a), (None, None))),
        ("a^l ≡ σ(z^l)", Claim((a, f("σ", z)), (None,))),
        (r"a^l \equiv σ(z^l)", Claim((a, f("σ", z)), (None,))),
        ("a^l := σ(z^l)", Claim((a, f("σ", z)), (None,))),
        ("a^l == σ(z^l)", Claim((a, f("σ", z)), (None,))),
        ("a^l ＝ σ(z^l)", Claim((a, f("σ", z)), (None,))),
        ("= σ(z^l)", Claim((f("σ", z),), (None,), continues=True)),
        ("      = σ(z^l)  [forward pass]", Claim((f("σ", z),), ("forward pass",), continues=True)),
        ("= x [by W^{[l]}, twice] = y", Claim((s("x"), s("y")), ("by W^{[l]}, twice", None), continues=True)),
        ("a^l = σ(z^l) [a] = a^l [definition ≥ of a]", Claim((a, f("σ", z), a), ("a", "definition ≥ of a"))),
        ("z^{[l]} = W^{[l]} x", Claim((z, mul(s("W", l), x)), (None,))),
        ("z[l] = W [l] x", Claim((z, mul(s("W", l), x)), (None,))),
        ("x = W [l]", Claim((x, s("W", l)), (None,))),
        ("x = σ(x) [1]", Claim((x, f("σ", x)), ("1",))),
        ("x = 2 [x + y]", Claim((x, mul(n(2), add(x, s("y")))), (None,))),
        ("[x + y] = x", Claim((add(x, s("y")), x), (None,))),
        (r"$$x = y$$.", Claim((x, s("y")), (None,))),
        ("x = y,", Claim((x, s("y")), (None,))),
        (r"\begin{align} x &= y \\ &= x \end{align} \tag{1}", Claim((x, s("y"), x), (None, None))),
    ],
)
def test_claims(text: str, claim: Claim) -> None:
    assert read_claim(text, NETWORK) == claim


def test_claims_of_the_lecture_notes() -> None:
    """Three spellings as printed."""
    assert read_claim(r"\delta^{L} = \nabla_a J \odot \sigma’(z^L)", NETWORK).sides[1] == had(
        grad(s("J"), s("a")), f("σ", s("z", l._replace(base="L")), 1)
    )
    assert read_claim(r"dW^{[l]}=\frac{1}{m}dZ^{[l]}\cdot {A^{[l-1]}}^{T}", NETWORK).sides[1] == mul(
        over(n(1), M), read_claim("dZ^{[l]} = 0", NETWORK).sides[0], t(s("A", l.shifted(-1)))
    )
    assert read_claim(r"J_x = \frac{1}{2} |y-a^L |_2^2", NETWORK).sides[0] == entry(s("J"), "x")


# ---- splitting ----


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("x : n\ny : n", ["x : n", "y : n"]),
        ("x : n; y : n ;", ["x : n", "y : n"]),
        ("x : n  # one; two\n# nothing\n\n  y : n", ["x : n", "y : n"]),
        ("a = b\n  = c", ["a = b", "= c"]),
        ("a = b +\n c", ["a = b +\n c"]),
        ("a =\n b", ["a =\n b"]),
        ("a = b\n + c\n d = e", ["a = b\n + c", "d = e"]),
        ("a = b\n ⊙ c", ["a = b\n ⊙ c"]),
        ("a = (b\n + c)\nd = e", ["a = (b\n + c)", "d = e"]),
        ("a = (b\nd = e", ["a = (b", "d = e"]),
        ("a = (b\n\nd = e", ["a = (b", "d = e"]),
        ("a = b \\odot\nc", ["a = b \\odot\nc"]),
        ("a = b\n\\odot c", ["a = b\n\\odot c"]),
        ("a = \\frac{\\partial b}{\\partial\nc}", ["a = \\frac{\\partial b}{\\partial\nc}"]),
        ("a = b \\\\ c = d", ["a = b", "c = d"]),
        ("a &= b \\\\\n &= c", ["a &= b", "&= c"]),
        ("x : n\n-x = y", ["x : n", "-x = y"]),
        ("use network\n-x = y", ["use network", "-x = y"]),
        ("use network loss=mse, batch=m", ["use network loss=mse, batch=m"]),
        ("a = b, c = d", ["a = b", "c = d"]),
        ("a = b，c = d，e = f", ["a = b", "c = d", "e = f"]),
        ("a = f(b, c), d = e", ["a = f(b, c)", "d = e"]),
        ("W, U : m x n, x : n", ["W, U : m x n", "x : n"]),
        ("A : n x n symmetric, invertible", ["A : n x n symmetric, invertible"]),
        ("a = b [this, and c = d]", ["a = b [this, and c = d]"]),
        ("sum(X, axis=1) = b, c = d", ["sum(X, axis=1) = b", "c = d"]),
        (r"a\;=\;b", [r"a\;=\;b"]),
        ("$$\na = b\n$$", ["a = b"]),
        (r"\[ a = b \]", [r"\[ a = b \]"]),
        (r"a = \begin{bmatrix} 1 \\ 2 \end{bmatrix}", [r"a = \begin{bmatrix} 1 \\ 2 \end{bmatrix}"]),
        ("\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}", ["a &= b", "c &= d"]),
        ("W \\in R^{m \\times n}, x \\in R^n", ["W \\in R^{m \\times n}", "x \\in R^n"]),
        ("", []),
        ("\n # only a comment\n", []),
        (
            r"z^{[1]} = W^{[1]}x+b^{[1]}, a^{[1]}=g^{[1]}(z^{[1]})",
            ["z^{[1]} = W^{[1]}x+b^{[1]}", "a^{[1]}=g^{[1]}(z^{[1]})"],
        ),
    ],
)
def test_splitting(text: str, pieces: list[str]) -> None:
    found = split_statements(text)
    assert [piece for piece, _ in found] == pieces
    assert all(text[start : start + len(piece)] == piece for piece, start in found)


def test_a_comment_inside_a_statement_is_passed_over() -> None:
    ((piece, _),) = split_statements("x = W # the weights,\n + y")
    assert read_claim(piece, SHEET).sides[1] == add(W, s("y"))


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("delta", "δ"), ("delta2", "δ2"), (r"\delta_2", "δ_2"), ("δ2", "δ2"), ("delta_x", "δ_x"), (r"\hat{y}", "ŷ"),
        ("y\u0302", "ŷ"), ("W1", "W1"), ("W_{1}", "W_1"), ("W₁", "W_1"), ("deltax", "deltax"), ("sigmoid", "sigmoid"),
        ("lam", "lam"), ("lambda", "λ"), ("varepsilon", "ε"), ("𝛿", "δ"), ("", ""), (r"\hat{\delta}", "δ̂"),
    ],
)  # fmt: skip
def test_a_name_has_one_form(typed: str, name: str) -> None:
    assert canonical_name(typed) == name


def test_a_sheet_as_a_whole() -> None:
    sheet = "x : n; W : m x n\nz := W x   # a definition\n∂(W x)/∂x = Wᵀ  [by hand]\n  = Wᵀ"
    statements = [read_statement(piece, SHEET) for piece, _ in split_statements(sheet)]
    assert statements == [
        column("x", N),
        matrix("W", M, N),
        Definition("z", mul(W, x)),
        Claim((d(mul(W, x), x), t(W)), ("by hand",)),
        Claim((t(W),), (None,), continues=True),
    ]


def test_the_upper_limit_is_kept_as_typed() -> None:
    assert read_claim(r"x = \sum_{i=1}^{n_{out}} y_i", SHEET).sides[1] == sigma("i", entry(s("y"), "i"), s("n_out"))


def test_a_side_may_be_a_difference() -> None:
    assert read_claim("x - y = diag(x)", SHEET).sides == (sub(x, s("y")), call("diag", x))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("W :", "This declares W, but not its shape."),
        ("W : m x", "The formula ends after “x”."),
        ("W : -3", "“-” is not a shape."),
        ("W ∈ foo", "“foo” is not a shape."),
        ("W : m x n blue", "“blue” is not a known property."),
        ("f(x) : scalar", "“f(x)” cannot be a name."),
        ("Σ : n x n", "“Σ” cannot be a name."),
        ("x^l : n", "“x^l” cannot be a name."),
        ("use foo", "“foo” cannot be used."),
        ("use network loss", "“loss” cannot be used."),
        ("layout", "This names no layout."),
        ("layout one two", "This names no layout."),
        ("assume", "This assumes nothing."),
        ("assume y", "This assumes nothing."),
        ("assume y blue", "“blue” is not a known property."),
        ("x + y", "This claims nothing: it has no “=”."),
        ("z := ", "The formula ends after “:=”."),
    ],
)
def test_what_is_no_statement(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_statement(text, SHEET)
    assert told.value.message == message
    assert told.value.text == text


@pytest.mark.parametrize(
    "text", [r"W^l \in \mathbb{R}^{n_l \times n_{l-1}}", "W^l ∈ R^{n_l × n_{l-1}}", "W^l : n_l x n_{l-1}"]
)
def test_a_shape_is_claimed_of_what_has_one_already(text: str) -> None:
    claim = read_statement(text, NETWORK)
    assert isinstance(claim, ShapeClaim)
    assert (claim.of, claim.rows, claim.columns) == (s("W", l), s("n", l), s("n", Layer("l", -1)))


@pytest.mark.parametrize("font", ["mathrm", "text", "operatorname", "texttt", "mathtt"])
def test_a_function_of_a_module_may_stand_in_a_font(font: str) -> None:
    typed = rf"db^l = \frac{{1}}{{2}} \{font}{{np.sum}}(b^l, axis=1, keepdims=True)"
    plain = "db^l = \\frac{1}{2} np.sum(b^l, axis=1, keepdims=True)"
    assert read_claim(typed, NETWORK) == read_claim(plain, NETWORK)


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        (r"x = y \quad (2)", ["x = y"]),
        (r"x = y \qquad \text{(BP1)}", ["x = y"]),
        (r"x = y \hfill (2.1)", ["x = y"]),
        (r"x = y \quad y = x", ["x = y", "y = x"]),
        (r"x = y, \quad y = x", ["x = y", "y = x"]),
        (r"x = y \text{ where } y = 2 x", ["x = y", "y = 2 x"]),
        (r"x = y \textrm{ and } y = 2 x", ["x = y", "y = 2 x"]),
        (r"x = y \quad\text{for all } l", ["x = y"]),
        (r"x = y \quad \text{for } l < L", ["x = y"]),
        (r"x = y, \quad l = 1, \ldots, L", ["x = y"]),
        (r"x = y, l = L-1, …, 1", ["x = y"]),
        (r"x \quad = \quad y \quad + \quad z", [r"x \quad = \quad y \quad + \quad z"]),
        (r"x = \text{loss} y", [r"x = \text{loss} y"]),
        (r"x = y \quad \text{if } c > 0", [r"x = y \quad \text{if } c > 0"]),
        (r"x = y \quad c > 0", [r"x = y \quad c > 0"]),
        (r"x &= y & y &= x", ["x &= y", "y &= x"]),
        (r"x &= y \\ &= z", [r"x &= y", "&= z"]),
        (r"x \quad y", [r"x \quad y"]),
    ],
)  # fmt: skip
def test_what_stands_beside_formulas_is_no_part_of_them(text: str, statements: list[str]) -> None:
    assert [piece.strip("& ").rstrip(",") for piece, _ in split_statements(text)] == [s.strip("& ") for s in statements]


def test_a_condition_is_no_factor() -> None:
    with pytest.raises(Unreadable, match="only under a condition"):
        read_claim(r"x = y \text{ if c is positive}", SHEET)
