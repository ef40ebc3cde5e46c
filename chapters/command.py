"""The command ``backproof``: arguments in, answers out. Only the command that was asked for is imported."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn

from chapters.errors import complain
from chapters.starting import trusted_modules_only

USAGE_ERROR, INTERNAL_ERROR, INTERRUPTED = 2, 3, 130

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
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = build_parser(next((word for word in given if not word.startswith("-")), None))
    options = parser.parse_args(given)
    if options.command is None:
        parser.print_help()
        return 0
    try:
        return int(import_module(f"chapters.{options.command}_command").run(options))
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as problem:
        if options.debug:
            raise
        complain(f"backproof: internal error: {type(problem).__name__}: {problem}")
        complain("This is a fault of the program, not of what you asked. --debug shows where.")
        return INTERNAL_ERROR
