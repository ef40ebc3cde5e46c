"""The chapters: their text as a lesson, on the terminal, as an HTML page, as a notebook.

    from chapters.lessons import load
    load("bp1").title

Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chapters.lessons.library import NoSuchChapterError, find, load, load_all, names, titles
    from chapters.lessons.parts import Lesson
    from chapters.lessons.reading import MalformedLessonError, read_lesson

_HOMES = {
    "find": "library", "load": "library", "load_all": "library", "names": "library", "titles": "library",
    "NoSuchChapterError": "library", "Lesson": "parts", "read_lesson": "reading", "MalformedLessonError": "reading",
}  # fmt: skip

__all__ = [
    "Lesson",
    "MalformedLessonError",
    "NoSuchChapterError",
    "find",
    "load",
    "load_all",
    "names",
    "read_lesson",
    "titles",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"chapters.lessons.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'chapters.lessons' has no attribute {name!r}")
