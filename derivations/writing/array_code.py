"""The NumPy spelling: ``W[l+1].T @ delta[l+1]``. What NumPy has no words for is written in plain text."""

from __future__ import annotations

from collections.abc import Set

from derivations.formula import (
    Binary,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    IndexSum,
    Layer,
    Norm,
    Number,
    Op,
    Symbol,
)
from derivations.writing.pieces import Level, Text, text
from derivations.writing.printing import Notation, options
from derivations.writing.spellings import PlainPrinter

_FUNCTIONS = frozenset({"exp", "log", "log2", "log10", "sqrt", "tanh", "sign", "abs"})

_CALLS = {
    "sum": "np.sum",
    "mean": "np.mean",
    "tr": "np.trace",
    "det": "np.linalg.det",
    "inv": "np.linalg.inv",
    "diag": "np.diag",
    "ones": "np.ones",
    "zeros": "np.zeros",
    "eye": "np.eye",
    "max": "np.maximum",
}

_SHAPED = frozenset({"ones", "zeros"})
"""Those whose rows and columns NumPy wants as one tuple."""


class NumpyPrinter(PlainPrinter):
    """``@`` binds as loosely as ``*`` and ``/`` here, left to right, as in Python."""

    short_fractions = False

    def __init__(self, notation: Notation, scalars: Set[str]) -> None:
        super().__init__(notation, scalars)
        self._plain = PlainPrinter(notation, scalars)

    def rule(self, node: Formula) -> Text:
        return self._plain.write(node) if _is_indexed(node) else super().rule(node)

    def symbol(self, name: str, layer: Layer | None, sample: str) -> Text:
        if layer is None or sample:
            return super().symbol(name, layer, sample)
        return text(Level.ATOM, f"{self.name(name)}[{layer}]")

    def transpose(self, of: Formula) -> Text:
        return text(Level.ATOM, self.base(of), ".T")

    def product(self, left: Formula, right: Formula) -> Text:
        if self._is_number(left) or self._is_number(right):
            return text(Level.ATOM, "np.dot(", *self.arguments((left, right)), ")")
        first, second = self.fitted(left, Level.STAR), self.fitted(right, Level.PRODUCT)
        second = self.bracketed(second) if second.open or self._starts_with_fraction(second) else second
        return text(Level.STAR, first, " @ ", second)

    def _is_number(self, node: Formula) -> bool:
        """Whether NumPy would refuse it as a side of ``@``."""
        if isinstance(node, Binary) and node.op in (Op.OVER, Op.STAR, Op.PRODUCT):
            return self._is_number(node.left) and self._is_number(node.right)
        return isinstance(node, Norm) or self._is_scalar(node)

    def infix(self, op: Op, left: Formula, right: Formula) -> Text:
        if op in (Op.HADAMARD, Op.QUOTIENT):
            name = "np.multiply" if op is Op.HADAMARD else "np.divide"
            return text(Level.ATOM, name, "(", *self.arguments((left, right)), ")")
        return super().infix(op, left, right)

    def power(self, of: Formula, exponent: Formula, elementwise: bool) -> Text:
        if not elementwise:
            base = self.bracketed(self.write(of)) if isinstance(of, Symbol) and of.layer else self.base(of, number=True)
            return text(Level.POSTFIX, base, *self.exponent(exponent))
        raised = self.write(exponent) if isinstance(exponent, Number) else self.fitted(exponent, Level.ATOM)
        return text(Level.POSTFIX, self.base(of, number=True), "**", raised)

    def norm(self, of: Formula) -> Text:
        return text(Level.ATOM, "np.linalg.norm(", self.write(of), ")")

    def function(self, function: Function) -> str:
        if function.layer is None and function.order == 0 and function.name in _FUNCTIONS:
            return f"np.{function.name}"
        if function.layer is None and function.order == 1:
            return f"{self.name(function.name)}_prime"
        return super().function(function)

    def call(self, name: str, arguments: tuple[Formula, ...], axis: int | None, keepdims: bool) -> Text:
        inner = self.arguments(arguments)
        if name in _SHAPED and len(arguments) > 1:
            inner = ["(", *inner, ")"]
        return text(Level.ATOM, _CALLS.get(name, name), "(", *inner, options(axis, keepdims), ")")


def _is_indexed(node: Formula) -> bool:
    """Whether it is mathematics that NumPy has no words for: derivatives, entries, index sums and their products."""
    while isinstance(node, Binary) and node.op is Op.PRODUCT:
        if _is_indexed(node.right):
            return True
        node = node.left
    return isinstance(node, Entry | IndexSum | Derivative | Gradient)
