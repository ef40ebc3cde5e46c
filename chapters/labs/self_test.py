"""Proof that a lab is sound: its reference passes, its starter does not, and each wrong answer fails as meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chapters.labs import words
from chapters.labs.feedback import Page
from chapters.labs.judgement import Judgement
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


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet to be judged: what it is, and the code that it must fail with (empty for the reference)."""

    drawn: Variant
    text: str
    what: str
    answer: str = ""
    code: str = ""


def _of_variant(lab: Lab, drawn: Variant, run: Runner | None) -> Iterator[Trial]:
    sheets = list(_sheets(drawn))
    for sheet, judgement in zip(sheets, _judgements(lab, sheets, run), strict=True):
        yield Trial(drawn.student, sheet.what, _problem(sheet, judgement))


def _sheets(drawn: Variant) -> Iterator[_Sheet]:
    right = references(drawn)
    yield _Sheet(drawn, written(drawn, right), words.TRIAL_REFERENCE)
    yield _Sheet(drawn, written(drawn), words.TRIAL_STARTER)
    for part in drawn.parts:
        for number, (answer, code) in enumerate(wrong_answers(part, drawn), start=1):
            what = words.TRIAL_WRONG.format(part=part.name, number=number, code=code)
            text = written(drawn, {**right, part.name: answer})
            yield _Sheet(replace(drawn, parts=(part,)), text, what, answer, code)


def _judgements(lab: Lab, sheets: list[_Sheet], run: Runner | None) -> Iterable[Judgement]:
    if lab.kind != "numpy" or run is None:
        return (judge(lab, sheet.drawn, sheet.text, run=run) for sheet in sheets)
    from chapters.labs.together import judge_together

    apart = [place for place, sheet in enumerate(sheets) if sheet.code == "stopped"]
    return judge_together([(sheet.drawn, sheet.text) for sheet in sheets], run, Page(), apart)


def _problem(sheet: _Sheet, judgement: Judgement) -> str:
    """What is wrong with how a worksheet came out; empty if nothing is."""
    if sheet.what == words.TRIAL_REFERENCE:
        return "; ".join(f"{part.name}: {part.reason}" for part in judgement.parts if not part.passed)
    if sheet.what == words.TRIAL_STARTER:
        earned = [part.name for part in judgement.parts if part.earned]
        return words.TRIAL_EARNS.format(parts=", ".join(earned)) if earned else ""
    (judged,) = judgement.parts
    if judged.passed:
        return words.TRIAL_PASSES.format(answer=sheet.answer)
    if sheet.code not in judged.codes:
        return words.TRIAL_OTHER.format(code=sheet.code, seen=", ".join(judged.codes))
    return ""
