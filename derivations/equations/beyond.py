"""What a reader looks for next: the Jacobian of softmax, an L2 penalty, a residual connection, batch normalisation."""

from __future__ import annotations

from derivations.equations.plan import Chain, Cited, Equation, Line
from derivations.rules import (
    AssembleMatrix,
    ChainRule,
    Definition,
    DeltaCollapses,
    DerivativeOf,
    DiagonalActs,
    Jacobian,
    PowerRule,
    ProductRule,
    QuotientRule,
    Rearrange,
    SumRule,
)

SOFTMAX = Equation(
    name="softmax",
    title="the Jacobian of softmax",
    statement="∂s/∂z = diag(s) - s s^T",
    where="s = softmax(z)",
    words="Raising one input raises its own output and lowers all others, since the outputs share a sum of 1.",
    given="z : n; s := softmax(z)",
    index=(
        Chain(
            "∂s_k/∂z_j",
            (
                Line("∂(exp(z_k) / (Σ_i exp(z_i)))/∂z_j", Definition("s"), "exp, divided by the sum of all"),
                Line(
                    "(eye(n)_{kj} exp(z_k) (Σ_i exp(z_i)) - exp(z_k) exp(z_j)) / (Σ_i exp(z_i))^2",
                    QuotientRule(),
                    "`exp(z_k)` depends on `z_j` only if k = j, the sum does in any case",
                ),
                Line(
                    "eye(n)_{kj} (exp(z_k) / (Σ_i exp(z_i))) - (exp(z_k) / (Σ_i exp(z_i))) (exp(z_j) / (Σ_i exp(z_i)))",
                    Rearrange(),
                    "the sum cancels once in the first term",
                ),
                Line("eye(n)_{kj} s_k - s_k s_j", Definition("s"), "each quotient is an entry of s again"),
                Line("(diag(s) - s s^T)_{kj}", AssembleMatrix(), "a diagonal, less a column times a row"),
            ),
        ),
    ),
    matrix=(
        Chain(
            "∂s/∂z",
            (
                Line(
                    "diag(s) - s s^T",
                    Jacobian(),
                    "entry (j, k) is `∂s_k/∂z_j`, by the index proof; the matrix is symmetric",
                ),
            ),
        ),
    ),
)

L2 = Equation(
    name="L2",
    title="the gradient of a weight, with an L2 penalty",
    statement="∂R/∂W^l = δ^l (a^{l-1})^T + λ W^l",
    where="every layer l",
    words="The penalty pulls every weight towards 0, in proportion to its size. The errors do not change.",
    given="use network; λ : scalar; R := J + λ/2 sumsq(W^l)",
    index=(
        Chain(
            "∂R/∂W^l_{jk}",
            (
                Line(
                    "∂(J + λ/2 Σ_p Σ_q (W^l_{pq})^2)/∂W^l_{jk}",
                    Definition("R"),
                    "the loss and λ/2 times the squares of the weights",
                ),
                Line(
                    "∂J/∂W^l_{jk} + λ/2 ∂(Σ_p Σ_q (W^l_{pq})^2)/∂W^l_{jk}",
                    SumRule(),
                    "term by term; λ/2 is a constant",
                ),
                Line(
                    "∂J/∂W^l_{jk} + λ W^l_{jk}", PowerRule(), "of the squares only p = j, q = k depends on `W^l_{jk}`"
                ),
                Line(
                    "δ^l_j a^{l-1}_k + λ W^l_{jk}",
                    Cited("BP4", "∂J/∂W^l_{jk} = δ^l_j a^{l-1}_k"),
                    "the gradient of a weight",
                ),
                Line(
                    "(δ^l (a^{l-1})^T + λ W^l)_{jk}",
                    AssembleMatrix(),
                    "entry (j, k) of both terms",
                    "entry (k, j) of both terms",
                ),
            ),
        ),
    ),
    matrix=(
        Chain(
            "∂R/∂W^l",
            (
                Line("∂(J + λ/2 sumsq(W^l))/∂W^l", Definition("R"), "the loss and the penalty"),
                Line("∂J/∂W^l + λ/2 ∂(sumsq(W^l))/∂W^l", SumRule(), "term by term; λ/2 is a constant"),
                Line("∂J/∂W^l + λ W^l", PowerRule(), "the derivative of a square is twice the weight"),
                Line(
                    "δ^l (a^{l-1})^T + λ W^l",
                    Cited("BP4", "∂J/∂W^l = δ^l (a^{l-1})^T"),
                    "the gradient of a weight",
                ),
            ),
        ),
    ),
)

RESIDUAL = Equation(
    name="residual",
    title="the error through a residual connection",
    statement="∂J/∂x = W^T (∂J/∂u ⊙ f'(z)) + ∂J/∂u",
    where="u = f(z) + x, z = W x + b",
    words=(
        "Besides the way through the weights there is a way around them, and it leaves the error as it is: that is why "
        "deep residual networks do not lose it."
    ),
    given="x : n; W : n x n; b : n; f : elementwise; C : loss; z := W x + b; u := f(z) + x; J := C(u)",
    index=(
        Chain(
            "∂J/∂x_j",
            (
                Line("Σ_k ∂J/∂u_k · ∂u_k/∂x_j", ChainRule(), "J hears of `x_j` through the `u_k` alone"),
                Line(
                    "Σ_k ∂J/∂u_k · ∂(f(Σ_i W_{ki} x_i + b_k) + x_k)/∂x_j",
                    Definition("u"),
                    "the layer, and x itself",
                ),
                Line(
                    "Σ_k ∂J/∂u_k · (f'(z_k) W_{kj} + eye(n)_{kj})",
                    DerivativeOf("f"),
                    "only i = j depends on `x_j`; of the second term only k = j",
                ),
                Line(
                    "Σ_k ∂J/∂u_k · f'(z_k) W_{kj} + Σ_k ∂J/∂u_k · eye(n)_{kj}",
                    Rearrange(),
                    "a product with a sum is a sum of products",
                ),
                Line("Σ_k ∂J/∂u_k · f'(z_k) W_{kj} + ∂J/∂u_j", DeltaCollapses(), "of the second sum only k = j stays"),
                Line(
                    "(W^T (∂J/∂u ⊙ f'(z)) + ∂J/∂u)_j",
                    AssembleMatrix(),
                    "`W_{kj}` summed over its first index is row j of the transpose",
                    "`W_{kj}` summed over its first index: a row times W",
                ),
            ),
        ),
    ),
    matrix=(
        Chain(
            "∂J/∂x",
            (
                Line("∂u/∂x · ∂J/∂u", ChainRule(), "the inner step stands on the left", "the inner step on the right"),
                Line("(W^T diag(f'(z)) + eye(n)) · ∂J/∂u", Jacobian(), "the layer's Jacobian, and that of x itself"),
                Line(
                    "W^T (∂J/∂u ⊙ f'(z)) + ∂J/∂u",
                    DiagonalActs(),
                    "a diagonal matrix multiplies entry by entry, the unit matrix leaves ∂J/∂u as it is",
                ),
            ),
        ),
    ),
)

_CENTRED = "eye(m)_{kj} - 1/m"

BATCH_NORM = Equation(
    name="batchnorm",
    title="batch normalisation",
    statement="∂J/∂x = 1/m r (m ∂J/∂h - sum(∂J/∂h) - sum(∂J/∂h ⊙ h) h)",
    where="one feature x over m samples, h = (x − mean) / √(variance + e)",
    words=(
        "Every output hears of every input through the mean u and the variance v. What is left of the error has mean 0 "
        "and, but for e, no part along h."
    ),
    given=(
        "x : m; e : scalar positive; C : loss; u := 1/m sum(x); v := 1/m sumsq(x - u); r := 1/sqrt(v + e); "
        "h := r (x - u); J := C(h)"
    ),
    index=(
        Chain(
            "∂h_k/∂x_j",
            (
                Line("∂(r (x_k - u))/∂x_j", Definition("h"), "centred and scaled"),
                Line(
                    "∂r/∂x_j · (x_k - u) + r ∂(x_k - u)/∂x_j",
                    ProductRule(),
                    "r and u depend on all samples",
                ),
                Line(
                    f"∂r/∂x_j · (x_k - u) + r ({_CENTRED})",
                    DerivativeOf("the mean"),
                    "every sample moves the mean by 1/m",
                ),
                Line(
                    f"-1/m r (r (x_j - u)) (r (x_k - u)) + r ({_CENTRED})",
                    DerivativeOf("the root"),
                    "`∂v/∂x_j = 2/m (x_j - u)`, and the derivative of 1/√t is −½ times its cube",
                ),
                Line(f"-1/m r h_j h_k + r ({_CENTRED})", Definition("h"), "`h_j = r (x_j - u)`, twice"),
            ),
            "one output by one input",
        ),
        Chain(
            "∂J/∂x_j",
            (
                Line("Σ_k ∂J/∂h_k · ∂h_k/∂x_j", ChainRule(), "J hears of `x_j` through all `h_k`"),
                Line(
                    f"Σ_k ∂J/∂h_k · (-1/m r h_j h_k + r ({_CENTRED}))",
                    Jacobian(),
                    "from above",
                ),
                Line(
                    "r (Σ_k ∂J/∂h_k · eye(m)_{kj}) - 1/m r (Σ_k ∂J/∂h_k) - 1/m r h_j (Σ_k ∂J/∂h_k · h_k)",
                    Rearrange(),
                    "term by term; what does not depend on k stands before its sum",
                ),
                Line(
                    "r ∂J/∂h_j - 1/m r (Σ_k ∂J/∂h_k) - 1/m r h_j (Σ_k ∂J/∂h_k · h_k)",
                    DeltaCollapses(),
                    "of the sum with the unit matrix only k = j stays",
                ),
                Line(
                    "(1/m r (m ∂J/∂h - sum(∂J/∂h) - sum(∂J/∂h ⊙ h) h))_j",
                    AssembleMatrix(),
                    "the sums are numbers, the same for every j",
                ),
            ),
            "the gradient",
        ),
    ),
    matrix=(
        Chain(
            "∂J/∂x",
            (
                Line("∂h/∂x · ∂J/∂h", ChainRule(), "the inner step stands on the left", "the inner step on the right"),
                Line(
                    "(1/m r (m eye(m) - ones(m, m) - h h^T)) ∂J/∂h",
                    Jacobian(),
                    "the matrix of the entries above; it is symmetric",
                ),
                Line(
                    "1/m r (m ∂J/∂h - sum(∂J/∂h) - sum(∂J/∂h ⊙ h) h)",
                    DiagonalActs(),
                    "the matrix of ones sums, and h times its transpose projects onto h",
                ),
            ),
        ),
    ),
)
