"""What a person sees who waits: a line on a terminal, an end to what takes too long, Ctrl-C; wrapped errors."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import pytest

from chapters.progress import TookTooLong, working

RUN = "import sys; from chapters.command import main; sys.exit(main(sys.argv[1:]))"
SLOW = "import time; from chapters.progress import working\nwith working('∂J/∂W', {plain}): time.sleep(2.3)\n"
ON_TERMINALS = pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")


def on_terminal(code: str, arguments: Sequence[str] = (), columns: int = 80, stop_after: float = 0) -> tuple[int, str]:
    """The exit code of a program, and what it wrote to an error stream that is a terminal."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
    command = [sys.executable, "-c", code, *arguments]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    ) as run:
        os.close(theirs)
        written, begun = b"", time.monotonic()
        while True:
            readable, _, _ = select.select([ours], [], [], 0.1)
            if readable:
                try:
                    piece = os.read(ours, 4096)
                except OSError:  # the other end is closed
                    break
                if not piece:
                    break
                written += piece
            if stop_after and b"deriving" in written and time.monotonic() - begun > stop_after:
                run.send_signal(signal.SIGINT)
                stop_after = 0
    os.close(ours)
    return run.returncode, written.decode().replace("\r\n", "\n")


@ON_TERMINALS
def test_a_line_says_what_is_worked_on_and_is_removed() -> None:
    code, written = on_terminal(SLOW.format(plain=False))
    assert code == 0
    lines = [line for line in written.split("\r\x1b[K") if line]
    assert lines == ["deriving ∂J/∂W … 1 s", "deriving ∂J/∂W … 2 s"]
    assert written.endswith("\r\x1b[K")


@ON_TERMINALS
def test_plain_output_has_no_such_line() -> None:
    assert on_terminal(SLOW.format(plain=True)) == (0, "")


def test_a_pipe_gets_no_such_line() -> None:
    run = subprocess.run([sys.executable, "-c", SLOW.format(plain=False)], capture_output=True, timeout=60, check=True)
    assert (run.stdout, run.stderr) == (b"", b"")


@ON_TERMINALS
def test_ctrl_c_leaves_cleanly() -> None:
    steps = 14  # far more than can be proved in a second
    sheet = "W : n x k; U : n x n; h : n; C : loss; " + "; ".join(f"x{i} : k" for i in range(steps))
    for i in range(steps):
        sheet += f"; g{i} := tanh(W x{i} + U {f'g{i - 1}' if i else 'h'})"
    sheet += f"; J := C(g{steps - 1})"
    code, written = on_terminal(RUN, ["derive", "∂J/∂U", "--given", sheet], stop_after=1.5)
    assert code == 130
    assert written.endswith("\r\x1b[K\n")
    assert "Traceback" not in written


def test_what_takes_too_long_is_ended_with_a_sentence() -> None:
    begun = time.monotonic()

    def work_on() -> None:
        with working("BP9", longest=0.3):
            while time.monotonic() - begun < 30:
                pass

    with pytest.raises(TookTooLong, match=r"BP9: no derivation was finished within 0.3 seconds, so it was ended"):
        work_on()
    assert time.monotonic() - begun < 10


def test_nothing_is_interrupted_behind_the_work() -> None:
    for _ in range(20):
        with working("BP1", longest=0.05):
            pass
    time.sleep(0.3)  # no KeyboardInterrupt comes here


def test_an_interruption_by_the_person_stays_one() -> None:
    with pytest.raises(KeyboardInterrupt), working("BP1"):
        raise KeyboardInterrupt


ASKED = ["derive", "∂J/∂x", "--given", "x : scalar; u := x^2; J := sin(u)"]


@ON_TERMINALS
@pytest.mark.parametrize("columns", [80, 50])
@pytest.mark.parametrize(
    "arguments",
    [ASKED, ["derive", "--layers", "5"], ["derive", "--loss", "hinge"], ["check", "--depth", "99", "J = J"]],
)
def test_errors_are_wrapped_between_words(arguments: list[str], columns: int) -> None:
    """What a narrow terminal shows is what a wide one shows, with line breaks in place of spaces."""
    code, narrow = on_terminal(RUN, arguments, columns)
    _, wide = on_terminal(RUN, arguments, 500)
    assert code == 2
    assert max(len(line) for line in narrow.splitlines()) <= columns
    assert narrow.split() == wide.split()


def test_an_error_in_a_pipe_stays_one_line() -> None:
    run = subprocess.run([sys.executable, "-c", RUN, *ASKED], capture_output=True, timeout=60, check=False)
    assert run.returncode == 2
    assert run.stderr.count(b"\n") == 1
