"""BP3 and BP4: from the errors to the gradients of the biases and weights."""

from __future__ import annotations

from derivations.equations.plan import Chain, Cited, Equation, Line
from derivations.rules import (
    AssembleMatrix,
    ChainRule,
    Definition,
    DeltaCollapses,
    DiagonalActs,
    ForwardPass,
    Jacobian,
    LinearDerivative,
)

BP3 = Equation(
    name="BP3",
    title="the gradient of a bias",
    statement="∂J/∂b^l = δ^l",
    where="every layer l",
    words="A bias is added to `z` as it is, so the loss minds a bias exactly as much as it minds `z`.",
    index=(
        Chain(
            "∂J/∂b^l_j",
            (
                Line("Σ_k ∂J/∂z^l_k · ∂z^l_k/∂b^l_j", ChainRule(), "`J` hears of `b^l_j` through the `z^l_k` alone"),
                Line("Σ_k δ^l_k · ∂z^l_k/∂b^l_j", Definition("δ"), "`δ^l_k` is short for this derivative"),
                Line(
                    "Σ_k δ^l_k · ∂(Σ_p w^l_{kp} a^{l-1}_p + b^l_k)/∂b^l_j",
                    ForwardPass(),
                    "row k of `W^l a^{l-1} + b^l`",
                ),
                Line(
                    "Σ_k δ^l_k eye(n_l)_{kj}",
                    LinearDerivative(),
                    "`b^l_j` stands in row j alone, with factor 1: an entry of the unit matrix (Kronecker's δ)",
                ),
                Line("δ^l_j", DeltaCollapses(), "of the sum over k only k = j stays"),
            ),
        ),
    ),
    matrix=(
        Chain(
            "∂J/∂b^l",
            (
                Line(
                    "∂z^l/∂b^l · ∂J/∂z^l",
                    ChainRule(),
                    "the inner step stands on the left",
                    "the inner step stands on the right",
                ),
                Line("∂z^l/∂b^l · δ^l", Definition("δ"), "`δ^l` is short for this derivative"),
                Line(
                    "eye(n_l) δ^l",
                    Jacobian(),
                    "entry (j, k) is `∂z^l_k/∂b^l_j`: 1 where k = j, 0 elsewhere",
                    "entry (k, j) is `∂z^l_k/∂b^l_j`: 1 where k = j, 0 elsewhere",
                ),
                Line("δ^l", DiagonalActs(), "the unit matrix leaves a vector as it is"),
            ),
        ),
    ),
)

BP4 = Equation(
    name="BP4",
    title="the gradient of a weight",
    statement="∂J/∂W^l = δ^l (a^{l-1})^T",
    where="every layer l",
    words=(
        "The weight from k to j sees only the activation `a^{l-1}_k` that comes in and the error `δ^l_j` that comes "
        "back. As a matrix: a column times a row."
    ),
    index=(
        Chain(
            "∂J/∂W^l_{jk}",
            (
                Line(
                    "Σ_i ∂J/∂z^l_i · ∂z^l_i/∂W^l_{jk}",
                    ChainRule(),
                    "`J` hears of `W^l_{jk}` through the `z^l_i` alone",
                ),
                Line("Σ_i δ^l_i · ∂z^l_i/∂W^l_{jk}", Definition("δ"), "`δ^l_i` is short for this derivative"),
                Line(
                    "Σ_i δ^l_i · ∂(Σ_p W^l_{ip} a^{l-1}_p + b^l_i)/∂W^l_{jk}",
                    ForwardPass(),
                    "row i of `W^l a^{l-1} + b^l`",
                ),
                Line(
                    "Σ_i δ^l_i eye(n_l)_{ij} a^{l-1}_k",
                    LinearDerivative(),
                    "`W^l_{jk}` stands in row i = j alone, at p = k, with factor `a^{l-1}_k`",
                ),
                Line("δ^l_j a^{l-1}_k", DeltaCollapses(), "of the sum over i only i = j stays"),
                Line(
                    "(δ^l (a^{l-1})^T)_{jk}",
                    AssembleMatrix(),
                    "entry (j, k) of a column times a row",
                    "entry (k, j) of a column times a row",
                ),
            ),
        ),
    ),
    matrix=(
        Chain(
            "∂J/∂W^l",
            (
                Line(
                    "Σ_i ∂J/∂z^l_i · ∂z^l_i/∂W^l",
                    ChainRule(),
                    "∂z/∂W has three indices, and no matrix holds it; its slice for one i, `∂z^l_i/∂W^l`, is a matrix",
                ),
                Line(
                    "Σ_i ∂J/∂z^l_i · ∂z^l_i/∂b^l · (a^{l-1})^T",
                    Jacobian(),
                    "slice i holds `(a^{l-1})^T` in row i and 0 elsewhere; `∂z^l_i/∂b^l` is the column with 1 in row i",
                    "slice i holds `a^{l-1}` in column i and 0 elsewhere; `∂z^l_i/∂b^l` is the row with 1 in column i",
                ),
                Line("∂J/∂b^l · (a^{l-1})^T", ChainRule(), "the chain rule for `b^l`, read backwards"),
                Line(
                    "δ^l (a^{l-1})^T",
                    Cited("BP3", "∂J/∂b^l = δ^l"),
                    "a column times a row: `n_l` × `n_{l-1}`, like W",
                    "a column times a row: `n_{l-1}` × `n_l`, like the transpose of W",
                ),
            ),
        ),
    ),
)
