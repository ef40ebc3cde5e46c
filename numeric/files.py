"""Opening what a person names: regular files only, and no more of them than is wanted."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from numeric import wording


def open_regular(path: Path) -> BinaryIO:
    """``path`` for reading. A pipe or a device is refused, and never waited for.

    :raises OSError: if there is no such file, it may not be read, or it is no regular file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:  # a name that no file can have
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL)) from None
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, wording.NOT_REGULAR)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_whole(path: Path, most: int) -> bytes:
    """All of a file of at most ``most`` bytes.

    :raises OSError: as ``open_regular`` does, and for a longer file.
    """
    with open_regular(path) as file:
        content = file.read(min(most, os.fstat(file.fileno()).st_size) + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, wording.TOO_LONG.format(most=most))
    return content


def reason(error: Exception) -> str:
    """Why reading failed, as part of a sentence."""
    why = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return wording.shortened(why).rstrip(".")
