"""The precision of what is checked: seen, named, and decisive for how closely it has to agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric import Claimed, Network, check_gradient, gradcheck, parameters
from numeric.claimed import claimed
from numeric.equations import backprop
from numeric.errors import MisuseError
from numeric.network import samples
from numeric.precision import DOUBLE, HALF, SINGLE, precision_of
from numeric.report import Report, as_json
from numeric.terminal import lines
from tests.numeric.random_networks import SETTINGS, Case, case

KINDS = ("weights", "biases", "delta")


def single(one: Case) -> Claimed:
    """The right gradients, in single precision throughout."""
    network = replace(one.network, dtype=np.float32)
    at = parameters(network, one.at.weights, one.at.biases)
    return claimed(backprop(network, at, *samples(network, one.x, one.y)))


def cast(claim: Claimed, types: list[type]) -> Claimed:
    """The arrays as these types, one after the other, over and over."""
    place = iter(range(1 << 20))
    return replace(
        claim,
        **{
            kind: tuple(array.astype(types[next(place) % len(types)]) for array in getattr(claim, kind))
            for kind in KINDS
        },
    )


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    equal=st.booleans(),
    setting=st.sampled_from(SETTINGS),
    types=st.lists(st.sampled_from([np.float32, np.float64]), min_size=1, max_size=5),
)
@example(seed=0, equal=False, setting=SETTINGS[0], types=[np.float32])
@example(seed=0, equal=False, setting=SETTINGS[0], types=[np.float64])
def test_right_gradients_of_single_precision_pass_as_any_types(seed, equal, setting, types) -> None:
    one = case(seed, equal=equal, setting=setting)
    report = gradcheck(*one, cast(single(one), types))
    assert report.ok, [found for found in report.findings if not found.ok]
    assert report.precision is SINGLE
    assert "single precision (float32)" in report.notes[0]


@settings(max_examples=40)
@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from(KINDS),
    factor=st.sampled_from([0.0, 0.5, 0.99, 1.01, 2.0, -1.0]),
    widened=st.booleans(),
)
def test_a_wrong_array_of_single_precision_does_not(seed, kind, factor, widened) -> None:
    one = case(seed, setting=SETTINGS[seed % 5])
    claim = single(one)
    arrays = list(getattr(claim, kind))
    place = seed % len(arrays)
    arrays[place] = np.float32(factor) * arrays[place]
    claim = replace(claim, **{kind: tuple(arrays)})
    report = gradcheck(*one, cast(claim, [np.float64]) if widened else claim)
    assert [found.layer for found in report.findings if not found.ok] == [place + 1]


def test_half_precision_passes_and_is_named() -> None:
    one = case(3)
    report = gradcheck(*one, cast(single(one), [np.float16]))
    assert (report.ok, report.precision) == (True, HALF)
    doubled = replace(single(one), biases=tuple(2 * b for b in single(one).biases))
    assert not gradcheck(*one, cast(doubled, [np.float16])).ok


def test_gradients_of_another_depth_are_refused() -> None:
    one = case(3)
    with pytest.raises(MisuseError, match=r"arrays for W and 0 for b were given"):
        gradcheck(*one, replace(single(one), biases=()))


def test_double_precision_is_not_remarked_upon() -> None:
    report = gradcheck(*case(0))
    assert (report.precision, report.notes) == (DOUBLE, ())
    assert as_json(report)["precision"] == "float64"


@pytest.mark.parametrize("share", [1e-3, -1e-4, 1e-5, -5e-6])
def test_what_is_off_by_more_than_single_precision_loses_is_wrong(share: float) -> None:
    """One factor in all that float64 arrays hold: no rounding does that."""
    one = case(1)
    right = claimed(backprop(*one))
    off = replace(right, **{kind: tuple((1 + share) * array for array in getattr(right, kind)) for kind in KINDS})
    report = gradcheck(*one, off)
    assert not any(found.ok for found in report.findings)


def test_a_unit_that_rounding_moves_over_its_kink_is_no_failure() -> None:
    """z of one unit is 10⁻⁹ above 0, which single precision takes for 0: relu′ is 1 there, or 0."""
    network, at, x, y = case(5, setting=("relu", "identity", "mse"))
    at.biases[0][:] += 1e-9 - (at.weights[0] @ x + at.biases[0])[:, :1]
    claim = backprop(network, at, x, y)
    off = replace(network, dtype=np.float32)
    rounded = parameters(off, at.weights, [b - 2e-9 if k == 0 else b for k, b in enumerate(at.biases)])
    taken = backprop(off, rounded, *samples(off, x, y))
    assert not np.allclose(claim.biases[0], taken.biases[0], rtol=1e-3)
    report = gradcheck(network, at, x, y, claimed(taken))
    assert report.ok
    assert sum(found.not_differentiable for found in report.findings) > 0


def test_zeros_and_ones_say_nothing_of_precision() -> None:
    assert precision_of([np.zeros(3), np.ones((2, 2)), np.arange(5)]) is DOUBLE
    assert precision_of([np.zeros(3), np.float32(0.1) * np.ones(3).astype(float)]) is SINGLE
    assert precision_of([np.full(3, 0.1), np.float32(0.1) * np.ones(3).astype(float)]) is DOUBLE


def in_single(v) -> np.float32:
    return np.float32((np.asarray(v, dtype=np.float32) ** 2).sum())


@pytest.mark.parametrize("f", [in_single, lambda v: (v * v).sum()], ids=["float32 f", "float64 f"])
def test_gradients_of_any_function_in_single_precision(f) -> None:
    x = np.random.default_rng(0).standard_normal((4, 3)).astype(np.float32)
    assert check_gradient(f, x, 2 * x).ok
    wrong = 2 * x
    wrong[1, 2] *= np.float32(1.01)
    assert check_gradient(f, x, wrong).wrong.sum() == 1


def test_a_function_that_returns_an_array_is_told_so() -> None:
    assert check_gradient(lambda v: np.array([[(v * v).sum()]]), np.ones(2), 2 * np.ones(2)).ok
    with pytest.raises(MisuseError, match=r"f returned an array of float64 of the shape \(2,\)"):
        check_gradient(lambda v: v, np.ones(2), np.ones(2))


def text(report: Report) -> str:
    return "\n".join(line.text for line in lines(report, 80, plain=True))


def test_one_of_something_is_spoken_of_as_one() -> None:
    network = Network((1, 1), "sigmoid", "relu")
    at = parameters(network, [np.zeros((1, 1))], [np.zeros((1, 1))])
    said = text(gradcheck(network, at, np.ones((1, 1)), np.ones((1, 1))))
    assert "1 entry sits on a kink" in said
    assert "1 entries" not in said
    wrong = Claimed((np.full((1, 1), 3.0),), (np.zeros((1, 1)),))
    at.biases[0][:] = 1.0
    said = text(gradcheck(network, at, np.ones((1, 1)), np.ones((1, 1)), wrong))
    assert "1 of 2 arrays is off" in said
