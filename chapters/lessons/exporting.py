"""A lesson in a format, and files written with care: nothing that somebody changed is overwritten."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from chapters.files import write_whole
from chapters.lessons import words
from chapters.lessons.parts import Figure, Lesson, Listing, Part, Quote
from derivations.rendering.text import Line

SUFFIXES = {"text": ".txt", "html": ".html", "notebook": ".ipynb", "markdown": ".md"}
_STAMP = re.compile(r"backproof-export-([0-9a-f]{16})")
_UNSTAMPED = "backproof-export-" + "0" * 16
LARGEST = 20_000_000
"""Bytes; no export is larger."""


class RefusedError(Exception):
    """Something is not written; the message says why, and what to do."""


def rendered(lesson: Lesson, form: str, links: Mapping[str, str], around: Sequence[tuple[str, str]] = ()) -> str:
    """A lesson in a format of ``SUFFIXES``. Raises NoMatplotlibError and NoNotebookFormatError."""
    match form:
        case "html":
            from chapters.lessons.page import page

            return page(lesson, links, around)
        case "notebook":
            from chapters.lessons.notebook import notebook

            return notebook(lesson, dict(links))
        case "markdown":
            return markdown(lesson)
        case "text":
            from chapters.lessons.terminal import page as lines

            return text_of(lines(lesson, 80, colour=False))
    raise ValueError(form)


def contents(lessons: Sequence[Lesson], form: str, links: dict[str, str]) -> str:
    """The page that lists the chapters, in a format."""
    match form:
        case "html":
            from chapters.lessons.page import contents as html

            return html(lessons, links)
        case "notebook":
            from chapters.lessons.notebook import contents as cells

            return cells(lessons, links)
        case "markdown":
            rows = "\n".join(f"- [{one.heading}]({links[one.name]}): {one.lead}" for one in lessons)
            return f"# {words.CONTENTS}\n\n{rows}\n"
    rows = "\n".join(f"{links[one.name]:20}{one.heading}" for one in lessons)
    return f"{words.CONTENTS}\n\n{rows}\n"


def markdown(lesson: Lesson) -> str:
    """The chapter's Markdown, which ``backproof check`` reads; figures are drawn with characters."""
    from chapters.lessons.figures import in_text

    found = lesson.text
    for figure in _figures(lesson.parts):
        drawn = text_of(in_text(figure.name, 76))
        source = re.compile(rf"!\[((?:[^\[\]]|\n)*)\]\(figure:{re.escape(figure.name)}\)")
        if place := source.search(found):
            caption = " ".join(place[1].split())
            found = f"{found[: place.start()]}```text\n{drawn}```\n\n*{caption}*{found[place.end() :]}"
    return found


def text_of(lines: Iterable[Line]) -> str:
    """Styled lines as text."""
    told = ("".join(text for text, _ in line).rstrip() for line in lines)
    return "".join(f"{line}\n" for line in told)


def _figures(parts: Sequence[Part]) -> list[Figure]:
    found: list[Figure] = []
    for part in parts:
        match part:
            case Figure():
                found.append(part)
            case Quote(inner, _, _):
                found += _figures(inner)
            case Listing(items, _, _, _):
                found += [figure for item in items for figure in _figures(item)]
            case _:
                pass
    return found


# ---- files ----


def stamped(text: str, form: str) -> str:
    """The text with a mark by which a later export knows that nobody has changed it."""
    match form:
        case "html":
            text = text.replace("<head>", f'<head>\n<meta name="generator" content="{_UNSTAMPED}">', 1)
        case "notebook":
            text = text.replace(
                '"metadata": {\n  "kernelspec"', f'"metadata": {{\n  "export": "{_UNSTAMPED}",\n  "kernelspec"', 1
            )
        case "markdown":
            text = f"{text.rstrip()}\n\n<!-- {_UNSTAMPED} -->\n"
        case _:
            text = f"{text.rstrip()}\n\n{_UNSTAMPED}\n"
    return text.replace(_UNSTAMPED, f"backproof-export-{_digest(text)}", 1)


def is_untouched(text: str) -> bool:
    """Whether a file is an export that nobody has changed since."""
    found = _STAMP.search(text)
    return found is not None and _digest(_STAMP.sub(_UNSTAMPED, text, count=1)) == found[1]


def _digest(unstamped: str) -> str:
    return sha256(unstamped.encode()).hexdigest()[:16]


def write_all(files: Mapping[Path, str], *, force: bool = False) -> None:
    """Write files, all or none as far as can be told before: RefusedError names the first that is in the way."""
    for path in files:
        check_path(path)
        if path.is_dir():
            raise RefusedError(words.IS_A_FOLDER.format(path=path))
        if not path.parent.is_dir():
            raise RefusedError(words.NO_FOLDER.format(folder=path.parent))
        if os.path.lexists(path) and not force and not _is_ours(path):
            raise RefusedError(words.IN_THE_WAY.format(path=path))
    for path, text in files.items():
        _write(path, text)


def check_path(path: Path) -> None:
    """Raise RefusedError for what is no path: too long, or with signs that no name can have."""
    try:
        if b"\0" in os.fsencode(path):
            raise ValueError("a name holds no zero byte")
        path.exists()
    except (OSError, ValueError) as problem:
        raise RefusedError(_not_written(path, problem)) from problem


def _not_written(path: Path, problem: Exception) -> str:
    return words.NOT_WRITTEN.format(path=path, why=getattr(problem, "strerror", None) or problem)


def _is_ours(path: Path) -> bool:
    try:
        is_small = path.is_file() and path.stat().st_size <= LARGEST
        return is_small and is_untouched(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return False


def _write(path: Path, text: str) -> None:
    """The whole file or nothing of it."""
    try:
        write_whole(path, text)
    except (OSError, ValueError) as problem:
        raise RefusedError(_not_written(path, problem)) from problem
