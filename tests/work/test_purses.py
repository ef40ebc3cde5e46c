"""A purse: what is spent is gone, what a part does not use comes back, and nothing is had for nothing."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.work import UNITS_BETWEEN_LOOKS, Purse, Spent

amounts = st.lists(st.integers(0, 5_000), max_size=30)


@given(st.integers(1, 50_000), amounts)
def test_exactly_what_is_there_can_be_spent(work: int, spent: list[int]) -> None:
    purse, total = Purse(work), 0
    for amount in spent:
        total += amount
        if total >= work:
            with pytest.raises(Spent):
                purse.spend(amount)
            return
        purse.spend(amount)
        assert purse.left == work - total


@given(st.integers(1, 50_000), st.integers(1, 50_000), amounts)
def test_a_part_costs_what_it_used(work: int, most: int, spent: list[int]) -> None:
    purse, used = Purse(work), 0
    try:
        with purse.part(most) as part:
            for amount in spent:
                part.spend(amount)
                used += amount
    except Spent:
        used = min(work, most)
    assert purse.left == work - used


@given(st.integers(1, 50_000), st.integers(0, 50_000), amounts)
def test_what_is_kept_back_is_there_afterwards(work: int, kept: int, spent: list[int]) -> None:
    purse, kept = Purse(work), min(kept, work)
    try:
        with purse.keeping(kept):
            for amount in spent:
                purse.spend(amount)
    except Spent:
        assert purse.left == kept
    assert purse.left >= kept


def test_nothing_is_had_for_nothing() -> None:
    purse = Purse(0)
    with pytest.raises(Spent):
        purse.spend(0)
    with pytest.raises(Spent), purse.part(10):
        pass


def test_the_clock_is_a_wall_and_says_so() -> None:
    purse = Purse(10**9, thread_time())
    with pytest.raises(Spent) as met:
        purse.spend(UNITS_BETWEEN_LOOKS)
    assert met.value.by_clock
    assert "time" in str(met.value)
