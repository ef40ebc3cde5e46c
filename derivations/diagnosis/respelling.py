"""The mended formula in the reader's own spelling: the text as typed, and only what is changed written anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

from derivations.diagnosis.hand import Hand, holds_together, spellings_of
from derivations.formula import (
    NOWHERE,
    Binary,
    Formula,
    Layer,
    LossDerivative,
    Op,
    Span,
    Unreadable,
    Vocabulary,
    children,
)
from derivations.values import contents, names_of, replaced


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
    hands = [Hand(text, old, vocabulary, spelling) for spelling in spellings_of(text)]
    for changes in _ways_to_change(old, new):
        for hand in hands:
            for brackets in _ways_to_bracket(len(changes)):
                written = [
                    (span, hand.written(node, span, on)) for (span, node), on in zip(changes, brackets, strict=True)
                ]
                for places in ([_with_brackets(text, *place) for place in written], written):
                    found = _replaced(text, places)
                    if _is_sound_latex(found.text) and _reads_as(found.text, new, read):
                        return found
    return None


def _ways_to_bracket(places: int) -> list[tuple[bool, ...]]:
    """Which of the new parts get brackets: of a few places, each for itself."""
    if places > 3:
        return [(False,) * places, (True,) * places]
    return sorted(product((False, True), repeat=places), key=sum)


def _with_brackets(text: str, span: Span, new: str) -> tuple[Span, str]:
    """A place, with the reader's brackets around it if what is new needs none, or has its own."""
    around = text[span.start - 1 : span.start] + text[span.end : span.end + 1]
    if around == "()" and not re.search(r"[\w'′}\]^_]$", text[: span.start - 1]) and holds_together(new):
        return Span(span.start - 1, span.end + 1), new
    return span, new


_LEFT_RIGHT = re.compile(r"\\(left|right)(?![A-Za-z])\s*(\\[{}|]|\\[lr]?(?:brace|brack|vert|Vert|angle)|[()\[\]|.])?")
_TWO_SUPERSCRIPTS = re.compile(r"\^\s*(?:\{[^{}]*\}|\\[A-Za-z]+|\w)\s*\^")


def _is_sound_latex(text: str) -> bool:
    r"""Whether TeX takes it: ``\left`` and ``\right`` in pairs, each with its bracket; one superscript a base."""
    if "\\" not in text:
        return True
    pairs = list(_LEFT_RIGHT.finditer(text))
    depth = 0
    for found in pairs:
        depth += 1 if found[1] == "left" else -1
        if depth < 0 or not found[2]:
            return False
    return depth == 0 and not _TWO_SUPERSCRIPTS.search(text)


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
    changes: dict[str, Any] = {}
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
    if not alike or depth == 0 or old.span == NOWHERE or isinstance(old, LossDerivative):
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
