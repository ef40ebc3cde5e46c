"""Reading data from a file, by what it is: .npz, CSV, or MNIST's four IDX files."""

from __future__ import annotations

import csv
import gzip
import struct
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np
import numpy.typing as npt

from numeric import wording
from numeric.arrays import Array
from numeric.data.samples import Data, Samples
from numeric.errors import misuse

IDX_FILES: Final = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
IDX_TYPES: Final = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""The third byte of an IDX file (yann.lecun.com/exdb/mnist) → how its numbers are stored."""
LARGEST: Final = 1 << 31
"""Bytes that an IDX file may unpack to."""
HELD_BACK: Final = 6
"""Of data without a test part, each sixth sample is held back."""


def read(path: Path) -> Data:
    """The data at ``path``.

    :raises MisuseError: if there is nothing there, or it does not read as what its name says.
    """
    if not path.exists():
        raise misuse(wording.NO_DATA, wording.NO_DATA_HINT, path=path)
    name = path.name.lower()
    if path.is_dir() or "idx" in name:
        return _mnist(path if path.is_dir() else path.parent)
    if name.endswith(".npz"):
        return _npz(path)
    if name.endswith((".csv", ".csv.gz")):
        return _csv(path)
    raise misuse(wording.UNKNOWN_FORMAT, wording.UNKNOWN_FORMAT_HINT, path=path)


def _mnist(folder: Path) -> Data:
    arrays = {}
    for key, name in IDX_FILES.items():
        spellings = (name, name + ".gz", name.replace("-idx", ".idx"), name.replace("-idx", ".idx") + ".gz")
        found = next((folder / spelling for spelling in spellings if (folder / spelling).is_file()), None)
        if found is None:
            raise misuse(wording.MISSING_IDX, wording.MISSING_IDX_HINT, path=folder, name=name)
        arrays[key] = idx(found)
    return _data(arrays)


def idx(path: Path) -> Array:
    """The array in an IDX file, gzipped or not.

    :raises MisuseError: if it is not one.
    """

    def wrong(why: str) -> Exception:
        return misuse(wording.BAD_IDX, wording.BAD_IDX_HINT, path=path, why=why)

    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with cast(BinaryIO, gzip.open(path, "rb") if packed else path.open("rb")) as stream:
            head = stream.read(4)
            if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in IDX_TYPES:
                raise wrong("its first bytes are " + head.hex(" "))
            axes = stream.read(4 * head[3])
            if len(axes) < 4 * head[3]:
                raise wrong("it ends before its shape does")
            shape = struct.unpack(f">{head[3]}I", axes)
            kind = np.dtype(IDX_TYPES[head[2]])
            size = int(np.prod(shape, dtype=object)) * kind.itemsize
            if size > LARGEST:
                raise wrong(f"it says that it holds {size} bytes")
            content = stream.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise wrong(str(error)) from None
    if len(content) < size:
        raise wrong(f"it holds {len(content)} bytes where its shape needs {size}")
    return np.frombuffer(content, dtype=kind).reshape(shape)


def _npz(path: Path) -> Data:
    try:
        with np.load(path, allow_pickle=False) as stored:
            missing = [key for key in ("x_train", "y_train") if key not in stored.files]
            if missing:
                names = ", ".join(stored.files) or "nothing"
                raise misuse(wording.MISSING_KEY, wording.MISSING_KEY_HINT, path=path, name=missing[0], names=names)
            return _data({key: stored[key] for key in IDX_FILES if key in stored.files})
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise misuse(wording.BAD_NPZ, wording.BAD_NPZ_HINT, path=path, why=error) from None
    except ValueError as error:
        if hasattr(error, "hint"):
            raise
        raise misuse(wording.BAD_NPZ, wording.BAD_NPZ_HINT, path=path, why=error) from None


def _csv(path: Path) -> Data:
    """Label first, then the inputs; a first line that holds no number is a header."""
    rows: list[npt.NDArray[np.float32]] = []
    with gzip.open(path, "rt", encoding="utf-8") if path.name.endswith(".gz") else path.open(encoding="utf-8") as file:
        try:
            for number, row in enumerate(csv.reader(file), start=1):
                if not row:
                    continue
                try:
                    rows.append(np.array(row, dtype=np.float32))
                except ValueError as error:
                    if number == 1:
                        continue
                    raise _bad_csv(path, number, str(error)) from None
                if len(rows[-1]) < 2 or len(rows[-1]) != len(rows[0]):
                    raise _bad_csv(path, number, f"{len(rows[-1])} numbers where {len(rows[0])} were expected")
        except (UnicodeDecodeError, csv.Error, OSError, EOFError, zlib.error) as error:
            raise _bad_csv(path, len(rows) + 1, str(error)) from None
    if not rows:
        raise _bad_csv(path, 1, "there are no samples")
    table = np.stack(rows)
    return _data({"x_train": table[:, 1:], "y_train": table[:, 0]})


def _bad_csv(path: Path, line: int, why: str) -> Exception:
    return misuse(wording.BAD_CSV, wording.BAD_CSV_HINT, path=path, line=line, why=why)


def _data(arrays: dict[str, Array]) -> Data:
    """Images as rows, and grey levels (whole numbers up to 255) as parts of 1."""
    x, y = _flat(arrays["x_train"]), arrays["y_train"]
    bytes_ = x.dtype == np.uint8 or (x.size > 0 and x.max() > 1.5 and x.max() <= 255 and bool((x % 1 == 0).all()))
    scale = 1.0 / 255.0 if bytes_ else 1.0
    if "x_test" in arrays and "y_test" in arrays:
        return Data(
            Samples(x, _labels(y, len(x)), scale),
            Samples(_flat(arrays["x_test"]), _labels(arrays["y_test"], len(arrays["x_test"])), scale),
        )
    held = np.arange(len(x)) % HELD_BACK == HELD_BACK - 1
    labels = _labels(y, len(x))
    return Data(Samples(x[~held], labels[~held], scale), Samples(x[held], labels[held], scale))


def _flat(images: Array) -> Array:
    return np.ascontiguousarray(images.reshape(len(images), -1))


def _labels(labels: Array, count: int) -> npt.NDArray[np.int64]:
    """Class numbers, from numbers or from one-hot rows."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        labels = labels.argmax(axis=1)
    labels = labels.reshape(-1)
    whole = labels.astype(np.int64)
    if len(labels) != count or not np.array_equal(whole, labels):
        seen = f"{len(labels)} labels" if len(labels) != count else "labels that are not whole numbers"
        raise misuse(wording.WRONG_LABELS, wording.WRONG_LABELS_HINT, seen=seen, count=count)
    return whole
