"""The network: widths, activations and a loss; its parameters; and the forward pass.

Column vectors throughout: one sample is one column. The input is a^0 = x, the layers are 1 … L, and
W^l is n_l × n_(l−1), b^l is n_l × 1 (source A numbers the input 1; source D numbers it 0, as here).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from numeric import wording
from numeric.activations import Activation, activation
from numeric.arrays import Array, matrix
from numeric.errors import misuse
from numeric.losses import SOFTMAX, Loss, loss, output_value


@dataclass(frozen=True, slots=True)
class Network:
    """What stays the same while a network learns.

    :param widths: n_0, n_1, …, n_L.
    :param hidden: the activation of the layers 1 … L − 1, or one name for each of them.
    :param output: the activation of layer L; ``softmax`` may stand here only.
    :param cost: the name of the loss. J is its mean over the batch.
    :param dtype: float64 or float32.
    :raises MisuseError: if these do not make a network.
    """

    widths: tuple[int, ...]
    hidden: str | tuple[str, ...] = "sigmoid"
    output: str = "sigmoid"
    cost: str = "mse"
    dtype: npt.DTypeLike = np.float64

    def __post_init__(self) -> None:
        if len(self.widths) < 2 or not all(isinstance(n, int) and n >= 1 for n in self.widths):
            raise misuse(wording.BAD_WIDTHS, wording.BAD_WIDTHS_HINT, seen=",".join(map(str, self.widths)))
        if np.dtype(self.dtype) not in (np.float64, np.float32):
            raise misuse(
                wording.UNKNOWN_NAME,
                wording.KNOWN_NAMES_HINT,
                kind="precision",
                seen=np.dtype(self.dtype).name,
                names="float32, float64",
            )
        names = self.hidden_names
        if len(names) != self.depth - 1:
            seen = wording.counted(len(names), "activation was", "activations were")
            wanted = wording.counted(self.depth - 1, "hidden layer")
            raise misuse(wording.MANY_ACTIVATIONS, wording.MANY_ACTIVATIONS_HINT, seen=seen, wanted=wanted)
        if SOFTMAX in names:
            raise misuse(wording.SOFTMAX_INSIDE, wording.SOFTMAX_INSIDE_HINT, layer=names.index(SOFTMAX) + 1)
        for name in (*names, *(() if self.output == SOFTMAX else (self.output,))):
            activation(name)
        if self.loss.output not in (None, self.output):
            raise misuse(
                wording.LOSS_NEEDS_OUTPUT,
                wording.LOSS_NEEDS_OUTPUT_HINT,
                loss=self.cost,
                needed=self.loss.output,
                seen=self.output,
            )

    @property
    def depth(self) -> int:
        """L, the number of layers that have weights."""
        return len(self.widths) - 1

    @property
    def hidden_names(self) -> tuple[str, ...]:
        return (self.hidden,) * (self.depth - 1) if isinstance(self.hidden, str) else self.hidden

    @property
    def loss(self) -> Loss:
        return loss(self.cost)

    @property
    def layers(self) -> range:
        """1 … L."""
        return range(1, self.depth + 1)

    def name(self, layer: int) -> str:
        """The name of the activation of ``layer``."""
        if layer == len(self.widths) - 1:
            return self.output
        return self.hidden if isinstance(self.hidden, str) else self.hidden[layer - 1]

    def activation(self, layer: int) -> Activation | None:
        """The row of the activation of ``layer``; None for softmax, which is not applied entry by entry."""
        return None if self.name(layer) == SOFTMAX else activation(self.name(layer))


@dataclass(frozen=True, slots=True)
class Parameters:
    """W^1 … W^L and b^1 … b^L; W^l is ``weights[l − 1]``."""

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    @property
    def count(self) -> int:
        return sum(array.size for array in (*self.weights, *self.biases))


@dataclass(frozen=True, slots=True)
class Pass:
    """What a forward pass leaves behind: a^0 … a^L (``a[l]`` is n_l × m) and z^1 … z^L (``z[l − 1]``)."""

    a: tuple[Array, ...]
    z: tuple[Array, ...]

    @property
    def batch(self) -> int:
        """m, the number of samples."""
        return int(self.a[0].shape[1])


def parameters(network: Network, weights: Sequence[Any], biases: Sequence[Any]) -> Parameters:
    """These arrays as the parameters of ``network``, in its precision.

    :raises MisuseError: if a shape is not n_l × n_(l−1) or n_l × 1.
    """
    if len(weights) != network.depth or len(biases) != network.depth:
        raise misuse(
            wording.MANY_PARAMETERS,
            wording.MANY_PARAMETERS_HINT,
            seen=len(weights),
            seen_biases=len(biases),
            wanted=network.depth,
        )
    n = network.widths
    return Parameters(
        tuple(matrix(W, (n[i + 1], n[i]), f"W^{i + 1}", network.dtype) for i, W in enumerate(weights)),
        tuple(matrix(b, (n[i + 1], 1), f"b^{i + 1}", network.dtype) for i, b in enumerate(biases)),
    )


def samples(network: Network, x: Any, y: Any) -> tuple[Array, Array]:
    """A batch at the door: x is n_0 × m and y is n_L × m.

    :raises MisuseError: for any other shape; in particular for (n,) where (n, 1) is meant.
    """
    seen = np.asarray(x)
    m = seen.shape[1] if seen.ndim == 2 else 1
    if seen.ndim == 2 and seen.shape[0] != network.widths[0] == m:
        m = seen.shape[0]  # one sample a row: say so
    return (
        matrix(x, (network.widths[0], m), "x", network.dtype),
        matrix(y, (network.widths[-1], m), "y", network.dtype),
    )


def forward(network: Network, at: Parameters, x: Array) -> Pass:
    """z^l = W^l a^(l−1) + b^l and a^l = σ(z^l), for l = 1 … L (source A, the forward pass)."""
    a, z = [x], []
    with np.errstate(over="ignore", under="ignore"):
        for layer, (W, b) in enumerate(zip(at.weights, at.biases, strict=True), start=1):
            z.append(W @ a[-1] + b)
            a.append(np.asarray(output_value(network.name(layer), z[-1], axis=0)))
    return Pass(tuple(a), tuple(z))


def costs(network: Network, done: Pass, y: Array) -> Array:
    """C of each sample, as an array of the m of them."""
    return np.asarray(network.loss.cost(done.z[-1], done.a[-1], y, 0))


def objective(network: Network, at: Parameters, x: Array, y: Array) -> float:
    """J, the mean of C over the batch: the plain forward pass that everything else is held against."""
    return float(costs(network, forward(network, at, x), y).mean())
