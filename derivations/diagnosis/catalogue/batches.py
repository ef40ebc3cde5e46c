"""A batch: 1/m, and sums over the samples."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import (
    Misconception,
    is_ones,
    layerwise,
    product,
    share,
)
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import bare, factors, terms
from derivations.formula import Binary, Call, Formula, Number, Op, Power, walk
from derivations.values import replaced


def _with_share(node: Formula, s: Situation) -> Iterator[Formula]:
    for width in s.sample_widths:
        yield s.scaled(share(width), node)


def _term_with_share(node: Formula, s: Situation) -> Iterator[Formula]:
    """The same for one term of the side."""
    if len(terms(s.side)) > 1 and any(term is node for _, term in terms(s.side)):
        yield from _with_share(node, s)


def _is_share(node: Formula, s: Situation) -> bool:
    match node:
        case Binary(Op.OVER, _, below):
            return any(width == below for width in s.sample_widths)
    return False


def _without_share(node: Formula, s: Situation) -> Iterator[Formula]:
    """(1/m) X → X, and X/m → X."""
    match node:
        case Binary(Op.PRODUCT | Op.STAR, Binary(Op.OVER, Number(value), below), right) if below in s.sample_widths:
            yield right if value == 1 else s.scaled(Number(value), right)
        case Binary(Op.OVER | Op.QUOTIENT, left, below) if below in s.sample_widths:
            yield left
        case Binary(Op.PRODUCT | Op.STAR, left, right) if isinstance(left, Binary) and _is_share(right, s):
            yield left


def _square_of_share(node: Formula, s: Situation) -> Iterator[Formula]:
    """1/m² → 1/m."""
    match node:
        case Binary(Op.OVER as op, above, Power(below, Number(value))) if value == 2 and below in s.sample_widths:
            yield Binary(op, above, below)


def _second_share(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.sample_widths and sum(_is_share(part, s) for part in walk(s.side)) > 1:
        yield from _without_share(node, s)


def _total(node: Formula, axis: int, s: Situation) -> Call:
    return Call("sum", (node,), axis=axis, keepdims=s.array_style)


def _summed(node: Formula, s: Situation) -> Iterator[Formula]:
    """X → sum(X, axis=1)."""
    match node:
        case Binary(Op.PRODUCT | Op.STAR, left, _) if (shape := s.shape(left)) is not None and shape.is_scalar:
            return  # the factor stays outside
    if s.is_matrix(node) and s.target_shape is not None and s.target_shape.is_vector:
        yield _total(node, 0 if s.target_shape.rows == 1 else 1, s)


def _other_axis(node: Formula, s: Situation) -> Iterator[Formula]:
    if isinstance(node, Call) and node.name == "sum" and node.axis is not None:
        yield replaced(node, axis=1 - node.axis % 2)


def _not_to_a_number(node: Formula, s: Situation) -> Iterator[Formula]:
    """sum(X) → sum(X, axis=1), with the ones that spread it taken away."""
    if _has_no_samples(s):
        return
    if isinstance(node, Call) and node.name == "sum" and node.axis is None:
        yield _total(node.arguments[0], 1, s)
    match node:
        case Binary(Op.PRODUCT | Op.STAR, left, right) if is_ones(right):
            yield _summed_by_row(left, s)
        case Binary(Op.PRODUCT | Op.STAR, left, right) if is_ones(left):
            yield _summed_by_row(right, s)


def _has_no_samples(s: Situation) -> bool:
    return s.context.network is not None and s.context.network.batch is None


def _nothing_to_sum(node: Formula, s: Situation) -> Iterator[Formula]:
    """sum(δ) → δ, of one sample."""
    if _has_no_samples(s) and isinstance(node, Call) and node.name == "sum":
        yield node.arguments[0]


def _summed_by_row(formula: Formula, s: Situation) -> Formula:
    from derivations.diagnosis.trees import changed

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Call) and node.name == "sum" and node.axis is None:
            return _total(node.arguments[0], 1, s)
        return None

    return changed(formula, rule)


def _mean_for_sum(node: Formula, s: Situation) -> Iterator[Formula]:
    """X → m X."""
    for width in s.sample_widths:
        yield product(bare(width), node) if len(factors(node)) else node


ROWS = (
    Misconception(
        "double-1-over-m",
        "1/m is taken twice",
        "The mean is taken once, where the loss of all samples becomes J. A factor 1/m that is already "
        "inside the error "
        "must not be put in front again.",
        _second_share,
        layerwise("∂J/∂W^l = 1/m (1/m dZ^l) (A^{l-1})^T", use="batch=m"),
        layerwise("∂J/∂W^l = 1/m dZ^l (A^{l-1})^T", use="batch=m"),
        "share",
        removes="share",
    ),
    Misconception(
        "double-1-over-m",
        "there is a factor 1/m too many",
        "The mean over the m samples is taken once, and so 1/m stands here once.",
        _square_of_share,
        layerwise("dW^{[l]} = 1/m^2 dZ^{[l]} A^{[l-1]T}", use="batch=m"),
        layerwise("dW^{[l]} = 1/m dZ^{[l]} A^{[l-1]T}", use="batch=m"),
        "share",
        removes="share",
    ),
    Misconception(
        "missing-1-over-m",
        "the factor 1/m of the mean is missing",
        "J is the mean over the m samples, so that each sample's derivative enters with the weight 1/m.",
        _with_share,
        layerwise("∂J/∂W^l = dZ^l (A^{l-1})^T", "db^l = sum(dZ^l, axis=1)", use="batch=m"),
        layerwise("∂J/∂W^l = ∂J/∂Z^l (A^{l-1})^T", "dZ^{l-1} = (W^l)^T dZ^l ⊙ σ'(Z^{l-1})", use="batch=m"),
        "share",
        whole=True,
        adds="share",
    ),
    Misconception(
        "missing-1-over-m",
        "the factor 1/m of the mean is missing",
        "J is the mean over the m samples, so that each sample's derivative enters with the weight 1/m.",
        _term_with_share,
        (),
        (),
        "share",
        adds="share",
    ),
    Misconception(
        "extra-1-over-m",
        "there is a factor 1/m too many",
        "Here no mean is taken: the factor 1/m belongs only where the losses of all samples are put together into J.",
        _without_share,
        layerwise("∂J/∂W^l = 1/m ∂J/∂Z^l (A^{l-1})^T", "dZ^{l-1} = 1/m (W^l)^T dZ^l ⊙ σ'(Z^{l-1})", use="batch=m"),
        layerwise("∂J/∂W^l = ∂J/∂Z^l (A^{l-1})^T", use="batch=m"),
        "share",
        removes="share",
    ),
    Misconception(
        "bias-summed-wrong-axis",
        "the sum runs along the wrong axis",
        "The bias of a neuron takes part in every sample. A neuron is a row here and a sample a column: the sum runs "
        "over the columns, axis=1, and leaves one number for each neuron.",
        _other_axis,
        layerwise("∂J/∂b^l = sum(∂J/∂Z^l, axis=0)", use="batch=m"),
        layerwise("∂J/∂b^l = sum(∂J/∂Z^l, axis=1)", use="batch=m"),
        "sum",
    ),
    Misconception(
        "bias-summed-to-scalar",
        "everything is summed up, neurons too",
        "Each neuron has a bias of its own: the sum runs over the samples only, axis=1, and leaves a column.",
        _not_to_a_number,
        layerwise("∂J/∂b^l = sum(∂J/∂Z^l)", "∂J/∂b^l = sum(∂J/∂Z^l) ones(n_l, 1)", use="batch=m"),
        layerwise("∂J/∂b^l = sum(∂J/∂Z^l, axis=1)", use="batch=m"),
        "sum",
    ),
    Misconception(
        "sum-without-samples",
        "there are no samples to sum over",
        "Without a batch there is one sample, and each neuron has one δ and one bias: the sum adds up the neurons. A "
        "sum over samples belongs to a batch.",
        _nothing_to_sum,
        layerwise("∂J/∂b^l = sum(δ^l)"),
        layerwise("∂J/∂b^l = δ^l"),
        "sum",
    ),
    Misconception(
        "bias-not-summed",
        "the sum over the samples is missing",
        "The same bias is added to every sample, so that J hears of it through all of them, and their derivatives add "
        "up: a column, not a matrix with one column a sample.",
        _summed,
        layerwise("∂J/∂b^l = ∂J/∂Z^l", "db^l = 1/m dZ^l", use="batch=m"),
        layerwise("∂J/∂b^l = sum(∂J/∂Z^l, axis=1)", use="batch=m"),
        "sum",
    ),
    Misconception(
        "sample-count-missing",
        "the number of samples is missing as a factor",
        "This is the derivative of the mean over the samples, where the one of their sum is asked for.",
        _mean_for_sum,
        layerwise("dZ^l = ∂J/∂Z^l", use="batch=m"),
        layerwise("1/m dZ^l = ∂J/∂Z^l", use="batch=m"),
        "share",
        whole=True,
    ),
)
