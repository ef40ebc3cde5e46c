"""Training: what source A's algorithm does, and that a run can be stopped and resumed without a trace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from numeric import Network, backprop, initialise, objective
from numeric.any_function import check_gradient
from numeric.data.quadrants import LAYERS, quadrants
from numeric.data.reading import read
from numeric.data.samples import Data, Samples
from numeric.errors import MisuseError
from numeric.training.checkpoint import restore, save
from numeric.training.learning import Learner, Settings, accuracy, begin, clip, gradients_of, learn
from numeric.training.optimisers import OPTIMISERS
from tests.numeric.test_data import MNIST

TOY = Network(LAYERS, "relu", "softmax", "softmax-ce")


def learner(settings: Settings, network: Network = TOY, seed: int = 0) -> Learner:
    return begin(network, initialise(network, "he", np.random.default_rng(seed)), settings, seed)


def blobs(count: int = 60) -> Data:
    """Three clouds of points, one a class."""
    random = np.random.default_rng(1)
    labels = np.arange(count) % 3
    inputs = random.standard_normal((count, 2)) + 3 * np.array([[0, 1], [1, -1], [-1, -1]])[labels]
    return Data(Samples(inputs, labels), Samples(inputs, labels))


def test_the_four_quadrants_are_learned() -> None:
    one = learner(Settings(batch=0, rate=0.5, epochs=60))
    epochs = list(learn(one, quadrants(), Settings(batch=0, rate=0.5, epochs=60)))
    assert epochs[-1].accuracy > 0.97
    assert epochs[-1].cost < 0.1 * epochs[0].cost
    assert one.stopped == "epochs"


def test_one_step_of_batch_descent_is_the_formula() -> None:
    """W ← W − α ∂J/∂W over all m samples (source A, step 2-2)."""
    data, settings = blobs(), Settings(batch=0, rate=0.7, epochs=1, shuffle=False)
    one = learner(settings, Network((2, 4, 3)))
    x, y = data.train.batch(slice(None), 3, np.float64)
    before, gradient = one.best, backprop(one.network, one.at, x, y)
    list(learn(one, data, settings))
    for W, was, g in zip(one.at.weights, before.weights, gradient.weights, strict=True):
        assert W.shape == was.shape == g.shape
    fresh = learner(settings, Network((2, 4, 3))).at
    for W, was, g in zip(one.at.weights, fresh.weights, gradient.weights, strict=True):
        np.testing.assert_allclose(W, was - 0.7 * g, rtol=1e-13, atol=1e-15)


def test_large_batches_are_added_up_from_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    data, network = blobs(50), Network((2, 4, 3))
    at = initialise(network, "xavier", np.random.default_rng(0))
    cost, whole = gradients_of(network, at, data.train, np.arange(50))
    monkeypatch.setattr("numeric.training.learning.CHUNK", 7)
    again, parts = gradients_of(network, at, data.train, np.arange(50))
    assert again == pytest.approx(cost, rel=1e-13)
    for a, b in zip(whole, parts, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)


def test_l2_adds_its_gradient() -> None:
    """∂/∂W of J + λ/2 Σ W², by differences of that sum."""
    data, network, l2 = blobs(20), Network((2, 4, 3)), 0.3
    at = initialise(network, "xavier", np.random.default_rng(0))
    x, y = data.train.batch(slice(None), 3, np.float64)

    def penalised(W) -> float:
        changed = replace(at, weights=(W, at.weights[1]))
        return objective(network, changed, x, y) + l2 / 2 * sum(float((V * V).sum()) for V in changed.weights)

    claim = backprop(network, at, x, y).weights[0] + l2 * at.weights[0]
    assert check_gradient(penalised, at.weights[0], claim).ok
    settings = Settings(batch=0, rate=1.0, epochs=1, shuffle=False, l2=l2)
    one = begin(network, at, settings)
    list(learn(one, data, settings))
    np.testing.assert_allclose(at.weights[0] - one.at.weights[0], claim, rtol=1e-12, atol=1e-15)


def test_clipping_keeps_the_direction() -> None:
    gradients = [np.array([[3.0, 0.0]]), np.array([[4.0]])]
    clip(gradients, 1.0)
    assert [g.tolist() for g in gradients] == [[[pytest.approx(0.6), 0.0]], [[pytest.approx(0.8)]]]
    clip(gradients, 2.0)
    assert gradients[1][0, 0] == pytest.approx(0.8)


def test_optimisers_against_their_formulas() -> None:
    """Two steps on g = p of p = 1, by hand."""
    p, v = np.array([1.0]), np.zeros(1)
    for count in (1, 2):
        OPTIMISERS["momentum"].step(p, p.copy(), (v,), 0.1, 0.9, count)
    # v1 = −0.1, p1 = 0.9; v2 = −0.09 − 0.09 = −0.18, p2 = 0.72
    assert float(p[0]) == pytest.approx(0.72)
    p = np.array([1.0])
    OPTIMISERS["adam"].step(p, p.copy(), (np.zeros(1), np.zeros(1)), 0.1, 0.0, 1)
    assert float(p[0]) == pytest.approx(0.9)  # the first step of Adam is the rate, whatever the gradient


def test_the_threshold_stops() -> None:
    settings = Settings(batch=0, rate=0.5, epochs=1000, epsilon=0.01)
    one = learner(settings)
    epochs = list(learn(one, quadrants(), settings))
    assert one.stopped == "threshold"
    assert len(epochs) < 1000


def test_patience_stops_and_keeps_the_best() -> None:
    settings = Settings(batch=10, rate=1e-12, epochs=50, patience=3)
    one = learner(settings)
    data = quadrants()
    epochs = list(learn(one, data, settings))
    assert (one.stopped, len(epochs), one.best_epoch) == ("patience", 4, 1)
    assert accuracy(one.network, one.at, data.test) == one.best_accuracy


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_resumed_run_is_the_same_bit_for_bit(tmp_path: Path, name: str, dtype: type) -> None:
    network = Network((2, 6, 3), "tanh", "softmax", "softmax-ce", dtype=dtype)
    settings = Settings(batch=7, rate=0.05, epochs=6, optimiser=name, l2=1e-3, clip=1.0)
    straight = learner(settings, network)
    list(learn(straight, blobs(), settings))
    first = learner(settings, network)
    list(learn(first, blobs(), replace(settings, epochs=2)))
    save(tmp_path / "state.npz", first, settings)
    second = restore(tmp_path / "state.npz", network, settings)
    list(learn(second, blobs(), settings))
    for a, b in zip((*straight.at.weights, *straight.at.biases), (*second.at.weights, *second.at.biases), strict=True):
        assert a.tobytes() == b.tobytes()
    assert [e.cost for e in straight.history] == [e.cost for e in second.history]
    assert [path.name for path in tmp_path.iterdir()] == ["state.npz"]


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (Network((2, 5, 3)), r"its widths is \[2, 6, 3\], not \[2, 5, 3\]"),
        (Network((2, 6, 3), "tanh"), "its hidden is"),
        (Network((2, 6, 3), dtype=np.float32), "its dtype is float64, not float32"),
    ],
)
def test_another_runs_checkpoint_is_refused(tmp_path: Path, network: Network, why: str) -> None:
    settings = Settings()
    save(tmp_path / "state.npz", learner(settings, Network((2, 6, 3))), settings)
    with pytest.raises(MisuseError, match=why):
        restore(tmp_path / "state.npz", network, settings)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a file of arrays"])
def test_what_is_no_checkpoint(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.npz").write_bytes(content)
    with pytest.raises(MisuseError, match="is not a checkpoint of this run"):
        restore(tmp_path / "state.npz", TOY, Settings())


def test_a_run_that_diverges_is_told_so() -> None:
    network = Network((2, 8, 3), "relu", "identity")
    settings = Settings(batch=5, rate=1e6, epochs=50)
    one = begin(network, initialise(network, "he", np.random.default_rng(0)), settings)
    with np.errstate(all="ignore"), pytest.raises(MisuseError, match=r"The cost became (inf|nan) in epoch"):
        list(learn(one, blobs(), settings))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ({"rate": 0.0}, "--rate is 0.0; a number above 0 was expected."),
        ({"rate": float("nan")}, "--rate is nan; a number above 0 was expected."),
        ({"batch": -1}, "--batch is -1; a whole number of at least 0 was expected."),
        ({"l2": -1.0}, "--l2 is -1.0; a number of at least 0 was expected."),
        ({"optimiser": "sgd"}, "There is no optimiser called 'sgd'."),
    ],
)
def test_settings_out_of_range(setting, sentence: str) -> None:
    with pytest.raises(MisuseError) as caught:
        Settings(**setting)
    assert str(caught.value) == sentence


@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not there")
def test_a_slice_of_mnist_is_learned() -> None:
    """3,000 digits, two epochs: far above the 10 % of guessing."""
    data = read(MNIST)
    small = Data(replace(data.train, inputs=data.train.inputs[:3000], labels=data.train.labels[:3000]), data.test)
    network, settings = Network((784, 30, 10)), Settings(epochs=3)
    one = begin(network, initialise(network, "normal", np.random.default_rng(0)), settings)
    assert [epoch.accuracy for epoch in learn(one, small, settings)][-1] > 0.75


@pytest.mark.long
@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not there")
def test_mnist_reaches_92_percent_in_three_epochs() -> None:
    """Source A's own run: 784-30-10, mini-batches of 10, rate 3."""
    data, network, settings = read(MNIST), Network((784, 30, 10)), Settings(epochs=3)
    for seed in range(2):
        at = initialise(network, "normal", np.random.default_rng(seed))
        epochs = list(learn(begin(network, at, settings, seed), data, settings))
        print(seed, [f"{epoch.accuracy:.4f}" for epoch in epochs])
        assert epochs[-1].accuracy >= 0.92
