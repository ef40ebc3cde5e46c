"""Curves in panels: what they are, and how they are drawn with matplotlib, with characters, and told in words."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Literal

from chapters.lessons.figures.characters import Canvas, bars, beside
from chapters.lessons.figures.ink import COLOURS, FAINT, INK, STYLES, new_figure, tidy
from derivations.rendering.text import Line

_DASHES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1.5, 1.5)), (0, (6, 2, 1.5, 2)))
_MARKERS = "os^Dv*P"
_PANEL_WIDTH, _PANEL_HEIGHT = 22, 8


@dataclass(frozen=True)
class Series:
    """One curve. ``colour`` is its place among the colours, ``dash`` its place among the kinds of line."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    colour: int = 0
    dash: int = 0


@dataclass(frozen=True)
class Panel:
    """Curves on common axes. ``backdrop`` are lines without a name, such as contours."""

    title: str
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    log: bool = False
    backdrop: tuple[tuple[tuple[float, ...], tuple[float, ...]], ...] = ()
    marks: bool = False


@dataclass(frozen=True)
class Plot:
    """Panels side by side. On a terminal they are panels too, or ``rows``: one of bars for each curve.

    ``every`` is which of the points the words tell.
    """

    alt: str
    panels: tuple[Panel, ...]
    on_terminal: Literal["panels", "rows"] = "panels"
    every: int = 1
    legend: Literal["inside", "right", "below"] = "inside"
    size: tuple[float, float] = (7.2, 3.0)

    # ---- matplotlib ----

    def paint(self) -> Any:
        """The matplotlib figure. Raises NoMatplotlibError."""
        figure = new_figure(*self.size)
        rows = figure.subplots(1, len(self.panels), squeeze=False)
        for axes, panel in zip(rows[0], self.panels, strict=True):
            self._paint_panel(axes, panel)
        if self.legend != "inside":
            handles, labels = rows[0][0].get_legend_handles_labels()
            place = "outside right upper" if self.legend == "right" else "outside lower center"
            columns = 1 if self.legend == "right" else len(labels)
            figure.legend(handles, labels, loc=place, frameon=False, fontsize=8, labelcolor=INK, ncols=columns)
        return figure

    def _paint_panel(self, axes: Any, panel: Panel) -> None:
        tidy(axes)
        for x, y in panel.backdrop:
            axes.plot(x, y, color=FAINT, linewidth=0.7, alpha=0.6)
        for number, one in enumerate(panel.series):
            marker = _MARKERS[number % len(_MARKERS)] if panel.marks else None
            axes.plot(
                one.x,
                one.y,
                color=COLOURS[one.colour],
                linestyle=_DASHES[one.dash],
                linewidth=1.8,
                marker=marker,
                markersize=3.6,
                label=one.label,
            )
        if panel.log:
            axes.set_yscale("log")
        (left, right), spare = panel.x_range, 0.02 if panel.marks else 0.0
        axes.set_xlim(left - spare * (right - left), right + spare * (right - left))
        axes.set_ylim(*panel.y_range)
        axes.set_title(panel.title, loc="left", fontsize=9.5, color=INK)
        axes.set_xlabel(panel.x_label)
        axes.set_ylabel(panel.y_label)
        if self.legend == "inside" and any(one.label for one in panel.series):
            axes.legend(frameon=False, fontsize=8, labelcolor=INK)

    # ---- characters ----

    def in_text(self, width: int) -> list[Line]:
        """With characters, on lines of at most ``width`` columns."""
        return self._in_rows(width) if self.on_terminal == "rows" else self._in_panels(width)

    def _in_panels(self, width: int) -> list[Line]:
        count = max(1, min(len(self.panels), (width + 3) // (_PANEL_WIDTH + 3)))
        wide = min((width + 3) // count - 3, 44)
        found: list[Line] = []
        for start in range(0, len(self.panels), count):
            here = self.panels[start : start + count]
            if found:
                found.append([])
            found += beside([self._panel_in_text(panel, wide) for panel in here], [wide] * len(here))
        return found

    def _panel_in_text(self, panel: Panel, width: int) -> list[Line]:
        labels = [_short(value) for value in (panel.y_range[1], panel.y_range[0])]
        margin = max(map(len, labels)) + 1
        canvas = Canvas(width - margin - 1, _PANEL_HEIGHT)
        for x, y in panel.backdrop[-1:]:  # all of them would hide the curves here
            canvas.path([_placed(panel, a, b) for a, b in zip(x, y, strict=True)], "dim", 1)
        for one in panel.series:
            points = [_placed(panel, a, b) for a, b in zip(one.x, one.y, strict=True)]
            canvas.path(points, STYLES[one.colour], 2 * one.dash)
        lines: list[Line] = [[(" " * margin, ""), (panel.title, "bold")]]
        for row, line in enumerate(canvas.lines()):
            label = labels[0] if row == 0 else labels[1] if row == _PANEL_HEIGHT - 1 else ""
            lines.append([(label.rjust(margin - 1), "dim"), ("┤" if label else "│", "dim"), *line])
        left, right = (_short(value) for value in panel.x_range)
        lines.append([(" " * (margin - 1) + "└" + "─" * (width - margin - 1), "dim")])
        between = panel.x_label.center(width - margin - len(left) - len(right))
        lines.append([(" " * margin + left + between[: width - margin - len(left) - len(right)] + right, "dim")])
        if any(one.label for one in panel.series):
            for one in panel.series:
                sample = "╌╌" if one.dash else "──"
                lines.append(
                    [(" " * margin, ""), (f"{sample} ", STYLES[one.colour]), (one.label[: width - margin - 3], "")]
                )
        return lines

    def _in_rows(self, width: int) -> list[Line]:
        found: list[Line] = []
        for panel in self.panels:
            if found:
                found.append([])
            longest = max(len(one.label) for one in panel.series)
            values = max(len(_told(one)) for one in panel.series)
            count = len(panel.series[0].y)
            room = max(width - longest - values - 4, 4)
            every = -(-count // room)  # where there is no room for all
            count = -(-count // every)
            wide = 2 if 2 * count <= room else 1
            if panel.title:
                found.append([(panel.title, "bold")])
            for one in panel.series:
                drawn = bars(one.y[::every], *panel.y_range, log=panel.log, wide=wide)
                found.append([(one.label.ljust(longest + 2), ""), (drawn, STYLES[one.colour]), ("  " + _told(one), "")])
            span = f"{panel.x_label}: {_short(panel.series[0].x[0])} to {_short(panel.series[0].x[-1])}"
            for said in (span, f"{panel.y_label}{', on a log scale' if panel.log else ''}"):
                found += [[(" " * (longest + 2) + line, "dim")] for line in wrap(said, width - longest - 2)]
        return found

    def in_words(self) -> list[str]:
        """The numbers, without drawing."""
        found: list[str] = []
        for panel in self.panels:
            found.append(f"{panel.title or panel.y_label}, by {panel.x_label}:")
            for one in panel.series:
                chosen = list(zip(one.x, one.y, strict=True))
                step = self.every if len(chosen) > self.every * 2 else 1
                points = ", ".join(f"{_short(x)}: {_short(y)}" for x, y in chosen[::step])
                found.append(f"  {one.label or panel.title}: {points}")
        return found


def _told(one: Series) -> str:
    return f"{_short(one.y[0])} → {_short(one.y[-1])}"


def _placed(panel: Panel, x: float, y: float) -> tuple[float, float]:
    (left, right), (low, high) = panel.x_range, panel.y_range
    return (x - left) / (right - left), (y - low) / (high - low)


def _short(value: float) -> str:
    """A number in few characters."""
    if value and not 1e-3 <= abs(value) < 1e3:
        return f"{value:.0e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e").replace("-", "−")
    return f"{value:.3g}".replace("-", "−")
