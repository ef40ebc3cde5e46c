"""Every known slip, made in 20 random networks with distinct and with equal widths, is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from numeric import gradcheck
from numeric.claimed import Claimed, blocks
from numeric.diagnosing import with_diagnosis
from numeric.neighbourhood import Neighbourhood, neighbourhood
from numeric.reenacting import layers_of, reenact
from numeric.report import Finding
from numeric.slips import SLIPS, Slip
from tests.numeric.random_networks import case

EVERY = pytest.mark.parametrize("slip", SLIPS, ids=[slip.code for slip in SLIPS])
NEED_EQUAL_WIDTHS = {
    "slope-of-next-layer",
    "slope-of-previous-layer",
    "untransposed-weights",
    "weights-of-wrong-layer",
    "delta-of-wrong-layer",
    "bias-of-next-layer",
    "own-activation",
    "weights-delta-of-next-layer",
    "one-buffer",
}
"""With distinct widths these raise for whoever makes them, and no numbers come out."""
RATE = 0.37


def made(seed: int, equal: bool, slip: Slip) -> tuple[Neighbourhood, Claimed] | None:
    """The slip, in all layers or in one; None where it does not fit or changes nothing (a σ′ that is 1)."""
    network, at, x, y = case(seed, equal=equal)
    near = neighbourhood(network, at, x, y)
    layers = list(layers_of(near, slip))
    one = layers[seed // 2 % len(layers)]
    try:
        claim = reenact(near, slip, layers if seed % 2 else [one], RATE)
    except ValueError:
        return None
    right = reenact(near, slip, ())
    same = all(
        np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=1e-6, atol=1e-12)
        for a, b in zip((*claim.weights, *claim.biases), (*right.weights, *right.biases), strict=True)
    )
    return None if same else (near, claim)


def findings(near: Neighbourhood, claim: Claimed) -> list[Finding]:
    """What a check would say of ``claim``, told from the right arrays: the check itself is tested elsewhere."""
    right = reenact(near, SLIPS[0], ())
    return [
        Finding(
            block.equation, block.layer, seen.size, int(not (np.shape(seen) == np.shape(wanted)
            and np.allclose(seen, wanted, rtol=1e-7, atol=1e-13))), 0, 0, 1.0, None
        )
        for (block, seen), (_, wanted) in zip(
            blocks(near.network, near.done.batch, claim),
            blocks(near.network, near.done.batch, right if claim.delta is not None else replace(right, delta=None)),
            strict=True,
        )
    ]  # fmt: skip


def codes(found: list[Finding]) -> list[str]:
    return [diagnosis.code for finding in found for diagnosis in finding.diagnosis]


def test_there_are_at_least_twenty() -> None:
    assert len({slip.code for slip in SLIPS}) == len(SLIPS) >= 20


def try_networks(slip: Slip, equal: bool, deltas: bool, wanted: int) -> None:
    """Make the slip in ``wanted`` networks where it fits and changes something; it is named in each."""
    seed, tried = 0, 0
    while tried < wanted and seed < 10 * wanted:
        one = made(seed, equal, slip)
        seed += 1
        if one is None:
            continue
        near, claim = one
        claim = claim if deltas else replace(claim, delta=None)
        tried += 1
        named = codes(with_diagnosis(near, claim, findings(near, claim)))
        assert slip.code in named, (seed - 1, named)
    assert tried == (0 if slip.code in NEED_EQUAL_WIDTHS and not equal else wanted)


WIDTHS = pytest.mark.parametrize("equal", [False, True], ids=["distinct", "equal"])
DELTAS = pytest.mark.parametrize("deltas", [True, False], ids=["with-delta", "without"])


@EVERY
@WIDTHS
@DELTAS
def test_each_slip_is_named(slip: Slip, equal: bool, deltas: bool) -> None:
    try_networks(slip, equal, deltas, 2)


@pytest.mark.long
@EVERY
@WIDTHS
@DELTAS
def test_each_slip_is_named_in_twenty_networks(slip: Slip, equal: bool, deltas: bool) -> None:
    try_networks(slip, equal, deltas, 20)


@EVERY
def test_the_whole_check_names_it_too(slip: Slip) -> None:
    for equal in (False, True):
        one = next((found for seed in range(1, 60) if (found := made(seed, equal, slip)) is not None), None)
        if one is None:
            assert slip.code in NEED_EQUAL_WIDTHS
            continue
        near, claim = one
        report = gradcheck(near.network, near.at, near.done.a[0], near.y, claim)
        assert not report.ok
        assert slip.code in codes(list(report.findings))


@EVERY
def test_each_slip_has_words(slip: Slip) -> None:
    assert slip.title[0] != " "
    assert not slip.title.endswith(".")
    assert slip.why.endswith((".", ")"))


def test_with_the_learners_own_delta_the_equation_is_found_and_the_rest_is_inherited() -> None:
    """σ′ forgotten in layer 2 of 4: BP2 there is at fault, and layer 1 is right for the δ^2 that it was given."""
    slip = next(slip for slip in SLIPS if slip.code == "missing-slope")
    network, at, x, y = case(1, depth=4)
    near = neighbourhood(network, at, x, y)
    report = gradcheck(network, at, x, y, reenact(near, slip, [2]))
    at_fault = [(f.equation, f.layer) for f in report.findings if not f.ok and not f.notes]
    inherited = [(f.equation, f.layer) for f in report.findings if f.notes]
    assert at_fault == [("BP2", 2)]
    assert inherited == [("BP3", 2), ("BP4", 2), ("BP2", 1), ("BP3", 1), ("BP4", 1)]
    assert codes(list(report.findings)) == ["missing-slope"]


def test_an_unknown_error_is_given_no_name() -> None:
    network, at, x, y = case(1)
    near = neighbourhood(network, at, x, y)
    right = reenact(near, SLIPS[0], ())
    noisy = replace(right, weights=tuple(W + 0.01 * np.sin(np.arange(W.size)).reshape(W.shape) for W in right.weights))
    report = gradcheck(network, at, x, y, noisy)
    assert not report.ok
    assert codes(list(report.findings)) == []
