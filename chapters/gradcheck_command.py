"""``backproof gradcheck [FILE.py]``: gradients held against differences of J, equation by equation."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys

from chapters.errors import complain

EXAMPLE = """\
example:
  backproof gradcheck --layers 784,30,10 --batch 10     the equations of the lessons
  backproof gradcheck my_backprop.py                    your own: backprop(params, x, y)
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``gradcheck`` understands, besides the options that all commands share."""
    parser.epilog, parser.formatter_class = EXAMPLE, argparse.RawDescriptionHelpFormatter
    own = parser.add_argument
    own("file", nargs="?", metavar="FILE.py", help="your own backpropagation; without it, the built-in network")
    own("--layers", metavar="N,N,...", help="widths, input first (default: 784,30,10, or what the file says)")
    own("--batch", type=int, metavar="M", help="samples (default: 10, or what the file says)")
    own("--loss", default=None, metavar="NAME", help="mse, bce or softmax-ce (built-in network)")
    own("--activation", default=None, metavar="NAME", help="sigmoid, tanh, relu, ... (built-in network)")
    own("--output", default=None, metavar="NAME", help="activation of the last layer (built-in network)")
    own("--init", default="xavier", metavar="NAME", help="normal, xavier, he, small or zeros")
    own("--seed", type=int, default=0, help="for the random parameters and data")
    own("--method", default="central", metavar="NAME", help="central, richardson, complex or dual")
    own("--literal", action="store_true", help="a full forward pass for each entry (slow)")
    own("--plot", metavar="FILE.png", help="draw error against step size, and by layer (needs matplotlib)")
    own("--walled", action="store_true", help="for somebody else's file: it gets NumPy, and reaches nothing of yours")
    own("--timeout", type=float, default=20.0, metavar="SECONDS", help="for your own file")


def run(arguments: argparse.Namespace) -> int:
    """0 if every gradient agrees, 1 if one is off, 2 if the question cannot be read, 130 if interrupted."""
    from numeric import wording
    from numeric.errors import MisuseError

    try:
        return _quietly(arguments)
    except MisuseError as error:
        if getattr(arguments, "debug", False):
            raise
        complain(f"backproof gradcheck: {error}\n{error.hint}")
        return 2
    except KeyboardInterrupt:
        print(wording.INTERRUPTED, file=sys.stderr)
        return 130


def _quietly(arguments: argparse.Namespace) -> int:
    """Without NumPy's warnings: what is not finite is told in the report."""
    import numpy as np

    with np.errstate(all="ignore"):
        return _run(arguments)


def _run(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    import numpy as np

    from numeric import wording
    from numeric.checking import gradcheck
    from numeric.initialisation import initialise
    from numeric.methods import method
    from numeric.network import Network
    from numeric.problem import inputs, targets, usual_output
    from numeric.report import as_json
    from numeric.settings import at_least, batch_of, whole, widths
    from numeric.terminal import lines

    how = method(arguments.method)
    layers = widths(arguments.layers) if arguments.layers else None
    batch = whole("--batch", arguments.batch) if arguments.batch is not None else None
    if arguments.file is not None:
        from numeric.student.examining import check_file

        seconds = at_least("--timeout", arguments.timeout, 0.0, above=True)
        report = check_file(
            Path(arguments.file),
            layers=layers,
            batch=batch,
            how=how.name,
            literal=arguments.literal,
            seconds=seconds,
            walled=arguments.walled,
        )
    else:
        random = np.random.default_rng(whole("--seed", arguments.seed, 0))
        layers = layers or (784, 30, 10)
        batch = batch_of(layers, batch or 10)
        cost = arguments.loss or "mse"
        hidden = arguments.activation or "sigmoid"
        output = arguments.output or usual_output(cost, hidden)
        network = Network(layers, hidden, output, cost)
        at = initialise(network, arguments.init, random)
        x, y = inputs(network, batch, random), targets(network, batch, random)
        report = gradcheck(network, at, x, y, how=how.name, literal=arguments.literal)
    if arguments.plot:
        from numeric.plotting import plot

        plot(report, Path(arguments.plot))
    if getattr(arguments, "json", False):
        print(json.dumps(as_json(report), ensure_ascii=False))
        return 0 if report.ok else 1
    plain = bool(getattr(arguments, "plain", False))
    width = getattr(arguments, "width", None) or shutil.get_terminal_size((80, 24)).columns
    colour = sys.stdout.isatty() and not plain and not os.environ.get("NO_COLOR")
    rows = lines(report, max(width, 40), plain)
    if colour:
        from rich.console import Console
        from rich.text import Text

        console = Console(highlight=False, width=max(width, 40))
        for row in rows:
            console.print(Text(row.text, style=row.style), soft_wrap=True)
    else:
        print("\n".join(row.text for row in rows))
    if arguments.plot:
        print(wording.PLOT_WRITTEN.format(path=arguments.plot))
    return 0 if report.ok else 1
