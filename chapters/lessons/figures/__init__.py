"""The figures of the chapters, drawn by code: as SVG, with characters, in words.

    from chapters.lessons.figures import draw
    draw("gradient-norms")              # shows itself in a notebook

A figure's data come from one function; three drawings of it have nothing else to go by.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias

from derivations.rendering.text import Line

if TYPE_CHECKING:
    from chapters.lessons.figures.broadcast import Sum
    from chapters.lessons.figures.diagrams import Diagram
    from chapters.lessons.figures.plots import Plot

    Drawable: TypeAlias = Plot | Diagram | Sum

_HOMES: Final = {
    "network": "networks", "relu-network": "networks", "demon": "networks", "backwards": "networks",
    "dropout": "networks", "broadcast": "broadcast", "activations": "curves", "loss-curve": "curves",
    "softmax-saturation": "curves", "gradient-norms": "curves", "symmetry": "curves", "optimisers": "curves",
}  # fmt: skip


def names() -> tuple[str, ...]:
    """The figures that there are."""
    return tuple(_HOMES)


def data(name: str) -> Drawable:
    """What a figure shows. Raises KeyError for a name that is none."""
    make: Callable[[], Drawable] = getattr(
        import_module(f"chapters.lessons.figures.{_HOMES[name]}"), name.replace("-", "_")
    )
    return make()


def in_text(name: str, width: int, plain: bool = False) -> list[Line]:
    """The figure on a terminal, on lines of at most ``width`` columns; ``plain`` tells it in words and numbers."""
    from textwrap import wrap

    figure = data(name)
    if not plain:
        return figure.in_text(width)
    return [
        [(line, "")]
        for told in figure.in_words()
        for line in wrap(told, width, subsequent_indent="    ", break_on_hyphens=False)
    ]


def in_svg(name: str, *, card: bool = False) -> str:
    """The figure as ``<svg>``; with ``card`` on white, for pages whose colours are not known.

    Raises NoMatplotlibError, whose message says how to install it.
    """
    from chapters.lessons.figures import ink

    figure = data(name)
    with ink.as_designed():
        return ink.in_svg(figure.paint(), name, figure.alt, card=card)


class Drawn:
    """A figure that shows itself in a notebook."""

    def __init__(self, name: str) -> None:
        self._svg = in_svg(name, card=True)

    def _repr_svg_(self) -> str:
        return self._svg


def draw(name: str) -> Drawn:
    """The figure of this name, for a notebook. Raises KeyError and NoMatplotlibError."""
    return Drawn(name)
