"""The reader's hand: writes formulas as the reader does, and copies what the reader wrote already."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from functools import lru_cache

from derivations.formula import NOWHERE, Formula, Span, Transpose, Vocabulary, walk
from derivations.values import replaced
from derivations.writing.array_code import NumpyPrinter
from derivations.writing.glyphs import Signs, braced
from derivations.writing.pieces import Level, Text
from derivations.writing.printing import Notation, Printer
from derivations.writing.spellings import LatexPrinter, PlainPrinter, UnicodePrinter


class Hand:
    """Writes formulas as the reader does, and copies what the reader wrote already."""

    def __init__(self, text: str, typed: Formula, vocabulary: Vocabulary, spelling: str) -> None:
        self.text = text
        self.typed = {id(node): node.span for node in walk(typed) if node.span != NOWHERE}
        for node in walk(typed):
            if isinstance(node, Transpose):  # the text of the Z in Z^{[l]T} is that of its transpose
                for part in walk(node.of):
                    if part.span.end == node.span.end:
                        self.typed.pop(id(part), None)
        notation: Notation = "bracket" if re.search(r"\^\s*\{?\s*\[", text) else "superscript"
        straight = "'" in text or ("^" in text and "′" not in text)
        hyphen = "-" in text and "−" not in text
        make = _printer_class(spelling, "^" in text, straight, hyphen, _sign_of_transpose(text), _sign_of_product(text))
        self.printer = make(notation, vocabulary.scalars, self.copied)

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


def holds_together(text: str) -> bool:
    """Whether it is a name, in brackets, or a function's value."""
    return bool(re.fullmatch(r"[\w.]*['′]?\(.*\)", text)) and _closes_last(text[text.index("(") :], "(", ")")


def _in_brackets(text: str) -> bool:
    return text.startswith("(") and text.endswith(")") and _closes_last(text, "(", ")")


def spellings_of(text: str) -> list[str]:
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


def _signs(signs: Signs, spelling: str, straight: bool, hyphen: bool, turned: str) -> Signs:
    """The signs of a spelling, with the reader's own prime, minus and mark of the transpose."""
    if straight:
        signs = replaced(signs, prime="'")
    if hyphen:
        operators = {op: "-" if sign == "−" else sign.replace("−", "-") for op, sign in signs.operators.items()}
        signs = replaced(signs, minus=signs.minus.replace("−", "-"), operators=operators)
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
def _printer_class(
    spelling: str, carets: bool, straight: bool, hyphen: bool, turned: str, dot: str
) -> Callable[[Notation, Set[str], Callable[[Formula], str | None]], Printer]:
    base = _PRINTERS[spelling]

    class Copying(base):  # type: ignore[valid-type, misc]
        """Copies typed nodes, and writes the others as the base does."""

        signs = _signs(base.signs, spelling, straight, hyphen, turned)

        def __init__(self, notation: Notation, scalars: Set[str], copied: Callable[[Formula], str | None]) -> None:
            super().__init__(notation, scalars)
            self.copied = copied

        def rule(self, node: Formula) -> Text:
            written: Text = super().rule(node)
            typed = self.copied(node)
            if typed is None:
                return written
            return Text((typed,), Level.ATOM if holds_together(typed) else written.level, node)

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
