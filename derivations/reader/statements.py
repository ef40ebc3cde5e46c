"""Lines of a sheet: declarations, definitions, assumptions, ``use``, ``layout``, and claims."""

from __future__ import annotations

import re

from derivations.formula import (
    PROPERTIES,
    Assume,
    Claim,
    Declaration,
    Definition,
    Formula,
    LayoutChange,
    Span,
    Statement,
    Unreadable,
    Use,
    Vocabulary,
)
from derivations.reader import messages
from derivations.reader.lexer import LONGEST, fail
from derivations.reader.names import canonical
from derivations.reader.parser import Parser

_NAME = r"[^\W\d]\w*"
_NAMES = rf"\\?{_NAME}(?:\s*,\s*\\?{_NAME})*"
_DECLARATION = re.compile(rf"\s*(?P<names>{_NAMES})\s*:(?!=)\s*(?P<what>.+?)\s*$", re.S)
_MEMBER = re.compile(
    rf"\s*(?P<names>{_NAMES})\s*(?:∈|\\in\b)\s*(?:ℝ|R|\\mathbb\s*\{{\s*R\s*\}}|\\R)\s*"
    r"(?:\^\s*\{(?P<braced>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}|\^(?P<plain>[\w×]+)|(?P<raised>[ᵃ-ᶻⁿᵐˣ×¹²³⁴⁵⁶⁷⁸⁹⁰]+))?\s*$"
)
_DEFINITION = re.compile(rf"\s*(?P<name>\\?{_NAME})\s*:=\s*(?P<body>.+)$", re.S)
_LAYOUT = re.compile(r"\s*layout\s+(?P<layout>\S+)\s*$")
_USE = re.compile(r"\s*use\s+network\b(?P<options>.*)$", re.S)
_ASSUME = re.compile(rf"\s*assume\s+(?P<name>\\?{_NAME})\s+(?:is\s+)?(?P<properties>.+?)\s*$", re.S)
_TIMES = re.compile(r"\\times|×|\*|(?<=[\w}])\s+x\s+(?=[\w{\\])|(?<=\d)x(?=\d)")
_OPEN, _CLOSE = "([{", ")]}"


def read_formula(text: str, vocabulary: Vocabulary) -> Formula:
    """One formula; raises ``Unreadable``."""
    return Parser(text, vocabulary).formula()


def read_claim(text: str, vocabulary: Vocabulary) -> Claim:
    """An equation or a chain of them; raises ``Unreadable``."""
    return Parser(text, vocabulary).claim()


def read_statement(text: str, vocabulary: Vocabulary) -> Statement:
    """One statement of a sheet; a declaration of several names is read with ``read_statements``."""
    return read_statements(text, vocabulary)[0]


def read_statements(text: str, vocabulary: Vocabulary) -> list[Statement]:
    """A statement; several where ``W, U : m x n`` declares several names."""
    span = Span(len(text) - len(text.lstrip()), len(text.rstrip()))
    if found := _LAYOUT.match(text):
        return [LayoutChange(found["layout"], span=span)]
    if found := _USE.match(text):
        return [Use(_options(found, text), span=span)]
    if found := _ASSUME.match(text):
        return [Assume(_name(found["name"]), _properties(found, "properties", text), span=span)]
    if found := _DEFINITION.match(text):
        body = _within(text, vocabulary, *found.span("body"))
        return [Definition(_name(found["name"]), body, span=span)]
    if found := _MEMBER.match(text):
        return _members(found, text, vocabulary, span)
    if found := _DECLARATION.match(text):
        return _declared(found, text, vocabulary, span)
    return [read_claim(text, vocabulary)]


def _name(text: str) -> str:
    return canonical(text.removeprefix("\\"))


def _within(text: str, vocabulary: Vocabulary, start: int, end: int) -> Formula:
    """A formula that is part of a text, with spans in the whole text."""
    return read_formula(" " * start + text[start:end], vocabulary)


def _options(found: re.Match[str], text: str) -> tuple[tuple[str, str], ...]:
    pairs: list[tuple[str, str]] = []
    for word in re.finditer(r"\S+", found["options"]):
        key, equals, value = word.group().partition("=")
        if not equals or not value:
            offset = found.start("options")
            raise fail(messages.OPTION, text, (offset + word.start(), offset + word.end()), seen=word.group())
        pairs.append((key, value))
    return tuple(pairs)


def _properties(found: re.Match[str], group: str | int, text: str) -> tuple[str, ...]:
    """The properties in a text, which may be joined by blanks, commas and ``and``."""
    words = " ".join(re.sub(r",|\band\b", " ", found[group]).split())
    result: list[str] = []
    while words:
        known = next((p for p in sorted(PROPERTIES, key=len, reverse=True) if words.startswith(p)), None)
        if known is None:
            raise fail(messages.PROPERTY, text, found.span(group), seen=words, known=", ".join(PROPERTIES))
        result.append(known)
        words = words[len(known) :].strip()
    return tuple(result)


def _declared(found: re.Match[str], text: str, vocabulary: Vocabulary, span: Span) -> list[Statement]:
    names = [_name(name.strip()) for name in found["names"].split(",")]
    what, start = found["what"], found.start("what")
    for word, kind in (("elementwise", "function"), ("loss", "loss")):
        if what.split() == [word]:
            return [Declaration(name, kind, span=span) for name in names]
    place = re.search(r"\s(?=" + "|".join(sorted(PROPERTIES, key=len, reverse=True)) + r")", what)
    shape = what[: place.start()] if place else what
    properties: tuple[str, ...] = ()
    if place:
        tail = re.compile(r".*", re.S).match(text, start + place.start())
        assert tail is not None
        properties = _properties(tail, 0, text)
    if shape.strip() == "scalar":
        return [Declaration(name, "quantity", properties=properties, span=span) for name in names]
    rows, columns = _shape(shape, text, start, vocabulary)
    return [Declaration(name, "quantity", rows, columns, properties, span=span) for name in names]


def _shape(shape: str, text: str, start: int, vocabulary: Vocabulary) -> tuple[Formula, Formula | None]:
    """``m x n`` or ``n``; the widths need not be declared."""
    pieces: list[tuple[int, int]] = []
    at = 0
    for sign in _TIMES.finditer(shape):
        pieces.append((at, sign.start()))
        at = sign.end()
    pieces.append((at, len(shape)))
    if len(pieces) > 2 or not all(shape[a:b].strip() for a, b in pieces):
        raise fail(messages.SHAPE, text, (start, start + len(shape)))
    extents = [_extent(text, start + a, start + b, vocabulary) for a, b in pieces]
    return extents[0], extents[1] if len(extents) == 2 else None


def _extent(text: str, start: int, end: int, vocabulary: Vocabulary) -> Formula:
    from derivations.formula import Number, Symbol

    word = text[start:end].strip()
    span = Span(start + len(text[start:end]) - len(text[start:end].lstrip()), start + len(text[start:end].rstrip()))
    if re.fullmatch(_NAME, word):
        return Symbol(canonical(word), span=span)
    formula = _within(text, vocabulary, start, end)
    if not isinstance(formula, Symbol | Number):
        raise fail(messages.SHAPE, text, span)
    return formula


def _members(found: re.Match[str], text: str, vocabulary: Vocabulary, span: Span) -> list[Statement]:
    from derivations.reader.lexer import RAISED

    names = [_name(name.strip()) for name in found["names"].split(",")]
    for group in ("braced", "plain", "raised"):
        if found[group]:
            shape = found[group]
            if group == "raised":
                shape = "".join(RAISED.get(c, c) for c in shape).replace("x", "×")
            if group == "braced":
                rows, columns = _shape(shape, text, found.start(group), vocabulary)
            else:
                rows, columns = _shape(shape, " " * found.start(group) + shape, found.start(group), vocabulary)
            return [Declaration(name, "quantity", rows, columns, span=span) for name in names]
    return [Declaration(name, "quantity", span=span) for name in names]


# ---- splitting a text into statements ----


def split_statements(text: str) -> list[tuple[str, int]]:
    """The statements of a text and where each begins: by lines, by ``;``, and by commas between equations."""
    if len(text) > 50 * LONGEST:
        raise fail(messages.TOO_LONG, text, (0, 0), limit=50 * LONGEST)
    pieces: list[tuple[str, int]] = []
    start, depth, at = 0, 0, 0
    clean = _without_comments(text)
    while at <= len(clean):
        char = clean[at] if at < len(clean) else ""
        if char and char in _OPEN:
            depth += 1
        elif char and char in _CLOSE:
            depth = max(depth - 1, 0)
        if char == "" or (char == ";" and depth == 0) or (char == "\n" and not _goes_on(clean, at, depth)):
            pieces.extend(_equations(clean, start, at))
            start, depth = at + 1, 0
        at += 1
    return [(piece, offset) for piece, offset in pieces if piece.strip()]


def _without_comments(text: str) -> str:
    """The text with comments blanked out; every other character keeps its place."""
    clean = re.sub(r"#[^\n]*", lambda found: " " * len(found.group()), text)
    return clean.replace("\r", " ").replace("\ufeff", " ")


_ENDS_OPEN = re.compile(
    r"(?:[-+−*/·⊙∘⊘=@,(\[{]|\\(?:odot|cdot|times|circ|oslash|frac|equiv|left|quad|nabla|partial))\s*$"
)
_GOES_ON = re.compile(r"\s*(?:[-+−*/·⊙∘⊘@]|\\(?:odot|cdot|times|circ|oslash)\b)")


def _goes_on(text: str, at: int, depth: int) -> bool:
    """Whether a statement continues past a line's end."""
    following = text[at + 1 :]
    if not following.strip():
        return False
    line = text[text.rfind("\n", 0, at) + 1 : at]
    if not line.strip():
        return False
    if depth > 0 and following.split("\n", 1)[0].strip():
        return True
    return bool(_ENDS_OPEN.search(line)) or bool(_GOES_ON.match(following.split("\n", 1)[0]))


def _equations(text: str, start: int, end: int) -> list[tuple[str, int]]:
    """A piece, cut at commas that stand between two equations."""
    piece = text[start:end]
    cuts, depth = [], 0
    for place, char in enumerate(piece):
        depth += (char in _OPEN) - (char in _CLOSE)
        if char == "," and depth == 0:
            cuts.append(place)
    bounds = [-1, *cuts, len(piece)]
    parts = [piece[a + 1 : b] for a, b in zip(bounds, bounds[1:], strict=False)]
    if len(parts) == 1 or not all(re.search(r"[=≡]|\\equiv", part) for part in parts):
        return [_trimmed(piece, start)]
    return [_trimmed(part, start + bound + 1) for part, bound in zip(parts, bounds, strict=False)]


def _trimmed(piece: str, offset: int) -> tuple[str, int]:
    """A piece without blanks and without the signs that display it."""
    for _ in range(3):
        stripped = piece.strip()
        offset += len(piece) - len(piece.lstrip())
        piece = stripped
        for opening, closing in (("$$", "$$"), ("$", "$"), ("\\[", "\\]"), ("\\(", "\\)")):
            if piece.startswith(opening) and piece.endswith(closing) and len(piece) >= len(opening) + len(closing):
                piece = piece[len(opening) : -len(closing)]
                offset += len(opening)
                break
        else:
            break
    return piece, offset


__all__ = ["Unreadable", "read_claim", "read_formula", "read_statement", "read_statements", "split_statements"]
