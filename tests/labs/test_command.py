"""``backproof lab``: a student's way through it, and everything that can go wrong on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from chapters.command import main
from chapters.labs.lab import labs, load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["lab", *arguments])
    except SystemExit as ending:
        code = int(ending.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def solve(folder: str, name: str, student: str = "", **answers: str) -> None:
    drawn = variant(load(name), student)
    Path(folder, load(name).worksheet).write_text(written(drawn, references(drawn) | answers), encoding="utf-8")


def kept(folder: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(Path(folder, "progress.json").read_text(encoding="utf-8"))
    return found


def test_from_start_to_passed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "start", "bp1-losses", "my-bp1")
    assert code == 0
    assert "backproof lab check my-bp1" in out
    assert sorted(os.listdir("my-bp1")) == ["progress.json", "worksheet.md"]

    code, out, _ = run(capsys, "check", "my-bp1")
    assert code == 1
    assert "0 of 5 points" in out
    assert "not answered yet" in out
    assert "backproof lab hint my-bp1" in out

    solve("my-bp1", "bp1-losses", squares="δ^L = a^L - y")
    code, out, _ = run(capsys, "check", "my-bp1", "--width", "80")
    assert code == 1
    assert "3 of 5 points" in out
    assert "σ′(z) is missing" in out
    assert max(map(len, out.splitlines())) <= 80

    solve("my-bp1", "bp1-losses")
    code, out, _ = run(capsys, "check", "my-bp1")
    assert code == 0
    assert "5 of 5 points" in out
    assert "passed at attempt 3" in out
    assert "Next: " in out
    assert {**kept("my-bp1"), "passed": None} == {
        "lab": "bp1-losses", "student": "", "attempts": 3, "hints": {}, "best": 5, "points": 5,
        "parts": {"any": 1, "squares": 2, "cross-entropy": 2}, "passed": None, "passed_at": 3,
    }  # fmt: skip

    solve("my-bp1", "bp1-losses", squares="δ^L = ?")
    code, out, _ = run(capsys, "check", "my-bp1")
    assert code == 1
    assert "best so far: 5 points" in out
    assert kept("my-bp1")["passed_at"] == 3, "what was passed stays passed"


def test_hints_grow_stronger_are_counted_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp1-losses", "d")
    solve("d", "bp1-losses", squares="δ^L = a^L - y")
    assert "σ′(z) is missing" in run(capsys, "check", "d")[1]
    outs = [run(capsys, "hint", "d")[1] for _ in range(3)]
    assert [out.splitlines()[0].rpartition(": ")[2] for out in outs] == ["hint 1 of 2", "hint 2 of 2", "hint 2 of 2"]
    assert "σ′(z) is missing" not in "".join(outs), "the check has said so for nothing"
    assert "(a^L - y) […]" in outs[0]
    assert "δ^L = (a^L - y) ⊙ σ'(z^L)" in outs[1]
    assert "last one again" in outs[2]
    assert kept("d")["hints"] == {"squares": 2}
    assert kept("d")["attempts"] == 1
    solve("d", "bp1-losses")
    assert run(capsys, "hint", "d")[:2] == (0, "Every part is right; there is nothing left to hint at.\n")


def test_a_part_without_an_answer_gets_the_authors_hints_and_then_the_answer(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(capsys, "start", "forward-by-hand", "d", "--student", "2301")
    part = variant(load("forward-by-hand"), "2301").parts[0]
    outs = [" ".join(run(capsys, "hint", "d")[1].split()) for _ in range(3)]
    assert part.hints[0] in outs[0]
    assert part.hints[1] in outs[1]
    assert " ".join(references(variant(load("forward-by-hand"), "2301"))["hidden"].split()) in outs[2]


def test_the_list_knows_what_was_begun_and_passed(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp2", "course/bp2")
    run(capsys, "start", "bp1-losses", "done")
    solve("done", "bp1-losses")
    run(capsys, "check", "done")
    code, out, _ = run(capsys, "list")
    assert code == 0
    assert "passed (done)" in out
    assert f"started ({Path('course/bp2')})" in out
    found = json.loads(run(capsys, "list", "--json")[1])["labs"]
    assert [row["name"] for row in found] == [lab.name for lab in labs()]
    assert {row["name"]: row["status"] for row in found if row["status"] != "not started"} == {
        "bp2": "started",
        "bp1-losses": "passed",
    }
    assert {"name", "chapter", "title", "kind", "status"} <= set(found[0])


def test_answers_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(run(capsys, "start", "bp2", "d", "--json")[1])["worksheet"] == str(Path("d", "worksheet.md"))
    code, out, _ = run(capsys, "check", "d", "--json")
    assert code == 1
    found = json.loads(out)
    assert (found["earned"], found["points"], found["attempts"], found["passed"]) == (0, 4, 1, False)
    assert found["parts"][0]["codes"] == ["not-answered"]
    assert json.loads(run(capsys, "hint", "d", "--json")[1])["strength"] == 1


def test_plain_output_has_words_for_signs(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp1-losses", "d")
    solve("d", "bp1-losses", squares="δ^L = a^L - y")
    out = run(capsys, "check", "d", "--plain")[1]
    assert "right: line" in out
    assert "not right: line" in out
    assert not set("✓✗○~") & set(out)


def test_a_lab_of_functions(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "backprop-numpy", "d", "--student", "7")
    assert run(capsys, "check", "d")[0] == 1
    solve("d", "backprop-numpy", "7")
    code, out, _ = run(capsys, "check", "d")
    assert code == 0
    assert "6 of 6 points" in out
    assert subprocess.run([sys.executable, str(Path("d", "worksheet.py"))], capture_output=True).returncode == 0


def test_the_self_test_of_one_lab(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "--self-test", "forward-by-hand")
    assert code == 0
    assert "0 not as meant" in out


OWN = """
name = "own"
chapter = 1
title = "T"
kind = "formula"
task = "t"
setting = "use network"
[[part]]
name = "a"
title = "A"
points = 1
starter = "∂J/∂b^l = ?"
reference = "∂J/∂b^l = δ^l"
hints = ["h"]
[[part.wrong]]
answer = "∂J/∂b^l = -δ^l"
diagnosis = "loss-sign"
"""


def test_an_authors_own_file_is_proved_and_its_mistakes_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.toml").write_text(OWN, encoding="utf-8")
    assert run(capsys, "check", "--self-test", "own.toml")[0] == 0
    Path("own.toml").write_text(
        OWN.replace("= -δ^l", "= 1 δ^l").replace('= "∂J/∂b^l = δ^l"', '= "∂J/∂b^l = 2 δ^l"'), "utf-8"
    )
    code, out, _ = run(capsys, "check", "--self-test", "own.toml")
    told = " ".join(out.split())
    assert code == 1
    assert told.count("the reference: a: not equal") == 1
    assert "whoever the student is, a, wrong answer 1 (loss-sign): it passes: ∂J/∂b^l = 1 δ^l" in told
    Path("own.toml").write_text(OWN.replace("hints", "hint"), encoding="utf-8")
    assert "Is it “hints”?" in refused(capsys, "check", "--self-test", "own.toml")
    assert "cannot be read" in refused(capsys, "check", "--self-test", "none.toml")


@pytest.mark.parametrize("width", [60, 80])
def test_nothing_is_wider_than_the_terminal(capsys: pytest.CaptureFixture[str], width: int) -> None:
    run(capsys, "start", "error-meaning", "my-folder")
    solve("my-folder", "error-meaning", weight="∂J/∂w^l_{jk} = δ^l_j")
    for command in (["check", "my-folder"], ["hint", "my-folder"], ["list"]):
        out = run(capsys, *command, "--width", str(width))[1]
        assert max(map(len, out.splitlines())) <= width, out


# ---- what can go wrong: a sentence each, exit code 2, and nothing lost ----


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("backproof lab")
    assert "Traceback" not in err
    assert len(err.strip().splitlines()) <= 2
    return err


def test_a_name_that_is_no_lab(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean bp1-losses?" in refused(capsys, "start", "bp1-loses", "d")
    assert "backproof lab list" in refused(capsys, "start", "zzzzzz", "d")
    assert "no lab" in refused(capsys, "start", "../../etc/passwd", "d")
    assert not Path("d").exists()


def test_what_exists_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine").mkdir()
    Path("mine", "worksheet.md").write_text("my own notes", encoding="utf-8")
    assert "left as it is" in refused(capsys, "start", "bp2", "mine")
    assert os.listdir("mine") == ["worksheet.md"]
    assert Path("mine", "worksheet.md").read_text(encoding="utf-8") == "my own notes"
    Path("file").write_text("x", encoding="utf-8")
    assert "is a file" in refused(capsys, "start", "bp2", "file")
    assert "is a file" in refused(capsys, "check", "file")
    Path("notes").mkdir()
    Path("notes", "a.txt").write_text("x", encoding="utf-8")
    assert run(capsys, "start", "bp2", "notes")[0] == 0
    assert Path("notes", "a.txt").read_text(encoding="utf-8") == "x"


def test_a_students_name_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    for student in ("a b", "x>y", "../up", "-->", "a" * 61, "a\nb"):
        assert "cannot be a student's name" in " ".join(
            refused_any(capsys, "start", "bp2", "d", f"--student={student}")
        )
    assert not Path("d").exists()


def refused_any(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (2, "")
    return err.split()


def test_folders_without_a_worksheet(capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    for command in ("check", "hint"):
        assert "There is no folder nowhere" in refused(capsys, command, "nowhere")
        assert "holds no worksheet" in refused(capsys, command, "empty")
    assert "name one folder" in refused(capsys, "check")
    assert "name one folder" in refused(capsys, "check", "a", "b")
    assert "say which" in refused(capsys)


def test_worksheets_that_do_not_belong(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp2", "d", "--student", "1")
    solve("d", "bp1-losses", "1")
    assert "worksheet of the lab bp1-losses" in refused(capsys, "check", "d")
    solve("d", "bp2", "2")
    assert "student 2" in refused(capsys, "check", "d")
    solve("d", "bp2")
    assert "no particular student" in refused(capsys, "check", "d")
    solve("d", "bp2", "1")
    assert run(capsys, "check", "d")[0] == 0
    Path("d", "worksheet.py").write_text("", encoding="utf-8")
    assert "keep one lab in a folder" in refused(capsys, "check", "d")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("Dear diary", "first line does not say which lab"),
        ("<!-- backproof lab bp9 -->\n", "no lab “bp9”"),
        ("<!-- backproof lab backprop-numpy -->\n", "called worksheet.py"),
        ("<!-- backproof lab bp2 -->\nnothing else\n", "no answer blocks"),
        ("", "first line does not say which lab"),
        (b"\x00\x01\x02\x03" * 99, "binary"),
        (b"\xff" * 500, "binary"),
    ],
)
def test_worksheets_that_are_none(capsys: pytest.CaptureFixture[str], content: str | bytes, said: str) -> None:
    Path("d").mkdir()
    Path("d", "worksheet.md").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert said in refused(capsys, "check", "d")
    assert os.listdir("d") == ["worksheet.md"]


def test_a_first_line_that_is_gone_is_known_from_the_progress(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp2", "d", "--student", "5")
    solve("d", "bp2", "5")
    path = Path("d", "worksheet.md")
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    code, out, _ = run(capsys, "check", "d")
    assert code == 0
    assert "bp2, student 5" in " ".join(out.split())


@pytest.mark.parametrize(
    "broken",
    ["", "{", "[]", "null", '{"lab": 3}', '{"lab": "bp2", "student": "", "attempts": "many"}', "[" * 100_000,
     '{"lab": "bp2", "student": "", "hints": [1]}'],
)  # fmt: skip
def test_progress_that_is_broken_is_kept_aside(capsys: pytest.CaptureFixture[str], broken: str) -> None:
    run(capsys, "start", "bp2", "d")
    Path("d", "progress.json").write_text(broken, encoding="utf-8")
    code, out, _ = run(capsys, "check", "d")
    assert code == 1
    assert "progress.broken-1.json" in out
    assert Path("d", "progress.broken-1.json").read_text(encoding="utf-8") == broken
    assert kept("d")["attempts"] == 1
    Path("d", "progress.json").write_text(broken, encoding="utf-8")
    run(capsys, "check", "d")
    assert Path("d", "progress.broken-2.json").exists()


def in_a_process(arguments: list[str], limit: str) -> subprocess.CompletedProcess[str]:
    """The command in a process that may not write files larger than nothing, as on a full disk."""
    code = (
        f"import resource; {limit}\n"
        f"import sys; sys.dont_write_bytecode = True\nfrom chapters.command import main; sys.exit(main({arguments!r}))"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )


FULL = "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))"


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX's")
def test_a_full_disk_loses_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    done = in_a_process(["lab", "start", "bp2", "d"], FULL)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("d").exists()
    run(capsys, "start", "bp2", "d")
    before = Path("d", "progress.json").read_text(encoding="utf-8")
    done = in_a_process(["lab", "check", "d"], FULL)
    assert done.returncode == 1
    assert "0 of 4 points" in done.stdout
    assert "could not be kept" in done.stderr
    assert Path("d", "progress.json").read_text(encoding="utf-8") == before
    assert sorted(os.listdir("d")) == ["progress.json", "worksheet.md"]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="a folder in which nobody may write")
def test_a_folder_that_cannot_be_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be written" in refused(capsys, "start", "bp2", "/proc/mine")
    assert "cannot be written" in refused(capsys, "start", "bp2", "x" * 300)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everywhere")
def test_no_right_to_write(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp2", "d")
    Path("d").chmod(0o500)
    try:
        code, out, err = run(capsys, "check", "d")
        assert code == 1
        assert "0 of 4 points" in out
        assert "could not be kept" in err
        assert "cannot be written" in refused(capsys, "start", "bp1-losses", "d/e")
    finally:
        Path("d").chmod(0o700)


def test_a_formula_lab_is_checked_without_numpy_and_sympy(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp1-losses", "d")
    solve("d", "bp1-losses", squares="δ^L = a^L - y")
    here = "import sys; from chapters.command import main; main(['lab', 'check', 'd'])"
    in_the_judging_process = (
        "import sys; from chapters.grading.judge import answer\n"
        "sheet = open('d/worksheet.md', encoding='utf-8').read()\n"
        "asked = {'lab': 'bp1-losses', 'student': '', 'text': sheet, 'seconds': 9}\n"
        "print(answer({'check': asked})['judgement']['parts'][0]['name'])"
    )
    for code in (here, in_the_judging_process):
        code += "\nprint(sorted({'numpy', 'sympy', 'rich', 'numeric'} & set(sys.modules)))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8",
                              env={**os.environ, "PYTHONUTF8": "1"}, check=True)  # fmt: skip
        assert done.stdout.splitlines()[-1] == "[]"


def test_the_list_tells_the_state_of_each_folder(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp1-losses", "done")
    run(capsys, "start", "bp1-losses", "begun-by-somebody-with-a-very-long-name-indeed")
    solve("done", "bp1-losses")
    run(capsys, "check", "done")
    out = run(capsys, "list", "--width", "60")[1]
    assert "passed (done), started" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 60
    (row,) = (row for row in json.loads(run(capsys, "list", "--json")[1])["labs"] if row["name"] == "bp1-losses")
    assert row["states"] == {"done": "passed", "begun-by-somebody-with-a-very-long-name-indeed": "started"}


def test_the_worksheet_itself_may_be_named_or_the_folder_left_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(capsys, "start", "bp2", "d")
    for command in ("check", "hint"):
        assert "Entry by entry" in run(capsys, command, str(Path("d", "worksheet.md")))[1]
    monkeypatch.chdir("d")
    for command in ("check", "hint"):
        assert "Entry by entry" in run(capsys, command)[1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes have names only on POSIX")
def test_a_pipe_in_place_of_a_file_keeps_nobody_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp1-losses", "d")
    os.unlink("d/progress.json")
    os.mkfifo("d/progress.json")
    os.mkdir("e")
    os.mkfifo("e/worksheet.md")
    assert run(capsys, "list")[0] == 0
    code, out, _ = run(capsys, "check", "d")
    assert code == 1
    assert "progress.broken-1.json" in out
    assert "e" in refused(capsys, "check", "e")


@pytest.mark.parametrize("count", ["1e999", "NaN", "-1", "1e300"])
def test_counts_that_count_nothing_are_no_progress(capsys: pytest.CaptureFixture[str], count: str) -> None:
    run(capsys, "start", "bp1-losses", "d")
    text = Path("d/progress.json").read_text(encoding="utf-8")
    Path("d/progress.json").write_text(text.replace('"hints": {}', f'"hints": {{"any": {count}}}'), encoding="utf-8")
    code, out, err = run(capsys, "hint", "d")
    assert code == 0
    assert "progress.broken-1.json" in out
    assert "internal error" not in err


def test_a_worksheet_does_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "start", "bp1-losses", "d")
    solve("d", "bp1-losses", squares="δ^L = \x1b]0;title\x07 y \u202e z\u2028")
    _, out, err = run(capsys, "check", "d")
    assert "cannot be read" in out
    assert not {"\x1b", "\x07", "\u202e", "\u2028"} & set(out + err)


@pytest.mark.parametrize("line", ["``` " + " " * 100_000 + "`x", "<!-- backproof lab bp1-losses" + " " * 100_000 + "x"])
def test_a_line_of_spaces_takes_no_time(capsys: pytest.CaptureFixture[str], line: str) -> None:
    run(capsys, "start", "bp1-losses", "d")
    text = Path("d/worksheet.md").read_text(encoding="utf-8")
    Path("d/worksheet.md").write_text(f"{line}\n{text}", encoding="utf-8")
    assert "of 5 points" in run(capsys, "check", "d")[1]
