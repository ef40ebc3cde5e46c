"""Derivatives: ``∂J/∂W``, ``\\frac{dJ}{da}``, ``∂/∂z (…)``, ``∇_a J``, ``dW^{[l]}``."""

from __future__ import annotations

from derivations.formula import (
    Binary,
    Derivative,
    Entry,
    Fork,
    Formula,
    Gradient,
    LossDerivative,
    Power,
    Span,
    Symbol,
    Transpose,
)
from derivations.reading import messages as say
from derivations.reading.binding import ENTRYWISE, MULTIPLIED, STARRED
from derivations.reading.functions import Functions
from derivations.reading.names import canonical_name
from derivations.reading.scripts import layerless, with_layer
from derivations.reading.tokens import Token

_OF_PRODUCT = ("word", "number", "prime")
_SIGNS_OF_PRODUCT = frozenset({"(", "[", "{", "^", "_", "‖", "|", "⊤", "·", "."})
_LOSSES = frozenset("JCELℒℓ") | {"loss", "Loss", "cost", "Cost"}


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
        if token.text == "d":  # any product may follow: d x^T x/dx
            while self.tokens[at].kind in _OF_PRODUCT or self.tokens[at].text in _SIGNS_OF_PRODUCT:
                at = self.partner.get(at, at) + 1
        elif self.tokens[at].text == "(" and self.function_named(token.text[1:]):
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
        """``∂J/∂W``, with a product in front of the stroke; or ``∂/∂z …``, ``∂_z …``."""
        start = self.next.start
        self.take_d()
        if self.accept("/"):
            by = self._by_d(start)
            return self._derivative_of_term(by, start)
        if self.sees("_"):
            return self._derivative_of_term(self._by_below(start, say.PARTIAL_ALONE), start)
        if not self.begins_operand():
            raise self.trouble(say.PARTIAL_ALONE, self.span(start))
        of = self.expression(MULTIPLIED)
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
        return self._derivative_of_term(by, start) if of is None else Derivative(of, by, span=self.span(start))

    def _close(self) -> None:
        if self.is_d(self.at):
            raise self.trouble_here(say.SECOND_DERIVATIVE)
        if not self.accept("}"):
            raise self.trouble_here(say.LEFT_OVER)

    def _derivative_of_term(self, by: Symbol | Entry, start: int) -> Formula:
        """``∂/∂z``, read so far, with the term behind it. Whether that goes on across a ⊙ is left open by print."""
        first = self.next.start
        of = self._term(start)
        node = Derivative(of, by, span=self.span(start))
        if not self.sees("⊙", ".*", "⊘", "./"):
            return node
        at = self.next.start
        if at in self.flipped:
            of = self.continued(of, first, ENTRYWISE)
            self.forks.append(Fork(at, self.span(first)))
            return Derivative(of, by, span=self.span(start))
        self.forks.append(Fork(at, node.span))
        return node

    def _term(self, start: int) -> Formula:
        """What a ∂/∂z or ∇_z that began at ``start`` stands in front of; a lone loss is taken alone."""
        if not self.begins_operand() and not self.sees("-", "+"):
            raise self.trouble_here(say.NOTHING_AFTER, seen=self.shown(start))
        return self.operand() if self._is_lone_loss() else self.expression(STARRED)

    def _is_lone_loss(self) -> bool:
        """Whether the next operand is no more than the name of a loss, as in ``∇_a C``."""
        token = self.next
        if token.kind != "word" or canonical_name(token.text) not in _LOSSES or self.ahead().text in ("(", "^", "_"):
            return False
        known = self.quantity(token.text)
        return known is not None and self.sizes.is_number(known)

    def continued(self, left: Formula, start: int, level: int) -> Formula:
        """``left`` with the operations behind it that bind at least as tightly as ``level``."""
        raise NotImplementedError

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
        behind = self.ahead(2 if token.text == "d" else 1)
        by = self.quantity(rest.text, of_entry=behind.text == "_") if rest.kind == "word" else None
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
        by = self._by_below(start, say.GRADIENT_ALONE)
        if not isinstance(by, Symbol):
            raise self.trouble(say.BY_WHAT, by.span, seen=self.shown(*by.span))
        return Gradient(self._term(start), by, span=self.span(start))

    def _by_below(self, start: int, missing: say.Message) -> Symbol | Entry:
        """The quantity below a ∇ or ∂ that began at ``start``."""
        if not self.accept("_"):
            raise self.trouble(missing, self.span(start))
        first = self.next.start
        if self.accept("{"):
            node = self.expression()
            if not self.accept("}"):
                raise self.trouble_here(say.LEFT_OVER)
        elif self.next.kind == "word":
            node = self._letter_below()
        else:
            raise self.trouble_here(say.BY_WHAT, seen=self.next.text)
        return self._variable(node, first)

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
