"""Every lab of the library: sound for the plain variant and a student, the references of others pass too.

With ``-m long``: for both students of the self-test and eight more, and the references of two hundred."""

from __future__ import annotations

import tomllib

import pytest

from chapters.labs.judging import judge
from chapters.labs.lab import labs, load
from chapters.labs.self_test import STUDENTS, references, trials
from chapters.labs.variants import variant
from chapters.labs.worksheet import written
from numeric.student import run_calls

NAMES = [lab.name for lab in labs()]
WITHOUT_PYTHON = [lab.name for lab in labs() if lab.kind != "numpy"]
DRAWN = [lab.name for lab in labs() if lab.kind == "predict"]
"""The labs whose answers differ by student; in the others letters, spelling and examples do."""


def problems(name: str, *students: str) -> list[str]:
    found = list(trials(load(name), students, run=run_calls))
    assert len(found) > 2 * len(students), "a lab needs wrong answers"
    return [f"{trial.student} {trial.what}: {trial.problem}" for trial in found if trial.problem]


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_passes_the_starter_fails_and_each_wrong_answer_fails_as_meant(name: str) -> None:
    assert problems(name, "") == []


@pytest.mark.parametrize("name", DRAWN)
def test_so_it_is_for_a_student_with_numbers_of_their_own(name: str) -> None:
    assert problems(name, "1001") == []


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_so_it_is_for_every_student(name: str) -> None:
    assert problems(name, *STUDENTS[1:], *map(str, range(8))) == []


@pytest.mark.parametrize("name", WITHOUT_PYTHON)
def test_the_references_of_some_students_pass(name: str) -> None:
    references_pass(name, students=6, judged=1)


@pytest.mark.long
@pytest.mark.parametrize("name", WITHOUT_PYTHON)
def test_the_references_of_many_students_pass(name: str) -> None:
    references_pass(name, students=200, judged=12)


def references_pass(name: str, students: int, judged: int) -> None:
    """All of them are drawn, and the first few that differ are judged: the same texts are judged alike."""
    lab = load(name)
    seen = set[tuple[str, ...]]()
    for number in range(students):
        drawn = variant(lab, f"{number:04}")
        right = references(drawn)
        key = (drawn.task, *(part.task for part in drawn.parts), *right.values())
        if key in seen or len(seen) >= judged:
            continue
        seen.add(key)
        judgement = judge(lab, drawn, written(drawn, right))
        assert judgement.passed, (number, [part.reason for part in judgement.parts])
        assert judgement.earned == judgement.points == drawn.points


@pytest.mark.parametrize("name", NAMES)
def test_a_lab_gives_hints_and_its_texts_are_filled_in(name: str) -> None:
    for student in STUDENTS:
        drawn = variant(load(name), student)
        assert "%{" not in written(drawn)
        for part in drawn.parts:
            assert part.hints, part.name
            assert part.points >= 1


def test_every_lab_is_a_file_of_its_name() -> None:
    assert len(NAMES) == len(set(NAMES))
    for lab in labs():
        assert lab.raw == tomllib.loads(tomllib_text(lab.name))


def tomllib_text(name: str) -> str:
    from importlib.resources import files

    return (files("chapters.labs") / "library" / f"{name}.toml").read_text(encoding="utf-8")
