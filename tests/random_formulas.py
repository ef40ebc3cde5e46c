"""Random well-shaped formulas, true identities and mutants of them, for holding the kernel and the witness together."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from fractions import Fraction

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Declaration,
    Derivative,
    Entry,
    Formula,
    Function,
    Index,
    IndexSum,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    walk,
)
from derivations.setting import Setting

WIDTHS = ("m", "n", "p")
QUANTITIES: dict[str, tuple[str, str]] = {
    "A": ("m", "n"),
    "B": ("n", "p"),
    "C": ("n", "n"),
    "D": ("m", "m"),
    "E": ("n", "n"),  # symmetric
    "x": ("n", "1"),
    "u": ("n", "1"),
    "y": ("m", "1"),
    "s": ("p", "1"),
    "r": ("1", "n"),
    "c": ("1", "1"),
    "k": ("1", "1"),
}
INDEPENDENT = tuple(name for name in QUANTITIES if name != "E")


def number(value: int) -> Number:
    return Number(Fraction(value))


def extent(name: str) -> Formula:
    return number(1) if name == "1" else Symbol(name)


def setting() -> Setting:
    """The names that random formulas use."""
    result = Setting()
    for name, (rows, columns) in QUANTITIES.items():
        properties = ("symmetric",) if name == "E" else ()
        result = result.extended(Declaration(name, "quantity", extent(rows), extent(columns), properties))
    for name in ("f", "h"):
        result = result.extended(Declaration(name, "function"))
    return result.extended(Declaration("Q", "loss"))


Shape = tuple[str, str]


class Generator:
    """Random formulas from one seed. ``named`` functions (exp, relu, …) leave the complete fragment."""

    def __init__(self, seed: int, named: bool = False) -> None:
        self.random = random.Random(seed)
        self.functions = ["f", "h"] + (["sigmoid", "tanh", "exp", "relu", "softplus"] if named else [])

    def shape(self) -> Shape:
        return self.random.choice([*QUANTITIES.values(), ("1", "1"), ("n", "m"), ("p", "1")])

    def formula(self, shape: Shape, depth: int) -> Formula:
        """A formula of a shape, with at most ``depth`` operations on any path."""
        leaves = [name for name, own in QUANTITIES.items() if own == shape]
        if depth <= 0 or self.random.random() < 0.15:
            return self._leaf(shape, leaves)
        rows, columns = shape
        choices = ["sum", "sum", "product", "product", "product", "turned", "minus", "scaled", "hadamard", "function"]
        if shape == ("1", "1"):
            choices += ["total", "trace", "loss", "norm", "indexed", "dot", "derivative"]
        elif columns == "1":
            choices += ["gradient", "gradient", "jacobian vector", "row sums"]
        elif rows == columns:
            choices += ["diagonal", "jacobian"]
        else:
            choices += ["gradient"]
        return self._node(self.random.choice(choices), shape, depth - 1)

    def _leaf(self, shape: Shape, leaves: list[str]) -> Formula:
        if leaves and self.random.random() < 0.9:
            return Symbol(self.random.choice(leaves))
        turned = [name for name, own in QUANTITIES.items() if own == shape[::-1]]
        if turned:
            return Transpose(Symbol(self.random.choice(turned)))
        if shape == ("1", "1"):
            return self.random.choice([number(2), number(3), Symbol("n"), Symbol("c")])
        rows, columns = shape
        left = [name for name, own in QUANTITIES.items() if own[0] == rows]
        name = self.random.choice(left)
        return (
            Binary(Op.PRODUCT, Symbol(name), self.formula((QUANTITIES[name][1], columns), 0))
            if (QUANTITIES[name][1] != rows)
            else Call("ones", (extent(rows), extent(columns)))
        )

    def _node(self, kind: str, shape: Shape, depth: int) -> Formula:
        rows, columns = shape
        one = ("1", "1")
        pick = self.random.choice
        match kind:
            case "sum":
                return Binary(pick([Op.PLUS, Op.MINUS]), self.formula(shape, depth), self.formula(shape, depth))
            case "product":
                inner = pick([*WIDTHS, "1"])
                return Binary(Op.PRODUCT, self.formula((rows, inner), depth), self.formula((inner, columns), depth))
            case "turned":
                return Transpose(self.formula((columns, rows), depth))
            case "minus":
                return Negation(self.formula(shape, depth))
            case "scaled":
                return Binary(Op.PRODUCT, self.formula(one, min(depth, 1)), self.formula(shape, depth))
            case "hadamard":
                return Binary(Op.HADAMARD, self.formula(shape, depth), self.formula(shape, depth))
            case "function":
                function = Function(pick(self.functions), None, pick([0, 0, 0, 1, 2]))
                return Apply(function, self.formula(shape, min(depth, 2)))
            case "total":
                return Call("sum", (self.formula(self.shape(), depth),))
            case "trace":
                n = pick(WIDTHS)
                return Call("tr", (self.formula((n, n), depth),))
            case "loss":
                return Apply(Function("Q"), self.formula((pick(WIDTHS), "1"), min(depth, 2)))
            case "norm":
                return Power(Norm(self.formula(self.shape(), depth)), number(2))
            case "dot":
                n = pick(WIDTHS)
                return Binary(Op.PRODUCT, self.formula(("1", n), depth), self.formula((n, "1"), depth))
            case "indexed":
                n = pick(WIDTHS)
                i = Index("i")
                first, second = (Entry(self.formula((n, "1"), min(depth, 1)), (i,)) for _ in range(2))
                return IndexSum("i", Binary(Op.PRODUCT, first, second))
            case "row sums":
                return Call("sum", (self.formula((rows, pick(WIDTHS)), depth),), axis=1)
            case "diagonal":
                return Call("diag", (self.formula((rows, "1"), depth),))
            case "derivative":
                return Derivative(self.formula(one, depth), Symbol(pick(["c", "k"])))
            case "gradient":
                names = [name for name in INDEPENDENT if QUANTITIES[name] == shape]
                if not names:
                    return self.formula(shape, depth)
                return Derivative(self.formula(one, depth), Symbol(pick(names)))
            case "jacobian":
                names = [name for name in INDEPENDENT if QUANTITIES[name] == (rows, "1")]
                if not names:
                    return self.formula(shape, depth)
                return Derivative(self.formula((columns, "1"), min(depth, 2)), Symbol(pick(names)))
            case _:
                names = [name for name in INDEPENDENT if QUANTITIES[name] == (rows, "1")]
                if not names:
                    return self.formula(shape, depth)
                n = pick(WIDTHS)
                jacobian = Derivative(self.formula((n, "1"), min(depth, 2)), Symbol(pick(names)))
                return Binary(Op.PRODUCT, jacobian, self.formula((n, "1"), depth))

    # ---- true identities: closed forms of derivatives and counts, from textbooks ----

    def known(self, depth: int = 1) -> tuple[Formula, Formula]:
        """Both sides of a textbook identity, with random formulas in it."""
        pick = self.random.choice
        n, k = pick(WIDTHS), pick(WIDTHS)
        variable = {"n": "x", "m": "y", "p": "s"}[n]
        x = Symbol(variable)
        matrix, vector = self._without(variable, (k, n), depth), self._without(variable, (k, "1"), depth)
        square = self._without(variable, (n, n), depth)
        weight = self._without(variable, (k, "1"), depth)
        affine = Binary(Op.PLUS, Binary(Op.PRODUCT, matrix, x), vector)

        def of(name: str, order: int, argument: Formula) -> Formula:
            return Apply(Function(name, None, order), argument)

        def product(*factors: Formula) -> Formula:
            result = factors[0]
            for factor in factors[1:]:
                result = Binary(Op.PRODUCT, result, factor)
            return result

        turned = Transpose(matrix)
        ones, eye = Call("ones", (Symbol(n), Symbol(k))), Call("eye", (Symbol(n),))
        cube = Binary(Op.HADAMARD, Binary(Op.HADAMARD, x, x), x)
        return pick(
            [
                (Derivative(product(Transpose(weight), matrix, x), x), product(turned, weight)),
                (
                    Derivative(product(Transpose(x), square, x), x),
                    product(Binary(Op.PLUS, square, Transpose(square)), x),
                ),
                (Derivative(Call("sum", (of("f", 0, affine),)), x), product(turned, of("f", 1, affine))),
                (
                    Derivative(product(Transpose(weight), of("f", 1, affine)), x),
                    product(turned, Binary(Op.HADAMARD, weight, of("f", 2, affine))),
                ),
                (Derivative(Power(Norm(affine), number(2)), x), product(number(2), turned, affine)),
                (Derivative(of("f", 0, affine), x), product(turned, Call("diag", (of("f", 1, affine),)))),
                (Derivative(Call("sum", (cube,)), x), product(number(3), Binary(Op.HADAMARD, x, x))),
                (Derivative(product(Call("sum", (x,)), Call("sum", (x,))), x),
                 product(number(2), Call("sum", (x,)), Call("ones", (Symbol(n), number(1))))),
                (Derivative(affine, x), turned),
                (Derivative(Call("tr", (product(Transpose(x), square, x),)), x),
                 product(Binary(Op.PLUS, square, Transpose(square)), x)),
                (Call("tr", (eye,)), Symbol(n)),
                (Call("sum", (ones,)), product(Symbol(n), Symbol(k))),
                (Call("diag", (Call("ones", (Symbol(n), number(1))),)), eye),
                (product(Call("sum", (x,)), Call("sum", (weight,))), Call("sum", (product(x, Transpose(weight)),))),
                (Call("tr", (Call("diag", (x,)),)), Call("sum", (x,))),
                (product(Call("diag", (x,)), x), Binary(Op.HADAMARD, x, x)),
                (Derivative(Power(Call("sum", (x,)), number(4)), x),
                 product(number(4), Power(Call("sum", (x,)), number(3)), Call("ones", (Symbol(n), number(1))))),
            ]
        )  # fmt: skip

    def _without(self, variable: str, shape: Shape, depth: int) -> Formula:
        """A random formula in which a variable does not occur."""
        while True:
            formula = self.formula(shape, depth)
            if all(node != Symbol(variable) for node in walk(formula)):
                return formula

    # ---- true identities: rewrite by laws of matrix algebra ----

    def rewritten(self, formula: Formula) -> Formula:
        """A formula that is equal, by one or more laws applied at random places."""
        rebuilt = self._inside(formula, self.rewritten)
        return self._law(rebuilt) if self.random.random() < 0.6 else rebuilt

    def _inside(self, formula: Formula, change: object) -> Formula:
        changes = {}
        for slot in fields(formula):
            value = getattr(formula, slot.name)
            if isinstance(value, Formula) and slot.name not in ("by", "exponent"):
                changes[slot.name] = change(value)  # type: ignore[operator]
        return replace(formula, **changes) if changes else formula

    def _law(self, formula: Formula) -> Formula:
        match formula:
            case Binary(Op.PLUS, a, b):
                return Binary(Op.PLUS, b, a)
            case Binary(Op.MINUS, a, b):
                return Binary(Op.PLUS, Negation(b), a)
            case Binary(Op.HADAMARD, a, b):
                return Binary(Op.HADAMARD, b, a)
            case Transpose(Binary(Op.PRODUCT, a, b)):
                return Binary(Op.PRODUCT, Transpose(b), Transpose(a))
            case Transpose(Binary(op, a, b)):
                return Binary(op, Transpose(a), Transpose(b))
            case Transpose(Transpose(a)):
                return a
            case Binary(Op.PRODUCT, Binary(Op.PRODUCT, a, b), c):
                return Binary(Op.PRODUCT, a, Binary(Op.PRODUCT, b, c))
            case Binary(Op.PRODUCT, Binary(Op.PLUS, a, b), c):
                return Binary(Op.PLUS, Binary(Op.PRODUCT, a, c), Binary(Op.PRODUCT, b, c))
            case Call("tr", (a,)):
                return Call("tr", (Transpose(a),))
            case Call("sum", (a,)) if formula.axis is None:
                return Call("sum", (Transpose(a),))
            case Power(Norm(a), _):
                return Call("tr", (Binary(Op.PRODUCT, Transpose(a), a),))
            case Negation(a):
                return Binary(Op.PRODUCT, Negation(number(1)), a)
            case Symbol(name) if name in WIDTHS:
                return Call("tr", (Call("eye", (formula,)),))
            case Symbol("E"):
                return Transpose(Symbol("E"))
            case Derivative(Binary(Op.PLUS, a, b), by):
                return Binary(Op.PLUS, Derivative(a, by), Derivative(b, by))
            case _:
                return formula

    # ---- mutants: one small slip, shapes often kept ----

    def mutated(self, formula: Formula) -> Formula:
        """A formula with one random slip; it may happen to be equal."""
        places = self._count(formula)
        target = self.random.randrange(places)
        self._left = target
        return self._mutate(formula)

    def _count(self, formula: Formula) -> int:
        return 1 + sum(
            self._count(getattr(formula, slot.name))
            for slot in fields(formula)
            if isinstance(getattr(formula, slot.name), Formula) and slot.name not in ("by", "exponent")
        )

    def _mutate(self, formula: Formula) -> Formula:
        if self._left == 0:
            self._left = -1
            return self._slip(formula)
        self._left -= 1
        return self._inside(formula, self._mutate)

    def _slip(self, formula: Formula) -> Formula:
        match formula:
            case Symbol(name) if name in QUANTITIES:
                alike = [other for other, own in QUANTITIES.items() if own == QUANTITIES[name] and other != name]
                turned = Transpose(formula)
                return Symbol(self.random.choice(alike)) if alike and self.random.random() < 0.7 else turned
            case Symbol(name) if name in WIDTHS:
                return number(1)
            case Binary(Op.PLUS, a, b):
                return Binary(Op.MINUS, a, b)
            case Binary(Op.MINUS, a, b):
                return Binary(Op.MINUS, b, a)
            case Binary(Op.HADAMARD, a, _):
                return a
            case Binary(Op.PRODUCT, a, b):
                return Binary(Op.PRODUCT, b, a)
            case Apply(function, a):
                return Apply(replace(function, order=function.order + 1), a) if function.name != "Q" else formula
            case Transpose(a):
                return a
            case Negation(a):
                return a
            case Number(value):
                return Number(value + 1)
            case _:
                return Binary(Op.PRODUCT, number(2), formula)
