"""Ways out that a student's code may try. Each defines ``attack(target)``, which returns True where it got through.

``target`` holds: ``secret`` (a file outside the folder, with the word in it), ``word``, ``outside`` (a folder),
``parent`` (the process that waits for the answer) and ``project`` (where this project lies).
"""

from __future__ import annotations

PYTHON = {
    "read a file": """
def attack(target):
    return target["word"] in open(target["secret"]).read()
""",
    "read a file through os": """
import os
def attack(target):
    return target["word"].encode() in os.read(os.open(target["secret"], os.O_RDONLY), 999)
""",
    "read a file by a way round": """
import os
def attack(target):
    return target["word"] in open(os.path.dirname(os.__file__) + "/../" * 30 + target["secret"]).read()
""",
    "read a file through a path object": """
import pathlib
def attack(target):
    return target["word"] in pathlib.Path(target["secret"]).read_text()
""",
    "read a file as bytes path": """
def attack(target):
    return target["word"] in open(target["secret"].encode()).read()
""",
    "read a file with a text of its own kind": """
class Text(str):
    def startswith(self, other): return True
    def __getitem__(self, place): return "/"
    def __eq__(self, other): return True
    __hash__ = str.__hash__
def attack(target):
    import os
    return target["word"].encode() in os.read(os.open(Text(target["secret"]), os.O_RDONLY), 999)
""",
    "read a file through numpy": """
import numpy as np
def attack(target):
    return target["word"].encode() in bytes(np.fromfile(target["secret"], dtype=np.uint8))
""",
    "read a file through memmap": """
import numpy as np
def attack(target):
    return target["word"].encode() in bytes(np.memmap(target["secret"], mode="r"))
""",
    "read a file through linecache": """
import linecache
def attack(target):
    return any(target["word"] in line for line in linecache.getlines(target["secret"]))
""",
    "read a file through open_code": """
import io
def attack(target):
    return target["word"].encode() in io.open_code(target["secret"]).read()
""",
    "read a file through the old io": """
import _pyio
def attack(target):
    return target["word"] in _pyio.open(target["secret"]).read()
""",
    "read through /proc/self/root": """
def attack(target):
    return target["word"] in open("/proc/self/root" + target["secret"]).read()
""",
    "read the parent's memory map": """
def attack(target):
    return bool(open(f"/proc/{target['parent']}/maps").read())
""",
    "read the parent's environment": """
def attack(target):
    return bool(open(f"/proc/{target['parent']}/environ", "rb").read())
""",
    "list a folder": """
import os
def attack(target):
    return bool(os.listdir(target["outside"]))
""",
    "scan a folder": """
import os
def attack(target):
    return bool(list(os.scandir(target["outside"])))
""",
    "glob": """
import glob
def attack(target):
    return bool(glob.glob(target["outside"] + "/*"))
""",
    "change the folder, then read": """
import os
def attack(target):
    os.chdir(os.path.dirname(target["secret"]))
    return target["word"] in open(os.path.basename(target["secret"])).read()
""",
    "link, then read": """
import os
def attack(target):
    os.symlink(target["secret"], "here")
    return target["word"] in open("here").read()
""",
    "hard link, then read": """
import os
def attack(target):
    os.link(target["secret"], "here")
    return target["word"] in open("here").read()
""",
    "import numeric": """
import sys
def attack(target):
    sys.path.insert(0, target["project"])
    import numeric
    return True
""",
    "import chapters": """
import sys
def attack(target):
    sys.path.insert(0, target["project"])
    import chapters
    return True
""",
    "import by machinery": """
import importlib.util
def attack(target):
    spec = importlib.util.spec_from_file_location("stolen", target["project"] + "/numeric/losses.py")
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
    return True
""",
    "read the reference": """
import os
def attack(target):
    folder = target["project"] + "/chapters/labs/library/"
    return bool(open(folder + sorted(os.listdir(folder))[0]).read())
""",
    "find the site packages": """
import os, numpy
def attack(target):
    return "numpy" in os.listdir(os.path.dirname(os.path.dirname(numpy.__file__)))
""",
    "write a file": """
def attack(target):
    open(target["outside"] + "/written", "w").write("x")
    return True
""",
    "append to a file": """
def attack(target):
    open(target["secret"], "a").write("x")
    return True
""",
    "empty a file": """
import os
def attack(target):
    os.truncate(target["secret"], 0)
    return True
""",
    "remove a file": """
import os
def attack(target):
    os.remove(target["secret"])
    return True
""",
    "rename a file": """
import os
def attack(target):
    os.rename(target["secret"], target["secret"] + "x")
    return True
""",
    "move a file in": """
import shutil
def attack(target):
    shutil.move(target["secret"], "mine")
    return True
""",
    "change rights": """
import os
def attack(target):
    os.chmod(target["secret"], 0)
    return True
""",
    "change times": """
import os
def attack(target):
    os.utime(target["secret"], (0, 0))
    return True
""",
    "make a folder": """
import os
def attack(target):
    os.mkdir(target["outside"] + "/made")
    return True
""",
    "remove its folder": """
import os, shutil
def attack(target):
    shutil.rmtree(os.getcwd())
    return not os.path.exists(os.getcwd())
""",
    "make a pipe": """
import os
def attack(target):
    os.mkfifo("pipe")
    return True
""",
    "fork": """
import os, time
def attack(target):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
    return True
""",
    "forkpty": """
import os, time
def attack(target):
    if os.forkpty()[0] == 0:
        time.sleep(600)
    return True
""",
    "run a program": """
import subprocess
def attack(target):
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    return True
""",
    "run a shell": """
import os
def attack(target):
    return os.system("true") == 0
""",
    "become a program": """
import os
def attack(target):
    os.execv("/bin/true", ["true"])
""",
    "spawn": """
import os
def attack(target):
    os.posix_spawn("/bin/sleep", ["sleep", "600"], {})
    return True
""",
    "multiprocessing": """
def attack(target):
    import multiprocessing, time
    multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,)).start()
    return True
""",
    "the bare fork_exec": """
def attack(target):
    import _posixsubprocess
    return bool(_posixsubprocess.fork_exec)
""",
    "kill the parent": """
import os, signal
def attack(target):
    os.kill(target["parent"], signal.SIGTERM)
    return True
""",
    "interrupt the parent": """
import os, signal
def attack(target):
    os.killpg(os.getpgid(target["parent"]), signal.SIGINT)
    return True
""",
    "signal everybody": """
import os
def attack(target):
    os.kill(-1, 0)
    return True
""",
    "open a socket": """
def attack(target):
    import socket
    socket.socket().connect_ex(("127.0.0.1", 9))
    return True
""",
    "fetch a page": """
def attack(target):
    import urllib.request
    urllib.request.urlopen("http://127.0.0.1:9", timeout=1)
    return True
""",
    "local socket": """
def attack(target):
    import socket
    socket.socketpair()
    return True
""",
    "ctypes": """
def attack(target):
    import ctypes
    return ctypes.CDLL(None).getpid() > 0
""",
    "ctypes through numpy": """
import numpy as np
def attack(target):
    ctypes = np._core._internal.ctypes
    return ctypes.CDLL(None).getpid() > 0
""",
    "ctypes: the C library of pythonapi": """
import numpy as np
def attack(target):
    ctypes = np._core._internal.ctypes
    return bool(ctypes.pythonapi.Py_IncRef)
""",
    "sqlite writes a file": """
def attack(target):
    import sqlite3
    sqlite3.connect(target["outside"] + "/base").execute("create table t (a)")
    return True
""",
    "raise its limits": """
import resource
def attack(target):
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return True
""",
    "start a thread": """
import threading, time
def attack(target):
    threading.Thread(target=time.sleep, args=(600,)).start()
    return True
""",
    "another interpreter": """
def attack(target):
    import _xxsubinterpreters as other
    made = other.create()
    other.run_string(made, "import ctypes")
    return True
""",
    "look through the collector": """
import gc
def attack(target):
    return bool(gc.get_objects())
""",
    "patch what the fence may use": """
import builtins, os, sys
def attack(target):
    builtins.isinstance = lambda *a: True
    builtins.any = builtins.all = lambda *a: True
    str_like = sys.modules["__main__"]
    for name in list(vars(str_like)):
        if name not in ("main", "__builtins__"):
            pass
    os.path.realpath = os.path.abspath = os.fspath = lambda p, **k: "/dev/null"
    return target["word"] in open(target["secret"]).read()
""",
    "posix anew": """
import sys
def attack(target):
    sys.modules.pop("posix", None)
    import posix
    return bool(posix.mkfifo)
""",
    "eat its own audit hook": """
import sys
def attack(target):
    sys.addaudithook(lambda *a: None)
    return target["word"] in open(target["secret"]).read()
""",
    "through the frames of the runner": """
import sys
def attack(target):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            read = getattr(value, "CDLL", None)
            if read is not None:
                return read(None).getpid() > 0
        frame = frame.f_back
    return False
""",
}
"""Attacks in plain Python: they must fail with the audit hook alone."""

_LIBRARY = """
import ctypes, os
c = ctypes.CDLL(None, use_errno=True)
c.syscall.restype = ctypes.c_long
def call(number, *arguments):
    return c.syscall(ctypes.c_long(number), *[
        ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments])
"""
NATIVE = {
    "open": """
def attack(target):
    return c.open(target["secret"].encode(), 0) >= 0
""",
    "open the parent's memory": """
def attack(target):
    return c.open(f"/proc/{target['parent']}/mem".encode(), 0) >= 0
""",
    "open the folder and then the file in it": """
def attack(target):
    folder = c.open(target["outside"].encode(), 0o200000 | 0o10000000)
    return c.openat(folder, os.path.basename(target["secret"]).encode(), 0) >= 0
""",
    "create": """
def attack(target):
    return c.open((target["outside"] + "/made").encode(), 0o101, 0o600) >= 0
""",
    "truncate": """
def attack(target):
    return c.truncate(target["secret"].encode(), ctypes.c_long(0)) == 0
""",
    "rename": """
def attack(target):
    return c.rename(target["secret"].encode(), (target["secret"] + "x").encode()) == 0
""",
    "chmod": """
def attack(target):
    return c.chmod(target["secret"].encode(), 0) == 0
""",
    "unlink": """
def attack(target):
    return c.unlink(target["secret"].encode()) == 0
""",
    "fork": """
def attack(target):
    return c.fork() >= 0
""",
    "vfork": """
def attack(target):
    return c.vfork() >= 0
""",
    "clone, bare": """
def attack(target):
    return call(56 if os.uname().machine == "x86_64" else 220, 17, 0, 0, 0, 0) >= 0
""",
    "clone3, bare": """
def attack(target):
    return call(435, bytes(88), 88) >= 0
""",
    "a thread": """
def attack(target):
    kept = ctypes.create_string_buffer(64)
    run = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)(lambda _: None)
    return c.pthread_create(kept, None, run, None) == 0
""",
    "another program": """
def attack(target):
    c.execv(b"/bin/true", (ctypes.c_char_p * 2)(b"true", None))
""",
    "system": """
def attack(target):
    return c.system(b"true") == 0
""",
    "a socket": """
def attack(target):
    return any(c.socket(family, kind, 0) >= 0 for family in (1, 2, 10, 16, 17, 40) for kind in (1, 2, 3))
""",
    "kill the parent": """
def attack(target):
    return c.kill(target["parent"], 0) == 0
""",
    "kill everybody": """
def attack(target):
    return c.kill(-1, 0) == 0
""",
    "kill its group's neighbours": """
def attack(target):
    return c.killpg(os.getpgid(target["parent"]), 0) == 0
""",
    "queue a signal": """
def attack(target):
    return c.sigqueue(target["parent"], 0, ctypes.c_long(0)) == 0
""",
    "a signal by fcntl": """
def attack(target):
    here = os.open("file", os.O_CREAT | os.O_RDWR)
    return c.fcntl(here, 8, target["parent"]) == 0
""",
    "trace the parent": """
def attack(target):
    return c.ptrace(16, target["parent"], 0, 0) == 0
""",
    "read the parent's memory": """
def attack(target):
    kept = ctypes.create_string_buffer(8)
    class Piece(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))
    here = Piece(ctypes.addressof(kept), 8)
    return c.process_vm_readv(target["parent"], ctypes.byref(here), 1, ctypes.byref(here), 1, 0) >= 0
""",
    "the parent's open files": """
def attack(target):
    return call(434, target["parent"], 0) >= 0
""",
    "a session of its own": """
def attack(target):
    return c.setsid() >= 0
""",
    "a mount": """
def attack(target):
    return c.unshare(0x10000000) == 0 or c.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
""",
    "chroot": """
def attack(target):
    return c.chroot(b".") == 0
""",
    "more memory allowed": """
import resource
def attack(target):
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    return True
""",
    "more memory allowed, by the other call": """
import resource
def attack(target):
    resource.prlimit(0, resource.RLIMIT_AS, (resource.RLIM_INFINITY,) * 2)
    return True
""",
    "shared memory that stays": """
def attack(target):
    return c.shmget(0, ctypes.c_size_t(1 << 20), 0o1600) >= 0
""",
    "a file in memory": """
def attack(target):
    return c.memfd_create(b"x", 0) >= 0
""",
    "io_uring": """
def attack(target):
    return call(425, 1, bytes(120)) >= 0
""",
    "bpf": """
def attack(target):
    return call(321 if os.uname().machine == "x86_64" else 280, 0, bytes(128), 128) >= 0
""",
    "space beyond the end of a file": """
def attack(target):
    here = os.open("file", os.O_CREAT | os.O_RDWR)
    return c.fallocate(here, 1, ctypes.c_long(0), ctypes.c_long(1 << 30)) == 0
""",
    "a larger file": """
import os
def attack(target):
    with open("file", "wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
    return True
""",
    "its old rights": """
def attack(target):
    return c.setuid(0) == 0 and os.access("/etc/shadow", os.R_OK) and c.open(b"/etc/shadow", 0) >= 0
""",
    "without the walls": """
def attack(target):
    return call(446, -1, 0) >= 0 or c.prctl(22, 0, 0, 0, 0) == 0
""",
    "the terminal": """
def attack(target):
    return c.open(b"/dev/tty", 2) >= 0
""",
    "a watch on files": """
def attack(target):
    return c.inotify_init1(0) >= 0
""",
    "the kernel's keys": """
def attack(target):
    return call(250 if os.uname().machine == "x86_64" else 219, 0, -3, 1) >= 0
""",
    "the other numbers of the same calls": """
def attack(target):
    return call(0x40000000 + 57) >= 0
""",
}
"""Attacks on the system itself, as after the audit hook has been broken: they must fail where the kernel has walls."""
NATIVE = {name: _LIBRARY + source for name, source in NATIVE.items()}

HOOK_ONLY = frozenset(
    [
        "the bare fork_exec",
        "ctypes",
        "ctypes through numpy",
        "ctypes: the C library of pythonapi",
        "look through the collector",
        "posix anew",
        "another interpreter",
    ]
)
"""Attacks that reach something inside the interpreter, which only the hook minds; nothing outside is had by them."""
