"""Precisions: how far from exact a right gradient may be, by how many digits its arithmetic keeps.

The differences themselves are always taken in float64. What the precision of somebody's arrays decides is how closely
these have to agree with them, and how short a step of the second look still means anything: a unit that is nearer to
its kink than rounding moves it may stand on either side there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric.arrays import Array


@dataclass(frozen=True, slots=True)
class Precision:
    """What right code may lose in one kind of arithmetic.

    :param relative: of an entry, as a part of it.
    :param floor: of an entry that is small because large terms cancel, as a part of the largest entry, or of the terms.
    :param same: two arrays are the same numbers if they differ by at most this part of the largest entry.
    :param shortest: the shortest step of the second look.
    :param digits: what ``relative`` is, in words.
    :param tiny: the distance of its smallest numbers, which is lost whatever the size of an entry, once a sample.
    """

    name: str
    title: str
    eps: float
    relative: float
    floor: float
    same: float
    shortest: float
    digits: int
    tiny: float


DOUBLE: Final = Precision("float64", "double precision (float64)", 2.0**-52, 1e-9, 1e-13, 1e-7, 2.0**-20, 9, 2.0**-1074)
SINGLE: Final = Precision("float32", "single precision (float32)", 2.0**-23, 2e-4, 2e-6, 1e-3, 2.0**-16, 4, 2.0**-149)
HALF: Final = Precision("float16", "half precision (float16)", 2.0**-10, 5e-2, 2e-2, 5e-2, 2.0**-8, 1, 2.0**-24)
PRECISIONS: Final = {row.name: row for row in (DOUBLE, SINGLE, HALF)}


def coarsest(precisions: Iterable[Precision]) -> Precision:
    """The one that keeps the fewest digits."""
    return max(precisions, key=lambda row: row.eps, default=DOUBLE)


def typed(array: Array) -> Precision:
    """The precision of the array's type; whole numbers count as double."""
    return PRECISIONS.get(array.dtype.name, DOUBLE)


def precision_of(arrays: Iterable[Array]) -> Precision:
    """The precision in which arrays that belong together were computed: the coarsest of their types; or single, where
    float64 arrays hold nothing but such numbers.

    Single precision is often widened at the end (``astype``, ``tolist``, a float64 array that was filled). Arrays whose
    numbers half precision holds as well (zeros, ones) say nothing, for those are common; one that holds others shows
    that there was no single precision, or not on every way.
    """
    several = [array for array in arrays if array.dtype.kind in "fiub"]
    seen = coarsest(map(typed, several))
    telling = [array for array in several if array.dtype.kind == "f" and not _holds_only(array, np.float16)]
    if seen is DOUBLE and telling and all(_holds_only(array, np.float32) for array in telling):
        return SINGLE
    return seen


def _holds_only(array: Array, narrower: type) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.array_equal(array.astype(narrower).astype(array.dtype), array, equal_nan=True))
