"""What an array is here, and the door at which its shape is checked: nothing broadcasts by accident."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from numeric import wording
from numeric.errors import misuse

Array: TypeAlias = npt.NDArray[Any]


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as the textbook writes it: ``3 × 4``; a flat one as Python does: ``(3,)``."""
    return " × ".join(map(str, shape)) if len(shape) > 1 else str(shape)


def matrix(value: object, shape: tuple[int, int], what: str, dtype: npt.DTypeLike | None = None) -> Array:
    """``value`` as a real matrix of exactly ``shape``.

    :raises MisuseError: for (n,) where (n, 1) is meant, for any other shape, and for what is not a real number.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise misuse(wording.NOT_NUMBERS, wording.NOT_NUMBERS_HINT, what=what, seen=array.dtype.name)
    wanted = shape_text(shape)
    if array.ndim == 1 and shape != array.shape:
        raise misuse(
            wording.FLAT_ARRAY,
            wording.FLAT_ARRAY_HINT,
            what=what,
            n=array.shape[0],
            wanted=wanted,
            rows=shape[0],
            columns=shape[1],
        )
    if array.shape != shape:
        hint = wording.ROWS_HINT if array.shape == shape[::-1] else wording.WRONG_SHAPE_HINT
        raise misuse(wording.WRONG_SHAPE, hint, what=what, seen=shape_text(array.shape), wanted=wanted)
    return array.astype(dtype if dtype is not None else np.result_type(array.dtype, np.float32), copy=False)
