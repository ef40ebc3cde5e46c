"""Networks, their door, their forward pass and where their parameters begin."""

from __future__ import annotations

import numpy as np
import pytest

from numeric.errors import MisuseError
from numeric.initialisation import WEIGHT_SCALE, initialise
from numeric.network import Network, forward, objective, parameters, samples

NETWORK = Network((3, 4, 2))


def test_the_numbers_of_source_E() -> None:
    """n1 = max(3·1 + 4·(−1) + 9, 0) = 8, n2 = max(3·2 + 4·0 − 3, 0) = 3; y = (46, 0)."""
    network = Network((2, 2, 2), "relu", "relu")
    at = parameters(network, [[[1, -1], [2, 0]], [[4, 5], [-2, 1]]], [[[9], [-3]], [[-1], [0]]])
    done = forward(network, at, np.array([[3.0], [4.0]]))
    assert done.a[1].ravel().tolist() == [8, 3]
    assert done.a[2].ravel().tolist() == [46, 0]


@pytest.mark.parametrize(
    ("x", "y", "sentence", "hint"),
    [
        (np.ones(3), np.ones((2, 1)), "x has the shape (3,), which is neither a column nor a row; 3 × 1 was expected.",
         "Write x.reshape(3, 1), or sum with keepdims=True, so that the shape is 3 × 1."),
        (np.ones((3, 5)), np.ones((2, 4)), "y has the shape 2 × 4; 2 × 5 was expected.", "One sample is one column"),
        (np.ones((5, 3)), np.ones((2, 5)), "x has the shape 5 × 3; 3 × 5 was expected.", "It looks transposed"),
        (np.array([["a"] * 5] * 3), np.ones((2, 5)), "x holds str32; real numbers were expected.", "float64"),
        (np.ones((3, 5), dtype=complex), np.ones((2, 5)), "x holds complex128; real numbers", "float64"),
    ],
)  # fmt: skip
def test_the_door(x, y, sentence: str, hint: str) -> None:
    with pytest.raises(MisuseError) as caught:
        samples(NETWORK, x, y)
    assert str(caught.value).startswith(sentence)
    assert hint in caught.value.hint


def test_a_flat_bias_is_named() -> None:
    with pytest.raises(MisuseError, match=r"b\^1 has the shape \(4,\)"):
        parameters(NETWORK, [np.ones((4, 3)), np.ones((2, 4))], [np.ones(4), np.ones((2, 1))])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"widths": (3,)}, "The layers 3 do not make a network."),
        ({"widths": (3, 0, 2)}, "The layers 3,0,2 do not make a network."),
        ({"widths": (3, 4, 2), "hidden": "softmax"}, "softmax stands in layer 1, which is not the last."),
        ({"widths": (3, 4, 2), "cost": "bce", "output": "tanh"}, "The loss bce is about a sigmoid output; this"),
        ({"widths": (3, 4, 2), "hidden": ("tanh", "relu")}, "2 activations were given for 1 hidden layer."),
        ({"widths": (3, 2), "dtype": np.int32}, "There is no precision called 'int32'."),
    ],
)
def test_what_is_no_network(arguments, sentence: str) -> None:
    with pytest.raises(MisuseError) as caught:
        Network(**arguments)
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("name", WEIGHT_SCALE)
def test_the_scale_of_each_initialisation(name: str) -> None:
    """20,000 weights: their standard deviation is known to about 0.5 %."""
    network = Network((200, 100))
    at = initialise(network, name, np.random.default_rng(3))
    assert at.weights[0].std() == pytest.approx(WEIGHT_SCALE[name](200, 100), rel=0.02)
    assert at.biases[0].any() == (name == "normal")


def test_a_seed_fixes_the_parameters_in_both_precisions() -> None:
    double = initialise(Network((5, 4)), "he", np.random.default_rng(7))
    single = initialise(Network((5, 4), dtype=np.float32), "he", np.random.default_rng(7))
    assert single.weights[0].dtype == np.float32
    assert np.array_equal(double.weights[0].astype(np.float32), single.weights[0])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_goes_all_the_way_through(dtype: type) -> None:
    network = Network((3, 4, 2), "tanh", "softmax", "softmax-ce", dtype=dtype)
    at = initialise(network, "xavier", np.random.default_rng(0))
    x, y = samples(network, np.ones((3, 2)), np.eye(2))
    assert {array.dtype for array in (*forward(network, at, x).a, *forward(network, at, x).z)} == {np.dtype(dtype)}
    assert objective(network, at, x, y) > 0
