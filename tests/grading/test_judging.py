"""The judging process: what it is asked, what it survives, and what costs one part only."""

from __future__ import annotations

import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chapters.grading.judge import answer, graded
from chapters.grading.names import Names
from chapters.grading.questions import Check, Task, check_as_data, check_from_data, task_as_data, task_from_data
from chapters.grading.running import JudgingProcess, LostJudgeError, _Judge, check, judged
from chapters.labs import programs
from chapters.labs.faults import NOT_JUDGED
from chapters.labs.judgement import UnusableError, as_data, from_data
from chapters.labs.judging import judge
from chapters.labs.lab import labs, load
from chapters.labs.self_test import references
from chapters.labs.variants import variant
from chapters.labs.worksheet import written
from numeric.student import Call, Limits, Ran, Returned, Stopped

PROJECT = Path(__file__).resolve().parents[2]
NUMPY_LABS = [lab.name for lab in labs() if lab.kind == "numpy"]
OTHER_LABS = ["bp2", "batch-gradients", "bp3-bp4", "forward-by-hand", "shapes"]
LIMITS = Limits()
ENDLESS = "\nwhile True: pass\n"


def sheet(name: str, student: str = "2301", **answers: str) -> str:
    drawn = variant(load(name), student)
    return written(drawn, references(drawn) | answers)


def task(text: str, student: str = "2301", suffix: str = ".md", seconds: float = 60.0) -> Task:
    return Task(student, f"{student}/worksheet{suffix}", text.encode(), suffix, Names(alike=(student,)), False, seconds)


# ---- a fault costs its part only ----

ARRAYS = st.sampled_from(
    [np.zeros(()), np.zeros(0), np.zeros((2, 0)), np.ones((1, 1)), np.ones((0,) * 32), np.full((2, 2), np.nan)]
    + [np.ones(3, dtype=kind) for kind in ("bool", "int8", "uint64", "float16", "float32")]
)
NUMBERS = st.sampled_from([0, 1, -1, 1.5, 1 << 62, True, float("nan"), float("inf"), 1e308, "text", "", None])
VALUES = st.recursive(
    ARRAYS | NUMBERS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(st.text(max_size=2), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("name", NUMPY_LABS)
@given(VALUES)
@example(0)
@example((0, 0))
@example((np.zeros((2, 0)), np.array(1.5)))
@example([[0], [0]])
@example(([np.array(1.0)] * 3, [np.array(1.0)] * 3))
@settings(max_examples=15, deadline=None)
def test_whatever_a_function_returns_can_be_judged(name: str, value: Any) -> None:
    """What came back may be anything that travels; none of it brings the judge down."""

    def returning(source: str, calls: Sequence[Call], limits: Limits = LIMITS, *, walled: bool = True) -> Ran:
        return Ran(tuple(Returned(value, True) for _ in calls), "", None, ("python",))

    found = judge(load(name), variant(load(name)), "", run=returning)
    for part in found.parts:
        assert NOT_JUDGED not in part.codes, part.reason
        assert 0 <= part.earned <= part.points


@pytest.mark.parametrize("name", OTHER_LABS)
@given(st.text(st.sampled_from(list("δ^LT_{}()[]+-=/*⊙Σ∂ axWb1230.,;:'\\\"#`\n\0×·")), max_size=60))
@example("-" * 3000)
@example("(" * 600)
@example("9" * 5000)
@example("[[" * 200)
@settings(max_examples=10, deadline=None)
def test_whatever_is_typed_can_be_judged(name: str, typed: str) -> None:
    drawn = variant(load(name))
    found = judge(load(name), drawn, written(drawn, {part.name: typed for part in drawn.parts}))
    for part in found.parts:
        assert NOT_JUDGED not in part.codes, part.reason


def test_code_that_was_never_run_is_no_wrong_answer() -> None:
    """A machine out of processes, or too busy to begin: that is not the student's doing."""
    lab = load("bp2-numpy")

    def failing(source: str, calls: Sequence[Call], limits: Limits = LIMITS, *, walled: bool = True) -> Ran:
        return Ran((), "", Stopped("not started", "it could not be run: no more processes"))

    found = judge(lab, variant(lab), "", run=failing)
    assert all(part.codes == (NOT_JUDGED,) for part in found.parts)


def test_an_answer_without_end_costs_its_part_before_it_is_read() -> None:
    drawn = variant(load("bp1-losses"))
    first, *others = drawn.parts
    text = written(drawn, references(drawn) | {first.name: "\n".join(["δ^L = a^L - y"] * 20_000)})
    found = judge(load("bp1-losses"), drawn, text + "\n```backproof nothing\n```\n" * 5_000)
    assert "20000 is the most that is read" in found.parts[0].reason
    assert [part.earned for part in found.parts] == [0, *(part.points for part in others)]
    assert len(found.notes) == 21
    assert "4980 more" in found.notes[-1]


@pytest.mark.parametrize(
    ("name", "place"), [("bp1-losses", "formulas.judge_formula"), ("bp2-numpy", "programs.reason_against")]
)
def test_a_fault_of_the_program_costs_one_part_and_is_told_as_ours(
    name: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module(f"chapters.labs.{place.partition('.')[0]}")
    right, count = getattr(module, place.partition(".")[2]), 0

    def failing_at_first(*given: Any) -> Any:
        nonlocal count
        count += 1
        if count == 1:
            raise ZeroDivisionError("a fault")
        return right(*given)

    monkeypatch.setattr(module, place.partition(".")[2], failing_at_first)
    suffix = Path(load(name).worksheet).suffix
    grade = graded(task(sheet(name), suffix=suffix))
    first, *others = grade.parts
    assert others
    assert all(part.earned == part.points for part in others)
    assert (first.earned, first.codes, grade.unjudged) == (0, (NOT_JUDGED,), (first.name,))
    assert "a fault of the program, not yours" in first.reason
    assert not grade.problem
    assert not grade.lasting  # it is judged again by the next run


# ---- questions and answers ----


def test_questions_and_answers_travel_as_json() -> None:
    one = replace(task("x", "Zoë\udcff"), content=bytes(range(256)), answers_to=Names(("A",), ("a", "b")), lab="bp2")
    assert task_from_data(json.loads(json.dumps(task_as_data(one)))) == one
    found = judge(load("bp2"), variant(load("bp2")), sheet("bp2", ""))
    back = from_data(json.loads(json.dumps(as_data(found))))
    assert back == replace(found, parts=tuple(replace(part, verdict=None) for part in found.parts))
    asked = {"lab": "bp2", "student": "", "text": "x", "seconds": 9.0}
    assert check_from_data(asked) == Check("bp2", "", "x", 9.0)


def test_what_a_process_answers_is_what_is_judged_here() -> None:
    asked = Check("bp2", "2301", sheet("bp2", first="δ^l = 0"), 60.0, 72, True, {})
    judgement, hint = check(asked)
    here = answer({"check": check_as_data(asked)})
    assert json.loads(json.dumps(as_data(judgement))) == json.loads(json.dumps(here["judgement"]))
    assert (hint is None) == (here["hint"] is None)


def test_a_process_judges_one_worksheet_after_the_other() -> None:
    with JudgingProcess() as process:
        for student in ("2301", "2302"):
            said = process.ask({"grade": task_as_data(task(sheet("bp2", student), student))}, 60)
            assert said["grade"]["student"] == student
            assert not said["grade"]["problem"]
        first = process.process.pid
    grades = dict(judged([task(sheet("bp2", name), name) for name in ("1", "2", "3")], 2))
    assert [grades[place].earned for place in range(3)] == [4, 4, 4]
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_nobody_pays_for_a_process_that_another_has_spoilt() -> None:
    judge_ = _Judge(queue.SimpleQueue(), queue.SimpleQueue())
    try:
        assert judge_.graded(task(sheet("bp2"))).passed
        assert judge_.process is not None
        judge_.process.process.kill()
        judge_.process.process.wait()
        assert judge_.graded(task(sheet("bp2", "2302"), "2302")).passed
    finally:
        judge_.stop()
    assert judge_.graded(task(sheet("bp2"))).problem  # nothing is started after the end


# ---- limits ----


def test_lab_check_judges_within_the_limits_of_grading() -> None:
    """Its code has a ration of the time, and whatever takes longer than all of it is ended."""
    endless = sheet("bp2-numpy") + ENDLESS
    judgement, _ = check(Check("bp2-numpy", "2301", endless, 4.0))
    assert judgement.earned == 0
    assert not any(part.passed for part in judgement.parts)
    with pytest.raises(UnusableError, match=r"more than 0.05 seconds"):
        check(Check("bp2-numpy", "2301", endless, 0.05))
    with JudgingProcess() as process:
        with pytest.raises(LostJudgeError, match=r"more than 0.05 seconds"):
            process.ask({"grade": task_as_data(task(endless, suffix=".py"))}, 0.05)
        assert process.process.poll() is not None


def test_a_judging_process_has_limits_of_its_own() -> None:
    script = (
        "import resource\nfrom chapters.grading.judge import _limit\nfrom chapters.grading.limits import MEMORY\n"
        "_limit(60)\nassert resource.getrlimit(resource.RLIMIT_AS)[0] == MEMORY\n"
        "assert 60 <= resource.getrlimit(resource.RLIMIT_CPU)[0] <= 70\n"
        "_limit(3600)\nassert resource.getrlimit(resource.RLIMIT_CPU)[0] >= 3600\n"
        "try:\n    bytearray(MEMORY)\nexcept MemoryError:\n    print('held')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.stdout == "held\n", done.stderr


def test_parts_that_run_at_the_same_time_share_the_memory_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Limits] = []

    def recording(source: str, calls: Sequence[Call], limits: Limits = LIMITS, *, walled: bool = True) -> Ran:
        asked.append(limits)
        if not calls:
            return Ran((), "", None, ("python",))
        return Ran((), "", Stopped("slow", "it had not finished"), ("python",))

    lab = max((load(name) for name in NUMPY_LABS), key=lambda one: len(variant(one).parts))
    judge(lab, variant(lab), "", run=recording)
    alone = asked[2:]
    assert len(alone) == len(variant(lab).parts) >= 2
    at_once = min(len(alone), programs.AT_ONCE)
    assert at_once * max(one.memory for one in alone) <= LIMITS.memory
    assert at_once * max(one.answer for one in alone) <= LIMITS.answer


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells which processes there are")
def test_a_killed_run_leaves_nothing_that_the_next_does_not_clear(tmp_path: Path) -> None:
    folder, out, scratch = tmp_path / "class", tmp_path / "grades.csv", tmp_path / "scratch"
    scratch.mkdir()
    for student in ("2301", "2302"):
        place = folder / student
        place.mkdir(parents=True)
        (place / "worksheet.py").write_text(sheet("bp2-numpy", student) + ENDLESS, encoding="utf-8")
    script = "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", script, "lab", "grade", str(folder), "--out", str(out), "--jobs", "2"]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    killed = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: len(list(scratch.glob("backproof-*"))) == 2 and len(running_below(killed.pid)) >= 4)
        below = running_below(killed.pid)
    finally:
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    wait_for(lambda: not any(Path(f"/proc/{one}").exists() for one in below))
    (tmp_path / "grades" / f".backproof-{killed.pid}-x.part").write_text("half", encoding="utf-8")
    (tmp_path / "grades" / f".backproof-{os.getpid()}-x.part").write_text("half", encoding="utf-8")
    for student in ("2301", "2302"):
        (folder / student / "worksheet.py").write_text(sheet("bp2-numpy", student), encoding="utf-8")
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    assert list(scratch.iterdir()) == []
    assert [path.name for path in (tmp_path / "grades").glob(".backproof-*.part")] == [
        f".backproof-{os.getpid()}-x.part"
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class", "grades", "grades.csv", "scratch"]


def running_below(parent: int) -> list[int]:
    """The processes that a process has started, and those that these have."""
    try:
        listed = Path(f"/proc/{parent}/task").iterdir()
        children = [int(one) for thread in listed for one in (thread / "children").read_text().split()]
    except OSError:
        return []
    return children + [one for child in children for one in running_below(child)]


def wait_for(happened: Any) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.05)
