"""A learner written to a file, and read again bit for bit: plain arrays in .npz, nothing pickled."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.errors import misuse
from numeric.files import reason
from numeric.network import Network, Parameters
from numeric.npz import DamagedError, Npz, careful
from numeric.training.learning import Epoch, Learner, Settings
from numeric.training.optimisers import optimiser

VERSION = 1
LARGEST_NUMBER = 1e300
"""No cost or accuracy of a run that goes on is larger."""
T = TypeVar("T")


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
    try:
        unfinished = path.with_name(path.name + ".part")
    except ValueError:
        raise misuse(wording.NOT_SAVED, wording.NOT_SAVED_HINT, path=path, why=wording.NO_NAME) from None
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(unfinished, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise misuse(wording.NOT_SAVED, wording.NOT_SAVED_HINT, path=path, why=reason(error)) from None


def restore(path: Path, network: Network, settings: Settings) -> Learner:
    """The learner in ``path``.

    :raises MisuseError: if it is not a checkpoint, one of another network, precision or optimiser, or damaged.
    """
    try:
        with Npz(path) as stored:
            said = careful(lambda: _Said(json.loads(stored.array("said").tobytes().decode())))
            for key, wanted in _description(network, settings).items():
                seen = said.of(key, object)
                if seen != wanted:
                    raise DamagedError(wording.OTHER_RUN.format(key=key, seen=wording.shortened(seen), wanted=wanted))
            read = {name: _parameters(network, stored, name) for name in ("at", "best")}
            count = optimiser(settings.optimiser).memories
            memories = tuple(
                tuple(_shaped(stored, f"memory.{place}.{number}", like.shape, like.dtype) for number in range(count))
                for place, like in enumerate((*read["at"].weights, *read["at"].biases))
            )
        learner = Learner(network, read["at"], _random(said.of("random", dict)), memories, read["best"])
        learner.history = [_epoch(number, one) for number, one in enumerate(said.of("history", list), start=1)]
        learner.epoch, learner.steps = said.count("epoch", len(learner.history)), said.count("steps")
        learner.best_epoch = said.count("best_epoch", len(learner.history))
        learner.best_accuracy = said.number("best_accuracy")
        learner.stopped = said.of("stopped", str)
        if learner.epoch != len(learner.history):
            raise DamagedError(wording.OTHER_HISTORY.format(count=len(learner.history), epoch=learner.epoch))
        if learner.stopped not in ("", *wording.STOPPED):
            raise DamagedError(wording.NOT_KNOWN.format(key="stopped", seen=wording.shortened(learner.stopped)))
        if learner.stopped == "epochs":
            learner.stopped = ""
    except DamagedError as error:
        raise misuse(wording.BAD_CHECKPOINT, wording.BAD_CHECKPOINT_HINT, path=path, why=error) from None
    return learner


class _Said:
    """What a checkpoint says in words and numbers; nothing of it is believed."""

    def __init__(self, said: object) -> None:
        if not isinstance(said, dict):
            raise DamagedError(wording.NOT_KNOWN.format(key="said", seen=type(said).__name__))
        self.said: dict[str, Any] = said

    def of(self, key: str, kind: type[T]) -> T:
        value = self.said.get(key)
        if key not in self.said or not isinstance(value, kind):
            raise DamagedError(wording.NOT_KNOWN.format(key=key, seen=wording.shortened(value)))
        return value

    def count(self, key: str, most: int = 1 << 53) -> int:
        value = self.said.get(key)
        if type(value) is not int or not 0 <= value <= most:
            raise DamagedError(wording.NOT_KNOWN.format(key=key, seen=wording.shortened(value)))
        return value

    def number(self, key: str) -> float:
        value = self.said.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < LARGEST_NUMBER:
            raise DamagedError(wording.NOT_KNOWN.format(key=key, seen=wording.shortened(value)))
        return float(value)


def _epoch(number: int, said: object) -> Epoch:
    one = _Said(said)
    if one.count("number") != number:
        raise DamagedError(wording.NOT_KNOWN.format(key="number", seen=one.count("number")))
    return Epoch(
        number, one.number("cost"), one.number("accuracy"), max(one.number("seconds"), 0.0), one.count("samples")
    )


def _random(state: dict[str, Any]) -> np.random.Generator:
    random = np.random.default_rng()

    def restored() -> np.random.Generator:
        random.bit_generator.state = state
        return random

    return careful(restored)


def _parameters(network: Network, stored: Npz, name: str) -> Parameters:
    n, kind = network.widths, np.dtype(network.dtype)
    return Parameters(
        tuple(_shaped(stored, f"{name}.W{k}", (n[k], n[k - 1]), kind) for k in network.layers),
        tuple(_shaped(stored, f"{name}.b{k}", (n[k], 1), kind) for k in network.layers),
    )


def _shaped(stored: Npz, name: str, shape: tuple[int, ...], kind: np.dtype[Any]) -> Array:
    array = stored.array(name)
    if array.shape != shape or array.dtype != kind:
        seen, wanted = f"{shape_text(array.shape)} {array.dtype}", f"{shape_text(shape)} {kind}"
        raise DamagedError(wording.OTHER_ARRAY.format(name=name, seen=seen, wanted=wanted))
    off = array.size - int(np.isfinite(array).sum())
    if off:
        what = f"its array {name!r}"
        raise DamagedError(wording.NOT_FINITE.format(what=what, count=wording.counted(off, "number")))
    return array
