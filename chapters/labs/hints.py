"""Hints, from weak to strong: where to look · what kind of slip it is · the formula. Each says something new."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chapters.labs import words
from chapters.labs.feedback import plain
from chapters.labs.gaps import with_gaps
from chapters.labs.judgement import JudgedPart, Judgement
from chapters.labs.variants import Part, Variant

if TYPE_CHECKING:
    from derivations.verdicts import Diagnosis, Verdict


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint on a part: the part's name, title and number in the lab; which of how many hints this is, and its text."""

    part: str
    title: str
    number: int
    strength: int
    of: int
    text: str


def next_hint(variant: Variant, judgement: Judgement, given: Mapping[str, int]) -> Hint | None:
    """The next hint on the first part that is not right; None where all are. given: how many were given, by part; where
    all were, the last one comes again."""
    for number, (part, judged) in enumerate(zip(variant.parts, judgement.parts, strict=True), start=1):
        if not judged.passed:
            hints = hints_for(variant, part, judged)
            strength = min(int(given.get(part.name, 0)) + 1, len(hints))
            return Hint(part.name, part.title, number, strength, len(hints), hints[strength - 1])
    return None


def hints_for(variant: Variant, part: Part, judged: JudgedPart) -> list[str]:
    """The hints on a part that is not right yet, weak to strong; at least one.

    What the checker has found about the student's own line comes before what the author has written, unless the
    feedback has said it already: nobody pays for the same twice. The last resort is the answer.
    """
    known = plain(judged.feedback)
    found: list[str] = []
    for offers in (_where, _which, _what):
        new = next((text for text in offers(variant, part, judged) if not _is_said(text, known)), None)
        if new is not None:
            found.append(new)
            known = f"{known}\n{new}"
    return found or [words.HINT_OPEN]


def _is_said(text: str, known: str) -> bool:
    """Whether each sentence stands among what is known, whatever its line breaks and its full stop."""
    said = _squeezed(known)
    return all(_squeezed(sentence) in said for sentence in re.split(r"(?<=[.?!;:])\s+", text.strip()))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s.$`]+|[:;?!](?=\s|$)", "", text).casefold()


def _where(_variant: Variant, part: Part, judged: JudgedPart) -> Iterator[str]:
    """Where to look in a line that is wrong, or what to begin with."""
    verdict = judged.verdict
    if verdict is not None and (repair := _repair(verdict)):
        from derivations.diagnosis import hint

        at = verdict.text[repair.at.start : repair.at.end].strip()
        is_shown = verdict.verdict == "ill-shaped" or at == verdict.text.rpartition("=")[2].strip()
        yield from filter(None, [] if is_shown else [hint(verdict, 1)])
        return
    following = _next_line(part, judged)
    reason = following.removesuffix("]").partition("[")[2]
    if reason:
        yield words.HINT_NEXT_REASON.format(reason=reason)
    elif following:
        yield words.HINT_NEXT_LINE.format(line=following)
    yield from part.hints[:1]


def _which(variant: Variant, part: Part, judged: JudgedPart) -> Iterator[str]:
    """What kind of slip it is and of which form the line should be, or the next line."""
    verdict = judged.verdict
    if verdict is not None and _repair(verdict):
        from derivations.diagnosis import hint

        yield from filter(None, [hint(verdict, 2)])
        form = with_gaps(verdict.text, _mended(variant, part, verdict))
        if form:
            yield words.HINT_FORM.format(form=form)
        yield from part.hints[1:2]
        return
    following = _next_line(part, judged)
    if following:
        yield words.HINT_NEXT_LINE.format(line=following.partition("[")[0].strip())
    yield from part.hints[1:2]


def _what(variant: Variant, part: Part, judged: JudgedPart) -> Iterator[str]:
    """What should stand there."""
    if judged.verdict is not None and _repair(judged.verdict):
        mended = _mended(variant, part, judged.verdict)
        if mended:
            yield words.HINT_ANSWER.format(answer=mended)
    yield from part.hints[2:3]
    yield words.HINT_ANSWER.format(answer=_answer(variant, part))


def _repair(verdict: Verdict) -> Diagnosis | None:
    return next((item for item in verdict.diagnosis if item.fix), None)


def _next_line(part: Part, judged: JudgedPart) -> str:
    """The line of the reference that comes next, where a derivation is right so far; empty if there is none."""
    if judged.verdict is not None or judged.reached == 0:
        return ""
    following = [line for line in part.reference.splitlines() if line.strip()][judged.reached :]
    return following[0].strip() if following else ""


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
