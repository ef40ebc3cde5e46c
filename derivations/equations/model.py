"""A reader's model: what is defined by what, and a name for all that a derivation has to speak of."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from derivations.equations.plan import BadlyAsked
from derivations.equations.texts import extended, read_formula
from derivations.equations.turning import mapped
from derivations.formula import (
    UNIT,
    Apply,
    Binary,
    Call,
    Definition,
    Derivative,
    Entry,
    Formula,
    Gradient,
    IndexSum,
    Number,
    Op,
    Symbol,
    walk,
)
from derivations.reading import read_statement, split_statements
from derivations.setting import Context, Setting
from derivations.settling import Settler
from derivations.shapes import Extent, Width
from derivations.values import replaced, value
from derivations.writing import write


class NoGradient(BadlyAsked):
    """Nothing can be derived from what was asked; the message says why and what to do."""


@value
class Asked:
    """A derivative, in a setting that has a name for all it takes; ``given`` is the sheet of that setting.

    named: the names that were added, each with what it stands for.
    """

    of: Symbol
    by: Symbol
    setting: Setting
    given: str
    named: tuple[str, ...] = ()


def asked_of(text: str, setting: Setting, given: str) -> Asked:
    """What ``text`` asks of a sheet. Raises NoGradient or Unreadable."""
    formula = read_formula(text, setting.vocabulary)
    if isinstance(formula, Gradient):
        formula = Derivative(formula.of, formula.by)
    if not isinstance(formula, Derivative):
        raise NoGradient("Ask for the derivative of one name by another, as in ∂J/∂W.")
    of, by = (part.of if isinstance(part, Entry) else part for part in (formula.of, formula.by))
    if not isinstance(by, Symbol):
        raise NoGradient("Ask for the derivative of one name by another, as in ∂J/∂W.")
    setting, given, named = _with_named_arguments(setting, given)
    if not isinstance(of, Symbol):
        name = _free_name(setting, "Jyuvq")
        given, named = f"{given}; {name} := {_typed(of, setting)}", (*named, f"{name} for {write(of)}")
        setting, of = extended(setting, f"{name} := {_typed(of, setting)}"), Symbol(name)
        setting, given, more = _with_named_arguments(setting, given)
        named += more
    return Asked(of, by, setting, given, named)


def _typed(formula: Formula, setting: Setting) -> str:
    return write(formula, scalars=setting.vocabulary.scalars)


def _free_name(setting: Setting, letters: str) -> str:
    taken = set(setting.quantities) | setting.widths | setting.functions | setting.losses
    return next(str(name) for name in (*letters, *(f"u{k}" for k in range(1, 100))) if name not in taken)


def _with_named_arguments(setting: Setting, given: str) -> tuple[Setting, str, tuple[str, ...]]:
    """The sheet with a name for each unknown loss inside a formula, and for what it is applied to."""
    if not any(_unnamed(q.definition, setting) for q in setting.quantities.values() if q.definition is not None):
        return setting, given, ()
    naming = _Naming(setting)
    start = Setting(layout=setting.layout, network=setting.network)
    for piece, _ in split_statements(given):
        statement = read_statement(piece, start.vocabulary)
        start = start.extended(statement)
        if isinstance(statement, Definition):
            naming.define(statement)
        else:
            naming.pieces.append(piece.strip())
    text = "; ".join(naming.pieces)
    renewed = extended(Setting(layout=setting.layout, network=setting.network), text)
    return replaced(renewed, layout=setting.layout), text, tuple(naming.named)


def _unnamed(body: Formula, setting: Setting) -> bool:
    whole = _is_loss(body, setting)
    if whole and isinstance(body, Apply) and isinstance(body.argument, Symbol):
        return False
    return whole or any(_is_loss(node, setting) for node in walk(body))


def _is_loss(node: Formula, setting: Setting) -> bool:
    return isinstance(node, Apply) and node.function.name in setting.losses


class _Naming:
    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.pieces: list[str] = []
        self.named: list[str] = []

    def define(self, statement: Definition) -> None:
        body = statement.body
        if _unnamed(body, self.setting):
            if _is_loss(body, self.setting):
                assert isinstance(body, Apply)
                body = replaced(body, argument=self._named(self._within(body.argument), "uvqts"))
            else:
                body = self._within(body)
        self.pieces.append(f"{statement.name} := {_typed(body, self.setting)}")

    def _within(self, node: Formula) -> Formula:
        if isinstance(node, IndexSum) and any(_is_loss(part, self.setting) for part in walk(node)):
            raise NoGradient("An unknown loss under a Σ has no derivative here; write the sum as sum(f(x)).")
        if isinstance(node, Apply) and _is_loss(node, self.setting):
            argument = self._named(self._within(node.argument), "uvqts")
            return self._named(replaced(node, argument=argument), node.function.name.lower() + "cdeg")
        return mapped(node, self._within)

    def _named(self, node: Formula, letters: str) -> Formula:
        if isinstance(node, Symbol):
            return node
        name = _free_name(self.setting, letters)
        text = f"{name} := {_typed(node, self.setting)}"
        self.setting = extended(self.setting, text)
        self.pieces.append(text)
        self.named.append(f"{name} for {write(node)}")
        return Symbol(name)


class Model:
    """The definitions between the quantity asked about and the others. All of it in denominator layout."""

    def __init__(self, setting: Setting, loss: Symbol) -> None:
        self.setting, self.loss = setting, loss
        self.straight = replaced(setting, layout="denominator")
        self.context = Context.of(self.straight, [loss])
        self._heard: dict[tuple[str, str], bool] = {}
        self._bodies: dict[str, Formula | None] = {}

    def body(self, name: str) -> Formula | None:
        """What a name is defined to be, a mean as the sum that it is; None for what is only declared."""
        if name not in self._bodies:
            quantity = self.setting.quantities.get(name)
            definition = quantity.definition if quantity else None
            if definition is not None and any(node == UNIT for node in walk(definition)):
                raise NoGradient(f"In the definition of {name}, write δ_{{ij}} with its width: eye(n)_{{ij}}.")
            self._bodies[name] = None if definition is None else self._without_means(definition)
        return self._bodies[name]

    def _without_means(self, node: Formula) -> Formula:
        node = mapped(node, self._without_means)
        if not (isinstance(node, Call) and node.name == "mean"):
            return node
        shape = Settler(self.context).settle(node.arguments[0]).shape
        over = shape if node.axis is None else (shape[node.axis % 2],)
        total: Formula = replaced(node, name="sum")
        counts = [extent_formula(extent) for extent in over if extent != 1]
        if not counts:
            return total
        return Binary(Op.PRODUCT, Binary(Op.OVER, Number(Fraction(1)), reduce(_times, counts)), total)

    def mentions(self, name: str) -> list[str]:
        """The names in a name's definition."""
        body = self.body(name)
        return [] if body is None else list(dict.fromkeys(n.name for n in walk(body) if isinstance(n, Symbol)))

    def hears(self, name: str, of: str) -> bool:
        """Whether a name is defined by another, directly or not."""
        key = name, of
        if key not in self._heard:
            self._heard[key] = name == of or any(self.hears(inner, of) for inner in self.mentions(name))
        return self._heard[key]

    def users(self, name: str) -> list[str]:
        """The names that the loss hears and whose definitions mention this one."""
        defined = (user for user in self.setting.quantities if self.body(user) is not None)
        return [user for user in defined if name in self.mentions(user) and self.hears(self.loss.name, user)]

    def between(self, by: str) -> list[str]:
        """The names between the loss and ``by``, each after all that mention it; ``by`` is the last."""
        order: list[str] = []

        def visit(name: str) -> None:
            if name in order:
                return
            for inner in self.mentions(name):
                if self.hears(inner, by):
                    visit(inner)
            order.append(name)

        visit(self.loss.name)
        return order[::-1][1:] if len(order) > 1 else order

    def is_open(self, user: str) -> bool:
        """Whether a name is an unknown loss of another."""
        return _is_loss_body(self.body(user), self.setting)

    def names(self) -> Iterator[str]:
        """Every name in force: an index letter must be none of them."""
        yield from self.setting.quantities
        yield from self.setting.widths
        yield from self.setting.functions | self.setting.losses
        for quantity in self.setting.quantities.values():
            for node in walk(quantity.definition) if quantity.definition is not None else ():
                if isinstance(node, IndexSum):
                    yield node.index
                elif isinstance(node, Entry):
                    yield from (index.name for index in node.indices)


def extent_formula(extent: Extent) -> Formula:
    """A width as it is written."""
    return Symbol(extent.name, extent.layer) if isinstance(extent, Width) else Number(Fraction(extent))


def _times(left: Formula, right: Formula) -> Formula:
    return Binary(Op.PRODUCT, left, right)


def _is_loss_body(body: Formula | None, setting: Setting) -> bool:
    return isinstance(body, Apply) and _is_loss(body, setting)


def why_heard(name: str, users: list[str]) -> str:
    """The reason of the chain rule for a name."""
    return f"{name} is heard through {listed(users)} alone"


def listed(names: list[str]) -> str:
    """u, v and w."""
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
