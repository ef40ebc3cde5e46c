"""Steps of descent, how weights begin, and what else is done to arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from chapters.labs.judges import words
from chapters.labs.judges.cases import Array, Case, Expected, Judge, Reason, Slip, distinct, normal, option, same
from numeric.initialisation import WEIGHT_SCALE


def _update(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    method = option(options, "method", "sgd", ("sgd", "momentum", "adam", "l2"))
    cases = []
    for t in (1, 4):
        rows, columns = distinct(random, 2)
        W, g = normal(random, rows, columns), normal(random, rows, columns)
        rate = float(random.choice([0.05, 0.1, 0.3]))
        cases.append(
            {"sgd": _sgd, "momentum": _momentum, "adam": _adam, "l2": _l2}[method](W, g, rate, t, random, options)
        )
    return cases


def _sgd(W: Array, g: Array, rate: float, *_: Any) -> Case:
    slips = (
        Slip("uphill", words.UPHILL, W + rate * g),
        Slip("step-only", words.STEP_ONLY, -rate * g),
        Slip("no-rate", words.NO_RATE, W - g),
    )
    return Case((W, g, rate), (Expected("W", "W", (), W - rate * g, slips),), _told(W, rate))


def _l2(W: Array, g: Array, rate: float, _t: int, random: np.random.Generator, _o: Mapping[str, Any]) -> Case:
    strength = float(random.choice([0.1, 0.5]))
    slips = (
        Slip("uphill", words.UPHILL, W + rate * (g + strength * W)),
        Slip("no-penalty", words.NO_PENALTY, W - rate * g),
        Slip("penalty-twice", words.PENALTY_TWICE, W - rate * (g + 2 * strength * W)),
        Slip("penalty-sign", words.PENALTY_SIGN, W - rate * (g - strength * W)),
    )
    right = W - rate * (g + strength * W)
    return Case((W, g, rate, strength), (Expected("W", "W", (), right, slips),), _told(W, rate))


def _momentum(W: Array, g: Array, rate: float, t: int, random: np.random.Generator, options: Mapping[str, Any]) -> Case:
    """``average``: v ← βv + (1 − β)g, W ← W − ηv. ``velocity``: v ← βv − ηg, W ← W + v."""
    form = option(options, "form", "average", ("average", "velocity"))
    beta = float(random.choice([0.7, 0.8, 0.9]))
    v = np.zeros_like(W) if t == 1 else normal(random, *W.shape)
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


def _adam(W: Array, g: Array, rate: float, t: int, random: np.random.Generator, _o: Mapping[str, Any]) -> Case:
    """Kingma and Ba 2015: m and v averages of g and g², both corrected by 1 − β^t, counted from t = 1."""
    beta1, beta2 = 0.9, float(random.choice([0.995, 0.999]))
    eps = 0.05  # large enough that its place in the formula shows in the numbers
    m = np.zeros_like(W) if t == 1 else normal(random, *W.shape)
    v = np.zeros_like(W) if t == 1 else random.random(W.shape)
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

    told = f"{_told(W, rate)}, t = {t}, eps = {eps:g}"
    return Case((W, g, m, v, t, rate, beta1, beta2, eps), expected, told, explain=explain)


def _told(W: Array, rate: float) -> str:
    return words.WITH_STEP.format(rows=W.shape[0], columns=W.shape[1], rate=f"{rate:g}")


def _other(slips: list[Slip], right: Array) -> tuple[Slip, ...]:
    return tuple(slip for slip in slips if not np.allclose(slip.value, right))


_METHODS: Final = {"sgd": _sgd, "momentum": _momentum, "adam": _adam, "l2": _l2}


# ---- how weights begin ----


def _initialise(options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    how = option(options, "how", "he", tuple(name for name in WEIGHT_SCALE if name != "zeros"))
    cases = []
    for inputs, outputs in ((300, 200), (40, 500), (7, 3)):
        seed = int(random.integers(1, 1_000_000))
        scale = WEIGHT_SCALE[how](inputs, outputs)
        shape = (outputs, inputs)
        expected = (
            Expected("W", "W", (0,), np.zeros(shape), check=_is_drawn(shape, scale, inputs)),
            Expected("b", "b", (1,), np.zeros((outputs, 1))),
        )
        cases.append(Case((inputs, outputs, seed), expected, words.WITH_SIZES.format(inputs=inputs, outputs=outputs)))
    return cases


def _is_drawn(shape: tuple[int, int], scale: float, inputs: int) -> Any:
    """A check that weights are normal ones of this standard deviation, all of their own."""

    def check(seen: Array) -> Reason | None:
        if seen.shape != shape:
            if seen.shape == shape[::-1]:
                return "transposed", words.TURNED_SHAPE.format(seen=str(seen.shape), wanted=str(shape))
            return "wrong-shape", words.WRONG_ARRAY_SHAPE.format(seen=str(seen.shape), wanted=str(shape))
        if not np.isfinite(seen).all():
            return "not-finite", words.NOT_FINITE.format(count=int((~np.isfinite(seen)).sum()))
        if not np.any(seen):
            return "zeros", words.SYMMETRIC_ZEROS
        if len(np.unique(seen)) < seen.size * 0.99:
            return "symmetric", words.SYMMETRIC
        deviation, mean = float(seen.std()), float(seen.mean())
        room = 6.0 / np.sqrt(2.0 * seen.size)
        if abs(mean) > 6.0 * deviation / np.sqrt(seen.size):
            return "not-centred", words.NOT_CENTRED.format(mean=f"{mean:.3g}")
        if abs(deviation / scale - 1.0) > room:
            ratio = deviation / scale
            if abs(ratio / scale - 1.0) < room:
                return "variance-for-deviation", words.VARIANCE
            if abs(ratio * scale - 1.0) < room:
                return "not-scaled", words.NOT_SCALED
            wanted, got = f"{scale:.4g}", f"{deviation:.4g}"
            return "wrong-scale", words.WRONG_SCALE.format(seen=got, wanted=wanted, inputs=inputs)
        return None

    return check


# ---- the toolbox ----


def _dropout(_options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    cases = []
    for keep in (0.8, 0.5):
        rows, columns = distinct(random, 2)
        a, u = normal(random, rows, columns), random.random((rows, columns))
        mask = (u < keep).astype(np.float64)
        slips = (
            Slip("not-scaled", words.DROPOUT_SCALE, a * mask),
            Slip("mask-inverted", words.DROPOUT_INVERTED, a * (1 - mask) / keep),
            Slip("scaled-down", words.DROPOUT_DOWN, a * mask * keep),
        )
        told = words.WITH_KEEP.format(rows=rows, columns=columns, keep=keep)
        cases.append(Case((a, u, keep), (Expected("a", "a", (), a * mask / keep, slips),), told))
    return cases


def _clip(_options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    cases = []
    for largest in (0.5, 100.0):
        rows, columns = distinct(random, 2)
        g = normal(random, rows, columns)
        norm = float(np.sqrt((g * g).sum()))
        right = g * min(1.0, largest / norm)
        slips = [
            Slip("entry-by-entry", words.CLIP_ENTRIES, np.clip(g, -largest, largest)),
            Slip("always-scaled", words.CLIP_ALWAYS, g * largest / norm),
            Slip("not-clipped", words.CLIP_NOT, g),
        ]
        told = words.WITH_LARGEST.format(rows=rows, columns=columns, largest=f"{largest:g}")
        cases.append(Case((g, largest), (Expected("g", "g", (), right, _other(slips, right)),), told))
    return cases


def _batchnorm(_options: Mapping[str, Any], random: np.random.Generator) -> list[Case]:
    cases = []
    for _ in range(2):
        n, m = distinct(random, 2, 3)
        z, gamma, beta, eps = 2 * normal(random, n, m) + 1, normal(random, n, 1), normal(random, n, 1), 1e-5

        def normed(axis: int, ddof: int = 0, root: bool = True, z: Array = z, eps: float = eps) -> Array:
            variance = z.var(axis=axis, keepdims=True, ddof=ddof)
            below = np.sqrt(variance + eps) if root else variance + eps
            return np.asarray((z - z.mean(axis=axis, keepdims=True)) / below)

        slips = (
            Slip("wrong-axis", words.NORM_AXIS, gamma * normed(0) + beta),
            Slip("unbiased-variance", words.NORM_VARIANCE, gamma * normed(1, 1) + beta),
            Slip("no-root", words.NORM_ROOT, gamma * normed(1, 0, False) + beta),
            Slip("no-scale", words.NORM_SCALE, normed(1)),
        )
        told = words.WITH_OUTPUTS.format(n=n, m=m)
        cases.append(Case((z, gamma, beta, eps), (Expected("z", "z", (), gamma * normed(1) + beta, slips),), told, m))
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
    "initialise": Judge(
        "f(inputs, outputs, seed): whole numbers",
        "(W, b), of the shapes outputs x inputs and outputs x 1 (zeros)",
        _initialise,
        ("how",),
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
