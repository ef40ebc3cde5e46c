"""A claim that print leaves open: both readings, judged, and what comes of them together.

Which places those are, the reader of the text says (``Fork``). A reading that does not fit is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivations.formula import Claim, Fork, Formula, Unreadable, Vocabulary
from derivations.reading import read_claim
from derivations.values import replaced, value
from derivations.verdicts import Contradicted, Depends, IllShaped, Proved, Reading, Refuted, Undecided, Verdict

MOST_FORKS = 4
OTHER_DOES_NOT_FIT = "read as {typed}: the other reading does not fit"


@value
class Alternative:
    """A claim with one of its forks read in the second way."""

    even: bool
    typed_here: str  # the first reading, with brackets that say so
    typed_there: str
    claim: Claim


def alternatives(text: str, claim: Claim, vocabulary: Vocabulary) -> Iterator[Alternative]:
    """The other readings of a claim, one fork at a time; ``text`` is what it was read from."""
    for fork in claim.forks[:MOST_FORKS]:
        try:
            other = read_claim(text, vocabulary, frozenset({fork.at}))
        except Unreadable:
            continue
        turned = next((further for further in other.forks if further.at == fork.at), None)
        if turned is not None and len(other.sides) == len(claim.sides):
            yield Alternative(fork.even, _bracketed(text, fork), _bracketed(text, turned), other)


def _bracketed(text: str, fork: Fork) -> str:
    start, end = fork.taken
    return f"{text[:start]}({text[start:end].rstrip()}){text[end:]}"


def weighed(
    verdict: Verdict,
    other: Alternative,
    sides: tuple[Formula, Formula],
    proves: Callable[[Formula, Formula], bool],
    decide: Callable[[Formula, Formula], Verdict],
) -> Verdict:
    """The verdict on a step in its first reading, once the second one, ``sides``, has been judged too.

    ``proves`` says whether a reading is proved, ``decide`` gives its verdict.
    """
    match verdict:
        case Contradicted():
            return verdict
        case Proved() if other.even:
            second = decide(*sides)
            return _depends(verdict, second, other) if isinstance(second, Refuted) else verdict
        case IllShaped() if proves(*sides):
            note = OTHER_DOES_NOT_FIT.format(typed=" ".join(other.typed_there.split()))
            second = decide(*sides)
            return replaced(second, notes=(*second.notes, note))
        case Refuted() | Undecided() if proves(*sides):
            return _depends(verdict, decide(*sides), other)
        case Refuted() if _may_be_right(second := decide(*sides)):  # nobody is accused of what may be right
            return _depends(verdict, second, other)
        case Refuted() | IllShaped() if other.even:  # a correction would leave the same two readings open
            return replaced(verdict, conditions=tuple(item for item in verdict.conditions if item.fix is None))
        case _:
            return verdict


def _may_be_right(verdict: Verdict) -> bool:
    return isinstance(verdict, Undecided) and bool(verdict.evidence)


def _depends(first: Verdict, second: Verdict, other: Alternative) -> Verdict:
    shared = {name: getattr(first, name) for name in Depends.SHARED}
    return Depends(**shared, readings=(Reading(other.typed_here, first), Reading(other.typed_there, second)))
