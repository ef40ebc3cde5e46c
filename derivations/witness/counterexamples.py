"""A counterexample, and its words: everything is named as the claim names it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Context as Precision
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from derivations.formula import Gradient, Layer, Symbol, walk
from derivations.setting import OUTPUT
from derivations.shapes import Extent, Loss, Partial, Settled, Variable, Width
from derivations.values import value
from derivations.witness.evaluate import VariableKey, World, parts_of
from derivations.witness.functions import Polynomial
from derivations.witness.layers import Instance, is_by_output
from derivations.witness.numbers import FunctionKey, Matrix
from derivations.witness.prepared import Prepared

Rows: TypeAlias = tuple[tuple[Fraction | Decimal, ...], ...]
"""A matrix, row by row."""

SHOWN_DIGITS = 6
NOTHING = Decimal("1e-20")
"""What is smaller comes from rounding, and is shown as 0."""


@value
class Counterexample:
    """Numbers for which the two sides of a claim differ.

    layers: what each layer letter stands for, L too if the loss has a part in it; empty without a network.
    widths: every symbolic width that occurs, named as in the claim (n_l, not n_2).
    functions, losses: what the unknown functions (in t) and losses are.
    indices: the values of free index letters, counted from 1; the sides are then numbers.
    values: the quantities that the sides depend on, by name: the free ones, and the defined ones that the claim names.
    left, right: the values of the two sides, which differ first in ``entry`` (row, column; counted from 1).
    exact: whether the numbers are fractions; otherwise they are decimals, rounded for show.
    size: what "smallest" means: the number of free entries, then how large and how awkward the numbers are.
    """

    layers: tuple[tuple[str, int], ...]
    widths: tuple[tuple[str, int], ...]
    functions: tuple[tuple[str, str], ...]
    losses: tuple[tuple[str, str], ...]
    indices: tuple[tuple[str, int], ...]
    values: Mapping[str, Rows]
    left: Rows
    right: Rows
    entry: tuple[int, int]
    exact: bool
    size: tuple[int, int]


def rows_of(matrix: Matrix, digits: int | None) -> Rows:
    """A matrix as a value; rounded to so many significant digits unless it is exact."""
    if digits is None:
        return tuple(tuple(Fraction(v) for v in row) for row in matrix)
    return tuple(tuple(rounded(v, digits) for v in row) for row in matrix)


def rounded(value: Any, digits: int) -> Decimal:
    number = Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value)
    short = Precision(prec=digits).plus(number).normalize()
    return short if abs(short) > NOTHING else Decimal(0)


def digits_to_tell(left: Decimal, right: Decimal) -> int:
    """As many significant digits as it takes to see that two numbers differ."""
    digits = SHOWN_DIGITS
    while rounded(left, digits) == rounded(right, digits) and digits < 40:
        digits += 4
    return digits


# ---- names ----


class Names:
    """How the claim writes the quantities of its concrete instance."""

    def __init__(self, claim: Prepared, typed: Instance) -> None:
        """``typed`` holds the sides as they were typed, with its letters for layers."""
        self._claim, self._letters = claim, claim.instance.layers
        self._batch = claim.context.network is not None and claim.context.network.batch is not None
        self._layers: dict[int, Layer] = {}
        self._typed: dict[VariableKey, str] = {}
        concrete = [*walk(claim.instance.left), *walk(claim.instance.right)]
        gradients = [node for node in concrete if isinstance(node, Gradient)]
        of_output = [node for node in gradients if is_by_output(node, claim.context.setting)]
        if of_output:
            self._layers[self._number(OUTPUT)] = OUTPUT
        unlayered = {id(node.by) for node in of_output}  # the a of ∇_a J is a^L
        for symbol, node in zip([*walk(typed.left), *walk(typed.right)], concrete, strict=True):
            layers = [getattr(symbol, "layer", None), getattr(getattr(symbol, "function", None), "layer", None)]
            for layer in layers:
                if layer is not None:
                    self._layers.setdefault(self._number(layer), layer)
            if isinstance(symbol, Symbol) and isinstance(node, Symbol) and id(node) not in unlayered:
                meant = claim.context.matrix_of(node)
                self._typed.setdefault(claim.context.resolved(meant), _spelled(symbol.name, symbol.layer))

    def _number(self, layer: Layer) -> int:
        return self._letters.get(layer.base, 0) + layer.offset

    @property
    def letters(self) -> tuple[str, ...]:
        """The layer letters of the claim, l before L."""
        typed = {layer.base for layer in self._layers.values() if layer.base}
        return tuple(sorted(typed, key=lambda base: (base == "L", base)))

    def layer(self, number: int) -> Layer:
        """A layer by the claim's own letter, if it uses one."""
        if number in self._layers:
            return self._layers[number]
        nearby = [Layer(base, number - self._letters[base]) for base in self.letters]
        return min(nearby, key=lambda layer: abs(layer.offset), default=Layer("", number))

    def variable(self, key: VariableKey) -> str:
        if key in self._typed:
            return self._typed[key]
        name, layer = key
        if self._batch and name in ("z", "a", "x", "y"):
            name = name.upper()
        return _spelled(name, None if layer is None else self.layer(layer.offset))

    def width(self, extent: Extent) -> str:
        if isinstance(extent, Width) and extent.layer is not None:
            return str(Width(extent.name, self.layer(extent.layer.offset)))
        return str(extent)

    def function(self, key: FunctionKey) -> str:
        name, layer = key
        return name if layer is None else f"{name}^{{[{self.layer(layer.offset)}]}}"


def _spelled(name: str, layer: Layer | None) -> str:
    if layer is None:
        return name
    return f"{name}^{layer}" if len(str(layer)) == 1 else f"{name}^{{{layer}}}"


# ---- what is shown ----


def shown(claim: Prepared) -> list[Variable]:
    """The variables to give values of: those that stand in the sides, but for what is only differentiated or is a
    side by itself, and then all the leaves behind them."""
    standing = {node.key: node for node in _standing(claim.left, claim.right) if isinstance(node, Variable)}
    whole = {side.key for side in (claim.left, claim.right) if isinstance(side, Variable)}
    found = {
        key: node
        for key, node in standing.items()
        if claim.definitions.definition(key) is None or (key not in whole and key[0] != "J")
    }
    for leaf in claim.leaves:
        found.setdefault(leaf.key, leaf)
    return list(found.values())


def _standing(*sides: Settled) -> list[Settled]:
    """The nodes of both sides, without the variable that a derivative is of."""
    found: list[Settled] = []
    for side in sides:
        pending = [side]
        while pending:
            node = pending.pop()
            found.append(node)
            passed_over = node.of if isinstance(node, Partial) and isinstance(node.of, Variable) else None
            inside = [part for part in parts_of(node) if part is not passed_over]
            pending.extend(reversed(inside))
    return found


def values_of(claim: Prepared, world: World[Matrix], names: Names, digits: int | None) -> dict[str, Rows]:
    return {names.variable(node.key): rows_of(world.value(node), digits) for node in shown(claim)}


def polynomial_words(polynomial: Polynomial) -> str:
    """``2t + 1``, ``t²``."""
    parts: list[str] = []
    for k in range(len(polynomial) - 1, -1, -1):
        coefficient = polynomial[k]
        if coefficient == 0:
            continue
        power = "" if k == 0 else "t" if k == 1 else "t" + str(k).translate(_RAISED)
        size = abs(Fraction(coefficient))
        number = "" if size == 1 and power else f"{size}" if size.denominator == 1 or not power else f"({size})"
        sign = "−" if coefficient < 0 else "+"
        parts.append(f" {sign} {number}{power}" if parts else f"{'−' if coefficient < 0 else ''}{number}{power}")
    return "".join(parts) or "0"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def loss_words(claim: Prepared, names: Names, forms: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """What each unknown loss is, of its argument by name if that has one; otherwise as C(v), of any v."""
    found: list[tuple[str, str]] = []
    for name, words in forms.items():
        nodes = [node for node in claim.nodes if isinstance(node, Loss) and node.name == name]
        arguments = {names.variable(node.of.key) if isinstance(node.of, Variable) else "" for node in nodes}
        argument = arguments.pop() if len(arguments) == 1 else ""
        if argument and any(node.by_column for node in nodes):
            found.append((name, words.replace("{v}", "v") + f" for each column v of {argument}"))
        elif argument:
            found.append((name, words.replace("{v}", argument)))
        else:
            found.append((f"{name}(v)", words.replace("{v}", "v")))
    return tuple(found)
