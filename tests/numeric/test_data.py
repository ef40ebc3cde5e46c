"""Data in every format that is read, and what is said of files that are not what they seem."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from numeric.data.quadrants import quadrants
from numeric.data.reading import IDX_FILES, read
from numeric.data.samples import Data
from numeric.errors import MisuseError
from numeric.network import Network

MNIST = Path(__file__).resolve().parents[3] / "shared" / "data" / "mnist.npz"
RANDOM = np.random.default_rng(0)
ARRAYS = {
    "x_train": RANDOM.integers(0, 256, (6, 3, 2)).astype(np.uint8),
    "y_train": np.arange(6, dtype=np.uint8),
    "x_test": RANDOM.integers(0, 256, (4, 3, 2)).astype(np.uint8),
    "y_test": np.arange(4, dtype=np.uint8),
}


def idx_bytes(array) -> bytes:
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape) + array.tobytes()


def written(folder: Path, kind: str) -> Path:
    """ARRAYS in a format."""
    if kind == "npz":
        np.savez(folder / "data.npz", **ARRAYS)
        return folder / "data.npz"
    for key, name in IDX_FILES.items():
        content = idx_bytes(ARRAYS[key])
        (folder / (name + (".gz" if kind == "gz" else ""))).write_bytes(
            gzip.compress(content) if kind == "gz" else content
        )
    return folder


@pytest.mark.parametrize("kind", ["npz", "idx", "gz"])
def test_each_format_gives_the_same_samples(tmp_path: Path, kind: str) -> None:
    data = read(written(tmp_path, kind))
    x, y = data.train.batch(slice(0, 6), 6, np.float64)
    np.testing.assert_allclose(x, ARRAYS["x_train"].reshape(6, 6).T / 255)
    np.testing.assert_array_equal(y, np.eye(6))
    assert data.test.labels.tolist() == [0, 1, 2, 3]


def test_one_idx_file_stands_for_its_folder(tmp_path: Path) -> None:
    written(tmp_path, "gz")
    assert len(read(tmp_path / "train-images-idx3-ubyte.gz").train) == 6


@pytest.mark.parametrize("header", ["", "label,a,b\n"])
def test_csv_has_the_label_first_and_a_sixth_is_held_back(tmp_path: Path, header: str) -> None:
    path = tmp_path / "data.csv"
    path.write_text(header + "".join(f"{n % 3},{n},{255 - n}\n" for n in range(12)))
    data = read(path)
    assert (len(data.train), len(data.test)) == (10, 2)
    assert data.test.labels.tolist() == [5 % 3, 11 % 3]
    x, _ = data.train.batch(slice(1, 2), 3, np.float64)
    np.testing.assert_allclose(x.ravel(), [1 / 255, 254 / 255])


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.npz", b"PK\x03\x04 no zip", "does not read as .npz"),
        ("a.npz", b"", "does not read as .npz"),
        ("a.csv", b"1,2\n1,x\n", "a.csv, line 2:"),
        ("a.csv", b"1,2\n1,2,3\n", "line 2: 3 numbers where 2 were expected"),
        ("a.csv", b"", "there are no samples"),
        ("a.csv", b"1.5,2\n", "labels that are not whole numbers"),
        ("a.txt", b"", "is neither .npz, .csv, nor IDX"),
        ("train-images-idx3-ubyte", b"\0\0\x08\x01\0\0\0\x01\7", "has no file train-labels-idx1-ubyte in it"),
    ],
)
def test_what_does_not_read_is_said(tmp_path: Path, name: str, content: bytes, sentence: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(MisuseError) as caught:
        read(tmp_path / name)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda b: b[:3], "its first bytes are 00 00 08"),
        (lambda b: b"\1" + b[1:], "its first bytes are 01"),
        (lambda b: b[:10], "it ends before its shape does"),
        (lambda b: b[:-1], "bytes where its shape needs 36"),
        (lambda b: b[:4] + b"\xff" * 12 + b[16:], "it says that it holds"),
        (lambda b: gzip.compress(b)[:-12], "ended before"),
    ],
)
def test_a_damaged_idx_file(tmp_path: Path, change, why: str) -> None:
    written(tmp_path, "idx")
    path = tmp_path / IDX_FILES["x_train"]
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(MisuseError) as caught:
        read(tmp_path)
    assert why in str(caught.value)


def test_pickled_arrays_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=np.array([{}], dtype=object), y_train=np.zeros(1))
    with pytest.raises(MisuseError, match=r"does not read as \.npz"):
        read(tmp_path / "a.npz")


def test_a_missing_array_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x_train=np.zeros((2, 3)))
    with pytest.raises(MisuseError, match="has no array 'y_train'; it holds x_train"):
        read(tmp_path / "a.npz")


def test_the_network_must_fit(tmp_path: Path) -> None:
    data = read(written(tmp_path, "npz"))
    with pytest.raises(MisuseError, match="the training data has 6 inputs a sample; the first layer has 5"):
        data.fit(Network((5, 10)))
    with pytest.raises(MisuseError, match="holds the label 4; whole numbers from 0 to 3"):
        data.fit(Network((6, 4)))


def test_the_quadrants() -> None:
    data: Data = quadrants()
    assert data.train.inputs.tolist() == [[1, 1], [-1, 1], [-1, -1], [1, -1]]
    for point, label in zip(data.test.inputs, data.test.labels, strict=True):
        assert (np.sign(point) == data.train.inputs[label]).all()


@pytest.mark.skipif(not MNIST.exists(), reason="MNIST is not there")
def test_mnist_reads() -> None:
    data = read(MNIST)
    assert (len(data.train), len(data.test)) == (60_000, 10_000)
    data.fit(Network((784, 30, 10)))
