"""What a student's file says about itself, read from its text: nothing of it is run here."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from numeric import wording
from numeric.activations import activation
from numeric.errors import misuse
from numeric.files import read_whole, reason
from numeric.losses import LOSSES
from numeric.network import Network
from numeric.problem import usual_output
from numeric.settings import MOST_PARAMETERS, batch_of, parameter_count

LARGEST: Final = 4 << 20
"""Bytes of a file that somebody wrote by hand."""
MOST_LAYERS: Final = 1000


@dataclass(frozen=True, slots=True)
class StudentFile:
    """A file, the network that it says it is about, and the form in which it wants to be called.

    ``form`` is ``params`` (backprop(params, x, y)), ``lists`` (backprop(weights, biases, x, y)), ``passes`` (forward
    and backward) or ``class`` (Network(sizes) with backprop(x, y)). ``rows`` is None where the file does not say.
    """

    path: Path
    text: str
    network: Network
    batch: int
    form: str
    rows: bool | None
    seed: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant that a file may set: what it may be, in words, and an example."""

    fits: Callable[[Any], bool]
    wanted: str
    example: str


def _widths(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and 2 <= len(value) <= MOST_LAYERS
        and all(isinstance(n, int) and not isinstance(n, bool) and 1 <= n <= 2000 for n in value)
        and parameter_count(value) <= MOST_PARAMETERS
    )


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000


CONSTANTS: Final[dict[str, Constant]] = {
    "LAYERS": Constant(
        _widths,
        f"a list of at least two widths from 1 to 2000, with at most {MOST_PARAMETERS} weights and biases",
        "LAYERS = [3, 4, 2]",
    ),
    "BATCH": Constant(_whole, "a whole number from 1 to 1000", "BATCH = 5"),
    "SEED": Constant(lambda v: type(v) is int and v >= 0, "a whole number of at least 0", "SEED = 0"),
    "ROWS": Constant(lambda v: isinstance(v, bool), "True or False", "ROWS = True"),
    "ACTIVATION": Constant(lambda v: isinstance(v, str), "the name of an activation", 'ACTIVATION = "sigmoid"'),
    "OUTPUT": Constant(lambda v: isinstance(v, str), "the name of an activation", 'OUTPUT = "softmax"'),
    "LOSS": Constant(lambda v: v in LOSSES, "one of " + ", ".join(sorted(LOSSES)), 'LOSS = "mse"'),
}


def read(path: Path, layers: tuple[int, ...] | None = None, batch: int | None = None) -> StudentFile:
    """The file's constants and the form of its functions; ``layers`` and ``batch`` go before what it says.

    :raises MisuseError: if there is no such file, it is not Python, or it defines nothing that can be called.
    """
    try:
        text = _decoded(read_whole(path, LARGEST))
    except (UnicodeError, LookupError, SyntaxError):
        raise misuse(wording.NOT_UTF8, wording.NOT_UTF8_HINT, path=path) from None
    except OSError as error:
        sentence = wording.NO_FILE if isinstance(error, FileNotFoundError) else wording.NO_READING
        raise misuse(sentence, wording.NO_FILE_HINT, path=path, why=reason(error)) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a file's style nothing is said here
            tree = ast.parse(text, filename=str(path))
    except (SyntaxError, ValueError) as error:
        line, what = getattr(error, "lineno", None) or 1, getattr(error, "msg", str(error))
        raise misuse(wording.NOT_PYTHON, wording.NOT_PYTHON_HINT, path=path, line=line, message=what) from None
    except (RecursionError, MemoryError):
        raise misuse(wording.TOO_DEEP, wording.TOO_DEEP_HINT, path=path) from None
    said = _constants(path, text, tree)
    form = _form(tree)
    if form is None:
        raise misuse(
            wording.NOTHING_TO_CALL, wording.EXPECTED_SIGNATURE.replace("{", "{{").replace("}", "}}"), path=path
        )
    loss, hidden = str(said.get("LOSS", "mse")), str(said.get("ACTIVATION", "sigmoid"))
    activation(hidden)  # a network without hidden layers would not look at it
    network = Network(
        layers or tuple(said.get("LAYERS", (3, 5, 4, 2))),
        hidden=hidden,
        output=str(said.get("OUTPUT", usual_output(loss, hidden))),
        cost=loss,
    )
    samples = batch_of(network.widths, batch or int(said.get("BATCH", 1 if form == "class" else 6)))
    return StudentFile(path.resolve(), text, network, samples, form, said.get("ROWS"), int(said.get("SEED", 0)))


def _decoded(content: bytes) -> str:
    """A file's text as Python itself reads it: in UTF-8, or in the encoding that its first lines name.

    :raises UnicodeError, LookupError, SyntaxError: if it cannot be read so.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return content.decode(encoding)


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The names of the module and what is assigned to them: ``A = …``, ``A: list[int] = …``."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            yield node.target.id, node.value


def _constants(path: Path, text: str, tree: ast.Module) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, given in _assigned(tree):
        if name not in CONSTANTS:
            continue
        constant = CONSTANTS[name]
        try:
            value = ast.literal_eval(given)
            fits, seen = constant.fits(value), wording.shortened(value)
        except (ValueError, TypeError, MemoryError, RecursionError):
            # No constant, or one that cannot even be printed (a number of a hundred thousand digits).
            value, fits = None, False
            seen = wording.shortened(ast.get_source_segment(text, given) or "what is no constant")
        if not fits:
            raise misuse(
                wording.WRONG_CONSTANT,
                wording.WRONG_CONSTANT_HINT,
                path=path,
                name=name,
                seen=seen,
                wanted=constant.wanted,
                example=constant.example,
            )
        said[name] = value
    return said


def _form(tree: ast.Module) -> str | None:
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if "backprop" in functions:
        return "lists" if len(functions["backprop"].args.args) >= 4 else "params"
    if {"forward", "backward"} <= functions.keys():
        return "passes"
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "Network":
            methods = {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
            if "backprop" in methods:
                return "class"
    return None
