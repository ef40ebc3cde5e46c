"""A text in the making: pieces that remember which node they write and how tightly they hold together."""

from __future__ import annotations

from enum import IntEnum

from derivations.formula import Binary, Formula, Op, Span, Symbol
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

    ``open`` is set where it ends in a Σ or ∇, which would take in what followed: the tightest operation that it leaves.
    """

    pieces: tuple[str | Text, ...]
    level: Level = Level.ATOM
    node: Formula | None = None
    open: Level | None = None

    def __str__(self) -> str:
        return laid_out(self).text

    @property
    def start(self) -> str:
        """The first string in it."""
        first: str | Text = self
        while isinstance(first, Text):
            first = first.pieces[0]
        return first

    @property
    def first_factor(self) -> Text:
        """The first factor of a product; of anything else, itself."""
        first = self
        while isinstance(first.node, Binary) and first.node.op is Op.PRODUCT and isinstance(first.pieces[0], Text):
            first = first.pieces[0]
        return first


def text(level: Level, *pieces: str | Text) -> Text:
    """A text of these pieces; it ends in an open Σ or ∇ if its last piece does."""
    last = pieces[-1]
    return Text(pieces, level, open=last.open if isinstance(last, Text) else None)


def ends_in(inner: Text, *kinds: type) -> bool:
    """Whether its last part, outside brackets, is a node of these kinds: a factor behind it would look like its own."""
    last: str | Text = inner
    while isinstance(last, Text):
        if isinstance(last.node, kinds) and isinstance(last.pieces[-1], Text):
            return True
        last = last.pieces[-1]
    return False


def ends_in_name(inner: Text) -> bool:
    """Whether it ends in a name without scripts, so that a bracket behind it looks like a function's argument."""
    last = inner
    while isinstance(piece := last.pieces[-1], Text):
        last = piece
    return isinstance(last.node, Symbol) and last.node.layer is None and not last.node.sample


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
    """The text, with the place of every node in it. A loop, since a sum of a thousand terms nests a thousand deep."""
    strings: list[str] = []
    begun: list[tuple[Formula, int]] = []
    ends: dict[int, int] = {}
    at = 0
    pending: list[str | Text | int] = [whole]  # a number closes the node that was begun at that place
    while pending:
        piece = pending.pop()
        if isinstance(piece, str):
            strings.append(piece)
            at += len(piece)
        elif isinstance(piece, int):
            ends[piece] = at
        else:
            if piece.node is not None:
                pending.append(len(begun))
                begun.append((piece.node, at))
            pending += reversed(piece.pieces)
    places = ((node, Span(start, ends[place])) for place, (node, start) in enumerate(begun))
    return Writing("".join(strings), tuple(places))
