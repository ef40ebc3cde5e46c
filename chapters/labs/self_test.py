"""Proof that a lab is sound: its reference passes, its starter does not, and each wrong answer fails as meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chapters.labs import words
from chapters.labs.judging import judge
from chapters.labs.lab import Lab, LabError
from chapters.labs.variants import Part, Variant, variant
from chapters.labs.worksheet import written

if TYPE_CHECKING:
    from numeric.student import Runner

STUDENTS = ("", "1001", "1002")
"""The plain variant, and two students'."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One answer that was judged: what it was, and what is wrong with how it came out (empty if nothing is)."""

    student: str
    what: str
    problem: str = ""


def trials(lab: Lab, students: tuple[str, ...] = STUDENTS, *, run: Runner | None = None) -> Iterator[Trial]:
    """Each trial of a lab. A lab that breaks its format is one trial with that problem."""
    for student in students:
        try:
            yield from _of_variant(lab, variant(lab, student), run)
        except LabError as problem:
            yield Trial(student, words.TRIAL_LAB, str(problem))


def references(drawn: Variant) -> dict[str, str]:
    """The reference of each part, as it stands in the worksheet."""
    if drawn.kind != "predict":
        return {part.name: part.reference for part in drawn.parts}
    from chapters.labs.predicting import reference

    return {part.name: reference(part, drawn) for part in drawn.parts}


def wrong_answers(part: Part, drawn: Variant) -> Iterator[tuple[str, str]]:
    """Each answer of a part that must fail, and the code it must fail with."""
    for wrong in part.wrong:
        yield wrong.answer.strip("\n"), wrong.diagnosis
    if part.questions:
        from chapters.labs.predicting import wrong_answers as of_slips

        yield from of_slips(part, drawn)


def _of_variant(lab: Lab, drawn: Variant, run: Runner | None) -> Iterator[Trial]:
    right = references(drawn)
    judgement = judge(lab, drawn, written(drawn, right), run=run)
    short = [part for part in judgement.parts if not part.passed]
    problem = "; ".join(f"{part.name}: {part.reason}" for part in short)
    yield Trial(drawn.student, words.TRIAL_REFERENCE, problem)
    starter = judge(lab, drawn, written(drawn), run=run)
    earned = [part.name for part in starter.parts if part.earned]
    problem = words.TRIAL_EARNS.format(parts=", ".join(earned)) if earned else ""
    yield Trial(drawn.student, words.TRIAL_STARTER, problem)
    for part in drawn.parts:
        for number, (answer, code) in enumerate(wrong_answers(part, drawn), start=1):
            what = words.TRIAL_WRONG.format(part=part.name, number=number, code=code)
            sheet = written(drawn, {**right, part.name: answer})
            (judged,) = judge(lab, replace(drawn, parts=(part,)), sheet, run=run).parts
            problem = ""
            if judged.passed:
                problem = words.TRIAL_PASSES.format(answer=answer)
            elif code not in judged.codes:
                problem = words.TRIAL_OTHER.format(code=code, seen=", ".join(judged.codes))
            yield Trial(drawn.student, what, problem)
