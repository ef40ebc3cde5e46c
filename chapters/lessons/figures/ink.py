"""Colours that every kind of eye tells apart, on light and on dark; and a matplotlib figure as SVG for a page."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

COLOURS = ("#2f86c9", "#d9631e", "#1a9a74", "#b06fc4", "#c79000", "#6f7a86", "#cf4a7a")
"""One a series or a layer, after Okabe and Ito: blue, vermilion, green, purple, amber, grey, rose."""
STYLES = ("cyan", "red", "green", "magenta", "yellow", "dim", "bright_magenta")
"""The same on a terminal."""
INK, FAINT = "#1f2328", "#8b929b"
CARD = "#ffffff"
_HINT = 'Figures need matplotlib:  pip install "backproof[export]"'


class NoMatplotlibError(RuntimeError):
    """Figures cannot be drawn here; the message says how to install what is missing."""


@contextmanager
def as_designed() -> Iterator[None]:
    """Draw as it was meant: a ``matplotlibrc`` of the reader's, or of the folder one is in, changes nothing.

    Raises NoMatplotlibError.
    """
    try:
        matplotlib = importlib.import_module("matplotlib")
    except ImportError:
        raise NoMatplotlibError(_HINT) from None
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        yield


def new_figure(width: float, height: float) -> Any:
    """An empty matplotlib figure, in inches. Raises NoMatplotlibError."""
    try:
        made = importlib.import_module("matplotlib.figure").Figure(figsize=(width, height), layout="constrained")
    except ImportError:
        raise NoMatplotlibError(_HINT) from None
    made.patch.set_alpha(0.0)
    return made


def tidy(axes: Any) -> None:
    """Axes without what says nothing."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.tick_params(colors=INK, labelsize=8, color=FAINT, length=3)
    for label in (axes.xaxis.label, axes.yaxis.label, axes.title):
        label.set_color(INK)
        label.set_fontsize(9)
    axes.patch.set_alpha(0.0)
    axes.grid(True, color=FAINT, alpha=0.22, linewidth=0.6)
    axes.set_axisbelow(True)


def in_svg(figure: Any, name: str, alt: str, *, card: bool = False) -> str:
    """The figure as one ``<svg>``: its ink is the text's colour, or on a ``card`` dark on white.

    Names inside it begin with ``name``, so that several figures can stand on one page.
    """
    from html import escape

    matplotlib = importlib.import_module("matplotlib")
    out = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name, "svg.fonttype": "path"}):
        if card:
            figure.patch.set_facecolor(CARD)
            figure.patch.set_alpha(1.0)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    text = text[text.index("<svg") :].strip()
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'((?:xlink:)?href=")#', rf"\1#{name}-", text)
    text = text.replace("url(#", f"url(#{name}-")
    if not card:
        text = text.replace(INK, "currentColor")
        # Glyphs have no colour of their own where they are black.
        text = text.replace("fill: #000000", "fill: currentColor")
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', text)
    if size:
        text = text.replace(size.group(), f'width="{size[1]}pt"', 1)
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(alt)}" ', 1)
