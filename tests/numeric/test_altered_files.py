"""Altered data and checkpoints: whatever the bytes, they read, or end in one sentence; and little memory is taken.

Memory is measured as what is asked for (tracemalloc counts NumPy's arrays too), not as what the system gives.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from numeric import Network, initialise
from numeric.data.quadrants import quadrants
from numeric.data.reading import IDX_FILES, read
from numeric.data.samples import Data
from numeric.errors import MisuseError
from numeric.npz import ALWAYS
from numeric.training.checkpoint import restore, save
from numeric.training.learning import Learner, Settings, begin, learn
from tests.numeric.test_data import ARRAYS, idx_bytes

NETWORK = Network((2, 3, 4), "relu", "softmax", "softmax-ce")
SETTINGS = Settings(batch=0, rate=0.1, epochs=2, optimiser="adam")
T = TypeVar("T")
MOST = 3 * ALWAYS
"""Bytes that reading a small file may ask for, however it was altered."""


def npz_bytes(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def checkpoint_bytes(folder: Path) -> bytes:
    learner = begin(NETWORK, initialise(NETWORK, "he", np.random.default_rng(0)), SETTINGS)
    list(learn(learner, quadrants(), SETTINGS))
    save(folder / "whole.npz", learner, SETTINGS)
    return (folder / "whole.npz").read_bytes()


def outcome(reading: Callable[[], T]) -> T | MisuseError:
    """What came of it. Anything else that is raised, a warning, or much memory is a failure."""
    tracemalloc.start()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                return reading()
            except MisuseError as error:
                return error
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < MOST, f"{peak} bytes were asked for"


def is_one_sentence(error: MisuseError) -> bool:
    return str(error).endswith(".") and str(error).isprintable() and bool(error.hint)


def altered(content: bytes, edits: list[tuple[str, float, int, bytes]]) -> bytes:
    data = bytearray(content)
    for kind, where, bit, new in edits:
        at = int(where * len(data))
        if kind == "flip" and data:
            data[min(at, len(data) - 1)] ^= 1 << bit
        elif kind == "cut":
            del data[at:]
        elif kind == "remove":
            del data[at : at + 1 + bit]
        elif kind == "insert":
            data[at:at] = new
        else:
            data[at : at + len(new)] = new
    return bytes(data)


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["flip", "flip", "write", "remove", "insert", "cut"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 7),
        st.one_of(
            st.binary(min_size=1, max_size=8), st.sampled_from([b"\xff" * 4, b"\xff" * 8, b"\0" * 4, b"\x7f" * 2])
        ),
    ),
    min_size=1,
    max_size=4,
)
FUZZED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = ["npz", "plain npz", "csv", "csv.gz", "idx", "idx.gz", "checkpoint"]


def whole(kind: str, folder: Path) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **ARRAYS)
    table = "".join(f"{n % 3},{n},{255 - n}\n" for n in range(12)).encode()
    return {
        "npz": lambda: npz_bytes(**ARRAYS),
        "plain npz": stream.getvalue,
        "csv": lambda: table,
        "csv.gz": lambda: gzip.compress(table),
        "idx": lambda: idx_bytes(ARRAYS["x_train"]),
        "idx.gz": lambda: gzip.compress(idx_bytes(ARRAYS["x_train"])),
        "checkpoint": lambda: checkpoint_bytes(folder),
    }[kind]()


def reading(kind: str, content: bytes, folder: Path) -> Callable[[], Data | Learner]:
    """How ``content`` is read as a file of this kind; with IDX, the other three files are whole."""
    path = folder / ("data." + kind.split()[-1])
    if kind == "checkpoint":
        path.write_bytes(content)
        return lambda: restore(path, NETWORK, SETTINGS)
    if kind.startswith("idx"):
        path = folder / (IDX_FILES["x_train"] + kind.removeprefix("idx"))
        for key, name in IDX_FILES.items():
            (folder / name).write_bytes(idx_bytes(ARRAYS[key]))
        (folder / IDX_FILES["x_train"]).unlink()
        path.write_bytes(content)
        return lambda: read(folder)
    path.write_bytes(content)
    return lambda: read(path)


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_file_reads(tmp_path: Path, kind: str) -> None:
    assert not isinstance(outcome(reading(kind, whole(kind, tmp_path), tmp_path)), MisuseError)


@pytest.mark.parametrize("kind", KINDS)
@FUZZED
@given(edits=EDITS)
def test_an_altered_file_reads_or_ends_in_a_sentence(tmp_path: Path, kind: str, edits: Any) -> None:
    """A learner that is restored all the same can go on learning."""
    content = altered(WHOLE.setdefault(kind, whole(kind, tmp_path)), edits)
    came = outcome(reading(kind, content, tmp_path))
    if isinstance(came, Learner):
        going_on = Settings(batch=0, rate=0.1, epochs=4, optimiser="adam")
        with np.errstate(all="ignore"):
            came = outcome(lambda: list(learn(came, quadrants(), going_on)))
    assert not isinstance(came, MisuseError) or is_one_sentence(came)


WHOLE: dict[str, bytes] = {}


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
@settings(FUZZED, max_examples=5000)
@given(edits=EDITS)
def test_an_altered_file_at_length(tmp_path: Path, kind: str, edits: Any) -> None:
    outcome(reading(kind, altered(WHOLE.setdefault(kind, whole(kind, tmp_path)), edits), tmp_path))


@pytest.mark.parametrize("kind", KINDS)
def test_every_beginning_of_a_file(tmp_path: Path, kind: str) -> None:
    """Cut anywhere, no compressed file reads: that is what its checksums and lengths are for."""
    content = whole(kind, tmp_path)
    for end in range(0, len(content), max(1, len(content) // 60)):
        came = outcome(reading(kind, content[:end], tmp_path))
        assert isinstance(came, MisuseError) or kind == "csv", end


def npy(shape: str, kind: str = "<f8", content: bytes = b"") -> bytes:
    header = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def zipped(name: str, **members: bytes) -> Callable[[Path], Path]:
    """A .npz whose members are written byte for byte."""

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
            for key, content in members.items():
                file.writestr(key + ".npy", content)
        return folder / name

    return make


def arrays(**members: Any) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        np.savez(folder / "a.npz", **members)
        return folder / "a.npz"

    return make


def bomb(folder: Path) -> Path:
    """48 MB of zeros in 48 KB, which would go on."""
    with zipfile.ZipFile(folder / "a.npz", "w", zipfile.ZIP_DEFLATED) as file:
        with file.open("x_train.npy", "w", force_zip64=True) as entry:
            entry.write(npy("(48, 1024, 128)"))
            for _ in range(48):
                entry.write(bytes(1 << 20))
        file.writestr("y_train.npy", npy("(0,)"))
    return folder / "a.npz"


def understated_bomb(folder: Path) -> Path:
    """The zip says 200 bytes; its stream unpacks to 48 MB."""
    path = bomb(folder)
    content = path.read_bytes()
    size = struct.pack("<Q", 48 * (1 << 20) + len(npy("(48, 1024, 128)")))
    short = struct.pack("<I", struct.unpack("<Q", size)[0])
    assert size in content
    path.write_bytes(content.replace(size, struct.pack("<Q", 200)).replace(short, struct.pack("<I", 200)))
    return path


def gz(name: str, head: bytes, count: int) -> Callable[[Path], Path]:
    """``head`` and then ``count`` megabytes of zeros (or, for CSV, of one line), packed."""

    def make(folder: Path) -> Path:
        for key, other in IDX_FILES.items():
            (folder / other).write_bytes(idx_bytes(ARRAYS[key]))
        (folder / name.removesuffix(".gz")).unlink(missing_ok=True)
        with gzip.open(folder / name, "wb", compresslevel=6) as file:
            file.write(head)
            piece = (b"1" + b",2" * 2000 + b"\n") * (1 << 8) if head.startswith(b"1") else bytes(1 << 20)
            for _ in range(count):
                file.write(piece)
        return folder / name

    return make


IMAGES = IDX_FILES["x_train"]
X, Y = np.ones((6, 2)), np.arange(6)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (zipped("a.npz", x_train=npy("(1000000000000, 784)"), y_train=npy("(1,)")), "bytes where its shape needs"),
        (zipped("a.npz", x_train=npy("(" + "9" * 4000 + ",)"), y_train=npy("(1,)")), "does not read as .npz"),
        (zipped("a.npz", x_train=npy("(" * 3000 + ")" * 3000), y_train=npy("(1,)")), "does not read as .npz"),
        (zipped("a.npz", x_train=npy("(-1,)"), y_train=npy("(1,)")), "does not read as .npz"),
        (zipped("a.npz", x_train=npy("(1,)", "|O", b"\x80\x04N."), y_train=npy("(1,)")), "holds object"),
        (zipped("a.npz", x_train=npy("(2,)", "<U4", bytes(32)), y_train=npy("(1,)")), "holds <U4, and"),
        (zipped("a.npz", x_train=npy("(1,)", "<c16", bytes(16)), y_train=npy("(1,)")), "holds complex128"),
        (zipped("a.npz", x_train=b"no array", y_train=npy("(1,)")), "does not read as .npz"),
        (bomb, "would unpack to 50331776 bytes, too many for a file of its length"),
        (understated_bomb, "does not read as .npz"),
        (gz(IMAGES + ".gz", struct.pack(">BBBB3I", 0, 0, 8, 3, 48, 1000, 1000), 48), "it says that it holds 48000000"),
        (gz(IMAGES + ".gz", struct.pack(">BBBB3I", 0, 0, 8, 3, 6, 3, 2), 48), "it holds more than 36 bytes"),
        (gz("a.csv.gz", b"1" + b",2" * 2000 + b"\n", 2), "it is too long"),
        (gz("a.csv.gz", b"1" * (5 << 20), 0), "it is too long"),
        (arrays(x_train=X), "has no array 'y_train'; it holds x_train"),
        (arrays(x_train=X, y_train=Y, x_test=X), "has no array 'y_test'"),
        (arrays(x_train=X, y_train=Y, y_test=Y), "has no array 'x_test'"),
        (arrays(**{"x_train": X, "\x1b[31m": X}), "it holds x_train, �[31m"),
        (arrays(x_train=X * np.nan, y_train=Y), "x_train holds 12 numbers that are NaN or infinite"),
        (arrays(x_train=X, y_train=Y / 2), "labels that are not whole numbers, such as 0.5"),
        (arrays(x_train=X, y_train=Y + np.inf), "labels that are not whole numbers"),
        (arrays(x_train=X, y_train=Y * 1e300), "labels that are not whole numbers"),
        (arrays(x_train=X, y_train=Y[:5]), "y_train has 5 labels for 6 samples"),
        (arrays(x_train=X, y_train=np.ones((6, 3))), "row 1 of y_train is not one-hot"),
        (arrays(x_train=X[:1], y_train=Y[:1]), "there is one sample, and one more is needed"),
        (arrays(x_train=X[:0], y_train=Y[:0]), "x_train is empty"),
        (arrays(x_train=X[:, :0], y_train=Y), "x_train is empty"),
        (arrays(x_train=np.float64(1), y_train=Y), "the shape of x_train is ()"),
        (arrays(x_train=X, y_train=Y, x_test=X[:, :1], y_test=Y), "x_test has 1 input a sample where x_train has 2"),
    ],
)  # fmt: skip
def test_data_made_to_harm(tmp_path: Path, make: Callable[[Path], Path], sentence: str) -> None:
    path = make(tmp_path)
    came = outcome(lambda: read(path))
    assert isinstance(came, MisuseError)
    assert sentence in str(came)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"version": 2}, "its version is 2, not 1"),
        ({"version": None}, "its version is None, not 1"),
        ({"widths": [2] * 100_000}, "its widths is [2, 2,"),
        ({"epoch": -1}, "its epoch is -1"),
        ({"epoch": 2.0}, "its epoch is 2.0"),
        ({"epoch": 1}, "it tells of 2 epochs, and says that it is at epoch 1"),
        ({"steps": -1}, "its steps is -1"),
        ({"steps": 10**400}, "its steps is 1000"),
        ({"best_epoch": 7}, "its best_epoch is 7"),
        ({"best_accuracy": float("nan")}, "its best_accuracy is nan"),
        ({"best_accuracy": "high"}, "its best_accuracy is high"),
        ({"stopped": "tea"}, "its stopped is tea"),
        ({"stopped": None}, "its stopped is None"),
        ({"history": "long"}, "its history is long"),
        ({"history": [1, 2]}, "its said is int"),
        ({"history": [{}, {}]}, "its number is None"),
        ({"random": {}}, "is not a checkpoint of this run"),
        ({"random": {"bit_generator": "MT19937"}}, "is not a checkpoint of this run"),
        ({"random": []}, "its random is []"),
    ],
)  # fmt: skip
def test_a_checkpoint_that_says_what_cannot_be(tmp_path: Path, change: dict[str, Any], sentence: str) -> None:
    with np.load(io.BytesIO(checkpoint_bytes(tmp_path))) as stored:
        kept = dict(stored)
    said = json.loads(kept["said"].tobytes().decode()) | change
    kept["said"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    came = outcome(reading("checkpoint", npz_bytes(**kept), tmp_path))
    assert isinstance(came, MisuseError)
    assert sentence in str(came)
    assert len(str(came)) < 600


@pytest.mark.parametrize(
    ("name", "array", "sentence"),
    [
        ("at.W1", np.zeros((3, 3)), "its array 'at.W1' is 3 × 3 float64, not 3 × 2 float64"),
        ("at.W1", np.zeros((3, 2), np.float32), "is 3 × 2 float32, not 3 × 2 float64"),
        ("at.b2", np.full((4, 1), np.nan), "its array 'at.b2' holds 4 numbers that are NaN or infinite"),
        ("memory.0.1", np.zeros(7), "its array 'memory.0.1' is (7,) float64"),
        ("best.W2", None, "it has no array 'best.W2'"),
        ("said", None, "it has no array 'said'"),
        ("said", np.array([91, 93], np.uint8), "its said is list"),
        ("said", np.frombuffer(b"[" * 100_000, np.uint8), "recursion"),
        ("said", np.array(["{}"]), "and not real numbers"),
    ],
)
def test_a_checkpoint_with_another_array(tmp_path: Path, name: str, array: Any, sentence: str) -> None:
    with np.load(io.BytesIO(checkpoint_bytes(tmp_path))) as stored:
        kept = dict(stored) | {name: array}
    came = outcome(reading("checkpoint", npz_bytes(**{k: v for k, v in kept.items() if v is not None}), tmp_path))
    assert isinstance(came, MisuseError)
    assert sentence in str(came)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("name", ["a.npz", "a.csv", IDX_FILES["x_train"]])
def test_a_pipe_is_not_waited_for(tmp_path: Path, name: str) -> None:
    for other in IDX_FILES.values():
        (tmp_path / other).write_bytes(b"")
    (tmp_path / name).unlink(missing_ok=True)
    os.mkfifo(tmp_path / name)
    assert isinstance(outcome(lambda: read(tmp_path / name)), MisuseError)
    assert isinstance(outcome(lambda: restore(tmp_path / name, NETWORK, SETTINGS)), MisuseError)


def test_nothing_is_left_where_a_checkpoint_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    learner = begin(NETWORK, initialise(NETWORK, "he", np.random.default_rng(0)), SETTINGS)
    with pytest.raises(MisuseError, match="could not be written"):
        save(tmp_path / "folder", learner, SETTINGS)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]
