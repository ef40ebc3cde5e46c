"""The form of a step: whether it looks as its rule says.

The kernel decides whether the two sides of a step are equal. Here a step is refused that is equal but has not the
form of its rule: a chain rule without a chain is no chain rule, however true.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import assert_never

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Gradient,
    IndexSum,
    LossDerivative,
    Negation,
    Op,
    Symbol,
    Transpose,
    children,
    walk,
)
from derivations.rules import (
    AssembleMatrix,
    Backward,
    ChainRule,
    Definition,
    DeltaCollapses,
    DerivativeOf,
    DiagonalActs,
    ElementwiseChain,
    ForwardPass,
    Hypothesis,
    Instance,
    Jacobian,
    Known,
    LinearDerivative,
    LocalJacobian,
    PowerRule,
    ProductRule,
    QuotientRule,
    Rearrange,
    Rule,
    Simplify,
    Substitute,
    SumRule,
)
from derivations.values import names_of

# ---- what changed ----


def changes(before: Formula, after: Formula) -> list[tuple[Formula, Formula]]:
    """The least parts in which two formulas differ, left to right; empty for equal ones."""
    if before == after:
        return []
    if _is_product(before) or _is_product(after):
        return _changed_factors(_flat(before), _flat(after))
    inner, other = list(children(before)), list(children(after))
    if type(before) is not type(after) or len(inner) != len(other) or _label(before) != _label(after):
        return [(before, after)]
    return [change for one, two in zip(inner, other, strict=True) for change in changes(one, two)]


def _is_product(formula: Formula) -> bool:
    return isinstance(formula, Binary) and formula.op is Op.PRODUCT


def _flat(formula: Formula) -> list[Formula]:
    """The factors of nested matrix products, left to right."""
    if isinstance(formula, Binary) and formula.op is Op.PRODUCT:
        return [*_flat(formula.left), *_flat(formula.right)]
    return [formula]


def _changed_factors(before: list[Formula], after: list[Formula]) -> list[tuple[Formula, Formula]]:
    """The change between two products: the factors that they begin and end with in common stay."""
    if len(before) == len(after):
        return [change for one, two in zip(before, after, strict=True) for change in changes(one, two)]
    first, last = 0, 0
    shorter = min(len(before), len(after))
    while first < shorter - 1 and before[first] == after[first]:
        first += 1
    while last < shorter - first - 1 and before[-1 - last] == after[-1 - last]:
        last += 1
    return [(_product(before[first : len(before) - last]), _product(after[first : len(after) - last]))]


def _product(factors: list[Formula]) -> Formula:
    return reduce(lambda left, right: Binary(Op.PRODUCT, left, right), factors)


def _label(formula: Formula) -> list[object]:
    """What a node says besides the formulas inside it."""
    parts = [getattr(formula, name) for name in names_of(formula) if name != "span"]
    return [part for part in parts if not isinstance(part, Formula) and not _holds_formulas(part)]


def _holds_formulas(part: object) -> bool:
    return isinstance(part, tuple) and bool(part) and isinstance(part[0], Formula)


def factors(formula: Formula) -> Iterator[Formula]:
    """The factors of a product, left to right; sums over an index and signs are looked through."""
    match formula:
        case Binary(Op.PRODUCT | Op.HADAMARD | Op.STAR, left, right):
            yield from factors(left)
            yield from factors(right)
        case IndexSum(_, body):
            yield from factors(body)
        case Negation(of):
            yield from factors(of)
        case Transpose(of) if isinstance(of, Derivative | Gradient):
            yield of
        case _:
            yield formula


def _count(formula: Formula, *kinds: type) -> int:
    return sum(isinstance(node, kinds) for node in walk(formula))


def derivatives(formula: Formula) -> set[Formula]:
    """The derivatives in a formula; ∇ₓ J counts as ∂J/∂x."""
    found: set[Formula] = set()
    for node in walk(formula):
        if isinstance(node, Derivative | LossDerivative):
            found.add(node)
        elif isinstance(node, Gradient):
            found.add(Derivative(node.of, node.by))
    return found


# ---- forms ----


def misfit(rule: Rule, before: Formula, after: Formula) -> str:
    """Why a step has not the form of its rule; empty if it has. Whether it is true is not asked here."""
    changed = changes(before, after)
    if not changed:
        return "nothing changes"
    match rule:
        case Definition(of):
            fits = all(_names(part, of) for part in changed)
            return "" if fits else f"{of} is not what is replaced"
        case ForwardPass():
            fits = all(_names(part, "z") or _names(part, "a") for part in changed)
            return "" if fits else "no z and no a is replaced"
        case ChainRule():
            return _chain(changed)
        case ElementwiseChain():
            grown = _count(after, Apply) > _count(before, Apply)
            return "" if grown else "no derivative f′ appears"
        case SumRule() | ProductRule():
            kept = _count(after, Derivative) >= _count(before, Derivative) > 0
            return "" if kept else "no derivative is taken part by part"
        case QuotientRule() | DerivativeOf() | LinearDerivative() | PowerRule():
            fewer = _count(after, Derivative, Gradient) < _count(before, Derivative, Gradient)
            worked = isinstance(rule, DerivativeOf) and _order(after) < _order(before)
            return "" if fewer or worked else "no derivative is worked out"
        case DeltaCollapses():
            return "" if _count(after, IndexSum) < _count(before, IndexSum) else "no sum collapses"
        case AssembleMatrix():
            whole = isinstance(after, Entry) and not isinstance(after.of, Symbol)
            return "" if whole else "the right side is no entry of a matrix formula"
        case Jacobian():
            fits = all(any(_as_derivative(factor) for factor in factors(old)) for old, _ in changed)
            worked = all(derivatives(old) - derivatives(new) for old, new in changed)
            return "" if fits and worked else "what changes is not a Jacobian"
        case DiagonalActs():
            return "" if _diagonals(after) != _diagonals(before) else "no diagonal matrix is multiplied"
        case Rearrange():
            same = derivatives(before) == derivatives(after) and _order(before) == _order(after)
            return "" if same else "a derivative appears or disappears"
        case Hypothesis() | Instance():
            return ""
        case Backward():
            return "" if isinstance(before, Derivative) else "the left side is no derivative"
        case LocalJacobian():
            gone = derivatives(before) - derivatives(after)
            return "" if gone else "no derivative is worked out"
        case Simplify():
            fewer = _count(after, object) < _count(before, object)
            return "" if fewer else "nothing becomes shorter"
        case Substitute():
            gone = derivatives(before) - derivatives(after)
            return "" if gone else "no derivative is put in"
        case Known(equation, left, right):
            known = changes(left, right)
            return (
                "" if all(part in known or part[::-1] in known for part in changed) else f"{equation} does not say this"
            )
        case _:
            assert_never(rule)


def _diagonals(formula: Formula) -> int:
    return sum(isinstance(node, Call) and node.name in ("diag", "eye") for node in walk(formula))


def _order(formula: Formula) -> int:
    """The number of primes in a formula."""
    return sum(node.function.order for node in walk(formula) if isinstance(node, Apply))


def _names(change: tuple[Formula, Formula], name: str) -> bool:
    """Whether one side of a change is the quantity of that name, an entry of it, or a multiple."""
    return any(_is_named(factor, name) for side in change for factor in factors(side))


def _is_named(formula: Formula, name: str) -> bool:
    inner = formula.of if isinstance(formula, Entry) else formula
    if isinstance(inner, LossDerivative):
        return f"d{inner.by.name}".lower() == name.lower()
    return isinstance(inner, Symbol) and inner.name.lower() == name.lower()


def _chain(changed: list[tuple[Formula, Formula]]) -> str:
    """∂y/∂x on one side, ∂y/∂u and ∂u/∂x on the other."""
    for pair in changed:
        if not any(_is_chain(short, long) for short, long in (pair, pair[::-1])):
            return "the factors do not form a chain ∂y/∂u · ∂u/∂x"
    return ""


def _is_chain(short: Formula, long: Formula) -> bool:
    whole = [_as_derivative(factor) for factor in factors(short)]
    links = [_as_derivative(factor) for factor in factors(long)]
    for one in (item for item in whole if item is not None):
        for outer in (item for item in links if item is not None and item.of == one.of):
            if any(inner is not None and inner.of == outer.by and inner.by == one.by for inner in links):
                return True
    return False


def _as_derivative(formula: Formula) -> Derivative | None:
    if isinstance(formula, Gradient):
        return Derivative(formula.of, formula.by)
    return formula if isinstance(formula, Derivative) else None
