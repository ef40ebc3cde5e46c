"""Sums of fractions over different sums: equal where the numerators over all of them are."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derivations import check

SHEET = "c : scalar; s : scalar; x : n; y : n"
parts = st.sampled_from(["c", "s", "1", "2", "c^2", "exp(c)", "c s", "tanh(s)", "x^T y", "‖x‖²"])
sums = st.lists(parts, min_size=2, max_size=3, unique=True).map(" + ".join)


def verdict(claim: str) -> str:
    return check(claim, given=SHEET)[0].verdict


@settings(max_examples=40, deadline=None)
@given(parts, parts, sums, sums)
@example("1", "1", "1 + c", "1 + c^2")
@example("exp(c)", "2", "1 + exp(c)", "c + exp(c)")
def test_fractions_are_added(a: str, b: str, p: str, q: str) -> None:
    together = f"({a} ({q}) + {b} ({p}))/(({p}) ({q}))"
    assert verdict(f"{a}/({p}) + {b}/({q}) = {together}") == "proved"
    assert verdict(f"{a}/({p}) + {b}/({q}) = {together} + 1/({q})") != "proved"


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("tanh(2 c) = 2 tanh(c)/(1 + tanh(c)^2)", "proved"),
        ("tanh(2 c) = 2 tanh(c)/(1 - tanh(c)^2)", "refuted"),
        ("tanh(c + s) = (tanh(c) + tanh(s))/(1 + tanh(c) tanh(s))", "proved"),
        ("sigmoid(2 c) = sigmoid(c)^2/(sigmoid(c)^2 + sigmoid(-c)^2)", "proved"),
        ("sigmoid(c + s) = sigmoid(c) sigmoid(s)/(sigmoid(c) sigmoid(s) + sigmoid(-c) sigmoid(-s))", "proved"),
        ("1/(c - s) + 1/(c + s) = 2 c/(c^2 - s^2)", "proved"),
        ("1/(c - s) + 1/(c + s) = 2 s/(c^2 - s^2)", "refuted"),
        ("x_j/(1 + x_j) + y_j/(1 + y_j) = (x_j + y_j + 2 x_j y_j)/((1 + x_j) (1 + y_j))", "proved"),
    ],
)
def test_identities_that_need_a_common_denominator(claim: str, expected: str) -> None:
    assert verdict(claim) == expected
