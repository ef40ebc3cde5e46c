"""Verdicts as the stable values of ``check --json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from derivations.verdicts import Depends, IllShaped, Proved, Unreadable, Verdict
from derivations.witness import Counterexample


def report(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """What ``check --json`` prints."""
    counts = Counter(verdict.verdict for verdict in verdicts)
    return {"claims": [claim(verdict) for verdict in verdicts], "summary": dict(sorted(counts.items()))}


def claim(verdict: Verdict) -> dict[str, Any]:
    span = verdict.span if isinstance(verdict, IllShaped | Unreadable) else None
    hint = verdict.hint if isinstance(verdict, IllShaped | Unreadable) else ""
    return {
        "text": verdict.text,
        "file": verdict.place.file or None,
        "line": verdict.place.line,
        "column": verdict.place.column,
        "read_as": verdict.read_as,
        "layout": verdict.layout,
        "verdict": verdict.verdict,
        "assumptions": list(verdict.assumptions),
        "reason": verdict.reason,
        "span": list(span) if span else None,
        "hint": hint,
        "shapes": dict(verdict.shapes),
        "witness": None if verdict.witness is None else witness(verdict.witness),
        "diagnosis": [
            {"code": item.code, "title": item.title, "why": item.why, "fix": item.fix} for item in verdict.diagnosis
        ],
        "notes": list(verdict.notes),
        "right_if": list(verdict.right_if) if isinstance(verdict, Depends) else [],
        "wrong_if": _wrong_if(verdict) if isinstance(verdict, Depends) else [],
        "mark": verdict.standing,
        "in_chain": verdict.in_chain,
        "reason_given": verdict.reason_given or None,
        "expected": verdict.expected or None,
        "seconds": round(verdict.seconds, 6),
    }


def _wrong_if(verdict: Depends) -> list[dict[str, str | None]]:
    """The readings under which the claim is not proved, and the correction of each."""
    return [
        {"supposed": reading.typed, "fix": next((item.fix for item in reading.verdict.diagnosis if item.fix), None)}
        for reading in verdict.readings
        if not isinstance(reading.verdict, Proved)
    ]


def witness(found: Counterexample) -> dict[str, Any]:
    return {
        "layers": dict(found.layers),
        "widths": dict(found.widths),
        "functions": dict(found.functions),
        "losses": dict(found.losses),
        "indices": dict(found.indices),
        "values": {name: _rows(rows) for name, rows in found.values.items()},
        "lhs": _rows(found.left),
        "rhs": _rows(found.right),
        "entry": list(found.entry),
        "exact": found.exact,
    }


def _rows(rows: tuple[tuple[Fraction | Decimal, ...], ...]) -> list[list[int | str]]:
    return [[_number(value) for value in row] for row in rows]


def _number(value: Fraction | Decimal) -> int | str:
    """A whole number as such, any other as text, so that nothing is lost."""
    return int(value) if value == int(value) else str(value)
