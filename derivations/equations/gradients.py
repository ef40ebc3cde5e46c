"""``derive "∂J/∂x" --given SHEET``: a gradient of the reader's own model, found backwards, definition by definition.

Each quantity between J and x gets its gradient from the definitions that mention it: as a matrix formula where the
rules for matrices reach, else entry by entry. The kernel proves every line, and differentiates the definitions itself
for that; so too the statement at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce

from derivations.equations.assembling import straight
from derivations.equations.backwards import ONE, Backwards, NoMatrixFormula
from derivations.equations.by_entries import ByEntries
from derivations.equations.model import Asked, Model, NoGradient, asked_of, listed, why_heard
from derivations.equations.turning import Turning, mapped
from derivations.forms import misfit
from derivations.formula import Apply, Binary, Call, Derivative, Formula, Negation, Number, Op, Symbol, Unreadable, walk
from derivations.rules import Backward, Instance, LocalJacobian, Rearrange, Simplify, Substitute
from derivations.setting import Setting
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit
from derivations.theorem import Derivation, Form, Ground, Link, Proof, Refused, Theorem, by, chain
from derivations.writing import write

__all__ = ["NoGradient", "gradient"]

LONGEST_INSERTED = 24
"""Characters of a closed gradient that is put into the next one, instead of its name."""
LONGEST_CLOSED = 160
"""Characters of an answer in one formula; a longer one stays in terms of the gradients before it."""


def gradient(text: str, setting: Setting, given: str, form: Form | None = None) -> Derivation:
    """The derivation of ``∂J/∂x`` for the definitions of a setting. Raises NoGradient or Unreadable.

    ``form``: only as matrices, or only entry by entry; None for matrices where there are, and else entries.
    """
    asked = asked_of(text, setting, given)
    model = Model(asked.setting, asked.of)
    Settler(model.context).settle(Symbol(asked.by.name))  # raises what is wrong with the names
    if model.body(asked.of.name) is None:
        raise NoGradient(f"{asked.of.name} is not defined: write {asked.of.name} := … in the sheet.")
    Settler(model.context).settle(asked.of)
    if not model.hears(asked.of.name, asked.by.name):
        raise NoGradient(f"{asked.of.name} does not depend on {asked.by.name}: the derivative is 0.")
    if model.is_open(asked.of.name) and model.body(asked.of.name) == _applied(model, asked):
        raise NoGradient(
            f"{write(Derivative(asked.of, asked.by))} is the derivative of the unknown loss itself; "
            "nothing lies between."
        )
    if form != "index" and Settler(model.context).settle(asked.of).shape.is_scalar:
        try:
            proofs = list(_MatrixSearch(model).proofs(asked.by.name))
            return _derivation(asked, proofs, proofs[-1].conclusion)
        except (NoMatrixFormula, Refused, Misfit):
            pass  # the entries say more
    return _by_entries(asked, model, form)


def _applied(model: Model, asked: Asked) -> Formula | None:
    body = model.body(asked.of.name)
    return body if isinstance(body, Apply) and body.argument == asked.by else None


def _by_entries(asked: Asked, model: Model, form: Form | None) -> Derivation:
    search = ByEntries(model)
    proofs = list(search.proofs(asked.by.name))
    last = proofs[-1].conclusion
    if search.matrix is None:
        if form == "matrix":
            raise NoGradient(
                f"No matrix formula for {write(Derivative(asked.of, asked.by))} was found; "
                "--form index has its entries."
            )
        return _derivation(asked, proofs, last)
    lhs = Derivative(asked.of, asked.by)
    if (lhs, search.matrix) == (last.lhs, last.rhs):
        return _derivation(asked, proofs, last)
    ground = Ground(model.setting, (lhs, search.matrix))
    return _derivation(asked, proofs, by(Instance(write(lhs)), lhs, search.matrix, ground))


def _derivation(asked: Asked, proofs: list[Proof], statement: Theorem) -> Derivation:
    words = _reached(asked)
    if asked.named:
        words += f" Named here: {', '.join(asked.named)}."
    return Derivation(
        name=write(Derivative(asked.of, asked.by)),
        title="found backwards, definition by definition",
        statement=statement,
        where=_where(asked.setting, [statement, *(proof.conclusion for proof in proofs)]),
        words=words,
        given=asked.given,
        proofs=tuple(proof for proof in proofs if proof.steps),
    )


def _reached(asked: Asked) -> str:
    """How a name takes part in what is differentiated: by the definitions between the two, or directly."""
    of, by_name = asked.of.name, asked.by.name
    model = Model(asked.setting, asked.of)
    between = [name for name in model.between(by_name) if name != by_name]
    if not between:
        return f"{by_name} stands in {of} itself."
    through = listed(between[::-1])
    if by_name in model.mentions(of):
        return f"{by_name} stands in {of} itself, and reaches it through {through} too."
    return f"{by_name} reaches {of} through {through}."


def _where(setting: Setting, theorems: list[Theorem]) -> str:
    """For what a gradient holds: which widths, and what was assumed; that f may be any function, the sheet says."""
    found = dict.fromkeys(item for theorem in theorems for item in theorem.assumptions)
    assumed = "; ".join(item for item in found if not item.endswith("function"))
    widths = "any widths" if setting.widths else "these widths"
    return f"{widths}, assuming: {assumed}" if assumed else widths


class _MatrixSearch:
    """The gradient as a matrix formula, of a number by a name."""

    def __init__(self, model: Model) -> None:
        self.model, self.setting, self.loss = model, model.setting, model.loss
        self.turning = Turning(model.context) if model.setting.layout == "numerator" else None
        self.found: dict[str, Formula] = {}
        self.entries = ByEntries(Model(model.straight, model.loss))

    def proofs(self, by_name: str) -> Iterator[Proof]:
        """The chain of each name between the loss and ``by_name``. Raises NoMatrixFormula or Refused."""
        return (self._proof(name, by_name) for name in self.model.between(by_name))

    def _proof(self, name: str, asked: str) -> Proof:
        """The chain for ∂J/∂name: from the definitions that mention it, then with what is known put in."""
        start = Derivative(self.loss, Symbol(name))
        users = self.model.users(name)
        links: list[Link] = []
        through = self._gathered(name, users)
        if through is not None and through != start:
            through = _spelled(through)
            if users == [self.loss.name]:
                links.append((through, LocalJacobian(), f"by the rules for sums, products and functions in {users[0]}"))
            else:
                links.append((through, Backward(tuple(users)), why_heard(name, users)))
            known = _spelled(_inserted(through, self._short(), self.loss))
            if known != through:
                links.append((known, Substitute(), "what is known from above"))
            links += self._simpler(start, links[-1][0])
            links += self._shorter(name, links[-1][0])
            closed = _spelled(self._closed(links[-1][0]))
            if name == asked and closed != links[-1][0] and len(write(closed)) <= LONGEST_CLOSED:
                links.append((closed, Substitute(), "all of it in one formula"))
        if links:
            self.found[name] = links[-1][0]
        return self._chain(f"∂{self.loss.name}/∂{name}", start, links)

    def _gathered(self, name: str, users: list[str]) -> Formula | None:
        """The sum of what the definitions that mention a name pass back; None for the loss's own argument."""
        if users == [self.loss.name] and self.model.is_open(self.loss.name):
            return None
        terms: list[Formula] = []
        for user in users:
            body = self.model.body(user)
            assert body is not None
            seed: Formula = Derivative(self.loss, Symbol(user)) if user != self.loss.name else ONE
            terms += [part.gradient for part in Backwards(self.model.context, name).passed(body, seed, Symbol(user))]
        return straight(reduce(_plus, _collected(terms)), self.model.context) if terms else None

    def _short(self) -> dict[str, Formula]:
        """The gradients found so far that are short and closed."""
        return {
            name: formula
            for name, formula in self.found.items()
            if len(write(formula)) <= LONGEST_INSERTED and not any(isinstance(n, Derivative) for n in walk(formula))
        }

    def _closed(self, formula: Formula) -> Formula:
        """The formula with every gradient found so far put in."""
        while (further := _inserted(formula, self.found, self.loss)) != formula:
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
                        if Ground(self.model.straight, (start, simple)).equal(start, simple):
                            yield simple, Rearrange(), "the logarithm's slope cancels against softmax"
                            return
                    except (Refused, Misfit, Unreadable, Unsupported):
                        continue

    def _shorter(self, name: str, formula: Formula) -> Iterator[Link]:
        """What the entries make of it, if that is clearly shorter: factors cancelled, terms collected."""
        simple = self.entries.simplified(name, len(write(formula)) * 5 // 6)
        if simple is None:
            return
        simple = _spelled(simple)
        for rule, why in (
            (Simplify(), "factors cancel, and like terms go together"),
            (Substitute(), "what is known from above; factors cancel, and like terms go together"),
        ):
            if not misfit(rule, formula, simple):
                yield simple, rule, why
                return

    def _chain(self, title: str, start: Formula, links: list[Link]) -> Proof:
        if self.turning:
            start = self.turning.line(start)
            links = [(self.turning.line(to), rule, why) for to, rule, why in links]
        ground = Ground(self.setting, [start, *(to for to, _, _ in links)])
        return chain("matrix", title, ground, start, links)


def _plus(left: Formula, right: Formula) -> Formula:
    return _minus(left, right.of) if isinstance(right, Negation) else Binary(Op.PLUS, left, right)


def _collected(terms: list[Formula]) -> list[Formula]:
    """The terms with like ones as one: A x + A x is 2 A x."""
    counts: dict[Formula, list[tuple[Fraction, Formula]]] = {}
    for term in terms:
        for number, inner in _addends(_spelled(term)):
            core, factor = _without_number(inner)
            counts.setdefault(core, []).append((number * factor, inner if number == 1 else Negation(inner)))
    found: list[Formula] = []
    for core, alike in counts.items():
        total = sum((number for number, _ in alike), Fraction(0))
        if len(alike) == 1:
            found.append(alike[0][1])
        elif total:
            times = core if abs(total) == 1 else Binary(Op.PRODUCT, Number(abs(total)), core)
            found.append(Negation(times) if total < 0 else times)
    if not found:
        raise NoMatrixFormula("All that is passed back cancels.")
    return found


def _addends(formula: Formula) -> Iterator[tuple[Fraction, Formula]]:
    """What a sum adds up, each with 1 or −1."""
    match formula:
        case Binary(Op.PLUS | Op.MINUS as op, left, right):
            yield from _addends(left)
            yield from ((-n if op is Op.MINUS else n, inner) for n, inner in _addends(right))
        case Negation(of):
            yield from ((-n, inner) for n, inner in _addends(of))
        case _:
            yield Fraction(1), formula


def _without_number(formula: Formula) -> tuple[Formula, Fraction]:
    """A product without the number in front of it, and the number."""
    match formula:
        case Binary(Op.PRODUCT, Number(number), right):
            return right, number
        case Binary(Op.PRODUCT, left, right):
            core, number = _without_number(left)
            return (Binary(Op.PRODUCT, core, right), number) if number != 1 else (formula, number)
        case _:
            return formula, Fraction(1)


def _minus(left: Formula, right: Formula) -> Formula:
    return Binary(Op.MINUS, left, right)


def _inserted(formula: Formula, known: dict[str, Formula], loss: Symbol) -> Formula:
    if isinstance(formula, Derivative) and isinstance(formula.by, Symbol) and formula.of == loss:
        return known.get(formula.by.name, formula)
    return mapped(formula, lambda part: _inserted(part, known, loss))


def _spelled(formula: Formula) -> Formula:
    """A number in front of a product in front of its first factor: 2 Aᵀ x, not 2 (Aᵀ x)."""
    formula = mapped(formula, _spelled)
    match formula:
        case Binary(Op.PRODUCT, Number() as number, Binary(Op.PRODUCT, left, right)):
            return Binary(Op.PRODUCT, _spelled(Binary(Op.PRODUCT, number, left)), right)
        case Binary(Op.PRODUCT, Number(one), right) if one == 1:
            return right
        case _:
            return formula
