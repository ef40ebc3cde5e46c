"""Sums of products of entries: what an index form is made of, with its δs, its sums and its letters.

Nothing here is trusted: the kernel proves each formula that is made of terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from itertools import chain

from derivations.equations.turning import mapped
from derivations.formula import (
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Index,
    IndexSum,
    Negation,
    Number,
    Op,
    Symbol,
    walk,
)
from derivations.shapes import Extent, Width
from derivations.values import replaced, value

LETTERS = "jkirstuvhqgcabαβγμνρτφψω"
"""The letters that an index may get, in the order of preference; no p, since A_{pi} could be read as A with a π."""

MOST_SPREAD = 16
"""Terms that are looked at when sums are multiplied out."""


class TooManyLetters(Exception):  # noqa: N818
    """A formula needs more index letters than there are."""


@value
class Term:
    """coefficient · Π factors / Π divisors, summed over ``bound``. Each factor and divisor is a number."""

    coefficient: Fraction = Fraction(1)
    factors: tuple[Formula, ...] = ()
    divisors: tuple[Formula, ...] = ()
    bound: tuple[tuple[str, Extent], ...] = ()

    def times(self, other: Term) -> Term:
        return Term(
            self.coefficient * other.coefficient,
            self.factors + other.factors,
            self.divisors + other.divisors,
            self.bound + other.bound,
        )

    def scaled(self, by: Fraction) -> Term:
        return replaced(self, coefficient=self.coefficient * by)

    def renamed(self, names: Mapping[str, str]) -> Term:
        return Term(
            self.coefficient,
            tuple(renamed(factor, names) for factor in self.factors),
            tuple(renamed(divisor, names) for divisor in self.divisors),
            tuple((names.get(letter, letter), extent) for letter, extent in self.bound),
        )


def of_factors(*factors: Formula) -> Term:
    """The product of some numbers; those that are written as digits make the coefficient."""
    coefficient, left = Fraction(1), list[Formula]()
    for factor in factors:
        match factor:
            case Number(number):
                coefficient *= number
            case Negation(of):
                inner = of_factors(of)
                coefficient *= -inner.coefficient
                left += inner.factors
            case Binary(Op.OVER, Number(one), Number(two)) if two:
                coefficient *= one / two
            case Binary(Op.PRODUCT, one, other) if _is_of_entries(factor):
                inner = of_factors(one, other)
                coefficient *= inner.coefficient
                left += inner.factors
            case _:
                left.append(factor)
    return Term(coefficient, tuple(left))


def _is_of_entries(formula: Formula) -> bool:
    """Whether a product is one of numbers, each written with its letters or as a number: no xᵀ A x."""
    match formula:
        case Binary(Op.PRODUCT, left, right):
            return _is_of_entries(left) and _is_of_entries(right)
        case Number() | Binary(Op.OVER, Number(), Number()):
            return True
        case Negation(of):
            return _is_of_entries(of)
        case _:
            return any(True for _ in letters(formula))


def divided(term: Term, by: Formula) -> Term:
    """The term over a number."""
    if isinstance(by, Number) and by.value:
        return term.scaled(1 / by.value)
    return replaced(term, divisors=(*term.divisors, by))


# ---- letters ----


def letters(formula: Formula) -> Iterator[str]:
    """The free index letters of a formula, in the order in which they stand."""
    match formula:
        case Entry(of, indices):
            yield from letters(of)
            yield from (index.name for index in indices if index.number is None)
        case Derivative(of, by):
            yield from letters(of)
            yield from letters(by)
        case IndexSum(index, body):
            yield from (letter for letter in letters(body) if letter != index)
        case _:
            yield from chain.from_iterable(letters(part) for part in _parts(formula))


def _parts(formula: Formula) -> list[Formula]:
    found: list[Formula] = []

    def note(part: Formula) -> Formula:
        found.append(part)
        return part

    mapped(formula, note)
    return found


def renamed(formula: Formula, names: Mapping[str, str]) -> Formula:
    """The formula with its free letters renamed."""
    match formula:
        case Entry(of, indices):
            return Entry(renamed(of, names), tuple(Index(names.get(index.name, index.name)) for index in indices))
        case Derivative(of, by):
            at = renamed(by, names)
            assert isinstance(at, Symbol | Entry)
            return Derivative(renamed(of, names), at)
        case IndexSum(index, body, upper):
            kept = {old: new for old, new in names.items() if old != index}
            return IndexSum(index, renamed(body, kept), upper)
        case _:
            return mapped(formula, lambda part: renamed(part, names))


def lettered(formula: Formula, taken: frozenset[str]) -> Formula:
    """The formula with a letter for each sum that has a number yet (#1, #2 …), none of them ``taken``."""
    used = taken | set(letters(formula)) | {n.index for n in walk(formula) if isinstance(n, IndexSum)}
    return _lettered(formula, frozenset(used))


def _lettered(formula: Formula, taken: frozenset[str]) -> Formula:
    if isinstance(formula, IndexSum) and formula.index.startswith("#"):
        letter = next((letter for letter in LETTERS if letter not in taken), None)
        if letter is None:
            raise TooManyLetters("It needs more index letters than there are.")
        body = renamed(formula.body, {formula.index: letter})
        return IndexSum(letter, _lettered(body, taken | {letter}))
    if isinstance(formula, Derivative):
        return replaced(formula, of=_lettered(formula.of, taken))
    return mapped(formula, lambda part: _lettered(part, taken))


# ---- δ, cancelling, collecting ----


def delta(one: str, other: str, extent: Extent) -> Formula:
    """Kronecker's δ, as an entry of the unit matrix."""
    return Entry(Call("eye", (width(extent),)), (Index(one), Index(other)))


def width(extent: Extent) -> Formula:
    """A number of rows or columns as a formula."""
    return Symbol(extent.name, extent.layer) if isinstance(extent, Width) else Number(Fraction(extent))


def _ends(factor: Formula) -> tuple[str, str] | None:
    if isinstance(factor, Entry) and isinstance(factor.of, Call) and factor.of.name == "eye":
        one, other = factor.indices
        return one.name, other.name
    return None


def tidied(terms: Iterable[Term]) -> list[Term]:
    """The terms with each δ taken up by a sum, common factors cancelled, and like terms collected."""
    kept: dict[object, Term] = {}
    for raw in terms:
        term = _counted(_cancelled(_collapsed(raw)))
        key = _likeness(term)
        kept[key] = term.scaled(1 + kept[key].coefficient / term.coefficient) if key in kept else term
    return [term for term in kept.values() if term.coefficient]


def _collapsed(term: Term) -> Term:
    """Σ_k δ_kj x_k = x_j."""
    bound = {letter for letter, _ in term.bound}
    for place, factor in enumerate(term.factors):
        ends = _ends(factor)
        if ends is None:
            continue
        one, other = ends
        rest = replaced(term, factors=term.factors[:place] + term.factors[place + 1 :])
        if one == other:
            return _collapsed(rest)
        for gone, stays in ((one, other), (other, one)):
            if gone in bound:
                left = tuple(item for item in term.bound if item[0] != gone)
                return _collapsed(replaced(rest, bound=left).renamed({gone: stays}))
    return term


def _cancelled(term: Term) -> Term:
    factors, divisors = list(term.factors), list[Formula]()
    for divisor in term.divisors:
        if divisor in factors:
            factors.remove(divisor)
        else:
            divisors.append(divisor)
    return replaced(term, factors=tuple(factors), divisors=tuple(divisors))


def _counted(term: Term) -> Term:
    """Σ_k e = n e, where k does not occur in e."""
    occurring = {letter for part in (*term.factors, *term.divisors) for letter in letters(part)}
    idle = [extent for letter, extent in term.bound if letter not in occurring]
    bound = tuple(item for item in term.bound if item[0] in occurring)
    return replaced(of_factors(*(width(extent) for extent in idle)).times(replaced(term, bound=())), bound=bound)


def _likeness(term: Term) -> object:
    """Equal for terms that differ in their coefficient and in the names of bound letters alone."""
    order = [letter for part in (*term.factors, *term.divisors) for letter in letters(part)]
    bound = {letter for letter, _ in term.bound}
    names = {letter: f"#{place}" for place, letter in enumerate(dict.fromkeys(order)) if letter in bound}
    plain = term.renamed(names)
    return frozenset(_counts(plain.factors)), frozenset(_counts(plain.divisors)), frozenset(plain.bound)


def _counts(parts: Sequence[Formula]) -> Iterator[tuple[Formula, int]]:
    return ((part, parts.count(part)) for part in parts)


def multiplied_out(terms: Sequence[Term]) -> list[Term]:
    """The terms with sums among their factors multiplied out, if they are fewer then; else as they were."""
    if not all(any(isinstance(f, Binary) and f.op in (Op.PLUS, Op.MINUS) for f in t.factors) for t in terms):
        return list(terms)
    spread = [term for each in terms for term in _distributed(each)]
    found = tidied(spread) if len(spread) <= MOST_SPREAD else list(terms)
    size = sum(len(term.factors) for term in found) + len(found)
    return found if size < sum(len(term.factors) + 2 for term in terms) + len(terms) else list(terms)


def _distributed(term: Term) -> list[Term]:
    for place, factor in enumerate(term.factors):
        if isinstance(factor, Binary) and factor.op in (Op.PLUS, Op.MINUS):
            rest = replaced(term, factors=term.factors[:place] + term.factors[place + 1 :])
            sign = Fraction(-1 if factor.op is Op.MINUS else 1)
            parts = of_factors(factor.left), of_factors(factor.right).scaled(sign)
            return [each for part in parts for each in _distributed(rest.times(part))]
    return [term]


# ---- terms as formulas ----


def formula_of(terms: Sequence[Term]) -> Formula:
    """The sum of the terms."""
    if not terms:
        return Number(Fraction(0))
    terms = sorted(terms, key=lambda term: term.coefficient < 0)
    signed = [(term.coefficient < 0, _product(term.scaled(Fraction(-1) if term.coefficient < 0 else Fraction(1))))
              for term in terms]  # fmt: skip
    negative, first = signed[0]
    total: Formula = Negation(first) if negative else first
    for negative, term in signed[1:]:
        total = Binary(Op.MINUS if negative else Op.PLUS, total, term)
    return total


def _product(term: Term) -> Formula:
    above = list(term.factors)
    if term.coefficient.numerator != 1 or not above:
        above.insert(0, Number(Fraction(term.coefficient.numerator)))
    below = list(term.divisors)
    if term.coefficient.denominator != 1:
        below.insert(0, Number(Fraction(term.coefficient.denominator)))
    inside = product(above)
    if below:
        inside = Binary(Op.OVER, inside, product(below))
    for letter, _ in reversed(term.bound):
        inside = IndexSum(letter, inside)
    return inside


def product(factors: Sequence[Formula]) -> Formula:
    """The product of some formulas, from left to right."""
    return reduce(lambda left, right: Binary(Op.PRODUCT, left, right), factors)
