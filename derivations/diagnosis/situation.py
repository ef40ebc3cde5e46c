"""What a repair may look at: the side to be repaired, what it should equal, shapes, and the names at hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any, Generic, TypeVar

from derivations.diagnosis.trees import PRODUCTS, bare, contains, factors, terms
from derivations.diagnosis.variants import VariantSettler
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    Layer,
    LossDerivative,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Unreadable,
    walk,
)
from derivations.setting import OUTPUT, Context
from derivations.settling import Unsupported
from derivations.shapes import Misfit, Shape, Width
from derivations.values import replaced
from derivations.work import Purse

T = TypeVar("T")

_NO_SHAPE = (Misfit, Unreadable, Unsupported, RecursionError)


class _of_target(Generic[T]):  # noqa: N801  (it is a property)
    """A property that depends on the target alone: worked out once for all the variants of a side."""

    def __init__(self, rule: Callable[[Situation], T]) -> None:
        self._rule, self.__doc__ = rule, rule.__doc__

    def __get__(self, situation: Situation, _: type) -> T:
        known = situation.of_target
        if self not in known:
            known[self] = self._rule(situation)
        return known[self]  # type: ignore[no-any-return]


class Situation:
    """One side of a claim that fails (``side``), and the other (``target``)."""

    def __init__(
        self, side: Formula, target: Formula, context: Context, array_code: bool = False, purse: Purse | None = None
    ) -> None:
        self.side, self.target, self.context, self.array_code = side, target, context, array_code
        self._settler = VariantSettler(context, purse)
        self.of_target: dict[object, Any] = {}

    def of_variant(self, side: Formula) -> Situation:
        """The situation of a variant of the side; what is known of the target, and of shapes, is shared."""
        other = Situation(side, self.target, self.context, self.array_code)
        other._settler, other.of_target = self._settler, self.of_target
        return other

    def shape(self, formula: Formula) -> Shape | None:
        """Its shape; None where it does not fit."""
        try:
            return self._settler.another().settle(formula).shape
        except _NO_SHAPE:
            return None

    def is_column(self, formula: Formula) -> bool:
        shape = self.shape(formula)
        return shape is not None and shape.columns == 1 and shape.rows != 1

    def is_matrix(self, formula: Formula) -> bool:
        shape = self.shape(formula)
        return shape is not None and not shape.is_vector

    # ---- the target ----

    @_of_target
    def target_shape(self) -> Shape | None:
        return self.shape(self.target)

    @_of_target
    def _differentiated(self) -> tuple[Formula, Formula] | None:
        """What the target is a derivative of, and by."""
        match self.target:
            case Derivative(of, by):
                return of, by
            case Gradient(of, by):
                return of, by if by.layer or by.name not in ("a", "A") else replaced(by, layer=OUTPUT)
            case LossDerivative(by):
                return Symbol("J"), by
            case Symbol("δ" | "Δ", Layer() as layer) if self.context.network:
                return Symbol("J"), Symbol("z", layer)
            case Entry(of=Symbol("δ" | "Δ", Layer() as layer)) if self.context.network:
                return Symbol("J"), Symbol("z", layer)
        return None

    @property
    def of(self) -> Formula | None:
        """What the target is a derivative of."""
        return self._differentiated[0] if self._differentiated else None

    @property
    def by(self) -> Symbol | None:
        """What it is differentiated by; for an entry, the quantity."""
        if self._differentiated is None:
            return None
        by = self._differentiated[1]
        if isinstance(by, Entry):
            by = by.of
        return by if isinstance(by, Symbol) else None

    @_of_target
    def is_jacobian(self) -> bool:
        """Whether the target is the derivative of a vector by a vector."""
        shape = self.shape(self.of) if self.of is not None else None
        return shape is not None and not shape.is_scalar

    @_of_target
    def target_nodes(self) -> list[Formula]:
        """The target's nodes, and those of the definitions behind it."""
        found: list[Formula] = []
        for formula in self.unfolded(self.target, *([self.of] if self.of is not None else [])):
            found.extend(walk(formula))
        return found

    def unfolded(self, *formulas: Formula) -> Iterator[Formula]:
        """Formulas, and the definitions that a sheet gives for the names in them."""
        pending, seen = list(formulas), set[str]()
        while pending:
            formula = pending.pop(0)
            yield formula
            for node in walk(formula):
                if isinstance(node, Symbol) and node.name not in seen:
                    seen.add(node.name)
                    definition = self.definition(node.name)
                    if definition is not None:
                        pending.append(definition)

    def definition(self, name: str) -> Formula | None:
        quantity = self.context.setting.quantities.get(name)
        return quantity.definition if quantity else None

    def loss_has(self, *functions: str) -> bool:
        """Whether one of these functions stands in what is differentiated."""
        network = self.context.network
        if network and isinstance(self.of, Symbol) and self.of.name in ("J", "C", "E"):
            inside = {"bce": {"log"}, "softmax-ce": {"log", "softmax"}}.get(network.loss or "", set())
            if inside & set(functions):
                return True
        for node in self.target_nodes:
            name = getattr(getattr(node, "function", None), "name", getattr(node, "name", ""))
            if name in functions and not isinstance(node, Symbol):
                return True
        return False

    @_of_target
    def has_squares(self) -> bool:
        """Whether something is squared in what is differentiated."""
        if self._of_network_loss("mse"):
            return True
        return any(
            isinstance(node, Norm | Power) or (isinstance(node, Call) and node.name == "sumsq")
            for node in self.target_nodes
        )

    @cached_property
    def errors(self) -> list[Symbol]:
        """The δ of the claim, if it is about a network."""
        return [s for s in self.symbols if self.context.network is not None and s.name in ("δ", "Δ")]

    @_of_target
    def has_cross_entropy(self) -> bool:
        """Whether what is differentiated is the network's loss, and that a cross entropy."""
        return self._of_network_loss("bce", "softmax-ce")

    def _of_network_loss(self, *losses: str) -> bool:
        network = self.context.network
        return bool(
            network and network.loss in losses and isinstance(self.of, Symbol) and self.of.name in ("J", "C", "E")
        )

    @_of_target
    def at_output(self) -> bool:
        """Whether the target is about the last layer of the network."""
        network, layer = self.context.network, self.by.layer if self.by is not None else None
        if network is None or layer is None:
            return False
        return layer == OUTPUT or (not layer.base and layer.offset == network.depth)

    # ---- the reader's way of writing ----

    @cached_property
    def array_style(self) -> bool:
        """Whether * is the reader's elementwise product, as in NumPy."""
        return self.array_code or any(
            isinstance(node, Binary) and node.op is Op.STAR for side in (self.side, self.target) for node in walk(side)
        )

    def scaled(self, factor: Formula, of: Formula) -> Formula:
        """A scalar times anything."""
        return Binary(Op.STAR if self.array_style else Op.PRODUCT, factor, of)

    @staticmethod
    def function(name: str) -> Function:
        return Function(name)

    def extents(self, formula: Formula) -> tuple[Formula, ...]:
        """The numbers of its rows and columns, as ``ones`` takes them."""
        shape = self.shape(formula)
        if shape is None:
            return ()
        return tuple(
            Symbol(extent.name, extent.layer) if isinstance(extent, Width) else Number(Fraction(extent))
            for extent in shape
        )

    # ---- the names at hand ----

    @cached_property
    def symbols(self) -> list[Symbol]:
        """The names of the claim, as typed, each once."""
        found = [node for side in (self.side, self.target) for node in walk(side) if isinstance(node, Symbol)]
        return list(dict.fromkeys(found))

    @cached_property
    def capitals(self) -> bool:
        """Whether the reader writes Z and A for a batch."""
        return any(s.name in ("Z", "A", "X", "Δ") for s in self.symbols) and self.context.network is not None

    @cached_property
    def layers(self) -> list[Layer]:
        """The layers that the claim names."""
        return sorted({s.layer for s in self.symbols if s.layer is not None}, key=str)

    @cached_property
    def quantities(self) -> list[Symbol]:
        """All quantities of the sheet; of a network, those of the layers named and of their neighbours."""
        found = [Symbol(name) for name, q in self.context.setting.quantities.items() if q.shape or q.definition]
        if self.context.network:
            names = ("W", "b", "Z", "A", "δ") if self.capitals else ("W", "b", "z", "a", "δ")
            around = dict.fromkeys(layer.shifted(by) for layer in self.layers for by in (0, -1, 1))
            found += [Symbol(name, layer) for layer in around for name in names]
            found += [Symbol("X" if self.capitals else "x"), Symbol("Y" if self.capitals else "y")]
        return found

    @cached_property
    def slopes(self) -> list[Apply]:
        """Every σ′(z) that the claim could be missing: one for each activation."""
        found: dict[Formula, Apply] = {}
        for formula in (*(Symbol(name) for name in self.context.setting.quantities), *self.unfolded(self.target)):
            definition = self.definition(formula.name) if isinstance(formula, Symbol) else None
            for node in (*walk(formula), *(walk(definition) if definition else ())):
                if isinstance(node, Apply) and not node.function.order and self._has_slope(node):
                    slope = bare(replaced(node, function=Function(node.function.name, node.function.layer, 1)))
                    assert isinstance(slope, Apply)
                    found.setdefault(slope, slope)
        if self.context.network:
            around = dict.fromkeys(layer.shifted(by) for layer in self.layers for by in (0, -1, 1))
            for layer in around:
                z = Symbol("Z" if self.capitals else "z", layer)
                slope = Apply(Function("g" if self._says_g else "σ", layer if self._says_g else None, 1), z)
                found.setdefault(slope, slope)
        return list(found.values())

    def _has_slope(self, node: Apply) -> bool:
        named = ("log", "log2", "log10", "sqrt", "softmax")
        return node.function.name not in (*named, *self.context.setting.losses)

    @cached_property
    def _says_g(self) -> bool:
        functions = [n.function for side in (self.side, self.target) for n in walk(side) if isinstance(n, Apply)]
        if any(f.name == "g" and f.layer for f in functions):
            return True
        bracketed = any(isinstance(n, LossDerivative) for n in (*walk(self.side), *walk(self.target)))
        return bracketed and not any(f.name == "σ" for f in functions)

    @_of_target
    def has_fork(self) -> bool:
        """Whether the variable is used more than once in one product of what is differentiated."""
        return self.by is not None and any(
            isinstance(node, Binary)
            and node.op in PRODUCTS
            and sum(contains(factor, self.by) for factor in factors(node)) > 1
            for node in self.target_nodes
        )

    @_of_target
    def penalties(self) -> list[Symbol]:
        """The factors of penalties, λ: scalars that stand in front of one term of several."""
        found: dict[Symbol, None] = {}
        for node in self.target_nodes:
            parts = terms(node)
            for _, term in parts if len(parts) > 1 else ():
                for factor in _factors_above(term):
                    declared = isinstance(factor, Symbol) and factor.name in self.context.setting.quantities
                    if isinstance(factor, Symbol) and declared and factor != self.by:
                        found.setdefault(factor)
        return [scalar for scalar in found if (shape := self.shape(scalar)) is not None and shape.is_scalar]

    @_of_target
    def sample_widths(self) -> list[Symbol]:
        """The widths that may be a number of samples, as m of 1/m: those of the columns of matrices."""
        network = self.context.network
        if network:
            return [Symbol(network.batch)] if network.batch else []
        found: dict[str, Symbol] = {}
        for node in self.target_nodes:
            if isinstance(node, Symbol) and node.name in self.context.setting.widths:
                found.setdefault(node.name, bare(node))
        for quantity in self.context.setting.quantities.values():
            if quantity.shape and not quantity.shape.is_vector:
                for extent in (quantity.shape.columns, quantity.shape.rows):
                    if isinstance(extent, Width) and extent.layer is None:
                        found.setdefault(extent.name, Symbol(extent.name))
        return list(found.values())


def _factors_above(term: Formula) -> Iterator[Formula]:
    """The factors of a term that is a product; those below a stroke left out."""
    parts = factors(term)
    for part in parts:
        above = part.left if isinstance(part, Binary) and part.op is Op.OVER else part
        if len(parts) > 1 or above is not part:
            yield from factors(above)


def _same_quantity(one: Formula, other: Formula) -> bool:
    if not isinstance(one, Symbol) or not isinstance(other, Symbol):
        return one == other
    return one.layer == other.layer and one.name.lower() == other.name.lower()
