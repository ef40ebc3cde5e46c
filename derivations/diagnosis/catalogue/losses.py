"""Losses: their signs and factors, softmax, logarithms, a variable that is used twice."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from derivations.diagnosis.catalogue.rows import (
    Misconception,
    layerwise,
    number,
    on_sheet,
    product,
)
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import bare, changed, contains
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Formula,
    Gradient,
    LossDerivative,
    Negation,
    Number,
    Op,
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


def _square_turned(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.has_squares and not isinstance(node, Negation):
        yield from _negated(node, s)


def _entropy_turned(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.has_cross_entropy and not isinstance(node, Negation):
        yield from _negated(node, s)


def _with_factor_of_square(node: Formula, s: Situation) -> Iterator[Formula]:
    errors = (part for part in walk(s.side) if isinstance(part, Derivative | LossDerivative) or part in s.errors)
    if s.has_squares and next(errors, None) is None:
        yield from _with_factor(node, s)


def _negated_whole(node: Formula, s: Situation) -> Iterator[Formula]:
    yield node.of if isinstance(node, Negation) else Negation(node)


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
    if s.has_fork:
        yield from _with_factor(node, s)


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
            if _is_softmax(part) or isinstance(part, Derivative | Gradient):
                return part
            return Call("softmax", (bare(part),)) if part == argument else None

        yield changed(node, rule)


def _weighted_softmax(node: Formula, s: Situation) -> Iterator[Formula]:
    """softmax(t) → sum(y) softmax(t)."""
    if _is_softmax(node) or (s.loss_has("softmax") and isinstance(node, Symbol)):
        for label in dict.fromkeys(n for n in s.target_nodes if isinstance(n, Symbol)):
            if s.is_column(label) and not contains(node, label):
                yield s.scaled(Call("sum", (bare(label),)), node)


_PAIR = "y : n; a : n"

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
        _square_turned,
        on_sheet(_PAIR, "∂(1/2 ‖y - a‖²)/∂a = y - a") + layerwise("δ^L = (y - a^L) ⊙ σ'(z^L)", use="loss=mse"),
        on_sheet(_PAIR, "∂(1/2 ‖y - a‖²)/∂y = y - a"),
        "sign",
    ),
    Misconception(
        "loss-sign",
        "the sign is the wrong way round",
        "The derivative of the cross entropy by z is a − y, the output minus the target: an output that is too large "
        "has to go down. Descent goes along y − a, against the gradient.",
        _entropy_turned,
        layerwise("δ^L = y - a^L", use="loss=bce") + layerwise("δ^L = y - a^L", use="loss=softmax-ce"),
        layerwise("δ^L = a^L - y", use="loss=bce"),
        "sign",
    ),
    Misconception(
        "loss-sign",
        "the sign is the wrong way round",
        "With the other sign the formula is proved: nothing on the way brings a minus in.",
        _negated,
        layerwise("∂J/∂b^l = -δ^l") + layerwise("∂J/∂b^l = -δ^l", use="loss=mse"),
        layerwise("∂J/∂b^l = δ^l"),
        "sign",
    ),
    Misconception(
        "loss-sign",
        "the sign is the wrong way round",
        "With the other sign the formula is proved. Where a difference is squared, its inner derivative may be −1.",
        _negated_whole,
        on_sheet("y : n; a : n", "∂(-sum(y ⊙ log(a)))/∂a = y ⊘ a"),
        on_sheet("y : n; a : n", "∂(-sum(y ⊙ log(a)))/∂a = -(y ⊘ a)"),
        "sign",
        whole=True,
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
        _with_factor_of_square,
        on_sheet(_PAIR, "∂(‖a - y‖²)/∂a = a - y", "∂(1/2 ‖a - y‖²)/∂a = 2 (a - y)")
        + layerwise("δ^L = 2 (a^L - y) ⊙ σ'(z^L)", use="loss=mse"),
        on_sheet(_PAIR, "∂(1/2 ‖a - y‖²)/∂a = a - y"),
        "factor",
    ),
    Misconception(
        "loss-factor-2",
        "a factor 2 is off",
        "With this factor changed the formula is proved. A 2 comes down from a square alone.",
        _with_factor,
        layerwise("δ^L = 2 (a^L - y)", use="loss=bce") + layerwise("∂J/∂b^l = 2 δ^l"),
        layerwise("δ^L = a^L - y", use="loss=bce"),
        "factor",
    ),
)
