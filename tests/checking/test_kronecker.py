"""Kronecker's δ: two indices and no layer. The network's error has one index, and a layer."""

from __future__ import annotations

import pytest

from derivations import Network, check
from derivations.formula import Vocabulary
from derivations.reading import read_formula
from derivations.writing import Spelling, write

SOFTMAX = "z : n; s := softmax(z)"
SHEETS = [
    ("∂s_i/∂z_j = s_i (δ_{ij} - s_j)", SOFTMAX, "proved"),
    ("∂s_i/∂z_j = s_i (δ_{ij} + s_j)", SOFTMAX, "refuted"),
    ("∂s_i/∂z_j = s_i (1 - s_j)", SOFTMAX, "refuted"),
    ("Σ_k δ_{ik} x_k = x_i", "x : n", "proved"),
    ("Σ_k δ_{ik} x_k = x_j", "x : n", "refuted"),
    ("Σ_k δ_{ik} δ_{kj} x_j = δ_{ij} x_i", "x : n", "proved"),
    ("∂x_i/∂x_j = δ_ij", "x : n", "proved"),
    ("δ_{ij}^2 x_i = δ_{ij} x_j", "x : n", "proved"),
    ("∂w_{ij}/∂w_{kl} = δ_{ik} δ_{jl}", "W : m x n", "proved"),
    ("∂w_{ij}/∂w_{kl} = δ_{il} δ_{jk}", "W : m x n", "ill-shaped"),
    ("Σ_i Σ_j δ_{ij} A_{ij} = tr(A)", "A : n x n", "proved"),
    ("δ_{ij} = δ_{ji}", "x : n", "unreadable"),  # of what width?
    ("Σ_{i=1}^n δ_{ij} = 1", "x : n", "proved"),
    ("Σ_{i=1}^2 δ_{ii} = 2", "x : n", "proved"),
    ("y_2 (Σ_k δ_{kk}) (Σ_k x_k) = 2 y_2 sum(x)", "x : 3; y : 2", "unreadable"),  # the other k is another one
    ("Σ_k (Σ_j δ_{kj} x_j) x_k = ‖x‖²", "x : n", "proved"),
    ("δ_{ij} = x_i x_j", "x : n; δ : n", "ill-shaped"),  # the sheet's own δ is a column
    ("δ_{ij} = x_i x_j", "x : n; δ := x xᵀ", "proved"),
    ("δ_j = x_j", "x : n", "unreadable"),
]
NETWORKS = [
    ("∂z^l_j/∂b^l_k = δ_{jk}", Network(), "proved"),
    ("∂z^l_j/∂a^{l-1}_k = δ_{jk}", Network(), "ill-shaped"),
    ("∂a^l_j/∂z^l_k = σ'(z^l_k) δ_{jk}", Network(), "proved"),
    (r"\frac{\partial z^l_j}{\partial W^l_{pk}} = \delta_{jp} a^{l-1}_k", Network(), "proved"),
    ("δ^L_j = Σ_k ∂J/∂a^L_k a^L_k (δ_{kj} - a^L_j)", Network(loss="softmax-ce"), "proved"),
    ("∂J/∂W^l_{jk} = Σ_i δ_{ji}^l A^{l-1}_{ki}", Network(batch="m"), "proved"),  # this one has its layer
]


@pytest.mark.parametrize(("claim", "given", "verdict"), SHEETS)
def test_in_a_sheet(claim: str, given: str, verdict: str) -> None:
    assert [v.verdict for v in check(claim, given=given)] == [verdict]


@pytest.mark.parametrize(("claim", "network", "verdict"), NETWORKS)
def test_in_a_network(claim: str, network: Network, verdict: str) -> None:
    assert [v.verdict for v in check(claim, network)] == [verdict]


def test_the_reader_is_told() -> None:
    (verdict,) = check("∂x_i/∂x_j = δ_{ij}", given="x : n")
    assert verdict.notes == ("δ with two indices is Kronecker's: 1 where they are equal, else 0",)


@pytest.mark.parametrize("spelling", Spelling)
def test_it_is_written_as_it_is_read(spelling: Spelling) -> None:
    known = Vocabulary(names=frozenset({"s"}))
    formula = read_formula("s_i (δ_{ij} - s_j)", known)
    assert read_formula(write(formula, spelling), known) == formula
