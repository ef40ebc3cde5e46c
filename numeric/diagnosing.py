"""Which known slip reproduces the wrong numbers.

With the learner's δ at hand, each equation is judged by itself: it is given the learner's own δ of the layer after it,
and a slip is named if its formula gives the learner's numbers. An equation that is right for its own δ has only
inherited its error, and says so. Without δ, whole backward passes with one slip each are compared with all that was
claimed.
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
from numeric.reenacting import layers_of, reenact, scene
from numeric.report import Diagnosis, Finding
from numeric.slips import SLIPS, Slip

SAME: Final[dict[str, float]] = {"float64": 1e-7, "float32": 1e-3}
"""Two arrays are the same numbers if they differ by at most this part of the largest entry."""
STRONGEST: Final = 1e4
"""A rate beyond this is no learning rate."""


def with_diagnosis(near: Neighbourhood, claim: Claimed, findings: list[Finding]) -> list[Finding]:
    """The findings, with the slips that explain the ones that are off."""
    own = _usable_deltas(near, claim)
    if own is not None:
        return [finding if finding.ok else _by_itself(near, claim, own, finding) for finding in findings]
    explained = list(_whole(near, claim))
    places = [place for place, finding in enumerate(findings) if not finding.ok]
    if not explained:
        return findings
    first = places[0]
    findings[first] = replace(
        findings[first],
        diagnosis=tuple(Diagnosis(slip.code, slip.title, slip.why) for slip, _ in explained),
        notes=tuple(_where(slip, layers) for slip, layers in explained),
    )
    for place in places[1:]:
        findings[place] = replace(findings[place], notes=(wording.SAME_CAUSE,))
    return findings


def _usable_deltas(near: Neighbourhood, claim: Claimed) -> dict[int, Array] | None:
    """The learner's δ^l as ∂J/∂z^l, if all were given and have their shapes."""
    if claim.delta is None:
        return None
    factor = 1.0 / near.done.batch if claim.own_samples else 1.0
    if any(np.shape(d) != near.done.z[place].shape for place, d in enumerate(claim.delta)):
        return None
    return {layer: factor * np.asarray(d, dtype=np.float64) for layer, d in enumerate(claim.delta, start=1)}


def _by_itself(near: Neighbourhood, claim: Claimed, delta: dict[int, Array], finding: Finding) -> Finding:
    """One finding, judged on the learner's own δ."""
    layer, equation = finding.layer, finding.equation
    seen = {
        "BP3": claim.biases[layer - 1],
        "BP4": claim.weights[layer - 1],
    }.get(equation, delta[layer])
    later = {k: d for k, d in delta.items() if k > layer or equation in ("BP3", "BP4")}
    here = scene(near, layer, later)
    right = here.right(equation)
    if finding.not_finite == 0 and _same(near, seen, right):
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
        if not _same(near, made, right) and _same(near, seen, made):
            named.append(Diagnosis(slip.code, slip.title, slip.why))
    return replace(finding, diagnosis=tuple(named))


def _whole(near: Neighbourhood, claim: Claimed) -> Iterator[tuple[Slip, tuple[int, ...]]]:
    """The slips that reproduce everything that was claimed, each with the layers it was made in."""
    for slip in SLIPS:
        layers = layers_of(near, slip)
        scopes = [tuple(layers)] if len(layers) <= 1 else [tuple(layers), *((layer,) for layer in layers)]
        for scope in scopes:
            if scope and _reproduces(near, slip, scope, claim):
                yield slip, scope
                break


def _reproduces(near: Neighbourhood, slip: Slip, scope: tuple[int, ...], claim: Claimed) -> bool:
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
    if not _all_same(near, claim, made):
        return False
    untouched = reenact(near, slip, ())
    return not _all_same(near, made, untouched)


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


def _all_same(near: Neighbourhood, first: Claimed, second: Claimed) -> bool:
    pairs = zip((*first.weights, *first.biases), (*second.weights, *second.biases), strict=True)
    return all(_same(near, a, b) for a, b in pairs)


def _same(near: Neighbourhood, first: Array, second: Array) -> bool:
    if np.shape(first) != np.shape(second) or np.asarray(first).dtype.kind not in "fiub":
        return False
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        return False
    size = max(float(np.abs(first).max(initial=0.0)), float(np.abs(second).max(initial=0.0)))
    gap = np.abs(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)).max(initial=0.0)
    return bool(gap <= SAME[near.precision] * size)


def _where(slip: Slip, layers: tuple[int, ...]) -> str:
    return wording.SLIP_IN.format(equation=slip.equation, layers=", ".join(map(str, layers)))
