"""What a person gets back: verdicts, chains, assumptions, the words of an answer."""

from __future__ import annotations

import re

import pytest

from derivations import Network, check, read
from derivations.rendering.text import plain
from derivations.verdicts import IllShaped, Proved, Refuted, Undecided, Unreadable, exit_code
from derivations.writing import write

ANY, MSE, BCE, CE = Network(), Network(loss="mse"), Network(loss="bce"), Network(loss="softmax-ce")
BATCH = Network(batch="m")

PROVED = [
    ("δ^L = ∇_a J ⊙ σ'(z^L)", ANY),
    ("δ^L = (a^L - y) ⊙ σ'(z^L)", MSE),
    ("δ^L = a^L - y", BCE),
    ("δ^L = a^L - y", CE),
    ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", ANY),
    ("δ^l = Σ'(z^l) (W^{l+1})^T δ^{l+1}", ANY),
    ("δ^l_j = Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)", ANY),
    ("∂J/∂b^l = δ^l", ANY),
    ("∂J/∂W^l = δ^l (a^{l-1})^T", ANY),
    ("∂J/∂W^l_{jk} = a^{l-1}_k δ^l_j", ANY),
    ("∂z^{l+1}/∂z^l = Σ'(z^l) (W^{l+1})^T", ANY),
    ("∂z^l_i/∂W^l_{jk} = I_{n_l}_{ij} a^{l-1}_k", ANY),
    ("dZ^{[l]} = W^{[l+1]T} dZ^{[l+1]} * g^{[l]}'(Z^{[l]})", BATCH),
    ("dW^{[l]} = 1/m dZ^{[l]} A^{[l-1]T}", BATCH),
    ("db^{[l]} = 1/m np.sum(dZ^{[l]}, axis=1, keepdims=True)", BATCH),
    ("∂J/∂W^l = ∂J/∂Z^l A^{l-1}ᵀ", BATCH),
    ("dW[l] = dZ[l] @ A[l-1].T / m", BATCH),
    ("a^l = σ(z^l) = σ(W^l a^{l-1} + b^l)", ANY),
    ("a^1 = x", ANY),
    ("x = a^{[0]}", ANY),
    ("σ'(z^l) = σ(z^l) ⊙ (1 - σ(z^l))", Network(activation="sigmoid")),
    ("σ'(z^l) = 1 - a^l ⊙ a^l", Network(activation="tanh")),
]


@pytest.mark.parametrize(("claim", "network"), PROVED)
def test_the_equations_of_the_lectures_are_proved(claim: str, network: Network) -> None:
    assert [v.verdict for v in check(claim, network)] == ["proved"] * claim.count(" = ")


PROVED_OF_MEANS = [
    ("mean(X, axis=1) = 1/n X 1_n", "X : m x n"),
    ("mean(X) = mean(mean(X, axis=0), axis=1)", "X : m x n"),
    ("mean(X) = sum(X) / 6", "X : 2 x 3"),
    ("∂mean((y - a)**2)/∂a = 2/n (a - y)", "y : n; a : n"),
]


@pytest.mark.parametrize(("claim", "given"), PROVED_OF_MEANS)
def test_a_mean_divides_by_its_own_width(claim: str, given: str) -> None:
    assert [v.verdict for v in check(claim, given=given)] == ["proved"]
    (wrong,) = check(claim.replace(" = ", " = 2 "), given=given)
    assert isinstance(wrong, Refuted)


REFUTED = [
    ("δ^l = (W^{l+1})^T δ^{l+1}", ANY),
    ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(a^l)", ANY),
    ("δ^l = (W^{l+1})^T (δ^{l+1} + δ^{l+1}) ⊙ σ'(z^l)", ANY),
    ("δ^L = a^L - y", MSE),
    ("δ^L = (y - a^L) ⊙ σ'(z^L)", MSE),
    ("∂J/∂W^l = dZ^l A^{l-1}ᵀ", BATCH),
    ("∂J/∂Z^{[2]} = A^{[2]} - Y", Network(loss="bce", batch="m", depth=2)),
    ("db^{[l]} = 1/m 1/m sum(dZ^{[l]}, axis=1)", BATCH),
]


@pytest.mark.parametrize(("claim", "network"), REFUTED)
def test_wrong_equations_are_refuted_with_numbers(claim: str, network: Network) -> None:
    (verdict,) = check(claim, network)
    assert isinstance(verdict, Refuted)
    found = verdict.counterexample
    row, column = found.entry
    assert found.left[row - 1][column - 1] != found.right[row - 1][column - 1]


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (
            "δ^l = W^{l+1} δ^{l+1} ⊙ σ'(z^l)",
            "Wˡ⁺¹ is nₗ₊₁ × nₗ and δˡ⁺¹ is nₗ₊₁ × 1: the inner widths nₗ and nₗ₊₁ differ.",
        ),
        (
            "∂z^l/∂W^l = (a^{l-1})^T",
            "This derivative has more than two indices: there is no matrix that holds it.",
        ),
        ("∂J/∂W^l = (a^{l-1})^T", "The left side is nₗ × nₗ₋₁, the right side 1 × nₗ₋₁."),
    ],
)
def test_what_does_not_fit_is_pointed_at(claim: str, message: str) -> None:
    (verdict,) = check(claim)
    assert isinstance(verdict, IllShaped)
    assert verdict.message == message
    assert 0 <= verdict.span.start < verdict.span.end <= len(claim)


def test_a_star_between_matrices_offers_the_product() -> None:
    (verdict,) = check("Z = W * X", given="W : m x n; X : n x p; Z : m x p")
    assert isinstance(verdict, IllShaped)
    assert verdict.hint == "* is elementwise; the matrix product is W X."


def test_a_name_that_nothing_declares_is_named() -> None:
    (verdict,) = check("x + q = 2", given="x : scalar")
    assert isinstance(verdict, Unreadable)
    assert verdict.message == "q is used, but nothing declares it."
    assert "q : n" in verdict.hint


def test_a_chain_gives_one_verdict_an_equals_sign_and_blames_one_slip_once() -> None:
    verdicts = check("δ^l = ∂J/∂z^l = W^{l+1} δ^{l+1} ⊙ σ'(z^l) = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)")
    assert [v.verdict for v in verdicts] == ["proved", "ill-shaped", "proved"]


def test_a_sheet_declares_defines_and_claims() -> None:
    sheet = """
    W : m x n        # a matrix
    x : n; c : scalar
    C : loss
    z := W x + c 1_m
    J := C(z)
    ∂J/∂x = Wᵀ ∂J/∂z [chain rule]
          = Wᵀ 2 ∂J/∂z
    """
    verdicts = check(sheet)
    assert [v.verdict for v in verdicts] == ["proved", "refuted"]
    assert [v.place.line for v in verdicts] == [7, 8]


@pytest.mark.parametrize(
    ("claim", "given", "assumption"),
    [
        ("xᵀ E x = xᵀ Eᵀ x", "x : n; E : n x n symmetric", "E is symmetric"),
        ("sum(y) c = c", "y : n sums to 1; c : scalar", "the entries of y sum to 1"),
        ("relu(x) = x ⊙ step(x)", "x : n", "away from kinks: no argument of relu, step, abs … is 0"),
        ("y ⊙ y = y", "y : n binary", "the entries of y are 0 or 1"),
    ],
)
def test_what_a_proof_relies_on_is_listed(claim: str, given: str, assumption: str) -> None:
    (verdict,) = check(claim, given=given)
    assert isinstance(verdict, Proved)
    assert assumption in verdict.assumptions


@pytest.mark.parametrize(
    ("claim", "given", "code"),
    [
        ("∂(xᵀ B x)/∂x = 2 B x", "x : n; B : n x n", "right-if-symmetric"),
        ("∂(W x)/∂x = W", "W : n x n; x : n", "right-in-numerator-layout"),
        ("∂(-sum(y ⊙ log(softmax(t))))/∂t = softmax(t) - y", "t : n; y : n", "right-if-sums-to-1"),
    ],
)
def test_a_false_claim_is_told_when_it_would_be_right(claim: str, given: str, code: str) -> None:
    (verdict,) = check(claim, given=given)
    assert verdict.verdict in ("refuted", "ill-shaped")
    assert code in [item.code for item in verdict.diagnosis]


def test_numerator_layout_turns_everything_round() -> None:
    assert check("∂J/∂x = ∂J/∂z W", given="W : m x n; x : n; C : loss; z := W x; J := C(z)")[0].verdict != "proved"
    given = "W : m x n; x : n; C : loss; z := W x; J := C(z)"
    assert check("∂J/∂x = ∂J/∂z W", given=given, layout="numerator")[0].verdict == "proved"
    assert check("δ^l = (δ^{l+1} W^{l+1}) diag(σ'(z^l))", Network(), layout="numerator")[0].verdict == "proved"


def test_a_derivative_by_constrained_entries_is_not_decided() -> None:
    (verdict,) = check("∂(tr(A))/∂A = eye(n)", given="A : n x n symmetric")
    assert isinstance(verdict, Undecided)


def test_the_exit_code_is_the_first_that_applies() -> None:
    right, wrong, strange = check("b^l = b^l"), check("b^l = 2 b^l"), check("b^l = ")
    assert exit_code(right) == 0
    assert exit_code(right + strange) == 2
    assert exit_code(strange + wrong + right) == 1


def test_answers_show_themselves() -> None:
    (verdict,) = check("δ^l = (W^{l+1})^T δ^{l+1}")
    assert r"\delta" in verdict._repr_latex_()
    assert verdict._repr_html_().startswith("<pre")
    assert str(verdict).splitlines()[0].split() == ["✗", "refuted", "δˡ", "=", "(Wˡ⁺¹)ᵀ", "δˡ⁺¹"]


def test_read_gives_the_formula_as_typed() -> None:
    assert write(read("(W^{l+1})^T \\delta^{l+1}")) == "(Wˡ⁺¹)ᵀ δˡ⁺¹"


def test_bad_options_are_value_errors() -> None:
    with pytest.raises(ValueError, match="not a known loss"):
        check("b^l = b^l", Network(loss="hinge"))
    with pytest.raises(ValueError, match="not a known layout"):
        check("b^l = b^l", layout="diagonal")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("C : loss; A : n x m; J := 1/m Σ_i C(A_i)", "“A_i” does not fit: This is n × m"),
        ("w : m; x : m; b : scalar; z := wᵀ + x b", "“wᵀ + x b” does not fit"),
        ("z := W x", "is used, but nothing declares it"),
    ],
)
def test_declarations_that_do_not_fit_are_value_errors(given: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        check("J = J", given=given)


def test_a_definition_that_is_not_decided_is_told_where_it_is_used() -> None:
    given = "x : n; u : n; c : scalar; p := sum(x)^c"
    assert check("x = x", given=given)[0].verdict == "proved"
    assert check("p = p", given=given)[0].verdict == "undecided"


def test_values_of_a_counterexample_stay_together() -> None:
    (verdict,) = check("δ^L = y - a^L", BCE)
    assert isinstance(verdict, Refuted)
    assert set(verdict.counterexample.values["y"][0]) <= {0, 1}
    for width in range(44, 100):
        lines = plain(verdict, width).splitlines()
        assert not any(line.rstrip().endswith("=") for line in lines[:5])
        assert ",  (" not in " ".join(lines)


def test_shapes_of_a_batch_are_told_in_capitals() -> None:
    (verdict,) = check("∂J/∂Z^L = 1/m (A^L - Y) ⊙ σ'(Z^L)", Network(loss="mse", batch="m"))
    assert dict(verdict.shapes) == {"Aᴸ": "n_L × m", "Y": "n_L × m", "Zᴸ": "n_L × m"}


def test_an_unknown_loss_of_a_column_is_written_with_indices() -> None:
    given = "W : n x n; b : n; z : n; f : elementwise; C : loss; u := W f(z) + b; J := C(u)"
    (verdict,) = check("∂J/∂z = W ∂J/∂u ⊙ f'(z)", given=given)
    assert "C = Σ i·u_i," in str(verdict)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("Y : 1 x n columns sum to 1", "would make every entry 1"),
        ("y : n rows sum to 1", "would make every entry 1"),
        ("Y : m x n sums to 1", "not said which of its entries"),
        ("y : 1 one-hot", "is a number"),
        ("a : 1 x 1 symmetric", "is a number"),
        ("x : n; z := x; assume z sums to 1", "is defined"),
        ("use network; assume a positive", "is not x, y, W or b"),
        ("use network; assume W symmetric", "no square matrix"),
        ("use network layers=2,1; assume y one-hot", "one neuron"),
        ("use network layers=2,1 loss=softmax-ce", "one output is always 1"),
    ],
)
def test_assumptions_that_no_quantity_could_meet_are_refused(given: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check("1 = 1", given=given)


@pytest.mark.parametrize(
    ("given", "claim", "verdict"),
    [
        ("r : 1 x 3 rows sum to 1", "sum(r) = 1", "proved"),
        ("use network batch=m; assume X sums to 1", "sum(X) = m", "proved"),
        ("y : 2 sums to 1", "Σ_k 1/(1 + y_k) = 1/(1 + y_1) + 1/(1 + y_2)", "proved"),
        ("A : 2 x 2 diagonal", "Σ_i 1/(1+A_{1i}) = 1/(1+A_{11}) + 1/(1+A_{12})", "proved"),
        ("A : n x n invertible", "Σ_j A^{-1}_{ij} A_{jk} = δ_{ik}", "proved"),
        ("A : 2 x 2; B : 2 x 2", "(A B)_{12} = A_{11} B_{12} + A_{12} B_{22}", "proved"),
        ("A : 2 x 2 invertible", "A^{-1}_{12} = 1/A_{12}", "refuted"),
    ],
)
def test_what_is_assumed_of_entries(given: str, claim: str, verdict: str) -> None:
    assert [v.verdict for v in check(claim, given=given)] == [verdict]
