"""A chapter's Markdown → a lesson. What is checked, and in which setting, is told by the checker's own reading."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from chapters.lessons import figures
from chapters.lessons.inline import sentence_in_unicode
from chapters.lessons.parts import Code, Console, Display, Figure, Lesson, Listing, Part, Prose, Quote, Sheet, Written
from derivations.checking import extended, starting_setting
from derivations.formula import Claim, Unreadable
from derivations.reading import read_statement, split_statements
from derivations.setting import Setting
from derivations.shapes import Misfit
from derivations.sheets import blocks as checked
from derivations.sheets import markdown
from derivations.sheets.sheet import setting_after

if TYPE_CHECKING:
    from markdown_it.token import Token

_TITLE = re.compile(r"#\s+(?:(?P<number>\d+)|[^\W\d]+)\s*·\s*(?P<title>.+)")
_ANNOUNCED = re.compile(r"\s*(?:expect\s*[:=]|(?:skip|on|off)\s*$)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FIGURE = "figure:"
UNSEEN_SHEET = (
    "this sheet is not seen by the checker. Begin it with ```backproof at the margin, outside of lists, quotes and "
    "other blocks, and end it with ``` on a line of its own."
)
_BRACKETS = re.compile(r"\^\s*(?:\{\s*)?\[")


class MalformedLessonError(ValueError):
    """The text is no lesson; the message tells its author what to mend."""


def read_lesson(text: str, name: str) -> Lesson:
    """The lesson that a Markdown text is. Raises MalformedLessonError."""
    from chapters.lessons.markup import parser

    number, title, lead = heading_of(text)
    reader = _Reader(text)
    parts = reader.parts(parser().parse(text))
    title, lead = sentence_in_unicode(title), sentence_in_unicode(lead)
    return Lesson(name, number, title, lead, text, tuple(parts), reader.settings)


def heading_of(text: str) -> tuple[int | None, str, str]:
    """Number (None for the appendix), title and lead of a chapter. Raises MalformedLessonError."""
    first, _, rest = text.partition("\n")
    title = _TITLE.fullmatch(first.strip())
    if title is None:
        raise MalformedLessonError("Line 1 is the title, as in:  # 6 · BP1: the error of the output layer")
    lead = re.match(r"\s*\*(?=[^*\s])(.+?)(?<=[^*\s])\*[ \t]*(?:\n\s*\n|\s*$)", _COMMENT.sub("", rest), re.DOTALL)
    if lead is None:
        raise MalformedLessonError("After the title comes the lead, one paragraph in *italics*.")
    return int(title["number"]) if title["number"] else None, title["title"].strip(), " ".join(lead[1].split())


class _Reader:
    """A walk through the tokens, with what the checker says of each display and sheet at hand."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.blocks: dict[int, tuple[checked.Display | checked.Sheet, Setting, str]] = {}
        self.directives: list[tuple[int, Setting]] = []
        self.settings: tuple[Setting, ...] = ()
        self._follow(text)

    def _follow(self, text: str) -> None:
        """The setting at each display and sheet, as the checker has it."""
        setting, preamble = starting_setting("", "", None, "denominator"), list[str]()
        after: list[Setting] = []
        self.directives.append((0, setting))
        for block in markdown.blocks(text):
            match block:
                case checked.Directive():
                    for piece, _ in split_statements(block.text):
                        if _ANNOUNCED.match(piece):
                            continue
                        with suppress(Unreadable, Misfit):
                            setting = extended(setting, piece)
                            preamble.append(piece.strip())
                            self.directives.append((self._line(block.start), setting))
                case checked.Display() | checked.Sheet():
                    line = self._line(block.start)
                    self.blocks[line] = (block, setting, "\n".join(preamble))
                    if isinstance(block, checked.Sheet):
                        after.append(setting_after(block.text, setting))
                        self.directives.append((line, setting))
                        continue
                    grown = setting_after(block.text, setting)
                    if grown != setting:
                        preamble += [piece for piece, _ in split_statements(block.text)]
                        setting = grown
                        self.directives.append((line, setting))
                case checked.Unclosed(opening, closing, start):
                    line = self._line(start)
                    raise MalformedLessonError(f"Line {line + 1}: {opening} is never closed; add {closing}.")
        self.settings = (setting, *after)

    def _line(self, offset: int) -> int:
        """The line, from 0, on which a character stands."""
        return bisect(self.starts, offset) - 1

    def _settings_at(self, line: int) -> tuple[Setting, ...]:
        """The setting in force on a line, then those of the chapter's sheets and of its end."""
        found = [setting for at, setting in self.directives if at <= line]
        return (found[-1], *(setting for setting in self.settings if setting != found[-1]))

    def parts(self, tokens: Sequence[Token]) -> list[Part]:
        """The parts that a run of tokens makes."""
        found: list[Part] = []
        prose: list[Token] = []

        def close() -> None:
            if prose:
                found.append(self._prose(prose))
                prose.clear()

        for group in _top_level(tokens):
            part = self._part(group, found if not prose else [])
            if part is None:
                if not _is_comment(group[0]):
                    if group[0].type == "heading_open" and prose:
                        close()
                    prose.extend(group)
                    if _is_lead(group) or group[0].type == "heading_open":
                        close()
                continue
            close()
            if isinstance(part, Code) and part.output is not None and found and isinstance(found[-1], Code):
                found.pop()
            found.append(part)
        close()
        return found

    def _part(self, group: list[Token], before: list[Part]) -> Part | None:
        """The part that one block makes; None for prose."""
        token = group[0]
        assert token.map is not None or token.type == "html_block"
        line, end = token.map or [0, 0]
        match token.type:
            case "math_block":
                return self._display(line, end, token.content)
            case "fence":
                return self._fenced(token, line, end, before)
            case "paragraph_open" if (figure := _figure(group)) is not None:
                name, caption = figure
                if name not in figures.names():
                    known = ", ".join(figures.names())
                    raise MalformedLessonError(f"Line {line + 1}: there is no figure “{name[:40]}”; there are {known}.")
                return Figure(name, caption, line + 1, self._settings_at(line))
            case "blockquote_open":
                inner = tuple(self.parts(group[1:-1]))
                return Quote(inner, "\n".join(self.lines[line:end]), line + 1)
            case "bullet_list_open" | "ordered_list_open" if _holds_blocks(group):
                items = tuple(tuple(self.parts(item[1:-1])) for item in _top_level(group[1:-1]))
                start = int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None
                return Listing(items, start, "\n".join(self.lines[line:end]), line + 1)
        return None

    def _prose(self, tokens: list[Token]) -> Prose:
        spans = [token.map for token in tokens if token.map]
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        text = _COMMENT.sub("", "\n".join(self.lines[first:last])).strip("\n")
        return Prose(text, first + 1, tuple(tokens), self._settings_at(first))

    def _display(self, line: int, end: int, content: str) -> Display:
        block, setting, _ = self.blocks.get(line, (None, None, ""))
        if not isinstance(block, checked.Display) or setting is None:
            raise MalformedLessonError(f"Line {line + 1}: this display is not seen by the checker.")
        return Display(content.strip(), line + 1, end, _joined(self._statements(block, setting)), setting)

    def _fenced(self, token: Token, line: int, end: int, before: list[Part]) -> Part | None:
        """The part that a fenced block makes; in any other language it is shown as it is, with the prose."""
        language = token.info.strip().split(" ")[0].lower()
        match language:
            case "backproof":
                block, setting, preamble = self.blocks.get(line, (None, None, ""))
                if not isinstance(block, checked.Sheet) or setting is None:
                    raise MalformedLessonError(f"Line {line + 1}: {UNSEEN_SHEET}")
                statements = self._statements(block, setting)
                return Sheet(token.content.rstrip("\n"), line + 1, end, statements, setting, preamble)
            case "python":
                return Code(token.content.rstrip("\n"), None, line + 1)
            case "output":
                if not before or not isinstance(before[-1], Code):
                    raise MalformedLessonError(f"Line {line + 1}: an output block stands right after its Python block.")
                return Code(before[-1].source, token.content.rstrip("\n"), before[-1].line)
            case "console":
                return Console(token.content.rstrip("\n"), line + 1)
        return None

    def _statements(self, block: checked.Display | checked.Sheet, setting: Setting) -> tuple[Written, ...]:
        found: list[Written] = []
        for piece, offset in split_statements(block.text):
            start = block.start + offset
            line, last = self._line(start), self._line(start + len(piece.rstrip()))
            notation = "bracket" if _BRACKETS.search(piece) else "superscript"
            read = None
            with suppress(Unreadable, Misfit):
                read = read_statement(piece, setting.vocabulary)
                setting = extended(setting, piece)
            column = start - self.starts[line] + 1
            found.append(Written(piece.strip(), ((line + 1, column),), last + 1, notation, read))
        return tuple(found)


def _joined(statements: tuple[Written, ...]) -> tuple[Written, ...]:
    """The statements, each line of a chain with the line before it."""
    found: list[Written] = []
    for one in statements:
        before = found[-1].read if found else None
        if isinstance(before, Claim) and isinstance(one.read, Claim) and one.read.continues:
            first = found.pop()
            missing = [None] * (len(before.sides) - (not before.continues) - len(before.reasons))
            chain = Claim(
                (*before.sides, *one.read.sides), (*before.reasons, *missing, *one.read.reasons), before.continues
            )
            text, places = f"{first.text} {one.text}", (*first.places, *one.places)
            one = Written(text, places, one.last_line, first.notation, chain)
        found.append(one)
    return tuple(found)


def _top_level(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens by block: from an opening one to its closing one."""
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return groups


def _is_comment(token: Token) -> bool:
    return token.type == "html_block" and token.content.lstrip().startswith("<!--")


def _is_lead(group: list[Token]) -> bool:
    """Whether a paragraph is in italics from its beginning to its end."""
    inline = group[1].children if len(group) == 3 else None
    marks = [token for token in inline or [] if token.type != "text" or token.content]
    return bool(marks) and marks[0].type == "em_open" and marks[-1].type == "em_close"


def _figure(group: list[Token]) -> tuple[str, str] | None:
    """Name and caption of a paragraph that is a figure."""
    children = group[1].children or []
    if len(children) != 1 or children[0].type != "image":
        return None
    source = str(children[0].attrs.get("src", ""))
    if not source.startswith(_FIGURE):
        return None
    caption = group[1].content[2:].rpartition("](")[0]
    return source.removeprefix(_FIGURE), " ".join(caption.split())


def _holds_blocks(group: list[Token]) -> bool:
    return any(token.type in ("math_block", "fence", "blockquote_open") for token in group)
