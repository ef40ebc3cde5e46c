"""The chapters and the pages of help that come with the program, and how they are called."""

from __future__ import annotations

import re
from pathlib import Path

from chapters.lessons import words
from chapters.lessons.parts import Lesson

TEXTS = Path(__file__).parent.parent / "texts"
HELP = Path(__file__).parent.parent / "help"
APPENDIX = "errata"
LONGEST = 60
"""Characters of a name that are looked at."""


class NoSuchChapterError(LookupError):
    """No chapter is called that; the message is for the reader."""


def names() -> list[str]:
    """The chapters in their order, as in ``06-bp1``; the appendix last."""
    found = sorted(path.stem for path in TEXTS.glob("*.md"))
    return sorted(found, key=lambda name: name == APPENDIX)


def find(wanted: str) -> str:
    """The chapter that a number, a name or a part of one means. Raises NoSuchChapterError."""
    known = names()
    asked = wanted.strip().lower().removesuffix(".md")
    if re.fullmatch(r"\d+", asked):
        number = str(int(asked)) if len(asked) < LONGEST else asked
        for name in known:
            if name.partition("-")[0].lstrip("0") == number:
                return name
        raise NoSuchChapterError(words.NO_NUMBER.format(number=_shown(number), last=len(known) - (APPENDIX in known)))
    asked = APPENDIX if asked in ("appendix", "a") else re.sub(r"[\s_]+", "-", asked)
    for name in known:
        if asked in (name, _short(name)):
            return name
    starting = [name for name in known if asked and asked in _short(name)]
    if len(starting) == 1:
        return starting[0]
    if starting:
        several = " or ".join(_short(name) for name in starting)
        raise NoSuchChapterError(words.SEVERAL.format(wanted=_shown(wanted), names=several))
    raise NoSuchChapterError(_told(wanted, asked, known))


def load(wanted: str | int) -> Lesson:
    """The chapter of a number or a name.

    Raises NoSuchChapterError, and MalformedLessonError for a text that is no chapter.
    """
    from chapters.lessons.reading import read_lesson

    name = find(str(wanted))
    return read_lesson((TEXTS / f"{name}.md").read_text(encoding="utf-8"), name)


def topics() -> list[tuple[str, str]]:
    """The pages of help, each with its lead."""
    from chapters.lessons.inline import sentence_in_unicode
    from chapters.lessons.reading import heading_of

    pages = sorted(HELP.glob("*.md"))
    return [(page.stem, sentence_in_unicode(heading_of(page.read_text(encoding="utf-8"))[2])) for page in pages]


def load_topic(wanted: str) -> Lesson:
    """A page of help. Raises NoSuchChapterError."""
    from chapters.lessons.reading import read_lesson

    asked = wanted.strip().lower()
    known = [name for name, _ in topics()]
    matching = [name for name in known if asked and name.startswith(asked)]
    if len(matching) != 1:
        raise NoSuchChapterError(words.NO_TOPIC.format(wanted=wanted[:40], known=", ".join(known)))
    return read_lesson((HELP / f"{matching[0]}.md").read_text(encoding="utf-8"), matching[0])


def load_all() -> list[Lesson]:
    """All chapters, in their order."""
    return [load(name) for name in names()]


def titles() -> list[tuple[str, int | None, str, str]]:
    """Name, number, title and lead of each chapter, without reading more of it."""
    from chapters.lessons.inline import sentence_in_unicode
    from chapters.lessons.reading import heading_of

    found = []
    for name in names():
        number, title, lead = heading_of((TEXTS / f"{name}.md").read_text(encoding="utf-8"))
        found.append((name, number, sentence_in_unicode(title), sentence_in_unicode(lead)))
    return found


def _shown(wanted: str) -> str:
    """What was asked for, on one line of a fair length."""
    line = " ".join(wanted.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _short(name: str) -> str:
    return name.partition("-")[2] if name[:1].isdigit() else name


def _told(wanted: str, asked: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(asked[:LONGEST], [_short(name) for name in known], 1, 0.5)
    if near:
        return words.NO_NAME_NEAR.format(wanted=_shown(wanted), near=near[0])
    return words.NO_NAME.format(wanted=_shown(wanted))
