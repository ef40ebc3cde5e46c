"""Right programs in other styles than the references': loops, einsum, in place on copies, single precision, lists."""

from __future__ import annotations

from typing import Final

Answers = dict[str, str]

ADAM: Final[list[Answers]] = [
    {
        "clip": "def clip(g, largest):\n    return g * min(1.0, largest / np.linalg.norm(g))\n",
        "mean": """def descend_by_mean(W, dW, v, rate, beta):
    v = v.copy()
    v *= beta
    v += (1 - beta) * dW
    W = W.copy()
    W -= rate * v
    return [W, v]
""",
        "adam": """def adam(W, dW, m, v, t, rate, beta1, beta2, eps):
    W, m, v = W.copy(), m.copy(), v.copy()
    for j in range(W.shape[0]):
        for k in range(W.shape[1]):
            m[j, k] += (1 - beta1) * (dW[j, k] - m[j, k])
            v[j, k] += (1 - beta2) * (dW[j, k] ** 2 - v[j, k])
            W[j, k] -= rate * (m[j, k] / (1 - beta1**t)) / ((v[j, k] / (1 - beta2**t)) ** 0.5 + eps)
    return W, m, v
""",
    },
    {
        "clip": "def clip(g, largest):\n    return g / max(1.0, np.sqrt((g**2).sum()) / largest)\n",
        "mean": """def descend_by_mean(W, dW, v, rate, beta):
    W, dW, v = (np.asarray(array, dtype=np.float32) for array in (W, dW, v))
    new = np.float32(beta) * v + np.float32(1 - beta) * dW
    return W - np.float32(rate) * new, new
""",
        "adam": """def adam(W, dW, m, v, t, rate, beta1, beta2, eps):
    def mean(old, taken, beta):
        return old - (1 - beta) * (old - taken)

    m, v = mean(m, dW, beta1), mean(v, np.square(dW), beta2)
    step = m * np.sqrt(1 - beta2**t) / (1 - beta1**t) / (np.sqrt(v) + eps * np.sqrt(1 - beta2**t))
    return W - rate * step, m, v
""",
    },
    {"clip": "def clip(g, c):\n    n = np.linalg.norm(g)\n    return np.where(n <= c, g, c * g / n)\n"},
]

BACKPROP: Final[list[Answers]] = [
    {
        "hidden-error": """def hidden_error(W_next, delta_next, z):
    s = np.empty_like(z)
    for j in range(z.shape[0]):
        for i in range(z.shape[1]):
            s[j, i] = sum(W_next[k, j] * delta_next[k, i] for k in range(len(W_next)))
    a = 0.5 * (1 + np.tanh(z / 2))
    return s * a * (1 - a)
""",
        "backprop": """def backprop(W, b, x, y):
    L, m = len(W), x.shape[1]
    dW, db = [np.zeros_like(w) for w in W], [np.zeros_like(c) for c in b]
    for i in range(m):
        a, z = [x[:, [i]]], []
        for w, c in zip(W, b):
            z.append(np.dot(w, a[-1]) + c)
            a.append(sigmoid(z[-1]))
        delta = (a[-1] - y[:, [i]]) * sigmoid_prime(z[-1])
        for l in range(L - 1, -1, -1):
            dW[l] += np.outer(delta, a[l])
            db[l] += delta
            if l > 0:
                delta = np.dot(W[l].T, delta) * a[l] * (1 - a[l])
    return [d / m for d in dW], [d / m for d in db]
""",
    },
    {
        "hidden-error": """def hidden_error(W_next, delta_next, z):
    e = np.exp(-np.abs(z))
    return np.einsum("kj,ki->ji", W_next, delta_next) * e / (1 + e) ** 2
""",
        "backprop": """def backprop(W, b, x, y):
    def back(l, a):
        if l == len(W):
            return a - y, [], []
        out = sigmoid(W[l] @ a + b[l])
        da, dW, db = back(l + 1, out)
        dz = da * out * (1.0 - out)
        return W[l].T @ dz, [np.einsum("ji,ki->jk", dz, a) / a.shape[1], *dW], [dz.mean(1)[:, None], *db]

    _, dW, db = back(0, x)
    return tuple(dW), tuple(db)
""",
    },
    {
        "backprop": """def backprop(W, b, x, y):
    W, b = [w.astype(np.float32) for w in W], [c.astype(np.float32) for c in b]
    a = [x.astype(np.float32)]
    for w, c in zip(W, b):
        a.append((1 / (1 + np.exp(-(w @ a[-1] + c)))).astype(np.float32))
    delta = (a[-1] - y.astype(np.float32)) * a[-1] * (1 - a[-1])
    dW, db = [], []
    for l in reversed(range(len(W))):
        dW.append(delta @ a[l].T / np.float32(x.shape[1]))
        db.append(np.mean(delta, axis=1, keepdims=True))
        delta = W[l].T @ delta * a[l] * (1 - a[l])
    return dW[::-1], db[::-1]
""",
    },
]

BATCH: Final[list[Answers]] = [
    {
        "output": "def output_dZ(A, Y, Z):\n    return (-Y / A + (1 - Y) / (1 - A)) * A * (1 - A)\n",
        "gradients": """def gradients(dZ, A_before):
    m = dZ.shape[1]
    dW, db = np.zeros((len(dZ), len(A_before))), np.zeros((len(dZ), 1))
    for i in range(m):
        dW += dZ[:, i : i + 1] * A_before[:, i]
        db[:, 0] += dZ[:, i]
    return dW / m, db / m
""",
        "backward": """def backward(W, b, X, Y):
    A, Z, L = {0: X}, {}, len(W)
    for l in range(1, L + 1):
        Z[l] = W[l - 1] @ A[l - 1] + b[l - 1]
        A[l] = hidden(Z[l]) if l < L else sigmoid(Z[l])
    m = X.shape[1]
    dZ = {L: (A[L] - Y) / m}
    for l in range(L - 1, 0, -1):
        dZ[l] = hidden_slope(Z[l]) * np.einsum("kj,ki->ji", W[l], dZ[l + 1])
    ones = np.ones((m, 1))
    return [dZ[l] @ A[l - 1].T for l in range(1, L + 1)], [dZ[l] @ ones for l in range(1, L + 1)]
""",
    },
    {
        "output": "def output_dZ(A, Y, Z):\n    D = A.copy()\n    D -= Y\n    return D\n",
        "gradients": """def gradients(dZ, A_before):
    dZ, A_before = dZ.astype(np.float32), A_before.astype(np.float32)
    return (A_before @ dZ.T).T / np.float32(dZ.shape[1]), np.mean(dZ, 1, keepdims=True)
""",
    },
]

BP2: Final[list[Answers]] = [
    {
        "slope": """def slope(z):
    a = act(z)
    return (1 + a) * (1 - a) if act(np.zeros(1))[0] == 0 else a - a * a
""",
        "output-error": "def output_error(a, y, z):\n    d = slope(z)\n    d *= a - y\n    return d\n",
        "hidden-error": """def hidden_error(W_next, delta_next, z):
    columns = [(delta_next[:, i] @ W_next) * slope(z[:, i]) for i in range(z.shape[1])]
    return np.stack(columns, axis=1)
""",
    },
    {
        "output-error": "def output_error(a, y, z):\n    return -(y - a) * slope(z)\n",
        "hidden-error": """def hidden_error(W_next, delta_next, z):
    return (slope(z).astype(np.float32) * (W_next.astype(np.float32).T @ delta_next.astype(np.float32)))
""",
    },
]

FORWARD: Final[list[Answers]] = [
    {
        "sigmoid": """def sigmoid(z):
    above = 1 / (1 + np.exp(-np.abs(z)))
    return np.where(z >= 0, above, 1 - above)
""",
        "slope": "def sigmoid_prime(z):\n    return np.exp(-z) / (1 + np.exp(-z)) ** 2\n",
        "layer": "def layer(W, b, a):\n    z = np.dot(W, a)\n    z += b\n    return z, sigmoid(z)\n",
    },
    {
        "sigmoid": "def sigmoid(z):\n    return np.exp(z) / (1 + np.exp(z))\n",
        "slope": "def sigmoid_prime(z):\n    return sigmoid(z) * sigmoid(-z)\n",
        "layer": """def layer(W, b, a):
    z = np.zeros((len(W), a.shape[1]))
    for j in range(len(W)):
        for i in range(a.shape[1]):
            z[j, i] = sum(W[j, k] * a[k, i] for k in range(len(a))) + b[j, 0]
    return z, sigmoid(z)
""",
    },
    {
        "sigmoid": "def sigmoid(z):\n    return 0.5 * (1 + np.tanh(0.5 * z))\n",
        "slope": "def sigmoid_prime(z):\n    return (sigmoid(z) - sigmoid(z) ** 2).astype(np.float32)\n",
        "layer": """def layer(W, b, a):
    z = np.einsum("jk,ki->ji", W, a) + b
    return [z, sigmoid(np.clip(z, -500, 500))]
""",
    },
]

INITIALISE: Final[list[Answers]] = [
    {
        "small": "def small(inputs, outputs, seed):\n    np.random.seed(seed)\n"
        "    return np.random.randn(outputs, inputs) * 0.01, np.zeros((outputs, 1))\n",
        "xavier": """def xavier(inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    return rng.normal(0.0, (2 / (inputs + outputs)) ** 0.5, size=(outputs, inputs)), np.zeros([outputs, 1])
""",
        "he": """def he(inputs, outputs, seed):
    rng = np.random.RandomState(seed)
    return rng.normal(size=(inputs, outputs)).T * np.sqrt(2) / np.sqrt(inputs), 0 * np.ones((outputs, 1))
""",
    },
    {
        "small": """def small(inputs, outputs, seed):
    import random
    draw = random.Random(seed)
    return [[draw.gauss(0, 0.01) for _ in range(inputs)] for _ in range(outputs)], [[0.0] for _ in range(outputs)]
""",
        "xavier": """def xavier(inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    W = rng.standard_normal((outputs, inputs), dtype=np.float32)
    W *= np.float32(np.sqrt(2 / (inputs + outputs)))
    return W, np.zeros((outputs, 1), dtype=np.float32)
""",
        "he": """def he(inputs, outputs, seed):
    rng = np.random.default_rng(seed)
    b = np.zeros((outputs, 1))
    return np.stack([rng.standard_normal(inputs) for _ in range(outputs)]) * np.sqrt(2.0 / inputs), b
""",
    },
]

UPDATE: Final[list[Answers]] = [
    {
        "descend": "def descend(W, dW, rate):\n    return np.subtract(W, np.multiply(rate, dW))\n",
        "momentum": """def descend_with_memory(W, dW, v, rate, beta):
    W, v = np.array(W), np.array(v)
    v *= beta
    v -= rate * dW
    W += v
    return W, v
""",
    },
    {
        "descend": """def descend(W, dW, rate):
    new = W.copy()
    for j in range(W.shape[0]):
        for k in range(W.shape[1]):
            new[j, k] -= rate * dW[j, k]
    return new
""",
        "momentum": """def descend_with_memory(W, dW, v, rate, beta):
    W, dW, v = (array.astype(np.float32) for array in (W, dW, v))
    return W + (beta * v - rate * dW), beta * v - rate * dW
""",
    },
    {"descend": "def descend(W, dW, rate):\n    return (-rate * dW + W).tolist()\n"},
]

RIGHT: Final[dict[str, list[Answers]]] = {
    "adam-numpy": ADAM,
    "backprop-numpy": BACKPROP,
    "batch-numpy": BATCH,
    "bp2-numpy": BP2,
    "forward-numpy": FORWARD,
    "initialise-numpy": INITIALISE,
    "update-numpy": UPDATE,
}
