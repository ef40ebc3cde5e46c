"""The other side: a process of its own that runs a student's code, behind the walls. ``isolation`` starts it.

It is run as a script, by an interpreter that knows no packages: it loads its neighbours from their files, and NumPy
from the folder that it is told. The question comes on standard input, the answer goes to what was standard output; the
student's code finds an empty input, and prints to where ``isolation`` listens for printed text.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import sys
import types
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
LONGEST_MESSAGE = 300
PACKAGE_FOLDERS = ("site-packages", "dist-packages")


def neighbour(name: str) -> Any:
    """A file of this folder as a module, which no import finds later."""
    place = os.path.join(HERE, *name.split(".")) + ".py"
    described = importlib.util.spec_from_file_location(f"backproof_{name.replace('.', '_')}", place)
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def read_all(source: int) -> bytes:
    """Everything up to the end."""
    parts = []
    while part := os.read(source, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def write_all(target: int, data: bytes) -> None:
    """All of it, however full the pipe is."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(target, rest) :]


def readable(numpy_folders: list[str]) -> list[str]:
    """The folders and files that a calculation needs: Python's own library, NumPy's, and the system's libraries."""
    found = [os.path.dirname(os.__file__), os.path.dirname(os.path.realpath(os.__file__)), *numpy_folders]
    found += [path for path in sys.path if os.path.basename(path) == "lib-dynload"]
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            for line in maps:
                path = line.rstrip("\n").partition("/")[2]
                if path and ".so" in os.path.basename(path):
                    found.append(os.path.dirname(os.path.realpath("/" + path)))
    except OSError:
        pass
    found += ["/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom"]
    trees: list[str] = []
    # The hook sees a path as it was typed, the kernel where it leads.
    both = {name for path in found for name in (os.path.abspath(path), os.path.realpath(path))}
    for path in sorted(filter(os.path.exists, both), key=len):
        is_packages = os.path.basename(path) in PACKAGE_FOLDERS
        if (
            not is_packages
            and path not in ("/", "/proc", "/dev", "/etc", "/usr", "/home", "/tmp", "/var")
            and path not in trees
        ):
            trees.append(path)
    return trees


def raise_walls(asked: dict[str, Any], folder: str) -> list[str]:
    """Give up everything that a calculation does not need; the names of the layers that hold."""
    trees = readable(asked["numpy"])
    named = [name for path in asked["withheld"] for name in (os.path.abspath(path), os.path.realpath(path))]
    named += [os.path.join(tree, name) for tree in trees for name in PACKAGE_FOLDERS]
    withheld = sorted({path for path in named if os.path.isdir(path)})
    landlock, seccomp, audit = neighbour("walls.landlock"), neighbour("walls.seccomp"), neighbour("walls.audit")
    limits = neighbour("walls.limits")
    limits.drop_capabilities()
    layers: list[str] = []
    if "kernel" not in asked["without"]:
        allowed = [
            path
            for tree in trees
            if tree == os.path.realpath(tree)
            for path in landlock.uncovered(tree, [] if tree in asked["numpy"] else [w for w in withheld if w != tree])
        ]
        layers += landlock.restrict(allowed, folder)
        layers += seccomp.restrict()
    if "python" not in asked["without"]:
        audit.raise_fence(trees, withheld, folder, asked["refused"])
        layers.append("python")
    return layers


def described(error: BaseException, path: str, loading: bool) -> dict[str, Any]:
    """What was raised, and the last line of the student's file that it passed through."""
    line = None
    walked = error.__traceback__
    while walked is not None:
        if walked.tb_frame.f_code.co_filename == path:
            line = walked.tb_lineno
        walked = walked.tb_next
    if isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno
    try:
        message = str(error.msg if isinstance(error, SyntaxError) else error)[: 4 * LONGEST_MESSAGE]
    except BaseException:
        message = ""
    message = message.splitlines()[0] if message.strip() else ""
    return {
        "error": type(error).__name__[:100],
        "message": message[:LONGEST_MESSAGE],
        "line": line,
        "loading": loading,
    }


def leave(code: object) -> None:
    """End at once: nothing registered for the end runs, and no thread goes on."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            continue
    os._exit(code if isinstance(code, int) else int(code is not None))


def main() -> None:
    """Read the question, raise the walls, run the code, and answer call by call."""
    question, answer = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)
    os.close(null)
    sys.path.insert(0, sys.argv[1])
    framing = neighbour("framing")
    sys.path.remove(sys.argv[1])
    ((asked, blobs),), _ = framing.split(read_all(question), 1)
    os.close(question)
    limits = neighbour("walls.limits")
    limits.die_with(asked["parent"])
    limits.set_limits(asked)
    folder = os.path.realpath(os.getcwd())
    layers: list[str] = []
    if asked["walled"]:
        if "testing" in asked["source"]:
            # np.testing brings modules along that are refused later.
            importlib.import_module("numpy.testing")
        layers = raise_walls(asked, folder)
    elif os.path.isabs(asked["path"]):
        # One's own file finds its neighbours, as it does when it is run by itself; but none in place of Python's own.
        packages = [place for place, path in enumerate(sys.path) if os.path.basename(path) in PACKAGE_FOLDERS]
        sys.path.insert(packages[0] if packages else len(sys.path), os.path.dirname(asked["path"]))
    path, source, largest = asked["path"], asked["source"], asked["largest"]
    sys.argv = [path]
    student = types.ModuleType("student")
    student.__file__ = path
    sys.modules["student"] = student
    write_all(answer, framing.pack({"walls": layers}, []))
    run, write, pack, encode, decode = builtins.exec, write_all, framing.pack, framing.encode, framing.decode
    arguments_after = afterwards
    try:
        run(compile(source, path, "exec", dont_inherit=True), student.__dict__)
        if asked["adapter"]:
            run(compile(asked["adapter"], "adapter", "exec", dont_inherit=True), student.__dict__)
        failure = None
    except SystemExit as end:
        leave(end.code)
    except BaseException as error:
        failure = described(error, path, True)
    for call in asked["calls"]:
        header: dict[str, Any] = {}
        sent: list[bytes] = []
        try:
            if failure is not None:
                header = {"raised": failure}
            elif not callable(student.__dict__.get(call["function"])):
                message = asked["missing"].replace("{name}", call["function"])
                header = {"raised": {"error": "NameError", "message": message, "line": None, "loading": True}}
            else:
                given, named = decode(call["arguments"], blobs), decode(call["keywords"], blobs)
                value = student.__dict__[call["function"]](*given, **named)
                # The arguments go back as well: whether they were kept is decided where they came from.
                header = {"returned": encode(value, sent, largest)}
                header["after"] = arguments_after([given, named], sent, encode, largest)
        except SystemExit as end:
            leave(end.code)
        except BaseException as error:
            header, sent = {"raised": described(error, path, False)}, []
        write(answer, pack(header, sent))
    write(answer, pack({"end": True}, []))
    leave(0)


def afterwards(given: list[Any], sent: list[bytes], encode: Any, largest: int) -> Any:
    """The arguments as they are after the call, as a tree; None if they are no values any more."""
    blobs = list(sent)
    try:
        tree = encode(given, blobs, largest + largest // 2)
    except Exception:
        return None
    sent[:] = blobs
    return tree


if __name__ == "__main__":
    try:
        main()
    except BaseException:
        # Whatever the code has broken in this interpreter: nothing of the runner is printed.
        os._exit(70)
