"""Markdown → tokens, with ``$…$`` and ``$$ … $$`` as tokens of their own. The parser is markdown-it's."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

INLINE, DISPLAY = "math_inline", "math_block"


def parser() -> MarkdownIt:
    """CommonMark with tables and math."""
    made = MarkdownIt("commonmark").enable("table")
    made.inline.ruler.before("escape", INLINE, _inline)
    made.block.ruler.before("fence", DISPLAY, _display, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return made


def _inline(state: StateInline, silent: bool) -> bool:
    """``$…$``: neither dollar next to a blank on its inner side, and no second dollar beside the first."""
    source, start = state.src, state.pos
    if source[start] != "$" or source[start + 1 : start + 2] in ("", " ", "\n", "$"):
        return False
    end = source.find("$", start + 1, state.posMax)
    while end > 0 and source[end - 1] in " \\\n":
        end = source.find("$", end + 1, state.posMax)
    if end < 0:
        return False
    if not silent:
        token = state.push(INLINE, "", 0)
        token.content = source[start + 1 : end].replace("\n", " ")
    state.pos = end + 1
    return True


def _display(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Lines from one that begins with ``$$`` to one that ends with it, without an empty line between."""
    first = _line(state, start_line)
    if state.is_code_block(start_line) or not first.startswith("$$"):
        return False
    line, content = start_line, [first[2:]]
    while not content[-1].rstrip().endswith("$$"):
        line += 1
        if line >= end_line or not _line(state, line).strip() or state.sCount[line] < state.blkIndent:
            return False
        content.append(_line(state, line))
    if silent:
        return True
    content[-1] = content[-1].rstrip()[:-2]
    token = state.push(DISPLAY, "", 0)
    token.block, token.content, token.map = True, "\n".join(content), [start_line, line + 1]
    state.line = line + 1
    return True


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
