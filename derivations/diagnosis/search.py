"""The search for the smallest change of a side that makes the claim true.

Every row of the catalogue is tried at every place, one change first, then two. A candidate has to fit and to agree on a
sample before the kernel is asked, and only what the kernel proves is told. What is counted is work and candidates, so
that the answer never depends on the speed of a machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from derivations.diagnosis.catalogue import CATALOGUE, Misconception
from derivations.diagnosis.proof import proves
from derivations.diagnosis.sieve import Sieve
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import shifted, size, spots
from derivations.formula import Formula
from derivations.setting import Context
from derivations.work import Purse

WORK = 300_000
"""What a search may cost, unless a purse is given."""
MOST_SINGLES = 500
MOST_PAIRS = 300
SIZE_OF_MOST_PAIRS = 12
"""Of larger sides fewer pairs are tried: each takes longer."""
MOST_PROOFS = 6
MOST_TOLD = 2
LARGEST = 120
"""Sides of more nodes are not searched."""


class Candidate(NamedTuple):
    formula: Formula
    rows: tuple[Misconception, ...]


class Repair(NamedTuple):
    """A proved repair: the side as it should be, and the slip, or two of them, that it undoes."""

    formula: Formula
    rows: tuple[Misconception, ...]


def repairs(
    side: Formula,
    target: Formula,
    context: Context,
    array_code: bool = False,
    rows: tuple[Misconception, ...] = CATALOGUE,
    purse: Purse | None = None,
) -> Iterator[Repair]:
    """The repairs of ``side`` that are proved to equal ``target``: one change if that is enough, else two.

    ``array_code`` says that the reader writes as in NumPy. Of fewer ``rows`` than all, one change is looked for.
    Raises Spent where ``purse`` does not last for all of the search.
    """
    purse = purse or Purse(WORK)
    if size(side) > LARGEST:
        return
    around = [side, shifted(side, 1), shifted(side, -1)]
    sieve = Sieve(target, around, context, purse=purse)
    if not sieve.usable:
        return
    situation = Situation(side, target, context, array_code, purse)
    tried = {side}
    singles, enough = list(_limited(_singles(situation, tried, rows), MOST_SINGLES, purse)), False
    for repair in _proved((c for c in singles if sieve.passes(c.formula)), target, context, purse):
        enough = True
        yield repair
    if enough or not singles or rows is not CATALOGUE:
        return
    most = MOST_PAIRS * SIZE_OF_MOST_PAIRS // max(size(side), SIZE_OF_MOST_PAIRS) // (3 if sieve.is_slow else 1)
    pairs = _limited(_pairs(singles, situation, tried), most, purse)
    yield from _proved((c for c in pairs if sieve.passes(c.formula)), target, context, purse, most=1)


def slips(side: Formula, target: Formula, context: Context) -> list[Formula]:
    """All single changes that the catalogue knows of a side, right or wrong."""
    singles = _singles(Situation(side, target, context), {side})
    return [candidate.formula for candidate in _limited(singles, MOST_SINGLES, Purse(WORK))]


def _limited(candidates: Iterator[Candidate], most: int, purse: Purse) -> Iterator[Candidate]:
    """The first candidates; each is paid for by its size."""
    for number, candidate in enumerate(candidates):
        if number == most:
            return
        purse.spend(size(candidate.formula))
        yield candidate


def _singles(
    situation: Situation, tried: set[Formula], rows: tuple[Misconception, ...] = CATALOGUE
) -> Iterator[Candidate]:
    places = list(spots(situation.side))
    for row in rows:
        for spot in places[:1] if row.whole else places:
            for new in row.repair(spot.node, situation):
                formula = spot.rebuild(new)
                if formula not in tried:
                    tried.add(formula)
                    yield Candidate(formula, (row,))


def _pairs(singles: list[Candidate], situation: Situation, tried: set[Formula]) -> Iterator[Candidate]:
    """A second change after each first one, turn by turn, so that the bound cuts all first ones alike."""
    queues = []
    for first in singles:
        queues.append((first, _singles(situation.of_variant(first.formula), tried)))
    while queues:
        left = []
        for first, seconds in queues:
            second = next(seconds, None)
            if second is not None:
                if not first.rows[0].undoes(second.rows[0]):
                    yield Candidate(second.formula, first.rows + second.rows)
                left.append((first, seconds))
        queues = left


def _proved(
    candidates: Iterator[Candidate], target: Formula, context: Context, purse: Purse, most: int = MOST_TOLD
) -> Iterator[Repair]:
    """The first candidates that are proved, one of each family."""
    families: set[str] = set()
    for number, candidate in enumerate(candidates):
        if number == MOST_PROOFS or len(families) == most:
            break
        family = candidate.rows[0].family
        if family not in families and proves(target, candidate.formula, context, purse):
            families.add(family)
            yield Repair(candidate.formula, candidate.rows)
