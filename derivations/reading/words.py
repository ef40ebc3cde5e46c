"""Words: what a run of letters stands for. ``W``, ``n_x``, ``Wx``, ``dW1``, ``sigma_prime(z)``, ``1_n``."""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import Apply, Call, Formula, Function, LossDerivative, Number, Symbol, Transpose
from derivations.reading import messages as say
from derivations.reading.cursor import Word
from derivations.reading.derivatives import Derivatives, loss_derivative
from derivations.reading.functions import MODULES
from derivations.reading.names import canonical_name
from derivations.reading.scripts import WIDTH, LayerScript, layerless, with_layer
from derivations.reading.tokens import Token

_ENDS = frozenset({"in", "out"})
_LONGEST = 40  # letters of a word that is taken apart


class Words(Derivatives):
    """Reads names, and what looks like one."""

    def word(self) -> Formula:
        """What the next word, or its first part, stands for; a word that is no known name stands for itself."""
        token = self.next
        start, typed = token.start, token.text
        if typed in MODULES and self.ahead().text == "." and not self.is_declared(typed):
            return self.of_module()
        for word in reversed(self.joined(self.at)):
            if node := self._known(word, start):
                return node
        return (
            self._by_shape(token, start)
            or (self.derivative() if self.begins_derivative() else None)
            or self._derived_function(token, start)
            or self.differential()
            or self._part(token)
            or self._unknown(token)
        )

    def _known(self, word: Word, start: int) -> Formula | None:
        """A declared name, a function's value or a call; None if the word is none of these."""
        function = self.function_named(word.name)
        opens = self.tokens[word.after].text == "("
        if not (function and opens) and canonical_name(word.name) in self.vocabulary.names:
            function = None
        if function:
            return self.applied(word, function, start)
        if known := self.quantity(word.name, of_entry=self.tokens[word.after].text == "_"):
            return self._quantity(word, known, start)
        if word.name == "sum" and self.tokens[word.after].text == "_":
            return self.index_sum()
        return self.called(word, word.name, start) if self.is_call(word.name) else None

    def _quantity(self, word: Word, known: Symbol, start: int) -> Formula:
        self.pass_over(word)
        if known.name == WIDTH and known.layer is None and WIDTH in self.vocabulary.layered and self.sees("_"):
            return self._width(start)
        return Symbol(known.name, known.layer, span=self.span(start))

    def _width(self, start: int) -> Symbol:
        """``n_l``, ``n_{l+1}``; ``n_in`` and ``n_x`` are names."""
        self.take()
        braced = self.sees("{")
        inner = self.ahead() if braced else self.next
        if inner.kind == "word" and (inner.text in _ENDS or (len(inner.text) == 1 and inner.text not in "lLikh")):
            self.at += 3 if braced and self.partner[self.at] == self.at + 2 else 1
            self.end = self.tokens[self.at - 1].end
            return Symbol(f"{WIDTH}_{canonical_name(inner.text)}", span=self.span(start))
        return Symbol(WIDTH, self.layer_script().layer, span=self.span(start))

    def _by_shape(self, token: Token, start: int) -> Formula | None:
        """``∇`` and ``Σ'`` in letters; ``e^x`` and ``I_n``, where e and I are not declared."""
        behind = self.ahead()
        match token.text:
            case "nabla" if behind.text == "_":
                return self.gradient()
            case "Sigma" if behind.kind == "prime":
                return self.index_sum()
            case "e" if behind.text == "^" and self._after_caret(1).text != "T":
                self.at += 2
                return Apply(Function("exp"), self.exponent(), span=self.span(start))
            case "I" if behind.text == "_":
                self.at += 2
                return Call("eye", (self._size(),), span=self.span(start))
            case _:
                return None

    def _after_caret(self, by: int = 0) -> Token:
        """The first token of the superscript that starts ``by`` tokens from here."""
        inner = self.ahead(by + 1)
        return self.ahead(by + 2) if inner.text == "{" else inner

    def _derived_function(self, token: Token, start: int) -> Formula | None:
        """``dsigma(z)``: σ'(z)."""
        if token.text[0] != "d" or self.ahead().text != "(":
            return None
        function = self.function_named(token.text[1:])
        if function is None:
            return None
        return self.applied(Word(token.text, self.at + 1), Function(function.name, None, 1), start)

    # ---- words of several names ----

    def _part(self, token: Token) -> Formula | None:
        """The first name of a word that is a product of known names; the others are left for later."""
        letters = self._letters_of_first(token.text)
        if not letters:
            return None
        head, tail = token.cut(letters)
        self.tokens[self.at] = tail
        self.end = head.end
        known, function = self.quantity(head.text), self.function_named(head.text)
        if known:
            return Symbol(known.name, known.layer, span=head.span)
        if function:
            return self.applied_here(function, head.start)
        rest = head.cut(1)[1]
        by = self.quantity(rest.text)
        return loss_derivative(by, rest, head.start) if by else None

    def _letters_of_first(self, typed: str) -> int:
        """How long the first name is, where the whole word is a product of known names; the longest is tried first."""
        size = len(typed)
        if not 1 < size <= _LONGEST:
            return 0
        first = [0] * size + [size]
        for at in range(size - 1, -1, -1):
            for end in range(size, at, -1):
                if first[end] and self._is_name(typed[at:end], typed[end:]):
                    first[at] = end
                    break
        return first[0] if first[0] < size else 0

    def _is_name(self, piece: str, rest: str) -> bool:
        if self.quantity(piece, of_entry=not rest) is not None:
            return True
        if self.vocabulary.differentials and piece[0] == "d" and self.quantity(piece[1:]) is not None:
            return True
        if piece == "I" and not rest:  # the I of cI_n
            return True
        if rest.isdecimal() and self.function_named(piece):
            return True
        return not rest and (self.function_named(piece) is not None or self.is_call(piece))

    def _unknown(self, token: Token) -> Formula:
        self.take()
        name = canonical_name(token.text)
        node = Symbol(name, span=token.span)
        inner = self.ahead() if self.sees("_") else token
        if self.sees("_") and inner.kind == "word" and inner.text in _ENDS:
            self.at += 2
            self.end = inner.end
            return Symbol(f"{name}_{inner.text}", span=self.span(token.start))
        return node

    # ---- ones ----

    def ones(self) -> Formula:
        """``1_n``: a column of n ones; ``1_{m,n}``."""
        start = self.take().start
        if not self.accept("_"):
            raise self.trouble(say.ONES_WITHOUT_SIZE, self.span(start))
        if not self.sees("{"):
            return Call("ones", (self._size(), Number(Fraction(1))), span=self.span(start))
        closing = self.partner[self.at]
        self.take()
        sizes = [self.expression()]
        if self.accept(","):
            sizes.append(self.expression())
        if self.at != closing:
            raise self.trouble_here(say.LEFT_OVER)
        self.take()
        return Call("ones", (*sizes, Number(Fraction(1)))[:2], span=self.span(start))

    def _size(self) -> Formula:
        """A width behind ``_``: ``n``, ``{n_l}``, ``3``."""
        token = self.next
        if token.kind == "number":
            self.take()
            return Number(Fraction(token.text), span=token.span)
        if token.kind != "word":
            if not self.sees("{"):
                raise self.trouble_here(say.ONES_WITHOUT_SIZE)
            self.take()
            node = self.expression()
            if not self.accept("}"):
                raise self.trouble_here(say.LEFT_OVER)
            return node
        word = self.take() if self.quantity(token.text) else self.take_letters()
        name = canonical_name(word.text)
        if name == WIDTH and WIDTH in self.vocabulary.layered and self.sees("_"):
            return self._width(token.start)
        return Symbol(name, span=word.span)

    # ---- behind a name ----

    def takes_layer(self, node: Formula) -> bool:
        """Whether a layer can still be hung onto a node."""
        bare = layerless(node)
        return bare is not None and bare.name in self.vocabulary.layered

    def layer_behind(self, node: Symbol | LossDerivative, start: int) -> Formula:
        """``W[l+1]``."""
        if not self.takes_layer(node):
            raise self.trouble_here(say.SLICE, seen=self.shown(start))
        script = LayerScript(self.layer_in_brackets())
        return with_layer(node, script, self.span(start))

    def transposed(self, node: Formula, start: int) -> Formula:
        self.take()
        return Transpose(node, span=self.span(start))

    # ---- what the rooms above this one read ----

    def index_sum(self) -> Formula:
        raise NotImplementedError
