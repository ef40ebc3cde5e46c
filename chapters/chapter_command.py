"""``backproof chapter``: the chapters, read on the terminal or exported."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

from chapters.errors import complain
from chapters.lessons import words
from chapters.lessons.library import NoSuchChapterError, find, load, load_all, names, titles

if TYPE_CHECKING:
    from chapters.lessons.parts import Lesson

EXAMPLE = """\
examples:
  backproof chapter                                       the contents
  backproof chapter 6                                     read chapter 6
  backproof chapter bp1 --format html --out bp1.html
  backproof chapter --all --format notebook --out course
"""
FORMATS = ("text", "html", "notebook", "markdown")


class _BadlyAskedError(Exception):
    """The command was asked badly; the message is for the reader."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``chapter`` understands, besides the options that all commands share."""
    parser.description = "Read a chapter; every formula in it is checked while you read. Without N: the contents."
    parser.epilog = EXAMPLE
    own = parser.add_argument
    own("chapter", nargs="?", metavar="N", help="a number, or a name such as bp1, softmax or errata")
    own("--format", choices=FORMATS, help="default: text; html and notebook need backproof[export]")
    own("--out", metavar="FILE", help="write it there; with --all, the folder to write to")
    own("--all", action="store_true", help="every chapter, and a page of contents (default format: html)")
    own("--force", action="store_true", help="overwrite what is there, even if you have changed it")


def run(options: argparse.Namespace) -> int:
    """0 if all is well, 2 if it was badly asked or cannot be written."""
    from chapters.lessons.exporting import RefusedError
    from chapters.lessons.figures.ink import NoMatplotlibError
    from chapters.lessons.notebook import NoNotebookFormatError
    from chapters.lessons.reading import MalformedLessonError

    try:
        if options.all:
            _export_all(options)
        elif options.chapter is None:
            _show_contents(options)
        elif options.out or options.format not in (None, "text"):
            _export(load(find(options.chapter)), options)
        else:
            _show(load(find(options.chapter)), options)
    except (
        _BadlyAskedError,
        NoSuchChapterError,
        RefusedError,
        NoMatplotlibError,
        NoNotebookFormatError,
        MalformedLessonError,
    ) as problem:
        complain(f"backproof chapter: {problem}")
        return 2
    return 0


def _show(lesson: Lesson, options: argparse.Namespace) -> None:
    if options.json:
        from chapters.lessons.listing import described

        print(json.dumps(described(lesson), ensure_ascii=False, indent=1))
        return
    from chapters.lessons.terminal import page
    from chapters.terminal import Screen

    screen = Screen(options.plain, options.width)
    for line in page(lesson, screen.width, plain=options.plain, colour=screen.coloured):
        screen.show(line)
    following = names()[names().index(lesson.name) + 1 :]
    for name, number, title, _ in titles():
        if name in following[:1]:
            called = words.APPENDIX if number is None else words.CHAPTER.format(number=number)
            said = words.NEXT.format(called=called, title=title, name=number or name)
            for row in wrap(said, screen.width, break_long_words=False, break_on_hyphens=False):
                screen.show([(row, "quiet")])


def _show_contents(options: argparse.Namespace) -> None:
    if options.out or options.format not in (None, "text"):
        raise _BadlyAskedError(words.WHICH)
    if options.json:
        from chapters.lessons.listing import listed

        print(json.dumps(listed(titles()), ensure_ascii=False, indent=1))
        return
    from chapters.terminal import Screen

    screen = Screen(options.plain, options.width)
    screen.show([(words.CONTENTS, "bold")])
    for name, number, title, lead in titles():
        screen.show([])
        head = wrap(title, screen.width - 4)
        for place, line in enumerate(head):
            screen.show([((str(number or "") if place == 0 else "").rjust(2) + "  ", "quiet"), (line, "bold")])
        called = name if number is None else name.partition("-")[2]
        for line in wrap(f"{lead} ({called})", screen.width - 4):
            screen.show([("    " + line, "quiet")])
    screen.show([])
    for line in wrap(words.CONTENTS_HINT, screen.width, break_long_words=False, break_on_hyphens=False):
        screen.show([(line, "quiet")])


def _export(lesson: Lesson, options: argparse.Namespace) -> None:
    from chapters.lessons.exporting import check_path, rendered, stamped, write_all

    form = options.format or "text"
    if options.out is not None:
        check_path(Path(options.out))
    text = rendered(lesson, form, {})
    if options.out is None:
        print(text, end="")
        return
    path = Path(options.out)
    write_all({path: stamped(text, form)}, force=options.force)
    print(words.WRITTEN.format(path=path))


def _export_all(options: argparse.Namespace) -> None:
    from chapters.lessons.exporting import SUFFIXES, RefusedError, check_path, contents, rendered, stamped, write_all

    if options.chapter is not None:
        raise _BadlyAskedError(words.ALL_OR_ONE.format(chapter=options.chapter))
    if options.out is None:
        raise _BadlyAskedError(words.ALL_NEEDS_OUT)
    folder, form = Path(options.out), options.format or "html"
    check_path(folder)
    if folder.exists() and not folder.is_dir():
        raise _BadlyAskedError(words.NOT_A_FOLDER.format(path=folder))
    if not folder.parent.is_dir():
        raise _BadlyAskedError(words.NO_FOLDER.format(folder=folder.parent))
    lessons = load_all()
    links = {lesson.name: f"{lesson.name}{SUFFIXES[form]}" for lesson in lessons}
    index = f"index{SUFFIXES[form]}"
    files = {folder / index: stamped(contents(lessons, form, links), form)}
    for number, lesson in enumerate(lessons):
        around = [(index, words.ALL_CHAPTERS)]
        if number:
            around.insert(0, (links[lessons[number - 1].name], f"← {lessons[number - 1].heading}"))
        if number + 1 < len(lessons):
            around.append((links[lessons[number + 1].name], f"{lessons[number + 1].heading} →"))
        files[folder / links[lesson.name]] = stamped(rendered(lesson, form, links, around), form)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as problem:
        raise RefusedError(words.NOT_WRITTEN.format(path=folder, why=problem.strerror)) from problem
    write_all(files, force=options.force)
    print(words.WRITTEN_ALL.format(count=len(files), index=folder / index))
