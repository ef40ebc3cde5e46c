"""Hints in three strengths: where to look · what kind of slip it is · the formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chapters.labs import words
from chapters.labs.judgement import JudgedPart, Judgement
from chapters.labs.variants import Part, Variant

if TYPE_CHECKING:
    from derivations.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint on a part: the part's name, title and number in the lab, and the hint's strength and text."""

    part: str
    title: str
    number: int
    strength: int
    text: str


def next_hint(variant: Variant, judgement: Judgement, given: Mapping[str, int]) -> Hint | None:
    """The next hint on the first part that is not right; None where all are. given: the hints so far, by part."""
    for number, (part, judged) in enumerate(zip(variant.parts, judgement.parts, strict=True), start=1):
        if not judged.passed:
            strength = min(int(given.get(part.name, 0)) + 1, 3)
            return Hint(part.name, part.title, number, strength, hint_for(variant, part, judged, strength))
    return None


def hint_for(variant: Variant, part: Part, judged: JudgedPart, strength: int) -> str:
    """The hint of a strength (1 … 3) on a part that is not right yet.

    What the checker has found about the student's own line comes first, then what the author has written; the last
    resort of strength 3 is the answer.
    """
    if judged.verdict is not None and any(item.fix for item in judged.verdict.diagnosis):
        from derivations.diagnosis import hint

        if strength < 3:
            found = hint(judged.verdict, 1 if strength == 1 else 2)
            if found:
                return found
        else:
            mended = _mended(variant, part, judged.verdict)
            if mended:
                return words.HINT_ANSWER.format(answer=mended)
    if strength < 3 and judged.verdict is None and judged.reached > 0:
        following = [line for line in part.reference.splitlines() if line.strip()][judged.reached :]
        if following:
            formula, _, reason = following[0].strip().removesuffix("]").partition("[")
            said = words.HINT_NEXT_REASON.format(reason=reason) if strength == 1 and reason else ""
            return said or words.HINT_NEXT_LINE.format(line=formula.strip())
    if strength <= len(part.hints):
        return part.hints[strength - 1]
    if strength == 3:
        return words.HINT_ANSWER.format(answer=_answer(variant, part))
    return part.hints[-1] if part.hints else words.HINT_OPEN


def _mended(variant: Variant, part: Part, verdict: Verdict) -> str:
    """The checker's own correction of a line; empty if it holds what the lab rules out."""
    from chapters.labs import answers
    from derivations.formula import Unreadable
    from derivations.reading import read_claim

    setting = answers.setting_of(variant, part)
    fix = next(item.fix for item in verdict.diagnosis if item.fix)
    try:
        side = read_claim(fix, setting.vocabulary).sides[-1]
    except Unreadable:
        return ""
    if variant.kind == "derivation":
        hidden = answers.ruled_out(side, part, setting)
    else:
        hidden = answers.not_allowed(side, answers.left_of(part, setting), part, setting)
    if hidden is not None:
        return ""
    return f"= {fix.rpartition('=')[2].strip()}" if verdict.in_chain else fix


def _answer(variant: Variant, part: Part) -> str:
    if part.questions:
        from chapters.labs.predicting import reference

        return "\n" + reference(part, variant)
    return ("\n" if "\n" in part.reference else "") + part.reference
