"""Worksheets filled in for the tests."""

from __future__ import annotations

from dataclasses import replace

from chapters.labs.feedback import plain
from chapters.labs.judgement import JudgedPart, Judgement
from chapters.labs.judging import judge
from chapters.labs.lab import Lab, load, parsed
from chapters.labs.self_test import references
from chapters.labs.variants import Variant, variant
from chapters.labs.worksheet import written


def answered(name: str, answers: dict[str, str], student: str = "") -> str:
    """A worksheet with these answers, and the references elsewhere."""
    drawn = variant(load(name), student)
    return written(drawn, references(drawn) | answers)


def judged(name: str, text: str, student: str = "") -> Judgement:
    lab = load(name)
    return judge(lab, variant(lab, student), text)


def part_of(name: str, part: str, answer: str, student: str = "") -> JudgedPart:
    """The judgement on one answer; the other parts are filled in, and not judged."""
    drawn = variant(load(name), student)
    alone = replace(drawn, parts=tuple(one for one in drawn.parts if one.name == part))
    (found,) = judge(load(name), alone, answered(name, {part: answer}, student)).parts
    return found


def text_of(part: JudgedPart) -> str:
    return plain(part.feedback)


def own_lab(text: str) -> tuple[Lab, Variant]:
    """A lab that is no file, and its plain variant."""
    lab = parsed(text, "own")
    return lab, variant(lab)


def part_of_own(lab: Lab, drawn: Variant, answers: dict[str, str]) -> JudgedPart:
    """The judgement on the first part of a lab of one's own."""
    return judge(lab, drawn, written(drawn, references(drawn) | answers)).parts[0]
