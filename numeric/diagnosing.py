"""Which known slip reproduces the wrong numbers.

Where the learner's δ are at hand, an equation is judged by itself: it is given the learner's own δ of the layer after
it, and a slip is named if its formula gives the learner's numbers. An equation that is right for its own δ has only
inherited its error, and says so. Where they are not, whole backward passes with one slip each are compared with all
that was claimed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.claimed import Claimed
from numeric.neighbourhood import Neighbourhood
from numeric.precision import DOUBLE, Precision
from numeric.reenacting import layers_of, reenact, scene
from numeric.report import Diagnosis, Finding
from numeric.slips import SLIPS, Slip

STRONGEST: Final = 1e4
"""A rate beyond this is no learning rate."""


def with_diagnosis(
    near: Neighbourhood, claim: Claimed, findings: list[Finding], precision: Precision = DOUBLE
) -> list[Finding]:
    """The findings, with the slips that explain the ones that are off."""
    own = _usable_deltas(near, claim)
    findings = list(findings)
    left = []
    for place, found in enumerate(findings):
        if found.ok:
            continue
        if _needed(found) <= own.keys():
            findings[place] = _by_itself(near, claim, own, found, precision)
        else:
            left.append(place)
    are_numbers = all(array.dtype.kind in "fiub" for array in claim.given)
    explained = list(_whole(near, claim, own, precision)) if left and are_numbers else []
    if not explained:
        return findings
    named = {slip.code for found in findings for slip in found.diagnosis}
    if not named & {slip.code for slip, _ in explained}:
        first = left.pop(0)
        findings[first] = replace(
            findings[first],
            diagnosis=tuple(Diagnosis(slip.code, slip.title, slip.why) for slip, _ in explained),
            notes=tuple(_where(slip, layers) for slip, layers in explained),
        )
    for place in left:
        findings[place] = replace(findings[place], notes=(wording.SAME_CAUSE,))
    return findings


def _usable_deltas(near: Neighbourhood, claim: Claimed) -> dict[int, Array]:
    """The learner's δ^l as ∂J/∂z^l, as far as they were given and have their shapes."""
    factor = 1.0 / near.done.batch if claim.own_samples else 1.0
    return {
        layer: factor * np.asarray(delta, dtype=np.float64)
        for layer, delta in enumerate(claim.delta or (), start=1)
        if delta is not None and np.shape(delta) == near.done.z[layer - 1].shape and delta.dtype.kind in "fiub"
    }


def _needed(found: Finding) -> set[int]:
    """The layers whose δ has to be known for one equation to be judged by itself."""
    return {found.layer, found.layer + 1} if found.equation == "BP2" else {found.layer}


def _by_itself(
    near: Neighbourhood, claim: Claimed, delta: dict[int, Array], finding: Finding, precision: Precision
) -> Finding:
    """One finding, judged on the learner's own δ."""
    layer, equation = finding.layer, finding.equation
    seen = {
        "BP3": claim.biases[layer - 1],
        "BP4": claim.weights[layer - 1],
    }.get(equation, delta[layer])
    later = {k: d for k, d in delta.items() if k > layer or equation in ("BP3", "BP4")}
    here = scene(near, layer, later)
    right = here.right(equation)
    if finding.not_finite == 0 and _same(precision, seen, right):
        return replace(finding, notes=(wording.INHERITED.format(layer=layer + (equation in ("BP1", "BP2"))),))
    named = []
    for slip in SLIPS:
        if slip.equation != equation:
            continue
        try:
            with np.errstate(all="ignore"):
                strength = 0.0
                if slip.fitted:
                    one = np.asarray(slip.formula(replace(here, strength=1.0)))
                    strength = _strength(np.asarray(seen, dtype=np.float64), right, one)
                made = np.asarray(slip.formula(replace(here, strength=strength)))
        except ValueError:
            continue
        if not _same(precision, made, right) and _same(precision, seen, made):
            named.append(Diagnosis(slip.code, slip.title, slip.why))
    return replace(finding, diagnosis=tuple(named))


def _whole(
    near: Neighbourhood, claim: Claimed, own: dict[int, Array], precision: Precision
) -> Iterator[tuple[Slip, tuple[int, ...]]]:
    """The slips that reproduce everything that was claimed, each with the layers it was made in."""
    for slip in SLIPS:
        layers = layers_of(near, slip)
        scopes = [tuple(layers)] if len(layers) <= 1 else [tuple(layers), *((layer,) for layer in layers)]
        for scope in scopes:
            if scope and _reproduces(near, slip, scope, claim, own, precision):
                yield slip, scope
                break


def _reproduces(
    near: Neighbourhood, slip: Slip, scope: tuple[int, ...], claim: Claimed, own: dict[int, Array], precision: Precision
) -> bool:
    try:
        with np.errstate(all="ignore"):
            strength = 0.0
            if slip.fitted:
                last = max(scope) - 1
                seen = np.asarray(claim.weights[last], dtype=np.float64)
                none, one = (reenact(near, slip, scope, s).weights[last] for s in (0.0, 1.0))
                strength = _strength(seen, none, one)
            made = reenact(near, slip, scope, strength)
    except ValueError:
        return False
    if not _all_same(precision, claim, made):
        return False
    if not all(_same(precision, delta, made.delta[layer - 1]) for layer, delta in own.items()):  # type: ignore[index, arg-type]
        return False
    return not _all_same(precision, made, reenact(near, slip, ()))


def _strength(seen: Array, none: Array, one: Array) -> float:
    """The strength at which a formula that is linear in it comes nearest to what was seen.

    :raises ValueError: if that is not a rate.
    """
    if seen.shape != none.shape:
        raise ValueError("the shapes do not fit")
    towards = one - none
    size = float((towards * towards).sum())
    strength = float(((seen - none) * towards).sum()) / size if size > 0 else 0.0
    if not 0.0 < strength < STRONGEST:
        raise ValueError("not a rate")
    return strength


def _all_same(precision: Precision, first: Claimed, second: Claimed) -> bool:
    pairs = zip((*first.weights, *first.biases), (*second.weights, *second.biases), strict=True)
    return all(_same(precision, a, b) for a, b in pairs)


def _same(precision: Precision, first: Array, second: Array) -> bool:
    if np.shape(first) != np.shape(second) or np.asarray(first).dtype.kind not in "fiub":
        return False
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return False
    size = max(float(np.abs(first).max(initial=0.0)), float(np.abs(second).max(initial=0.0)))
    gap = np.abs(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)).max(initial=0.0)
    return bool(gap <= precision.same * size)


def _where(slip: Slip, layers: tuple[int, ...]) -> str:
    return wording.SLIP_IN.format(equation=slip.equation, layers=wording.layers(layers))
