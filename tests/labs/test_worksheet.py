"""The worksheet, whatever becomes of it between ``lab start`` and ``lab check``."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chapters.labs.judgement import UnusableError
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import LANGUAGES, read_blocks, starter, written
from derivations.sheets.files import text_of
from tests.labs.worksheets import answered, judged

LAB = "bp1-losses"


def filled() -> str:
    return answered(LAB, {})


def blocks_of(text: str) -> list[str]:
    return re.findall(r"```backproof.*?```", text, re.DOTALL)


@pytest.mark.parametrize("name", ["bp1-losses", "bp2", "forward-by-hand"])
@pytest.mark.parametrize("student", ["", "7"])
def test_what_is_written_is_read_back(name: str, student: str) -> None:
    drawn = variant(load(name), student)
    reading = read_blocks(written(drawn), drawn)
    assert {part: block.text for part, block in reading.blocks.items()} == {p.name: starter(p) for p in drawn.parts}
    assert not reading.problems
    assert not reading.notes
    lines = written(drawn).splitlines()
    for name, block in reading.blocks.items():
        assert lines[block.line - 1] == f"```{LANGUAGES[drawn.kind]} {name}"


def no_headings(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))


def other_order(text: str) -> str:
    return "\n\n".join(reversed(blocks_of(text)))


HARMLESS = {
    "no headings": no_headings,
    "blocks in another order": other_order,
    "all but the blocks deleted": lambda text: "\n".join(blocks_of(text)),
    "four backticks": lambda text: text.replace("```", "````"),
    "tildes": lambda text: text.replace("```", "~~~"),
    "quotes for backticks": lambda text: text.replace("```", "‘‘‘"),
    "indented fences": lambda text: text.replace("```", "  ```"),
    "typographic primes": lambda text: text.replace("'", "’"),
    "spaces at the ends of lines": lambda text: text.replace("\n", "  \n"),
    "no end of line at the end": lambda text: text.rstrip(),
    "another code block": lambda text: text + "\n```python\nprint(1)\n```\n",
    "text in between": lambda text: text.replace("## 2", "I am not sure about $δ^L$ here.\n\n## 2"),
}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_what_changes_nothing_costs_nothing(change: object) -> None:
    assert callable(change)
    judgement = judged(LAB, change(filled()))
    assert judgement.passed, [part.reason for part in judgement.parts]
    assert not judgement.notes


@pytest.mark.parametrize("encode", ["utf-8-sig", "utf-16", "crlf"])
def test_whatever_an_editor_saves(encode: str) -> None:
    text = filled()
    content = text.replace("\n", "\r\n").encode() if encode == "crlf" else text.encode(encode)
    assert judged(LAB, text_of(content, "worksheet.md")).passed


def test_a_name_that_is_gone_from_a_fence_is_found_by_its_place() -> None:
    judgement = judged(LAB, filled().replace("```backproof squares", "```backproof"))
    assert judgement.passed
    assert any("does not name its part" in note for note in judgement.notes)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace(blocks_of(text)[1], ""), "The block of this part is gone"),
        (lambda text: text + "\n" + blocks_of(text)[1] + "\n", "two blocks for this part"),
    ],
    ids=["block deleted", "block doubled"],
)
def test_a_block_that_is_gone_or_there_twice_costs_its_part_only(change: object, said: str) -> None:
    assert callable(change)
    judgement = judged(LAB, change(filled()))
    assert [part.passed for part in judgement.parts] == [True, False, True]
    assert judgement.parts[1].codes == ("no-block",)
    assert said in judgement.parts[1].reason


def test_a_fence_that_is_never_closed_says_its_line_and_spares_the_next_part() -> None:
    text = filled()
    first = blocks_of(text)[0]
    judgement = judged(LAB, text.replace(first, first.removesuffix("```").rstrip()))
    line = text[: text.index(first)].count("\n") + 1
    assert any(f"line {line} is never closed" in note for note in judgement.notes)
    assert [part.passed for part in judgement.parts] == [True, True, True]


def test_a_block_of_another_lab_is_named() -> None:
    judgement = judged(LAB, filled() + "\n```backproof entries\nδ^l = δ^l\n```\n")
    assert judgement.passed
    assert any("entries" in note and "not looked at" in note for note in judgement.notes)


def test_a_text_without_a_block_is_no_worksheet() -> None:
    with pytest.raises(UnusableError, match="no answer blocks"):
        judged(LAB, "<!-- backproof lab bp1-losses -->\n\nDear teacher, my dog ate it.\n")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_half_edited_worksheet_breaks_the_judge_or_earns_more(data: st.DataObject) -> None:
    """Pieces cut out of a worksheet, and others put in: a judgement or one sentence, and never a point too many."""
    name = data.draw(st.sampled_from(["bp1-losses", "forward-by-hand"]))
    drawn = variant(load(name))
    text = written(drawn, {drawn.parts[0].name: references(drawn)[drawn.parts[0].name]})
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        text = text[:start] + data.draw(st.text(alphabet="=?`#\n [](){}^δaWxyz12;:\\$", max_size=8)) + text[end:]
    try:
        judgement = judged(name, text)
    except UnusableError:
        return
    assert 0 <= judgement.earned <= drawn.parts[0].points
    assert all(part.reason for part in judgement.parts)
