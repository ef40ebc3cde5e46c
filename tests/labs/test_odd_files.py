"""Whatever lies in a folder or is typed as a name ends in a sentence: pipes, devices, huge files, binary files."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from chapters.command import main
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written

NAMES = ("worksheet.md", "worksheet.py", "progress.json")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    try:
        code = main(list(arguments))
    except SystemExit as ending:
        code = int(ending.code or 0)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    assert "internal error" not in said.err
    assert len(said.err) < 1500
    return code, said.out + said.err


def pipe(path: Path) -> None:
    os.mkfifo(path)


def bound(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


def unreadable(path: Path) -> None:
    path.touch(0o000)


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 33)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def circle(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.skipif(sys.platform == "win32", reason="files of POSIX")
@pytest.mark.parametrize("make", [pipe, bound, device, folder, unreadable, huge, dangling, circle])
@pytest.mark.parametrize("name", NAMES)
def test_a_strange_file_is_told_and_nothing_waits_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str, make: object
) -> None:
    Path("d").mkdir()
    if name == "progress.json":
        Path("d", "worksheet.md").write_text(written(variant(load("bp2"))), encoding="utf-8")
    monkeypatch.chdir("d")
    assert callable(make)
    make(Path(name))
    monkeypatch.chdir("..")
    code, said = run(capsys, "lab", "list")
    assert code == 0
    assert "bp2" in said
    for command in ("check", "hint"):
        code, said = run(capsys, "lab", command, "d")
        assert code in (0, 1, 2)
        assert said
    assert run(capsys, "lab", "start", "bp1-losses", "d")[0] == 2
    assert run(capsys, "chapter", "1", "--format", "markdown", "--out", f"d/{name}")[0] == 2


LONG = "x" * 100_000


@pytest.mark.parametrize("name", [LONG, "9" * 5000, "a\nb", "\ud800", "\x00", "²", "", "{name}", "../bp2", "%s"])
def test_a_strange_name_is_told(capsys: pytest.CaptureFixture[str], name: str) -> None:
    for arguments in (
        ("lab", "start", name, "d"),
        ("lab", "check", f"./{name}"),
        ("lab", "hint", f"./{name}/none"),
        ("lab", "check", "--self-test", f"{name}.toml"),
        ("lab", "check", "--self-test", f"./{name}"),
        ("lab", "start", "bp2", "d", f"--student=/{name}"),
        ("lab", "check", "d", f"--seed={name}"),
        ("chapter", f"no{name}"),
        ("chapter", "1", "--format", "markdown", "--out", f"none/x{name}/y"),
        ("chapter", "--all", "--out", f"none/{name}/none"),
    ):
        code, said = run(capsys, *arguments)
        assert code == 2, arguments[0:2]
        assert said.strip()
    assert not Path("d").exists()


@pytest.mark.parametrize("width", ["0", "-7", "1", "99999999999999999999"])
def test_a_strange_width_is_bounded(capsys: pytest.CaptureFixture[str], width: str) -> None:
    for arguments in (("lab", "list"), ("chapter",), ("chapter", "1")):
        assert run(capsys, *arguments, "--width", width)[0] == 0


RIGHT = written(variant(load("shapes")), references(variant(load("shapes"))))
DERIVED = written(variant(load("bp2")), references(variant(load("bp2"))))


@pytest.mark.parametrize(
    "text",
    [
        RIGHT.replace("```answers", "````answers"),
        RIGHT.replace("```answers", "~~~answers"),
        RIGHT.replace("```answers", "> ```answers"),
        RIGHT.replace("```answers", "```answers\n```answers"),
        RIGHT.replace("```answers", "```\n```answers\n```"),
        RIGHT.replace("= ", "= " + "(" * 400),
        RIGHT.replace("= ", "= [" + "1, " * 20_000),
        RIGHT.replace("= ", "= " + "9" * 20_000),
        RIGHT.replace("= ", "= 9e999 ^ 9e999 "),
        RIGHT.replace("```", ""),
        RIGHT + RIGHT,
        RIGHT[: len(RIGHT) // 2],
        DERIVED.replace("\n      = ", " = "),
        DERIVED.replace("= ", "= " + "-" * 20_000),
        DERIVED.replace("[", "[" * 300),
        DERIVED.replace("δ", "\ud800"),
        DERIVED.replace("Σ_k", "Σ_k " * 300),
        DERIVED.replace("\n", "\r"),
        DERIVED.replace("\n", "\r\n"),
        DERIVED.replace("\n", "\u2028"),
        DERIVED.replace("```", "\u202e```"),
        "﻿" + DERIVED,
        DERIVED.replace(" -->", ", student " + "y" * 100_000 + " -->", 1),
        "<!-- backproof lab " + "z" * 100_000 + " -->\n",
        "<!-- backproof lab bp2 -->\n" + "```backproof entries " * 20_000,
        "<!-- backproof lab bp2 -->\n" + "`" * 200_000,
        "<!-- backproof lab bp2 -->\n" + "```backproof entries\n?\n" * 5_000,
    ],
    ids=range(27),
)
def test_a_worksheet_that_somebody_spoiled_ends_in_a_sentence(capsys: pytest.CaptureFixture[str], text: str) -> None:
    Path("d").mkdir()
    Path("d", "worksheet.md").write_bytes(text.encode("utf-8", "surrogatepass"))
    for command in ("check", "hint"):
        code, said = run(capsys, "lab", command, "d")
        assert code in (0, 1, 2)
        assert said.strip()


@pytest.mark.parametrize("content", [b"\x00\xff" * 4000, "δ".encode()[:1] * 50, b"#" * 11_000_000])
@pytest.mark.parametrize("name", ["worksheet.md", "worksheet.py"])
def test_a_worksheet_that_is_no_text_ends_in_a_sentence(
    capsys: pytest.CaptureFixture[str], name: str, content: bytes
) -> None:
    Path("d").mkdir()
    Path("d", name).write_bytes(content)
    for command in ("check", "hint"):
        assert run(capsys, "lab", command, "d")[0] == 2
    assert run(capsys, "lab", "list")[0] == 0
