"""Variants: each student's own, the same wherever and whenever they are drawn."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256

import pytest

from chapters.labs.lab import LabError, load, parsed
from chapters.labs.notation import in_brackets
from chapters.labs.variants import show, variant
from chapters.labs.worksheet import read_header, written

HEAD = 'name = "own"\nchapter = 1\ntitle = "T"\nkind = "formula"\ntask = "%s"\nsetting = "use network"\n%s\n'
PART = '[[part]]\nname = "a"\ntitle = "A"\npoints = 1\nstarter = "∂J/∂b^l = ?"\nreference = "∂J/∂b^l = δ^l"\n'


def own(task: str, vary: str, more: str = "") -> str:
    return HEAD % (task, more) + f"[vary]\n{vary}\n{PART}"


def test_a_variant_is_the_same_in_another_process_and_under_another_hash_seed() -> None:
    code = (
        "from chapters.labs.lab import load; from chapters.labs.variants import variant;"
        "from chapters.labs.worksheet import written; print(written(variant(load('forward-by-hand'), '2301')))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {written(variant(load("forward-by-hand"), "2301")) + "\n"}


def test_students_differ_from_each_other_and_one_draw_stays_as_it_was() -> None:
    drawn = {written(variant(load("forward-by-hand"), str(number))) for number in range(25)}
    assert len(drawn) == 25
    lab = parsed(own("%{n}", "n = {from = 2, to = 9}"), "own")
    for student in ("1", "2301", "x@y"):  # once a course has begun, what is drawn must never change
        digest = sha256(f"own\n{student}\nn\n0\n0".encode()).digest()
        assert variant(lab, student).task == str(2 + int.from_bytes(digest[:8], "big") % 8)


def test_matrices_columns_entries_choices_and_steps_are_filled_in() -> None:
    vary = """
W = {rows = 2, columns = 2, from = -3, to = 3, plain = [[1, -2], [3, 4]]}
x = {rows = 2, from = 0, to = 1, step = 0.5, plain = [0.5, 1]}
letter = ["p", "q"]
"""
    lab = parsed(own("%{W} %{W[1,2]} %{x} %{x[2]} %{letter} 100%", vary), "own")
    assert variant(lab).task == "[[1, -2], [3, 4]] -2 [0.5, 1] 1 p 100%"
    letters = {str(variant(lab, str(number)).values["letter"]) for number in range(20)}
    assert letters == {"p", "q"}
    for number in range(50):
        x = variant(lab, str(number)).values["x"]
        assert isinstance(x, tuple)
        assert {show(row[0]) for row in x} <= {"0", "0.5", "1"}


def test_numbers_that_must_differ_do() -> None:
    vary = "a = {from = 2, to = 4}\nb = {from = 2, to = 4, plain = 3}\nc = {from = 2, to = 4, plain = 4}"
    lab = parsed(own("%{a} %{b} %{c}", vary, 'distinct = [["a", "b", "c"]]'), "own")
    for number in range(60):
        assert len(set(variant(lab, str(number)).task.split())) == 3


def test_a_text_may_be_chosen_by_what_was_drawn() -> None:
    text = own('%{letter}", ""', 'letter = ["p", "q"]').replace(
        'task = "%{letter}", """', 'task = {when = "letter", p = "first", q = "second"}'
    )
    lab = parsed(text, "own")
    assert {variant(lab, str(number)).task for number in range(20)} == {"first", "second"}


@pytest.mark.parametrize(
    ("text", "brackets"),
    [
        ("δ^l = (W^{l+1})^T δ^{l+1}", "δ^{[l]} = (W^{[l+1]})^T δ^{[l+1]}"),
        ("∂J/∂W^l = δ^l (a^{l-1})^T", "∂J/∂W^{[l]} = δ^{[l]} (a^{[l-1]})^T"),
        ("Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)", "Σ_k w^{[l+1]}_{kj} δ^{[l+1]}_k σ'(z^{[l]}_j)"),
        ("dW^l and a^L, a^2", "dW^{[l]} and a^{[L]}, a^{[2]}"),
        ("n_l, x^2, W^T, ½‖y − a^L‖²", "n_l, x^2, W^T, ½‖y − a^{[L]}‖²"),
        ("δ^{[l]}", "δ^{[l]}"),
    ],
)
def test_layers_in_brackets(text: str, brackets: str) -> None:
    assert in_brackets(text) == brackets


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("chapter = 1", 'chapter = "one"'), "“chapter” should be a whole number"),
        (('kind = "formula"', 'kind = "essay"'), "“kind” should be formula"),
        (("starter =", "startr ="), "“starter” is missing. There is a field “startr”: is it this one?"),
        (("points = 1", "points = 1\nhnts = []"), "Is it “hints”?"),
        (("points = 1", ""), "“points” should be a number from 1"),
        (('name = "own"', 'name = "other"'), "as the file is called"),
        (('task = "x"', 'task = "%{z}"'), "stands for nothing that is drawn"),
        (("use network", "use netwrok"), "own, a"),
        (('title = "A"', "title = "), "own:"),
        (("points = 1", 'points = 1\nhints = "look"'), "“hints” should be a list in [ ]"),
        (("points = 1", "points = 1\nhints = [1]"), "“hints” should be a list of texts"),
        (("points = 1", 'points = 1\nwithout = "δ"'), "“without” should be a list"),
        (("points = 1", "points = 1\nwrong = {answer = 3}"), "a list of tables, each begun with [[… wrong]]"),
        (("points = 1", "points = 1\nwrong = [{answer = 3, diagnosis = 'x'}]"), "“answer” should be a text in quotes"),
        (("to = 3", "to = 1"), "nothing to choose from 2 to 1"),
        (("from = 2", 'from = "two"'), "“two” is no number"),
        (('starter = "∂J', 'starter = "(∂J'), "“(∂J/∂b^l = ?” cannot be read"),
        (('kind = "formula"', 'kind = "formula"\ndistinct = ["n"]'), "“distinct” should be a list of lists"),
        (('kind = "formula"', 'kind = "formula"\ndistinct = [["n", "q"]]'), "%{q} stands for nothing that is drawn"),
    ],
)
def test_a_lab_that_breaks_the_format_says_where(change: tuple[str, str], complaint: str) -> None:
    from tests.labs.worksheets import part_of_own

    text = own("x", "n = {from = 2, to = 3}").replace(*change, 1)

    def use() -> None:
        lab = parsed(text, "own")
        part_of_own(lab, variant(lab, "7"), {})

    with pytest.raises(LabError) as problem:
        use()
    assert complaint in str(problem.value)


def test_the_first_line_names_lab_and_student() -> None:
    for name in ("bp2", "backprop-numpy"):
        for student in ("", "2301", "a.b-c@d"):
            assert read_header(written(variant(load(name), student))) == (name, student)
    assert read_header("\ufeff<!-- backproof lab bp2, student 7-->\n") == ("bp2", "7")
    assert read_header("# My homework\n") is None
