"""Writing a file whole or not at all, and clearing up what was begun when a run was killed."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
import time
from pathlib import Path
from typing import Final

_BEGUN: Final = re.compile(r"\.backproof-(\d{1,9})-\w+\.part")
"""The name of a file that is not whole yet: it says which process writes it."""
OLD: Final = 86_400.0
"""Seconds after which nobody writes at a file any more, where a process cannot be asked whether it lives."""


def write_whole(path: Path, content: str | bytes, *, by_way_of: Path | None = None) -> None:
    """Write a file so that it is there whole, or as it was before. What killed runs have begun is removed.

    :param by_way_of: the folder in which it is begun, on the same disk; the file's own, where it is None.
    :raises OSError: if it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    folder = by_way_of or path.parent
    clear_abandoned(folder)
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".backproof-{os.getpid()}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, _mode(path))
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def clear_abandoned(folder: Path) -> None:
    """Remove the files that killed runs have begun in a folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            begun = _BEGUN.fullmatch(entry.name)
            if begun and not _is_written(int(begun[1]), entry):
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)


def _is_written(process: int, entry: os.DirEntry[str]) -> bool:
    """Whether the process that has begun a file still lives."""
    if os.name != "posix":
        return time.time() - entry.stat(follow_symlinks=False).st_mtime < OLD
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _mode(path: Path) -> int:
    """The rights of the file that is there; of a new one, what is usual."""
    if path.is_file() and not path.is_symlink():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
