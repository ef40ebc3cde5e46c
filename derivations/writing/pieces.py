"""A text in the making: pieces that remember which node they write and how tightly they hold together."""

from __future__ import annotations

from enum import IntEnum

from derivations.formula import Binary, Formula, Op, Span
from derivations.values import value


class Level(IntEnum):
    """How tightly a text holds together, loosest first: LANGUAGE, "Binding"."""

    ADDITION = 1  # a + b
    SUM = 2  # Σₖ to the end of its term
    HADAMARD = 3  # a ⊙ b
    STAR = 4  # a * b, a / b, NumPy's a @ b
    NEGATION = 5  # −a
    PRODUCT = 6  # a b, a · b
    FRACTION = 7  # ∂J/∂z, ∇ₐ J, \frac{a}{b}: a factor, but nothing may be hung onto it
    POSTFIX = 8  # Wˡ, xⱼ, x²: a second superscript needs brackets
    ATOM = 9  # x, f(x), (…), ‖x‖


@value
class Text:
    """Strings and texts, in order. ``node`` is the formula that they write; brackets around it have none.

    ``open`` says that it ends in a Σ, which would take in any factor that followed.
    """

    pieces: tuple[str | Text, ...]
    level: Level = Level.ATOM
    node: Formula | None = None
    open: bool = False

    def __str__(self) -> str:
        return "".join(str(piece) for piece in self.pieces)

    @property
    def start(self) -> str:
        """The first string in it."""
        first = self.pieces[0]
        return first if isinstance(first, str) else first.start

    @property
    def end(self) -> str:
        """The last string in it."""
        last = self.pieces[-1]
        return last if isinstance(last, str) else last.end

    @property
    def parts(self) -> list[Text]:
        """The texts directly inside, brackets looked through."""
        return [piece for piece in self.pieces if isinstance(piece, Text)]

    @property
    def last_factor(self) -> Text:
        """The last factor of a product; of anything else, itself."""
        last = self.pieces[-1]
        if isinstance(self.node, Binary) and self.node.op is Op.PRODUCT and isinstance(last, Text):
            return last.last_factor
        return self

    @property
    def first_factor(self) -> Text:
        """The first factor of a product; of anything else, itself."""
        first = self.pieces[0]
        if isinstance(self.node, Binary) and self.node.op is Op.PRODUCT and isinstance(first, Text):
            return first.first_factor
        return self


def text(level: Level, *pieces: str | Text) -> Text:
    """A text of these pieces; it ends in an open Σ if its last piece does."""
    last = pieces[-1]
    return Text(pieces, level, open=isinstance(last, Text) and last.open)


def bracketed(inner: Text) -> Text:
    return Text(("(", inner, ")"))


@value
class Writing:
    """A text, and where each node of the formula stands in it, outermost first."""

    text: str
    places: tuple[tuple[Formula, Span], ...]

    def place(self, node: Formula) -> Span:
        """Where this very node stands; raises LookupError for one that is not in the formula."""
        for candidate, span in self.places:
            if candidate is node:
                return span
        raise LookupError("This node is not part of the formula that was written.")

    def place_of(self, read: Span) -> Span | None:
        """Where the outermost node that was read at ``read`` stands here; None if no node was read there."""
        return next((span for node, span in self.places if node.span == read), None)


def laid_out(whole: Text) -> Writing:
    """The text, with the place of every node in it."""
    places: list[tuple[Formula, Span]] = []

    def measure(part: Text, start: int) -> int:
        slot = len(places)
        if part.node is not None:
            places.append((part.node, Span(start, start)))
        end = start
        for piece in part.pieces:
            end = end + len(piece) if isinstance(piece, str) else measure(piece, end)
        if part.node is not None:
            places[slot] = (part.node, Span(start, end))
        return end

    measure(whole, 0)
    return Writing(str(whole), tuple(places))
