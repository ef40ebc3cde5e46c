"""How fast and how exact the check of 784-30-10 is, against what people use instead; ratios within one run.

Run with one BLAS thread: OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 pytest -m long --benchmark-enable tests/benchmarks
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from numeric import Network, Parameters, gradcheck, initialise
from numeric.arrays import Array
from numeric.data.reading import read
from numeric.equations import backprop
from tests.numeric.test_data import MNIST

pytestmark = pytest.mark.long
NETWORK = Network((784, 30, 10))
ACCURACY = {"central": 1e-6, "richardson": 1e-9, "complex": 1e-12, "dual": 1e-12}


LOOP = {"noise": 30, "digits": 70}
TORCH = {"noise": 100, "digits": 300}
"""How many times faster than each. Digits are 4/5 zeros, which move nothing; noise is the worst case."""


def problem(kind: str) -> tuple[Parameters, Array, Array]:
    """Ten samples: noise in every pixel, or digits."""
    random = np.random.default_rng(0)
    at = initialise(NETWORK, "xavier", random)
    if kind == "noise":
        return at, random.random((784, 10)), np.eye(10)
    if not MNIST.exists():
        pytest.skip("MNIST is not there")
    return at, *read(MNIST).train.batch(slice(0, 10), 10, np.float64)


def best(call: Callable[[], object], times: int) -> float:
    """The shortest of some runs, in seconds: the others waited for somebody else."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def usual_loop(at: Parameters, x: Array, y: Array, entries: int) -> float:
    """Seconds for all parameters, from ``entries`` of them: two forward passes for each, nothing else."""
    W1, W2 = (W.copy() for W in at.weights)
    b1, b2 = at.biases

    def J() -> float:
        a = 1 / (1 + np.exp(-(W1 @ x + b1)))
        a = 1 / (1 + np.exp(-(W2 @ a + b2)))
        return float(((a - y) ** 2).sum() / 20)

    def some() -> None:
        for place in range(entries):
            was = W1.flat[place]
            W1.flat[place] = was + 1e-5
            up = J()
            W1.flat[place] = was - 1e-5
            up -= J()
            W1.flat[place] = was

    return best(some, 5) * at.count / entries


@pytest.mark.parametrize("kind", ["noise", "digits"])
@pytest.mark.parametrize("how", ACCURACY)
def test_time_and_accuracy(benchmark, kind: str, how: str) -> None:
    at, x, y = problem(kind)
    gradient = backprop(NETWORK, at, x, y)
    report = benchmark(lambda: gradcheck(NETWORK, at, x, y, gradient, how=how))
    assert report.ok
    assert report.max_error <= ACCURACY[how]


@pytest.mark.parametrize("kind", ["noise", "digits"])
def test_against_a_loop_over_the_parameters(kind: str) -> None:
    at, x, y = problem(kind)
    gradient = backprop(NETWORK, at, x, y)
    ours = best(lambda: gradcheck(NETWORK, at, x, y, gradient), 15)
    loop = usual_loop(at, x, y, 1000)
    print(f"{kind}: ours {ours * 1e3:.1f} ms, loop {loop:.2f} s, ratio {loop / ours:.0f}")
    assert loop / ours >= LOOP[kind]


@pytest.mark.parametrize("kind", ["noise", "digits"])
def test_against_torch(kind: str) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    at, x, y = problem(kind)
    gradient = backprop(NETWORK, at, x, y)
    ours = best(lambda: gradcheck(NETWORK, at, x, y, gradient), 15)
    X, Y = torch.tensor(x), torch.tensor(y)

    def J(W1, b1, W2, b2):  # type: ignore[no-untyped-def]
        return ((torch.sigmoid(W2 @ torch.sigmoid(W1 @ X + b1) + b2) - Y) ** 2).sum() / 20

    tensors = [
        torch.tensor(array, requires_grad=True) for pair in zip(at.weights, at.biases, strict=True) for array in pair
    ]
    theirs = best(lambda: torch.autograd.gradcheck(J, tensors), 1)
    print(f"{kind}: ours {ours * 1e3:.1f} ms, torch {theirs:.2f} s, ratio {theirs / ours:.0f}")
    assert theirs / ours >= TORCH[kind]


def test_memory() -> None:
    at, x, y = problem("noise")
    tracemalloc.start()
    gradcheck(NETWORK, at, x, y)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"peak {peak:.1f} MB")
    assert peak <= 100
