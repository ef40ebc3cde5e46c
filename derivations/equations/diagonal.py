"""BP1 and BP2 without ⊙, the product that they unroll to, and the induction that joins them.

Σ′(z) = diag(σ′(z)) is the square matrix with σ′(z_j) on its diagonal.
"""

from __future__ import annotations

from itertools import pairwise

from derivations.equations.plan import Chain, Cited, Equation, Line
from derivations.rules import AssembleMatrix, DiagonalActs
from derivations.setting import Network

_BP1 = Line("∇_{a^L} J ⊙ σ'(z^L)", Cited("BP1", "δ^L = ∇_{a^L} J ⊙ σ'(z^L)"), "the error of the output layer")
_BP1_ENTRY = Line(
    "(∇_{a^L} J ⊙ σ'(z^L))_j", Cited("BP1", "δ^L_j = (∇_{a^L} J ⊙ σ'(z^L))_j"), "the error of the output layer"
)
_BP2 = Line(
    "(W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)",
    Cited("BP2", "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
    "the error travels back",
)
_BP2_ENTRY = Line(
    "((W^{l+1})^T δ^{l+1} ⊙ σ'(z^l))_j",
    Cited("BP2", "δ^l_j = ((W^{l+1})^T δ^{l+1} ⊙ σ'(z^l))_j"),
    "the error travels back",
)
_DIAGONAL = "v ⊙ x is diag(v) times x: row j of the matrix holds v's entry j on the diagonal and 0 elsewhere"
_DIAGONAL_ROW = (
    "x ⊙ vᵀ is the row x times diag(v): column j of the matrix holds v's entry j on the diagonal and 0 elsewhere"
)
_COLUMN = "column j of Σ′ holds `σ'({z}_j)` in row j and 0 elsewhere, so that of the product one term stays"
_ROW = "row j of Σ′ holds `σ'({z}_j)` in column j and 0 elsewhere, so that of the product one term stays"

_LAST = Line("Σ'(z^L) ∇_{a^L} J", DiagonalActs(), _DIAGONAL, _DIAGONAL_ROW)
_HIDDEN = Line("Σ'(z^l) (W^{l+1})^T δ^{l+1}", DiagonalActs(), _DIAGONAL, _DIAGONAL_ROW)
_LAST_ENTRY = Line("(Σ'(z^L) ∇_{a^L} J)_j", AssembleMatrix(), _ROW.replace("{z}", "z^L"), _COLUMN.replace("{z}", "z^L"))
_HIDDEN_ENTRY = Line(
    "(Σ'(z^l) (W^{l+1})^T δ^{l+1})_j", AssembleMatrix(), _ROW.replace("{z}", "z^l"), _COLUMN.replace("{z}", "z^l")
)

BP1_DIAGONAL = Equation(
    name="BP1-diag",
    title="the error of the output layer, without ⊙",
    statement="δ^L = Σ'(z^L) ∇_{a^L} J",
    where="the output layer L",
    words="BP1 with the slopes on the diagonal of a matrix: everything is a matrix product now.",
    index=(Chain("δ^L_j", (_BP1_ENTRY, _LAST_ENTRY)),),
    matrix=(Chain("δ^L", (_BP1, _LAST)),),
)

BP2_DIAGONAL = Equation(
    name="BP2-diag",
    title="the error travels back, without ⊙",
    statement="δ^l = Σ'(z^l) (W^{l+1})^T δ^{l+1}",
    where="every layer l < L",
    words="BP2 with the slopes on the diagonal of a matrix: a layer multiplies the error by `Σ'(z^l) (W^{l+1})^T`.",
    index=(Chain("δ^l_j", (_BP2_ENTRY, _HIDDEN_ENTRY)),),
    matrix=(Chain("δ^l", (_BP2, _HIDDEN)),),
    turned_words=(
        "BP2 with the slopes on the diagonal of a matrix: a layer multiplies the error, a row, by `W^{l+1} Σ'(z^l)`."
    ),
)

INDUCTION = Equation(
    name="induction",
    title="every layer of every depth",
    statement="δ^l = Σ'(z^l) (W^{l+1})^T δ^{l+1}",
    where="every layer l < L, every depth L",
    words=(
        "An induction from the last layer down. Its base is the error of the last layer. Its step takes `δ^{l+1}`, "
        "whatever it is, to `δ^l`: above layer l+1 the loss may be anything, so one proof serves every l and every L. "
        "Hence in every network the error of a layer is Σ′(z) and the weights of that layer, times those of the next, "
        "and so on up to the last, times `∇_{a^L} J`."
    ),
    turned_words=(
        "An induction from the last layer down. Its base is the error of the last layer. Its step takes `δ^{l+1}`, "
        "whatever it is, to `δ^l`: above layer l+1 the loss may be anything, so one proof serves every l and every L. "
        "Hence in every network the error of a layer is the row `(∇_{a^L} J)^T`, times Σ′(z) and the weights of the "
        "last layer, times those of the one before, and so on down to Σ′(z) of the layer itself."
    ),
    index=(
        Chain("δ^L_j", (_BP1_ENTRY, _LAST_ENTRY), "base, the last layer"),
        Chain("δ^l_j", (_BP2_ENTRY, _HIDDEN_ENTRY), "step, from layer l+1 to layer l"),
    ),
    matrix=(
        Chain("δ^L", (_BP1, _LAST), "base, the last layer"),
        Chain("δ^l", (_BP2, _HIDDEN), "step, from layer l+1 to layer l"),
    ),
)

_LETTERS = "jkiqrstu"
MOST_LAYERS = len(_LETTERS)


def unrolled(network: Network) -> Equation:
    """δ of a layer as one product: layer 1 of a network of fixed depth, else the layer two below the last."""
    depth = network.depth
    count = 3 if depth is None else min(depth, MOST_LAYERS)
    layers = ["L" if k == 0 else f"L-{k}" for k in reversed(range(count))]
    if depth is not None:
        layers = [str(depth - k) for k in reversed(range(count))]
    pairs = list(pairwise(layers))
    factors = [f"Σ'(z^{{{low}}}) (W^{{{high}}})^T" for low, high in pairs]
    first, last = layers[0], layers[-1]
    lines: list[Line] = []
    for k, (low, high) in enumerate(pairs):
        cited = Cited("BP2-diag", f"δ^{{{low}}} = {factors[k]} δ^{{{high}}}")
        lines.append(Line(" ".join([*factors[: k + 1], f"δ^{{{high}}}"]), cited, f"BP2 for layer {low}"))
    end = f"Σ'(z^{{{last}}}) ∇_{{a^{{{last}}}}} J"
    cited = Cited("BP1-diag", f"δ^{{{last}}} = {end}")
    lines.append(Line(" ".join([*factors, end]), cited, "BP1 for the last layer"))
    product = " ".join([*factors, end])
    return Equation(
        name="unrolled",
        title=f"δ of layer {first} as one product",
        statement=f"δ^{{{first}}} = {product}",
        where=f"layer {first}",
        words=(
            "Read from the right: the loss's gradient passes each layer backwards, through its slopes and its weights. "
            "Entry by entry it is a sum over all paths from the neuron to the outputs."
        ),
        turned_words=(
            "Read from the left: the loss's gradient passes each layer backwards, through its slopes and its weights. "
            "Entry by entry it is a sum over all paths from the neuron to the outputs."
        ),
        index=(Chain(f"δ^{{{first}}}_j", _paths(layers, product)),),
        matrix=(Chain(f"δ^{{{first}}}", tuple(lines)),),
    )


def _paths(layers: list[str], product: str) -> tuple[Line, ...]:
    """Entry j of the product as a sum over paths j → k → i → … of weights and slopes."""

    def back(k: int, inner: str) -> str:
        """The error of neuron k in layer k, by the errors of the layer above it."""
        here, above = _LETTERS[k], _LETTERS[k + 1]
        return f"Σ_{above} σ'(z^{{{layers[k]}}}_{here}) w^{{{layers[k + 1]}}}_{{{above}{here}}} {inner}"

    def error(k: int) -> str:
        return f"δ^{{{layers[k]}}}_{_LETTERS[k]}"

    def path(upto: int, end: str) -> str:
        for k in reversed(range(upto)):
            end = back(k, end)
        return end

    last = len(layers) - 1
    lines = [
        Line(
            path(k + 1, error(k + 1)),
            Cited("BP2", f"{error(k)} = {back(k, error(k + 1))}"),
            f"entry by entry, for layer {layers[k]}",
        )
        for k in range(last)
    ]
    end = f"σ'(z^{{{layers[last]}}}_{_LETTERS[last]}) · ∂J/∂a^{{{layers[last]}}}_{_LETTERS[last]}"
    lines.append(Line(path(last, end), Cited("BP1", f"{error(last)} = {end}"), "entry by entry, for the last layer"))
    lines.append(Line(f"({product})_j", AssembleMatrix(), "each sum is a matrix product, each slope a diagonal"))
    return tuple(lines)
