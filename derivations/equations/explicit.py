"""An equation with explicit widths: the same equation for every layer of a network, with all its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from derivations.equations.plan import BadlyAsked
from derivations.equations.turning import mapped
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Gradient,
    Index,
    Layer,
    Negation,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    walk,
)
from derivations.rules import Instance
from derivations.setting import Network
from derivations.settling import Settler
from derivations.shapes import Extent, Width
from derivations.theorem import Derivation, Ground, Theorem, by
from derivations.values import replaced, value

Rows = tuple[tuple[Formula, ...], ...]
ZERO = Number(Fraction(0))
LARGEST_LAYER, MOST_LAYERS = 12, 12


class NotALayerList(BadlyAsked):
    """Not a list of widths; the message says what one is."""


@value
class Explicit:
    """The equation of one layer: the theorem (for the whole network, J at its end), and the entries of both sides.

    ``given`` is the sheet for which ``check`` proves every entry: the network with these widths.
    """

    layer: int
    given: str
    theorem: Theorem
    lhs: Rows
    rhs: Rows


def layer_list(text: str) -> tuple[int, ...]:
    """``2,3,1``: the widths of the layers, the input first. Raises NotALayerList."""
    what = "A layer list is the widths from the input to the output, as in 2,3,1."
    try:
        widths = tuple(int(piece) for piece in text.split(","))
    except ValueError:
        raise NotALayerList(f"“{text}” is not a list of whole numbers. {what}") from None
    if any(width < 1 for width in widths):
        raise NotALayerList(f"A layer has at least one neuron; here one has {min(widths)}. {what}")
    if len(widths) < 2:
        raise NotALayerList(f"“{text}” is one layer, and a network has at least an input and an output. {what}")
    if len(widths) > MOST_LAYERS or max(widths) > LARGEST_LAYER:
        raise NotALayerList(f"All entries are written for at most {MOST_LAYERS} layers of {LARGEST_LAYER}. {what}")
    return widths


def explicit(derivation: Derivation, widths: Sequence[int]) -> Iterator[Explicit]:
    """The equation for every layer of the network with these widths, each proved from J at its end.

    There are none for a batch, nor for an equation with a sheet of its own.
    """
    setting = derivation.statement.ground.context.setting
    network = setting.network
    if network is None or network.batch is not None or derivation.given:
        return
    depth = len(widths) - 1
    concrete = replaced(setting, network=replaced(network, depth=depth))
    statement = derivation.statement
    bases = _bases((statement.lhs, statement.rhs))
    given = _sheet(network, setting.layout, widths)
    highest = max((offset for base, offset in bases if base == "l"), default=0)
    layers = range(1, depth - highest + 1) if "l" in {base for base, _ in bases} else (depth,)
    for layer in layers:
        lhs, rhs = (_at(side, layer, depth) for side in (statement.lhs, statement.rhs))
        ground = Ground(concrete, (lhs, rhs))
        entries = Entries(ground, widths)
        theorem = by(Instance(derivation.name), lhs, rhs, ground)
        yield Explicit(layer, given, theorem, entries.of(lhs), entries.of(rhs))


def _sheet(network: Network, layout: str, widths: Sequence[int]) -> str:
    options = {"loss": network.loss, "activation": network.activation, "output": network.output}
    chosen = [f"{name}={option}" for name, option in options.items() if option]
    use = " ".join(["use network", f"layers={','.join(map(str, widths))}", *chosen])
    return use if layout == "denominator" else f"{use}; layout {layout}"


def _bases(formulas: Sequence[Formula]) -> set[tuple[str, int]]:
    nodes = [node for formula in formulas for node in walk(formula)]
    symbols = [n for n in nodes if isinstance(n, Symbol)]
    symbols += [n.by for n in nodes if isinstance(n, Derivative | Gradient) and isinstance(n.by, Symbol)]
    return {(symbol.layer.base, symbol.layer.offset) for symbol in symbols if symbol.layer}


def _at(formula: Formula, layer: int, depth: int) -> Formula:
    """The formula with l and L replaced by numbers."""

    def change(node: Formula) -> Formula:
        if isinstance(node, Symbol):
            return _symbol(node)
        if isinstance(node, Derivative | Gradient) and isinstance(node.by, Symbol):
            node = replaced(node, by=_symbol(node.by))
        return mapped(node, change)

    def _symbol(node: Symbol) -> Symbol:
        if node.layer is None or not node.layer.base:
            return node
        number = (depth if node.layer.base == "L" else layer) + node.layer.offset
        return Symbol("x") if node.name == "a" and number == 0 else replaced(node, layer=Layer("", number))

    return change(formula)


class Entries:
    """The entries of formulas, for widths that are numbers."""

    def __init__(self, ground: Ground, widths: Sequence[int]) -> None:
        self.ground, self.widths = ground, widths

    def _number(self, extent: Extent) -> int:
        if isinstance(extent, Width):
            assert extent.layer is not None
            return self.widths[extent.layer.offset]
        return extent

    def _shape(self, formula: Formula) -> tuple[int, int]:
        rows, columns = Settler(self.ground.context).settle(formula).shape
        return self._number(rows), self._number(columns)

    def of(self, node: Formula) -> Rows:
        """The rows of entries of a formula."""
        match node:
            case Symbol("J") | Number():
                return ((node,),)
            case Symbol():
                return self._filled(node, lambda indices: Entry(node, indices), self._extents(node))
            case Derivative(of, Symbol() as by):
                return self._of_variable(node, lambda entry: Derivative(of, entry), by)
            case Gradient(of, by):
                return self._of_variable(node, lambda entry: Derivative(of, entry), by)
            case Transpose(of):
                return _turned(self.of(of))
            case Negation(of):
                return _each(self.of(of), Negation)
            case Apply(function, argument):
                return _each(self.of(argument), lambda entry: Apply(function, entry))
            case Power(of, exponent):
                return _each(self.of(of), lambda entry: Power(entry, exponent))
            case Call("diag", (of,)):
                along = [entry for row in self.of(of) for entry in row]
                return tuple(tuple(e if j == k else ZERO for k in range(len(along))) for j, e in enumerate(along))
            case Binary(Op.PRODUCT, left, right):
                return _product(self.of(left), self.of(right))
            case Binary(op, left, right):
                name = Op.PRODUCT if op in (Op.HADAMARD, Op.STAR) else op
                return _paired(self.of(left), self.of(right), lambda one, two: Binary(name, one, two))
            case _:
                raise NotALayerList(f"The entries of {type(node).__name__} are not written out.")

    def _extents(self, node: Formula) -> tuple[Extent, Extent]:
        """The symbolic shape: an index is written where a width could be more than 1."""
        shape = Settler(self.ground.context).settle(node).shape
        return shape.rows, shape.columns

    def _filled(
        self, node: Formula, entry: Callable[[tuple[Index, ...]], Formula], extents: tuple[Extent, Extent]
    ) -> Rows:
        rows, columns = self._shape(node)
        down, across = (isinstance(extent, Width) for extent in extents)
        return tuple(
            tuple(
                entry((*((Index(str(j + 1)),) if down else ()), *((Index(str(k + 1)),) if across else ())))
                for k in range(columns)
            )
            for j in range(rows)
        )

    def _of_variable(self, node: Formula, build: Callable[[Entry], Formula], by: Symbol) -> Rows:
        """The derivatives by all entries, arranged as the layout has them."""
        rows = _each(self.of(by), lambda entry: build(entry))  # type: ignore[arg-type]
        return (
            rows if (len(rows), len(rows[0])) == self._shape(node) and not self._is_turned(node, by) else _turned(rows)
        )

    def _is_turned(self, node: Formula, by: Symbol) -> bool:
        return self._extents(node) != self._extents(by)


def _each(rows: Rows, change: Callable[[Formula], Formula]) -> Rows:
    return tuple(tuple(change(entry) for entry in row) for row in rows)


def _turned(rows: Rows) -> Rows:
    return tuple(zip(*rows, strict=True))


def _paired(left: Rows, right: Rows, join: Callable[[Formula, Formula], Formula]) -> Rows:
    def at(rows: Rows, j: int, k: int) -> Formula:
        return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows[j][k]

    larger = max(left, right, key=lambda rows: len(rows) * len(rows[0]))
    return tuple(
        tuple(join(at(left, j, k), at(right, j, k)) for k in range(len(larger[0]))) for j in range(len(larger))
    )


def _product(left: Rows, right: Rows) -> Rows:
    if len(left[0]) != len(right):  # a number times a matrix
        return _paired(left, right, lambda one, two: Binary(Op.PRODUCT, one, two))
    columns = _turned(right)
    return tuple(tuple(_added(zip(row, column, strict=True)) for column in columns) for row in left)


def _added(pairs: Iterator[tuple[Formula, Formula]]) -> Formula:
    """The sum of products; a term with a 0 is left out."""
    total: Formula | None = None
    for one, two in pairs:
        if ZERO in (one, two):
            continue
        term = Binary(Op.PRODUCT, one, two)
        total = term if total is None else Binary(Op.PLUS, total, term)
    return total or ZERO
