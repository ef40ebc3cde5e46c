"""Running a student's file: another Python, an empty folder, a time limit, and arrays that are only arrays.

This keeps accidents apart (an endless loop, a flood of output, a changed working folder). It is no wall against a file
that means harm: it runs with the rights of the person who starts it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.errors import misuse
from numeric.network import Parameters
from numeric.student.reading import StudentFile

MEGABYTES: Final = 64
"""The largest file that the other process may write."""
SECONDS: Final = 20.0
PRINTED: Final = 2000
"""Characters of what the file prints that are kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the arrays with the way to each, and how the call went."""

    arrays: dict[str, Array]
    output: Array | None
    rows: bool
    inputs_kept: bool
    steady: bool
    printed: str


def run(student: StudentFile, at: Parameters, x: Array, y: Array, seconds: float = SECONDS) -> Answer:
    """Call the student's backpropagation at these parameters and this batch.

    :raises MisuseError: if it raises, does not finish, writes too much, or ends its process.
    """
    with tempfile.TemporaryDirectory(prefix="backproof-") as name:
        folder = Path(name)
        arrays = {"x": x, "y": y}
        for layer, (W, b) in enumerate(zip(at.weights, at.biases, strict=True), start=1):
            arrays |= {f"W{layer}": W, f"b{layer}": b}
        np.savez(folder / "question.npz", **arrays)  # type: ignore[arg-type]
        asked = {
            "path": str(student.path),
            "form": student.form,
            "rows": student.rows,
            "sizes": list(student.network.widths),
            "megabytes": MEGABYTES,
            "seconds": seconds,
        }
        (folder / "question.json").write_text(json.dumps(asked), encoding="utf-8")
        code = _start(student, folder, seconds)
        printed = _beginning(folder / "printed")
        if not (folder / "answer.json").is_file():
            if code == -getattr(signal, "SIGXFSZ", 0) or "File too large" in printed:
                raise misuse(wording.TOO_LOUD, wording.TOO_LOUD_HINT, path=student.path.name, limit=MEGABYTES)
            raise misuse(wording.DIED, wording.DIED_HINT, path=student.path.name, code=code)
        return _answer(student, folder, printed)


def _start(student: StudentFile, folder: Path, seconds: float) -> int:
    """Run the other process to its end, and give its exit code."""
    kept = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "LANG")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    with (folder / "printed").open("wb") as printed:
        process = subprocess.Popen(
            [sys.executable, "-I", str(Path(__file__).with_name("inside.py"))],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise misuse(wording.TOO_SLOW, wording.TOO_SLOW_HINT, path=student.path.name, seconds=seconds) from None
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and what it started, if any of it is left."""
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        process.kill()
    process.wait()


def _beginning(path: Path) -> str:
    with path.open("rb") as file:
        return file.read(PRINTED).decode("utf-8", errors="replace")


def _answer(student: StudentFile, folder: Path, printed: str) -> Answer:
    """The answer, read as plain arrays."""
    try:
        with (folder / "answer.json").open(encoding="utf-8") as file:
            said: dict[str, Any] = json.loads(file.read(1 << 20))
        failure = said["failure"]
        if failure is None:
            with np.load(folder / "answer.npz", allow_pickle=False) as stored:
                arrays = {str(path): stored[f"a{place}"] for place, path in enumerate(said["paths"])}
            output = arrays.pop("forward", None)
            if output is not None:
                arrays = {path.removeprefix("backward/"): array for path, array in arrays.items()}
            return Answer(arrays, output, bool(said["rows"]), bool(said["inputs_kept"]), bool(said["steady"]), printed)
        line, error, message = failure["line"], str(failure["error"]), str(failure["message"])
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise misuse(wording.DIED, wording.DIED_HINT, path=student.path.name, code=0) from None
    raise misuse(
        wording.RAISED_NOWHERE if line is None else wording.RAISED,
        wording.RAISED_HINT,
        path=student.path.name,
        line=line,
        error=error,
        message=message,
        widths=", ".join(map(str, student.network.widths)),
        batch=student.batch,
    )
