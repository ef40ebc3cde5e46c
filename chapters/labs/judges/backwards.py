"""δ, the gradients of one layer, and the whole backward pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from chapters.labs.judges import words
from chapters.labs.judges.cases import Array, Case, Expected, Judge, Reason, Slip, normal, option, same
from chapters.labs.judges.drawing import holds, lively, network_sizes, sizes, spread
from chapters.labs.judges.layers import BOUNDED, ELEMENTWISE, told_network
from numeric.activations import activation
from numeric.checking import gradcheck
from numeric.claimed import Claimed
from numeric.equations import Gradient, backprop
from numeric.losses import LOSSES, output_value
from numeric.network import Network, Parameters, forward, parameters
from numeric.problem import targets, usual_output

TRIES: Final = 40
"""Draws that are tried until no sum cancels."""


def _delta_output(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    loss = option(options, "loss", "mse", tuple(LOSSES))
    name = option(options, "activation", usual_output(loss, "sigmoid"), (*ELEMENTWISE, "softmax"))
    cases = []
    for n, m in sizes(random, 1):
        if name == "softmax" and n == 1:
            continue  # one class alone has no error
        network = Network((2, n), output=name, cost=loss)
        z, y = spread(random, name, n, m), targets(network, m, random)
        a = np.asarray(output_value(name, z, axis=0))
        mean = m if options.get("mean", False) else 1
        row = LOSSES[loss]
        nabla = row.gradient(a, y)
        slope = activation(name).derivative(z) if name in ELEMENTWISE else a * (1 - a)
        right = (row.delta(a, y) if row.delta else nabla * slope) / mean
        slips = [
            Slip("missing-slope-output", words.MISSING_SLOPE_L, nabla / mean),
            Slip("extra-slope-output", words.EXTRA_SLOPE, right * slope),
            Slip("slope-at-a-output", words.SLOPE_AT_A, nabla * activation(name).derivative(a) / mean)
            if name in ELEMENTWISE
            else Slip("sign-output", words.SIGN_DELTA, -right),
            Slip("sign-output", words.SIGN_DELTA, -right),
        ]
        expected = Expected("δ^L", "delta", (), right, _shown(slips, right))
        cases.append(Case((a, y, z), (expected,), words.WITH_OUTPUTS.format(n=n, m=m), m))
    return cases


def _delta_hidden(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    row = activation(option(options, "activation", "sigmoid", ELEMENTWISE))
    cases = []
    for after, n, m in sizes(random, 2):
        z = spread(random, row.name, n, m)
        for _ in range(TRIES):
            W, delta = normal(random, after, n), normal(random, after, m)
            if holds((W.T @ delta, np.abs(W.T) @ np.abs(delta))):
                break
        slope, value = row.derivative(z), np.asarray(row.value(z))
        back = W.T @ delta
        slips = [
            Slip("missing-slope", words.MISSING_SLOPE, back),
            Slip("slope-at-a", words.SLOPE_AT_A, back * row.derivative(value)),
            Slip("value-for-slope", words.VALUE_FOR_SLOPE, back * value),
            Slip("slope-twice", words.SLOPE_TWICE, back * slope * slope),
            Slip("sign-hidden", words.SIGN_DELTA, -back * slope),
        ]
        right = back * slope
        told = words.WITH_TWO_LAYERS.format(n=n, after=after, m=m)
        cases.append(Case((W, delta, z), (Expected("δ^l", "delta", (), right, _shown(slips, right)),), told, m))
    return cases


def _gradients(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    mean = bool(options.get("mean", False))
    cases = []
    for n, before, m in sizes(random, 2, options.get("batch", True)):
        for _ in range(TRIES):
            delta, a = normal(random, n, m), normal(random, before, m)
            size = np.abs(delta)
            if holds((delta @ a.T, size @ np.abs(a.T)), (delta.sum(1), size.sum(1))):
                break
        part = m if mean else 1
        dW, db = delta @ a.T / part, delta.sum(axis=1, keepdims=True) / part
        factor = m if mean else 1 / m
        off, why = ("missing-mean", words.MEAN_HERE) if mean else ("mean-twice", words.MEAN_TWICE)
        of_W = [
            Slip(f"weights-{off}", why, factor * dW),
            Slip("weights-mean-twice", words.MEAN_TWICE, dW / m),
            Slip("weights-last-sample", words.LAST_SAMPLE, delta[:, -1:] @ a[:, -1:].T / part),
            Slip("outer-transposed", words.OUTER_TURNED, dW.T),
            Slip("weights-sign", words.SIGN_GRADIENT, -dW),
        ]
        of_b = [
            Slip("bias-flat", words.BIAS_FLAT, db.reshape(-1)),
            Slip("bias-not-summed", words.BIAS_NOT_SUMMED, delta / part),
            Slip("bias-not-summed", words.BIAS_NOT_SUMMED, delta),
            Slip("bias-wrong-axis", words.BIAS_AXIS, delta.sum(axis=0, keepdims=True) / part),
            Slip("bias-wrong-axis", words.BIAS_AXIS, delta.sum(axis=0) / part),
            Slip("bias-missing-mean" if mean else "bias-mean", why, factor * db),
            Slip("bias-mean", words.MEAN_TWICE, db / m),
            Slip("bias-sign", words.SIGN_GRADIENT, -db),
        ]
        told = words.WITH_LAYER.format(before=before, n=n, m=m)
        expected = Expected("dW", "dW", (0,), dW, _shown(of_W, dW)), Expected("db", "db", (1,), db, _shown(of_b, db))
        cases.append(Case((delta, a), expected, told, m))
    return cases


def _shown(slips: list[Slip], right: Array) -> tuple[Slip, ...]:
    return tuple(slip for slip in slips if slip.value.shape != right.shape or not np.allclose(slip.value, right))


def _backprop(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    loss = option(options, "loss", "mse", tuple(LOSSES))
    hidden = option(options, "hidden", "sigmoid", ELEMENTWISE)
    output = option(options, "output", usual_output(loss, hidden), (*ELEMENTWISE, "softmax"))
    with_delta = bool(options.get("deltas", False))
    cases = []
    for size in network_sizes(random, options.get("batch", True), output == "softmax", hidden in BOUNDED):
        depth, m = len(size.widths) - 1, size.m
        network = Network(size.widths, hidden, output, loss)
        for _ in range(TRIES):
            weights, biases, x = lively(network, size, random)
            at = parameters(network, weights, biases)
            y = targets(network, m, random)
            right = backprop(network, at, x, y)
            if _holds_all(network, at, x, right):
                break
        expected = []
        for layer in reversed(network.layers):
            place = words.OUTPUT_LAYER if layer == depth else words.HIDDEN_LAYERS
            if with_delta:
                expected.append(Expected(f"δ^{layer}", f"δ, {place}", (2, layer - 1), right.delta[layer - 1]))
            db = right.biases[layer - 1]
            flat = Slip("bias-flat", words.BIAS_FLAT, db.reshape(-1))
            expected.append(Expected(f"db^{layer}", f"db, {place}", (1, layer - 1), db, (flat,)))
            expected.append(Expected(f"dW^{layer}", f"dW, {place}", (0, layer - 1), right.weights[layer - 1]))
        explain = _gradient_checker(network, at, x, y, with_delta)
        cases.append(Case((weights, biases, x, y), tuple(expected), told_network(size), m, explain))
    return cases


def _holds_all(network: Network, at: Parameters, x: Array, right: Gradient) -> bool:
    """Whether no sum of a backward pass cancels."""
    size = [np.abs(delta) for delta in right.delta]
    activations = forward(network, at, x).a
    sums = [(dW, size[k] @ np.abs(activations[k]).T) for k, dW in enumerate(right.weights)]
    sums += [(db, size[k].sum(axis=1)) for k, db in enumerate(right.biases)]
    sums += [(W.T @ right.delta[k], np.abs(W.T) @ size[k]) for k, W in enumerate(at.weights) if k]
    return holds(*sums)


def _gradient_checker(network: Network, at: Parameters, x: Array, y: Array, with_delta: bool) -> Any:
    """The gradient checker's opinion of a whole answer: the slip that explains it, equation by equation."""

    def explain(seen: Mapping[str, Array]) -> dict[str, Reason]:
        names = [*(f"dW^{k}" for k in network.layers), *(f"db^{k}" for k in network.layers)]
        if any(name not in seen for name in names):
            return {}
        deltas = tuple(seen[f"δ^{k}"] for k in network.layers if f"δ^{k}" in seen)
        claim = Claimed(
            tuple(seen[f"dW^{k}"] for k in network.layers),
            tuple(seen[f"db^{k}"] for k in network.layers),
            deltas if with_delta and len(deltas) == network.depth else None,
        )
        sums = _without_mean(seen, names, backprop(network, at, x, y), x.shape[1])
        if sums:
            return sums
        found: dict[str, Reason] = {}
        for finding in gradcheck(network, at, x, y, claim).findings:
            name = f"{_NAMES.get(finding.equation, 'δ')}^{finding.layer}"
            if finding.diagnosis:
                best = finding.diagnosis[0]
                where = f" {_sentence(finding.notes[0])}" if finding.notes else ""
                found[name] = best.code, f"{best.title}: {_sentence(best.why, False)}{where}"
            elif not finding.ok and finding.notes:
                found[name] = "same-cause", _sentence(finding.notes[0])
        return found

    return explain


def _without_mean(seen: Mapping[str, Array], names: list[str], right: Gradient, m: int) -> dict[str, Reason]:
    """What to say where all gradients are m times too large, and each δ is right, or each sample's own."""
    wanted = {f"dW^{k}": dW for k, dW in enumerate(right.weights, start=1)}
    wanted |= {f"db^{k}": db for k, db in enumerate(right.biases, start=1)}
    if m == 1 or not all(same(seen[name], m * wanted[name]) for name in names):
        return {}
    for k, delta in enumerate(right.delta, start=1):
        own = seen.get(f"δ^{k}", delta)
        if not same(own, delta) and not same(own, m * delta):
            return {}
    first = f"db^{len(right.biases)}"
    said = words.SAME_MEAN.format(m=m)
    return dict.fromkeys(names, ("same-cause", said)) | {first: ("missing-mean", words.MEAN_IN_SUMS.format(m=m))}


def _sentence(text: str, begins: bool = True) -> str:
    """A remark of the gradient checker as a sentence."""
    text = text if text.endswith((".", ".)")) else f"{text}."
    return text[:1].upper() + text[1:] if begins else text


_NAMES: Final = {"BP3": "db", "BP4": "dW"}

JUDGES: Final = {
    "delta-output": Judge(
        "f(a, y, z): all n_L x m",
        {"False": "δ^L (n_L x m), each sample's own", "True": "δ^L (n_L x m), with the 1/m of the mean"},
        _delta_output,
        ("loss", "activation", "mean"),
        "mean",
    ),
    "delta-hidden": Judge(
        "f(W_next, delta_next, z): n_{l+1} x n_l, n_{l+1} x m, n_l x m",
        "δ^l (n_l x m)",
        _delta_hidden,
        ("activation",),
    ),
    "gradients": Judge(
        "f(delta, a_before): n_l x m, n_{l-1} x m; J's mean is taken here if mean = true",
        "(dW, db), of the shapes n_l x n_{l-1} and n_l x 1",
        _gradients,
        ("mean", "batch"),
    ),
    "backprop": Judge(
        "f(weights, biases, x, y): lists W^1 … W^L, b^1 … b^L; n_0 x m, n_L x m; deltas = true asks for δ^1 … δ^L too",
        {
            "False": "(dW, db), lists of the gradients of J for the layers 1 … L",
            "True": "(dW, db, delta), lists for the layers 1 … L",
        },
        _backprop,
        ("loss", "hidden", "output", "batch", "deltas"),
        "deltas",
    ),
}
