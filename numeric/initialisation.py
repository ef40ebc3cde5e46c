"""Where the parameters begin: one row for each way of choosing the weights. Biases begin at 0, or at N(0, 1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from numeric import wording
from numeric.errors import misuse
from numeric.network import Network, Parameters

WEIGHT_SCALE: Final[dict[str, Callable[[int, int], float]]] = {
    "normal": lambda _inputs, _outputs: 1.0,
    "he": lambda inputs, _outputs: float(np.sqrt(2.0 / inputs)),
    "xavier": lambda inputs, outputs: float(np.sqrt(2.0 / (inputs + outputs))),
    "small": lambda _inputs, _outputs: 0.01,
    "zeros": lambda _inputs, _outputs: 0.0,
}
"""Name → the standard deviation of a weight, from n_(l−1) and n_l. He et al. 2015, Glorot and Bengio 2010;
``normal`` is source A's, ``small`` (0.01 N(0, 1)) and zero biases are source B's."""

BIAS_SCALE: Final[dict[str, float]] = {"normal": 1.0}
"""Source A draws its biases from N(0, 1) too; everybody else begins them at 0."""


def initialise(network: Network, name: str, random: np.random.Generator) -> Parameters:
    """Parameters drawn from ``random``: the same seed gives the same numbers, in either precision.

    :raises MisuseError: if there is no initialisation of this name.
    """
    if name not in WEIGHT_SCALE:
        names = ", ".join(sorted(WEIGHT_SCALE))
        raise misuse(wording.UNKNOWN_NAME, wording.KNOWN_NAMES_HINT, kind="initialisation", seen=name, names=names)
    weights, biases = [], []
    for inputs, outputs in zip(network.widths[:-1], network.widths[1:], strict=True):
        scale = WEIGHT_SCALE[name](inputs, outputs)
        weights.append((scale * random.standard_normal((outputs, inputs))).astype(network.dtype))
        biases.append((BIAS_SCALE.get(name, 0.0) * random.standard_normal((outputs, 1))).astype(network.dtype))
    return Parameters(tuple(weights), tuple(biases))
