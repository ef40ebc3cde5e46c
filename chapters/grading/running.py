"""As many judging processes at once as asked for; each has its time, and its end changes nothing for the others."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import threading
from collections.abc import Generator, Sequence
from typing import Any, Final

from chapters.grading import words
from chapters.grading.grade import Grade, from_data
from chapters.grading.questions import Check, Task, check_as_data, task_as_data
from chapters.labs import words as lab_words
from chapters.labs.hints import Hint
from chapters.labs.judgement import Judgement, UnusableError
from chapters.labs.judgement import from_data as judgement_from_data
from chapters.starting import PROJECT, python_command

GRACE: Final = 3.0
"""Seconds for a judging process to end after it was asked to: it ends the student's code first."""
LARGEST_ANSWER: Final = 16 << 20


class LostJudgeError(Exception):
    """A judging process that did not answer; the message is why, for the reader."""


class SlowJudgeError(LostJudgeError):
    """A judging process that took too long."""


class JudgingProcess:
    """A process that judges worksheets, one after the other; ``with`` ends it."""

    def __init__(self) -> None:
        """Raises OSError if it cannot be started."""
        threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
        own = {f"{name}_NUM_THREADS": "1" for name in threads} | {"VECLIB_MAXIMUM_THREADS": "1"}
        self.process = subprocess.Popen(
            python_command("chapters.grading.judge"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if os.environ.get("BACKPROOF_DEBUG") else subprocess.DEVNULL,
            env=os.environ | own,
            cwd=PROJECT,
            start_new_session=True,
        )

    def __enter__(self) -> JudgingProcess:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any]:
        """What it answers within its time. Raises LostJudgeError; then it is to be ended."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.end()

        timer = threading.Timer(seconds, stop)
        timer.start()
        line = b""
        try:
            if self.process.stdin is not None and self.process.stdout is not None:
                self.process.stdin.write(json.dumps(question).encode() + b"\n")
                self.process.stdin.flush()
                line = self.process.stdout.readline(LARGEST_ANSWER)
        except (OSError, ValueError):
            pass
        finally:
            timer.cancel()
            timer.join()
        if late.is_set():
            raise SlowJudgeError(words.JUDGE_SLOW.format(seconds=seconds))
        if not line:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
            raise LostJudgeError(words.JUDGE_DIED.format(code=self.process.returncode))
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise LostJudgeError(words.JUDGE_GARBLED)
        return found

    def end(self) -> None:
        """End the process: asked first, so that it ends the student's code, and then without asking."""
        for stop in (self.process.terminate, self.process.kill):
            if self.process.poll() is None:
                with contextlib.suppress(OSError):
                    stop()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    self.process.wait(GRACE)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError, ValueError):
                    pipe.close()


def check(asked: Check) -> tuple[Judgement, Hint | None]:
    """The judgement on one worksheet, and the next hint if it was asked for.

    :raises UnusableError: if the worksheet cannot be judged; the message is for its student.
    :raises RuntimeError: if that is a fault of the program.
    """
    try:
        with JudgingProcess() as judge:
            said = judge.ask({"check": check_as_data(asked)}, asked.seconds)
    except (LostJudgeError, OSError) as problem:
        raise UnusableError(lab_words.JUDGE_LOST.format(why=problem)) from problem
    if "problem" in said:
        raise UnusableError(said["problem"])
    if "fault" in said:
        raise RuntimeError(said["fault"])
    if "lost" in said:
        raise UnusableError(lab_words.JUDGE_LOST.format(why=said["lost"]))
    hint = said["hint"]
    return judgement_from_data(said["judgement"]), None if hint is None else Hint(**hint)


def judged(tasks: Sequence[Task], jobs: int) -> Generator[tuple[int, Grade], None, None]:
    """The grade of each task, with its place, as they get done. Closing the iterator ends all processes."""
    waiting: queue.SimpleQueue[tuple[int, Task]] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Grade]] = queue.SimpleQueue()
    for numbered in enumerate(tasks):
        waiting.put(numbered)
    judges = [_Judge(waiting, done) for _ in range(min(jobs, len(tasks)))]
    try:
        for judge in judges:
            judge.start()
        left = len(tasks)
        while left:
            # With a limit, an interruption is heard on every system.
            with contextlib.suppress(queue.Empty):
                yield done.get(timeout=0.5)
                left -= 1
    finally:
        for judge in judges:
            judge.stop()
        for judge in judges:
            judge.join()


class _Judge(threading.Thread):
    """Takes tasks as long as there are any; a process that has answered without a fault takes the next one as well."""

    def __init__(
        self, waiting: queue.SimpleQueue[tuple[int, Task]], done: queue.SimpleQueue[tuple[int, Grade]]
    ) -> None:
        super().__init__(daemon=True)
        self.waiting, self.done = waiting, done
        self.process: JudgingProcess | None = None
        self.stopped = False
        self.lock = threading.Lock()

    def run(self) -> None:
        with contextlib.suppress(queue.Empty):
            while not self.stopped:
                place, task = self.waiting.get_nowait()
                grade = self.graded(task)
                if not grade.lasting:
                    # Something went wrong in it: the next one begins afresh.
                    self.end()
                self.done.put((place, grade))
        self.end()

    def graded(self, task: Task) -> Grade:
        """The grade; where a process fails that has judged before, a new one decides: nobody pays for another."""
        is_used = self.process is not None
        grade, failed = self.asked(task)
        if failed and is_used and not self.stopped:
            self.end()
            grade, _ = self.asked(task)
        return grade

    def asked(self, task: Task) -> tuple[Grade, bool]:
        """The grade that was answered, and whether the process failed; then it is a grade without points."""
        try:
            with self.lock:
                if self.stopped:
                    raise LostJudgeError(words.JUDGE_GARBLED)
                self.process = self.process or JudgingProcess()
            grade = from_data(self.process.ask({"grade": task_as_data(task)}, task.seconds)["grade"])
            if (grade.student, grade.where) != (task.student, task.where):
                raise ValueError("the grade of another")
            return grade, not grade.lasting
        except SlowJudgeError as problem:
            why, failed = str(problem), False
        except LostJudgeError as problem:
            why, failed = str(problem), True
        except OSError as error:
            why, failed = words.JUDGE_FAILED.format(why=error.strerror or error), True
        except Exception:
            why, failed = words.JUDGE_GARBLED, True
        return Grade(task.student, task.where, problem=why, lasting=False), failed

    def stop(self) -> None:
        """End the process, whatever it is doing; no other is started."""
        with self.lock:
            self.stopped = True
        self.end()

    def end(self) -> None:
        process, self.process = self.process, None
        if process is not None:
            process.end()
