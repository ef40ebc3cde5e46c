"""The other side: runs the student's file. Started by ``process`` as a script of its own, with numpy and nothing else.

Reads ``question.npz`` and ``question.json`` in the current folder; writes ``answer.npz`` and ``answer.json``.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

MEGABYTE = 1 << 20


def limit(megabytes: int, seconds: float) -> None:
    """No file larger than this, and no more processor time, where the system has such limits."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_AS, (4096 * MEGABYTE, 4096 * MEGABYTE))


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The arrays in nested dicts, lists and tuples, each with the way to it (``dW1``, ``0/2``)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}/{key}".lstrip("/"))
    elif isinstance(value, list | tuple) and not _is_vector(value):
        for place, inner in enumerate(value):
            yield from leaves(inner, f"{path}/{place}".lstrip("/"))
    elif value is not None:
        array = np.asarray(value)
        if array.dtype.kind not in "fiub":
            raise TypeError(f"what was returned holds {array.dtype.name} where numbers were expected")
        yield path or "value", array


def _is_vector(value: Any) -> bool:
    """A plain list of numbers, however nested."""
    inner = value
    while isinstance(inner, list | tuple) and inner:
        inner = inner[0]
    return isinstance(inner, int | float)


def parameters(form: str, weights: list[Any], biases: list[Any]) -> Any:
    """W and b in the form in which the student wants them."""
    if form == "dict":
        named = {f"W{place}": W for place, W in enumerate(weights, start=1)}
        return named | {f"b{place}": b for place, b in enumerate(biases, start=1)}
    if form == "pairs":
        return list(zip(weights, biases, strict=True))
    return (weights, biases)


def calls(names: dict[str, Any], form: str, sizes: list[int]) -> Iterator[Callable[..., Any]]:
    """The ways to call the file, the likeliest first: each takes weights, biases, x and y."""
    if form == "lists":
        yield lambda W, b, x, y: names["backprop"](W, b, x, y)
    elif form == "class":

        def of_class(W: Any, b: Any, x: Any, y: Any) -> Any:
            network = names["Network"](sizes)
            network.weights, network.biases = W, b
            return network.backprop(x, y)

        yield of_class
    else:
        for given in ("dict", "pairs", "two"):

            def of_function(W: Any, b: Any, x: Any, y: Any, given: str = given) -> Any:
                params = parameters(given, W, b)
                if form == "params":
                    return names["backprop"](params, x, y)
                done = names["forward"](params, x)
                cache = done[-1] if isinstance(done, tuple) else done
                output = done[0] if isinstance(done, tuple) else None
                found = names["backward"](params, cache, x, y)
                return {"forward": output, "backward": found} if isinstance(output, np.ndarray) else found

            yield of_function


def fresh(question: dict[str, Any], rows: bool) -> tuple[list[Any], list[Any], Any, Any]:
    """W, b, x and y, as copies that the student may do anything to."""
    depth = sum(key.startswith("W") for key in question)
    arrays = {key: (value.T if rows else value).copy() for key, value in question.items()}
    numbers = range(1, depth + 1)
    return [arrays[f"W{k}"] for k in numbers], [arrays[f"b{k}"] for k in numbers], arrays["x"], arrays["y"]


def ask(names: dict[str, Any], question: dict[str, Any], asked: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    """Call the student's functions, in the first way that they take; twice, to see whether anything stayed behind."""
    failures: list[BaseException] = []
    for rows in (asked["rows"],) if asked["rows"] is not None else (False, True):
        for call in calls(names, asked["form"], asked["sizes"]):
            W, b, x, y = fresh(question, rows)
            try:
                found = dict(leaves(call(W, b, x, y)))
            except Exception as error:
                failures.append(error)
                continue
            before = fresh(question, rows)
            same = all(
                np.array_equal(p, q) for p, q in zip([*W, *b, x, y], [*before[0], *before[1], *before[2:]], strict=True)
            )
            found = {key: value.copy() for key, value in found.items()}
            again = dict(leaves(call(*fresh(question, rows))))
            steady = again.keys() == found.keys() and all(
                np.array_equal(found[key], again[key], equal_nan=True) for key in found
            )
            return found, {"rows": rows, "inputs_kept": same, "steady": steady, "failure": None}
    unlikely = (KeyError, TypeError, IndexError, AttributeError)
    first = next((error for error in failures if not isinstance(error, unlikely)), failures[0])
    return {}, {"failure": described(first, asked["path"])}


def described(error: BaseException, path: str) -> dict[str, Any]:
    """What was raised, and the last line of the student's file that it passed through."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    if isinstance(error, SyntaxError):
        lines.append(error.lineno)
    message = str(error).splitlines()[0][:300] if str(error) else "no message"
    return {"error": type(error).__name__, "line": lines[-1] if lines else None, "message": message}


def main() -> None:
    with open("question.json", encoding="utf-8") as file:
        asked = json.load(file)
    limit(asked["megabytes"], asked["seconds"])
    with np.load("question.npz", allow_pickle=False) as stored:
        question = {key: stored[key] for key in stored.files}
    names: dict[str, Any] = {"__name__": "student", "__file__": asked["path"]}
    answer: dict[str, Any] = {}
    try:
        with open(asked["path"], encoding="utf-8") as file:
            code = compile(file.read(), asked["path"], "exec")
        exec(code, names)  # noqa: S102 - this is what the process is for
        answer, said = ask(names, question, asked)
    except Exception as error:
        said = {"failure": described(error, asked["path"])}
    np.savez("answer.npz", **{f"a{place}": value for place, value in enumerate(answer.values())})
    said["paths"] = list(answer)
    with open("answer.json", "w", encoding="utf-8") as file:
        json.dump(said, file)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
