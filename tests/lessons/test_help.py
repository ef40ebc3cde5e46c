"""The pages of ``backproof help``: their formulas are right, and what they list is what there is."""

from __future__ import annotations

import re

import pytest

from chapters.command import COMMANDS, main
from chapters.lessons.judging import Judgements
from chapters.lessons.library import HELP, NoSuchChapterError, load_topic, topics
from derivations import check
from derivations.formula import ELEMENTWISE, PROPERTIES
from derivations.rendering.machine import report
from derivations.verdicts import VERDICTS

TOPICS = [name for name, _ in topics()]
HEADINGS = {"ill-shaped": "does not fit", "unreadable": "cannot be read"}


def text(name: str) -> str:
    return (HELP / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TOPICS)
def test_the_formulas_of_a_page_are_right(name: str) -> None:
    verdicts = Judgements(load_topic(name)).all()
    assert verdicts
    assert [str(verdict) for verdict in verdicts if verdict.code] == []


@pytest.mark.parametrize("name", TOPICS)
def test_a_page_is_shown(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", name, "--plain", "--width", "80"]) == 0
    shown = capsys.readouterr().out
    assert "cannot be read:" not in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_without_a_topic_the_pages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in TOPICS)


def test_an_unknown_topic_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["help", "nothing"]) == 2
    assert "There are: command, language." in capsys.readouterr().err
    with pytest.raises(NoSuchChapterError):
        load_topic("")


def test_all_commands_are_there() -> None:
    listed = set(re.findall(r"^\| `backproof (\w+)", text("command"), re.MULTILINE))
    assert listed == set(COMMANDS)


def test_all_verdicts_are_there() -> None:
    listed = re.findall(r"^\| (.+?) \|.*\| (\d) \|$", text("language"), re.MULTILINE)
    assert {name for name, _ in listed} == {HEADINGS.get(verdict, verdict) for verdict in VERDICTS}


def test_all_functions_and_properties_are_there() -> None:
    listed = re.search(r"elementwise functions `([^`]*)`", text("language"))
    assert listed is not None
    assert set(listed[1].split()) == ELEMENTWISE - {"log10", "identity"}
    assert all(name in text("language") for name in PROPERTIES)


def test_all_fields_are_there() -> None:
    claim = report(check("∂J/∂b^l = δ^l"))["claims"][0]
    described = text("command").partition("What `check --json` holds")[2].partition("## ")[0]
    assert set(claim) <= set(re.findall(r"`(\w+)`", described))
