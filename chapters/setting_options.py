"""The options by which ``check`` and ``derive`` choose a network and a layout."""

from __future__ import annotations

import argparse
import os

from derivations.setting import ACTIVATIONS, LAYOUTS, LOSSES, Network
from derivations.sheets.files import text_in


def add_setting_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--layout", choices=LAYOUTS, default=LAYOUTS[0], help="default: denominator")
    parser.add_argument("--loss", choices=tuple(LOSSES), help="default: any differentiable loss")
    parser.add_argument("--activation", choices=ACTIVATIONS[:-1], help="default: any differentiable σ")
    parser.add_argument("--output", choices=ACTIVATIONS, help="the last layer's own activation")
    parser.add_argument("--batch", metavar="m", help="a batch of m samples: one a column, J their mean")
    parser.add_argument("--depth", type=int, metavar="N", help="the number of the last layer, if it is fixed")


def sheets_of(options: argparse.Namespace) -> list[str]:
    """The sheets of ``--given``; one that names a file is that file. Raises NotAText."""
    return [text_in(given) if names_a_file(given) else given for given in options.given]


def names_a_file(text: str, endings: tuple[str, ...] = (".bp",)) -> bool:
    """Whether an argument is a file's name: of one that exists, or what can be nothing else."""
    return os.path.isfile(text) or (text.endswith(endings) and not any(sign in text for sign in ":="))


def network_of(options: argparse.Namespace) -> Network | None:
    """The network that was asked for; None if no option says anything about it."""
    wanted = Network(options.loss, options.activation, options.output, options.batch, options.depth)
    return None if wanted == Network() else wanted
