"""A gradient in index form, found backwards, definition by definition: unfold, chain rule, local Jacobian, δ.

Where the entries found are those of a matrix formula, the last step says so. The kernel proves each line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.equations.assembling import Assembly, NotAMatrix
from derivations.equations.backwards import NoMatrixFormula
from derivations.equations.entrywise import Entrywise, Place
from derivations.equations.model import Model, NoGradient, why_heard
from derivations.equations.terms import (
    LETTERS,
    Term,
    TooManyLetters,
    formula_of,
    lettered,
    letters,
    multiplied_out,
    of_factors,
    tidied,
)
from derivations.equations.turning import Turning, mapped
from derivations.formula import Derivative, Entry, Formula, Index, IndexSum, Symbol, Unreadable, walk
from derivations.rules import (
    AssembleMatrix,
    Backward,
    Definition,
    DeltaCollapses,
    Hypothesis,
    LocalJacobian,
    Rearrange,
    Rule,
    Simplify,
    Substitute,
)
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit, Shape, arrange
from derivations.theorem import Ground, Link, Proof, Refused, chain
from derivations.values import replaced, value
from derivations.writing import write

LONGEST_INSERTED = 40
"""Characters of a gradient that is put into the next one, instead of its name."""
LONGEST_LINE = 160
"""Characters of a line; a longer one is left out, or stays in terms of the gradients before it."""


_LOCAL = "by the rules for sums, products and functions; a name by itself is 1 where the indices agree, else 0"


@value
class _Found:
    """∂loss/∂name at the letters ``at`` of the name, as terms."""

    at: tuple[str, ...]
    terms: tuple[Term, ...]


class ByEntries:
    """The index proofs of one gradient."""

    def __init__(self, model: Model) -> None:
        self.model = model
        silent = {model.loss.name} if self._is_plain_number() else set()
        spoken_of = [name for name in model.setting.quantities if name not in silent]
        self.bodies = {body: Symbol(name) for name in spoken_of if (body := model.body(name)) is not None}
        self.entrywise = Entrywise(model.context, self.bodies)
        self.taken = frozenset(model.names())
        self._on_the_left = frozenset[str]()
        self.found: dict[str, _Found] = {}
        self.loss_at = self._letters(self.shape(model.loss), frozenset())
        self.matrix: Formula | None = None  # the asked derivative's matrix formula, in the setting's layout

    def _is_plain_number(self) -> bool:
        """Whether the loss is a number whose formula is shown rather than its name."""
        settled = Settler(self.model.context).settle(self.model.loss)
        return settled.shape.is_scalar and not self.model.is_open(self.model.loss.name)

    def shape(self, formula: Formula) -> Shape:
        return self.entrywise.shape(formula)

    def _letters(self, shape: Shape, taken: frozenset[str]) -> tuple[str, ...]:
        free = [letter for letter in LETTERS if letter not in self.taken | taken]
        count = sum(extent != 1 for extent in shape)
        if len(free) < count:
            raise NoGradient("This needs more index letters than there are; use longer names in the sheet.")
        return tuple(free[:count])

    def proofs(self, by: str) -> Iterator[Proof]:
        """The chain of each name between the loss and ``by``. Raises NoGradient."""
        for name in self.model.between(by):
            try:
                found = self._proof(name, name == by)
            except NoMatrixFormula as problem:
                raise NoGradient(str(problem)) from problem
            except TooManyLetters as problem:
                raise NoGradient(f"{problem} Give parts of the definitions names of their own.") from problem
            if found is not None:
                yield found

    def simplified(self, name: str, longest: int) -> Formula | None:
        """∂loss/∂name as a matrix formula of at most ``longest`` characters, if one is found; names come in order."""
        try:
            found = self._terms(name, is_asked=False)
        except (NoMatrixFormula, TooManyLetters, NoGradient, Misfit, Unreadable, Unsupported):
            return None
        if found is None:
            return None
        terms = found[3]
        symbol, self.matrix = Symbol(name), None
        self._assembled(symbol, self.found[name].at, terms, longest)
        return self.matrix

    # ---- one name ----

    def _proof(self, name: str, is_asked: bool) -> Proof | None:
        found = self._terms(name, is_asked)
        if found is None:
            return None
        start, users, links, terms = found
        waived = frozenset(rule.of for _, rule, _ in links if isinstance(rule, Hypothesis))
        if is_asked:
            links += self._assembled(Symbol(name), self.found[name].at, terms)
        return self._chained(f"∂{self.model.loss.name}/∂{name}", start, links, waived, users)

    def _terms(self, name: str, is_asked: bool) -> tuple[Derivative, list[str], list[Link], tuple[Term, ...]] | None:
        """The start of a name's chain, who hears of it, the links, and the terms they end with."""
        symbol, loss = Symbol(name), self.model.loss
        at = self._letters(self.shape(symbol), frozenset(self.loss_at))
        self._on_the_left = frozenset((*self.loss_at, *at))
        start = Derivative(self._at(loss, self.loss_at), self._at(symbol, at))
        users = self.model.users(name)
        if users == [loss.name] and self.model.is_open(loss.name):
            return None  # the derivative of an unknown loss by its own argument
        local = [self._passed(user, symbol, at) for user in users]
        terms = tuple(tidied(term for part in local for term in part))
        links = list(self._unfolded(symbol, at, users, local))
        collapsed = self._written(terms)
        if not links or links[-1][0] != collapsed:
            links.append((collapsed, *self._tidying(links, users, collapsed, name)))
        links, terms = self._with_known(links, terms, is_asked)
        self.found[name] = _Found(at, terms)
        links = [link for place, link in enumerate(links) if link[0] != (links[place - 1][0] if place else start)]
        return start, users, links, terms

    def _chained(
        self, title: str, start: Formula, links: list[Link], waived: frozenset[str], users: list[str]
    ) -> Proof:
        try:
            ground = Ground(self.model.setting, [start, *(to for to, _, _ in links)], waived)
            return chain("index", title, ground, start, links)
        except (Misfit, Unreadable, Unsupported) as problem:
            raise NoGradient(f"No proved form was found for {write(start)}. {problem}") from problem
        except Refused as problem:
            if len(links) > 1:  # a step between has another form than it should: the last line alone
                return self._chained(
                    title, start, [(links[-1][0], Backward(tuple(users)), "all at once")], waived, users
                )
            raise NoGradient(f"No proved form was found for {write(start)}. {problem}") from problem

    @staticmethod
    def _at(symbol: Symbol, at: Sequence[str]) -> Symbol | Entry:
        return Entry(symbol, tuple(Index(letter) for letter in at)) if at else symbol

    def _places(self, symbol: Symbol, at: Sequence[str]) -> tuple[Place, Place]:
        """The row and the column letter."""
        left = iter(at)
        row, column = (None if extent == 1 else next(left) for extent in self.shape(symbol))
        return row, column

    def _written(self, terms: Sequence[Term]) -> Formula:
        return self._lettered(formula_of(terms))

    def _lettered(self, formula: Formula) -> Formula:
        return lettered(formula, self.taken | self._on_the_left)

    # ---- the chain rule ----

    def _outer(self, user: str) -> tuple[Term, tuple[str, ...]]:
        """Σ_k ∂loss/∂user_k, to be multiplied by the derivative of user_k; with the letters k."""
        symbol, loss = Symbol(user), self.model.loss
        shape = self.shape(symbol)
        if user == loss.name:
            return Term(), self.loss_at
        at = tuple(self.entrywise.fresh() for extent in shape if extent != 1)
        bound = tuple(zip(at, (extent for extent in shape if extent != 1), strict=True))
        return Term(factors=(Derivative(self._at(loss, self.loss_at), self._at(symbol, at)),), bound=bound), at

    def _passed(self, user: str, symbol: Symbol, at: tuple[str, ...]) -> list[Term]:
        """What a definition passes back: the outer derivative times the local Jacobian, δs and all."""
        body = self.model.body(user)
        assert body is not None
        outer, own = self._outer(user)
        places = self._places(Symbol(user), own)
        by = (symbol, *self._places(symbol, at))
        terms = self.entrywise.derivative(body, by, *places)
        return [outer.times(self._by_name(term)) for term in terms]

    def _by_name(self, term: Term) -> Term:
        """A definition's right side under its name again: softmax(z)_k is s_k."""

        def named(formula: Formula) -> Formula:
            if formula in self.bodies:
                return self.bodies[formula]
            if isinstance(formula, Derivative):
                return replaced(formula, of=named(formula.of))
            return mapped(formula, named)

        return replaced(
            term, factors=tuple(named(part) for part in term.factors), divisors=tuple(map(named, term.divisors))
        )

    def _unfolded(
        self, symbol: Symbol, at: tuple[str, ...], users: list[str], local: list[list[Term]]
    ) -> Iterator[Link]:
        """The chain rule, the definitions, the local Jacobians with their δs; where nothing is heard twice."""
        model, loss = self.model, self.model.loss
        if any(
            inner != symbol.name and model.hears(inner, symbol.name) for user in users for inner in model.mentions(user)
        ):
            return
        by = self._at(symbol, at)
        pieces: list[tuple[Term, Formula, Formula]] = []
        for user in users:
            outer, own = self._outer(user)
            body = model.body(user)
            assert body is not None
            spelled = self.entrywise.spelled(body, *self._places(Symbol(user), own))
            opened = model.is_open(user)
            short = Derivative(self._at(Symbol(user), own), by)
            pieces.append((outer, short, short if opened else Derivative(spelled, by)))
        if users != [loss.name]:
            whole = self._written([outer.times(Term(factors=(short,))) for outer, short, _ in pieces])
            yield whole, Backward(tuple(users)), why_heard(symbol.name, users)
        written = [short for _, short, _ in pieces]
        for place, user in enumerate(users):
            written[place] = pieces[place][2]
            now = self._written([p[0].times(Term(factors=(w,))) for p, w in zip(pieces, written, strict=True)])
            if len(write(now)) > LONGEST_LINE:
                return
            if pieces[place][1] != pieces[place][2]:
                yield now, Definition(user), f"what {user} is defined to be, entry by entry"
        raw = self._written([term for part in local for term in part])
        if len(write(raw)) <= LONGEST_LINE and not all(model.is_open(user) for user in users):
            yield (
                raw,
                LocalJacobian(),
                _LOCAL,
            )

    def _tidying(self, links: list[Link], users: list[str], now: Formula, name: str) -> tuple[Rule, str]:
        if not links:
            return Backward(tuple(users)), why_heard(name, users)
        before = links[-1][0]
        if not isinstance(links[-1][1], LocalJacobian):
            return LocalJacobian(), "by the rules for sums, products and functions"
        if sum(isinstance(n, IndexSum) for n in walk(now)) < sum(isinstance(n, IndexSum) for n in walk(before)):
            return DeltaCollapses(), "of a sum with an entry of the unit matrix one term stays"
        return Rearrange(), "like factors and like terms taken together"

    # ---- what is known ----

    def _with_known(
        self, links: list[Link], terms: tuple[Term, ...], is_asked: bool
    ) -> tuple[list[Link], tuple[Term, ...]]:
        short = {
            name for name, found in self.found.items() if len(write(self._written(found.terms))) <= LONGEST_INSERTED
        }
        known = self._inserted(terms, short)
        if known != terms:
            links.append((self._written(known), Substitute(), "what is known from above"))
        fewer = tuple(multiplied_out(known))
        if fewer != known:
            links.append((self._written(fewer), Simplify(), "multiplied out, terms cancel"))
            known = fewer
        for name, simple in self._simpler(known):
            why = f"the entries of {name} that are added up here have the sum 1"
            links.append((self._written(simple), Hypothesis(name, f"Σ {name} = 1"), why))
            known = simple
        if is_asked:
            closed = known
            while (further := self._inserted(closed, set(self.found))) != closed:
                closed = further
                if len(closed) > 12:
                    break
            if closed != known and len(write(self._written(closed))) <= LONGEST_LINE:
                links.append((self._written(closed), Substitute(), "all of it in one formula"))
                known = closed
        return links, known

    def _inserted(self, terms: Sequence[Term], names: set[str]) -> tuple[Term, ...]:
        """The terms with known derivatives of the loss put in."""
        result: list[Term] = []
        for term in terms:
            parts = [replaced(term, factors=())]
            for factor in term.factors:
                known = self._known(factor, names)
                options = [of_factors(factor)] if known is None else known
                parts = [one.times(other) for one in parts for other in options]
            result += parts
        return tuple(tidied(result))

    def _known(self, factor: Formula, names: set[str]) -> list[Term] | None:
        if not isinstance(factor, Derivative) or factor.of != self._at(self.model.loss, self.loss_at):
            return None
        by, at = (factor.by.of, factor.by.indices) if isinstance(factor.by, Entry) else (factor.by, ())
        if not isinstance(by, Symbol) or by.name not in names:
            return None
        found = self.found[by.name]
        terms: list[Term] = []
        for term in found.terms:
            fresh = {letter: self.entrywise.fresh() for letter, _ in term.bound}
            fresh |= {old: index.name for old, index in zip(found.at, at, strict=True)}
            terms.append(term.renamed(fresh))
        return terms

    def _simpler(self, terms: tuple[Term, ...]) -> Iterator[tuple[str, tuple[Term, ...]]]:
        """Σ_k y_k = 1 put in, where it is assumed of y."""
        for name in dict.fromkeys(n.name for t in terms for f in t.factors for n in walk(f) if isinstance(n, Symbol)):
            properties = self.model.context.properties(name)
            axes = {0} if properties & {"sums to 1", "columns sum to 1", "one-hot"} else set()
            axes |= {1} if "rows sum to 1" in properties else set()
            if axes:
                now = tuple(tidied(_summed_to_one(term, name, axes) for term in terms))
                if now != terms:
                    terms = now
                    yield name, now

    # ---- as a matrix ----

    def _assembled(
        self, symbol: Symbol, at: tuple[str, ...], terms: tuple[Term, ...], longest: int | None = None
    ) -> list[Link]:
        """The last step, to a matrix's entry, if there is one that the kernel proves; ``matrix`` is set with it."""
        model, loss = self.model, self.model.loss
        if not terms:
            return []
        shapes = {"of": (self.shape(loss), self._places(loss, self.loss_at)),
                  "by": (self.shape(symbol), self._places(symbol, at))}  # fmt: skip
        try:
            rows, columns, _ = arrange(shapes["of"][0], shapes["by"][0], "denominator")
        except ValueError:
            return []
        row, column = (None if s is None else shapes[s[0]][1][s[1] == "columns"] for s in (rows, columns))
        extents = {
            place: extent
            for shape, places in shapes.values()
            for place, extent in zip(places, shape, strict=True)
            if place is not None
        }
        try:
            matrix = Assembly(model.context, extents).matrix(terms, row, column)
            if model.setting.layout == "numerator":
                matrix, row, column = Turning(model.context).line(matrix), column, row
            if longest is not None and len(write(matrix)) > longest:
                return []
            whole = Derivative(loss, symbol)
            ground = Ground(model.setting, [whole, matrix])
            if not ground.equal(whole, matrix):
                return []
        except (NotAMatrix, Refused, Misfit, Unreadable, Unsupported, ArithmeticError):
            return []
        self.matrix = matrix
        places = tuple(Index(place) for place in (row, column) if place is not None)
        if isinstance(matrix, Symbol):
            return []
        if not places:
            return [(matrix, Rearrange(), "the sums as products of matrices")]
        return [(Entry(matrix, places), AssembleMatrix(), "these are the entries of one matrix formula")]


def _summed_to_one(term: Term, name: str, axes: set[int]) -> Term:
    """The term without each entry of a name that is summed over an index of its own."""
    bound = {letter for letter, _ in term.bound}
    for place, factor in enumerate(term.factors):
        if not (isinstance(factor, Entry) and factor.of == Symbol(name)):
            continue
        for position, index in enumerate(factor.indices):
            others = [f for k, f in enumerate(term.factors) if k != place]
            elsewhere = {x for f in (*others, *term.divisors) for x in letters(f)}
            repeated = [i.name for i in factor.indices].count(index.name) > 1
            if position in axes and index.name in bound and index.name not in elsewhere and not repeated:
                left = tuple(item for item in term.bound if item[0] != index.name)
                return _summed_to_one(replaced(term, factors=tuple(others), bound=left), name, axes)
    return term
