"""What is said of an array that is wrong by one factor: never “1 times”, which is no factor at all."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from chapters.labs.judges.cases import Case, Expected
from chapters.labs.judges.comparing import reason_against

RIGHT = np.random.default_rng(0).standard_normal((3, 4))


def said(factor: float, m: int) -> str | None:
    reason = reason_against(factor * RIGHT, Expected("dW", "dW", (), RIGHT), Case((), (), "", m))
    return reason[1] if reason is not None else None


@given(factor=st.floats(-40, 40, allow_subnormal=False), m=st.integers(0, 9))
@example(factor=1 + 5e-7, m=1)
@example(factor=1 - 5e-7, m=1)
@example(factor=1.0003, m=5)
@example(factor=-1.0000005, m=1)
@example(factor=-1.0003, m=1)
@example(factor=0.99999, m=0)
def test_no_factor_is_printed_as_1(factor: float, m: int) -> None:
    sentence = said(factor, m)
    assert sentence is None or not re.search(r"(?<![\d.])[-−]?[01](\.0*)? times", sentence), sentence


def test_the_factors_of_a_batch_are_named() -> None:
    assert "5 times too large" in str(said(5.0, 5))
    assert "5 times too small" in str(said(0.2, 5))
    assert "1/m" not in str(said(2.0, 1))
