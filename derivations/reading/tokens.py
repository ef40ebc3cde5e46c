"""Tokens: what is left of a formula's text once all spellings of a sign have become one sign."""

from __future__ import annotations

from derivations.formula import Span


class Token:
    """A piece of the text.

    kind: ``word`` (letters and digits), ``number``, ``prime`` (one ′ for each), ``sign``, or ``end`` of the text.
    places: where each letter of a word stands; empty if letter k stands at ``start + k``.
    """

    __slots__ = ("end", "kind", "places", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int, places: tuple[int, ...] = ()) -> None:
        self.kind, self.text, self.start, self.end, self.places = kind, text, start, end, places

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

    def widened(self, start: int, end: int) -> Token:
        """The token with what stands around it; its letters stay where they are."""
        places = tuple(self.place(letter) for letter in range(len(self.text)))
        return Token(self.kind, self.text, start, end, places)
