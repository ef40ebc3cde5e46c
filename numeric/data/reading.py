"""Reading data from a file, by what it is: .npz, CSV, or MNIST's four IDX files."""

from __future__ import annotations

import array
import csv
import gzip
import io
import math
import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Final, cast

import numpy as np
import numpy.typing as npt

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.data.samples import Data, Samples
from numeric.errors import misuse
from numeric.files import open_regular, reason
from numeric.npz import DamagedError, Npz, careful, room

IDX_FILES: Final = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
IDX_TYPES: Final = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
"""The third byte of an IDX file (yann.lecun.com/exdb/mnist) → how its numbers are stored."""
HELD_BACK: Final = 6
"""Of data without a test part, each sixth sample is held back; of fewer samples, the last."""
LONGEST_LINE: Final = 4 << 20
"""Bytes of a line of a CSV file: one sample."""
PACKED_TEXT: Final = (1 << 20, 30)
"""Bytes that a packed CSV file may always unpack to, and how many times its own length: numbers as text shrink to a
tenth."""
LARGEST_LABEL: Final = 1 << 31


def read(path: Path) -> Data:
    """The data at ``path``.

    :raises MisuseError: if there is nothing there, or it does not read as what its name says.
    """
    try:
        is_folder = path.is_dir() or not path.stat()
    except (OSError, ValueError) as error:
        if isinstance(error, FileNotFoundError | ValueError):
            raise misuse(wording.NO_DATA, wording.NO_DATA_HINT, path=path) from None
        raise misuse(wording.NO_READING, wording.NO_DATA_HINT, path=path, why=reason(error)) from None
    name = path.name.lower()
    try:
        if is_folder or "idx" in name:
            return _data(_mnist(path if is_folder else path.parent))
        if name.endswith(".npz"):
            return _data(_npz(path))
        if name.endswith((".csv", ".csv.gz")):
            return _data(_csv(path))
    except DamagedError as error:
        raise misuse(wording.BAD_SAMPLES, wording.BAD_SAMPLES_HINT, path=path, why=error) from None
    raise misuse(wording.UNKNOWN_FORMAT, wording.UNKNOWN_FORMAT_HINT, path=path)


def _mnist(folder: Path) -> dict[str, Array]:
    arrays = {}
    for key, name in IDX_FILES.items():
        spellings = (name, name + ".gz", name.replace("-idx", ".idx"), name.replace("-idx", ".idx") + ".gz")
        found = next((folder / spelling for spelling in spellings if os.path.isfile(folder / spelling)), None)
        if found is None:
            raise misuse(wording.MISSING_IDX, wording.MISSING_IDX_HINT, path=folder, name=name)
        arrays[key] = idx(found)
    return arrays


def idx(path: Path) -> Array:
    """The array in an IDX file, gzipped or not.

    :raises MisuseError: if it is not one, or is longer or shorter than it says.
    """
    try:
        return careful(lambda: _idx(path))
    except DamagedError as error:
        raise misuse(wording.BAD_IDX, wording.BAD_IDX_HINT, path=path, why=error) from None


def _idx(path: Path) -> Array:
    with open_regular(path) as file:
        length = os.fstat(file.fileno()).st_size
        packed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=file)) if packed else file
        head = stream.read(4)
        if len(head) < 4 or head[:2] != b"\0\0" or head[2] not in IDX_TYPES:
            raise DamagedError(wording.IDX_HEAD.format(head=head.hex(" ")))
        axes = stream.read(4 * head[3])
        if len(axes) < 4 * head[3]:
            raise DamagedError(wording.IDX_SHORT_HEAD)
        shape = struct.unpack(f">{head[3]}I", axes)
        kind = np.dtype(IDX_TYPES[head[2]])
        size = math.prod(shape) * kind.itemsize
        if size > (room(length) if packed else length):
            raise DamagedError(wording.IDX_SIZE.format(size=size, length=length))
        content = stream.read(size + 1)
        if len(content) != size:
            held = f"more than {size}" if len(content) > size else len(content)
            raise DamagedError(wording.IDX_LENGTH.format(held=held, size=size))
        return np.frombuffer(content, dtype=kind).reshape(shape).astype(kind.newbyteorder("="))


def _npz(path: Path) -> dict[str, Array]:
    try:
        with Npz(path) as stored:
            held = [key for key in IDX_FILES if key in stored.names]
            wanted = IDX_FILES if {"x_test", "y_test"} & set(held) else ("x_train", "y_train")
            missing = [key for key in wanted if key not in held]
            if missing:
                names = wording.shortened(", ".join(stored.names) or "nothing")
                raise misuse(wording.MISSING_KEY, wording.MISSING_KEY_HINT, path=path, name=missing[0], names=names)
            return {key: stored.array(key) for key in wanted}
    except DamagedError as error:
        raise misuse(wording.BAD_NPZ, wording.BAD_NPZ_HINT, path=path, why=error) from None


def _csv(path: Path) -> dict[str, Array]:
    """Label first, then the inputs; a first line that holds no number is a header."""
    numbers, width, line = array.array("f"), 0, 1

    def table() -> Array:
        nonlocal width, line
        with open_regular(path) as file:
            length = os.fstat(file.fileno()).st_size
            packed = path.name.lower().endswith(".gz")
            stream = io.BufferedReader(gzip.GzipFile(fileobj=file)) if packed else file
            rows = csv.reader(_lines(stream, room(length, *PACKED_TEXT) if packed else length))
            for line, row in enumerate(rows, start=1):
                if not row:
                    continue
                try:
                    read = np.array(row, dtype=np.float32)
                except ValueError:
                    if line == 1:
                        continue
                    raise
                if len(read) < 2 or len(read) != (width or len(read)):
                    seen = wording.counted(len(read), "number")
                    raise DamagedError(wording.CSV_WIDTH.format(seen=seen, wanted=width or "at least 2"))
                width = len(read)
                numbers.frombytes(read.tobytes())
        if not width:
            raise DamagedError(wording.CSV_EMPTY)
        return np.frombuffer(numbers, dtype=np.float32).reshape(-1, width)

    try:
        with np.errstate(all="ignore"):
            read = careful(table)
    except DamagedError as error:
        raise misuse(wording.BAD_CSV, wording.BAD_CSV_HINT, path=path, line=line, why=error) from None
    return {"x_train": read[:, 1:], "y_train": read[:, 0]}


def _lines(stream: BinaryIO, most: int) -> Iterator[str]:
    """The lines of a text, as far as it is no longer than ``most`` bytes."""
    left, first = most, True
    while line := stream.readline(LONGEST_LINE + 1):
        left -= len(line)
        if left < 0 or len(line) > LONGEST_LINE:
            raise DamagedError(wording.CSV_LONG)
        yield line.decode("utf-8-sig" if first else "utf-8")
        first = False


def _data(arrays: Mapping[str, Array]) -> Data:
    """Images as rows, and grey levels (whole numbers up to 255) as parts of 1.

    :raises DamagedError: if they are no labelled samples.
    """
    x, y = _inputs(arrays, "x_train"), arrays["y_train"]
    bytes_ = x.dtype == np.uint8 or bool(x.max() > 1.5 and x.min() >= 0 and x.max() <= 255 and (x % 1 == 0).all())
    scale = 1.0 / 255.0 if bytes_ else 1.0
    labels = _labels("y_train", y, len(x))
    if "x_test" in arrays:
        test = _inputs(arrays, "x_test")
        if test.shape[1] != x.shape[1]:
            inputs = wording.counted(test.shape[1], "input")
            raise DamagedError(wording.OTHER_INPUTS.format(test=inputs, train=x.shape[1]))
        return Data(Samples(x, labels, scale), Samples(test, _labels("y_test", arrays["y_test"], len(test)), scale))
    if len(x) == 1:
        raise DamagedError(wording.ONE_SAMPLE)
    held = np.arange(len(x)) % HELD_BACK == HELD_BACK - 1
    held[-1] |= not held.any()
    return Data(Samples(x[~held], labels[~held], scale), Samples(x[held], labels[held], scale))


def _inputs(arrays: Mapping[str, Array], name: str) -> Array:
    """One sample a row."""
    images = arrays[name]
    if images.ndim == 0 or images.size == 0:
        sentence = wording.NO_SAMPLES if images.ndim else wording.NOT_SHAPED
        raise DamagedError(sentence.format(what=name, seen=shape_text(images.shape)))
    off = images.size - int(np.isfinite(images).sum())
    if off:
        raise DamagedError(wording.NOT_FINITE.format(what=name, count=wording.counted(off, "number")))
    rows = np.ascontiguousarray(images.reshape(len(images), -1))
    return rows.astype(np.float64) if rows.dtype.kind == "b" or rows.dtype == np.float16 else rows


def _labels(name: str, labels: Array, count: int) -> npt.NDArray[np.int64]:
    """Class numbers, from numbers or from one-hot rows."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        with np.errstate(all="ignore"):
            wrong = np.flatnonzero(~(((labels == 0) | (labels == 1)).all(axis=1) & (labels.sum(axis=1) == 1)))
        if len(wrong):
            raise DamagedError(wording.NOT_ONE_HOT.format(row=int(wrong[0]) + 1, what=name))
        labels = labels.argmax(axis=1)
    labels = labels.reshape(-1)
    if len(labels) != count:
        held, samples = wording.counted(len(labels), "label"), wording.counted(count, "sample")
        raise DamagedError(wording.OTHER_COUNT.format(what=name, labels=held, samples=samples))
    with np.errstate(all="ignore"):
        odd = np.flatnonzero(~((np.abs(labels.astype(np.float64)) < LARGEST_LABEL) & (labels == np.floor(labels))))
    if len(odd):
        raise DamagedError(wording.NOT_WHOLE.format(what=name, seen=labels[odd[0]]))
    return labels.astype(np.int64)
