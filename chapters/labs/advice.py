"""The checker's verdicts as a worksheet needs them: in the reading that is right, and with advice that can be followed.

Elsewhere one may declare a name, choose another loss or take an assumption; in a worksheet the names and what is known
of them are given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from chapters.labs import words
from derivations.setting import Setting
from derivations.sheets.sheet import sheet_verdicts
from derivations.values import replaced
from derivations.verdicts import Depends, IllShaped, Proved, Refuted, Undecided, Unreadable, Verdict

NOT_HERE: Final = re.compile(
    r"--[a-z]|\bassum|\bdeclare it\b|\buse network\b|\bin a sheet\b|elementwise\.$", re.IGNORECASE
)
"""What advice says that cannot be followed in a worksheet."""
_SENTENCE: Final = re.compile(r"(?<=[.?!])\s+|(?<=;)\s+")


def verdicts_of(text: str, setting: Setting, strict: bool = False) -> Iterator[tuple[Verdict, str]]:
    """The verdict on each ``=`` of an answer, and a remark on how it was read (empty where there is one reading only).

    Where print leaves two readings open and one of them is right, it is the one that was meant.
    """
    for verdict in sheet_verdicts(text, setting, strict=strict):
        remark = ""
        if isinstance(verdict, Depends):
            meant = next((one for one in verdict.readings if isinstance(one.verdict, Proved)), verdict.readings[0])
            remark = words.READ_AS.format(typed=" ".join(meant.typed.split()))
            verdict = meant.verdict
        yield in_worksheet(verdict), remark


def in_worksheet(verdict: Verdict) -> Verdict:
    """A verdict without the advice that cannot be followed here."""
    match verdict:
        case Refuted() | IllShaped():
            conditions = tuple(
                replaced(item, why=followable(item.why) or words.NOT_SAID_HERE) for item in verdict.conditions
            )
            verdict = replaced(verdict, conditions=conditions)
        case Undecided():
            return replaced(verdict, message=followable(verdict.message))
    if isinstance(verdict, IllShaped | Unreadable):
        hint = followable(verdict.hint)
        if hint != verdict.hint and isinstance(verdict, Unreadable):
            hint = f"{words.GIVEN_NAMES} {hint}".strip()
        return replaced(verdict, message=followable(verdict.message), hint=hint)
    return verdict


def followable(text: str) -> str:
    """The sentences that say something in a worksheet, too."""
    if not NOT_HERE.search(text):
        return text
    kept = " ".join(part for part in _SENTENCE.split(text) if not NOT_HERE.search(part)).strip()
    return f"{kept[:-1]}." if kept.endswith(";") else kept
