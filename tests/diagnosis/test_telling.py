"""How a diagnosis is told: in the reader's own spelling, with the change marked; hints; conditions; two slips."""

from __future__ import annotations

import pytest

from derivations import Network, check
from derivations.diagnosis import hint
from derivations.verdicts import Diagnosis, Verdict

ANY, BATCH, MSE = Network(), Network(batch="m"), Network(loss="mse")


def failing(claim: str, network: Network | None = None, given: str = "") -> Verdict:
    (verdict,) = check(claim, network, given=given)
    assert verdict.verdict in ("refuted", "ill-shaped")
    return verdict


def first(claim: str, network: Network | None = None, given: str = "") -> Diagnosis:
    return failing(claim, network, given).diagnosis[0]


@pytest.mark.parametrize(
    ("claim", "network", "fix", "new"),
    [
        ("δ^l = W^{l+1} δ^{l+1} ⊙ σ'(z^l)", ANY, "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", "(W^{l+1})^T"),
        ("δˡ = Wˡ⁺¹ δˡ⁺¹ ⊙ σ′(zˡ)", ANY, "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)", "(Wˡ⁺¹)ᵀ"),
        (
            "delta^l = W^{l+1} delta^{l+1} .* sigma'(z^l)",
            ANY,
            "delta^l = (W^{l+1})^T delta^{l+1} .* sigma'(z^l)",
            "(W^{l+1})^T",
        ),
        (
            r"\delta^l = W^{l+1}\delta^{l+1} \odot \sigma'(z^l)",
            ANY,
            r"\delta^l = (W^{l+1})^{\top}\delta^{l+1} \odot \sigma'(z^l)",
            r"(W^{l+1})^{\top}",
        ),
        (
            r"\delta^l = \left( W^{l+1}\delta^{l+1} \right) \odot \sigma'(z^l)",
            ANY,
            r"\delta^l = \left( (W^{l+1})^{\top}\delta^{l+1} \right) \odot \sigma'(z^l)",
            r"(W^{l+1})^{\top}",
        ),
        (
            "dZ[l] = np.dot(W[l+1], dZ[l+1]) * g[l]'(Z[l])",
            BATCH,
            "dZ[l] = np.dot(W[l+1].T, dZ[l+1]) * g[l]'(Z[l])",
            "W[l+1].T",
        ),
        (
            r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l]T}",
            BATCH,
            r"dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1]T}",
            "A^{[l-1]T}",
        ),
        ("∂J/∂W^l = a^{l-1} (δ^l)^T", ANY, "∂J/∂W^l = δ^l (a^{l-1})^T", "δ^l"),
        ("δ^l (a^l)^T = ∂J/∂W^l", ANY, "δ^l (a^{l-1})^T = ∂J/∂W^l", "a^{l-1}"),
        ("δ^L = a^L - y", MSE, "δ^L = (a^L - y) ⊙ σ'(z^L)", "(a^L - y) ⊙ σ'(z^L)"),
    ],
)
def test_the_fix_is_in_the_readers_own_spelling(claim: str, network: Network, fix: str, new: str) -> None:
    found = first(claim, network)
    assert found.fix == fix
    assert found.fix[found.marks[0].start : found.marks[0].end] == new
    assert check(fix, network)[0].verdict == "proved"


def test_a_fix_of_a_line_of_a_chain_is_a_whole_formula() -> None:
    _, second = check("δ^l = ∂J/∂z^l\n = W^{l+1} δ^{l+1} ⊙ σ'(z^l)", ANY)
    fix = second.diagnosis[0].fix
    assert fix == "∂J/∂zˡ = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
    assert check(fix, ANY)[0].verdict == "proved"


def test_two_slips_are_both_named() -> None:
    found = first("δ^l = (W^l)^T δ^{l+1}")
    assert found.code == "off-by-one-weight+bp2-missing-sigma-prime"
    assert found.fix == "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
    assert found.title.startswith("two slips: ")


def test_two_true_explanations_are_both_told() -> None:
    codes = [item.code for item in failing("δ^L = a^L - y", MSE).diagnosis]
    assert codes[0] == "bp1-missing-sigma-prime"
    assert {"right-with-bce", "right-with-softmax-ce", "right-if-identity"} <= set(codes)


@pytest.mark.parametrize(
    ("claim", "network", "given", "code"),
    [
        ("∂(A x)/∂x = A", None, "A : m x n; x : n", "right-in-numerator-layout"),
        ("∂(xᵀ B x)/∂x = 2 B x", None, "B : n x n; x : n", "right-if-symmetric"),
        ("-sum(y) = -1", None, "y : n", "right-if-sums-to-1"),
        ("∂J/∂W^l = dZ^l (A^{l-1})^T", BATCH, "", "right-for-one-sample"),
    ],
)
def test_conditions(claim: str, network: Network | None, given: str, code: str) -> None:
    assert code in [item.code for item in failing(claim, network, given).diagnosis]


def test_right_if_the_widths_are_equal() -> None:
    found = failing("A x = Aᵀ x", None, "A : m x n; B : n x n; x : n")
    assert "right-if-widths-equal" not in [item.code for item in found.diagnosis]
    found = failing("sum(A) = m sum(A) / n", None, "A : m x n")
    assert "right-if-widths-equal" in [item.code for item in found.diagnosis]


def test_nothing_is_told_that_is_not_proved() -> None:
    for claim in ("∂J/∂W^l = W^l", "δ^l = W^{l+1} W^{l+2} δ^{l+2}", "a^l = z^l z^l z^l"):
        for item in failing(claim, ANY).diagnosis:
            assert item.fix is None or check(item.fix, ANY)[0].verdict == "proved"


def test_no_two_slips_undo_each_other() -> None:
    for claim in (
        "δ^L = (a^L - y) ⊙ a^L ⊙ (1 - a^L)",
        "δ^L = (a^L - y) ⊙ (1 - (a^L).^2)",
        "δ^L = (a^L + y) ⊙ (1 - a^L)",
    ):
        for network in (ANY, MSE, Network(loss="mse", activation="tanh"), Network(loss="mse", activation="sigmoid")):
            for item in check(claim, network)[0].diagnosis:
                assert not ("extra-" in item.code and "missing-" in item.code)


# ---- hints ----


def test_hints_grow_stronger() -> None:
    verdict = failing("δ^l = W^{l+1} δ^{l+1} ⊙ σ'(z^l)")
    assert hint(verdict, 1) == "Look at “W^{l+1}”."
    second = hint(verdict, 2)
    assert second is not None
    assert second.startswith("The transpose of the weights is missing. ")
    assert "(W^{l+1})^T" not in second
    assert hint(verdict, 3) == "Did you mean  δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)?"


def test_where_nothing_is_known_the_hints_stay_weak() -> None:
    verdict = failing("∂J/∂W^l = W^l")
    assert hint(verdict, 1) == "Look at the whole of this side."
    assert hint(verdict, 3) is None
    assert hint(check("b^l = b^l")[0], 1) is None


# ---- the words fit the claim ----

CHECKED_WORDS = [
    # claim, network, given, what is said, what must not be said
    ("z^l_j = Σ_k w^l_{kj} a^{l-1}_k + b^l_j", ANY, "", "the indices of the weights are swapped", "error travels"),
    ("δ^l = ∂J/∂a^l", ANY, "", "σ′(z) is missing.", "at the output"),
    ("δ^L = ∂J/∂a^L", ANY, "", "σ′(z) is missing at the output", "two slips"),
    ("∂J/∂b^l = -δ^l", ANY, "", "the sign is the wrong way round", "½(y − a)²"),
    ("∂J/∂b^l = -δ^l", Network(loss="bce"), "", "the sign is the wrong way round", "½(y − a)²"),
    ("δ^L = y - a^L", Network(loss="bce"), "", "cross entropy", "½(y − a)²"),
    ("δ^L = (y - a^L) ⊙ σ'(z^L)", MSE, "", "½(y − a)²", "cross entropy"),
    ("∂J/∂b^l = 2 δ^l", MSE, "", "a factor 2 is off", "in front"),
    ("∂J/∂a^L = a^L - y", Network(loss="bce"), "", "∂J/∂z, and not ∂J/∂a", "two slips"),
    ("∂J/∂u = u/2", None, "u : scalar; v : scalar; J := sqrt((u^2 + v^2)/2)", "the slope of the root", "penalty"),
    ("dW^{[l]} = 1/m^2 dZ^{[l]} A^{[l-1]T}", BATCH, "", "a factor 1/m too many", "number of samples"),
    ("δ^l = (W^{l+1})^T Σ'(z^l) δ^{l+1}", ANY, "", "the factors are swapped", "sample"),
    ("dA^{[l]} = W^{[l]T} dZ^{[l]}", BATCH, "", "different layers", "two slips"),
    ("δ^l_j = w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)", ANY, "", "the sum is missing", "two slips"),
    ("δ^l_j = δ^{l+1}_j w^{l+1}_{jj} σ'(z^l_j)", ANY, "", "one letter stands for two", "two slips"),
    ("δ^L = (a^L - y) ⊙ a^L ⊙ (1 - a^L)", MSE, "", "right if σ is the sigmoid", "two slips"),
    ("δ^L = (a^L - y) ⊙ a^L ⊙ (1 - a^L)", ANY, "", "With --loss mse --activation sigmoid", "two slips"),
    ("δ^L = (a^L - y) ⊙ (1 - (a^L).^2)", MSE, "", "right if σ is tanh", "two slips"),
    ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ a^l ⊙ (1 - a^l)", ANY, "", "With --activation sigmoid it", "--loss"),
    ("δ^L = (a^L - y) ⊙ (1 - (a^L)^2)", MSE, "", "right if σ is tanh", "two slips"),
    ("∂J/∂b^l = sum(δ^l)", ANY, "", "there are no samples", "axis=1"),
    ("∂J/∂w = 2 X (X w - y)", None, "w : n; X : m x n; y : m; J := ‖X w - y‖²", "a transpose is missing", "weights"),
    (
        "δ^l = f'(z^l) ⊙ (W^{l+1})^T δ^{l+1}", None, "use network; f : elementwise",
        "right if f is the network's activation", "two slips",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "network", "given", "said", "unsaid"), CHECKED_WORDS)
def test_the_words_fit_the_claim(claim: str, network: Network | None, given: str, said: str, unsaid: str) -> None:
    told = " ".join(f"{item.title}. {item.why}" for item in failing(claim, network, given).diagnosis)
    assert said in told
    assert unsaid not in told


@pytest.mark.parametrize(
    ("claim", "network", "given", "fixes"),
    [
        ("∇_a J = 2 (a^L - y)", MSE, "", ["∇_a J = a^L - y"]),
        ("∂J/∂a^L = 2 (a^L - y)", MSE, "", ["∂J/∂a^L = a^L - y"]),
        (
            "dW^{[l]} = 1/m^2 dZ^{[l]} A^{[l-1]T}", BATCH, "",
            ["dW^{[l]} = 1/m dZ^{[l]} A^{[l-1]T}"],
        ),
        (
            "dW^{[l]} = 1/m A^{[l-1]} dZ^{[l]T}", BATCH, "",
            ["dW^{[l]} = 1/m dZ^{[l]} A^{[l-1]T}", "dW^{[l]} = (1/m A^{[l-1]} dZ^{[l]T})^T"],
        ),
        (
            "dA^{[l]} = W^{[l]T} dZ^{[l]}", BATCH, "",
            ["dA^{[l]} = W^{[l+1]T} dZ^{[l+1]}", "dA^{[l-1]} = W^{[l]T} dZ^{[l]}"],
        ),
        (
            "δ^l_j = w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)", ANY, "",
            ["δ^l_j = Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)"],
        ),
        ("δ^L =(a^L-y) ⊙ a^L ⊙ (1-a^L)", Network(loss="mse", activation="tanh"), "",
         ["δ^L =(a^L-y) ⊙ (1-(a^L).^2)"]),
        ("δ^L = a^L - y ⊙ σ'(z^L)", MSE, "", ["δ^L = (a^L - y) ⊙ σ'(z^L)"]),
        ("∂J/∂w = 2 X (X w - y)", None, "w : n; X : m x n; y : m; J := ‖X w - y‖²", ["∂J/∂w = 2 Xᵀ (X w - y)"]),
        ("(A B)^T = A^T B^T", None, "A : m x n; B : n x k", ["(A B)^T = B^T A^T"]),
        ("∂J/∂u = u/2", None, "u : scalar; v : scalar; J := sqrt((u^2 + v^2)/2)", ["∂J/∂u = u/(2 J)"]),
    ],
)  # fmt: skip
def test_the_repairs(claim: str, network: Network | None, given: str, fixes: list[str]) -> None:
    assert [item.fix for item in failing(claim, network, given).diagnosis if item.fix] == fixes


SCALARS = "p : scalar; q : scalar; v : scalar; u := v^2; x : n; f : elementwise"


@pytest.mark.parametrize(
    ("claim", "given", "title"),
    [
        ("∂z_i/∂W_{jk} = x_k", "W : m x n; x : n; z := W x", "right where i = j"),
    ],
)
def test_equal_indices(claim: str, given: str, title: str) -> None:
    assert title in [item.title for item in failing(claim, None, given).diagnosis if item.fix is None]


def test_what_stands_in_brackets_has_one_reading() -> None:
    assert not failing("2 p v/f(q) = p/(f(q) ∂u/∂v)", None, SCALARS).diagnosis
    assert not failing("1/(2 q) = (1/2) q", None, SCALARS).diagnosis
