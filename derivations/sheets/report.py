"""What came of a sheet or a document."""

from __future__ import annotations

from derivations.formula import NOWHERE, Span
from derivations.values import value
from derivations.verdicts import Place, Unreadable, Verdict


@value
class Goal:
    """A goal and whether it is reached; ``words`` says so, ``place`` is where it stands."""

    text: str
    reached: bool
    words: str
    place: Place = Place()


@value
class Report:
    """What came of a sheet or a document."""

    verdicts: tuple[Verdict, ...]
    goals: tuple[Goal, ...] = ()

    @property
    def code(self) -> int:
        """The exit code: the first of 1, 2, 3, 0 that applies; a goal that is missed counts as 1."""
        codes = {verdict.code for verdict in self.verdicts} | {1 for goal in self.goals if not goal.reached}
        return next((code for code in (1, 2, 3) if code in codes), 0)


def unreadable(text: str, message: str, hint: str, place: Place, span: Span = NOWHERE) -> Verdict:
    """The answer to what is no formula."""
    return Unreadable(text=text, place=place, message=message, hint=hint, span=span)
