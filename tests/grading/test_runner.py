"""The runner: what goes in comes back, limits hold, and what comes back broken is no answer."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric.student import Call, Limits, Raised, Ran, Returned, run_calls
from numeric.student.folders import occupied
from numeric.student.framing import LENGTHS, MAGIC, BrokenFrameError, decode, encode, pack, split
from numeric.student.isolation import _results as _results_within

QUICK = Limits(seconds=20)


def value(source: str, *arguments: Any, **keywords: Any) -> Any:
    ran = run_calls(source, [Call("f", arguments, keywords)], QUICK)
    (result,) = ran.results
    assert isinstance(result, Returned), ran
    return result.value


def stopped(source: str, limits: Limits = QUICK, calls: int = 1) -> Ran:
    ran = run_calls(source, [Call("f")] * calls, limits)
    assert ran.stopped is not None, ran
    return ran


# ---- values ----


def test_values_come_back_as_they_went() -> None:
    sent = (1, -2.5, True, None, "δ", [1, [2.0, "x"]], (np.arange(6).reshape(2, 3), {"W1": np.eye(2), 3: (1,)}))
    back = value("def f(*a):\n    return a\n", *sent)
    assert back[:6] == sent[:6]
    np.testing.assert_array_equal(back[6][0], sent[6][0])  # type: ignore[index]
    assert back[6][0].dtype == np.int64
    assert list(back[6][1]) == ["W1", 3]
    assert back[6][1][3] == (1,)


@pytest.mark.parametrize("kind", ["bool", "int8", "uint16", "int64", "float16", "float32", "float64", ">f8", ">i4"])
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3)])
def test_arrays_of_every_kind_survive_the_frame(kind: str, shape: tuple[int, ...]) -> None:
    array = (np.arange(np.prod(shape)).reshape(shape) % 2).astype(kind)
    blobs: list[bytes] = []
    tree = encode(array, blobs, 1 << 20)
    ((header, (blob,)),), whole = split(pack({"v": tree}, blobs), 9)
    back = decode(header["v"], [blob])
    assert whole
    assert back.shape == shape
    assert back.dtype == array.dtype.newbyteorder("<")
    np.testing.assert_array_equal(back, array)
    back[...] = 0  # its own memory, not a view of what was read


def test_what_numpy_makes_of_numbers_comes_back() -> None:
    back = value(
        "import numpy as np\ndef f(a):\n    return a.sum(), a[::-1].T, np.matrix(a), np.longdouble(2)\n", np.eye(3)
    )
    assert [np.shape(one) for one in back] == [(), (3, 3), (3, 3), ()]
    assert back[3].dtype == np.float64


def test_nan_and_infinity_come_back_as_they_are() -> None:
    back = value("import numpy as np\ndef f():\n    return np.array([np.nan, np.inf]), float('-inf')\n")
    assert np.isnan(back[0][0])
    assert np.isinf(back[0][1])
    assert back[1] == -np.inf


NO_VALUES = {
    "np.array([object()])": "holds object",
    "np.array(['text'])": "holds str",
    "1j": "holds a complex",
    "np.array([1j])": "holds complex128",
    "object()": "holds a object",
    "{1.5: 2}": "key of type float",
    "(x for x in [1])": "holds a generator",
    "2**80": "more than 63 bits",
    "np.zeros(5_000_000)": "larger than 32 megabytes",
    "np.broadcast_to(1.0, (1 << 40,))": "larger than 32 megabytes",
    "[0] * 30_000": "more than 20000 items",
    "[[[[[[[[[[[]]]]]]]]]]]": "nested too deep",
}
"""What may be returned but cannot travel, and what is said of it."""


def test_what_is_no_value_is_said() -> None:
    source = "import numpy as np\ndef f(made):\n    return eval(made)\n"
    results = run_calls(source, [Call("f", (made,)) for made in NO_VALUES], QUICK).results
    assert len(results) == len(NO_VALUES)
    for result, message in zip(results, NO_VALUES.values(), strict=True):
        assert isinstance(result, Raised), message
        assert result.error in ("TypeError", "ValueError")
        assert message in result.message


def test_each_call_gets_copies_of_its_own() -> None:
    source = "def f(a):\n    a += 1\n    return a\n"
    call = Call("f", (np.zeros(2),))
    first, second = run_calls(source, [call, call], QUICK).results
    for result in (first, second):
        assert isinstance(result, Returned)
        np.testing.assert_array_equal(result.value, [1, 1])  # type: ignore[arg-type]
        assert not result.arguments_kept
    kept = run_calls("def f(a, b=0):\n    return a + b\n", [Call("f", (np.zeros(2),), {"b": np.ones(2)})], QUICK)
    assert isinstance(kept.results[0], Returned)
    assert kept.results[0].arguments_kept


# ---- what goes wrong in the code ----


def test_errors_are_told_with_their_line() -> None:
    source = "import numpy as np\n\ndef f():\n    return np.ones(2) @ np.ones(3)\n\ndef g():\n    raise OSError\n"
    first, second, third = run_calls(source, [Call("f"), Call("g"), Call("h")], QUICK).results
    assert isinstance(first, Raised)
    assert (first.error, first.line, first.loading) == ("ValueError", 4, False)
    assert second == Raised("OSError", "no message", 7, False)
    assert third == Raised("NameError", "the file defines no function h", None, True)


@pytest.mark.parametrize(
    ("source", "error", "line"),
    [("def f(:\n  pass", "SyntaxError", 1), ("x = 1\n1/0\n", "ZeroDivisionError", 2), ("x = '\0'", "", None)],
)
def test_a_source_that_does_not_load(source: str, error: str, line: int | None) -> None:
    results = run_calls(source, [Call("f"), Call("g")], QUICK).results
    assert len(results) == 2
    for result in results:
        assert isinstance(result, Raised)
        assert result.loading
        assert error in result.error
        assert line is None or result.line == line


def test_an_error_whose_text_fails() -> None:
    source = "class Odd(BaseException):\n    def __str__(self):\n        raise self\ndef f():\n    raise Odd\n"
    assert run_calls(source, [Call("f")], QUICK).results == (Raised("Odd", "no message", 5, False),)


def test_what_steers_a_terminal_is_taken_out() -> None:
    source = "def f():\n    print('a\\x1b[2J\\u202eb\\tc')\n    raise ValueError('x\\x1b]0;y\\x07\\udc80z')\n"
    ran = run_calls(source, [Call("f")], QUICK)
    assert ran.printed == "a[2Jb\tc\n"
    assert isinstance(ran.results[0], Raised)
    assert ran.results[0].message == "x]0;yz"


# ---- limits ----

IGNORES_SIGNALS = """
import signal
for number in range(1, 60):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
"""
WRITES_EVERYWHERE = """
import os
def f():
    for fd in range(3, 64):
        try:
            os.write(fd, b"passed")
        except OSError:
            pass
"""


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("def f():\n    while True: pass\n", "slow"),
        ("import time\ndef f():\n    time.sleep(1e6)\n", "slow"),
        (IGNORES_SIGNALS, "slow"),
        ("import os\ndef f():\n    while True: os.write(1, b'x' * 100_000)\n", "loud"),
        ("import sys\ndef f():\n    while True: sys.stderr.write('x' * 100_000)\n", "loud"),
        ("def f():\n    for n in range(10**9): open(str(n), 'wb').write(bytes(1 << 20))\n", "fills"),
        ("def f():\n    for n in range(10**9): open(str(n), 'w').close()\n", "fills"),
        ("import sys\ndef f():\n    sys.exit(7)\n", "ended"),
        ("import os\nos._exit(0)\n", "ended"),
        ("import os\ndef f():\n    os.abort()\n", "crashed"),
        (WRITES_EVERYWHERE, "garbled"),
        ("import os\nos.closerange(0, 256)\n", "ended"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("walled", [True, False])
def test_limits(source: str, kind: str, walled: bool) -> None:
    began = time.monotonic()
    limits = Limits(seconds=2.5 if kind == "slow" else 20)
    ran = run_calls(source, [Call("f")], limits, walled=walled)
    assert ran.stopped is not None
    assert ran.stopped.kind == kind
    assert not ran.results
    assert time.monotonic() - began < 30
    assert len(ran.printed) <= limits.kept
    assert ran.stopped.words


@pytest.mark.parametrize("limits", [Limits(seconds=0.001), Limits(memory=1 << 20)])
def test_code_that_was_not_reached_is_told_from_code_that_does_not_end(limits: Limits) -> None:
    ran = stopped("while True: pass\n", limits)
    assert ran.stopped is not None
    assert ran.stopped.kind == "not started"


def test_recursion_without_end_ends() -> None:
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef f(*a):\n    return f(*a)\n"
    ran = run_calls(source, [Call("f", (1,))], Limits(seconds=3))
    assert ran.stopped is not None or isinstance(ran.results[0], Raised)


def test_memory_is_limited() -> None:
    source = "import numpy as np\ndef f(n):\n    return np.ones(n).sum()\n"
    few, many = run_calls(source, [Call("f", (1000,)), Call("f", (1 << 28,))], QUICK).results
    assert isinstance(few, Returned)
    assert isinstance(many, Raised)
    assert "Memory" in many.error


def test_a_large_file_is_refused() -> None:
    source = "def f():\n    with open('x', 'wb') as file:\n        for _ in range(50): file.write(bytes(1 << 20))\n"
    assert "File too large" in repr(run_calls(source, [Call("f")], QUICK).results)


def test_what_came_back_before_the_stop_is_kept() -> None:
    source = "def f():\n    return 1\ndef g():\n    while True: pass\n"
    ran = run_calls(source, [Call("f"), Call("g"), Call("f")], Limits(seconds=2))
    assert ran.results == (Returned(1, True),)
    assert ran.stopped is not None
    assert ran.stopped.words == "it had not finished after 2 seconds, and was stopped"


def test_nothing_runs_after_the_answer() -> None:
    source = (
        "import atexit, time\natexit.register(time.sleep, 999)\nclass Late:\n    def __del__(self): time.sleep(999)\n"
        "late = Late()\ndef f():\n    return 1\n"
    )
    began = time.monotonic()
    assert run_calls(source, [Call("f")], QUICK).results == (Returned(1, True),)
    assert time.monotonic() - began < 8


def test_no_folder_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    source = (
        "import os\ndef f():\n    here = os.getcwd()\n    open('x', 'w').close()\n    os.makedirs('a/' * 400)\n"
        "    os.chmod('a', 0)\n    os.mkdir('b', 0)\n    os.chmod(here, 0)\n    return here\n"
    )
    for walled in (True, False):
        run_calls(source, [Call("f")], QUICK, walled=walled)
        assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_has_left_is_cleared_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    source = "import time\ndef f():\n    open('begun', 'w').close()\n    time.sleep(600)\n"
    script = f"from numeric.student import Call, run_calls\nrun_calls({source!r}, [Call('f')])\n"
    killed = subprocess.Popen([sys.executable, "-P", "-c", script], cwd=Path(__file__).resolve().parents[2])
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("backproof-*/begun")) and time.monotonic() < deadline:
        time.sleep(0.02)
    (tmp_path / "backproof-of-somebody").write_text("a file, and not ours", encoding="utf-8")
    with occupied() as held:
        run_calls("", [])
        assert len(list(tmp_path.glob("backproof-????????"))) == 2  # both are at work
        killed.kill()
        killed.wait()
        run_calls("", [])
        assert sorted(tmp_path.iterdir()) == sorted([held, tmp_path / "backproof-of-somebody"])


def test_a_file_of_ones_own_finds_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "layers.py").write_text("answer = 42\n", encoding="utf-8")
    source = "from layers import answer\ndef f():\n    return answer\n"
    path = str(tmp_path / "mine.py")
    assert run_calls(source, [Call("f")], QUICK, walled=False, path=path).results == (Returned(42, True),)
    assert "ModuleNotFoundError" in repr(run_calls(source, [Call("f")], QUICK, path=path).results)


# ---- what comes back is not trusted ----


def frame(header: dict[str, Any], blobs: list[bytes] | None = None) -> bytes:
    return pack(header, blobs or [])


WALLS = frame({"walls": ["python"]})
END = frame({"end": True})
HEADERS = 8 << 20


def _results(data: bytes, calls: list[Call]) -> Any:
    return _results_within(data, calls, HEADERS)


NOTHING_GIVEN = {"list": [{"list": []}, {"dict": []}]}
"""The arguments of a call without any."""
ONE = frame({"returned": 1, "after": NOTHING_GIVEN})
TWO_CALLS = [Call("f"), Call("f")]


def holding(tree: object, *blobs: bytes) -> bytes:
    """An answer of two results that hold this tree."""
    return WALLS + frame({"returned": tree, "after": NOTHING_GIVEN}, list(blobs)) * 2 + END


def test_a_whole_answer_is_read() -> None:
    assert _results(WALLS + ONE + ONE + END, TWO_CALLS) == ((Returned(1, True), Returned(1, True)), ("python",), True)
    assert _results(WALLS + ONE + ONE[:-1], TWO_CALLS) == ((Returned(1, True),), ("python",), False)
    assert _results(b"", TWO_CALLS) == ((), (), False)


@pytest.mark.parametrize(
    "data",
    [
        b"passed",
        ONE + END,
        WALLS + b"passed",
        WALLS + ONE + END,
        WALLS + ONE * 3 + END,
        WALLS + ONE * 3,
        WALLS + ONE + ONE + END + END,
        WALLS + ONE + ONE + END + b"x",
        frame({"walls": ["everything"]}) + ONE + ONE + END,
        frame({"walls": "python"}) + ONE + ONE + END,
        WALLS + frame({"returned": 1}) * 2 + END,
        WALLS + frame({"returned": 1, "kept": True}) * 2 + END,
        WALLS + frame({"returned": 1, "after": NOTHING_GIVEN, "kept": True}) * 2 + END,
        holding({"list": [{"array": ["<f8", [1], 0]}] * 2}, bytes(8)),  # the same bytes twice
        holding({"list": [{"array": ["<f8", [1], 1]}, {"array": ["<f8", [1], 0]}]}, bytes(8), bytes(8)),
        holding(1, bytes(8)),  # bytes that belong to nothing
        holding({"array": ["<f8", [2], 0]}, b"x" * 15),
        holding({"array": ["|O", [1], 0]}, b"x" * 8),
        holding({"array": ["<f8", [-1], 0]}, b"x" * 8),
        holding({"array": ["<f8", [1], 1]}, b"x" * 8),
        holding({"array": ["<f8", [1], -1]}, b"x" * 8),
        holding({"array": ["<f8", [True], 0]}, b"x" * 8),
        holding({"array": ["|b1", [1], 0]}, b"\x02"),
        holding({"array": ["<f8", [0, 1 << 70], 0]}, b""),
        holding({"array": ["<f8", [0] * 99, 0]}, b""),
        holding({"pickle": "x"}),
        holding([1, 2]),
        holding(1 << 80),
        holding({"dict": [[[], 1]]}),
        holding({"dict": [["a"]]}),
        WALLS + frame({"raised": {"error": 1, "message": "", "line": None, "loading": False}}) * 2 + END,
        WALLS + frame({"raised": {"error": "E", "message": "", "line": -3, "loading": False}}) * 2 + END,
        WALLS + frame({"raised": {"error": "E", "message": "", "line": None}}) * 2 + END,
        WALLS + LENGTHS.pack(MAGIC, 1 << 31, 0),
        WALLS + LENGTHS.pack(MAGIC, 9, 0) + b"[" * 9,
        WALLS + LENGTHS.pack(MAGIC, 200_000, 0) + b"[" * 200_000,
        WALLS + LENGTHS.pack(MAGIC, 10_000, 0) + b"9" * 10_000,
        WALLS + struct.pack("<4sIQ", MAGIC, 2, 0) + b"{}",
    ],
)
def test_a_broken_answer_is_none(data: bytes) -> None:
    with pytest.raises(BrokenFrameError):
        _results(data, TWO_CALLS)


def test_headers_are_bounded_together() -> None:
    """JSON of some bytes becomes Python objects of thirty times as many, in every frame anew."""
    large = {"returned": {"list": [{"list": [0] * 20_000}] * 60}, "after": NOTHING_GIVEN}
    assert len(frame(large)) < 4 << 20
    with pytest.raises(BrokenFrameError, match="header"):
        _results(WALLS + frame(large) * 3, [Call("f")] * 3)


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.floats(width=32), max_size=4).map(np.array),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3), st.tuples(inner, inner)
    ),
    max_leaves=6,
)


@given(VALUES, VALUES)
def test_arguments_are_kept_exactly_if_they_come_back_as_they_went(sent: Any, back: Any) -> None:
    """Whether they were is decided here, from what came back."""
    blobs: list[bytes] = []
    tree = {"returned": encode(1, blobs, 1 << 20), "after": encode([[back], {}], blobs, 1 << 20)}
    (result,), _, _ = _results(WALLS + frame(tree, blobs) + END, [Call("f", (sent,))])
    assert isinstance(result, Returned)
    assert result.arguments_kept == (repr(sent) == repr(back))
    (same,), _, _ = _results(WALLS + frame(tree, blobs) + END, [Call("f", (back,))])
    assert isinstance(same, Returned)
    assert same.arguments_kept


def test_no_word_of_the_code_decides_whether_its_arguments_were_kept() -> None:
    """It may say what it likes, and patch what it finds: the arguments themselves are what is compared."""
    source = (
        "import sys\nimport numpy as np\nmain = sys.modules['__main__']\n"
        "for name in [one for one in vars(main) if not one.startswith('__') and callable(vars(main)[one])]:\n"
        "    setattr(main, name, lambda *a, **k: True)\n"
        "np.array_equal = np.allclose = lambda *a, **k: True\n"
        "arguments_kept = kept = after = True\n"
        "def f(a):\n    a += 1\n    return {'kept': True, 'arguments_kept': True, 'after': [[0.0], {}]}\n"
    )
    for result in run_calls(source, [Call("f", (np.zeros(2),))], QUICK).results:
        assert not isinstance(result, Returned) or not result.arguments_kept


def test_an_argument_that_is_no_value_afterwards_was_not_kept() -> None:
    source = "def f(a):\n    a.append(object())\n    return 1\n"
    (result,) = run_calls(source, [Call("f", ([1],))], QUICK).results
    assert result == Returned(1, False)


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 40))
def test_no_bytes_do_any_harm(noise: bytes, place: int, cut: int) -> None:
    array = frame({"returned": {"array": ["<f8", [2], 0]}, "after": NOTHING_GIVEN}, [bytes(16)])
    data = WALLS + array + ONE + END
    place %= len(data)
    broken = data[:place] + noise + data[place + cut :]
    try:
        results, _, ended = _results(broken, TWO_CALLS)
    except BrokenFrameError:
        return
    assert len(results) <= 2
    assert not ended or len(results) == 2


def test_a_feigned_answer_in_time_is_taken_for_what_it_holds() -> None:
    """Whoever finds the channel can hand in arrays of their own there; these are judged like any others."""
    source = (
        "import json, os, struct\n"
        "def frame(head):\n"
        "    text = json.dumps({**head, 'blobs': []}).encode()\n"
        "    return struct.pack('<4sIQ', b'\\x00bpf', len(text), 0) + text\n"
        "def f():\n"
        "    after = {'list': [{'list': []}, {'dict': []}]}\n"
        "    data = frame({'returned': 'passed', 'after': after}) + frame({'end': True})\n"
        "    for fd in range(3, 20):\n"
        "        try: os.write(fd, data)\n"
        "        except OSError: pass\n"
        "    os._exit(0)\n"
    )
    ran = run_calls(source, [Call("f")], QUICK)
    assert ran.results in ((Returned("passed", True),), ())
    two = run_calls(source, [Call("f"), Call("f")], QUICK)
    assert two.stopped is not None
    assert two.stopped.kind == "garbled"
    assert two.results == ()


def test_an_argument_that_is_no_value_is_a_misuse() -> None:
    with pytest.raises(TypeError, match="holds a object"):
        run_calls("", [Call("f", (object(),))])


def test_nobody_is_left_running() -> None:
    marker = f"backproof-{os.getpid()}"
    source = f"import sys\nsys.argv[0] = {marker!r}\ndef f():\n    while True: pass\n"
    stopped(source, Limits(seconds=1.5))
    try:
        with open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii") as listed:
            children = listed.read().split()
    except OSError:
        pytest.skip("this system does not tell a process's children")
    names = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children if Path(f"/proc/{child}").exists()]
    assert not any(b"inside.py" in name for name in names)
