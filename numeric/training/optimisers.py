"""Ways to take a step, given the gradients: one row each. A step changes the parameters in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.errors import misuse

BETA: Final = (0.9, 0.999)
"""How much of the running means of the gradient and of its square Adam keeps (Kingma and Ba 2015)."""
TINY: Final = 1e-8
"""Keeps Adam's quotient finite."""


@dataclass(frozen=True, slots=True)
class Optimiser:
    """``memories`` arrays of each parameter's shape are kept between steps, and begin at 0.

    ``step(parameter, gradient, memories, rate, momentum, count)`` may use the gradient as scratch paper; ``count`` is
    the number of the step, from 1.
    """

    name: str
    memories: int
    step: Callable[[Array, Array, Sequence[Array], float, float, int], None]


def _descent(p: Array, g: Array, _memories: Sequence[Array], rate: float, _momentum: float, _count: int) -> None:
    """p ← p − α g (source A, step 2-2)."""
    g *= rate
    p -= g


def _momentum(p: Array, g: Array, memories: Sequence[Array], rate: float, momentum: float, _count: int) -> None:
    """v ← β v − α g, p ← p + v."""
    (v,) = memories
    v *= momentum
    g *= rate
    v -= g
    p += v


def _adam(p: Array, g: Array, memories: Sequence[Array], rate: float, _momentum: float, count: int) -> None:
    """Running means m of g and v of g², each divided by what is missing in them at the beginning."""
    m, v = memories
    m *= BETA[0]
    m += (1.0 - BETA[0]) * g
    v *= BETA[1]
    v += (1.0 - BETA[1]) * g * g
    size = np.sqrt(v / (1.0 - BETA[1] ** count))
    size += TINY
    p -= (rate / (1.0 - BETA[0] ** count)) * m / size


OPTIMISERS: Final[dict[str, Optimiser]] = {
    row.name: row
    for row in (
        Optimiser("descent", 0, _descent),
        Optimiser("momentum", 1, _momentum),
        Optimiser("adam", 2, _adam),
    )
}


def optimiser(name: str) -> Optimiser:
    """The row of this name.

    :raises MisuseError: if there is none.
    """
    try:
        return OPTIMISERS[name]
    except KeyError:
        names = ", ".join(sorted(OPTIMISERS))
        raise misuse(wording.UNKNOWN_NAME, wording.KNOWN_NAMES_HINT, kind="optimiser", seen=name, names=names) from None
