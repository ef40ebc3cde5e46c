"""How far a student has come with one lab: ``progress.json`` beside the worksheet, written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from chapters.files import write_whole
from chapters.labs.judgement import Judgement

FILE: Final = "progress.json"
LARGEST: Final = 1_000_000
MOST: Final = 1_000_000_000
"""Attempts, hints or points that nobody reaches."""


class BrokenProgressError(Exception):
    """``progress.json`` is there, but it is not what this program writes."""


@dataclass(slots=True)
class Progress:
    """attempts: checks so far. hints: hints given, by part. best: the most points so far, of ``points``; parts: the
    most of each part. passed: when all was right for the first time (UTC), at attempt ``passed_at``."""

    lab: str
    student: str = ""
    attempts: int = 0
    hints: dict[str, int] = field(default_factory=dict)
    best: float = 0
    points: int = 0
    parts: dict[str, float] = field(default_factory=dict)
    passed: str | None = None
    passed_at: int | None = None

    def add(self, judgement: Judgement) -> None:
        """Count a check."""
        self.attempts += 1
        self.points = judgement.points
        self.best = max(self.best, judgement.earned)
        for part in judgement.parts:
            self.parts[part.name] = max(self.parts.get(part.name, 0), part.earned)
        if judgement.passed and self.passed is None:
            self.passed = datetime.now(UTC).isoformat(timespec="seconds")
            self.passed_at = self.attempts


def read(folder: Path) -> Progress | None:
    """The progress kept in a folder; None if there is none. Raises BrokenProgressError."""
    path = folder / FILE
    try:
        said_of = path.stat()
        if not stat.S_ISREG(said_of.st_mode) or said_of.st_size > LARGEST:
            raise BrokenProgressError(FILE)
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as problem:
        raise BrokenProgressError(str(problem)) from problem
    return _progress(said)


def _progress(said: Any) -> Progress:
    """The progress, if every field is of its type."""
    if not isinstance(said, dict) or not isinstance(said.get("lab"), str) or not isinstance(said.get("student"), str):
        raise BrokenProgressError(FILE)
    counts = {name: said.get(name, 0) for name in ("attempts", "best", "points")}
    tables = {name: said.get(name, {}) for name in ("hints", "parts")}
    passed, passed_at = said.get("passed"), said.get("passed_at")
    if not (
        all(_is_count(value) for value in counts.values())
        and all(isinstance(table, Mapping) and all(map(_is_count, table.values())) for table in tables.values())
        and (passed is None or isinstance(passed, str))
        and (passed_at is None or _is_count(passed_at))
    ):
        raise BrokenProgressError(FILE)
    return Progress(said["lab"], said["student"], **counts, **tables, passed=passed, passed_at=passed_at)


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < MOST


def write(folder: Path, progress: Progress) -> None:
    """Keep it: a new file takes the old one's place in one step. Raises OSError; the old file is then as it was."""
    write_whole(folder / FILE, json.dumps(asdict(progress), ensure_ascii=False, indent=1) + "\n")


def set_aside(folder: Path) -> str:
    """Rename a broken ``progress.json``, and give its new name. Raises OSError."""
    for number in range(1, 1000):
        kept = folder / f"progress.broken-{number}.json"
        if not kept.exists():
            os.rename(folder / FILE, kept)
            return kept.name
    raise FileExistsError(f"progress.broken-1000.json ({folder})")
