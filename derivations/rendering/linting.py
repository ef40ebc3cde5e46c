"""Answers as a linter gives them: ``file:line:column: verdict: formula``, with what helps below; GitHub annotations."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.rendering import words
from derivations.rendering.text import Line, columns, details
from derivations.verdicts import Proved, Unreadable, Verdict

INDENT = 2


def report_lines(verdict: Verdict, width: int = 80, aloud: bool = False) -> Iterator[Line]:
    """One line for the verdict; for what is not proved, and for marks and notes, the details below it."""
    place = verdict.place
    where = f"{place.file}:{place.line}:{place.column}: "
    announced = f", {words.AS_EXPECTED if verdict.as_expected else words.NOT_AS_EXPECTED}" if verdict.expected else ""
    good = verdict.code == 0
    style = "good" if good else "open" if verdict.exit_code == 3 else "bad"
    formula = _one_line(verdict.text, max(width - columns(where) - len(verdict.verdict) - len(announced) - 2, 24))
    yield [(where, "quiet"), (verdict.verdict + announced, style), (f": {formula}", "")]
    if verdict.mark:
        yield [(" " * INDENT + words.MARKS[verdict.mark], "open")]
    if verdict.expected and verdict.as_expected:
        return
    if isinstance(verdict, Proved):
        for note in verdict.notes:
            yield from _wrapped(note, width)
        return
    yield from details(verdict, width, aloud)


def _one_line(text: str, room: int) -> str:
    text = " ".join(text.split())
    return text if columns(text) <= room else text[: room - 1] + "…"


def _wrapped(text: str, width: int) -> Iterator[Line]:
    from textwrap import wrap

    for line in wrap(text, max(width - INDENT, 24), break_long_words=False):
        yield [(" " * INDENT + line, "quiet")]


# ---- GitHub ----

_ESCAPES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_ESCAPES_IN_PROPERTIES = (*_ESCAPES, (":", "%3A"), (",", "%2C"))


def annotation(verdict: Verdict) -> str | None:
    """A workflow command that puts the answer beside the line; None for what is as it should be."""
    if verdict.code == 0 and not verdict.mark:
        return None
    kind = "notice" if verdict.code == 0 else "warning" if verdict.exit_code == 3 else "error"
    unmet = verdict.expected and not verdict.as_expected
    parts = [_one_line(verdict.text, 200), verdict.notes[-1] if unmet else verdict.reason]
    if isinstance(verdict, Unreadable) and verdict.hint:
        parts.append(verdict.hint)
    if verdict.mark:
        parts.append(words.MARKS[verdict.mark])
    for item in verdict.diagnosis:
        said = item.title[:1].upper() + item.title[1:]
        parts.append(f"{said}. {words.DID_YOU_MEAN.strip().capitalize()}: {item.fix}" if item.fix else f"{said}.")
    place = verdict.place
    where = f"file={_escaped(place.file, _ESCAPES_IN_PROPERTIES)},line={place.line},col={place.column}"
    title = _escaped(f"backproof: {verdict.verdict}", _ESCAPES_IN_PROPERTIES)
    return f"::{kind} {where},title={title}::{_escaped(chr(10).join(parts), _ESCAPES)}"


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for old, new in escapes:
        text = text.replace(old, new)
    return text
