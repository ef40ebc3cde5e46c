"""The options by which ``check`` and ``derive`` choose a network and a layout."""

from __future__ import annotations

import argparse
import os

from derivations.setting import ACTIVATIONS, LAYOUTS, LOSSES, Network
from derivations.sheets.files import LARGEST, NotAText, text_of


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0], help="default: denominator")
    parser.add_argument("--loss", choices=tuple(LOSSES), help="default: any differentiable loss")
    parser.add_argument("--activation", choices=ACTIVATIONS[:-1], help="default: any differentiable σ")
    parser.add_argument("--output", choices=ACTIVATIONS, help="the last layer's own activation")
    parser.add_argument("--batch", metavar="m", help="a batch of m samples: one a column, J their mean")
    parser.add_argument("--depth", type=int, metavar="N", help="the number of the last layer, if it is fixed")


def sheets_of(options: argparse.Namespace) -> list[str]:
    """The sheets of ``--given``; one that names an existing file is that file. Raises NoSheetError."""
    return [_sheet(given) for given in options.given]


class NoSheetError(Exception):
    """A file that should hold declarations cannot be read; the message is for the reader."""


def _sheet(given: str) -> str:
    try:
        if not os.path.isfile(given):
            if given.endswith(".bp") and ":" not in given:
                raise NoSheetError(f"there is no file {given}.")
            return given
        with open(given, "rb") as file:
            return text_of(file.read(LARGEST + 1), given)
    except NotAText as problem:
        raise NoSheetError(str(problem)) from None
    except (OSError, ValueError) as problem:
        raise NoSheetError(f"{given} cannot be read: {problem}.") from problem


def network_of(options: argparse.Namespace) -> Network | None:
    """The network that was asked for; None if no option says anything about it."""
    wanted = Network(options.loss, options.activation, options.output, options.batch, options.depth)
    return None if wanted == Network() else wanted
