"""Verdicts: the kernel decides, the witness answers separately, and only both together prove or refute.

``proved`` needs the kernel's proof and an agreeing random trial; ``refuted`` needs a counterexample. If the two
contradict each other, that is an error of this program: nothing is decided, and ``Contradicted`` says so.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import inf
from time import perf_counter, thread_time
from typing import Any, TypeAlias

from derivations import witness
from derivations.agreement import Contradicts, tested
from derivations.forks import Alternative, alternatives, weighed
from derivations.formula import (
    Claim,
    Declaration,
    Definition,
    Formula,
    LayoutChange,
    ShapeClaim,
    Span,
    Symbol,
    Use,
)
from derivations.formula import Unreadable as NotReadable
from derivations.kernel.algebra import OutsideFragment, TooLarge, Undefined
from derivations.meaning import parts, proved
from derivations.premises import assumptions
from derivations.reading import read_claim, read_formula, read_statement, split_statements
from derivations.setting import Context, Network, Setting, checked_network
from derivations.settling import WORK as SETTLING_WORK
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit, Settled, Shape, Variable
from derivations.values import replaced, value
from derivations.verdicts import (
    Contradicted,
    Diagnosis,
    IllShaped,
    Place,
    Proved,
    Refuted,
    Undecided,
    Unreadable,
    Verdict,
)
from derivations.work import Purse, Spent
from derivations.writing import write

SECONDS = 2.0
"""How long a claim may take, unless it is said: the last wall. The work is counted, so that answers repeat."""
WORK, WORK_OF_A_CORRECTION = 300_000, 200_000
"""What the verdict may cost in that time, and then the search for a correction."""
WORK_OF_A_TRIAL, WORK_TO_DISAGREE = 80_000, 8_000
BUT_EQUAL = "the sides are equal where no argument of relu, step, sign … is 0, but one is, and not by accident"
UNCONFIRMED = "The normal forms agree, but numbers do not confirm it"
CONTRADICTION = (
    "Here the program contradicts itself: one part of it proves the claim, and another one refutes it. The fault is "
    "ours, not yours, and nothing is decided. Please report it, with this input:"
)
TOO_DEEP = "The formula is nested too deeply."


def check(
    text: str,
    network: Network | None = None,
    *,
    given: str = "",
    layout: str = "denominator",
    seconds: float = SECONDS,
) -> list[Verdict]:
    """Check a claim, several claims, or a sheet; one verdict for each ``=``.

    ``given`` declares names, as in ``"W : m x n; x : n"``. Without it, and without declarations in the text, the claim
    is about the built-in network: ``network`` says with which loss, activation, batch and depth. Example::

        >>> check("∂J/∂W^l = δ^l (a^{l-1})^T")[0].verdict
        'proved'
        >>> check("δ^L = a^L - y", Network(loss="bce"))[0].verdict
        'proved'

    ``seconds`` bounds the processor time of each verdict, and in proportion the work that is done for it: the work is
    counted, so that the same answer comes on every machine. What takes more is ``undecided``.

    Raises ValueError for a network or declarations that cannot be read, TypeError for a network that is none.
    """
    _check_arguments(network, seconds)
    try:
        return list(check_text(text, starting_setting(text, given, network, layout), seconds=seconds))
    except NotReadable as problem:
        raise ValueError(f"{problem.message} {problem.hint}".strip()) from problem


def _check_arguments(network: object, seconds: float) -> None:
    if isinstance(network, str):
        raise TypeError(f'Declarations go by name: check(…, given="{network[:60]}").')
    if network is not None and not isinstance(network, Network):
        raise TypeError(f"network is a Network or None, not {type(network).__name__}.")
    if not seconds > 0:
        raise ValueError(f"seconds is a positive number, not {seconds}.")


def read(text: str, network: Network | None = None, *, given: str = "") -> Formula | Claim:
    """What a text says: a claim if it has an ``=``, else a formula.

    Raises ``derivations.formula.Unreadable`` where it is neither, with the place and a hint.
    """
    vocabulary = starting_setting("", given, network, "denominator").vocabulary
    try:
        return read_claim(text, vocabulary)
    except NotReadable:
        return read_formula(text, vocabulary)


def starting_setting(text: str, given: str, network: Network | None, layout: str) -> Setting:
    """The setting that a text starts with; raises Unreadable (of ``formula``) if ``given`` cannot be read."""
    if network is not None:
        network = checked_network(network)
    setting = Setting(layout=_known_layout(layout), network=network)
    if given.strip():
        return extended(setting, given)
    if network is None and not declares(text):
        return replaced(setting, network=Network())
    return setting


def _known_layout(layout: str) -> str:
    return Setting().extended(LayoutChange(layout)).layout


def declares(text: str) -> bool:
    """Whether a text brings its own names: a declaration, a definition or a ``use``."""
    for piece, _ in split_statements(text):
        try:
            statement = read_statement(piece, Setting().vocabulary)
        except NotReadable:
            continue
        if isinstance(statement, Declaration | Definition | Use):
            return True
    return False


def extended(setting: Setting, sheet: str) -> Setting:
    """The setting after the declarations of a sheet. Claims in it are passed over."""
    definitions = _Definitions()
    for piece, _ in split_statements(sheet):
        statement = read_statement(piece, setting.vocabulary)
        setting = setting.extended(statement)
        try:
            definitions.settle(statement, setting)
        except Misfit as misfit:
            part = piece[misfit.span.start : misfit.span.end].strip() or piece.strip()
            raise NotReadable(f"“{part}” does not fit: {misfit.message}", piece, misfit.span, misfit.hint) from None
    return setting


class _Definitions:
    """Settles the definitions of a sheet as they come, each on those before it."""

    def __init__(self) -> None:
        self._settler: Settler | None = None

    def settle(self, statement: object, setting: Setting) -> None:
        """Raise at once what is wrong with a definition; what cannot be decided of it is told where it is used."""
        if not isinstance(statement, Definition):
            return
        before = self._settler if setting.network is None else None  # a network's names depend on the formula
        self._settler = Settler(Context.of(setting, [statement.body]), before, Purse(SETTLING_WORK))
        with suppress(Unsupported, Spent, RecursionError):
            self._settler.define(statement.name, statement.body)


Review: TypeAlias = Callable[[Verdict, str, Context], Verdict]
"""What is said beside a verdict: of a step with its reason (empty for none), in the context of its chain."""

Locate: TypeAlias = Callable[[int], Place]


def check_text(
    text: str,
    setting: Setting,
    file: str = "",
    *,
    locate: Locate | None = None,
    review: Review | None = None,
    seconds: float = SECONDS,
) -> Iterator[Verdict]:
    """The verdicts of all claims of a text, statement by statement; what cannot be read is a verdict too.

    ``locate`` gives the place of a character, where the text is a part of a longer one.
    """
    chain: Chain | None = None
    definitions = _Definitions()
    locate = locate or places(text, file)
    for piece, offset in split_statements(text):
        answer = _Answer(piece, locate(offset), setting.layout, perf_counter(), seconds)
        try:
            statement = read_statement(piece, setting.vocabulary)
            if isinstance(statement, ShapeClaim):
                chain = None
                yield shape_verdict(statement, setting, answer)
                continue
            if not isinstance(statement, Claim):
                setting, chain = setting.extended(statement), None
                definitions.settle(statement, setting)
                continue
        except NotReadable as problem:
            yield answer.unreadable(problem)
            if not piece.lstrip().startswith("="):
                chain = _begun(piece, setting, review)
            continue
        except Misfit as misfit:
            yield answer.ill_shaped(misfit)
            continue
        if not statement.continues:
            chain = Chain(setting, review)
        elif chain is None:
            missing = "This line goes on from a line that is not there."
            yield answer.unreadable(NotReadable(missing, piece, Span(0, 1)))
            continue
        assert chain is not None
        yield from chain.judged(statement, answer)


def shape_verdict(claim: ShapeClaim, setting: Setting, answer: _Answer) -> Verdict:
    """Whether something has the shape that is claimed of it."""
    settler = Settler(Context.of(setting, [claim.of]))
    columns = setting.extent(claim.columns) if claim.columns is not None else 1
    claimed = Shape(setting.extent(claim.rows), columns)
    try:
        shape = settler.settle(claim.of).shape
    except Unsupported as problem:
        return answer.undecided(str(problem), "")
    answer = replaced(answer, notes=tuple(settler.notes))
    name = write(claim.of)
    if shape != claimed:
        hint = "The two shapes are each other's transpose." if shape == claimed.turned() else ""
        return answer.ill_shaped(
            Misfit(f"{name} is {shape}, and not {claimed}.", claim.of.span, ((claim.of.span, shape),), hint)
        )
    return replaced(answer.proved(()), read_as=f"{name} is {shape}")


def _begun(piece: str, setting: Setting, review: Review | None) -> Chain | None:
    """The chain that an unreadable line begins, if what stands before its first = can be read."""
    left, equals, _ = piece.partition("=")
    if not equals or left.endswith(":"):
        return None
    chain = Chain(setting, review)
    try:
        chain.begin(read_formula(left, setting.vocabulary))
    except NotReadable:
        return None
    return chain


def check_claim(text: str, setting: Setting) -> list[Verdict]:
    """The verdicts of one claim, one for each ``=``."""
    answer = _Answer(text, Place(), setting.layout, perf_counter())
    try:
        claim = read_claim(text, setting.vocabulary)
    except NotReadable as problem:
        return [answer.unreadable(problem)]
    return list(Chain(setting).judged(claim, answer))


def places(text: str, file: str) -> Locate:
    """Where each character of a text stands."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def locate(offset: int) -> Place:
        line = bisect(starts, offset)
        return Place(file, line, offset - starts[line - 1] + 1)

    return locate


# ---- a chain ----


class Chain:
    """Judges a chain a = b = c …, one ``=`` after the other, over several lines.

    Each side is compared with the nearest one before it that fits. After a slip it is compared with the chain's first
    side as well, so that one slip is reported once, and what follows it is judged on its own.
    """

    def __init__(self, setting: Setting, review: Review | None = None) -> None:
        self.setting, self.review = setting, review
        self.sides: list[Formula] = []
        self.previous: Formula | None = None
        self.sound: Formula | None = None  # the last side that is as good as the first
        self.slipped = False  # whether the previous side may differ from the first

    def begin(self, side: Formula) -> None:
        """Take a side as the chain's first."""
        self.previous = side
        self.sides.append(side)

    def judged(self, claim: Claim, answer: _Answer) -> Iterator[Verdict]:
        """The verdicts of a line of the chain."""
        sides = list(claim.sides)
        reasons = [reason or "" for reason in claim.reasons] + [""] * len(sides)
        if not claim.continues:
            self.begin(sides.pop(0))
        context = Context.of(self.setting, (*self.sides, *sides))
        for side, reason in zip(sides, reasons, strict=False):
            verdict = self._step(side, claim, context, replaced(answer, until=thread_time() + answer.seconds))
            if len(self.sides) > 2 or claim.continues:
                verdict = replaced(verdict, in_chain=True)
            yield self.review(verdict, reason, context) if self.review else verdict
            answer = replaced(answer, start=perf_counter())

    def _step(self, side: Formula, claim: Claim, context: Context, answer: _Answer) -> Verdict:
        assert self.previous is not None
        first, previous, sound = self.sides[0], self.previous, self.sound or self.sides[0]
        self.sides.append(side)
        if not self.slipped or previous is first:
            verdict = decide(previous, side, context, answer)
        elif _proves(previous, side, context):
            verdict = replaced(decide(previous, side, context, answer), mark="follows from a slip")
        elif _proves(sound, side, context):
            self.slipped = False
            verdict = replaced(decide(sound, side, context, answer), mark="right again")
        else:
            verdict = _easier(decide(sound, side, context, answer), decide(previous, side, context, answer))
        for other in alternatives(answer.text, claim, self.setting.vocabulary) if claim.forks else ():
            verdict = self._weighed(verdict, claim, other, context, answer)
        if not isinstance(verdict, Proved):
            self.slipped = True
        elif not self.slipped:
            self.sound = side
        if _fits(side, context) or (len(self.sides) == 2 and not _fits(previous, context)):
            self.previous = side
        return verdict

    def _weighed(
        self, verdict: Verdict, claim: Claim, other: Alternative, context: Context, answer: _Answer
    ) -> Verdict:
        """The verdict, once the other reading of a place in the claim has been judged too, where it makes one."""
        read_so = {id(here): there for here, there in zip(claim.sides, other.claim.sides, strict=True)}
        left, right = (read_so.get(id(side), side) for side in (verdict.left, verdict.right))
        if left is None or right is None or (left, right) == (verdict.left, verdict.right):
            return verdict
        return weighed(
            verdict, other, (left, right),
            lambda one, two: _proves(one, two, context),
            lambda one, two: decide(one, two, context, answer),
        )  # fmt: skip


def _easier(verdict: Verdict, link: Verdict) -> Verdict:
    """Of two answers to a line behind a slip, the one that is mended by one change; else the first.

    ``link`` is the answer to the line itself: what is undecided of it is refuted of nothing else.
    """

    def is_mended(answer: Verdict) -> bool:
        return any(item.fix is not None and "+" not in item.code for item in answer.diagnosis)

    if isinstance(link, Undecided) or (is_mended(link) and not is_mended(verdict)):
        return link
    return verdict


def _proves(left: Formula, right: Formula, context: Context) -> bool:
    from derivations.diagnosis.proof import proves  # only after a slip

    return proves(left, right, context)


def _fits(side: Formula, context: Context) -> bool:
    try:
        Settler(context).settle(side)
    except (Misfit, NotReadable, Unsupported):
        return False
    return True


def decide(left: Formula, right: Formula, context: Context, answer: _Answer) -> Verdict:
    """The verdict on one equation."""
    answer, purse = replaced(answer, left=left, right=right), answer.purse(WORK)
    settler = Settler(context, purse=purse)
    try:
        sides = settler.settle_sides(left, right)
    except Misfit as misfit:
        return _ill_shaped(replaced(answer, notes=tuple(settler.notes)), misfit, context)
    except NotReadable as problem:
        return answer.unreadable(problem)
    except Spent as spent:
        return answer.undecided(answer.stopped(spent, "This formula is too large."), "")
    except Unsupported as problem:
        return answer.undecided(str(problem), "")
    except RecursionError:
        return answer.undecided(TOO_DEEP, "")
    answer = replaced(answer, notes=tuple(settler.notes), shapes=_shapes(sides, context))
    outcome = _trial(left, right, context, purse, once=True)
    # Where the witness already sees a difference, the kernel is only asked whether it would dare to disagree.
    most = WORK_TO_DISAGREE if isinstance(outcome, witness.Differs) else purse.left - purse.left // 3
    try:
        with purse.part(most) as part:
            translation, proof = proved(settler, sides, part)
        why_not = "The two sides have different normal forms, but no counterexample was found."
    except Spent as spent:
        translation, proof = None, False
        why_not = answer.stopped(spent, "Multiplied out, this has too many terms.")
    except (TooLarge, OutsideFragment, Undefined, Unsupported) as problem:
        translation, proof, why_not = None, False, str(problem)
    except NotReadable as problem:  # of a definition that only the kernel has opened
        return answer.unreadable(NotReadable(problem.message, answer.text, Span(0, len(answer.text)), problem.hint))
    except RecursionError:
        translation, proof, why_not = None, False, TOO_DEEP
    if not proof and isinstance(outcome, witness.Agrees):
        outcome = _trial(left, right, context, purse)
    if not proof and isinstance(outcome, witness.Agrees):
        more = _trial(left, right, context, purse, wider=True)
        outcome = more if isinstance(more, witness.Differs) else outcome
    if translation is not None:
        answer = replaced(answer, notes=(*answer.notes, *translation.notes))
    if proof:
        assert translation is not None
        testimony = tested(translation, outcome, left, right, context, purse)
        if isinstance(testimony, Contradicts):
            return answer.contradicted(context)
        outcome = testimony
        if isinstance(outcome, witness.Agrees):
            return answer.proved(assumptions(translation, sides, context, outcome.on_kinks))
        if isinstance(outcome, witness.Differs):
            answer, why_not = replaced(answer, notes=(*answer.notes, BUT_EQUAL)), f"Here {BUT_EQUAL}."
        else:
            why_not = f"{UNCONFIRMED}: {outcome.reason}."
    if isinstance(outcome, witness.Differs):
        found = witness.counterexample(left, right, context, on_kinks=outcome.on_kinks, purse=purse)
        if found is not None:
            answer, diagnoses = _diagnosed(answer, context)
            return answer.refuted(found, diagnoses)
        return answer.undecided(why_not, "On random numbers the two sides differ.")
    if isinstance(outcome, witness.Untestable) and outcome.spent is not None:
        untried = answer.stopped(outcome.spent, "To try it on numbers takes more work than a claim is given.")
        narrow = _tried_narrow(left, right, context, answer, proof)
        if proof and isinstance(narrow, witness.Agrees):
            assert translation is not None
            return answer.proved(assumptions(translation, sides, context))
        if isinstance(narrow, witness.Differs):
            return answer.undecided(untried, "On narrow matrices in the place of the wide ones the two sides differ.")
        return answer.undecided(f"The normal forms agree. {untried}" if proof else untried, "")
    agrees = isinstance(outcome, witness.Agrees)
    return answer.undecided(why_not, _agreeing(left, right, context, purse) if agrees else "")


def _tried_narrow(
    left: Formula, right: Formula, context: Context, answer: _Answer, proof: bool
) -> witness.Agrees | witness.Differs | None:
    """A claim of matrices too large to be tried, tried on small ones, as one of any width.

    With a ``proof`` it agrees only if it is proved for any width as well: then it holds for the widths that it has.
    """
    from derivations.diagnosis.proof import proves  # a claim of small matrices never needs it
    from derivations.widening import widened

    purse = answer.purse(WORK_OF_A_TRIAL)
    try:
        general = widened(left, right, context)
        if general is None:
            return None
        if proof:
            return witness.Agrees(1, False) if proves(*general, purse) else None
        outcome = _trial(*general, purse)
        return outcome if isinstance(outcome, witness.Differs) else None
    except (Spent, RecursionError):
        return None


def _ill_shaped(answer: _Answer, misfit: Misfit, context: Context) -> Verdict:
    answer, diagnoses = _diagnosed(answer, context, fits=False)
    return answer.ill_shaped(misfit, diagnoses)


def _trial(
    left: Formula, right: Formula, context: Context, purse: Purse, *, once: bool = False, wider: bool = False
) -> witness.Agrees | witness.Differs | witness.Untestable:
    try:
        with purse.part(WORK_OF_A_TRIAL) as part:
            return witness.trial(left, right, context, once=once, wider=wider, purse=part)
    except Spent as spent:
        return witness.Untestable(str(spent), spent)


def _agreeing(left: Formula, right: Formula, context: Context, purse: Purse) -> str:
    from derivations.diagnosis.conditions import right_if_positive  # a claim that is decided never needs it

    try:
        positive = right_if_positive(left, right, context, purse)
    except Spent:
        positive = ""
    return f"On random numbers the two sides agree. {positive}".strip()


def _diagnosed(answer: _Answer, context: Context, fits: bool = True) -> tuple[_Answer, tuple[Diagnosis, ...]]:
    """What mends a claim that fails. A verdict is never lost to the search for it."""
    from derivations.diagnosis import diagnose  # a claim that is proved never needs it

    assert answer.left is not None
    assert answer.right is not None
    purse = answer.purse(WORK_OF_A_CORRECTION)
    try:
        found, stopped = diagnose(answer.text, answer.left, answer.right, context, fits, purse)
    except (Spent, RecursionError):  # a formula too long to be tried out in variants
        return answer, ()
    except Exception:
        import logging  # a fault of ours: the command's --debug shows it

        logging.getLogger(__name__).debug("no correction of %s", answer.text, exc_info=True)
        return answer, ()
    if stopped is None or found:
        return answer, found
    note = answer.stopped(stopped, "it takes more work than a claim is given")
    return replaced(answer, notes=(*answer.notes, f"the search for a correction stopped early: {note}")), found


# ---- what a verdict tells ----


@value
class _Answer:
    """The parts that all verdicts of a claim share."""

    text: str
    place: Place
    layout: str
    start: float
    seconds: float = SECONDS
    until: float = inf
    left: Formula | None = None
    right: Formula | None = None
    notes: tuple[str, ...] = ()
    shapes: tuple[tuple[str, str], ...] = ()

    def purse(self, work: int) -> Purse:
        """What a part of the answer may cost: ``work`` in the usual time, more in more, and until the time is up."""
        return Purse(int(work * self.seconds / SECONDS), self.until)

    def stopped(self, spent: Spent, reason: str) -> str:
        """Why something was not done to its end: ``reason``, or the clock."""
        return f"the {self.seconds:g} seconds of a claim are over" if spent.by_clock else reason

    def _shared(self) -> dict[str, Any]:
        try:
            read_as = f"{write(self.left)} = {write(self.right)}" if self.left and self.right else ""
        except RecursionError:  # too long to be printed again
            read_as = self.text
        return {
            "text": self.text,
            "place": self.place,
            "layout": self.layout,
            "left": self.left,
            "right": self.right,
            "read_as": read_as,
            "notes": self.notes,
            "shapes": self.shapes,
            "seconds": perf_counter() - self.start,
        }

    def proved(self, relied_on: tuple[str, ...]) -> Proved:
        return Proved(**self._shared(), assumptions=relied_on)

    def refuted(self, found: witness.Counterexample, conditions: tuple[Diagnosis, ...]) -> Refuted:
        return Refuted(**self._shared(), counterexample=found, conditions=conditions)

    def ill_shaped(self, misfit: Misfit, conditions: tuple[Diagnosis, ...] = ()) -> IllShaped:
        return IllShaped(
            **self._shared(), message=misfit.message, span=misfit.span, operands=misfit.operands, hint=misfit.hint,
            conditions=conditions,
        )  # fmt: skip

    def unreadable(self, problem: NotReadable) -> Unreadable:
        return Unreadable(**self._shared(), message=problem.message, span=problem.span, hint=problem.hint)

    def undecided(self, message: str, evidence: str) -> Undecided:
        return Undecided(**self._shared(), message=message, evidence=evidence)

    def contradicted(self, context: Context) -> Contradicted:
        message = f"{CONTRADICTION} {self.text.strip()}  [{context.setting.sheet}; layout {self.layout}]"
        return Contradicted(**self._shared(), message=message)


def _shapes(sides: tuple[Settled, Settled], context: Context) -> tuple[tuple[str, str], ...]:
    """The shape of each name that stands in a claim, as told to the reader; a batch is written in capitals."""
    found: dict[str, str] = {}
    batch = context.network is not None and context.network.batch is not None
    for side in sides:
        for part in parts(side):
            if isinstance(part, Variable) and not part.shape.is_scalar:
                of_network = batch and part.name in ("z", "a", "x", "y") and part.name not in context.setting.quantities
                name = part.name.upper() if of_network else part.name
                found.setdefault(write(Symbol(name, part.layer)), str(part.shape))
    return tuple(sorted(found.items()))
