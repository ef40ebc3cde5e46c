"""The value of a settled formula on one sample: numbers for every leaf, a rule for every unknown function and loss.

A derivative is computed forwards. ∂of/∂by opens a ``World`` in which the quantity ``by`` carries a perturbation of each
of its entries, whatever it is defined by, and in which everything defined through it is computed anew; all else keeps
its value. Inside that world another derivative may open another one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Generic, NamedTuple, TypeAlias, TypeVar, assert_never, get_args

from derivations.formula import Index, Layer
from derivations.settling import Settler
from derivations.shapes import (
    AXES,
    Add,
    Axis,
    Determinant,
    Diagonal,
    DiagonalOf,
    ElementPower,
    Elementwise,
    EntryOf,
    Extent,
    Filled,
    Hadamard,
    Identity,
    Inverse,
    Loss,
    MatrixProduct,
    Partial,
    Scale,
    Settled,
    Softmax,
    Spread,
    Summed,
    Total,
    Trace,
    Turned,
    Variable,
    WidthValue,
)
from derivations.values import contents
from derivations.witness.functions import Unsuitable
from derivations.witness.loss_values import LossAt
from derivations.witness.losses import WEIGHTS, LossForm
from derivations.witness.numbers import Arithmetic, Matrix, Pick
from derivations.witness.perturbed import Dual, Perturbed

VariableKey: TypeAlias = tuple[str, Layer | None]
Environment: TypeAlias = Mapping[str, int]
"""The value of each index letter in force, counted from 0."""

V = TypeVar("V")
_NODES = get_args(Settled)


class Definitions:
    """What each variable is defined to be, and which others it is defined through.

    ``cuts`` are defined variables that are taken for leaves.
    """

    def __init__(self, settler: Settler, cuts: frozenset[VariableKey] = frozenset()) -> None:
        self._settler, self.cuts = settler, cuts
        self._ancestors: dict[VariableKey, frozenset[VariableKey]] = {}

    def definition(self, key: VariableKey) -> Settled | None:
        return None if key in self.cuts else self._settler.definition(*key)

    def ancestors(self, key: VariableKey) -> frozenset[VariableKey]:
        """The variables that a variable is defined through, at any remove, itself not included."""
        if key not in self._ancestors:
            definition = self.definition(key)
            found: set[VariableKey] = set()
            for node in nodes_of(definition) if definition is not None else ():
                if isinstance(node, Variable) and node.key not in found:
                    found.add(node.key)
                    found |= self.ancestors(node.key)
            self._ancestors[key] = frozenset(found)
        return self._ancestors[key]


def nodes_of(*formulas: Settled) -> list[Settled]:
    """All nodes of some settled formulas, definitions not opened, outermost first."""
    found, pending = list[Settled](), list(reversed(formulas))
    while pending:
        node = pending.pop()
        found.append(node)
        pending.extend(reversed(parts_of(node)))
    return found


def parts_of(node: Settled) -> list[Settled]:
    """The nodes right below one."""
    return [part for part in contents(node) if isinstance(part, _NODES)]


class Sample(NamedTuple):
    """Where a formula is evaluated: definitions, the number that each width is, the values of leaves, the losses."""

    definitions: Definitions
    width: Callable[[Extent], int]
    leaf: Callable[[Variable], Matrix]
    loss: Callable[[Loss, int, int], LossForm]


class World(Generic[V]):
    """The values of all variables in one arithmetic; each is computed once.

    The outermost world has plain numbers. Each other one stands on ``parent`` and differentiates by ``by``.
    """

    def __init__(self, sample: Sample, arithmetic: Arithmetic[V]) -> None:
        self.sample, self.arithmetic = sample, arithmetic
        self._values: dict[VariableKey, V] = {}
        self._closed: dict[int, V] = {}
        self._inner: dict[VariableKey, World[Dual[V]]] = {}
        self._shared: dict[int, tuple[Settled, V]] = {}  # see ``SharedWorld``
        self.injected: dict[VariableKey, V] = {}  # perturbations of the worlds below that act on a defined variable

    def value(self, variable: Variable) -> V:
        key = variable.key
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._value(variable)
        return found

    def _value(self, variable: Variable) -> V:
        definition = self.sample.definitions.definition(variable.key)
        if definition is None:
            return self.arithmetic.given(self.sample.leaf(variable))
        return self.defined(variable, definition)

    def defined(self, variable: Variable, definition: Settled) -> V:
        value = self.evaluate(definition, {})
        bump = self.injected.get(variable.key)
        return value if bump is None else self.arithmetic.add(value, bump)

    def size_of(self, node: Settled) -> tuple[int, int]:
        rows, columns = node.shape
        return self.sample.width(rows), self.sample.width(columns)

    def inner(self, by: Variable) -> World[Dual[V]]:
        """The world in which every entry of ``by`` is perturbed."""
        world = self._inner.get(by.key)
        if world is None:
            world = self._inner[by.key] = _Derived(self, by)
        return world

    # ---- one rule a node ----

    def evaluate(self, node: Settled, letters: Environment) -> V:
        arithmetic = self.arithmetic
        match node:
            case Variable():
                return self.value(node)
            case Add() | Scale() | MatrixProduct() | Hadamard():
                return self._chain(node, letters)
            case Filled(value, shape):
                return arithmetic.filled(value, self.sample.width(shape.rows), self.sample.width(shape.columns))
            case Elementwise(function, layer, order, of):
                return arithmetic.function((function, layer), order, self.evaluate(of, letters))
            case Turned(of):
                return arithmetic.turned(self.evaluate(of, letters))
            case Partial():
                return self._partial(node, letters)
            case ElementPower():
                return self._power(node, letters)
            case Total(of, axes):
                return arithmetic.total(self.evaluate(of, letters), axes)
            case Spread(of, _):
                return arithmetic.spread(self.evaluate(of, letters), *self.size_of(node))
            case Loss():
                return self._loss(node, letters)
            case EntryOf(of, row, column):
                pick = (0, _place(row, letters), _place(column, letters))
                return arithmetic.gather([self.evaluate(of, letters)], [[pick]])
            case WidthValue(width):
                return arithmetic.filled(Fraction(self.sample.width(width)), 1, 1)
            case Summed(index, width, of):
                return self._summed(index, self.sample.width(width), of, letters)
            case Diagonal(of):
                return self._diagonal(self.evaluate(of, letters))
            case DiagonalOf(of):
                return self._diagonal_of(self.evaluate(of, letters))
            case Identity(shape):
                n = self.sample.width(shape.rows)
                return self._diagonal(arithmetic.filled(Fraction(1), n, 1))
            case Trace(of):
                return arithmetic.total(self._diagonal_of(self.evaluate(of, letters)), AXES)
            case Softmax(of, axis):
                return arithmetic.softmax(self.evaluate(of, letters), axis)
            case Determinant(of):
                return arithmetic.determinant(self.evaluate(of, letters))
            case Inverse(of):
                return arithmetic.inverse(self.evaluate(of, letters))
            case _:
                assert_never(node)

    def _chain(self, node: Add | Scale | MatrixProduct | Hadamard, letters: Environment) -> V:
        """A long sum or product is a deep tree on the left; it is evaluated without recursion."""
        links: list[tuple[Settled, Settled]] = []  # an operation, its right side
        first: Settled = node
        while not (links and id(first) in self._shared):
            match first:
                case Add(left, right) | MatrixProduct(left, right) | Hadamard(left, right) | Scale(left, right):
                    links.append((first, right))
                    first = left
                case _:
                    break
        result = self.evaluate(first, letters)
        for link, other in reversed(links):
            operand = self.evaluate(other, letters)
            match link:
                case Add():
                    result = self.arithmetic.add(result, operand)
                case MatrixProduct():
                    result = self.arithmetic.product(result, operand)
                case Hadamard():
                    result = self.arithmetic.hadamard(result, operand)
                case _:
                    result = self.arithmetic.scale(result, operand)
        return result

    def _power(self, node: ElementPower, letters: Environment) -> V:
        root = squared_root(node)
        if root is None:
            return self.arithmetic.power(self.evaluate(node.of, letters), node.exponent)
        of = self.evaluate(root.of, letters)
        if not self.arithmetic.non_negative(of):
            raise Unsuitable("a root of a negative number")
        return self.arithmetic.power(of, root.exponent * node.exponent)

    def _loss(self, node: Loss, letters: Environment) -> V:
        value = self.evaluate(node.of, letters)
        return LossAt(self.arithmetic, self._form(node, value), value, _axes(node)).value

    def _form(self, node: Loss, value: V) -> LossForm:
        rows, columns = self.arithmetic.size(value)
        self.arithmetic.pay(rows * columns * WEIGHTS)
        return self.sample.loss(node, rows, columns)

    def _diagonal(self, vector: V) -> V:
        rows, columns = self.arithmetic.size(vector)
        n, upright = max(rows, columns), columns == 1
        self.arithmetic.pay(n * n)
        picks: list[list[Pick]] = [
            [((0, i, 0) if upright else (0, 0, i)) if i == j else None for j in range(n)] for i in range(n)
        ]
        return self.arithmetic.gather([vector], picks)

    def _diagonal_of(self, matrix: V) -> V:
        return self.arithmetic.gather([matrix], [[(0, i, i)] for i in range(self.arithmetic.size(matrix)[0])])

    def _summed(self, index: Index, width: int, of: Settled, letters: Environment) -> V:
        result = self.evaluate(of, {**letters, index.name: 0})
        for k in range(1, width):
            result = self.arithmetic.add(result, self.evaluate(of, {**letters, index.name: k}))
        return result

    def closed(self, node: Settled, letters: Environment) -> V:
        """The value of a node; computed once if no index letter stands in it."""
        if not letters:
            return self.evaluate(node, letters)
        found = self._closed.get(id(node))
        if found is None:
            value = self.evaluate(node, letters)
            if any(isinstance(item, EntryOf | Partial | Summed) for item in nodes_of(node)):
                return value
            found = self._closed[id(node)] = value
        return found

    def _partial(self, node: Partial, letters: Environment) -> V:
        of = self.inner(node.by).closed(node.of, letters)
        columns = self.size_of(node.by)[1]
        at = None if node.at is None else (_place(node.at[0], letters), _place(node.at[1], letters))
        matrices = list(of.tangents.values())
        number_of = {seed: k for k, seed in enumerate(of.tangents)}
        shape = self.size_of(node)
        self.arithmetic.pay(shape[0] * shape[1])

        def pick(row: int, column: int) -> Pick:
            place = {("of", "rows"): 0, ("of", "columns"): 0, ("by", "rows"): 0, ("by", "columns"): 0}
            for source, position in ((node.rows_from, row), (node.columns_from, column)):
                if source is not None:
                    place[source] = position
            i, j = at if at is not None else (place["by", "rows"], place["by", "columns"])
            seed = number_of.get(i * columns + j)
            return None if seed is None else (seed, place["of", "rows"], place["of", "columns"])

        picks = [[pick(row, column) for column in range(shape[1])] for row in range(shape[0])]
        return self.arithmetic.gather(matrices, picks)


class SharedWorld(World[V]):
    """A world in which many formulas have their values at the same ``letters``: a part of several has it once.

    The parts have to be the same objects.
    """

    def __init__(self, sample: Sample, arithmetic: Arithmetic[V]) -> None:
        super().__init__(sample, arithmetic)
        self.letters: Environment = {}

    def evaluate(self, node: Settled, letters: Environment) -> V:
        if letters is not self.letters or isinstance(node, Variable):
            return super().evaluate(node, letters)
        known = self._shared.get(id(node))
        if known is None:
            known = self._shared[id(node)] = node, super().evaluate(node, letters)
        return known[1]


class _Derived(World[Dual[V]]):
    """The world on top of another one in which ``by`` is perturbed."""

    def __init__(self, parent: World[V], by: Variable) -> None:
        perturbed = Perturbed(parent.arithmetic)
        super().__init__(parent.sample, perturbed)
        self._parent, self._by, self._lifted = parent, by, perturbed.lifted
        rows, columns = self.size_of(by)
        parent.arithmetic.pay((rows * columns) ** 2)
        units = {
            i * columns + j: parent.arithmetic.unit(rows, columns, i, j) for i in range(rows) for j in range(columns)
        }
        self._perturbation = Dual(parent.arithmetic.filled(Fraction(0), rows, columns), units)
        self.injected = {key: self._lifted(bump) for key, bump in parent.injected.items()}
        old = self.injected.get(by.key)
        self.injected[by.key] = self._perturbation if old is None else perturbed.add(old, self._perturbation)

    def _loss(self, node: Loss, letters: Environment) -> Dual[V]:
        """By the chain rule: its slope is worked out once, and not along every entry that is perturbed."""
        under, of = self._parent.arithmetic, self.evaluate(node.of, letters)
        loss = LossAt(under, self._form(node, of), of.value, _axes(node))
        if not of.tangents:
            return self._lifted(loss.value)
        slope = loss.slope
        tangents = {seed: under.total(under.hadamard(slope, t), _axes(node)) for seed, t in of.tangents.items()}
        return Dual(loss.value, tangents)

    def _value(self, variable: Variable) -> Dual[V]:
        if variable.key == self._by.key:
            return Dual(self._parent.value(variable), self._perturbation.tangents)
        definition = self.sample.definitions.definition(variable.key)
        if definition is None or self._by.key not in self.sample.definitions.ancestors(variable.key):
            return self._lifted(self._parent.value(variable))
        return self.defined(variable, definition)


def _axes(loss: Loss) -> tuple[Axis, ...]:
    """Over what a loss runs: all of its argument, or one column of it."""
    return AXES[:1] if loss.by_column else AXES


def squared_root(node: ElementPower) -> ElementPower | None:
    """The inner power of (x^{p})^{q} where p is a half and p q is whole: ‖x‖² needs no root."""
    of = node.of
    if isinstance(of, ElementPower) and of.exponent.denominator == 2 and (of.exponent * node.exponent).denominator == 1:
        return of
    return None


def _place(index: Index | None, letters: Environment) -> int:
    if index is None:
        return 0
    return letters[index.name] if index.number is None else index.number - 1
