"""Tokens → formula, by precedence climbing.

Loosest first: ``+ −`` · ``⊙ ⊘`` · ``@ * /`` · unary minus · juxtaposition and ``·`` · postfix. A Σ takes the rest of
its term. A fraction of two plain numbers or scalars, ``1/m``, binds as one factor.
"""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Claim,
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
    Span,
    Symbol,
    Transpose,
    Unreadable,
    Vocabulary,
)
from derivations.reader import messages
from derivations.reader.lexer import Lexer, Token, fail
from derivations.reader.names import MODULES, Names, canonical
from derivations.values import replaced

_OPERANDS = frozenset({"number", "word", "open", "bar", "norm", "command"})
_LEVELS: tuple[dict[str, Op], ...] = (
    {"+": Op.PLUS, "-": Op.MINUS},
    {"⊙": Op.HADAMARD, "⊘": Op.QUOTIENT},
    {"@": Op.PRODUCT, "*": Op.STAR, "/": Op.OVER},
)
_TRANSPOSED = frozenset({"T", "⊤", "top"})


class Parser:
    """Reads one formula or claim. Spans are places in the text as given."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.names = Names(vocabulary)
        self.vocabulary = vocabulary
        self.text = text
        self.tokens = Lexer(text, self.names.words).run()
        self.at = 0
        self.bars: list[str] = []  # open | and ‖

    # ---- tokens ----

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.at + count, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.at]
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def sees(self, kind: str, *texts: str) -> bool:
        return self.token.kind == kind and (not texts or self.token.text in texts)

    def accept(self, kind: str, *texts: str) -> Token | None:
        return self.take() if self.sees(kind, *texts) else None

    def fail(self, message: tuple[str, str], at: Token | Span | None = None, **words: object) -> Unreadable:
        place = at or self.token
        span = Span(place.start, max(place.end, place.start))
        return fail(message, self.text, span, **words)

    def expect_close(self) -> Token:
        if not self.sees("close"):
            raise self.unexpected()
        return self.take()

    def unexpected(self) -> Unreadable:
        """The error for a token that cannot stand here."""
        token = self.token
        if token.kind == "end":
            return self.fail(messages.ENDS)
        if token.kind == "op" or token.kind in ("comma", "close"):
            return self.fail(messages.NOTHING_BEFORE, seen=token.text)
        return self.fail(messages.STRANGE, seen=self.text[token.start : token.end])

    def since(self, start: int) -> Span:
        return Span(start, self.tokens[self.at - 1].end if self.at else start)

    # ---- claims ----

    def formula(self) -> Formula:
        if self.sees("end"):
            raise self.fail(messages.EMPTY)
        result = self.sum()
        if not self.sees("end"):
            raise self.unexpected()
        return result

    def claim(self) -> Claim:
        start = self.token.start
        continues = bool(self.accept("op", "="))
        sides, reasons = [], []
        if self.sees("end"):
            raise self.fail(messages.EMPTY)
        while True:
            sides.append(self.sum())
            if len(sides) > 1 or continues:
                reasons.append(self.reason())
            if not self.accept("op", "="):
                break
        if not self.sees("end"):
            raise self.unexpected()
        if len(sides) < 2 and not continues:
            raise self.fail(messages.NO_EQUATION, Span(start, self.token.end))
        return Claim(tuple(sides), tuple(reasons), continues, span=self.since(start))

    def reason(self) -> str | None:
        """``[chain rule]`` behind a side."""
        if not self.sees("open", "["):
            return None
        opened = self.take()
        depth = 1
        while depth:
            token = self.take()
            depth += (token.kind == "open") - (token.kind == "close")
        return self.text[opened.end : self.tokens[self.at - 1].start].strip()

    # ---- binary operations ----

    def sum(self, level: int = 0) -> Formula:
        """A chain of the operations of a level, left to right."""
        if level == len(_LEVELS):
            return self.unary()
        start = self.token.start
        left = self.sum(level + 1)
        while self.token.kind == "op" and self.token.text in _LEVELS[level]:
            op = _LEVELS[level][self.token.text]
            sign = self.take()
            self.needs_operand(sign)
            right = self.sum(level + 1)
            left = Binary(op, left, right, span=self.since(start))
        return left

    def needs_operand(self, sign: Token) -> None:
        token = self.token
        if token.kind in _OPERANDS or (token.kind == "op" and token.text in "+-"):
            return
        if token.kind == "end":
            raise self.fail(messages.NOTHING_AFTER, sign, seen=self.text[sign.start : sign.end])
        raise self.unexpected()

    def unary(self) -> Formula:
        start = self.token.start
        if self.accept("op", "-"):
            self.needs_operand(self.tokens[self.at - 1])
            return Negation(self.unary(), span=self.since(start))
        if self.accept("op", "+"):
            return self.unary()
        return self.product()

    def product(self) -> Formula:
        """Juxtaposition and ``·``."""
        start = self.token.start
        left = self.factor()
        while True:
            dot = self.accept("op", "·")
            if dot:
                self.needs_operand(dot)
                right = self.unary() if self.sees("op") else self.factor()
            elif self.begins_factor():
                right = self.factor()
            else:
                return left
            left = Binary(Op.PRODUCT, left, right, span=self.since(start))

    def begins_factor(self) -> bool:
        token = self.token
        if token.kind in ("bar", "norm"):
            return token.text not in self.bars
        if token.kind == "open":
            return token.text != "["
        return token.kind in ("number", "word", "command")

    def factor(self) -> Formula:
        """An operand, or a fraction of two atoms such as 1/m."""
        start = self.token.start
        left = self.postfix()
        if self.sees("op", "/") and self.is_atom(left) and self.ahead().kind in ("number", "word"):
            mark = self.at
            self.take()
            right = self.postfix()
            if self.is_atom(right):
                return Binary(Op.OVER, left, right, span=self.since(start))
            self.at = mark
        return left

    def is_atom(self, formula: Formula) -> bool:
        match formula:
            case Number():
                return True
            case Symbol(name):
                return name in self.vocabulary.scalars
            case _:
                return False

    # ---- postfix ----

    def postfix(self) -> Formula:
        start = self.token.start
        return self.with_postfix(self.primary(), start)

    def with_postfix(self, of: Formula, start: int) -> Formula:
        """Transposes, powers, entries and methods behind an operand."""
        while True:
            token = self.token
            if token.kind == "script" and token.text == "_":
                of = self.entry(of, start)
            elif token.kind == "lowered":
                self.take()
                of = Entry(of, self.indices_in(token.text, of, token), span=self.since(start))
            elif token.kind in ("script", "raised"):
                of = self.raised(of, start)
            elif token.kind == "op" and token.text in (".^", "**"):
                self.take()
                of = Power(of, self.exponent(), True, span=self.since(start))
            elif token.kind == "dot" and self.ahead().kind == "word":
                of = self.method(of, start)
            elif token.kind == "prime":
                raise self.fail(messages.STRANGE, seen=self.text[token.start : token.end])
            elif token.kind == "open" and token.text == "[" and self.at and not token.spaced:
                if self.at + 1 < len(self.tokens) and self.ahead().kind in ("number", "op", "colon"):
                    raise self.fail(messages.NUMPY_INDEX)
                return of
            else:
                return of

    def raised(self, of: Formula, start: int) -> Formula:
        script = self.superscript()
        if script in _TRANSPOSED:
            return Transpose(of, span=self.since(start))
        if isinstance(script, str):
            raise self.fail(messages.STRANGE, seen=script)
        return Power(of, script, span=self.since(start))

    def superscript(self) -> Formula | str:
        """What stands behind ^, of something that has no layer: an exponent, or ``T``."""
        token = self.take()
        if token.kind == "raised":
            if token.text in _TRANSPOSED:
                return token.text
            inner = self.inner(token)
            return inner.folded()
        if self.sees("open", "{", "("):
            self.take()
            if self.sees("word", *_TRANSPOSED) and self.ahead().kind == "close":
                self.take()
                self.take()
                return "T"
            if self.sees("prime"):
                raise self.fail(messages.STRANGE, seen="′")
            exponent = self.sum()
            self.expect_close()
            return _folded(exponent)
        if self.sees("word", *_TRANSPOSED):
            self.take()
            return "T"
        return self.exponent()

    def exponent(self) -> Formula:
        """A number, a name or a group behind ^, ``.^`` or ``**``; a signed number is one number."""
        minus = self.accept("op", "-")
        if self.sees("open", "{", "("):
            self.take()
            value: Formula = self.sum()
            self.expect_close()
            value = _folded(value)
        elif self.sees("number") or self.sees("word"):
            value = self.primary()
        else:
            raise self.unexpected()
        return _folded(Negation(value, span=value.span)) if minus else value

    def inner(self, token: Token) -> _Script:
        """A parser for the text of a Unicode script; its spans are the script's own."""
        return _Script(token, self.vocabulary, self.text)

    def entry(self, of: Formula, start: int) -> Formula:
        self.take()
        indices = self.subscript(of)
        if isinstance(of, Norm):  # ‖x‖_2
            return of
        return Entry(of, indices, span=self.since(start))

    def subscript(self, of: Formula | None) -> tuple[Index, ...]:
        """The indices behind _."""
        if self.sees("open", "{"):
            opened = self.take()
            found: list[Index] = []
            while not self.sees("close"):
                token = self.take()
                if token.kind in ("word", "number"):
                    found.extend(self.indices_in(token.text, of, token))
                elif token.kind != "comma":
                    raise self.fail(messages.NOT_AN_INDEX, token, seen=self.text[token.start : token.end])
            self.expect_close()
            if not found:
                raise self.fail(messages.NOT_AN_INDEX, opened, seen="{}")
            return tuple(found)
        token = self.take()
        if token.kind not in ("word", "number"):
            raise self.fail(messages.NOT_AN_INDEX, token, seen=self.text[token.start : token.end])
        return self.indices_in(token.text, of, token)

    def indices_in(self, text: str, of: Formula | None, token: Token) -> tuple[Index, ...]:
        """``jk`` is two indices; ``24`` is two of a matrix, one of a vector."""
        if text.isdigit():
            if int(text) == 0:
                raise self.fail(messages.NOT_AN_INDEX, token, seen=text)
            if len(text) == 2 and "0" not in text and self.is_matrix(of):
                return Index(text[0]), Index(text[1])
            return (Index(text),)
        if canonical(text) != text:
            return (Index(canonical(text)),)
        if not text.isalnum():
            raise self.fail(messages.NOT_AN_INDEX, token, seen=text)
        return tuple(Index(char) for char in text)

    def is_matrix(self, of: Formula | None) -> bool:
        return isinstance(of, Symbol) and {of.name, of.name.upper()} & self.vocabulary.matrices != set()

    def method(self, of: Formula, start: int) -> Formula:
        """``.T``, ``.dot(X)``, ``.sum(axis=0)``, ``.transpose()``."""
        self.take()
        word = self.take()
        if word.text == "T":
            return Transpose(of, span=self.since(start))
        if not self.sees("open", "("):
            raise self.fail(messages.STRANGE, word, seen=f".{word.text}")
        arguments, axis, keepdims = self.arguments()
        span = self.since(start)
        if word.text == "transpose" and not arguments:
            return Transpose(of, span=span)
        if word.text in ("dot", "matmul") and len(arguments) == 1:
            return Binary(Op.PRODUCT, of, arguments[0], span=span)
        if word.text == "sum" and not arguments:
            return Call("sum", (of,), axis, keepdims, span=span)
        raise self.fail(messages.STRANGE, word, seen=f".{word.text}")

    # ---- operands ----

    def primary(self) -> Formula:
        token = self.token
        match token.kind:
            case "number":
                self.take()
                return self.number(token)
            case "word":
                return self.word()
            case "open" if token.text != "[":
                return self.group()
            case "bar" | "norm":
                return self.norm()
            case "command":
                return self.command()
            case _:
                raise self.unexpected()

    def number(self, token: Token) -> Formula:
        if token.text == "1" and self.sees("script", "_"):
            self.take()
            width = self.width_subscript()
            return Call("ones", (width, Number(Fraction(1))), span=self.since(token.start))
        if token.text == "1" and self.sees("lowered"):
            return Call("ones", (self.lowered_width(), Number(Fraction(1))), span=self.since(token.start))
        return Number(Fraction(token.text), span=Span(token.start, token.end))

    def width_subscript(self) -> Formula:
        """The width in ``1_n``, ``I_{n_l}``."""
        if self.sees("open", "{"):
            self.take()
            width = self.sum()
            self.expect_close()
            return width
        return self.primary()

    def lowered_width(self) -> Formula:
        token = self.take()
        if token.text.isdigit():
            return Number(Fraction(token.text), span=Span(token.start, token.end))
        return Symbol(token.text, span=Span(token.start, token.end))

    def group(self) -> Formula:
        opened = self.take()
        if opened.text == "{" and (function := self.grouped_function()):
            return function
        result = self.sum()
        self.expect_close()
        return replaced(result, span=self.since(opened.start))

    def grouped_function(self) -> Formula | None:
        """``{\\sigma}’(z)``: a function in braces of its own."""
        mark = self.at
        if self.sees("word") and self.ahead().kind == "close" and self.names.function(self.token.text):
            word = self.take()
            self.take()
            return self.function(word)
        self.at = mark
        return None

    def norm(self) -> Formula:
        opened = self.take()
        self.bars.append(opened.text)
        inner = self.sum()
        self.bars.pop()
        if not self.sees(opened.kind):
            raise self.fail(messages.UNCLOSED, opened, wanted=opened.text)
        self.take()
        span = self.since(opened.start)
        subscript = self.sees("script", "_") and self.ahead().text in ("2", "F")
        if opened.kind == "norm" or subscript:
            if self.sees("script", "_"):
                self.take()
                self.take()
            elif self.sees("lowered", "2"):
                self.take()
            return Norm(inner, span=self.since(opened.start))
        return Apply(Function("abs"), inner, span=span)

    def command(self) -> Formula:
        token = self.token
        match token.text:
            case "frac":
                return self.fraction()
            case "partial":
                return self.derivative()
            case "nabla":
                return self.nabla()
            case "sum":
                self.take()
                return self.index_sum(token.start)
            case "sqrt":
                self.take()
                return Apply(Function("sqrt"), self.simple_operand(token), span=self.since(token.start))
            case "hat":
                self.take()
                name = self.take() if not self.sees("open", "{") else self.tokens[self.at + 1]
                if self.sees("open", "{"):
                    self.take()
                    self.take()
                    self.expect_close()
                hatted = {"y": "ŷ", "a": "â", "x": "x̂"}.get(name.text, name.text)
                return self.quantity(hatted, Token("word", hatted, token.start, name.end))
            case _:
                return self.braced()

    def braced(self) -> Formula:
        """``\\underbrace{X}_{note}``: the note is passed over."""
        command = self.take()
        if not self.sees("open", "{"):
            raise self.unexpected()
        result = self.group()
        if self.sees("script") and self.ahead().text == "{":
            self.take()
            self.skip_group()
        return replaced(result, span=self.since(command.start))

    def skip_group(self) -> None:
        depth = 0
        while True:
            token = self.take()
            depth += (token.kind == "open") - (token.kind == "close")
            if not depth:
                return

    # ---- words ----

    def word(self) -> Formula:
        token = self.token
        text = token.text
        if text in MODULES and self.ahead().kind == "dot":
            while self.token.text in MODULES and self.ahead().kind == "dot":
                self.take()
                self.take()
            return self.word() if self.sees("word") else self.primary()
        if text == "d" and canonical("d") not in self.names.known and (found := self.plain_d()):
            return found
        if text in ("Σ",) and self.ahead().kind == "prime":
            return self.diagonal_of_primes()
        if text == "sum" and self.ahead().text == "_" and self.ahead().kind == "script":
            self.take()
            return self.index_sum(token.start)
        call = self.names.call(text)
        if call and self.ahead().text == "(" and self.names.function(text) is None:
            self.take()
            return self.call(call, token)
        if text == "I" and "I" not in self.names.known and self.ahead().kind in ("script", "lowered"):
            self.take()
            if self.sees("lowered"):
                return Call("eye", (self.lowered_width(),), span=self.since(token.start))
            if self.sees("script", "_"):
                self.take()
                return Call("eye", (self.width_subscript(),), span=self.since(token.start))
        if text == "𝟙" and self.ahead().kind == "script":
            self.take()
            self.take()
            return Call("ones", (self.width_subscript(), Number(Fraction(1))), span=self.since(token.start))
        if self.names.function(text):
            self.take()
            return self.function(token)
        differential = self.names.differential(text)
        if differential and self.derivative_quotient():
            return self.quotient_of_differentials()
        if differential:
            self.take()
            symbol = self.quantity(differential, token)
            return self.loss_derivative(symbol, token)
        return self.split(token)

    def loss_derivative(self, of: Formula, token: Token) -> Formula:
        match of:
            case Symbol():
                return LossDerivative(of, span=of.span)
            case Transpose(inner):
                return Transpose(self.loss_derivative(inner, token), span=of.span)
            case Entry(inner, indices):
                return Entry(self.loss_derivative(inner, token), indices, span=of.span)
            case _:
                raise self.fail(messages.BY, token)

    def split(self, token: Token) -> Formula:
        """A run of letters as a name, or as a product of names; the last one takes what follows."""
        self.take()
        pieces = self.names.pieces(token.text)
        start = token.start
        places: list[Token] = []
        for piece in pieces:
            length = len(piece) if len(pieces) > 1 else token.end - token.start
            places.append(Token("word", piece, start, start + length))
            start += length
        result: Formula | None = None
        for factor in places:
            name = canonical(factor.text)
            last = factor is places[-1]
            following: Formula
            if last and self.names.function(factor.text):
                following = self.function(factor)
            elif last:
                following = self.quantity(name, factor)
            else:
                following = Symbol(name, span=Span(factor.start, factor.end))
            if result is None:
                result = following
            else:
                result = Binary(Op.PRODUCT, result, following, span=self.since(token.start))
        assert result is not None
        return result

    def quantity(self, name: str, token: Token) -> Formula:
        """A quantity's name with its layer, sample and entries, in any order."""
        span = Span(token.start, token.end)
        layered = name in self.vocabulary.layered
        layer: Layer | None = None
        sample, transposed = "", False
        indices: tuple[Index, ...] = ()
        bare = Symbol(name)
        while True:
            if self.sees("script", "_") and not indices:
                joined = self.joined_name(name)
                if joined:
                    return self.quantity(joined, Token("word", joined, token.start, self.tokens[self.at - 1].end))
                if name == "n" and layered:
                    self.take()
                    layer = self.width_layer()
                    continue
                if transposed:
                    break
                self.take()
                indices = self.subscript(bare)
            elif self.sees("lowered") and not indices:
                script = self.take()
                if name == "n" and layered:
                    layer = self.layer_of_text(script)
                    continue
                indices = self.indices_in(script.text, bare, script)
            elif layered and layer is None and not transposed and (self.sees("script", "^") or self.sees("raised")):
                layer, sample, transposed = self.layer_script()
            elif layered and layer is None and self.sees("open", "[") and self.is_layer_bracket():
                self.take()
                layer = self.layer()
                self.expect_close()
            else:
                break
            span = self.since(token.start)
        result: Formula = Symbol(name, layer, sample, span=span)
        if indices:
            result = Entry(result, indices, span=span)
        if transposed:
            result = Transpose(result, span=span)
        return result

    def joined_name(self, name: str) -> str | None:
        """``n_{in}``, ``W_{1}``, ``J_x``: a name that holds its subscript."""
        mark = self.at
        self.take()
        braced = self.accept("open", "{")
        token = self.take()
        if token.kind in ("word", "number") and (not braced or self.accept("close")):
            joined = f"{name}_{token.text}"
            if joined in self.names.known:
                return joined
            if name == "n" and token.text in ("in", "out", "x", "y"):
                return joined
        self.at = mark
        return None

    def width_layer(self) -> Layer:
        if self.sees("open", "{"):
            self.take()
            layer = self.layer()
            self.expect_close()
            return layer
        return self.layer()

    def is_layer_bracket(self) -> bool:
        return not self.token.spaced or self.ahead(2).kind in ("close", "op")

    # ---- layers ----

    def layer_script(self) -> tuple[Layer | None, str, bool]:
        """The layer, sample and transpose behind ^ of a layered name."""
        token = self.take()
        if token.kind == "raised":
            if token.text in _TRANSPOSED:
                return None, "", True
            transposed = token.text.endswith("T")
            shortened = token._replace(text=token.text.removesuffix("T"))
            return self.layer_of_text(shortened), "", transposed
        if not self.sees("open", "{"):
            if self.sees("word", *_TRANSPOSED):
                self.take()
                return None, "", True
            if self.sees("open", "[", "("):
                self.take()
                layer = self.layer()
                self.expect_close()
                return layer, "", False
            return self.layer(), "", False
        self.take()
        if self.sees("word", *_TRANSPOSED) and self.ahead().kind == "close":
            self.take()
            self.expect_close()
            return None, "", True
        layer, sample = self.braced_layer()
        transposed = bool(self.accept("word", *_TRANSPOSED) or self.accept("raised", "T"))
        self.expect_close()
        return layer, sample, transposed

    def braced_layer(self) -> tuple[Layer, str]:
        """``l+1``, ``[l+1]``, ``(l+1)``, ``i,l``, ``[l](i)``."""
        if self.sees("open", "[", "("):
            self.take()
            layer = self.layer()
            self.expect_close()
            sample = ""
            if self.sees("open", "("):
                self.take()
                sample = self.take().text
                self.expect_close()
            return layer, sample
        if self.sees("word") and self.ahead().kind == "comma":
            sample = self.take().text
            self.take()
            return self.layer(), sample
        return self.layer(), ""

    def layer(self) -> Layer:
        """A letter or a number, and a shift."""
        token = self.take()
        if token.kind == "number" and token.text.isdigit():
            base, offset = "", int(token.text)
        elif (
            token.kind == "word"
            and len(token.text) == 1
            and (token.text in "lL" or (token.text in "ikhrst" and token.text not in self.vocabulary.names))
        ):
            base, offset = token.text, 0
        else:
            raise self.fail(messages.NOT_A_LAYER, token, seen=self.text[token.start : token.end] or "This")
        while self.sees("op", "+", "-") and self.ahead().kind == "number":
            sign = self.take()
            amount = self.take()
            offset += int(Fraction(amount.text)) * (1 if sign.text == "+" else -1)
        return Layer(base, offset)

    def layer_of_text(self, token: Token) -> Layer:
        inner = _Script(token, self.vocabulary, self.text)
        layer = inner.layer()
        if not inner.sees("end"):
            raise self.fail(messages.NOT_A_LAYER, token, seen=self.text[token.start : token.end])
        return layer

    # ---- functions and calls ----

    def function(self, word: Token) -> Formula:
        """A function with its layer, primes and subscript, and its argument."""
        found = self.names.function(word.text)
        assert found is not None
        name, order = found
        layer: Layer | None = None
        indices: tuple[Index, ...] = ()
        while True:
            if prime := self.accept("prime"):
                order += len(prime.text)
            elif self.sees("script", "_") and not indices:
                self.take()
                indices = self.subscript(None)
            elif self.sees("lowered") and not indices:
                script = self.take()
                indices = self.indices_in(script.text, None, script)
            elif self.sees("open", "{") and self.ahead().kind == "prime":
                self.take()
                order += self.primes()
                self.expect_close()
            elif self.sees("script", "^") or self.sees("raised"):
                layer, more = self.function_script(name, word, layer)
                order += more
            elif self.sees("open", "[") and layer is None and name in self.vocabulary.layered:
                self.take()
                layer = self.layer()
                self.expect_close()
            else:
                break
        function = Function(name, layer, order)
        argument = self.argument(function, word)
        result: Formula = Apply(function, argument, span=self.since(word.start))
        return Entry(result, indices, span=self.since(word.start)) if indices else result

    def primes(self) -> int:
        order = 0
        while prime := self.accept("prime"):
            order += len(prime.text)
        return order

    def function_script(self, name: str, word: Token, layer: Layer | None) -> tuple[Layer | None, int]:
        """What stands behind ^ of a function: its layer, primes, or both."""
        token = self.take()
        if token.kind == "raised":
            return self.layer_of_text(token), 0
        if not self.sees("open", "{"):
            if self.sees("prime"):
                return layer, self.primes()
            if name not in self.vocabulary.layered or self.sees("number"):
                raise self.fail(messages.NO_POWER, word, name=name)
            if self.sees("open", "[", "("):
                self.take()
                layer = self.layer()
                self.expect_close()
                return layer, 0
            return self.layer(), 0
        self.take()
        order = self.primes()
        if not order or not self.sees("close"):
            if name not in self.vocabulary.layered:
                raise self.fail(messages.NO_POWER, word, name=name)
            layer, _ = self.braced_layer()
            order += self.primes()
            if self.accept("script", "^"):
                inner = self.accept("open", "{")
                order += self.primes()
                if inner:
                    self.expect_close()
        self.expect_close()
        return layer, order

    def argument(self, function: Function, word: Token) -> Formula:
        layer = f"^{{[{function.layer}]}}" if function.layer else ""
        shown = f"{function.name}{layer}{'′' * function.order}"
        if self.sees("open", "(", "{"):
            self.take()
            argument = self.sum()
            if self.sees("comma") and function.name in ("sigmoid", "relu"):
                raise self.unexpected()
            self.expect_close()
            return argument
        simple = function.name in _NAMED_BY_WORD and self.token.kind in ("number", "word", "command", "norm", "bar")
        if simple and self.token.text != "sum":
            return self.simple_operand(word)
        raise self.fail(messages.NEEDS_ARGUMENT, self.since(word.start), name=shown)

    def simple_operand(self, word: Token) -> Formula:
        """The operand of a function without brackets: ``log 0.9``, ``√2``."""
        if self.sees("open"):
            return self.group()
        if self.token.kind in ("number", "word", "command", "norm", "bar"):
            return self.postfix()
        raise self.fail(messages.NEEDS_ARGUMENT, word, name=word.text)

    def arguments(self) -> tuple[list[Formula], int | None, bool]:
        """``(X, axis=1, keepdims=True)``; a tuple ``((m, n))`` is spread."""
        self.take()
        found: list[Formula] = []
        axis, keepdims = None, False
        while not self.sees("close"):
            if self.sees("word", "axis", "keepdims", "keepdim", "dim") and self.ahead().text == "=":
                keyword = self.take()
                self.take()
                if keyword.text in ("axis", "dim"):
                    axis = self.integer()
                else:
                    keepdims = self.take().text in ("True", "true", "1")
            elif self.sees("word") and self.ahead().text == "=":
                raise self.fail(messages.KEYWORD, name="This", seen=self.token.text)
            elif self.sees("open", "(") and self.is_tuple():
                self.take()
                while not self.sees("close"):
                    found.append(self.sum())
                    if not self.accept("comma"):
                        break
                self.expect_close()
            else:
                found.append(self.sum())
            if not self.accept("comma"):
                break
        self.expect_close()
        return found, axis, keepdims

    def is_tuple(self) -> bool:
        depth = 0
        for token in self.tokens[self.at :]:
            depth += (token.kind == "open") - (token.kind == "close")
            if depth == 0:
                return False
            if depth == 1 and token.kind == "comma":
                return True
        return False

    def integer(self) -> int:
        sign = -1 if self.accept("op", "-") else 1
        token = self.take()
        if token.kind != "number" or not token.text.isdigit():
            raise self.fail(messages.INTEGER, token)
        return sign * int(token.text)

    def call(self, name: str, word: Token) -> Formula:
        arguments, axis, keepdims = self.arguments()
        span = self.since(word.start)
        one, two = len(arguments) == 1, len(arguments) == 2
        if name == "transpose" and one:
            return Transpose(arguments[0], span=span)
        if name in _CALLED_OPERATIONS and two:
            return Binary(_CALLED_OPERATIONS[name], *arguments, span=span)
        if name == "outer" and two:
            return Binary(Op.PRODUCT, arguments[0], Transpose(arguments[1], span=arguments[1].span), span=span)
        if name == "square" and one:
            return Power(arguments[0], Number(Fraction(2)), True, span=span)
        if name == "power" and two:
            return Power(arguments[0], _folded(arguments[1]), True, span=span)
        if name == "norm" and one:
            return Norm(arguments[0], span=span)
        if name in ("transpose", "outer", "square", "power", "norm") or name in _CALLED_OPERATIONS or not arguments:
            raise self.fail(messages.NEEDS_ARGUMENT, word, name=word.text)
        if name == "ones" and one:
            arguments.append(Number(Fraction(1)))
        return Call(name, tuple(arguments), axis, keepdims, span=span)

    def diagonal_of_primes(self) -> Formula:
        """``Σ'(z)`` is diag(σ'(z))."""
        word = self.take()
        order = self.primes()
        if not self.sees("open", "("):
            raise self.fail(messages.NEEDS_ARGUMENT, word, name="Σ′")
        self.take()
        argument = self.sum()
        self.expect_close()
        span = self.since(word.start)
        return Call("diag", (Apply(Function("σ", None, order), argument, span=span),), span=span)

    # ---- sums ----

    def index_sum(self, start: int) -> Formula:
        """Σ with its index and limits, and the rest of its term."""
        indices: list[str] = []
        upper: Formula | None = None
        while self.sees("script") or self.sees("lowered"):
            if self.sees("lowered"):
                indices += list(self.take().text)
            elif self.take().text == "_":
                indices += self.sum_indices()
            elif self.sees("open", "{"):
                self.take()
                upper = self.sum()
                self.expect_close()
            else:
                upper = self.primary_of_script()
        if not indices:
            raise self.fail(messages.SUM_INDEX, Span(start, self.tokens[self.at - 1].end))
        self.needs_operand(self.tokens[self.at - 1])
        body = self.sum(1)
        for index in reversed(indices):
            body = IndexSum(index, body, upper, span=self.since(start))
        return body

    def primary_of_script(self) -> Formula:
        token = self.take()
        span = Span(token.start, token.end)
        if token.kind == "number":
            return Number(Fraction(token.text), span=span)
        return Symbol(canonical(token.text), span=span)

    def sum_indices(self) -> list[str]:
        if not self.sees("open", "{"):
            token = self.take()
            if token.kind != "word":
                raise self.fail(messages.SUM_INDEX, token)
            return list(token.text)
        self.take()
        found: list[str] = []
        while not self.sees("close"):
            token = self.take()
            if token.kind == "word":
                found += list(token.text)
            elif token.kind == "op" and token.text == "=":
                first = self.take()
                if first.text != "1":
                    raise self.fail(messages.SUM_FROM_1, first, seen=first.text)
            elif token.kind != "comma":
                raise self.fail(messages.SUM_INDEX, token)
        self.expect_close()
        return found

    # ---- derivatives ----

    def fraction(self) -> Formula:
        """``\\frac{a}{b}``, ``\\frac{\\partial J}{\\partial W}``, ``\\frac12``."""
        command = self.take()
        if self.sees("number") and len(self.token.text) == 2 and self.token.text.isdigit():
            both = self.take()  # \frac12
            digits = [
                Number(Fraction(d), span=Span(both.start + k, both.start + k + 1)) for k, d in enumerate(both.text)
            ]
            return Binary(Op.OVER, *digits, span=self.since(command.start))
        if derivative := self.derivative_fraction(command):
            return derivative
        above, below = self.fraction_part(), self.fraction_part()
        return Binary(Op.OVER, above, below, span=self.since(command.start))

    def fraction_part(self) -> Formula:
        if self.sees("open", "{"):
            return self.group()
        return self.primary()

    def derivative_fraction(self, command: Token) -> Formula | None:
        """A fraction whose parts both begin with ∂ or d."""
        mark = self.at
        if not self.sees("open", "{"):
            return None
        self.take()
        sign = self.differential_sign()
        if sign is None:
            self.at = mark
            return None
        if self.sees("script", "^") or self.sees("raised"):
            raise self.fail(messages.SECOND, sign)
        of = None if self.sees("close") else self.operand_of(sign)
        if not self.sees("close"):
            self.at = mark
            return None
        self.expect_close()
        if not self.sees("open", "{"):
            self.at = mark
            return None
        below = self.take()
        second = self.differential_sign()
        if second is None:
            self.at = mark
            return None
        by = self.variable(second)
        if self.sees("script", "^") or self.sees("raised"):
            raise self.fail(messages.SECOND, second)
        self.expect_close()
        if of is None:
            self.needs_operand(below)
            of = self.factor()
        return Derivative(of, by, span=self.since(command.start))

    def differential_sign(self) -> Token | None:
        """∂ or d, taken; ``dJ`` as one word is split."""
        if self.sees("command", "partial"):
            return self.take()
        if self.sees("word") and self.token.text[0] == "d" and canonical(self.token.text) not in self.names.known:
            return self.split_d()
        return None

    def split_d(self) -> Token:
        """Take the d of ``dJ`` and leave the rest as a word."""
        token = self.take()
        if len(token.text) > 1:
            rest = Token("word", token.text[1:], token.start + 1, token.end)
            self.at -= 1
            self.tokens = [*self.tokens]
            self.tokens[self.at] = rest
        return Token("word", "d", token.start, token.start + 1)

    def operand_of(self, sign: Token) -> Formula:
        """What a ∂ is of: one operand."""
        if self.sees("script", "^") or self.sees("raised"):
            raise self.fail(messages.SECOND, sign)
        if self.token.kind not in _OPERANDS:
            raise self.fail(messages.DERIVATIVE, sign)
        return self.postfix()

    def variable(self, sign: Token) -> Symbol | Entry:
        """What a ∂ is by: a name or an entry, perhaps in brackets."""
        if not (self.sees("word") or self.sees("open", "(", "{") or self.sees("command", "hat")):
            raise self.fail(messages.BY, self.token if not self.sees("end") else sign)
        if self.sees("word") and not self.names.function(self.token.text):
            word = self.take()
            found: Formula = self.quantity(canonical(word.text), word)
        else:
            found = self.primary()
        if isinstance(found, Symbol) or (isinstance(found, Entry) and isinstance(found.of, Symbol)):
            return found
        raise self.fail(messages.BY, found.span)

    def derivative(self) -> Formula:
        """``∂J/∂W``, ``∂(…)/∂x``, ``∂/∂z (…)``."""
        sign = self.take()
        if self.sees("op", "/"):
            self.take()
            second = self.differential_sign()
            if second is None:
                raise self.fail(messages.DERIVATIVE, sign)
            by = self.variable(second)
            self.needs_operand(second)
            return Derivative(self.factor(), by, span=self.since(sign.start))
        of = self.operand_of(sign)
        if not self.accept("op", "/"):
            raise self.fail(messages.DERIVATIVE, self.since(sign.start))
        second = self.differential_sign()
        if second is None:
            raise self.fail(messages.DERIVATIVE, self.since(sign.start))
        return Derivative(of, self.variable(second), span=self.since(sign.start))

    def quotient_of_differentials(self) -> Formula:
        """``dJ/dW^{[1]}``."""
        sign = self.split_d()
        of = self.operand_of(sign)
        self.accept("op", "/")
        return Derivative(of, self.variable(self.split_d()), span=self.since(sign.start))

    def derivative_quotient(self) -> bool:
        """Whether a word dJ begins ``dJ/dW`` …: a slash and another d-word follow its scripts."""
        depth = 0
        for place in range(self.at + 1, min(self.at + 40, len(self.tokens))):
            token = self.tokens[place]
            depth += (token.kind == "open") - (token.kind == "close")
            if depth < 0 or token.kind in ("end", "comma"):
                return False
            if depth == 0 and token.kind == "op":
                following = self.tokens[min(place + 1, len(self.tokens) - 1)]
                is_d = following.kind == "word" and self.names.differential(following.text) is not None
                return token.text == "/" and is_d
            if depth == 0 and token.kind == "word" and self.tokens[place - 1].kind != "script":
                return False
        return False

    def plain_d(self) -> Formula | None:
        """``d(J)/d(W)``: a lone d before a bracket, with another behind the slash."""
        mark = self.at
        sign = self.take()
        if self.sees("open", "(") or self.sees("word"):
            try:
                of = self.primary()
            except Unreadable:
                self.at = mark
                return None
            if self.accept("op", "/") and self.sees("word") and self.token.text[0] == "d":
                second = self.split_d()
                return Derivative(of, self.variable(second), span=self.since(sign.start))
        self.at = mark
        return None

    def nabla(self) -> Formula:
        """``∇_a J``, ``∇_{a^L} J``."""
        sign = self.take()
        if not self.accept("script", "_"):
            if not self.sees("lowered"):
                raise self.fail(messages.DERIVATIVE, sign)
            token = self.take()
            by: Formula = Symbol(token.text, span=Span(token.start, token.end))
        elif self.sees("open", "{"):
            self.take()
            by = self.variable(sign)
            self.expect_close()
        else:
            token = self.take()
            by = Symbol(canonical(token.text), span=Span(token.start, token.end))
            if self.sees("script", "^") or self.sees("raised"):
                by = self.quantity(by.name, token)
        if not isinstance(by, Symbol):
            raise self.fail(messages.BY, by.span)
        self.needs_operand(sign)
        return Gradient(self.postfix(), by, span=self.since(sign.start))


class _Script(Parser):
    """Reads the text of a Unicode script such as ˡ⁺¹."""

    def __init__(self, token: Token, vocabulary: Vocabulary, text: str) -> None:
        super().__init__(token.text, vocabulary)
        self.text = text
        self.tokens = [t._replace(start=token.start, end=token.end) for t in self.tokens]

    def folded(self) -> Formula:
        return _folded(self.formula())


def _folded(value: Formula) -> Formula:
    """A signed number as one number."""
    if isinstance(value, Negation) and isinstance(value.of, Number):
        return Number(-value.of.value, span=value.span)
    return value


_CALLED_OPERATIONS = {"dot": Op.PRODUCT, "multiply": Op.HADAMARD, "divide": Op.QUOTIENT}
_NAMED_BY_WORD = frozenset({"log", "log2", "log10", "exp", "sqrt", "tanh", "abs", "sign"})
