"""The wrong answers that an author has foreseen, found again in a student's own: then the author's words explain it."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import partial

from chapters.labs import answers
from chapters.labs.variants import Part, Wrong
from derivations.diagnosis.proof import proves
from derivations.formula import Claim, Formula
from derivations.setting import Context, Setting
from derivations.verdicts import Proved, Refuted, Verdict


def why_of_line(verdict: Verdict, part: Part, setting: Setting) -> str:
    """The author's words on a line that is wrong; empty if nobody foresaw it.

    The line is the foreseen one if it is written alike; or, where it is refuted and no diagnosis explains it, if both
    are proved to be equal.
    """
    typed = verdict.right
    if typed is None or isinstance(verdict, Proved):
        return ""
    foreseen = [(wrong, side) for wrong, claim in _claims(part, setting) for side in claim.sides[not claim.continues :]]
    for wrong, side in foreseen:
        if answers.same(side, typed, setting) and not _is_given(side, part, setting):
            return wrong.why
    if not isinstance(verdict, Refuted) or any(item.fix for item in verdict.diagnosis):
        return ""
    return next((wrong.why for wrong, side in foreseen if _equal(side, typed, setting)), "")


def why_of_whole(claims: tuple[tuple[int, Claim], ...], codes: Container[str], part: Part, setting: Setting) -> str:
    """The author's words on an answer that fails as a whole (it restates, it leaps), if it is written as foreseen."""
    typed = [side for _, claim in claims for side in claim.sides]
    foreseen: dict[int, tuple[Wrong, list[Formula]]] = {}
    for wrong, claim in _claims(part, setting):
        foreseen.setdefault(id(wrong), (wrong, []))[1].extend(claim.sides)
    for wrong, sides in foreseen.values():
        is_alike = len(sides) == len(typed) and all(map(partial(answers.same, setting=setting), sides, typed))
        if is_alike and wrong.diagnosis in codes:
            return wrong.why
    return ""


def _claims(part: Part, setting: Setting) -> Iterator[tuple[Wrong, Claim]]:
    for wrong in part.wrong:
        if wrong.why:
            for _, claim in answers.statements(wrong.answer, 1, setting).claims:
                yield wrong, claim


def _is_given(side: Formula, part: Part, setting: Setting) -> bool:
    """Whether a side stands in the reference too: then it is not what is wrong with an answer."""
    claims = answers.statements(part.reference, 1, setting).claims
    return any(answers.same(side, right, setting) for _, claim in claims for right in claim.sides)


def _equal(one: Formula, other: Formula, setting: Setting) -> bool:
    return proves(one, other, Context.of(setting, [one, other]))
