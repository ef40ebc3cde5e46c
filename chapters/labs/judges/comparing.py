"""An array that came back, held against the one that is right: what is wrong with it, in the words of a tutor."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from chapters.labs.judges import words
from chapters.labs.judges.cases import CLOSE_HALF, Array, Case, Expected, Reason, close, same, shape_text

SAME_FACTOR: Final = 1e-6
NEARLY: Final = 1e-3
"""A factor that is nearer to 1 would be printed as 1."""


def numbers(value: Any) -> Array | None:
    """What came back as an array of real numbers; None if it is none (a text, a dict, a ragged list)."""
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in "fiub" else None
    if isinstance(value, bool | int | float):
        return np.asarray(value, dtype=np.float64)
    if isinstance(value, list | tuple):
        try:
            found = np.asarray(value)
        except (ValueError, TypeError, OverflowError):
            return None
        return found if found.dtype.kind in "fiub" else None
    return None


def reason_against(seen: Array, expected: Expected, case: Case) -> Reason | None:
    """Why an array is not right; None if it is."""
    if expected.check is not None:
        return expected.check(seen)
    right = expected.right
    if seen.shape != right.shape:
        return _wrong_shape(seen, expected)
    if not np.isfinite(seen).all():
        return "not-finite", words.NOT_FINITE.format(count=int((~np.isfinite(seen)).sum()))
    if same(seen, right):
        return None
    if seen.dtype.name == "float16" and close(seen, right, CLOSE_HALF):
        return "half-precision", words.HALF_PRECISION
    for slip in expected.slips:
        if same(seen, slip.value):
            return slip.code, slip.why
    return _wrong_value(np.asarray(seen, dtype=np.float64), right, case)


def _wrong_shape(seen: Array, expected: Expected) -> Reason:
    right = expected.right
    shapes = {"seen": shape_text(seen.shape), "wanted": shape_text(right.shape)}
    for slip in expected.slips:
        if same(seen, slip.value):
            return slip.code, f"{slip.why} {words.SHAPE_IS.format(**shapes)}"
    if seen.ndim == 1 and seen.size == right.size:
        return "flat", words.FLAT_ARRAY.format(**shapes)
    if right.ndim == 2 and seen.shape == right.shape[::-1]:
        is_turned = same(seen.T, right)
        return "transposed", (words.TURNED_ARRAY if is_turned else words.TURNED_SHAPE).format(**shapes)
    if right.ndim == 2 and right.shape[1] == 1 and seen.ndim == 2 and seen.shape[0] == right.shape[0]:
        return "not-summed", words.NOT_SUMMED.format(**shapes)
    if right.ndim == 2 and seen.ndim == 1 and right.shape[1] > 1 and seen.shape[0] == right.shape[0]:
        return "one-sample", words.LOST_AXIS.format(**shapes)
    return "wrong-shape", words.WRONG_ARRAY_SHAPE.format(**shapes)


def _wrong_value(seen: Array, right: Array, case: Case) -> Reason:
    if not np.any(seen):
        return "zeros", words.ALL_ZERO
    size = float((right * right).sum())
    factor = float((seen * right).sum()) / size if size else 0.0
    if factor and same(seen, factor * right):
        return _wrong_factor(factor, case.samples)
    gap = np.abs(seen - right)
    place = np.unravel_index(int(gap.argmax()), gap.shape) if gap.ndim else ()
    entry = "[" + ", ".join(str(int(k)) for k in place) + "]" if place else ""
    off = int((gap > 1e-6 * max(float(np.abs(right).max()), 1e-12)).sum())
    told = words.OFF_ENTRIES.format(off=off, all=right.size) if right.size > 1 else ""
    return "wrong-value", words.OFF.format(
        told=told, entry=entry, seen=f"{float(seen[place]):.4g}", right=f"{float(right[place]):.4g}"
    ).strip()


def _wrong_factor(factor: float, m: int) -> Reason:
    """What to say of one factor in every entry. 1 and −1, as they would be printed, are no such factors."""
    if m > 1 and abs(factor / m - 1) < SAME_FACTOR:
        return "factor-m", words.FACTOR_M.format(m=m)
    if m > 1 and abs(factor * m - 1) < SAME_FACTOR:
        return "factor-1/m", words.FACTOR_PER_M.format(m=m)
    if abs(factor + 1) < SAME_FACTOR:
        return "sign", words.SIGN_ARRAY
    if abs(factor - 1) < NEARLY:
        return "factor", words.FACTOR_NEARLY.format(share=f"{abs(factor - 1):.1g}")
    if abs(factor + 1) < NEARLY:
        return "factor", words.FACTOR_NEARLY_SIGN.format(share=f"{abs(factor + 1):.1g}")
    return "factor", words.FACTOR.format(factor=f"{factor:.4g}")
