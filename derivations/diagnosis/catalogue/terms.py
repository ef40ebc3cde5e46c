"""Terms of a sum: the regulariser's, a path that was left out, one too many; and what is left: a plain sign."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import (
    Misconception,
    is_ones,
    layerwise,
    number,
    on_sheet,
    product,
    turned,
)
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import bare, contains, terms
from derivations.formula import (
    Binary,
    Derivative,
    Formula,
    Number,
    Op,
    Power,
    Symbol,
)


def _without_variable(node: Formula, s: Situation) -> Iterator[Formula]:
    """λ, or λ ones(…) → λ W."""
    if s.by is None or not any(contains(node, scalar) for scalar in s.penalties):
        return
    if node in s.penalties:
        yield product(node, bare(s.by))
    match node:
        case Binary(Op.PRODUCT | Op.STAR, left, right) if is_ones(right):
            yield Binary(node.op, left, bare(s.by))


def _other_share(node: Formula, s: Situation) -> Iterator[Formula]:
    """λ/m, 2 λ, λ/2 … → λ and its like."""
    scalars = s.penalties
    match node:
        case Binary(Op.OVER, Symbol() as scalar, _) if scalar in scalars:
            yield scalar
        case Binary(Op.PRODUCT, Number(), Symbol() as scalar) if scalar in scalars:
            yield scalar
        case Symbol() if node in scalars and node != s.by:
            for width in s.sample_widths:
                yield Binary(Op.OVER, node, bare(width))
            yield product(number(2), node)
            yield Binary(Op.OVER, node, number(2))


def _without_penalty(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PLUS | Op.MINUS, left, right) if any(contains(right, scalar) for scalar in s.penalties):
            yield left
        case Binary(Op.PLUS, left, right) if any(contains(left, scalar) for scalar in s.penalties):
            yield right


def _with_penalty(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.by is not None:
        for scalar in s.penalties:
            if scalar != s.by and not contains(node, scalar):
                yield Binary(Op.PLUS, node, product(bare(scalar), bare(s.by)))


# ---- paths ----


def _with_other_path(node: Formula, s: Situation) -> Iterator[Formula]:
    """X → X + the derivative of another term of what is differentiated."""
    if s.of is None or s.by is None:
        return
    of = s.of
    if isinstance(of, Symbol) and s.definition(of.name) is not None:
        of = s.definition(of.name) or of
    if len(terms(of)) < 2:
        return
    for sign, term in terms(of):
        yield Binary(Op.PLUS if sign > 0 else Op.MINUS, node, _derivative(bare(term), s.by))


def _derivative(term: Formula, by: Symbol) -> Formula:
    match term:
        case Symbol() if term == by:
            return number(1)
        case Power(of, Number(value)) if of == by and value > 1:
            return product(number(value), by if value == 2 else Power(bare(by), number(value - 1)))
    return Derivative(term, bare(by))


def _both_ways(node: Formula, s: Situation) -> Iterator[Formula]:
    """2 B → B + Bᵀ."""
    match node:
        case Binary(Op.PRODUCT, Number(value), right) if value == 2:
            if s.is_matrix(right):
                yield Binary(Op.PLUS, right, turned(right))
            match right:
                case Binary(Op.PRODUCT, matrix, rest) if s.is_matrix(matrix):
                    yield product(Binary(Op.PLUS, matrix, turned(matrix)), rest)


def _other_sign(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PLUS, left, right):
            yield Binary(Op.MINUS, left, right)
            yield Binary(Op.MINUS, right, left)
        case Binary(Op.MINUS, left, right):
            yield Binary(Op.PLUS, left, right)


def _without_term(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PLUS | Op.MINUS, left, right):
            if not is_ones(left):  # 1 − a² is one factor
                yield left
            if node.op is Op.PLUS:
                yield right


_RIDGE = "W : k x h; b : k; x : h; y : k; lam : scalar; e := W x + b - y; J := 1/2 ‖e‖²"

ROWS = (
    Misconception(
        "reg-on-bias",
        "the bias is not regularised",
        "The penalty is a sum over weights only. Nothing in it depends on the bias, so that no λ b comes out.",
        _without_penalty,
        on_sheet(_RIDGE, "∂(J + lam/2 ‖W‖²)/∂b = e + lam b"),
        on_sheet(_RIDGE, "∂(J + lam/2 (‖W‖² + ‖b‖²))/∂b = e + lam b"),
        "term",
    ),
    Misconception(
        "reg-lambda-without-W",
        "λ stands without W",
        "The derivative of (λ/2)‖W‖² is λ W: each weight is drawn to 0 in proportion to its own size.",
        _without_variable,
        on_sheet(_RIDGE, "∂(J + lam/2 ‖W‖²)/∂W = e xᵀ + lam ones(k, h)"),
        on_sheet(_RIDGE, "∂(J + lam/2 ‖W‖²)/∂W = e xᵀ + lam W"),
        "term",
    ),
    Misconception(
        "reg-lambda-convention",
        "the factor of the penalty belongs to another convention",
        "λ/2 ‖W‖², λ ‖W‖² and λ/(2m) ‖W‖² are all in use; the derivative's factor has to come from the one that stands "
        "in the loss.",
        _other_share,
        on_sheet(_RIDGE, "∂(J + lam/2 ‖W‖²)/∂W = e xᵀ + 2 lam W", "∂(J + lam/2 ‖W‖²)/∂W = e xᵀ + (lam/h) W"),
        on_sheet(_RIDGE, "∂(J + lam ‖W‖²)/∂W = e xᵀ + 2 lam W"),
        "term",
    ),
    Misconception(
        "reg-term-missing",
        "the penalty's own derivative is missing",
        "The loss that is differentiated has a penalty, and its derivative is a term of its own.",
        _with_penalty,
        on_sheet(_RIDGE, "∂(J + lam/2 ‖W‖²)/∂W = e xᵀ"),
        on_sheet(_RIDGE, "∂(J + lam/2 ‖W‖²)/∂b = e"),
        "term",
        whole=True,
    ),
    Misconception(
        "partial-for-total",
        "only one of the ways to the result is counted",
        "The variable enters in more than one place. The derivative adds up what comes through each of them.",
        _with_other_path,
        on_sheet("x : scalar", "∂(x + x^2)/∂x = 1"),
        on_sheet("x : scalar", "∂(x + x^2)/∂x = 1 + 2 x"),
        "term",
        whole=True,
    ),
    Misconception(
        "symmetric-assumed",
        "this holds for symmetric matrices only",
        "xᵀ B x uses x twice, once on each side of B: one gives B x, the other Bᵀ x. They are the same only where B is "
        "symmetric.",
        _both_ways,
        on_sheet("x : n; B : n x n", "∂(xᵀ B x)/∂x = 2 B x"),
        on_sheet("x : n; B : n x n symmetric", "∂(xᵀ B x)/∂x = 2 B x"),
        "term",
    ),
)

GENERAL = (
    Misconception(
        "extra-term",
        "there is a term too many",
        "Without it the formula is proved: this term does not depend on what is differentiated by, or was counted "
        "already.",
        _without_term,
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T + W^l", "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l) + b^l ⊙ z^l"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "term",
    ),
    Misconception(
        "sign",
        "plus and minus are mixed up",
        "With the other sign the formula is proved.",
        _other_sign,
        layerwise("z^l = W^l a^{l-1} - b^l"),
        layerwise("z^l = W^l a^{l-1} + b^l"),
        "sign",
    ),
)
