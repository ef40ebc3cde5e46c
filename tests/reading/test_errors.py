"""What the reader is told: the wording, and where the caret stands."""

from __future__ import annotations

import pytest

from derivations.formula import Unreadable, Vocabulary, walk
from derivations.reading import messages, read_claim, read_formula
from derivations.reading.messages import Message
from tests.reading.building import NETWORK, SHEET

DOTTED = "stand for something left out, and what is left out cannot be checked."

TOLD = [
    ("σ' = x", "σ'", "σ′ is a function: it needs its argument, σ′(z).", ""),
    (
        "x = g^{[1]'} * (z)",
        "g^{[1]'}",
        "g^{[1]}′ is a function: it needs its argument, g^{[1]}′(z).",
        "",
    ),
    (r"x = {\sigma}’\cdot y", r"{\sigma}’", "σ′ is a function: it needs its argument, σ′(z).", ""),
    ("x = exp * y", "exp", "exp is a function: it needs its argument, exp(z).", ""),
    ("x = log", "log", "log is a function: it needs its argument, log(z).", ""),
    ("x = σ^2", "σ^2", "σ is a function: it has no power and no transpose.", "Raise its value: σ(z)^2."),
    ("x = σ^T(z)", "σ^T", "σ is a function: it has no power and no transpose.", "Raise its value: σ(z)^2."),
    ("x = y'", "'", "y is not a function, so a prime behind it means nothing.", "The transpose of y is yᵀ."),
    ("x ≈ y", "≈", "“≈” cannot be checked: only an equation, with “=”, can.", "Write the claim with =."),
    (r"x \approx y", r"\approx", r"“\approx” cannot be checked: only an equation, with “=”, can.",
        "Write the claim with =."),
    ("x <= y", "<=", "“<=” cannot be checked: only an equation, with “=”, can.", "Write the claim with =."),
    (r"x \Rightarrow y", r"\Rightarrow", r"“\Rightarrow” cannot be checked: only an equation, with “=”, can.",
        "Write the claim with =."),
    (
        r"x = y + \dots",
        r"\dots",
        rf"Dots, “\dots”, {DOTTED}",
        "Write a sum with an index, as in Σ_k x_k, or one entry, as in x_j.",
    ),
    ("x = y + …", "…", f"Dots, “…”, {DOTTED}", "Write a sum with an index, as in Σ_k x_k, or one entry, as in x_j."),
    ("x = y + ...", "...", f"Dots, “...”, {DOTTED}",
     "Write a sum with an index, as in Σ_k x_k, or one entry, as in x_j."),
    (
        r"x = \begin{bmatrix} 1 \end{bmatrix}",
        r"\begin{bmatrix}",
        r"A drawn array, “\begin{bmatrix}”, cannot be checked.",
        "Write one entry of it, as in W_{jk}, or a name for the whole.",
    ),
    ("x = Σ y", "Σ", "Σ does not say what it runs over.", "Write Σ_k x_k, or sum(x) for the sum of all entries."),
    (r"x = \sum_{k=0}^n y_k", "0", "A sum runs over the whole of its index, from 1; this one starts at 0.",
     "Write Σ_k, or Σ_{k=1}^n."),
    ("x = Σ_{2} y", "2", "“2” is not an index to sum over.", "Write a letter below the Σ: Σ_k, Σ_{j,k}, Σ_{k=1}^n."),
    ("∂²J/∂x² = y", "²", "Second derivatives are not checked.",
     "Write it as the derivative of a derivative that has a name:  g := ∂J/∂x."),
    (r"\frac{\partial^2 J}{\partial x^2} = y", "^", "Second derivatives are not checked.",
     "Write it as the derivative of a derivative that has a name:  g := ∂J/∂x."),
    (r"\frac{\partial J}{\partial x \partial y} = y", r"\partial", "Second derivatives are not checked.",
     "Write it as the derivative of a derivative that has a name:  g := ∂J/∂x."),
    ("d²J/dx² = y", "²", "Second derivatives are not checked.",
     "Write it as the derivative of a derivative that has a name:  g := ∂J/∂x."),
    ("∂J = y", "∂J", "∂ stands alone: it does not say by what to differentiate.", "Write ∂J/∂W, or ∂(W x)/∂x."),
    ("∂J/∂σ(z) = y", "σ(z)", "“σ(z)” cannot be differentiated by.",
     "By a quantity or an entry of one: ∂J/∂W, ∂J/∂W_{jk}."),
    ("∂J/∂W^T = y", "W^T", "This differentiates by a transpose.",
        "For the transpose of a derivative, write (∂J/∂W)ᵀ."),
    ("∇J = y", "∇", "∇ does not say by what to differentiate.", "Write ∇_a J."),
    ("z^{[z]} = y", "[z]", "z is not a layer.",
     "A layer is l, L or a number, with or without a shift: W^{l+1}, W^{[2]}, W^L."),
    ("W^{l+x} = y", "l+x", "l+x is not a layer.",
     "A layer is l, L or a number, with or without a shift: W^{l+1}, W^{[2]}, W^L."),
    ("x^{[1]} = y", "[", "x is not a quantity with layers, so that a bracket above it means nothing.",
        "A power is x^2."),
    ("x_{j+1} = y", "j+1", "“j+1” is not an index.", "An index is a letter or a number: x_j, W_{jk}, W_{1,2}."),
    ("x_i_j = y", "j", "x_i has an index already.", "Write all of them together: W_{jk}."),
    ("X[i, j] = y", "[", "“[ ]” behind X is not read as an index.", "An entry, counted from 1, is X_j or X_{jk}."),
    ("‖x‖_1 = y", "‖x‖_1", "This norm is not known here.",
     "Known are ‖x‖ and ‖x‖_2, the root of the sum of squares (‖X‖_F for a matrix)."),
    ("‖x = y", "‖", "This “‖” is never closed.", "A norm has two bars on each side: ‖x‖ or ||x||."),
    ("(x = y", "(", "This “(” is never closed.", "Add the closing “)”."),
    ("x) = y", ")", "This “)” closes nothing.", "Add the opening “(”, or leave this one out."),
    ("(x] = y", "]", "“(” is closed by “]”.", "Close it with “)”."),
    ("() = y", ")", "A formula is missing before “)”.", ""),
    ("x + * y = y", "*", "A formula is missing before “*”.", ""),
    ("x + = y", "=", "One side of the “=” is empty.", "Write a formula on both sides of it."),
    ("x =", "=", "The formula ends after “=”.", "Something has to follow."),
    ("x = y ⊙", "⊙", "The formula ends after “⊙”.", "Something has to follow."),
    ("x, y = y", ",", "A comma cannot stand here: one formula at a time.",
        "Write the formulas on lines of their own."),
    ("^2 = y", "^", "“^” needs something in front of it.", "As in x^…."),
    ("x % y = y", "%", "“%” is not a sign of a formula.", "Leave it out, or write what it stands for."),
    (r"\foo x = y", r"\foo", r"\foo is not a LaTeX command that is known here.", "Write what it stands for."),
    (r"\hat{W x} = y", r"\hat", "A sign like this is read above a single letter only.", r"As in \hat{y}."),
    (r"\sqrt[3]{x} = y", "[", "Only square roots are known here.", "Write the power: x^{(1/3)}."),
    ("max(x) = y", "max(x)", "max takes 2 arguments, not 1.", ""),
    ("log(x, y) = y", "log(x, y)", "log takes one argument, not 2.", ""),
    ("sum(X, axis=2) = y", "2", "“2” is not a value for axis.", "axis is 0 or 1; keepdims is True or False."),
    ("sum(X, dtype=x) = y", "dtype", "sum has no option “dtype”.", ""),
    ("X.reshape(1) = y", "reshape", "“.reshape” is not known here.",
     "Known are .T, .dot(…), .sum(…), .transpose(), .trace()."),
    ("np.foo(x) = y", "np.foo", "np.foo is not a function that is known here.", "Write the formula it stands for."),
    ("softmax'(z) = y", "softmax'", "softmax′ is not written with a prime.", "Write the derivative: ∂softmax(x)/∂x."),
    (r"\mathbf{1} = y", r"\mathbf{1}", "This column of ones does not say how long it is.",
        "Write 1_n, or ones(m, n)."),
    ("x ; y", ";", "The formula makes sense up to here, but “;” cannot follow.", ""),
    ("x", "x", "This claims nothing: it has no “=”.", "Write what it equals:  x = …."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "caret", "message", "hint"), TOLD, ids=[row[0] for row in TOLD])
def test_what_is_told(text: str, caret: str, message: str, hint: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_claim(text, NETWORK)
    problem = told.value
    assert (problem.message, problem.hint) == (message, hint)
    assert text[problem.span.start : problem.span.end] == caret
    assert problem.text == text


@pytest.mark.parametrize("text", ["", "   ", "$$ $$", "# nothing"])
def test_an_empty_text(text: str) -> None:
    with pytest.raises(Unreadable, match="There is no formula here"):
        read_formula(text, NETWORK)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x" * 20_001, "This is 20001 characters long; 20000 is the most that is read."),
        ("(" * 200 + "x" + ")" * 200, "This is nested more than 60 levels deep."),
        ("-" * 200 + "x", "This is nested more than 60 levels deep."),
        ("log " * 200 + "x", "This is nested more than 60 levels deep."),
        ("Σ_k " * 200 + "x", "This is nested more than 60 levels deep."),
        (r"\frac{" * 200 + "1" + "}{x}" * 200, "This is nested more than 60 levels deep."),
        ("‖(" * 200 + "x" + ")‖" * 200, "This is nested more than 60 levels deep."),
        ("9" * 1_001, "This number has 1001 digits; 1000 is the most that is read."),
    ],
)
def test_limits(text: str, message: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_formula(text, NETWORK)
    assert told.value.message == message


@pytest.mark.parametrize(
    "text",
    [
        "x + " * 2_500 + "x",
        "W" * 9_999,
        "1/m " * 2_500 + "x",
        "x^999999",
        "(" * 50 + "x" + ")" * 50,
    ],
)
def test_what_is_within_the_limits(text: str) -> None:
    assert read_formula(text, NETWORK).span.end == len(text) or "(" in text


def test_names_that_nothing_declares_are_read_all_the_same() -> None:
    found = {getattr(node, "name", "") for node in walk(read_formula("foo + q(x) dW", Vocabulary()))}
    assert {"foo", "q", "x", "dW"} <= found


# ---- places ----


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (
            r"(W^{l+1})^{T} \delta^{l+1} \odot \sigma’(z^l)",
            [
                r"(W^{l+1})^{T} \delta^{l+1} \odot \sigma’(z^l)",
                r"(W^{l+1})^{T} \delta^{l+1}", r"(W^{l+1})^{T}", "W^{l+1}", r"\delta^{l+1}", r"\sigma’(z^l)", "z^l",
            ],
        ),
        ("Wˡ⁺¹ aˡ + bˡ⁺¹", ["Wˡ⁺¹ aˡ + bˡ⁺¹", "Wˡ⁺¹ aˡ", "Wˡ⁺¹", "aˡ", "bˡ⁺¹"]),
        ("Wx+b", ["Wx+b", "Wx", "W", "x", "b"]),
        (r"\frac{\partial J}{\partial W^l_{jk}} y", [
            r"\frac{\partial J}{\partial W^l_{jk}} y", r"\frac{\partial J}{\partial W^l_{jk}}", "J", "W^l_{jk}",
        "W^l", "y",
        ]),
        ("-x ⊙ {w^{l}}^T", ["-x ⊙ {w^{l}}^T", "-x", "x", "{w^{l}}^T", "{w^{l}}"]),
        ("np.dot(A, B).T", ["np.dot(A, B).T", "np.dot(A, B)", "A", "B"]),
        ("dW^{[l]}", ["dW^{[l]}", "W^{[l]}"]),
        ("‖x‖² / 2", ["‖x‖² / 2", "‖x‖²", "‖x‖", "x", "²", "2"]),
        (r"\mathbf{W} \hat{y}", [r"\mathbf{W} \hat{y}", r"\mathbf{W}", r"\hat{y}"]),
        ("Σ_k x_k y", ["Σ_k x_k y", "x_k y", "x_k", "x", "y"]),
    ],
)  # fmt: skip
def test_each_node_knows_its_place(text: str, places: list[str]) -> None:
    found = [text[node.span.start : node.span.end] for node in walk(read_formula(text, NETWORK))]
    assert found == places


def test_every_message_can_be_told() -> None:
    """Each sentence and hint is filled in, and none speaks of the parser's own matters."""
    values = dict.fromkeys(("seen", "other", "limit", "known", "expected", "wanted", "given"), "x")
    for name, message in vars(messages).items():
        if isinstance(message, Message):
            told = message.sentence.format(**values) + message.hint.format(**values)
            assert not any(word in told.lower() for word in ("token", "expected", "parse", "syntax")), name


def test_a_sheet_without_layers_reads_powers() -> None:
    with pytest.raises(Unreadable, match="W is not a quantity with layers"):
        read_formula("W^{[l]}", SHEET)


def test_a_derivative_by_a_layers_quantity_points_to_the_network() -> None:
    with pytest.raises(Unreadable, match="nothing here has layers") as found:
        read_formula("∂J/∂W^{l+1}", SHEET)
    assert found.value.hint == "For the network, begin with  use network."
    with pytest.raises(Unreadable, match="Second derivatives"):
        read_formula("∂J/∂W^2", SHEET)
