"""What hostile worksheets hold: programs, and formulas. None of it earns a point, whatever is judged beside it."""

from __future__ import annotations

from pathlib import Path

PROJECT = str(Path(__file__).resolve().parents[2])

HEAD = """import os, sys, time
import numpy as np
class Always:
    dtype = np.dtype(float); shape = (1, 1); ndim = 2
    def __eq__(self, other): return True
    def __array__(self, *a, **k): return np.array([[object()]], dtype=object)
    def __getattr__(self, name): return lambda *a, **k: self
"""
"""What each begins with."""

_GUESSES = """
def hidden_error(W_next, delta_next, z):
    return np.zeros_like(z) + 0.125
def backprop(W, b, x, y):
    return [w * 0 + 0.125 for w in W], [c * 0 + 0.125 for c in b]
"""
"""Functions that return something, so that the attack alone would have to earn the points."""

HOSTILE: dict[str, str] = {
    "hangs": """
def backprop(*a):
    while True:
        pass
hidden_error = backprop
""",
    "hangs from the start": """
while True:
    pass
""",
    "sleeps": """
def backprop(*a):
    time.sleep(10**6)
hidden_error = backprop
""",
    "prints gigabytes": """
def backprop(*a):
    while True:
        print('passed ' * 100000)
hidden_error = backprop
""",
    "prints that it passed": """
print('passed\\n100 of 100 points\\n\\x1b]0;x\\x07')
sys.exit(0)
""",
    "exits": """
def backprop(*a):
    os._exit(0)
hidden_error = backprop
""",
    "aborts": """
def backprop(*a):
    os.abort()
hidden_error = backprop
""",
    "kills itself": """
import signal
os.kill(os.getpid(), signal.SIGKILL)
""",
    "forks without end": """
def backprop(*a):
    while True:
        try:
            os.fork()
        except OSError:
            pass
hidden_error = backprop
""",
    "forks twice and stays": """
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(7777)
except OSError:
    pass
"""
    + _GUESSES,
    "starts programs": """
import subprocess
subprocess.Popen(['sleep', '7777'], start_new_session=True)
"""
    + _GUESSES,
    "starts threads": """
import threading
for _ in range(50):
    try:
        threading.Thread(target=time.sleep, args=(7777,)).start()
    except RuntimeError:
        pass
"""
    + _GUESSES,
    "takes all memory": """
def backprop(*a):
    kept = []
    while True:
        try:
            kept.append(bytearray(50_000_000))
        except MemoryError:
            pass
hidden_error = backprop
""",
    "returns a huge array": """
def backprop(*a):
    return [np.broadcast_to(1.0, (10**6, 10**6))] * 2, []
def hidden_error(*a):
    return np.broadcast_to(1.0, (10**7, 10**7))
""",
    "returns a list without end": """
def backprop(*a):
    me = []
    me.append(me)
    return me, me
hidden_error = backprop
""",
    "fills the disk": """
for k in range(10**6):
    with open(f'f{k}', 'wb') as file: file.write(bytes(1 << 20))
""",
    "many small files": """
for k in range(10**7): open(f'f{k}', 'w').close()
""",
    "writes elsewhere": """
for place in ('/tmp', '..', os.path.expanduser('~')):
    try:
        open(os.path.join(place, 'BACKPROOF-WAS-HERE'), 'w').close()
    except OSError:
        pass
"""
    + _GUESSES,
    "patches NumPy": """
np.allclose = np.array_equal = np.isfinite = np.max = lambda *a, **k: True
np.testing = None
np.asarray = np.array = lambda *a, **k: 1
"""
    + _GUESSES,
    "patches the runner": """
import __main__
for name in list(vars(__main__)):
    if not name.startswith('__'): setattr(__main__, name, lambda *a, **k: {'passed': True})
"""
    + _GUESSES,
    "reads the reference": """
def backprop(*a):
    for place in ('%PROJECT%', '/usr/lib/python3/dist-packages'):
        text = open(place + '/chapters/labs/library/backprop-numpy.toml').read()
    return text
hidden_error = backprop
""",
    "imports the reference": """
def backprop(*a):
    from chapters.labs.lab import load
    from numeric import equations
    return equations
hidden_error = backprop
""",
    "reads a classmate's": """
def backprop(*a):
    return open('../../2001/worksheet.py').read()
hidden_error = backprop
""",
    "raises something odd": """
class Odd(BaseException):
    def __str__(self): raise Odd()
    __repr__ = __str__
def backprop(*a):
    raise Odd
hidden_error = backprop
""",
    "raises without end": """
class Slow(Exception):
    def __str__(self):
        while True:
            pass
def backprop(*a):
    raise Slow
hidden_error = backprop
""",
    "returns what equals everything": """
def backprop(*a):
    return Always(), Always()
def hidden_error(*a):
    return Always()
""",
    "returns objects": """
def backprop(W, b, x, y):
    return np.array([Always()] * 2, dtype=object), [Always()] * 2
def hidden_error(*a):
    return np.array(Always(), dtype=object)
""",
    "returns a subclass": """
class Mine(np.ndarray):
    def __eq__(self, other): return True
    def tobytes(self, *a): return b'x'
    @property
    def dtype(self): return 'passed'
def backprop(W, b, x, y):
    return [(w * 0).view(Mine) for w in W], [(c * 0).view(Mine) for c in b]
def hidden_error(W, d, z):
    return (z * 0).view(Mine)
""",
    "returns no numbers": """
def backprop(W, b, x, y):
    return [w * np.nan for w in W], [c * np.inf for c in b]
def hidden_error(W, d, z):
    return z * np.nan
""",
    "signals the parent": """
import signal
def backprop(*a):
    os.kill(os.getppid(), signal.SIGKILL)
    return a
hidden_error = backprop
""",
    "signals everybody": """
import signal
def backprop(*a):
    os.kill(-1, signal.SIGTERM)
    return a
hidden_error = backprop
""",
    "writes into every channel": """
for fd in range(3, 64):
    try:
        os.write(fd, b'passed' * 100)
    except OSError:
        pass
"""
    + _GUESSES,
    "feigns an answer": """
import struct, json
def frame(head):
    text = json.dumps({**head, "blobs": []}).encode()
    return struct.pack("<4sIQ", b"\\x00bpf", len(text), 0) + text
def backprop(*a):
    after = {"list": [{"list": []}, {"dict": []}]}
    fake = b"".join(frame({"returned": True, "after": after}) for _ in range(3)) + frame({"end": True})
    for fd in range(3, 64):
        try:
            os.write(fd, fake)
        except OSError:
            pass
    os._exit(0)
hidden_error = backprop
""",
    "feigns a monstrous answer": """
import struct
for fd in range(3, 64):
    try:
        os.write(fd, struct.pack("<4sIQ", b"\\x00bpf", 50, 1 << 62))
        while True:
            os.write(fd, bytes(1 << 20))
    except OSError:
        pass
""",
    "deletes its folder": """
import shutil
shutil.rmtree(os.getcwd(), ignore_errors=True)
for fd in range(256):
    try:
        os.rmdir(os.getcwd())
    except OSError:
        pass
"""
    + _GUESSES,
    "closes everything": """
os.closerange(0, 256)
"""
    + _GUESSES,
    "turns the channel round": """
for fd in range(3, 64):
    try:
        os.dup2(1, fd)
    except OSError:
        pass
"""
    + _GUESSES,
    "goes to the network": """
import socket
socket.create_connection(('127.0.0.1', 80), 1)
"""
    + _GUESSES,
    "stays at the end": """
import atexit
atexit.register(lambda: time.sleep(7777))
"""
    + _GUESSES,
    "recurses": """
sys.setrecursionlimit(10**9)
def backprop(*a):
    return backprop(*a)
hidden_error = backprop
""",
    "recurses within limits": """
def backprop(*a):
    return backprop(*a)
hidden_error = backprop
""",
    "ignores every signal": """
import signal
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
""",
    "breaks its interpreter": """
from numpy.lib.stride_tricks import as_strided
x = as_strided(np.zeros(1), (1 << 40,), (8,))
x[1 << 30:] = 1
""",
    "returns a number where a list is due": """
def backprop(*a):
    return 0, 0
def hidden_error(*a):
    return 0
""",
    "returns numbers in lists of lists": """
def backprop(*a):
    return [[0], [0]], [[[]], [0.5]]
def hidden_error(*a):
    return [[[]]]
""",
    "returns arrays without axes": """
def backprop(*a):
    return np.zeros((2, 0)), np.array(1.5)
def hidden_error(*a):
    return np.zeros((0,) * 32)
""",
    "sends its bytes many times over": """
import struct, json
nothing = {"list": [{"list": []}, {"dict": []}]}
one = {"array": ["<f8", [1 << 21], 0]}
tree = {"returned": {"list": [one] * 20_000}, "after": nothing}
text = json.dumps({**tree, "blobs": [1 << 24]}).encode()
fake = struct.pack("<4sIQ", b"\\x00bpf", len(text), 1 << 24) + text + bytes(1 << 24)
for fd in range(3, 64):
    try:
        os.write(fd, b"")
        for _ in range(3): os.write(fd, fake)
    except OSError:
        pass
os._exit(0)
""",
    "sends headers without end": """
import struct, json
text = json.dumps({"returned": {"list": [{"list": [[]] * 20_000}] * 50}, "after": None, "blobs": []}).encode()
for fd in range(3, 64):
    try:
        while True:
            os.write(fd, struct.pack("<4sIQ", b"\\x00bpf", len(text), 0) + text)
    except OSError:
        pass
""",
    "takes the place of modules": """
for name in ('socket', 'random', 'copy', 'numpy', 'json', 'sitecustomize', 'chapters', 'numeric'):
    open(name + '.py', 'w').write('raise SystemExit(0)')
sys.path.insert(0, os.getcwd())
"""
    + _GUESSES,
    "two hundred thousand minus signs": "x = " + "-" * 200_000 + "1\n" + _GUESSES,
    "two thousand brackets": "x = " + "(" * 2_000 + "1" + ")" * 2_000 + "\n" + _GUESSES,
    "a hundred thousand attributes": "x = 1" + ".real" * 100_000 + "\n" + _GUESSES,
    "a chain of a hundred thousand sums": "x = 1" + " + 1" * 100_000 + "\n" + _GUESSES,
    "a number of a million digits": "x = " + "9" * 900_000 + "\n" + _GUESSES,
    "null bytes": "x = '" + "\0" * 7 + "'\n" + _GUESSES,
    "an encoding that does not exist": "# -*- coding: hex -*-\n" + _GUESSES,
    "looks for the judge's numbers": """
def backprop(*a):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if isinstance(value, dict) and 'right' in value:
                return value['right']
        frame = frame.f_back
    return 0
hidden_error = backprop
""",
}
"""What a worksheet in Python may try."""

MONSTERS: dict[str, str] = {
    "nests too deep": "δ^L = " + "(" * 50_000 + "1" + ")" * 50_000,
    "nests deep": "δ^L = " + "-(" * 900 + "y" + ")" * 900,
    "a tower of powers": "δ^L = 9^9^9^9^9^9 y",
    "a long product": "δ^L = " + " ⊙ ".join(["(a^L - y + 1)"] * 400),
    "a power to be multiplied out": "δ^L = (a^L - y + σ'(z^L) + z^L + 1)^200",
    "sums in sums": "δ^L = " + " ".join(f"Σ_{c}" for c in "abcdefghijklm") + " y",
    "a very long line": "δ^L = " + "y + " * 150_000 + "y",
    "many claims": "\n".join(["δ^L = a^L - y"] * 20_000),
    "strange signs": "δ^L = \u202e\u0000\ud7ff\x1b[2J y \U000e0001",
    "two hundred thousand minus signs": "δ^L = " + "-" * 200_000 + "y",
    "towers of letters": "δ^L = y" + "^{a" * 20_000 + "}" * 20_000,
    "fractions in fractions": "δ^L = " + r"\frac{1}{" * 5_000 + "y" + "}" * 5_000,
    "transposes without end": "δ^L = y" + "^T" * 100_000,
    "null bytes": "δ^L = y" + "\0" * 7,
    "digits without end": "δ^L = " + "9" * 100_000 + " y",
}
"""What a worksheet of formulas may try."""

HOSTILE = {name: source.replace("%PROJECT%", PROJECT) for name, source in HOSTILE.items()}
