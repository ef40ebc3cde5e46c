"""As many judging processes at once as asked for; each has its time, and its end changes nothing for the others."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Final

from chapters.grading import words
from chapters.grading.grade import Grade, from_data
from chapters.grading.judge import Task, serve

GRACE: Final = 3.0
"""Seconds for a judging process to end after it was asked to."""
LARGEST_ANSWER: Final = 16 << 20


@dataclass(slots=True)
class _Judging:
    task: Task
    place: int
    process: Any
    answer: Connection
    deadline: float


def judged(tasks: Sequence[Task], jobs: int) -> Generator[tuple[int, Grade], None, None]:
    """The grade of each task, with its place, as they get done. Closing the iterator ends all processes."""
    context = _context()
    waiting = list(enumerate(tasks))[::-1]
    running: list[_Judging] = []
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, task = waiting.pop()
                try:
                    running.append(_start(context, place, task))
                except OSError as error:
                    yield place, _failed(task, words.JUDGE_FAILED.format(why=error.strerror or error))
            next_end = min((one.deadline for one in running), default=0.0)
            ready = wait(
                [end for one in running for end in (one.answer, one.process.sentinel)],
                timeout=max(next_end - time.monotonic(), 0.05),
            )
            for one in list(running):
                if one.answer in ready or one.process.sentinel in ready:
                    grade = _read(one)
                elif time.monotonic() > one.deadline:
                    grade = _failed(one.task, words.JUDGE_SLOW.format(seconds=one.task.seconds))
                else:
                    continue
                running.remove(one)
                _end(one)
                yield one.place, grade
    finally:
        for one in running:
            with contextlib.suppress(OSError, ValueError):
                one.process.terminate()
        for one in running:
            _end(one)


def _context() -> Any:
    """Processes are made from one that has loaded the judges and has no threads; where there is none, from nothing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["chapters.grading.judge"])
    return context


def _start(context: Any, place: int, task: Task) -> _Judging:
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=serve, args=(task, sending), daemon=False)
    process.start()
    sending.close()
    return _Judging(task, place, process, receiving, time.monotonic() + task.seconds)


def _read(one: _Judging) -> Grade:
    """The grade that was sent; anything else is a grade without points."""
    try:
        if one.answer.poll():
            data = json.loads(one.answer.recv_bytes(LARGEST_ANSWER))
            grade = from_data(data)
            if (grade.student, grade.where) != (one.task.student, one.task.where):
                raise ValueError("the grade of another")
            return grade
    except EOFError:
        pass
    except (OSError, ValueError, RecursionError):
        return _failed(one.task, words.JUDGE_GARBLED)
    one.process.join(GRACE)
    return _failed(one.task, words.JUDGE_DIED.format(code=one.process.exitcode))


def _failed(task: Task, why: str) -> Grade:
    return Grade(task.student, task.where, problem=why, lasting=False)


def _end(one: _Judging) -> None:
    """End the process: asked first, so that it ends the student's code, and then without asking."""
    one.answer.close()
    one.process.join(0.2)
    for stop in (one.process.terminate, one.process.kill):
        if one.process.exitcode is None:
            with contextlib.suppress(OSError, ValueError):
                stop()
            one.process.join(GRACE)
    with contextlib.suppress(ValueError):
        one.process.close()
