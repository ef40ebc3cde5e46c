"""``backproof chapter``: what it shows, what it writes and where, and how it answers what is badly asked."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from chapters.command import main
from chapters.lessons import library
from tests.lessons.test_pages import nesting
from tests.lessons.texts import NAMES


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["chapter", *arguments])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_the_contents(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--width", "80")
    assert code == 0
    assert all(name.partition("-")[2] in out for name in NAMES)
    assert " 6  BP1: the error of the output layer" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_chapter_says_what_comes_next(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "6", "--width", "80")
    assert code == 0
    assert out.startswith("6 · BP1")
    assert "formulas:" in out
    assert out.rstrip().endswith("backproof chapter 7")


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(run(capsys, "--json")[1])
    assert [one["name"] for one in listed["chapters"]] == NAMES
    told = json.loads(run(capsys, "bp1", "--json")[1])
    assert told["number"] == 6
    assert any(part["kind"] == "display" and part["claims"] for part in told["parts"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["99"], "there is no chapter 99"),
        (["softmx"], "Did you mean “softmax”?"),
        (["--format", "html"], "say which chapter"),
        (["--all"], "say where"),
        (["--all", "6", "--out", "x"], "leave 6 out"),
        (["6", "--out", "no/such/folder/x.html"], "there is no folder no/such/folder"),
        (["--all", "--out", "no/such/folder"], "there is no folder no/such"),
        (["6", "--out", "."], "is a folder"),
    ],
)
def test_what_is_badly_asked(
    arguments: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_somebody_else_is_not_overwritten(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "notes.md"
    path.write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "6", "--format", "markdown", "--out", str(path))
    assert code == 2
    assert "--force" in err
    assert path.read_text(encoding="utf-8") == "mine"


def test_an_export_may_be_made_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bp1.md"
    for _ in range(2):
        assert run(capsys, "6", "--format", "markdown", "--out", str(path))[0] == 0
    assert list(tmp_path.iterdir()) == [path]


def test_all_chapters_lead_to_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, folder = tmp_path / "texts", tmp_path / "course"
    texts.mkdir()
    sample = (Path(__file__).parent / "sample.md").read_text(encoding="utf-8")
    for number, name in ((6, "06-sample"), (7, "07-bp2"), (8, "08-last")):
        (texts / f"{name}.md").write_text(sample.replace("# 6", f"# {number}"), encoding="utf-8")
    monkeypatch.setattr(library, "TEXTS", texts)
    assert run(capsys, "--all", "--out", str(folder))[0] == 0
    files = {path.name for path in folder.iterdir()}
    assert files == {"index.html", "06-sample.html", "07-bp2.html", "08-last.html"}
    middle = nesting((folder / "07-bp2.html").read_text(encoding="utf-8"))
    assert {"06-sample.html", "08-last.html", "index.html"} <= set(middle.links)
    for path in folder.iterdir():
        found = nesting(path.read_text(encoding="utf-8"))
        assert not found.wrong
        assert found.links
        assert {link.partition("#")[0] for link in found.links} <= files


def test_without_matplotlib_one_sentence_says_what_to_install(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, _, err = run(capsys, "6", "--format", "html", "--out", str(tmp_path / "x.html"))
    assert code == 2
    assert 'pip install "backproof[export]"' in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_without_nbformat_one_sentence_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nbformat", None)
    code, out, err = run(capsys, "6", "--format", "notebook")
    assert (code, out) == (2, "")
    assert 'pip install "backproof[export]"' in err


@pytest.mark.parametrize("width", [60, 80])
def test_the_last_line_keeps_to_the_width(capsys: pytest.CaptureFixture[str], width: int) -> None:
    _, out, _ = run(capsys, "12", "--width", str(width))
    assert " ".join(out.split()).endswith("backproof chapter 13")
    assert max(map(len, out.splitlines()[-3:])) <= width
