"""A claim about layers l, l + 1, L … as claims about layers of one concrete network.

``l`` becomes a number for which all layers named exist, above the plain layer numbers of the claim; the depth is larger
than what is named, and, where nothing sets the last layer apart, once just as large. Where something does, that
boundary is asked for by itself: a proof that does not exclude it has to hold there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias

from derivations.formula import Apply, Binary, Formula, Function, Gradient, Layer, Span, Symbol, walk
from derivations.setting import OUTPUT, Context, Quantity, Setting
from derivations.shapes import Extent, Shape, Width
from derivations.values import names_of, replaced


class Instance(NamedTuple):
    """A claim about a concrete network; ``layers`` says what each letter stands for (``L`` too)."""

    left: Formula
    right: Formula
    context: Context
    layers: Mapping[str, int]


class _Family(NamedTuple):
    """The layers named with one letter: the range of offsets, and the lowest value for which they all exist."""

    low: int
    high: int
    least: int

    def joined(self, other: _Family) -> _Family:
        return _Family(min(self.low, other.low), max(self.high, other.high), max(self.least, other.least))


def instances(left: Formula, right: Formula, context: Context, *, at_last: bool = False) -> list[Instance]:
    """The claim in a few concrete networks, the shallowest first. Empty where no network has the layers named.

    ``at_last``: the highest layer named is the last one; empty where it is not to be, since the claim names L too.
    Without a network there are no layers, and the claim is its own only instance.
    """
    network = context.network
    if network is None:
        return [] if at_last else [Instance(left, right, context, {})]
    families = _families([left, right, *_definitions_of(context.setting, left, right)], context)
    numbers, last = families.pop("", None), families.pop("L", None)
    found: list[Instance] = []
    for layers in (_at_last if at_last else _choices)(families, numbers, last, context):
        depth = layers["L"]
        setting = replaced(context.setting, network=replaced(network, depth=depth))
        concrete = replaced(context, setting=_substituted_setting(setting, layers))
        found.append(Instance(substituted(left, layers), substituted(right, layers), concrete, layers))
    return found


def _choices(
    families: Mapping[str, _Family], numbers: _Family | None, last: _Family | None, context: Context
) -> Iterator[dict[str, int]]:
    network = context.network
    assert network is not None
    first = context.input_layer.offset
    fixed, own_output = network.depth, network.last_activation is not None
    floor = numbers.high if numbers else first - 1
    low = _stacked(families, floor, 0)
    top = max([first + 1, *([numbers.high] if numbers else []), *(low[b] + f.high for b, f in families.items())])
    if fixed is not None:
        yield from _within(families, low, fixed, own_output)
        return
    below_L = max(0, -last.low) if last else 0
    above = max(top + 1, last.least if last else 0) + below_L
    anywhere = network.loss is None and not own_output and last is None
    yield {**low, "L": top if anywhere else above}
    if families:
        yield {**_stacked(families, floor, 1), "L": above + 1}
    elif anywhere:
        yield {"L": above}


def _at_last(
    families: Mapping[str, _Family], numbers: _Family | None, last: _Family | None, context: Context
) -> Iterator[dict[str, int]]:
    """The layers as low as they can be, with nothing above them, if the claim leaves that open."""
    network = context.network
    assert network is not None
    floor = numbers.high if numbers else context.input_layer.offset - 1
    low = _stacked(families, floor, 0)
    top = max([floor, *(low[b] + family.high for b, family in families.items())])
    if network.depth is not None:
        shifted = {base: number + network.depth - top for base, number in low.items()}
        if families and top <= network.depth:
            yield {**shifted, "L": network.depth}
    elif last is None and top > context.input_layer.offset:
        yield {**low, "L": top}


def _stacked(families: Mapping[str, _Family], floor: int, extra: int) -> dict[str, int]:
    """A number for each letter, one family above the other."""
    chosen: dict[str, int] = {}
    for base in sorted(families):
        family = families[base]
        chosen[base] = max(family.least, floor + 1 - family.low) + extra
        floor = chosen[base] + family.high
    return chosen


def _within(
    families: Mapping[str, _Family], low: dict[str, int], depth: int, own_output: bool
) -> Iterator[dict[str, int]]:
    """The numbers for the letters in a network of a fixed depth, above the plain numbers if there is room."""
    if not families:
        yield {"L": depth}
        return
    choices = []
    for shift in range(depth):
        moved = {base: number + shift for base, number in low.items()}
        if all(moved[base] + family.high <= depth for base, family in families.items()):
            choices.append(moved)
    if not choices:
        smallest = {base: family.least for base, family in families.items()}
        if all(smallest[base] + family.high <= depth for base, family in families.items()):
            choices = [smallest]
    hidden = [c for c in choices if all(c[base] + f.high < depth for base, f in families.items())]
    if own_output and hidden:
        choices = hidden
    for choice in choices if len(choices) <= 2 else (choices[0], choices[-1]):
        yield {**choice, "L": depth}


def _families(formulas: list[Formula], context: Context) -> dict[str, _Family]:
    first = context.input_layer.offset
    found: dict[str, _Family] = {}
    for formula in formulas:
        for node in walk(formula):
            if _is_of_output(node, context.setting):
                layer, lowest = OUTPUT, first
            elif isinstance(node, Symbol) and node.layer is not None:
                layer, lowest = node.layer, first + (node.name not in ("a", "A", "n"))
            elif isinstance(node, Apply) and node.function.layer is not None:
                layer, lowest = node.function.layer, first + 1
            else:
                continue
            one = _Family(layer.offset, layer.offset, lowest - layer.offset)
            found[layer.base] = found[layer.base].joined(one) if layer.base in found else one
    return found


def is_by_output(gradient: Gradient, setting: Setting) -> bool:
    """Whether it is ∇_a J, whose a is the last layer's."""
    by = gradient.by
    return by.name in ("a", "A") and by.layer is None and by.name not in setting.quantities


def _is_of_output(node: Formula, setting: Setting) -> bool:
    """Whether it is ∇_a J, y, ŷ or n_out, which belong to the last layer without saying so."""
    if isinstance(node, Gradient):
        return is_by_output(node, setting)
    outputs = ("y", "Y", "ŷ", "n_out")
    return isinstance(node, Symbol) and node.name in outputs and not node.layer and node.name not in setting.quantities


def _definitions_of(setting: Setting, *formulas: Formula) -> list[Formula]:
    """The sheet's own definitions that stand behind some formulas."""
    found: dict[str, Formula] = {}
    pending = list(formulas)
    while pending:
        for node in walk(pending.pop()):
            quantity = setting.quantities.get(node.name) if isinstance(node, Symbol) else None
            if isinstance(node, Symbol) and quantity and quantity.definition and node.name not in found:
                found[node.name] = quantity.definition
                pending.append(quantity.definition)
    return list(found.values())


# ---- substitution ----


def number_of(layer: Layer, layers: Mapping[str, int]) -> Layer:
    return Layer("", layers[layer.base] + layer.offset) if layer.base in layers else layer


Known: TypeAlias = "dict[Formula, Formula]"
"""Parts that have been substituted already: variants of a formula have most of theirs in common."""


def substituted(formula: Formula, layers: Mapping[str, int], known: Known | None = None) -> Formula:
    """A formula with numbers for its layers; a long sum is a deep tree on the left and is taken without recursion."""
    if not layers:
        return formula
    known = {} if known is None else known
    spine: list[Binary] = []
    while isinstance(formula, Binary) and formula not in known:
        spine.append(formula)
        formula = formula.left
    result = known.get(formula)
    if result is None:
        result = known[formula] = _substituted_once(formula, layers, known)
    for link in reversed(spine):
        result = known[link] = replaced(link, left=result, right=substituted(link.right, layers, known))
    return result


def _substituted_once(formula: Formula, layers: Mapping[str, int], known: Known) -> Formula:
    changes: dict[str, Any] = {}
    for name in names_of(formula):
        value = getattr(formula, name)
        new = _substituted_part(value, layers, known)
        if new is not value:
            changes[name] = new
    return replaced(formula, **changes) if changes else formula


def _substituted_part(value: Any, layers: Mapping[str, int], known: Known) -> Any:
    match value:
        case Layer():
            return number_of(value, layers)
        case Function(layer=Layer() as layer):
            return replaced(value, layer=number_of(layer, layers))
        case Span():
            return value
        case tuple():
            return tuple(_substituted_part(item, layers, known) for item in value)
        case _:
            return substituted(value, layers, known) if isinstance(value, Formula) else value


def _substituted_setting(setting: Setting, layers: Mapping[str, int]) -> Setting:
    def extent(width: Extent) -> Extent:
        if isinstance(width, Width) and width.layer is not None:
            return Width(width.name, number_of(width.layer, layers))
        return width

    def quantity(old: Quantity) -> Quantity:
        shape = Shape(extent(old.shape.rows), extent(old.shape.columns)) if old.shape else None
        return replaced(old, shape=shape, definition=substituted(old.definition, layers) if old.definition else None)

    return replaced(setting, quantities={name: quantity(old) for name, old in setting.quantities.items()})
