"""What is done stays done: grades kept in the folder beside the table, found again by what was judged, and by what.

    grades.csv                 the table
    grades/.backproof-grades   the mark of a folder that is ours, and the digests of what was written there
    grades/STUDENT.md          the reports
    grades/kept/DIGEST.json    one grade each; DIGEST names the worksheet, the program, the lab and the settings

Every file is begun in the folder and gets its place when it is whole; what a killed run has begun, the next run
removes. A file that somebody has changed since is set aside, never overwritten.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import numpy as np

from chapters.files import write_whole
from chapters.grading import words
from chapters.grading.grade import Grade, as_data, from_data
from chapters.grading.questions import Task

MARK: Final = ".backproof-grades"
KEPT: Final = "kept"
LARGEST: Final = 16 << 20


class UnusableOutError(Exception):
    """A place for the results that cannot be used; the message is for the reader."""


class Results:
    """The table and the folder beside it. Made by ``open_results``."""

    def __init__(self, out: Path, folder: Path, written: dict[str, str]) -> None:
        self.out, self.folder, self._written = out, folder, written
        self.set_aside: list[tuple[Path, Path]] = []

    def kept(self, key: str) -> Grade | None:
        """The grade that was kept under a key; None if there is none that can be read."""
        path = self.folder / KEPT / f"{key}.json"
        try:
            if path.is_symlink() or path.stat().st_size > LARGEST:
                return None
            return from_data(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, key: str, grade: Grade) -> None:
        """Keep a grade. Raises OSError."""
        write_whole(self.folder / KEPT / f"{key}.json", json.dumps(as_data(grade), indent=1), by_way_of=self.folder)

    def write(self, path: Path, text: str, *, bom: bool = False) -> None:
        """Write the table or a report; one that was changed by hand since the last run is set aside first.

        :raises OSError: if it cannot be written.
        """
        name = "table" if path == self.out else path.name
        data = text.encode("utf-8-sig" if bom else "utf-8")
        if path.is_symlink() or path.exists():
            there = b"" if path.is_symlink() or not path.is_file() else path.read_bytes()
            if there == data:
                return
            if path.is_symlink() or hashlib.sha256(there).hexdigest() != self._written.get(name):
                self.set_aside.append((path, _set_aside(path)))
        write_whole(path, data, by_way_of=self.folder)
        self._written[name] = hashlib.sha256(data).hexdigest()

    def close(self) -> None:
        """Note what was written, for the next run. Raises OSError."""
        write_whole(self.folder / MARK, json.dumps({"backproof": "grades", "written": self._written}, indent=1))


def open_results(out: Path, submissions: Path) -> Results:
    """The results for a table at ``out``: those of an earlier run, or new ones.

    :raises UnusableOutError: if that place holds something else, lies among the submissions, or cannot be written.
    """
    if out.is_dir():
        raise UnusableOutError(words.IS_A_FOLDER.format(out=out))
    folder = out.parent / (out.stem if out.suffix else f"{out.name}-reports")
    top = submissions.resolve()
    if top in (out.parent.resolve(), *out.parent.resolve().parents):
        raise UnusableOutError(words.INSIDE.format(out=out, folder=submissions))
    if top == folder.resolve():
        raise UnusableOutError(words.REPORTS_ARE_SUBMISSIONS.format(out=out, reports=folder))
    if top in folder.resolve().parents:
        raise UnusableOutError(words.INSIDE.format(out=folder, folder=submissions))
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UnusableOutError(words.NOT_OURS.format(folder=folder))
    try:
        written: dict[str, str] = {}
        if folder.exists():
            written = _written(folder)
        else:
            folder.mkdir(parents=True)
        (folder / KEPT).mkdir(exist_ok=True)
        results = Results(out, folder, written)
        results.close()
    except OSError as error:
        raise UnusableOutError(words.NOT_WRITABLE.format(path=folder, why=why(error))) from None
    return results


def _written(folder: Path) -> dict[str, str]:
    try:
        said = json.loads((folder / MARK).read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in said["written"].items()}
    except FileNotFoundError:
        if any(folder.iterdir()):
            raise UnusableOutError(words.NOT_OURS.format(folder=folder)) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        # The mark is broken: the folder is ours, and everything in it is taken to have been changed by hand.
        pass
    return {}


def _set_aside(path: Path) -> Path:
    for number in range(1, 10_000):
        kept = path.with_name(f"{path.stem} (kept {number}){path.suffix}")
        if not kept.exists() and not kept.is_symlink():
            os.rename(path, kept)
            return kept
    raise OSError(f"{path} could not be set aside")


def why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


# ---- names ----


def report_names(students: Iterable[str]) -> dict[str, str]:
    """A file name for each student: their own name where that is a plain one, else made plain and told apart."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for student in sorted(set(students)):
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", student).strip(".-")[:60]
        if not plain or plain != student or plain.casefold() in taken or plain.split(".")[0].casefold() in _RESERVED:
            plain = f"{plain or 'student'}-{hashlib.sha256(student.encode('utf-8', 'replace')).hexdigest()[:8]}"
        taken.add(plain.casefold())
        names[student] = f"{plain}.md"
    return names


_RESERVED: Final = frozenset(
    ["con", "prn", "aux", "nul", KEPT, *(f"{device}{n}" for device in ("com", "lpt") for n in range(1, 10))]
)


# ---- keys ----


def key(task: Task, labs: dict[str, str]) -> str:
    """What a grade depends on, as a digest: worksheet, student, settings, program, and the file of the lab it names."""
    named = re.search(rb"backproof lab ([\w-]{1,60})", task.content[:2000])
    lab = labs.get(named[1].decode("ascii", "replace"), "") if named else ""
    parts = [
        task.student,
        task.where,
        *task.answers_to.exact,
        "alike",
        *task.answers_to.alike,
        str(task.require_student),
        f"{task.seconds:g}",
        task.lab,
    ]
    digest = hashlib.sha256()
    for part in (*(text.encode("utf-8", "replace") for text in (*parts, program(), lab)), task.content):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()[:40]


@cache
def program() -> str:
    """A digest of the program that judges: every Python file of it, Python's and NumPy's versions."""
    digest = hashlib.sha256(f"{platform.python_version()} {np.__version__}".encode())
    for package in ("chapters", "derivations", "numeric"):
        for name, content in sorted(_sources(files(package), package)):
            digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _sources(place: Traversable, name: str) -> Iterable[tuple[str, bytes]]:
    for item in place.iterdir():
        if item.is_dir():
            if item.name not in ("__pycache__", "library", "texts"):
                yield from _sources(item, f"{name}/{item.name}")
        elif item.name.endswith((".py", ".toml")):
            yield f"{name}/{item.name}", item.read_bytes()


def lab_digests() -> dict[str, str]:
    """A digest of each lab's file, by the lab's name."""
    library = files("chapters.labs") / "library"
    return {
        item.name.removesuffix(".toml"): hashlib.sha256(item.read_bytes()).hexdigest()
        for item in library.iterdir()
        if item.name.endswith(".toml")
    }
