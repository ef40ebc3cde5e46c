"""What is said beside a formula: its mark, and why a wrong one is wrong, in a line or two."""

from __future__ import annotations

from chapters.lessons import words
from derivations.formula import Unreadable as NotReadable
from derivations.reading import read_claim
from derivations.rendering import words as answer_words
from derivations.rendering.values import matrix, premises
from derivations.setting import Setting
from derivations.verdicts import Proved, Refuted, Verdict
from derivations.writing import Notation, Spelling, write_claim

STYLES = {
    "proved": "good",
    "refuted": "bad",
    "ill-shaped": "bad",
    "unreadable": "bad",
    "undecided": "open",
    "depends": "open",
}


def heading(verdict: Verdict, plain: bool = False) -> str:
    """``✓ proved``; in plain text ``proved``."""
    if plain:
        return answer_words.PLAIN_HEADINGS[verdict.verdict].rstrip(":")
    return answer_words.HEADINGS[verdict.verdict]


def sign(verdict: Verdict) -> str:
    """``✓``"""
    return answer_words.HEADINGS[verdict.verdict][0]


def is_plainly_proved(verdict: Verdict) -> bool:
    """Whether there is nothing to say but that it is proved."""
    return isinstance(verdict, Proved) and not verdict.mark


def why(verdict: Verdict, setting: Setting, notation: Notation = "superscript") -> list[str]:
    """Why a formula is not what it should be, and what would be; nothing for one that is proved."""
    if is_plainly_proved(verdict):
        return []
    if isinstance(verdict, Proved):
        return [*verdict.notes[-1:]] if verdict.notes else [answer_words.MARKS[verdict.mark]]
    for item in verdict.diagnosis:
        if item.fix is not None:
            fixed = formula_as_read(item.fix, setting, notation)
            return [words.SLIP.format(title=_capital(item.title)), words.RIGHT.format(formula=fixed)]
    if isinstance(verdict, Refuted):
        found = verdict.counterexample
        chosen = ", ".join(premise for premise in premises(found) if premise != answer_words.ROUNDED)
        differ = words.DIFFERS if chosen else words.DIFFERS_ALWAYS
        told = differ.format(left=matrix(found.left), right=matrix(found.right), chosen=chosen)
        conditions = [f"{_capital(item.title)}." for item in verdict.diagnosis]
        return [told, *conditions]
    return [verdict.reason]


def formula_as_read(text: str, setting: Setting, notation: Notation) -> str:
    """A formula in a reader's spelling, in Unicode; as it is if it cannot be read."""
    try:
        return write_claim(read_claim(text, setting.vocabulary), Spelling.UNICODE, notation)
    except NotReadable:
        return " ".join(text.split())


def summary(verdicts: list[Verdict]) -> str:
    """``24 formulas: 20 proved; 4 wrong on purpose``"""
    proved = sum(isinstance(v, Proved) for v in verdicts)
    announced = sum(bool(v.expected) and not isinstance(v, Proved) and v.as_expected for v in verdicts)
    told = [words.PROVED.format(count=proved)]
    if announced:
        told.append(words.ON_PURPOSE.format(count=announced))
    if others := len(verdicts) - proved - announced:
        told.append(words.NOT_PROVED.format(count=others))
    told = [one for one in told if not one.startswith("0 ")]
    if len(verdicts) == 1:
        return words.SUMMARY_OF_ONE.format(told=told[0].removeprefix("1 "))
    return words.SUMMARY.format(count=len(verdicts), told=", ".join(told))


def _capital(text: str) -> str:
    """A sentence's first letter; σ and W stay as they are."""
    begins_a_word = text[:1].isascii() and (text[1:2].islower() or text[1:2] == " ")
    return text[:1].upper() + text[1:] if begins_a_word else text
