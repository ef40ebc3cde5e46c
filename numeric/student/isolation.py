"""The isolated runner: a student's functions are called in a process of its own; what they return comes back as arrays.

What holds for every run:

* another Python (``-I -B``), which looks for modules neither in the folder that one is in nor in the environment's, in
  a session of its own, in an empty folder that is removed afterwards (by the next run, if this one is killed), with an
  environment of a few fixed variables and an empty standard input;
* limits on time, processor time, memory, the size of a file, files in the folder, open files, and printed text; when
  one is passed, or the answer is complete, the process and its group are killed: nothing registered for the end runs;
* arguments and results travel as plain bytes with lengths (``framing``), never pickled, and every length, type and
  shape that comes back is checked. What does not fit is ``Stopped("garbled")``, without results.

What holds besides when ``walled`` (labs and grading; not for one's own file in ``gradcheck``):

* Landlock (Linux 5.13 or newer): it can read Python's library, NumPy, system libraries and its own folder, and nothing
  else (so not this project, its references, or another student's work), write in its own folder only, and open no TCP
  connection; from Linux 6.12 it can signal nobody else;
* seccomp (Linux on x86-64 and ARM64): no other process or thread, no other program, no socket of any kind, no signal to
  others, no change to names or attributes of files, no raised limit; where root runs this, root's rights are dropped;
* an audit hook in Python, everywhere: the same fence for code that is plain Python.

``Ran.walls`` names the layers that held: ``files network signals calls python``.

What is not isolated: without Landlock and seccomp (macOS, Windows, old kernels) the hook alone stands, and someone who
writes into the interpreter's own memory gets past it. The process shares the machine: it takes processor time up to its
limit, and can see *that* a file exists and how long it is. On macOS and Windows the memory limit may not hold.
Faults of the kernel or the processor are beyond this; a course that expects real attackers grades in a virtual machine.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import IO, Any, Final, Literal, Protocol, TypeAlias

import numpy as np

from numeric.arrays import Array
from numeric.student import words
from numeric.student.folders import clear_abandoned, filled, occupied
from numeric.student.framing import BrokenFrameError, decode, encode, pack, split

Value: TypeAlias = "bool | int | float | str | Array | list[Value] | tuple[Value, ...] | dict[Any, Value] | None"
"""What can be handed over and come back: numbers, text, None, arrays, and lists, tuples and dicts of these."""

MEGABYTE: Final = 1 << 20
HEADERS: Final = 8
"""The part of an answer (one in so many bytes) that may be headers."""
TICK: Final = 0.05
"""Seconds between two looks at the folder and the clock."""
GRACE: Final = 1.0
"""Seconds for the pipes to run dry once the process has ended."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function that the source defines; the arguments are copied afresh for it."""

    function: str
    arguments: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may use: seconds, bytes, numbers of files."""

    seconds: float = 10.0
    cpu_seconds: float | None = None
    """Processor time; the same as ``seconds`` where it is None."""
    memory: int = 1024 * MEGABYTE
    """Address space, NumPy and Python (about 150 megabytes) included."""
    file: int = MEGABYTE
    folder: int = 16 * MEGABYTE
    files: int = 200
    open_files: int = 64
    kept: int = 20_000
    """Characters of printed text that are kept."""
    printed: int = 16 * MEGABYTE
    answer: int = 64 * MEGABYTE


@dataclass(frozen=True, slots=True)
class Returned:
    """The value that a call returned, and whether its arguments were the same afterwards: they travel back, and are
    compared here with what was sent."""

    value: Value
    arguments_kept: bool


@dataclass(frozen=True, slots=True)
class Raised:
    """The exception that a call raised: its name, first line, and the line of the source; ``loading`` if it was raised
    before any call, by the source itself, or because the function is missing."""

    error: str
    message: str
    line: int | None
    loading: bool = False


Kind: TypeAlias = Literal["slow", "loud", "fills", "ended", "crashed", "garbled", "not started"]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Why a run did not come to its end: a word for the program, and words for a person. ``not started`` is never the
    student's doing; all others may be."""

    kind: Kind
    words: str
    code: int | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    """How the run went. ``results`` has one entry a call, or fewer where it was stopped; none where it was garbled."""

    results: tuple[Returned | Raised, ...]
    printed: str
    stopped: Stopped | None
    walls: tuple[str, ...] = ()


class Runner(Protocol):
    """What a judge calls: ``run_calls``, or something that runs it elsewhere."""

    def __call__(self, source: str, calls: Sequence[Call], limits: Limits = ..., *, walled: bool = ...) -> Ran: ...


def run_calls(
    source: str,
    calls: Sequence[Call],
    limits: Limits = Limits(),
    *,
    walled: bool = True,
    path: str = "worksheet.py",
    adapter: str = "",
    without: Sequence[str] = (),
) -> Ran:
    """Run ``source`` as a module in a process of its own, then call its functions one after the other.

    :param path: the name of the source in its own eyes (``__file__``), and the file whose line numbers are reported.
    :param adapter: Python text of the caller's own, run after the source in the same names.
    :param without: ``"kernel"`` leaves Landlock and seccomp out, as on a system that has none, ``"python"`` the audit
        hook, as if it had been broken (for tests).
    :raises TypeError: if an argument of a call is no ``Value``.
    """
    blobs: list[bytes] = []
    asked = {
        "calls": [
            {
                "function": call.function,
                "arguments": encode(list(call.arguments), blobs, 1 << 40),
                "keywords": encode(dict(call.keywords), blobs, 1 << 40),
            }
            for call in calls
        ],
        "source": source,
        "adapter": adapter,
        "path": path,
        "walled": walled,
        "without": list(without),
        "parent": os.getpid(),
        "cpu_seconds": math.ceil(limits.cpu_seconds or limits.seconds),
        "memory": limits.memory,
        "file": limits.file,
        "open_files": limits.open_files,
        "largest": limits.answer // 2,
        "numpy": _numpy_folders(),
        "withheld": _withheld(),
        "refused": words.REFUSED,
        "missing": words.NO_SUCH_FUNCTION,
    }
    clear_abandoned()
    try:
        question = pack(asked, blobs)
        with occupied() as folder:
            return _Run(folder, limits, walled).of(question, calls)
    except (OSError, UnicodeEncodeError) as error:
        return Ran((), "", Stopped("not started", words.NOT_STARTED.format(why=error)))


def _numpy_home() -> Path:
    return Path(np.__file__).resolve().parents[1]


def _numpy_folders() -> list[str]:
    folders = (_numpy_home() / "numpy", _numpy_home() / "numpy.libs")
    return [str(folder) for folder in folders if folder.is_dir()]


def _withheld() -> list[str]:
    """Folders of packages, this project's own among them: they may lie inside what Python itself needs."""
    project = Path(__file__).resolve().parents[2]
    own = [str(project / name) for name in ("derivations", "numeric", "chapters", "tests")]
    return own + [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]


class _Run:
    """One process, from its start to its end."""

    def __init__(self, folder: Path, limits: Limits, walled: bool) -> None:
        self.folder, self.limits, self.walled = folder, limits, walled
        self.answer, self.printed = bytearray(), bytearray()
        self.overflow: Kind | None = None
        self.answered, self.flooded = threading.Event(), threading.Event()

    def of(self, question: bytes, calls: Sequence[Call]) -> Ran:
        try:
            process = self._start()
        except OSError as error:
            return Ran((), "", Stopped("not started", words.NOT_STARTED.format(why=error)))
        threads = [
            threading.Thread(target=target, args=arguments, daemon=True)
            for target, arguments in (
                (_send, (process.stdin, question)),
                (self._hear, (process.stdout,)),
                (self._listen, (process.stderr,)),
            )
        ]
        stopped: Kind | None = None
        try:
            for thread in threads:
                thread.start()
            stopped = self._wait(process)
        finally:
            code = _end(process, stopped is None)
            for thread in threads:
                thread.join(GRACE)
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None and not any(thread.is_alive() for thread in threads):
                    with contextlib.suppress(OSError):
                        pipe.close()
        return self._read(calls, stopped or self.overflow, code)

    def _start(self) -> subprocess.Popen[bytes]:
        flags = ["-I", "-B"] + ["-S"] * self.walled
        return subprocess.Popen(
            [sys.executable, *flags, str(Path(__file__).with_name("inside.py")), str(_numpy_home())],
            cwd=self.folder,
            env=self._environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def _environment(self) -> dict[str, str]:
        kept = ("LD_LIBRARY_PATH", "SYSTEMROOT") if self.walled else ("LD_LIBRARY_PATH", "SYSTEMROOT", "PATH", "LANG")
        own = {name: os.environ[name] for name in kept if name in os.environ}
        threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
        own |= {f"{name}_NUM_THREADS": "1" for name in threads} | {"VECLIB_MAXIMUM_THREADS": "1"}
        return {"PATH": os.defpath, "LANG": "C.UTF-8"} | own | {"HOME": str(self.folder), "TMPDIR": str(self.folder)}

    def _hear(self, pipe: IO[bytes]) -> None:
        """The answer, up to its limit."""
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(pipe.fileno(), 1 << 16):
                if len(self.answer) + len(part) > self.limits.answer:
                    self.overflow = "garbled"
                    self.flooded.set()
                    return
                self.answer += part
        self.answered.set()

    def _listen(self, pipe: IO[bytes]) -> None:
        """What is printed: the beginning is kept, the rest read and forgotten, too much of it ends the run."""
        seen = 0
        with contextlib.suppress(OSError, ValueError):
            while part := os.read(pipe.fileno(), 1 << 16):
                seen += len(part)
                if len(self.printed) < 4 * self.limits.kept:
                    self.printed += part
                if seen > self.limits.printed:
                    self.overflow = "loud"
                    self.flooded.set()
                    return

    def _wait(self, process: subprocess.Popen[bytes]) -> Kind | None:
        """Wait for the end of the answer or of the process; the reason, where a limit came first."""
        deadline = time.monotonic() + self.limits.seconds
        while True:
            if self.flooded.is_set():
                return self.overflow
            if self.answered.wait(TICK) or process.poll() is not None:
                return None
            if filled(self.folder, self.limits.folder, self.limits.files):
                return "fills"
            if time.monotonic() > deadline:
                return "slow"

    def _read(self, calls: Sequence[Call], stopped: Kind | None, code: int) -> Ran:
        printed = _clean(self.printed.decode("utf-8", errors="replace"))[: self.limits.kept]
        try:
            results, walls, ended = _results(bytes(self.answer), calls, self.limits.answer // HEADERS)
            if ended and stopped == "slow":
                # It had answered everything, and then would not go.
                stopped = None
        except BrokenFrameError:
            results, walls, ended = (), (), False
            stopped = stopped or "garbled"
        if not self.answer and stopped in (None, "slow"):
            # It has not even told its walls, and so nothing of the student's code was run.
            stopped = "not started"
        elif stopped is None and not ended:
            stopped = _ending(code)
        if stopped is None and self.walled and not walls:
            results, stopped = (), "garbled"
        return Ran(results, printed, self._stopped(stopped, code) if stopped else None, walls)

    def _stopped(self, kind: Kind, code: int) -> Stopped:
        limits = self.limits
        said = {
            "slow": words.SLOW.format(seconds=round(limits.seconds, 1)),
            "loud": words.LOUD.format(megabytes=limits.printed // MEGABYTE),
            "fills": words.FILLS.format(megabytes=limits.folder // MEGABYTE, files=limits.files),
            "ended": words.ENDED.format(code=code),
            "crashed": words.CRASHED.format(signal=_signal_name(-code)),
            "garbled": words.GARBLED,
            "not started": words.NOT_STARTED.format(why=words.NOT_BEGUN.format(code=code)),
        }[kind]
        return Stopped(kind, said, code)


def _send(pipe: IO[bytes], question: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):
        pipe.write(question)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def _end(process: subprocess.Popen[bytes], going: bool) -> int:
    """Kill the process and its group, if any of it is left; the exit code."""
    if going:
        # The answer is complete or its pipe is closed; the exit code says which.
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        process.kill()
    return process.wait()


def _ending(code: int) -> Kind:
    if code == -getattr(signal, "SIGXCPU", 0):
        return "slow"
    return "ended" if code >= 0 else "crashed"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _results(
    data: bytes, calls: Sequence[Call], headers: int
) -> tuple[tuple[Returned | Raised, ...], tuple[str, ...], bool]:
    """The results in what came back, the layers that held, and whether it ends as an answer ends.

    :raises BrokenFrameError: unless it is what ``inside`` writes, or the beginning of that.
    """
    frames, whole = split(data, len(calls) + 2, headers)
    if not frames:
        return (), (), False
    (first, none), *rest = frames
    layers = first.get("walls")
    if none or set(first) != {"walls"} or not isinstance(layers, list) or len(layers) > 8:
        raise BrokenFrameError("no walls")
    if not all(layer in ("files", "network", "signals", "calls", "python") for layer in layers):
        raise BrokenFrameError("no walls")
    ended = bool(rest) and rest[-1] == ({"end": True}, [])
    if ended:
        rest.pop()
    if len(rest) > len(calls) or (ended and (len(rest) != len(calls) or not whole)):
        raise BrokenFrameError("more or fewer results than calls")
    results = tuple(_result(call, *frame) for call, frame in zip(calls, rest, strict=False))
    return results, tuple(layers), ended


def _result(call: Call, header: dict[str, Any], blobs: list[bytes]) -> Returned | Raised:
    if set(header) == {"returned", "after"}:
        places = count()
        value, after = (decode(header[name], blobs, places) for name in ("returned", "after"))
        if next(places) != len(blobs):
            raise BrokenFrameError("bytes that belong to nothing")
        return Returned(value, _as_bytes(after) == _as_bytes([list(call.arguments), dict(call.keywords)]))
    raised = header.get("raised")
    if set(header) != {"raised"} or blobs or not isinstance(raised, dict):
        raise BrokenFrameError("no result")
    if set(raised) != {"error", "message", "line", "loading"}:
        raise BrokenFrameError("no error")
    error, message, line, loading = raised["error"], raised["message"], raised["line"], raised["loading"]
    if not isinstance(error, str) or not isinstance(message, str) or not isinstance(loading, bool):
        raise BrokenFrameError("no error")
    if line is not None and (type(line) is not int or not 0 <= line < 1 << 24):
        raise BrokenFrameError("no line")
    name = error if error.isidentifier() and len(error) <= 100 else "Exception"
    text = " ".join(_clean(message).split())[:300]
    return Raised(name, text or words.NO_MESSAGE, line, loading)


def _as_bytes(value: Value) -> tuple[Any, list[bytes]]:
    """What two values have in common if they are the same to the last bit; a NaN is the same as itself."""
    blobs: list[bytes] = []
    return repr(encode(value, blobs, 1 << 40)), blobs


def _clean(text: str) -> str:
    """Printed text without what steers a terminal."""
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable())
