"""A place in the tokens of a formula, and the names that are known there."""

from __future__ import annotations

from derivations.formula import Fork, Formula, Layer, Span, Symbol, Unreadable, Vocabulary
from derivations.reading.lexer import problem, tokens_of
from derivations.reading.messages import Message
from derivations.reading.names import DIGITS, canonical_name
from derivations.reading.sizes import Sizes
from derivations.reading.tokens import Token
from derivations.values import value


@value
class Word:
    """A name as it stands in the tokens: its form in the vocabulary, and the number of the token behind it."""

    name: str
    after: int


class Cursor:
    """Reads on, token by token. ``end`` is where the last token that was read ends in the text."""

    def __init__(self, text: str, vocabulary: Vocabulary, flipped: frozenset[int] = frozenset()) -> None:
        """``flipped``: the signs that are read in the second of their two ways."""
        self.text, self.flipped = text, flipped
        self.forks: list[Fork] = []
        self.sizes = Sizes(vocabulary)
        tokens = tokens_of(text)
        self.tokens, self.partner = tokens.items, tokens.partner
        self.vocabulary = vocabulary
        self.at = self.end = 0
        self.bars: list[str] = []  # the bars that are open; "" for a bracket, which hides those outside it

    # ---- moving ----

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def ahead(self, by: int = 1) -> Token:
        return self.tokens[min(self.at + by, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        self.end = token.end
        return token

    def sees(self, *signs: str) -> bool:
        token = self.tokens[self.at]
        return token.kind == "sign" and token.text in signs

    def accept(self, *signs: str) -> bool:
        if self.sees(*signs):
            self.take()
            return True
        return False

    def take_letters(self, count: int = 1) -> Token:
        """The first letters of the next word; the rest of it is the next token."""
        token = self.next
        if count >= len(token.text):
            return self.take()
        head, self.tokens[self.at] = token.cut(count)
        self.end = head.end
        return head

    @property
    def adjoins(self) -> bool:
        """Whether the next token follows without a blank."""
        return self.next.start == self.end

    def after_scripts(self, at: int) -> int:
        """The number of the token behind the sub- and superscripts that start at token ``at``."""
        while at < len(self.tokens):
            token = self.tokens[at]
            if token.kind == "prime":
                at += 1
            elif token.kind == "sign" and token.text in ("^", "_"):
                at = self.partner.get(at + 1, at + 1) + 1
            else:
                break
        return min(at, len(self.tokens) - 1)

    # ---- telling ----

    def span(self, start: int) -> Span:
        return Span(start, max(start, self.end))

    def shown(self, start: int, end: int | None = None) -> str:
        """The text as typed, on one line."""
        return " ".join(self.text[start : self.end if end is None else end].split())

    def trouble(self, message: Message, span: Span, **seen: object) -> Unreadable:
        return problem(message, self.text, span, **seen)

    def trouble_here(self, message: Message, **seen: object) -> Unreadable:
        """The next token is the trouble; behind the end of the text, its last character is."""
        token = self.next
        start = min(token.start, max(0, len(self.text) - 1))
        return self.trouble(message, Span(start, max(token.end, start + 1)), **{"seen": token.text, **seen})

    # ---- names ----

    def is_quantity(self, name: str, *, of_entry: bool = False) -> bool:
        """Whether a quantity is known by this name; w is, in an entry w_{jk} of a matrix W."""
        known = self.vocabulary
        if name in known.names:
            return True
        if name in known.functions:
            return False
        return name in known.layered or (of_entry and self.is_small_matrix(name))

    def is_small_matrix(self, name: str) -> bool:
        return len(name) == 1 and name.islower() and name.upper() in self.vocabulary.matrices

    def is_matrix(self, name: str) -> bool:
        return name in self.vocabulary.matrices or (name not in self.vocabulary.names and self.is_small_matrix(name))

    def numbered(self, name: str) -> Symbol | None:
        """``W1`` of a layered W is W^{[1]}."""
        stem = name.rstrip(DIGITS)
        if stem != name and stem in self.vocabulary.layered and stem not in self.vocabulary.functions:
            return Symbol(stem, Layer("", int(name[len(stem) :])))
        return None

    def quantity(self, typed: str, *, of_entry: bool = False) -> Symbol | None:
        """The quantity that a word names, if it names one; ``of_entry`` if an index hangs onto it."""
        name = canonical_name(typed)
        if self.is_quantity(name, of_entry=of_entry):
            return Symbol(name)
        if name in ("yhat", "y_hat") and self.is_quantity("ŷ"):
            return Symbol("ŷ")
        return self.numbered(name) if len(name) < 20 else None

    def joined(self, at: int) -> list[Word]:
        """The word at token ``at`` as it is, and joined with what hangs onto it by ``_``: ``leaky_relu``, ``W_{1}``."""
        word = self.tokens[at].text
        at += 1
        found = [Word(word, at)]
        while len(found) < 5 and self.tokens[at].kind == "sign" and self.tokens[at].text == "_":
            inner = self.tokens[at + 1]
            braced = inner.kind == "sign" and inner.text == "{" and self.partner[at + 1] == at + 3
            part = self.tokens[at + 2] if braced else inner
            if part.kind not in ("word", "number") or not part.text.isalnum():
                break
            word, at = f"{word}_{part.text}", at + (4 if braced else 2)
            found.append(Word(word, at))
        return found

    # ---- what the rooms above this one read ----

    def expression(self, level: int = 0) -> Formula:
        """A formula whose operations bind at least as tightly as ``level``."""
        raise NotImplementedError

    def operand(self) -> Formula:
        """One operand, with what is hung onto it."""
        raise NotImplementedError
