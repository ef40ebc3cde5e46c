"""Ways to find dF/dt at t = 0 from values of F, each with an estimate of its own error: one row each.

F takes a number (real, complex or dual) and gives an array of values, one for each direction that is looked at. It is
a forward pass; no method sees a derivative that somebody wrote down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.dual import Dual
from numeric.errors import misuse

EPS: Final = float(np.finfo(np.float64).eps)

CENTRAL_STEP: Final = 4e-5
"""Of the order of ∛ε: there h²/6 F‴ and ε F / h are about equal for F, F′, F‴ of one size."""
RICHARDSON_STEP: Final = 2.0**-5
"""The largest of the three steps h, h/2, h/4; h⁶/64 · F⁽⁷⁾/5040 is then about 10⁻¹⁵ F⁽⁷⁾."""
COMPLEX_STEP: Final = 1e-20
"""Nothing is subtracted, so it may be so small that its square is lost."""

Function = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Estimate:
    """dF/dt and how far it may be off, entry by entry: by rounding, and by what the steps being finite costs."""

    value: Array
    rounding: Array
    truncation: Array

    @property
    def error(self) -> Array:
        return self.rounding + self.truncation

    def __getitem__(self, key: Any) -> Estimate:
        return Estimate(self.value[key], self.rounding[key], self.truncation[key])

    def times(self, scale: Any) -> Estimate:
        """The same of ``scale`` F, for a scale of at least 0."""
        return Estimate(self.value * scale, self.rounding * scale, self.truncation * scale)


@dataclass(frozen=True, slots=True)
class Method:
    """One way to differentiate. ``estimate(F, rounding)`` is told the rounding error of one value of F.

    ``probed`` says that its estimate of what finite steps cost is only a guess, to be replaced by a measured one
    where longer steps can be taken in a few directions (``estimating``). ``real`` says that its steps are real;
    ``by_kinks`` is what they are multiplied by where there are kinks, of which a long step would cross many.
    """

    name: str
    title: str
    estimate: Callable[[Function, float], Estimate]
    probed: bool = False
    real: bool = False
    by_kinks: float = 1.0


def difference(F: Function, h: Any) -> Array:
    """(F(h) − F(−h)) / 2h, with an error of h²/6 F‴."""
    return np.asarray((F(h) - F(-h)) / (2.0 * h))


def central(F: Function, rounding: float) -> Estimate:
    """The central difference.

    Its error is rounding/h + h²/6 |F‴|. One value of h does not show F‴, so the slope stands in for it, as it is
    for functions whose natural unit is 1.
    """
    h = CENTRAL_STEP
    value = difference(F, h)
    scale = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    return Estimate(value, np.full(value.shape, rounding / h), np.full(value.shape, h * h / 6.0 * scale))


def richardson(F: Function, rounding: float, h: Any = RICHARDSON_STEP) -> Estimate:
    """Three central differences, with their h² and h⁴ errors taken out (L. F. Richardson, 1911): sixth order.

    The error is at most about that of the fourth-order value, |R6 − R4|, and the rounding: the weights of the
    values of F at ±h/4 are 64/45 · 2/h each.
    """
    far, middle, near = (difference(F, h / divisor) for divisor in (1.0, 2.0, 4.0))
    fourth_far, fourth = (4.0 * middle - far) / 3.0, (4.0 * near - middle) / 3.0
    sixth = (16.0 * fourth - fourth_far) / 15.0
    return Estimate(sixth, np.full(sixth.shape, 6.0 * rounding / h), np.abs(sixth - fourth))


def _exact(value: Array) -> Estimate:
    """A derivative without truncation: only its own arithmetic rounds."""
    scale = np.max(np.abs(value), initial=0.0, where=np.isfinite(value))
    return Estimate(value, 16.0 * EPS * (np.abs(value) + scale), np.zeros(value.shape))


def complex_step(F: Function, _rounding: float) -> Estimate:
    """Im F(ih) / h (Squire and Trapp 1998): no subtraction, and an error of h² that is below any rounding."""
    return _exact(np.asarray(np.imag(F(1j * COMPLEX_STEP)) / COMPLEX_STEP))


def dual_numbers(F: Function, _rounding: float) -> Estimate:
    """The ε part of F(ε)."""
    answer = F(Dual(np.zeros(()), np.ones(())))
    return _exact(np.asarray(answer.slope) if isinstance(answer, Dual) else np.zeros(np.shape(answer)))


METHODS: Final[dict[str, Method]] = {
    row.name: row
    for row in (
        Method("central", "central differences", central, probed=True, real=True),
        Method("richardson", "sixth-order Richardson extrapolation", richardson, real=True, by_kinks=2.0**-8),
        Method("complex", "complex step", complex_step),
        Method("dual", "dual numbers", dual_numbers),
    )
}


def method(name: str) -> Method:
    """The row of this name.

    :raises MisuseError: if there is none.
    """
    try:
        return METHODS[name]
    except KeyError:
        names = ", ".join(sorted(METHODS))
        raise misuse(wording.UNKNOWN_NAME, wording.KNOWN_NAMES_HINT, kind="method", seen=name, names=names) from None
