"""The answers, ``Proved | Refuted | IllShaped | Unreadable | Undecided | Depends``: values that show themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeAlias

from derivations.formula import NOWHERE, Formula, Span
from derivations.values import named_value, value

if TYPE_CHECKING:
    from derivations.shapes import Shape
    from derivations.witness import Counterexample

INTERNAL_ERROR = 4


@value
class Place:
    """Where a claim stands: the file (empty for none), and the line and column of its first character, from 1."""

    file: str = ""
    line: int = 1
    column: int = 1


@value
class Diagnosis:
    """A named explanation. ``fix``, if any, is a whole formula that has been proved.

    ``marks`` are the places in ``fix`` that are new, ``at`` is the place in the claim's text that was changed.
    """

    code: str
    title: str
    why: str
    fix: str | None = None
    marks: tuple[Span, ...] = ()
    at: Span = NOWHERE


@named_value
class Answer:
    """What every verdict tells.

    text: the claim as typed. left, right: its two sides as read (None where it could not be read).
    read_as: the reading in Unicode. layout: denominator or numerator. shapes: each name's shape, as told to the reader.
    assumptions: what the verdict relies on. notes: what was read into the formula. seconds: how long it took.
    mark: how the step stands in its chain, if that is more than the verdict says: one of ``MARKS``.
    in_chain: whether it goes on from the verdict before. reason_given: the reason behind the step, as typed.
    expected: the verdict that an author announced.
    """

    text: str
    place: Place = Place()
    left: Formula | None = None
    right: Formula | None = None
    read_as: str = ""
    layout: str = "denominator"
    shapes: tuple[tuple[str, str], ...] = ()
    assumptions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    mark: str = ""
    in_chain: bool = False
    reason_given: str = ""
    expected: str = ""

    verdict: ClassVar[str]
    exit_code: ClassVar[int]

    @property
    def reason(self) -> str:
        """One sentence: why this verdict."""
        raise NotImplementedError

    @property
    def code(self) -> int:
        """What this answer contributes to the exit code of a run: an announced verdict is as it should be."""
        if not self.expected:
            return self.exit_code
        return 0 if self.as_expected else 1

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the one announced; a formula that does not fit counts as refuted."""
        return self.expected in (self.verdict, "refuted" if self.verdict == "ill-shaped" else self.verdict)

    @property
    def standing(self) -> str:
        """How the line stands in its chain, in a word."""
        if self.mark:
            return self.mark
        if self.verdict == "refuted" and any(item.fix is None for item in self.diagnosis):
            return "follows only under a condition"
        return {"proved": "follows", "refuted": "does not follow"}.get(self.verdict, self.verdict)

    @property
    def witness(self) -> Counterexample | None:
        return None

    @property
    def diagnosis(self) -> tuple[Diagnosis, ...]:
        return ()

    def _repr_latex_(self) -> str:
        from derivations.rendering.notebook import latex

        return latex(self)

    def _repr_html_(self) -> str:
        from derivations.rendering.notebook import html

        return html(self)

    def __str__(self) -> str:
        from derivations.rendering.text import plain

        return plain(self)


@named_value
class Proved(Answer):
    """Equal for all widths, depths and batch sizes, under the assumptions listed."""

    verdict: ClassVar[str] = "proved"
    exit_code: ClassVar[int] = 0

    @property
    def reason(self) -> str:
        if self.left is None:  # the shape of something, and not an equation
            return "It has this shape."
        return "Both sides have the same normal form, and agree on random exact numbers."


@named_value
class Refuted(Answer):
    """Not equal: ``counterexample`` is a smallest one found. ``conditions`` tell when the claim would be right."""

    counterexample: Counterexample
    conditions: tuple[Diagnosis, ...] = ()
    verdict: ClassVar[str] = "refuted"
    exit_code: ClassVar[int] = 1

    @property
    def reason(self) -> str:
        return "The two sides differ in the counterexample."

    @property
    def witness(self) -> Counterexample | None:
        return self.counterexample

    @property
    def diagnosis(self) -> tuple[Diagnosis, ...]:
        return self.conditions


@named_value
class IllShaped(Answer):
    """An operation does not fit: which one (``span`` in ``text``), with the operands' shapes."""

    message: str
    span: Span = NOWHERE
    operands: tuple[tuple[Span, Shape], ...] = ()
    hint: str = ""
    conditions: tuple[Diagnosis, ...] = ()
    verdict: ClassVar[str] = "ill-shaped"
    exit_code: ClassVar[int] = 1

    @property
    def reason(self) -> str:
        return self.message

    @property
    def diagnosis(self) -> tuple[Diagnosis, ...]:
        return self.conditions


@named_value
class Unreadable(Answer):
    """Not a formula: where (``span`` in ``text``), what was seen, and a hint."""

    message: str
    span: Span = NOWHERE
    hint: str = ""
    verdict: ClassVar[str] = "unreadable"
    exit_code: ClassVar[int] = 2

    @property
    def reason(self) -> str:
        return self.message


@named_value
class Undecided(Answer):
    """Outside what can be decided; ``evidence`` is numeric and no proof."""

    message: str
    evidence: str = ""
    verdict: ClassVar[str] = "undecided"
    exit_code: ClassVar[int] = 3

    @property
    def reason(self) -> str:
        return self.message


@named_value
class Contradicted(Undecided):
    """Kernel and witness contradict each other: an error of this program, so that nothing is decided."""

    exit_code: ClassVar[int] = INTERNAL_ERROR

    @property
    def code(self) -> int:
        return self.exit_code

    @property
    def as_expected(self) -> bool:
        return False


@value
class Reading:
    """One of the readings of a claim: the claim with brackets that say so, and its verdict."""

    typed: str
    verdict: Verdict


@named_value
class Depends(Answer):
    """Print leaves two readings open, and they have different verdicts."""

    readings: tuple[Reading, ...]
    verdict: ClassVar[str] = "depends"
    exit_code: ClassVar[int] = 3
    SHARED: ClassVar[tuple[str, ...]] = ("text", "place", "left", "right", "read_as", "layout", "shapes", "in_chain")

    @property
    def reason(self) -> str:
        said = " and ".join(f"{reading.verdict.verdict} as “{reading.typed}”" for reading in self.readings)
        return f"It can be read in two ways: it is {said}. Brackets say which one is meant."

    @property
    def right_if(self) -> tuple[str, ...]:
        """The readings that are proved, as they would be typed with brackets."""
        return tuple(reading.typed for reading in self.readings if isinstance(reading.verdict, Proved))


Verdict: TypeAlias = Proved | Refuted | IllShaped | Unreadable | Undecided | Depends

MARKS = ("follows from a slip", "right again", "not by this reason", "too large a step")
"""The line follows from the one before, which was wrong; it is right again; it is true, but not by the reason given;
it follows, but leaves out too much."""

VERDICTS = tuple(kind.verdict for kind in (Proved, Refuted, IllShaped, Unreadable, Undecided, Depends))


def exit_code(verdicts: list[Verdict]) -> int:
    """The exit code of a run: 4 if the program has failed, else the first of 1, 2, 3, 0 that applies to any claim."""
    codes = {verdict.code for verdict in verdicts}
    return next((code for code in (INTERNAL_ERROR, 1, 2, 3) if code in codes), 0)
