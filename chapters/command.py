"""The command ``backproof``: arguments in, answers out. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

USAGE_ERROR, INTERRUPTED = 2, 130


class _Parser(argparse.ArgumentParser):
    """Errors are one sentence and the way to help."""

    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}\nSee {self.prog} --help.", file=sys.stderr)
        raise SystemExit(USAGE_ERROR)


def _common() -> _Parser:
    common = _Parser(add_help=False)
    common.add_argument("--json", action="store_true", help="machine-readable output")
    common.add_argument("--plain", action="store_true", help="no colour and no box characters; reads well aloud")
    common.add_argument("--width", type=int, metavar="N", help="columns to use (default: the terminal's, at most 100)")
    common.add_argument("--debug", action="store_true", help="show the traceback of an internal error")
    return common


def _setting_options() -> _Parser:
    options = _Parser(add_help=False)
    options.add_argument("--layout", choices=("denominator", "numerator"), default="denominator")
    options.add_argument("--loss", choices=("mse", "bce", "softmax-ce"), help="default: any differentiable loss")
    options.add_argument(
        "--activation",
        choices=("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "identity", "exp"),
        help="default: any differentiable σ",
    )
    options.add_argument("--output", metavar="NAME", help="the last layer's own activation, such as softmax")
    options.add_argument("--batch", nargs="?", const="m", metavar="m", help="a batch: one sample a column, J the mean")
    options.add_argument("--depth", type=int, metavar="N", help="the number of the last layer, if it is fixed")
    return options


def build_parser() -> _Parser:
    """The whole command line."""
    parser = _Parser(prog="backproof", description="Derive, check and confirm the equations of backpropagation.")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    raw = argparse.RawDescriptionHelpFormatter
    common, setting = _common(), _setting_options()
    check = commands.add_parser(
        "check",
        parents=[common, setting],
        help="formulas and sheets: proved for all shapes, or refuted",
        formatter_class=raw,
        description="Check formulas. Without --given they are about the built-in network.\n\n"
        'Example:  backproof check "∂J/∂W^l = δ^l (a^{l-1})^T"',
    )
    check.add_argument("claims", nargs="*", metavar="CLAIM | FILE", help="a formula, a sheet (.bp), or - for stdin")
    check.add_argument("--given", action="append", default=[], metavar="SHEET", help="declarations; they add up")
    derive = commands.add_parser(
        "derive",
        parents=[common, setting],
        help="BP1 BP2 BP3 BP4, step by step",
        formatter_class=raw,
        description="Derive the equations of backpropagation; every step is checked.\n\nExample:  backproof derive BP2",
    )
    _add_derive_options(derive)
    return parser


def _add_derive_options(derive: argparse.ArgumentParser) -> None:
    derive.add_argument("equations", nargs="*", metavar="EQUATION", help="BP1 BP2 BP3 BP4 (default: all four)")
    derive.add_argument(
        "--form", choices=("index", "matrix", "both"), default="both", help="which proof: entry by entry, as matrices"
    )
    derive.add_argument("--notation", choices=("superscript", "bracket"), default="superscript", help="W^l or W^{[l]}")


def _add_numeric(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    for name, words in (("gradcheck", "numbers against finite differences"), ("train", "train the lessons' network")):
        commands.add_parser(name, parents=[common], help=words)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code. No traceback reaches a person (``--debug`` shows it)."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = build_parser()
    options = parser.parse_args(arguments)
    try:
        return _run(parser, options)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as problem:
        if options.debug:
            raise
        print(f"backproof: internal error: {type(problem).__name__}: {problem}", file=sys.stderr)
        print("This is a fault of the program, not of your formula. --debug shows where.", file=sys.stderr)
        return 3


def _run(parser: _Parser, options: argparse.Namespace) -> int:
    match options.command:
        case "check":
            from chapters.check_command import run

            return run(options)
        case "derive":
            from chapters.derive_command import run as derive

            return derive(options)
        case _:
            parser.print_help()
            return 0 if options.command is None else USAGE_ERROR
