"""Grading piece by piece: finding worksheets, keeping grades, the table, the reports, and what the command says."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chapters.command import main
from chapters.grading import keeping, words
from chapters.grading.grade import Grade, Part, as_data, from_data
from chapters.grading.judge import graded
from chapters.grading.keeping import UnusableOutError, key, open_results, report_names
from chapters.grading.names import Names, shown
from chapters.grading.questions import Task
from chapters.grading.rationing import Rationed
from chapters.grading.reports import report
from chapters.grading.submissions import find
from chapters.grading.table import table
from chapters.labs.lab import load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written
from numeric.student import Call

PART = Part("one", "One", 2, 1.5, "half of it is right", True, ("sign",), "  ✗ wrong\n")
GRADE = Grade("2301", "2301/worksheet.md", "bp2", "BP2", 3, (PART, Part("two", "Two", 1, 1, "All right.")))


def sheet(name: str, student: str, *, right: bool = True) -> str:
    drawn = variant(load(name), student)
    return written(drawn, references(drawn) if right else {})


def hand_in(folder: Path, student: str, name: str = "bp2", *, right: bool = True, of: str | None = None) -> Path:
    path = folder / student / load(name).worksheet
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(sheet(name, of or student, right=right), encoding="utf-8")
    return path


def grade(folder: Path, out: Path, *options: str) -> int:
    return main(["lab", "grade", str(folder), "--out", str(out), "--jobs", "2", *options])


def rows(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ---- finding ----


def test_folders_files_and_what_is_neither(tmp_path: Path) -> None:
    hand_in(tmp_path, "2301")
    (tmp_path / "2302" / "work" / "my-bp2").mkdir(parents=True)
    (tmp_path / "2302" / "work" / "my-bp2" / "worksheet.md").touch()
    (tmp_path / "2303.md").touch()
    (tmp_path / "2304").mkdir()
    (tmp_path / "2304" / "my_answers.py").touch()
    (tmp_path / "2305").mkdir()
    (tmp_path / "2306" / "a" / "b" / "c").mkdir(parents=True)
    (tmp_path / "2306" / "a" / "b" / "c" / "worksheet.md").touch()
    (tmp_path / "list.txt").touch()
    (tmp_path / ".hidden").mkdir()
    found = find(tmp_path)
    assert [(one.student, one.where, bool(one.problem)) for one in found.submissions] == [
        ("2301", "2301/worksheet.md", False),
        ("2302", "2302/work/my-bp2/worksheet.md", False),
        ("2303", "2303.md", False),
        ("2304", "2304/my_answers.py", False),
        ("2305", "2305", True),
        ("2306", "2306", True),
    ]
    assert found.passed_over == (".hidden", "list.txt")


def test_a_student_answers_to_a_word_that_nobody_else_has(tmp_path: Path) -> None:
    for name in ("2301_Ada Lovelace_file", "2302_Emmy Noether_file", "Grace"):
        hand_in(tmp_path, name, of="2301")
    names = {one.student: one.answers_to for one in find(tmp_path).submissions}
    assert set(names["2301_Ada Lovelace_file"].alike) == {"2301_ada lovelace_file", "2301", "ada", "lovelace"}
    assert not names["2302_Emmy Noether_file"].include("file")
    assert names["Grace"] == Names(exact=("Grace",), alike=("grace",))


def test_names_are_shown_on_one_line() -> None:
    assert shown("a\nb\x1b[2J\u202e\udcff") == "a�b�[2J��"
    assert shown("\n") == "�"
    assert len(shown("x" * 999)) == 120


# ---- judging ----


def task(content: str, student: str = "2301", suffix: str = ".md") -> Task:
    return Task(student, f"{student}/worksheet{suffix}", content.encode(), suffix, Names(alike=(student,)), False, 60.0)


def test_a_grade_is_what_lab_check_says() -> None:
    right = graded(task(sheet("bp2", "2301")))
    assert (right.status, right.earned, right.points, right.lab) == (words.PASSED, 4, 4, "bp2")
    empty = graded(task(sheet("bp2", "2301", right=False)))
    assert (empty.status, empty.earned) == (words.EMPTY, 0)
    assert all(part.reason and part.feedback for part in empty.parts)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "its first line names no lab"),
        ("<!-- backproof lab bp99 -->", "a lab that does not exist: bp99"),
        ("<!-- backproof lab bp2, student 2301 -->\nnothing\n", "no answer blocks"),
        ("\0" * 50, "binary"),
        ("<!-- backproof lab bp2, student 2302 -->", "the worksheet of student 2302, handed in by 2301"),
        ("<!-- backproof lab backprop-numpy, student 2301 -->", "has a worksheet.py, and this is a worksheet.md"),
        ("<!-- backproof lab " + " " * 900_000 + "-->", "names no lab"),
    ],
)
def test_what_cannot_be_graded_earns_nothing(content: str, problem: str) -> None:
    found = graded(task(content))
    assert problem in found.problem
    assert found.earned == 0
    assert found.status.startswith("not graded: ")


def test_the_plain_variant_counts_unless_a_student_is_required() -> None:
    plain = task(sheet("bp2", ""))
    assert graded(plain).passed
    refused = graded(replace(plain, require_student=True))
    assert refused.problem == words.NO_STUDENT


def test_all_runs_of_a_worksheet_share_their_time() -> None:
    run = Rationed(3.0)
    first = run("def f():\n    while True: pass\n", [Call("f")])
    assert first.stopped is not None
    assert run.left <= 0
    again = run("def f():\n    return 1\n", [Call("f")])
    assert again.stopped is not None
    assert again.results == ()
    assert "3 seconds" in again.stopped.words


def test_no_judge_leaves_the_walls_out() -> None:
    ran = Rationed(20.0)("import socket\ndef f():\n    return 1\n", [Call("f")], walled=False)
    assert "python" in ran.walls


# ---- grades ----


def test_a_grade_is_kept_as_it_was() -> None:
    assert from_data(json.loads(json.dumps(as_data(GRADE)))) == GRADE
    assert (GRADE.earned, GRADE.percent, GRADE.status) == (2.5, pytest.approx(83.333, abs=1e-2), words.PARTLY)


@pytest.mark.parametrize(
    "change",
    [
        {"points": 99},
        {"points": float("nan")},
        {"points": True},
        {"parts": []},
        {"parts": [{**as_data(GRADE)["parts"][0], "earned": 3}]},
        {"parts": [{**as_data(GRADE)["parts"][0], "earned": -1}]},
        {"student": 3},
        {"parts": None},
    ],
)
def test_a_grade_that_does_not_add_up_is_none(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        from_data({**as_data(GRADE), **change})


# ---- the table and the reports ----


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1", "|x", "%x", " =1", "\x00=1"])
def test_no_cell_is_a_formula(name: str) -> None:
    risky = replace(GRADE, student=name, where=name, parts=(replace(PART, reason=name, points=3),))
    (row,) = csv.DictReader(io.StringIO(table([risky])))
    for column in ("student", "worksheet", "one reason"):
        assert row[column].startswith("'"), row
    assert row["points"] == "1.5"


FORMULAS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "﹢", "﹣", "⁼", "₊")
PIECES = st.lists(
    st.sampled_from(
        [*FORMULAS, *" ;,|:\t\r\n\"'", "1+1", "cmd|' /C calc'!A0", "-1.5", "a", "\u00a0", "\u200b", "\x00", "\ufeff"]
    ),
    max_size=8,
).map("".join)


def is_a_formula(cell: str, separator: str) -> bool:
    """Whether a spreadsheet might compute a cell. Where cells are parted at spaces, words of a sentence are cells."""
    plain = unicodedata.normalize("NFKC", cell.strip().strip('"').strip())
    if separator == " " and (len(plain) == 1 or re.fullmatch(r"[-+]\d+(\.\d+)?[,;.:)\]]*", plain)):
        return False
    return plain[:1] in ("=", "+", "-", "@")


@given(PIECES, PIECES, PIECES)
@example("x;=1+1", "a, =1", 'a"=1')
@example(";", "\t@x", "x -cmd|' /C calc'!A0")
@example("x -2+3+cmd|' /C calc'!A0", "a;-2 cmd|' /C calc'!A0", "a:＝1")
@example("", "", "-1.5")
def test_no_cell_is_a_formula_wherever_cells_are_parted(student: str, reason: str, problem: str) -> None:
    """Also for who parts cells at another sign than the comma, and for who knows no quotes."""
    part = replace(PART, reason=reason)
    text = table([replace(GRADE, student=student, parts=(part, GRADE.parts[1])), replace(GRADE, problem=problem)])
    for separator in ",;\t|: ":
        cells = [cell for line in text.splitlines() for cell in line.split(separator)]
        cells += [cell for row in csv.reader(io.StringIO(text), delimiter=separator) for cell in row]
        assert not [cell for cell in cells if is_a_formula(cell, separator)]


def test_prose_stays_as_it_is() -> None:
    reason = "δ^L = a^L - y is right; dW1 is -0.3 where 0.3 was expected (σ'(z) is missing)."
    text = table([replace(GRADE, parts=(replace(PART, reason=reason), GRADE.parts[1]))])
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["one reason"] == reason


def test_the_tables_columns() -> None:
    other = Grade("2302", "x", "bp1-losses", "BP1", 1, (Part("any", "Any", 1, 0, "a sign"),))
    refused = Grade("2303", "y", problem="it is a link")
    found = list(csv.DictReader(io.StringIO(table([GRADE, other, refused]))))
    assert list(found[0])[:8] == [*words.COLUMNS, "bp1-losses any", "bp1-losses any reason"]
    assert (found[0]["bp2 one"], found[0]["bp2 one reason"]) == ("1.5", "half of it is right")
    assert found[1]["bp2 one"] == ""
    assert (found[2]["points"], found[2]["percent"], found[2]["status"]) == ("0", "0.0", "not graded: it is a link")
    assert "one" in next(csv.reader(io.StringIO(table([GRADE]))))


def test_a_report_stays_markdown() -> None:
    feedback = "✗ wrong\n```\n# not a heading\n````\n<script>\n"
    risky = replace(
        GRADE,
        student="<b>*x*</b>\n# y",
        parts=(replace(PART, reason="a | b\n| c", feedback=feedback), GRADE.parts[1]),
        notes=("<img src=x>",),
    )
    text = report(risky.student, [risky])
    assert text.startswith("# \\<b\\>\\*x\\*\\</b\\> \\# y\n")
    assert "`````text\n✗ wrong\n```\n# not a heading\n````\n<script>\n`````" in text
    assert "| One | 1.5 | 2 | a \\| b \\| c |" in text
    assert "**2.5 of 3 points** (83 %) · partly right" in text
    outside = text.split("`````")[0] + text.split("`````")[2]
    assert "<" not in outside.replace("\\<", "")


def test_reports_have_names_of_their_own() -> None:
    students = ["2301", "../../etc/passwd", "Ada", "ada", "", ".", "CON", "a b", "a/b", "kept", "x" * 300, "愛"]
    names = report_names(students)
    assert names["2301"] == "2301.md"
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert "/" not in name
        assert not name.startswith(".")
        assert len(name) < 90


# ---- places ----


def test_results_are_kept_out_of_the_submissions(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for out in (folder / "grades.csv", folder / "2301" / "grades.csv"):
        with pytest.raises(UnusableOutError, match="among the submissions"):
            open_results(out, folder)
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(UnusableOutError, match="among the submissions"):
        open_results(tmp_path / "link" / "grades.csv", folder)
    with pytest.raises(UnusableOutError, match="among the submissions"):
        open_results(tmp_path / "class.csv", folder / ".." / "class")


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "grades").mkdir()
    (tmp_path / "grades" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UnusableOutError, match="holds something else"):
        open_results(tmp_path / "grades.csv", tmp_path / "class")
    assert [path.name for path in (tmp_path / "grades").iterdir()] == ["mine.txt"]
    (tmp_path / "other").symlink_to(tmp_path / "class")
    with pytest.raises(UnusableOutError, match=r"holds something else|among the submissions"):
        open_results(tmp_path / "other.csv", tmp_path / "class")
    with pytest.raises(UnusableOutError, match="is a folder"):
        open_results(tmp_path / "grades", tmp_path / "class")


def test_what_was_changed_by_hand_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    out = tmp_path / "grades.csv"
    first = open_results(out, tmp_path / "class")
    first.write(out, "one")
    first.write(first.folder / "2301.md", "one")
    first.close()
    out.write_text("one, and a remark", encoding="utf-8")
    second = open_results(out, tmp_path / "class")
    second.write(second.folder / "2301.md", "two")
    second.write(out, "two")
    assert [kept.name for _, kept in second.set_aside] == ["grades (kept 1).csv"]
    assert (tmp_path / "grades (kept 1).csv").read_text(encoding="utf-8") == "one, and a remark"
    assert out.read_text(encoding="utf-8") == "two"


def test_a_report_is_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "precious").write_text("precious", encoding="utf-8")
    results = open_results(tmp_path / "grades.csv", tmp_path / "class")
    (results.folder / "2301.md").symlink_to(tmp_path / "precious")
    results.write(results.folder / "2301.md", "report")
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "precious"
    assert (results.folder / "2301.md").read_text(encoding="utf-8") == "report"


def test_a_broken_grade_is_judged_again(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    results = open_results(tmp_path / "grades.csv", tmp_path / "class")
    results.keep("k", GRADE)
    assert results.kept("k") == GRADE
    path = results.folder / keeping.KEPT / "k.json"
    for broken in ("", "[]", "{", '{"student": 1}', path.read_text(encoding="utf-8").replace("1.5", "1e999")):
        path.write_text(broken, encoding="utf-8")
        assert results.kept("k") is None


def test_a_key_holds_everything_a_grade_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    one = task(sheet("bp2", "2301"))
    labs = {"bp2": "digest"}
    keys = [
        key(one, labs),
        key(replace(one, content=one.content + b" "), labs),
        key(replace(one, require_student=True), labs),
        key(replace(one, seconds=1.0), labs),
        key(replace(one, student="2302"), labs),
        key(one, {"bp2": "another"}),
    ]
    monkeypatch.setattr(keeping, "program", lambda: "another program")
    keys.append(key(one, labs))
    assert len(set(keys)) == len(keys)
    assert key(one, labs) == key(one, {**labs, "bp1": "of no concern"})


# ---- the command ----


def test_a_run_goes_on_where_it_was(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = tmp_path / "class", tmp_path / "grades.csv"
    for student in ("2301", "2302", "2303"):
        hand_in(folder, student)
    assert grade(folder, out) == 0
    first = capsys.readouterr()
    assert "3 of 3 worksheets graded, 3 passed; mean 100 %" in first.out
    assert "3/3" in first.err
    kept = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "grades" / "kept").iterdir()}
    before = out.read_bytes()
    hand_in(folder, "2302", right=False)
    hand_in(folder, "2304")
    assert grade(folder, out) == 0
    second = capsys.readouterr()
    assert "2 of them were done before" in second.err
    assert "4/4" in second.err
    assert [(row["student"], row["points"]) for row in rows(out)] == [
        ("2301", "4"),
        ("2302", "0"),
        ("2303", "4"),
        ("2304", "4"),
    ]
    assert out.read_bytes() != before
    after = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "grades" / "kept").iterdir()}
    assert kept.items() <= after.items()
    assert len(after) == 5
    assert grade(folder, out, "--again") == 0
    assert "done before" not in capsys.readouterr().err


def test_an_interrupted_run_keeps_what_is_done(tmp_path: Path) -> None:
    folder, out = tmp_path / "class", tmp_path / "grades.csv"
    for student in ("2301", "2302"):
        hand_in(folder, student)
    for student in ("2303", "2304"):
        path = hand_in(folder, student, "backprop-numpy")
        path.write_text(path.read_text(encoding="utf-8") + "\nwhile True: pass\n", encoding="utf-8")
    script = "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "lab", "grade", str(folder), "--out", str(out), "--jobs", "2"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    kept = tmp_path / "grades" / "kept"
    deadline = time.monotonic() + 60
    while (not kept.is_dir() or len(list(kept.glob("*.json"))) < 2) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Interrupted: 2 of 4 worksheets are done." in errors
    assert "Traceback" not in errors
    assert not out.exists()
    assert len(list(kept.glob("*.json"))) == 2
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=False).stdout
    assert not [line for line in listed.splitlines() if str(process.pid) in line.split()[:1]]


def test_two_worksheets_of_a_lab_count_for_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(tmp_path / "class", "2301")
    (tmp_path / "class" / "2301.md").write_text(sheet("bp2", "2301"), encoding="utf-8")
    hand_in(tmp_path / "class" / "2302" / "x", "a", "bp1-losses", of="2302")
    hand_in(tmp_path / "class" / "2302" / "x", "b", of="2302")
    assert grade(tmp_path / "class", tmp_path / "grades.csv") == 1
    found = [(row["student"], row["lab"], row["points"]) for row in rows(tmp_path / "grades.csv")]
    assert found == [("2301", "bp2", "0"), ("2301", "bp2", "0"), ("2302", "bp1-losses", "5"), ("2302", "bp2", "4")]
    assert "2 worksheets of lab bp2" in capsys.readouterr().out


def test_what_was_not_graded_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(tmp_path / "class", "2301")
    hand_in(tmp_path / "class", "2302", of="2301")
    (tmp_path / "class" / "=cmd|' !A0").mkdir()
    (tmp_path / "class" / "list.txt").touch()
    assert grade(tmp_path / "class", tmp_path / "grades.csv", "--plain") == 1
    said = capsys.readouterr().out
    assert "1 of 2 worksheets graded, 1 passed; mean 100 %" in said
    assert "handed in without a worksheet: 1" in said
    assert "2302  it is the worksheet of student 2301, handed in by 2302" in said
    assert "passed over (no worksheet, no folder): list.txt" in said
    assert max(map(len, said.replace(str(tmp_path), "").splitlines())) <= 80
    assert rows(tmp_path / "grades.csv")[2]["student"] == "'=cmd|' !A0"
    names = sorted(path.name for path in (tmp_path / "grades").glob("*.md"))
    assert names[:2] == ["2301.md", "2302.md"]
    assert names[2].startswith("cmd-A0-")


def test_strange_names_do_no_harm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "class"
    for name in ("a\nb", "\x1b[2J", "x" * 200, "..x", "😀", "CON", "; rm -rf ~", "[red]x[/red]", "%s{0}", 'a,b"c'):
        hand_in(folder, name, of="2301")
    os.mkdir(os.fsencode(folder) + b"/\xff\xfe")
    assert grade(folder, tmp_path / "grades.csv") == 1
    said = capsys.readouterr()
    assert "\x1b" not in said.out + said.err
    assert "passed over (no worksheet, no folder): ..x" in said.out
    assert len(rows(tmp_path / "grades.csv")) == 10
    assert len(list((tmp_path / "grades").glob("*.md"))) == 10
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class", "grades", "grades.csv"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["nowhere", "--out", "grades.csv"], "There is no folder nowhere."),
        (["file", "--out", "grades.csv"], "file is a file."),
        (["empty", "--out", "grades.csv"], "empty holds no worksheet and no folder."),
        (["class", "--out", "class/grades.csv"], "among the submissions"),
        (["class", "--out", "empty"], "empty is a folder."),
        (["class", "--out", "file/x/grades.csv"], "cannot be written"),
        (["class", "--jobs", "0"], "--jobs 0: a number from 1 to 256 was expected."),
        (["class", "--seconds", "0"], "--seconds 0: a number from 1 to 3600 was expected."),
    ],
)
def test_what_is_badly_asked_is_said_in_a_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    sentence: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    hand_in(tmp_path / "class", "2301")
    before = sorted(tmp_path.rglob("*"))
    assert main(["lab", "grade", *options]) == 2
    assert sentence in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_one_lab_counts_if_it_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(tmp_path / "class", "2301")
    hand_in(tmp_path / "class", "2302", "bp1-losses")
    assert grade(tmp_path / "class", tmp_path / "grades.csv") == 0
    assert "2 labs were handed in: bp1-losses (1), bp2 (1)" in " ".join(capsys.readouterr().out.split())
    assert grade(tmp_path / "class", tmp_path / "grades.csv", "--lab", "bp2") == 1
    assert "another lab: bp1-losses, not bp2" in " ".join(capsys.readouterr().out.split())
    assert [row["points"] for row in rows(tmp_path / "grades.csv")] == ["4", "0"]
    assert grade(tmp_path / "class", tmp_path / "grades.csv", "--lab", "nosuch") == 2


def test_reports_do_not_go_where_the_submissions_lie(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(tmp_path / "s2", "2301")
    assert grade(tmp_path / "s2", tmp_path / "s2.csv") == 2
    said = capsys.readouterr().err
    assert f"would go to the folder {tmp_path / 's2'}, among the submissions" in said
    assert "lies inside" not in said
