"""``backproof train``: the network of the lessons on real data, with progress."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING

from chapters.errors import complain

if TYPE_CHECKING:
    from numeric.data.samples import Data
    from numeric.network import Network
    from numeric.training.learning import Epoch, Learner, Settings

EXAMPLE = """\
example:
  backproof train                                            the four quadrants
  backproof train --layers 784,30,10 --data mnist.npz --epochs 3
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``train`` understands, besides the options that all commands share."""
    parser.epilog, parser.formatter_class = EXAMPLE, argparse.RawDescriptionHelpFormatter
    own = parser.add_argument
    own("--layers", metavar="N,N,...", help="widths, input first")
    own("--data", metavar="FILE", help=".npz, CSV (label first), or the folder of MNIST's IDX files")
    own("--loss", default=None, metavar="NAME", help="mse, bce or softmax-ce")
    own("--activation", default=None, metavar="NAME", help="of the hidden layers")
    own("--output", default=None, metavar="NAME", help="activation of the last layer")
    own("--init", default=None, metavar="NAME", help="normal, xavier, he, small or zeros")
    own("--batch", type=int, default=None, metavar="M", help="samples a step: 1 stochastic, 0 all (default 10)")
    own("--rate", type=float, default=None, help="the step α (default 3 for mse, 0.5 otherwise)")
    own("--epochs", type=int, default=None, metavar="MAX", help="how often to go through the data")
    own("--epsilon", type=float, default=0.0, help="stop when no W or b changes by as much in an epoch")
    own("--optimiser", default="descent", metavar="NAME", help="descent, momentum or adam")
    own("--momentum", type=float, default=0.9, help="for --optimiser momentum")
    own("--l2", type=float, default=0.0, metavar="LAMBDA", help="add λ/2 Σ W² to the cost")
    own("--clip", type=float, default=0.0, metavar="NORM", help="the largest norm of the gradient")
    own("--patience", type=int, default=0, metavar="EPOCHS", help="stop when the test accuracy stays behind")
    own("--no-shuffle", action="store_true", help="keep the order of the samples")
    own("--precision", choices=("float64", "float32"), default="float64")
    own("--seed", type=int, default=0)
    own("--checkpoint", metavar="FILE.npz", help="write the state here after each epoch")
    own("--resume", action="store_true", help="go on from --checkpoint, if it is there")


def run(arguments: argparse.Namespace) -> int:
    """0 when training is done, 2 if the question cannot be read, 130 if interrupted."""
    from numeric import wording
    from numeric.errors import MisuseError

    try:
        return _quietly(arguments)
    except MisuseError as error:
        if getattr(arguments, "debug", False):
            raise
        complain(f"backproof train: {error}\n{error.hint}")
        return 2
    except KeyboardInterrupt:
        print(wording.INTERRUPTED, file=sys.stderr)
        return 130


def _quietly(arguments: argparse.Namespace) -> int:
    """Without NumPy's warnings: a cost that overflows is told in a sentence of its own."""
    import numpy as np

    with np.errstate(all="ignore"):
        return _run(arguments)


def _asked(arguments: argparse.Namespace) -> tuple[Network, Data, Settings, str]:
    """The network, the data, the settings and the initialisation; without data, source E's task and network."""
    from pathlib import Path

    from numeric.data.quadrants import LAYERS, quadrants
    from numeric.data.reading import read
    from numeric.network import Network
    from numeric.problem import usual_output
    from numeric.settings import widths
    from numeric.training.learning import Settings

    toy = arguments.data is None
    layers = widths(arguments.layers) if arguments.layers else (LAYERS if toy else (784, 30, 10))
    loss = arguments.loss or ("softmax-ce" if toy else "mse")
    hidden = arguments.activation or ("relu" if toy else "sigmoid")
    network = Network(layers, hidden, arguments.output or usual_output(loss, hidden), loss, dtype=arguments.precision)
    adam = arguments.optimiser == "adam"
    rate = arguments.rate if arguments.rate is not None else (0.001 if adam else 3.0 if loss == "mse" else 0.5)
    settings = Settings(
        batch=arguments.batch if arguments.batch is not None else (0 if toy else 10),
        rate=rate,
        epochs=arguments.epochs if arguments.epochs is not None else (20 if toy else 30),
        epsilon=arguments.epsilon,
        shuffle=not arguments.no_shuffle,
        l2=arguments.l2,
        clip=arguments.clip,
        patience=arguments.patience,
        optimiser=arguments.optimiser,
        momentum=arguments.momentum,
    )
    usual = "he" if hidden in ("relu", "leaky_relu", "elu") else "normal" if loss == "mse" else "xavier"
    return network, quadrants() if toy else read(Path(arguments.data)), settings, arguments.init or usual


def _run(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    import numpy as np

    from numeric import wording
    from numeric.initialisation import initialise
    from numeric.settings import whole
    from numeric.training.checkpoint import restore, save
    from numeric.training.learning import accuracy, begin, learn

    seed = whole("--seed", arguments.seed, 0)
    network, data, settings, initialisation = _asked(arguments)
    data.fit(network)
    checkpoint = Path(arguments.checkpoint) if arguments.checkpoint else None
    if checkpoint is not None and arguments.resume and os.path.exists(checkpoint):
        learner = restore(checkpoint, network, settings)
    else:
        at = initialise(network, initialisation, np.random.default_rng(seed))
        learner = begin(network, at, settings, seed)
    quiet = bool(getattr(arguments, "json", False))
    plain = bool(getattr(arguments, "plain", False)) or bool(os.environ.get("NO_COLOR"))
    width = getattr(arguments, "width", None) or shutil.get_terminal_size((80, 24)).columns
    if not quiet:
        activations = " and ".join(dict.fromkeys(network.name(layer) for layer in network.layers))
        heading = wording.TRAINING.format(
            widths="-".join(map(str, network.widths)),
            activations=activations,
            loss=network.cost,
            train=wording.counted(len(data.train), "sample"),
            test=len(data.test),
        )
        print(textwrap.fill(heading, max(width, 40)))
        print(wording.BEGINNING.format(accuracy=accuracy(network, learner.at, data.test)), flush=True)

    def after(epoch: Epoch) -> str:
        if checkpoint is not None:
            save(checkpoint, learner, settings)
        return wording.EPOCH.format(
            epoch=epoch.number,
            cost=epoch.cost,
            accuracy=epoch.accuracy,
            rate=epoch.samples / max(epoch.seconds, 1e-9),
        )

    if quiet:
        for epoch in learn(learner, data, settings):
            after(epoch)
        print(json.dumps(_as_json(learner)))
        return 0
    if sys.stdout.isatty() and not plain:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("epoch {task.fields[epoch]:>3}"), BarColumn(), TimeRemainingColumn())
        console = Console(width=max(width, 40), highlight=False)
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task("", total=len(data.train), epoch=learner.epoch + 1)
            for epoch in learn(learner, data, settings, lambda count: progress.advance(task, count)):
                progress.console.print(after(epoch))
                progress.reset(task, epoch=epoch.number + 1)
    else:
        for epoch in learn(learner, data, settings):
            print(after(epoch), flush=True)
    print(wording.STOPPED[learner.stopped].format(patience=wording.counted(settings.patience, "epoch")))
    if arguments.data is None and network.widths[0] == 2 and network.widths[-1] == 4:
        from numeric.network import forward

        answer = forward(network, learner.at, np.array([[2.0], [2.0]], dtype=network.dtype)).a[-1]
        print(wording.QUADRANT.format(quadrant=wording.QUADRANTS[int(answer.argmax())]))
    if checkpoint is not None:
        print(wording.SAVED.format(path=checkpoint))
    return 0


def _as_json(learner: Learner) -> dict[str, object]:
    return {
        "epochs": [
            {"epoch": epoch.number, "cost": epoch.cost, "accuracy": epoch.accuracy, "seconds": epoch.seconds}
            for epoch in learner.history
        ],
        "stopped": learner.stopped,
        "best_accuracy": learner.best_accuracy,
        "best_epoch": learner.best_epoch,
    }
