"""The wrong functions that an author has foreseen, found again in a student's worksheet, whatever its names are."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import Final

from chapters.labs.variants import Part

VAGUE: Final = frozenset(
    {"wrong-value", "wrong-shape", "wrong-scale", "factor", "missing", "not-finite", "raised", "returns-other", "zeros"}
)
"""Codes of what was seen; why it came so, they do not say."""


def why_of_function(source: str, codes: Collection[str], part: Part) -> str:
    """The author's words on a function that is written as foreseen; empty where a diagnosis explains it already."""
    if not VAGUE.issuperset(codes):
        return ""
    typed = _shape(source, part.function)
    foreseen = (wrong for wrong in part.wrong if wrong.why)
    return next((wrong.why for wrong in foreseen if typed and _shape(wrong.answer, part.function) == typed), "")


def _shape(source: str, function: str) -> str:
    """A function without its docstring, its own names numbered as they come; empty if there is no such function."""
    try:
        found = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == function]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    if not found:
        return ""
    node = found[-1]
    if ast.get_docstring(node) is not None:
        node.body = node.body[1:] or [ast.Pass()]
    numbers: dict[str, str] = {}
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            numbers.setdefault(inner.arg, f"name {len(numbers)}")
        elif isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            numbers.setdefault(inner.id, f"name {len(numbers)}")
    for inner in ast.walk(node):
        if isinstance(inner, ast.arg):
            inner.arg, inner.annotation = numbers[inner.arg], None
        elif isinstance(inner, ast.Name):
            inner.id = numbers.get(inner.id, inner.id)
    node.returns = None
    try:
        return ast.dump(node)
    except RecursionError:
        return ""
