"""A learner written to a file, and read again bit for bit: plain arrays in .npz, nothing pickled."""

from __future__ import annotations

import json
import os
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.errors import misuse
from numeric.network import Network, Parameters
from numeric.training.learning import Epoch, Learner, Settings
from numeric.training.optimisers import optimiser

VERSION = 1


def _description(network: Network, settings: Settings) -> dict[str, object]:
    """What has to be the same for the run to go on as if it had never stopped."""
    return {
        "version": VERSION,
        "widths": list(network.widths),
        "hidden": list(network.hidden_names),
        "output": network.output,
        "loss": network.cost,
        "dtype": np.dtype(network.dtype).name,
        "optimiser": settings.optimiser,
    }


def save(path: Path, learner: Learner, settings: Settings) -> None:
    """Write the learner to ``path``; what was there before stays until the new file is complete."""
    arrays: dict[str, Array] = {}
    for name, at in (("at", learner.at), ("best", learner.best)):
        for layer, (W, b) in enumerate(zip(at.weights, at.biases, strict=True), start=1):
            arrays |= {f"{name}.W{layer}": W, f"{name}.b{layer}": b}
    for place, memories in enumerate(learner.memories):
        arrays |= {f"memory.{place}.{number}": memory for number, memory in enumerate(memories)}
    said = _description(learner.network, settings) | {
        "random": learner.random.bit_generator.state,
        "steps": learner.steps,
        "epoch": learner.epoch,
        "best_accuracy": learner.best_accuracy,
        "best_epoch": learner.best_epoch,
        "stopped": learner.stopped,
        "history": [asdict(epoch) for epoch in learner.history],
    }
    arrays["said"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(unfinished, path)
    except OSError as error:
        raise misuse(wording.NOT_SAVED, wording.NOT_SAVED_HINT, path=path, why=error.strerror) from None


def restore(path: Path, network: Network, settings: Settings) -> Learner:
    """The learner in ``path``.

    :raises MisuseError: if it is not a checkpoint, or one of another network, precision or optimiser.
    """

    def wrong(why: str) -> Exception:
        return misuse(wording.BAD_CHECKPOINT, wording.BAD_CHECKPOINT_HINT, path=path, why=why)

    try:
        with np.load(path, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        said = json.loads(arrays["said"].tobytes().decode())
        for key, wanted in _description(network, settings).items():
            if said[key] != wanted:
                raise wrong(f"its {key} is {said[key]}, not {wanted}")
        read = {name: _parameters(network, arrays, name) for name in ("at", "best")}
        count = optimiser(settings.optimiser).memories
        memories = tuple(
            tuple(_shaped(arrays[f"memory.{place}.{number}"], like) for number in range(count))
            for place, like in enumerate((*read["at"].weights, *read["at"].biases))
        )
        random = np.random.default_rng()
        random.bit_generator.state = said["random"]
        learner = Learner(network, read["at"], random, memories, read["best"])
        learner.steps, learner.epoch = int(said["steps"]), int(said["epoch"])
        learner.best_accuracy, learner.best_epoch = float(said["best_accuracy"]), int(said["best_epoch"])
        learner.history = [Epoch(**epoch) for epoch in said["history"]]
        learner.stopped = "" if said["stopped"] == "epochs" else str(said["stopped"])
    except (OSError, EOFError, zipfile.BadZipFile, KeyError, TypeError) as error:
        raise wrong(str(error)) from None
    except ValueError as error:
        if hasattr(error, "hint"):
            raise
        raise wrong(str(error)) from None
    return learner


def _parameters(network: Network, arrays: dict[str, Array], name: str) -> Parameters:
    n = network.widths
    weights, biases = [], []
    for layer in network.layers:
        weights.append(_shaped(arrays[f"{name}.W{layer}"], np.empty((n[layer], n[layer - 1]), network.dtype)))
        biases.append(_shaped(arrays[f"{name}.b{layer}"], np.empty((n[layer], 1), network.dtype)))
    return Parameters(tuple(weights), tuple(biases))


def _shaped(array: Array, like: Array) -> Array:
    if array.shape != like.shape or array.dtype != like.dtype:
        raise ValueError(f"an array is {array.shape} {array.dtype}, not {like.shape} {like.dtype}")
    return array
