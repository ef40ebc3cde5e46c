"""``backproof check``: formulas and sheets in, verdicts out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chapters.errors import complain
from chapters.setting_options import add_setting_options, names_a_file, network_of, sheets_of
from derivations.checking import SECONDS, starting_setting
from derivations.formula import Unreadable as NotReadable
from derivations.setting import Setting
from derivations.sheets.files import NotAText, text_in, text_of
from derivations.sheets.sheet import goals_reached, sheet_verdicts
from derivations.sheets.words import NONE_CHECKED
from derivations.verdicts import VERDICTS, Verdict, exit_code

if TYPE_CHECKING:
    from derivations.sheets.report import Goal

EXAMPLE = 'example:  backproof check "∂J/∂W^l = δ^l (a^{l-1})^T"'
MOST_SECONDS = 3600
_DOCUMENTS = (".md", ".tex")


class _BadlyAskedError(Exception):
    """The command was asked badly; the message is for the reader."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``check`` understands, besides the options that all commands share."""
    parser.description = "Check formulas. Without --given they are about the built-in network."
    parser.epilog = EXAMPLE
    parser.add_argument(
        "claims",
        nargs="*",
        metavar="CLAIM | FILE",
        help="a formula, a sheet (.bp), a document (.md, .tex), or - for stdin",
    )
    parser.add_argument(
        "--format", choices=("text", "github"), default="text", help="github: annotations for a workflow"
    )
    parser.add_argument("--strict", action="store_true", help="a step may use one definition at a time")
    parser.add_argument(
        "--seconds", type=_seconds, default=SECONDS, metavar="S", help=f"time for each claim (default: {SECONDS:g})"
    )
    parser.add_argument(
        "--given", action="append", default=[], metavar="SHEET", help="declarations, or a file of them; they add up"
    )
    add_setting_options(parser)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds from 0 to {MOST_SECONDS}.")
    return seconds


def run(options: argparse.Namespace) -> int:
    """Print a verdict for every claim as it is found; returns the exit code of the run."""
    try:
        run = _Run(options)
        if options.json:
            return _print_json(run)
        if options.format == "github":
            return _print_annotations(run)
        return _print_text(run, options)
    except _BadlyAskedError as problem:
        complain(f"backproof check: {problem}")
        return 2


class _Run:
    """The verdicts of all that was asked for, as they are found; then the goals of its sheets."""

    def __init__(self, options: argparse.Namespace) -> None:
        if not options.claims:
            raise _BadlyAskedError(
                'give a formula, as in  backproof check "∂J/∂b^l = δ^l",  a file, or - to read from stdin.'
            )
        self.options = options
        self.goals: list[Goal] = []

    def verdicts(self) -> Iterator[Verdict]:
        found = False
        passed_over: list[str] = []
        for claim in self.options.claims:
            text, file = _text_of(claim)
            found_here = False
            for verdict in self._of_document(text, file) if file.endswith(_DOCUMENTS) else self._of_sheet(text, file):
                found = found_here = True
                yield verdict
            if not found_here and file.endswith(_DOCUMENTS):
                passed_over += self._passed_over(text, file)
            elif not found_here:
                raise _BadlyAskedError(f"there is no claim in “{claim}”: a claim is an equation, left = right.")
        if passed_over and not found:
            raise _BadlyAskedError("; ".join(passed_over))

    @staticmethod
    def _passed_over(text: str, file: str) -> Iterator[str]:
        """What to say of a document with displayed formulas of which none is checked."""
        from derivations.sheets.documents import displays

        suffix = os.path.splitext(file)[1]
        if count := displays(text, suffix):
            begin = "% backproof: use network" if suffix == ".tex" else "<!-- backproof: use network -->"
            yield NONE_CHECKED.format(count=count, file=file, directive=begin)

    def _setting(self, text: str) -> Setting:
        options = self.options
        try:
            return starting_setting(text, "\n".join(sheets_of(options)), network_of(options), options.layout)
        except NotAText as problem:
            raise _BadlyAskedError(str(problem)) from None
        except NotReadable as problem:
            raise _BadlyAskedError(f"{problem.message} {problem.hint}".strip()) from problem

    def _of_sheet(self, text: str, file: str) -> Iterator[Verdict]:
        setting = self._setting(text)
        found: list[Verdict] = []
        options = self.options
        for verdict in sheet_verdicts(text, setting, file, strict=options.strict, seconds=options.seconds):
            found.append(verdict)
            yield verdict
        self.goals += goals_reached(text, setting, found, file)

    def _of_document(self, text: str, file: str) -> Iterator[Verdict]:
        from derivations.sheets.documents import document_verdicts

        suffix, options = os.path.splitext(file)[1], self.options
        yield from document_verdicts(
            text, suffix, self._setting(""), file, strict=options.strict, seconds=options.seconds
        )

    def code(self, verdicts: list[Verdict]) -> int:
        """The exit code; a goal that is missed counts as something wrong."""
        code = exit_code(verdicts)
        return 1 if any(not goal.reached for goal in self.goals) else code


def _text_of(claim: str) -> tuple[str, str]:
    """The text of an argument and the file it comes from; an argument that names an existing file is that file."""
    try:
        if claim == "-":
            return _typed(), "<stdin>"
        return (text_in(claim), claim) if names_a_file(claim, (".bp", *_DOCUMENTS)) else (claim, "")
    except NotAText as problem:
        raise _BadlyAskedError(str(problem)) from None


def _typed() -> str:
    buffer = getattr(sys.stdin, "buffer", None)
    return text_of(buffer.read(), "<stdin>") if buffer else sys.stdin.read()


def _print_json(run: _Run) -> int:
    from derivations.rendering.machine import report

    verdicts = list(run.verdicts())
    told = report(verdicts)
    if run.goals:
        told["goals"] = [
            {
                "text": g.text,
                "file": g.place.file or None,
                "line": g.place.line,
                "reached": g.reached,
                "reason": g.words,
            }
            for g in run.goals
        ]
    print(json.dumps(told, ensure_ascii=False, indent=1))
    return run.code(verdicts)


def _print_annotations(run: _Run) -> int:
    from derivations.rendering.linting import annotation

    seen: list[Verdict] = []
    for verdict in run.verdicts():
        seen.append(verdict)
        command = annotation(verdict)
        if command:
            print(command, flush=True)
    print(_summary(seen))
    return run.code(seen)


def _print_text(run: _Run, options: argparse.Namespace) -> int:
    from chapters.terminal import Screen
    from derivations.rendering.text import answer

    screen = Screen(plain=options.plain, width=options.width)
    seen: list[Verdict] = []
    for verdict in run.verdicts():
        if verdict.place.file:
            from derivations.rendering.linting import report_lines

            lines = report_lines(verdict, screen.width, options.plain)
        else:
            if seen:
                screen.show([])
            lines = answer(verdict, screen.width, aloud=options.plain)
        seen.append(verdict)
        for line in lines:
            screen.show(line)
        sys.stdout.flush()
        _show_progress(len(seen))
    for goal in run.goals:
        where = f"{goal.place.file}:{goal.place.line}:{goal.place.column}: " if goal.place.file else ""
        screen.show(
            [(where, "quiet"), (f"goal {goal.words}", "good" if goal.reached else "bad"), (f": {goal.text}", "")]
        )
    if len(seen) != 1:
        screen.show([])
        screen.show([(_summary(seen), "quiet")])
    return run.code(seen)


def _summary(verdicts: list[Verdict]) -> str:
    counts = [(name, sum(v.verdict == name for v in verdicts)) for name in VERDICTS]
    told = ", ".join(f"{count} {name}" for name, count in counts if count) or "nothing to check was found"
    announced = sum(v.as_expected for v in verdicts if v.expected)
    return told + (f" ({announced} as announced)" if announced else "")


def _show_progress(count: int) -> None:
    """The number of formulas checked so far, where the answers go into a file and somebody watches."""
    if count % 20 == 0 and sys.stderr.isatty() and not sys.stdout.isatty():
        print(f"\r{count} checked", end="", file=sys.stderr, flush=True)
