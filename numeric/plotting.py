"""Pictures of a gradient check: error against step size, and error by layer. Needs matplotlib, which is optional."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.equations import backward
from numeric.errors import misuse
from numeric.estimating import directions, rounding
from numeric.files import reason
from numeric.methods import difference, richardson
from numeric.neighbourhood import Neighbourhood, neighbourhood
from numeric.problem import Problem
from numeric.report import Report

STEPS = tuple(10.0**power for power in range(-12, 0))


def errors_by_step(point: Problem) -> dict[str, list[float]]:
    """For each step h: the median relative error of central and of Richardson differences, in the first layer."""
    network, layer = point.network, 1
    near = neighbourhood(network, point.at, point.x, point.y)
    towards, exact = directions(near, layer), backward(near.network, near.at, near.done, near.y)
    right = np.hstack([exact.weights[0], exact.biases[0]]) * near.done.batch
    noise = rounding(near)
    found: dict[str, list[float]] = {"central": [], "richardson": []}
    for h in STEPS:
        for name, errors in found.items():
            values = np.array([_slopes(near, layer, j, name, h, noise) for j in range(network.widths[layer])])
            values *= towards.scale
            size = np.maximum(np.abs(right), 1e-3 * np.abs(right).max())
            errors.append(float(np.median(np.abs(values - right) / np.where(size > 0, size, 1.0))))
    return found


def _slopes(near: Neighbourhood, layer: int, neuron: int, name: str, h: float, noise: float) -> Array:
    moves = directions(near, layer).moves

    def F(t: Any) -> Any:
        return near.total(layer, neuron, t * moves)

    return difference(F, h) if name == "central" else richardson(F, noise, h).value


def plot(report: Report, path: Path) -> None:
    """Write the picture of a check, at the point where it was made, to ``path``, in the format that its ending names.

    :raises MisuseError: if matplotlib is not installed, or does not know the ending, or the file cannot be written.
    """
    if not path.suffix:  # matplotlib would choose one, and write to another file than was named
        raise misuse(wording.PLOT_FAILED, wording.PLOT_FAILED_HINT, path=path, why=wording.NO_ENDING)
    try:
        matplotlib = importlib.import_module("matplotlib")
    except ImportError:
        raise misuse(wording.NO_PLOT, wording.NO_PLOT_HINT) from None
    with matplotlib.rc_context():
        matplotlib.rcdefaults()  # a matplotlibrc in the folder that one is in may say anything
        _draw(report, path)


def _draw(report: Report, path: Path) -> None:
    figure = importlib.import_module("matplotlib.figure").Figure(figsize=(10, 4), layout="constrained")
    steps, layers = figure.subplots(1, 2)
    for name, errors in errors_by_step(report.point).items():
        steps.loglog(STEPS, np.maximum(errors, 1e-17), marker="o", markersize=3, label=name)
    steps.set_xlabel("step h")
    steps.set_ylabel("median relative error, layer 1")
    steps.set_title("Too long a step bends, too short a one rounds")
    steps.legend()
    labels = [f"{found.equation}\nlayer {found.layer}" for found in report.findings]
    heights = [min(max(found.max_error, 1e-17), 1e3) for found in report.findings]
    colours = ["tab:blue" if found.ok else "tab:red" for found in report.findings]
    layers.bar(range(len(labels)), heights, color=colours)
    layers.set_yscale("log")
    layers.set_xticks(range(len(labels)), labels, fontsize=7)
    layers.set_ylabel("largest relative error")
    layers.set_title("Error by equation and layer")
    try:
        figure.savefig(path)
    except (ValueError, OSError) as error:
        raise misuse(wording.PLOT_FAILED, wording.PLOT_FAILED_HINT, path=path, why=reason(error)) from None
