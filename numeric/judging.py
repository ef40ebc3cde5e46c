"""The verdict on each entry of one array: right, wrong, not finite, or at a kink.

An entry is right if |numeric − analytic| ≤ K · (estimated error) + rtol · |analytic|, with the rtol of the precision
under test. One that is not right at first
sight is looked at again by Richardson extrapolation, with smaller and smaller steps until the answer is clear and no
unit changes sides of a kink on the way. If one still does at the smallest step, J has no derivative there (or none
that differences can see), and the entry is *not differentiable here*: never a failure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric.arrays import Array
from numeric.claimed import Block, entry_name
from numeric.estimating import Directions
from numeric.methods import Estimate, richardson
from numeric.neighbourhood import Neighbourhood
from numeric.precision import Precision
from numeric.report import Entry, Finding

TIMES: Final = 4.0
"""K: the estimated error is of the right size, but it is no proof."""
TIMES_AT_FIRST: Final = 1.0
"""K at first sight: strict, for a second look is all that it costs."""
SURE_ENOUGH: Final = 1e-8
"""An error of finite steps below this part of the largest entry needs no second look."""
STEPS: Final = tuple(2.0**-power for power in (4, 6, 8, 10, 13, 16, 20))
"""The steps of the second look, down to the shortest of the precision. At the last, rounding costs six digits: enough
to tell right from wrong."""
SMALLEST_OF_LARGEST: Final = 1e-3
"""Relative errors are not asked of entries below this part of the largest."""


@dataclass(slots=True)
class Verdicts:
    """Entry by entry: the last estimate, and what became of it."""

    estimate: Estimate
    bound: Array
    wrong: Array
    not_finite: Array
    kink: Array


Again = Callable[[Array, float], tuple[Estimate, Array]]
"""From the places looked at again (2 × P) and a step: their estimates, and whether a kink was crossed."""


@dataclass(frozen=True, slots=True)
class Loss:
    """What right code may lose: in its precision, and by adding ``batch`` terms up of which ``terms`` is the size."""

    precision: Precision
    batch: int
    terms: float = 0.0

    def of(self, array: Array, scale: float) -> Array:
        """Entry by entry of an array whose largest entry is ``scale``."""
        kept = self.precision
        return np.asarray(kept.relative * np.abs(array) + kept.floor * max(scale, self.terms) + kept.tiny * self.batch)


def judge(analytic: Array, first: Estimate, loss: Loss, again: Again) -> Verdicts:
    """The verdict on each entry of ``analytic`` (float64), given a first estimate and a way to look again."""
    kept = Estimate(first.value.copy(), first.rounding.copy(), first.truncation.copy())
    value = kept.value
    scale = float(np.max(np.abs(value), initial=0.0, where=np.isfinite(value)))

    def bound_of(a: Array, e: Array) -> Array:
        return np.asarray(TIMES * e + loss.of(a, scale))

    not_finite = ~(np.isfinite(analytic) & np.isfinite(value))
    with np.errstate(invalid="ignore"):
        near = np.abs(value - analytic) <= TIMES_AT_FIRST / TIMES * bound_of(analytic, kept.error)
    suspect = ~not_finite & ~(near & _sure(kept, scale))
    places = np.array(np.nonzero(suspect))
    if places.size:
        steps = tuple(step for step in STEPS if step >= loss.precision.shortest)
        kinked = _look_again(analytic, kept, places, scale, steps, bound_of, again)
    else:
        kinked = np.zeros(0, dtype=bool)
    kink = np.zeros(analytic.shape, dtype=bool)
    kink[tuple(places)] = kinked
    bound = bound_of(np.where(not_finite, 0.0, analytic), kept.error)
    with np.errstate(invalid="ignore"):
        wrong = suspect & ~kink & ~(np.abs(value - analytic) <= bound)
    return Verdicts(kept, bound, wrong, not_finite, kink)


def _sure(estimate: Estimate, scale: float) -> Array:
    """Where finite steps are not what limits the answer: a kink inside a step makes them so."""
    return np.asarray((estimate.truncation <= estimate.rounding) | (TIMES * estimate.truncation <= SURE_ENOUGH * scale))


def _look_again(
    analytic: Array,
    kept: Estimate,
    places: Array,
    scale: float,
    steps: tuple[float, ...],
    bound_of: Callable[[Array, Array], Array],
    again: Again,
) -> Array:
    """Better estimates for ``places``, written into ``kept``; and which of them stay on a kink."""
    on_kink = np.ones(places.shape[1], dtype=bool)
    best = np.full(places.shape[1], np.inf)
    unclear = np.arange(places.shape[1])
    for step in steps:
        found, crossed = again(places[:, unclear], step)
        better = ~crossed & (found.error < best[unclear])
        chosen = unclear[better]
        here = tuple(places[:, chosen])
        kept.value[here] = found.value[better]
        kept.rounding[here], kept.truncation[here] = found.rounding[better], found.truncation[better]
        best[chosen] = found.error[better]
        on_kink[unclear[~crossed]] = False
        here = tuple(places[:, unclear])
        now, claim = kept[here], analytic[here]
        gap, bound = np.abs(now.value - claim), bound_of(claim, now.error)
        right = (gap <= bound) & _sure(now, scale)
        unclear = unclear[on_kink[unclear] | ~(right | (gap > 100.0 * bound))]
        if not len(unclear):
            break
    return on_kink


def look_at_parameters(near: Neighbourhood, layer: int, towards: Directions, noise: float, bias: bool) -> Again:
    """Looking again at entries of ∂J/∂W^l, or of ∂J/∂b^l."""

    def again(places: Array, step: float) -> tuple[Estimate, Array]:
        rows = places[0]
        columns = np.full(len(rows), len(towards.scale) - 1) if bias else places[1]
        value, off, truncation = np.zeros((3, len(rows)))
        crossed = np.zeros(len(rows), dtype=bool)
        for neuron in np.unique(rows):
            mine = np.flatnonzero((rows == neuron) & (towards.scale[columns] > 0))
            if not len(mine):
                continue
            moves = np.ascontiguousarray(towards.moves[:, columns[mine]])

            def F(t: Any, neuron: int = int(neuron), moves: Array = moves) -> Any:
                return near.total(layer, neuron, t * moves)

            found = richardson(F, noise, step)
            found = found.times(towards.scale[columns[mine]] / near.done.batch)
            value[mine], off[mine], truncation[mine] = found.value, found.rounding, found.truncation
            who = np.full(len(mine), neuron)
            crossed[mine] = _either_way(near, layer, who, step * moves)
        return Estimate(value, off, truncation), crossed

    return again


def look_at_deltas(near: Neighbourhood, layer: int, noise: float) -> Again:
    """Looking again at entries of δ^l."""

    def again(places: Array, step: float) -> tuple[Estimate, Array]:
        mask = np.zeros(near.done.z[layer - 1].shape)
        mask[tuple(places)] = 1.0
        m = near.done.batch
        found = richardson(lambda t: near.each(layer, t * mask), noise, step)[tuple(places)]
        shifts = np.zeros((m, places.shape[1]))
        shifts[places[1], np.arange(places.shape[1])] = step
        return found.times(1.0 / m), _either_way(near, layer, places[0], shifts)

    return again


def _either_way(near: Neighbourhood, layer: int, neurons: Array, shifts: Array) -> Array:
    """Whether a kink is crossed on the way there or back, a chunk at a time; never where there are no kinks."""
    crossed = np.zeros(len(neurons), dtype=bool)
    if not near.has_kinks:
        return crossed
    size = max(1, 100_000 // (near.done.batch * max(near.network.widths[layer:])))
    for start in range(0, len(neurons), size):
        here = slice(start, start + size)
        crossed[here] = near.crosses(layer, neurons[here], shifts[:, here]) | near.crosses(
            layer, neurons[here], -shifts[:, here]
        )
    return crossed


def finding(block: Block, analytic: Array, verdicts: Verdicts) -> Finding:
    """What is reported about one array."""
    value, counted = verdicts.estimate.value, ~(verdicts.kink | verdicts.not_finite)
    largest = np.max(np.abs(value), initial=0.0, where=counted)
    with np.errstate(invalid="ignore"):
        gap = np.abs(value - analytic)
        size = np.maximum(np.maximum(np.abs(value), np.abs(analytic)), SMALLEST_OF_LARGEST * largest)
        relative = np.where(counted & (gap > 0), gap / np.where(size > 0, size, 1.0), 0.0)
    if verdicts.not_finite.any():
        order = verdicts.not_finite.astype(float)
    else:
        order = np.where(verdicts.wrong, 1e300, 1.0) * relative if verdicts.wrong.any() else relative
    place = np.unravel_index(int(np.argmax(order)), analytic.shape)
    row, column = int(place[0]), int(place[1])
    worst = Entry(
        entry_name(block, (row, column)),
        float(analytic[row, column]),
        float(value[row, column]),
        float(verdicts.bound[row, column]),
    )
    return Finding(
        block.equation,
        block.layer,
        entries=analytic.size,
        wrong=int(verdicts.wrong.sum()),
        not_finite=int(verdicts.not_finite.sum()),
        not_differentiable=int(verdicts.kink.sum()),
        max_error=float(relative.max()) if not verdicts.not_finite.any() else float("inf"),
        worst=worst,
    )
