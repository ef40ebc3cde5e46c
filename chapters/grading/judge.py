"""What a judging process does: one worksheet, within its limits, as ``lab check`` would judge it.

The process is the program's own, but what it reads may be monstrous: a formula that never ends, or code that does.
So it has limits of its own, and whoever waits for it ends it when its time is up.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, Final

# The judges themselves are imported here, so that a process that is made from one that has them need not load them.
import chapters.labs.chains
import chapters.labs.formulas
import chapters.labs.predicting
import derivations.diagnosis  # noqa: F401
from chapters.grading import words
from chapters.grading.grade import Grade, Part, as_data
from chapters.labs.feedback import plain
from chapters.labs.judgement import JudgedPart, UnusableError
from chapters.labs.judging import judge
from chapters.labs.lab import LabError, UnknownLabError, load
from chapters.labs.variants import Variant, variant
from chapters.labs.worksheet import read_header
from derivations.sheets.files import NotAText, text_of
from numeric.student import Call, Limits, Ran, Stopped, run_calls

with contextlib.suppress(ImportError):
    import chapters.labs.programs  # noqa: F401

WIDTH: Final = 76
MEMORY: Final = 3 << 30
"""Address space of a judging process, in bytes."""
RATION: Final = 20.0
"""Seconds for all runs of one worksheet's code together."""
SHORT_RATION: Final = 4.0
"""What is left of them after a run that hung."""
SUBREAPER: Final = 36


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be judged; ``answers_to`` are the students whose variant is accepted."""

    student: str
    where: str
    content: bytes
    suffix: str
    answers_to: tuple[str, ...]
    require_student: bool
    seconds: float
    lab: str = ""
    """The only lab that counts; empty for any."""


class Rationed:
    """The isolated runner with a budget: all runs of one worksheet together take no longer than this."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self.left = seconds

    def __call__(self, source: str, calls: Sequence[Call], limits: Limits | None = None, **more: Any) -> Ran:
        """``run_calls``, always walled, whatever is asked for."""
        limits = limits or Limits()
        if self.left <= 0:
            return Ran((), "", Stopped("slow", words.NO_TIME_LEFT.format(seconds=self.seconds)))
        began = time.monotonic()
        try:
            shorter = replace(limits, seconds=min(limits.seconds, max(self.left, 0.5)))
            ran = run_calls(source, calls, shorter, **{**more, "walled": True})
        finally:
            self.left -= time.monotonic() - began
        if ran.stopped is not None and ran.stopped.kind == "slow" and not ran.results:
            # It hung before anything came back: the parts that are tried by themselves get less.
            self.left = min(self.left, SHORT_RATION)
        return ran


def serve(task: Task, answer: Connection) -> None:
    """The whole life of a judging process: judge, send the grade, end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    _limit(task.seconds)
    try:
        grade = graded(task)
        answer.send_bytes(json.dumps(as_data(grade)).encode())
        answer.close()
    finally:
        _end_children()


def graded(task: Task) -> Grade:
    """The grade of a worksheet; one without points where anything goes wrong."""
    lab, points = "", 0.0
    try:
        opened = _opened(task)
        if isinstance(opened, Grade):
            return opened
        drawn, text = opened
        lab, points = drawn.lab, drawn.points
        judgement = judge(load(lab), drawn, text, run=Rationed(min(RATION, task.seconds / 2)), width=WIDTH)
    except UnusableError as problem:
        return _refused(task, str(problem).rstrip("."), lab, points)
    except LabError as problem:
        return _refused(task, words.BAD_LAB.format(why=problem), lab, points, lasting=False)
    except MemoryError:
        return _refused(task, words.JUDGE_MEMORY, lab, points, lasting=False)
    except RecursionError:
        return _refused(task, words.JUDGE_DEEP, lab, points)
    except Exception as error:
        if os.environ.get("BACKPROOF_DEBUG"):
            traceback.print_exc()
        return _refused(task, words.JUDGE_FAILED.format(why=type(error).__name__), lab, points, lasting=False)
    parts = tuple(_part(one) for one in judgement.parts)
    points = sum(part.points for part in parts)
    return Grade(task.student, task.where, lab, drawn.title, points, parts, tuple(judgement.notes))


def _opened(task: Task) -> tuple[Variant, str] | Grade:
    """The student's variant of the lab, and the worksheet as text; or a grade that says why there is none.

    :raises LabError: if the lab's own file is wrong.
    """
    try:
        text = text_of(task.content, os.path.basename(task.where)).lstrip("\ufeff")
    except NotAText as problem:
        return _refused(task, str(problem).rstrip("."))
    first = "\n".join(line[:300] for line in text[:2000].split("\n")[:3])
    named = read_header(first)
    if named is None:
        return _refused(task, words.NO_FIRST_LINE)
    name, student = named
    try:
        lab = load(name)
    except UnknownLabError:
        return _refused(task, words.UNKNOWN_LAB.format(name=name[:60]))
    if task.lab and lab.name != task.lab:
        return _refused(task, words.ANOTHER_LAB.format(lab=lab.name, wanted=task.lab), lab.name)
    if not lab.worksheet.endswith(task.suffix):
        seen = f"worksheet{task.suffix}"
        return _refused(task, words.OTHER_KIND.format(lab=lab.name, wanted=lab.worksheet, seen=seen), lab.name)
    if not student and task.require_student:
        return _refused(task, words.NO_STUDENT, lab.name)
    if student and student.casefold() not in {own.casefold() for own in task.answers_to}:
        return _refused(task, words.OTHER_STUDENT.format(seen=student, student=task.student), lab.name)
    return variant(lab, student), text


def _part(judged: JudgedPart) -> Part:
    return Part(
        judged.name,
        judged.title,
        judged.points,
        judged.earned,
        judged.reason,
        judged.answered,
        tuple(judged.codes),
        plain(judged.feedback),
    )


def _refused(task: Task, why: str, lab: str = "", points: float = 0, *, lasting: bool = True) -> Grade:
    return Grade(task.student, task.where, lab, points=points, problem=why, lasting=lasting)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(1)


def _limit(seconds: float) -> None:
    """Memory and processor time of this process, and the office of parent to whatever is left behind by others."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        cpu = int(seconds) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(SUBREAPER, ctypes.c_ulong(1), *[ctypes.c_ulong(0)] * 3)


def _end_children() -> None:
    """Kill what is left of this process's descendants (Linux), until there is none."""
    for _ in range(100):
        try:
            with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as listed:
                children = [int(child) for child in listed.read().split()]
        except (OSError, ValueError):
            return
        if not children:
            return
        for child in children:
            with contextlib.suppress(OSError):
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
