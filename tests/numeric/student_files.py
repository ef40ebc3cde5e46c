"""Students' files, right and wrong, as text: one small network in NumPy, written and held in many ways."""

from __future__ import annotations

SIGMA = {
    "sigmoid": ("1 / (1 + np.exp(-z))", "a * (1 - a)"),
    "tanh": ("np.tanh(z)", "1 - a * a"),
    "relu": ("np.maximum(z, 0)", "(z > 0).astype(z.dtype)"),
    "leaky_relu": ("np.where(z > 0, z, z * z.dtype.type(0.01))", "np.where(z > 0, 1, 0.01).astype(z.dtype)"),
    "elu": ("np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)", "np.where(z > 0, 1, np.exp(np.minimum(z, 0)))"),
    "softplus": ("np.log1p(np.exp(z))", "1 / (1 + np.exp(-z))"),
    "identity": ("z", "np.ones_like(z)"),
    "step": ("(z > 0).astype(z.dtype)", "np.zeros_like(z)"),
    "softmax": ("np.exp(z) / np.exp(z).sum(axis=0, keepdims=True)", "None"),
}
"""Activation → σ(z), and σ′ from z and a = σ(z)."""

OUTPUTS = {
    "mse": "(a - y) * S",
    "mse-softmax": "a * ((a - y) - (a * (a - y)).sum(axis=0, keepdims=True))",
    "bce": "a - y",
    "softmax-ce": "a - y",
}
"""Loss → ∂C/∂z of each sample at the output."""


def columns(
    hidden: str = "sigmoid",
    output: str = "sigmoid",
    loss: str = "mse",
    layers: tuple[int, ...] = (3, 5, 4, 2),
    *,
    cast: str = "",
    keep: str = "",
    delta: str = "",
    back: str = "Ws[l].T @ d",
    slope: str = "",
    mean: str = "/ m",
    dW: str = "d @ A[l].T",
    db: str = "d.sum(axis=1, keepdims=True)",
    z: str = "W @ A[-1] + b",
    answer: str = "dW, db",
    before: str = "",
    head: str = "",
    batch: int = 6,
) -> str:
    """Samples as columns, ``backprop(Ws, bs, x, y)``; each part of it can be put otherwise.

    ``cast`` turns what is handed over into something, ``keep`` each activation that is kept.
    """
    value, derivative = SIGMA[hidden]
    of_output, at_output = SIGMA[output]
    key = "mse-softmax" if (loss, output) == ("mse", "softmax") else loss
    return f"""
import numpy as np
LAYERS = {list(layers)}
BATCH = {batch}
ACTIVATION = "{hidden}"
OUTPUT = "{output}"
LOSS = "{loss}"
{head}
def backprop(Ws, bs, x, y):
    {before or "pass"}
    {f"Ws, bs, x, y = [{cast.format('W')} for W in Ws], [{cast.format('b')} for b in bs], {cast.format('x')}, {cast.format('y')}" if cast else "pass"}
    L, m = len(Ws), x.shape[1]
    A, Z = [x], []
    for l, (W, b) in enumerate(zip(Ws, bs)):
        z = {z}
        Z.append(z)
        a = {value} if l < L - 1 else {of_output}
        A.append({keep.format("a") if keep else "a"})
    a, z = A[-1], Z[-1]
    S = {at_output}
    d = ({delta or OUTPUTS[key]}) {mean}
    dW, db, dz = [None] * L, [None] * L, [None] * L
    for l in range(L - 1, -1, -1):
        dW[l], db[l], dz[l] = {dW}, {db}, d
        if l:
            a, z = A[l], Z[l - 1]
            d = ({back}) * ({slope or derivative})
    return {answer}
"""  # noqa: E501


def rows(
    layers: tuple[int, ...] = (3, 5, 4, 2),
    *,
    before: str = "",
    W: str = "W",
    mean: str = "/ m",
    slope: str = "A[l] * (1 - A[l])",
    dW: str = "A[l].T @ d",
    db: str = "d.sum(axis=0)",
    back: str = "Ws[l].T",
    answer: str = "dW, db",
    head: str = "ROWS = True",
    batch: int = 6,
) -> str:
    """One sample a row, and W^l as n_(l−1) × n_l; sigmoid and the squared error."""
    return f"""
import numpy as np
LAYERS = {list(layers)}
BATCH = {batch}
{head}
def backprop(Ws, bs, x, y):
    {before or "pass"}
    A, m = [x], len(x)
    for W, b in zip(Ws, bs):
        A.append(1 / (1 + np.exp(-(A[-1] @ {W} + b))))
    d = (A[-1] - y) * A[-1] * (1 - A[-1]) {mean}
    dW, db, dz = [], [], []
    for l in range(len(Ws) - 1, -1, -1):
        dW.insert(0, {dW}); db.insert(0, {db}); dz.insert(0, d)
        if l:
            d = (d @ {back}) * {slope}
    return {answer}
"""
