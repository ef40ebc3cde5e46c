"""BP2: the error travels back through a layer."""

from __future__ import annotations

from derivations.equations.plan import Chain, Equation, Line
from derivations.rules import (
    AssembleMatrix,
    ChainRule,
    Definition,
    DerivativeOf,
    DiagonalActs,
    ForwardPass,
    Jacobian,
)

BP2 = Equation(
    name="BP2",
    title="the error travels back",
    statement="δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)",
    where="every layer l < L",
    words=(
        "An error travels back along the same weights, from each k in layer l+1 to j in layer l: that reads `W^{l+1}` "
        "by columns. Then it passes σ backwards, which multiplies it by the slope."
    ),
    index=(
        Chain(
            "δ^l_j",
            (
                Line("∂J/∂z^l_j", Definition("δ"), "`δ^l_j` is short for this derivative"),
                Line(
                    "Σ_k ∂J/∂z^{l+1}_k · ∂z^{l+1}_k/∂z^l_j",
                    ChainRule(),
                    "`J` hears of `z^l_j` through every `z^{l+1}_k`",
                ),
                Line("Σ_k δ^{l+1}_k · ∂z^{l+1}_k/∂z^l_j", Definition("δ"), "the same, one layer later"),
                Line(
                    "Σ_k δ^{l+1}_k · ∂(Σ_i w^{l+1}_{ki} σ(z^l_i) + b^{l+1}_k)/∂z^l_j",
                    ForwardPass(),
                    "row k of `W^{l+1} a^l + b^{l+1}`, with `a^l_i = σ(z^l_i)`",
                ),
                Line(
                    "Σ_k δ^{l+1}_k w^{l+1}_{kj} σ'(z^l_j)",
                    DerivativeOf("σ"),
                    "of the sum over i only i = j depends on `z^l_j`",
                ),
                Line(
                    "((W^{l+1})^T δ^{l+1} ⊙ σ'(z^l))_j",
                    AssembleMatrix(),
                    "`w^{l+1}_{kj}` summed over its first index is row j of the transpose",
                    "`w^{l+1}_{kj}` summed over its first index: a row times `W^{l+1}`",
                ),
            ),
        ),
    ),
    matrix=(
        Chain(
            "δ^l",
            (
                Line("∂J/∂z^l", Definition("δ"), "`δ^l` is short for this derivative"),
                Line(
                    "∂z^{l+1}/∂z^l · ∂J/∂z^{l+1}",
                    ChainRule(),
                    "the inner step stands on the left: `n_l` × `n_{l+1}` times `n_{l+1}` × 1",
                    "the inner step stands on the right: 1 × `n_{l+1}` times `n_{l+1}` × `n_l`",
                ),
                Line("∂z^{l+1}/∂z^l · δ^{l+1}", Definition("δ"), "the same, one layer later"),
                Line(
                    "∂a^l/∂z^l · ∂z^{l+1}/∂a^l · δ^{l+1}",
                    ChainRule(),
                    "`z^{l+1}` hears of `z^l` through `a^l` alone",
                ),
                Line(
                    "∂a^l/∂z^l · (W^{l+1})^T δ^{l+1}",
                    Jacobian(),
                    "entry (i, k) is `∂z^{l+1}_k/∂a^l_i = w^{l+1}_{ki}`: the transpose of `W^{l+1}`",
                    "entry (k, i) is `∂z^{l+1}_k/∂a^l_i = w^{l+1}_{ki}`: `W^{l+1}` itself",
                ),
                Line(
                    "diag(σ'(z^l)) (W^{l+1})^T δ^{l+1}",
                    Jacobian(),
                    "entry (j, i) is `∂a^l_i/∂z^l_j`: `σ'(z^l_j)` where i = j, and 0 elsewhere",
                    "entry (i, j) is `∂a^l_i/∂z^l_j`: `σ'(z^l_j)` where i = j, and 0 elsewhere",
                ),
                Line(
                    "(W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)",
                    DiagonalActs(),
                    "a diagonal matrix multiplies every entry by its own number",
                ),
            ),
        ),
    ),
)
