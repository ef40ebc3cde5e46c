"""A text becomes the parts that it has, each with the setting in force; what is malformed is said in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chapters.lessons import MalformedLessonError, find, library, read_lesson
from chapters.lessons.inline import claims_something, in_latex, in_unicode, read_phrase
from chapters.lessons.judging import Judgements
from chapters.lessons.parts import Code, Console, Display, Figure, Listing, Part, Prose, Quote, Sheet, walk
from derivations.setting import Network, Setting

SAMPLE = read_lesson((Path(__file__).parent / "sample.md").read_text(encoding="utf-8"), "06-sample")
ALL = walk(SAMPLE.parts)


def of(kind: type[Part]) -> list[Part]:
    return [part for part in ALL if isinstance(part, kind)]


def test_a_text_becomes_its_parts() -> None:
    assert (SAMPLE.number, SAMPLE.short_name) == (6, "sample")
    assert SAMPLE.title == "A sample: all that a chapter, or wⱼₖ, may hold"
    assert SAMPLE.lead.endswith("aᴸ − y in the lead.")
    kinds = (Display, Sheet, Code, Console, Figure, Quote, Listing)
    assert [len(of(kind)) for kind in kinds] == [7, 1, 2, 1, 1, 2, 1]
    (figure,) = of(Figure)
    assert isinstance(figure, Figure)
    assert (figure.name, figure.caption) == ("network", "Each arrow carries a weight, $w_{jk}$")


def test_a_python_block_has_what_it_prints() -> None:
    printing, silent = of(Code)
    assert isinstance(printing, Code)
    assert isinstance(silent, Code)
    assert printing.output == "[ True  True False] <b>"
    assert silent.output is None


def test_commands_and_what_they_show() -> None:
    (console,) = of(Console)
    assert isinstance(console, Console)
    ((command, shown),) = console.commands
    assert command == 'backproof check "∂J/∂b^l = δ^l"'
    assert shown.splitlines()[-1] == "…"


def test_every_verdict_belongs_to_one_statement() -> None:
    judgements = Judgements(SAMPLE)
    drawn = [v for part in ALL if isinstance(part, Display | Sheet) for _, found in judgements.of(part) for v in found]
    assert drawn == judgements.all()
    assert [v.verdict for v in drawn].count("refuted") == 1
    assert len(drawn) == 9
    assert all(v.code == 0 for v in drawn)


def test_a_sheet_knows_what_the_chapter_declared_before() -> None:
    (sheet,) = of(Sheet)
    assert isinstance(sheet, Sheet)
    assert sheet.preamble.splitlines() == ["use network loss=mse", "v : n", "M : n x n", "u := M v"]


def test_a_formula_in_a_sentence_is_read_where_it_stands() -> None:
    prose = [part for part in of(Prose) if isinstance(part, Prose)]
    first, last = prose[0].settings[0], prose[-1].settings[0]
    assert "u" not in first.quantities
    assert "u" in last.quantities


@pytest.mark.parametrize(
    ("text", "shown", "latex"),
    [
        ("W^l", "Wˡ", "W^{l}"),
        (r"\sigma'", "σ′", r"\sigma'"),
        (r"n_l \times n_{l-1}", "nₗ × nₗ₋₁", r"n_{l} \times n_{l-1}"),
        (r"\Delta z^l_j", "Δzˡⱼ", r"\Delta z^{l}_{j}"),
        ("dW^{[l]}", "dW^{[l]}", "dW^{[l]}"),
        (r"\Sigma'(z^l)", "Σ′(zˡ)", r"\Sigma'(z^{l})"),
        (r"\mathrm{softmax}", "softmax", r"\mathrm{softmax}"),
        (r"\ln 3", "ln(3)", None),
    ],
)
def test_formulas_in_sentences(text: str, shown: str, latex: str | None) -> None:
    phrase = read_phrase(text, (Setting(network=Network()),))
    assert phrase is not None
    assert in_unicode(phrase) == shown
    if latex is not None:
        assert in_latex(phrase) == latex


@pytest.mark.parametrize("text", ["a = b", r"x \in R", "f: a → b", "z := W x", r"x \to 0"])
def test_a_formula_in_a_sentence_claims_nothing(text: str) -> None:
    assert claims_something(text)


HEAD = "# 1 · Title\n\n*Lead.*\n\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Title\n\n*Lead.*\n", "Line 1 is the title"),
        ("# 1 · Title\n\nNo lead.\n", "in *italics*"),
        (HEAD + "```output\n1\n```\n", "Line 5: an output block stands right after its Python block"),
        (HEAD + "<!-- backproof: use network -->\n\n$$ a = b\n\nmore\n", "is never closed"),
        *((HEAD + fence, "is not seen by the checker") for fence in (
            "> ```backproof\n> a = a\n> ```\n",
            "- ```backproof\n  a = a\n  ```\n",
            "<b>x</b> `a\n```backproof`\n```BackProof\na\n",
        )),
        (HEAD + "![A caption](figure:nosuch)\n", "Line 5: there is no figure “nosuch”; there are network"),
        (HEAD + "![A caption](figure:)\n", "there is no figure"),
    ],
)  # fmt: skip
def test_what_is_malformed_is_told_to_its_author(text: str, words: str) -> None:
    with pytest.raises(MalformedLessonError, match=r"\w") as problem:
        read_lesson(text, "01-title")
    assert words in str(problem.value)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [("6", "06-bp1"), ("06", "06-bp1"), ("BP1", "06-bp1"), ("06-bp1.md", "06-bp1"), ("soft", "11-softmax"),
     ("appendix", "errata"), ("Errata", "errata"), ("bp3", "08-bp3-bp4")],
)  # fmt: skip
def test_chapters_are_found_by_number_and_name(wanted: str, name: str) -> None:
    assert find(wanted) == name


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("99", "they go from 1 to 13"), ("softmx", "Did you mean “softmax”?"), ("bp", "may be bp1 or bp2 or bp3-bp4"),
     ("qqqq", "lists them"), ("", "lists them"), ("0", "there is no chapter 0")],
)  # fmt: skip
def test_a_chapter_that_is_not_there(wanted: str, words: str) -> None:
    with pytest.raises(library.NoSuchChapterError) as problem:
        find(wanted)
    assert words in str(problem.value)


PIECES = [
    "```backproof\n", "```BACKPROOF x\n", "~~~backproof\n", "````backproof\n", "```", "```\n", "~~~\n", "````\n",
    "   ```backproof\n", "    ```backproof\n", "\t```backproof\n", "> ```backproof\n", "- ```backproof\n", "  a = a\n",
    "  ```\n", "1. ```python\n", "```output\n", "```python\n", "```console\n", "``` backproof\n", "```{.backproof}\n",
    "a = a\n", "W : m x n\n", "$$\n", "$$ a = a $$\n", "$$ x = y", "<!-- backproof: use network -->\n", "<!--", "-->\n",
    "<!-- backproof: skip -->\n", "\n", "text $a$ text\n", "![a](figure:network)\n", "![a](figure:x)\n", "## H\n", "> ",
    "| a | b |\n|--|--|\n| $a$ | b |\n", "$", "\\", "`", "<div>\n", "</div>\n", "\x00", "\ufeff", "\u2028", "\r\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))
@example("> ```backproof\n<!-- backproof: use network -->\n")
@example("- 1. ```python\n```Backproof\n$$\n")
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_a_text_it_is_a_lesson_or_its_author_is_told_the_line(text: str) -> None:
    said = ""
    try:
        read_lesson(HEAD + text, "01-title")
    except MalformedLessonError as problem:
        said = str(problem)
    assert not said or said.startswith("Line ")
