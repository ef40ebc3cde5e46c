"""MathML of numbers: factors do not run into each other, and signs stand in brackets."""

from __future__ import annotations

import re

import pytest

from derivations import read
from derivations.formula import Claim
from derivations.rendering.mathml import content


def seen(formula: str) -> str:
    """What a reader sees of it, without the layout."""
    read_as = read(formula)
    assert not isinstance(read_as, Claim)
    return re.sub(r"<[^>]*>|&#x2062;", "", content(read_as))


@pytest.mark.parametrize(
    ("formula", "shown"),
    [
        ("1·3 + (-1)·4 + 9", "1·3+(−1)·4+9"),
        ("2·3 + 0·4 + (-3)", "2·3+0·4+(−3)"),
        ("2·(-3)", "2(−3)"),
        ("a^l - (-3)", "al−(−3)"),
        ("2 W^l", "2Wl"),
        ("3 · 2 W^l", "3·2Wl"),
        ("2^3 4^2", "23·42"),
        ("-a^l", "−al"),
    ],
)
def test_products_and_signs_of_numbers(formula: str, shown: str) -> None:
    assert seen(formula) == shown
