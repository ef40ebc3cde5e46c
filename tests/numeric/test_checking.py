"""The gradient check as a whole: what is right passes, what is wrong is seen, kinks are no failures."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric import Claimed, Network, gradcheck, initialise
from numeric.activations import ACTIVATIONS
from numeric.claimed import claimed
from numeric.equations import backprop
from numeric.errors import MisuseError
from numeric.methods import METHODS
from numeric.report import Finding, Report, as_json
from tests.numeric.random_networks import case


def of(report: Report, equation: str, layer: int) -> Finding:
    return next(found for found in report.findings if (found.equation, found.layer) == (equation, layer))


@pytest.mark.parametrize("how", METHODS)
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), equal=st.booleans())
def test_the_equations_pass(how: str, seed: int, equal: bool) -> None:
    report = gradcheck(*case(seed, equal=equal), how=how)
    assert report.ok, [found for found in report.findings if not found.ok]
    assert report.literal_gap < 1e-13


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("how", METHODS)
def test_no_false_failure_with_zero_biases(hidden: str, how: str) -> None:
    """Units that are off for every sample, inputs that are exactly 0, steps: all of it sits on kinks."""
    for seed in range(2):
        network, at, x, y = case(seed, setting=(hidden, "identity", "mse"), init="he", zero_biases=True)
        x[:, 0] = 0.0
        report = gradcheck(network, at, x, y, how=how)
        assert report.ok, (seed, [found for found in report.findings if not found.ok])


@pytest.mark.parametrize("how", ["central", "richardson"])
def test_kinks_are_counted_and_nothing_else_is(how: str) -> None:
    """With weights 0 every z^1 is 0, on the kink of relu; J then does not see W^1 at all."""
    network = Network((3, 4, 2), "relu", "identity")
    at = initialise(network, "zeros", np.random.default_rng(0))
    at.weights[1][:] = 1.0
    x, y = np.ones((3, 5)), np.ones((2, 5))
    report = gradcheck(network, at, x, y, how=how)
    assert report.ok
    assert of(report, "BP2", 1).not_differentiable == 20
    assert of(report, "BP3", 1).not_differentiable == 4
    assert of(report, "BP1", 2).not_differentiable == 0


def test_a_kink_hides_no_wrong_entry_elsewhere() -> None:
    network, at, x, y = case(5, setting=("relu", "identity", "mse"), init="he", zero_biases=True)
    right = claimed(backprop(network, at, x, y))
    weights = [W.copy() for W in right.weights]
    place = np.unravel_index(np.abs(weights[0]).argmax(), weights[0].shape)
    weights[0][place] *= 1.01
    found = of(gradcheck(network, at, x, y, replace(right, weights=tuple(weights))), "BP4", 1)
    assert (found.ok, found.wrong) == (False, 1)


@pytest.mark.parametrize("how", METHODS)
@pytest.mark.parametrize("kind", ["weights", "biases", "delta"])
def test_one_entry_off_by_a_millionth_is_seen(how: str, kind: str) -> None:
    """Any entry of at least 1e-3 of the largest; and it is the one that is named."""
    for seed in range(3):
        network, at, x, y = case(seed)
        right = claimed(backprop(network, at, x, y))
        random = np.random.default_rng(seed)
        layer = int(random.integers(1, network.depth + 1))
        arrays = [array.copy() for array in getattr(right, kind)]
        array = arrays[layer - 1]
        large = np.argwhere(np.abs(array) >= 1e-3 * np.abs(array).max())
        j, k = (int(n) for n in random.choice(large))
        array[j, k] *= 1 + 1e-6
        report = gradcheck(network, at, x, y, replace(right, **{kind: tuple(arrays)}), how=how, diagnose=False)
        off = [found for found in report.findings if not found.ok]
        assert [(found.layer, found.wrong) for found in off] == [(layer, 1)], (seed, how)
        name = {
            "weights": f"w^{layer}_{{{j + 1},{k + 1}}}",
            "biases": f"b^{layer}_{j + 1}",
            "delta": f"δ^{layer}_{j + 1}, sample {k + 1}",
        }[kind]
        assert off[0].worst is not None
        assert off[0].worst.name == name


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_always_fails(value: float) -> None:
    network, at, x, y = case(1)
    right = claimed(backprop(network, at, x, y))
    weights = [W.copy() for W in right.weights]
    weights[1][0, 1] = value
    report = gradcheck(network, at, x, y, replace(right, weights=tuple(weights)))
    found = of(report, "BP4", 2)
    assert not report.ok
    assert found.not_finite == 1
    assert found.worst is not None
    assert found.worst.name == "w^2_{1,2}"
    written = json.dumps(as_json(report), allow_nan=False)  # null, and not NaN, which is no JSON
    assert json.loads(written)["equations"][0]["equation"] == "BP1"


def test_a_network_that_overflows_is_a_failure_and_no_crash() -> None:
    network, at, x, y = case(5, setting=("relu", "identity", "mse"))
    at.weights[0][0, 0] = np.nan
    report = gradcheck(network, at, x, y)
    assert not report.ok
    assert of(report, "BP4", 1).not_finite > 0


@pytest.mark.parametrize("how", METHODS)
def test_single_precision_passes_within_what_it_can_hold(how: str) -> None:
    for seed in range(3):
        double, at, x, y = case(seed)
        network = Network(double.widths, double.hidden, double.output, double.cost, dtype=np.float32)
        single = type(at)(
            tuple(W.astype(np.float32) for W in at.weights), tuple(b.astype(np.float32) for b in at.biases)
        )
        report = gradcheck(network, single, x.astype(np.float32), y.astype(np.float32), how=how)
        assert report.ok, (seed, [found for found in report.findings if not found.ok])


def test_a_wrong_shape_is_a_finding() -> None:
    network, at, x, y = case(0)
    right = claimed(backprop(network, at, x, y))
    flat = tuple(b.reshape(-1) for b in right.biases)
    report = gradcheck(network, at, x, y, Claimed(right.weights, flat))
    n = network.widths[-1]
    assert of(report, "BP3", network.depth).misshaped == f"its shape is ({n},), and not {n} × 1"
    assert of(report, "BP4", 1).ok


def test_delta_of_each_sample_without_the_mean() -> None:
    """Source D's dZ carries no 1/m; said so, it is right, and otherwise it is not."""
    network, at, x, y = case(0)
    right = claimed(backprop(network, at, x, y))
    assert right.delta is not None
    own = replace(right, delta=tuple(x.shape[1] * d for d in right.delta))
    assert not gradcheck(network, at, x, y, own).ok
    assert gradcheck(network, at, x, y, replace(own, own_samples=True)).ok


def test_a_flat_input_is_refused_at_the_door() -> None:
    network, at, _, _ = case(0)
    with pytest.raises(MisuseError, match="neither a column nor a row"):
        gradcheck(network, at, np.ones(network.widths[0]), np.ones((network.widths[-1], 1)))


def test_json_has_the_documented_fields() -> None:
    report = as_json(gradcheck(*case(0)))
    assert {"ok", "entries", "seconds", "max_error", "method", "equations"} <= report.keys()
    keys = {"equation", "layer", "ok", "entries", "max_error", "worst", "not_differentiable", "diagnosis"}
    for equation in report["equations"]:
        assert keys <= equation.keys()
        assert equation["worst"].keys() == {"entry", "analytic", "numeric", "bound"}
    assert report["entries"] == sum(equation["entries"] for equation in report["equations"])
