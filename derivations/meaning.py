"""The settled form → the kernel: each entry of a formula as a normal form.

A symbolic layer is treated as what it is: of a claim about layer l, whatever lies above the highest layer that it names
is an unknown function of that layer, and what lies below the lowest one is arbitrary. So one proof holds for every
layer and every depth. The derivative by a defined quantity cuts there: the quantity is a variable while
differentiating, and takes its definition back afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import assert_never, get_args

from derivations.formula import Index as Letter
from derivations.formula import Layer
from derivations.kernel import calculus, functions, matrices
from derivations.kernel.algebra import ONE, ZERO, Algebra, Polynomial, TooLarge
from derivations.kernel.canonical import Index
from derivations.setting import OUTPUT
from derivations.settling import Settler, Unsupported
from derivations.shapes import (
    Add,
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
    Shape,
    Softmax,
    Source,
    Spread,
    Summed,
    Total,
    Trace,
    Turned,
    Variable,
    WidthValue,
)
from derivations.values import contents, value
from derivations.work import Purse
from derivations.writing import write

Key = tuple[str, Layer | None]
Place = Index | None
"""A kernel index, or None where there is only one row or column."""
_Derivative = tuple[Polynomial, tuple[Place, Place], tuple[Place, Place]]
"""A derivative, with the indices of what is differentiated and of what it is by."""


_SETTLED = frozenset(get_args(Settled))


def parts(node: Settled) -> Iterator[Settled]:
    """A settled formula and everything in it."""
    pending: list[object] = [node]
    while pending:
        item = pending.pop()
        if item.__class__ in _SETTLED:
            yield item  # type: ignore[misc]
            pending.extend(contents(item))


@value
class Reach:
    """The layers of one base (l, L, or plain numbers) that a claim names.

    Levels count z^e as 2e and a^e as 2e + 1. ``top`` is the highest level named; ``floor`` is the lowest z-level that
    is unfolded: everything below it is arbitrary.
    """

    base: str
    top: int
    floor: int

    @property
    def unfolds_an_activation(self) -> bool:
        """Whether the highest quantity named is an activation with something of its layer below it."""
        return self.top % 2 == 1 and self.top >= self.floor

    def quantity(self, level: int) -> Key:
        return ("za"[level % 2], Layer(self.base, level // 2))


class Translation:
    """Translates the settled sides of one claim. Raises Unsupported for what the kernel cannot express."""

    def __init__(self, settler: Settler, sides: tuple[Settled, ...], algebra: Algebra | None = None) -> None:
        self.settler = settler
        self.context = settler.context
        self.algebra = algebra or Algebra()
        self.reaches = self._find_reaches(sides)
        self.functions_met: set[str] = set()
        self.losses_met: set[str] = set()
        self.notes: list[str] = []
        self.divisors: set[tuple[str, bool]] = set()  # as typed, and whether it is a number
        self._properties_met: set[tuple[str, str]] = set()
        self._letters: dict[str, Index] = {}
        self._met: set[Key] = set()
        self._derivatives: dict[tuple[Settled, Variable, tuple[tuple[str, Index], ...]], _Derivative] = {}

    @property
    def needs_no_kinks(self) -> bool:
        """Whether the normal forms are right only where no argument of step, sign … is 0."""
        return ("away from kinks", "") in self.algebra.used

    @property
    def needs_luck(self) -> bool:
        """Whether that is asked of something that may well be 0: n − 5, the sum of a binary q, relu(u)."""
        return ("discrete kinks", "") in self.algebra.used

    @property
    def needs_values(self) -> bool:
        """Whether the normal forms are right only where a divisor is not 0, an argument is positive and the like."""
        return bool(self.divisors) or not {law for law, _ in self.algebra.used}.isdisjoint(_OF_VALUES)

    @property
    def needs_signs(self) -> bool:
        """Whether something has to be positive."""
        return not {law for law, _ in self.algebra.used}.isdisjoint({"positive", "positive under log"})

    def relied_on(self, on_kinks: bool = False) -> tuple[str, ...]:
        """The hypotheses that the normal forms relied on, in words; ``on_kinks``: some kink cannot be avoided."""
        words = {f"{name} is {item}" for name, item in self._properties_met}
        words |= {
            f"{typed} is not 0" if is_number else f"no entry of {typed} is 0" for typed, is_number in self.divisors
        }
        for law, key in self.algebra.used:
            if isinstance(key, tuple):
                shape = self.context.shape_of(*key)
                by_column = law == "sums 0" and shape is not None and not shape.is_vector
                words.add((_SUMS_BY_COLUMN if by_column else _LAW_WORDS[law]).format(name=key[0]))
            elif law == "kinks" and on_kinks:
                words.add(_AT_KINKS)
            elif law in _LAW_WORDS:
                words.add(_LAW_WORDS[law])
        return tuple(sorted(words))

    # ---- the layers of a claim ----

    def _find_reaches(self, sides: tuple[Settled, ...]) -> list[Reach]:
        if self.context.network is None:
            return []
        levels: dict[str, set[int]] = {}
        weights: dict[str, set[int]] = {}  # layers whose W or b is named
        for variable in self._named(sides):
            name, layer = variable.key
            if name == "x":
                layer, name = self.context.input_layer, "a"
            elif name == "y":
                layer, name = self.context.setting.settled_layer(OUTPUT), "a"
            if layer is None or name not in ("W", "b", "z", "a", "δ"):
                continue
            levels.setdefault(layer.base, set()).add(2 * layer.offset + (name == "a"))
            if name in ("W", "b"):
                weights.setdefault(layer.base, set()).add(layer.offset)
        for layer in self.settler.activations:
            levels.setdefault(layer.base, set()).add(2 * layer.offset)
        last = self.context.setting.settled_layer(OUTPUT)
        return [self._reach(base, levels[base], weights.get(base, set()), last) for base in self._ordered(set(levels))]

    @property
    def not_the_last(self) -> Layer | None:
        """The layer that is taken to lie below the last one, whose activation is another.

        It is the highest layer named, if its activation is unfolded, or named as in g^{[l]}. None where nothing depends
        on that, and where the last layer is named itself.
        """
        last = self.context.setting.settled_layer(OUTPUT)
        if not self.reaches or not self.context.output_differs or last is None:
            return None
        highest = self.reaches[-1]
        layer = Layer(highest.base, highest.top // 2)
        by_name = layer in self.settler.activations
        return layer if highest.base != last.base and (highest.unfolds_an_activation or by_name) else None

    def _named(self, sides: tuple[Settled, ...]) -> Iterator[Variable]:
        """The variables in some formulas and in the definitions that a sheet gives."""
        seen: set[Key] = set()
        pending = list(sides)
        while pending:
            for part in parts(pending.pop()):
                if not isinstance(part, Variable) or part.key in seen:
                    continue
                seen.add(part.key)
                yield part
                if part.name in self.context.setting.quantities:
                    definition = self.settler.definition(*part.key)
                    if definition is not None:
                        pending.append(definition)

    def _ordered(self, bases: set[str]) -> list[str]:
        letters = sorted(bases - {"", "L"})
        if len(letters) > 1:
            raise Unsupported(f"Which of the layers {' and '.join(letters)} comes first is not known.")
        network = self.context.network
        assert network is not None
        if letters and "" in bases and network.depth is not None:
            raise Unsupported(f"Where layer {letters[0]} lies among numbered layers is not known.")
        return [base for base in ("", *letters, "L") if base in bases]

    @staticmethod
    def _reach(base: str, levels: set[int], weights: set[int], last: Layer | None) -> Reach:
        top = max(levels)
        lowest = min(levels)
        if last is not None and base == last.base and lowest == 2 * last.offset + 1:
            return Reach(base, top, lowest)  # the output is no input: it is always an activation
        if lowest % 2:  # an activation: the layer above it is the first that unfolds
            return Reach(base, top, lowest + 1)
        # The lowest z is itself arbitrary, unless its weights are named.
        unfolds = lowest // 2 in weights
        return Reach(base, top, lowest if unfolds else lowest + 1)

    def _definition(self, variable: Variable) -> Settled | Callable[[Place, Place], Polynomial] | None:
        """What a variable unfolds to: its definition, or the unknown function that a symbolic layer makes it."""
        name, layer = variable.key
        network = self.context.network
        if network is None or name in self.context.setting.quantities:
            return self.settler.definition(name, layer)
        if name == "J":
            below = self.reaches[-1] if self.reaches else None
            last = self.context.setting.settled_layer(OUTPUT)
            assert last is not None
            if below is not None and below.base != last.base:
                return self._loss_of(below)
            return self.settler.definition(name, layer)
        if layer is None or name not in ("z", "a"):
            return self.settler.definition(name, layer)
        level = 2 * layer.offset + (name == "a")
        for place, reach in enumerate(self.reaches):
            if reach.base == layer.base:
                if level >= reach.floor:
                    return self.settler.definition(name, layer)
                return self._unknown_map(self.reaches[place - 1], variable) if place else None
        return None

    def _top(self, reach: Reach) -> Variable:
        """The highest quantity named of a base; the input is called x."""
        name, layer = reach.quantity(reach.top)
        is_input = name == "a" and layer == self.context.input_layer
        return self.settler.network_own("x") if is_input else self.settler.variable(name, layer)

    def _loss_of(self, reach: Reach) -> Settled:
        """J as an unknown function of the highest quantity named; in a batch, the mean of one of each column."""
        top = self._top(reach)
        if self.context.network is None or self.context.network.batch is None:
            return Loss("J above", top)
        assert not isinstance(self.context.samples, int)
        mean = ElementPower(WidthValue(self.context.samples), Fraction(-1))
        return Scale(mean, Total(Loss("J above", top, by_column=True), ("columns",)))

    def _unknown_map(self, below: Reach, variable: Variable) -> Callable[[Place, Place], Polynomial]:
        """The layers between two bases: each entry an unknown function of the column below."""
        top = self._top(below)

        def entry(row: Place, column: Place) -> Polynomial:
            over = self._fresh(top.shape.rows)
            assert over is not None
            argument = self.entry(top, over, column)
            name = f"{variable.name}^{variable.layer} of {top.name}^{top.layer}"
            marks = tuple(i for i in (row, column) if i is not None)
            return functions.loss(self.algebra, name, argument, (over,), marks)

        return entry

    # ---- entries ----

    def side(self, node: Settled) -> Polynomial:
        """The entry of a side at its row and column, the same two for both sides."""
        rows, columns = node.shape
        return self.entry(node, self._place("row", rows), self._place("column", columns))

    def _place(self, role: str, width: Extent) -> Place:
        return None if width == 1 else self.algebra.index(role, 0, self.algebra.width_number(width))

    def _fresh(self, width: Extent) -> Place:
        return None if width == 1 else self.algebra.fresh(self.algebra.width_number(width))

    def _letter(self, letter: Letter | None, width: Extent) -> Place:
        if letter is None:
            return None
        if letter.number is not None:
            return self.algebra.constant_index(letter.number, self.algebra.width_number(width))
        if letter.name in self._letters:
            return self._letters[letter.name]
        return self.algebra.index("letter", letter.name, self.algebra.width_number(width))

    def index_of(self, letter: Letter, width: Extent) -> Place:
        """The index that a free letter of the formulas stands for."""
        return self._letter(letter, width)

    def definition(self, variable: Variable) -> Settled | Callable[[Place, Place], Polynomial] | None:
        """What a variable unfolds to here; None for one that is arbitrary."""
        return self._definition(variable)

    def summed(self, polynomial: Polynomial, *places: Place) -> Polynomial:
        """Σ over some indices."""
        return self._sum(polynomial, *places)

    def _sum(self, polynomial: Polynomial, *places: Place) -> Polynomial:
        for place in places:
            if place is not None:
                polynomial = self.algebra.summed(polynomial, place)
        return polynomial

    def _moved(self, polynomial: Polynomial, *moves: tuple[Place, Place]) -> Polynomial:
        names = {old: new for old, new in moves if old is not None and new is not None}
        return self.algebra.renamed(polynomial, names)

    def entry(self, node: Settled, row: Place, column: Place) -> Polynomial:
        """The entry of a settled formula at a row and column, as a normal form."""
        algebra = self.algebra
        match node:
            case Filled(value):
                return algebra.number(value)
            case Identity():
                return algebra.delta(row, column) if row is not None and column is not None else ONE
            case WidthValue(width):
                return algebra.width(algebra.width_number(width))
            case Variable():
                return self._variable(node, row, column)
            case Add(left, right):
                return algebra.plus(self.entry(left, row, column), self.entry(right, row, column))
            case Scale(factor, of):
                return algebra.times(self.entry(factor, None, None), self.entry(of, row, column))
            case Hadamard(left, right):
                return algebra.times(self.entry(left, row, column), self.entry(right, row, column))
            case MatrixProduct(left, right):
                inner = self._fresh(left.shape.columns)
                return self._sum(algebra.times(self.entry(left, row, inner), self.entry(right, inner, column)), inner)
            case ElementPower(of, exponent):
                return self._power(of, exponent, row, column)
            case Turned(of):
                return self.entry(of, column, row)
            case Elementwise(name, layer, order, of):
                argument = self.entry(of, row, column)
                if name in functions.NAMED:
                    return calculus.named(algebra, name, order, argument)
                self.functions_met.add(name)
                return functions.unknown(algebra, name, layer, order, argument)
            case Loss():
                return self._loss(node, column)
            case Total(of, axes):
                at_row = self._fresh(of.shape.rows) if "rows" in axes else row
                at_column = self._fresh(of.shape.columns) if "columns" in axes else column
                total = self.entry(of, at_row, at_column)
                return self._sum(total, *(p for p, a in ((at_row, "rows"), (at_column, "columns")) if a in axes))
            case Softmax(of, axis):
                return self._softmax(of, axis == "rows", row, column)
            case Trace(of):
                at = self._fresh(of.shape.rows)
                return self._sum(self.entry(of, at, at), at)
            case Determinant(of) | Inverse(of):
                return self._of_square(node, of, row, column)
            case Diagonal(of):
                along = self.entry(of, row, None) if of.shape.columns == 1 else self.entry(of, None, row)
                assert row is not None
                assert column is not None
                return algebra.times(along, algebra.delta(row, column))
            case DiagonalOf(of):
                return self.entry(of, row, row)
            case Spread(of):
                rows, columns = of.shape
                return self.entry(of, None if rows == 1 else row, None if columns == 1 else column)
            case EntryOf(of, at_letter, column_letter):
                rows, columns = of.shape
                return self.entry(of, self._letter(at_letter, rows), self._letter(column_letter, columns))
            case Summed(letter, width, of):
                return self._summed(letter.name, width, of, row, column)
            case Partial():
                return self._partial(node, row, column)
            case _:
                assert_never(node)

    def _summed(self, letter: str, width: Extent, of: Settled, row: Place, column: Place) -> Polynomial:
        index = self.algebra.fresh(self.algebra.width_number(width))
        outer = self._letters.get(letter)
        self._letters[letter] = index
        body = self.entry(of, row, column)
        if outer is None:
            del self._letters[letter]
        else:
            self._letters[letter] = outer
        return self.algebra.summed(body, index)

    def _loss(self, node: Loss, column: Place) -> Polynomial:
        self.losses_met.add(node.name)
        at_row, at_column = self._fresh(node.of.shape.rows), self._fresh(node.of.shape.columns)
        argument = self.entry(node.of, at_row, at_column)
        if not node.by_column:
            over = tuple(p for p in (at_row, at_column) if p is not None)
            # A function of columns says nothing about rows.
            name = f"{node.name} of a row" if at_row is None and at_column is not None else node.name
            return functions.loss(self.algebra, name, argument, over)
        argument = self._moved(argument, (at_column, column))
        over, marks = ((at_row,) if at_row is not None else ()), ((column,) if column is not None else ())
        return functions.loss(self.algebra, node.name, argument, over, marks)

    def _softmax(self, of: Settled, down_columns: bool, row: Place, column: Place) -> Polynomial:
        along = self._fresh(of.shape.rows if down_columns else of.shape.columns)
        if along is None:
            return ONE
        argument = self.entry(of, along, column) if down_columns else self.entry(of, row, along)
        result = functions.softmax(self.algebra, argument, along)
        return self._moved(result, (along, row if down_columns else column))

    def _power(self, typed: Settled, exponent: Fraction, row: Place, column: Place) -> Polynomial:
        """A power of each entry. A divisor that may be 0 is noted as it was typed."""
        of = typed
        match typed:
            case ElementPower(inside, inner) if _is_whole(inner, -exponent):
                of, exponent = inside, inner * exponent  # 1/u² is u⁻²: u² is not expanded
        base, used = self.entry(of, row, column), self.algebra.used
        noted = _NOT_ZERO in used
        used.discard(_NOT_ZERO)
        result = functions.power(self.algebra, base, int(exponent) if exponent.denominator == 1 else exponent)
        divisor = self.settler.divisors.get(of) or self.settler.divisors.get(typed)
        if _NOT_ZERO in used and divisor is not None:
            used.discard(_NOT_ZERO)
            self.divisors.add((write(divisor), of.shape.is_scalar))
        if noted:
            used.add(_NOT_ZERO)
        return result

    def _of_square(self, node: Determinant | Inverse, of: Settled, row: Place, column: Place) -> Polynomial:
        one, other = self._fresh(of.shape.rows), self._fresh(of.shape.rows)
        matrix = self.entry(of, one, other)
        if one is None or other is None:
            return matrix if isinstance(node, Determinant) else functions.power(self.algebra, matrix, -1)
        if isinstance(node, Determinant):
            return matrices.determinant(self.algebra, matrix, one, other)
        return self._moved(matrices.inverse(self.algebra, matrix, one, other), (one, row), (other, column))

    # ---- variables and derivatives ----

    def _variable(self, node: Variable, row: Place, column: Place) -> Polynomial:
        indices = tuple(p for p in (row, column) if p is not None)
        if node.name == "δ" and self.context.network is not None:
            definition = self._definition(node)
            if isinstance(definition, Partial):
                return self._partial(definition, row, column)
        if node.key not in self._met:
            self._meet(node)
        properties = self.context.properties(node.name, node.layer)
        if not properties:
            return self.algebra.tensor(node.key, indices)
        self._properties_met |= {(node.name, item) for item in properties & _DECLARED}
        laws = _laws(properties, node.shape)
        return self.algebra.tensor(node.key, indices, laws, positive="positive" in properties)

    def _meet(self, node: Variable) -> None:
        """Tell the algebra a variable's definition, if it has one."""
        self._met.add(node.key)
        definition = self._definition(node)
        if definition is None:
            return
        row, column = self._place("own row", node.shape.rows), self._place("own column", node.shape.columns)
        letters, self._letters = self._letters, {}
        try:
            value = definition(row, column) if callable(definition) else self.entry(definition, row, column)
        finally:
            self._letters = letters
        self.algebra.define(node.key, tuple(p for p in (row, column) if p is not None), value)

    def _partial(self, node: Partial, row: Place, column: Place) -> Polynomial:
        # An entry z_k is differentiated as z, for every k at once; only in longer formulas do the letters matter.
        of = node.of.of if isinstance(node.of, EntryOf) else node.of
        known = of, node.by, () if isinstance(of, Variable) else tuple(self._letters.items())
        if known not in self._derivatives:
            self._derivatives[known] = self._differentiated(of, node)
        result, of_at, by_at = self._derivatives[known]
        moves: list[tuple[Place, Place]] = []
        if isinstance(node.of, EntryOf):
            at = node.of.row, node.of.column
            moves += [(i, self._letter(a, w)) for i, a, w in zip(of_at, at, of.shape, strict=True)]
        if node.at is not None:
            moves += [(i, self._letter(a, w)) for i, a, w in zip(by_at, node.at, node.by.shape, strict=True)]
        for place, source in ((row, node.rows_from), (column, node.columns_from)):
            if source is not None:
                moves.append((_axis_of(source, of_at, by_at), place))
        return self._moved(result, *moves)

    def _differentiated(self, whole: Settled, node: Partial) -> _Derivative:
        """∂whole/∂by at indices of its own, which every use renames."""
        algebra, by = self.algebra, node.by
        of_at = self._fresh(whole.shape.rows), self._fresh(whole.shape.columns)
        by_at = self._fresh(by.shape.rows), self._fresh(by.shape.columns)
        widths = tuple(algebra.width_number(w) for w in by.shape if w != 1)
        of = self.entry(whole, *of_at)
        self._look_at(node, of, widths)
        result = calculus.derivative(algebra, of, by.key, widths, tuple(i for i in by_at if i is not None))
        return result, of_at, by_at

    def _look_at(self, node: Partial, of: Polynomial, widths: tuple[int, ...]) -> None:
        """Say where a derivative is 0 only because the formula does not go through the quantity it is by."""
        network, name = self.context.network, node.by.name
        own = name not in self.context.setting.quantities
        if network is not None and own and network.loss is None and name == "y" and self.losses_met:
            raise Unsupported("How an unknown J depends on y is not known; choose a loss, such as --loss mse.")
        head = self.algebra.tensor_head(node.by.key, widths)
        if head is not None and any(head in self.algebra.heads[h].tensors for m in of for h, _, _ in m):
            return
        if network is not None and own and name == "δ":
            raise Unsupported("δ is a derivative itself; nothing in the network is computed from it.")
        note = f"as defined, what is differentiated does not depend on {name}: that derivative is 0"
        if note not in self.notes:
            self.notes.append(note)


def _is_whole(*numbers: Fraction) -> bool:
    """Whether numbers are 1, 2, 3 …"""
    return all(number > 0 and number.denominator == 1 for number in numbers)


_NOT_ZERO = "not zero", ""
_DECLARED = frozenset({"symmetric", "diagonal", "positive"})
_NO_KINKS = "away from kinks: no argument of relu, step, abs … is 0"
_AT_KINKS = "by convention step, sign, relu′ and abs′ are 0 at 0"
_OF_VALUES = frozenset({"away from kinks", "not zero", "invertible", "positive", "positive under log"})
"""The laws that hold at some values only."""
_SUMS_BY_COLUMN = "each column of {name} sums to 1"
_LAW_WORDS = {
    "binary": "the entries of {name} are 0 or 1",
    "one-hot": "{name} is one-hot",
    "diagonal": "{name} is diagonal",
    "sums 0": "the entries of {name} sum to 1",
    "sums 1": "the rows of {name} sum to 1",
    "away from kinks": _NO_KINKS,
    "kinks": _NO_KINKS,
    "invertible": "what stands under an inverse, a logarithm or det is invertible",
    "not zero": "what is divided by is not 0",
    "positive": "what stands under a root is positive",
    "positive under log": "what stands under a logarithm is positive",
}


def _axis_of(source: Source, of_at: tuple[Place, Place], by_at: tuple[Place, Place]) -> Place:
    assert source is not None
    places = of_at if source[0] == "of" else by_at
    return places[source[1] == "columns"]


def _laws(properties: frozenset[str], shape: Shape) -> frozenset[str]:
    """The kernel's words for what is assumed of a quantity; positions are those of its indices that are not 1."""
    laws = set(properties & {"symmetric", "diagonal", "binary"})
    vector = shape.is_vector
    for name, place in (("sums to 1", 0), ("columns sum to 1", 0), ("rows sum to 1", 0 if vector else 1)):
        if name in properties:
            laws.add(f"sums {place}")
    if "one-hot" in properties:
        laws |= {"sums 0", "one-hot 0"}
    return frozenset(laws)


def equal(translation: Translation, left: Settled, right: Settled) -> bool:
    """Whether the two sides have one normal form. True is a proof; False is not a refutation.

    Defined quantities are unfolded one by one, and only as long as the sides still differ.
    """
    algebra = translation.algebra
    return vanishes(algebra, algebra.minus(translation.side(left), translation.side(right)))


LARGEST_WRITTEN_OUT = 12
"""The largest width, as a number, over which a sum is written out term by term."""


def proved(settler: Settler, sides: tuple[Settled, Settled], purse: Purse) -> tuple[Translation, bool]:
    """The translation of an equation, and whether it is proved. Raises ``Spent`` and the kernel's refusals.

    Where entries are named by number, as in z_2 = W_{21} x_1 + W_{22} x_2, sums over widths that are numbers are
    written out if the equation is not proved without.
    """
    translation = Translation(settler, sides, Algebra(purse))
    if equal(translation, *sides):
        return translation, True
    if not any(isinstance(part, EntryOf) and _is_numbered(part) for side in sides for part in parts(side)):
        return translation, False
    translation = Translation(settler, sides, Algebra(purse, LARGEST_WRITTEN_OUT))
    return translation, equal(translation, *sides)


def _is_numbered(entry: EntryOf) -> bool:
    return any(place is not None and place.number is not None for place in (entry.row, entry.column))


def vanishes(algebra: Algebra, difference: Polynomial) -> bool:
    """Whether a normal form is 0 once its defined quantities are unfolded, as far as that is needed."""
    folded: Polynomial = difference
    left: Polynomial | None = difference
    while left:
        folded, left = left, calculus.unfolded(algebra, left)
    return left == ZERO or _numerator_vanishes(algebra, folded)


MOST_DENOMINATORS, LONGEST_FORM = 4, 60
"""How often a numerator that has denominators of its own is cleared of them; and how many terms are not too many."""


def _numerator_vanishes(algebra: Algebra, form: Polynomial) -> bool:
    """Whether a sum of fractions is 0 because its numerator over all denominators together is."""
    for _ in range(MOST_DENOMINATORS):
        if len(form) > LONGEST_FORM:
            return False
        try:
            numerator = algebra.over_no_sum(form)
        except TooLarge:
            return False
        if numerator == ZERO:
            return True
        if numerator == form:
            return False
        form = numerator
    return False
