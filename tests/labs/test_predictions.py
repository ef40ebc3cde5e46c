"""Kind predict: answers as students type them, slips known by their value, and what follows from what."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chapters.labs import replies
from chapters.labs.computing import array_shape
from chapters.labs.lab import LabError, load, parsed
from chapters.labs.predicting import why_unfair
from chapters.labs.variants import variant
from tests.labs.worksheets import own_lab, part_of, part_of_own, text_of


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("46", 46), ("46.0", 46), (" 46. ", 46), ("+46", 46), ("-2", -2), ("−2", -2), ("23/2", Fraction(23, 2)),
        ("23 / 2", Fraction(23, 2)), ("1e-3", Fraction(1, 1000)), ("½", Fraction(1, 2)), ("-½", Fraction(-1, 2)),
        (".5", Fraction(1, 2)), ("$46$", 46), ("`46`", 46), ("(46)", 46), ("[46]", 46), ("[[46]]", 46),
    ],
)  # fmt: skip
def test_a_number_in_many_spellings(typed: str, value: Fraction) -> None:
    assert replies.rows(typed) == ((value,),)


@pytest.mark.parametrize(
    "typed",
    [
        "[8, 3]",
        "(8, 3)",
        "8, 3",
        "[8; 3]",
        "[8 3]",
        "8 3",
        "8  3",
        "(8 3)",
        "[[8], [3]]",
        "[[8],[3]]",
        "[8.0, 6/2]",
        "np.array([8, 3])",
        "[8, 3]^T",
        "$[8, 3]^T$",
        "[8, 3].T",
    ],
)
def test_a_column_in_many_spellings(typed: str) -> None:
    assert replies.rows(typed) == ((8,), (3,))


def test_matrices_and_what_is_none() -> None:
    assert replies.rows("[[1, 2], [3, 4]]") == ((1, 2), (3, 4))
    assert replies.rows("[1 2; 3 4]") == ((1, 2), (3, 4))
    for text in (
        "",
        "forty",
        "[8, x]",
        "3 +",
        "2 (3)",
        "[[1, 2], [3]]",
        "nan",
        "inf",
        "1/0",
        "8]3[",
        "__import__('os')",
        "1e99999999",
        "(" * 999,
    ):
        assert replies.rows(text) is None, text


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    for found in (replies.rows(text), replies.shape(text)):
        assert found is None or isinstance(found, tuple)


@pytest.mark.parametrize(
    ("typed", "shape"),
    [
        ("3 x 2", (3, 2)), ("3x2", (3, 2)), ("3×2", (3, 2)), ("3 × 2", (3, 2)), ("(3, 2)", (3, 2)), ("[3, 2]", (3, 2)),
        ("3 by 2", (3, 2)), ("3, 2", (3, 2)), ("(3,)", (3,)), ("()", ()), (r"3 \times 2", (3, 2)),
        ("three", None), ("3 x", (3,)), ("n x m", None), ("-3 x 2", None),
    ],
)  # fmt: skip
def test_shapes_in_many_spellings(typed: str, shape: tuple[int, ...] | None) -> None:
    assert replies.shape(typed) == shape


@pytest.mark.parametrize(
    ("operation", "shape"),
    [
        ({"add": [[3, 1], [4]]}, (3, 4)),
        ({"add": [[3], [3, 1]]}, (3, 3)),
        ({"add": [["3"], ["2"]]}, "error"),
        ({"matmul": [[3, 2], [2]]}, (3,)),
        ({"matmul": [[3, 2], [3]]}, "error"),
        ({"sum": [2, 5], "axis": 1}, (2,)),
        ({"sum": [2, 5], "axis": 1, "keepdims": True}, (2, 1)),
        ({"transpose": [3]}, (3,)),
        ({"reshape": [6], "to": [2, 3]}, (2, 3)),
        ({"outer": [[3], [2]]}, (3, 2)),
    ],
)
def test_shapes_are_numpys_own(operation: dict[str, object], shape: object) -> None:
    assert array_shape(operation) == shape


def forward(z1: str, a1: str) -> str:
    return f"z1 = {z1}\na1 = {a1}"


@pytest.mark.parametrize(
    ("z1", "a1", "earned", "codes"),
    [
        ("[8, 2]", "[8, 2]", 2, ()),
        ("8, 2", "(8, 2)", 2, ()),
        ("[\n8,\n2]", "[8, 2]", 2, ()),
        ("[8, 2]   # I think", "[8.0, 4/2]", 2, ()),
        ("[8, 2]", "?", 1, ("not-answered",)),
        ("[6, 0]", "[8, 2]", 1, ("columns-for-rows",)),
        ("[-1, 5]", "[8, 2]", 1, ("no-bias",)),
        ("[8, 3]", "[8, 3]", 0, ("wrong-value", "follows")),
        ("[-8, -2]", "[8, 2]", 1, ("sign",)),
        ("[[8, 2]]", "[8, 2]", 1, ("transposed",)),
        ("8", "[8, 2]", 1, ("wrong-size",)),
        ("eight and two", "[8, 2]", 1, ("unreadable",)),
    ],
)
def test_answers_and_what_is_said_of_them(z1: str, a1: str, earned: int, codes: tuple[str, ...]) -> None:
    part = part_of("forward-by-hand", "hidden", forward(z1, a1))
    assert (part.earned, part.codes) == (earned, codes), text_of(part)
    assert all(len(line) <= 80 for line in text_of(part).splitlines())


def test_lines_gone_twice_or_strange_are_named() -> None:
    part = part_of("forward-by-hand", "hidden", "a1 = [8, 2]\nq = 3")
    assert part.earned == 1
    assert "its line is gone" in text_of(part)
    assert "answers no question" in text_of(part)
    assert part_of("forward-by-hand", "hidden", "z1 = [8, 2]\nz1 = [8, 3]\na1 = [8, 2]").codes == ("twice",)
    assert part_of("forward-by-hand", "hidden", "a1 = [8, 2]\nz1 = [8, 2]").passed


def test_a_shape_with_one_axis_is_explained() -> None:
    part = part_of("forward-by-hand", "output", "a2 = [43, 0]\nshape of W2 = (2,)")
    assert part.codes == ("flat",)
    assert "one axis" in text_of(part)


OWN = """
name = "own"
chapter = 1
title = "T"
kind = "predict"
task = "t"
setting = "V : 3 x %{n}"
compute = ["s = sigmoid(z)"]
[vary]
n = {from = 2, to = 4}
z = {from = 1, to = 9, plain = 0.5}
[[part]]
name = "a"
title = "A"
[[part.question]]
ask = "s"
value = "s"
digits = 3
[[part.question.slip]]
value = "sigmoid'(z)"
code = "slope"
why = "w"
[[part.question]]
ask = "shape of V"
shape = "V"
[[part.question]]
ask = "z + (2, 3)"
array = {add = [[3], [2, 3]]}
[[part.question.slip]]
answer = "error"
code = "refuses"
why = "w"
[[part.question]]
ask = "weight"
entry = "w^2_{31}"
[[part.question.slip]]
answer = "w^2_{13}"
code = "exchanged"
why = "w"
[[part.question]]
ask = "which"
choice = "larger"
options = ["larger", "smaller"]
"""
RIGHT = ["s = 0.622", "shape of V = 3 x 2", "z + (2, 3) = (2, 3)", "weight = w^2_{31}", "which = larger"]


@pytest.mark.parametrize(
    ("place", "line", "codes"),
    [
        (0, "s = 0.6225", ()),
        (0, "s = 0.623", ()),
        (0, "s = 0,622", ()),
        (0, "s = 1/(1 + 0.6077)", ()),
        (0, "s = 0.62", ("rounding",)),
        (0, "s = 0.6", ("rounding",)),
        (0, "s = 0.235", ("slope",)),
        (0, "s = 0.7", ("wrong-value",)),
        (1, "shape of V = (3, 2)", ()),
        (1, "Shape of V: 3×2", ()),
        (1, "shape of V = 2 x 3", ("transposed",)),
        (1, "shape of V = 3 x 3", ("wrong-shape",)),
        (2, "z + (2, 3) = error", ("refuses",)),
        (2, "z + (2, 3) = (3,)", ("wrong-shape",)),
        (3, "weight = W^{[2]}_{3,1}", ()),
        (3, "weight = w_{31}^2", ()),
        (3, "weight = w^2_{13}", ("exchanged",)),
        (3, "weight = w^1_{31}", ("wrong-layer",)),
        (3, "weight = w^3_{13}", ("wrong",)),
        (3, "weight = w_{31}", ("no-layer",)),
        (3, "weight = w31", ("no-layer",)),
        (3, "weight = from 1 to 3", ("unreadable",)),
        (4, "which = Larger.", ()),
        (4, "which = smaller", ("wrong",)),
        (4, "which = both", ("unreadable",)),
    ],
)
def test_each_kind_of_question(place: int, line: str, codes: tuple[str, ...]) -> None:
    lab, drawn = own_lab(OWN)
    lines = [*RIGHT]
    lines[place] = line
    part = part_of_own(lab, drawn, {"a": "\n".join(lines)})
    assert part.codes == codes, text_of(part)
    assert part.earned == 5 - bool(codes)


def test_numbers_that_let_a_slip_pass_are_not_drawn() -> None:
    text = """
name = "own"
chapter = 1
title = "T"
kind = "predict"
task = "t"
require = ["x != 3"]
[vary]
x = {from = 0, to = 4, plain = 1}
[[part]]
name = "a"
title = "A"
[[part.question]]
ask = "p"
value = "2 x"
[[part.question.slip]]
value = "x * x"
code = "squared"
why = "w"
"""
    lab = parsed(text, "own")
    assert {int(variant(lab, str(number)).values["x"]) for number in range(60)} == {1, 4}  # type: ignore[arg-type]
    with pytest.raises(LabError, match="gives the right answer"):
        variant(parsed(text.replace("plain = 1", "plain = 2"), "own"))
    with pytest.raises(LabError, match="does not hold"):
        variant(parsed(text.replace("plain = 1", "plain = 3"), "own"))
    with pytest.raises(LabError, match="none fulfils"):
        variant(parsed(text.replace("x != 3", "x > 9").replace("plain = 1", "plain = 10"), "own"), "7")
    assert why_unfair(variant(lab)) is None


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3 + 4", 7), ("8 - 3", 5), ("8-3", 5), ("3^4", 81), ("2**3", 8), ("2*3", 6), ("3·4", 12), ("sqrt(4)", 2),
        ("√9", 3), ("np.sqrt(16)", 4), ("(1 - 0.2)/2", Fraction(2, 5)), ("2^-1", Fraction(1, 2)),
    ],
)  # fmt: skip
def test_sums_are_worked_out(typed: str, value: Fraction) -> None:
    assert replies.rows(typed) == ((value,),)


def test_numbers_side_by_side_are_a_column_whatever_their_signs() -> None:
    assert replies.rows("8 -3") == replies.rows("[8 -3]") == ((8,), (-3,))
    assert replies.rows("1/2 -1/3") == ((Fraction(1, 2),), (Fraction(-1, 3),))
    assert replies.rows("[3^2 - 1, sqrt(4)]") == ((8,), (2,))


def test_commas_for_decimals_are_told_where_they_change_the_size() -> None:
    for typed in ("[8,0, 2,0]", "8,0; 2,0"):
        part = part_of("forward-by-hand", "hidden", forward(typed, "[8, 2]"))
        assert part.codes == ("wrong-size",)
        assert "Decimals stand behind a point" in " ".join(text_of(part).split())


def test_two_slips_of_the_same_value_are_both_told() -> None:
    more = """[[part.question.slip]]
value = "sigmoid'(z) + 0 z"
code = "another"
why = "v"
"""
    head = '[[part.question]]\nask = "shape of V"'
    lab, drawn = own_lab(OWN.replace(head, more + head))
    part = part_of_own(lab, drawn, {"a": "\n".join(["s = 0.235", *RIGHT[1:]])})
    assert part.codes == ("slope", "another")
    assert "w Or, which gives the same with your numbers: v" in " ".join(text_of(part).split())


def test_numpys_shape_is_rebuked_only_where_it_was_typed() -> None:
    shape = variant(load("shapes")).parts[0]
    asked = "\n".join(f"{question.ask} = 6" for question in shape.questions)
    assert "(6,)" not in text_of(part_of("shapes", shape.name, asked))
    assert "(6,)" in text_of(part_of("shapes", shape.name, asked.replace("= 6", "= (6,)")))
