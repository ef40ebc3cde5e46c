"""J near one point: how it answers when z^l_j is moved by given amounts, for many movements at once.

Moving w^l_jk by h moves z^l_j by h a^(l−1)_k in every sample, moving b^l_j moves it by h, and nothing else in layer l
moves. So only row j of z^l is computed anew, and the layers after it are run as one matrix product for all the
movements of that neuron. Nothing of this is differentiation: it is the forward pass, with the work that would give
the same numbers again left out. (That J is the one of a full forward pass is checked in every run: ``literal``.)

Real, complex and dual movements are followed alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from numeric.activations import ACTIVATIONS
from numeric.arrays import Array
from numeric.dual import Dual
from numeric.losses import output_value
from numeric.network import Network, Parameters, Pass, forward

REAL_CHUNK: Final = 40_000
"""Numbers worked on at a time: 320 kB, which stays in the second-level cache of a core."""
OTHER_CHUNK: Final = 8_000
"""The same where temporary arrays are needed: below the size from which memory is fetched anew each time."""
SAMPLES: Final = 16
"""Samples in one product: it multiplies by a block matrix of so many blocks, mostly 0."""


class Scratch:
    """Room for one chunk of real numbers: fetching it anew takes longer than filling it. For one thread."""

    def __init__(self) -> None:
        self.numbers = np.empty(REAL_CHUNK)

    def room(self, rows: int, columns: int) -> Array:
        if self.numbers.size < rows * columns:
            self.numbers = np.empty(rows * columns)
        return self.numbers[: rows * columns].reshape(rows, columns)


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A network at given parameters and data; always in float64, whatever the precision under test."""

    network: Network
    at: Parameters
    y: Array
    done: Pass
    scratch: Scratch

    @property
    def has_kinks(self) -> bool:
        rows = [self.network.activation(layer) for layer in self.network.layers]
        return any(row is not None and (row.kinks or row.bends) for row in rows)

    def total(self, layer: int, neuron: int, shifts: Any) -> Any:
        """Σ C over the batch when z^layer_neuron of sample i is moved by ``shifts[i, p]``: one sum for each p.

        It is short of a constant, the same for all movements of one neuron, where leaving that out rounds less.

        :param shifts: m × P, real, complex or dual.
        """
        z = shifts + self.done.z[layer - 1][neuron][:, None]
        if layer == self.network.depth:
            return self._at_output(neuron, z)
        moved = _activate(self.network.name(layer), z, 0) - self.done.a[layer][neuron][:, None]
        parts = []
        for start in range(0, self.done.batch, SAMPLES):
            parts.append(self._propagate(layer, neuron, moved[start : start + SAMPLES], start))
        return sum(parts[1:], parts[0])

    def _at_output(self, neuron: int, z: Any) -> Any:
        """Σ C when row ``neuron`` of z^L is ``z`` (m × P)."""
        loss, name = self.network.loss, self.network.output
        if loss.by_entry and self.network.activation(self.network.depth) is not None:  # the other rows stay
            y, before = self.y[neuron], self.done.a[-1][neuron]
            if loss.change is not None:
                return loss.change(_activate(name, z, 0).T, before, y)
            return loss.cost(z, output_value(name, z, 0), y[:, None], 0)
        parts = []
        width, batch = self.network.widths[-1], self.done.batch
        mask = (np.arange(width) == neuron).astype(np.float64)
        base = self.done.z[-1].T  # m × n_L
        for piece in _pieces(z.shape[1], batch * width, real=False):
            change = (z[:, piece] - base[:, [neuron]]).reshape(batch, -1, 1)
            rows = base[:, None, :] + change * mask
            a, y = output_value(name, rows, -1), self.y.T[:, None, :]
            if loss.change is None:
                each = loss.cost(rows, a, y, -1)
            else:
                each = loss.change(a, self.done.a[-1].T[:, None, :], y)
            parts.append(each.sum(axis=0))
        return _join(parts)

    def _propagate(self, layer: int, neuron: int, moved: Any, start: int) -> Any:
        """Σ C over the samples from ``start`` on when a^layer_neuron changes by ``moved`` (g × P)."""
        g, P = moved.shape
        W, base = self.at.weights[layer], self.done.z[layer][:, start : start + g].T.reshape(1, -1)
        blocks = np.zeros((g, g, W.shape[0]))
        blocks[np.arange(g), np.arange(g)] = W[:, neuron]
        blocks = blocks.reshape(g, -1)
        real = _is_real(moved)
        if real:  # the product adds z too: a row of 1 finds it under the blocks
            sign = self._sign(layer + 1)
            moved, blocks = np.vstack([moved, np.ones((1, P))]), sign * np.vstack([blocks, base])
        parts = []
        for piece in _pieces(P, g * max(self.network.widths[layer + 1 :]), real):
            if real:
                z = self.scratch.room(piece.stop - piece.start, base.size)
                np.matmul(moved[:, piece].T, blocks, out=z)
            else:
                z = moved[:, piece].T @ blocks + base
            parts.append(self._to_the_end(layer + 1, z, slice(start, start + g)))
        return _join(parts)

    def _to_the_end(self, layer: int, z: Any, samples: slice) -> Any:
        """Σ C, from z^layer of P × (g n_layer) on: each row holds all the samples of one movement.

        Real z comes with the sign that its activation wants, and is written over.
        """
        P, network, real = z.shape[0], self.network, _is_real(z)
        while layer < network.depth:
            a = _overwrite(network.name(layer), z) if real else output_value(network.name(layer), z, -1)
            W, b = self.at.weights[layer].T, self.at.biases[layer].T
            layer += 1
            sign = self._sign(layer) if real else 1.0
            z = a.reshape(-1, W.shape[0]) @ (sign * W) + sign * b
        y, before = self.y[:, samples].T, self.done.a[-1][:, samples].T
        loss = network.loss
        if loss.by_entry and network.activation(layer) is not None:
            z, y = z.reshape(P, -1), y.reshape(-1)
            if loss.change is not None:
                a = _overwrite(network.output, z) if real else output_value(network.output, z, -1)
                return loss.change(a, before.reshape(-1), y)
            if real:
                z *= self._sign(layer)
            return loss.cost(z, output_value(network.output, z, -1), y, -1)
        z = z.reshape(P, -1, network.widths[-1])
        a = output_value(network.output, z, -1)
        each = loss.cost(z, a, y, -1) if loss.change is None else loss.change(a, before, y)
        return each.sum(axis=-1)

    def _sign(self, layer: int) -> float:
        """The sign with which the activation of ``layer`` wants its real z."""
        row = self.network.activation(layer)
        return 1.0 if row is None else row.sign

    def each(self, layer: int, shifts: Any) -> Any:
        """C of sample i when z^layer_ji alone is moved by ``shifts[j, i]``: n_layer × m, one pass an entry.

        It is short of a constant for each sample, as in ``total``.
        """
        parts = []
        loss, before, y = self.network.loss, self.done.a[-1].T, self.y.T
        n, m = shifts.shape
        for piece in _pieces(n, m * max(self.network.widths[layer:]), real=False):
            rows = self._rows(layer, np.arange(n)[piece], shifts[piece])
            while (here := layer + len(rows) - 1) < self.network.depth:
                a = output_value(self.network.name(here), rows[-1], -1)
                rows.append(a @ self.at.weights[here].T + self.at.biases[here].T)
            a = output_value(self.network.output, rows[-1], -1)
            parts.append(loss.cost(rows[-1], a, y, -1) if loss.change is None else loss.change(a, before, y))
        return _join(parts)

    def _rows(self, layer: int, neurons: Array, shifts: Any) -> list[Any]:
        """z^layer, as rows (neuron, sample, ·), with the entry of that neuron moved."""
        mask = (neurons[:, None] == np.arange(self.network.widths[layer])).astype(np.float64)
        return [self.done.z[layer - 1].T + shifts.reshape(len(neurons), -1, 1) * mask[:, None, :]]

    def crosses(self, layer: int, neurons: Array, shifts: Array) -> Array:
        """Whether some unit changes sides of a kink when row ``neurons[p]`` of z^layer is moved by ``shifts[:, p]``.

        One answer for each p. A unit that sits on its kink and is moved off it has changed sides too.
        """
        z = np.repeat(self.done.z[layer - 1].T[None], len(neurons), axis=0)  # P × m × n
        z[np.arange(len(neurons)), :, neurons] += shifts.T
        crossed = np.zeros(len(neurons), dtype=bool)
        for here in range(layer, self.network.depth + 1):
            row = self.network.activation(here)
            for kink in () if row is None else (*row.kinks, *row.bends):
                before = np.sign(self.done.z[here - 1].T - kink)
                crossed |= (np.sign(z - kink) != before).any(axis=(1, 2))
            if here < self.network.depth:
                z = output_value(self.network.name(here), z, -1) @ self.at.weights[here].T + self.at.biases[here].T
        return crossed


def neighbourhood(network: Network, at: Parameters, x: Array, y: Array) -> Neighbourhood:
    """The neighbourhood of ``at``, in float64."""
    double = Network(network.widths, network.hidden, network.output, network.cost)
    exact = Parameters(
        tuple(np.asarray(W, dtype=np.float64) for W in at.weights),
        tuple(np.asarray(b, dtype=np.float64) for b in at.biases),
    )
    done = forward(double, exact, np.asarray(x, dtype=np.float64))
    return Neighbourhood(double, exact, np.asarray(y, dtype=np.float64), done, Scratch())


def _activate(name: str, z: Any, axis: int) -> Any:
    """σ(z), in place where z is real and σ is applied entry by entry."""
    if _is_real(z) and name in ACTIVATIONS:
        if ACTIVATIONS[name].sign < 0:
            np.negative(z, out=z)
        return _overwrite(name, z)
    return output_value(name, z, axis)


def _overwrite(name: str, z: Array) -> Array:
    """σ(z), written over a real z that has the sign which this activation wants."""
    if name not in ACTIVATIONS:
        return np.asarray(output_value(name, z, -1))
    ACTIVATIONS[name].overwrite(z)
    return z


def _is_real(z: Any) -> bool:
    return isinstance(z, np.ndarray) and z.dtype.kind == "f"


def _pieces(count: int, numbers_each: int, real: bool) -> list[slice]:
    """Slices of ``range(count)``, of as many as fit into a chunk."""
    size = max(1, (REAL_CHUNK if real else OTHER_CHUNK) // max(1, numbers_each))
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _join(parts: list[Any]) -> Any:
    """The parts one after the other, whatever kind of numbers they are."""
    if isinstance(parts[0], Dual):
        return Dual(np.concatenate([part.value for part in parts]), np.concatenate([part.slope for part in parts]))
    return np.concatenate(parts)
