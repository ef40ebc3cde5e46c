"""Functions of z, one layer, and the forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from chapters.labs.judges import words
from chapters.labs.judges.cases import Array, Case, Expected, Judge, Reason, Slip, normal, option, same
from chapters.labs.judges.drawing import Size, lively, network_sizes, sizes, spread
from numeric.activations import ACTIVATIONS, activation
from numeric.losses import LOSSES, output_value, softmax
from numeric.network import Network, forward, parameters

ELEMENTWISE: Final = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "identity")
BOUNDED: Final = ("sigmoid", "tanh")
"""Activations that take large weights without losing their numbers; far out their slopes have to be right, too."""


def _functions(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    name = option(options, "of", "sigmoid", (*ELEMENTWISE, "softmax"))
    derivative = bool(options.get("derivative", False))
    cases = []
    for rows, columns in sizes(random, 1):
        z = spread(random, name, rows, columns)
        if name == "softmax":
            right = np.asarray(softmax(z, axis=0))
            slips = [
                Slip("wrong-axis", words.SOFTMAX_AXIS, np.asarray(softmax(z, axis=1))),
                Slip("whole-array", words.SOFTMAX_WHOLE, np.exp(z) / np.exp(z).sum()),
                Slip("not-normalised", words.SOFTMAX_SUM, np.exp(z)),
            ]
        elif derivative:
            row = activation(name)
            right, value = row.derivative(z), np.asarray(row.value(z))
            slips = [
                Slip("value-for-slope", words.VALUE_FOR_SLOPE, value),
                Slip("slope-at-a", words.SLOPE_AT_A, row.derivative(value)),
            ]
        else:
            row = activation(name)
            right = np.asarray(row.value(z))
            slips = [
                Slip("sign-inside", words.SIGN_INSIDE, np.asarray(row.value(-z))),
                Slip("slope-for-value", words.SLOPE_FOR_VALUE, row.derivative(z)),
            ]
        expected = Expected(words.THE_VALUE, "value", (), right, _other(slips, right))
        cases.append(Case((z,), (expected,), words.WITH_SHAPE.format(rows=rows, columns=columns)))
    if name in ("softmax", "sigmoid") and not derivative:
        large = np.array([[800.0], [-800.0], [0.0]])
        right = np.asarray(softmax(large, axis=0) if name == "softmax" else activation(name).value(large))
        if options.get("stable", False):
            expected = Expected(words.LARGE_VALUE, "stable", (), right)
            cases.append(Case((large,), (expected,), words.WITH_LARGE))
    return cases


def _other(slips: list[Slip], right: Array) -> tuple[Slip, ...]:
    """The slips that show in these numbers."""
    return tuple(slip for slip in slips if slip.value.shape != right.shape or not np.allclose(slip.value, right))


def _layer(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    row = activation(option(options, "activation", "sigmoid", tuple(ACTIVATIONS)))
    returns = option(options, "returns", "a", ("a", "za"))
    cases = []
    for n, before, m in sizes(random, 2, options.get("batch", True)):
        W, b, a = normal(random, n, before), normal(random, n, 1), normal(random, before, m)
        z = W @ a + b
        right = np.asarray(row.value(z))
        slips = [
            Slip("no-activation", words.NO_ACTIVATION, z),
            Slip("no-bias", words.NO_BIAS, np.asarray(row.value(W @ a))),
            Slip("sign-of-bias", words.SIGN_OF_BIAS, np.asarray(row.value(W @ a - b))),
        ]
        expected = [Expected("a", "a", () if returns == "a" else (1,), right, _other(slips, right))]
        if returns == "za":
            expected.insert(0, Expected("z", "z", (0,), z, (Slip("no-bias", words.NO_BIAS, W @ a),)))
        told = words.WITH_LAYER.format(before=before, n=n, m=m)
        cases.append(Case((W, b, a), tuple(expected), told, m))
    return cases


def _forward(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    hidden = option(options, "hidden", "sigmoid", ELEMENTWISE)
    output = option(options, "output", hidden, (*ELEMENTWISE, "softmax"))
    returns = option(options, "returns", "all", ("all", "output"))
    batch = bool(options.get("batch", True))
    cases = []
    for size in network_sizes(random, batch, output == "softmax", hidden in BOUNDED):
        depth = len(size.widths) - 1
        network = Network(size.widths, hidden, output, "mse" if output != "softmax" else "softmax-ce")
        weights, biases, x = lively(network, size, random)
        done = forward(network, parameters(network, weights, biases), x)
        told = told_network(size)
        if returns == "output":
            expected = [Expected("a^L", "output", (), done.a[-1], _of_activation(network, depth, done.z[-1]))]
        else:
            expected = []
            for layer in network.layers:
                z, a = done.z[layer - 1], done.a[layer]
                place = words.OUTPUT_LAYER if layer == depth else words.HIDDEN_LAYERS
                no_bias = Slip("no-bias", words.NO_BIAS, weights[layer - 1] @ done.a[layer - 1])
                slips = [no_bias]
                if layer > 1:
                    of_z = weights[layer - 1] @ done.z[layer - 2] + biases[layer - 1]
                    slips.append(Slip("z-for-activation", words.Z_FOR_A, of_z))
                expected.append(Expected(f"z^{layer}", f"z, {place}", (0, layer - 1), z, tuple(slips)))
                slips_of_a = _of_activation(network, layer, z)
                expected.append(Expected(f"a^{layer}", f"a, {place}", (1, layer), a, slips_of_a))
            expected.append(Expected("a^0", f"a, {words.HIDDEN_LAYERS}", (1, 0), x))
        follows = _follows(network, weights, biases, x) if returns == "all" else None
        cases.append(Case((weights, biases, x), tuple(expected), told, size.m, follows))
    return cases


def _of_activation(network: Network, layer: int, z: Array) -> tuple[Slip, ...]:
    """Slips at the activation of a layer: none at all, that of the other layers, a sum along the wrong axis."""
    right = np.asarray(output_value(network.name(layer), z, axis=0))
    slips = [Slip("no-activation", words.NO_ACTIVATION, z)]
    if network.output != network.hidden:
        is_last = layer == network.depth
        other = network.name(1) if is_last else network.name(network.depth)
        code, why = (
            ("hidden-at-output", words.HIDDEN_AT_OUTPUT) if is_last else ("output-at-hidden", words.OUTPUT_AT_HIDDEN)
        )
        slips.append(Slip(code, why.format(name=other), np.asarray(output_value(other, z, axis=0))))
    if is_softmax(network, layer):
        slips.append(Slip("wrong-axis", words.SOFTMAX_AXIS, np.asarray(softmax(z, axis=1))))
    return _other(slips, right)


def is_softmax(network: Network, layer: int) -> bool:
    return network.name(layer) == "softmax"


def _follows(network: Network, weights: list[Array], biases: list[Array], x: Array) -> Any:
    """Each layer held against what the answer itself hands to it: of a mistake the first layer that shows it is told,
    and what is right but for what came before only follows."""

    def explain(seen: Mapping[str, Array]) -> dict[str, Reason]:
        found: dict[str, Reason] = {}
        for layer in network.layers:
            W, b = weights[layer - 1], biases[layer - 1]
            before = x if layer == 1 else seen.get(f"a^{layer - 1}")
            z, a = seen.get(f"z^{layer}"), seen.get(f"a^{layer}")
            if z is not None and _goes_on(before, W):
                known = (
                    (W @ np.asarray(before) + b, ("same-cause", words.FOLLOWS_FROM.format(name=f"a^{layer - 1}"))),
                    (W @ np.asarray(before), ("no-bias", words.NO_BIAS)),
                    (W @ np.asarray(before) - b, ("sign-of-bias", words.SIGN_OF_BIAS)),
                )
                found |= {f"z^{layer}": reason for value, reason in known if same(z, value)}
            if z is not None and a is not None and z.ndim == 2 and np.isfinite(z).all():
                follows = np.asarray(output_value(network.name(layer), z, axis=0))
                slips = [slip for slip in _of_activation(network, layer, z) if same(a, slip.value)]
                if same(a, follows):
                    found[f"a^{layer}"] = "same-cause", words.FOLLOWS_FROM.format(name=f"z^{layer}")
                elif slips:
                    found[f"a^{layer}"] = slips[0].code, slips[0].why
        return found

    return explain


def _goes_on(before: Array | None, W: Array) -> bool:
    """Whether a layer can take this as its input."""
    return before is not None and before.ndim == 2 and before.shape[0] == W.shape[1]


def told_network(size: Size) -> str:
    return words.WITH_NETWORK.format(widths=", ".join(map(str, size.widths)), m=size.m)


def _loss(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    row = LOSSES[option(options, "loss", "mse", tuple(LOSSES))]
    cases = []
    for n, m in sizes(random, 1):
        if row.output == "softmax" and n == 1:
            continue  # one class alone costs nothing
        z = normal(random, n, m)
        if row.name == "softmax-ce":
            a, y = np.asarray(softmax(z, axis=0)), np.eye(n)[:, random.integers(0, n, m)]
        else:
            a, y = np.asarray(activation("sigmoid").value(z)), random.integers(0, 2, (n, m)).astype(np.float64)
        each = np.asarray(row.cost(z, a, y, 0))
        right = np.asarray(each.mean())
        slips = [
            Slip("not-averaged", words.NOT_AVERAGED, np.asarray(each.sum())),
            Slip("mean-over-outputs", words.MEAN_OVER_OUTPUTS, np.asarray(each.mean() / n)),
            Slip("factor-two", words.HALF_MISSING, 2 * right),
            Slip("sign", words.SIGN_LOSS, -right),
        ]
        expected = Expected("J", "value", (), right, _other(slips, right))
        cases.append(Case((a, y), (expected,), words.WITH_OUTPUTS.format(n=n, m=m), m))
    return cases


JUDGES: Final = {
    "function": Judge(
        "f(z): z any n x m array (of: sigmoid, tanh, relu, …, softmax of each column; derivative = true for its slope; "
        "stable = true: entries of 800 too)",
        "an array of z's shape",
        _functions,
        ("of", "derivative", "stable"),
    ),
    "layer": Judge(
        "f(W, b, a): n x k, n x 1, k x m",
        {"a": "the activation a of this layer (n x m)", "za": "(z, a) of this layer, each n x m"},
        _layer,
        ("activation", "returns", "batch"),
        "returns",
    ),
    "forward": Judge(
        'f(weights, biases, x): lists W^1 … W^L and b^1 … b^L, x is n_0 x m; returns = "output" asks for a^L alone',
        {"all": "(z, a), the lists z^1 … z^L and a^0 … a^L", "output": "the output a^L (n_L x m) alone"},
        _forward,
        ("hidden", "output", "returns", "batch"),
        "returns",
    ),
    "loss": Judge("f(a, y): both n x m", "the number J, the mean over the m samples", _loss, ("loss",)),
}
