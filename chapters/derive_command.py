"""``backproof derive``: the equations of backpropagation, step by step."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from chapters.setting_options import add_setting_options, network_of
from derivations.equations.catalogue import FOUR, UnknownEquation, derive, find
from derivations.equations.confirming import tested
from derivations.formula import Unreadable
from derivations.rendering import derivation_words as words
from derivations.setting import Network
from derivations.theorem import Derivation, Form

_FORMS: dict[str, tuple[Form, ...]] = {"index": ("index",), "matrix": ("matrix",), "both": ("index", "matrix")}


class _BadlyAskedError(Exception):
    """The command was asked badly; the message is for the reader."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``derive`` understands, besides the options that all commands share."""
    parser.description = "Derive the equations of backpropagation; every step is checked."
    parser.epilog = "example:  backproof derive BP2 --form index"
    parser.add_argument("equations", nargs="*", metavar="EQUATION", help="BP1 BP2 BP3 BP4 (default: all four)")
    parser.add_argument(
        "--form", choices=("index", "matrix", "both"), default="both", help="which proof: entry by entry, as matrices"
    )
    parser.add_argument("--notation", choices=("superscript", "bracket"), default="superscript", help="W^l or W^{[l]}")
    add_setting_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print the derivations asked for; returns the exit code."""
    try:
        return _print_text(_derivations(options), options)
    except (_BadlyAskedError, UnknownEquation) as problem:
        print(f"backproof derive: {problem}", file=sys.stderr)
    except Unreadable as problem:
        print(f"backproof derive: {f'{problem.message} {problem.hint}'.strip()}", file=sys.stderr)
    return 2


def _derivations(options: argparse.Namespace) -> Iterator[Derivation]:
    network = network_of(options) or Network()
    for name in [find(name) for name in options.equations or FOUR]:
        yield derive(name, network, layout=options.layout)


def _print_text(derivations: Iterator[Derivation], options: argparse.Namespace) -> int:
    from chapters.terminal import Screen
    from derivations.rendering.derivation_aloud import aloud_lines
    from derivations.rendering.derivation_text import derivation_lines

    screen = Screen(plain=options.plain, width=options.width)
    lines_of = aloud_lines if options.plain else derivation_lines
    for place, derivation in enumerate(derivations):
        if place:
            screen.show([])
        findings = [words.TESTED] if tested(derivation) else []
        for line in lines_of(derivation, screen.width, _FORMS[options.form], options.notation, findings):
            screen.show(line)
    return 0
