"""The gradient check: each equation in each layer against differences of J, and the slip named where one is off."""

from __future__ import annotations

import time
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.claimed import Block, Claimed, blocks, claimed
from numeric.equations import Gradient, backprop
from numeric.errors import misuse
from numeric.estimating import deltas_of, directions, parameters_of, rounding
from numeric.judging import finding, judge, look_at_deltas, look_at_parameters
from numeric.literal import moved_total
from numeric.methods import CENTRAL_STEP, Estimate, method
from numeric.neighbourhood import Neighbourhood, neighbourhood
from numeric.network import Network, Parameters, costs, samples
from numeric.report import Finding, Report

SPOTS: Final = 3
"""Entries of each W^l and b^l at which the fast J is held against a full forward pass, in every run."""
SPOT_GAP: Final = 1e-9
"""A relative difference that no rounding explains."""


def gradcheck(
    network: Network,
    at: Parameters,
    x: Any,
    y: Any,
    gradient: Gradient | Claimed | None = None,
    *,
    how: str = "central",
    literal: bool = False,
    diagnose: bool = True,
) -> Report:
    """Hold gradients against differences of J, entry by entry.

    :param x: n_0 × m, one sample a column.
    :param y: n_L × m.
    :param gradient: what is checked; None for the equations of this package. It may hold any arrays: a wrong shape
        is a finding, not an error.
    :param how: ``central``, ``richardson``, ``complex`` or ``dual``.
    :param literal: run a full forward pass for each entry, instead of sharing what does not change.
    :param diagnose: look for a known slip where an equation is off.
    :raises MisuseError: if x or y do not fit the network, or there is no such method.
    """
    began = time.perf_counter()
    chosen = method(how)
    x, y = samples(network, x, y)
    if gradient is None:
        gradient = backprop(network, at, x, y)
    claim = claimed(gradient) if isinstance(gradient, Gradient) else gradient
    near = neighbourhood(network, at, x, y)
    dtype = np.dtype(network.dtype).name
    findings: list[Finding] = []
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        noise = rounding(near)
        gap = spot_check(near)
        numeric: dict[int, Estimate] = {}
        for block, array in blocks(network, near.done.batch, claim):
            wanted = _wanted(block, claim, near.done.batch)
            if np.shape(array) != block.shape or array.dtype.kind not in "fiub":
                findings.append(_misshaped(block, array))
                continue
            analytic = np.asarray(array, dtype=np.float64) / wanted
            if block.equation in ("BP1", "BP2"):
                first = deltas_of(near, block.layer, chosen, noise, literal)
                again = look_at_deltas(near, block.layer, noise)
            else:
                if block.layer not in numeric:
                    numeric[block.layer] = parameters_of(near, block.layer, chosen, noise, literal)
                bias = block.equation == "BP3"
                first = numeric[block.layer][:, -1:] if bias else numeric[block.layer][:, :-1]
                again = look_at_parameters(near, block.layer, directions(near, block.layer), noise, bias)
            findings.append(finding(block, analytic, judge(analytic, first, dtype, again)))
    if diagnose and not all(found.ok for found in findings):
        from numeric.diagnosing import with_diagnosis

        findings = with_diagnosis(near, claim, findings)
    return Report(chosen.name, tuple(findings), time.perf_counter() - began, gap)


def _wanted(block: Block, claim: Claimed, batch: int) -> float:
    """The factor by which a claimed δ differs from ∂J/∂z by convention."""
    return float(batch) if claim.own_samples and block.equation in ("BP1", "BP2") else 1.0


def _misshaped(block: Block, array: Array) -> Finding:
    seen = shape_text(np.shape(array))
    sentence = wording.MISSHAPED.format(seen=seen, wanted=shape_text(block.shape))
    size = block.shape[0] * block.shape[1]
    return Finding(block.equation, block.layer, size, 0, 0, 0, float("inf"), None, misshaped=sentence)


def spot_check(near: Neighbourhood) -> float:
    """The largest relative difference between the fast J and the one of a full forward pass, at a few entries.

    :raises MisuseError: if it is larger than rounding can make it; the checker itself would be wrong then.
    """
    random, largest = np.random.default_rng(0), 0.0
    base = float(costs(near.network, near.done, near.y).sum())
    for layer in near.network.layers:
        towards = directions(near, layer)
        last = len(towards.scale) - 1
        spots = [(int(random.integers(near.network.widths[layer])), last)]
        if len(towards.alive) > 1:
            spots += [
                (int(random.integers(near.network.widths[layer])), int(random.choice(towards.alive[:-1])))
                for _ in range(SPOTS)
            ]
        for j, p in spots:
            moves = CENTRAL_STEP * towards.moves[:, [p]] * np.array([0.0, 1.0])
            before, after = near.total(layer, j, moves)
            fast = base + float(after - before)
            by, bias = CENTRAL_STEP / towards.scale[p], p == last
            slow = float(moved_total(near, layer, (j, 0 if bias else p), by, bias=bias))
            if np.isfinite(fast) and np.isfinite(slow):
                gap = abs(fast - slow) / max(abs(slow), abs(fast), 1e-30)
                largest = max(largest, gap)
                if gap > SPOT_GAP and abs(fast - slow) > SPOT_GAP * near.done.batch * CENTRAL_STEP:
                    raise misuse(
                        wording.SPOT_CHECK, wording.SPOT_CHECK_HINT, seen=gap, entry=f"layer {layer}, neuron {j + 1}"
                    )
    return largest
