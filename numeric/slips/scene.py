"""What a slip is, and what is at hand where it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from numeric.arrays import Array
from numeric.equations import bp1, bp2, bp3, bp4, slope
from numeric.network import Network, Parameters, Pass


@dataclass(frozen=True, slots=True)
class Scene:
    """What is there when layer l is computed: ``delta[k]`` is the learner's δ^k for the layers done before.

    ``strength`` is the one number that a slip may have (the rate of a step taken too early); 0 means none.
    """

    network: Network
    at: Parameters
    done: Pass
    y: Array
    layer: int
    delta: Mapping[int, Array]
    strength: float = 0.0

    @property
    def m(self) -> int:
        return self.done.batch

    @property
    def W_next(self) -> Array:
        return self.at.weights[self.layer]

    @property
    def delta_next(self) -> Array:
        return self.delta[self.layer + 1]

    def z(self, layer: int) -> Array:
        return self.done.z[layer - 1]

    def slope(self, layer: int) -> Array:
        return slope(self.network, layer, self.z(layer))

    def slope_at_a(self, layer: int) -> Array:
        return slope(self.network, layer, self.done.a[layer])

    def right(self, equation: str) -> Array:
        """What the equation gives."""
        match equation:
            case "BP1":
                return bp1(self.network, self.done, self.y)
            case "BP2":
                return bp2(self.W_next, self.delta_next, self.slope(self.layer))
            case "BP3":
                return bp3(self.delta[self.layer])
            case _:
                return bp4(self.delta[self.layer], self.done.a[self.layer - 1])


@dataclass(frozen=True, slots=True)
class Slip:
    """A wrong formula for one equation. ``fitted`` says that its strength has to be found from the numbers."""

    code: str
    equation: str
    title: str
    why: str
    formula: Callable[[Scene], Array]
    fitted: bool = False
    shape_only: bool = False


def fitting(s: Scene, formula: Callable[[Scene], Array], equation: str) -> Array:
    """A formula that broadcasting would let through in shapes that nobody means."""
    value = np.asarray(formula(s))
    if value.shape != s.right(equation).shape:
        raise ValueError("the shapes do not fit")
    return value


def following(s: Scene) -> Array:
    """δ^(l+1), where there is one."""
    if s.layer + 1 not in s.delta:
        raise ValueError("there is no layer l + 1")
    return s.delta_next


def z_before(s: Scene) -> Array:
    """z^(l−1), where that is not x."""
    if s.layer == 1:
        raise ValueError("layer 0 has no z")
    return s.z(s.layer - 1)
