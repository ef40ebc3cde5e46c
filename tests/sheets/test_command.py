"""``backproof check`` on files: lines like a linter's, GitHub annotations, JSON, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from chapters.command import main

DOCUMENT = """% backproof: use network
\\[ \\frac{\\partial J}{\\partial b^l} = \\delta^l \\]
\\begin{align}
  \\delta^l &= W^{l+1} \\delta^{l+1} \\odot \\sigma'(z^l) \\\\
           &= (W^{l+1})^T \\delta^{l+1} \\odot \\sigma'(z^l)
\\end{align}
% backproof: expect: refuted
\\[ \\delta^l = 2 \\delta^l \\]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["check", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "ch1.tex").write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return "ch1.tex"


def test_lines_like_a_linters(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, document, "--width", "80")
    assert code == 1
    lines = out.splitlines()
    assert lines[0] == "ch1.tex:2:4: proved: \\frac{\\partial J}{\\partial b^l} = \\delta^l"
    assert lines[1].startswith("ch1.tex:4:3: ill-shaped: \\delta^l = W^{l+1}")
    assert any("did you mean" in line for line in lines)
    assert "ch1.tex:5:13: proved: = (W^{l+1})^T" in out
    assert "ch1.tex:8:4: refuted, as announced: \\delta^l = 2 \\delta^l" in out
    assert lines[-1] == "2 proved, 1 refuted, 1 ill-shaped (1 as announced)"
    assert max(map(len, lines)) <= 80


def test_github_annotations(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--format", "github", document)
    first, summary = out.splitlines()
    assert code == 1
    assert first.startswith("::error file=ch1.tex,line=4,col=3,title=backproof%3A ill-shaped::\\delta^l = W^{l+1}")
    assert "%0AThe transpose of the weights is missing. Did you mean: \\delta^l  = (W^{l+1})^{\\top}" in first
    assert summary == "2 proved, 1 refuted, 1 ill-shaped (1 as announced)"


def test_json_of_a_document(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--json", document)
    report = json.loads(out)
    assert code == 1
    assert report["summary"] == {"ill-shaped": 1, "proved": 2, "refuted": 1}
    _, slip, after, announced = report["claims"]
    assert (slip["file"], slip["line"], slip["column"]) == ("ch1.tex", 4, 3)
    assert slip["diagnosis"][0]["code"] == "bp2-missing-transpose"
    assert (after["in_chain"], announced["expected"]) == (True, "refuted")


def test_a_sheet_with_a_goal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "a.bp"
    sheet.write_text("use network\ngoal: ∂J/∂b^l = δ^l\n∂J/∂b^l = ∂J/∂z^l\n", encoding="utf-8")
    code, out, _ = run(capsys, str(sheet))
    assert code == 1
    assert f"{sheet}:2:7: goal not reached: ∂J/∂b^l = δ^l".split(": ")[0] in out
    with sheet.open("a", encoding="utf-8") as file:
        file.write(" = δ^l [definition of δ]\n")
    code, out, _ = run(capsys, "--json", str(sheet))
    assert code == 0
    assert json.loads(out)["goals"] == [
        {"text": "∂J/∂b^l = δ^l", "file": str(sheet), "line": 2, "reached": True, "reason": "reached"}
    ]


def test_strictness(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--strict", "--json", "δ^l = (W^{l+1})^T ∂J/∂z^{l+1} ⊙ σ'(z^l)")
    assert json.loads(out)["claims"][0]["mark"] == "too large a step"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.tex", b"\x7fELF\0\0\0", "a.tex is a binary file, not a text."),
        ("a.md", b"x" * 5_000_001, "a.md is larger than 5 MB."),
        ("a.bp", b"", "there is no claim in"),
    ],
)
def test_bad_files(
    name: str,
    content: bytes,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, name)
    assert code == 2
    assert words in err


def test_a_document_without_formulas_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.md").write_text("Nothing here.\n", encoding="utf-8")
    code, out, _ = run(capsys, str(tmp_path / "a.md"))
    assert (code, out.strip()) == (0, "nothing to check was found")


def test_stdin_may_hold_anything(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe\0\0\1\2"), encoding="utf-8"))
    assert run(capsys, "-")[0] == 2


def test_output_is_the_same_for_every_hash_seed(document: str) -> None:
    command = [sys.executable, "-c", "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"]
    outputs = {
        subprocess.run(
            [*command, "check", document],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8", "PATH": ""},
            capture_output=True,
            check=False,
        ).stdout
        for seed in ("0", "7", "4242")
    }
    assert len(outputs) == 1
    assert outputs != {b""}
