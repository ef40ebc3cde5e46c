"""Labelled samples as training needs them: kept small, and turned into columns a batch at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from numeric import wording
from numeric.arrays import Array
from numeric.errors import misuse
from numeric.network import Network


@dataclass(frozen=True, slots=True)
class Samples:
    """``inputs`` holds one sample a row (so that a batch is read in one go), ``labels`` a class for each.

    An input is ``scale`` times what is stored: grey levels may stay single bytes.
    """

    inputs: Array
    labels: npt.NDArray[np.int64]
    scale: float = 1.0

    def __len__(self) -> int:
        return len(self.labels)

    def batch(self, which: slice | Array, classes: int, dtype: npt.DTypeLike) -> tuple[Array, Array]:
        """x, n_0 × m, and y, n_L × m with a 1 in the row of each sample's class (one row: the class itself)."""
        x = self.inputs[which].astype(dtype)
        x *= self.scale
        x = x.T
        labels = self.labels[which]
        if classes == 1:
            return x, labels[None, :].astype(dtype)
        y = np.zeros((classes, len(labels)), dtype=dtype)
        y[labels, np.arange(len(labels))] = 1.0
        return x, y


@dataclass(frozen=True, slots=True)
class Data:
    """What is learned from, and what is held back to see how well."""

    train: Samples
    test: Samples

    def fit(self, network: Network) -> None:
        """Check that inputs and labels are those of this network.

        :raises MisuseError: if the widths differ, or a label is no class of the output.
        """
        for what, part in (("the training data", self.train), ("the test data", self.test)):
            if part.inputs.shape[1] != network.widths[0]:
                raise misuse(
                    wording.BAD_INPUTS,
                    wording.BAD_INPUTS_HINT,
                    what=what,
                    inputs=wording.counted(part.inputs.shape[1], "input"),
                    seen=part.inputs.shape[1],
                    wanted=network.widths[0],
                )
            last = max(network.widths[-1] - 1, 1)
            wrong = part.labels[(part.labels < 0) | (part.labels > last)]
            if len(wrong):
                raise misuse(wording.BAD_LABEL, wording.BAD_LABEL_HINT, what=what, seen=int(wrong[0]), last=last)
