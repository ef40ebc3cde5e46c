"""BP1 in a batch: dZ^L, by the loss. What dZ means is told in ``batch``."""

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
    start: tuple[Line, ...] = (
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
    index: tuple[Line, ...]
    matrix: tuple[Line, ...] = (
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
        where=f"the output layer L, any {m}",
        words="As for one sample, column by column: each column of dZ is the error of its own sample, without 1/m.",
        waived=frozenset({"y"}) if loss == "softmax-ce" else frozenset(),
        index=(Chain("(dZ^L)_{js}", (*start, *index)),),
        matrix=(Chain("dZ^L", matrix),),
    )
