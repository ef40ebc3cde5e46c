"""The equations that a reason may name, applied to a line; what the network's quantities are defined to be."""

from __future__ import annotations

from derivations.diagnosis.trees import bare, changed
from derivations.formula import Apply, Binary, Derivative, Entry, Formula, Function, Layer, Op, Symbol
from derivations.reading import read_formula
from derivations.setting import Network, Setting
from derivations.values import replaced

EQUATIONS = {
    "BP1": ("δ^L", "∂J/∂a^L ⊙ σ'(z^L)"),
    "BP2": ("δ^l", "(W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
    "BP3": ("∂J/∂b^l", "δ^l"),
    "BP4": ("∂J/∂W^l", "δ^l (a^{l-1})^T"),
}
"""The equations that a reason may name, for one sample."""


def read_equation(text: str, setting: Setting) -> Formula:
    """A side of one of ``EQUATIONS``."""
    vocabulary = replaced(setting, network=setting.network or Network()).vocabulary
    return read_formula(text, vocabulary)


def with_errors(side: Formula) -> Formula:
    """∂J/∂z^l, however it is written, as δ^l."""

    def rule(node: Formula) -> Formula | None:
        match node:
            case Derivative(Symbol("J" | "C" | "E"), Symbol("z" | "Z", Layer() as layer)):
                return Symbol("δ", layer)
            case Derivative(Symbol("J" | "C" | "E"), Entry(Symbol("z" | "Z", Layer() as layer), indices)):
                return Entry(Symbol("δ", layer), indices)
        return None

    return changed(side, rule)


def applied(side: Formula, left: Formula, right: Formula) -> tuple[Formula, bool]:
    """An equation applied wherever its left side stands, in whatever layer; and whether it did anywhere."""
    base = _layer_of(left)
    matched = False

    def rule(node: Formula) -> Formula | None:
        nonlocal matched
        indices = None
        match node:
            case Entry(of, places):
                node, indices = of, places
            case Derivative(of, Entry(by, places)) if isinstance(by, Symbol):
                node, indices = Derivative(of, by), places
        layer = _layer_of(node)
        if layer is None or base is None or _at_layer(left, base, layer) != bare(node):
            return None
        if base.base == "L" and layer != base:
            return None
        matched = True
        new = _at_layer(right, base, layer)
        return Entry(new, indices) if indices else new

    return changed(side, rule), matched


def _layer_of(node: Formula) -> Layer | None:
    match node:
        case Symbol(_, layer):
            return layer
        case Derivative(_, Symbol(_, layer)):
            return layer
    return None


def _at_layer(formula: Formula, base: Layer, layer: Layer) -> Formula:
    """A formula about layer ``base``, told of ``layer``."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Symbol) and node.layer is not None:
            return Symbol(node.name, Layer(layer.base, layer.offset + node.layer.offset - base.offset))
        return None

    return bare(changed(formula, rule))


def definition_in_network(node: Symbol) -> Formula | None:
    """What a quantity of the network is defined to be, as a formula; None for one that is given."""
    if node.layer is None:
        return None
    below, layer = node.layer.shifted(-1), node.layer
    match node.name:
        case "δ" | "Δ":
            return Derivative(Symbol("J"), Symbol("z", layer))
        case "a" | "A":
            return Apply(Function("σ"), Symbol({"a": "z", "A": "Z"}[node.name], layer))
        case "z" | "Z":
            a = Symbol({"z": "a", "Z": "A"}[node.name], below)
            return Binary(Op.PLUS, Binary(Op.PRODUCT, Symbol("W", layer), a), Symbol("b", layer))
    return None
