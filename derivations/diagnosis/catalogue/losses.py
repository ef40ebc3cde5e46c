"""Losses, their factors and signs; softmax; the regulariser; paths that were left out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

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
from derivations.diagnosis.trees import bare, changed, contains, factors, terms
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Formula,
    Negation,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    walk,
)


def _negated(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Negation(of):
            yield of
        case Binary(Op.MINUS, left, right):
            yield Binary(Op.MINUS, right, left)
    if node is s.side and not isinstance(node, Negation):
        match node:
            case Binary(Op.MINUS):
                pass
            case _:
                yield Negation(node)


def _other_sign(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PLUS, left, right):
            yield Binary(Op.MINUS, left, right)
            yield Binary(Op.MINUS, right, left)
        case Binary(Op.MINUS, left, right):
            yield Binary(Op.PLUS, left, right)


def _with_factor(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PRODUCT | Op.STAR, Number(value), right):
            for factor in (2, Fraction(1, 2), 4, Fraction(1, 4)):
                new = value * factor
                yield right if new == 1 else Binary(node.op, number(new), right)
        case Binary(Op.OVER, Number(value), below):
            yield Binary(Op.OVER, number(2 * value), below)
            yield Binary(Op.OVER, number(value / 2), below)
    if node is s.side:
        yield s.scaled(number(2), node)
        yield s.scaled(number(Fraction(1, 2)), node)


def _with_factor_of_fork(node: Formula, s: Situation) -> Iterator[Formula]:
    """The same, where the variable is used more than once in one product."""
    if s.by is None:
        return
    for formula in s.target_nodes:
        match formula:
            case Binary(Op.PRODUCT | Op.HADAMARD | Op.STAR) if (
                sum(any(part == s.by for part in walk(f)) for f in factors(formula)) > 1
            ):
                yield from _with_factor(node, s)
                return


def _variable_for_inner(node: Formula, s: Situation) -> Iterator[Formula]:
    """(2 (t − o)) o → −2 (t − o)."""
    match node:
        case Binary(Op.PRODUCT | Op.STAR | Op.HADAMARD, left, right) if right == s.by:
            match left:
                case Binary(Op.PRODUCT | Op.STAR, Number(value), rest):
                    yield Binary(left.op, number(-value), rest)
                case _:
                    yield Negation(left)
            yield left


def _over_log_2(node: Formula, s: Situation) -> Iterator[Formula]:
    for base in ("log2", "log10"):
        if s.loss_has(base):
            ten = number(2 if base == "log2" else 10)
            yield Binary(Op.OVER, node, Apply(s.function("log"), ten))


def _is_softmax(node: Formula) -> bool:
    return isinstance(node, Call) and node.name == "softmax"


def _full_softmax(node: Formula, s: Situation) -> Iterator[Formula]:
    """diag(s − s.^2) → diag(s) − s sᵀ."""
    match node:
        case Call("diag", (Binary(Op.MINUS, left, _),)):
            yield Binary(Op.MINUS, Call("diag", (left,)), product(left, Transpose(left)))
        case Call("diag", (Binary(_, left, Binary(Op.MINUS)),)):
            yield Binary(Op.MINUS, Call("diag", (left,)), product(left, Transpose(left)))
        case Binary(Op.MINUS, left, _) if _is_softmax(left) and s.is_jacobian:
            yield Binary(Op.MINUS, Call("diag", (left,)), product(left, Transpose(left)))
        case Binary(Op.HADAMARD, left, Binary(Op.MINUS)) if s.is_jacobian:
            yield Binary(Op.MINUS, Call("diag", (left,)), product(left, Transpose(left)))


def _softmax_of_z(node: Formula, s: Situation) -> Iterator[Formula]:
    """x → softmax(x), wherever it stands."""
    inner = {n.arguments[0] for n in s.target_nodes if isinstance(n, Call) and n.name == "softmax"}
    for argument in sorted(inner, key=str):

        def rule(part: Formula, argument: Formula = argument) -> Formula | None:
            if _is_softmax(part):
                return part
            return Call("softmax", (bare(part),)) if part == argument else None

        yield changed(node, rule)


def _weighted_softmax(node: Formula, s: Situation) -> Iterator[Formula]:
    """softmax(t) → sum(y) softmax(t)."""
    if _is_softmax(node) or (s.loss_has("softmax") and isinstance(node, Symbol)):
        for label in dict.fromkeys(n for n in s.target_nodes if isinstance(n, Symbol)):
            if s.is_column(label) and not contains(node, label):
                yield s.scaled(Call("sum", (bare(label),)), node)


# ---- the regulariser ----


def _scalars(s: Situation) -> list[Symbol]:
    """The scalars that are no widths: λ."""
    found = [n for n in s.target_nodes if isinstance(n, Symbol) and n.name in s.context.setting.quantities]
    return [n for n in dict.fromkeys(found) if (shape := s.shape(n)) is not None and shape.is_scalar]


def _without_variable(node: Formula, s: Situation) -> Iterator[Formula]:
    """λ, or λ ones(…) → λ W."""
    if s.by is None or not any(contains(node, scalar) for scalar in _scalars(s)):
        return
    if node in _scalars(s):
        yield product(node, bare(s.by))
    match node:
        case Binary(Op.PRODUCT | Op.STAR, left, right) if is_ones(right):
            yield Binary(node.op, left, bare(s.by))


def _other_share(node: Formula, s: Situation) -> Iterator[Formula]:
    """λ/m, 2 λ, λ/2 … → λ and its like."""
    scalars = _scalars(s)
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
        case Binary(Op.PLUS | Op.MINUS, left, right) if any(contains(right, scalar) for scalar in _scalars(s)):
            yield left
        case Binary(Op.PLUS, left, right) if any(contains(left, scalar) for scalar in _scalars(s)):
            yield right


def _with_penalty(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.by is not None:
        for scalar in _scalars(s):
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
    return Derivative(term, bare(by))  # type: ignore[arg-type]


def _both_ways(node: Formula, s: Situation) -> Iterator[Formula]:
    """2 B → B + Bᵀ."""
    match node:
        case Binary(Op.PRODUCT, Number(value), right) if value == 2:
            if s.is_matrix(right):
                yield Binary(Op.PLUS, right, turned(right))
            match right:
                case Binary(Op.PRODUCT, matrix, rest) if s.is_matrix(matrix):
                    yield product(Binary(Op.PLUS, matrix, turned(matrix)), rest)


def _without_term(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PLUS | Op.MINUS, left, right):
            yield left
            if node.op is Op.PLUS:
                yield right



_PAIR = "y : n; a : n"
_RIDGE = "W : k x h; b : k; x : h; y : k; lam : scalar; e := W x + b - y; J := 1/2 ‖e‖²"

ROWS = (
    Misconception(
        "softmax-ce-label-not-normalised",
        "this needs labels that sum to 1",
        "Every softmax entry depends on every score, so that each y_k pulls at all of them: the sum of the labels "
        "stands in front of softmax. It is invisible only where it is 1.",
        _weighted_softmax,
        on_sheet("t : k; y : k positive", "∂(-sum(y ⊙ log(softmax(t))))/∂t = softmax(t) - y"),
        on_sheet("t : k; y : k sums to 1", "∂(-sum(y ⊙ log(softmax(t))))/∂t = softmax(t) - y"),
        "loss",
    ),
    Misconception(
        "softmax-diagonal-only",
        "only the diagonal of softmax's Jacobian is here",
        "Every entry of softmax depends on every score through the sum below, so that the Jacobian has entries beside "
        "the diagonal too: −s_j s_k.",
        _full_softmax,
        on_sheet("x : n", "∂(softmax(x))/∂x = diag(softmax(x) - softmax(x).^2)"),
        on_sheet("x : n", "∂(softmax(x))/∂x = diag(softmax(x)) - softmax(x) softmax(x)ᵀ"),
        "loss",
    ),
    Misconception(
        "softmax-jacobian-in-z",
        "the scores stand where their softmax belongs",
        "The Jacobian diag(s) − s sᵀ is written in the probabilities s = softmax(x), not in the scores x.",
        _softmax_of_z,
        on_sheet("x : n", "∂(softmax(x))/∂x = diag(x) - x xᵀ"),
        on_sheet("x : n", "∂(softmax(x))/∂x = diag(softmax(x)) - softmax(x) softmax(x)ᵀ"),
        "loss",
        whole=True,
    ),
    Misconception(
        "log-base-2",
        "the logarithm to the base 2 leaves a factor 1/log 2",
        "log₂ x = log x / log 2, and the constant stays when it is differentiated.",
        _over_log_2,
        on_sheet("x : scalar positive", "∂(log2(x))/∂x = 1/x"),
        on_sheet("x : scalar positive", "∂(log(x))/∂x = 1/x"),
        "loss",
        whole=True,
    ),
    Misconception(
        "power-rule-inner-lost",
        "the inner derivative is missing",
        "The chain rule multiplies by the derivative of what stands in the brackets, and not by the variable itself.",
        _variable_for_inner,
        on_sheet("t : scalar; o : scalar", "∂((t - o)^2)/∂o = 2 (t - o) o"),
        on_sheet("t : scalar; o : scalar", "∂((t - o)^2)/∂o = -2 (t - o)"),
        "loss",
    ),
    Misconception(
        "loss-sign",
        "the sign is the wrong way round",
        "The derivative of ½(y − a)² by a is a − y: the inner derivative of y − a is −1. Descent goes along y − a, "
        "against the gradient.",
        _negated,
        on_sheet(_PAIR, "∂(1/2 ‖y - a‖²)/∂a = y - a") + layerwise("δ^L = (y - a^L) ⊙ σ'(z^L)", use="loss=mse"),
        on_sheet(_PAIR, "∂(1/2 ‖y - a‖²)/∂y = y - a"),
        "sign",
    ),
    Misconception(
        "fork-overwrite",
        "one of two uses of the variable is forgotten",
        "What is used twice has two ways to J, and both derivatives are added. Here only one of them is counted.",
        _with_factor_of_fork,
        on_sheet("w : n; x : n", "∂(‖w ⊙ w ⊙ x‖²)/∂w = 2 w ⊙ w ⊙ x ⊙ w ⊙ x"),
        on_sheet("w : n; x : n", "∂(‖w ⊙ w ⊙ x‖²)/∂w = 4 w ⊙ w ⊙ x ⊙ w ⊙ x"),
        "factor",
    ),
    Misconception(
        "loss-factor-2",
        "a factor 2 is off",
        "The square brings down a 2. It is gone only where the loss is defined with ½ in front.",
        _with_factor,
        on_sheet(_PAIR, "∂(‖a - y‖²)/∂a = a - y", "∂(1/2 ‖a - y‖²)/∂a = 2 (a - y)")
        + layerwise("δ^L = 2 (a^L - y) ⊙ σ'(z^L)", use="loss=mse"),
        on_sheet(_PAIR, "∂(1/2 ‖a - y‖²)/∂a = a - y"),
        "factor",
    ),
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
