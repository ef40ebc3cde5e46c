"""The mathematical spellings: Unicode, plain text, LaTeX."""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import Entry, Formula, Function, LossDerivative, Number, Symbol
from derivations.writing.glyphs import (
    GREEK,
    LATEX_SIGNS,
    PLAIN_SIGNS,
    SUPERSCRIPTS,
    UNICODE_SIGNS,
    braced,
    decimal,
    lowered,
    raised,
)
from derivations.writing.pieces import Level, Text, text
from derivations.writing.printing import Printer


class UnicodePrinter(Printer):
    """As in a book: ``δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)``."""

    signs = UNICODE_SIGNS

    def name(self, name: str) -> str:
        return name

    def superscript(self, content: str) -> str:
        return raised(content)

    def subscript(self, content: str) -> str:
        return lowered(content)

    def power(self, of: Formula, exponent: Formula, elementwise: bool) -> Text:
        if not elementwise and isinstance(exponent, Number) and exponent.value.denominator == 1:
            digits = "".join(SUPERSCRIPTS[character] for character in str(exponent.value))
            return text(Level.POSTFIX, self.base(of, number=True), Text((digits,), node=exponent))
        return super().power(of, exponent, elementwise)


class PlainPrinter(Printer):
    """On any keyboard, and read aloud: ``delta^l = (W^{l+1})^T delta^{l+1} .* sigma'(z^l)``."""

    signs = PLAIN_SIGNS

    def name(self, name: str) -> str:
        return GREEK.get(name, name)

    def superscript(self, content: str) -> str:
        return braced("^", content)

    def subscript(self, content: str) -> str:
        return braced("_", content)

    def derivative(self, of: Formula, by: Symbol | Entry) -> Text:
        return text(Level.FRACTION, "d(", self.write(of), ")/d(", self.write(by), ")")

    def nabla(self) -> str:
        return "nabla"


_LATEX_FUNCTIONS = frozenset({"exp", "log", "tanh", "det", "max"})


class LatexPrinter(Printer):
    r"""For a document: ``\delta^{l} = (W^{l+1})^{\top} \delta^{l+1} \odot \sigma'(z^{l})``."""

    signs = LATEX_SIGNS

    def name(self, name: str) -> str:
        if name in GREEK:
            return f"\\{GREEK[name]}"
        if name == "ŷ":
            return r"\hat{y}"
        stem, mark, word = name.partition("_")
        if mark:
            return rf"{self.name(stem)}_{{\mathrm{{{word}}}}}"
        return rf"\mathrm{{{name}}}" if len(name) > 1 else name

    def superscript(self, content: str) -> str:
        return f"^{{{content}}}"

    def subscript(self, content: str) -> str:
        return f"_{{{content}}}"

    def number(self, value: Fraction) -> Text:
        if decimal(abs(value)) is None and value > 0:
            return text(Level.FRACTION, rf"\frac{{{value.numerator}}}{{{value.denominator}}}")
        return super().number(value)

    def over(self, left: Formula, right: Formula) -> Text:
        above, below = self.write(left), self.write(right)
        if _starts_with_d(above) and _starts_with_d(below):
            above = self.bracketed(above)
        return text(Level.FRACTION, r"\frac{", above, "}{", below, "}")

    def bracketed(self, inner: Text) -> Text:
        tall = any(sign in str(inner) for sign in (r"\frac", r"\sum"))
        return Text((r"\left(", inner, r"\right)")) if tall else super().bracketed(inner)

    def exponent(self, exponent: Formula) -> tuple[str | Text, ...]:
        return ("^{", self.write(exponent), "}")

    def function(self, function: Function) -> str:
        named = super().function(function)
        stem = self.name(function.name)
        return self.call_name(function.name) + named.removeprefix(stem) if len(function.name) > 1 else named

    def apply(self, function: Function, argument: Formula) -> Text:
        if function.name == "sqrt" and not function.order:
            return text(Level.POSTFIX, r"\sqrt{", self.write(argument), "}")
        return super().apply(function, argument)

    def call_name(self, name: str) -> str:
        return f"\\{name}" if name in _LATEX_FUNCTIONS else rf"\operatorname{{{name}}}"

    def derivative(self, of: Formula, by: Symbol | Entry) -> Text:
        variable = self.write(by)
        return text(Level.FRACTION, r"\frac{\partial ", self.differentiated(of), r"}{\partial ", variable, "}")

    def nabla(self) -> str:
        return r"\nabla"


def _starts_with_d(inner: Text) -> bool:
    r"""Whether it begins with dW: two of these above each other look like a derivative, ``\frac{dW}{dZ}``."""
    first: str | Text = inner
    while isinstance(first, Text):
        if isinstance(first.node, LossDerivative):
            return True
        first = first.pieces[0]
    return False
