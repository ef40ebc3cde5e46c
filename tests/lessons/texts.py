"""The chapters as the tests see them: each text read once."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from chapters.lessons import library, load, names
from chapters.lessons.judging import Judgements
from chapters.lessons.parts import Lesson, Part, Prose, walk

NAMES = names()


@cache
def lesson(name: str) -> Lesson:
    return load(name)


@cache
def judgements(name: str) -> Judgements:
    """The verdicts of a chapter, found once for all tests."""
    found = Judgements(lesson(name))
    found.all()
    return found


@cache
def parts(name: str) -> tuple[Part, ...]:
    return tuple(walk(lesson(name).parts))


def inline_math(name: str) -> Iterator[tuple[int, str, Prose]]:
    """Line, text and prose of each formula inside a sentence."""
    for part in parts(name):
        if isinstance(part, Prose):
            for token in part.tokens:
                for child in token.children or ():
                    if child.type == "math_inline":
                        yield (token.map or [part.line - 1])[0] + 1, child.content, part


def links(name: str) -> Iterator[str]:
    for part in parts(name):
        if isinstance(part, Prose):
            for token in part.tokens:
                for child in token.children or ():
                    if child.type == "link_open":
                        yield str(child.attrs["href"])


def exists(link: str) -> bool:
    return (library.TEXTS / link.partition("#")[0]).is_file()
