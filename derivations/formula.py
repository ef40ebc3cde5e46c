"""The typed syntax: what a person wrote, node by node, with the place where it stood.

Nothing is reordered or simplified here. Spans count characters of the text that was read and take no part
in equality, so two spellings of one formula are equal values.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from derivations.values import PARTS, contents, field, value

Size: TypeAlias = tuple[Hashable, Hashable]
"""Rows and columns, as far as a reader has to know them: 1, or something that is equal where the widths are."""


class Span(NamedTuple):
    """Characters ``start`` (included) to ``end`` (excluded) of the text that was read."""

    start: int
    end: int


NOWHERE = Span(0, 0)


@value
class Located:
    """Something that stood in a text."""

    span: Span = field(default=NOWHERE, compare=False, kw_only=True)


class Layer(NamedTuple):
    """A layer number: ``l + 1`` is ``Layer("l", 1)``, ``L`` is ``Layer("L")``, ``3`` is ``Layer("", 3)``."""

    base: str
    offset: int = 0

    def shifted(self, by: int) -> Layer:
        return Layer(self.base, self.offset + by)

    def __str__(self) -> str:
        if not self.base:
            return str(self.offset)
        return f"{self.base}{self.offset:+d}" if self.offset else self.base


@value
class Index:
    """A subscript: a letter (``j``) or a number counted from 1 (``"3"``)."""

    name: str

    @property
    def number(self) -> int | None:
        return int(self.name) if self.name.isdigit() else None

    def __str__(self) -> str:
        return self.name


class Op(StrEnum):
    """The binary operations as they are typed; what ``*`` and ``/`` mean is settled by the shapes."""

    PLUS = "+"
    MINUS = "−"
    PRODUCT = "·"  # matrix product, or a scalar times anything
    STAR = "*"  # NumPy: elementwise, or a scalar times anything
    OVER = "/"  # by a scalar, or elementwise
    HADAMARD = "⊙"
    QUOTIENT = "⊘"


@value
class Number(Located):
    """An exact number; decimals are exact too (0.5 is 1/2)."""

    value: Fraction


@value
class Symbol(Located):
    """A quantity by name: ``x``, ``W^{l+1}``; ``a^{i,l}`` has ``sample="i"``.

    A width in a formula, ``n_l``, is ``Symbol("n", Layer("l"))``. Greek names are single letters (``δ``), however
    they were spelled.
    """

    name: str
    layer: Layer | None = None
    sample: str = ""


@value
class Function:
    """A function by name: σ, ``g^{[l]}``, with the number of its primes."""

    name: str
    layer: Layer | None = None
    order: int = 0


@value
class Entry(Located):
    """An entry ``of_{jk}``: one or two indices; ``(s ⊙ t)_j``."""

    of: Formula
    indices: tuple[Index, ...]


@value
class Transpose(Located):
    of: Formula

    @property
    def is_unwritten(self) -> bool:
        """Whether no sign said so: the a of a·x, where both are columns."""
        return self.span == self.of.span != NOWHERE


@value
class Negation(Located):
    of: Formula


@value
class Binary(Located):
    op: Op
    left: Formula
    right: Formula


@value
class Power(Located):
    """``of ^ exponent``; ``.^`` and ``**`` are elementwise."""

    of: Formula
    exponent: Formula
    elementwise: bool = False


@value
class Norm(Located):
    """‖of‖, the root of the sum of squares of all entries."""

    of: Formula


@value
class Apply(Located):
    """An elementwise function (σ(z), exp(x), f'(x)) or an unknown loss (C(a)) applied to its argument."""

    function: Function
    argument: Formula


@value
class Call(Located):
    """An operation that is not elementwise, by its LANGUAGE name: one of ``CALLS``."""

    name: str
    arguments: tuple[Formula, ...]
    axis: int | None = None
    keepdims: bool = False


@value
class Derivative(Located):
    """∂of/∂by; ``by`` is a quantity or an entry of one."""

    of: Formula
    by: Symbol | Entry


@value
class Gradient(Located):
    """∇_by of: the derivatives in the shape of ``by``, in either layout."""

    of: Formula
    by: Symbol


@value
class LossDerivative(Located):
    """``dW^{[l]}``: the derivative of the loss in the bracket notation's own meaning."""

    by: Symbol


@value
class IndexSum(Located):
    """Σ over ``index`` of ``body``; ``upper`` is the limit as typed, if any."""

    index: str
    body: Formula
    upper: Formula | None = None


Formula: TypeAlias = (
    Number
    | Symbol
    | Entry
    | Transpose
    | Negation
    | Binary
    | Power
    | Norm
    | Apply
    | Call
    | Derivative
    | Gradient
    | LossDerivative
    | IndexSum
)

UNIT = Call("eye", ())
"""The unit matrix of whatever width fits, as in Kronecker's ``δ_{ij}``: ``Entry(UNIT, (i, j))``."""

CALLS = frozenset({"sum", "mean", "sumsq", "softmax", "tr", "det", "inv", "diag", "ones", "zeros", "eye", "max"})
"""The names that ``Call`` knows. ``sum``, ``mean`` and ``softmax`` take an axis, the first two keepdims."""

ELEMENTWISE = frozenset(
    {
        "exp",
        "log",
        "log2",
        "log10",
        "sqrt",
        "tanh",
        "sech",
        "sigmoid",
        "relu",
        "leaky_relu",
        "elu",
        "softplus",
    }
    | {"step", "sign", "abs", "identity"}
)
"""The named functions that are always known; ``ln`` is read as ``log``."""


def children(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside a formula, left to right; looked for once."""
    known: tuple[Formula, ...] | None = formula.__dict__.get(PARTS)
    if known is None:
        known = formula.__dict__[PARTS] = tuple(_children(formula))
    return known


def _children(formula: Formula) -> list[Formula]:
    found: list[Formula] = []
    for item in contents(formula):
        if isinstance(item, Located):
            found.append(item)  # type: ignore[arg-type]  # what is located inside a formula is a formula
        elif item.__class__ is tuple:
            found += [inner for inner in item if isinstance(inner, Located)]  # type: ignore[misc]
    return found


def walk(formula: Formula) -> Iterator[Formula]:
    """A formula and all the formulas inside it, outermost first."""
    pending = [formula]
    while pending:
        node = pending.pop()
        yield node
        if inner := children(node):
            pending += inner[::-1]


# ---- statements: a line of a sheet ----


@value
class Declaration(Located):
    """``W : m x n symmetric``; ``kind`` is ``quantity``, ``function`` (``f : elementwise``) or ``loss``.

    ``also`` are the other names of ``W, U : m x n``.
    """

    name: str
    kind: str
    rows: Formula | None = None
    columns: Formula | None = None
    properties: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@value
class Definition(Located):
    """``z := W x + b``."""

    name: str
    body: Formula


class Fork(NamedTuple):
    """A place where print can be read in two ways, as in ``x/c d``.

    at: the sign that can be read in two ways. taken: what brackets would go around to say what was read. even: whether
    both readings are as good; if not, the other one counts only where this one is not proved.
    """

    at: int
    taken: Span
    even: bool = True


@value
class Claim(Located):
    """``a = b = c``: the sides, and the reason in brackets behind each ``=``.

    Where ``continues`` is true the line began with ``=``, and its first side is the last one of the line before.
    forks: the places that can be read in two ways.
    """

    sides: tuple[Formula, ...]
    reasons: tuple[str | None, ...] = ()
    continues: bool = False
    forks: tuple[Fork, ...] = field(default=(), compare=False, kw_only=True)


@value
class LayoutChange(Located):
    layout: str


@value
class Use(Located):
    """``use network loss=mse depth=3``."""

    options: tuple[tuple[str, str], ...]


@value
class Assume(Located):
    """``assume y sums to 1``."""

    name: str
    properties: tuple[str, ...]


@value
class ShapeClaim(Located):
    """``W^l ∈ ℝ^{n_l × n_{l-1}}``, of something that has a shape already; ``columns`` is None for a column."""

    of: Formula
    rows: Formula
    columns: Formula | None = None


Statement: TypeAlias = Declaration | Definition | Claim | ShapeClaim | LayoutChange | Use | Assume

PROPERTIES = (
    "symmetric",
    "invertible",
    "diagonal",
    "positive",
    "binary",
    "sums to 1",
    "rows sum to 1",
    "columns sum to 1",
    "one-hot",
)


@value
class Vocabulary:
    """What the reader has to know of the names: enough to tell ``Wx`` from a name, a layer from a power."""

    names: frozenset[str] = frozenset()  # quantities, widths and numbers that may stand in a formula
    layered: frozenset[str] = frozenset()  # those whose superscript is a layer: W, b, z, a, δ, n …
    functions: frozenset[str] = frozenset()  # elementwise functions, σ and g of the network included
    losses: frozenset[str] = frozenset()  # unknown losses: C(a)
    scalars: frozenset[str] = frozenset()  # names that are numbers: widths and declared scalars (1/m x)
    matrices: frozenset[str] = frozenset()  # names with two indices (w_{jk} is an entry of W)
    differentials: bool = False  # whether dW, db, dZ … are derivatives of the loss J
    sizes: frozenset[tuple[str, Size]] = frozenset()  # of the names without a layer, where they are known
    samples: Hashable = 1  # the columns of a layer's z and a

    @property
    def size_of(self) -> Mapping[str, Size]:
        """``sizes`` by name; made once."""
        known: Mapping[str, Size] | None = self.__dict__.get(PARTS)
        if known is None:
            known = self.__dict__[PARTS] = dict(self.sizes)
        return known


class Unreadable(Exception):  # noqa: N818  (it is a verdict's name)
    """A text that is no formula: what was seen, where, and one hint.

    ``span`` is the place in ``text``; ``message`` is a sentence; ``hint`` is what to do, or empty.
    """

    def __init__(self, message: str, text: str, span: Span, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.text, self.span, self.hint = message, text, span, hint
