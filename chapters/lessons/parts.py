"""What a lesson is made of. Each renderer matches on these and ends in ``assert_never``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from derivations.formula import Statement
from derivations.setting import Setting
from derivations.values import value

if TYPE_CHECKING:
    from markdown_it.token import Token


@value
class Written:
    """A statement of a display or a sheet: its text, the last line it stands on, and what it was read as.

    ``places`` are line and column of its beginning; in a display, of each line of a chain. ``notation`` is how it
    writes layers. ``read`` is None where it could not be read.
    """

    text: str
    places: tuple[tuple[int, int], ...]
    last_line: int
    notation: str = "superscript"
    read: Statement | None = None


@value
class Prose:
    """Markdown: headings, paragraphs, lists, tables. Its formulas are read in the first of ``settings`` that can."""

    text: str
    line: int
    tokens: tuple[Token, ...]
    settings: tuple[Setting, ...]


@value
class Display:
    """Displayed math. ``setting`` is the one in force before it."""

    text: str
    line: int
    last_line: int
    statements: tuple[Written, ...]
    setting: Setting


@value
class Sheet:
    """A sheet: declarations, definitions, claims and chains. ``preamble`` is what the chapter declared before it."""

    text: str
    line: int
    last_line: int
    statements: tuple[Written, ...]
    setting: Setting
    preamble: str


@value
class Code:
    """Python, and what it prints (None where it prints nothing)."""

    source: str
    output: str | None
    line: int


@value
class Console:
    """Commands, each behind ``$``, with what they print; a line ``…`` stands for lines left out."""

    text: str
    line: int

    @property
    def commands(self) -> tuple[tuple[str, str], ...]:
        """Each command (without its ``$``) and what is shown of its output."""
        found: list[tuple[str, list[str]]] = []
        for line in self.text.splitlines():
            if line.startswith("$ "):
                found.append((line[2:].strip(), []))
            elif found:
                found[-1][1].append(line)
        return tuple((command, "\n".join(lines).strip("\n")) for command, lines in found)


@value
class Figure:
    """A figure, drawn by code."""

    name: str
    caption: str
    line: int
    settings: tuple[Setting, ...]


@value
class Quote:
    """A quotation or an answer; ``text`` is its Markdown."""

    parts: tuple[Part, ...]
    text: str
    line: int

    @property
    def is_answer(self) -> bool:
        """Whether it answers a question of the chapter."""
        return self.text.lstrip("> ").startswith("Answer:")


@value
class Listing:
    """A list with displays or code in it; ``start`` is its first number, None if it has bullets."""

    items: tuple[tuple[Part, ...], ...]
    start: int | None
    text: str
    line: int


Part: TypeAlias = Prose | Display | Sheet | Code | Console | Figure | Quote | Listing


@value
class Lesson:
    """A chapter: ``name`` as in ``06-bp1``, ``number`` (None for the appendix), ``parts`` in the order of the text."""

    name: str
    number: int | None
    title: str
    lead: str
    text: str
    parts: tuple[Part, ...]
    settings: tuple[Setting, ...]

    @property
    def short_name(self) -> str:
        """``bp1`` of ``06-bp1``."""
        return self.name.partition("-")[2] if self.number is not None else self.name

    @property
    def heading(self) -> str:
        """``6 · BP1: …`` or ``Appendix · …``."""
        return f"{'Appendix' if self.number is None else self.number} · {self.title}"


def walk(parts: tuple[Part, ...]) -> list[Part]:
    """All parts, those inside quotes and lists as well, in the order of the text."""
    found: list[Part] = []
    for part in parts:
        found.append(part)
        match part:
            case Quote(inner, _, _):
                found += walk(inner)
            case Listing(items, _, _, _):
                for item in items:
                    found += walk(item)
            case _:
                pass
    return found
