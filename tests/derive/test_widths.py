"""80 columns suffice: no line of a derivation or of its entries is wider, in either notation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from derivations.equations.catalogue import FOUR
from derivations.equations.explicit import explicit
from derivations.rendering.derivation_matrices import explicit_lines
from derivations.rendering.derivation_text import derivation_lines
from derivations.rendering.text import Line, columns
from derivations.writing import Notation
from tests.derive.cases import CASES, Case, derivation, label
from tests.derive.test_own_models import SOME, derived

NOTATIONS: tuple[Notation, ...] = ("superscript", "bracket")


def wider(lines: Iterable[Line], width: int) -> Iterator[str]:
    texts = ("".join(text for text, _ in line).rstrip() for line in lines)
    return (text for text in texts if columns(text) > width)


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("case", CASES, ids=label)
def test_derivations(case: Case, notation: Notation) -> None:
    assert not list(wider(derivation_lines(derivation(case), 80, notation=notation), 80))


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("case", [c for c in CASES if c[0] in FOUR and not c[1].batch], ids=label)
def test_entries(case: Case, width: int) -> None:
    for widths in ((2, 3, 1), (5, 5, 3, 1)):
        found = list(explicit(derivation(case), widths))
        for notation in NOTATIONS:
            assert not list(wider(explicit_lines(found, width, notation), width))


@pytest.mark.parametrize(("name", "asked"), SOME)
def test_gradients(name: str, asked: str) -> None:
    for form in (None, "index"):
        found = derived(name, asked, form=form)  # type: ignore[arg-type]
        assert not list(wider(derivation_lines(found, 80), 80))
