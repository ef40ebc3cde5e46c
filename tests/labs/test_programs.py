"""Kind numpy: functions run in isolation, partial credit, and what is said of each kind of failure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chapters.labs import programs
from chapters.labs.feedback import Page
from chapters.labs.judgement import JudgedPart, UnusableError
from chapters.labs.judging import judge
from chapters.labs.lab import LabError, load, parsed
from chapters.labs.self_test import references
from chapters.labs.together import judge_together
from chapters.labs.variants import variant
from chapters.labs.worksheet import written
from numeric.student import run_calls
from tests.labs.worksheets import text_of

LAB = load("backprop-numpy")
PLAIN = variant(LAB)
RIGHT = references(PLAIN)


def both(hidden: str = "", backprop: str = "") -> tuple[JudgedPart, JudgedPart]:
    answers = {"hidden-error": hidden or RIGHT["hidden-error"], "backprop": backprop or RIGHT["backprop"]}
    first, second = judge(LAB, PLAIN, written(PLAIN, answers), run=run_calls).parts
    return first, second


def of_hidden(*lines: str) -> str:
    return "def hidden_error(W_next, delta_next, z):\n" + "".join(f"    {line}\n" for line in lines)


BY_ITSELF = RIGHT["backprop"].replace(
    "hidden_error(W[l], delta, z[l - 1])", "(W[l].T @ delta) * sigmoid_prime(z[l - 1])"
)
"""A backprop that does not call hidden_error."""
GOOD = "(W_next.T @ delta_next) * sigmoid_prime(z)"


@pytest.mark.parametrize(
    ("lines", "code", "said"),
    [
        (["..."], "returns-nothing", "return"),
        (["pass"], "returns-nothing", "return"),
        (["raise NotImplementedError"], "not-answered", "not written yet"),
        ([f"print({GOOD})"], "printed", "Use return"),
        (["print('passed')", "return 'passed'"], "not-numbers", "no array of numbers"),
        (["return None"], "returns-nothing", "return"),
        (["return 1.0"], "wrong-shape", "()"),
        ([f"return {GOOD}.tolist()"], None, ""),
        ([f"return ({GOOD}).T"], "transposed", "transposed"),
        ([f"return ({GOOD}).ravel()"], "flat", "keep both axes"),
        ([f"return -{GOOD}"], "sign-hidden", "sign"),
        (["return W_next.T @ delta_next"], "missing-slope", "σ'(z^l) is missing"),
        ([f"return {GOOD} / 0"], "not-finite", "NaN or infinite"),
        ([f"return {GOOD} + 1e-3"], "wrong-value", "where"),
        (["z *= 0", "return z"], "overwrites", "changes the arrays"),
        (["return W_next @ delta_next"], "raised", "inner widths differ"),
        (["return delta_next + z"], "raised", "do not go together"),
        (["return sigmoid_prim(z)"], "raised", "never given a value"),
        (["return 1 / 0"], "raised", "ZeroDivisionError"),
        (["n = input('n? ')", "return z"], "raised", "Nobody is here to type"),
        (["return hidden_error(W_next, delta_next, z)"], "raised", "RecursionError"),
        (["import os", "os._exit(0)"], "stopped", ""),
        (["import sys", "sys.exit()"], "stopped", ""),
    ],
)
def test_what_is_said_of_a_function(lines: list[str], code: str | None, said: str) -> None:
    part, other = both(hidden=of_hidden(*lines), backprop=BY_ITSELF)
    text = " ".join(text_of(part).split())
    assert part.passed == (code is None), text
    if code is not None:
        assert code in part.codes, text
        assert said in text
        assert part.reason
        assert part.earned < part.points
    assert other.passed, "the other part is not the worse for it"
    assert all(len(line) <= 80 for line in text_of(part).splitlines())


def test_a_file_that_does_not_load_says_the_line_and_earns_nothing() -> None:
    source = written(PLAIN, RIGHT)
    line = source.splitlines().index("import numpy as np") + 1
    for broken, said in (("import nump as np", "No module"), ("import numpy as", "SyntaxError")):
        parts = judge(LAB, PLAIN, source.replace("import numpy as np", broken), run=run_calls).parts
        assert [part.earned for part in parts] == [0, 0]
        assert {part.codes for part in parts} == {("does-not-load",)}
        assert f"line {line}" in text_of(parts[0])
        assert said in text_of(parts[0])


def test_a_function_that_is_gone_or_renamed_is_named() -> None:
    part, _ = both(hidden=RIGHT["hidden-error"].replace("def hidden_error", "def hidden"))
    assert part.codes == ("no-function",)


def test_an_endless_loop_costs_its_own_part_only_and_the_function_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert programs.SECONDS_TOGETHER + programs.SECONDS_ALONE <= 11, "nobody waits longer than that"
    monkeypatch.setattr(programs, "SECONDS_TOGETHER", 0.8)
    monkeypatch.setattr(programs, "SECONDS_ALONE", 2.0)
    loop = "    while True:\n        pass\n"
    for name, function in (("backprop", "backprop(W, b, x, y)"), ("hidden-error", "hidden_error(W_next, delta, z)")):
        answers = RIGHT | {name: f"def {function}:\n{loop}"}
        if name == "hidden-error":
            answers["backprop"] = BY_ITSELF
        parts = {part.name: part for part in judge(LAB, PLAIN, written(PLAIN, answers), run=run_calls).parts}
        stopped = parts.pop(name)
        assert stopped.codes == ("stopped",)
        assert stopped.earned == 0
        assert f"{function.partition('(')[0]} did not come to an end" in text_of(stopped)
        assert all(part.passed for part in parts.values())


def test_a_loop_outside_the_functions_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "SECONDS_TOGETHER", 0.8)
    monkeypatch.setattr(programs, "SECONDS_ALONE", 0.8)
    parts = judge(LAB, PLAIN, written(PLAIN, RIGHT) + "\nwhile True: pass\n", run=run_calls).parts
    assert {part.codes for part in parts} == {("does-not-load",)}
    assert "outside the functions" in text_of(parts[0])


def test_partial_credit_for_what_is_right() -> None:
    flat = RIGHT["backprop"].replace("axis=1, keepdims=True", "axis=1")
    _, part = both(backprop=flat)
    assert part.earned == 2
    text = text_of(part)
    assert text.count("✓") == 2
    assert text.count("✗") == 2
    assert "bias-flat" in part.codes


def test_a_slip_in_one_equation_is_named_where_it_is() -> None:
    slip = RIGHT["backprop"].replace("hidden_error(W[l], delta, z[l - 1])", "W[l].T @ delta")
    _, part = both(backprop=slip)
    assert "missing-slope" in part.codes
    assert "✓ dW, output layer" in text_of(part)
    assert part.earned == 2


def test_two_things_are_told_of_one_array() -> None:
    slip = (
        RIGHT["backprop"]
        .replace("hidden_error(W[l], delta, z[l - 1])", "W[l].T @ delta")
        .replace(", keepdims=True", "")
    )
    _, part = both(backprop=slip)
    assert {"flat", "missing-slope", "bias-flat"} <= set(part.codes)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("dW", "returns-other"),
        ("(dW, db, 1)", "returns-other"),
        ("(dW[:1], db)", "missing"),
        ("(dW, [None] * len(db))", "missing"),
        ("{'dW': dW}", "returns-other"),
        ("db, dW", "exchanged"),
        ("dW[::-1], db[::-1]", "reversed"),
    ],
)
def test_another_structure_is_told(value: str, code: str) -> None:
    _, part = both(backprop=RIGHT["backprop"].replace("return dW, db", f"return {value}"))
    assert code in part.codes
    assert not part.passed


def test_the_authors_words_explain_what_was_only_seen() -> None:
    """The function may use other names; where a diagnosis explains the numbers, nothing is added."""
    lab = load("forward-numpy")
    drawn = variant(lab)

    def part(name: str, function: str) -> str:
        found = judge(lab, drawn, written(drawn, references(drawn) | {name: function}), run=run_calls).parts
        return " ".join(text_of(next(one for one in found if one.name == name)).split())

    forgotten = "def sigmoid(x):\n    'my own'\n    return 1.0 / 1.0 + np.exp(-x)\n"
    assert "This is 1/1 and then plus exp(−z)." in part("sigmoid", forgotten)
    assert "This falls" not in part("sigmoid", "def sigmoid(z):\n    return 1.0 / (1.0 + np.exp(z))\n")
    assert "1/1" not in part("sigmoid", "def sigmoid(x):\n    return 2.0 / 1.0 + np.exp(-x)\n")


def test_of_a_forward_pass_the_first_wrong_layer_is_told_and_what_follows_from_it() -> None:
    lab = load("forward-numpy")
    drawn = variant(lab)
    right = references(drawn)
    slip = right["forward"].replace("a.append(", "a.append(0 * z[-1] if l == 0 else ")
    part = judge(lab, drawn, written(drawn, right | {"forward": slip}), run=run_calls).parts[-1]
    text = " ".join(text_of(part).split())
    assert text.startswith("✗ a, hidden layers a^1: Every entry is 0.")
    assert "z^2: This follows from a^1, which is not right" in text
    assert {"zeros", "same-cause"} == set(part.codes)


def test_worksheets_of_the_library_are_judged_together_as_they_are_alone() -> None:
    """The self-test's single process sees no less than a process for each."""
    answers = {
        "right": {},
        "prints": {"hidden-error": of_hidden(f"print({GOOD})")},
        "does not load": {"hidden-error": "def hidden_error(:"},
        "ends itself": {"hidden-error": of_hidden("import os", "os._exit(0)")},
        "after it": {},
    }
    first = replace(PLAIN, parts=PLAIN.parts[:1])
    sheets = [(first, written(PLAIN, RIGHT | more)) for more in answers.values()]
    together = judge_together(sheets, run_calls, Page())
    for (_, text), found in zip(sheets, together, strict=True):
        alone = judge(LAB, first, text, run=run_calls)
        assert [(part.codes, part.earned) for part in found.parts] == [
            (part.codes, part.earned) for part in alone.parts
        ]


def test_answers_kept_from_an_earlier_check_do_not_help() -> None:
    """A function cannot know the numbers: they are drawn anew in each check."""
    part, _ = both(hidden=of_hidden("return np.zeros(z.shape)"))
    assert part.codes == ("zeros",)
    seen = set()
    for _ in range(2):
        shown, _ = both(hidden=of_hidden("return (W_next.T @ delta_next) * sigmoid_prime(z) + 1"))
        seen.add(text_of(shown))
    assert len(seen) == 2


def test_without_a_runner_nothing_is_run() -> None:
    with pytest.raises(UnusableError, match="isolation"):
        judge(LAB, PLAIN, written(PLAIN, RIGHT))


def test_a_judge_or_an_option_that_does_not_exist_is_the_authors_error() -> None:
    text = """
name = "own"
chapter = 1
title = "T"
kind = "numpy"
task = "t"
[[part]]
name = "a"
title = "A"
points = 1
judge = "clip"
function = "f"
starter = "def f(g, largest): ..."
reference = "def f(g, largest): return g"
"""
    for old, new, said in (
        ('"clip"', '"clipp"', "no judge"),
        ('function = "f"', 'function = "f"\noptions = {of = "x"}', "no option"),
        ('"clip"', '"loss"\noptions = {loss = "x"}', "loss = 'x'"),
    ):
        lab = parsed(text.replace(old, new), "own")
        with pytest.raises(LabError, match=said):
            judge(lab, variant(lab), "", run=run_calls)


def test_a_missing_mean_is_looked_for_in_the_sums_and_not_in_bp1() -> None:
    _, part = both(backprop=RIGHT["backprop"].replace(" / m\n", "\n"))
    assert set(part.codes) == {"missing-mean", "same-cause"}
    said = " ".join(text_of(part).split())
    assert "1/m is missing in BP3 and BP4" in said
    assert "BP1" not in said
    _, twice = both(backprop=RIGHT["backprop"].replace(" / m\n", " * 2 / m\n"))
    assert "missing-mean" not in twice.codes
