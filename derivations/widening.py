"""A claim about wide matrices of a fixed size, told of any size.

What is proved for every width is proved for 784; and it can be tried on small matrices, where those of the claim are
too large.
"""

from __future__ import annotations

from typing import NamedTuple

from derivations.diagnosis.trees import changed
from derivations.formula import Call, Formula, IndexSum, Number, Symbol
from derivations.setting import Context, Quantity
from derivations.shapes import Extent, Shape, Width
from derivations.values import replaced

WIDE = 8
"""Widths from here on stand for any width."""
_MADE = ("ones", "zeros", "eye")


class Widened(NamedTuple):
    """Both sides, with names for their wide widths, in a context that has the names."""

    left: Formula
    right: Formula
    context: Context


def widened(left: Formula, right: Formula, context: Context) -> Widened | None:
    """The claim with a name in the place of each wide width, the same for the same width; None if there is none.

    A number in the place of a value stays: then the claim of any width says more than was claimed.
    """
    setting, found = context.setting, dict[int, Width]()

    def extent(old: Extent) -> Extent:
        if isinstance(old, Width) or old < WIDE:
            return old
        return found.setdefault(old, Width(f"any {old}"))

    def named(of: Formula) -> Formula:
        width = extent(int(of.value)) if isinstance(of, Number) and of.value.denominator == 1 else None
        return Symbol(width.name) if isinstance(width, Width) else of

    def rule(node: Formula) -> Formula | None:
        match node:
            case Call(name, arguments) if name in _MADE:
                return replaced(node, arguments=tuple(map(named, arguments)))
            case IndexSum(upper=Number() as upper):
                return replaced(node, upper=named(upper), body=changed(node.body, rule))
            case _:
                return None

    def quantity(old: Quantity) -> Quantity:
        shape = old.shape and Shape(extent(old.shape.rows), extent(old.shape.columns))
        return replaced(old, shape=shape, definition=old.definition and changed(old.definition, rule))

    quantities = {name: quantity(old) for name, old in setting.quantities.items()}
    one, other = changed(left, rule), changed(right, rule)
    network = setting.network and replaced(setting.network, widths=None)
    if not found and network == setting.network:
        return None
    widths = setting.widths | {width.name for width in found.values()}
    setting = replaced(setting, quantities=quantities, widths=widths, network=network)
    return Widened(one, other, replaced(context, setting=setting))
