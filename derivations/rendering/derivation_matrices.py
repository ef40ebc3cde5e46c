"""Explicit widths: the equation of each layer with all its entries, as drawn matrices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any

from derivations.equations.explicit import Explicit, Rows
from derivations.formula import Claim
from derivations.rendering import derivation_words as words
from derivations.rendering.derivation_text import coloured
from derivations.rendering.text import Line, columns
from derivations.writing import Notation, Spelling, write, write_claim, write_lines

_BRACKETS = {"top": "⎡⎤", "middle": "⎢⎥", "bottom": "⎣⎦", "only": "[]"}


def explicit_lines(
    found: Sequence[Explicit], width: int, notation: Notation = "superscript", aloud: bool = False
) -> Iterator[Line]:
    """For every layer the equation, then both sides as matrices; entry by entry where they are too wide."""
    spelling = Spelling.PLAIN if aloud else Spelling.UNICODE
    if found:
        yield []
        for line in wrap(words.WRITTEN_OUT.format(given=found[0].given), width - 2):
            yield [(f"  {line}", "quiet")]
    for one in found:
        yield []
        claim = Claim((one.theorem.lhs, one.theorem.rhs))
        yield from _heading(one.layer, claim, width, notation, aloud)
        left, right = ([[write(e, spelling, notation) for e in row] for row in rows] for rows in (one.lhs, one.rhs))
        drawn = [] if aloud else _drawn(left, right)
        if drawn and _width(drawn) + 4 > width:  # the right side alone, its left side by name
            drawn = _beside(write(one.theorem.lhs, notation=notation), right)
        if drawn and _width(drawn) + 4 <= width:
            yield from ([("    ", ""), *coloured(line)] for line in drawn)
            continue
        for lhs, rhs in _entries(one):
            entry = Claim((lhs, rhs))
            lines = [write_claim(entry, spelling)] if aloud else write_lines(entry, width - 4, notation)
            yield from ([("    ", ""), *coloured(line)] for line in lines)


def _heading(layer: int, claim: Claim, width: int, notation: Notation, aloud: bool) -> Iterator[Line]:
    """The number of the layer, and its equation beside it."""
    label = f"  layer {layer}   "
    if aloud:
        yield [(label, "quiet"), (write_claim(claim, Spelling.PLAIN, notation), "")]
        return
    for place, line in enumerate(write_lines(claim, width - len(label), notation)):
        yield [(label if place == 0 else " " * len(label), "quiet"), *coloured(line)]


def _entries(one: Explicit) -> Iterator[tuple[Any, Any]]:
    for left, right in zip(one.lhs, one.rhs, strict=True):
        yield from zip(left, right, strict=True)


def _drawn(left: list[list[str]], right: list[list[str]]) -> list[str]:
    """``[…] = […]`` line by line."""
    first, second = _boxed(left), _boxed(right)
    middle = (len(first) - 1) // 2
    return [
        f"{one} {'=' if place == middle else ' '} {two}"
        for place, (one, two) in enumerate(zip(first, second, strict=True))
    ]


def _beside(name: str, rows: list[list[str]]) -> list[str]:
    """``name = […]``."""
    boxed = _boxed(rows)
    middle = (len(boxed) - 1) // 2
    lead = " " * columns(name)
    return [f"{name} = {line}" if place == middle else f"{lead}   {line}" for place, line in enumerate(boxed)]


def _width(lines: list[str]) -> int:
    return max(columns(line) for line in lines)


def _boxed(rows: list[list[str]]) -> list[str]:
    widths = [max(columns(row[k]) for row in rows) for k in range(len(rows[0]))]
    lines: list[str] = []
    for place, row in enumerate(rows):
        where = "only" if len(rows) == 1 else "top" if place == 0 else "bottom" if place + 1 == len(rows) else "middle"
        inside = "  ".join(cell + " " * (size - columns(cell)) for cell, size in zip(row, widths, strict=True))
        lines.append(f"{_BRACKETS[where][0]} {inside} {_BRACKETS[where][1]}")
    return lines


def latex_matrices(found: Sequence[Explicit], notation: Notation = "superscript") -> list[str]:
    """The equation of each layer, its right side as a ``bmatrix``."""

    def matrix(rows: Rows) -> str:
        lines = (" & ".join(write(entry, Spelling.LATEX, notation) for entry in row) for row in rows)
        return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"

    return [f"{write(one.theorem.lhs, Spelling.LATEX, notation)} = {matrix(one.rhs)}" for one in found]


def explicit_report(found: Sequence[Explicit], notation: Notation = "superscript") -> list[dict[str, Any]]:
    """The layers for ``--format json``."""
    return [
        {
            "layer": one.layer,
            "given": one.given,
            "statement": " = ".join(write(side, notation=notation) for side in (one.theorem.lhs, one.theorem.rhs)),
            "proved": True,
            "lhs": [[write(entry, notation=notation) for entry in row] for row in one.lhs],
            "rhs": [[write(entry, notation=notation) for entry in row] for row in one.rhs],
        }
        for one in found
    ]
