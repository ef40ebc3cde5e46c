"""``backproof check``: formulas and sheets in, verdicts out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from derivations.checking import check_text, starting_setting
from derivations.formula import Unreadable as NotReadable
from derivations.setting import Network
from derivations.verdicts import VERDICTS, Verdict, exit_code

LARGEST_FILE = 5_000_000


class _BadlyAskedError(Exception):
    """The command was asked badly; the message is for the reader."""


def run(options: argparse.Namespace) -> int:
    """Print a verdict for every claim as it is found; returns the exit code of the run."""
    try:
        verdicts = _verdicts(options)
        if options.json:
            return _print_json(list(verdicts))
        return _print_text(verdicts, options)
    except _BadlyAskedError as problem:
        print(f"backproof check: {problem}", file=sys.stderr)
        return 2


def _verdicts(options: argparse.Namespace) -> Iterator[Verdict]:
    if not options.claims:
        raise _BadlyAskedError(
            'give a formula, as in  backproof check "∂J/∂b^l = δ^l",  a file, or - to read from stdin.'
        )
    wanted = Network(options.loss, options.activation, options.output, options.batch, options.depth)
    network = None if wanted == Network() else wanted
    given = "\n".join(options.given)
    for claim in options.claims:
        text, file = _text_of(claim)
        try:
            setting = starting_setting(text, given, network, options.layout)
        except NotReadable as problem:
            raise _BadlyAskedError(f"{problem.message} {problem.hint}".strip()) from problem
        found = False
        for verdict in check_text(text, setting, file):
            found = True
            yield verdict
        if not found:
            raise _BadlyAskedError(f"there is no claim in “{claim}”: a claim is an equation, left = right.")


def _text_of(claim: str) -> tuple[str, str]:
    """The text of an argument and the file it comes from; an argument that names an existing file is that file."""
    if claim == "-":
        return sys.stdin.read(), "<stdin>"
    try:
        path = Path(claim)
        if not path.is_file():
            if path.suffix in (".bp", ".md", ".tex") and "=" not in claim:
                raise _BadlyAskedError(f"there is no file {claim}.")
            return claim, ""
        if path.stat().st_size > LARGEST_FILE:
            raise _BadlyAskedError(f"{claim} is larger than {LARGEST_FILE // 1_000_000} MB.")
        return path.read_text(encoding="utf-8-sig"), claim
    except UnicodeDecodeError:
        raise _BadlyAskedError(f"{claim} is not a text in UTF-8.") from None
    except (OSError, ValueError):
        return claim, ""


def _print_json(verdicts: list[Verdict]) -> int:
    from derivations.rendering.machine import report

    print(json.dumps(report(verdicts), ensure_ascii=False, indent=1))
    return exit_code(verdicts)


def _print_text(verdicts: Iterator[Verdict], options: argparse.Namespace) -> int:
    from chapters.terminal import Screen
    from derivations.rendering.text import answer

    screen = Screen(plain=options.plain, width=options.width)
    seen: list[Verdict] = []
    for verdict in verdicts:
        if seen:
            screen.show([])
        seen.append(verdict)
        if verdict.place.file:
            place = verdict.place
            screen.show([(f"{place.file}:{place.line}:{place.column}", "quiet")])
        for line in answer(verdict, screen.width, aloud=options.plain):
            screen.show(line)
    if len(seen) > 1:
        counts = [(name, sum(v.verdict == name for v in seen)) for name in VERDICTS]
        screen.show([])
        screen.show([(", ".join(f"{count} {name}" for name, count in counts if count), "quiet")])
    return exit_code(seen)
