"""A student's folder: begun with a worksheet, opened again, whatever became of it in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from chapters.files import write_whole
from chapters.labs import progress, words
from chapters.labs.judgement import UnusableError
from chapters.labs.lab import Lab, UnknownLabError, load
from chapters.labs.variants import Variant, variant
from chapters.labs.worksheet import STUDENT, header, read_header, written
from derivations.sheets.files import LARGEST, NotAText, text_of

WORKSHEETS: Final = ("worksheet.md", "worksheet.py")
DEPTH: Final = 2
"""How many folders deep worksheets are looked for."""
FOLDERS: Final = 2000
"""How many folders are looked into at most."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A worksheet, ready to be judged. ``notes`` are remarks for the student."""

    folder: Path
    lab: Lab
    variant: Variant
    text: str
    progress: progress.Progress
    notes: tuple[str, ...] = ()


def check_student(student: str) -> None:
    """Raise UnusableError for what cannot be a student's name."""
    if student and not STUDENT.fullmatch(student):
        raise UnusableError(words.BAD_STUDENT.format(student=student[:80]))


def begin(lab: Lab, folder: Path, student: str) -> tuple[Path, Variant]:
    """Make a folder with a worksheet in it. Raises UnusableError; then nothing was changed."""
    check_student(student)
    for name in (*WORKSHEETS, progress.FILE):
        if os.path.lexists(folder / name):
            raise UnusableError(words.HAS_WORKSHEET.format(folder=folder, file=name))
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise UnusableError(words.IS_A_FILE.format(folder=folder))
    drawn = variant(lab, student)
    path = folder / lab.worksheet
    is_new = not os.path.lexists(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, written(drawn))
        progress.write(folder, progress.Progress(lab.name, student, points=drawn.points))
    except (OSError, ValueError) as problem:
        with suppress(OSError, ValueError):
            path.unlink(missing_ok=True)
            if is_new:
                folder.rmdir()
        raise UnusableError(words.CANNOT_WRITE.format(path=path, why=why(problem))) from problem
    return path, drawn


def why(problem: Exception) -> str:
    """An operating system's error, as it says it."""
    return (getattr(problem, "strerror", None) or str(problem)).lower()


def open_folder(folder: Path) -> Opened:
    """The worksheet in a folder, or the one that is named itself. Raises UnusableError, with one sentence."""
    if folder.name in WORKSHEETS and not folder.is_dir():  # the worksheet itself was named
        folder = folder.parent
    path = _worksheet(folder)
    text = _text(path)
    notes: list[str] = []
    try:
        kept = progress.read(folder)
    except progress.BrokenProgressError:
        kept = None
        try:
            notes.append(words.BROKEN_PROGRESS.format(kept=progress.set_aside(folder)))
        except OSError as problem:
            notes.append(words.PROGRESS_NOT_KEPT.format(why=why(problem)))
    named = read_header(text)
    if named is None and kept is not None:
        named = kept.lab, kept.student
        line = words.A_STUDENT.format(student=kept.student) if kept.student else words.NO_STUDENT
        notes.append(words.LINE_FROM_PROGRESS.format(line=f"{kept.lab}, {line}"))
    if named is None:
        kind = "numpy" if path.suffix == ".py" else "formula"
        raise UnusableError(words.NO_FIRST_LINE.format(path=path, line=header("NAME", "", kind)))
    name, student = named
    if kept is not None and kept.lab != name:
        raise UnusableError(words.OTHER_LAB.format(path=path, seen=name, begun=kept.lab))
    if kept is not None and kept.student != student:
        seen, begun = (words.A_STUDENT.format(student=s) if s else words.NO_STUDENT for s in (student, kept.student))
        raise UnusableError(words.OTHER_STUDENT.format(path=path, seen=seen, begun=begun))
    try:
        lab = load(name)
    except UnknownLabError as problem:
        raise UnusableError(f"{path}: {problem}") from problem
    if lab.worksheet != path.name:
        raise UnusableError(words.OTHER_KIND.format(path=path, name=name, file=lab.worksheet))
    drawn = variant(lab, student)
    return Opened(folder, lab, drawn, text, kept or progress.Progress(name, student), tuple(notes))


def _worksheet(folder: Path) -> Path:
    try:
        if folder.is_file():
            raise UnusableError(words.NOT_A_FOLDER.format(folder=folder))
        if not folder.is_dir():
            raise UnusableError(words.NO_FOLDER.format(folder=folder))
        there = [folder / name for name in WORKSHEETS if (folder / name).is_file()]
    except (OSError, ValueError) as problem:
        raise UnusableError(words.CANNOT_READ.format(path=folder, why=why(problem))) from problem
    if not there:
        raise UnusableError(words.NO_WORKSHEET.format(folder=folder))
    if len(there) > 1:
        raise UnusableError(words.TWO_WORKSHEETS.format(folder=folder))
    return there[0]


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return text_of(file.read(LARGEST + 1), str(path)).lstrip("\ufeff")
    except OSError as problem:
        raise UnusableError(words.CANNOT_READ.format(path=path, why=why(problem))) from problem
    except NotAText as problem:
        raise UnusableError(str(problem)) from problem


# ---- what was begun below a folder ----


@dataclass(frozen=True, slots=True)
class Begun:
    """A lab that was begun in a folder."""

    lab: str
    folder: Path
    passed: bool
    attempts: int


def begun_below(top: Path) -> Iterator[Begun]:
    """The labs that were begun in this folder and those below it; hidden folders are passed over."""
    pending, seen = [(top, 0)], 0
    while pending and seen < FOLDERS:
        folder, depth = pending.pop(0)
        seen += 1
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        names = {entry.name for entry in entries}
        if names & set(WORKSHEETS):
            found = _begun(folder)
            if found is not None:
                yield found
        if depth < DEPTH:
            pending += [
                (Path(entry.path), depth + 1)
                for entry in entries
                if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
            ]


def _begun(folder: Path) -> Begun | None:
    try:
        kept = progress.read(folder)
    except progress.BrokenProgressError:
        kept = None
    if kept is not None:
        return Begun(kept.lab, folder, kept.passed is not None, kept.attempts)
    for name in WORKSHEETS:
        try:
            if not (folder / name).is_file():
                continue  # a pipe would keep us waiting
            with (folder / name).open(encoding="utf-8", errors="replace") as file:
                named = read_header(file.read(1000))
        except OSError:
            continue
        if named is not None:
            return Begun(named[0], folder, False, 0)
    return None
