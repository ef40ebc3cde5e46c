"""Which of several options was meant: as typed, whatever its spaces, quotes and spelling.

An option may be words (``does not fit``), NumPy (``y.reshape(-1, 1)``) or a formula (``u v^T``). What is typed is held
against all options in each of these three ways, and counts only where one of them fits.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from typing import Final

from derivations.diagnosis.trees import bare
from derivations.formula import Unreadable
from derivations.reading import read_formula
from derivations.setting import Setting

LONGEST: Final = 200
_QUOTES: Final = "\"'`´“”„‘’«»$ \t"


def chosen(text: str, options: Sequence[str]) -> str | None:
    """The option that is meant; None if there is no such option, or if it could be several."""
    if len(text) > LONGEST:
        return None
    for reading in _READINGS:
        typed = reading(text)
        found = [option for option in options if typed is not None and reading(option) == typed]
        if len(found) == 1:
            return found[0]
    return None


def _words(text: str) -> str:
    """``Doesn't fit.`` as ``doesnotfit``."""
    text = text.strip(_QUOTES).casefold().replace("’", "'").rstrip(".!")
    text = re.sub(r"(?<=[a-z])n'?t\b(?<!not)", " not", text)
    text = re.sub(r"\bnon(?=[-\s]?[a-z])", "not", text)
    return re.sub(r"\s+|(?<=[a-z])-(?=[a-z])", "", text)


def _program(text: str) -> str | None:
    """An expression of NumPy in one form: ``np.reshape(y, [-1, 1])`` and ``y[:, None]`` as ``y.reshape(-1, 1)``."""
    try:
        return ast.dump(_OneForm().visit(ast.parse(text.strip(_QUOTES), mode="eval")))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


class _OneForm(ast.NodeTransformer):
    """The forms in which NumPy says the same."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        self.generic_visit(node)
        return ast.Constant(None) if node.attr == "newaxis" and _is_numpy(node.value) else node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        function, arguments = node.func, [*node.args, *(keyword.value for keyword in node.keywords)]
        if not isinstance(function, ast.Attribute):
            return node
        of, name = function.value, function.attr
        if _is_numpy(of) and arguments:
            of, *arguments = arguments
        if name == "transpose" and not arguments:
            return ast.Attribute(of, "T", ast.Load())
        if name == "expand_dims" and len(arguments) == 1:
            return _reshaped(of, ast.dump(arguments[0]) in (ast.dump(ast.Constant(1)), ast.dump(_MINUS_ONE)))
        if name == "reshape":
            if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple | ast.List):
                arguments = list(arguments[0].elts)
            whole = {ast.dump(length) for length in _lengths(of)}
            arguments = [_MINUS_ONE if ast.dump(one) in whole else one for one in arguments]
        return ast.Call(ast.Attribute(of, name, ast.Load()), arguments, [])

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
        kinds = ["new" if _is_none(part) else "all" if _is_all(part) else "" for part in parts]
        if kinds in (["all", "new"], ["new", "all"], ["new"]):
            return _reshaped(node.value, kinds == ["all", "new"])
        return node


_MINUS_ONE: Final = ast.UnaryOp(ast.USub(), ast.Constant(1))


def _reshaped(of: ast.expr, upright: bool) -> ast.expr:
    """A column (upright) or a row of what has one axis."""
    lengths: list[ast.expr] = [_MINUS_ONE, ast.Constant(1)]
    return ast.Call(ast.Attribute(of, "reshape", ast.Load()), lengths if upright else lengths[::-1], [])


def _lengths(of: ast.expr) -> list[ast.expr]:
    """``len(y)``, ``y.size``, ``y.shape[0]``: all entries of what has one axis."""
    shape = ast.Attribute(of, "shape", ast.Load())
    return [
        ast.Call(ast.Name("len", ast.Load()), [of], []),
        ast.Attribute(of, "size", ast.Load()),
        ast.Subscript(shape, ast.Constant(0), ast.Load()),
    ]


def _is_numpy(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_all(node: ast.expr) -> bool:
    return isinstance(node, ast.Slice) and node.lower is node.upper is node.step is None


def _formula(text: str) -> object | None:
    """A formula, however it is spelled: ``u v^T``, ``u vᵀ``, ``u @ v.T``."""
    try:
        return bare(read_formula(text.strip(_QUOTES), Setting().vocabulary))
    except (Unreadable, RecursionError):
        return None


_READINGS: Final[tuple[Callable[[str], object | None], ...]] = (_words, _program, _formula)
