"""Hints in three strengths: where to look · what kind of slip it is · the formula."""

from __future__ import annotations

from chapters.labs import words
from chapters.labs.judgement import JudgedPart
from chapters.labs.variants import Part, Variant


def hint_for(variant: Variant, part: Part, judged: JudgedPart, strength: int) -> str:
    """The hint of a strength (1 … 3) on a part that is not right yet.

    What the checker has found about the student's own line comes first, then what the author has written; the last
    resort of strength 3 is the answer.
    """
    if judged.verdict is not None and any(item.fix for item in judged.verdict.diagnosis):
        from derivations.diagnosis import hint

        found = hint(judged.verdict, 1 if strength == 1 else 2 if strength == 2 else 3)
        if found:
            return found
    if strength <= len(part.hints):
        return part.hints[strength - 1]
    if strength == 3:
        return words.HINT_ANSWER.format(answer=_answer(variant, part))
    return part.hints[-1] if part.hints else words.HINT_OPEN


def _answer(variant: Variant, part: Part) -> str:
    if part.questions:
        from chapters.labs.predicting import reference

        return "\n" + reference(part, variant)
    return ("\n" if "\n" in part.reference else "") + part.reference
