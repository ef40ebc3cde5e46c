"""Hints in three strengths: where to look · what kind of slip it is · the mended formula."""

from __future__ import annotations

from typing import Literal, TypeAlias

from derivations.diagnosis import words
from derivations.verdicts import IllShaped, Refuted, Verdict

Strength: TypeAlias = Literal[1, 2, 3]


def hint(verdict: Verdict, strength: Strength) -> str | None:
    """A hint on a claim that failed; None where nothing is known that would help.

    1 says where to look, 2 what kind of slip it is, 3 how the formula should be, if a repair has been proved. Where no
    repair is known, a weaker hint takes the place of a stronger one.
    """
    if not isinstance(verdict, Refuted | IllShaped):
        return None
    best = next((item for item in verdict.diagnosis if item.fix), None)
    if strength == 1 or best is None:
        span = best.at if best else verdict.span if isinstance(verdict, IllShaped) else None
        part = verdict.text[span.start : span.end].strip() if span else ""
        if part and part != verdict.text.strip():
            return words.LOOK_AT.format(part=part)
        return (
            words.LOOK_AT_SIDE if strength == 1 else _sentence(verdict.diagnosis[0].title if verdict.diagnosis else "")
        )
    if strength == 2:
        return _sentence(f"{best.title}. {best.why}")
    return words.MENDED.format(fix=best.fix)


def _sentence(text: str) -> str | None:
    if not text:
        return None
    begins_a_word = text[:1].isascii() and (text[1:2].islower() or text[1:2] == " ")
    text = text[:1].upper() + text[1:] if begins_a_word and not text.startswith("z ") else text  # z is a quantity
    return text if text.endswith((".", "?")) else f"{text}."
