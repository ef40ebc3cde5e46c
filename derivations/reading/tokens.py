"""Tokens: what is left of a formula's text once all spellings of a sign have become one sign."""

from __future__ import annotations

from dataclasses import dataclass

from derivations.formula import Span


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    kind: ``word`` (letters and digits), ``number``, ``prime`` (one ′ for each), ``sign``, or ``end`` of the text.
    places: where each letter of a word stands; empty if letter k stands at ``start + k``.
    """

    kind: str
    text: str
    start: int
    end: int
    places: tuple[int, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def place(self, letter: int) -> int:
        if letter >= len(self.text):
            return self.end
        return self.places[letter] if self.places else self.start + letter

    def cut(self, letters: int) -> tuple[Token, Token]:
        """The first letters of a word, and the rest of it."""
        middle = self.place(letters)
        head = Token(self.kind, self.text[:letters], self.start, middle, self.places[:letters])
        tail = self.text[letters:]
        kind = "number" if tail.isdecimal() else self.kind
        return head, Token(kind, tail, middle, self.end, self.places[letters:])


@dataclass(slots=True)
class Tokens:
    """The tokens of a text, and for each bracket the number of the one that it belongs with."""

    text: str
    items: list[Token]
    partner: dict[int, int]
