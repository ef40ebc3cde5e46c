"""The equations that a reason may name, applied to a line; what the network's quantities are defined to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from derivations.diagnosis.trees import bare, changed
from derivations.formula import Apply, Binary, Derivative, Entry, Formula, Function, Layer, LossDerivative, Op, Symbol
from derivations.reading import read_formula
from derivations.setting import Network, Setting
from derivations.values import replaced
from derivations.witness.layers import substituted

_Equations: TypeAlias = Mapping[str, tuple[str, str]]

ONE_SAMPLE: _Equations = {
    "BP1": ("δ^L", "∂J/∂a^L ⊙ σ'(z^L)"),
    "BP2": ("δ^l", "(W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
    "BP3": ("∂J/∂b^l", "δ^l"),
    "BP4": ("∂J/∂W^l", "δ^l (a^{l-1})^T"),
    "BP1-DIAG": ("δ^L", "Σ'(z^L) ∂J/∂a^L"),
    "BP2-DIAG": ("δ^l", "Σ'(z^l) (W^{l+1})^T δ^{l+1}"),
}
NUMERATOR: _Equations = {
    "BP1": ("δ^L", "∂J/∂a^L ⊙ σ'(z^L)^T"),
    "BP2": ("δ^l", "δ^{l+1} W^{l+1} ⊙ σ'(z^l)^T"),
    "BP3": ("∂J/∂b^l", "δ^l"),
    "BP4": ("∂J/∂W^l", "a^{l-1} δ^l"),
    "BP1-DIAG": ("δ^L", "∂J/∂a^L Σ'(z^L)"),
    "BP2-DIAG": ("δ^l", "δ^{l+1} W^{l+1} Σ'(z^l)"),
}
BATCH: _Equations = {
    "BP1": ("dZ^L", "dA^L ⊙ σ'(Z^L)"),
    "BP2": ("dZ^l", "(W^{l+1})^T dZ^{l+1} ⊙ σ'(Z^l)"),
    "BP3": ("db^l", "1/{m} sum(dZ^l, axis=1)"),
    "BP4": ("dW^l", "1/{m} dZ^l (A^{l-1})^T"),
    "DA": ("dA^l", "(W^{l+1})^T dZ^{l+1}"),
}
"""In a batch dA and dZ have the shape of A and Z in either layout."""

EQUATIONS = frozenset(ONE_SAMPLE) | frozenset(BATCH)
"""The equations that a reason may name."""


def equation_named(name: str, setting: Setting) -> tuple[Formula, Formula] | None:
    """The two sides of an equation, for one sample or a batch, in the layout in force; None where there is none."""
    network = setting.network or Network()
    if network.batch is not None:
        known = BATCH
    else:
        known = ONE_SAMPLE if setting.layout == "denominator" else NUMERATOR
    if name not in known:
        return None
    vocabulary = replaced(setting, network=network).vocabulary
    left, right = (read_formula(text.replace("{m}", network.batch or ""), vocabulary) for text in known[name])
    return with_numbers(left, setting), with_numbers(right, setting)


def with_numbers(side: Formula, setting: Setting) -> Formula:
    """L as a number, where the depth is fixed."""
    depth = setting.network.depth if setting.network else None
    return side if depth is None else substituted(side, {"L": depth})


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


def applied(side: Formula, left: Formula, right: Formula, layout: str = "denominator") -> tuple[Formula, bool]:
    """An equation applied wherever its left side stands, in whatever layer; and whether it did anywhere.

    In numerator layout ∂J/∂W_jk is entry (k, j) of ∂J/∂W.
    """
    base = _layer_of(left)
    matched = False

    def rule(node: Formula) -> Formula | None:
        nonlocal matched
        indices = None
        match node:
            case Entry(of, places):
                node, indices = of, places
            case Derivative(of, Entry(by, places)) if isinstance(by, Symbol):
                node, indices = Derivative(of, by), places if layout == "denominator" else places[::-1]
        layer = _layer_of(node)
        if layer is None or base is None or _at_layer(left, base, layer) != bare(node):
            return None
        if base.base != "l" and layer != base:
            return None
        matched = True
        new = _at_layer(right, base, layer)
        return Entry(new, indices) if indices else new

    return changed(side, rule), matched


def _layer_of(node: Formula) -> Layer | None:
    match node:
        case Symbol(_, layer):
            return layer
        case Derivative(_, Symbol(_, layer)) | LossDerivative(Symbol(_, layer)):
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
