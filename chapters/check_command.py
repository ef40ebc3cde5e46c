"""``backproof check``: formulas and sheets in, verdicts out."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator

from chapters.setting_options import add_setting_options, network_of
from derivations.checking import check_text, starting_setting
from derivations.formula import Unreadable as NotReadable
from derivations.verdicts import VERDICTS, Verdict, exit_code

EXAMPLE = 'example:  backproof check "∂J/∂W^l = δ^l (a^{l-1})^T"'
LARGEST_FILE = 5_000_000


class _BadlyAskedError(Exception):
    """The command was asked badly; the message is for the reader."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``check`` understands, besides the options that all commands share."""
    parser.description = "Check formulas. Without --given they are about the built-in network."
    parser.epilog = EXAMPLE
    parser.add_argument("claims", nargs="*", metavar="CLAIM | FILE", help="a formula, a sheet (.bp), or - for stdin")
    parser.add_argument("--given", action="append", default=[], metavar="SHEET", help="declarations; they add up")
    add_setting_options(parser)


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
    network = network_of(options)
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
        if not os.path.isfile(claim):
            if claim.endswith((".bp", ".md", ".tex")) and "=" not in claim:
                raise _BadlyAskedError(f"there is no file {claim}.")
            return claim, ""
        if os.path.getsize(claim) > LARGEST_FILE:
            raise _BadlyAskedError(f"{claim} is larger than {LARGEST_FILE // 1_000_000} MB.")
        with open(claim, encoding="utf-8-sig") as file:
            return file.read(), claim
    except UnicodeDecodeError:
        raise _BadlyAskedError(f"{claim} is not a text in UTF-8.") from None
    except (OSError, ValueError) as problem:
        raise _BadlyAskedError(f"{claim} cannot be read: {problem}.") from problem


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
