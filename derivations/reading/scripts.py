"""Sub- and superscripts: layers, transposes, powers, samples, indices."""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import (
    Entry,
    Formula,
    Index,
    Layer,
    LossDerivative,
    Negation,
    Number,
    Power,
    Span,
    Symbol,
    Transpose,
    Unreadable,
)
from derivations.reading import messages as say
from derivations.reading.cursor import Cursor
from derivations.reading.names import canonical_name
from derivations.values import replaced, value

WIDTH = "n"
"""The width n_l: its layer stands below as well as above."""

_LAYER_LETTERS = frozenset("lLikh")


@value
class LayerScript:
    """What stood above a layered name: ``[l+1]T`` or ``i,l`` or ``[l](i)`` or ``[1]'``."""

    layer: Layer | None
    sample: str = ""
    transposed: bool = False
    primes: int = 0


class Scripts(Cursor):
    """Reads what is raised and lowered."""

    # ---- above ----

    def superscript(self, node: Formula, start: int, grouped: bool) -> Formula:
        """A node with the superscript that comes next. ``grouped`` if the node was in brackets."""
        caret = self.take()
        content = self.ahead() if self.sees("{") else self.next
        if content.kind == "prime":
            raise self.trouble(say.NOT_A_FUNCTION, content.span, seen=self.shown(start, caret.start))
        if self.accept_transposition():
            return Transpose(node, span=self.span(start))
        if self._is_minus_transposed():
            self.at += 4
            self.end = self.tokens[self.at - 1].end
            inverse = Power(node, Number(Fraction(-1)), span=self.span(start))
            return Transpose(inverse, span=self.span(start))
        if not grouped and (bare := layerless(node)) is not None:
            if bare.name in self.vocabulary.layered:
                script = self.layer_script()
                raised = with_layer(node, script, self.span(start))
                return Transpose(raised, span=self.span(start)) if script.transposed else raised
            if (sample := self._sample()) is not None:
                return with_layer(node, LayerScript(None, sample), self.span(start))
            if content.text == "[":
                raise self.trouble(say.NO_LAYERS, content.span, seen=bare.name)
        exponent = self.exponent()
        return Power(node, exponent, span=self.span(start))

    def accept_transposition(self) -> bool:
        """Passes over a superscript that says "transposed": T or ⊤."""
        if self.sees("{"):
            inner = self.ahead()
            if self.partner[self.at] == self.at + 2 and inner.text in ("T", "⊤"):
                self.at += 3
                self.end = self.tokens[self.at - 1].end
                return True
            return False
        if self.accept("⊤"):
            return True
        if self.next.kind == "word" and self.next.text[0] == "T":
            self.take_letters()
            return True
        return False

    def _is_minus_transposed(self) -> bool:
        if not self.sees("{") or self.partner[self.at] != self.at + 3:
            return False
        return self.ahead().text == "-" and self.ahead(2).text in ("T", "⊤")

    def _sample(self) -> str | None:
        """``{(i)}``, the i-th sample of a quantity without layers."""
        if self.sees("{") and self.ahead().text == "(" and self.partner[self.at] == self.at + 4:
            name = self.ahead(2)
            if name.kind == "word" and len(name.text) == 1:
                self.at += 5
                self.end = self.tokens[self.at - 1].end
                return canonical_name(name.text)
        return None

    def exponent(self) -> Formula:
        """An exponent; a signed number is one number."""
        if self.accept("{"):
            node = self.expression()
            if not self.accept("}"):
                raise self.trouble_here(say.LEFT_OVER)
        elif self.next.kind == "word":
            letter = self.take_letters()
            node = Symbol(canonical_name(letter.text), span=letter.span)
        elif self.sees("-", "+"):
            start, sign = self.next.start, self.take().text
            node = self.exponent()
            node = Negation(node, span=self.span(start)) if sign == "-" else node
        elif self.next.kind == "number":
            token = self.take()
            node = Number(Fraction(token.text), span=token.span)
        else:
            node = self.operand()
        if isinstance(node, Negation) and isinstance(node.of, Number):
            return Number(-node.of.value, span=node.span)
        return node

    # ---- layers ----

    def layer_script(self, *, of_function: bool = False) -> LayerScript:
        """A layer where a superscript stands: ``l``, ``{l+1}``, ``{[l+1]T}``, ``{i,l}``; of a function also primes."""
        braced = self.sees("{")
        closing = self.partner[self.at] if braced else -1
        first = self.tokens[self.at + braced]
        whole = Span(first.start, max(first.end, self.tokens[closing - 1].end if braced else first.end))
        if not braced:
            return LayerScript(self._bracketed_layer(whole) or self._one_layer(whole))
        self.take()
        sample, transposed, primes = "", False, 0
        if self.next.kind == "word" and self.ahead().text == ",":
            sample = canonical_name(self.take().text)
            self.take()
        layer = self._bracketed_layer(whole)
        if layer is None:
            layer = self.layer_number(whole)
        elif self.sees("(") and self.partner[self.at] == self.at + 2 and self.ahead().kind == "word":
            self.take()
            sample = canonical_name(self.take().text)
            self.take()
        while self.at < closing:
            if self.next.kind == "prime":
                primes += len(self.take().text)
            elif self.sees("^"):
                self.take()
            elif self.sees("{") and self.ahead().kind == "prime" and self.partner[self.at] == self.at + 2:
                self.take()
                primes += len(self.take().text)
                self.take()
            elif not transposed and (self.sees("⊤") or self.next.text == "T"):
                self.take()
                transposed = True
            elif not transposed and self.tokens[self.at - 1].text == "^" and self.accept_transposition():
                transposed = True
            else:
                raise self._not_a_layer(whole)
        self.take()
        if primes and not of_function:
            raise self.trouble(say.PRIMED_QUANTITY, whole)
        return LayerScript(layer, sample, transposed, primes)

    def layer_in_brackets(self) -> Layer:
        """``[l+1]``, as NumPy has it."""
        first, last = self.next, self.tokens[self.partner[self.at]]
        whole = Span(first.start, last.end)
        layer = self._bracketed_layer(whole)
        if layer is None:
            raise self._not_a_layer(whole)
        return layer

    def _bracketed_layer(self, whole: Span) -> Layer | None:
        if not self.sees("[", "("):
            return None
        closing = self.partner[self.at]
        self.take()
        layer = self.layer_number(whole)
        if self.at != closing:
            raise self._not_a_layer(whole)
        self.take()
        return layer

    def _one_layer(self, whole: Span) -> Layer:
        """A layer without brackets is one letter or one number: ``W^la^l``."""
        if self.next.kind == "word":
            letter = self.take_letters()
            return Layer(self._layer_letter(letter.text, letter.span))
        if self.next.kind == "number" and self.next.text.isdecimal():
            return Layer("", int(self.take().text))
        raise self._not_a_layer(whole)

    def layer_number(self, whole: Span) -> Layer:
        """``l``, ``l + 1``, ``L − 1``, ``2``; what cannot be one is shown as ``whole``."""
        base, offset, sign = "", 0, 1
        if self.sees("-", "+"):
            sign = -1 if self.take().text == "-" else 1
        while True:
            token = self.next
            if token.kind == "number" and token.text.isdecimal() and len(token.text) < 10:
                offset += sign * int(self.take().text)
            elif token.kind == "word" and sign == 1 and not base:
                if len(token.text) == 2 and token.text[1] == "T":
                    token = self.take_letters()
                else:
                    self.take()
                base = self._layer_letter(token.text, whole)
            else:
                raise self._not_a_layer(whole)
            if not self.sees("-", "+"):
                return Layer(base, offset)
            sign = -1 if self.take().text == "-" else 1

    def _layer_letter(self, typed: str, span: Span) -> str:
        name = canonical_name(typed)
        if name not in _LAYER_LETTERS:
            raise self._not_a_layer(span)
        return name

    def _not_a_layer(self, span: Span) -> Unreadable:
        return self.trouble(say.NOT_A_LAYER, span, seen=self.shown(*span).strip("[]()"))

    # ---- below ----

    def subscript(self, node: Formula, start: int, grouped: bool) -> Formula:
        """An entry of a node, by the subscript that comes next."""
        mark = self.take()
        if isinstance(node, Entry) and not grouped:
            raise self.trouble(say.SECOND_SUBSCRIPT, self.next.span, seen=self.shown(start, mark.start))
        base = node.of if isinstance(node, Power | Transpose) else node
        name = base.name if isinstance(base, Symbol) else base.by.name if isinstance(base, LossDerivative) else ""
        if isinstance(node, Symbol) and (word := self._long_word()):
            return replaced(node, name=f"{name}_{word}", span=self.span(start))
        in_matrix = self.is_matrix(name) or (isinstance(node, Symbol) and self.may_be_kronecker(node))
        in_matrix |= not name and 1 not in (self.sizes.of(base) or (1,))
        indices = self.indices(in_matrix=in_matrix)
        if isinstance(node, Power) and not grouped and not (len(indices) == 2 and self._is_matrix_power(node)):
            entry = Entry(node.of, indices, span=self.span(start))
            return replaced(node, of=entry, span=self.span(start))  # x^2_j is (x_j)²
        return Entry(node, indices, span=self.span(start))

    def _is_matrix_power(self, node: Power) -> bool:
        """Whether a power is one of the matrix, and not of its entries: A^{-1}, and A^2 of a square A, but not w^2."""
        if not isinstance(node.of, Symbol) or not self.is_matrix(node.of.name):
            return False
        size = self.sizes.of(node.of)
        is_square = size is not None and size[0] == size[1] and node.of.name[0].isupper()
        return node.exponent == Number(Fraction(-1)) or is_square

    def may_be_kronecker(self, node: Symbol) -> bool:
        """Whether δ means nothing else, or has a layer wherever it does: an error has one index."""
        known = self.vocabulary
        own = "δ" in known.names and "δ" not in known.layered
        return node.name == "δ" and node.layer is None and not node.sample and not own

    def _long_word(self) -> str:
        """A braced word of three letters or more, as in ``x_{test}``: part of a name."""
        inner = self.ahead()
        if self.sees("{") and inner.kind == "word" and self.partner[self.at] == self.at + 2 and len(inner.text) > 2:
            if not inner.text.isalpha() or len(canonical_name(inner.text)) == 1:
                return ""
            self.at += 3
            self.end = self.tokens[self.at - 1].end
            return canonical_name(inner.text)
        return ""

    def indices(self, *, in_matrix: bool) -> tuple[Index, ...]:
        """The indices of an entry: ``j``, ``{jk}``, ``{j,k}``; in a matrix ``{24}`` is 2 and 4, elsewhere 24."""
        if not self.sees("{"):
            return self._bare_indices(in_matrix)
        closing = self.partner[self.at]
        first, last = self.ahead(), self.tokens[closing - 1]
        self.take()
        found: list[str] = []
        separated = any(self.tokens[at].text == "," for at in range(self.at, closing))
        while self.at < closing:
            token = self.take()
            if token.kind == "number" and token.text.isdecimal():
                split = in_matrix and not separated and len(token.text) == 2
                found += token.text if split else [str(int(token.text))]
            elif token.kind == "word" and in_matrix and not separated and not found and is_pair(token.text):
                found += token.text  # A_{pi} has two indices
            elif token.kind == "word" and len(canonical_name(token.text)) == 1:
                found.append(canonical_name(token.text))
            elif token.kind == "word" and len(token.text) <= 2:
                found += token.text
            elif token.text != "," or not found:
                found += ["", "", ""]
        self.take()
        if not 1 <= len(found) <= 2:
            span = Span(first.start, max(first.start, last.end))
            raise self.trouble(say.BAD_INDEX, span, seen=self.shown(*span) or "{}")
        return tuple(Index(name) for name in found)

    def _bare_indices(self, in_matrix: bool) -> tuple[Index, ...]:
        token = self.next
        if token.kind == "number" and token.text.isdecimal():
            self.take()
            split = in_matrix and len(token.text) == 2
            return tuple(Index(digit) for digit in token.text) if split else (Index(str(int(token.text))),)
        if token.kind == "word":
            if in_matrix and is_pair(token.text):
                return tuple(Index(letter) for letter in self.take().text)
            if len(canonical_name(token.text)) == 1:
                return (Index(canonical_name(self.take().text)),)
            if in_matrix and self._is_pair(token.text):
                return tuple(Index(letter) for letter in self.take().text)
            return (Index(canonical_name(self.take_letters().text)),)
        raise self.trouble_here(say.BAD_INDEX, seen=token.text or "nothing")

    def _is_pair(self, typed: str) -> bool:
        """Whether ``jk`` behind ``_`` is two indices, and not an index and a factor: ``w_ix_i``."""
        behind = self.ahead()
        hung = behind.kind == "sign" and behind.text == "_"
        return len(typed) == 2 and not hung and not self.is_quantity(typed[1])


def is_pair(typed: str) -> bool:
    """Whether a Greek name, typed as a word, is two Latin letters just as well: ``pi``, ``mu``, ``nu``, ``xi``."""
    return len(typed) == 2 and typed.isascii() and len(canonical_name(typed)) == 1


def layerless(node: Formula) -> Symbol | None:
    """The quantity at the bottom of a node, if a layer may still be hung onto it."""
    match node:
        case Symbol():
            return node if node.layer is None and not node.sample else None
        case Entry(of=inner) | LossDerivative(by=inner):
            return layerless(inner)
        case _:
            return None


def with_layer(node: Formula, script: LayerScript, span: Span) -> Formula:
    """The node with a layer and a sample given to the quantity at its bottom."""
    match node:
        case Symbol():
            return replaced(node, layer=script.layer, sample=script.sample, span=span)
        case Entry(of=inner):
            return replaced(node, of=with_layer(inner, script, span), span=span)
        case LossDerivative(by=inner):
            raised = with_layer(inner, script, Span(inner.span.start, span.end))
            return replaced(node, by=raised, span=span) if isinstance(raised, Symbol) else node
        case _:
            return node
