"""Arrays out of .npz files that anybody may have written: plain numbers, and no more memory than the file accounts for.

``numpy.load`` believes what a file says of itself: it makes room for the shape that an array's header names before it
has seen a byte of it, and a zip of a few kilobytes may name terabytes. Here each length is compared with the others
first: what the zip says of an entry, what the array's own header says, and how far a file of this size can be trusted.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

import numpy as np
from numpy.lib import format as npy

from numeric import wording
from numeric.arrays import Array
from numeric.files import open_regular, reason

MOST_ENTRIES: Final = 10_000
UNPACKED: Final = 100
"""How many times as large as its file an array may be: images shrink to a tenth or to a fiftieth, a bomb to 1/1000."""
ALWAYS: Final = 32 << 20
"""Bytes that any file may unpack to."""
LARGEST: Final = 2 << 30
"""Bytes that no array may have more of."""
PIECE: Final = 1 << 20
"""Bytes that are unpacked at a time."""
KINDS: Final = "fiub"
"""Numbers: floating, signed, unsigned, and truth values."""


T = TypeVar("T")


class DamagedError(Exception):
    """The file is not what it seems; the message is the reason, as part of a sentence."""


def room(packed: int, always: int = ALWAYS, times: int = UNPACKED) -> int:
    """Bytes that a file of ``packed`` bytes may unpack to."""
    return min(LARGEST, max(always, times * packed))


class Npz:
    """An open .npz file: ``names``, and ``array(name)``.

    :raises DamagedError: if the file cannot be read as one.
    """

    def __init__(self, path: Path) -> None:
        self._file = careful(lambda: open_regular(path))
        try:
            self._zip = careful(lambda: zipfile.ZipFile(self._file))
            entries = self._zip.infolist()
            if len(entries) > MOST_ENTRIES:
                raise DamagedError(wording.MANY_ENTRIES.format(count=len(entries)))
            self._entries = {entry.filename.removesuffix(".npy"): entry for entry in entries}
            self._left = room(careful(lambda: path.stat().st_size))
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None
    ) -> None:
        self._zip.close()
        self._file.close()

    @property
    def names(self) -> list[str]:
        return list(self._entries)

    def array(self, name: str) -> Array:
        """The array of this name, in its own memory.

        :raises DamagedError: if there is none, or it is damaged, too large, or holds anything but real numbers.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise DamagedError(wording.NO_ARRAY.format(name=name))
        if entry.file_size > self._left:
            raise DamagedError(wording.TOO_MUCH.format(name=name, size=entry.file_size))
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise DamagedError(wording.OTHER_PACKING.format(name=name))
        self._left -= entry.file_size
        return _array(name, careful(lambda: self._unpacked(entry)))

    def _unpacked(self, entry: zipfile.ZipInfo) -> bytes:
        """An entry a piece at a time: read in one go, zipfile unpacks what the stream holds, not what the zip says."""
        with self._zip.open(entry) as stream:
            return b"".join(iter(lambda: stream.read(PIECE), b""))


def _array(name: str, content: bytes) -> Array:
    """The array in the bytes of a .npy file (numpy.lib.format describes it)."""
    stream = io.BytesIO(content)

    def header() -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
        version = npy.read_magic(stream)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, by_columns, kind = read(stream)
        return shape, by_columns, kind

    shape, by_columns, kind = careful(header)
    if kind.kind not in KINDS or kind.itemsize > 16:
        raise DamagedError(wording.NO_NUMBERS.format(name=name, seen=wording.shortened(kind)))
    start = stream.tell()
    size = math.prod(shape) * kind.itemsize
    if size != len(content) - start:
        raise DamagedError(wording.OTHER_LENGTH.format(name=name, held=len(content) - start, size=size))
    flat = np.frombuffer(content, dtype=kind, offset=start)
    shaped = careful(lambda: flat.reshape(shape, order="F" if by_columns else "C"))
    return shaped.astype(kind.newbyteorder("="), order="C")


def careful(read: Callable[[], T]) -> T:
    """What ``read`` gives.

    :raises DamagedError: for anything that it raises but a DamagedError of its own.
    """
    try:
        return read()
    except DamagedError:
        raise
    except Exception as error:
        # zipfile and NumPy raise whatever damaged bytes lead them to: struct.error, KeyError, NotImplementedError, …
        raise DamagedError(reason(error)) from None
