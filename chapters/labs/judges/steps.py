"""Steps of descent, and what else is done to arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from chapters.labs.judges import words
from chapters.labs.judges.cases import (
    Array,
    Case,
    Expected,
    Judge,
    Reason,
    Slip,
    distinct,
    normal,
    option,
    same,
    shape_text,
)
from chapters.labs.judges.drawing import in_turn, sizes


@dataclass(frozen=True, slots=True)
class Step:
    """One step of descent to be asked for; ``t`` counts the steps from 1."""

    W: Array
    g: Array
    t: int
    rate: float
    beta: float
    beta1: float
    beta2: float
    strength: float


def _update(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    method = _METHODS[option(options, "method", "sgd", tuple(_METHODS))]
    first, second = distinct(random, 2)
    shapes = [(first, second), (second, first), (first, 1), (17, 23), (1, second), (1, 1), (first, first)]
    early = [1, 2, *random.permutation(np.arange(3, 10))[:2]]
    late = [int(random.integers(low, 10 * low)) for low in (10, 10, 100, 100)]
    late.append(int(random.integers(1000, 4000)))
    times = [1, *(int(t) for t in random.permutation([*early, *late]))]
    count = len(times)
    drawn = zip(
        times,
        in_turn(random, (0.01, 0.1, 0.3, 2.0), count),
        in_turn(random, (0.3, 0.8, 0.9, 0.99), count),
        (_lasting((0.8, 0.9, 0.95, 0.99), t, place) for place, t in enumerate(times)),
        (_lasting((0.98, 0.995, 0.999), t, place) for place, t in enumerate(times)),
        in_turn(random, (0.01, 0.1, 0.5, 3.0), count),
        strict=True,
    )
    cases = []
    for place, values in enumerate(drawn):
        shape, size = shapes[place % len(shapes)], (1.0, 1.0, 30.0, 0.01)[place % 4]
        step = Step(normal(random, *shape), size * normal(random, *shape), *values)
        cases.append(method(step, random, options))
    return cases


def _lasting(betas: tuple[float, ...], t: int, place: int) -> float:
    """One of those of which β^t still counts after t steps, each in its turn: else no mistake in it would show."""
    lasting = [beta for beta in betas if beta**t > 1e-3] or betas[-1:]
    return lasting[place % len(lasting)]


def _sgd(step: Step, *_: Any) -> Case:
    W, g, rate = step.W, step.g, step.rate
    slips = (
        Slip("uphill", words.UPHILL, W + rate * g),
        Slip("step-only", words.STEP_ONLY, -rate * g),
        Slip("no-rate", words.NO_RATE, W - g),
    )
    return Case((W, g, rate), (Expected("W", "W", (), W - rate * g, slips),), _told(W, rate))


def _l2(step: Step, *_: Any) -> Case:
    W, g, rate, strength = step.W, step.g, step.rate, step.strength
    slips = (
        Slip("uphill", words.UPHILL, W + rate * (g + strength * W)),
        Slip("no-penalty", words.NO_PENALTY, W - rate * g),
        Slip("penalty-twice", words.PENALTY_TWICE, W - rate * (g + 2 * strength * W)),
        Slip("penalty-sign", words.PENALTY_SIGN, W - rate * (g - strength * W)),
    )
    right = W - rate * (g + strength * W)
    return Case((W, g, rate, strength), (Expected("W", "W", (), right, slips),), _told(W, rate))


def _momentum(step: Step, random: np.random.Generator, options: Mapping[str, Any]) -> Case:
    """``average``: v ← βv + (1 − β)g, W ← W − ηv. ``velocity``: v ← βv − ηg, W ← W + v."""
    form = option(options, "form", "average", ("average", "velocity"))
    W, g, rate, beta = step.W, step.g, step.rate, step.beta
    v = np.zeros_like(W) if step.t == 1 else float(np.abs(g).max()) * normal(random, *W.shape)
    new = beta * v + (1 - beta) * g if form == "average" else beta * v - rate * g
    right = W - rate * new if form == "average" else W + new
    if form == "average":
        of_v = [
            Slip("no-weight", words.NO_WEIGHT, beta * v + g),
            Slip("weights-exchanged", words.BETA_EXCHANGED, (1 - beta) * v + beta * g),
        ]
    else:
        of_v = [
            Slip("no-rate", words.VELOCITY_NO_RATE, beta * v - g),
            Slip("no-rate", words.VELOCITY_GRADIENT, beta * v + g),
            Slip("uphill", words.VELOCITY_UPHILL, beta * v + rate * g),
            Slip("running-mean", words.VELOCITY_MEAN, beta * v + (1 - beta) * g),
            Slip("running-mean", words.VELOCITY_MEAN, beta * v - (1 - beta) * rate * g),
            Slip("weights-exchanged", words.VELOCITY_BETA, (1 - beta) * v - rate * g),
            Slip("no-memory", words.VELOCITY_NO_BETA, v - rate * g),
        ]
    of_v.append(Slip("not-updated", words.NOT_UPDATED, v))
    of_W = [
        Slip("old-velocity", words.OLD_VELOCITY, W - rate * v if form == "average" else W + v),
        Slip("uphill", words.UPHILL, W + rate * new if form == "average" else W - new),
        Slip("no-momentum", words.NO_MOMENTUM, W - rate * g),
    ]
    if form == "velocity":
        of_W += [Slip("rate-twice", words.RATE_TWICE, W + sign * rate * new) for sign in (1, -1)]
    expected = Expected("v", "v", (1,), new, _other(of_v, new)), Expected("W", "W", (0,), right, _other(of_W, right))

    def explain(seen: Mapping[str, Array]) -> dict[str, Reason]:
        mine = seen.get("v", new)
        if "W" not in seen or mine.shape != W.shape:
            return {}
        if form == "velocity" and same(mine, beta * v + rate * g) and same(seen["W"], W - mine):
            return {"v": ("uphill", words.VELOCITY_TURNED), "W": _from("v")}
        steps = [W - rate * mine] if form == "average" else [W + mine, W - rate * mine]
        return {"W": _from("v")} if any(same(seen["W"], step) for step in steps) and not same(mine, new) else {}

    return Case((W, g, v, rate, beta), expected, _told(W, rate), explain=explain)


def _from(name: str) -> Reason:
    return "same-cause", words.FOLLOWS_FROM.format(name=name)


def _adam(step: Step, random: np.random.Generator, _options: Mapping[str, Any]) -> Case:
    """Kingma and Ba 2015: m and v averages of g and g², both corrected by 1 − β^t, counted from t = 1."""
    W, g, t, rate, beta1, beta2 = step.W, step.g, step.t, step.rate, step.beta1, step.beta2
    eps = 0.05 * float(np.abs(g).max())  # large enough that its place in the formula shows in the numbers
    m = np.zeros_like(W) if t == 1 else float(np.abs(g).max()) * normal(random, *W.shape)
    v = np.zeros_like(W) if t == 1 else float(np.square(g).max()) * random.random(W.shape)
    new_m, new_v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
    m_hat, v_hat = new_m / (1 - beta1**t), new_v / (1 - beta2**t)
    right = W - rate * m_hat / (np.sqrt(v_hat) + eps)
    later_m, later_v = new_m / (1 - beta1 ** (t + 1)), new_v / (1 - beta2 ** (t + 1))
    folded = rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    of_W = [
        Slip("eps-inside-root", words.EPS_INSIDE, W - rate * m_hat / np.sqrt(v_hat + eps)),
        Slip("eps-inside-root", words.EPS_INSIDE, W - rate * m_hat / np.sqrt(v_hat + eps * eps)),
        Slip("eps-left-out", words.EPS_LEFT_OUT, W - rate * m_hat / np.sqrt(v_hat)),
        Slip("eps-left-out", words.EPS_LEFT_OUT, W - rate * m_hat / (np.sqrt(v_hat) + 1e-8)),
        Slip("folded-correction", words.EPS_FOLDED, W - folded * new_m / (np.sqrt(new_v) + eps)),
        Slip("no-correction", words.NO_CORRECTION, W - rate * new_m / (np.sqrt(new_v) + eps)),
        Slip("no-root", words.NO_ROOT, W - rate * m_hat / (v_hat + eps)),
        Slip("half-corrected", words.HALF_CORRECTED, W - rate * m_hat / (np.sqrt(new_v) + eps)),
        Slip("half-corrected", words.HALF_CORRECTED, W - rate * new_m / (np.sqrt(v_hat) + eps)),
        Slip("uphill", words.UPHILL, W + rate * m_hat / (np.sqrt(v_hat) + eps)),
        Slip("no-power", words.NO_POWER, W - rate * new_m / (1 - beta1) / (np.sqrt(new_v / (1 - beta2)) + eps)),
        Slip("next-power", words.NEXT_POWER, W - rate * later_m / (np.sqrt(later_v) + eps)),
        Slip("plain-descent", words.PLAIN_DESCENT, W - rate * g),
    ]
    of_m = [Slip("returns-corrected", words.RETURNS_CORRECTED, m_hat), Slip("not-updated", words.NOT_UPDATED, m)]
    of_v = [
        Slip("not-updated", words.NOT_UPDATED, v),
        Slip("not-squared", words.NOT_SQUARED, beta2 * v + (1 - beta2) * g),
        Slip("returns-corrected", words.RETURNS_CORRECTED, v_hat),
    ]
    expected = (
        Expected("m", "m", (1,), new_m, _other(of_m, new_m)),
        Expected("v", "v", (2,), new_v, _other(of_v, new_v)),
        Expected("W", "W", (0,), right, _other(of_W, right)),
    )

    def explain(seen: Mapping[str, Array]) -> dict[str, Reason]:
        mine_m, mine_v = seen.get("m", new_m), seen.get("v", new_v)
        wrong = [name for name, mine, made in (("m", mine_m, new_m), ("v", mine_v, new_v)) if not same(mine, made)]
        if "W" not in seen or not wrong or mine_m.shape != W.shape or mine_v.shape != W.shape:
            return {}
        with np.errstate(all="ignore"):
            root = np.sqrt(np.abs(mine_v) / (1 - beta2**t)) + eps
            follows = same(seen["W"], W - rate * mine_m / (1 - beta1**t) / root)
        return {"W": _from(wrong[0])} if follows else {}

    told = f"{_told(W, rate)}, t = {t}, eps = {eps:.2g}"
    return Case((W, g, m, v, t, rate, beta1, beta2, eps), expected, told, explain=explain)


def _told(W: Array, rate: float) -> str:
    return words.WITH_STEP.format(rows=W.shape[0], columns=W.shape[1], rate=f"{rate:g}")


def _other(slips: list[Slip], right: Array) -> tuple[Slip, ...]:
    return tuple(slip for slip in slips if not np.allclose(slip.value, right))


_METHODS: Final[dict[str, Callable[[Step, np.random.Generator, Mapping[str, Any]], Case]]] = {
    "sgd": _sgd,
    "momentum": _momentum,
    "adam": _adam,
    "l2": _l2,
}


# ---- the toolbox ----


def _dropout(_options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    cases = []
    for place, (rows, columns) in enumerate(sizes(random, 1)):
        keep = (0.8, 0.5, 0.1, 1.0, 0.3)[place % 5]
        a, u = normal(random, rows, columns), random.random((rows, columns))
        mask = (u < keep).astype(np.float64)
        right = a * mask / keep
        slips = [
            Slip("not-scaled", words.DROPOUT_SCALE, a * mask),
            Slip("mask-inverted", words.DROPOUT_INVERTED, a * (1 - mask) / keep),
            Slip("scaled-down", words.DROPOUT_DOWN, a * mask * keep),
        ]
        told = words.WITH_KEEP.format(rows=rows, columns=columns, keep=keep)
        cases.append(Case((a, u, keep), (Expected("a", "a", (), right, _other(slips, right)),), told))
    return cases


LENGTHS: Final = ((3.0, 0.2), (0.3, 0.5), (3.0, 5.0), (0.3, 1.3), (30.0, 0.05), (30.0, 0.98), (0.3, 0.7), (3.0, 1.02))
"""How long a gradient is, and which part of that is allowed: lengths above 1 and below, so that it shows if the largest
length is squared, or if the root is missing."""


def _clip(_options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    first, second = distinct(random, 2)
    shapes: list[tuple[int, ...]] = [(first, second)] * len(LENGTHS)
    asked: list[tuple[tuple[int, ...], tuple[float, float]]] = list(zip(shapes, LENGTHS, strict=True))
    more: list[tuple[int, ...]] = [(second, first), (1, first), (second, 1), (1, 1), (17, 23), (first,), (2, first, 3)]
    for shape in more:
        asked += [(shape, (3.0, 0.4)), (shape, (0.3, 2.0))]
    cases = []
    for shape, (length, part) in asked:
        g = normal(random, *shape)
        g *= length * float(random.uniform(0.8, 1.2)) / np.sqrt((g * g).sum())
        norm = float(np.sqrt((g * g).sum()))
        largest = part * norm
        right = g * min(1.0, largest / norm)
        slips = [
            Slip("entry-by-entry", words.CLIP_ENTRIES, np.clip(g, -largest, largest)),
            Slip("always-scaled", words.CLIP_ALWAYS, g * largest / norm),
            Slip("not-clipped", words.CLIP_NOT, g),
        ]
        told = words.WITH_LARGEST.format(shape=shape_text(shape), norm=f"{norm:.4g}", largest=f"{largest:.4g}")
        cases.append(Case((g, largest), (Expected("g", "g", (), right, _other(slips, right)),), told))
    return cases


def _batchnorm(_options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    cases = []
    for place, (n, m) in enumerate(sizes(random, 1)):
        z, gamma, beta = 2 * normal(random, n, m) + 1, normal(random, n, 1), normal(random, n, 1)
        eps = (1e-5, 0.1)[place % 2]

        def normed(axis: int, ddof: int = 0, root: bool = True, z: Array = z, eps: float = eps) -> Array:
            gap = z - z.mean(axis=axis, keepdims=True)
            variance = np.square(gap).sum(axis=axis, keepdims=True) / max(z.shape[axis] - ddof, 1)
            return np.asarray(gap / (np.sqrt(variance + eps) if root else variance + eps))

        right = gamma * normed(1) + beta
        slips = [
            Slip("wrong-axis", words.NORM_AXIS, gamma * normed(0) + beta),
            Slip("unbiased-variance", words.NORM_VARIANCE, gamma * normed(1, 1) + beta),
            Slip("no-root", words.NORM_ROOT, gamma * normed(1, 0, False) + beta),
            Slip("no-scale", words.NORM_SCALE, normed(1)),
        ]
        told = words.WITH_OUTPUTS.format(n=n, m=m)
        cases.append(Case((z, gamma, beta, eps), (Expected("z", "z", (), right, _other(slips, right)),), told, m))
    return cases


JUDGES: Final = {
    "update": Judge(
        "sgd: f(W, dW, rate) · l2: f(W, dW, rate, strength) · momentum: f(W, dW, v, rate, beta) · "
        "adam: f(W, dW, m, v, t, rate, beta1, beta2, eps), t from 1",
        {
            "sgd": "the new W",
            "l2": "the new W",
            "momentum": "(W, v), the new parameters and the new v",
            "adam": "(W, m, v), the new parameters and both new means, not corrected",
        },
        _update,
        ("method", "form"),
        "method",
    ),
    "dropout": Judge(
        "f(a, u, keep): u uniform in [0, 1), an entry is kept where u < keep",
        "a, dropped and divided by keep",
        _dropout,
    ),
    "clip": Judge("f(g, largest): any shape, a number", "g, scaled down if its norm is above largest", _clip),
    "batchnorm": Judge(
        "f(z, gamma, beta, eps): n x m, n x 1, n x 1, a number",
        "z, normalised over the batch, scaled and shifted (n x m)",
        _batchnorm,
    ),
}
