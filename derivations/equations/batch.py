"""The equations of a batch, in the notation dZ, dW, db, dA: one sample a column, J the mean over the m samples.

``dA`` and ``dZ`` hold, column by column, the derivative of that sample's own loss; ``dW`` and ``db`` are derivatives of
the mean J. So 1/m stands in dW and db, and nowhere else.
"""

from __future__ import annotations

from derivations.equations.plan import Chain, Equation, Line
from derivations.rules import (
    AssembleMatrix,
    ChainRule,
    Definition,
    DeltaCollapses,
    DerivativeOf,
    ElementwiseChain,
    ForwardPass,
    Hypothesis,
    Jacobian,
    LinearDerivative,
    PowerRule,
    Rearrange,
)

_OWN_LOSS = "column s holds the derivative of sample s's own loss, and J is 1/{m} of their sum"


def _filled(texts: dict[str, str], m: str) -> dict[str, str]:
    return {key: text.replace("{m}", m) for key, text in texts.items()}


_LOSSES = {
    "mse": "1/2 1/{m} Σ_k Σ_t (Y_{kt} - A^L_{kt})^2",
    "bce": "-1/{m} Σ_k Σ_t (Y_{kt} log(A^L_{kt}) + (1 - Y_{kt}) log(1 - A^L_{kt}))",
    "softmax-ce": "-1/{m} Σ_i Σ_t Y_{it} log(A^L_{it})",
}


def output_error(loss: str | None, m: str) -> Equation:
    """dZ^L, by the loss."""
    losses = _filled(_LOSSES, m)
    start = (
        Line(f"{m} ∂J/∂Z^L_{{js}}", Definition("dZ"), _OWN_LOSS.replace("{m}", m)),
        Line(
            f"{m} (Σ_k Σ_t ∂J/∂A^L_{{kt}} · ∂A^L_{{kt}}/∂Z^L_{{js}})",
            ChainRule(),
            "J hears of `Z^L_{js}` through the activations alone",
        ),
    )
    own = Line(
        f"{m} ∂J/∂A^L_{{js}} · ∂A^L_{{js}}/∂Z^L_{{js}}",
        DeltaCollapses(),
        "an activation depends on its own z alone, and a sample on no other",
    )
    through = (
        own,
        Line(f"{m} ∂J/∂A^L_{{js}} · ∂(σ(Z^L_{{js}}))/∂Z^L_{{js}}", ForwardPass(), "`A^L_{js} = σ(Z^L_{js})`"),
        Line(f"{m} ∂J/∂A^L_{{js}} · σ'(Z^L_{{js}})", DerivativeOf("σ"), "σ is a function of one variable"),
    )
    matrix = (
        Line(f"{m} ∂J/∂Z^L", Definition("dZ"), _OWN_LOSS.replace("{m}", m)),
        Line(f"{m} ∂J/∂A^L ⊙ σ'(Z^L)", ElementwiseChain(), "`A^L = σ(Z^L)`, entry by entry"),
    )
    match loss:
        case None:
            statement = "dZ^L = dA^L ⊙ σ'(Z^L)"
            index = (
                *through,
                Line("(dA^L)_{js} σ'(Z^L_{js})", Definition("dA"), "the same for `A^L`: m cancels 1/m"),
                Line("(dA^L ⊙ σ'(Z^L))_{js}", AssembleMatrix(), "⊙ multiplies entry by entry"),
            )
            matrix = (*matrix, Line("dA^L ⊙ σ'(Z^L)", Definition("dA"), "the same for `A^L`: m cancels 1/m"))
        case "mse":
            statement = "dZ^L = (A^L - Y) ⊙ σ'(Z^L)"
            index = (
                *through,
                Line(
                    f"{m} ∂({losses['mse']})/∂A^L_{{js}} · σ'(Z^L_{{js}})",
                    Definition("J"),
                    "the mean of the squared errors",
                ),
                Line(
                    "(A^L_{js} - Y_{js}) σ'(Z^L_{js})",
                    PowerRule(),
                    "of the sums only k = j and t = s depend on `A^L_{js}`; m cancels 1/m",
                ),
                Line("((A^L - Y) ⊙ σ'(Z^L))_{js}", AssembleMatrix(), "⊙ multiplies entry by entry"),
            )
            matrix = (
                *matrix,
                Line("(A^L - Y) ⊙ σ'(Z^L)", PowerRule(), "entry by entry, as in the index proof"),
            )
        case "bce":
            statement = "dZ^L = A^L - Y"
            index = (
                own,
                Line(
                    f"{m} ∂({losses['bce']})/∂A^L_{{js}} · ∂A^L_{{js}}/∂Z^L_{{js}}",
                    Definition("J"),
                    "the mean of the cross entropies",
                ),
                Line(
                    "((A^L_{js} - Y_{js}) / (A^L_{js} (1 - A^L_{js}))) · ∂A^L_{js}/∂Z^L_{js}",
                    DerivativeOf("log"),
                    "only k = j and t = s depend on `A^L_{js}`; the derivative of `log(u)` is 1/u",
                ),
                Line(
                    "((A^L_{js} - Y_{js}) / (A^L_{js} (1 - A^L_{js}))) (A^L_{js} (1 - A^L_{js}))",
                    DerivativeOf("σ"),
                    "the slope of the sigmoid is `A^L_{js} (1 - A^L_{js})`",
                ),
                Line("A^L_{js} - Y_{js}", Rearrange(), "the slope of the sigmoid cancels the denominator"),
                Line("(A^L - Y)_{js}", AssembleMatrix(), "for every neuron and sample at once"),
            )
            matrix = (
                *matrix,
                Line(
                    "((A^L - Y) ⊘ (A^L ⊙ (1 - A^L))) ⊙ σ'(Z^L)",
                    DerivativeOf("log"),
                    "entry by entry, as in the index proof",
                ),
                Line(
                    "((A^L - Y) ⊘ (A^L ⊙ (1 - A^L))) ⊙ (A^L ⊙ (1 - A^L))",
                    DerivativeOf("σ"),
                    "the slope of the sigmoid",
                ),
                Line("A^L - Y", Rearrange(), "the slope of the sigmoid cancels the denominator"),
            )
        case _:
            statement = "dZ^L = A^L - Y"
            index = (
                Line(
                    f"{m} (Σ_k ∂J/∂A^L_{{ks}} · ∂A^L_{{ks}}/∂Z^L_{{js}})",
                    DeltaCollapses(),
                    "a sample hears of no other: t = s",
                ),
                Line(
                    f"{m} (Σ_k ∂({losses['softmax-ce']})/∂A^L_{{ks}} · ∂A^L_{{ks}}/∂Z^L_{{js}})",
                    Definition("J"),
                    "the mean of the cross entropies",
                ),
                Line(
                    "Σ_k (-Y_{ks} / A^L_{ks}) · ∂A^L_{ks}/∂Z^L_{js}",
                    DerivativeOf("log"),
                    "only i = k and t = s depend on `A^L_{ks}`; m cancels 1/m",
                ),
                Line(
                    "Σ_k (-Y_{ks} / A^L_{ks}) (eye(n_L)_{kj} A^L_{ks} - A^L_{ks} A^L_{js})",
                    Jacobian(),
                    "the Jacobian of softmax, for sample s",
                ),
                Line("Σ_k (Y_{ks} A^L_{js} - Y_{ks} eye(n_L)_{kj})", Rearrange(), "`A^L_{ks}` cancels"),
                Line("A^L_{js} (Σ_k Y_{ks}) - Y_{js}", Rearrange(), "of the second sum only k = j stays"),
                Line(
                    "A^L_{js} - Y_{js}",
                    Hypothesis("y", "Σ y = 1"),
                    "each column of `Y` sums to 1; without it the step fails",
                ),
                Line("(A^L - Y)_{js}", AssembleMatrix(), "for every neuron and sample at once"),
            )
            matrix = (
                matrix[0],
                Line(
                    "A^L diag(sum(Y, axis=0)) - Y",
                    Jacobian(),
                    "column by column: (diag(a) − a aᵀ) times −(y ⊘ a) is a times the sum of y, minus y",
                ),
                Line("A^L - Y", Hypothesis("y", "Σ y = 1"), "each column of `Y` sums to 1; without it the step fails"),
            )
    return Equation(
        name="BP1",
        title="the error of the output layer, in a batch",
        statement=statement,
        where=_where("the output layer L", m),
        words="As for one sample, column by column: each column of dZ is the error of its own sample, without 1/m.",
        waived=frozenset({"y"}) if loss == "softmax-ce" else frozenset(),
        index=(Chain("(dZ^L)_{js}", (*start, *index)),),
        matrix=(Chain("dZ^L", matrix),),
    )


def _where(layers: str, m: str) -> str:
    return f"{layers}, any {m}"


def activation_error(m: str) -> Equation:
    """dA^l."""
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
        words="As for one sample, column by column: there is no 1/m, since every column is about its own sample's loss.",
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
                        Jacobian(),
                        "`dA^l = (W^{l+1})^T dZ^{l+1}`, which has a derivation of its own: dA",
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
                    Line(total, Definition("dZ"), "dZ is m times the derivative of the mean"),
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
        words="The product of dZ with the transpose of A sums the outer products of all samples; 1/m makes it their mean.",
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
