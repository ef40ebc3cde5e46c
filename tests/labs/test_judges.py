"""The judges: each is held to its own right answers and slips, and says what is wrong with an array."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chapters.labs.judges import JUDGES
from chapters.labs.judges.cases import Case, Expected
from chapters.labs.judges.comparing import numbers, reason_against

ASKED: list[tuple[str, dict[str, Any]]] = [
    *(("function", {"of": name, "stable": True}) for name in ("sigmoid", "tanh", "relu", "softplus", "softmax")),
    *(("function", {"of": name, "derivative": True}) for name in ("sigmoid", "tanh", "elu")),
    ("layer", {}),
    ("layer", {"activation": "relu", "returns": "za", "batch": False}),
    ("forward", {}),
    ("forward", {"hidden": "tanh", "output": "softmax"}),
    ("forward", {"returns": "output", "batch": False}),
    *(("loss", {"loss": name}) for name in ("mse", "bce", "softmax-ce")),
    *(
        ("delta-output", {"loss": name, "mean": mean})
        for name in ("mse", "bce", "softmax-ce")
        for mean in (False, True)
    ),
    *(("delta-hidden", {"activation": name}) for name in ("sigmoid", "tanh", "relu")),
    *(("gradients", {"mean": mean, "batch": batch}) for mean in (False, True) for batch in (False, True)),
    ("backprop", {}),
    ("backprop", {"loss": "softmax-ce", "hidden": "relu", "deltas": True}),
    ("backprop", {"loss": "bce", "hidden": "tanh", "batch": False}),
    *(("update", {"method": name}) for name in ("sgd", "momentum", "adam", "l2")),
    ("update", {"method": "momentum", "form": "velocity"}),
    *(("initialise", {"how": name}) for name in ("he", "xavier", "small", "normal")),
    ("dropout", {}),
    ("clip", {}),
    ("batchnorm", {}),
]
IDS = [f"{name} {' '.join(map(str, options.values()))}".strip() for name, options in ASKED]


def cases(name: str, options: dict[str, Any], seed: int = 3) -> list[Case]:
    return list(JUDGES[name].cases(options, np.random.default_rng(seed)))


@pytest.mark.parametrize(("name", "options"), ASKED, ids=IDS)
def test_the_right_arrays_are_right_and_each_slip_is_known(name: str, options: dict[str, Any]) -> None:
    assert set(options) <= set(JUDGES[name].options)
    found = cases(name, options)
    assert len(found) > 1
    for case in found:
        for one in case.expected:
            if one.check is not None:
                continue
            assert reason_against(one.right, one, case) is None
            assert reason_against(one.right.astype(np.float32), one, case) is None
            for slip in one.slips:
                reason = reason_against(slip.value, one, case)
                assert reason is not None, (one.name, slip.code)
                known = {other.code for other in one.slips if np.shape(other.value) == np.shape(slip.value)}
                assert reason[0] in known, (one.name, slip.code, reason)


@pytest.mark.parametrize(("name", "options"), ASKED, ids=IDS)
def test_two_checks_ask_different_things(name: str, options: dict[str, Any]) -> None:
    first, second = cases(name, options, 1), cases(name, options, 2)
    drawn = [
        (a, b)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(one.arguments, other.arguments, strict=True)
    ]
    assert any(
        not np.array_equal(np.asarray(a), np.asarray(b)) for a, b in drawn if isinstance(a, np.ndarray | int | float)
    )


def test_the_options_of_judges_are_held_to_what_there_is() -> None:
    for name in ("function", "forward", "loss", "delta-output", "delta-hidden", "backprop", "update", "initialise"):
        option = JUDGES[name].options[0]
        with pytest.raises(ValueError, match="nonsense"):
            cases(name, {option: "nonsense"})


def expected(right: Any) -> tuple[Expected, Case]:
    one = Expected("dW", "dW", (), np.asarray(right, dtype=np.float64))
    return one, Case((), (one,), "numbers", samples=5)


RIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 7.0]])
COLUMN = np.array([[1.0], [2.0], [4.0]])


@pytest.mark.parametrize(
    ("seen", "right", "code", "said"),
    [
        (RIGHT.T, RIGHT, "transposed", "right, but transposed"),
        (np.ones((3, 2)), RIGHT, "transposed", "rows and columns are exchanged"),
        (COLUMN.ravel(), COLUMN, "flat", "(3,)"),
        (np.ones((3, 5)), COLUMN, "not-summed", "one column for each sample"),
        (np.ones((2, 2)), RIGHT, "wrong-shape", "(2, 2)"),
        (np.ones(2), RIGHT, "one-sample", "an axis was lost"),
        (5 * RIGHT, RIGHT, "factor-m", "5 times too large"),
        (RIGHT / 5, RIGHT, "factor-1/m", "5 times too small"),
        (-RIGHT, RIGHT, "sign", "sign"),
        (3 * RIGHT, RIGHT, "factor", "3 times"),
        (0 * RIGHT, RIGHT, "zeros", "0"),
        (np.where(RIGHT == 7, np.nan, RIGHT), RIGHT, "not-finite", "NaN"),
        (np.where(RIGHT == 7, np.inf, RIGHT), RIGHT, "not-finite", "infinite"),
        (np.where(RIGHT == 7, 8, RIGHT), RIGHT, "wrong-value", "[1, 2]: 8, where 7 is right"),
        (RIGHT * (1 + 1e-5), RIGHT, "factor", "1"),
        (RIGHT * (1 + 1e-12), RIGHT, None, ""),
        (np.float64(2.0), np.float64(2.0), None, ""),
    ],
)
def test_what_is_said_of_an_array(seen: Any, right: Any, code: str | None, said: str) -> None:
    reason = reason_against(np.asarray(seen), *expected(right))
    assert (reason[0] if reason else None) == code
    assert said in (reason[1] if reason else "")


@pytest.mark.parametrize(
    ("scale", "code"),
    [
        (1.0, None),
        (np.sqrt(2 / 300), "variance-for-deviation"),
        (1 / np.sqrt(2 / 300), "not-scaled"),
        (2.0, "wrong-scale"),
    ],
)
def test_weights_are_judged_by_their_spread(scale: float, code: str | None) -> None:
    for seed in range(20):
        case = cases("initialise", {"how": "he"}, seed)[0]
        one = next(one for one in case.expected if one.name == "W")
        W = scale * np.sqrt(2 / 300) * np.random.default_rng(seed).standard_normal((200, 300))
        reason = reason_against(W, one, case)
        assert (reason[0] if reason else None) == code


def test_weights_that_are_equal_or_not_centred_are_told() -> None:
    case = cases("initialise", {"how": "he"})[0]
    one = next(one for one in case.expected if one.name == "W")
    random = np.random.default_rng(0)
    row = np.sqrt(2 / 300) * random.standard_normal((1, 300))
    for W, code in (
        (np.zeros((200, 300)), "zeros"),
        (np.repeat(row, 200, axis=0), "symmetric"),
        (np.sqrt(2 / 300) * random.random((200, 300)), "not-centred"),
        (np.ones((300, 200)), "transposed"),
    ):
        reason = reason_against(W, one, case)
        assert reason is not None
        assert reason[0] == code


def test_what_is_no_array_of_numbers_is_none() -> None:
    assert numbers("passed") is None
    assert numbers([[1, 2], [3]]) is None
    assert numbers({"a": 1}) is None
    assert numbers(np.array(["a"])) is None
    assert numbers([[1, 2], [3, 4]]) is not None
    assert numbers(3) is not None
