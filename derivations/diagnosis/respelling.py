"""The mended formula in the reader's own spelling: the text as typed, and only what is changed written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from derivations.formula import (
    NOWHERE,
    Binary,
    Formula,
    Layer,
    Op,
    Span,
    Unreadable,
    Vocabulary,
    children,
    walk,
)
from derivations.values import contents, names_of, replaced
from derivations.writing.array_code import NumpyPrinter
from derivations.writing.glyphs import Signs, braced
from derivations.writing.pieces import Level, Text
from derivations.writing.printing import Notation, Printer
from derivations.writing.spellings import LatexPrinter, PlainPrinter, UnicodePrinter


class Respelled(NamedTuple):
    """A text, the places in it that are new, and those of the old text that they stand for."""

    text: str
    marks: tuple[Span, ...]
    places: tuple[Span, ...]


def respelled(
    text: str,
    old: Formula,
    new: Formula,
    vocabulary: Vocabulary,
    read: Callable[[str], Formula],
) -> Respelled | None:
    """``text`` with ``old``, which was read from it, changed into ``new``; None if no way of writing reads back.

    ``read`` reads the text and gives the side that ``old`` was; the spans of ``old`` are places in ``text``.
    """
    hands = [_Hand(text, old, vocabulary, spelling) for spelling in _spellings_of(text)]
    for changes in _ways_to_change(old, new):
        for hand in hands:
            for bracketed in (False, True):
                found = _replaced(text, [(span, hand.written(node, span, bracketed)) for span, node in changes])
                if _reads_as(found.text, new, read):
                    return found
    return None


def _reads_as(text: str, wanted: Formula, read: Callable[[str], Formula]) -> bool:
    try:
        return _plain(read(text)) == _plain(wanted)
    except Unreadable:
        return False


def _plain(formula: Formula) -> Formula:
    """The same but for what spellings do not tell apart: * and ⊙, / and ⊘, (ab)c and a(bc) of numbers."""
    if isinstance(formula, Binary):
        op = {Op.STAR: Op.HADAMARD, Op.QUOTIENT: Op.OVER}.get(formula.op, formula.op)
        return Binary(op, _plain(formula.left), _plain(formula.right))
    changes = {}
    for name, value in zip(names_of(formula), contents(formula), strict=True):
        if isinstance(value, Formula):
            changes[name] = _plain(value)
        elif isinstance(value, tuple) and not isinstance(value, Span | Layer):
            changes[name] = tuple(_plain(v) if isinstance(v, Formula) else v for v in value)
    return replaced(formula, **changes) if changes else formula


def _ways_to_change(old: Formula, new: Formula) -> Iterator[list[tuple[Span, Formula]]]:
    """The places to be written anew: as few as possible first, the whole at last."""
    deep = list(_differences(old, new))
    if deep:
        yield deep
    for depth in (2, 1, 0):
        shallow = list(_differences(old, new, depth))
        if shallow and shallow != deep:
            yield shallow


def _differences(old: Formula, new: Formula, depth: int = 99) -> Iterator[tuple[Span, Formula]]:
    if old is new or (old == new and old.span == new.span):
        return
    ours, theirs = list(children(old)), list(children(new))
    alike = type(old) is type(new) and len(ours) == len(theirs) and ours and _same_but_children(old, new)
    if not alike or depth == 0 or old.span == NOWHERE:
        yield old.span, new
        return
    for one, other in zip(ours, theirs, strict=True):
        yield from _differences(one, other, depth - 1)


def _same_but_children(old: Formula, new: Formula) -> bool:
    for name, one, other in zip(names_of(old), contents(old), contents(new), strict=True):
        if name == "span" or isinstance(one, Formula):
            continue
        if isinstance(one, tuple) and one and isinstance(one[0], Formula):
            continue
        if one != other:
            return False
    return True


def _replaced(text: str, changes: list[tuple[Span, str]]) -> Respelled:
    marks: list[Span] = []
    shift = 0
    for span, new in sorted(changes):
        start = span.start + shift
        text = text[:start] + new + text[span.end + shift :]
        marks.append(Span(start, start + len(new)))
        shift += len(new) - (span.end - span.start)
    return Respelled(text, tuple(marks), tuple(span for span, _ in sorted(changes)))


# ---- the reader's hand ----


class _Hand:
    """Writes formulas as the reader does, and copies what the reader wrote already."""

    def __init__(self, text: str, typed: Formula, vocabulary: Vocabulary, spelling: str) -> None:
        self.text = text
        self.typed = {id(node): node.span for node in walk(typed) if node.span != NOWHERE}
        notation: Notation = "bracket" if re.search(r"\^\s*\{?\s*\[", text) else "superscript"
        straight = "'" in text or ("^" in text and "′" not in text)
        make = _printer_class(spelling, "^" in text, straight, _sign_of_transpose(text), _sign_of_product(text))
        self.printer = make(notation, vocabulary.scalars)
        self.printer.copied = self.copied

    def written(self, node: Formula, span: Span, bracketed: bool) -> str:
        """The new text for a place; in brackets if the old text was, or if asked for."""
        old = self.text[span.start : span.end].strip()
        text = str(self.printer.write(node))
        had = _in_brackets(old)
        if had != bracketed and not _in_brackets(text):
            text = f"({text})"
        lead = (
            " "
            if old == "" or (self.text[max(span.start - 1, 0) : span.start].isalnum() and text[:1].isalpha())
            else ""
        )
        return lead + text

    def copied(self, node: Formula) -> str | None:
        span = self.typed.get(id(node))
        if span is None:
            return None
        text = self.text[span.start : span.end].strip()
        if self.text[: span.start].endswith("np."):
            text = "np." + text
        if text.startswith("{") and text.endswith("}") and _closes_last(text, "{", "}"):
            text = text[1:-1].strip()
        return text if text and _balanced(text) else None


def _balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if depth < 0:
            return False
    return depth == 0 and text.count("\\left") == text.count("\\right")


def _closes_last(text: str, opening: str, closing: str) -> bool:
    """Whether the bracket that opens the text is closed by its last character."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char == opening) - (char == closing)
        if depth == 0:
            return place == len(text) - 1
    return False


def _holds_together(text: str) -> bool:
    """Whether it is a name, in brackets, or a function's value."""
    return bool(re.fullmatch(r"[\w.]*\(.*\)", text)) and _closes_last(text[text.index("(") :], "(", ")")


def _in_brackets(text: str) -> bool:
    return text.startswith("(") and text.endswith(")") and _closes_last(text, "(", ")")


def _spellings_of(text: str) -> list[str]:
    """The spelling of a text, and others for what it has no words for."""
    own = "unicode" if any(ord(char) > 127 for char in text) else "plain"
    if "\\" in text:
        own = "latex"
    elif is_array_code(text):
        own = "numpy"
    return list(dict.fromkeys((own, "plain" if own == "latex" else "unicode", "plain")))


def is_array_code(text: str) -> bool:
    """Whether a formula is written as in NumPy."""
    return bool(re.search(r"\bnp\.|\.T\b|@|\w\[[lL\d]|\.dot\(", text))


def _sign_of_product(text: str) -> str:
    return "·" if "·" in text else r"\cdot" if "\\cdot" in text else ""


_PRINTERS: dict[str, type[Printer]] = {
    "latex": LatexPrinter,
    "numpy": NumpyPrinter,
    "unicode": UnicodePrinter,
    "plain": PlainPrinter,
}


def _signs(signs: Signs, spelling: str, straight: bool, turned: str) -> Signs:
    """The signs of a spelling, with the reader's own prime and mark of the transpose."""
    if straight:
        signs = replaced(signs, prime="'")
    if turned and spelling != "numpy":
        signs = replaced(signs, turned=turned, turned_layer=turned.strip("^{}"))
    return signs


def _sign_of_transpose(text: str) -> str:
    """How the reader marks a transpose; empty where none is seen."""
    found = re.search(r"\^\s*(\{?\\(?:top|intercal|mathrm\s*\{T\}|mathsf\s*\{T\}|text\s*\{T\})\}?|\{T\}|T\b)", text)
    if found:
        return f"^{found[1]}"
    return "^T" if re.search(r"\]T\}", text) or ("^" in text and "ᵀ" not in text and "\\" not in text) else ""


@lru_cache
def _printer_class(spelling: str, carets: bool, straight: bool, turned: str, dot: str) -> type[Printer]:
    base = _PRINTERS[spelling]

    class Copying(base):  # type: ignore[valid-type, misc]
        """Copies typed nodes, and writes the others as the base does."""

        signs = _signs(base.signs, spelling, straight, turned)
        copied: Callable[[Formula], str | None]

        def rule(self, node: Formula) -> Text:
            typed, written = self.copied(node), super().rule(node)
            if typed is None:
                return written
            return Text((typed,), Level.ATOM if _holds_together(typed) else written.level, node)

        def superscript(self, content: str) -> str:
            if spelling == "unicode" and carets:
                return braced("^", content)
            return str(super().superscript(content))

        def subscript(self, content: str) -> str:
            if spelling == "unicode" and carets:
                return braced("_", content)
            return str(super().subscript(content))

        def product(self, left: Formula, right: Formula) -> Text:
            if not dot or spelling == "numpy":
                written: Text = super().product(left, right)
                return written
            first, second = self.fitted(left, Level.PRODUCT), self.trailing(right, Level.FRACTION)
            return Text((first, f" {dot} ", second), Level.PRODUCT)

    return Copying


__all__ = ["Respelled", "respelled"]
