"""Checking the gradient of any function of one array, by Richardson extrapolation in every entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.errors import misuse
from numeric.methods import richardson
from numeric.precision import DOUBLE, coarsest, typed

TIMES = 10.0
"""K: with one pass for each entry, and nothing known of f, its error is guessed more coarsely than a network's."""
LONGER = 8.0
"""How much longer the steps are where f is not computed in double precision: a value of it rounds away more."""


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """Entry by entry, in the shape of x: both derivatives, how far they may differ, and whether they do."""

    analytic: Array
    numeric: Array
    bound: Array
    wrong: Array

    @property
    def ok(self) -> bool:
        return not self.wrong.any()

    @property
    def worst(self) -> tuple[int, ...]:
        """The place of the entry that exceeds its bound by the largest factor (or comes nearest to it)."""
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = np.abs(self.analytic - self.numeric) / self.bound
        ratio = np.where(np.isnan(ratio), np.inf, ratio)
        return tuple(int(place) for place in np.unravel_index(int(np.argmax(ratio)), ratio.shape))


def check_gradient(
    f: Callable[[Array], float], x: Any, analytic: Any, *, step: float = 2.0**-6, rtol: float = 1e-8
) -> GradientCheck:
    """Hold ``analytic`` against differences of ``f`` at ``x``.

    :param f: from an array of the shape of x to one number. It may be called with x's own memory changed in between.
    :param x: the point, of any shape.
    :param analytic: what is claimed for ∂f/∂x, in the shape of x (denominator layout).
    :param step: the largest step, as a part of max(1, |x|).
    :param rtol: what ``analytic`` may be off by, as a part of itself; more where x, ``analytic`` or what f returns is
        in single or half precision, in which case f's own arithmetic is taken to be too.
    :raises MisuseError: if the shapes of x and ``analytic`` differ, or f does not return one number.
    """
    given, start_at = np.asarray(analytic), np.asarray(x)
    at, claim = start_at.astype(np.float64), given.astype(np.float64)
    if claim.shape != at.shape:
        raise misuse(
            wording.WRONG_SHAPE,
            wording.SAME_SHAPE_HINT,
            what="the gradient",
            seen=shape_text(claim.shape),
            wanted=shape_text(at.shape),
        )
    value, error = np.zeros(at.shape), np.zeros(at.shape)
    first = np.asarray(f(at))
    if first.size != 1 or first.dtype.kind not in "fiub":
        raise misuse(wording.NO_NUMBER, wording.NO_NUMBER_HINT, seen=shape_text(first.shape), kind=first.dtype.name)
    size = abs(float(first.reshape(())))
    inside = typed(first)
    kept = coarsest([inside, typed(given), typed(start_at)])
    step *= 1.0 if inside is DOUBLE else LONGER
    rtol = rtol if kept is DOUBLE else max(rtol, kept.relative)
    for place in np.ndindex(at.shape):
        start = at[place]

        def along(t: float, place: tuple[int, ...] = place, start: Any = start) -> Array:
            at[place] = start + t
            answer = np.asarray(f(at), dtype=np.float64).reshape(())
            at[place] = start
            return answer

        found = richardson(along, 4.0 * inside.eps * (size + 1e-300), step * max(1.0, abs(float(start))))
        value[place], error[place] = float(found.value), float(found.error)
    floor = 0.0 if kept is DOUBLE else kept.floor * float(np.max(np.abs(value), initial=0.0))
    bound = TIMES * error + rtol * np.abs(claim) + floor
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(value - claim) <= bound)
    return GradientCheck(claim, value, bound, wrong)
