"""BP1: the error of the output layer."""

from __future__ import annotations

from derivations.equations.plan import Chain, Equation, Line
from derivations.rules import (
    AssembleMatrix,
    ChainRule,
    Definition,
    DeltaCollapses,
    DerivativeOf,
    DiagonalActs,
    ForwardPass,
    Hypothesis,
    Jacobian,
    PowerRule,
    QuotientRule,
    Rearrange,
)

_WHERE = "the output layer L"
_WORDS = (
    "The error of an output neuron is how much the loss minds its activation, times how much the activation minds its "
    "input `z`."
)

_TO_ACTIVATIONS = (
    Line("∂J/∂z^L_j", Definition("δ"), "`δ^L_j` is short for this derivative"),
    Line(
        "Σ_k ∂J/∂a^L_k · ∂a^L_k/∂z^L_j",
        ChainRule(),
        "`J` hears of `z^L_j` through the activations `a^L_k` alone",
    ),
    Line(
        "∂J/∂a^L_j · ∂a^L_j/∂z^L_j",
        DeltaCollapses(),
        "`a^L_k` depends on `z^L_j` only where k = j: the other terms vanish",
    ),
    Line("∂J/∂a^L_j · ∂(σ(z^L_j))/∂z^L_j", ForwardPass(), "`a^L_j = σ(z^L_j)`"),
    Line("∂J/∂a^L_j · σ'(z^L_j)", DerivativeOf("σ"), "σ is a function of one variable"),
)

_MATRIX = (
    Line("∂J/∂z^L", Definition("δ"), "`δ^L` is short for this derivative"),
    Line(
        "∂a^L/∂z^L · ∂J/∂a^L",
        ChainRule(),
        "in denominator layout the inner step stands on the left: `n_L` × `n_L` times `n_L` × 1",
        "in numerator layout the inner step stands on the right: 1 × `n_L` times `n_L` × `n_L`",
    ),
    Line(
        "diag(σ'(z^L)) · ∂J/∂a^L",
        Jacobian(),
        "entry (j, k) of the factor is `∂a^L_k/∂z^L_j`: `σ'(z^L_j)` where k = j, and 0 elsewhere",
        "entry (k, j) of the factor is `∂a^L_k/∂z^L_j`: `σ'(z^L_j)` where k = j, and 0 elsewhere",
    ),
    Line("∂J/∂a^L ⊙ σ'(z^L)", DiagonalActs(), "a diagonal matrix multiplies every entry by its own number"),
)

UNKNOWN_LOSS = Equation(
    name="BP1",
    title="the error of the output layer",
    statement="δ^L = ∇_{a^L} J ⊙ σ'(z^L)",
    where=_WHERE,
    words=_WORDS,
    index=(
        Chain(
            "δ^L_j",
            (
                *_TO_ACTIVATIONS,
                Line("(∇_{a^L} J ⊙ σ'(z^L))_j", AssembleMatrix(), "⊙ multiplies entry by entry"),
            ),
        ),
    ),
    matrix=(
        Chain(
            "δ^L",
            (
                *_MATRIX,
                Line("∇_{a^L} J ⊙ σ'(z^L)", Rearrange(), "`∇_{a^L} J` is the column of the `∂J/∂a^L_k`"),
            ),
        ),
    ),
)

SQUARED_ERROR = Equation(
    name="BP1",
    title="the error of the output layer, for the squared error",
    statement="δ^L = (a^L - y) ⊙ σ'(z^L)",
    where=_WHERE,
    words="The error of an output neuron is how far its activation is off, times how much it minds its input `z`.",
    index=(
        Chain(
            "δ^L_j",
            (
                *_TO_ACTIVATIONS,
                Line("∂(1/2 Σ_k (y_k - a^L_k)^2)/∂a^L_j · σ'(z^L_j)", Definition("J"), "the loss is the squared error"),
                Line(
                    "(a^L_j - y_j) σ'(z^L_j)",
                    PowerRule(),
                    "of the sum over k only k = j depends on `a^L_j`; ½ and the exponent 2 cancel, and so do the signs",
                ),
                Line("((a^L - y) ⊙ σ'(z^L))_j", AssembleMatrix(), "⊙ multiplies entry by entry"),
            ),
        ),
    ),
    matrix=(
        Chain(
            "δ^L",
            (
                *_MATRIX,
                Line("∂(1/2 sumsq(y - a^L))/∂a^L ⊙ σ'(z^L)", Definition("J"), "the loss is the squared error"),
                Line("(a^L - y) ⊙ σ'(z^L)", PowerRule(), "entry by entry, as in the index proof"),
            ),
        ),
    ),
)

_ENTROPY = "-Σ_k (y_k log(a^L_k) + (1 - y_k) log(1 - a^L_k))"

BINARY_CROSS_ENTROPY = Equation(
    name="BP1",
    title="the error of the output layer, for sigmoid and binary cross entropy",
    statement="δ^L = a^L - y",
    where=_WHERE,
    words="The slope of the loss and the slope of the sigmoid cancel: the error is how far the activation is off.",
    index=(
        Chain(
            "δ^L_j",
            (
                *_TO_ACTIVATIONS[:3],
                Line(f"∂({_ENTROPY})/∂a^L_j · ∂a^L_j/∂z^L_j", Definition("J"), "the loss is the cross entropy"),
                Line(
                    "((1 - y_j) / (1 - a^L_j) - y_j / a^L_j) · ∂a^L_j/∂z^L_j",
                    DerivativeOf("log"),
                    "only k = j depends on `a^L_j`; the derivative of `log(u)` is 1/u",
                ),
                Line(
                    "((a^L_j - y_j) / (a^L_j (1 - a^L_j))) · ∂a^L_j/∂z^L_j",
                    Rearrange(),
                    "over a common denominator, `-y_j + y_j a^L_j + a^L_j - y_j a^L_j` is left",
                ),
                Line(
                    "((a^L_j - y_j) / (a^L_j (1 - a^L_j))) (a^L_j (1 - a^L_j))",
                    DerivativeOf("σ"),
                    "the sigmoid has `σ'(z^L_j) = σ(z^L_j) (1 - σ(z^L_j))`",
                ),
                Line("a^L_j - y_j", Rearrange(), "the slope of the sigmoid cancels the denominator"),
                Line("(a^L - y)_j", AssembleMatrix(), "for every j at once"),
            ),
        ),
    ),
    matrix=(
        Chain(
            "δ^L",
            (
                *_MATRIX,
                Line("((a^L - y) ⊘ (a^L ⊙ (1 - a^L))) ⊙ σ'(z^L)", Jacobian(), "entry by entry, as in the index proof"),
                Line(
                    "((a^L - y) ⊘ (a^L ⊙ (1 - a^L))) ⊙ (a^L ⊙ (1 - a^L))",
                    DerivativeOf("σ"),
                    "the sigmoid has `σ'(z^L_j) = σ(z^L_j) (1 - σ(z^L_j))`",
                ),
                Line("a^L - y", Rearrange(), "the slope of the sigmoid cancels the denominator"),
            ),
        ),
    ),
)

SOFTMAX_CROSS_ENTROPY = Equation(
    name="BP1",
    title="the error of the output layer, for softmax and cross entropy",
    statement="δ^L = a^L - y",
    where=_WHERE,
    words=(
        "Each output hears of every `z^L_j`, so the whole Jacobian of softmax is needed. What is left is how far the "
        "activation is off, because the entries of `y` sum to 1."
    ),
    waived=frozenset({"y"}),
    index=(
        Chain(
            "∂a^L_k/∂z^L_j",
            (
                Line(
                    "∂(exp(z^L_k) / (Σ_i exp(z^L_i)))/∂z^L_j",
                    ForwardPass(),
                    "softmax divides by the sum, so that the entries add up to 1",
                ),
                Line(
                    "(eye(n_L)_{kj} exp(z^L_k) (Σ_i exp(z^L_i)) - exp(z^L_k) exp(z^L_j)) / (Σ_i exp(z^L_i))^2",
                    QuotientRule(),
                    "`exp(z^L_k)` depends on `z^L_j` only if k = j, the sum does in any case",
                ),
                Line(
                    "eye(n_L)_{kj} (exp(z^L_k) / (Σ_i exp(z^L_i)))"
                    " - (exp(z^L_k) / (Σ_i exp(z^L_i))) (exp(z^L_j) / (Σ_i exp(z^L_i)))",
                    Rearrange(),
                    "the sum cancels once in the first term",
                ),
                Line(
                    "eye(n_L)_{kj} a^L_k - a^L_k a^L_j",
                    ForwardPass(),
                    "each quotient is an activation again",
                ),
            ),
            "the Jacobian of softmax",
        ),
        Chain(
            "δ^L_j",
            (
                Line("∂J/∂z^L_j", Definition("δ"), "`δ^L_j` is short for this derivative"),
                Line("Σ_k ∂J/∂a^L_k · ∂a^L_k/∂z^L_j", ChainRule(), "every `a^L_k` hears of `z^L_j`"),
                Line(
                    "Σ_k ∂(-Σ_i y_i log(a^L_i))/∂a^L_k · ∂a^L_k/∂z^L_j",
                    Definition("J"),
                    "the loss is the cross entropy",
                ),
                Line(
                    "Σ_k (-y_k / a^L_k) · ∂a^L_k/∂z^L_j",
                    DerivativeOf("log"),
                    "of the sum over i only i = k depends on `a^L_k`",
                ),
                Line(
                    "Σ_k (-y_k / a^L_k) (eye(n_L)_{kj} a^L_k - a^L_k a^L_j)",
                    Jacobian(),
                    "the Jacobian of softmax, from above",
                ),
                Line("Σ_k (y_k a^L_j - y_k eye(n_L)_{kj})", Rearrange(), "`a^L_k` cancels"),
                Line("a^L_j (Σ_k y_k) - y_j", Rearrange(), "of the second sum only k = j stays"),
                Line(
                    "a^L_j - y_j", Hypothesis("y", "Σ y = 1"), "the entries of `y` sum to 1; without it the step fails"
                ),
                Line("(a^L - y)_j", AssembleMatrix(), "for every j at once"),
            ),
            "the error",
        ),
    ),
    matrix=(
        Chain(
            "δ^L",
            (
                *_MATRIX[:2],
                Line(
                    "(diag(a^L) - a^L (a^L)^T) · ∂J/∂a^L",
                    Jacobian(),
                    "softmax is not elementwise: besides the diagonal there is `-a^L_k a^L_j` everywhere",
                ),
                Line(
                    "(diag(a^L) - a^L (a^L)^T) (-(y ⊘ a^L))",
                    Jacobian(),
                    "the derivative of `-y_k log(a^L_k)` is `-y_k / a^L_k`",
                ),
                Line("a^L sum(y) - y", Rearrange(), "`a^L_k` cancels in both products"),
                Line("a^L - y", Hypothesis("y", "Σ y = 1"), "the entries of `y` sum to 1; without it the step fails"),
            ),
        ),
    ),
)

BP1 = {
    None: UNKNOWN_LOSS,
    "mse": SQUARED_ERROR,
    "bce": BINARY_CROSS_ENTROPY,
    "softmax-ce": SOFTMAX_CROSS_ENTROPY,
}
