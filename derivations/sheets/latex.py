"""LaTeX → blocks: displayed equations, directives in ``% backproof:`` comments."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivations.sheets.blocks import Block, Directive, Display, Unclosed
from derivations.sheets.displays import blank_line, displayed

_DISPLAYS = r"(?:equation|align|alignat|flalign|gather|multline|eqnarray|displaymath|math|dmath|split|aligned)\*?"
_VERBATIM = r"(?:verbatim\*?|lstlisting|minted|comment|Verbatim)"
_PIECE = re.compile(
    rf"""
    (?P<escaped>\\[\\$%](?:\[[\d.]+\w*\])?)
  | %[ \t]*backproof[ \t]*:[ \t]?(?P<directive>[^\n]*)
  | (?P<comment>%[^\n]*)
  | \\begin\s*\{{(?P<verbatim>{_VERBATIM})\}}
  | \\begin\s*\{{(?P<display>{_DISPLAYS})\}}(?:\{{\d+\}})?
  | (?P<dollars>\$\$)
  | (?P<square>\\\[)
    """,
    re.VERBOSE,
)


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a LaTeX document, in order."""
    at = 0
    while found := _PIECE.search(text, at):
        start, at = found.span()
        if found["directive"] is not None:
            yield Directive(found["directive"].strip(), found.start("directive"))
        elif found["verbatim"]:
            end = re.compile(rf"\\end\s*\{{{re.escape(found['verbatim'])}\}}").search(text, at)
            at = end.end() if end else at
        elif found["display"]:
            name = found["display"]
            limit = blank_line(text, at)
            end = re.compile(rf"\\end\s*\{{{re.escape(name)}\}}").search(text, at, limit)
            again = re.compile(rf"\\begin\s*\{{{_DISPLAYS}\}}|\\section|\\chapter|\\end\s*\{{document\}}")
            inner = again.search(text, at, limit)
            while inner and re.search(r"split|aligned", inner.group()):
                inner = again.search(text, inner.end(), limit)
            if end is None or (inner and inner.start() < end.start()):
                yield Unclosed(f"\\begin{{{name}}}", f"\\end{{{name}}}", start)
                continue
            yield Display(displayed(text[at : end.start()]), at)
            at = end.end()
        elif found["dollars"] or found["square"]:
            closing = "$$" if found["dollars"] else "\\]"
            end_at = text.find(closing, at, blank_line(text, at))
            if end_at < 0:
                yield Unclosed(found.group(), closing, start)
                continue
            yield Display(displayed(text[at:end_at]), at)
            at = end_at + 2
