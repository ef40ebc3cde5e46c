"""The same slips in other layers, spellings, networks and in a batch: at least nine in ten are named."""

from __future__ import annotations

import pytest

from derivations import check

from .variants import Variant, variants


def named(some: list[Variant]) -> tuple[int, int, list[str]]:
    """How many are wrong, how many of these are named, and those that are not."""
    wrong, hits, missed = 0, 0, []
    for variant in some:
        (verdict,) = check(variant.claim, variant.network)
        if verdict.verdict not in ("refuted", "ill-shaped"):
            assert verdict.diagnosis == ()
            continue
        wrong += 1
        if any(variant.code in item.code.split("+") for item in verdict.diagnosis):
            hits += 1
        else:
            missed.append(f"{variant.code}: {variant.claim} ({variant.use})")
    return wrong, hits, missed


def test_some_variants_are_named() -> None:
    some = list(variants())[::41]
    wrong, hits, missed = named(some)
    assert wrong >= 0.9 * len(some)
    assert hits >= 0.9 * wrong, missed


@pytest.mark.long
def test_all_variants_are_named() -> None:
    wrong, hits, missed = named(list(variants()))
    assert wrong >= 3_000
    assert hits >= 0.9 * wrong, missed
