"""Heads and indices: what factors are made of, numbered by the question in which they occur."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from fractions import Fraction
from itertools import product
from typing import NamedTuple, TypeAlias, final

from derivations.kernel.canonical import Exponent, Factor, Group, Index, TooLarge, least
from derivations.work import Purse

Rational: TypeAlias = "int | Fraction"
Monomial: TypeAlias = tuple[Factor, ...]
Polynomial: TypeAlias = dict[Monomial, Rational]
Width: TypeAlias = int
"""The number that an algebra gives to a width; ``Algebra.width_number`` gives it."""

ONE: Polynomial = {(): 1}
ZERO: Polynomial = {}
DEFAULT_BUDGET = 300_000
"""The work of a question, unless a purse is given."""
LARGEST_EXPANDED_POWER = 24
MOST_STEPS = 6
LARGEST_BITS = 1 << 16
"""A number of more binary digits than this is not computed."""
_TOO_MANY_DIGITS = "A number in it has too many digits."


class Undefined(Exception):  # noqa: N818
    """A division by zero, or another operation without a value."""


class OutsideFragment(Exception):  # noqa: N818
    """Something that the kernel does not treat; the message says what."""


@final
class Head(NamedTuple):
    """What a factor is made of.

    kind: tensor, delta, width, prime, function, exp, power, step, sum, loss, inverse, determinant.
    slots: the widths its indices run over. symmetry: the orders of its indices that leave it the same.
    tensors: the numbers of all tensor heads inside it, and inside the definitions of defined ones.
    """

    kind: str
    data: tuple[Hashable, ...]
    slots: tuple[Width, ...]
    symmetry: Group
    tensors: frozenset[int]
    positive: bool = False


def _argument_slots(kind: str, data: tuple[Hashable, ...], slots: int) -> int:
    """How many first slots of a head are indices of its argument; behind them stand those of its own entries."""
    match kind, data:
        case (("tensor" | "delta" | "width" | "prime"), _):
            return 0
        case "loss", (_, int(order), tuple(widths), _):
            return slots - order * len(widths)
        case "inverse", _:
            return slots - 2
        case _:
            return slots


TRIVIAL: tuple[Group, ...] = tuple((tuple(range(n)),) for n in range(8))
SWAP: Group = ((0, 1), (1, 0))
REWRITING = frozenset({"delta", "power", "step", "prime"})


def size(value: Rational) -> Rational:
    return -value if value < 0 else value


def bits(value: Rational) -> int:
    """How many binary digits the larger of numerator and denominator has."""
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def bounded(number: Rational) -> Rational:
    """The number; raises TooLarge where it has more digits than is worth the work."""
    if bits(number) > LARGEST_BITS:
        raise TooLarge(_TOO_MANY_DIGITS)
    return number


def rational_power(base: Rational, exponent: int) -> Rational:
    """base^exponent. Raises TooLarge before a number of too many digits is built."""
    number = Fraction(base)
    if size(number) == 1:
        return number if exponent % 2 else 1
    if number and bits(number) * size(exponent) > LARGEST_BITS:
        raise TooLarge(_TOO_MANY_DIGITS)
    return number**exponent


class Heads:
    """The widths, indices and heads that a question has met. Numbers stand for them; they mean nothing elsewhere."""

    def __init__(self, purse: Purse | None = None, written_out: int = 0) -> None:
        """``purse`` pays for the work; it raises ``Spent``. ``written_out``: sums over widths that are numbers up to
        this one are written out, term by term."""
        self.written_out = written_out
        self.heads: list[Head] = []
        self.widths: list[Width] = []  # of the index with that number
        self.purse = purse or Purse(DEFAULT_BUDGET)
        self.used: set[tuple[str, Hashable]] = set()  # hypotheses that a rewrite relied on, and of which tensor
        self._head_numbers: dict[tuple[Hashable, ...], int] = {}
        self._index_numbers: dict[tuple[Hashable, ...], Index] = {}
        self._width_numbers: dict[Hashable, Width] = {}
        self._width_names: list[Hashable] = []
        self._slots: list[tuple[Index, ...]] = []
        self._constants: dict[Index, int] = {}
        self._rewriting: list[bool] = []
        self._arguments: list[int] = []  # how many of a head's first slots belong to what is inside it
        self._laws: dict[int, frozenset[str]] = {}  # what is assumed of a tensor head
        self.definitions: dict[int, Polynomial] = {}  # of defined tensors, over their slots; inner ones come first
        self.derivatives: dict[int, object] = {}  # by a tensor head: what calculus.py has found of other heads

    def width_number(self, name: Hashable) -> Width:
        """The number of a width: of a positive int, or of any hashable name of a symbolic width."""
        number = self._width_numbers.get(name)
        if number is None:
            number = self._width_numbers[name] = len(self._width_names)
            self._width_names.append(name)
        return number

    def fresh(self, width: Width) -> Index:
        """A new index over a width; it stands for no other."""
        self.widths.append(width)
        return len(self.widths) - 1

    def index(self, role: str, place: Hashable, width: Width) -> Index:
        """The index of that role, place and width; the same one each time."""
        key = role, place, width
        index = self._index_numbers.get(key)
        if index is None:
            index = self._index_numbers[key] = self.fresh(width)
        return index

    def constant_index(self, value: int, width: Width) -> Index:
        """The fixed index value ``value``, counted from 1."""
        index = self.index("constant", value, width)
        self._constants[index] = value
        return index

    def slots_of(self, head: int) -> tuple[Index, ...]:
        """The reserved indices that stand for a head's own positions."""
        return self._slots[head]

    def _head(
        self,
        kind: str,
        data: tuple[Hashable, ...],
        slots: tuple[Width, ...],
        symmetry: Group | None = None,
        inside: Iterable[Monomial] = (),
        positive: bool = False,
    ) -> int:
        key = (kind, data, slots)
        number = self._head_numbers.get(key)
        if number is None:
            number = len(self.heads)
            tensors = frozenset().union(*(self.heads[h].tensors for m in inside for h, _, _ in m))
            if kind == "tensor":
                tensors |= {number}
            group = symmetry or (TRIVIAL[len(slots)] if len(slots) < 8 else (tuple(range(len(slots))),))
            self.heads.append(Head(kind, data, slots, group, tensors, positive))
            self._slots.append(tuple(self.index("slot", place, width) for place, width in enumerate(slots)))
            self._rewriting.append(kind in REWRITING)
            self._arguments.append(_argument_slots(kind, data, len(slots)))
            self._head_numbers[key] = number
        return number

    def head_of(
        self,
        kind: str,
        data: tuple[Hashable, ...],
        indices: tuple[Index, ...],
        symmetry: Group | None,
        inside: Polynomial,
        positive: bool = False,
    ) -> int:
        """The head of that kind and data over the widths of some indices."""
        widths = tuple(self.widths[i] for i in indices)
        return self._head(kind, data, widths, symmetry, inside, positive)

    def _group(self, head: int) -> Group:
        return self.heads[head].symmetry

    def laws_of(self, head: int) -> frozenset[str]:
        """What is assumed of a tensor head."""
        return self._laws.get(head, frozenset())

    def argument(self, head: int) -> tuple[tuple[Monomial, Rational], ...]:
        argument = self.heads[head].data[-1]
        assert isinstance(argument, tuple)
        return argument

    def atom(self, head: int, indices: tuple[Index, ...], exponent: Exponent = 1) -> Polynomial:
        return {((head, least(indices, self.heads[head].symmetry), exponent),): 1}

    def tensor_head(self, name: Hashable, widths: tuple[Width, ...]) -> int | None:
        """The number of a tensor's head, if it has been met."""
        return self._head_numbers.get(("tensor", (name,), widths))

    def delta(self, one: Index, other: Index) -> Polynomial:
        """Kronecker's δ."""
        if one == other:
            return ONE
        if one in self._constants and other in self._constants:
            return ZERO
        head = self._head("delta", (self.widths[one],), (self.widths[one], self.widths[one]), SWAP)
        return self.atom(head, (one, other))

    def width(self, width: Width) -> Polynomial:
        """A width as a value."""
        name = self._width_names[width]
        if isinstance(name, int):
            return self.number(name)
        return self.atom(self._head("width", (width,), (), positive=True), ())

    def number(self, value: Rational) -> Polynomial:
        return {(): value} if value else ZERO

    def sign_of(self, polynomial: Polynomial) -> int | None:
        """1 or −1 if every term is made of positive factors and has that sign; None for any other, and for 0."""
        if not polynomial or not all(self.heads[h].positive for monomial in polynomial for h, _, _ in monomial):
            return None
        signs = {coefficient > 0 for coefficient in polynomial.values()}
        return None if len(signs) > 1 else 1 if True in signs else -1

    def is_discrete(self, polynomial: Polynomial) -> bool:
        """Whether it is made of widths, δ and entries that are 0 or 1, so that its values are single numbers."""
        heads = {h for monomial in polynomial for h, _, _ in monomial}
        tensors = frozenset[int]().union(*(self.heads[h].tensors for h in heads))
        zeros_and_ones = {"binary", "one-hot 0", "one-hot 1"}
        return all(self.laws_of(t) & zeros_and_ones for t in tensors) and not any(
            self.heads[h].kind in ("function", "loss") and self.heads[h].data[0] != "log" for h in heads
        )

    def vanishes_by_steps(self, polynomial: Polynomial) -> bool:
        """Whether it is 0, or single-valued, for some values 0 and 1 of the steps in it: relu(u), u − relu(u)."""
        steps = sorted({(h, i) for monomial in polynomial for h, i, _ in monomial if self.heads[h].kind == "step"})
        for values in product((0, 1), repeat=len(steps)) if 0 < len(steps) <= MOST_STEPS else ():
            at = dict(zip(steps, values, strict=True))
            left: Polynomial = {}
            for monomial, coefficient in polynomial.items():
                if all(at.get((h, i), 1) for h, i, _ in monomial):
                    rest = tuple(factor for factor in monomial if factor[:2] not in at)
                    left[rest] = left.get(rest, 0) + coefficient
            remainder = {monomial: coefficient for monomial, coefficient in left.items() if coefficient}
            if not remainder or (self.sign_of(remainder) is None and self.is_discrete(remainder)):
                return True
        return False

    @staticmethod
    def lead(base: Polynomial) -> Monomial | None:
        """The largest monomial in a degree order; a negative power counts as a degree too."""
        return max((m for m in base if m), key=lambda m: (sum(size(e) for _, _, e in m), m), default=None)
