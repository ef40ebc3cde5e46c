"""A lesson as a Jupyter notebook (nbformat 4) whose code cells run from top to bottom."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Iterable
from typing import Any, assert_never

from chapters.lessons import words
from chapters.lessons.figures import in_svg
from chapters.lessons.inline import in_latex, read_phrase
from chapters.lessons.judging import Judgements
from chapters.lessons.parts import Code, Console, Display, Figure, Lesson, Listing, Part, Prose, Quote, Sheet, Written
from chapters.lessons.restoring import as_typed, sides_as_typed, write_latex
from chapters.lessons.telling import is_plainly_proved, sign, why
from chapters.lessons.terminal import declared_shape
from derivations.formula import Claim, Declaration, Definition
from derivations.setting import Setting
from derivations.verdicts import Verdict
from derivations.writing import Notation

_INLINE = re.compile(r"(?<![\\$])\$(?![\s$])((?:[^$\n]|\n(?!\s*\n))+?)(?<!\s)\$(?!\$)")
_CODE_SPAN = re.compile(r"(`+)(?:(?!\1).)+?\1")
_CHECK = "from derivations import check"
_DRAW = "from chapters.lessons.figures import draw"


class NoNotebookFormatError(RuntimeError):
    """Notebooks cannot be written here; the message says how to install what is missing."""


def notebook(lesson: Lesson, links: dict[str, str] | None = None, judgements: Judgements | None = None) -> str:
    """The notebook as JSON. What its cells print and draw is in it, so that it can be read before it is run.

    ``judgements`` are those of the lesson, if they are there already. Raises NoNotebookFormatError, and
    NoMatplotlibError if there are figures that cannot be drawn.
    """
    return as_json(_Writer(lesson, links or {}, judgements or Judgements(lesson)).cells())


def contents(lessons: Iterable[Lesson], links: dict[str, str]) -> str:
    """A notebook that lists the chapters."""
    rows = "\n".join(f"- [{one.heading}]({links[one.name]}): {one.lead}" for one in lessons)
    return as_json([_markdown(f"# {words.CONTENTS}\n\n{rows}")])


def as_json(cells: list[dict[str, Any]]) -> str:
    """Cells as a valid notebook. Raises NoNotebookFormatError."""
    try:
        nbformat = importlib.import_module("nbformat")
    except ImportError:
        raise NoNotebookFormatError(words.NO_NBFORMAT) from None
    for number, cell in enumerate(cells):
        cell["id"] = f"part-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    made = {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    nbformat.validate(nbformat.from_dict(made))
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


class _Writer:
    def __init__(self, lesson: Lesson, links: dict[str, str], judgements: Judgements) -> None:
        self.lesson, self.links = lesson, links
        self.judgements = judgements
        self.imported: set[str] = set()

    def cells(self) -> list[dict[str, Any]]:
        """Markdown that belongs together in one cell, code in cells of its own."""
        found: list[dict[str, Any]] = []
        told: list[str] = []
        for part in self.lesson.parts:
            cell = self.part(part)
            if isinstance(cell, str):
                if told and part_begins_section(part):
                    found.append(_markdown("\n\n".join(told)))
                    told = []
                told.append(cell)
                continue
            if told:
                found.append(_markdown("\n\n".join(told)))
                told = []
            found.append(cell)
        if told:
            found.append(_markdown("\n\n".join(told)))
        found[0]["source"] += f"\n\n{words.NOTEBOOK_NEEDS}"
        return found

    def part(self, part: Part) -> str | dict[str, Any]:
        """A code cell, or the text of a part of a Markdown cell."""
        match part:
            case Prose(text, _, _, settings):
                return self._sentences(text, settings)
            case Display():
                return self._display(part)
            case Sheet():
                return self._sheet(part)
            case Code(source, output, _):
                return _code(source, output)
            case Console(text, _):
                return f"```console\n{text}\n```"
            case Figure(name, caption, _, settings):
                return self._figure(name, self._sentences(caption, settings))
            case Quote(inner, _, _):
                return "\n".join(f"> {line}".rstrip() for line in self._inside(inner).split("\n"))
            case Listing(items, start, _, _):
                return "\n".join(
                    _item(self._inside(item), "- " if start is None else f"{start + number}. ")
                    for number, item in enumerate(items)
                )
            case _:
                assert_never(part)

    def _inside(self, parts: Iterable[Part]) -> str:
        """Parts inside a quotation or a list: code is shown, and not run."""
        told = []
        for part in parts:
            cell = self.part(part)
            told.append(cell if isinstance(cell, str) else f"```python\n{cell['source']}\n```")
        return "\n\n".join(told)

    def _sentences(self, text: str, settings: tuple[Setting, ...]) -> str:
        """Markdown, with its formulas in the LaTeX that every notebook shows, and links to the other notebooks."""

        def formula(found: re.Match[str]) -> str:
            phrase = read_phrase(" ".join(found[1].split()), settings)
            return found[0] if phrase is None else f"${in_latex(phrase)}$"

        pieces, at = [], 0
        for span in _CODE_SPAN.finditer(text):
            pieces += [_INLINE.sub(formula, text[at : span.start()]), span.group()]
            at = span.end()
        whole = "".join([*pieces, _INLINE.sub(formula, text[at:])])
        return re.sub(r"\[([^\]]+)\]\((\d\d-[\w-]+|errata)\.md(#[\w-]+)?\)", self._link, whole)

    def _link(self, found: re.Match[str]) -> str:
        where = self.links.get(found[2])
        return f"[{found[1]}]({where}{found[3] or ''})" if where else found[1]

    def _display(self, display: Display) -> str:
        told = []
        for statement, verdicts in self.judgements.of(display):
            notation: Notation = "bracket" if statement.notation == "bracket" else "superscript"
            told.append(f"$$\n{_latex(statement, verdicts, notation)}\n$$")
            reasons = [said for verdict in verdicts for said in why(verdict, display.setting, notation)]
            if reasons:
                told.append(f"*{' '.join(reasons)}*".replace("_", r"\_"))
        return "\n\n".join(told)

    def _sheet(self, sheet: Sheet) -> dict[str, Any]:
        """A cell that checks the sheet: what the chapter declared before stands in it too."""
        text = f"{sheet.preamble}\n{sheet.text}" if sheet.preamble else sheet.text
        quoted = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        answers = [str(v) for _, verdicts in self.judgements.of(sheet) for v in verdicts]
        source = f'for verdict in check("""\n{quoted}\n"""):\n    print(verdict)'
        return _code(self._with(_CHECK, source), "\n".join(answers))

    def _figure(self, name: str, caption: str) -> dict[str, Any]:
        cell = _code(self._with(_DRAW, f'draw("{name}")'), None)
        cell["outputs"] = [
            {
                "output_type": "execute_result",
                "execution_count": None,
                "metadata": {},
                "data": {"image/svg+xml": in_svg(name, card=True), "text/plain": _plain(caption)},
            }
        ]
        return cell

    def _with(self, line: str, source: str) -> str:
        """The source, below an import if it is the first that needs it."""
        first = line not in self.imported
        self.imported.add(line)
        return f"{line}\n\n{source}" if first else source


def part_begins_section(part: Part) -> bool:
    """Whether a part begins a section, and so a cell."""
    return isinstance(part, Prose) and part.text.startswith("## ")


def _latex(statement: Written, verdicts: list[Verdict], notation: Notation) -> str:
    """A statement in LaTeX, with a mark behind each ``=``."""
    match statement.read:
        case Claim(sides, _, continues):
            sides = sides_as_typed(sides, statement.text)
            first = "" if continues else write_latex(sides[0], notation)
            rest = sides if continues else sides[1:]
            rows = [
                f"{first if place == 0 else ''} &= {write_latex(side, notation)} && {_mark(verdict)}"
                for place, (side, verdict) in enumerate(zip(rest, verdicts, strict=False))
            ]
            return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
        case Definition(name, body):
            return f"{name} := {write_latex(as_typed(body, statement.text), notation)}"
        case Declaration() as declared:
            return rf"\text{{{declared_shape(declared)}}}"
        case _:
            mark = f" \\quad {_mark(verdicts[0])}" if verdicts else ""
            return f"{' '.join(statement.text.split())}{mark}"


def _mark(verdict: Verdict) -> str:
    if is_plainly_proved(verdict):
        return r"\quad\checkmark"
    return r"\quad\times" if sign(verdict) == "✗" else r"\quad\text{?}"


def _item(text: str, bullet: str) -> str:
    first, *rest = text.split("\n")
    return "\n".join([bullet + first, *((" " * len(bullet) + line).rstrip() for line in rest)])


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _code(source: str, printed: str | None) -> dict[str, Any]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": f"{printed}\n"}] if printed else []
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": outputs, "source": source}


def _plain(markdown: str) -> str:
    return re.sub(r"[*`$]", "", markdown)
