"""Differentiation and substitution of normal forms.

Both walk the heads of a polynomial, each distinct head once; the indices of differentiation are reserved ones, so that
nothing is captured.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import final

from derivations.kernel import functions, matrices
from derivations.kernel.algebra import ONE, ZERO, Algebra, Monomial, OutsideFragment, Polynomial, Undefined, Width
from derivations.kernel.canonical import Index

_CONSTRAINED = frozenset({"symmetric", "diagonal", "binary", "sums 0", "sums 1", "one-hot 0", "one-hot 1"})


def derivative(
    algebra: Algebra, polynomial: Polynomial, name: Hashable, widths: tuple[Width, ...], by: tuple[Index, ...]
) -> Polynomial:
    """∂polynomial/∂(tensor ``name``)_{by}. The indices ``by`` must not be free in the polynomial.

    Raises OutsideFragment if the tensor's entries are bound to each other by a hypothesis.
    """
    head = algebra.tensor_head(name, widths)
    if head is None:
        return ZERO
    if algebra.laws_of(head) & _CONSTRAINED:
        raise OutsideFragment(f"The entries of {name} are not independent; nothing is differentiated by them.")
    assert not set(by) & algebra.free(polynomial)
    rules = algebra.derivatives.get(head)
    if not isinstance(rules, _Derivative):
        rules = algebra.derivatives[head] = _Derivative(algebra, head)
    return algebra.renamed(rules.of(polynomial), dict(zip(rules.by, by, strict=True)))


@final
class _Derivative:
    """The derivatives of heads by one tensor; over each head's slots and the reserved indices ``by``."""

    def __init__(self, algebra: Algebra, target: int) -> None:
        self.algebra, self.target = algebra, target
        self.by = tuple(algebra.index("by", p, w) for p, w in enumerate(algebra.heads[target].slots))
        self._known: dict[int, Polynomial] = {}

    def of(self, polynomial: Polynomial) -> Polynomial:
        """The sum and product rules."""
        algebra = self.algebra
        terms = [algebra.scaled(self._of_monomial(m), c) for m, c in polynomial.items() if m]
        return algebra.plus(ZERO, *terms)

    def _of_monomial(self, monomial: Monomial) -> Polynomial:
        algebra, result = self.algebra, ZERO
        for place, (head, indices, exponent) in enumerate(monomial):
            if self.target not in algebra.heads[head].tensors:
                continue
            names = dict(zip(algebra.slots_of(head), indices, strict=True))
            inner = algebra.renamed(self._of_head(head), names)
            others = algebra.product_of([*monomial[:place], *monomial[place + 1 :], (head, indices, exponent - 1)])
            result = algebra.plus(result, algebra.scaled(algebra.times(others, inner), exponent))
        return result

    def _of_head(self, head: int) -> Polynomial:
        if head not in self._known:
            self._known[head] = _CHAIN_RULES[self.algebra.heads[head].kind](self, head)
        return self._known[head]

    def _inside(self, head: int) -> Polynomial:
        """The derivative of a head's argument, over the head's slots."""
        return self.of(dict(self.algebra.argument(head)))

    def tensor(self, head: int) -> Polynomial:
        """δ for the variable itself; a defined tensor has the derivative of its definition."""
        algebra, result = self.algebra, ONE
        if head != self.target:
            return self.of(algebra.definitions[head])
        for slot, by in zip(algebra.slots_of(head), self.by, strict=True):
            result = algebra.times(result, algebra.delta(slot, by))
        return result

    def function(self, head: int) -> Polynomial:
        algebra = self.algebra
        name, layer, order = algebra.heads[head].data[:3]
        assert isinstance(name, str)
        assert isinstance(order, int)
        argument = dict(algebra.argument(head))
        if name == "log":
            outer = functions.power(algebra, argument, -1, again=True)  # it is positive, as the logarithm has recorded
        else:
            outer = functions.unknown(algebra, name, layer, order + 1, argument)
        return algebra.times(outer, self._inside(head))

    def exp(self, head: int) -> Polynomial:
        return self.algebra.times(self.algebra.atom(head, self.algebra.slots_of(head)), self._inside(head))

    def power(self, head: int) -> Polynomial:
        return self._inside(head)

    def step(self, _: int) -> Polynomial:
        self.algebra.used |= {("kinks", ""), ("away from kinks", "")}
        return ZERO

    def sum(self, head: int) -> Polynomial:
        algebra = self.algebra
        factors, bound = algebra.open_sum(head, algebra.slots_of(head))
        result = self._of_monomial(tuple(factors))
        for index in bound:
            result = algebra.summed(result, index)
        return result

    def loss(self, head: int) -> Polynomial:
        """Σ over the loss's own arguments of (∂ᵏ⁺¹C)(…) times the argument's derivative."""
        algebra = self.algebra
        name, order, widths, _ = algebra.heads[head].data
        assert isinstance(name, str)
        assert isinstance(order, int)
        assert isinstance(widths, tuple)
        argument = dict(algebra.argument(head))
        over = tuple(algebra.index("lambda", p, w) for p, w in enumerate(widths))
        fresh = tuple(algebra.fresh(w) for w in widths)
        slots = algebra.slots_of(head)
        before = slots[len(slots) - order * len(widths) :]
        outer = functions.loss_derivative(algebra, name, order + 1, argument, over, (*before, *fresh))
        inner = algebra.renamed(self.of(argument), dict(zip(over, fresh, strict=True)))
        result = algebra.times(outer, inner)
        for index in fresh:
            result = algebra.summed(result, index)
        return result

    def inverse(self, head: int) -> Polynomial:
        """∂inv(X) = −inv(X) ∂X inv(X)."""
        algebra = self.algebra
        *outer, row, column = algebra.slots_of(head)
        inner, one, other = self._matrix(algebra.widths[row], head)
        left = algebra.atom(head, (*outer, row, one))
        right = algebra.atom(head, (*outer, other, column))
        product = algebra.times(algebra.times(left, inner), right)
        return algebra.scaled(algebra.summed(algebra.summed(product, one), other), -1)

    def determinant(self, head: int) -> Polynomial:
        """∂det(X) = det(X) tr(inv(X) ∂X)."""
        algebra = self.algebra
        slots = algebra.slots_of(head)
        matrix = dict(algebra.argument(head))
        width = next(algebra.widths[i] for i in _lambdas(algebra, matrix))
        inner, one, other = self._matrix(width, head)
        rows = algebra.index("lambda", 0, width), algebra.index("lambda", 1, width)
        renamed = algebra.renamed(matrix, dict(zip(rows, (one, other), strict=True)))
        turned = matrices.inverse(algebra, renamed, one, other)
        turned = algebra.renamed(turned, {one: other, other: one})
        product = algebra.times(algebra.times(algebra.atom(head, slots), turned), inner)
        return algebra.summed(algebra.summed(product, one), other)

    def _matrix(self, width: Width, head: int) -> tuple[Polynomial, Index, Index]:
        """The derivative of the matrix under inv or det, at two fresh indices."""
        algebra = self.algebra
        one, other = algebra.fresh(width), algebra.fresh(width)
        names = {algebra.index("lambda", 0, width): one, algebra.index("lambda", 1, width): other}
        return algebra.renamed(self._inside(head), names), one, other


def _lambdas(algebra: Algebra, matrix: Polynomial) -> list[Index]:
    reserved = {algebra.index("lambda", 0, w) for w in set(algebra.widths)}
    return sorted(algebra.free(matrix) & reserved)


_CHAIN_RULES: dict[str, Callable[[_Derivative, int], Polynomial]] = {
    "tensor": _Derivative.tensor,
    "function": _Derivative.function,
    "exp": _Derivative.exp,
    "power": _Derivative.power,
    "step": _Derivative.step,
    "sum": _Derivative.sum,
    "loss": _Derivative.loss,
    "inverse": _Derivative.inverse,
    "determinant": _Derivative.determinant,
}


# ---- substitution ----


def unfolded(algebra: Algebra, polynomial: Polynomial) -> Polynomial | None:
    """The polynomial with its most derived defined tensor replaced by the definition; None if there is none."""
    inside = frozenset[int]().union(*(algebra.heads[h].tensors for m in polynomial for h, _, _ in m))
    defined = [head for head in algebra.definitions if head in inside]
    if not defined:
        return None
    head = defined[-1]  # definitions stand in order: nothing else here is defined through it
    value = algebra.definitions[head]
    names = algebra.slots_of(head)
    return _Substitution(algebra, head, lambda at: algebra.renamed(value, dict(zip(names, at, strict=True)))).of(
        polynomial
    )


def substituted(
    algebra: Algebra,
    polynomial: Polynomial,
    name: Hashable,
    widths: tuple[Width, ...],
    value: Callable[[tuple[Index, ...]], Polynomial],
) -> Polynomial:
    """The polynomial with a tensor's entries replaced by ``value(indices)``. Defined tensors stay as they are."""
    head = algebra.tensor_head(name, widths)
    return polynomial if head is None else _Substitution(algebra, head, value).of(polynomial)


@final
class _Substitution:
    def __init__(self, algebra: Algebra, target: int, value: Callable[[tuple[Index, ...]], Polynomial]) -> None:
        self.algebra, self.target, self.value = algebra, target, value
        self._known: dict[int, Polynomial] = {}

    def of(self, polynomial: Polynomial) -> Polynomial:
        algebra, result = self.algebra, ZERO
        for monomial, coefficient in polynomial.items():
            kept = [f for f in monomial if self.target not in algebra.heads[f[0]].tensors]
            term: Polynomial = algebra.product_of(kept) if len(kept) < len(monomial) else {monomial: 1}
            for head, indices, exponent in monomial:
                if self.target in algebra.heads[head].tensors:
                    names = dict(zip(algebra.slots_of(head), indices, strict=True))
                    base = algebra.renamed(self._head(head), names)
                    term = algebra.times(term, functions.power(algebra, base, exponent, again=True))
            result = algebra.plus(result, algebra.scaled(term, coefficient))
        return result

    def _head(self, head: int) -> Polynomial:
        if head not in self._known:
            self._known[head] = self._rebuilt(head)
        return self._known[head]

    def _rebuilt(self, head: int) -> Polynomial:
        """The head after the substitution, over its slots."""
        algebra, slots = self.algebra, self.algebra.slots_of(head)
        kind, data = algebra.heads[head].kind, algebra.heads[head].data
        if kind == "tensor":
            return self.value(slots) if head == self.target else algebra.atom(head, slots)
        if kind == "sum":
            factors, bound = algebra.open_sum(head, slots)
            result = self.of({tuple(factors): 1})
            for index in bound:
                result = algebra.summed(result, index)
            return result
        argument = self.of(dict(algebra.argument(head)))
        match kind:
            case "function":
                name, layer, order = data[:3]
                assert isinstance(name, str)
                assert isinstance(order, int)
                if name == "log":
                    return functions.log(algebra, argument)
                return functions.unknown(algebra, name, layer, order, argument)
            case "exp":
                return functions.exp(algebra, argument)
            case "power":
                return argument
            case "step":
                return functions.step(algebra, argument)
            case "loss":
                name, order, widths, _ = data
                assert isinstance(name, str)
                assert isinstance(order, int)
                assert isinstance(widths, tuple)
                over = tuple(algebra.index("lambda", p, w) for p, w in enumerate(widths))
                by = slots[len(slots) - order * len(widths) :]
                return functions.loss_derivative(algebra, name, order, argument, over, by)
            case _:
                assert kind in ("inverse", "determinant")
                width = next(algebra.widths[i] for i in _lambdas(algebra, dict(algebra.argument(head))))
                one, other = algebra.fresh(width), algebra.fresh(width)
                names = {algebra.index("lambda", 0, width): one, algebra.index("lambda", 1, width): other}
                matrix = algebra.renamed(argument, names)
                if kind == "determinant":
                    return matrices.determinant(algebra, matrix, one, other)
                result = matrices.inverse(algebra, matrix, one, other)
                return algebra.renamed(result, {one: slots[-2], other: slots[-1]})


_ORDINAL = "·t"


def named(algebra: Algebra, name: str, order: int, argument: Polynomial) -> Polynomial:
    """The ``order``-th derivative of a named function, at an argument."""
    build = functions.NAMED[name]
    if order == 0:
        return build(algebra, argument)
    if not argument and name in functions.KINKED:
        raise Undefined(f"{name} has no derivative at 0.")
    if order > 6:
        raise OutsideFragment("A derivative of an order above 6.")
    variable = algebra.tensor(_ORDINAL, ())
    used = set(algebra.used)
    result = build(algebra, variable)
    for _ in range(order):
        result = derivative(algebra, result, _ORDINAL, (), ())
    if name in functions.KINKED | functions.STEP_AT_KINK:
        algebra.used = used
        if algebra.sign_of(argument) is None:
            conventional = order == 1 and name in functions.STEP_AT_KINK  # at 0 it is what comes out here
            algebra.used.add(("kinks", ""))
            if not conventional:
                functions.stay_away_from_kinks(algebra, argument)
    return substituted(algebra, result, _ORDINAL, (), lambda _: argument)
