"""Markdown on a terminal: rich's Markdown, with formulas in Unicode and headings that need no colour."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from copy import copy
from typing import ClassVar

from markdown_it.token import Token
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.markdown import CodeBlock, Heading, ListItem, Markdown, MarkdownElement, TableElement
from rich.segment import Segment
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from chapters.lessons.inline import in_unicode, read_phrase
from derivations.rendering.derivation_text import coloured
from derivations.rendering.text import Line
from derivations.setting import Setting

_FIXED = "\ue000"  # a blank inside a formula, at which no line is broken
_LONGEST_TOGETHER = 24
_BETWEEN_COLUMNS = 3
_THEME = Theme(
    {
        "markdown.code": "cyan",
        "markdown.h1": "bold",
        "markdown.h2": "bold",
        "markdown.h3": "bold italic",
        "markdown.link": "underline",
        "markdown.item.bullet": "dim",
        "markdown.item.number": "dim",
        "markdown.table.header": "bold",
        "markdown.table.border": "dim",
        "markdown.layer": "cyan",
        "markdown.layer after": "magenta",
        "markdown.layer before": "blue",
        "markdown.code_block": "",
    }
)


class _Underlined(Heading):
    """A heading with a rule under it: a heavy one under the title."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text
        if self.tag in ("h1", "h2"):
            length = min(max(map(len, self.text.plain.splitlines()), default=0), options.max_width)
            yield Text(("━" if self.tag == "h1" else "─") * length, style="dim")


class _Bare(Heading):
    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.text


class _Verbatim(CodeBlock):
    """Code as it is, indented."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in str(self.text).rstrip().split("\n"):
            yield Text("    " + line, overflow="fold")


class _Item(ListItem):
    """An item with a full stop behind its number, so that it is read as one."""

    def render_number(self, console: Console, options: ConsoleOptions, number: int, last_number: int) -> RenderResult:
        margin = len(str(last_number)) + 3
        lines = console.render_lines(self.elements, options.update(width=options.max_width - margin), style=self.style)
        style = console.get_style("markdown.item.number")
        for place, line in enumerate(lines):
            yield Segment(f"{number}. ".rjust(margin) if place == 0 else " " * margin, style)
            yield from line
            yield Segment.line()


class _LinedTable(TableElement):
    """A table with a line under its heads; words are broken only where a whole one has no room."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, border_style="dim")
        yield self.filled(table, options.max_width)

    def filled(self, table: Table, width: int) -> Table:
        heads = [cell.content for cell in self.header.row.cells] if self.header and self.header.row else []
        rows = [[cell.content for cell in row.cells] for row in (self.body.rows if self.body else ())]
        columns = [[head, *(row[place] for row in rows)] for place, head in enumerate(heads)]
        widths = _column_widths(columns, width - _BETWEEN_COLUMNS * len(heads))
        for head, wide in zip(heads, widths, strict=True):
            title = Text(head.plain, justify=head.justify)
            table.add_column(title, header_style="bold", overflow="fold", width=wide)
        for row in rows:
            table.add_row(*row)
        return table


def _column_widths(columns: Sequence[Sequence[Text]], room: int) -> list[int]:
    """As wide as their cells, or narrowed until all have room: the widest first, and words broken only at last.

    rich would cut off what does not fit.
    """
    widths = [max(cell_len(text.plain) for text in column) for column in columns]
    words = [max((cell_len(word) for text in column for word in text.plain.split()), default=1) for column in columns]
    while sum(widths) > max(room, len(widths)):
        whole = [place for place, wide in enumerate(widths) if wide > words[place]] or range(len(widths))
        widths[max(whole, key=lambda place: widths[place])] -= 1
    return widths


class _BareTable(_LinedTable):
    """A table without lines between its cells."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield self.filled(Table(box=None, pad_edge=False, padding=(0, 3, 0, 0)), options.max_width)


class _Markdown(Markdown):
    """rich's Markdown, from tokens that are there already."""

    inlines = {"em", "strong", "code", "s", "link", "layer", "layer after", "layer before"}  # noqa: RUF012
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "heading_open": _Underlined,
        "fence": _Verbatim,
        "code_block": _Verbatim,
        "table_open": _LinedTable,
        "list_item_open": _Item,
    }

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__("", hyperlinks=False)
        self.parsed = list(tokens)


class _PlainMarkdown(_Markdown):
    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **_Markdown.elements,
        "heading_open": _Bare,
        "table_open": _BareTable,
    }


def prose_lines(
    tokens: Sequence[Token], settings: Sequence[Setting], width: int, *, plain: bool = False, colour: bool = True
) -> list[Line]:
    """The lines of a piece of Markdown. The styles are rich's; code keeps its backticks where there is no colour."""
    console = Console(width=width, file=io.StringIO(), theme=_THEME, highlight=False, color_system=None)
    kind = _PlainMarkdown if plain else _Markdown
    spelled = [_spelled(token, settings, colour and not plain) for token in tokens]
    lines: list[Line] = []
    for segments in console.render_lines(kind(spelled), console.options, pad=False):
        line = [(text.replace(_FIXED, " "), str(style or "")) for text, style, _ in segments]
        while line and not line[-1][0].strip():
            line.pop()
        lines.append([*line[:-1], (line[-1][0].rstrip(), line[-1][1])] if line else [])
    blank = [not "".join(text for text, _ in line).strip() for line in lines]
    first = next((place for place, is_blank in enumerate(blank) if not is_blank), len(lines))
    last = next((place for place in range(len(lines), first, -1) if not blank[place - 1]), first)
    return lines[first:last]


def _spelled(token: Token, settings: Sequence[Setting], colour: bool) -> Token:
    """The token, with the formulas in it as text."""
    if not token.children:
        return token
    spelled = copy(token)
    spelled.children = [part for child in token.children for part in _inline(child, settings, colour)]
    return spelled


def _inline(child: Token, settings: Sequence[Setting], colour: bool) -> Iterable[Token]:
    match child.type:
        case "math_inline":
            return _formula(child.content, settings)
        case "link_open" | "link_close":
            return [Token(child.type.replace("link", "mark"), "link", child.nesting)]
        case "code_inline" if not colour:
            return [_text(f"`{child.content}`")]
        case _:
            return [child]


def _formula(text: str, settings: Sequence[Setting]) -> Iterable[Token]:
    for piece, style in coloured(spelled_inline(text, settings)):
        if style:
            yield Token("layer_open", style, 1)
        yield _text(piece)
        if style:
            yield Token("layer_close", style, -1)


def spelled_inline(text: str, settings: Sequence[Setting]) -> str:
    """A formula of a sentence in Unicode, its blanks such that a short one stays on one line."""
    phrase = read_phrase(text, settings)
    written = text if phrase is None else in_unicode(phrase)
    return written.replace(" ", _FIXED) if len(written) <= _LONGEST_TOGETHER else written


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
