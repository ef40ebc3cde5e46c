"""The texts of the equations, read: formulas, claims, and sentences with formulas between backticks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derivations.formula import Claim, Formula, Statement, Vocabulary
from derivations.reading import read_claim, read_formula, read_statement, split_statements

__all__ = ["parts", "read_claim", "read_formula", "read_sheet"]


def parts(sentence: str, vocabulary: Vocabulary) -> Iterator[str | Formula | Claim]:
    """The words of a sentence, and what stands between its backticks, read."""
    for place, piece in enumerate(sentence.split("`")):
        if place % 2:
            yield read_claim(piece, vocabulary) if "=" in piece else read_formula(piece, vocabulary)
        elif piece:
            yield piece


def read_sheet(sheet: str, vocabulary: Callable[[], Vocabulary]) -> Iterator[Statement]:
    """The statements of a sheet; ``vocabulary`` is asked again for each, as it grows."""
    for piece, _ in split_statements(sheet):
        yield read_statement(piece, vocabulary())
