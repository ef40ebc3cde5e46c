"""The derivations that the tests go through: every equation, loss, layout, batch and activation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import pytest

from derivations.equations.catalogue import FOUR, derive
from derivations.setting import ACTIVATIONS, LAYOUTS, LOSSES, Network
from derivations.theorem import Derivation

Case = tuple[str, Network, str]


def _networks(name: str) -> Iterator[Network]:
    for batch in (None, "m"):
        yield Network(batch=batch)
        if name == "BP1":
            yield from (Network(loss=loss, batch=batch) for loss in LOSSES)
            yield Network(loss="bce", activation="tanh", batch=batch)
            yield Network(loss="mse", activation="relu", output="sigmoid", batch=batch)
            yield Network(output="exp", batch=batch)
        if name in ("BP1", "BP2"):
            yield from (Network(activation=activation, batch=batch) for activation in ACTIVATIONS[:-1])


KIN = ("BP1-diag", "BP2-diag", "unrolled", "induction", "softmax", "L2", "residual", "batchnorm")

CASES: list[Case] = [(name, network, layout) for name in FOUR for network in _networks(name) for layout in LAYOUTS]
CASES += [("dA", Network(batch="m"), layout) for layout in LAYOUTS]
CASES += [(name, Network(), layout) for name in KIN for layout in LAYOUTS]
CASES += [("unrolled", Network(depth=4), layout) for layout in LAYOUTS]


def long_unless(is_short: Callable[[Case], bool], cases: Iterable[Case] = CASES) -> list[object]:
    """The cases for ``parametrize``; those that are left to the long run are marked."""
    return [pytest.param(c, id=label(c), marks=() if is_short(c) else pytest.mark.long) for c in cases]


def in_denominator_layout(case: Case) -> bool:
    return case[2] == "denominator"


def label(case: Case) -> str:
    name, network, layout = case
    options = [
        network.depth and "deep",
        network.output and f"to {network.output}",
        network.loss,
        network.activation,
        network.batch and "batch",
        layout[:3],
    ]
    return " ".join([name, *(option for option in options if option)])


@cache
def derivation(case: Case) -> Derivation:
    name, network, layout = case
    return derive(name, network, layout=layout)
