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

from collections.abc import Sequence
from fractions import Fraction
from itertools import permutations
from math import gcd, lcm
from typing import final

from derivations.kernel.canonical import Exponent, Factor, Group, Index, TooLarge, canonical, closure, least, twin_swaps
from derivations.kernel.heads import (
    DEFAULT_BUDGET,
    LARGEST_EXPANDED_POWER,
    ONE,
    ZERO,
    Heads,
    Monomial,
    OutsideFragment,
    Polynomial,
    Rational,
    Undefined,
    Width,
    size,
)
from derivations.kernel.products import FACTORS_PER_UNIT, Products

__all__ = [
    "DEFAULT_BUDGET",
    "LARGEST_EXPANDED_POWER",
    "ONE",
    "ZERO",
    "Algebra",
    "Heads",
    "Monomial",
    "OutsideFragment",
    "Polynomial",
    "Rational",
    "TooLarge",
    "Undefined",
    "Width",
]


@final
class Algebra(Products):
    """The normal forms of one question."""

    # ---- closing sums ----

    def summed(self, polynomial: Polynomial, index: Index) -> Polynomial:
        """Σ over an index."""
        width = self.widths[index]
        count = self._width_names[width]
        if isinstance(count, int) and count <= self.written_out:
            self._spend(count * len(polynomial))
            places = (self.constant_index(place, width) for place in range(1, count + 1))
            return self.plus(ZERO, *(self.renamed(polynomial, {index: place}) for place in places))
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
        order, orders = canonical(factors, colours, self._group, self._spend)
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
        self._spend(len(movable) ** 2 * len(factors) // FACTORS_PER_UNIT)
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

    def _rejoined(self, head: int, indices: tuple[Index, ...], exponent: Exponent) -> Polynomial:
        """A head whose slots coincide, under the head that it is then: Σ_k B_ik B_jk at i = j is Σ_k B_ik²."""
        kind, data = self.heads[head].kind, self.heads[head].data
        if kind != "sum":
            own = indices[: self._arguments[head]]
            rest = indices[self._arguments[head] :]
            inside = self.inner(head, indices)
            if not inside and kind in ("power", "step"):
                if exponent < 0:
                    raise Undefined("This divides by zero where two indices are equal.")
                return ZERO
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
            return size(c), common, {rest: 1 if c > 0 else -1}
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

    def over_no_sum(self, polynomial: Polynomial) -> Polynomial:
        """The polynomial times all sums that it is divided by, which are not 0 where it has a value.

        Two fractions over different sums, 1/(PQ), have no single form as a sum of fractions here; their numerators do.
        """
        divisors: dict[tuple[int, tuple[Index, ...]], Exponent] = {}
        for monomial in polynomial:
            for head, indices, e in monomial:
                if e < 0 and self.heads[head].kind == "power" and Fraction(e).denominator == 1:
                    divisors[head, indices] = max(divisors.get((head, indices), 0), -e)
        common = tuple(sorted((head, indices, e) for (head, indices), e in divisors.items()))
        result: Polynomial = {}
        for monomial, coefficient in polynomial.items() if common else ():
            self._collect(result, self.product_of([*monomial, *common]), coefficient)
        return result if common else polynomial

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
