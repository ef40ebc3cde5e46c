"""The fast evaluation of J is the forward pass: held against the literal one, for all kinds of numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric import neighbourhood as module
from numeric.dual import Dual
from numeric.initialisation import initialise
from numeric.literal import moved_column, moved_total
from numeric.neighbourhood import neighbourhood
from numeric.network import Network
from numeric.sparse import change, pairs
from tests.numeric.random_networks import case


@given(seed=st.integers(0, 10_000), kind=st.sampled_from(["real", "complex", "dual"]))
def test_moving_a_weight_is_moving_z(seed: int, kind: str) -> None:
    """1e-13 of J: a few hundred roundings."""
    network, at, x, y = case(seed)
    near, h = neighbourhood(network, at, x, y), 0.01
    t = {"real": h, "complex": h * 1j, "dual": Dual(np.array(0.0), np.array(1.0))}[kind]
    for layer in network.layers:
        j = network.widths[layer] - 1
        moves = near.done.a[layer - 1].T
        fast, still = near.total(layer, j, t * moves), near.total(layer, j, 0.0 * moves)
        for k in range(moves.shape[1]):
            slow, base = moved_total(near, layer, (j, k), t), moved_total(near, layer, (j, k), 0.0)
            if isinstance(slow, Dual):
                assert float(fast.slope[k]) == pytest.approx(float(slow.slope), rel=1e-11, abs=1e-13)
            else:
                assert fast[k] - still[k] == pytest.approx(slow - base, rel=1e-11, abs=1e-13 * max(1, abs(base)))


@given(seed=st.integers(0, 10_000))
def test_moving_one_entry_of_z(seed: int) -> None:
    network, at, x, y = case(seed)
    near = neighbourhood(network, at, x, y)
    for layer in network.layers:
        shape = near.done.z[layer - 1].shape
        fast = near.each(layer, np.full(shape, 0.01)) - near.each(layer, np.zeros(shape))
        entry = (shape[0] - 1, shape[1] - 1)
        slow = moved_column(near, layer, entry, 0.01) - moved_column(near, layer, entry, 0.0)
        assert fast[entry] == pytest.approx(slow, rel=1e-9, abs=1e-13 * max(1, abs(slow)))


@pytest.mark.parametrize("batch", [1, 16, 17, 40])
@pytest.mark.parametrize("chunk", [50, 40_000])
def test_chunks_and_groups_of_samples_change_nothing(monkeypatch: pytest.MonkeyPatch, batch: int, chunk: int) -> None:
    random = np.random.default_rng(batch)
    network = Network((6, 5, 4, 3), "tanh", "sigmoid")
    at = initialise(network, "xavier", random)
    x, y = random.standard_normal((6, batch)), random.random((3, batch))
    whole = neighbourhood(network, at, x, y)
    wanted = whole.total(1, 2, 0.1 * whole.done.a[0].T)
    monkeypatch.setattr(module, "REAL_CHUNK", chunk)
    monkeypatch.setattr(module, "SAMPLES", 3)
    near = neighbourhood(network, at, x, y)
    np.testing.assert_allclose(near.total(1, 2, 0.1 * near.done.a[0].T), wanted, rtol=1e-12)


def test_crossing_a_kink_is_seen_in_this_layer_and_the_next() -> None:
    network = Network((1, 1, 1), "relu", "identity")
    at = initialise(network, "zeros", np.random.default_rng(0))
    at.weights[0][:], at.weights[1][:], at.biases[0][:] = 1.0, 1.0, 0.5
    near = neighbourhood(network, at, np.ones((1, 1)), np.ones((1, 1)))  # z^1 = 1.5
    shifts = np.array([[-1.0, -2.0, 1.0]])
    assert near.crosses(1, np.zeros(3, dtype=int), shifts).tolist() == [False, True, False]


@given(seed=st.integers(0, 10_000), hidden=st.sampled_from(["sigmoid", "tanh", "relu", "elu"]))
def test_leaving_out_what_does_not_move_changes_nothing(seed: int, hidden: str) -> None:
    random = np.random.default_rng(seed)
    network = Network((9, 4, 3), hidden, "sigmoid")
    at = initialise(network, "xavier", random)
    x = random.random((9, 5)) * (random.random((9, 5)) < 0.3)
    near = neighbourhood(network, at, x, random.random((3, 5)))
    moves = near.done.a[0].T
    few = pairs(near, 1, moves)
    if few is not None:
        wanted = near.total(1, 2, 0.1 * moves) - near.total(1, 2, 0.0 * moves)
        np.testing.assert_allclose(change(near, 1, 2, 0.1 * moves, few), wanted, rtol=1e-11, atol=1e-14)
    assert (few is None) == (np.count_nonzero(moves) > 0.6 * moves.size)
