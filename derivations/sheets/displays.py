"""Displayed math → statements: marks of layout become blanks, ``\\\\`` ends a line; every character keeps its place.

Wide blanks, words and columns between formulas are left for the reader, who parts statements there.
"""

from __future__ import annotations

import re

_BLANK = re.compile(r"\n[ \t>]*\n")
_BREAK = re.compile(r"\\\\(?:\*)?(?:\[[\d.]+\s*\w*\])?|\\newline\b")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*|<!--.*?-->|(?<=\n)[ \t]*>", re.DOTALL)
_LAYOUT = re.compile(
    r"""
    \\(?:label|tag\*?|ref|eqref|cite|vspace|footnote)\s*\{[^{}]*\}
  | \\(?:nonumber|notag|displaystyle|textstyle|allowdisplaybreaks)(?![A-Za-z])
  | \\[,;:!>]
  | \\(?:begin|end)\s*\{(?:split|aligned|alignedat|gathered)\*?\}(?:\{[^{}]*\})?
  | (?<!\\)&(?=[\s&]*(?:[=+−<>≡:-]|\\(?:equiv|cdot|odot|circ|in|q?quad)(?![A-Za-z]))|\s*$)
  | (?<=[=≡:])\s*&
  | (?<=\\\\)\s*&
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
    text = _WORDS.sub(_reason_or_words, text)
    return _STOP.sub(_blanks, text)


def _blanks(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _reason_or_words(found: re.Match[str]) -> str:
    """Words beside a formula: of a reason in brackets just the reason is kept."""
    inside = re.search(r"\[[^\[\]]*\]", found.group())
    if inside is None:
        return found.group()
    return " " * inside.start() + inside.group() + " " * (len(found.group()) - inside.end())
