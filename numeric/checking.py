"""The gradient check: each equation in each layer against differences of J, and the slip named where one is off."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.claimed import Block, Claimed, blocks, claimed, with_numbers_as_arrays
from numeric.equations import Gradient, backprop, backward
from numeric.errors import misuse
from numeric.estimating import deltas_of, directions, parameters_of, rounding
from numeric.judging import Loss, finding, judge, look_at_deltas, look_at_parameters
from numeric.literal import moved_total
from numeric.methods import CENTRAL_STEP, Estimate, Method, method
from numeric.neighbourhood import Neighbourhood, neighbourhood
from numeric.network import Network, Parameters, costs, parameters, samples
from numeric.precision import DOUBLE, PRECISIONS, SINGLE, Precision, coarsest, precision_of, typed
from numeric.problem import Problem
from numeric.report import Finding, Report

SPOTS: Final = 3
"""Entries of each W^l and b^l at which the fast J is held against a full forward pass, in every run."""
SPOT_GAP: Final = 1e-9
"""A relative difference that no rounding explains."""
SEVERAL: Final = 3
"""Of so many entries one at least is off by more than double precision rounds, after single precision."""
THROUGH: Final = 4.0
"""How much more than the equations here right code may lose that was in single precision on the way only. (In 300,000
arrays of 3,000 random networks it was 3.8 times as much once, and 0.8 times in 99.9 %.)"""


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
        is a finding, not an error. How closely they must agree is decided by their precision, which the report names.
    :param how: ``central``, ``richardson``, ``complex`` or ``dual``.
    :param literal: run a full forward pass for each entry, instead of sharing what does not change.
    :param diagnose: look for a known slip where an equation is off.
    :raises MisuseError: if x or y do not fit the network, ``gradient`` is of another depth, or there is no such method.
    """
    began = time.perf_counter()
    chosen = method(how)
    x, y = samples(network, x, y)
    if gradient is None:
        gradient = backprop(network, at, x, y)
    claim = claimed(gradient) if isinstance(gradient, Gradient) else gradient
    lengths = {len(claim.weights), len(claim.biases), network.depth if claim.delta is None else len(claim.delta)}
    if lengths != {network.depth}:
        raise misuse(
            wording.MANY_PARAMETERS,
            wording.MANY_PARAMETERS_HINT,
            seen=len(claim.weights),
            seen_biases=len(claim.biases),
            wanted=network.depth,
        )
    near = neighbourhood(network, at, x, y)
    claim = with_numbers_as_arrays(network, near.done.batch, claim)
    kept = coarsest([PRECISIONS[np.dtype(network.dtype).name], precision_of(claim.given)])
    with np.errstate(over="ignore", under="ignore", invalid="ignore", divide="ignore"):
        checks = _Checks(near, chosen, literal)
        gap = spot_check(near)
        findings = [checks.of(block, array, claim, kept) for block, array in blocks(network, near.done.batch, claim)]
        if kept is DOUBLE and sum(found.wrong > 0 for found in findings) > 1:
            again = checks.through_single(claim, findings)
            kept, findings = (SINGLE, again) if again else (kept, findings)
    if diagnose and not all(found.ok for found in findings):
        from numeric.diagnosing import with_diagnosis

        findings = with_diagnosis(near, claim, findings, kept)
    point = Problem(network, at, x, y)
    return Report(chosen.name, tuple(findings), time.perf_counter() - began, gap, point, kept, _notes(claim, kept))


def single_losses(near: Neighbourhood) -> Gradient:
    """How far single precision takes the gradients of this network from the exact ones, at most, array by array."""
    single = replace(near.network, dtype=np.float32)
    at = parameters(single, near.at.weights, near.at.biases)
    x, y = samples(single, near.done.a[0], near.y)
    rough, exact = backprop(single, at, x, y), backward(near.network, near.at, near.done, near.y)

    def losses(rough: tuple[Array, ...], exact: tuple[Array, ...]) -> tuple[Array, ...]:
        return tuple(np.abs(a - b).max() for a, b in zip(rough, exact, strict=True))

    return Gradient(
        losses(rough.delta, exact.delta), losses(rough.weights, exact.weights), losses(rough.biases, exact.biases)
    )


class _Checks:
    """The checks of one network at one point; what is the same for several arrays is computed once."""

    def __init__(self, near: Neighbourhood, chosen: Method, literal: bool) -> None:
        self.near, self.chosen, self.literal = near, chosen, literal
        self.noise = rounding(near)
        self.numeric: dict[tuple[str, int], Estimate] = {}
        self.exact: Gradient | None = None

    def of(self, block: Block, array: Array, claim: Claimed, precision: Precision) -> Finding:
        """One array against differences."""
        if array.shape != block.shape or array.dtype.kind not in "fiub":
            return _misshaped(block, array, claim)
        near, layer = self.near, block.layer
        if block.equation in ("BP1", "BP2"):
            again = look_at_deltas(near, layer, self.noise)
        else:
            again = look_at_parameters(near, layer, directions(near, layer), self.noise, block.equation == "BP3")
        analytic, batch = self.meant(block, array, claim), near.done.batch
        loss = Loss(precision, batch, 0.0 if precision is DOUBLE else self.terms(block))
        verdicts = judge(analytic, self.estimate(block), loss, again)
        found = finding(block, analytic, verdicts)
        largest = np.max(np.abs(verdicts.estimate.value), initial=0.0)
        if found.ok and 0 < largest < precision.tiny * batch:
            return replace(found, notes=(wording.TOO_SMALL.format(title=precision.title),))
        return found

    def terms(self, block: Block) -> float:
        """How large the sum over the batch would be if no terms of it cancelled, in the entry where it is largest.

        It comes from the equations themselves, since it decides only how much rounding is let pass.
        """
        near, layer = self.near, block.layer
        self.exact = self.exact or backward(near.network, near.at, near.done, near.y)
        delta = np.abs(self.exact.delta[layer - 1])
        if block.equation == "BP4":
            return float((delta @ np.abs(near.done.a[layer - 1]).T).max())
        return float(delta.sum(axis=1).max()) if block.equation == "BP3" else float(delta.max())

    def meant(self, block: Block, array: Array, claim: Claimed) -> Array:
        """What is claimed for ∂J/∂z, ∂J/∂W or ∂J/∂b: a claimed δ may differ from it by a factor, by convention."""
        own = claim.own_samples and block.equation in ("BP1", "BP2")
        return np.asarray(array, dtype=np.float64) / (self.near.done.batch if own else 1.0)

    def estimate(self, block: Block) -> Estimate:
        """Both sides of W^l and b^l come of one sweep."""
        near, layer = self.near, block.layer
        kind = "z" if block.equation in ("BP1", "BP2") else "Wb"
        if (kind, layer) not in self.numeric:
            estimate = deltas_of if kind == "z" else parameters_of
            self.numeric[kind, layer] = estimate(near, layer, self.chosen, self.noise, self.literal)
        found = self.numeric[kind, layer]
        if kind == "z":
            return found
        return found[:, -1:] if block.equation == "BP3" else found[:, :-1]

    def through_single(self, claim: Claimed, findings: list[Finding]) -> list[Finding] | None:
        """The findings of float64 arrays that were in single precision on the way; None if they were not.

        They were if several arrays are off, in a good part of their entries, by about as much as single precision
        loses here. A slip is off by more, and a slip of the pen in one entry leaves the other arrays alone.
        """
        losses, near = single_losses(self.near), self.near
        again, rounded = list(findings), []
        for place, (block, array) in enumerate(blocks(near.network, near.done.batch, claim)):
            if not findings[place].wrong or array.dtype.kind != "f":
                continue
            loss = {"BP3": losses.biases, "BP4": losses.weights}.get(block.equation, losses.delta)[block.layer - 1]
            analytic, value = self.meant(block, array, claim), self.estimate(block).value
            gap, size = np.abs(analytic - value), np.abs(value)
            if (gap <= THROUGH * (loss + SINGLE.eps * (size + size.max()))).all():
                again[place] = self.of(block, array, claim, SINGLE)
                rounded.append(findings[place])
        entries, wrong = sum(found.entries for found in rounded), sum(found.wrong for found in rounded)
        return again if len(rounded) > 1 and SEVERAL * wrong >= entries else None


def _notes(claim: Claimed, kept: Precision) -> tuple[str, ...]:
    if kept is DOUBLE:
        return ()
    shown = coarsest(map(typed, claim.given))
    sentence = wording.PRECISION_SEEN if shown is kept else wording.PRECISION_WIDENED
    return (sentence.format(title=kept.title, digits=wording.counted(kept.digits, "digit")),)


def _misshaped(block: Block, array: Array, claim: Claimed) -> Finding:
    if array.dtype.kind not in "fiub":
        sentence = wording.MISTYPED.format(seen=array.dtype.name)
    else:
        seen = claim.convention.given(block, array.shape)
        sentence = wording.MISSHAPED.format(seen=shape_text(seen), wanted=shape_text(claim.convention.wanted(block)))
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
