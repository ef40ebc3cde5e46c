"""``backproof lab grade FOLDER --out grades.csv``: the options, the run, and what it says."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from chapters.grading import words

if TYPE_CHECKING:
    from chapters.grading.grade import Grade
    from chapters.grading.keeping import Results
    from chapters.grading.questions import Task
    from chapters.terminal import Screen

EXAMPLE: Final = """\
example:
  backproof lab grade submissions --out grades.csv
"""
LISTED: Final = 40
"""Rows that are listed on the screen; the table has all."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``lab grade`` understands, besides the options that all commands share."""
    from chapters.grading.limits import SECONDS

    parser.epilog, parser.formatter_class = f"{words.WHO}\n{EXAMPLE}", argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", metavar="FOLDER", type=Path, help=words.HELP_FOLDER)
    parser.add_argument("--out", metavar="FILE.csv", type=Path, default=Path("grades.csv"), help=words.HELP_OUT)
    parser.add_argument("--lab", metavar="NAME", default="", help=words.HELP_LAB)
    parser.add_argument("--jobs", metavar="N", type=int, default=os.cpu_count() or 1, help=words.HELP_JOBS)
    help_seconds = words.HELP_SECONDS.format(seconds=f"{SECONDS:g}")
    parser.add_argument("--seconds", metavar="S", type=float, default=SECONDS, help=help_seconds)
    parser.add_argument("--require-student", action="store_true", help=words.HELP_REQUIRE)
    parser.add_argument("--again", action="store_true", help=words.HELP_AGAIN)


def run(options: argparse.Namespace) -> int:
    """0 if every worksheet was graded whole, 1 if something could not be, 2 if badly asked, 130 if interrupted."""
    from chapters.grading.keeping import UnusableOutError

    try:
        return _run(options)
    except (_BadlyAskedError, UnusableOutError) as problem:
        print(f"backproof lab: {problem}", file=sys.stderr)
        return 2


class _BadlyAskedError(Exception):
    """What was asked cannot be done; the message says why."""


def _run(options: argparse.Namespace) -> int:
    from chapters.grading.keeping import key, lab_digests, open_results

    _check_numbers(options)
    tasks, refused, passed_over = _tasks(options)
    results = open_results(options.out, options.folder)
    digests = lab_digests()
    keys = [key(task, digests) for task in tasks]
    grades: list[Grade | None] = [None if options.again else results.kept(one) for one in keys]
    grades = [
        grade if grade is not None and (grade.student, grade.where) == (task.student, task.where) else None
        for grade, task in zip(grades, tasks, strict=True)
    ]
    progress = _Progress(options, len(tasks), sum(grade is not None for grade in grades), results.folder)
    try:
        with progress:
            for place, grade in _rest(tasks, grades, options.jobs):
                grades[place] = grade
                if grade.lasting:
                    results.keep(keys[place], grade)
                progress.step(grade)
    except KeyboardInterrupt:
        done = sum(grade is not None for grade in grades)
        print(f"\n{words.LEFT.format(done=done, count=len(tasks))}", file=sys.stderr)
        return 130
    except OSError as error:
        from chapters.grading.keeping import why

        raise _BadlyAskedError(words.NOT_WRITABLE.format(path=error.filename or options.out, why=why(error))) from None
    whole = _without_doubles([*(grade for grade in grades if grade is not None), *refused])
    whole.sort(key=lambda grade: (grade.student.casefold(), grade.student, grade.lab, grade.where))
    _write(results, whole)
    _tell(options, results, whole, passed_over)
    return 0 if not any(grade.problem or grade.unjudged for grade in whole) else 1


def _check_numbers(options: argparse.Namespace) -> None:
    for option, value, least, most in (("--jobs", options.jobs, 1, 256), ("--seconds", options.seconds, 1, 3600)):
        if not least <= value <= most:
            raise _BadlyAskedError(words.BAD_NUMBER.format(option=option, seen=f"{value:g}", least=least, most=most))


def _tasks(options: argparse.Namespace) -> tuple[list[Task], list[Grade], tuple[str, ...]]:
    """What is to be judged, what cannot be, and what is no submission."""
    from chapters.grading.grade import Grade
    from chapters.grading.questions import Task
    from chapters.grading.submissions import find
    from chapters.labs.lab import load

    folder: Path = options.folder
    wanted = load(options.lab).name if options.lab else ""
    if not folder.exists():
        raise _BadlyAskedError(words.NO_FOLDER.format(folder=folder))
    if not folder.is_dir():
        raise _BadlyAskedError(words.NOT_A_FOLDER.format(folder=folder))
    try:
        found = find(folder)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise _BadlyAskedError(words.NOT_READABLE.format(folder=folder, why=why)) from None
    if not found.submissions:
        raise _BadlyAskedError(words.NOBODY.format(folder=folder))
    tasks = [
        Task(
            one.student,
            one.where,
            one.content,
            one.path.suffix.lower(),
            one.answers_to,
            bool(options.require_student),
            float(options.seconds),
            wanted,
        )
        for one in found.submissions
        if not one.problem
    ]
    refused = [Grade(one.student, one.where, problem=one.problem) for one in found.submissions if one.problem]
    return tasks, refused, found.passed_over


def _rest(tasks: Sequence[Task], grades: Sequence[Grade | None], jobs: int) -> Iterator[tuple[int, Grade]]:
    """Judge what has no grade yet."""
    from chapters.grading.running import judged

    places = [place for place, grade in enumerate(grades) if grade is None]
    if not places:
        return
    _check_fence(any(tasks[place].suffix == ".py" for place in places))
    with closing(judged([tasks[place] for place in places], jobs)) as done:
        for place, grade in done:
            yield places[place], grade


def _check_fence(needed: bool) -> None:
    """Say so where the system has no walls of its own; stop where code cannot be run apart at all."""
    from numeric.student import run_calls

    if not needed:
        return
    ran = run_calls("", ())
    if ran.stopped is not None:
        raise _BadlyAskedError(words.FENCE_BROKEN.format(why=ran.stopped.words))
    if not {"files", "calls"} <= set(ran.walls):
        print(words.FENCE, file=sys.stderr)


def _without_doubles(grades: list[Grade]) -> list[Grade]:
    """Two worksheets of one lab by one student: neither counts, since nobody said which."""
    count = Counter((grade.student, grade.lab) for grade in grades if grade.lab)
    return [
        replace(grade, problem=words.TWICE.format(count=count[grade.student, grade.lab], lab=grade.lab))
        if count[grade.student, grade.lab] > 1 and not grade.problem
        else grade
        for grade in grades
    ]


def _write(results: Results, grades: Sequence[Grade]) -> None:
    from chapters.grading.keeping import report_names, why
    from chapters.grading.reports import report
    from chapters.grading.table import table

    names = report_names(grade.student for grade in grades)
    try:
        for student, name in names.items():
            mine = [grade for grade in grades if grade.student == student]
            results.write(results.folder / name, report(student, mine))
        results.write(results.out, table(grades), bom=True)
        results.close()
    except OSError as error:
        raise _BadlyAskedError(words.NOT_WRITABLE.format(path=error.filename or results.out, why=why(error))) from None


def _tell(options: argparse.Namespace, results: Results, grades: Sequence[Grade], passed_over: Sequence[str]) -> None:
    for path, kept in results.set_aside:
        print(words.SET_ASIDE.format(path=path, kept=kept.name), file=sys.stderr)
    graded = [grade for grade in grades if not grade.problem]
    left = [grade for grade in grades if grade.problem]
    partly = [grade for grade in graded if grade.unjudged]
    if options.json:
        print(json.dumps(_as_json(grades, results, passed_over), ensure_ascii=False, indent=1))
        return
    from chapters.terminal import Screen

    screen = Screen(plain=options.plain, width=options.width)
    empty = sum(grade.problem == words.NO_WORKSHEET for grade in left)
    count = len(grades) - empty
    if graded:
        mean = sum(grade.percent for grade in graded) / len(graded)
        passed = sum(grade.passed for grade in graded)
        line = words.SUMMARY.format(graded=len(graded), count=count, passed=passed, mean=mean)
    else:
        line = words.SUMMARY_NONE.format(count=count) if count else words.SUMMARY_NO_WORKSHEET
    screen.show([(line, "bad" if left else "good")])
    if empty:
        screen.show([(words.WITHOUT_ONE.format(count=empty), "open")])
    if passed_over:
        screen.show([(words.PASSED_OVER.format(names=", ".join(passed_over[:10])), "quiet")])
    _list(screen, words.TO_LOOK_AT, [(grade.student, grade.problem) for grade in left])
    _list(screen, words.PARTS_TO_LOOK_AT, [(grade.student, ", ".join(grade.unjudged)) for grade in partly])
    screen.show([(words.WRITTEN.format(out=results.out, folder=results.folder), "quiet")])
    seen = Counter(grade.lab for grade in grades if grade.lab)
    if len(seen) > 1 and not options.lab:
        named = ", ".join(f"{lab} ({number})" for lab, number in sorted(seen.items()))
        for line in wrap(words.SEVERAL_LABS.format(count=len(seen), labs=named), screen.width):
            screen.show([(line, "open")])


def _list(screen: Screen, title: str, rows: Sequence[tuple[str, str]]) -> None:
    """Students, and what is to be looked at; nothing where there is nothing."""
    if rows:
        screen.show([(title, "open")])
    for student, what in rows[:LISTED]:
        first, *others = wrap(f"{student}  {what}", screen.width - 4) or [""]
        screen.show([(f"  {first}", "")])
        for line in others:
            screen.show([(f"    {line}", "")])
    if len(rows) > LISTED:
        screen.show([("  " + words.MORE.format(count=len(rows) - LISTED), "quiet")])


def _as_json(grades: Sequence[Grade], results: Results, passed_over: Sequence[str]) -> dict[str, Any]:
    rows = [
        {
            "student": grade.student,
            "lab": grade.lab,
            "points": grade.earned,
            "of": grade.points,
            "percent": round(grade.percent, 1),
            "status": grade.status,
            "passed": grade.passed,
            "graded": not grade.problem,
            "unjudged": list(grade.unjudged),
            "parts": [
                {"name": part.name, "points": part.earned, "of": part.points, "reason": part.reason}
                for part in ([] if grade.problem else grade.parts)
            ],
            "worksheet": grade.where,
        }
        for grade in grades
    ]
    return {
        "submissions": rows,
        "out": str(results.out),
        "reports": str(results.folder),
        "passed_over": list(passed_over),
    }


class _Progress:
    """A bar on a terminal; elsewhere a line for each worksheet that is done, on the error stream."""

    def __init__(self, options: argparse.Namespace, count: int, before: int, kept: Path) -> None:
        self.count, self.done, self.before, self.kept = count, before, before, kept
        self.bar: Any = None
        self.quiet = bool(options.json)
        coloured = sys.stderr.isatty() and not options.plain and not options.json and "NO_COLOR" not in os.environ
        if coloured:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("{task.fields[last]}", style="dim"),
            )
            # It draws when a worksheet is done, without a thread of its own.
            self.bar = Progress(*columns, console=Console(stderr=True), auto_refresh=False)
            self.task = self.bar.add_task(words.PROGRESS, total=count, completed=before, last="")

    def __enter__(self) -> None:
        if self.bar is not None:
            self.bar.start()
        elif not self.quiet and self.before:
            print(words.DONE_BEFORE.format(count=self.before, folder=self.kept), file=sys.stderr)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()

    def step(self, grade: Grade) -> None:
        self.done += 1
        result = "—" if grade.problem else f"{grade.earned:g}/{grade.points:g}"
        if self.bar is not None:
            from rich.markup import escape

            self.bar.update(self.task, completed=self.done, last=escape(f"{grade.student[:24]} {result}"))
            self.bar.refresh()
        elif not self.quiet:
            print(f"{self.done}/{self.count}  {grade.student}  {grade.lab}  {result}", file=sys.stderr, flush=True)
