"""An answer in a notebook: LaTeX of the formula, HTML of the whole answer."""

from __future__ import annotations

from html import escape

from derivations.rendering.text import answer
from derivations.verdicts import Answer, Depends, IllShaped, Proved, Refuted, Undecided, Unreadable
from derivations.writing import Spelling, write

_COLOURS = {
    "good": "#1a7f37",
    "bad": "#cf222e",
    "open": "#9a6700",
    "quiet": "#6e7781",
    "mark": "#cf222e",
    "": "inherit",
}
_SIGN = {"proved": r"\checkmark\;", "refuted": r"\times\;", "ill-shaped": r"\times\;"}


def latex(verdict: Answer) -> str:
    """The claim as read, with ✓ or ✗; the text as typed if it could not be read."""
    if verdict.left is None or verdict.right is None:
        return rf"$\texttt{{{_escaped(verdict.text)}}}$"
    sides = " = ".join(write(side, Spelling.LATEX) for side in (verdict.left, verdict.right))
    return f"$\\displaystyle {_SIGN.get(verdict.verdict, '?;')}{sides}$"


def html(verdict: Answer) -> str:
    """The answer as one ``<pre>``, coloured as in the terminal."""
    assert isinstance(verdict, Proved | Refuted | IllShaped | Unreadable | Undecided | Depends)
    lines = (
        "".join(f'<span style="color:{_COLOURS[style]}">{escape(text)}</span>' for text, style in line)
        for line in answer(verdict, 100)
    )
    return f'<pre style="line-height:1.4">{"<br>".join(lines)}</pre>'


def _escaped(text: str) -> str:
    special = {"\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
    return "".join(special.get(c, f"\\{c}" if c in "#$%&_" else c) for c in text)
