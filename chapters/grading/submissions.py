"""Finding what was handed in: names and files of people who may mean harm, so nothing is followed or opened lightly."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from chapters.grading import words
from chapters.grading.names import NOBODY, Names, names_of, shown, shown_apart
from chapters.labs.folders import WORKSHEETS

LARGEST: Final = 1_000_000
"""Bytes of a worksheet; a filled-in one has about ten thousand."""
DEEPEST: Final = 3
MOST_ENTRIES: Final = 3000
MOST_WORKSHEETS: Final = 40
SUFFIXES: Final = (".md", ".py")
SKIPPED: Final = ("__MACOSX", "__pycache__")


@dataclass(frozen=True, slots=True)
class Submission:
    """One worksheet, or the reason why there is none. ``student`` is the name of the folder or file, fit to be shown,
    and nobody else's; ``where`` the path below the class's folder; ``answers_to`` whose variant it may hold."""

    student: str
    where: str
    path: Path
    content: bytes
    problem: str = ""
    answers_to: Names = NOBODY


@dataclass(frozen=True, slots=True)
class Found:
    """All submissions, and the names that are none."""

    submissions: tuple[Submission, ...]
    passed_over: tuple[str, ...]


class UnusableFileError(Exception):
    """A file that is no worksheet; the message is the reason."""


def find(folder: Path) -> Found:
    """The submissions in a class's folder, sorted by student.

    :raises OSError: if the folder itself cannot be read.
    """
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    found: list[Submission] = []
    passed_over: list[str] = []
    for entry in entries:
        if entry.name.startswith(".") or entry.name in SKIPPED:
            passed_over.append(shown(entry.name))
            continue
        path = Path(entry.path)
        stem, suffix = os.path.splitext(entry.name)
        if entry.is_symlink():
            found.append(_unusable(entry.name, entry.name, path, words.A_LINK.format(name=shown(entry.name))))
        elif entry.is_dir(follow_symlinks=False):
            found += _of_student(entry.name, path)
        elif suffix.lower() in SUFFIXES:
            found.append(_submission(stem, entry.name, path))
        else:
            passed_over.append(shown(entry.name))
    folders = {one.student for one in found}
    apart, names = shown_apart(folders), names_of(folders)
    known = [replace(one, student=apart[one.student], answers_to=names[one.student]) for one in found]
    return Found(tuple(known), tuple(passed_over))


def _of_student(name: str, folder: Path) -> list[Submission]:
    """The worksheets in a student's folder; without one, a submission that says so. ``student`` is the folder's own
    name here, as the file system has it."""
    try:
        paths = _worksheets(folder)
    except UnusableFileError as problem:
        return [_unusable(name, name, folder, str(problem))]
    except OSError as error:
        why = words.UNREADABLE.format(name=shown(name), why=_why(error))
        return [_unusable(name, name, folder, why)]
    return [_submission(name, os.path.join(name, os.path.relpath(path, folder)), path) for path in paths]


def _worksheets(folder: Path) -> list[Path]:
    named: list[Path] = []
    others: list[Path] = []
    waiting, count = [(str(folder), 1)], 0
    while waiting:
        place, depth = waiting.pop(0)
        with os.scandir(place) as listed:
            entries = []
            for entry in listed:
                count += 1
                if count > MOST_ENTRIES:
                    raise UnusableFileError(words.TOO_MUCH)
                entries.append(entry)
        for entry in sorted(entries, key=lambda one: one.name):
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST and not entry.name.startswith(".") and entry.name not in SKIPPED:
                    waiting.append((entry.path, depth + 1))
            elif entry.name in WORKSHEETS:
                named.append(Path(entry.path))
            elif entry.name.lower().endswith(SUFFIXES) and not entry.name.startswith("."):
                others.append(Path(entry.path))
    if len(named) > MOST_WORKSHEETS:
        raise UnusableFileError(words.TOO_MANY.format(most=MOST_WORKSHEETS))
    if not named and len(others) > 1:
        raise UnusableFileError(words.SEVERAL)
    if not named and not others:
        raise UnusableFileError(words.NO_WORKSHEET)
    return named or others


def _submission(student: str, where: str, path: Path) -> Submission:
    try:
        content = read_bytes(path)
    except UnusableFileError as problem:
        return _unusable(student, where, path, str(problem))
    return Submission(student, shown(where), path, content)


def _unusable(student: str, where: str, path: Path, problem: str) -> Submission:
    return Submission(student, shown(where), path, b"", problem)


def read_bytes(path: Path) -> bytes:
    """The content of an ordinary file of an ordinary size; never waits, never follows a link.

    :raises UnusableFileError: for a link, a pipe, a device, a folder, or a file that is too large or unreadable.
    """
    name = shown(path.name)
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if path.is_symlink():
            raise UnusableFileError(words.A_LINK.format(name=name))
        opened = os.open(path, flags)
    except OSError as error:
        raise UnusableFileError(words.UNREADABLE.format(name=name, why=_why(error))) from None
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise UnusableFileError(words.NO_FILE.format(name=name))
        with os.fdopen(os.dup(opened), "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise UnusableFileError(words.UNREADABLE.format(name=name, why=_why(error))) from None
    finally:
        os.close(opened)
    if len(content) > LARGEST:
        raise UnusableFileError(words.TOO_LARGE.format(name=name, limit=LARGEST // 1000))
    return content


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
