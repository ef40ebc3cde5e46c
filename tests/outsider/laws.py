"""Changing expressions: by laws, which keep the value; by slips, which seldom do; and differentiating them by hand."""

from __future__ import annotations

from functools import reduce
from random import Random

from tests.outsider.drawing import NAMED
from tests.outsider.trees import Misfit, Node, eye, fun, make, num, ones

A, B, C, K, L, c, d, u, v = (Node("any", data=name, shape=None) for name in "ABCKLcduv")
"""What a law is about: A, B, C anything, K, L no numbers, c, d numbers, u, v columns."""


def _sum(a: Node) -> Node:
    return make("sum", a)


def _tr(a: Node) -> Node:
    return make("tr", a)


def _det(a: Node) -> Node:
    return make("det", a)


def _squared(a: Node) -> Node:
    return make("epow", a, data=2)


ONE, TWO = num(1), num(2)
LAWS: list[tuple[Node, Node]] = [
    (A + B, B + A), (A - B, A + -B), (A - B, -(B - A)), (A + A, TWO @ A), (-A, num(-1) @ A), (A + (B + C), A + B + C),
    (A * B, B * A), (A * A, _squared(A)), (u * v, make("diag", u) @ v), (K.T.T, K),
    (c @ A, A @ c), (A @ (B @ C), A @ B @ C), ((c @ A) @ B, A @ (c @ B)),
    ((A + B) @ C, A @ C + B @ C), ((A - B) @ C, A @ C - B @ C), (C @ (A + B), C @ A + C @ B),
    (A / c, (ONE / c) @ A), ((c / d) @ A, (c @ A) / d), ((A + B) / c, A / c + B / c), (A / (c @ d), A / c / d),
    ((K @ L).T, L.T @ K.T), ((c @ K).T, c @ K.T), ((A + B).T, A.T + B.T), ((A - B).T, A.T - B.T),
    ((A * B).T, A.T * B.T), (make("diag", u).T, make("diag", u)),
    (u.T @ v, v.T @ u), (u.T @ v, _sum(u * v)), (u.T @ v, _tr(v @ u.T)),
    (u.T @ u, make("normsq", u)), (make("normsq", u), _sum(_squared(u))), (make("normsq", u), make("norm", u) ** 2),
    (_tr(K @ L), _tr(L @ K)), (_tr(K @ L), _sum(K.T * L)), (_tr(A + B), _tr(A) + _tr(B)), (_tr(K), _tr(K.T)),
    (_det(K), _det(K.T)), (_det(K @ L), _det(K) @ _det(L)), (A**2, A @ A), (A**3, A @ A**2),
    (fun("exp", c + d), fun("exp", c) @ fun("exp", d)), (fun("exp", c), ONE / fun("exp", -c)),
    (fun("sigmoid", c), ONE / (ONE + fun("exp", -c))), (fun("sigmoid", c), ONE - fun("sigmoid", -c)),
    (fun("tanh", c), TWO @ fun("sigmoid", TWO @ c) - ONE), (fun("tanh", A), -fun("tanh", -A)),
    (fun("sigmoid", c, 1), fun("sigmoid", c) @ (ONE - fun("sigmoid", c))),
    (fun("tanh", c, 1), ONE - fun("tanh", c) ** 2),
]  # fmt: skip
"""Both sides of each are equal wherever they have a value."""

SLIPS: list[tuple[Node, Node]] = [
    (A + B, A - B), (A - B, A + B), (A + B, A), (A - B, A), (-A, A), (K.T, K), (A @ B, B @ A), (A @ B, A), (A @ B, B),
    (A @ B, A * B), (A @ B, TWO @ (A @ B)), (A * B, A), (A * B, A @ B), (A * B, make("quo", A, B)), (A / c, A),
    (A / c, A @ c), (A**2, A), (_squared(A), A), (make("inv", A), A), (make("softmax", A), A), (_tr(A), _sum(A)),
    (_det(A), _tr(A)), (make("normsq", A), make("norm", A)), (make("rowsum", A), A @ ones("m")),
]  # fmt: skip

ASSUMED: dict[str, list[tuple[Node, Node]]] = {
    "symmetric": [(A, A.T)],
    "diagonal": [(A, A.T), (A @ A, A * A)],
    "invertible": [(A @ make("inv", A), eye("n"))],
    "positive": [(A, fun("abs", A)), (fun("exp", fun("log", A)), A)],
    "sums to 1": [(_sum(A), ONE)],
    "binary": [(_squared(A), A), (A * A, A)],
    "one-hot": [(_sum(A), ONE), (_squared(A), A), (make("normsq", A), ONE)],
}
"""What holds of a name of which something is assumed."""


def matched(pattern: Node, node: Node, found: dict[str, Node]) -> bool:
    """Whether a node is an instance of a pattern; ``found`` takes what its variables stand for."""
    if pattern.op != "any":
        alike = (pattern.op, pattern.data, len(pattern.args)) == (node.op, node.data, len(node.args))
        return alike and all(matched(p, n, found) for p, n in zip(pattern.args, node.args, strict=True))
    name = pattern.data
    fits = {"c": node.is_scalar, "d": node.is_scalar, "u": node.is_column, "v": node.is_column}
    return fits.get(name, name in "ABC" or not node.is_scalar) and found.setdefault(name, node) == node


def instance(pattern: Node, found: dict[str, Node]) -> Node:
    if pattern.op == "any":
        return found[pattern.data]
    args = [instance(arg, found) for arg in pattern.args]
    return make(pattern.op, *args, data=pattern.data, shape=pattern.shape) if args else pattern


def _changes(node: Node, rules: list[tuple[Node, Node]]) -> list[Node]:
    """What a node becomes by each of the rules that is about it, and fits."""
    results = []
    for before, after in rules:
        found: dict[str, Node] = {}
        if before.op != "any" and matched(before, node, found):
            try:
                results.append(instance(after, found))
            except (Misfit, KeyError):  # KeyError: the other side says more
                continue
    return results


def _more_laws(node: Node) -> list[Node]:
    a = node.args
    if node.op == "sum" and a[0].is_column:
        return [ones(a[0].rows).T @ a[0]]
    if node.op == "rowsum" and not a[0].is_column:
        return [a[0] @ ones(a[0].columns)]
    return [eye(node.rows) @ node] if node.op == "sym" and not node.is_scalar else []


BOTH_WAYS = LAWS + [(after, before) for before, after in LAWS]


def rewritten(e: Node, rng: Random, times: int) -> Node:
    """The expression after so many laws, each at a place of its own."""
    for _ in range(times):
        for node in rng.sample(nodes := e.nodes(), len(nodes)):
            results = [r for r in _changes(node, BOTH_WAYS) + _more_laws(node) if r.shape == node.shape]
            if results:
                e = e.swapped(node, rng.choice(results))
                break
    return e


def slipped(e: Node, rng: Random) -> Node:
    """The expression with one slip somewhere. What does not fit any more raises Misfit."""
    for node in rng.sample(nodes := e.nodes(), len(nodes)):
        results = _changes(node, SLIPS)
        if node.op == "sym":
            results += [other for other in NAMED.values() if other.shape == node.shape and other != node]
        elif node.op == "num":
            results += [num(node.data + 1), num(-node.data)]
        elif node.op == "fun":
            (name, primes), (z,) = node.data, node.args
            results += [z, fun("tanh" if name != "tanh" else "f", z, primes and 1)]
            results += [fun(name, z, 1 - primes)] * 2 if name in ("tanh", "sigmoid", "f") and primes < 2 else []
        elif node.op == "entry" and len(node.data) == 2:
            results += [make("entry", *node.args, data=node.data[::-1])]
        if results:
            return e.swapped(node, rng.choice(results))
    raise Misfit


# ---- derivatives by hand, in denominator layout; Misfit where no rule is known ----


def total(parts: list[Node]) -> Node:
    if not parts:
        raise Misfit
    return reduce(lambda a, b: a + b, parts)


def _primed(e: Node) -> Node:
    name, primes = e.data
    if primes > 1 or (primes and name in ("relu", "abs", "sqrt")):
        raise Misfit
    if name == "log" and not e.is_scalar:
        raise Misfit
    return e if name == "exp" else ONE / e.args[0] if name == "log" else fun(name, e.args[0], primes + 1)


def slope(f: Node, by: str) -> Node:
    """∂f/∂by of a number f, worked out backwards."""
    found: list[Node] = []

    def back(e: Node, g: Node) -> None:
        """Add what e passes on, where g is the derivative of f by e."""
        a = e.args
        match e.op if e.depends_on(by) else "constant":
            case "constant":
                return
            case "sym":
                found.append(g)
            case "add" | "sub":
                back(a[0], g)
                back(a[1], g if e.op == "add" else -g)
            case "neg":
                back(a[0], -g)
            case "mul" if e.is_scalar and a[0].is_scalar:
                back(a[0], _times(g, a[1]))
                back(a[1], _times(g, a[0]))
            case "mul" if a[0].is_scalar or a[1].is_scalar:
                number, array = a if a[0].is_scalar else a[::-1]
                back(number, g.T @ array if array.is_column else _sum(g * array))
                back(array, number @ g)
            case "mul":
                back(a[0], _times(g, a[1].T))
                back(a[1], _times(g, a[0].T) if g.is_scalar else a[0].T @ g)
            case "had":
                back(a[0], g * a[1])
                back(a[1], g * a[0])
            case "div":
                over = a[0] / a[1] ** 2
                back(a[0], g / a[1])
                back(a[1], -(_times(g, over) if e.is_scalar else _sum(g * over)))
            case "T":
                back(a[0], g.T)
            case "tr":
                back(a[0], g if a[0].is_scalar else _times(g, eye(a[0].rows)))
            case "det":
                back(a[0], _times(g, e @ make("inv", a[0]).T))
            case "inv":
                back(a[0], -(e.T @ g @ e.T))
            case "normsq":
                back(a[0], _times(g, TWO @ a[0]))
            case "norm":
                back(a[0], _times(g, a[0] / e))
            case "sum" | "rowsum":
                row = _times(g, ones(a[0].rows)) if e.op == "sum" else g
                back(a[0], row if a[0].columns == "1" else row @ ones(a[0].columns).T)
            case "pow" if e.is_scalar:
                back(a[0], _times(g, num(e.data) @ (a[0] if e.data == 2 else a[0] ** (e.data - 1))))
            case "epow":
                back(a[0], g * (TWO @ a[0]))
            case "fun":
                back(a[0], _times(g, _primed(e)) if e.is_scalar else g * _primed(e))
            case "softmax":
                back(a[0], e * g - e @ e.T @ g)
            case "diag":
                back(a[0], (g * eye(g.rows)) @ ones(g.rows))
            case _:
                raise Misfit

    back(f, ONE)
    return total(found)


def _times(g: Node, factor: Node) -> Node:
    return factor if g == ONE else g @ factor


def jacobian(e: Node, by: str) -> Node:
    """∂e/∂by of a column by a column: entry (j, k) is ∂e_k/∂by_j."""
    a = e.args
    match e.op:
        case "sym" if e.data == by:
            return eye(e.rows)
        case "add" | "sub" if a[0].depends_on(by) and a[1].depends_on(by):
            return make(e.op, jacobian(a[0], by), jacobian(a[1], by))
        case "add":
            return jacobian(a[0] if a[0].depends_on(by) else a[1], by)
        case "neg":
            return -jacobian(a[0], by)
        case "mul" if a[0].is_scalar or a[1].is_scalar:
            number, column = a if a[0].is_scalar else a[::-1]
            parts = [number @ jacobian(column, by)] if column.depends_on(by) else []
            return total(parts + ([slope(number, by) @ column.T] if number.depends_on(by) else []))
        case "mul" if not a[0].depends_on(by):
            return jacobian(a[1], by) @ a[0].T
        case "had":
            parts = [jacobian(p, by) @ make("diag", q) for p, q in (a, a[::-1]) if p.depends_on(by)]
            return total(parts)
        case "fun":
            return jacobian(a[0], by) @ make("diag", _primed(e))
        case "softmax":
            return jacobian(a[0], by) @ (make("diag", e) - e @ e.T)
    raise Misfit
