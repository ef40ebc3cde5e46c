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
