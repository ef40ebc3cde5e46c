"""Every row of the catalogue catches what it must catch, with a proved repair, and spares what is right."""

from __future__ import annotations

import pytest

from derivations import check
from derivations.diagnosis import CATALOGUE
from derivations.diagnosis.catalogue import Example, Misconception
from derivations.setting import network_from
from derivations.verdicts import Verdict


def checked(claim: str, example: Example) -> Verdict:
    if example.given:
        (verdict,) = check(claim, given=example.given)
        return verdict
    options = dict(word.split("=") for word in example.use.split())
    (verdict,) = check(claim, network_from(options, (0, 0)))  # type: ignore[arg-type]
    return verdict


CATCHES = [(row, example) for row in CATALOGUE for example in row.catches]
SPARES = [(row, example) for row in CATALOGUE for example in row.spares]


def named(pair: tuple[Misconception, Example]) -> str:
    return f"{pair[0].code}: {pair[1].claim}"


@pytest.mark.parametrize("pair", CATCHES, ids=named)
def test_a_row_catches_its_slip(pair: tuple[Misconception, Example]) -> None:
    row, example = pair
    verdict = checked(example.claim, example)
    assert verdict.verdict in ("refuted", "ill-shaped")
    found = {item.code: item for item in verdict.diagnosis}
    assert row.code in found
    fix = found[row.code].fix
    assert fix is not None
    assert checked(fix, example).verdict == "proved"


@pytest.mark.parametrize("pair", SPARES, ids=named)
def test_a_row_spares_what_is_right(pair: tuple[Misconception, Example]) -> None:
    verdict = checked(pair[1].claim, pair[1])
    assert verdict.verdict == "proved"
    assert verdict.diagnosis == ()


def test_every_row_has_a_name_a_reason_and_examples() -> None:
    for row in CATALOGUE:
        assert row.title
        assert row.why.endswith((".", "?"))
        alike = [other for other in CATALOGUE if other.code == row.code]
        assert any(other.catches for other in alike)
        assert any(other.spares for other in alike)
