"""The folder that a student's process may write in: how full it is, and how it goes away again."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from pathlib import Path


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
