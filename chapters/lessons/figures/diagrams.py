"""Networks as pictures: neurons and arrows, drawn with matplotlib, with characters, and told in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import hypot
from typing import Any

from chapters.lessons.figures.characters import Canvas
from chapters.lessons.figures.ink import COLOURS, FAINT, INK, STYLES, new_figure
from chapters.lessons.inline import in_unicode, read_phrase
from derivations.rendering.text import Line
from derivations.setting import Network, Setting

_SETTING = (Setting(network=Network(depth=None)),)
_RADIUS = 0.30


@dataclass(frozen=True)
class Neuron:
    """A circle at ``x``, ``y`` (y goes up). ``inside`` and ``beside`` are words, or formulas between dollar signs.

    ``colour`` is a place among the colours; a neuron that is ``off`` is drawn faint and crossed out.
    """

    name: str
    x: float
    y: float
    inside: str
    beside: str = ""
    colour: int = 0
    off: bool = False


@dataclass(frozen=True)
class Arrow:
    """From neuron to neuron. ``label`` stands at ``at``, the share of the way; ``told`` is what it says in words."""

    start: str
    end: str
    label: str = ""
    at: float = 0.35
    colour: int = 5
    off: bool = False


@dataclass(frozen=True)
class Note:
    """Words at a place."""

    x: float
    y: float
    text: str
    colour: int = -1


@dataclass(frozen=True)
class Diagram:
    """Neurons, arrows and notes. ``told`` says in sentences what there is to see.

    ``crowded``: with characters there is no room for the arrows that are off.
    """

    alt: str
    neurons: tuple[Neuron, ...]
    arrows: tuple[Arrow, ...]
    notes: tuple[Note, ...] = ()
    told: tuple[str, ...] = ()
    size: tuple[float, float] = (6.4, 3.2)
    rows: int = 13
    crowded: bool = False

    def _box(self) -> tuple[float, float, float, float]:
        xs = [neuron.x for neuron in self.neurons] + [note.x for note in self.notes]
        ys = [neuron.y for neuron in self.neurons] + [note.y for note in self.notes]
        return min(xs), max(xs), min(ys), max(ys)

    def _neuron(self, name: str) -> Neuron:
        return next(neuron for neuron in self.neurons if neuron.name == name)

    # ---- matplotlib ----

    def paint(self) -> Any:
        """The matplotlib figure. Raises NoMatplotlibError."""
        figure = new_figure(*self.size)
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_aspect("equal")
        left, right, low, high = self._box()
        spare = 0.75 if any(neuron.beside for neuron in self.neurons) else 0.5
        axes.set_xlim(left - spare, right + spare)
        axes.set_ylim(low - 0.5, high + 0.5)
        for arrow in self.arrows:
            self._paint_arrow(axes, arrow)
        for neuron in self.neurons:
            self._paint_neuron(axes, neuron)
        for note in self.notes:
            colour = INK if note.colour < 0 else COLOURS[note.colour]
            axes.text(note.x, note.y, note.text, ha="center", va="center", fontsize=9, color=colour)
        return figure

    def _paint_arrow(self, axes: Any, arrow: Arrow) -> None:
        start, end = self._neuron(arrow.start), self._neuron(arrow.end)
        dx, dy = end.x - start.x, end.y - start.y
        length = hypot(dx, dy)
        ux, uy = dx / length, dy / length
        axes.annotate(
            "",
            xy=(end.x - ux * (_RADIUS + 0.02), end.y - uy * (_RADIUS + 0.02)),
            xytext=(start.x + ux * _RADIUS, start.y + uy * _RADIUS),
            arrowprops={
                "arrowstyle": "-|>",
                "color": FAINT if arrow.off else COLOURS[arrow.colour],
                "linewidth": 1.2,
                "linestyle": ":" if arrow.off else "-",
                "shrinkA": 0,
                "shrinkB": 0,
                "mutation_scale": 9,
            },
        )
        if arrow.label:
            share = (_RADIUS + arrow.at * (length - 2 * _RADIUS)) / length
            side = 0.13
            axes.text(
                start.x + dx * share - uy * side,
                start.y + dy * share + ux * side,
                arrow.label,
                ha="center",
                va="center",
                fontsize=9,
                color=INK,
                rotation=_degrees(dx, dy),
                rotation_mode="anchor",
            )

    def _paint_neuron(self, axes: Any, neuron: Neuron) -> None:
        patches = _patches()
        colour = FAINT if neuron.off else COLOURS[neuron.colour]
        circle = patches.Circle(
            (neuron.x, neuron.y), _RADIUS, facecolor=colour + "26", edgecolor=colour, linewidth=1.6,
            linestyle=":" if neuron.off else "-",
        )  # fmt: skip
        axes.add_patch(circle)
        if neuron.off:
            r = _RADIUS * 0.62
            for sign in (1, -1):
                axes.plot(
                    (neuron.x - r, neuron.x + r), (neuron.y - sign * r, neuron.y + sign * r), color=FAINT, linewidth=1.2
                )
        axes.text(
            neuron.x, neuron.y, neuron.inside, ha="center", va="center", fontsize=10, color=FAINT if neuron.off else INK
        )
        if neuron.beside:
            axes.text(
                neuron.x, neuron.y - _RADIUS - 0.15, neuron.beside, ha="center", va="center", fontsize=8.5, color=INK
            )

    # ---- characters ----

    def in_text(self, width: int) -> list[Line]:
        """With characters, on lines of at most ``width`` columns."""
        left, right, low, high = self._box()
        low -= 0.35 if any(neuron.beside for neuron in self.neurons) else 0.0
        wide = min(width, 72)
        canvas = Canvas(wide, self.rows, from_middles=True)
        edge = 0.07

        def place(x: float, y: float) -> tuple[float, float]:
            across = edge + (1 - 2 * edge) * (x - left) / (right - left)
            return across, (y - low) / (high - low) if high > low else 0.5

        for arrow in self.arrows:
            start, end = self._neuron(arrow.start), self._neuron(arrow.end)
            a, b = place(start.x, start.y), place(end.x, end.y)
            if arrow.off and self.crowded:
                continue
            style = "dim" if arrow.off else STYLES[arrow.colour]
            canvas.path([a, b], style, 1 if arrow.off else 0)
        for arrow in self.arrows:
            if arrow.label:
                start, end = self._neuron(arrow.start), self._neuron(arrow.end)
                (ax, ay), (bx, by) = place(start.x, start.y), place(end.x, end.y)
                canvas.words(ax + arrow.at * (bx - ax), ay + arrow.at * (by - ay), f" {spelled(arrow.label)} ")
        for neuron in self.neurons:
            x, y = place(neuron.x, neuron.y)
            inside = "×" if neuron.off else spelled(neuron.inside)
            canvas.words(x, y, f"( {inside} )", "dim" if neuron.off else f"bold {STYLES[neuron.colour]}")
            if neuron.beside:
                canvas.words(x, y - 1 / (self.rows - 1), spelled(neuron.beside))
        for note in self.notes:
            x, y = place(note.x, note.y)
            canvas.words(x, y, spelled(note.text), "" if note.colour < 0 else STYLES[note.colour])
        return canvas.lines()

    def in_words(self) -> list[str]:
        """What there is to see."""
        return [spelled(told) for told in self.told]


def spelled(text: str) -> str:
    """Words with the formulas between dollar signs in Unicode."""
    pieces = text.split("$")
    for number in range(1, len(pieces), 2):
        phrase = read_phrase(pieces[number], _SETTING)
        pieces[number] = pieces[number] if phrase is None else _digits_below(in_unicode(phrase))
    return "".join(pieces)


def _digits_below(text: str) -> str:
    """``w¹₁₂`` for ``w¹_{1,2}``: in these networks no index has two digits."""
    below = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
    return re.sub(r"_\{(\d),(\d)\}", lambda found: (found[1] + found[2]).translate(below), text)


def _degrees(dx: float, dy: float) -> float:
    from math import atan2, degrees

    angle = degrees(atan2(dy, dx))
    return angle - 180 if angle > 90 else angle + 180 if angle < -90 else angle


def _patches() -> Any:
    import importlib

    return importlib.import_module("matplotlib.patches")
