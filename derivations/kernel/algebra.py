"""The kernel's normal form: polynomials in indexed factors, with every sum closed under a canonical name.

A *polynomial* is ``{monomial: rational}``; a *monomial* is a sorted tuple of factors (head, indices, exponent) over
free indices only. A *head* is a tensor, a Kronecker δ, a width, a function of a polynomial, or a whole connected sum,
whose bound indices live inside it under canonical names. Products are thus commutative and cheap; only closing a sum
looks at graphs. THEORY.md beside this file says why two equal normal forms are equal at all widths, and when the
converse holds.

Everything lives in an ``Algebra``, one for a question: it numbers the heads and indices that it meets, counts the work
and refuses with ``TooLarge`` rather than hang.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import gcd, lcm
from typing import NamedTuple, TypeAlias, final

from derivations.kernel.canonical import Exponent, Factor, Group, Index, canonical, closure, least, twin_swaps

Rational: TypeAlias = "int | Fraction"
Monomial: TypeAlias = tuple[Factor, ...]
Polynomial: TypeAlias = dict[Monomial, Rational]
Width: TypeAlias = int
"""The number that an algebra gives to a width; ``Algebra.width_number`` gives it."""

ONE: Polynomial = {(): 1}
ZERO: Polynomial = {}
DEFAULT_BUDGET = 60_000
LARGEST_EXPANDED_POWER = 24


class TooLarge(Exception):  # noqa: N818
    """The normal form would be too large; nothing is decided."""


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


_TRIVIAL: tuple[Group, ...] = tuple((tuple(range(n)),) for n in range(8))
_SWAP: Group = ((0, 1), (1, 0))
_REWRITING = frozenset({"delta", "power", "step", "prime"})


def _size(value: Rational) -> Rational:
    return -value if value < 0 else value


def _reaches(found: Exponent, wanted: Exponent) -> bool:
    """Whether a power contains another of the same sign."""
    return bool(found >= wanted) if wanted > 0 else bool(found <= wanted)


@final
class Algebra:
    """The normal forms of one question."""

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self.heads: list[Head] = []
        self.widths: list[Width] = []  # of the index with that number
        self.budget = budget
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

    # ---- widths and indices ----

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

    # ---- heads ----

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
            group = symmetry or (_TRIVIAL[len(slots)] if len(slots) < 8 else (tuple(range(len(slots))),))
            self.heads.append(Head(kind, data, slots, group, tensors, positive))
            self._slots.append(tuple(self.index("slot", place, width) for place, width in enumerate(slots)))
            self._rewriting.append(kind in _REWRITING)
            self._arguments.append(_argument_slots(kind, data, len(slots)))
            self._head_numbers[key] = number
        return number

    def _group(self, head: int) -> Group:
        return self.heads[head].symmetry

    def atom(self, head: int, indices: tuple[Index, ...], exponent: Exponent = 1) -> Polynomial:
        return {((head, least(indices, self.heads[head].symmetry), exponent),): 1}

    def tensor(
        self, name: Hashable, indices: tuple[Index, ...], laws: frozenset[str] = frozenset(), positive: bool = False
    ) -> Polynomial:
        """An entry of a tensor. ``laws``: symmetric, diagonal, binary, "sums 0" (over position 0), "one-hot 0" …"""
        widths = tuple(self.widths[i] for i in indices)
        symmetry = _SWAP if "symmetric" in laws or "diagonal" in laws else None
        head = self._head("tensor", (name,), widths, symmetry, positive=positive)
        if laws:
            self._laws[head] = laws
            self._rewriting[head] = bool(laws - {"symmetric"} - {"sums 0", "sums 1"})
        if "diagonal" in laws and indices[0] != indices[1]:
            self.used.add(("diagonal", name))
            return self.times(self.delta(*indices), self.atom(head, (indices[0], indices[0])))
        return self.atom(head, indices)

    def define(self, name: Hashable, indices: tuple[Index, ...], value: Polynomial) -> None:
        """Make a tensor stand for ``value`` over these indices. It stays folded until it is unfolded, but its
        derivatives are those of its definition."""
        widths = tuple(self.widths[i] for i in indices)
        head = self._head("tensor", (name,), widths, inside=value)
        self.definitions[head] = self.renamed(value, dict(zip(indices, self.slots_of(head), strict=True)))

    def tensor_head(self, name: Hashable, widths: tuple[Width, ...]) -> int | None:
        """The number of a tensor's head, if it has been met."""
        return self._head_numbers.get(("tensor", (name,), widths))

    def delta(self, one: Index, other: Index) -> Polynomial:
        """Kronecker's δ."""
        if one == other:
            return ONE
        if one in self._constants and other in self._constants:
            return ZERO
        head = self._head("delta", (self.widths[one],), (self.widths[one], self.widths[one]), _SWAP)
        return self.atom(head, (one, other))

    def width(self, width: Width) -> Polynomial:
        """A width as a value."""
        name = self._width_names[width]
        if isinstance(name, int):
            return self.number(name)
        return self.atom(self._head("width", (width,), (), positive=True), ())

    def number(self, value: Rational) -> Polynomial:
        return {(): value} if value else ZERO

    # ---- sums and products ----

    def _spend(self, amount: int) -> None:
        self.budget -= amount
        if self.budget < 0:
            raise TooLarge("Multiplied out, this has too many terms.")

    def plus(self, *terms: Polynomial) -> Polynomial:
        result = dict(terms[0])
        for term in terms[1:]:
            for monomial, coefficient in term.items():
                total = result.get(monomial, 0) + coefficient
                if total:
                    result[monomial] = total
                else:
                    del result[monomial]
        return result

    def scaled(self, polynomial: Polynomial, by: Rational) -> Polynomial:
        return {m: c * by for m, c in polynomial.items()} if by else ZERO

    def minus(self, left: Polynomial, right: Polynomial) -> Polynomial:
        return self.plus(left, self.scaled(right, -1))

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if len(left) == 1 and () in left:
            return self.scaled(right, left[()])
        if len(right) == 1 and () in right:
            return self.scaled(left, right[()])
        self._spend(len(left) * len(right))
        result: Polynomial = {}
        for m1, c1 in left.items():
            for m2, c2 in right.items():
                self._collect(result, self._merged(m1, m2), c1 * c2)
        return result

    def _collect(self, into: Polynomial, terms: Polynomial, by: Rational) -> None:
        for monomial, coefficient in terms.items():
            total = into.get(monomial, 0) + coefficient * by
            if total:
                into[monomial] = total
            else:
                del into[monomial]

    def _merged(self, one: Monomial, other: Monomial) -> Polynomial:
        if not one:
            return {other: 1}
        if not other:
            return {one: 1}
        return self.product_of((*one, *other))

    def product_of(self, factors: Sequence[Factor]) -> Polynomial:
        """The normal form of a product of factors (each written with its least indices)."""
        powers: dict[tuple[int, tuple[Index, ...]], Exponent] = {}
        rewriting = False
        for place, (head, indices, exponent) in enumerate(factors):
            if self._coincide(head, indices):
                others = self.product_of([*factors[:place], *factors[place + 1 :]])
                return self.times(others, self._rejoined(head, indices, exponent))
            key = head, indices
            powers[key] = powers[key] + exponent if key in powers else exponent
            rewriting = rewriting or self._rewriting[head]
        if rewriting:
            return self._rewritten(powers)
        return {tuple(sorted((h, i, e) for (h, i), e in powers.items() if e)): 1}

    def _coincide(self, head: int, indices: tuple[Index, ...]) -> bool:
        """Whether two slots of what is inside a head have become one index."""
        count = self._arguments[head]
        return count > 1 and len(set(indices[:count])) < count

    def _rejoined(self, head: int, indices: tuple[Index, ...], exponent: Exponent) -> Polynomial:
        """A head whose slots coincide, under the head that it is then: Σ_k B_ik B_jk at i = j is Σ_k B_ik²."""
        kind, data = self.heads[head].kind, self.heads[head].data
        if kind != "sum":
            own = indices[: self._arguments[head]]
            rest = indices[self._arguments[head] :]
            inside = self.inner(head, indices)
            fixed = [i for m in inside for _, used, _ in m for i in used if i not in own]
            form, outer, group = self.abstracted(inside, fixed)
            symmetry = None if rest else group
            number = self.head_of(kind, (*data[:-1], form), (*outer, *rest), symmetry, inside)
            return self.product_of([(number, least((*outer, *rest), self.heads[number].symmetry), exponent)])
        factors, bound = self.open_sum(head, indices)
        result: Polynomial = {}
        for monomial, coefficient in self.product_of(factors).items():
            self._collect(result, self._summed_monomial(monomial, bound), coefficient)
        if len(result) == 1:
            ((monomial, coefficient),) = result.items()
            if coefficient == 1:
                return self.power_of_monomial(monomial, exponent)
        if exponent < 0 or Fraction(exponent).denominator != 1:
            raise OutsideFragment("A power of a sum whose indices coincide.")
        power = ONE
        for _ in range(int(exponent)):
            power = self.times(power, result)
        return power

    def power_of_monomial(self, monomial: Monomial, exponent: Exponent) -> Polynomial:
        return self.product_of([(h, i, e * exponent) for h, i, e in monomial])

    def renamed(self, polynomial: Polynomial, names: Mapping[Index, Index]) -> Polynomial:
        """The polynomial with free indices renamed (all at once; two may become one)."""
        if not names or all(old == new for old, new in names.items()):
            return polynomial
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            factors: list[Factor] = []
            rewriting, changed = False, False
            for factor in monomial:
                head, indices, exponent = factor
                new = tuple([names.get(i, i) for i in indices])
                if new != indices:
                    changed = True
                    symmetry = self.heads[head].symmetry
                    factor = (head, new if len(symmetry) == 1 else least(new, symmetry), exponent)
                factors.append(factor)
                rewriting = rewriting or self._rewriting[head] or self._coincide(head, new)
            if not changed:
                self._collect(result, {monomial: 1}, coefficient)
            elif len(factors) == 1 and not rewriting:
                self._collect(result, {(factors[0],): 1}, coefficient)
            else:
                self._collect(result, self.product_of(factors), coefficient)
        return result

    def free(self, polynomial: Polynomial) -> set[Index]:
        """The free indices, constants aside."""
        found = {i for monomial in polynomial for _, indices, _ in monomial for i in indices}
        return found - self._constants.keys()

    # ---- rewriting one monomial ----

    def _rewritten(self, powers: dict[tuple[int, tuple[Index, ...]], Exponent]) -> Polynomial:
        """Contract δ, then apply the identities of the factors until none applies."""
        self._spend(1)
        powers = self._contracted({key: e for key, e in powers.items() if e})
        if any(self._coincide(head, indices) for head, indices in powers if head >= 0):
            return self.product_of([(head, indices, e) for (head, indices), e in powers.items()])
        if not powers:
            return ONE
        if (-1, ()) in powers:
            return ZERO
        for (head, indices), exponent in powers.items():
            if not self._rewriting[head]:
                continue
            replaced = self._identity(head, indices, exponent, powers)
            if replaced is not None:
                return replaced
        return {tuple(sorted((h, i, e) for (h, i), e in powers.items() if e)): 1}

    def _contracted(
        self, powers: dict[tuple[int, tuple[Index, ...]], Exponent]
    ) -> dict[tuple[int, tuple[Index, ...]], Exponent]:
        """Give all indices that δs join one name; the δs stay, each from a joined index to that name."""
        deltas = [indices for (h, indices), _ in powers.items() if self.heads[h].kind == "delta"]
        if not deltas:
            return powers
        leader: dict[Index, Index] = {}

        def find(index: Index) -> Index:
            while index in leader:
                index = leader[index]
            return index

        for one, other in deltas:
            first, second = find(one), find(other)
            if first == second:
                continue
            if first in self._constants and second in self._constants:
                return {(-1, ()): 1}  # two different fixed indices: the product is 0
            if second in self._constants or (first not in self._constants and second < first):
                first, second = second, first
            leader[second] = first
        result: dict[tuple[int, tuple[Index, ...]], Exponent] = {}
        for (head, indices), exponent in powers.items():
            if self.heads[head].kind != "delta":
                key = head, least(tuple(find(i) for i in indices), self.heads[head].symmetry)
                result[key] = result.get(key, 0) + exponent
        for index in leader:
            head = self._head("delta", (self.widths[index],), (self.widths[index], self.widths[index]), _SWAP)
            result[head, least((index, find(index)), _SWAP)] = 1
        return {key: e for key, e in result.items() if e}

    def _identity(
        self,
        head: int,
        indices: tuple[Index, ...],
        exponent: Exponent,
        powers: dict[tuple[int, tuple[Index, ...]], Exponent],
    ) -> Polynomial | None:
        """The monomial rewritten by an identity of one of its factors, or None if none applies."""
        kind = self.heads[head].kind
        if kind == "power":
            return self._reduced_power(head, indices, exponent, powers)
        if kind == "step" and exponent != 1:  # a step is 0 or 1
            if exponent < 0:
                raise Undefined("This divides by a step function, which may be 0.")
            return self._with(powers, {(head, indices): 1})
        if kind == "prime" and not 0 < exponent < 1:
            whole = exponent.__floor__()
            prime = self.heads[head].data[0]
            assert isinstance(prime, int)
            rest = self._with(powers, {(head, indices): exponent - whole})
            return self.scaled(rest, Fraction(prime) ** whole)
        laws = self._laws.get(head)
        if laws:
            return self._by_law(head, indices, exponent, powers, laws)
        return None

    def _by_law(
        self,
        head: int,
        indices: tuple[Index, ...],
        exponent: Exponent,
        powers: dict[tuple[int, tuple[Index, ...]], Exponent],
        laws: frozenset[str],
    ) -> Polynomial | None:
        name = self.heads[head].data[0]
        if ("binary" in laws or laws & {"one-hot 0", "one-hot 1"}) and exponent > 1:  # entries are 0 or 1
            self.used.add(("binary", name))
            return self._with(powers, {(head, indices): 1})
        for place in (0, 1):
            if f"one-hot {place}" not in laws:
                continue
            for (other, theirs), e in powers.items():
                alike = all(a == b for p, (a, b) in enumerate(zip(indices, theirs, strict=False)) if p != place)
                if other == head and e > 0 and theirs != indices and alike and exponent > 0:
                    self.used.add(("one-hot", name))  # y_j y_k = δ_jk y_j
                    rest = self._with(powers, {(head, theirs): 0})
                    return self.times(rest, self.delta(indices[place], theirs[place]))
        return None

    def _with(
        self,
        powers: dict[tuple[int, tuple[Index, ...]], Exponent],
        changes: Mapping[tuple[int, tuple[Index, ...]], Exponent],
    ) -> Polynomial:
        return self._rewritten({**powers, **changes})

    def _reduced_power(
        self,
        head: int,
        indices: tuple[Index, ...],
        exponent: Exponent,
        powers: dict[tuple[int, tuple[Index, ...]], Exponent],
    ) -> Polynomial | None:
        """P^e with P = c·lead + tail: expand e ≥ 1; cancel the lead against a negative power.

        lead·P^e = (P − tail)·P^e / c; and 1/(lead·P) = (1/lead − c/P) / t where the tail is a number t.
        """
        base = dict(self.argument(head))
        if exponent >= 1:
            whole = exponent.__floor__()
            if whole > LARGEST_EXPANDED_POWER:
                raise TooLarge(f"A power of {whole} of a sum has too many terms.")
            rest = self._with(powers, {(head, indices): exponent - whole})
            here = self.renamed(base, dict(zip(self.slots_of(head), indices, strict=True)))
            for _ in range(whole):
                rest = self.times(rest, here)
            return rest
        if exponent >= 0:
            return None
        lead = self.lead(base)
        if lead is None:
            return None
        names = dict(zip(self.slots_of(head), indices, strict=True))
        (lead_here,) = self.renamed({lead: 1}, names)
        c = base[lead]
        if all(_reaches(powers.get((h, i), 0), e) for h, i, e in lead_here):
            tail = self.renamed({m: k for m, k in base.items() if m != lead}, names)
            without = {(h, i): powers[h, i] - e for h, i, e in lead_here}
            raised = self._with(powers, {**without, (head, indices): exponent + 1})
            kept = self.times(self._with(powers, without), tail)
            return self.scaled(self.minus(raised, kept), Fraction(1) / c)
        constant = base.get(())
        if len(base) == 2 and constant and len(lead_here) == 1:
            ((h, i, e),) = lead_here
            found = powers.get((h, i), 0)
            if found and (found > 0) != (e > 0):
                raised = self._with(powers, {(head, indices): exponent + 1})
                lowered = self._with(powers, {(h, i): found + e})
                return self.scaled(self.minus(raised, self.scaled(lowered, c)), Fraction(1) / constant)
        return None

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

    def laws_of(self, head: int) -> frozenset[str]:
        """What is assumed of a tensor head."""
        return self._laws.get(head, frozenset())

    def inner(self, head: int, indices: tuple[Index, ...]) -> Polynomial:
        """The argument of a function's head at some indices."""
        return self.renamed(dict(self.argument(head)), dict(zip(self.slots_of(head), indices, strict=True)))

    def argument(self, head: int) -> tuple[tuple[Monomial, Rational], ...]:
        argument = self.heads[head].data[-1]
        assert isinstance(argument, tuple)
        return argument

    @staticmethod
    def lead(base: Polynomial) -> Monomial | None:
        """The largest monomial in a degree order; a negative power counts as a degree too."""
        return max((m for m in base if m), key=lambda m: (sum(_size(e) for _, _, e in m), m), default=None)

    # ---- closing sums ----

    def summed(self, polynomial: Polynomial, index: Index) -> Polynomial:
        """Σ over an index."""
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items():
            self._collect(result, self._summed_monomial(monomial, (index,)), coefficient)
        return result

    def _summed_monomial(self, monomial: Monomial, bound: tuple[Index, ...]) -> Polynomial:
        """Σ over all indices of ``bound`` of one monomial."""
        self._spend(1 + len(bound))
        outside = [f for f in monomial if not any(i in bound for i in f[1])]
        inside = [f for f in monomial if any(i in bound for i in f[1])]
        opened, bound = self._opened(inside, bound)
        if opened is not None:  # the product may have grown: normalise it, then close what it became
            result: Polynomial = {}
            for product, coefficient in opened.items():
                self._collect(result, self._closed(product, bound), coefficient)
        else:
            result = self._closed(tuple(inside), bound)
        return self.times({tuple(outside): 1}, result) if outside else result

    def _opened(self, factors: list[Factor], bound: tuple[Index, ...]) -> tuple[Polynomial | None, tuple[Index, ...]]:
        """Open the sums among some factors; their bound indices join ``bound`` under fresh names."""
        if not any(self.heads[h].kind == "sum" and e > 0 and e.__floor__() == e for h, _, e in factors):
            return None, bound
        raw: list[Factor] = []
        for head, indices, exponent in factors:
            if self.heads[head].kind != "sum" or exponent <= 0 or exponent.__floor__() != exponent:
                raw.append((head, indices, exponent))
                continue
            if exponent > LARGEST_EXPANDED_POWER:
                raise TooLarge("A high power of a sum inside a sum has too many terms.")
            for _ in range(int(exponent)):
                inner, theirs = self.open_sum(head, indices)
                raw.extend(inner)
                bound = (*bound, *theirs)
        return self.product_of(raw), bound

    def open_sum(self, head: int, indices: tuple[Index, ...]) -> tuple[list[Factor], tuple[Index, ...]]:
        """The factors under a sum head's Σ, and fresh names of its bound indices."""
        widths, factors = self.heads[head].data
        assert isinstance(widths, tuple)
        assert isinstance(factors, tuple)
        names = dict(zip(self.slots_of(head), indices, strict=True))
        fresh = tuple(self.fresh(width) for width in widths)
        for place, index in enumerate(fresh):
            names[self.index("bound", place, widths[place])] = index
        return [(h, least(tuple(names[i] for i in own), self._group(h)), e) for h, own, e in factors], fresh

    def _closed(self, monomial: Monomial, bound: tuple[Index, ...]) -> Polynomial:
        """Σ over ``bound`` of a monomial without positive sums in it: contract, count, split, name."""
        for head, indices, _ in monomial:
            if self.heads[head].kind == "delta":
                for one, other in (indices, indices[::-1]):
                    if one in bound:
                        rest = tuple(f for f in monomial if f[:2] != (head, indices))
                        left = tuple(i for i in bound if i != one)
                        replaced = self.renamed({rest: 1}, {one: other})
                        result: Polynomial = {}
                        for m, c in replaced.items():
                            self._collect(result, self._summed_monomial(m, left) if left else {m: 1}, c)
                        return result
        occurring = {i for _, indices, _ in monomial for i in indices}
        result = ONE
        for index in bound:
            if index not in occurring:
                result = self.times(result, self.width(self.widths[index]))
        for component, names in self._components(monomial, [i for i in bound if i in occurring]):
            result = self.times(result, self._component(component, names) if names else {tuple(component): 1})
        return result

    def _components(self, monomial: Monomial, bound: list[Index]) -> list[tuple[list[Factor], list[Index]]]:
        """The factors that the bound indices join, with those indices; the free factors come last."""
        groups: list[tuple[list[Factor], set[Index]]] = []
        loose: list[Factor] = []
        for factor in monomial:
            mine = {i for i in factor[1] if i in bound}
            if not mine:
                loose.append(factor)
                continue
            joined = [g for g in groups if g[1] & mine]
            merged = ([factor], set(mine))
            for group in joined:
                merged[0].extend(group[0])
                merged[1].update(group[1])
                groups.remove(group)
            groups.append(merged)
        result = [(factors, [i for i in bound if i in names]) for factors, names in groups]
        return [*result, (loose, [])] if loose else result

    def _component(self, factors: list[Factor], bound: list[Index]) -> Polynomial:
        """A connected sum, under the canonical names of its indices."""
        by_law = self._component_by_law(factors, bound)
        if by_law is not None:
            return by_law
        factors = sorted((h, least(i, self._group(h)), e) for h, i, e in factors)
        inner = set(bound)
        free = sorted({i for _, indices, _ in factors for i in indices} - inner)
        colours = {i: (0, self.widths[i], 0) for i in free}
        colours.update({i: (1, self.widths[i], 0) for i in bound})
        for index in free:
            if index in self._constants:
                colours[index] = (0, self.widths[index], self._constants[index])
        order, orders = canonical(factors, colours, self._group)
        outer, names = [i for i in order if i not in inner], [i for i in order if i in inner]
        place = {i: self.index("slot", p, self.widths[i]) for p, i in enumerate(outer)}
        place.update({i: self.index("bound", p, self.widths[i]) for p, i in enumerate(names)})
        form = tuple(sorted((h, least(tuple(place[i] for i in own), self._group(h)), e) for h, own, e in factors))
        slots = tuple(self.widths[i] for i in outer)
        symmetry = self._automorphisms(factors, outer, orders, inner)
        positive = all(self._is_positive(f) for f in form)
        data = (tuple(self.widths[i] for i in names), form)
        head = self._head("sum", data, slots, symmetry, [form], positive)
        return self.atom(head, tuple(outer))

    def _automorphisms(
        self,
        factors: list[Factor],
        outer: list[Index],
        orders: list[list[Index]] | list[tuple[Index, ...]],
        inner: set[Index],
    ) -> Group | None:
        if len(outer) < 2:
            return None
        place = {i: p for p, i in enumerate(outer)}
        movable = [i for i in outer if i not in self._constants]
        generators = [tuple(place[i] for i in order if i not in inner) for order in orders]
        for one, other in twin_swaps(factors, movable, self._group):
            if self.widths[one] == self.widths[other]:
                swapped = list(range(len(outer)))
                swapped[place[one]], swapped[place[other]] = place[other], place[one]
                generators.append(tuple(swapped))
        return closure(generators, len(outer))

    def _component_by_law(self, factors: list[Factor], bound: list[Index]) -> Polynomial | None:
        """Σ_i y_i = 1 where that is assumed; X⁻¹X = 1; (Σ_i E_i)⁻¹ Σ_i E_i = 1 inside an outer sum."""
        divisors = {f[:2] for f in factors if self.heads[f[0]].kind == "sum" and f[2] < 0}
        if divisors and len(bound) > 1:
            for index in bound:
                mine = [f for f in factors if index in f[1]]
                if any(f[:2] in divisors for f in mine) or len(mine) == len(factors):
                    continue
                ((inner, _),) = self._component(mine, [index]).items()
                if any(f[:2] in divisors for f in inner):
                    product = self.product_of([*inner, *(f for f in factors if f not in mine)])
                    left = tuple(i for i in bound if i != index)
                    result: Polynomial = {}
                    for m, c in product.items():
                        self._collect(result, self._summed_monomial(m, left), c)
                    return result
        for head, indices, exponent in factors:
            laws = self._laws.get(head)
            if laws and exponent == 1:
                for place, index in enumerate(indices):
                    alone = index in bound and indices.count(index) == 1
                    if (
                        f"sums {place}" in laws
                        and alone
                        and not any(index in i for h, i, _ in factors if (h, i) != (head, indices))
                    ):
                        self.used.add((f"sums {place}", self.heads[head].data[0]))
                        rest = tuple(f for f in factors if f[:2] != (head, indices))
                        left = tuple(i for i in bound if i != index)
                        return self._summed_monomial(rest, left) if left else {rest: 1}
            if self.heads[head].kind == "inverse" and exponent == 1:
                cancelled = self._cancelled(head, indices, factors, bound)
                if cancelled is not None:
                    return cancelled
        return None

    def _cancelled(
        self, head: int, indices: tuple[Index, ...], factors: list[Factor], bound: list[Index]
    ) -> Polynomial | None:
        """Σ_j inv(X)_{ij} X_{jk} = δ_ik, and the other way round."""
        argument = self.argument(head)
        if len(argument) != 1 or argument[0][1] != 1 or len(argument[0][0]) != 1:
            return None
        matrix, own, e = argument[0][0][0]
        if e != 1 or len(own) != 2 or len(self.heads[head].slots) != 2:
            return None
        row, column = self.index("lambda", 0, self.widths[own[0]]), self.index("lambda", 1, self.widths[own[0]])
        straight = own == (row, column)
        symmetric = len(self._group(matrix)) > 1
        for other, theirs, exponent in factors:
            if other != matrix or exponent != 1 or len(theirs) != 2:
                continue
            for flip in (False, True) if symmetric else (not straight,):
                first, second = theirs[::-1] if flip else theirs  # the matrix under inv, entry (first, second)
                for mine, shared, outer in ((indices[1], first, second), (indices[0], second, first)):
                    if mine != shared or mine not in bound:
                        continue
                    uses = sum(i.count(mine) for _, i, _ in factors)
                    if uses != 2:
                        continue
                    keep = indices[0] if mine == indices[1] else indices[1]
                    rest = [f for f in factors if f[:2] not in ((head, indices), (other, theirs))]
                    left = tuple(i for i in bound if i != mine)
                    product = self.times(self.product_of(rest), self.delta(keep, outer))
                    closed: Polynomial = {}
                    for m, c in product.items():
                        self._collect(closed, self._summed_monomial(m, left) if left else {m: 1}, c)
                    return closed
        return None

    # ---- positivity and content ----

    def _is_positive(self, factor: Factor) -> bool:
        head, _, _ = factor
        return self.heads[head].positive

    def content(self, polynomial: Polynomial, only_positive: bool = False) -> tuple[Rational, Monomial, Polynomial]:
        """c, M, rest with polynomial = c·M·rest: the common number and factors taken out.

        With ``only_positive`` the number is positive and M is made of positive factors; else the rest's lead has a
        positive coefficient.
        """
        if len(polynomial) == 1:
            ((only, c),) = polynomial.items()
            if not only_positive:
                return c, only, ONE
            common = tuple(f for f in only if self._is_positive(f))
            rest = tuple(f for f in only if not self._is_positive(f))
            return _size(c), common, {rest: 1 if c > 0 else -1}
        least_powers: dict[tuple[int, tuple[Index, ...]], Exponent] = {}
        for position, monomial in enumerate(polynomial):
            here = {(h, i): e for h, i, e in monomial}
            if position == 0:
                least_powers = dict(here)
            else:
                for key in least_powers.keys() | here.keys():
                    least_powers[key] = min(least_powers.get(key, 0), here.get(key, 0))
        common = tuple(
            sorted(
                (h, i, e)
                for (h, i), e in least_powers.items()
                if e and self.heads[h].kind not in ("delta", "step") and (not only_positive or self.heads[h].positive)
            )
        )
        coefficients = [Fraction(k) for k in polynomial.values()]
        number = Fraction(gcd(*(k.numerator for k in coefficients)), lcm(*(k.denominator for k in coefficients)))
        rest_of = self.times(polynomial, self.power_of_monomial(common, -1)) if common else polynomial
        if len(rest_of) > 1:
            lead = self.lead(rest_of)
            if not only_positive and lead is not None and rest_of[lead] < 0:
                number = -number
        return number, common, self.scaled(rest_of, 1 / number)

    def abstracted(
        self, polynomial: Polynomial, fixed: Sequence[Index] = ()
    ) -> tuple[tuple[tuple[Monomial, Rational], ...], tuple[Index, ...], Group | None]:
        """A polynomial as a function of its free indices but for ``fixed``: its canonical form over slots,
        the indices that fill the slots, and the orders of the slots that give the same form."""
        outer = sorted({i for m in polynomial for _, own, _ in m for i in own} - set(fixed))
        if len(outer) > 4:
            raise TooLarge("A function of more than four indices.")
        best: tuple[tuple[tuple[Monomial, Rational], ...], tuple[Index, ...]] | None = None
        ties: list[tuple[Index, ...]] = []
        ranked = sorted(outer, key=self.widths.__getitem__)
        for order in permutations(ranked):
            if [self.widths[i] for i in order] != [self.widths[i] for i in ranked]:
                continue
            names = {i: self.index("slot", place, self.widths[i]) for place, i in enumerate(order)}
            form = tuple(sorted(self.renamed(polynomial, names).items()))
            if best is None or form < best[0]:
                best, ties = (form, order), [order]
            elif form == best[0]:
                ties.append(order)
        assert best is not None
        place_of = {i: p for p, i in enumerate(best[1])}
        group = closure([tuple(place_of[i] for i in order) for order in ties], len(outer)) if len(ties) > 1 else None
        return best[0], best[1], group
