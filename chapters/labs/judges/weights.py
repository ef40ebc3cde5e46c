"""How weights begin: normal numbers of the right spread, each drawn on its own, and decided by the seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import NormalDist
from typing import Any, Final

import numpy as np

from chapters.labs.judges import words
from chapters.labs.judges.cases import Array, Case, Expected, Judge, Reason, option, shape_text
from numeric.initialisation import WEIGHT_SCALE

LARGE: Final = ((300, 200), (40, 500), (1, 3000), (2000, 1), (60, 60))
"""Inputs and outputs of layers of which one draw shows how widely its weights are spread."""
SMALL: Final = ((7, 3), (3, 2), (2, 5))
"""Layers of which many draws show it together."""
DRAWS: Final = 60
SEEDED: Final = (40, 50)
"""The layer that is drawn with several seeds, and with one of them twice."""
ENOUGH: Final = 300
"""Weights of which something can be said."""
SIGMAS: Final = 6.0
"""How unlikely an honest draw has to be: it fails once in some hundred million checks."""
_EDGES: Final = np.array([NormalDist().inv_cdf(k / 10) for k in range(1, 10)])
_UNLIKELY: Final = 75.0
"""χ² of ten bins that an honest draw does not reach."""


def _initialise(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    scale = _scale(options)
    seed = 2 * int(random.integers(1, 500_000))
    asked = [(shape, int(random.integers(1, 1_000_000))) for shape in LARGE]
    asked += [(SEEDED, given) for given in (seed, seed + 1, seed, seed + 1000)]
    asked += [(shape, seed + draw) for shape in SMALL for draw in range(DRAWS)]
    cases = []
    for (inputs, outputs), given in asked:
        shape = (outputs, inputs)
        weights = Expected("W", "W", (0,), np.zeros(shape), check=_check(shape, scale(inputs, outputs), inputs))
        told = words.WITH_SIZES.format(inputs=inputs, outputs=outputs)
        biases = Expected("b", "b", (1,), np.zeros((outputs, 1)))
        cases.append(Case((inputs, outputs, given), (weights, biases), told))
    return cases


def _scale(options: Mapping[str, Any]) -> Callable[[int, int], float]:
    return WEIGHT_SCALE[option(options, "how", "he", tuple(name for name in WEIGHT_SCALE if name != "zeros"))]


def _check(shape: tuple[int, int], scale: float, inputs: int) -> Callable[[Array], Reason | None]:
    """What one draw shows."""

    def check(seen: Array) -> Reason | None:
        if seen.shape != shape:
            shapes = {"seen": shape_text(seen.shape), "wanted": shape_text(shape)}
            if seen.shape == shape[::-1]:
                return "transposed", words.TURNED_SHAPE.format(**shapes)
            return "wrong-shape", words.WRONG_ARRAY_SHAPE.format(**shapes)
        if not np.isfinite(seen).all():
            return "not-finite", words.NOT_FINITE.format(count=int((~np.isfinite(seen)).sum()))
        if not np.any(seen):
            return "zeros", words.SYMMETRIC_ZEROS
        weights = np.asarray(seen, dtype=np.float64)
        if len(np.unique(weights)) < 0.99 * weights.size or not weights.all():
            return "symmetric", words.SYMMETRIC
        if weights.size < ENOUGH:
            return None
        return _badly_spread(weights, scale, inputs) or _not_random(weights)

    return check


def _badly_spread(weights: Array, scale: float, inputs: int) -> Reason | None:
    """Whether mean and standard deviation are not those of N(0, scale²)."""
    deviation, mean = float(weights.std()), float(weights.mean())
    room = SIGMAS / np.sqrt(2.0 * weights.size)
    if abs(mean) > SIGMAS * deviation / np.sqrt(weights.size):
        return "not-centred", words.NOT_CENTRED.format(mean=f"{mean:.3g}")
    ratio = deviation / scale
    if abs(ratio - 1.0) <= room:
        return None
    if abs(ratio / scale - 1.0) < room:
        return "variance-for-deviation", words.VARIANCE
    if abs(ratio * scale - 1.0) < room:
        return "not-scaled", words.NOT_SCALED
    return "wrong-scale", words.WRONG_SCALE.format(seen=f"{deviation:.4g}", inputs=inputs, wanted=f"{scale:.4g}")


def _not_random(weights: Array) -> Reason | None:
    """Whether the numbers do not lie like normal ones, or neighbours tell of each other."""
    bins = np.bincount(np.searchsorted(_EDGES, ((weights - weights.mean()) / weights.std()).ravel()), minlength=10)
    expected = weights.size / 10
    if float(np.square(bins - expected).sum()) / expected > _UNLIKELY:
        return "not-normal", words.NOT_NORMAL
    if weights.ndim == 2:
        neighbours = ((weights[1:], weights[:-1]), (weights[:, 1:], weights[:, :-1]))
        if not all(_are_independent(one, other) for one, other in neighbours if one.size):
            return "not-random", words.NOT_RANDOM
    return None


def _are_independent(one: Array, other: Array) -> bool:
    """Whether neither the numbers nor their sizes go together."""
    bound = SIGMAS / np.sqrt(one.size)
    pairs = ((one, other), (np.abs(one), np.abs(other)))
    if not all(array.std() for pair in pairs for array in pair):
        return False
    return all(abs(float(np.corrcoef(a.ravel(), b.ravel())[0, 1])) < bound for a, b in pairs)


def _together(
    options: Mapping[str, Any], cases: Sequence[Case], seen: Sequence[Mapping[str, Array]]
) -> Iterator[tuple[str, Reason, Case]]:
    """What only several draws show: whether the seed decides, and how widely the weights of small layers are spread."""
    draws: dict[tuple[int, int], list[tuple[Case, Array]]] = {}
    for case, arrays in zip(cases, seen, strict=True):
        inputs, outputs, _ = case.arguments
        weights = np.asarray(arrays.get("W", 0.0), dtype=np.float64)
        if weights.shape == (outputs, inputs) and np.isfinite(weights).all() and weights.std():
            draws.setdefault((inputs, outputs), []).append((case, weights))
    seeded = draws.get(SEEDED, [])
    for place, (case, weights) in enumerate(seeded):
        for before, earlier in seeded[:place]:
            if case.arguments == before.arguments and not np.array_equal(weights, earlier):
                yield "W", ("not-repeated", words.NOT_REPEATED), case
            if case.arguments != before.arguments and not _are_independent(weights, earlier):
                yield "W", ("seed-ignored", words.SEED_IGNORED), case
    scale = _scale(options)
    for inputs, outputs in SMALL:
        mine = draws.get((inputs, outputs), [])
        if mine:
            pool = np.concatenate([weights.ravel() for _, weights in mine])
            reason = _badly_spread(pool, scale(inputs, outputs), inputs) or _not_random(pool)
            if reason is not None:
                yield "W", reason, mine[0][0]


JUDGES: Final = {
    "initialise": Judge(
        "f(inputs, outputs, seed): whole numbers",
        "(W, b), of the shapes outputs x inputs and outputs x 1 (zeros)",
        _initialise,
        ("how",),
        together=_together,
    ),
}
