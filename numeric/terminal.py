"""A gradient check as lines for a terminal; colour is a name beside each line, put on by whoever prints it."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import Final

from numeric import wording
from numeric.methods import method
from numeric.report import Finding, Report

SUPERSCRIPTS: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
FORMULA: Final = 34
COUNT: Final = 20
NARROW: Final = 76
"""Below this width the error goes on a line of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, and the colour of it ('' for none)."""

    text: str
    style: str = ""


def lines(report: Report, width: int, plain: bool) -> list[Line]:
    """The report, in at most ``width`` columns; ``plain`` is free of superscripts and marks, and reads well aloud."""
    network = report.point.network
    names = dict.fromkeys(network.name(layer) for layer in network.layers)
    heading = wording.HEADING.format(
        widths="-".join(map(str, network.widths)),
        activations=" and ".join(names),
        loss=network.cost,
        m=report.point.batch,
        method=method(report.method).title,
    )
    out = [Line(text, "bold") for text in textwrap.wrap(heading, width)]
    out += [Line(text, "dim") for note in report.notes for text in textwrap.wrap(note, width)]
    for finding in report.findings:
        out += _finding(finding, width, plain)
    if report.printed:
        out.append(Line(wording.PRINTED, "dim"))
        out += [Line("  " + text[: width - 2], "dim") for text in report.printed.splitlines()[:20]]
    return [*out, *_verdict(report, width, plain)]


def _finding(found: Finding, width: int, plain: bool) -> list[Line]:
    marks = wording.PLAIN_MARKS if plain else wording.MARKS
    formula = _numbered(wording.FORMULAS[found.equation], found.layer, plain)
    entries = found.entries
    if found.misshaped is not None:
        count = wording.COUNT_MISSHAPED
    elif found.not_finite:
        count = wording.COUNT_NOT_FINITE.format(count=found.not_finite, entries=entries)
    elif found.wrong:
        count = wording.COUNT_WRONG.format(wrong=found.wrong, entries=entries)
    else:
        count = wording.COUNT_RIGHT.format(entries=wording.counted(entries, "entry", "entries"))
    error = "" if found.misshaped or found.not_finite else wording.ERROR.format(error=_short(found.max_error))
    head = f"{marks[found.ok]} {found.equation}  "
    if width >= NARROW:
        first = [f"{head}{formula:<{FORMULA}} {count:<{COUNT}} {error}".rstrip()]
    else:
        first = [*textwrap.wrap(head + formula, width), f"     {count} {error}".rstrip()]
    details: list[tuple[str, str]] = []
    if found.misshaped is not None:
        name = {"BP3": "∂J/∂b", "BP4": "∂J/∂W"}.get(found.equation, "δ") + _layer(found.layer, plain)
        details.append((wording.MISSHAPED_LINE.format(name=name, sentence=found.misshaped), ""))
    elif not found.ok and found.worst is not None and (found.wrong or found.not_finite):
        worst = found.worst
        details.append(
            (
                wording.WORST.format(
                    name=worst.name, analytic=worst.analytic, numeric=worst.numeric, bound=worst.bound
                ),
                "",
            )
        )
    if found.not_differentiable:
        here = found.not_differentiable
        kinks = wording.NOT_DIFFERENTIABLE[here == 1].format(entries=wording.counted(here, "entry", "entries"))
        details.append((kinks, "dim"))
    details += [(wording.SLIP.format(title=slip.title, why=slip.why), "yellow") for slip in found.diagnosis]
    details += [(note, "dim") for note in found.notes]
    if not found.ok and not found.diagnosis and not found.notes and not found.not_finite:
        details.append((wording.UNKNOWN_SLIP, "dim"))
    style = "" if found.ok else "red"
    indent = "       " if width >= NARROW else "  "
    return [Line(text, style) for text in first] + [
        Line(text, colour)
        for detail, colour in details
        for text in textwrap.wrap(detail, width, initial_indent=indent, subsequent_indent=indent)
    ]


def _verdict(report: Report, width: int, plain: bool) -> list[Line]:
    marks = wording.PLAIN_MARKS if plain else wording.MARKS
    off = [found for found in report.findings if not found.ok]
    if not off:
        agree = wording.ALL_AGREE[report.entries == 1].format(count=report.entries)
        text = wording.ALL_RIGHT.format(entries=agree, error=_short(report.max_error), seconds=report.seconds)
        style = "bold green"
    else:
        first = next((found for found in off if not found.notes), off[0])
        text = wording.SOMETHING_OFF[len(off) == 1].format(
            count=len(off),
            all=wording.counted(len(report.findings), "array"),
            equation=first.equation,
            layer=first.layer,
        )
        style = "bold red"
    return [Line(row, style) for row in textwrap.wrap(f"{marks[report.ok]} {text}", width)]


def _layer(layer: int, plain: bool) -> str:
    return f"^{layer}" if plain else str(layer).translate(SUPERSCRIPTS)


def _numbered(formula: str, layer: int, plain: bool) -> str:
    return formula.format(l=_layer(layer, plain), next=_layer(layer + 1, plain), before=_layer(layer - 1, plain))


def _short(error: float) -> str:
    return f"{error:.1e}"
