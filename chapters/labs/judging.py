"""A worksheet → a judgement, part by part: what ``lab check`` tells and ``lab grade`` counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from chapters.labs import words
from chapters.labs.faults import not_judged
from chapters.labs.feedback import Page
from chapters.labs.judgement import JudgedPart, Judgement, UnusableError
from chapters.labs.lab import Lab, LabError
from chapters.labs.variants import Part, Variant
from chapters.labs.worksheet import LANGUAGES, Block, read_blocks

if TYPE_CHECKING:
    from numeric.student import Runner

__all__ = ["JudgedPart", "Judgement", "UnusableError", "judge"]

LONGEST: Final = 20_000
"""Characters of an answer; a long derivation has a few thousand."""
MOST_NOTES: Final = 20
"""Remarks about a worksheet as a whole."""


def judge(
    lab: Lab,
    variant: Variant,
    worksheet_text: str,
    *,
    run: Runner | None = None,
    width: int = 80,
    aloud: bool = False,
    seed: int | None = None,
) -> Judgement:
    """The judgement on a worksheet of a variant.

    run: the isolated runner, which labs of kind numpy need. width, aloud: for the feedback's lines. seed: of a
    check whose inputs are to be drawn again; without it they are drawn anew.
    Raises UnusableError for a worksheet without a single block, LabError for a lab that breaks its format.
    """
    page = Page(width, aloud)
    if lab.kind == "numpy":
        from chapters.labs.programs import judge_programs

        return judge_programs(variant, worksheet_text, run, page, seed)
    reading = read_blocks(worksheet_text, variant)
    if not reading.blocks and len(reading.problems) == len(variant.parts) and not reading.notes:
        raise UnusableError(words.NO_BLOCKS.format(path=lab.worksheet, language=LANGUAGES[lab.kind], name="NAME"))
    parts = []
    for part in variant.parts:
        block = reading.blocks.get(part.name)
        parts.append(_missing(part, reading.problems[part.name], page) if block is None else
                     _judged(variant, part, block, page))  # fmt: skip
    notes = reading.notes
    if len(notes) > MOST_NOTES:
        notes = (*notes[:MOST_NOTES], words.MORE_NOTES.format(count=len(notes) - MOST_NOTES))
    return Judgement(variant.lab, variant.student, tuple(parts), notes)


def _judged(variant: Variant, part: Part, block: Block, page: Page) -> JudgedPart:
    if len(block.text) > LONGEST:
        said = words.TOO_LONG.format(length=len(block.text), most=LONGEST)
        lines = tuple(page.marked("wrong", words.LINE.format(line=block.line), said))
        return JudgedPart(part.name, part.title, part.points, 0, lines, ("unreadable",), said)
    try:
        return _judged_by_kind(variant, part, block, page)
    except RecursionError:
        lines = tuple(page.marked("wrong", words.LINE.format(line=block.line), words.TOO_DEEP))
        return JudgedPart(part.name, part.title, part.points, 0, lines, ("undecided",), words.TOO_DEEP)
    except LabError:
        raise
    except Exception as error:
        return not_judged(part, error, page)


def _judged_by_kind(variant: Variant, part: Part, block: Block, page: Page) -> JudgedPart:
    match variant.kind:
        case "formula":
            from chapters.labs.formulas import judge_formula

            return judge_formula(variant, part, block, page)
        case "derivation":
            from chapters.labs.chains import judge_chain

            return judge_chain(variant, part, block, page)
        case _:
            from chapters.labs.predicting import judge_predictions

            return judge_predictions(variant, part, block, page)


def _missing(part: Part, problem: str, page: Page) -> JudgedPart:
    """A part whose block is gone, or there twice."""
    lines = tuple(page.marked("wrong", "", problem))
    return JudgedPart(part.name, part.title, part.points, 0, lines, ("no-block",), problem)
