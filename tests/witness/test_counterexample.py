"""Counterexamples are small, named as the claim is, and true when they are redone by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from derivations.formula import Definition
from derivations.witness import Counterexample, counterexample
from derivations.witness.counterexamples import polynomial_words
from derivations.work import Purse

from .claims import FALSE, MSE, NET, SQUARE, Case, J, W, a, b, d, x, δ
from .spelling import E, context, f, network, q, sheet


def found(case: Case, seed: int = 0) -> Counterexample:
    _, setting, left, right = case
    right = E.of(right)
    result = counterexample(left.node, right.node, context(setting, left, right), seed=seed)
    assert result is not None
    return result


def case_named(name: str) -> Case:
    return next(case for case in FALSE if case[0] == name)


@pytest.mark.parametrize("case", FALSE, ids=lambda case: case[0])
def test_what_does_not_hold_has_a_counterexample(case: Case) -> None:
    result = found(case)
    row, column = result.entry
    assert result.left[row - 1][column - 1] != result.right[row - 1][column - 1]
    assert result.size[0] <= 25
    kind = Fraction if result.exact else Decimal
    assert all(
        isinstance(v, kind) for rows in (result.left, result.right, *result.values.values()) for r in rows for v in r
    )


def test_a_missing_derivative_redone_by_hand() -> None:
    """σ = t² and J = a: δ² = σ′(z²) with z² = W σ(z¹) + b, δ¹ = W δ² σ′(z¹); without σ′ it is W δ²."""
    result = found(case_named("BP2 without σ′"))
    assert dict(result.functions) == {"σ": "t²"}
    assert result.losses == (("J", "a^{l+1}"),)
    assert result.layers == (("l", 1), ("L", 2))
    assert dict(result.widths) == {"n_l": 1, "n_{l+1}": 1}
    (((w,),), ((z,),), ((bias,),)) = (result.values[name] for name in ("W^{l+1}", "z^l", "b^{l+1}"))
    error = 2 * (w * z**2 + bias)
    assert result.values["δ^{l+1}"] == ((error,),)
    assert result.left == ((w * error * 2 * z,),)
    assert result.right == ((w * error,),)
    assert result.left != result.right


def test_the_layers_below_have_no_part_in_it() -> None:
    """z^l may be chosen (some b^l gives it), so that nothing before it is shown."""
    assert {"W^l", "b^l", "a^{l-1}", "x"}.isdisjoint(found(case_named("BP2 without σ′")).values)
    squares = found(case_named("BP1 of the squares without σ′"))
    assert set(squares.values) == {"a^L", "y", "z^L"}
    ((z,),), ((y,),) = squares.values["z^L"], squares.values["y"]
    assert squares.left == (((z**2 - y) * 2 * z,),)
    assert squares.right == ((z**2 - y,),)


def test_a_bias_that_matters_elsewhere_keeps_its_layer() -> None:
    _, setting, left, right = case_named("BP2 twice σ′")
    again = found(("", setting, left, E.of(right) + q("b", "l") - q("b", "l")))
    assert {"W^l", "b^l"} <= set(again.values)
    ((z,),), ((w,),), ((bias,),) = again.values["z^l"], again.values["W^l"], again.values["b^l"]
    assert z == w * again.values.get("a^{l-1}", again.values.get("x"))[0][0] + bias


def test_the_smallest_widths_that_show_it() -> None:
    assert dict(found(case_named("transpose of a square matrix")).widths) == {"n": 2}
    assert dict(found(case_named("BP4 in brackets without 1/m")).widths) == {"n_l": 1, "n_{l-1}": 1, "m": 2}
    assert found(case_named("tanh′ = sech")).widths == ()


def test_small_whole_numbers() -> None:
    numbers = [
        v
        for case in FALSE
        for result in [found(case)]
        if result.exact
        for rows in result.values.values()
        for row in rows
        for v in row
    ]
    assert sum(v.denominator == 1 and abs(v) <= 4 for v in numbers) > 0.9 * len(numbers)


def test_index_letters_have_values() -> None:
    result = found(case_named("an entry too many"))
    assert result.indices == (("i", 1), ("k", 1))
    assert result.left[0][0] + 1 == result.right[0][0]


def test_entries_by_number_need_their_widths() -> None:
    result = found(("", NET, d(J, W("l")["12"]), δ("l")["1"] @ a("l-1")["1"]))
    assert dict(result.widths) == {"n_l": 1, "n_{l-1}": 2}


def test_unknown_functions_are_varied_until_the_difference_shows() -> None:
    assert found(case_named("all functions are squares")).functions != (("f", "t²"),)
    assert dict(found(case_named("all functions are cubic at most")).functions)["f"].startswith("t")
    assert found(case_named("BP2 with the next activation")).functions in (
        (("g^{[l+1]}", "t²"), ("g^{[l]}", "t³")),
        (("g^{[l]}", "t³"), ("g^{[l+1]}", "t²")),
    )


def test_defined_quantities_of_a_sheet_are_shown() -> None:
    setting = sheet("W m n", "x n", losses="Q")
    setting = setting.extended(Definition("z", (q("W") @ q("x")).node))
    setting = setting.extended(Definition("c", f("Q", q("z")).node))
    result = found(("", setting, d(q("c"), x), q("W").T @ q("z")))
    w, v, z = result.values["W"], result.values["x"], result.values["z"]
    assert z == ((w[0][0] * v[0][0],),)


def test_a_deep_network_is_named_by_its_layers() -> None:
    result = found(("", MSE, d(J, W(1)), 2 @ δ(1) @ x.T))
    assert result.layers == (("L", 2),)
    assert {"W^1", "δ^1", "x", "W^2", "b^1", "b^2", "y"} == set(result.values)


def test_the_input_may_be_called_a_1() -> None:
    result = found(("", NET, d(J, W(2)), δ(2) @ a(1).T @ 3))
    assert "a^1" in result.values


def test_seeds_repeat_themselves() -> None:
    for case in FALSE[:10]:
        assert found(case, 5) == found(case, 5)


def test_a_purse_with_nothing_in_it_finds_nothing() -> None:
    left, right = q("A") @ q("B"), q("B") @ q("A")
    assert counterexample(left.node, right.node, context(SQUARE, left, right), purse=Purse(0)) is None


@pytest.mark.parametrize(
    ("polynomial", "words"),
    [
        ((0, 0, 1), "t²"),
        ((1, 2), "2t + 1"),
        ((0, -1, 0, 0, 0, 1), "t⁵ − t"),
        ((Fraction(1, 2), Fraction(-3, 2)), "−(3/2)t + 1/2"),
        ((0,), "0"),
    ],
)
def test_polynomials_in_words(polynomial: tuple[Fraction | int, ...], words: str) -> None:
    assert polynomial_words(polynomial) == words


def test_the_answer_does_not_depend_on_the_hash_seed() -> None:
    program = (
        "from tests.witness.claims import FALSE, TRUE\n"
        "from tests.witness.spelling import E, context, tried\n"
        "from derivations.witness import counterexample\n"
        "for name, setting, left, right in FALSE[:12] + FALSE[-8:]:\n"
        "    right = E.of(right)\n"
        "    print(name, tried(setting, left, right))\n"
        "    print(counterexample(left.node, right.node, context(setting, left, right)))\n"
    )
    root = Path(__file__).parents[2]
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "99")
    }
    assert len(answers) == 1
    assert "Counterexample" in answers.pop()


def test_own_output_activation_sets_the_last_layer_apart() -> None:
    """With a softmax output, σ is the activation of the hidden layers only."""
    result = found(("", network(output="softmax"), δ("l"), W("l+1").T @ δ("l+1")))
    assert dict(result.layers)["L"] > dict(result.layers)["l"] + 1
    assert b("l").node not in result.values
