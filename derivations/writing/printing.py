"""What all spellings share: one rule a node, and brackets only where LANGUAGE's "Binding" needs them.

A spelling is a ``Printer`` with its own signs and names; it overrides the rules that it writes differently.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Set
from fractions import Fraction
from typing import Literal, TypeAlias, assert_never

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)
from derivations.values import replaced
from derivations.writing.glyphs import Signs, decimal
from derivations.writing.pieces import Level, Text, ends_in, ends_in_name, text

Notation: TypeAlias = Literal["superscript", "bracket"]
"""Whether a layer is written ``W^{l+1}`` or ``W^{[l+1]}``."""

WIDTH = "n"
"""The network's width n_l, whose layer is a subscript (in bracket notation, n^{[l]})."""

_LEVELS = {
    Op.PLUS: Level.ADDITION,
    Op.MINUS: Level.ADDITION,
    Op.HADAMARD: Level.HADAMARD,
    Op.QUOTIENT: Level.HADAMARD,
    Op.STAR: Level.STAR,
    Op.OVER: Level.STAR,
    Op.PRODUCT: Level.PRODUCT,
}


class Printer(ABC):
    """Formula → text, in one spelling; ``scalars`` are the names that are numbers, as in 1/m x."""

    signs: Signs
    short_fractions = True  # 1/m, not 1 / m

    def __init__(self, notation: Notation, scalars: Set[str]) -> None:
        self.notation = notation
        self.scalars = scalars
        self._written: dict[int, Text] = {}  # by identity; each text holds on to its node

    def write(self, node: Formula) -> Text:
        """The node's text. Left operands come first, so that a sum of a thousand terms does not exhaust the stack."""
        spine = [node]
        while isinstance(last := spine[-1], Binary) and id(last) not in self._written:
            spine.append(last.left)
        for inner in reversed(spine):
            if id(inner) not in self._written:
                self._written[id(inner)] = replaced(self.rule(inner), node=inner)
        return self._written[id(node)]

    def rule(self, node: Formula) -> Text:
        """The node's text by its kind; ``write`` notes whose text it is."""
        match node:
            case Number(value):
                return self.number(value)
            case Symbol(name, layer, sample):
                return self.symbol(name, layer, sample)
            case Entry(of, indices):
                return self.entry(of, indices)
            case Transpose(of):
                return self.transpose(of)
            case Negation(of):
                return self.negation(of)
            case Binary(op, left, right):
                return self.binary(op, left, right)
            case Power(of, exponent, elementwise):
                return self.power(of, exponent, elementwise)
            case Norm(of):
                return self.norm(of)
            case Apply(function, argument):
                return self.apply(function, argument)
            case Call("eye", ()):
                return text(Level.ATOM, self.name("δ"))
            case Call(name, arguments, axis, keepdims):
                return self.call(name, arguments, axis, keepdims)
            case Derivative(of, by):
                return self.derivative(of, by)
            case Gradient(of, by):
                return self.gradient(of, by)
            case LossDerivative(by):
                return self.loss_derivative(by)
            case IndexSum(index, body, upper):
                return self.index_sum(index, body, upper)
            case _:
                assert_never(node)

    # ---- brackets ----

    def bracketed(self, inner: Text) -> Text:
        return Text(("(", inner, ")"))

    def fitted(self, node: Formula, level: Level) -> Text:
        """The node's text, bracketed if it is looser than ``level`` or would take in what follows."""
        inner = self.write(node)
        swallows = inner.open is not None and level > inner.open
        return self.bracketed(inner) if inner.level < level or swallows else inner

    def trailing(self, node: Formula, level: Level) -> Text:
        """The same for a last operand: it may be a Σ, but does not begin with a sign."""
        inner = self.write(node)
        fits = inner.level >= level or (isinstance(node, IndexSum) and level <= Level.FRACTION)
        return inner if fits and not inner.start.startswith(self.signs.minus) else self.bracketed(inner)

    def base(self, node: Formula, *, number: bool = False) -> Text:
        """The text that a superscript, subscript or ``.T`` is hung onto."""
        inner = self.fitted(node, Level.ATOM)
        return self.bracketed(inner) if isinstance(node, Number) and not number else inner

    # ---- names ----

    @abstractmethod
    def name(self, name: str) -> str:
        """A name: ``δ``, ``\\delta``, ``delta``."""

    @abstractmethod
    def superscript(self, content: str) -> str: ...

    @abstractmethod
    def subscript(self, content: str) -> str: ...

    def symbol(self, name: str, layer: Layer | None, sample: str) -> Text:
        stem = self.name(name)
        if layer is None:
            return text(Level.POSTFIX, f"{stem}^{{({sample})}}") if sample else text(Level.ATOM, stem)
        if name == WIDTH and self.notation == "superscript":
            return text(Level.POSTFIX, stem + self.subscript(str(layer)))
        return text(Level.POSTFIX, stem + self.superscript(self._raised_layer(layer, sample)))

    def _raised_layer(self, layer: Layer, sample: str) -> str:
        if self.notation == "bracket":
            return f"[{layer}]({sample})" if sample else f"[{layer}]"
        return f"{sample},{layer}" if sample else str(layer)

    def function(self, function: Function) -> str:
        """The function's name, its layer always in brackets, since σ² looks like a power; and its primes."""
        layer = "" if function.layer is None else f"^{{[{function.layer}]}}"
        return self.name(function.name) + layer + self.signs.prime * function.order

    # ---- rules ----

    def number(self, value: Fraction) -> Text:
        digits = decimal(abs(value))
        if digits is None:
            return text(Level.ATOM, f"({value})")
        if value < 0:
            return text(Level.NEGATION, self.signs.minus + digits)
        return text(Level.ATOM, digits)

    def entry(self, of: Formula, indices: tuple[Index, ...]) -> Text:
        names = [str(index) for index in indices]
        run_together = all(len(name) == 1 for name in names) and sum(name.isdigit() for name in names) < 2
        separator = "" if run_together else ","
        whole = self.entry_of(of)
        return text(Level.POSTFIX, whole, self.subscript(separator.join(names)))

    def entry_of(self, of: Formula) -> Text:
        if isinstance(of, Symbol) and not (of.name == WIDTH and of.layer):
            return self.write(of)
        return self.base(of) if isinstance(of, Apply | Call) else self.bracketed(self.write(of))

    def transpose(self, of: Formula) -> Text:
        if self.notation == "bracket" and isinstance(of, Symbol) and of.layer is not None:
            inner = str(self.symbol(of.name, of.layer, of.sample))
            return text(Level.POSTFIX, Text((inner.removesuffix("}"),), node=of), self.signs.turned_layer + "}")
        return text(Level.POSTFIX, self.base(of), self.signs.turned)

    def negation(self, of: Formula) -> Text:
        return text(Level.NEGATION, self.signs.minus, self.trailing(of, Level.PRODUCT))

    def binary(self, op: Op, left: Formula, right: Formula) -> Text:
        match op:
            case Op.PLUS | Op.MINUS | Op.HADAMARD | Op.QUOTIENT:
                return self.infix(op, left, right)
            case Op.STAR:
                return self.star(left, right)
            case Op.OVER:
                return self.over(left, right)
            case Op.PRODUCT:
                return self.product(left, right)
            case _:
                assert_never(op)

    def infix(self, op: Op, left: Formula, right: Formula) -> Text:
        level = _LEVELS[op]
        first, second = self.fitted(left, level), self.trailing(right, Level(level + 1))
        return text(level, first, f" {self.signs.operators[op]} ", second)

    def star(self, left: Formula, right: Formula) -> Text:
        first, second = self.fitted(left, Level.STAR), self.trailing(right, Level.PRODUCT)
        if second.open or self._starts_with_fraction(second):
            second = self.bracketed(second)
        return text(Level.STAR, first, f" {self.signs.operators[Op.STAR]} ", second)

    def over(self, left: Formula, right: Formula) -> Text:
        first, second = self.fitted(left, Level.STAR), self.fitted(right, Level.POSTFIX)
        looks_like_derivative = isinstance(right, LossDerivative) and ends_in(first, LossDerivative)  # dW / dZ
        if looks_like_derivative or ends_in(first, Derivative, Gradient) or isinstance(left, Derivative):
            first = self.bracketed(first)
        short = self.short_fractions and isinstance(left, Number | Symbol) and isinstance(right, Number | Symbol)
        return text(Level.STAR, first, "/" if short else " / ", second)

    def product(self, left: Formula, right: Formula) -> Text:
        second = self.trailing(right, Level.FRACTION)
        counts = second.start[0].isdigit()
        if self._is_plain_fraction(left) and not counts:
            return text(Level.PRODUCT, self.write(left), " ", second)
        first, dot = self.fitted(left, Level.PRODUCT), self.signs.dot
        if not dot:
            first = self.bracketed(first) if ends_in(first, Gradient) else first
            second = self.bracketed(second) if counts else second
            return text(Level.PRODUCT, first, " ", second)
        looks_like_call = second.start.endswith("(") and ends_in_name(first)
        needs_dot = counts or looks_like_call or ends_in(first, Derivative, Gradient)
        return text(Level.PRODUCT, first, f" {dot} " if needs_dot else " ", second)

    def _is_plain_fraction(self, node: Formula) -> bool:
        """Whether it is a fraction of numbers, which holds together in front of a factor: 1/m x."""
        return (
            isinstance(node, Binary)
            and node.op is Op.OVER
            and self._is_scalar(node.left)
            and self._is_scalar(node.right)
        )

    def _is_scalar(self, node: Formula) -> bool:
        return isinstance(node, Number) or (isinstance(node, Symbol) and node.name in self.scalars)

    def _starts_with_fraction(self, inner: Text) -> bool:
        first = inner.first_factor
        return isinstance(first.node, Binary) and first.node.op is Op.OVER and first.level < Level.PRODUCT

    def power(self, of: Formula, exponent: Formula, elementwise: bool) -> Text:
        raised = self.exponent(exponent)
        if elementwise:
            return text(Level.POSTFIX, self.base(of), ".", *raised)
        return text(Level.POSTFIX, self.base(of, number=True), *raised)

    def exponent(self, exponent: Formula) -> tuple[str | Text, ...]:
        """The exponent with its ``^``, in braces if it is longer than a character."""
        inner = self.write(exponent)
        return ("^", inner) if len(str(inner)) == 1 else ("^{", inner, "}")

    def norm(self, of: Formula) -> Text:
        opening, closing = self.signs.bars
        inner = self.write(of)
        return text(Level.ATOM, opening, self.bracketed(inner) if opening in str(inner) else inner, closing)

    def apply(self, function: Function, argument: Formula) -> Text:
        return text(Level.ATOM, self.function(function), self.bracketed(self.write(argument)))

    def call(self, name: str, arguments: tuple[Formula, ...], axis: int | None, keepdims: bool) -> Text:
        return text(Level.ATOM, self.call_name(name), "(", *self.arguments(arguments), options(axis, keepdims), ")")

    def call_name(self, name: str) -> str:
        return name

    def arguments(self, arguments: tuple[Formula, ...]) -> list[str | Text]:
        pieces: list[str | Text] = []
        for argument in arguments:
            pieces += [", ", self.write(argument)] if pieces else [self.write(argument)]
        return pieces

    def derivative(self, of: Formula, by: Symbol | Entry) -> Text:
        return text(Level.FRACTION, "∂", self.differentiated(of), "/∂", self.write(by))

    def differentiated(self, of: Formula) -> Text:
        """What stands behind ∂ or ∇: a name, an entry, a function's value, or brackets."""
        whole = of.of if isinstance(of, Power) and isinstance(of.of, Norm) else of  # ∂‖x‖²/∂x
        if isinstance(whole, Symbol | Apply | Call | Norm) or (isinstance(of, Entry) and isinstance(of.of, Symbol)):
            return self.write(of)
        return self.bracketed(self.write(of))

    def gradient(self, of: Formula, by: Symbol) -> Text:
        variable = self.write(by)
        braces = ("_", " ") if len(str(variable)) == 1 else ("_{", "} ")
        pieces = (self.nabla(), braces[0], variable, braces[1], self.differentiated(of))
        lone = isinstance(of, Symbol) and of.name == "J"
        return Text(pieces, Level.FRACTION, open=None if lone else Level.HADAMARD)

    def nabla(self) -> str:
        return "∇"

    def loss_derivative(self, by: Symbol) -> Text:
        variable = self.write(by)
        return text(variable.level, "d", variable)

    def index_sum(self, index: str, body: Formula, upper: Formula | None) -> Text:
        summed = self.trailing(body, Level.SUM)
        return Text((*self.sum_sign(index, upper), " ", summed), Level.SUM, open=Level.ADDITION)

    def sum_sign(self, index: str, upper: Formula | None) -> tuple[str | Text, ...]:
        """Σ with its index, and its limits if there is an upper one."""
        if upper is None:
            return (self.signs.sum + self.subscript(index),)
        return (f"{self.signs.sum}_{{{index}=1}}^{{", self.write(upper), "}")


def options(axis: int | None, keepdims: bool) -> str:
    """``, axis=1, keepdims=True``."""
    return ("" if axis is None else f", axis={axis}") + (", keepdims=True" if keepdims else "")
