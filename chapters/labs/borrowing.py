"""Follow-through: a function that calls a wrong one of an earlier part is judged with the reference in its place.

Only earlier parts are lent: else two functions could each be right by the reference of the other.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from chapters.labs.judgement import JudgedPart
from chapters.labs.variants import Part, Variant


def follow_through(variant: Variant, source: str, judged: Sequence[JudgedPart]) -> dict[int, tuple[Part, ...]]:
    """The places of the parts that deserve another look, and the earlier parts whose references they are to be given:
    those that they call, by way of other functions too, and that are not right."""
    if all(part.passed for part in judged):
        return {}
    calls = _calls(source)
    found: dict[int, tuple[Part, ...]] = {}
    for place, part in enumerate(variant.parts):
        if judged[place].passed:
            continue
        reached = _reached(part.function, calls)
        borrowed = tuple(
            earlier
            for k, earlier in enumerate(variant.parts[:place])
            if earlier.function in reached and not judged[k].passed and earlier.function != part.function
        )
        if borrowed:
            found[place] = borrowed
    return found


def with_references(source: str, parts: Sequence[Part]) -> str:
    """A worksheet in which these functions are the references: defined once more at its end, so that line numbers
    stay."""
    return "\n\n".join([source, *(part.reference for part in parts)]) + "\n"


def _calls(source: str) -> dict[str, set[str]]:
    """Each function of a worksheet, and the names that it uses."""
    try:
        functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    return {
        function.name: {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} for function in functions
    }


def _reached(function: str, calls: dict[str, set[str]]) -> set[str]:
    """The functions that one calls, and those that these call."""
    found: set[str] = set()
    pending = [function]
    while pending:
        for name in calls.get(pending.pop(), ()):
            if name in calls and name not in found:
                found.add(name)
                pending.append(name)
    return found
