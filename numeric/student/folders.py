"""The folder that a student's process may write in: how full it is, and how it goes away again.

Whoever runs a student's code holds a lock on its folder, which the system lets go when the holder ends, whatever way it
ends. So a folder that nobody holds is one that a killed run has left behind, and the next run removes it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PREFIX: Final = "backproof-"
OLD: Final = 86_400.0
"""Seconds after which nobody uses a folder any more, where the system knows no such locks."""


@contextlib.contextmanager
def occupied() -> Iterator[Path]:
    """A new and empty folder, held for as long as this lasts, and removed afterwards.

    :raises OSError: if none can be made.
    """
    folder, held = _made()
    try:
        yield folder
    finally:
        remove(folder)
        if held is not None:
            os.close(held)


def _made() -> tuple[Path, int | None]:
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        # Another run may find it in the moment before it is held, and remove it.
        with contextlib.suppress(BlockingIOError, FileNotFoundError):
            held = _hold(str(folder))
            if folder.exists():
                return folder, held


def clear_abandoned() -> None:
    """Remove the folders that killed runs have left behind."""
    with contextlib.suppress(OSError), os.scandir(tempfile.gettempdir()) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                with contextlib.suppress(OSError):
                    _clear(entry)


def _clear(entry: os.DirEntry[str]) -> None:
    said = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(said.st_mode) or (hasattr(os, "geteuid") and said.st_uid != os.geteuid()):
        return
    held = _hold(entry.path)
    if held is not None or time.time() - said.st_ctime > OLD:
        remove(Path(entry.path))
    if held is not None:
        os.close(held)


def _hold(folder: str) -> int | None:
    """The handle of a folder that is held for as long as it is open; None where the system knows no such locks.

    :raises BlockingIOError: if somebody else holds it.
    :raises OSError: if it has gone, or cannot be opened.
    """
    if sys.platform == "win32":
        return None
    import fcntl

    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
    try:
        opened = os.open(folder, flags)
    except PermissionError:
        # The student's code may have taken the rights away.
        os.chmod(folder, stat.S_IRWXU)
        opened = os.open(folder, flags)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        raise
    except OSError:
        os.close(opened)
        return None
    return opened


def filled(folder: Path, most_bytes: int, most_files: int) -> bool:
    """Whether more than this lies in the folder; a folder that cannot be looked at counts as filled."""
    total = count = 0
    waiting = [str(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    count += 1
                    said = entry.stat(follow_symlinks=False)
                    total += max(said.st_size, 512 * getattr(said, "st_blocks", 0))
                    if count > most_files or total > most_bytes:
                        return True
                    if stat.S_ISDIR(said.st_mode):
                        waiting.append(entry.path)
        except FileNotFoundError:
            continue
        except OSError:
            return True
    return False


def remove(folder: Path) -> None:
    """Remove the folder and what is left in it, whatever rights or depth that has."""

    def open_up(_function: object, path: str, _error: object) -> None:
        for place in (os.path.dirname(path), path):
            with contextlib.suppress(OSError):
                if not os.path.islink(place):
                    os.chmod(place, stat.S_IRWXU)
        with contextlib.suppress(OSError):
            if os.path.isdir(path) and not os.path.islink(path):
                os.rmdir(path)
            else:
                os.unlink(path)

    for _ in range(3):
        with contextlib.suppress(OSError, RecursionError):
            shutil.rmtree(folder, onerror=open_up)
        if not folder.exists():
            return
