"""Markdown and LaTeX: what is checked, where it stands, and what an author may say about it."""

from __future__ import annotations

import time

import pytest

from derivations.setting import Network, Setting
from derivations.sheets import NotAText, check_document, text_of
from derivations.verdicts import Unreadable

NET = Setting(network=Network())


def told(text: str, suffix: str) -> list[tuple[int, int, str]]:
    report = check_document(text, suffix, NET, "book" + suffix)
    return [(v.place.line, v.place.column, v.verdict) for v in report.verdicts]


LATEX = r"""\documentclass{article} % backproof is not asked here
\begin{document}
Before the first directive nothing is checked: \[ a = b \]
% backproof: use network
Inline $a = b$ is left alone, \$5 too.
\begin{align}
  \delta^l &= \frac{\partial J}{\partial z^l} \\[2pt]   % a comment = not math
           &= (W^{l+1})^\top \delta^{l+1} \odot \sigma'(z^l), \label{eq:bp2}
\end{align}
\begin{verbatim}
\[ W = nonsense \]
\end{verbatim}
\begin{equation*}
  \begin{aligned}
    \frac{\partial J}{\partial b^l}
      &= \delta^l. \quad\text{for every layer}
  \end{aligned}
\end{equation*}
$$ \delta^l = W^{l+1} \delta^{l+1} $$
\end{document}
"""


def test_latex() -> None:
    assert told(LATEX, ".tex") == [(7, 3, "proved"), (8, 13, "proved"), (15, 5, "proved"), (19, 4, "ill-shaped")]


MARKDOWN = """# Backpropagation

$$ a = b $$

<!-- backproof: use network loss=mse -->

The error is `$$ no math $$` here:

$$
\\delta^L = (a^L - y) \\odot \\sigma'(z^L)
$$

> \\[ \\delta^L = a^L - y \\]

```python
x = "$$ neither is this $$"
```

```backproof
W : m x n; x : n
∂(W x)/∂x = Wᵀ
∂(W x)/∂x = W
```

```math
\\frac{\\partial J}{\\partial b^l} = \\delta^l
```
"""


def test_markdown() -> None:
    assert told(MARKDOWN, ".md") == [
        (10, 1, "proved"),
        (13, 6, "refuted"),
        (21, 1, "proved"),
        (22, 1, "ill-shaped"),
        (26, 1, "proved"),
    ]


def test_a_fenced_sheet_needs_no_directive() -> None:
    assert told("```backproof\nx : n\nx + x = 2 x\n```\n", ".md") == [(3, 1, "proved")]
    assert told("~~~backproof\n∂J/∂b^l = δ^l\n~~~\n", ".md") == [(2, 1, "proved")]


@pytest.mark.parametrize(
    ("directives", "verdict", "code"),
    [
        ("expect: refuted", "refuted", 0),
        ("expect: proved", "refuted", 1),
        ("", "refuted", 1),
        ("use network loss=bce; expect: refuted", "proved", 1),
        ("use network loss=bce", "proved", 0),
        ("layout numerator", "ill-shaped", 1),
    ],
)
def test_a_formula_that_is_wrong_on_purpose(directives: str, verdict: str, code: int) -> None:
    text = f"% backproof: use network loss=mse\n% backproof: {directives}\n\\[ \\delta^L = a^L - y \\]\n"
    report = check_document(text, ".tex", NET)
    assert [v.verdict for v in report.verdicts] == [verdict]
    assert report.code == code


def test_skip_leaves_out_one_formula_and_off_all() -> None:
    text = (
        "% backproof: use network\n% backproof: skip\n\\[ a = b \\]\n\\[ \\delta^l = \\delta^l \\]\n"
        "% backproof: off\n\\[ a = b \\]\n% backproof: on\n\\[ a^l = \\sigma(z^l) \\]\n"
    )
    assert told(text, ".tex") == [(4, 4, "proved"), (8, 4, "proved")]


def test_names_of_a_directive_hold_from_there_on() -> None:
    text = "<!-- backproof: A : m x n; x : n -->\n$$ \\frac{\\partial (A x)}{\\partial x} = A^T $$\n"
    assert told(text, ".md") == [(2, 4, "proved")]


def test_what_is_no_equation_or_no_directive_is_counted() -> None:
    text = "% backproof: use network\n\\[ W^l + W^l \\]\n% backproof: frobnicate\n% backproof: use network loss=huh\n"
    assert told(text, ".tex") == [(2, 4, "unreadable"), (3, 14, "unreadable"), (4, 14, "unreadable")]


# ---- bad input ----


@pytest.mark.parametrize(
    ("suffix", "opening"),
    [
        (".tex", "\\begin{equation}"),
        (".tex", "\\begin{align}"),
        (".tex", "\\["),
        (".tex", "$$"),
        (".md", "$$"),
        (".md", "\\["),
    ],
)
def test_what_is_never_closed_does_not_hide_the_rest(suffix: str, opening: str) -> None:
    directive = "% backproof: use network" if suffix == ".tex" else "<!-- backproof: use network -->"
    text = f"{directive}\n{opening}\n a^l = \\sigma(z^l)\n\nText.\n\\[ b^l = b^l \\]\n"
    report = check_document(text, suffix, NET)
    first, second = report.verdicts
    assert isinstance(first, Unreadable)
    assert first.message == f"{opening} is never closed."
    assert (first.place.line, second.place.line, second.verdict) == (2, 6, "proved")


def test_a_fence_that_is_never_closed() -> None:
    text = "```backproof\nx : n\nx = x\n\n<!-- backproof: use network -->\n$$ b^l = b^l $$\n"
    assert told(text, ".md") == [(1, 1, "unreadable"), (6, 4, "proved")]


@pytest.mark.parametrize(
    "content",
    [
        LATEX.encode(),
        LATEX.replace("\n", "\r\n").encode(),
        LATEX.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + LATEX.encode(),
        LATEX.encode("utf-16"),
    ],
    ids=["LF", "CRLF", "CR", "BOM", "UTF-16"],
)
def test_line_ends_and_byte_order_marks(content: bytes) -> None:
    assert told(text_of(content, "a.tex"), ".tex") == told(LATEX, ".tex")


def test_bytes_that_are_not_utf_8_spoil_only_their_line() -> None:
    content = "% backproof: use network\n\\[ b^l = b^l \\]\n% grün\n\\[ \\text{für} b^l = b^l \\]\n\\[ a^l = a^l \\]\n"
    found = told(text_of(content.encode("latin-1"), "a.tex"), ".tex")
    assert found[0] == (2, 4, "proved")
    assert found[-1] == (5, 4, "proved")
    assert any(line == 4 and verdict == "unreadable" for line, _, verdict in found)


@pytest.mark.parametrize("content", [b"\x7fELF\0\0\1", bytes(range(256)) * 40, b"x" * 5_000_001])
def test_binary_and_huge_files(content: bytes) -> None:
    with pytest.raises(NotAText, match=r"is a binary file|is larger than 5 MB"):
        text_of(content, "a.tex")


@pytest.mark.parametrize(
    "piece", ["$$", "\\[", "\\begin{equation}\n", "```backproof\n", "<!--", "<!-- backproof:", "`"]
)
@pytest.mark.parametrize("suffix", [".md", ".tex"])
def test_a_large_file_of_nothing_but_openings_ends(piece: str, suffix: str) -> None:
    start = time.perf_counter()
    check_document(piece * 3_000, suffix, NET)
    assert time.perf_counter() - start < 10


def test_numbers_words_and_columns_beside_formulas_are_no_factors() -> None:
    text = r"""<!-- backproof: use network -->
$$ \frac{\partial J}{\partial b^l} = \delta^l \qquad (2) $$

$$ a^l = \sigma(z^l) \quad \text{where } z^l = W^l a^{l-1} + b^l $$

$$ \begin{aligned} z^l &= W^l a^{l-1} + b^l & \qquad a^l &= \sigma(z^l) \end{aligned} $$
"""
    assert [verdict.verdict for verdict in check_document(text, ".md", NET).verdicts] == ["proved"] * 5
