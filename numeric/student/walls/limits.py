"""The resource limits of a student's process, and the rights that it gives up."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

PARENT_DIES = 1
CAPABILITIES_3 = 0x20080522


def set_limits(asked: dict[str, Any]) -> list[str]:
    """Processor time, memory, size of a file, open files: what the system can limit, by name."""
    try:
        import resource
    except ImportError:
        return []
    seconds = int(asked["cpu_seconds"])
    wanted = [
        ("RLIMIT_CPU", seconds, seconds + 1),
        ("RLIMIT_AS", asked["memory"], asked["memory"]),
        ("RLIMIT_FSIZE", asked["file"], asked["file"]),
        ("RLIMIT_NOFILE", asked["open_files"], asked["open_files"]),
        ("RLIMIT_CORE", 0, 0),
    ]
    if asked["walled"]:
        wanted += [("RLIMIT_NPROC", 0, 0), ("RLIMIT_MEMLOCK", 0, 0), ("RLIMIT_MSGQUEUE", 0, 0)]
    set_ones = []
    for name, soft, hard in wanted:
        number = getattr(resource, name, None)
        if number is None:
            continue
        try:
            highest = resource.getrlimit(number)[1]
            if highest != resource.RLIM_INFINITY:
                soft, hard = min(soft, highest), min(hard, highest)
            resource.setrlimit(number, (soft, hard))
        except (OSError, ValueError):
            continue
        set_ones.append(name.removeprefix("RLIMIT_").lower())
    if hasattr(signal, "SIGXFSZ"):
        # A file that grows too large is an error in the student's code, not a sudden end.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    return set_ones


def die_with(parent: int) -> None:
    """End when the process that waits for the answer ends, whatever way it ends (Linux)."""
    if sys.platform != "linux":
        return
    no = ctypes.c_ulong(0)
    ctypes.CDLL(None).prctl(PARENT_DIES, ctypes.c_ulong(signal.SIGKILL), no, no, no)
    if os.getppid() != parent:
        os._exit(1)


def drop_capabilities() -> None:
    """Where root runs this: the rights of root go, those of an ordinary owner of files stay (Linux)."""
    if sys.platform != "linux":
        return
    header = (ctypes.c_uint32 * 2)(CAPABILITIES_3, 0)
    none = (ctypes.c_uint32 * 6)()
    ctypes.CDLL(None).capset(ctypes.byref(header), ctypes.byref(none))
