"""``derive "∂J/∂x" --given SHEET``: a gradient of the reader's own model, found backwards, definition by definition.

Each quantity between J and x gets its gradient from the definitions that mention it. The kernel proves every line, and
differentiates the definitions itself for that; so too the statement at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from derivations.equations.backwards import ONE, Backwards, NoMatrixFormula
from derivations.equations.plan import BadlyAsked
from derivations.equations.texts import read_formula
from derivations.equations.turning import Turning, mapped
from derivations.formula import Apply, Binary, Call, Derivative, Formula, Negation, Op, Symbol, Unreadable, walk
from derivations.rules import Backward, Rearrange, Substitute
from derivations.setting import Context, Setting
from derivations.settling import Settler
from derivations.shapes import Misfit
from derivations.theorem import Derivation, Ground, Link, Proof, Refused, chain
from derivations.values import replaced
from derivations.writing import write

LONGEST_INSERTED = 24
"""Characters of a closed gradient that is put into the next one, instead of its name."""
LONGEST_CLOSED = 160
"""Characters of an answer in one formula; a longer one stays in terms of the gradients before it."""


class NoGradient(BadlyAsked):
    """Nothing can be derived from what was asked; the message says why and what to do."""


def gradient(text: str, setting: Setting, given: str) -> Derivation:
    """The derivation of ``∂J/∂x`` for the definitions of a setting. Raises NoGradient or Unreadable."""
    asked = read_formula(text, setting.vocabulary)
    if not isinstance(asked, Derivative) or not isinstance(asked.by, Symbol) or not isinstance(asked.of, Symbol):
        raise NoGradient("Ask for the derivative of one name by another, as in ∂J/∂W.")
    search = _Search(setting, asked.of)
    Settler(search.context).settle(asked)  # raises what is wrong with the names
    return search.derivation(asked, asked.by, given)


class _Search:
    def __init__(self, setting: Setting, loss: Symbol) -> None:
        self.setting, self.loss = setting, loss
        self.straight = replaced(setting, layout="denominator")
        self.context = Context.of(self.straight, [loss])
        self.turning = Turning(self.context) if setting.layout == "numerator" else None
        self.found: dict[str, Formula] = {}
        if self._body(loss.name) is None:
            raise NoGradient(f"{loss.name} is not defined: write {loss.name} := … in the sheet.")

    def _body(self, name: str) -> Formula | None:
        quantity = self.setting.quantities.get(name)
        return quantity.definition if quantity else None

    def _mentions(self, name: str) -> list[str]:
        body = self._body(name)
        return [] if body is None else list(dict.fromkeys(n.name for n in walk(body) if isinstance(n, Symbol)))

    def _hears(self, name: str, of: str) -> bool:
        return name == of or any(self._hears(inner, of) for inner in self._mentions(name))

    def derivation(self, asked: Derivative, by: Symbol, given: str) -> Derivation:
        if not self._hears(self.loss.name, by.name):
            raise NoGradient(f"{self.loss.name} does not depend on {by.name}: the derivative is 0.")
        proofs = [self._proof(name, by.name) for name in self._order(by.name)]
        if not proofs[-1].steps:
            raise NoGradient(f"{write(asked)} is the derivative of the unknown loss itself; nothing lies between.")
        whole = proofs[-1].conclusion
        return Derivation(
            name=write(asked),
            title="found backwards, definition by definition",
            statement=whole,
            where="any widths",
            words=f"{self.loss.name} hears of {by.name} through what is defined by it.",
            given=given,
            proofs=tuple(proof for proof in proofs if proof.steps),
        )

    def _order(self, by: str) -> list[str]:
        """The names between the loss and ``by``, each after all that mention it; ``by`` is the last."""
        order: list[str] = []

        def visit(name: str) -> None:
            if name in order:
                return
            for inner in self._mentions(name):
                if self._hears(inner, by):
                    visit(inner)
            order.append(name)

        visit(self.loss.name)
        return order[::-1][1:] if len(order) > 1 else order

    def _proof(self, name: str, asked: str) -> Proof:
        """The chain for ∂J/∂name: from the definitions that mention it, then with what is known put in."""
        start = Derivative(self.loss, Symbol(name))
        users = [user for user in self._reachable() if name in self._mentions(user)]
        links: list[Link] = []
        through = self._gathered(name, users)
        if through is not None and through != start:
            links.append((through, Backward(tuple(users)), _why(name, users)))
            known = _inserted(through, self._short())
            if known != through:
                links.append((known, Substitute(), "what is known from above"))
            links += self._simpler(start, links[-1][0])
            closed = self._closed(links[-1][0])
            if name == asked and closed != links[-1][0] and len(write(closed)) <= LONGEST_CLOSED:
                links.append((closed, Substitute(), "all of it in one formula"))
        if links:
            self.found[name] = links[-1][0]
        return self._chain(f"∂{self.loss.name}/∂{name}", start, links)

    def _reachable(self) -> list[str]:
        return [name for name in self.setting.quantities if self._body(name) and self._hears(self.loss.name, name)]

    def _gathered(self, name: str, users: list[str]) -> Formula | None:
        """The sum of what the definitions that mention a name pass back; None for the loss's own argument."""
        terms: list[Formula] = []
        for user in users:
            body = self._body(user)
            assert body is not None
            if isinstance(body, Apply) and body.function.name in self.setting.losses:
                if body.argument != Symbol(name):
                    raise NoGradient(f"Give the argument of {body.function.name} a name of its own, as in u := ….")
                return None
            seed: Formula = Derivative(self.loss, Symbol(user)) if user != self.loss.name else ONE
            try:
                parts = list(Backwards(self.context, name).passed(body, seed, Symbol(user)))
            except NoMatrixFormula as problem:
                raise NoGradient(f"{problem} ({user} := {write(body)})") from problem
            terms += [part.gradient for part in parts]
        return reduce(_plus, terms) if terms else None

    def _short(self) -> dict[str, Formula]:
        """The gradients found so far that are short and closed."""
        return {
            name: formula
            for name, formula in self.found.items()
            if len(write(formula)) <= LONGEST_INSERTED and not any(isinstance(n, Derivative) for n in walk(formula))
        }

    def _closed(self, formula: Formula) -> Formula:
        """The formula with every gradient found so far put in."""
        while (further := _inserted(formula, self.found)) != formula:
            formula = further
        return formula

    def _simpler(self, start: Formula, formula: Formula) -> Iterator[Link]:
        """Cross entropy behind softmax: s − y if y sums to 1, as far as the kernel proves it."""
        outputs = [n.arguments[0] for n in walk(formula) if isinstance(n, Call) and n.name == "diag"]
        quotients = [n.left for n in walk(formula) if isinstance(n, Binary) and n.op is Op.QUOTIENT]
        targets = [left.of if isinstance(left, Negation) else left for left in quotients]
        for s in outputs:
            for y in targets:
                for simple in (_minus(s, y), _minus(Binary(Op.PRODUCT, s, Call("sum", (y,))), y)):
                    try:
                        if Ground(self.straight, (start, simple)).equal(start, simple):
                            yield simple, Rearrange(), "the logarithm's slope cancels against softmax"
                            return
                    except (Refused, Misfit, Unreadable):
                        continue

    def _chain(self, title: str, start: Formula, links: list[Link]) -> Proof:
        if self.turning:
            start = self.turning.line(start)
            links = [(self.turning.line(to), rule, why) for to, rule, why in links]
        ground = Ground(self.setting, [start, *(to for to, _, _ in links)])
        return chain("matrix", title, ground, start, links)


def _why(name: str, users: list[str]) -> str:
    through = " and ".join(users) if len(users) < 3 else f"{', '.join(users[:-1])} and {users[-1]}"
    return f"{name} is heard through {through} alone"


def _plus(left: Formula, right: Formula) -> Formula:
    return _minus(left, right.of) if isinstance(right, Negation) else Binary(Op.PLUS, left, right)


def _minus(left: Formula, right: Formula) -> Formula:
    return Binary(Op.MINUS, left, right)


def _inserted(formula: Formula, known: dict[str, Formula]) -> Formula:
    if isinstance(formula, Derivative) and isinstance(formula.by, Symbol) and formula.by.name in known:
        return known[formula.by.name]
    return mapped(formula, lambda part: _inserted(part, known))
