"""Entries and sums over an index: how far each index runs, and Kronecker's δ."""

from __future__ import annotations

from derivations.formula import (
    UNIT,
    Entry,
    Formula,
    Index,
    IndexSum,
    LossDerivative,
    Number,
    Span,
    Symbol,
    Unreadable,
    children,
)
from derivations.setting import Context
from derivations.shapes import (
    EntryOf,
    Extent,
    Identity,
    Misfit,
    Settled,
    Shape,
    Summed,
    Variable,
    WidthValue,
    printed,
)
from derivations.values import replaced


class Unsupported(Exception):  # noqa: N818  (it is a verdict's reason)
    """A formula that reads and fits, but that nothing here can decide; the message says why."""


class Indices:
    """Settles what has indices, and keeps the width of each.

    ``indices`` collects the free index letters and the width that each runs over; ``whole`` is what is being settled.
    """

    def __init__(self) -> None:
        self.indices: dict[str, Extent] = {}
        self._limits: dict[str, Extent] = {}
        self._bound: dict[str, int] = {}  # which Σ binds a letter
        self.whole: tuple[Formula, ...] = ()

    def entry(self, node: Entry) -> Settled:
        inner = node.of
        if isinstance(inner, Symbol) and inner.name in ("J", "C") and len(node.indices) == 1 and self.context.network:
            sample = Symbol(inner.name, None, node.indices[0].name, span=node.span)
            return self.symbol(sample)  # J_x, the loss of one sample x
        if inner == UNIT:
            return self._kronecker(node)
        if len(node.indices) == 2 and isinstance(inner, Symbol):
            inner = self.context.matrix_of(inner)
        elif len(node.indices) == 2 and isinstance(inner, LossDerivative):
            inner = replaced(inner, by=self.context.matrix_of(inner.by))
        of = self.settle(inner)
        rows, columns = of.shape
        given = list(node.indices)
        if len(given) == 1 and given[0].number is not None and len(str(given[0])) == 2 and not of.shape.is_vector:
            given = [Index(digit) for digit in str(given[0])]  # (A B)_{12}
        if len(given) == 2 and not of.shape.is_vector:
            row, column = given
        elif len(given) == 2 and 1 in of.shape and not of.shape.is_scalar and "1" in (str(given[0]), str(given[1])):
            row, column = given  # x_{j1} of a column, x_{1j} of a row
            if (columns == 1 and str(column) != "1") or (rows == 1 and columns != 1 and str(row) != "1"):
                raise self._wrong_indices(node, of.shape)
        elif of.shape.is_scalar and self._is_of_one_neuron(of, node):
            row, column = Index("1"), Index("1")
        elif len(given) == 1 and of.shape.is_vector and not of.shape.is_scalar:
            row, column = (given[0], Index("1")) if columns == 1 else (Index("1"), given[0])
        else:
            raise self._wrong_indices(node, of.shape)
        at_row, at_column = (None if rows == 1 else row), (None if columns == 1 else column)
        self._runs(at_row, rows, node.span)
        self._runs(at_column, columns, node.span)
        return EntryOf(of, at_row, at_column)

    def _is_of_one_neuron(self, of: Settled, node: Entry) -> bool:
        """b^2_1 or W^2_{11}, where layers of the network have one neuron."""
        network = self.context.network
        widths = network.widths if network else None
        layered = isinstance(of, Variable) and (of.layer is not None or of.name in ("x", "y"))
        return bool(widths and layered) and all(index.number == 1 for index in node.indices)

    def _kronecker(self, node: Entry) -> Settled:
        """``δ_{ij}``: an entry of the unit matrix of the width that i and j run over."""
        i, j = (index.name for index in node.indices)
        width = self.indices.get(i) or self.indices.get(j)
        if width is None:
            known = _Survey(self).of(self.whole)
            keys = [(letter, self._bound.get(letter, 0)) for letter in (i, j)]
            width = next((known[key] for key in keys if key in known), None)
        if width is None:
            message = f"No other quantity here says how far the indices of δ_{{{i}{j}}} run."
            raise Unreadable(message, "", node.span, f"Name the width, with the unit matrix: eye(n)_{{{i}{j}}}.")
        for index in node.indices:
            self._runs(index, width, node.span)
        self.note("δ with two indices is Kronecker's: 1 where they are equal, else 0")
        return EntryOf(Identity(Shape(width, width)), *node.indices)

    def _wrong_indices(self, node: Entry, shape: Shape) -> Misfit:
        needs = 0 if shape.is_scalar else 1 if shape.is_vector else 2
        words = {0: "a number has no entries", 1: "an entry of it has one index", 2: "an entry of it has two indices"}
        return Misfit(f"This is {shape}: {words[needs]}, not {len(node.indices)}.", node.span, ((node.of.span, shape),))

    def _runs(self, index: Index | None, width: Extent, span: Span) -> None:
        """Note that an index runs over a width; an index has one width."""
        if index is None:
            return
        if index.number == 0:
            raise Misfit("There is no entry 0: entries are counted from 1.", span)
        if index.number is not None:
            if isinstance(width, int) and not 1 <= index.number <= width:
                raise Misfit(f"There is no entry {index}: there are {width}.", span)
            return
        known = self.indices.setdefault(index.name, width)
        if known != width:
            raise Misfit(
                f"The index {index} runs over {printed(known)} elsewhere, but over {printed(width)} here.",
                span,
                hint="Check the order of the indices and their layers.",
            )

    def index_sum(self, node: IndexSum) -> Settled:
        outer, outer_sum = self.indices.pop(node.index, None), self._bound.get(node.index, 0)
        self._bound[node.index] = id(node)
        body = self.settle(node.body)
        self._bound[node.index] = outer_sum
        width = self.indices.pop(node.index, None)
        if outer is not None:
            self.indices[node.index] = outer
        limit = self.limit(node.upper, width)
        if width is None and limit is None:
            raise Unreadable(
                f"{node.index} does not occur in what Σ sums, so that its width is not known.", "", node.span,
                "The sum of all entries of x is sum(x).",
            )  # fmt: skip
        if width is not None and limit is not None and limit != width:
            assert node.upper is not None
            raise Misfit(f"{node.index} runs to {printed(width)}, and the sum to {printed(limit)}.", node.upper.span)
        run = width if width is not None else limit
        assert run is not None
        return Summed(Index(node.index), run, body)

    def limit(self, upper: Formula | None, width: Extent | None) -> Extent | None:
        """The upper limit of a sum, if it is a number or a declared width; any other name stands for the width."""
        if upper is None:
            return None
        if isinstance(upper, Number):
            return self.context.setting.extent(upper)
        if not isinstance(upper, Symbol) or upper.name in self.indices:
            hint = "Sums run from 1 over the whole width of their index."
            raise Unreadable(f"A sum up to {self.text(upper)} is not read.", "", upper.span, hint)
        try:
            settled = self.symbol(upper)
        except Unreadable:
            known = self._limits.setdefault(self.text(upper), width) if width is not None else None
            if known != width:
                message = f"{self.text(upper)} would be {printed(known or 1)} here and {printed(width or 1)} there."
                raise Misfit(message, upper.span) from None
            return None
        if not isinstance(settled, WidthValue):
            raise Unreadable(f"{self.text(upper)} is a quantity, and no width.", "", upper.span)
        return settled.width

    # ---- what the room above this one does ----

    context: Context

    def settle(self, formula: Formula) -> Settled:
        raise NotImplementedError

    def symbol(self, node: Symbol) -> Settled:
        raise NotImplementedError

    def inner(self) -> Indices:
        """A settler of a part, with indices of its own."""
        raise NotImplementedError

    def note(self, text: str) -> None:
        raise NotImplementedError

    def text(self, formula: Formula) -> str:
        raise NotImplementedError


class _Survey:
    """How far the letters of a formula run, each by the Σ that binds it (0: none)."""

    def __init__(self, settler: Indices) -> None:
        self.settler = settler
        self._found: dict[tuple[str, int], Extent | None] = {}
        self._deltas: list[tuple[tuple[str, int], ...]] = []

    def of(self, formulas: tuple[Formula, ...]) -> dict[tuple[str, int], Extent]:
        """By the entries and the limits that a letter has, handed on by Kronecker's δ; none where two differ."""
        for formula in formulas:
            self._look(formula, {})
        for _ in self._deltas:
            for one, other in self._deltas:
                width = self._found.get(one) or self._found.get(other)
                if width is not None:
                    self._found.setdefault(one, width)
                    self._found.setdefault(other, width)
        return {key: width for key, width in self._found.items() if width is not None}

    def _look(self, node: Formula, bound: dict[str, int]) -> None:
        if isinstance(node, IndexSum):
            bound = {**bound, node.index: id(node)}
            self._note((node.index, id(node)), self._limit(node))
        elif isinstance(node, Entry):
            if node.of == UNIT:
                self._deltas.append(tuple((index.name, bound.get(index.name, 0)) for index in node.indices))
            else:
                for letter, width in self._indices_of(node).items():
                    self._note((letter, bound.get(letter, 0)), width)
        for part in children(node):
            self._look(part, bound)

    def _note(self, key: tuple[str, int], width: Extent | None) -> None:
        if width is not None:
            self._found[key] = width if self._found.setdefault(key, width) == width else None

    def _limit(self, node: IndexSum) -> Extent | None:
        try:
            return self.settler.inner().limit(node.upper, None)
        except (Unreadable, Misfit):
            return None

    def _indices_of(self, node: Entry) -> dict[str, Extent]:
        settler = self.settler.inner()
        settler.whole = (UNIT,)  # it does not look any further
        try:
            settler.settle(node)
        except (Unreadable, Misfit, Unsupported):
            return {}
        return settler.indices
