"""Derivatives: ``∂J/∂W``, ``\\frac{dJ}{da}``, ``∂/∂z (…)``, ``∇_a J``, ``dW^{[l]}``."""

from __future__ import annotations

from derivations.formula import (
    Binary,
    Derivative,
    Entry,
    Formula,
    Gradient,
    LossDerivative,
    Power,
    Span,
    Symbol,
    Transpose,
)
from derivations.reading import messages as say
from derivations.reading.functions import Functions
from derivations.reading.names import canonical_name
from derivations.reading.scripts import layerless, with_layer
from derivations.reading.tokens import Token

_TERM = 50
"""What ∂/∂z stands in front of, if not a bracket: a product."""


class Derivatives(Functions):
    """Reads ∂, d and ∇."""

    # ---- ∂ and d ----

    def is_d(self, at: int) -> bool:
        """Whether a ∂ stands at token ``at``, or a d that no declared name begins with."""
        token = self.tokens[at]
        if token.kind == "sign":
            return token.text == "∂"
        if token.kind != "word" or token.text[0] != "d" or self.is_declared(token.text):
            return False
        rest = token.text[1:]
        return not rest or self.quantity(rest) is not None or len(canonical_name(rest)) == 1

    def is_declared(self, typed: str) -> bool:
        """Whether a word is a name of its own, so that a d in front is only a letter."""
        name = canonical_name(typed)
        return name in self.vocabulary.names or name in self.vocabulary.functions

    def begins_derivative(self) -> bool:
        """Whether the d that comes next begins ``dJ/dW``, ``d(J)/d(W)`` or ``d/dx``."""
        token = self.next
        if token.kind != "word" or not self.is_d(self.at):
            return False
        at = self.after_scripts(self.at + 1)
        alone = token.text == "d"
        if alone and self.tokens[at].kind == "word":
            at = self.after_scripts(at + 1)
        elif self.tokens[at].text == "(" and (alone or self.function_named(token.text[1:])):
            at = self.after_scripts(self.partner[at] + 1)
        return self.tokens[at].text == "/" and self.is_d(at + 1)

    def take_d(self) -> None:
        if self.sees("∂"):
            self.take()
        else:
            self.take_letters()
        if self.sees("^"):
            raise self.trouble_here(say.SECOND_DERIVATIVE)

    def derivative(self) -> Formula:
        """``∂J/∂W``, with what stands in front of the stroke one operand; or ``∂/∂z (…)``."""
        start = self.next.start
        self.take_d()
        if self.accept("/"):
            by = self._by_d(start)
            return Derivative(self._differentiated(), by, span=self.span(start))
        if not self.begins_operand():
            raise self.trouble(say.PARTIAL_ALONE, self.span(start))
        of = self.operand()
        if not self.accept("/") or not self.is_d(self.at):
            raise self.trouble(say.PARTIAL_ALONE, self.span(start))
        return Derivative(of, self._by_d(start), span=self.span(start))

    def is_fraction_of_d(self) -> bool:
        """Whether the braces that come next are those of ``{∂J}{∂W}`` or ``{dJ}{dW}``."""
        if not self.sees("{"):
            return False
        if self.ahead().text == "∂":
            return True
        below = self.partner[self.at] + 1
        return self.is_d(self.at + 1) and self.tokens[below].text == "{" and self.is_d(below + 1)

    def fraction_of_d(self, start: int) -> Formula:
        r"""``\frac{∂J}{∂W}``, from its first brace on; or ``\frac{∂}{∂z} (…)``."""
        self.take()
        self.take_d()
        of = None if self.sees("}") else self.expression()
        self._close()
        if not self.accept("{") or not self.is_d(self.at):
            raise self.trouble(say.PARTIAL_ALONE, self.span(start))
        by = self._by_d(start)
        self._close()
        if of is None:
            of = self._differentiated()
        return Derivative(of, by, span=self.span(start))

    def _close(self) -> None:
        if self.is_d(self.at):
            raise self.trouble_here(say.SECOND_DERIVATIVE)
        if not self.accept("}"):
            raise self.trouble_here(say.LEFT_OVER)

    def _differentiated(self) -> Formula:
        """What stands behind ∂/∂z."""
        if self.next.kind == "end" or not self.begins_operand():
            raise self.trouble_here(say.NOTHING_AFTER, seen="∂/∂…")
        return self.operand() if self.sees("(", "[", "{") else self.expression(_TERM)

    def _by_d(self, start: int) -> Symbol | Entry:
        if not self.is_d(self.at):
            raise self.trouble(say.PARTIAL_ALONE, self.span(start))
        self.take_d()
        first = self.next.start
        if not self.begins_operand():
            raise self.trouble_here(say.NOTHING_AFTER, seen="∂")
        return self._variable(self.operand(), first)

    def _variable(self, by: Formula, start: int) -> Symbol | Entry:
        match by:
            case Symbol() | Entry(of=Symbol()):
                return by
            case Transpose():
                raise self.trouble(say.BY_TRANSPOSE, self.span(start))
            case Power(of=Symbol() | Entry(), exponent=Symbol() | Binary()) if not self.vocabulary.layered:
                raise self.trouble(say.BY_LAYER, self.span(start), seen=self.shown(start))
            case Power(of=Symbol() | Entry()):
                raise self.trouble(say.SECOND_DERIVATIVE, self.span(start))
            case _:
                raise self.trouble(say.BY_WHAT, self.span(start), seen=self.shown(start))

    # ---- the derivative of the loss ----

    def differential(self) -> LossDerivative | None:
        """``dW``, ``db1``, ``dZ`` where they are derivatives of the loss; layers and the rest follow."""
        token = self.next
        if not self.vocabulary.differentials or token.text[0] != "d" or self.is_declared(token.text):
            return None
        rest = self.ahead() if token.text == "d" else token.cut(1)[1]
        by = self.quantity(rest.text) if rest.kind == "word" else None
        if by is None:
            return None
        if token.text == "d":
            self.take()
        self.take()
        return loss_derivative(by, rest, token.start)

    # ---- ∇ ----

    def gradient(self) -> Formula:
        """``∇_a J``, ``∇_{a^L} J``."""
        start = self.take().start
        if self.sees("^"):
            raise self.trouble_here(say.SECOND_DERIVATIVE)
        if not self.accept("_"):
            raise self.trouble(say.GRADIENT_ALONE, self.span(start))
        first = self.next.start
        if self.accept("{"):
            node = self.expression()
            if not self.accept("}"):
                raise self.trouble_here(say.LEFT_OVER)
        elif self.next.kind == "word":
            node = self._letter_below()
        else:
            raise self.trouble_here(say.BY_WHAT, seen=self.next.text)
        by = self._variable(node, first)
        if not isinstance(by, Symbol):
            raise self.trouble(say.BY_WHAT, self.span(first), seen=self.shown(first))
        if not self.begins_operand():
            raise self.trouble_here(say.NOTHING_AFTER, seen=self.shown(start))
        return Gradient(self.operand(), by, span=self.span(start))

    def _letter_below(self) -> Formula:
        """The quantity of ``∇_a^L J``, ``∇_W1 J``."""
        token = self.next
        known = self.quantity(token.text)
        letter: Token = self.take() if known else self.take_letters()
        node: Formula = known or Symbol(canonical_name(letter.text))
        node = Symbol(node.name, node.layer, span=letter.span) if isinstance(node, Symbol) else node
        bare = layerless(node)
        if bare and bare.name in self.vocabulary.layered and self.accept("^"):
            node = with_layer(node, self.layer_script(), self.span(letter.start))
        return node


def loss_derivative(by: Symbol, typed: Token, start: int) -> LossDerivative:
    return LossDerivative(Symbol(by.name, by.layer, span=typed.span), span=Span(start, typed.end))
