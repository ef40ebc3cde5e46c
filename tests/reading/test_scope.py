"""How far the operators reach that stand before a product, and what a slash divides by: as in print."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from derivations.formula import Formula, Unreadable
from derivations.reading import read_claim, read_formula, read_statement, split_statements
from derivations.setting import Setting

SHEET = "x : n; y : n; c : scalar; s : scalar; A : n x n; B : n x n; k := c^2; h := A x; f : elementwise; C : loss"


def setting(sheet: str) -> Setting:
    known = Setting()
    for piece, _ in split_statements(sheet):
        known = known.extended(read_statement(piece, known.vocabulary))
    return known


KNOWN = setting(SHEET).vocabulary


def read(text: str) -> Formula:
    return read_formula(text, KNOWN)


NUMBERS = ["c", "s", "2", "k", "n", "‖x‖", "x_1", "tr(A)", "(x^T y)", "(1+c)", "exp(-c)", r"\sqrt{n}", "sum(x)"]
FACTORS = [*NUMBERS, "x", "y^T", "A", "A^T", "(x-y)^T", "(A + B)", "f(x)", r"\frac{x}{2}", "h", "x_j^2"]
JOINTS = [" ", " ", " · ", "/", " * ", " @ "]
products = st.lists(st.tuples(st.sampled_from(JOINTS), st.sampled_from(FACTORS)), min_size=1, max_size=5).map(
    lambda pieces: "".join([pieces[0][1], *(joint + factor for joint, factor in pieces[1:])])
)
juxtaposed = st.lists(st.sampled_from([*NUMBERS, "x", "y^T", "A", "(A + B)", "x_j^2"]), min_size=1, max_size=4).map(
    " ".join
)

plain = st.lists(
    st.sampled_from(["c", "2", "k", "‖x‖", "x_1", "(1+c)", "A", "y^T", "(A + B)"]), min_size=1, max_size=4
).map(" ".join)


PREFIXES = [
    "∂/∂c", "∂/∂x", "d/dc", "d/dx", "∂_x", "∇_x", "Σ_j",
    r"\partial_x", r"\frac{\partial}{\partial x}", r"\frac{d}{dx}", r"\nabla_x", r"\nabla_{x}",
]  # fmt: skip
few = settings(max_examples=30, deadline=None)


@pytest.mark.parametrize("prefix", PREFIXES)
@few
@given(products, products)
@example("(c) c", "x")
@example("1/(1+c)", "x")
@example("(x-y)^T (x-y)", "x")
@example("c * c", "x")
def test_an_operator_before_a_product_takes_all_of_it(prefix: str, product: str, more: str) -> None:
    assert read(f"{prefix} {product}") == read(f"{prefix} ({product})")
    assert read(f"{prefix} {product} + {more}") == read(f"({prefix} ({product})) + {more}")
    assert read(f"{more} - {prefix} {product}") == read(f"{more} - ({prefix} ({product}))")


@few
@given(products, products)
def test_a_gradient_ends_at_a_hadamard_product(product: str, more: str) -> None:
    assert read(f"∇_x {product} ⊙ {more}") == read(f"(∇_x ({product})) ⊙ {more}")


@few
@given(products, products)
def test_a_derivative_before_a_hadamard_product_is_read_in_both_ways(product: str, more: str) -> None:
    text = f"∂/∂x {product} ⊙ {more} = 0"
    claim = read_claim(text, KNOWN)
    at = text.index("⊙")
    assert at in {fork.at for fork in claim.forks}
    assert claim.sides[0] == read(f"(∂/∂x ({product})) ⊙ {more}")
    other = read_claim(text, KNOWN, frozenset({at}))
    assert other.sides[0] == read(f"∂/∂x (({product}) ⊙ ({more}))")


@pytest.mark.parametrize("name", ["tr", r"\mathrm{tr}", "det", r"\det", "log", r"\log", "exp", "tanh", "sum", "inv"])
@few
@given(plain, st.sampled_from(["+ c", "- A", "⊙ y", "/ c", "* x", "= 0"]))
@example("A B", "+ c")
@example("2 s", "+ c")
def test_a_function_without_brackets_takes_the_product_next_to_it(name: str, product: str, behind: str) -> None:
    assume(not product.startswith("("))
    sides = read_claim(f"{name} {product} {behind}" + ("" if "=" in behind else " = 0"), KNOWN).sides
    assert sides == read_claim(f"({name}({product})) {behind}" + ("" if "=" in behind else " = 0"), KNOWN).sides


@pytest.mark.parametrize("first", ["tr", "det", "log", "exp", "f"])
@pytest.mark.parametrize("second", ["tr", "det", "exp", "Σ_j", "∂/∂c", "np.log"])
def test_it_ends_where_the_next_one_begins(first: str, second: str) -> None:
    behind = "c" if second == "∂/∂c" else "(x_j)" if second == "Σ_j" else "(A)"
    given = "(A B)" if first == "f" else " A B"
    assert read(f"{first}{given} {second}{behind}") == read(f"({first}(A B)) ({second}{behind})")


@pytest.mark.parametrize("name", ["tr", "det", "log", "exp", "f"])
def test_with_brackets_it_takes_just_these(name: str) -> None:
    assert read(f"{name}(A) B") == read(f"({name}(A)) B")


@few
@given(st.sampled_from(["1", "c", "x", "A", "tr(A)", "x_j", "r"]), st.sampled_from(NUMBERS), juxtaposed)
@example("1", "‖x‖", "x")
@example("1", "(x^T y)", "x")
@example("x", "2", "c")
@example("x_j", "n", "x_j^2")
def test_a_slash_before_a_factor_divides_by_the_number_next_to_it(above: str, below: str, factors: str) -> None:
    known = setting(f"{SHEET}; r := 1/sqrt(c^2 + 1)").vocabulary
    assert read_formula(f"{above}/{below} {factors}", known) == read_formula(f"({above}/{below}) {factors}", known)


@few
@given(st.sampled_from(["1", "c", "x"]), st.sampled_from(["x", "h", "A", "y^T"]), juxtaposed)
def test_where_that_is_no_number_it_divides_by_the_product(above: str, below: str, factors: str) -> None:
    assert read(f"{above}/{below} {factors}") == read(f"{above}/({below} {factors})")


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("1/2k x", "(1/(2 k)) x"),
        ("1/2c x", "(1/(2 c)) x"),
        ("1/2x", "(1/2) x"),
        ("x y^T/x^T y", "x y^T/(x^T y)"),
        ("x · y", "xᵀ y"),
        ("2 x · y", "(2 x)ᵀ y"),
        ("h · (x + y)", "hᵀ (x + y)"),
        ("x_j · y_j", "x_j y_j"),
        ("A · x", "A x"),
        ("∂ x^T A y/∂A", "∂(x^T A y)/∂A"),
        ("d x^T x/dx", "∂(x^T x)/∂x"),
        ("d‖x‖/dx", "∂‖x‖/∂x"),
        ("∂c/∂c s", "(∂c/∂c) s"),
        ("x · A y", "xᵀ (A y)"),
        ("x · y A", "(xᵀ y) A"),
        ("1_n · x", "1_nᵀ x"),
        ("(I_n x) · y", "(I_n x)ᵀ y"),
        ("1/(1_n^T x) y", "(1/(1_n^T x)) y"),
        ("|A I_n|", "det(A I_n)"),
        ("|A|", "det(A)"),
        ("|A B^T|", "det(A B^T)"),
        ("|A - c B|", "det(A - c B)"),
        ("|c|", "abs(c)"),
        ("|x|", "abs(x)"),
        ("|x^T y|", "abs(x^T y)"),
        ("A_{pi}", "A_{p,i}"),
        ("A_mu", "A_{m,u}"),
        ("(A B)_{xi}", "(A B)_{x,i}"),
        (r"A_{\pi}", "A_π"),
        ("x_{mu}", "x_μ"),
        ("Σ_{pi} A_{pi}", "Σ_{p,i} A_{p,i}"),
        ("Σ_pi A_pi", "Σ_{p,i} A_{p,i}"),
        ("Σ_{mu} x_{mu}", "Σ_{μ} x_{μ}"),
        ("∇_x C x^T", "(∇_x C) x^T"),
    ],
)  # fmt: skip
def test_what_print_means(text: str, means: str) -> None:
    known = KNOWN if "C x" not in text else setting("x : n; C := ‖x‖²").vocabulary
    assert read_formula(text, known) == read_formula(means, known)


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("1/c s", False), ("1/2 c", False), ("1/n tr(A)", False), ("x/y s", False), ("∂/∂c f(c) ⊙ s", True),
    ],
)  # fmt: skip
def test_where_print_leaves_two_readings_open(text: str, even: bool) -> None:
    (fork,) = read_claim(f"{text} = 0", KNOWN).forks
    assert fork.even is even


@pytest.mark.parametrize("text", ["1/c x", "1/(c) s", "c/(s x)", r"\frac{1}{c} s", "(1/c) s", "1/2c", "x/2 y", "A/c x"])
def test_where_it_leaves_none(text: str) -> None:
    assert read_claim(f"{text} = 0", KNOWN).forks == ()


def test_an_operator_in_front_of_nothing_is_told() -> None:
    for text in ("∂/∂x", "∇_x", "∂_x", "Σ_j", "∂/∂x ⊙ c"):
        with pytest.raises(Unreadable):
            read(text)
