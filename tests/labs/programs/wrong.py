"""Wrong programs: for each lab the references with one piece exchanged. Many are wrong in one corner only.

A row is the part, the piece of its reference, and what stands in its place.
"""

from __future__ import annotations

from typing import Final

Row = tuple[str, str, str]

_COUNT = "    global calls\n    calls = globals().get('calls', 0) + 1\n"
_SIGMOID_FAR = "1.0 / (1.0 + np.exp(-np.clip(z, -5.0, 5.0)))"

ADAM: Final[list[Row]] = [
    *(
        ("clip", "norm > largest", test)
        for test in (
            "norm > largest**2",
            "norm**2 > largest",
            "np.sqrt(norm) > largest",
            "np.abs(g).max() > largest",
            "np.abs(g).sum() > largest",
            "norm > 1.0",
            "norm > 1.5 * largest",
            "norm > largest and g.ndim == 2",
            "norm > largest and g.size > 1",
            "norm > largest and norm > 1.0",
            "norm > largest and g.shape[0] > 1",
        )
    ),
    ("clip", "np.sum(g * g)", "np.mean(g * g)"),
    ("clip", "np.sqrt(np.sum(g * g))", "np.sum(g * g)"),
    ("clip", "np.sqrt(np.sum(g * g))", "np.abs(g).max()"),
    ("clip", "np.sqrt(np.sum(g * g))", "np.linalg.norm(g, 2 if g.ndim == 2 else None)"),
    *(
        ("clip", "(largest / norm)", factor)
        for factor in ("largest / norm**2", "largest**2 / norm", "1.0 / norm", "largest / (norm + 1e-6)", "0.5")
    ),
    ("clip", "g.copy()", "np.clip(g, -1.0, 1.0)"),
    ("clip", "g.copy()", "g / norm"),
    ("clip", "g.copy()", "g.astype(np.float16)"),
    *(
        ("mean", "(1.0 - beta) * dW", taken)
        for taken in ("(1.0 - beta**2) * dW", "0.1 * dW", "(1.0 - beta) * np.abs(dW)", "(1.0 - beta) * rate * dW")
    ),
    ("mean", "beta * v + (1.0 - beta) * dW", "beta * v + (1.0 - beta) * dW if np.any(v) else dW"),
    ("mean", "beta * v", "0.9 * v"),
    ("mean", "rate * new", "rate * v"),
    ("mean", "rate * new", "min(rate, 1.0) * new"),
    ("mean", "rate * new", "rate * np.clip(new, -2.0, 2.0)"),
    ("mean", "W - rate * new", "W * (1.0 - 1e-4) - rate * new"),
    *(
        ("adam", "beta1**t)", power)
        for power in (
            "beta1)",
            "beta1**(t + 1))",
            "beta1**(t - 1) + 1e-9)",
            "beta1**min(t, 9))",
            "0.9**t)",
            "beta1**t if t < 10 else 1.0)",
            "beta2**t)",
        )
    ),
    *(
        ("adam", "beta2**t)", power)
        for power in (
            "beta2)",
            "beta2**min(t, 9))",
            "beta2**min(t, 999))",
            "0.999**t)",
            "beta2**t if t < 1000 else 1.0)",
            "beta1**t)",
        )
    ),
    ("adam", "m_corrected = m / (1.0 - beta1**t)", "m_corrected = m / (1.0 - beta1**t) if t > 1 else m"),
    ("adam", "np.sqrt(v_corrected) + eps", "np.sqrt(v_corrected + eps)"),
    ("adam", "np.sqrt(v_corrected) + eps", "np.sqrt(v_corrected + eps**2)"),
    ("adam", "np.sqrt(v_corrected) + eps", "np.sqrt(v_corrected) + 1e-8"),
    ("adam", "np.sqrt(v_corrected) + eps", "np.sqrt(v) + eps"),
    ("adam", "np.sqrt(v_corrected) + eps", "v_corrected + eps"),
    ("adam", "dW * dW", "np.abs(dW)"),
    ("adam", "(1.0 - beta2) * dW * dW", "(1.0 - beta1) * dW * dW"),
    ("adam", "v = beta2 * v + (1.0 - beta2) * dW * dW", "v = np.maximum(v, beta2 * v + (1.0 - beta2) * dW * dW)"),
    ("adam", "W - rate *", "W - rate / np.sqrt(t) *"),
    ("adam", "W - rate *", "W + rate *"),
    ("adam", "+ eps), m, v", "+ eps), m_corrected, v_corrected"),
    ("adam", "    m = beta1", f"{_COUNT}    t = calls\n    m = beta1"),
    ("adam", "    m = beta1", f"{_COUNT}    rate = rate if calls < 6 else 2 * rate\n    m = beta1"),
]

_BACK = "hidden_error(W[l], delta, z[l - 1])"

BACKPROP: Final[list[Row]] = [
    *(
        ("hidden-error", "sigmoid_prime(z)", slope)
        for slope in (
            "sigmoid_prime(np.clip(z, -2.0, 2.0))",
            "sigmoid_prime(np.clip(z, -6.0, 6.0))",
            "sigmoid_prime(z) ** 2",
            "sigmoid_prime(sigmoid(z))",
            "(sigmoid_prime(z) if z.shape[1] > 1 else 1.0)",
            "(sigmoid_prime(z) if z.shape[0] > 1 else 1.0)",
            "(sigmoid_prime(z) if z.shape[0] < 17 else 1.0)",
            "np.maximum(sigmoid_prime(z), 1e-3)",
            "np.where(z == 0, 0.0, sigmoid_prime(z))",
            "((sigmoid(z + 1e-3) - sigmoid(z)) / 1e-3)",
            "((sigmoid(z + 1e-5) - sigmoid(z)) / 1e-5).astype(np.float16)",
            "((sigmoid(z + 0.02) - sigmoid(z - 0.02)) / 0.04).astype(np.float32)",
            "sigmoid_prime(z) / z.shape[1]",
            "sigmoid_prime(z.round(1))",
            "0.25",
        )
    ),
    ("hidden-error", "W_next.T", "(W_next if W_next.shape[0] == W_next.shape[1] else W_next.T)"),
    ("hidden-error", "W_next.T", "np.abs(W_next.T)"),
    *(
        ("backprop", _BACK, back)
        for back in (
            f"{_BACK} if len(W) < 4 else W[l].T @ delta",
            f"{_BACK} if l < 4 else W[l].T @ delta",
            f"{_BACK} if l > 1 or len(W) < 3 else W[l].T @ delta",
            f"{_BACK} if len(W) < 6 else W[l].T @ delta",
            f"{_BACK} if m > 1 else W[l].T @ delta",
            "hidden_error(W[l], delta, np.clip(z[l - 1], -2.0, 2.0))",
            "hidden_error(W[l], delta, a[l])",
            "hidden_error(W[l], delta, z[l])",
            "hidden_error(W[l], delta, z[l - 1]) / m",
            "hidden_error(W[l] if W[l].shape[0] != W[l].shape[1] else W[l].T, delta, z[l - 1])",
        )
    ),
    *(
        ("backprop", "sigmoid_prime(z[-1]) / m", factor)
        for factor in (
            "sigmoid_prime(z[-1]) / max(m, 2)",
            "sigmoid_prime(z[-1]) / (m if m < 32 else 32)",
            "sigmoid_prime(z[-1]) / y.size",
            "sigmoid_prime(z[-1]) / len(y)",
            "sigmoid_prime(z[-1]) / (m if len(W) > 1 else 1)",
            "(sigmoid_prime(z[-1]) if len(W) > 1 else 1.0) / m",
            "(sigmoid_prime(z[-1]) if y.shape[0] > 1 else 1.0) / m",
            "sigmoid_prime(np.clip(z[-1], -2.0, 2.0)) / m",
            "1.0 / m",
        )
    ),
    ("backprop", "delta.sum(axis=1, keepdims=True)", "delta.mean(axis=1, keepdims=True)"),
    ("backprop", "delta.sum(axis=1, keepdims=True)", "delta[:, :40].sum(axis=1, keepdims=True)"),
    ("backprop", "delta @ a[l].T", "delta @ a[l].T if delta.shape != a[l].shape else a[l] @ delta.T"),
    ("backprop", "weights @ a[-1] + bias", "weights @ a[-1] + (bias if len(z) < 4 else 0.0)"),
    ("backprop", "weights @ a[-1] + bias", "weights @ a[-1]"),
    ("backprop", "return dW, db", "return [d.astype(np.float16) for d in dW], [d.astype(np.float16) for d in db]"),
    (
        "backprop",
        "return dW, db",
        """def J(W, b):
        a = x
        for weights, bias in zip(W, b):
            a = sigmoid(weights @ a + bias)
        return ((a - y) ** 2).sum() / (2 * m)
    h = 1e-2
    for l in range(len(W)):
        for array, gradient in ((W[l], dW[l]), (b[l], db[l])):
            for place in np.ndindex(array.shape):
                before = array[place]
                array[place] = before + h
                above = J(W, b)
                array[place] = before - h
                gradient[place] = (above - J(W, b)) / (2 * h)
                array[place] = before
    return [d.astype(np.float32) for d in dW], [d.astype(np.float32) for d in db]""",
    ),
]

_STEP = "hidden_slope(Z[l - 1])"

BATCH: Final[list[Row]] = [
    *(
        ("output", "A - Y", delta)
        for delta in (
            "(A - Y) if A.shape[1] > 1 else (A - Y) * A * (1.0 - A)",
            "(A - Y) if A.shape[0] > 1 else (A - Y) * A * (1.0 - A)",
            "(A - Y) / (A.shape[1] if A.shape[1] > 20 else 1)",
            "np.clip(A, 0.01, 0.99) - Y",
            "A.round(3) - Y",
            "(A - Y).astype(np.float16)",
            "np.where(np.abs(Z) > 5.0, 0.0, A - Y)",
            "np.maximum(A - Y, -0.99)",
            "A - Y / Y.sum(axis=0, keepdims=True)",
        )
    ),
    *(
        ("gradients", "m = dZ.shape[1]", m)
        for m in (
            "m = max(dZ.shape[1], 2)",
            "m = dZ.shape[1] if dZ.shape[1] < 40 else 32",
            "m = dZ.shape[0]",
            "m = max(dZ.shape)",
            "m = min(dZ.shape)",
            "m = dZ.shape[1] if dZ.shape[0] > 1 else 1",
            "m = dZ.shape[1] - (dZ.shape[1] > 2)",
        )
    ),
    ("gradients", "dZ @ A_before.T", "(dZ @ A_before.T if dZ.shape != A_before.shape else A_before @ dZ.T)"),
    ("gradients", "dZ @ A_before.T", "dZ[:, :32] @ A_before[:, :32].T"),
    ("gradients", "dZ.sum(axis=1, keepdims=True)", "dZ.sum(axis=1 if dZ.shape[1] > 1 else 0, keepdims=True)"),
    (
        "gradients",
        "dZ.sum(axis=1, keepdims=True)",
        "dZ.sum(axis=0 if dZ.shape[0] == dZ.shape[1] else 1).reshape(-1, 1)",
    ),
    ("gradients", "dZ.sum(axis=1, keepdims=True) / m", "np.median(dZ, axis=1, keepdims=True)"),
    *(
        ("backward", f"(W[l].T @ dZ) * {_STEP}", back)
        for back in (
            f"W[l].T @ dZ * ({_STEP} if len(W) < 4 else 1.0)",
            f"W[l].T @ dZ * ({_STEP} if l < 3 else 1.0)",
            f"(W[l].T @ dZ) * {_STEP} / (1 if X.shape[1] > 1 else 2)",
            "(W[l].T @ dZ) * hidden_slope(A[l])",
            "(W[l].T @ dZ) * hidden_slope(Z[l - 1]) ** 2 / np.maximum(hidden_slope(Z[l - 1]), 0.05)",
            f"(W[l] @ dZ if W[l].shape[0] == W[l].shape[1] else W[l].T @ dZ) * {_STEP}",
            f"np.clip(W[l].T @ dZ, -1.0, 1.0) * {_STEP}",
            f"(W[l].T @ dZ).round(6) * {_STEP}",
        )
    ),
    ("backward", "l == len(W) - 1 else", "l == len(W) - 1 and l < 4 else"),
    ("backward", "W[l] @ A[-1] + b[l]", "W[l] @ A[-1] + (b[l] if l else 0.0)"),
    ("backward", "output_dZ(A[-1], Y, Z[-1])", "output_dZ(A[-1], Y, Z[-1]) / (1 if len(W) > 1 else 2)"),
]

BP2: Final[list[Row]] = [
    *(
        ("slope", "act(z)", value)
        for value in (
            "act(np.clip(z, -2.0, 2.0))",
            "act(np.clip(z, -6.0, 6.0))",
            "act(z if z.shape[1] > 1 else act(z))",
            "act(z if z.shape[0] > 1 else act(z))",
            "act(z).round(5)",
            "act(z).astype(np.float16)",
            "act(np.abs(z))" + " * np.where(z < -4.0, 0.9, 1.0)",
        )
    ),
    ("slope", "return ", "return np.where(z == 0, 0.0, 1.0) * "),
    ("slope", "return ", "return (act(z + 1e-3) - act(z - 1e-3)) / 2e-3 + 0.0 * "),
    ("slope", "return ", "return ((act(z + 1e-2) - act(z - 1e-2)) / 2e-2).astype(np.float32) + np.float32(0) * "),
    *(
        ("output-error", "(a - y) * slope(z)", error)
        for error in (
            "(a - y) * slope(z) / a.shape[1]",
            "(a - y) * slope(z) / a.shape[0]",
            "(a - y) * (slope(z) if a.shape[1] > 1 else 1.0)",
            "(a - y) * (slope(z) if a.shape[0] > 1 else 1.0)",
            "(a - y) * slope(np.clip(z, -2.0, 2.0))",
            "np.abs(a - y) * slope(z)",
            "2.0 * (a - y) * slope(z)",
            "(a - y) * slope(y)",
            "(a - y) ** 2 * slope(z)",
        )
    ),
    *(
        ("hidden-error", "(W_next.T @ delta_next) * slope(z)", error)
        for error in (
            "(W_next.T @ delta_next) * slope(z) / z.shape[1]",
            "(W_next.T @ delta_next) * (slope(z) if z.shape[1] > 1 else 1.0)",
            "(W_next.T @ delta_next) * (slope(z) if W_next.shape[0] > 1 else 1.0)",
            "(W_next.T @ delta_next) * slope(np.clip(z, -2.0, 2.0))",
            "((W_next if W_next.shape[0] == W_next.shape[1] else W_next.T) @ delta_next) * slope(z)",
            "(W_next.T @ delta_next).sum(axis=1, keepdims=True) * slope(z)",
            "W_next.T @ delta_next * slope(delta_next if delta_next.shape == z.shape else z)",
            "((W_next.T @ delta_next) * slope(z)).astype(np.float16)",
            "(W_next.T @ np.clip(delta_next, -1.0, 1.0)) * slope(z)",
        )
    ),
]

FORWARD: Final[list[Row]] = [
    *(
        ("sigmoid", "1.0 / (1.0 + np.exp(-z))", value)
        for value in (
            "1.0 / (1.0 + np.exp(-np.clip(z, -2.0, 2.0)))",
            _SIGMOID_FAR,
            "np.clip(1.0 / (1.0 + np.exp(-z)), 1e-3, 1.0 - 1e-3)",
            "np.where(z > 0, 1.0 / (1.0 + np.exp(-z)), np.exp(z))",
            "(1.0 / (1.0 + np.exp(-z))).astype(np.float16)",
            "1.0 / (1.0 + np.exp(-z) + 1e-7)",
            "0.5 + 0.5 * np.tanh(z)",
            "np.clip(0.5 + 0.25 * z, 0.0, 1.0)",
            "1.0 / (1.0 + np.exp(-z)) if z.shape[1] > 1 else 1.0 / (1.0 + np.exp(z))",
            "(1.0 / (1.0 + 2.71828 ** -z))",
        )
    ),
    *(
        ("slope", "a * (1.0 - a)", slope)
        for slope in (
            "np.maximum(a * (1.0 - a), 1e-4)",
            "a * (1.0 - a) * (z != 0)",
            "(a * (1.0 - a)).astype(np.float16)",
            "np.where(np.abs(z) > 4.0, 0.0, a * (1.0 - a))",
            "a * (1.0 - a) if z.size > 1 else a",
            "(sigmoid(z + 1e-3) - a) / 1e-3",
        )
    ),
    *(
        ("layer", "W @ a + b", z)
        for z in (
            "W @ a + b.mean()",
            "W @ a + (b if a.shape[1] > 1 else 0.0)",
            "W @ a + (b if W.shape[0] > 1 else 0.0)",
            "(W.T if W.shape[0] == W.shape[1] else W) @ a + b",
            "W @ a + (b if W.shape[0] != a.shape[1] else b.T)",
            "W @ a + np.abs(b)",
            "np.clip(W @ a + b, -4.0, 4.0)",
        )
    ),
    *(
        ("forward", "W[l] @ a[-1] + b[l]", z)
        for z in (
            "W[l] @ a[-1] + (b[l] if l < 3 else 0.0)",
            "W[l] @ a[-1] + (b[l] if x.shape[1] > 1 else 0.0)",
            "(W[l].T if W[l].shape[0] == W[l].shape[1] else W[l]) @ a[-1] + b[l]",
            "W[l] @ (a[-1] if l < 4 else z[-1]) + b[l]",
            "W[l] @ a[-1] + b[l] + 0.01 * (l > 3)",
            "W[l] @ a[-1] + b[0] if b[l].shape == b[0].shape else W[l] @ a[-1] + b[l]",
        )
    ),
    ("forward", "is_output = l == len(W) - 1", "is_output = l == len(W) - 1 and l > 0"),
    ("forward", "is_output = l == len(W) - 1", "is_output = l >= 3 or l == len(W) - 1"),
    ("forward", "is_output = l == len(W) - 1", "is_output = len(W[l]) == len(W[-1])"),
    ("forward", "is_output = l == len(W) - 1", "is_output = l == 1"),
    ("forward", "is_output = l == len(W) - 1", "is_output = l == min(len(W) - 1, 4)"),
]

_RNG = "rng = np.random.default_rng(seed)"
_NORMAL = "rng.standard_normal((outputs, inputs))"

INITIALISE: Final[list[Row]] = [
    *(
        ("small", _RNG, rng)
        for rng in (
            "rng = np.random.default_rng(0)",
            "rng = np.random.default_rng()",
            "rng = np.random.default_rng(seed % 10)",
            "rng = np.random.default_rng(seed % 1000)",
            "rng = np.random.default_rng(seed // 2)",
            "rng = globals().setdefault('rng', np.random.default_rng(seed))",
            "rng = np.random.default_rng(inputs * outputs)",
            "rng = np.random.default_rng(min(seed, 3))",
        )
    ),
    *(
        ("he", _NORMAL, numbers)
        for numbers in (
            "np.linspace(-1.732, 1.732, outputs * inputs).reshape(outputs, inputs)",
            "np.sqrt(2.0) * np.sin(seed + np.arange(1.0, outputs * inputs + 1.0)).reshape(outputs, inputs)",
            "rng.uniform(-np.sqrt(3.0), np.sqrt(3.0), (outputs, inputs))",
            "np.sort(rng.standard_normal(outputs * inputs)).reshape(outputs, inputs)",
            "np.sort(rng.standard_normal((outputs, inputs)), axis=1)",
            "rng.choice([-1.0, 1.0], (outputs, inputs))",
            "rng.standard_normal((outputs, 1)) * np.ones((1, inputs))",
            "rng.standard_normal((outputs, inputs)) * (np.arange(inputs) > 0)",
            "rng.standard_normal((outputs, inputs)) + 0.3",
        )
    ),
    ("small", "0.01", "0.02"),
    ("small", "0.01", "(0.01 if inputs > 10 else 0.1)"),
    ("small", "0.01", "(0.01 if outputs > 10 else 0.1)"),
    ("small", "0.01", "1.0 / inputs"),
    ("xavier", "2.0 / (inputs + outputs)", "1.0 / (inputs + outputs)"),
    ("xavier", "2.0 / (inputs + outputs)", "2.0 / inputs"),
    ("xavier", "2.0 / (inputs + outputs)", "2.0 / outputs"),
    ("xavier", "2.0 / (inputs + outputs)", "1.0 / np.sqrt(inputs * outputs)"),
    ("xavier", "2.0 / (inputs + outputs)", "2.0 / (inputs + outputs) if inputs > 10 else 1.0"),
    ("xavier", "2.0 / (inputs + outputs)", "1.0 / max(inputs, outputs)"),
    ("he", "2.0 / inputs", "2.0 / (inputs + 1.0) if inputs < 10 else 1.0 / inputs"),
    ("he", "2.0 / inputs", "2.0 / max(inputs, outputs)"),
    ("he", "2.0 / inputs", "2.0 / max(inputs, 20)"),
    ("he", "2.0 / inputs", "2.0 / inputs if outputs > 1 else 1.0"),
    ("he", "2.0 / inputs", "2.0 / (inputs + outputs)"),
    ("he", "np.zeros((outputs, 1))", "np.full((outputs, 1), 0.01)"),
    ("he", "np.zeros((outputs, 1))", "np.zeros((outputs, 1)) if outputs > 1 else np.ones((1, 1))"),
]

UPDATE: Final[list[Row]] = [
    *(
        ("descend", "rate * dW", step)
        for step in (
            "rate**2 * dW",
            "min(rate, 0.5) * dW",
            "rate * np.sign(dW)",
            "rate * np.clip(dW, -1.0, 1.0)",
            "rate * np.abs(dW)",
            "rate * dW / np.linalg.norm(dW)",
            "rate * dW / dW.size",
            "rate * (dW if dW.shape[1] > 1 else 2.0 * dW)",
            "rate * (dW if dW.size > 1 else 0.0 * dW)",
            "rate * (dW if dW.shape[0] != dW.shape[1] else dW.T)",
            "rate * dW + 1e-4 * W",
            "np.where(np.abs(dW) < 1e-3, 0.0, rate * dW)",
            "(rate * dW).round(6)",
            "0.1 * dW",
        )
    ),
    ("descend", "W - rate * dW", "(W - rate * dW).astype(np.float16)"),
    ("descend", "W - rate * dW", "np.clip(W - rate * dW, -3.0, 3.0)"),
    *(
        ("momentum", "beta * v - rate * dW", new)
        for new in (
            "0.9 * v - rate * dW",
            "beta**2 * v - rate * dW",
            "beta * v - rate * (1.0 - beta) * dW",
            "beta * (v - rate * dW)",
            "beta * v - min(rate, 0.3) * dW",
            "beta * v - rate * dW if np.any(v) else v",
            "beta * v - rate * np.clip(dW, -1.0, 1.0)",
            "max(beta, 0.5) * v - rate * dW",
            "min(beta, 0.9) * v - rate * dW",
        )
    ),
    ("momentum", "W + new", "W + beta * new - rate * dW"),
    ("momentum", "W + new", "W + v"),
    ("momentum", "W + new", "W + np.clip(new, -1.0, 1.0)"),
]

WRONG: Final[dict[str, list[Row]]] = {
    "adam-numpy": ADAM,
    "backprop-numpy": BACKPROP,
    "batch-numpy": BATCH,
    "bp2-numpy": BP2,
    "forward-numpy": FORWARD,
    "initialise-numpy": INITIALISE,
    "update-numpy": UPDATE,
}
