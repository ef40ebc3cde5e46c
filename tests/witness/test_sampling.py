"""Samples have the properties that are assumed, and layers are given numbers for which all of them exist."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from derivations.formula import PROPERTIES, Symbol, walk
from derivations.witness.functions import Unsuitable
from derivations.witness.layers import instances
from derivations.witness.numbers import Matrix
from derivations.witness.sampling import matrix_with, obeys
from derivations.witness.stream import Stream

from .claims import NET, J, W, a, d, x, z, δ
from .spelling import E, context, f, network, q

SUMS = frozenset({"sums to 1", "columns sum to 1", "rows sum to 1", "one-hot"})


def draw(stream: Stream) -> Fraction:
    return Fraction(1 + stream.below(9), 1 + stream.below(3)) * (1 - 2 * stream.below(2))


def transposed(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


@given(st.sampled_from(PROPERTIES), st.integers(1, 4), st.integers(1, 4), st.integers())
def test_one_property_at_a_time(item: str, rows: int, columns: int, seed: int) -> None:
    if item in ("symmetric", "invertible", "diagonal"):
        columns = rows
    matrix = matrix_with(frozenset({item}), rows, columns, Stream(seed), draw)
    assert (len(matrix), {len(row) for row in matrix}) == (rows, {columns})
    entries = [v for row in matrix for v in row]
    across, down = {sum(row) for row in matrix}, {sum(column) for column in zip(*matrix, strict=True)}
    holds = {
        "symmetric": matrix == transposed(matrix),
        "invertible": rows != columns or determinant(matrix) != 0,
        "diagonal": all(v == 0 for i, row in enumerate(matrix) for j, v in enumerate(row) if i != j),
        "positive": min(entries) > 0,
        "binary": set(entries) <= {0, 1},
        "sums to 1": sum(entries) == 1,
        "rows sum to 1": across == {1},
        "columns sum to 1": down == {1},
        "one-hot": sorted(entries)[-1] == 1
        and set(entries) <= {0, 1}
        and (sum(entries) == 1 if rows == 1 else down == {1}),
    }
    assert holds[item]
    assert obeys(matrix, frozenset({item}))


def determinant(matrix: Matrix) -> Fraction:
    if len(matrix) == 1:
        return Fraction(matrix[0][0])
    first, *rest = matrix
    minors = ([[*row[:j], *row[j + 1 :]] for row in rest] for j in range(len(first)))
    return sum(((-1) ** j * first[j] * determinant(minor) for j, minor in enumerate(minors)), Fraction(0))


@given(
    st.sets(st.sampled_from(["positive", "symmetric", "invertible", "columns sum to 1", "rows sum to 1"]), min_size=2),
    st.integers(1, 3),
    st.integers(),
)
def test_several_properties(properties: set[str], n: int, seed: int) -> None:
    try:
        matrix = matrix_with(frozenset(properties), n, n, Stream(seed), draw)
    except Unsuitable:
        assert "symmetric" in properties  # normalising rows or columns spoils the symmetry; only both together keep it
        assert properties & SUMS
        return
    assert all(obeys(matrix, frozenset({item})) for item in properties)


@pytest.mark.parametrize(
    ("matrix", "lacks"),
    [
        ([[1, 2], [3, 4]], {"symmetric", "diagonal", "binary"} | SUMS),
        ([[1, 2], [2, 4]], {"invertible", "diagonal", "binary"} | SUMS),
        ([[1, 0], [1, 0]], {"symmetric", "invertible", "diagonal", "positive"} | SUMS - {"rows sum to 1"}),
        ([[1, 1], [0, 0]], {"symmetric", "invertible", "diagonal", "positive", "sums to 1", "rows sum to 1"}),
    ],
)  # fmt: skip
def test_what_a_matrix_lacks_is_noticed(matrix: Matrix, lacks: set[str]) -> None:
    assert {item for item in PROPERTIES if not obeys(matrix, frozenset({item}))} == lacks


def test_impossible_properties_have_no_sample() -> None:
    with pytest.raises(Unsuitable):
        matrix_with(frozenset({"rows sum to 1", "columns sum to 1"}), 2, 3, Stream(1), draw)


# ---- layers ----


def layers_of(setting: object, left: E, right: E) -> list[dict[str, int]]:
    return [dict(i.layers) for i in instances(left.node, right.node, context(setting, left, right))]  # type: ignore[arg-type]


def test_the_loss_of_the_top_layer_and_of_a_layer_above() -> None:
    assert layers_of(NET, δ("l"), W("l+1").T @ δ("l+1")) == [{"l": 1, "L": 2}, {"l": 2, "L": 4}]


def test_the_layer_below_exists() -> None:
    assert layers_of(NET, d(J, W("l")), δ("l") @ a("l-1").T)[0]["l"] == 1
    assert layers_of(NET, d(J, z("l-1")), δ("l-1"))[0]["l"] == 2


def test_a_last_layer_that_is_named_is_above() -> None:
    assert all(c["L"] > c["l"] + 1 for c in layers_of(NET, δ("l"), W("l+1").T @ δ("L")))
    assert all(c["L"] - 1 > c["l"] for c in layers_of(NET, δ("l"), W("l").T @ δ("L-1")))


def test_letters_are_above_numbers() -> None:
    assert all(c["l"] > 3 for c in layers_of(NET, δ("l"), δ(3)))


def test_an_output_of_its_own_is_no_layer_l() -> None:
    for setting in (network(loss="softmax-ce"), network(output="tanh"), network(loss="bce")):
        assert all(c["L"] > c["l"] for c in layers_of(setting, a("l"), f("σ", z("l"))))


def test_a_fixed_depth_is_kept() -> None:
    assert layers_of(network(depth=3), δ("l"), W("l+1").T @ δ("l+1")) == [{"l": 1, "L": 3}, {"l": 2, "L": 3}]
    assert layers_of(network(depth=2, output="tanh"), δ("l"), W("l+1").T @ δ("l+1")) == [{"l": 1, "L": 2}]
    assert layers_of(network(depth=2), δ("l"), W("l+2").T @ δ("l+2")) == []


def test_the_input_may_be_layer_1() -> None:
    assert all(c["l"] >= 2 for c in layers_of(NET, d(J, W("l")) + 0, q("δ", "l") @ (x.T + a(1).T)))


def test_no_letter_is_left() -> None:
    left, right = d(J, W("l")["jk"]), δ("l")["j"] @ f("g", z("l-1"), 0, "l-1")["k"]
    for instance in instances(left.node, right.node, context(NET, left, right)):
        for node in [*walk(instance.left), *walk(instance.right)]:
            assert not isinstance(node, Symbol) or node.layer is None or node.layer.base in ("", "L")
