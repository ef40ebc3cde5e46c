"""Formulas as trees: every place in one, and the formula with one place changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

from derivations.formula import (
    NOWHERE,
    Apply,
    Binary,
    Call,
    Entry,
    Formula,
    Function,
    IndexSum,
    Layer,
    Negation,
    Norm,
    Op,
    Power,
    Span,
    Symbol,
    Transpose,
    children,
    walk,
)
from derivations.values import contents, names_of, replaced

F = TypeVar("F", bound=Formula)


class Spot(NamedTuple):
    """A node of a formula, and how to put something else in its place."""

    node: Formula
    rebuild: Callable[[Formula], Formula]


def spots(formula: Formula) -> Iterator[Spot]:
    """All nodes at which a value stands, outermost first; what a derivative is of or by is left alone."""
    pending = [Spot(formula, lambda new: new)]
    while pending:
        spot = pending.pop()
        yield spot
        pending.extend(reversed(list(_below(spot))))


def _below(spot: Spot) -> Iterator[Spot]:
    node, rebuild = spot
    match node:
        case Binary(_, left, right):
            yield Spot(left, lambda new: rebuild(replaced(node, left=new)))
            yield Spot(right, lambda new: rebuild(replaced(node, right=new)))
        case Transpose(of) | Negation(of) | Norm(of) | Entry(of) | Power(of):
            yield Spot(of, lambda new: rebuild(replaced(node, of=new)))
        case Apply(_, argument):
            yield Spot(argument, lambda new: rebuild(replaced(node, argument=new)))
        case Call(name, arguments) if name not in ("ones", "zeros", "eye"):
            for place, argument in enumerate(arguments):
                yield Spot(argument, _argument(node, place, rebuild))
        case IndexSum(_, body):
            yield Spot(body, lambda new: rebuild(replaced(node, body=new)))
        case _:
            return


def _argument(node: Call, place: int, rebuild: Callable[[Formula], Formula]) -> Callable[[Formula], Formula]:
    def put(new: Formula) -> Formula:
        arguments = (*node.arguments[:place], new, *node.arguments[place + 1 :])
        return rebuild(replaced(node, arguments=arguments))

    return put


def changed(formula: Formula, rule: Callable[[Formula], Formula | None]) -> Formula:
    """The formula with every node for which ``rule`` has an answer replaced by it, outermost first.

    What a derivative is by stays a name, or an entry: nothing else can stand there.
    """
    new = rule(formula)
    if new is not None:
        return new
    changes: dict[str, Any] = {}
    for name, value in zip(names_of(formula), contents(formula), strict=True):
        if isinstance(value, tuple) and not isinstance(value, Span | Layer):
            inside: Any = tuple(changed(v, rule) if isinstance(v, Formula) else v for v in value)
            if any(a is not b for a, b in zip(inside, value, strict=True)):
                changes[name] = inside
        elif isinstance(value, Formula):
            inside = changed(value, rule)
            if inside is not value and (name != "by" or type(inside) is type(value)):
                changes[name] = inside
    return replaced(formula, **changes) if changes else formula


def bare(formula: F) -> F:
    """The same formula as if it had been typed nowhere: its spans are no places in the reader's text."""
    changes: dict[str, Any] = {"span": NOWHERE}
    for name, value in zip(names_of(formula), contents(formula), strict=True):
        if isinstance(value, Formula):
            changes[name] = bare(value)
        elif isinstance(value, tuple) and not isinstance(value, Span | Layer):
            changes[name] = tuple(bare(v) if isinstance(v, Formula) else v for v in value)
    return replaced(formula, **changes)


def shifted(formula: Formula, by: int) -> Formula:
    """The formula with every layer moved."""

    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Symbol) and node.layer is not None:
            return replaced(node, layer=node.layer.shifted(by))
        if isinstance(node, Apply) and node.function.layer is not None:
            function = Function(node.function.name, node.function.layer.shifted(by), node.function.order)
            return replaced(node, function=function, argument=shifted(node.argument, by))
        return None

    return changed(formula, rule)


def free_letters(formula: Formula) -> frozenset[str]:
    """The index letters that no sum inside of it runs over."""
    if isinstance(formula, IndexSum):
        return free_letters(formula.body) - {formula.index}
    own = {i.name for i in formula.indices if i.number is None} if isinstance(formula, Entry) else set()
    return frozenset(own).union(*(free_letters(child) for child in children(formula)))


PRODUCTS = (Op.PRODUCT, Op.STAR, Op.HADAMARD)


def factors(formula: Formula) -> list[Formula]:
    """The factors of a product of any kind, brackets looked through; of anything else, itself."""
    if isinstance(formula, Binary) and formula.op in PRODUCTS:
        return [*factors(formula.left), *factors(formula.right)]
    return [formula]


def terms(formula: Formula) -> list[tuple[int, Formula]]:
    """The terms of a sum, each with its sign."""
    match formula:
        case Binary(Op.PLUS, left, right):
            return [*terms(left), *terms(right)]
        case Binary(Op.MINUS, left, right):
            return [*terms(left), *((-sign, term) for sign, term in terms(right))]
        case Negation(of):
            return [(-sign, term) for sign, term in terms(of)]
        case _:
            return [(1, formula)]


def contains(formula: Formula, part: Formula) -> bool:
    return any(node == part for node in walk(formula))


def size(formula: Formula) -> int:
    """How many nodes it has."""
    return 1 + sum(size(child) for child in children(formula))
