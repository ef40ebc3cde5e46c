"""One statement of a sheet: a declaration, a definition, a claim, ``layout``, ``use``, ``assume``."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from functools import wraps
from typing import ParamSpec, TypeVar

from derivations.formula import (
    PROPERTIES,
    Assume,
    Claim,
    Declaration,
    Definition,
    Formula,
    LayoutChange,
    Number,
    ShapeClaim,
    Span,
    Statement,
    Symbol,
    Unreadable,
    Use,
    Vocabulary,
)
from derivations.reading import messages as say
from derivations.reading.names import canonical_name
from derivations.reading.parser import Parser
from derivations.reading.scripts import WIDTH
from derivations.reading.signs import ends_unfinished

_KEYWORD = re.compile(r"\s*(?P<keyword>use|assume|layout)\b(?!\s*[:=≔])(?P<rest>.*)", re.DOTALL)
_OPTION = r"[\s,]*([A-Za-z]+)\s*=\s*([\w.-]+(?:,\d+)*)"
_ASSUMED = r"\s*(\\?\w[\w\\{}]*)(?=\s|$)\s*"
_REASON = r"(?<=\s)\[((?:[^\[\]]|\[[^\[\]]*\])*)\](?=[\s$&.,]*(?:$|=|≡|\\equiv|:=|\\tag|\\\\))"
_OPERATIONS = frozenset("-+−*/@·⋅⊙∘⊘^")
_PROPERTIES = {
    **{f"{one} sum to 1": rf"{one} sum to (?:1|one)\b" for one in ("rows", "columns")},
    "sums to 1": r"(?:entries )?sums? to (?:1|one)\b",
    "one-hot": r"one[- ]?hot\b",
    **{name: rf"{name}\b" for name in PROPERTIES if name.isalpha()},
}
_BETWEEN_PROPERTIES = r"(?:[\s,$]|\b(?:and|is|are|has|have|with)\b)*"
_JOINED_SHAPE = r"(\d+|[A-Za-z]\d*)x(\d+|[A-Za-z]\d*)"
_KINDS = {"elementwise": "function", "function": "function", "activation": "function", "loss": "loss"}
_SHAPE_WORDS = frozenset({"column", "vector", "matrix", "row"})


P = ParamSpec("P")
T = TypeVar("T")


def _bounded(read: Callable[P, T]) -> Callable[P, T]:
    """What is nested more deeply than can be followed is Unreadable as well, however it is nested."""

    @wraps(read)
    def bounded(*given: P.args, **named: P.kwargs) -> T:
        try:
            return read(*given, **named)
        except RecursionError:
            text, told = str(given[0]), say.NESTED_TOO_DEEPLY
            raise Unreadable(told.sentence, text, Span(0, len(text)), told.hint) from None

    return bounded


@_bounded
def read_formula(text: str, vocabulary: Vocabulary) -> Formula:
    """A formula. Raises Unreadable."""
    return Parser(text, vocabulary).formula()


# ---- claims ----


@_bounded
def read_claim(text: str, vocabulary: Vocabulary, flipped: frozenset[int] = frozenset()) -> Claim:
    """A claim, ``a = b = c``, with a reason in brackets behind any of its sides. Raises Unreadable.

    ``flipped``: which of its forks are read in the second way.
    """
    formulas, reasons = _without_reasons(text, vocabulary)
    try:
        parser = Parser(formulas, vocabulary, flipped)
        continues = parser.accept("=", ":=")
        equalities = [0] if continues else []
        sides = [parser.expression()]
        while parser.sees("=", ":="):
            equalities.append(parser.take().start)
            sides.append(parser.expression())
        if parser.next.kind != "end":
            raise parser.rest_refused()
        if not equalities:
            raise parser.trouble(say.NO_EQUALITY, parser.span(parser.tokens[0].start), seen=parser.shown(0))
    except Unreadable as problem:
        problem.text = text
        raise
    found: list[str | None] = [None] * len(equalities)
    for place, reason in reasons:
        behind = sum(start < place for start in equalities)
        if behind:
            found[behind - 1] = reason
    return Claim(tuple(sides), tuple(found), continues, span=Span(0, len(text)), forks=tuple(parser.forks))


def _without_reasons(text: str, vocabulary: Vocabulary) -> tuple[str, list[tuple[int, str]]]:
    """The text with blanks for its reasons, and the reasons and their places."""
    reasons: list[tuple[int, str]] = []

    def blank(match: re.Match[str]) -> str:
        before, inner = text[: match.start()], match[1].strip()
        if ends_unfinished(text, 0, match.start()) or not re.search(r"[=≡≔]|\\equiv", before) or not _is_reason(inner):
            return match[0]
        word = re.search(r"([^\W\d_]+)\s*\Z", before[-40:])
        if (
            word
            and canonical_name(word[1]) in vocabulary.layered
            and re.fullmatch(r"(?:[lL]|\d+)(?:\s*[-+−]\s*\d+)?", inner)
        ):
            return match[0]  # b [1] is a layer
        reasons.append((match.start(), inner))
        return " " * len(match[0])

    return re.sub(_REASON, blank, text) if "]" in text else text, reasons


def _is_reason(inner: str) -> bool:
    """Whether what stands in brackets is words, and not a factor as in ``2 [a + b]``."""
    return "=" in inner or re.search(r"[^\W\d_]{2}", inner) is not None or not set(inner) & _OPERATIONS


# ---- statements ----


@_bounded
def read_statement(text: str, vocabulary: Vocabulary) -> Statement:
    """A line of a sheet. Raises Unreadable."""
    plain = re.sub(r"#[^\n]*", lambda match: " " * len(match[0]), text) if "#" in text else text
    if match := _KEYWORD.match(plain):
        start = match.start("rest")
        match match["keyword"]:
            case "use":
                return _use(text, plain, start)
            case "assume":
                return _assume(text, plain, start)
            case _:
                return _layout(text, plain, start)
    blanked, _ = _without_reasons(plain, vocabulary)
    try:
        parser = _Declarations(blanked, vocabulary)
    except Unreadable as problem:
        problem.text = text
        raise
    try:
        match parser.first_relation():
            case ":" | "∈" as sign:
                try:
                    return parser.declaration(sign)
                except Unreadable as problem:
                    claim = _shape_claim(blanked, vocabulary, sign)
                    if claim is None:
                        raise problem from None
                    return claim
            case ":=" if name := parser.defined_name():
                body = parser.formula()
                return Definition(name, body, span=Span(0, len(text)))
    except Unreadable as problem:
        problem.text = text
        raise
    return read_claim(text, vocabulary)


def _shape_claim(text: str, vocabulary: Vocabulary, sign: str) -> ShapeClaim | None:
    """A shape that is claimed of a quantity of the network; None if it is not one."""
    if not vocabulary.layered:
        return None
    parser = _Declarations(text, vocabulary)
    try:
        of = parser.expression()
        if isinstance(of, Symbol) and of.layer is None:
            return None
        rows, columns = parser.claimed_shape(sign)
    except Unreadable:
        return None
    if rows is None or parser.next.kind != "end":
        return None
    return ShapeClaim(of, rows, columns, span=Span(0, len(text)))


def _use(text: str, plain: str, start: int) -> Use:
    words = plain[start:].split(None, 1)
    if not words or words[0].rstrip(",") != "network":
        shown = words[0] if words else ""
        raise _told(say.BAD_USE, text, _stripped(plain, start), seen=shown)
    at = plain.index("network", start) + len("network")
    options: list[tuple[str, str]] = []
    while option := re.compile(_OPTION).match(plain, at):
        options.append((option[1], option[2]))
        at = option.end()
    if rest := plain[at:].strip(" ,\n\t"):
        raise _told(say.BAD_USE, text, _stripped(plain, at), seen=rest)
    return Use(tuple(options), span=Span(0, len(text)))


def _layout(text: str, plain: str, start: int) -> LayoutChange:
    words = plain[start:].split()
    if len(words) != 1:
        raise _told(say.BAD_LAYOUT, text, _stripped(plain, start))
    return LayoutChange(words[0], span=Span(0, len(text)))


def _assume(text: str, plain: str, start: int) -> Assume:
    match = re.compile(_ASSUMED).match(plain, start)
    if match is None:
        raise _told(say.NO_PROPERTY, text, _stripped(plain, start))
    properties = _properties(text, plain, match.end())
    if not properties:
        raise _told(say.NO_PROPERTY, text, _stripped(plain, start))
    return Assume(canonical_name(match[1]), properties, span=Span(0, len(text)))


def _properties(text: str, plain: str, start: int) -> tuple[str, ...]:
    """The properties that a text lists from ``start`` on."""
    found: list[str] = []
    lower = plain.lower() if len(plain.lower()) == len(plain) else plain
    while True:
        between = re.compile(_BETWEEN_PROPERTIES).match(lower, start)
        start = between.end() if between else start
        if start >= len(lower.rstrip(" .,;")):
            return tuple(dict.fromkeys(found))
        for name, pattern in _PROPERTIES.items():
            if match := re.compile(pattern).match(lower, start):
                found.append(name)
                start = match.end()
                break
        else:
            span = _stripped(plain, start)
            raise _told(
                say.UNKNOWN_PROPERTY, text, span, seen=plain[span.start : span.end], known=", ".join(PROPERTIES)
            )


def _stripped(text: str, start: int) -> Span:
    """The place of what stands from ``start`` on."""
    rest = text[start:]
    first = start + len(rest) - len(rest.lstrip())
    return Span(min(first, max(0, len(text) - 1)), max(len(text.rstrip()), min(first, len(text) - 1) + 1))


def _told(message: say.Message, text: str, span: Span, **seen: object) -> Unreadable:
    return Unreadable(message.sentence.format(**seen), text, span, message.hint.format(**seen))


class _Declarations(Parser):
    """Reads ``W, U : m x n symmetric`` and the name of a definition."""

    def first_relation(self) -> str:
        """The first sign outside of brackets that says what kind of statement this is."""
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind == "sign" and token.text in (":", "∈", ":=", "="):
                return token.text
            at = max(at, self.partner.get(at, at)) + 1
        return ""

    def defined_name(self) -> str:
        """The name in ``name := …``, passed over with its sign; empty if it is no name but a formula."""
        if self.next.kind == "word":
            for word in self.joined(0):
                if self.tokens[word.after].text == ":=":
                    self.at = word.after
                    self.take()
                    return canonical_name(word.name)
        return ""

    def declaration(self, sign: str) -> Declaration:
        names = [self._name(sign)]
        while self.accept(","):
            names.append(self._name(sign))
        self.take()
        kind, rows, columns = "quantity", None, None
        if sign == "∈":
            self._space(names[0])
            if self.accept("^"):
                rows, columns = self._raised_shape()
        elif self.next.kind == "word" and self.next.text in _KINDS:
            kind = _KINDS[self.take().text]
            while self.next.kind == "word" and self.next.text in _KINDS:
                self.take()
        elif self.next.text in ("scalar", "number"):
            self.take()
        else:
            rows, columns = self._shape(names[0])
        properties = _properties(self.text, self.text, self.end)
        whole = Span(0, len(self.text))
        return Declaration(names[0], kind, rows, columns, properties, also=tuple(names[1:]), span=whole)

    def claimed_shape(self, sign: str) -> tuple[Formula | None, Formula | None]:
        """The shape behind the sign of a claim; none if it is not all of it."""
        if not self.accept(sign):
            return None, None
        if sign == "∈":
            self._space("")
            return self._raised_shape() if self.accept("^") else (Number(Fraction(1)), None)
        if self.next.text in ("scalar", "number"):
            self.take()
            return Number(Fraction(1)), None
        return (None, None) if self.next.text in _KINDS else self._shape("")

    def _name(self, sign: str) -> str:
        start = self.next.start
        if self.next.kind == "word":
            for word in self.joined(self.at):
                if self.tokens[word.after].text in (",", sign):
                    self.pass_over(word)
                    return canonical_name(word.name)
        while self.next.kind != "end" and not self.sees(",", sign):
            self.take()
        raise self.trouble(
            say.BAD_NAME, self.span(start), seen=self.shown(start) if self.end > start else self.next.text
        )

    def _space(self, name: str) -> None:
        """The ℝ of ``W ∈ ℝ^{m×n}``."""
        if self.next.kind == "end":
            raise self.trouble_here(say.NO_SHAPE, seen=name)
        if self.next.text != "R":
            raise self.trouble_here(say.BAD_SHAPE)
        self.take()

    def _raised_shape(self) -> tuple[Formula, Formula | None]:
        braced = self.accept("{")
        shape = self._sizes()
        if braced and not self.accept("}"):
            raise self.trouble_here(say.BAD_SHAPE)
        return shape

    def _shape(self, name: str) -> tuple[Formula | None, Formula | None]:
        if self.next.kind == "end":
            raise self.trouble_here(say.NO_SHAPE, seen=name)
        row = False
        while self.next.text in _SHAPE_WORDS and self.ahead().kind != "end":
            row = self.take().text == "row"
        if self.accept("("):
            rows, columns = self._sizes()
            self.accept(",")
            if not self.accept(")"):
                raise self.trouble_here(say.BAD_SHAPE)
        else:
            rows, columns = self._sizes()
        return (Number(Fraction(1)), rows) if row and columns is None else (rows, columns)

    def _sizes(self) -> tuple[Formula, Formula | None]:
        """``m x n`` or ``n``."""
        word = self.next
        if match := re.compile(_JOINED_SHAPE).fullmatch(word.text) if word.kind == "word" else None:
            self.take()
            first, second = match.span(1), match.span(2)
            rows, columns = (_size(word.text[a:b], Span(word.place(a), word.place(b))) for a, b in (first, second))
            return rows, columns
        size = self._one_size()
        if self.accept("·", "*"):
            return size, self._one_size()
        if self.sees(",") and self.ahead().kind in ("word", "number") and self._in_brackets():
            self.take()
            return size, self._one_size()
        if self.next.kind == "word" and self.next.text[0] == "x" and (self.next.text == "x" or self.adjoins):
            self.take_letters()
            return size, self._one_size()
        return size, None

    def _in_brackets(self) -> bool:
        return any(opened < self.at < closed for opened, closed in self.partner.items())

    def _one_size(self) -> Formula:
        token = self.next
        if token.kind == "word":
            if canonical_name(token.text) == WIDTH and WIDTH in self.vocabulary.layered:
                start = token.start
                node = self.word()
                return self.superscript(node, start, grouped=False) if self.sees("^") else node
            word = self.joined(self.at)[-1]
            self.pass_over(word)
            return _size(canonical_name(word.name), self.span(token.start))
        if token.kind == "number" and token.text.isdecimal():
            self.take()
            return Number(Fraction(token.text), span=token.span)
        if token.kind == "end":
            last = self.tokens[self.at - 1]
            raise self.trouble(say.NOTHING_AFTER, last.span, seen=last.text)
        raise self.trouble_here(say.BAD_SHAPE)


def _size(typed: str, span: Span) -> Formula:
    return Number(Fraction(typed), span=span) if typed.isdecimal() else Symbol(canonical_name(typed), span=span)
