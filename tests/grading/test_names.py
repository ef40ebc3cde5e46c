"""A student is their folder, byte for byte: whatever names look like, nobody gets or spoils the points of another."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chapters.command import main
from chapters.grading.names import folded, names_of, shown, shown_apart, text_of_name
from chapters.grading.submissions import find
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written

PIECES = st.sampled_from(
    [
        "a",
        "A",
        "Zoë",
        "Zoe\u0308",
        "ﬁ",
        "fi",
        " ",
        "\t",
        "\u00a0",
        "\u200b",
        "\udcff",
        "\udcfe",
        "\x1b",
        "(2)",
        "_",
        "K",
        "K",
    ]
)
NAMES = st.lists(PIECES, min_size=1, max_size=4).map("".join)
CLASSES = st.lists(NAMES, min_size=1, max_size=6, unique=True)


@given(CLASSES)
@example(["Ada", "Ada ", "Ada (2)", "ada"])
@example(["\udcff", "\udcfe", "�"])
def test_names_are_shown_apart(names: list[str]) -> None:
    apart = shown_apart(names)
    assert len(set(apart.values())) == len(names)
    assert all(line.isprintable() and line.strip() for line in apart.values())
    for name in names:
        if shown(name) == name:
            assert apart[name] == name  # nobody takes the name of one who is called so


@given(CLASSES, NAMES)
@example(["Ada", "ada"], "ADA")
@example(["2301", "2301 "], "2301")
@example(["Zoë", "Zoe\u0308"], "Zoë")
def test_no_name_is_two_students(names: list[str], called: str) -> None:
    allowed = names_of(names)
    assert sum(one.include(called) for one in allowed.values()) <= 1
    for name in names:
        text = text_of_name(name)
        if [text_of_name(other) for other in names].count(text) == 1:
            assert allowed[name].include(text)
            assert not any(allowed[other].include(text) for other in names if other != name)


@given(NAMES)
def test_a_name_alone_is_taken_in_any_spelling(name: str) -> None:
    assume(folded(text_of_name(name)))
    (allowed,) = names_of([name]).values()
    assert allowed.include(name.upper()) or folded(name.upper()) != folded(text_of_name(name))
    assert allowed.include(text_of_name(name))


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux")
def test_a_class_of_names_that_look_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each gets the points of their own worksheet, and a copy of another's earns nothing."""
    folder = tmp_path / "class"
    drawn = variant(load("bp2"), "Ada")
    right = written(drawn, references(drawn)).encode()
    names = [b"Ada", b"ada", b"Ada ", b"Ada\t", b"Ad\xff", b"Ad\xfe", "Zoë".encode(), "Zoe\u0308".encode()]
    for name in names:
        place = os.path.join(os.fsencode(folder), name)
        os.makedirs(place)
        with open(os.path.join(place, b"worksheet.md"), "wb") as file:
            file.write(right)
    assert len({one.student for one in find(folder).submissions}) == len(names)
    out = tmp_path / "grades.csv"
    assert main(["lab", "grade", str(folder), "--out", str(out), "--jobs", "1"]) == 1
    with out.open(encoding="utf-8-sig", newline="") as file:
        earned = {row["student"]: row["points"] for row in csv.DictReader(file)}
    assert len(earned) == len(names)
    assert {student: points for student, points in earned.items() if points != "0"} == {"Ada": "4"}
    assert len(list((tmp_path / "grades").glob("*.md"))) == len(names)
    assert "\t" not in capsys.readouterr().out
