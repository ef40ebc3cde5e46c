"""Shapes with symbolic widths, and what a formula says once every operation's shape is known.

The nodes here are the *settled* form of a formula: ``*`` and ``/`` have become a scaling, a Hadamard product or a
quotient, whatever is repeated over columns is ``Spread`` in so many words, and every node knows its shape. The kernel's
translation and the witness both start from it; neither has to guess again.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal, NamedTuple, TypeAlias

from derivations.formula import Index, Layer, Span, Symbol
from derivations.values import value
from derivations.writing import write


class Width(NamedTuple):
    """A symbolic width: ``m``, or n_l of a layer. Two widths are equal only if they are the same width."""

    name: str
    layer: Layer | None = None

    def __str__(self) -> str:
        if self.layer is None:
            return self.name
        subscript = str(self.layer)
        return f"{self.name}_{subscript}" if len(subscript) == 1 else f"{self.name}_{{{subscript}}}"


def printed(extent: int | Width) -> str:
    """A number of rows or columns for the reader: nₗ₊₁."""
    return write(Symbol(extent.name, extent.layer)) if isinstance(extent, Width) else str(extent)


Extent: TypeAlias = "int | Width"
"""A number of rows or columns."""


class Shape(NamedTuple):
    rows: Extent
    columns: Extent

    @property
    def is_scalar(self) -> bool:
        return self.rows == 1 and self.columns == 1

    @property
    def is_vector(self) -> bool:
        """A column or a row, a scalar too."""
        return self.rows == 1 or self.columns == 1

    @property
    def is_square(self) -> bool:
        return self.rows == self.columns

    def turned(self) -> Shape:
        return Shape(self.columns, self.rows)

    def __str__(self) -> str:
        return f"{printed(self.rows)} × {printed(self.columns)}"


SCALAR = Shape(1, 1)


class Misfit(Exception):  # noqa: N818  (it is a verdict's reason)
    """An operation does not fit: which one (``span`` in the text read), the shapes at fault, one hint.

    Most misfits are of candidates for a correction, and nobody reads them: a text that costs something may be given as
    what makes it.
    """

    def __init__(
        self,
        message: str | Callable[[], str],
        span: Span,
        operands: tuple[tuple[Span, Shape], ...] = (),
        hint: str | Callable[[], str] = "",
    ) -> None:
        super().__init__()
        self._message, self.span, self.operands, self._hint = message, span, operands, hint

    @property
    def message(self) -> str:
        return self._message if isinstance(self._message, str) else self._message()

    @property
    def hint(self) -> str:
        return self._hint if isinstance(self._hint, str) else self._hint()

    def __str__(self) -> str:
        return self.message


# ---- the settled form ----

Axis: TypeAlias = 'Literal["rows", "columns"]'


@value
class Filled:
    """A matrix of one number; of shape 1 × 1 it is that number."""

    value: Fraction
    shape: Shape = SCALAR


@value
class Identity:
    shape: Shape


@value
class WidthValue:
    """A width, used as a number."""

    width: Width

    @property
    def shape(self) -> Shape:
        return SCALAR


@value
class Variable:
    """A quantity by name and layer; the setting may have a definition of it."""

    name: str
    layer: Layer | None
    shape: Shape

    @property
    def key(self) -> tuple[str, Layer | None]:
        return self.name, self.layer


@value
class Add:
    """left + right, of one shape."""

    left: Settled
    right: Settled

    @property
    def shape(self) -> Shape:
        return self.left.shape


@value
class Scale:
    """A scalar times anything."""

    factor: Settled
    of: Settled

    @property
    def shape(self) -> Shape:
        return self.of.shape


@value
class MatrixProduct:
    left: Settled
    right: Settled

    @property
    def shape(self) -> Shape:
        return Shape(self.left.shape.rows, self.right.shape.columns)


@value
class Hadamard:
    """left ⊙ right, of one shape."""

    left: Settled
    right: Settled

    @property
    def shape(self) -> Shape:
        return self.left.shape


@value
class ElementPower:
    """Every entry to a rational power."""

    of: Settled
    exponent: Fraction

    @property
    def shape(self) -> Shape:
        return self.of.shape


@value
class Turned:
    """The transpose."""

    of: Settled

    @property
    def shape(self) -> Shape:
        return self.of.shape.turned()


@value
class Elementwise:
    """A function, or its ``order``-th derivative, of every entry. ``layer`` belongs to g^{[l]}."""

    function: str
    layer: Layer | None
    order: int
    of: Settled

    @property
    def shape(self) -> Shape:
        return self.of.shape


@value
class Loss:
    """An unknown scalar function of all entries; ``by_column``: one of each column, in a row.

    Functions of different columns may differ (each sample has a target of its own).
    """

    name: str
    of: Settled
    by_column: bool = False

    @property
    def shape(self) -> Shape:
        return Shape(1, self.of.shape.columns) if self.by_column else SCALAR


@value
class Total:
    """The sum over the named axes: ``("rows",)`` adds up the rows into one row."""

    of: Settled
    axes: tuple[Axis, ...]

    @property
    def shape(self) -> Shape:
        rows, columns = self.of.shape
        return Shape(1 if "rows" in self.axes else rows, 1 if "columns" in self.axes else columns)


@value
class Softmax:
    """exp / Σ exp along an axis: ``"rows"`` normalises each column."""

    of: Settled
    axis: Axis

    @property
    def shape(self) -> Shape:
        return self.of.shape


@value
class Trace:
    of: Settled

    @property
    def shape(self) -> Shape:
        return SCALAR


@value
class Determinant:
    of: Settled

    @property
    def shape(self) -> Shape:
        return SCALAR


@value
class Inverse:
    of: Settled

    @property
    def shape(self) -> Shape:
        return self.of.shape


@value
class Diagonal:
    """The square matrix with a vector (column or row) on its diagonal."""

    of: Settled

    @property
    def shape(self) -> Shape:
        rows, columns = self.of.shape
        return Shape(rows, rows) if columns == 1 else Shape(columns, columns)


@value
class DiagonalOf:
    """The diagonal of a square matrix, as a column."""

    of: Settled

    @property
    def shape(self) -> Shape:
        return Shape(self.of.shape.rows, 1)


@value
class Spread:
    """A column, a row or a scalar repeated to a shape."""

    of: Settled
    shape: Shape


@value
class EntryOf:
    """One entry; an index is None where the shape has only one row or column."""

    of: Settled
    row: Index | None
    column: Index | None

    @property
    def shape(self) -> Shape:
        return SCALAR


@value
class Summed:
    """Σ over ``index`` = 1 … ``width`` of ``of``."""

    index: Index
    width: Extent
    of: Settled

    @property
    def shape(self) -> Shape:
        return self.of.shape


Source: TypeAlias = 'tuple[Literal["of", "by"], Axis] | None'


@value
class Partial:
    """∂of/∂by, arranged by a layout.

    ``by`` is a variable, or one entry of it (``at``: its row and column index). ``rows_from`` and ``columns_from`` say
    whose rows or columns the result's rows and columns run over; None where there is only one.
    """

    of: Settled
    by: Variable
    at: tuple[Index | None, Index | None] | None
    rows_from: Source
    columns_from: Source
    shape: Shape


Settled: TypeAlias = (
    Filled
    | Identity
    | WidthValue
    | Variable
    | Add
    | Scale
    | MatrixProduct
    | Hadamard
    | ElementPower
    | Turned
    | Elementwise
    | Loss
    | Total
    | Softmax
    | Trace
    | Determinant
    | Inverse
    | Diagonal
    | DiagonalOf
    | Spread
    | EntryOf
    | Summed
    | Partial
)


def arrange(of: Shape, by: Shape, layout: str) -> tuple[Source, Source, Shape]:
    """How a layout arranges ∂y/∂x for y and x of these shapes: whose axes are the rows, whose the columns.

    Denominator layout: ∂y/∂x ∈ R^{n × m}, entry (j, k) = ∂y_k/∂x_j; the derivative of a scalar has x's shape.
    Numerator layout is its transpose. Raises ValueError where more than two axes are left: there is no matrix form.
    """
    of_axes: list[Source] = [("of", axis) for axis, n in zip(AXES, of, strict=True) if n != 1]
    by_axes: list[Source] = [("by", axis) for axis, n in zip(AXES, by, strict=True) if n != 1]
    if len(of_axes) + len(by_axes) > 2:
        raise ValueError("a derivative with more than two indices has no matrix form")
    rows: Source
    columns: Source
    if of_axes and by_axes:
        rows, columns = by_axes[0], of_axes[0]
    elif by_axes or not of_axes:
        rows, columns = (("by", "rows") if by.rows != 1 else None), (("by", "columns") if by.columns != 1 else None)
    else:  # a derivative by a scalar: entry (1, k) is ∂y_k/∂x
        rows, columns = (("of", "columns") if of.columns != 1 else None), (("of", "rows") if of.rows != 1 else None)
    if layout == "numerator":
        rows, columns = columns, rows

    def extent(source: Source) -> Extent:
        if source is None:
            return 1
        shape = of if source[0] == "of" else by
        return shape.rows if source[1] == "rows" else shape.columns

    return rows, columns, Shape(extent(rows), extent(columns))


AXES: tuple[Axis, Axis] = ("rows", "columns")
