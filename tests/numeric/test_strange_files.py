"""A student's file may be anything: what cannot be read ends in one sentence, whatever it holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.errors import MisuseError
from numeric.student.reading import StudentFile, read

RIGHT = """\
import numpy as np
def backprop(weights, biases, x, y):
    (W,), (b,) = weights, biases
    a = 1 / (1 + np.exp(-(W @ x + b)))
    delta = (a - y) * a * (1 - a) / x.shape[1]
    return [delta @ x.T], [delta.sum(axis=1, keepdims=True)]
"""
NESTED = {
    "minus signs": "x = " + "-" * 200_000 + "1",
    "a constant of minus signs": "SEED = " + "-" * 200_000 + "1",
    "a constant of few minus signs": "SEED = " + "-" * 900 + "1",
    "nots": "x = " + "not " * 100_000 + "1",
    "brackets": "x = " + "(" * 100_000 + ")" * 100_000,
    "lists": "SEED = " + "[" * 90 + "]" * 90,
    "attributes": "x = y" + ".real" * 100_000,
    "calls": "x = f" + "()" * 100_000,
    "sums": "x = 1" + " + 1" * 100_000,
    "a constant of sums": "SEED = 1" + " + 1" * 3_000,
    "functions": "x = " + "lambda: " * 50_000 + "1",
    "cases": "if 1: pass\n" + "elif 1: pass\n" * 50_000,
    "blocks": "".join(" " * k + "if 1:\n" for k in range(2_000)) + " " * 2_000 + "pass",
    "texts in texts": "x = " + 'f"{' * 50 + "1" + '}"' * 50,
}
CONSTANTS = {
    "digits": "SEED = " + "9" * 10_000,
    "more digits than can be printed": "SEED = -0x" + "f" * 100_000,
    "a width that cannot be printed": "LAYERS = [2, 0x" + "f" * 100_000 + "]",
    "wide layers": "LAYERS = [" + "2000, " * 3_000 + "]",
    "a hundred thousand layers": "LAYERS = [" + "1, " * 100_000 + "]",
    "one layer": "LAYERS = [2]",
    "a negative seed": "SEED = -5",
    "a list for a loss": "LOSS = []",
    "a long loss": "LOSS = '" + "x" * 1_000_000 + "'",
    "no activation": "LAYERS = [2, 3]; ACTIVATION = 'nonsense'",
    "an activation that steers": r"LAYERS = [2, 3]; ACTIVATION = '\0\x1b[2J'",
    "an activation that is no text": r"LAYERS = [2, 3]; ACTIVATION = '\ud800'",
}
BYTES = {
    "null bytes": b"x = 1\0\n" + RIGHT.encode(),
    "UTF-16": RIGHT.encode("utf-16"),
    "Latin-1, undeclared": b"x = '\xe9'\n" + RIGHT.encode(),
    "an encoding that is none": b"# coding: nosuch\n" + RIGHT.encode(),
    "an encoding of bytes": b"# coding: hex\n" + RIGHT.encode(),
    "an encoding that refuses": b"# coding: undefined\n" + RIGHT.encode(),
    "two encodings": b"\xef\xbb\xbf# coding: latin-1\n" + RIGHT.encode(),
    "too long": b"#" * 30_000_000,
    "nothing": b"",
    "noise": bytes(range(256)) * 20,
}


def sentence(path: Path) -> str:
    """What is said of a file that cannot be read."""
    with pytest.raises(MisuseError) as problem:
        read(path)
    said = str(problem.value)
    assert said.isprintable()
    assert len(said.replace(str(path), "")) < 600
    return said


@pytest.mark.parametrize("text", [*NESTED.values(), *CONSTANTS.values()], ids=[*NESTED, *CONSTANTS])
def test_whatever_a_file_holds_ends_in_one_sentence_or_is_read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.py"
    path.write_text(f"{text}\n{RIGHT}", encoding="utf-8")
    assert sentence(path)


@pytest.mark.parametrize("content", BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_program_end_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.py"
    path.write_bytes(content)
    assert sentence(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_is_read_as_python_reads_it(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "mine.py"
    text = f"# coding: {encoding.removesuffix('-sig')}\nSEED = 5  # é\n{RIGHT}"
    path.write_bytes(text.replace("\n", end).encode(encoding))
    assert read(path).seed == 5


def test_what_is_no_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    for name in ("folder.py", "loop.py", "pipe.py", "zero.py", "nowhere.py", "x" * 5_000):
        assert sentence(tmp_path / name)


@given(
    st.binary(max_size=300)
    | st.text(st.sampled_from(list("[](){}-+.,:=#'\"\\\n\t 019axLAYERSD")), max_size=80).map(str.encode)
)
def test_no_bytes_do_any_harm(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.py"
    path.write_bytes(noise + b"\n" + RIGHT.encode())
    found: object = None
    try:
        found = read(path)
    except MisuseError as problem:
        found = problem
    assert isinstance(found, StudentFile) or str(found)
