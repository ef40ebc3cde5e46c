"""The texts of the equations, read: formulas, claims, and sentences with formulas between backticks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from derivations.formula import Claim, Formula, Vocabulary
from derivations.reading import read_claim as read_claim_anew
from derivations.reading import read_formula as read_anew
from derivations.reading import read_statement, split_statements
from derivations.setting import Setting

__all__ = ["extended", "parts", "read_claim", "read_formula"]


@lru_cache(maxsize=1000)
def read_formula(text: str, vocabulary: Vocabulary) -> Formula:
    """A formula; the texts of the equations are few, and read often."""
    return read_anew(text, vocabulary)


@lru_cache(maxsize=1000)
def read_claim(text: str, vocabulary: Vocabulary) -> Claim:
    """A claim, in the same way."""
    return read_claim_anew(text, vocabulary)


def parts(sentence: str, vocabulary: Vocabulary) -> Iterator[str | Formula | Claim]:
    """The words of a sentence, and what stands between its backticks, read."""
    for place, piece in enumerate(sentence.split("`")):
        if place % 2:
            yield read_claim(piece, vocabulary) if "=" in piece else read_formula(piece, vocabulary)
        elif piece:
            yield piece


def extended(setting: Setting, sheet: str) -> Setting:
    """The setting after the declarations and definitions of a sheet."""
    for piece, _ in split_statements(sheet):
        setting = setting.extended(read_statement(piece, setting.vocabulary))
    return setting
