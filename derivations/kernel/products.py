"""Sums and products of normal forms, and the identities that rewrite a product."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction

from derivations.kernel.canonical import Exponent, Factor, Index, TooLarge, least
from derivations.kernel.heads import (
    LARGEST_EXPANDED_POWER,
    ONE,
    SWAP,
    ZERO,
    Heads,
    Monomial,
    Polynomial,
    Rational,
    Undefined,
    bounded,
    rational_power,
)

UNITS = 4
"""What a term costs."""
FACTORS_PER_UNIT = 8
"""So many factors cost as much as a term."""


def _reaches(found: Exponent, wanted: Exponent) -> bool:
    """Whether a power contains another of the same sign."""
    return bool(found >= wanted) if wanted > 0 else bool(found <= wanted)


class Products(Heads):
    """Arithmetic of polynomials whose sums are closed. ``Algebra`` closes them."""

    def _spend(self, amount: int) -> None:
        self.purse.spend(amount * UNITS)

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
        if not by:
            return ZERO
        if by == 1:
            return polynomial
        return {m: bounded(c * by) for m, c in polynomial.items()}

    def minus(self, left: Polynomial, right: Polynomial) -> Polynomial:
        return self.plus(left, self.scaled(right, -1))

    def _collect(self, into: Polynomial, terms: Polynomial, by: Rational) -> None:
        for monomial, coefficient in terms.items():
            total = into.get(monomial, 0) + coefficient * by
            if total:
                into[monomial] = total
            else:
                del into[monomial]

    def times(self, left: Polynomial, right: Polynomial) -> Polynomial:
        if len(left) == 1 and () in left:
            return self.scaled(right, left[()])
        if len(right) == 1 and () in right:
            return self.scaled(left, right[()])
        self._spend(len(left) * len(right))
        result: Polynomial = {}
        for m1, c1 in left.items():
            for m2, c2 in right.items():
                self._collect(result, self._merged(m1, m2), bounded(c1 * c2))
        return result

    def _merged(self, one: Monomial, other: Monomial) -> Polynomial:
        if not one:
            return {other: 1}
        if not other:
            return {one: 1}
        return self.product_of((*one, *other))

    def product_of(self, factors: Sequence[Factor]) -> Polynomial:
        """The normal form of a product of factors (each written with its least indices)."""
        self._spend(len(factors) // FACTORS_PER_UNIT)
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

    def power_of_monomial(self, monomial: Monomial, exponent: Exponent) -> Polynomial:
        return self.product_of([(h, i, e * exponent) for h, i, e in monomial])

    def renamed(self, polynomial: Polynomial, names: Mapping[Index, Index]) -> Polynomial:
        """The polynomial with free indices renamed (all at once; two may become one)."""
        for one, other in names.items():
            if one != other:
                break
        else:
            return polynomial
        self._spend(len(polynomial) // FACTORS_PER_UNIT)
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

    def inner(self, head: int, indices: tuple[Index, ...]) -> Polynomial:
        """The argument of a function's head at some indices."""
        return self.renamed(dict(self.argument(head)), dict(zip(self.slots_of(head), indices, strict=True)))

    def free(self, polynomial: Polynomial) -> set[Index]:
        """The free indices, constants aside."""
        found = {i for monomial in polynomial for _, indices, _ in monomial for i in indices}
        return found - self._constants.keys()

    def _coincide(self, head: int, indices: tuple[Index, ...]) -> bool:
        """Whether two slots of what is inside a head have become one index."""
        count = self._arguments[head]
        return count > 1 and len(set(indices[:count])) < count

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
            head = self._head("delta", (self.widths[index],), (self.widths[index], self.widths[index]), SWAP)
            result[head, least((index, find(index)), SWAP)] = 1
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
            return self.scaled(rest, rational_power(prime, int(whole)))
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
            if f"sums {place}" in laws and exponent >= 1 and self._is_last(indices[place]):
                self.used.add((f"sums {place}", name))  # y_n = 1 − y_1 − … − y_{n−1}
                rest = self._with(powers, {(head, indices): exponent - 1})
                return self.times(rest, self._rest_of_1(head, indices, place))
            if f"one-hot {place}" not in laws:
                continue
            for (other, theirs), e in powers.items():
                alike = all(a == b for p, (a, b) in enumerate(zip(indices, theirs, strict=False)) if p != place)
                if other == head and e > 0 and theirs != indices and alike and exponent > 0:
                    self.used.add(("one-hot", name))  # y_j y_k = δ_jk y_j
                    rest = self._with(powers, {(head, theirs): 0})
                    return self.times(rest, self.delta(indices[place], theirs[place]))
        return None

    def _is_last(self, index: Index) -> bool:
        """Whether it is the number n, over a width n whose sums are written out."""
        count = self._width_names[self.widths[index]]
        return isinstance(count, int) and count <= self.written_out and self._constants.get(index) == count

    def _rest_of_1(self, head: int, indices: tuple[Index, ...], place: int) -> Polynomial:
        """1 less the other entries along a position."""
        last, width = self._constants[indices[place]], self.widths[indices[place]]
        result = ONE
        for other in (self.constant_index(value, width) for value in range(1, last)):
            entry = (head, least((*indices[:place], other, *indices[place + 1 :]), self.heads[head].symmetry), 1)
            result = self.minus(result, self.product_of([entry]))
        return result

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

        Without a tail P^e = P^{e−k} (c·lead)^k. Else lead·P^e = (P − tail)·P^e / c; and
        1/(lead·P) = (1/lead − c/P) / t where the tail is a number t.
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
        moved = self.renamed({lead: 1}, names)
        if len(moved) != 1 or set(moved.values()) != {1}:  # what is assumed of an entry has made the lead another sum
            return None
        (lead_here,) = moved
        c = base[lead]
        if len(base) == 1:  # a root of a product: its whole powers go to the factors
            whole = exponent.__floor__()
            changes = {(h, i): powers.get((h, i), 0) + e * whole for h, i, e in lead_here}
            rest = self._with(powers, {**changes, (head, indices): exponent - whole})
            return self.scaled(rest, rational_power(c, int(whole)))
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

    def tensor(
        self, name: Hashable, indices: tuple[Index, ...], laws: frozenset[str] = frozenset(), positive: bool = False
    ) -> Polynomial:
        """An entry of a tensor. ``laws``: symmetric, diagonal, binary, "sums 0" (over position 0), "one-hot 0" …"""
        widths = tuple(self.widths[i] for i in indices)
        symmetry = SWAP if "symmetric" in laws or "diagonal" in laws else None
        head = self._head("tensor", (name,), widths, symmetry, positive=positive)
        if laws:
            self._laws[head] = laws
            self._rewriting[head] = bool(
                laws - {"symmetric"} - ({"sums 0", "sums 1"} if not self.written_out else set())
            )
        if "diagonal" in laws and indices[0] != indices[1]:
            self.used.add(("diagonal", name))
            return self.times(self.delta(*indices), self.atom(head, (indices[0], indices[0])))
        if self._rewriting[head] and self.written_out:
            return self.product_of([(head, least(indices, self.heads[head].symmetry), 1)])
        return self.atom(head, indices)

    def define(self, name: Hashable, indices: tuple[Index, ...], value: Polynomial) -> None:
        """Make a tensor stand for ``value`` over these indices. It stays folded until it is unfolded, but its
        derivatives are those of its definition."""
        widths = tuple(self.widths[i] for i in indices)
        head = self._head("tensor", (name,), widths, inside=value)
        self.definitions[head] = self.renamed(value, dict(zip(indices, self.slots_of(head), strict=True)))

    def _rejoined(self, head: int, indices: tuple[Index, ...], exponent: Exponent) -> Polynomial:
        """A head whose slots coincide, under the head that it is then."""
        raise NotImplementedError
