"""How large a formula will be, as far as a reader of print has to know: whether a/b is a number, and X a square matrix.

What does not follow from the names alone is not known (``None``), and nothing hangs on it. The shapes proper, and
whether everything fits, are settled later.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeAlias

from derivations.formula import (
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Gradient,
    IndexSum,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Size,
    Symbol,
    Transpose,
    Vocabulary,
)

NUMBER: Size = (1, 1)
Known: TypeAlias = Size | None

_OF_ALL_ENTRIES = frozenset({"sum", "mean", "sumsq", "tr", "det"})
_OUT, _IN, _SAMPLES = "out", "in", "samples"
_LAYERED: dict[str, tuple[Hashable, Hashable]] = {
    **dict.fromkeys(("W", "w"), (_OUT, _IN)),
    **dict.fromkeys(("z", "Z", "a", "A", "δ", "Δ"), (_OUT, _SAMPLES)),
    "b": (_OUT, 1),
}
"""The sizes of the network's quantities, in words of their layer."""


class Sizes:
    """The sizes of one text's formulas; each is worked out once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._known: dict[int, tuple[Formula, Known]] = {}  # by identity; each entry holds on to its node

    def of(self, formula: Formula) -> Known:
        """(rows, columns), or None where the names do not say."""
        pending = [formula]
        while isinstance(last := pending[-1], Binary) and id(last) not in self._known:
            pending.append(last.left)  # a long product is a deep tree on its left
        for node in reversed(pending):
            if id(node) not in self._known:
                self._known[id(node)] = node, self._found(node)
        return self._known[id(formula)][1]

    def is_number(self, formula: Formula) -> bool:
        return self.of(formula) == NUMBER

    def _found(self, node: Formula) -> Known:
        match node:
            case Number() | Norm():
                return NUMBER
            case Symbol():
                return self._symbol(node)
            case Entry(of, indices):
                whole = self.of(of)
                return NUMBER if len(indices) == 2 or whole is None or 1 in whole else None
            case Transpose(of):
                turned = self.of(of)
                return turned and (turned[1], turned[0])
            case Negation(of) | Power(of=of) | IndexSum(body=of):
                return self.of(of)
            case Binary(op, left, right):
                return _of_two(op, self.of(left), self.of(right))
            case Apply(function, argument):
                return NUMBER if function.name in self._vocabulary.losses else self.of(argument)
            case Call(name, arguments, axis):
                return self._call(name, arguments, axis)
            case Derivative(of, Symbol() as by) if self.is_number(of):
                return NUMBER if self.is_number(by) else None
            case Derivative(of, Entry()):
                return NUMBER if self.is_number(of) else None
            case Gradient(by=by) | LossDerivative(by=by):
                return self.of(by)
            case _:
                return None

    def _symbol(self, node: Symbol) -> Known:
        known = self._vocabulary
        if node.layer is not None and node.name in known.layered:
            if node.name == "n":
                return NUMBER
            words = {_OUT: ("n", node.layer), _IN: ("n", node.layer.shifted(-1)), _SAMPLES: known.samples}
            rows, columns = _LAYERED.get(node.name, (None, None))
            return None if rows is None else (words[str(rows)], words.get(str(columns), columns))
        return NUMBER if node.name in known.scalars else known.size_of.get(node.name)

    def _call(self, name: str, arguments: tuple[Formula, ...], axis: int | None) -> Known:
        inner = self.of(arguments[0]) if arguments else None
        if name in _OF_ALL_ENTRIES:
            if axis is None:
                return NUMBER
            return inner and ((1, inner[1]) if axis == 0 else (inner[0], 1))
        if name in ("inv", "softmax"):
            return inner
        if name == "diag":
            return inner and ((inner[0], inner[0]) if inner[1] == 1 else (inner[0], 1))
        if name in ("ones", "zeros", "eye") and arguments:
            return _extent(arguments[0]), _extent(arguments[-1])
        return None


def _extent(formula: Formula) -> Hashable:
    """A width as it stands in a formula, in the words of a declared size."""
    match formula:
        case Number(value) if value.denominator == 1:
            return int(value)
        case Symbol(name, layer):
            return name if layer is None else (name, layer)
        case _:
            return formula


def _of_two(op: Op, left: Known, right: Known) -> Known:
    """The size of a sum, product or quotient."""
    if left is None or right is None:
        return None
    if left == NUMBER:
        return right
    if right == NUMBER or (left == right and op is not Op.PRODUCT):
        return left
    if op in (Op.PLUS, Op.MINUS):
        return left if right[1] == 1 or right[0] == 1 else right  # a bias that is added to each column
    if op is Op.PRODUCT:
        return (left[0], right[1]) if left[1] == right[0] else None
    return None
