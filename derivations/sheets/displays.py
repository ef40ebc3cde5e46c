"""Displayed math → statements: marks of layout become blanks, ``\\\\`` ends a line; every character keeps its place."""

from __future__ import annotations

import re

_BLANK = re.compile(r"\n[ \t>]*\n")
_BREAK = re.compile(r"\\\\(?:\*)?(?:\[[\d.]+\s*\w*\])?|\\newline\b")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*|<!--.*?-->|(?<=\n)[ \t]*>", re.DOTALL)
_LAYOUT = re.compile(
    r"""
    \\(?:label|tag\*?|intertext|shortintertext|ref|eqref|cite|hspace|vspace|footnote)\s*\{[^{}]*\}
  | \\(?:nonumber|notag|displaystyle|textstyle|allowdisplaybreaks|qquad|quad)(?![A-Za-z])
  | \\[,;:!>]
  | \\(?:begin|end)\s*\{(?:split|aligned|alignedat|gathered)\*?\}(?:\{[^{}]*\})?
  | (?<!\\)&
    """,
    re.VERBOSE,
)
_DOTTED_NAME = r"\s*[A-Za-z]\w*(?:\.[A-Za-z]\w*)+\s*\}"  # np.sum is no word beside a formula
_WORDS = re.compile(
    rf"\\(?:text|mbox|textrm|textit|mathrm|hbox|textnormal)\s*\{{(?!{_DOTTED_NAME})[^{{}}]*[ ,.;()][^{{}}]*\}}"
)
_STOP = re.compile(r"[.,;]+(?=\s*(?:\n|$))")


def blank_line(text: str, start: int) -> int:
    """Where the next blank line begins; a display ends there at the latest."""
    found = _BLANK.search(text, start)
    return found.start() if found else len(text)


def displayed(text: str) -> str:
    """The statements of a display, one a line."""
    text = _COMMENT.sub(_blanks, text).replace("\n", " ")
    text = _LAYOUT.sub(_blanks, text)
    text = _BREAK.sub(lambda found: "\n" + " " * (len(found.group()) - 1), text)
    text = _WORDS.sub(_reason_or_blanks, text)
    return _STOP.sub(_blanks, text)


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _reason_or_blanks(found: re.Match[str]) -> str:
    """Words beside a formula: a reason in brackets is kept, the rest is left out."""
    inside = re.search(r"\[[^\[\]]*\]", found.group())
    if inside is None:
        return " " * len(found.group())
    return " " * inside.start() + inside.group() + " " * (len(found.group()) - inside.end())
