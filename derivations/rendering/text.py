"""An answer as lines of styled text: the verdict first, then the reading, the shapes, the assumptions, the numbers.

Styles are words (``good``, ``bad``, ``open``, ``quiet``, ``mark``); the terminal gives them colours, plain text drops
them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from textwrap import wrap
from typing import TypeAlias

from derivations.formula import Span
from derivations.rendering import words
from derivations.rendering.values import listed, matrix
from derivations.verdicts import Depends, Diagnosis, IllShaped, Proved, Refuted, Undecided, Unreadable, Verdict
from derivations.writing import write

Piece: TypeAlias = tuple[str, str]  # text, style
Line: TypeAlias = list[Piece]

MARGIN = 18
_STYLE = dict.fromkeys(("refuted", "ill-shaped", "unreadable"), "bad") | {
    "proved": "good", "undecided": "open", "depends": "open",
}  # fmt: skip


def plain(verdict: Verdict | object, width: int = 80) -> str:
    """The answer as text."""
    assert isinstance(verdict, Proved | Refuted | IllShaped | Unreadable | Undecided | Depends)
    return "\n".join("".join(text for text, _ in line).rstrip() for line in answer(verdict, width))


def answer(verdict: Verdict, width: int = 80, aloud: bool = False) -> Iterator[Line]:
    """The lines of an answer; ``aloud`` leaves out signs that do not read well."""
    headings = words.PLAIN_HEADINGS if aloud else words.HEADINGS
    heading = headings[verdict.verdict]
    match verdict:
        case IllShaped() | Unreadable():
            yield from _pointed(verdict, heading, width, aloud)
        case Depends():
            yield from _labelled(heading, " ".join(verdict.text.split()), width, _STYLE[verdict.verdict], "")
        case _:
            yield from _labelled(heading, verdict.read_as, width, _STYLE[verdict.verdict], "")
    yield from _details(verdict, width, aloud)


def details(verdict: Verdict, width: int = 80, aloud: bool = False) -> Iterator[Line]:
    """What stands below the formula: the place at fault, the counterexample, what was meant."""
    if isinstance(verdict, IllShaped | Unreadable) and verdict.span.end > verdict.span.start and not aloud:
        yield from _pointed(verdict, "", width, aloud)
    yield from _details(verdict, width, aloud)


def _details(verdict: Verdict, width: int, aloud: bool) -> Iterator[Line]:
    match verdict:
        case Proved():
            yield from _context(verdict, width)
        case Refuted():
            yield from _counterexample(verdict, width)
            yield from _context(verdict, width)
        case IllShaped():
            yield from _labelled("", _sentence(verdict.message, verdict.hint), width)
            yield from _context(verdict, width)
        case Unreadable():
            yield from _labelled("", _sentence(verdict.message, verdict.hint), width)
        case Undecided():
            yield from _labelled("", verdict.message, width)
            if verdict.evidence:
                yield from _labelled(words.EVIDENCE, verdict.evidence, width)
            yield from _context(verdict, width)
        case Depends():
            yield from _labelled("", words.TWO_READINGS, width)
            for reading in verdict.readings:
                style = _STYLE[reading.verdict.verdict]
                label = "  " + words.PLAIN_HEADINGS[reading.verdict.verdict].rstrip(":")
                yield from _labelled(label, " ".join(reading.typed.split()), width, style)
    for item in verdict.diagnosis:
        yield from _diagnosis(item, width, aloud)


def _sentence(message: str, hint: str) -> str:
    return f"{message} {hint}".strip()


def _diagnosis(item: Diagnosis, width: int, aloud: bool) -> Iterator[Line]:
    """A repair with what is new in it underlined and why; or a condition under which the claim is right."""
    if item.fix is None:
        yield from _labelled(words.BUT_RIGHT, f"{item.title}. {item.why}", width, "open")
        return
    shown, marks = item.fix.replace("\n", " "), item.marks
    if columns(f"{shown}    {words.FIX_PROVED}") > width - MARGIN:
        yield from _labelled(words.DID_YOU_MEAN, f"{shown}    {words.FIX_PROVED}", width, "open")
    else:
        yield [(words.DID_YOU_MEAN.ljust(MARGIN), "open"), *_marked(shown, marks)]
        if marks and not aloud:
            under = [" "] * columns(shown)
            for mark in marks:
                start = columns(shown[: mark.start])
                under[start : start + columns(shown[mark.start : mark.end])] = "~" * columns(
                    shown[mark.start : mark.end]
                )
            yield [(" " * MARGIN + "".join(under).rstrip(), "mark")]
    yield from _labelled(words.WHY, f"{item.title}. {item.why}", width)


def _marked(text: str, marks: tuple[Span, ...]) -> Iterator[Piece]:
    at = 0
    for mark in marks:
        yield text[at : mark.start], ""
        yield text[mark.start : mark.end], "good"
        at = mark.end
    yield text[at:], ""
    yield f"    {words.FIX_PROVED}", "good"


def _context(verdict: Verdict, width: int) -> Iterator[Line]:
    shapes = ", ".join(f"{name} {words.IS} {shape}" for name, shape in verdict.shapes)
    if shapes:
        yield from _labelled(words.SHAPES, shapes, width)
    if verdict.layout != "denominator":
        yield from _labelled(words.LAYOUT, verdict.layout, width)
    if verdict.assumptions:
        yield from _labelled(words.ASSUMING, "; ".join(verdict.assumptions), width)
    for note in verdict.notes:
        yield from _labelled(words.NOTE, note, width)


def _counterexample(verdict: Refuted, width: int) -> Iterator[Line]:
    found = verdict.counterexample
    yield from _labelled(words.COUNTEREXAMPLE, listed(found, max(width - MARGIN, 24)), width)
    try:
        left, right = (write(side) if side else "" for side in (verdict.left, verdict.right))
    except RecursionError:  # too long to be printed again
        left = right = "…"
    yield from _labelled(words.LEFT, f"{left} = {matrix(found.left)}", width, "", "bad")
    yield from _labelled(words.RIGHT, f"{right} = {matrix(found.right)}", width, "", "bad")
    if len(found.left) * len(found.left[0]) > 1:
        yield from _labelled("", words.ENTRY.format(*found.entry), width)


def _labelled(label: str, text: str, width: int, style: str = "quiet", text_style: str = "") -> Iterator[Line]:
    """A label in the margin, and text wrapped beside it."""
    indent = 0 if style in ("good", "bad", "open") and label != words.BUT_RIGHT else 2
    margin = " " * indent + label
    room = max(width - MARGIN, 24)
    if len(margin) >= MARGIN:
        yield [(margin, style)]
        margin = ""
    whole = text.replace(" × ", "\xa0×\xa0")  # a shape is not broken over lines
    for place, line in enumerate(wrap(whole, room, break_long_words=False, break_on_hyphens=False) or [""]):
        yield [((margin if place == 0 else "").ljust(MARGIN), style), (line.replace("\xa0", " "), text_style)]


# ---- the text as typed, with the place underlined ----


def _pointed(verdict: IllShaped | Unreadable, heading: str, width: int, aloud: bool) -> Iterator[Line]:
    text, span = _line_of(verdict.text, verdict.span)
    text, span = _window(text, span, max(width - MARGIN, 24))
    yield [(heading.ljust(MARGIN), "bad"), (text, "")]
    if text.strip() and not aloud:
        before, within = text[: span.start], text[span.start : span.end]
        sign = "~" if isinstance(verdict, IllShaped) else "^"
        yield [(" " * (MARGIN + columns(before)), ""), (sign * max(columns(within), 1), "mark")]


def _line_of(text: str, span: Span) -> tuple[str, Span]:
    """The line of a text in which a span begins, and the span in it."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    line = text[start:end].replace("\t", " ")
    return line, Span(span.start - start, max(min(span.end, end) - start, span.start - start))


def _window(text: str, span: Span, room: int) -> tuple[str, Span]:
    """A part of a long line around a span."""
    if columns(text) <= room:
        return text, span
    start = max(0, min(span.start - room // 3, len(text) - room))
    cut = text[start : start + room]
    lead = "…" if start else ""
    tail = "…" if start + room < len(text) else ""
    shown = lead + cut[len(lead) : len(cut) - len(tail)] + tail
    return shown, Span(max(span.start - start, 0), min(span.end - start, len(shown)))


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=1000)
def _columns_of(character: str) -> int:
    wide = unicodedata.east_asian_width(character) in "WF"
    return 1 + wide - (unicodedata.combining(character) > 0)
