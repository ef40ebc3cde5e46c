"""The numbers of a predict lab: formulas of the language on what a student has drawn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from chapters.labs import words
from chapters.labs.variants import Variant
from chapters.numbers import evaluate
from derivations.checking import extended
from derivations.formula import Unreadable
from derivations.reading import read_formula
from derivations.setting import Context, Setting
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit, Width
from numeric.errors import MisuseError

Array = npt.NDArray[np.float64]

_CONDITION = re.compile(r"(.+?)(!=|<|>)(.+)")
_HOLDS: Final[dict[str, Any]] = {"<": np.less, ">": np.greater, "!=": np.not_equal}
REFUSED: Final = "error"
"""What is answered where NumPy refuses an operation."""


class ComputingError(Exception):
    """A formula of a lab that cannot be computed; the message is for the author."""


class Numbers:
    """What was drawn, and what is computed from it, by name. A matrix is declared with its own shape.

    Raises ComputingError where a line of the lab's ``compute`` cannot be computed.
    """

    def __init__(self, variant: Variant, given: Mapping[str, Array] | None = None) -> None:
        """given: what stands in for a computed quantity, to see what follows from a student's own."""
        given = given or {}
        self.setting = Setting()
        self.arrays: dict[tuple[str, Any], Array] = {}
        self.widths: dict[str, int] = {}
        for name, value in variant.values.items():
            if isinstance(value, tuple):
                self.add(name, np.array([[float(entry) for entry in row] for row in value]))
            elif isinstance(value, Fraction):
                if value.denominator == 1:
                    self.widths[name] = int(value)
                self.add(name, np.array([[float(value)]]))
        if variant.setting.strip():
            self.extend(variant.setting)
        for line in variant.compute:
            name, equals, formula = line.partition("=")
            if not equals:
                raise ComputingError(line)
            own = given.get(name.strip())
            self.add(name.strip(), self.value(formula) if own is None else own)

    def extend(self, sheet: str) -> None:
        try:
            self.setting = extended(self.setting, sheet)
        except (Unreadable, Misfit) as problem:
            raise ComputingError(f"{sheet}: {problem}") from problem

    def add(self, name: str, array: Array) -> None:
        """Declare a quantity with its numbers. A name that is no name of the language stays for the texts only."""
        rows, columns = array.shape
        try:
            self.setting = extended(
                self.setting, f"{name} : {rows} x {columns}" if array.size > 1 else f"{name} : scalar"
            )
        except (Unreadable, Misfit) as problem:
            raise ComputingError(f"{name}: {problem}") from problem
        self.arrays[name, None] = array

    def value(self, text: str) -> Array:
        """The value of a formula, as a matrix. Raises ComputingError."""
        try:
            formula = read_formula(text.strip(), self.setting.vocabulary)
            with np.errstate(all="ignore"):
                found = evaluate(formula, self.setting, self.arrays, self.widths, {})
        except (Unreadable, Misfit, Unsupported, NotImplementedError, KeyError, MisuseError) as problem:
            message = getattr(problem, "message", str(problem))
            raise ComputingError(f"{text.strip()}: {message}") from problem
        return np.atleast_2d(found)

    def shape(self, text: str) -> tuple[int, int]:
        """The shape of a formula; ``n_1`` is the number drawn as ``n1``. Raises ComputingError."""
        try:
            formula = read_formula(text.strip(), self.setting.vocabulary)
            shape = Settler(Context.of(self.setting, [formula])).settle(formula).shape
            return self.extent(shape.rows), self.extent(shape.columns)
        except (Unreadable, Misfit, Unsupported) as problem:
            raise ComputingError(f"{text.strip()}: {getattr(problem, 'message', problem)}") from problem

    def extent(self, extent: int | Width) -> int:
        if not isinstance(extent, Width):
            return extent
        name = re.sub(r"[_{}]", "", str(extent))
        if name not in self.widths:
            raise ComputingError(f"{extent}")
        return self.widths[name]

    def holds(self, condition: str) -> bool:
        """Whether ``left < right`` holds for every entry. Raises ComputingError."""
        found = _CONDITION.fullmatch(condition.strip())
        if not found or found[3].startswith("="):
            raise ComputingError(words.BAD_CONDITION.format(condition=condition))
        return bool(np.all(_HOLDS[found[2]](self.value(found[1]), self.value(found[3]))))


def array_shape(operation: dict[str, Any]) -> tuple[int, ...] | str:
    """The shape that NumPy gives, ``"error"`` where it refuses: of ``{add = [[3, 1], [4]]}``, ``{matmul = […]}``,
    ``{sum = [2, 5], axis = 1, keepdims = true}``, ``{reshape = [6], to = [2, 3]}``. Raises ComputingError."""
    sides: dict[str, Any] = {key: value for key, value in operation.items() if key in _OPERATIONS}
    if len(sides) != 1:
        raise ComputingError(f"{operation}: {', '.join(_OPERATIONS)}")
    ((name, shapes),) = sides.items()
    try:
        made = _OPERATIONS[name](_whole(shapes), operation)
    except ValueError:
        return REFUSED
    return tuple(int(n) for n in np.shape(made))


def _whole(shapes: Any) -> Any:
    """Shapes in which numbers may stand as texts (they were filled in)."""
    return [_whole(inner) for inner in shapes] if isinstance(shapes, list) else int(shapes)


_OPERATIONS: Final[dict[str, Any]] = {
    "add": lambda s, _: np.zeros(s[0]) + np.zeros(s[1]),
    "multiply": lambda s, _: np.zeros(s[0]) * np.zeros(s[1]),
    "matmul": lambda s, _: np.zeros(s[0]) @ np.zeros(s[1]),
    "dot": lambda s, _: np.dot(np.zeros(s[0]), np.zeros(s[1])),
    "outer": lambda s, _: np.outer(np.zeros(s[0]), np.zeros(s[1])),
    "transpose": lambda s, _: np.zeros(s).T,
    "sum": lambda s, o: np.zeros(s).sum(axis=o.get("axis"), keepdims=bool(o.get("keepdims", False))),
    "mean": lambda s, o: np.zeros(s).mean(axis=o.get("axis"), keepdims=bool(o.get("keepdims", False))),
    "reshape": lambda s, o: np.zeros(s).reshape(_whole(o["to"])),
    "array": lambda s, _: np.zeros(s),
}
"""What may be done to arrays of given shapes."""
