"""A theorem is made by a rule or not at all.

``Theorem`` says ⊢ lhs = rhs. Only the rules at the end of this file make one: ``refl``, ``sym``, ``trans``, and ``by``,
which asks the kernel whether a step is true and the rule whether it has its form. What is stored elsewhere is steps,
never theorems: replaying the steps is the only way back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NoReturn, TypeAlias, final

from derivations.forms import changes, misfit
from derivations.formula import Formula, Unreadable
from derivations.kernel.algebra import DEFAULT_BUDGET, Algebra, OutsideFragment, Polynomial, TooLarge, Undefined
from derivations.meaning import Translation, vanishes
from derivations.premises import assumptions
from derivations.rules import Definition, ForwardPass, Hypothesis, Jacobian, Known, Rule, name_of
from derivations.setting import Context, Setting
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit, Settled
from derivations.values import replaced, value
from derivations.work import Purse, Spent
from derivations.writing import write

Form: TypeAlias = Literal["index", "matrix"]
Link: TypeAlias = tuple[Formula, Rule, str]
"""What a chain goes on to, by which rule, and why in one plain sentence."""


class Refused(Exception):  # noqa: N818
    """A step that is not proved, or has not the form of its rule; the message says which and why."""


# ---- where a derivation stands ----


@final
class Ground:
    """The setting of one chain of formulas, and their normal forms.

    All formulas of a chain are read in one context, and each has its normal form computed once. ``bare`` is the same
    ground with nothing assumed of ``waived``: a step stands there unless its rule is ``Hypothesis``.
    """

    def __init__(self, setting: Setting, formulas: Sequence[Formula], waived: frozenset[str] = frozenset()) -> None:
        self.context = Context.of(setting, formulas)
        self._settler = Settler(self.context)
        self._settled: dict[Formula, Settled] = {}
        self._forms: dict[Formula, Polynomial] = {}
        for formula in formulas:
            self._settled[formula] = self._settler.settle(formula)
        purse = Purse(DEFAULT_BUDGET * (1 + len(formulas)))
        self.translation = Translation(self._settler, tuple(self._settled.values()), Algebra(purse))
        self.bare = Ground(replaced(setting, waived=waived), formulas) if waived else self

    def settled(self, formula: Formula) -> Settled:
        """The settled form; an index that a Σ binds elsewhere is free in a part of the formula."""
        known = self._settled.get(formula)
        if known is None:
            known = self._settled[formula] = Settler(self.context, within=self._settler).settle(formula)
        return known

    def form(self, formula: Formula) -> Polynomial:
        known = self._forms.get(formula)
        if known is None:
            known = self._forms[formula] = self.translation.side(self.settled(formula))
        return known

    def equal(self, lhs: Formula, rhs: Formula) -> bool:
        """Whether the kernel proves lhs = rhs."""
        left, right = self.settled(lhs).shape, self.settled(rhs).shape
        if left != right:
            raise Refused(f"{write(lhs)} is {left}, {write(rhs)} is {right}.")
        algebra = self.translation.algebra
        return vanishes(algebra, algebra.minus(self.form(lhs), self.form(rhs)))

    @property
    def unknown(self) -> frozenset[str]:
        """Which of σ and J may be any function."""
        met = self.bare.translation
        losses = {"J" for name in met.losses_met if name.startswith("J")}
        return frozenset(losses | (met.functions_met & {"σ"}))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the steps proved here rely on, in words."""
        return assumptions(self.translation, tuple(self._settled.values()), self.context)


_KEY = object()


@final
class Theorem:
    """⊢ lhs = rhs, on its ground: for all widths, depths and batch sizes, under the assumptions listed."""

    __slots__ = ("ground", "lhs", "rhs")

    lhs: Formula
    rhs: Formula
    ground: Ground

    def __init__(self, lhs: Formula, rhs: Formula, ground: Ground, key: object = None) -> None:
        if key is not _KEY:
            raise TypeError("A theorem is made by a rule: refl, sym, trans or by.")
        for name, part in (("lhs", lhs), ("rhs", rhs), ("ground", ground)):
            object.__setattr__(self, name, part)

    def __setattr__(self, name: str, _: object) -> NoReturn:
        raise AttributeError(f"A theorem is what was proved; its {name} cannot be set.")

    def __reduce__(self) -> NoReturn:
        raise TypeError("A theorem is not stored; replay the steps that made it.")

    @property
    def assumptions(self) -> tuple[str, ...]:
        return self.ground.assumptions

    @property
    def shape(self) -> str:
        return str(self.ground.settled(self.rhs).shape)

    def __str__(self) -> str:
        return f"⊢ {write(self.lhs)} = {write(self.rhs)}"


# ---- the rules that make theorems ----


def refl(ground: Ground, formula: Formula) -> Theorem:
    """⊢ a = a, for any formula that fits."""
    ground.settled(formula)
    return Theorem(formula, formula, ground, _KEY)


def sym(theorem: Theorem) -> Theorem:
    """From ⊢ a = b conclude ⊢ b = a."""
    return Theorem(theorem.rhs, theorem.lhs, theorem.ground, _KEY)


def trans(first: Theorem, second: Theorem) -> Theorem:
    """From ⊢ a = b and ⊢ b = c conclude ⊢ a = c."""
    if first.ground is not second.ground:
        raise Refused("The two theorems stand on different grounds.")
    if first.rhs != second.lhs:
        raise Refused(f"{write(first.rhs)} is not {write(second.lhs)}.")
    return Theorem(first.lhs, second.rhs, first.ground, _KEY)


def by(rule: Rule, lhs: Formula, rhs: Formula, ground: Ground) -> Theorem:
    """⊢ lhs = rhs, if the kernel proves it and the step has the form of the rule. Raises Refused."""
    why_not = misfit(rule, lhs, rhs)
    if why_not:
        raise Refused(f"This is no “{name_of(rule)}”: {why_not}.  {_written(lhs, rhs)}")
    try:
        if not _holds(rule, lhs, rhs, ground):
            raise Refused(f"This step is not proved.  {_written(lhs, rhs)}")
    except (Misfit, Unreadable, Unsupported, TooLarge, OutsideFragment, Undefined, Spent) as problem:
        raise Refused(f"{problem}  {_written(lhs, rhs)}") from problem
    return Theorem(lhs, rhs, ground, _KEY)


def _written(lhs: Formula, rhs: Formula) -> str:
    return f"{write(lhs)} = {write(rhs)}"


def _holds(rule: Rule, lhs: Formula, rhs: Formula, ground: Ground) -> bool:
    match rule:
        case Hypothesis():
            if ground.bare is not ground and ground.bare.equal(lhs, rhs):
                raise Refused(f"This holds without the {name_of(rule)}.  {write(lhs)} = {write(rhs)}")
            return ground.equal(lhs, rhs)
        case Definition() | ForwardPass() | Jacobian() | Known():
            parts = changes(lhs, rhs)
            if parts != [(lhs, rhs)] and not all(ground.bare.equal(old, new) for old, new in parts):
                return False
            return ground.bare.equal(lhs, rhs)
        case _:
            return ground.bare.equal(lhs, rhs)


# ---- derivations ----


@final
@value
class Step:
    """One step of a proof: a theorem, the rule that made it, and why in one plain sentence."""

    theorem: Theorem
    rule: Rule
    why: str

    @property
    def rule_name(self) -> str:
        return name_of(self.rule)


@final
@value
class Proof:
    """A chain of steps, each going on from the one before. ``title`` is empty where there is only one chain."""

    form: Form
    title: str
    steps: tuple[Step, ...]
    conclusion: Theorem


def chain(form: Form, title: str, ground: Ground, start: Formula, links: Sequence[Link]) -> Proof:
    """The proof that goes from ``start`` through the links. Raises Refused at the first step that is wrong."""
    at, steps, so_far = start, list[Step](), refl(ground, start)
    for following, rule, why in links:
        theorem = by(rule, at, following, ground)
        steps.append(Step(theorem, rule, why))
        so_far = trans(so_far, theorem)
        at = following
    return Proof(form, title, tuple(steps), so_far)


@final
@value
class Derivation:
    """An equation with its proofs.

    statement: the equation, itself a theorem. where: for which layers, widths, functions it holds, as a phrase.
    given: the sheet that declares its names, empty for the built-in network. words: what it says, in plain words.
    """

    name: str
    title: str
    statement: Theorem
    where: str
    words: str
    given: str
    proofs: tuple[Proof, ...]

    @property
    def assumptions(self) -> tuple[str, ...]:
        found = dict.fromkeys(self.statement.assumptions)
        for proof in self.proofs:
            found |= dict.fromkeys(proof.conclusion.assumptions)
        return tuple(found)

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for proof in self.proofs for step in proof.steps)

    def __str__(self) -> str:
        from derivations.rendering.derivation_text import plain

        return plain(self)

    def _repr_html_(self) -> str:
        from derivations.rendering.derivation_html import notebook

        return notebook(self)

    def _repr_markdown_(self) -> str:
        from derivations.rendering.derivation_latex import markdown

        return markdown(self)
