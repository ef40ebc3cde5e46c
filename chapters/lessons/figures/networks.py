"""The figures that are networks."""

from __future__ import annotations

import numpy as np

from chapters.lessons.figures.diagrams import Arrow, Diagram, Neuron, Note
from numeric import Network, forward, parameters


def network() -> Diagram:
    """2 inputs, 3 hidden neurons, 1 output; every arrow carries its weight, named to-from."""
    inputs = [Neuron(f"x{k}", 0.0, 3.3 - 1.4 * k, f"$x_{k}$", colour=5) for k in (1, 2)]
    hidden = [Neuron(f"h{j}", 2.6, 2.4 - 1.2 * (j - 1), f"$a^1_{j}$", colour=0) for j in (1, 2, 3)]
    output = Neuron("o", 5.2, 1.2, "$a^2_1$", colour=1)
    at = {(1, 1): 0.45, (2, 1): 0.3, (3, 1): 0.16, (1, 2): 0.16, (2, 2): 0.3, (3, 2): 0.45}
    arrows = [Arrow(f"x{k}", f"h{j}", f"$w^1_{{{j}{k}}}$", at[j, k], 0) for j in (1, 2, 3) for k in (1, 2)]
    arrows += [Arrow(f"h{j}", "o", f"$w^2_{{1{j}}}$", 0.4, 1) for j in (1, 2, 3)]
    notes = (Note(0.0, 3.1, "input"), Note(2.6, 3.1, "layer 1", 0), Note(5.2, 3.1, "layer 2", 1))
    told = (
        "Two inputs, $x_1$ and $x_2$; three neurons in layer 1; one neuron in layer 2.",
        *(f"$w^1_{{{j}{k}}}$ leads from input {k} to neuron {j} of layer 1." for j in (1, 2, 3) for k in (1, 2)),
        *(f"$w^2_{{1{j}}}$ leads from neuron {j} of layer 1 to neuron 1 of layer 2." for j in (1, 2, 3)),
    )
    alt = "A network with 2 inputs, 3 hidden neurons and 1 output; each arrow carries its weight."
    return Diagram(alt, (*inputs, *hidden, output), tuple(arrows), notes, told, (6.6, 3.6), 15)


RELU_WEIGHTS = (((1, -1), (2, 0)), ((4, 3), (-2, 1)))
RELU_BIASES = ((9, -3), (5, 0))
RELU_INPUT = (3, 4)


def relu_network() -> Diagram:
    """The worked example: from 3 and 4 to 8 and 3, and to 46 and 0."""
    net = Network((2, 2, 2), "relu", "relu")
    at = parameters(net, RELU_WEIGHTS, [[[b] for b in row] for row in RELU_BIASES])
    done = forward(net, at, np.array([[float(v)] for v in RELU_INPUT]))
    values = [[int(v) for v in a[:, 0]] for a in done.a]
    neurons = [
        Neuron(
            f"{layer}{j}", 2.7 * layer, 1.9 - 1.7 * j, str(value),
            f"bias {_signed(RELU_BIASES[layer - 1][j])}" if layer else f"$x_{j + 1}$", (5, 0, 1)[layer],
        )
        for layer, row in enumerate(values)
        for j, value in enumerate(row)
    ]  # fmt: skip
    arrows = [
        Arrow(f"{layer}{k}", f"{layer + 1}{j}", _signed(weights[j][k]), 0.5 if j == k else 0.22, layer)
        for layer, weights in enumerate(RELU_WEIGHTS)
        for j in (0, 1)
        for k in (0, 1)
    ]
    notes = (Note(0.0, 2.7, "input"), Note(2.7, 2.7, "layer 1, ReLU", 0), Note(5.4, 2.7, "layer 2, ReLU", 1))
    told = [f"The inputs are {RELU_INPUT[0]} and {RELU_INPUT[1]}."]
    for layer in (1, 2):
        for j in (0, 1):
            w, b, z = RELU_WEIGHTS[layer - 1][j], RELU_BIASES[layer - 1][j], done.z[layer - 1][j, 0]
            terms = " plus ".join(f"{_signed(wk)} times {v}" for wk, v in zip(w, values[layer - 1], strict=True))
            told.append(
                f"Neuron {j + 1} of layer {layer}: {terms}, plus bias {_signed(b)}, is {_signed(int(z))}; "
                f"ReLU gives {values[layer][j]}."
            )
    alt = "A ReLU network with its weights and biases; inputs 3 and 4 give 46 and 0."
    return Diagram(alt, tuple(neurons), tuple(arrows), notes, tuple(told), (6.6, 3.1), 15)


def demon() -> Diagram:
    """A small change at one neuron travels on and changes J."""
    neurons = (
        Neuron("a", 0.0, 1.8, "", colour=5), Neuron("b", 0.0, 0.6, "", colour=5),
        Neuron("c", 1.9, 2.4, "", colour=0), Neuron("d", 1.9, 1.2, "$z^l_j$", colour=1),
        Neuron("e", 1.9, 0.0, "", colour=0),
        Neuron("f", 3.8, 1.8, "", colour=0), Neuron("g", 3.8, 0.6, "", colour=0),
        Neuron("J", 5.6, 1.2, "$J$", colour=1),
    )  # fmt: skip
    before = [Arrow(s, e, off=True) for s in "ab" for e in "cde"]
    quiet = [Arrow(s, e, off=True) for s in "ce" for e in "fg"]
    loud = [Arrow("d", "f", colour=1), Arrow("d", "g", colour=1), Arrow("f", "J", colour=1), Arrow("g", "J", colour=1)]
    notes = (
        Note(1.9, 3.2, "the demon adds $\\Delta z^l_j$ here", 1),
        Note(3.6, -0.8, "and J changes by about $\\delta^l_j \\times \\Delta z^l_j$", 1),
    )
    told = (
        "A demon sits at neuron j of layer l and adds a small $\\Delta z^l_j$ to its input.",
        "The change travels on to every neuron of the next layer, and from there to $J$.",
        "Altogether J changes by about $\\delta^l_j$ times $\\Delta z^l_j$. Other neurons of layer l are not touched.",
    )
    alt = "A small change at one neuron reaches J through all neurons of the next layer."
    return Diagram(alt, neurons, tuple(before + quiet + loud), notes, told, (6.8, 3.6), 15)


def backwards() -> Diagram:
    """δ travels back: an error of layer l collects from all errors of layer l + 1, along the same weights."""
    layers = ((2, "l"), (3, "l+1"), (2, "L"))
    neurons = []
    for place, (count, layer) in enumerate(layers):
        for j in range(count):
            y = 1.2 + 1.2 * ((count - 1) / 2 - j)
            index = "j" if (place, j) == (0, 0) else str(j + 1)
            inside = f"$\\delta^{{{layer}}}_{{{index}}}$"
            neurons.append(Neuron(f"{place}{j}", 2.5 * place, y, inside, colour=(1, 0, 2)[place]))
    arrows = []
    for place in (0, 1):
        for j in range(layers[place][0]):
            for k in range(layers[place + 1][0]):
                strong = (place, j) == (0, 0)
                label = f"$w^{{l+1}}_{{{k + 1}j}}$" if strong else ""
                arrows.append(
                    Arrow(
                        f"{place + 1}{k}", f"{place}{j}", label, (0.5, 0.42, 0.3)[k], 1 if strong else 5, off=not strong
                    )
                )
    notes = (
        Note(0.0, 3.2, "layer l", 1), Note(2.5, 3.2, "layer l+1", 0), Note(5.0, 3.2, "output layer", 2),
        Note(2.5, -0.8, "← the errors travel this way; in layer l, times the slope $\\sigma'(z^l_j)$"),
    )  # fmt: skip
    told = (
        "Three layers, the output layer last. The errors travel from the output layer back.",
        "The error $\\delta^l_j$ collects from every error of layer l+1: neuron k's times its weight $w^{l+1}_{kj}$.",
        "The sum is multiplied by the slope $\\sigma'(z^l_j)$.",
    )
    alt = "An error of a layer collects the errors of the next layer along the same weights."
    return Diagram(alt, tuple(neurons), tuple(arrows), notes, told, (6.8, 3.9), 17)


def dropout(rate: float = 0.5, seed: int = 1) -> Diagram:
    """A layer of six neurons with a random mask; those that stay are scaled up by 1/(1 − rate)."""
    mask = np.random.default_rng(seed).random(6) >= rate
    inputs = [Neuron(f"i{k}", 0.0, 3.5 - 1.5 * k, "", colour=5) for k in range(3)]
    hidden = [
        Neuron(f"h{j}", 2.4, 4.5 - 1.0 * j, "×2" if kept else "", colour=0, off=not kept)
        for j, kept in enumerate(map(bool, mask))
    ]
    outputs = [Neuron(f"o{k}", 4.8, y, "", colour=1) for k, y in enumerate((2.75, 1.25))]
    arrows = [Arrow(i.name, h.name, colour=0, off=h.off) for i in inputs for h in hidden]
    arrows += [Arrow(h.name, o.name, colour=1, off=h.off) for h in hidden for o in outputs]
    count = int(mask.sum())
    notes = (Note(0.0, 5.4, "layer l−1"), Note(2.4, 5.4, "layer l with its mask", 0), Note(4.8, 5.4, "layer l+1", 1))
    bits = ", ".join(str(int(bit)) for bit in mask)
    told = (
        f"Six neurons of a layer with the mask {bits}: {count} stay and are multiplied by {1 / (1 - rate):g}, "
        "the others give 0.",
        "Nothing travels through a neuron that is off, neither forward nor backward.",
    )
    alt = "A layer in which some neurons are switched off by a mask."
    return Diagram(alt, (*inputs, *hidden, *outputs), tuple(arrows), notes, told, (6.2, 4.6), 21, True)


def _signed(value: int) -> str:
    return str(value).replace("-", "−")
