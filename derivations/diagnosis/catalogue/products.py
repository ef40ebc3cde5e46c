"""Which product: matrix, elementwise, outer; what binds first; which places they are taken over."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import (
    Misconception,
    hadamard,
    is_entrywise,
    is_ones,
    layerwise,
    number,
    on_sheet,
    product,
)
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import factors
from derivations.formula import Binary, Call, Formula, Op, Power, Transpose, walk
from derivations.values import replaced


def _entrywise(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PRODUCT, Transpose(left) as turned, right) if s.is_column(left):
            if turned.is_unwritten:
                yield hadamard(left, right)
        case Binary(Op.PRODUCT, left, right):
            yield hadamard(left, right)


def _whole_difference(node: Formula, s: Situation) -> Iterator[Formula]:
    """a − y ⊙ s → (a − y) ⊙ s."""
    match node:
        case Binary(Op.MINUS | Op.PLUS as op, left, right) if (chain := _chain(right))[1:]:
            whole: Formula = Binary(op, left, chain[0][1])
            for sign, factor in chain[1:]:
                whole = Binary(sign, whole, factor)
            yield whole


def _chain(node: Formula) -> list[tuple[Op, Formula]]:
    """The factors of products in a row, each with the sign in front of it."""
    if isinstance(node, Binary) and (is_entrywise(node.op) or node.op is Op.PRODUCT):
        return [*_chain(node.left), (node.op, node.right)]
    return [(Op.PRODUCT, node)]


def _power_of_entries(node: Formula, s: Situation) -> Iterator[Formula]:
    """a² → a.^2, where a is no square matrix."""
    if isinstance(node, Power) and not node.elementwise and s.shape(node) is None:
        yield replaced(node, elementwise=True)


def _dot_to_entrywise(node: Formula, s: Situation) -> Iterator[Formula]:
    """uᵀ v → u ⊙ v."""
    match node:
        case Binary(Op.PRODUCT, Transpose(left) as turned, right) if s.is_column(left) and s.is_column(right):
            if not turned.is_unwritten:
                yield hadamard(left, right)


def _as_matrices(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(op, left, right) if is_entrywise(op):
            yield product(left, right)


def _other_brackets(node: Formula, s: Situation) -> Iterator[Formula]:
    """W (x ⊙ y) → (W x) ⊙ y, and back."""
    match node:
        case Binary(Op.PRODUCT, weights, Binary(op, left, right)) if is_entrywise(op):
            yield Binary(op, product(weights, left), right)
        case Binary(op, Binary(Op.PRODUCT, weights, left), right) if is_entrywise(op):
            yield product(weights, Binary(op, left, right))
        case Binary(op, left, Binary(Op.PRODUCT, middle, right)) if is_entrywise(op):
            yield product(Binary(op, left, middle), right)
        case Binary(Op.PRODUCT, Binary(op, left, middle), right) if is_entrywise(op):
            yield Binary(op, left, product(middle, right))


def _square_entrywise(node: Formula, s: Situation) -> Iterator[Formula]:
    """P (1 − Aᵀ A) → P ⊙ (1 − A.^2)."""
    match node:
        case Binary(op, left, Binary(Op.MINUS, one, Binary(Op.PRODUCT, first, second))) if is_ones(one) and (
            op is Op.PRODUCT or is_entrywise(op)
        ):
            squared = second if isinstance(first, Transpose) else first
            shape, ones = s.shape(left), one
            if isinstance(one, Call) and shape is not None:
                extents = s.extents(left)
                ones = Call("ones", extents) if extents else one
            yield hadamard(left, Binary(Op.MINUS, ones, Power(squared, number(2), elementwise=True)))
        case Binary(Op.PRODUCT, Transpose(first), second) if first == second:
            yield Power(second, number(2), elementwise=True)
        case Binary(Op.PRODUCT, first, Transpose(second)) if first == second:
            yield Power(first, number(2), elementwise=True)


def _sum_of_products(node: Formula, s: Situation) -> Iterator[Formula]:
    """(sum of the weights) (sum of the errors) → Wᵀ δ."""
    sums = [n for part in factors(node) for n in walk(part) if isinstance(n, Call) and n.name == "sum"]
    weights = [n.arguments[0] for n in sums if s.is_matrix(n.arguments[0])]
    errors = [n.arguments[0] for n in sums if s.is_column(n.arguments[0])]
    for matrix in weights:
        for error in errors:
            yield product(Transpose(matrix), error)


def _on_diagonal(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.is_jacobian and s.is_column(node):
        yield Call("diag", (node,))


_NET = "W : k x h; d : k; z : h; f : elementwise"
_BATCH = "W : k x h; D : k x m; Z : h x m; Y : k x m; A := tanh(Z); S := 1/2 ‖W A - Y‖²"

ROWS = (
    Misconception(
        "brackets-missing",
        "the brackets around the difference are missing",
        "A product binds first: in a − y ⊙ s only y is multiplied by s. The error as a whole meets the slope, and so "
        "it stands in brackets: (a − y) ⊙ s.",
        _whole_difference,
        layerwise("δ^L = a^L - y ⊙ σ'(z^L)", use="loss=mse")
        + layerwise("δ^L = a^L - y ⊙ a^L ⊙ (1 - a^L)", use="loss=mse activation=sigmoid"),
        layerwise("δ^L = (a^L - y) ⊙ σ'(z^L)", use="loss=mse"),
        "slope",
    ),
    Misconception(
        "power-of-a-column",
        "the square of a column is taken entry by entry",
        "Only a square matrix can be multiplied by itself. Where each entry is to be squared, the power is "
        "written .^2.",
        _power_of_entries,
        layerwise("δ^L = (a^L - y) ⊙ (1 - (a^L)^2)", use="loss=mse activation=tanh"),
        layerwise("δ^L = (a^L - y) ⊙ (1 - (a^L).^2)", use="loss=mse activation=tanh"),
        "slope",
    ),
    Misconception(
        "hadamard-precedence",
        "the brackets bind the wrong two together",
        "⊙ σ′(z^l) acts on each neuron of layer l, so that it comes after the weights have brought the error down. "
        "Before them the vector still has the width of layer l+1.",
        _other_brackets,
        layerwise("δ^l = (W^{l+1})^T (δ^{l+1} ⊙ σ'(z^l))"),
        layerwise("δ^l = ((W^{l+1})^T δ^{l+1}) ⊙ σ'(z^l)"),
        "product",
    ),
    Misconception(
        "hadamard-equals-dot",
        "an inner product is taken for the elementwise one",
        "uᵀ v adds the products up to one number; u ⊙ v keeps one for each entry. diag(u) v is the second.",
        _dot_to_entrywise,
        on_sheet(_NET, "diag(f'(z)) (Wᵀ d) = f'(z)ᵀ (Wᵀ d)"),
        on_sheet(_NET, "diag(f'(z)) (Wᵀ d) = f'(z) ⊙ (Wᵀ d)"),
        "product",
    ),
    Misconception(
        "hadamard-as-matmul",
        "a matrix product where the elementwise one belongs",
        "σ works on each entry alone, and so does its derivative: entry j of the error meets σ′ of entry j only. That "
        "is ⊙, or a product with diag(σ′(z)).",
        _entrywise,
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} · σ'(z^l)"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "product",
    ),
    Misconception(
        "matmul-as-hadamard",
        "an elementwise product where the matrix product belongs",
        "Each neuron hears from all neurons of the neighbouring layer, and a sum over them is a matrix product. ⊙ lets "
        "only entries of the same place meet.",
        _as_matrices,
        layerwise("δ^l = ((W^{l+1})^T ⊙ δ^{l+1}) ⊙ σ'(z^l)", "z^l = W^l ⊙ a^{l-1} + b^l"),
        layerwise("δ^l = ((W^{l+1})^T δ^{l+1}) ⊙ σ'(z^l)"),
        "product",
    ),
    Misconception(
        "square-as-gram",
        "AᵀA is taken for the square of each entry",
        "1 − a² of tanh′ squares each entry: A ⊙ A, or A.^2. AᵀA multiplies samples with each other.",
        _square_entrywise,
        on_sheet(_BATCH, "∂S/∂Z = (Wᵀ (W A - Y)) (ones(m, m) - Aᵀ A)"),
        on_sheet(_BATCH, "∂S/∂Z = (Wᵀ (W A - Y)) ⊙ (ones(h, m) - A.^2)"),
        "product",
    ),
    Misconception(
        "single-path-chain",
        "the sum of products is taken for a product of sums",
        "Each path from a_j up to J has a product of its own, w_kj δ_k, and these products are added. Adding up the "
        "weights first and the errors first pairs every weight with every error.",
        _sum_of_products,
        on_sheet(
            "W : k x h; a : h; C : loss; z := W a; d := ∂C(z)/∂z",
            "∂C(z)/∂a = (diag(sum(W, axis=0)) ones(h, 1)) sum(d)",
        ),
        on_sheet("W : k x h; a : h; C : loss; z := W a; d := ∂C(z)/∂z", "∂C(z)/∂a = Wᵀ d"),
        "product",
        whole=True,
    ),
    Misconception(
        "elementwise-jacobian-as-vector",
        "a Jacobian is a matrix, this is its diagonal",
        "∂f(x)/∂x of an elementwise f has an entry for every pair (j, k), and all with j ≠ k are 0: it is diag(f′(x)). "
        "In a product, diag(f′(x)) v is f′(x) ⊙ v; that is how the vector comes in.",
        _on_diagonal,
        on_sheet("x : n; f : elementwise", "∂f(x)/∂x = f'(x)"),
        on_sheet("x : n; f : elementwise", "∂f(x)/∂x = diag(f'(x))"),
        "product",
        whole=True,
    ),
)
