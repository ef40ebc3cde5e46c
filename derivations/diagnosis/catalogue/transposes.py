"""Transposes and the order of factors: what the shapes give away, and what square matrices hide."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import Misconception, is_entrywise, layerwise, on_sheet, product, turned
from derivations.diagnosis.situation import Situation
from derivations.formula import Apply, Binary, Call, Entry, Formula, Op, Transpose


def _turn_jacobian(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.is_jacobian and s.target_shape is not None and not s.target_shape.is_scalar:
        yield turned(node)


def _turn_row(node: Formula, s: Situation) -> Iterator[Formula]:
    shape = s.shape(node)
    if not s.is_jacobian and shape is not None and shape.is_vector and not shape.is_scalar:
        yield turned(node)


def _turn_weights(node: Formula, s: Situation) -> Iterator[Formula]:
    """W δ → Wᵀ δ; of an entry, w_{jk} → w_{kj}."""
    match node:
        case Binary(Op.PRODUCT, left, right) if not isinstance(left, Transpose) and s.is_matrix(left):
            yield Binary(Op.PRODUCT, _turned_behind_numbers(left, s), right)
        case Entry(of, (one, other)) if one != other and s.of is not None:
            yield Entry(of, (other, one))


def _turned_behind_numbers(node: Formula, s: Situation) -> Formula:
    """2 X → 2 Xᵀ."""
    match node:
        case Binary(Op.PRODUCT | Op.STAR as op, number, inner) if (shape := s.shape(number)) and shape.is_scalar:
            return Binary(op, number, _turned_behind_numbers(inner, s))
    return turned(node)


def _turn_weights_of_network(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.context.network is not None:
        yield from _turn_weights(node, s)


def _turn_matrix_of_sheet(node: Formula, s: Situation) -> Iterator[Formula]:
    """The same among declared names, where functions between the products make layers of them."""
    if s.context.network is None and any(isinstance(n, Apply) for n in s.target_nodes):
        yield from _turn_weights(node, s)


def _swap_indices(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Entry(of, (one, other)) if one != other:
            yield Entry(of, (other, one))


def _turn_activation(node: Formula, s: Situation) -> Iterator[Formula]:
    """δ a → δ aᵀ."""
    match node:
        case Binary(Op.PRODUCT, left, right) if not isinstance(right, Transpose):
            shape = s.shape(right)
            if s.by is not None and s.is_matrix(s.by) and shape is not None and not shape.is_scalar:
                yield Binary(Op.PRODUCT, left, turned(right))


def _swap_outer(node: Formula, s: Situation) -> Iterator[Formula]:
    """a δᵀ → δ aᵀ."""
    match node:
        case Binary(Op.PRODUCT, left, Transpose(right)) if s.by is not None and s.is_matrix(s.by):
            match left:  # 1/m a δᵀ: the number stays in front
                case Binary(Op.PRODUCT | Op.STAR as op, number, inner) if (
                    shape := s.shape(number)
                ) is not None and shape.is_scalar:
                    yield product(Binary(op, number, right), Transpose(inner))
            yield product(right, Transpose(left))


def _outer_for_hadamard(node: Formula, s: Situation) -> Iterator[Formula]:
    """δ ⊙ a → δ aᵀ, and a ⊙ δ → δ aᵀ."""
    match node:
        case Binary(op, left, right) if is_entrywise(op) and s.by is not None and s.is_matrix(s.by):
            yield product(left, Transpose(right))
            yield product(right, Transpose(left))


def _vector_first(node: Formula, s: Situation) -> Iterator[Formula]:
    """δ W → Wᵀ δ."""
    match node:
        case Binary(Op.PRODUCT | Op.STAR, left, right) if s.is_column(left) and s.is_matrix(right):
            yield product(turned(right), left)


def _samples_first(node: Formula, s: Situation) -> Iterator[Formula]:
    """D W → Wᵀ D, and D Wᵀ → W D, of matrices with one sample a column."""
    if s.context.network is not None and s.context.network.batch is None:
        return
    match node:
        case Binary(Op.PRODUCT, Call("diag"), _) | Binary(Op.PRODUCT, _, Call("diag")):
            return  # Σ′(z) holds no samples
        case Binary(Op.PRODUCT, left, right) if s.is_matrix(left) and s.is_matrix(right):
            if isinstance(right, Transpose):
                yield product(right.of, left)
            yield product(turned(right), left)


def _swap_where_both_fit(node: Formula, s: Situation) -> Iterator[Formula]:
    for swapped in _swap_factors(node, s):
        if s.shape(node) is not None and s.shape(node) == s.shape(swapped):
            yield swapped


def _swap_factors(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PRODUCT, left, right):
            yield Binary(Op.PRODUCT, right, left)


def _drop_transpose(node: Formula, s: Situation) -> Iterator[Formula]:
    if isinstance(node, Transpose):
        yield node.of


def _add_transpose(node: Formula, s: Situation) -> Iterator[Formula]:
    shape = s.shape(node)
    if not isinstance(node, Transpose) and shape is not None and not shape.is_scalar:
        yield _turned_behind_numbers(node, s)


_LINEAR = "A : m x n; x : n"
_TWO_LAYERS = "z : n; W : k x n; y : k; a := tanh(z); J := 1/2 ‖W a - y‖²"
_SQUARE = "W : n x n; X : n x n; T : n x n"

OF_ANY_MATRICES = frozenset({"factors-swapped", "extra-transpose", "missing-transpose"})
"""The rows that say nothing of derivatives or networks."""

ROWS = (
    Misconception(
        "layout-jacobian-untransposed",
        "this is the Jacobian of the other layout",
        "In denominator layout the rows of ∂y/∂x belong to x and its columns to y; in numerator layout it is the other "
        "way round. One of the two has to be kept throughout, and this formula is the other one's.",
        _turn_jacobian,
        on_sheet(_LINEAR, "∂(A x)/∂x = A"),
        on_sheet(_LINEAR, "∂(A x)/∂x = Aᵀ"),
        "transpose",
        whole=True,
    ),
    Misconception(
        "layout-row-gradient",
        "the gradient lies on its side",
        "The derivative of a number by a column is a column here, entry for entry. A row is the same thing "
        "in numerator "
        "layout; mixed, the two give products that do not fit.",
        _turn_row,
        on_sheet("u : n; x : n", "∂(uᵀ x)/∂x = uᵀ"),
        on_sheet("u : n; x : n", "∂(uᵀ x)/∂x = u"),
        "transpose",
        whole=True,
    ),
    Misconception(
        "bp4-hadamard-for-outer",
        "an elementwise product where an outer product belongs",
        "A weight w_jk joins one k below to one j above, so that every pair of δ_j and a_k has a derivative "
        "of its own: "
        "δ aᵀ is the table of all of them. δ ⊙ a keeps only the pairs with j = k.",
        _outer_for_hadamard,
        layerwise("∂J/∂W^l = δ^l ⊙ a^{l-1}"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "outer",
    ),
    Misconception(
        "bp4-outer-swapped",
        "the outer product is the wrong way round",
        "∂J/∂W has the shape of W: a row for each neuron above, a column for each one below. δ belongs to the rows and "
        "stands first.",
        _swap_outer,
        layerwise("∂J/∂W^l = a^{l-1} (δ^l)^T") + layerwise("dW^{[l]} = 1/m A^{[l-1]} dZ^{[l]T}", use="batch=m"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "outer",
    ),
    Misconception(
        "bp4-outer-untransposed",
        "the transpose of the activation is missing",
        "A column times a column is no product. Every δ_j meets every a_k, and δ aᵀ is the table of all "
        "these pairs, in "
        "the shape of W.",
        _turn_activation,
        layerwise("∂J/∂W^l = δ^l a^{l-1}"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "outer",
    ),
    Misconception(
        "bp2-missing-transpose",
        "the transpose of the weights is missing",
        "An error travels back along the same weights: from each k in layer l+1 to j in layer l. That reads W by "
        "columns, and the transpose is what lines the columns up.",
        _turn_weights_of_network,
        layerwise("δ^l = W^{l+1} δ^{l+1} ⊙ σ'(z^l)", "δ^l_j = Σ_k W^{l+1}_{jk} δ^{l+1}_k σ'(z^l_j)"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", "δ^l_j = Σ_k W^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)"),
        "transpose",
    ),
    Misconception(
        "bp2-missing-transpose",
        "the transpose of the matrix is missing",
        "What goes forwards through a matrix comes back through its transpose: read from right to left, each inner "
        "width then meets itself.",
        _turn_matrix_of_sheet,
        on_sheet(_TWO_LAYERS, "∂J/∂a = W (W a - y)"),
        on_sheet(_TWO_LAYERS, "∂J/∂a = Wᵀ (W a - y)"),
        "transpose",
    ),
    Misconception(
        "weight-indices-swapped",
        "the indices of the weights are swapped",
        "In w_jk the first index is the neuron that is reached, and the second the one it is reached from: "
        "z_j is the sum of w_jk a_k over k, plus b_j.",
        _swap_indices,
        layerwise("z^l_j = Σ_k w^l_{kj} a^{l-1}_k + b^l_j"),
        layerwise("z^l_j = Σ_k w^l_{jk} a^{l-1}_k + b^l_j"),
        "transpose",
    ),
    Misconception(
        "layout-product-order",
        "the factors stand in the other layout's order",
        "In denominator layout the chain rule grows to the left, and the weights stand in front, transposed: Wᵀ δ. "
        "δ W is the order of rows, δ being one.",
        _vector_first,
        layerwise("∂J/∂a^{l-1} = δ^l W^l"),
        layerwise("∂J/∂a^{l-1} = (W^l)^T δ^l"),
        "order",
    ),
    Misconception(
        "row-column-sample-mix",
        "rows and columns of the samples are mixed up",
        "Here each sample is a column, and weights act from the left. Where each sample is a row they act from the "
        "right, as in D W. A formula has to keep to one of the two.",
        _samples_first,
        layerwise("∂J/∂A^{l-1} = ∂J/∂Z^l W^l", use="batch=m"),
        layerwise("∂J/∂A^{l-1} = (W^l)^T ∂J/∂Z^l", use="batch=m"),
        "order",
    ),
    Misconception(
        "shapes-fit-hence-true",
        "the factors are swapped",
        "Both orders fit, since these matrices are square, but a matrix product depends on the order. With different "
        "widths only one of the two would fit.",
        _swap_where_both_fit,
        on_sheet(_SQUARE, "∂(‖W X - T‖²)/∂W = 2 Xᵀ (W X - T)"),
        on_sheet(_SQUARE, "∂(‖W X - T‖²)/∂W = 2 (W X - T) Xᵀ"),
        "order",
    ),
    Misconception(
        "factors-swapped",
        "the factors are swapped",
        "A matrix product depends on the order of its factors. Read the shapes from right to left: in the other order "
        "each inner width meets itself.",
        _swap_factors,
        on_sheet("A : m x n; B : n x m; X : n x n", "∂(tr(A X B))/∂X = Bᵀ Aᵀ")
        + on_sheet("A : m x n; B : n x k", "(A B)ᵀ = Aᵀ Bᵀ")
        + layerwise("δ^l = (W^{l+1})^T Σ'(z^l) δ^{l+1}"),
        on_sheet("A : m x n; B : n x m; X : n x n", "∂(tr(A X B))/∂X = Aᵀ Bᵀ"),
        "order",
    ),
    Misconception(
        "extra-transpose",
        "there is a transpose too many",
        "Read the shapes from right to left: without this transpose each inner width meets itself.",
        _drop_transpose,
        layerwise("z^l = (W^l)^T a^{l-1} + b^l"),
        layerwise("z^l = W^l a^{l-1} + b^l"),
        "transpose",
    ),
    Misconception(
        "missing-transpose",
        "a transpose is missing",
        "Read the shapes from right to left: with the transpose each inner width meets itself.",
        _add_transpose,
        on_sheet("A : n x n; x : n; y : n", "∂(yᵀ A x)/∂A = (x yᵀ)")
        + on_sheet("w : n; X : m x n; y : m; J := ‖X w - y‖²", "∂J/∂w = 2 X (X w - y)"),
        on_sheet("A : n x n; x : n; y : n", "∂(yᵀ A x)/∂A = y xᵀ"),
        "transpose",
    ),
)
