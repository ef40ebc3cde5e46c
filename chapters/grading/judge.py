"""What a judging process does: one worksheet after the other, for ``lab grade`` and for ``lab check``, within limits.

The process is the program's own, but what it reads may be monstrous: a formula that never ends, or code that does.
So it has limits of its own, and whoever waits for it ends it when its time is up. It ends itself when nobody waits any
more. Questions and answers are lines of JSON.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from chapters.grading import words
from chapters.grading.grade import Grade, Part
from chapters.grading.grade import as_data as grade_as_data
from chapters.grading.limits import MEMORY, RATION
from chapters.grading.questions import Check, Task, check_from_data, task_from_data
from chapters.labs.faults import NOT_JUDGED
from chapters.labs.feedback import plain
from chapters.labs.judgement import JudgedPart, UnusableError, as_data
from chapters.labs.judging import judge
from chapters.labs.lab import Lab, LabError, UnknownLabError, load
from chapters.labs.variants import Variant, variant
from chapters.labs.worksheet import read_header
from derivations.sheets.files import NotAText, text_of

if TYPE_CHECKING:
    from numeric.student import Runner

WIDTH: Final = 76
SUBREAPER: Final = 36


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What a judging process answers."""
    if "grade" in question:
        return {"grade": grade_as_data(graded(task_from_data(question["grade"])))}
    return checked(check_from_data(question["check"]))


def main() -> None:
    """The whole life of a judging process: a question, an answer, until no question comes any more."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    questions: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(questions,), daemon=True).start()
    try:
        while True:
            question = json.loads(questions.get())
            _limit(next(iter(question.values()))["seconds"])
            said = json.dumps(answer(question)).encode()
            _end_children()
            answers.write(said + b"\n")
            answers.flush()
    finally:
        _end_children()


def _listen(questions: queue.SimpleQueue[bytes]) -> None:
    """Hand over what is asked; when whoever asks has gone, whatever way, end this process and what it has started."""
    with contextlib.suppress(OSError):
        for line in sys.stdin.buffer:
            questions.put(line)
    os.kill(os.getpid(), signal.SIGTERM)


# ---- judging ----


def _runner(lab: Lab, seconds: float) -> Runner | None:
    if lab.kind != "numpy":
        return None
    from chapters.grading.rationing import Rationed

    return Rationed(min(RATION, seconds / 2))


def checked(check: Check) -> dict[str, Any]:
    """The judgement on a worksheet, and the next hint if it was asked for; or why there is none."""
    try:
        lab = load(check.lab)
        drawn = variant(lab, check.student)
        run = _runner(lab, check.seconds)
        judgement = judge(lab, drawn, check.text, run=run, width=check.width, aloud=check.aloud, seed=check.seed)
        hint = None
        if check.hints is not None:
            from chapters.labs.hints import next_hint

            hint = next_hint(drawn, judgement, check.hints)
    except (UnusableError, LabError) as problem:
        return {"problem": str(problem)}
    except MemoryError:
        return {"lost": words.JUDGE_MEMORY}
    except RecursionError:
        return {"lost": words.JUDGE_DEEP}
    except Exception as error:
        _tell(error)
        return {"fault": f"{type(error).__name__}: {error}"}
    return {"judgement": as_data(judgement), "hint": None if hint is None else asdict(hint)}


def graded(task: Task) -> Grade:
    """The grade of a worksheet; one without points where anything goes wrong."""
    lab, points = "", 0.0
    try:
        opened = _opened(task)
        if isinstance(opened, Grade):
            return opened
        drawn, text = opened
        lab, points = drawn.lab, drawn.points
        judgement = judge(load(lab), drawn, text, run=_runner(load(lab), task.seconds), width=WIDTH)
    except UnusableError as problem:
        return _refused(task, str(problem).rstrip("."), lab, points)
    except LabError as problem:
        return _refused(task, words.BAD_LAB.format(why=problem), lab, points, lasting=False)
    except MemoryError:
        return _refused(task, words.JUDGE_MEMORY, lab, points, lasting=False)
    except RecursionError:
        return _refused(task, words.JUDGE_DEEP, lab, points)
    except Exception as error:
        _tell(error)
        return _refused(task, words.JUDGE_FAILED.format(why=type(error).__name__), lab, points, lasting=False)
    parts = tuple(_part(one) for one in judgement.parts)
    points = sum(part.points for part in parts)
    lasting = not any(NOT_JUDGED in part.codes for part in parts)
    return Grade(task.student, task.where, lab, drawn.title, points, parts, tuple(judgement.notes), lasting=lasting)


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
    if student and not task.answers_to.include(student):
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


def _tell(error: Exception) -> None:
    if os.environ.get("BACKPROOF_DEBUG"):
        traceback.print_exception(error)


def _leave(_number: int, _frame: object) -> None:
    raise SystemExit(1)


def _limit(seconds: float) -> None:
    """Memory and processor time (from now on) of this process, and the office of parent to whatever is left behind."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        cpu = int(time.process_time() + seconds) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (cpu, resource.getrlimit(resource.RLIMIT_CPU)[1]))
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
