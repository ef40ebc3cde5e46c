"""Python's audit hook: the same fence once more, inside Python. It is all there is where the system has no other.

It keeps out what is written in plain Python. Someone who breaks the interpreter itself (by writing into its memory)
gets past it, and then meets the walls of the system, where there are any.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REFUSED_FAMILIES = _words(
    "socket subprocess ctypes pty sqlite3 fcntl syslog ftplib imaplib poplib nntplib smtplib telnetlib urllib http "
    "webbrowser winreg _winapi msvcrt gc ensurepip"
)
"""Events by the word before the dot."""
ALLOWED_EVENTS = frozenset(["gc.collect"])
REFUSED_EVENTS = _words(
    "os.exec os.fork os.forkpty os.posix_spawn os.spawn os.system os.startfile os.startfile/2 os.kill os.killpg "
    "os.chdir os.chmod os.chown os.chflags os.lchmod os.link os.symlink os.mkdir os.rmdir os.remove os.rename "
    "os.truncate os.utime os.getxattr os.setxattr os.listxattr os.removexattr os.lockf os.unshare os.setns "
    "os.add_dll_directory signal.pthread_kill resource.setrlimit resource.prlimit sys.addaudithook "
    "_thread.start_new_thread _thread.start_joinable_thread cpython.PyInterpreterState_New "
    "sys.set_asyncgen_hooks_firstiter sys.remote_exec sys._current_frames"
)
REFUSED_MODULES = _words(
    "ctypes _ctypes _ctypes_test cffi _cffi_backend _socket socket ssl _ssl sqlite3 _sqlite3 dbm _dbm _gdbm "
    "_posixsubprocess _posixshmem _multiprocessing pty readline _testcapi _testinternalcapi _testmultiphase "
    "_testlimitedcapi _testclinic _xxsubinterpreters _interpreters _interpchannels _interpqueues _curses _tkinter "
    "xxlimited xxlimited_35 _xxtestfuzz posix nt _winapi _overlapped syslog termios fcntl nis spwd"
)
"""Modules that open files, start processes or reach into memory without telling the hook."""
WITHOUT_EVENT = _words(
    "mkfifo mknod setsid setpgid chroot memfd_create pidfd_open setpriority setuid setgid setreuid setregid setresuid "
    "setresgid setgroups unshare setns sched_setscheduler sched_setparam sched_setaffinity posix_fallocate eventfd"
)
"""What os can do without an event: it is taken out of os."""
FORGOTTEN = _words(
    "ctypes _ctypes ctypes._endian ctypes.util numpy.ctypeslib socket _socket subprocess _posixsubprocess fcntl termios"
)
"""What came with NumPy or the walls: to be imported anew, and refused."""


def raise_fence(trees: list[str], withheld: list[str], folder: str, words: str) -> None:
    """From here on refuse whatever is no calculation. It cannot be undone in this process."""
    for name in WITHOUT_EVENT:
        for system in (os, sys.modules[os.name]):
            if hasattr(system, name):
                delattr(system, name)
    for name in FORGOTTEN:
        module = sys.modules.pop(name, None)
        if module is not None and hasattr(module, "fork_exec"):
            del module.fork_exec

    def refuse_thread(*_: object, **__: object) -> None:
        raise RuntimeError("can't start new thread")

    for module_name in ("_thread", "threading"):
        for name in ("start_new_thread", "start_new", "_start_new_thread", "start_joinable_thread"):
            if hasattr(sys.modules.get(module_name), name):
                setattr(sys.modules[module_name], name, refuse_thread)
    sys.addaudithook(_hook(tuple(trees), tuple(withheld), folder, words))


def _hook(
    trees: tuple[str, ...], withheld: tuple[str, ...], folder: str, words: str
) -> Callable[[str, tuple[Any, ...]], None]:
    # Everything it uses is bound here, once: no name of it can be looked up, and so none can be replaced, from outside.
    families, events, allowed_events, modules = REFUSED_FAMILIES, REFUSED_EVENTS, ALLOWED_EVENTS, REFUSED_MODULES
    error, missing, kind, string, octets, number, length = PermissionError, ImportError, type, str, bytes, int, len
    any_write = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    null, slash, windows = os.devnull, os.sep, os.name == "nt"
    starts, find, rfind, decode, split = str.startswith, str.find, str.rfind, bytes.decode, str.split
    replace, lower = str.replace, str.lower

    def plain(path: str) -> str:
        return lower(replace(path, "/", slash)) if windows else path

    trees, withheld, folder = tuple(map(plain, trees)), tuple(map(plain, withheld)), plain(folder)

    def under(path: str, tree: str) -> bool:
        return path == tree or (starts(path, tree) and path[length(tree)] == slash)

    def within(path: Any) -> tuple[bool, bool]:
        """Whether a path may be read, and whether it may be written."""
        if path is None or kind(path) is number:
            return True, True
        if kind(path) is octets:
            path = decode(path, "utf-8", "surrogateescape")
        if kind(path) is not string:
            return False, False
        path = plain(path)
        for part in split(path, slash):
            if part == "..":
                return False, False
        if not starts(path, slash) and not (windows and path[1:2] == ":"):
            return True, True
        if path == null or under(path, folder):
            return True, True
        best = 0
        for tree in trees:
            if under(path, tree) and length(tree) > best:
                best = length(tree)
        for tree in withheld:
            if under(path, tree) and length(tree) > best:
                return False, False
        return best > 0, False

    def hook(event: str, details: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = details
            reading, writing = within(path)
            changes = kind(flags) is not number or flags & any_write
            if not (writing if changes else reading):
                raise error(words)
        elif event == "import":
            name = details[0]
            last = name[rfind(name, ".") + 1 :] if kind(name) is string else ""
            if kind(name) is not string or last in modules or name in modules:
                raise missing(words)
            if details[1] is not None and not within(details[1])[0]:
                raise missing(words)
        elif event == "os.listdir" or event == "os.scandir" or event == "os.walk" or event == "os.fwalk":
            if not within(details[0])[0]:
                raise error(words)
        elif event in events:
            raise error(words)
        elif event not in allowed_events:
            dot = find(event, ".")
            if dot > 0 and event[:dot] in families:
                raise error(words)

    return hook
