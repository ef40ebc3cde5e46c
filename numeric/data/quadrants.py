"""The task of source E: in which quadrant does a point lie? Learned from four points, tried on others."""

from __future__ import annotations

from typing import Final

import numpy as np

from numeric.data.samples import Data, Samples

POINTS: Final = ((1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0), (1.0, -1.0))
"""One point in each of the quadrants I, II, III and IV; a quadrant's label is its number less 1."""
LAYERS: Final = (2, 50, 4)
"""Source E's network: 50 hidden units with ReLU, and softmax."""


def quadrants(count: int = 400, seed: int = 0) -> Data:
    """The four points, and ``count`` others at random, none of them nearer than 0.2 to an axis."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 4
    sizes = random.uniform(0.2, 2.0, (count, 2))
    return Data(Samples(np.array(POINTS), np.arange(4)), Samples(sizes * np.array(POINTS)[labels], labels))
