"""The equations of a batch, in the notation dZ, dW, db, dA: one sample a column, J the mean over the m samples.

``dA`` and ``dZ`` hold, column by column, the derivative of that sample's own loss; ``dW`` and ``db`` are derivatives of
the mean J. So 1/m stands in dW and db, and nowhere else.
"""

from __future__ import annotations

from derivations.equations.plan import Chain, Cited, Equation, Line
from derivations.rules import (
    AssembleMatrix,
    ChainRule,
    Definition,
    DeltaCollapses,
    DerivativeOf,
    ElementwiseChain,
    ForwardPass,
    Jacobian,
    LinearDerivative,
    Rearrange,
)
from derivations.setting import Network

_OWN_LOSS = "column s holds the derivative of sample s's own loss, and J is 1/{m} of their sum"


def _where(layers: str, m: str) -> str:
    return f"{layers}, any {m}"


def activation_error(network: Network) -> Equation:
    """dA^l."""
    m = network.batch or "m"
    return Equation(
        name="dA",
        title="the derivative by an activation, in a batch",
        statement="dA^l = (W^{l+1})^T dZ^{l+1}",
        where=_where("every layer l < L", m),
        words="Each sample's error travels back along the same weights.",
        index=(
            Chain(
                "(dA^l)_{js}",
                (
                    Line(f"{m} ∂J/∂A^l_{{js}}", Definition("dA"), _OWN_LOSS.replace("{m}", m)),
                    Line(
                        f"{m} (Σ_k Σ_t ∂J/∂Z^{{l+1}}_{{kt}} · ∂Z^{{l+1}}_{{kt}}/∂A^l_{{js}})",
                        ChainRule(),
                        "J hears of `A^l_{js}` through the `Z^{l+1}_{kt}` alone",
                    ),
                    Line(
                        f"{m} (Σ_k Σ_t ∂J/∂Z^{{l+1}}_{{kt}} · w^{{l+1}}_{{kj}} eye({m})_{{ts}})",
                        LinearDerivative(),
                        "`A^l_{js}` stands in column s alone, in row k with factor `w^{l+1}_{kj}`",
                    ),
                    Line(
                        f"{m} (Σ_k ∂J/∂Z^{{l+1}}_{{ks}} · w^{{l+1}}_{{kj}})",
                        DeltaCollapses(),
                        "of the sum over t only t = s stays",
                    ),
                    Line(
                        f"{m} (Σ_k 1/{m} (dZ^{{l+1}})_{{ks}} w^{{l+1}}_{{kj}})",
                        Definition("dZ"),
                        "dZ is m times the derivative of the mean",
                    ),
                    Line("Σ_k (dZ^{l+1})_{ks} w^{l+1}_{kj}", Rearrange(), "m cancels 1/m"),
                    Line(
                        "((W^{l+1})^T dZ^{l+1})_{js}",
                        AssembleMatrix(),
                        "`w^{l+1}_{kj}` summed over its first index is row j of the transpose",
                    ),
                ),
            ),
        ),
        matrix=(
            Chain(
                "dA^l",
                (
                    Line(f"{m} ∂J/∂A^l", Definition("dA"), _OWN_LOSS.replace("{m}", m)),
                    Line(
                        f"{m} ((W^{{l+1}})^T ∂J/∂Z^{{l+1}})",
                        Jacobian(),
                        "column by column as for one sample: each column of Z is `W^{l+1}` times its column of A",
                    ),
                    Line("(W^{l+1})^T dZ^{l+1}", Definition("dZ"), "dZ is m times the derivative of the mean"),
                ),
            ),
        ),
    )


def hidden_error(m: str) -> Equation:
    """dZ^l from dZ^{l+1}."""
    return Equation(
        name="BP2",
        title="the error travels back, in a batch",
        statement="dZ^l = (W^{l+1})^T dZ^{l+1} ⊙ σ'(Z^l)",
        where=_where("every layer l < L", m),
        words="As for one sample, column by column. There is no 1/m: every column is about its own sample's loss.",
        index=(
            Chain(
                "(dZ^l)_{js}",
                (
                    Line(f"{m} ∂J/∂Z^l_{{js}}", Definition("dZ"), _OWN_LOSS.replace("{m}", m)),
                    Line(
                        f"{m} (Σ_k Σ_t ∂J/∂Z^{{l+1}}_{{kt}} · ∂Z^{{l+1}}_{{kt}}/∂Z^l_{{js}})",
                        ChainRule(),
                        "J hears of `Z^l_{js}` through the `Z^{l+1}_{kt}` alone",
                    ),
                    Line(
                        f"{m} (Σ_k Σ_t ∂J/∂Z^{{l+1}}_{{kt}}"
                        " · ∂(Σ_i w^{l+1}_{ki} σ(Z^l_{it}) + b^{l+1}_k)/∂Z^l_{js})",
                        ForwardPass(),
                        "row k of `W^{l+1} A^l`, for sample t; the bias is the same in every column",
                    ),
                    Line(
                        f"{m} (Σ_k Σ_t ∂J/∂Z^{{l+1}}_{{kt}} · w^{{l+1}}_{{kj}} σ'(Z^l_{{js}}) eye({m})_{{ts}})",
                        DerivativeOf("σ"),
                        "only i = j depends on `Z^l_{js}`, and only in sample t = s",
                    ),
                    Line(
                        f"{m} (Σ_k ∂J/∂Z^{{l+1}}_{{ks}} · w^{{l+1}}_{{kj}} σ'(Z^l_{{js}}))",
                        DeltaCollapses(),
                        "of the sum over t only t = s stays",
                    ),
                    Line(
                        f"{m} (Σ_k 1/{m} (dZ^{{l+1}})_{{ks}} w^{{l+1}}_{{kj}} σ'(Z^l_{{js}}))",
                        Definition("dZ"),
                        "dZ is m times the derivative of the mean",
                    ),
                    Line(
                        "Σ_k (dZ^{l+1})_{ks} w^{l+1}_{kj} σ'(Z^l_{js})",
                        Rearrange(),
                        "m cancels 1/m",
                    ),
                    Line(
                        "((W^{l+1})^T dZ^{l+1} ⊙ σ'(Z^l))_{js}",
                        AssembleMatrix(),
                        "`w^{l+1}_{kj}` summed over its first index is row j of the transpose",
                    ),
                ),
            ),
        ),
        matrix=(
            Chain(
                "dZ^l",
                (
                    Line(f"{m} ∂J/∂Z^l", Definition("dZ"), _OWN_LOSS.replace("{m}", m)),
                    Line(f"{m} ∂J/∂A^l ⊙ σ'(Z^l)", ElementwiseChain(), "`A^l = σ(Z^l)`, entry by entry"),
                    Line("dA^l ⊙ σ'(Z^l)", Definition("dA"), "the same for `A^l`: m cancels 1/m"),
                    Line(
                        "(W^{l+1})^T dZ^{l+1} ⊙ σ'(Z^l)",
                        Cited("dA", "dA^l = (W^{l+1})^T dZ^{l+1}"),
                        "each sample's error travels back along the same weights",
                    ),
                ),
            ),
        ),
    )


def bias(m: str) -> Equation:
    """db^l."""
    total = f"1/{m} sum(dZ^l, axis=1, keepdims=True)"
    return Equation(
        name="BP3",
        title="the gradient of a bias, in a batch",
        statement=f"db^l = {total}",
        where=_where("every layer l", m),
        words=(
            "One bias serves every sample, so its gradient is the mean of their errors. keepdims keeps it a column, "
            "like `b^l`."
        ),
        index=(
            Chain(
                "(db^l)_j",
                (
                    Line("∂J/∂b^l_j", Definition("db"), "db is the derivative of the mean J"),
                    Line(
                        "Σ_k Σ_s ∂J/∂Z^l_{ks} · ∂Z^l_{ks}/∂b^l_j",
                        ChainRule(),
                        "J hears of `b^l_j` through the `Z^l_{ks}` of all samples",
                    ),
                    Line(
                        "Σ_k Σ_s ∂J/∂Z^l_{ks} · eye(n_l)_{kj}",
                        LinearDerivative(),
                        "`b^l_j` stands in row j alone, in every column, with factor 1",
                    ),
                    Line("Σ_s ∂J/∂Z^l_{js}", DeltaCollapses(), "of the sum over k only k = j stays"),
                    Line(f"Σ_s 1/{m} (dZ^l)_{{js}}", Definition("dZ"), "dZ is m times the derivative of the mean"),
                    Line(f"({total})_j", AssembleMatrix(), "the sum over s is the sum along row j"),
                ),
            ),
        ),
        matrix=(
            Chain(
                "db^l",
                (
                    Line("∂J/∂b^l", Definition("db"), "db is the derivative of the mean J"),
                    Line(
                        "sum(∂J/∂Z^l, axis=1, keepdims=True)",
                        Jacobian(),
                        "`b^l` is added to every column, so it gets the sum of what the columns say",
                    ),
                    Line(
                        f"sum(1/{m} dZ^l, axis=1, keepdims=True)",
                        Definition("dZ"),
                        "dZ is m times the derivative of the mean",
                    ),
                    Line(total, Rearrange(), "a common factor of all columns"),
                ),
            ),
        ),
    )


def weight(m: str) -> Equation:
    """dW^l."""
    product = f"1/{m} dZ^l (A^{{l-1}})^T"
    return Equation(
        name="BP4",
        title="the gradient of a weight, in a batch",
        statement=f"dW^l = {product}",
        where=_where("every layer l", m),
        words="The product of dZ with the transpose of A sums the outer products of all samples; 1/m makes it a mean.",
        index=(
            Chain(
                "(dW^l)_{jk}",
                (
                    Line("∂J/∂W^l_{jk}", Definition("dW"), "dW is the derivative of the mean J"),
                    Line(
                        "Σ_i Σ_s ∂J/∂Z^l_{is} · ∂Z^l_{is}/∂W^l_{jk}",
                        ChainRule(),
                        "J hears of `W^l_{jk}` through the `Z^l_{is}` of all samples",
                    ),
                    Line(
                        "Σ_i Σ_s ∂J/∂Z^l_{is} · eye(n_l)_{ij} A^{l-1}_{ks}",
                        LinearDerivative(),
                        "`W^l_{jk}` stands in row i = j alone, with factor `A^{l-1}_{ks}`",
                    ),
                    Line("Σ_s ∂J/∂Z^l_{js} · A^{l-1}_{ks}", DeltaCollapses(), "of the sum over i only i = j stays"),
                    Line(
                        f"Σ_s 1/{m} (dZ^l)_{{js}} A^{{l-1}}_{{ks}}",
                        Definition("dZ"),
                        "dZ is m times the derivative of the mean",
                    ),
                    Line(
                        f"({product})_{{jk}}",
                        AssembleMatrix(),
                        "a sum over the last index of both: row j times row k, a product with the transpose",
                    ),
                ),
            ),
        ),
        matrix=(
            Chain(
                "dW^l",
                (
                    Line("∂J/∂W^l", Definition("dW"), "dW is the derivative of the mean J"),
                    Line(
                        "∂J/∂Z^l · (A^{l-1})^T",
                        Jacobian(),
                        "BP4 for every sample, summed: a product sums over what its factors share, the samples",
                    ),
                    Line(product, Definition("dZ"), "dZ is m times the derivative of the mean"),
                ),
            ),
        ),
    )
