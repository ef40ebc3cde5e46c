"""The command ``backproof``: arguments in, answers out. Only the command that was asked for is imported."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from chapters.errors import complain, drop, harmless
from chapters.starting import trusted_modules_only

USAGE_ERROR, INTERNAL_ERROR, INTERRUPTED = 2, 4, 130
MOST_REPORTED = 1_000
"""So many characters of what was asked are shown for a report."""

COMMANDS = {
    "derive": "BP1 BP2 BP3 BP4 and their kin, step by step",
    "check": "formulas and sheets: proved for all shapes, or refuted",
    "gradcheck": "numbers against finite differences, equation by equation",
    "train": "the network of the lessons on real data",
    "lab": "exercises with feedback: list, start, hint, check, grade",
    "chapter": "read a chapter; every formula in it is checked",
    "help": "the formula language and the commands, page by page",
}
"""The commands; ``chapters.NAME_command`` has ``add_arguments(parser)`` and ``run(options)``."""


class _Parser(argparse.ArgumentParser):
    """Errors are one sentence and the way to help."""

    def error(self, message: str) -> NoReturn:
        complain(f"{self.prog}: {message}\nSee {self.prog} --help.")
        raise SystemExit(USAGE_ERROR)


def build_parser(wanted: str | None) -> _Parser:
    """The command line; only the wanted command's own arguments are filled in."""
    parser = _Parser(prog="backproof", description="Derive, check and confirm the equations of backpropagation.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", prog="backproof")
    for name, words in COMMANDS.items():
        command = commands.add_parser(name, help=words, formatter_class=argparse.RawDescriptionHelpFormatter)
        if name == wanted:
            import_module(f"chapters.{name}_command").add_arguments(command)
            _add_common(command)
    return parser


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="machine-readable output")
    command.add_argument("--plain", action="store_true", help="no colour, no box characters; reads well aloud")
    command.add_argument("--width", type=int, metavar="N", help="columns to use (default: the terminal's, up to 100)")
    command.add_argument("--debug", action="store_true", help="show the traceback of an internal error")


@trusted_modules_only()
def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code. No traceback reaches a person (``--debug`` shows it)."""
    _open_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(given)
        sys.stdout.flush()  # what cannot be written is told now, and not while the interpreter ends
        return code
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        drop(sys.stdout)
        return 0
    except OSError as problem:
        drop(sys.stdout)
        what = f"{problem.filename}: " if problem.filename else "the answer could not be written: "
        complain(f"backproof: {what}{problem.strerror or problem}.")
        return USAGE_ERROR
    except Exception as problem:
        _tell_internal_error(problem, given)
        return INTERNAL_ERROR


def _run(given: list[str]) -> int:
    parser = build_parser(next((word for word in given if not word.startswith("-")), None))
    try:
        options = parser.parse_args(given)
    except SystemExit as ended:  # --help, or arguments that argparse refuses
        return int(ended.code or 0)
    if options.command is None:
        parser.print_help()
        return 0
    if options.debug:
        _show_lost_hints()
    return int(import_module(f"chapters.{options.command}_command").run(options))


def _open_streams() -> None:
    """Standard streams in UTF-8. One that was closed before the start is replaced by nothing at all."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  (open until the end)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _show_lost_hints() -> None:
    """Show faults that have cost a hint, and nothing else."""
    import logging

    logger = logging.getLogger("derivations")
    logger.addHandler(logging.StreamHandler())
    logger.setLevel(logging.DEBUG)


def _tell_internal_error(problem: Exception, given: list[str]) -> None:
    """A plain sentence, and what to report; the traceback only if it was asked for."""
    import shlex

    if "--debug" in given:
        import traceback

        traceback.print_exception(problem)
    asked = harmless(shlex.join(given))
    if len(asked) > MOST_REPORTED:
        asked = f"{asked[:MOST_REPORTED]}…"
    complain(
        "backproof: an internal error. This is a fault of the program, not of what you asked.\n"
        f"Please report this line, with the files that it names:  backproof {asked}\n"
        f"({type(problem).__name__}; --debug shows where.)"
    )
