"""Markdown → blocks: fenced sheets, ``$$ … $$`` and ``\\[ … \\]``, directives in HTML comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.sheets.blocks import Block, Directive, Display, Sheet, Unclosed
from derivations.sheets.displays import blank_line, displayed

_PIECE = re.compile(
    r"""
    ^[ ]{0,3}(?P<fence>`{3,}|~{3,})[ \t]*(?P<language>[^\s`]*)[^\n]*$
  | (?P<comment><!--)
  | (?P<escaped>\\[\\$`])
  | (?P<code>`+)
  | (?P<dollars>\$\$)
  | (?P<square>\\\[)
    """,
    re.VERBOSE | re.MULTILINE,
)
_DIRECTIVE = re.compile(r"\s*backproof\s*:\s?(?P<text>.*)", re.DOTALL)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a Markdown document, in order."""
    at = 0
    while found := _PIECE.search(text, at):
        start, at = found.span()
        if found["fence"]:
            mark, language = found["fence"], found["language"].lower()
            end = re.compile(rf"^[ ]{{0,3}}{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE).search(text, at)
            if end is None:
                if language in ("backproof", "math"):
                    yield Unclosed(mark + found["language"], mark, start)
                    continue
                return  # the rest is code
            if language == "backproof":
                yield Sheet(text[at : end.start()], at)
            elif language == "math":
                yield Display(displayed(text[at : end.start()]), at)
            at = end.end()
        elif found["comment"]:
            end_at = text.find("-->", at)
            inside = text[at : end_at if end_at >= 0 else len(text)]
            directive = _DIRECTIVE.match(inside)
            if directive and end_at < 0:
                yield Unclosed("<!--", "-->", start)
            elif directive:
                yield Directive(directive["text"], at + directive.start("text"))
                at = end_at + 3
            elif end_at >= 0:
                at = end_at + 3
        elif found["code"]:
            end_at = text.find(found["code"], at, blank_line(text, at))
            if end_at >= 0:
                at = end_at + len(found["code"])
        elif found["dollars"] or found["square"]:
            closing = "$$" if found["dollars"] else "\\]"
            end_at = text.find(closing, at, blank_line(text, at))
            if end_at < 0:
                yield Unclosed(found.group(), closing, start)
                continue
            yield Display(displayed(text[at:end_at]), at)
            at = end_at + 2
