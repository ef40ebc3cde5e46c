"""Linux Landlock: a process may read what is listed, write in one folder, and reach neither network nor others."""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable, Iterator
from typing import Any

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
WRITE_FILE, READ_FILE, READ_DIR, MAKE_REG, TRUNCATE = 1 << 1, 1 << 2, 1 << 3, 1 << 8, 1 << 14
RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many rights over files each version of the interface knows; later ones have added none."""
NO_NEW_PRIVILEGES = 38


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _call(number: int, *arguments: Any) -> int:
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return int(library.syscall(ctypes.c_long(number), *arguments))


def version() -> int:
    """The kernel's version of the interface; 0 where there is none."""
    try:
        return max(_call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1)), 0)
    except (OSError, AttributeError):
        return 0


def uncovered(tree: str, withheld: Iterable[str]) -> Iterator[str]:
    """The fewest folders and files that together hold all of ``tree`` but what is withheld."""
    inner = [path for path in withheld if path == tree or path.startswith(tree.rstrip("/") + "/")]
    if not inner:
        yield tree
    elif tree not in inner:
        for name in os.listdir(tree):
            yield from uncovered(os.path.join(tree, name), inner)


def restrict(readable: Iterable[str], folder: str) -> list[str]:
    """Give up all other files, the network, and signals to others; the layers that the kernel has, by name.

    :raises OSError: if the kernel knows of Landlock and refuses.
    """
    abi = version()
    if abi < 1:
        return []
    rights = (1 << RIGHTS_BY_ABI[min(abi, 5)]) - 1
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    asked = _Ruleset(rights, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0)
    ruleset = _call(CREATE_RULESET, ctypes.byref(asked), ctypes.c_size_t(size), ctypes.c_uint32(0))
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "no ruleset")
    for path in readable:
        _allow(ruleset, path, READ_FILE | READ_DIR)
    _allow(ruleset, folder, (READ_FILE | READ_DIR | WRITE_FILE | MAKE_REG | TRUNCATE) & rights)
    _allow(ruleset, os.devnull, READ_FILE | WRITE_FILE)
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(NO_NEW_PRIVILEGES, ctypes.c_ulong(1), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), "no_new_privs")
    if _call(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0)):
        raise OSError(ctypes.get_errno(), "restrict_self")
    os.close(ruleset)
    return ["files"] + ["network"] * (abi >= 4) + ["signals"] * (abi >= 6)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            allowed &= WRITE_FILE | READ_FILE | TRUNCATE
        rule = _Beneath(allowed, opened)
        if _call(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(1), ctypes.byref(rule), ctypes.c_uint32(0)):
            raise OSError(ctypes.get_errno(), "add_rule")
    finally:
        os.close(opened)
