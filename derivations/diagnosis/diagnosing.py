"""A claim that fails → its diagnoses: proved repairs, told in the reader's own spelling, and conditions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from derivations.diagnosis import words
from derivations.diagnosis.catalogue import CATALOGUE, OF_ANY_MATRICES
from derivations.diagnosis.catalogue.layers import WHOLE_SIDE_MOVED
from derivations.diagnosis.conditions import conditions
from derivations.diagnosis.hand import is_array_code
from derivations.diagnosis.proof import proves
from derivations.diagnosis.respelling import respelled
from derivations.diagnosis.search import Repair, repairs
from derivations.diagnosis.trees import shifted
from derivations.formula import (
    NOWHERE,
    Apply,
    Derivative,
    Entry,
    Formula,
    Gradient,
    LossDerivative,
    Number,
    Span,
    Symbol,
    Unreadable,
    walk,
)
from derivations.reading import read_claim
from derivations.setting import Context
from derivations.values import replaced
from derivations.verdicts import Diagnosis
from derivations.work import Purse, Spent
from derivations.writing import write

ZERO = Number(Fraction(0))
WORK = 200_000
"""What a diagnosis may cost, unless a purse is given."""
PART_FOR_CONDITIONS = 4
"""One in so many units of work is kept for the conditions."""


class Diagnosed(NamedTuple):
    """What was found; ``stopped`` says why the search ended before its end, if it did."""

    diagnoses: tuple[Diagnosis, ...]
    stopped: Spent | None = None


def diagnose(
    text: str, left: Formula, right: Formula, context: Context, fits: bool = True, purse: Purse | None = None
) -> Diagnosed:
    """The diagnoses of ``left = right``, which stands in ``text`` and is false, or does not fit (``fits``).

    The right side is searched for a repair, and then the left one, if it is more than a name or a derivative; then the
    conditions are tried, for which a part of the work is kept. What is found stays found when the work is done.
    """
    purse = purse or Purse(WORK)
    claim = _Claim(text, left, right, context)
    mended: list[Diagnosis] = []
    wished: list[Diagnosis] = []
    stopped: Spent | None = None
    try:
        with purse.keeping(purse.left // PART_FOR_CONDITIONS):
            for diagnosis in claim.mended(purse):
                mended.append(diagnosis)
    except Spent as spent:
        stopped = spent
    try:
        for condition in conditions(left, right, context, fits, purse):
            wished.append(condition)
    except Spent as spent:
        stopped = spent
    return Diagnosed((*mended, *wished), stopped)


def _is_about_gradients(left: Formula, right: Formula, context: Context) -> bool:
    """Whether a claim speaks of derivatives, or of a network: the slips of the catalogue are slips with these."""
    if context.network is not None:
        return True
    pending, seen = [left, right], set[str]()
    while pending:
        for node in walk(pending.pop()):
            match node:
                case Derivative() | Gradient() | LossDerivative():
                    return True
                case Apply(function) if function.order:
                    return True
                case Symbol(name) if name not in seen:
                    seen.add(name)
                    quantity = context.setting.quantities.get(name)
                    if quantity is not None and quantity.definition is not None:
                        pending.append(quantity.definition)
                case _:
                    pass
    return False


def _turns(left: Formula, right: Formula) -> Iterator[tuple[Formula, Formula]]:
    """Which side to mend, and what it should equal: the one that is asked for comes last."""
    if not _is_bare(right):
        yield right, left
    if not _is_bare(left):
        yield left, right
    if _is_bare(right):
        yield right, left


def _is_bare(side: Formula) -> bool:
    """A name or a derivative: the side that is asked for."""
    return isinstance(side, Symbol | Derivative | Gradient | LossDerivative) or (
        isinstance(side, Entry) and isinstance(side.of, Symbol)
    )


class _Claim:
    """The text of a claim, and where its sides stand in it."""

    def __init__(self, text: str, left: Formula, right: Formula, context: Context) -> None:
        self.text, self.left, self.right, self.context = text, left, right, context
        self.vocabulary = context.setting.vocabulary
        self.sides = self._read(text)

    def _read(self, text: str) -> tuple[Formula, ...]:
        try:
            return read_claim(text, self.vocabulary).sides
        except Unreadable:
            return ()

    def mended(self, purse: Purse) -> Iterator[Diagnosis]:
        """The repairs of the first side that can be mended."""
        array_code = is_array_code(self.text)
        rows = CATALOGUE if _is_about_gradients(self.left, self.right, self.context) else OF_ANY_MATRICES
        for side, target in _turns(self.left, self.right):
            found: list[Repair] = []
            for repair in repairs(side, target, self.context, array_code, rows, purse):
                if repair.formula != target:  # that a side equals itself mends nothing
                    if not found and proves(target, ZERO, self.context, purse):
                        return  # whatever is 0 would do
                    found.append(repair)
                    yield self._diagnosis(repair, side)
            if found:
                yield from self._other_side_moved(found, target, side, purse)
                return

    def _other_side_moved(
        self, found: list[Repair], other: Formula, side: Formula, purse: Purse
    ) -> Iterator[Diagnosis]:
        """Where one side is a layer further on, the other one may be moved just as well."""
        if len(found) > 1 or [row.code for row in found[0].rows] != [WHOLE_SIDE_MOVED]:
            return
        (repair,) = found
        moved = shifted(other, -1 if repair.formula == shifted(side, 1) else 1)
        if proves(moved, side, self.context, purse):
            told = self._diagnosis(Repair(moved, repair.rows), other)
            yield replaced(told, title=words.OTHER_SIDE[0], why=words.OTHER_SIDE[1])

    def _diagnosis(self, repair: Repair, side: Formula) -> Diagnosis:
        first, *others = repair.rows
        code, title, why = first.code, first.title, first.why
        for row in others:
            if row.code != first.code:
                code += f"+{row.code}"
                title, why = words.TWO_SLIPS.format(first=title, second=row.title), f"{why} {row.why}"
        fix, marks, at = self._fix(repair.formula, side)
        return Diagnosis(code, title, why, fix, marks=marks, at=at)

    def _fix(self, mended: Formula, side: Formula) -> tuple[str, tuple[Span, ...], Span]:
        """The whole mended claim, what is new in it, and the place in the text that it takes."""
        number = next((k for k, s in enumerate(self.sides) if s == side and s.span == side.span), None)
        if number is not None:
            found = respelled(self.text, side, mended, self.vocabulary, lambda text: self._side(text, number))
            if found is not None:
                at = found.places[0] if len(found.places) == 1 else side.span
                if len(self.sides) == 2 and self._stands_alone():
                    return found.text.strip(), _moved(found.marks, len(found.text.lstrip()) - len(found.text)), at
                new = self._side(found.text, number).span
                start = new.start
                if found.text[:start].endswith("\\left"):  # its bracket is where the side begins
                    start -= len("\\left")
                return self._joined(found.text[start : new.end], _moved(found.marks, -start), side, at)
        return self._joined(write(mended), (), side, side.span)

    def _side(self, text: str, number: int) -> Formula:
        sides = read_claim(text, self.vocabulary).sides
        if len(sides) != len(self.sides):
            raise Unreadable("", text, NOWHERE)
        return sides[number]

    def _stands_alone(self) -> bool:
        """Whether the text is this one equation, and both its sides."""
        return all(
            one == other and one.span == other.span
            for one, other in zip(self.sides, (self.left, self.right), strict=True)
        )

    def _joined(
        self, mended: str, marks: tuple[Span, ...], side: Formula, at: Span
    ) -> tuple[str, tuple[Span, ...], Span]:
        other = self.left if side is self.right else self.right
        kept = next((self.text[s.span.start : s.span.end] for s in self.sides if s is other or _same(s, other)), None)
        kept = kept.strip() if kept else write(other)
        if side is self.right:
            return f"{kept} = {mended}", _moved(marks, len(kept) + 3), at
        return f"{mended} = {kept}", marks, at


def _same(one: Formula, other: Formula) -> bool:
    return one == other and one.span == other.span


def _moved(marks: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple(Span(mark.start + by, mark.end + by) for mark in marks)
