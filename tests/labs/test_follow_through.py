"""One wrong function does not make those that call it wrong, and a seed draws the same numbers again."""

from __future__ import annotations

import pytest

from chapters.labs.judgement import JudgedPart
from chapters.labs.judging import judge
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written
from numeric.student import run_calls
from tests.labs.worksheets import text_of


def judged(name: str, seed: int | None = None, **answers: str) -> dict[str, JudgedPart]:
    drawn = variant(load(name))
    answers = {part.replace("_", "-"): answer for part, answer in answers.items()}
    text = written(drawn, references(drawn) | answers)
    return {part.name: part for part in judge(load(name), drawn, text, run=run_calls, seed=seed).parts}


NO_SLOPE = "def hidden_error(W_next, delta_next, z):\n    return W_next.T @ delta_next\n"


@pytest.mark.parametrize(
    "wrong",
    [
        NO_SLOPE,
        "def hidden_error(W_next, delta_next, z):\n    raise NotImplementedError('later')\n",
        "def hidden_error(W_next, delta_next, z):\n    return np.zeros((2, 2, 2))\n",
    ],
)
def test_who_calls_a_wrong_function_gets_the_points_and_is_told(wrong: str) -> None:
    parts = judged("backprop-numpy", hidden_error=wrong)
    assert parts["hidden-error"].earned == 0
    assert parts["backprop"].passed
    said = " ".join(text_of(parts["backprop"]).split())
    assert "calls hidden_error" in said
    assert "right one in its place" in said
    assert not any("hidden_error" in line for line in text_of(parts["hidden-error"]).splitlines()[1:])


def test_what_is_wrong_in_the_caller_itself_stays_wrong_and_is_told_as_its_own() -> None:
    right = references(variant(load("backprop-numpy")))["backprop"]
    parts = judged("backprop-numpy", hidden_error=NO_SLOPE, backprop=right.replace(", keepdims=True", ""))
    assert parts["backprop"].earned == 2
    assert "bias-flat" in parts["backprop"].codes
    assert "missing-slope" not in parts["backprop"].codes


def test_a_helper_in_between_is_followed() -> None:
    right = references(variant(load("backprop-numpy")))["backprop"]
    helper = "def back(*all):\n    return hidden_error(*all)\n\n\n"
    parts = judged("backprop-numpy", hidden_error=NO_SLOPE, backprop=helper + right.replace("hidden_error(", "back("))
    assert parts["backprop"].passed


def test_who_does_not_call_it_is_judged_as_it_is() -> None:
    by_itself = "def hidden_error(W_next, delta_next, z):\n    return slope(z)\n"
    parts = judged("bp2-numpy", output_error="def output_error(a, y, z):\n    return a\n", hidden_error=by_itself)
    assert not parts["hidden-error"].passed
    assert "in its place" not in text_of(parts["hidden-error"])


def test_two_functions_cannot_each_be_right_by_the_reference_of_the_other() -> None:
    parts = judged(
        "bp2-numpy",
        slope="def slope(z):\n    return hidden_error(np.eye(len(z)), np.ones_like(z), z)\n",
    )
    assert not parts["slope"].passed
    assert parts["hidden-error"].passed


def test_a_function_that_makes_up_for_a_wrong_one_keeps_its_points() -> None:
    """What passes is not judged again."""
    parts = judged(
        "bp2-numpy",
        slope="def slope(z):\n    return 2 * (1 - act(z) ** 2)\n",
        output_error="def output_error(a, y, z):\n    return (a - y) * slope(z) / 2\n",
    )
    assert not parts["slope"].passed
    assert parts["output-error"].passed
    assert parts["hidden-error"].passed


def test_the_same_seed_draws_the_same_numbers_and_is_told() -> None:
    off = "def hidden_error(W_next, delta_next, z):\n    return (W_next.T @ delta_next) * sigmoid_prime(z) + 1\n"
    first, again, other = (
        text_of(judged("backprop-numpy", seed, hidden_error=off)["hidden-error"]) for seed in (7, 7, 8)
    )
    assert first == again != other
    assert "(seed 7)" in " ".join(first.split())
