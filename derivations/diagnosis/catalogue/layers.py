"""The right quantity of the wrong layer, or the wrong quantity of the right one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import Misconception, layerwise
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import bare, shifted
from derivations.formula import Binary, Derivative, Entry, Formula, LossDerivative, Op, Symbol, Transpose, walk
from derivations.values import replaced

_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)")
_ERRORS = frozenset({"δ", "Δ", "d", "D", "dz", "dZ", "da", "dA", "delta", "e"})
_VALUES = frozenset({"z", "a", "x", "Z", "A", "X", "h", "o"})


def _neighbours(node: Symbol, s: Situation) -> Iterator[Symbol]:
    """The same quantity one layer up or down."""
    if node.layer is not None:
        yield replaced(node, layer=node.layer.shifted(1))
        yield replaced(node, layer=node.layer.shifted(-1))
    known = s.context.setting.quantities
    found = _NUMBERED.fullmatch(node.name)
    if found:
        at = int(found["number"])
        beside = [f"{found['stem']}{n}" for n in (at + 1, at - 1, at + 2, at - 2)]
        if found["stem"] in ("a", "A") and at == 1:
            beside.append("x" if found["stem"] == "a" else "X")
        yield from (Symbol(name) for name in beside if name in known)
    elif node.name in ("x", "X"):
        stem = "a" if node.name == "x" else "A"
        yield from (Symbol(f"{stem}{n}") for n in (1, 2) if f"{stem}{n}" in known)
        if s.context.network:
            yield from (q for q in s.quantities if q.name == stem)


def _kind(node: Symbol, s: Situation) -> str:
    """Weights, error or activation: by name, then by what the sheet says."""
    stem = node.name.rstrip("0123456789")
    if stem in _ERRORS:
        return "error"
    if stem in _VALUES:
        return "activation"
    if stem in ("W", "w", "b"):
        return "weights"
    return "weights" if s.is_matrix(node) and s.definition(node.name) is None else "activation"


def _moved(node: Formula, s: Situation, kind: str) -> Iterator[Formula]:
    if isinstance(node, Symbol) and _kind(node, s) == kind:
        yield from _neighbours(node, s)


def _weights(node: Formula, s: Situation) -> Iterator[Formula]:
    yield from _moved(node, s, "weights")


def _activation(node: Formula, s: Situation) -> Iterator[Formula]:
    yield from _moved(node, s, "activation")


def _error(node: Formula, s: Situation) -> Iterator[Formula]:
    yield from _moved(node, s, "error")
    match node:
        case LossDerivative(by):
            yield from (LossDerivative(other) for other in _neighbours(by, s))
        case Derivative(of, Symbol() as by):
            yield from (Derivative(of, other) for other in _neighbours(by, s))
        case Derivative(of, Entry(Symbol() as by, indices)):
            yield from (Derivative(of, Entry(other, indices)) for other in _neighbours(by, s))


def _all_moved(node: Formula, s: Situation) -> Iterator[Formula]:
    """The whole side one layer up or down, if it names several quantities."""
    layered = [part for part in walk(node) if isinstance(part, Symbol) and part.layer is not None]
    if len(set(layered)) > 1:
        yield shifted(node, 1)
        yield shifted(node, -1)


def _weights_for_gradient(node: Formula, s: Situation) -> Iterator[Formula]:
    """∂J/∂W → W, dW → W, and δ aᵀ → the weights of its shape."""
    match node:
        case LossDerivative(by) | Derivative(_, Symbol() as by) if _kind(by, s) == "weights":
            yield bare(by)
        case Binary(Op.PRODUCT, _, Transpose()) if s.is_matrix(node):
            shape = s.shape(node)
            for quantity in s.quantities:
                if s.definition(quantity.name) is None and s.shape(quantity) == shape:
                    yield quantity


def _old_weights(node: Formula, s: Situation) -> Iterator[Formula]:
    """W − η … → W."""
    match node:
        case Binary(Op.MINUS | Op.PLUS, Symbol() as weights, _) if _kind(weights, s) == "weights":
            yield weights


WHOLE_SIDE_MOVED = "off-by-one-layer"

ROWS = (
    Misconception(
        "updated-W-used",
        "the weights are taken after their update",
        "All derivatives of one step are taken at the same weights, those of the forward pass. Update them only when "
        "the backward pass is done.",
        _old_weights,
        layerwise("δ^l = (W^{l+1} - 0.5 ∂J/∂W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "layer",
    ),
    Misconception(
        "W-vs-dW",
        "∂J/∂W stands where W belongs",
        "The error travels back through the weights themselves. Their derivative is a result of this walk, not a part "
        "of it.",
        _weights_for_gradient,
        layerwise("δ^l = (∂J/∂W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", "δ^l = (δ^{l+1} (a^l)^T)^T δ^{l+1} ⊙ σ'(z^l)"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "layer",
    ),
    Misconception(
        "off-by-one-weight",
        "these are the weights of another layer",
        "W^l leads from layer l−1 up to layer l. The way back from layer l+1 to layer l goes through W^{l+1}.",
        _weights,
        layerwise("δ^l = (W^l)^T δ^{l+1} ⊙ σ'(z^l)", "z^l = W^{l-1} a^{l-1} + b^l"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "layer",
    ),
    Misconception(
        "off-by-one-activation",
        "this is the activation of another layer",
        "W^l is multiplied by a^{l−1}, what leaves the layer below. So it is a^{l−1} that stands in ∂J/∂W^l.",
        _activation,
        layerwise("∂J/∂W^l = δ^l (a^l)^T", "z^l = W^l a^l + b^l"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "layer",
    ),
    Misconception(
        "off-by-one-error",
        "this is the error of another layer",
        "The derivative by W^l and b^l takes the error of the same layer, δ^l; the error δ^l itself comes "
        "from the layer "
        "above, δ^{l+1}.",
        _error,
        layerwise("∂J/∂W^l = δ^{l+1} (a^{l-1})^T", "∂J/∂b^l = δ^{l+1}", "δ^l = (W^{l+1})^T δ^l ⊙ σ'(z^l)"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "layer",
    ),
    Misconception(
        WHOLE_SIDE_MOVED,
        "the two sides are about different layers",
        "Each side is right by itself, but one of them is a layer further on. What comes back through W^l belongs to "
        "layer l−1; what goes forward through it arrives in layer l.",
        _all_moved,
        layerwise("dA^{[l]} = W^{[l]T} dZ^{[l]}", use="batch=m")
        + layerwise("∂J/∂a^l = (W^l)^T δ^l", "z^l = W^{l+1} a^l + b^{l+1}"),
        layerwise("dA^{[l-1]} = W^{[l]T} dZ^{[l]}", use="batch=m"),
        "layer",
        whole=True,
    ),
)
