"""A claim made ready for numbers: settled in one concrete network, with what has to be known before they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from derivations.formula import ELEMENTWISE, Layer
from derivations.settling import Settler
from derivations.shapes import (
    ElementPower,
    Elementwise,
    EntryOf,
    Extent,
    Partial,
    Settled,
    Softmax,
    Variable,
    WidthValue,
)
from derivations.witness.evaluate import Definitions, nodes_of, squared_root
from derivations.witness.functions import KINKED, STEPLIKE
from derivations.witness.layers import Instance
from derivations.witness.numbers import FunctionKey
from derivations.work import Purse

Kind: TypeAlias = Literal["modular", "exact", "decimal"]
"""The numbers that a claim needs: residues, rationals (relu …) or decimals (exp …)."""

LARGEST_WIDTH = 9


class Prepared:
    """A concrete claim, settled, with what has to be known of it before numbers are drawn."""

    def __init__(self, instance: Instance, purse: Purse) -> None:
        self.instance, self.context, self.purse = instance, instance.context, purse
        self.settler = Settler(instance.context, purse=purse)
        self.left, self.right = self.settler.settle_sides(instance.left, instance.right)
        self.letters = dict(sorted(self.settler.indices.items()))
        self.definitions = Definitions(self.settler)
        self.on_the_surface = len(nodes_of(self.left, self.right))
        self.nodes = self.reached(self.definitions)
        self.functions = self._functions()
        self.kind = self._kind()
        self.least = self._least_widths()

    def reached(self, definitions: Definitions) -> list[Settled]:
        """All nodes of both sides, which come first, and of the definitions behind them."""
        found, seen = nodes_of(self.left, self.right), set[tuple[str, object]]()
        for node in found:
            if isinstance(node, Variable) and node.key not in seen:
                seen.add(node.key)
                definition = definitions.definition(node.key)
                if definition is not None:
                    found.extend(nodes_of(definition))
        return found

    @property
    def leaves(self) -> list[Variable]:
        """The variables without a definition that the claim depends on."""
        found = {node.key: node for node in self.nodes if isinstance(node, Variable)}
        return [node for key, node in found.items() if self.definitions.definition(key) is None]

    @property
    def has_widths_at_kinks(self) -> bool:
        """Whether a width is a number in an argument of relu, step, sign …, or in what that is defined through."""
        return any(isinstance(node, WidthValue) for node in self._arguments_of_kinks())

    @property
    def has_kinks_within_kinks(self) -> bool:
        """Whether relu, step, sign … stand in an argument of their like, or in what that is defined through."""
        return any(isinstance(node, Elementwise) and node.function in KINKED for node in self._arguments_of_kinks())

    def _arguments_of_kinks(self) -> list[Settled]:
        """All nodes of the arguments of relu, step, sign …, and of what these are defined through."""
        inside = nodes_of(
            *(node.of for node in self.nodes if isinstance(node, Elementwise) and node.function in KINKED)
        )
        keys = {node.key for node in inside if isinstance(node, Variable)}
        for key in set[tuple[str, Layer | None]]().union(keys, *map(self.definitions.ancestors, keys)):
            definition = self.definitions.definition(key)
            inside += nodes_of(definition) if definition is not None else []
        return inside

    def _functions(self) -> dict[FunctionKey, int]:
        """The unknown functions, numbered, and the highest derivative that stands in the claim."""
        found: dict[FunctionKey, int] = {}
        for node in self.nodes:
            if isinstance(node, Elementwise) and node.function not in ELEMENTWISE:
                key = node.function, node.layer
                found[key] = max(found.get(key, 0), node.order)
        return found

    def _kind(self) -> Kind:
        kind: Kind = "modular"
        squares = [node for node in self.nodes if isinstance(node, ElementPower) and squared_root(node)]
        whole = {id(node) for square in squares for node in (square, square.of)}
        for node in self.nodes:
            match node:
                case Softmax():
                    return "decimal"
                case Elementwise(function) if function in STEPLIKE:
                    kind = "exact"
                case Elementwise(function) if function in ELEMENTWISE and function != "identity":
                    return "decimal"
                case ElementPower(exponent=e) if e.denominator != 1 and id(node) not in whole:
                    return "decimal"
                case _:
                    pass
        return kind

    def _least_widths(self) -> dict[Extent, int]:
        """How wide what has an entry by number must be: W_{12} needs two columns."""
        least: dict[Extent, int] = {}
        for node in self.nodes:
            match node:
                case EntryOf(of, row, column):
                    places = (row, of.shape.rows), (column, of.shape.columns)
                case Partial(by=by, at=(row, column)):
                    places = (row, by.shape.rows), (column, by.shape.columns)
                case _:
                    continue
            for index, extent in places:
                if index is not None and index.number is not None:
                    least[extent] = max(least.get(extent, 1), index.number)
        return least


class Widths:
    """A number for each symbolic width, given out as they are met, and at least as large as ``least`` says."""

    def __init__(self, next_one: Callable[[int], int], least: Mapping[Extent, int]) -> None:
        self._next, self._least, self.chosen = next_one, least, dict[Extent, int]()

    def __call__(self, extent: Extent) -> int:
        if isinstance(extent, int):
            return extent
        if extent not in self.chosen:
            self.chosen[extent] = max(self._next(len(self.chosen)), self._least.get(extent, 1))
        return self.chosen[extent]


def distinct(k: int) -> int:
    """3, 2, 4, 5 …, so that a single width is not the same as where all are equal."""
    k %= LARGEST_WIDTH - 1
    return 3 - k if k < 2 else 2 + k


def equal(_: int) -> int:
    return 2


def single(_: int) -> int:
    return 1


def wide(k: int) -> int:
    """5, 4, 6, 5, 6 …: what holds for small matrices alone is seen here."""
    return (5, 4, 6)[k] if k < 3 else 5 + k % 2
