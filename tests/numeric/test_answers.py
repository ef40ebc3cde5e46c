"""Whatever a student's function returns: it is understood as gradients, or refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from numeric import Network, gradcheck
from numeric.claimed import COLUMNS
from numeric.errors import MisuseError
from numeric.student.answers import Understood, gradients
from numeric.student.asking import Answer, leaves
from numeric.student.examining import drawn
from numeric.student.reading import LARGEST, read

NETWORK = Network((2, 3, 1))
SHAPES = [(3, 2), (1, 3), (3, 1), (1, 1), (3, 4), (1, 4), (2, 4), (3,), (1,), (), (2, 3, 2), (0, 2)]
ARRAYS = st.builds(
    lambda shape, kind: np.ones(shape, kind), st.sampled_from(SHAPES), st.sampled_from(["f8", "f4", "f2", "i8", "?"])
)
KEYS = st.one_of(
    st.sampled_from(["dW1", "dW2", "db1", "db2", "dW", "db", "dZ1", "dZ2", "delta", "layer1", "grads"]),
    st.sampled_from(["dW0", "dW999999999", 0, 1, 2, -1, "", "^", "dW_1", "DB[2]", "dA1", "dW" + "1" * 40]),
)  # fmt: skip
TREES = st.recursive(
    st.one_of(ARRAYS, st.none(), st.floats(), st.integers(-9, 9), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(KEYS, inner, max_size=6)
    ),
    max_leaves=12,
)
W1, W2, B1, B2 = np.ones((3, 2)), np.ones((1, 3)), np.ones((3, 1)), np.ones((1, 1))


def understood(answer: Answer) -> Understood | MisuseError:
    try:
        return gradients(NETWORK, 4, answer, "mine.py")
    except MisuseError as error:
        return error


@settings(max_examples=150)
@given(tree=TREES)
@example(tree={"dW1": [None, 1.0], "db1": 2.0})
@example(tree=([W1, W2], [B1, B2], [None, None, None]))
@example(tree=([W1, W2], [B1, B2], 0.5))
@example(tree=([W1, W2], [B1, B2], []))
@example(tree={"dW": [W1, W2], "db": [B1, B2], "dZ7": W1})
@example(tree={"dW1": W1, "dW2": W2, "dW3": W2, "db1": B1, "db2": B2})
@example(tree=([W1, None], [B1, B2]))
def test_any_tree_of_arrays_is_understood_or_refused(tree: Any) -> None:
    try:
        dict(leaves(tree))
    except TypeError:
        return  # refused where it is received
    answer = Answer(tree, None, COLUMNS, True, True, "")
    given = understood(answer)
    if isinstance(given, MisuseError):
        assert "which is not a set of gradients for the layers 2, 3, 1" in str(given)
        return
    point = drawn(NETWORK, 4, 0)
    report = gradcheck(NETWORK, point.at, point.x, point.y, given.claim)
    assert len(report.findings) == 4 + sum(delta is not None for delta in given.claim.delta or ())
    assert not report.ok


def test_what_is_missing_is_named() -> None:
    answer = Answer({"dW1": W1, "db2": B2}, None, COLUMNS, True, True, "")
    with pytest.raises(MisuseError, match=r"for the layers 2, 3, 1: dW2 and db1 are missing\."):
        gradients(NETWORK, 4, answer, "mine.py")


FUNCTION = "def backprop(params, x, y): pass\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = " + "-" * 200_000 + "1\n" + FUNCTION, "nested too deep"),
        ("x = " + "(" * 100_000 + "\n" + FUNCTION, "does not read as Python"),
        ("x = " + "+".join("1" * 30_000) + "\n" + FUNCTION, "nested too deep"),
        ("LAYERS = " + "-" * 900 + "1\n" + FUNCTION, "says LAYERS = ---"),
        ("LAYERS = [" + "[" * 150 + "]" * 150 + "]\n" + FUNCTION, "says LAYERS = [[["),
        ("LAYERS = [2000] * 500\n" + FUNCTION, "says LAYERS = [2000] * 500; a list of"),
        ("LAYERS = " + str([2000] * 500) + "\n" + FUNCTION, "with at most 5000000 weights and biases"),
        ("SEED = -1\n" + FUNCTION, "says SEED = -1; a whole number of at least 0"),
        ("BATCH: int = 0\n" + FUNCTION, "says BATCH = 0; a whole number from 1"),
        ("LOSS = {}\n" + FUNCTION, "says LOSS = {}; one of"),
        ("ACTIVATION = '\\x1b[31m'\n" + FUNCTION, "There is no activation called '\\x1b[31m'"),
        ("x = '\0'\n" + FUNCTION, "does not read as Python"),
        ("#" * (LARGEST + 1) + "\n" + FUNCTION, "it is longer than"),
    ],
    ids=range(13),
)
def test_a_file_made_to_harm_is_read_or_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    with pytest.raises(MisuseError) as caught:
        read(tmp_path / "mine.py")
    assert sentence in str(caught.value)
    assert len(str(caught.value)) < 600


def test_other_encodings(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_bytes(b"\xef\xbb\xbf" + FUNCTION.encode())
    assert read(tmp_path / "mine.py").form == "params"
    (tmp_path / "mine.py").write_bytes("# größer\n".encode("latin-1") + FUNCTION.encode())
    with pytest.raises(MisuseError, match="is no text in UTF-8"):
        read(tmp_path / "mine.py")
