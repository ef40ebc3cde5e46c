"""What a judge asks of a function: calls with drawn arguments, and the arrays that are right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[np.float64]
Reason: TypeAlias = tuple[str, str]
"""A code, and what it says."""

CLOSE: Final = 1e-9
"""How far an entry may be off, as a part of the largest entry. A right formula comes to 1e-12."""
CLOSE_SINGLE: Final = 5e-5
"""The same in single precision, where it comes to 1e-6 (``drawing.holds`` sees to that). Half precision is no excuse:
it would let through what is only nearly right, such as coarse differences."""
CLOSE_HALF: Final = 1e-2


@dataclass(frozen=True, slots=True)
class Slip:
    """A known slip, and the array that comes of it."""

    code: str
    why: str
    value: Array


@dataclass(frozen=True, slots=True)
class Expected:
    """One array of an answer. ``name`` is the reader's, ``share`` is what it earns points for (with others of that
    share), ``at`` the way to it in the returned value. ``check``, where given, decides instead of ``right``."""

    name: str
    share: str
    at: tuple[int, ...]
    right: Array
    slips: tuple[Slip, ...] = ()
    check: Callable[[Array], Reason | None] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One call. ``told`` says with what (widths, samples); ``samples`` is m, where there is a batch. ``explain`` looks
    at all the arrays of the answer at once and gives reasons by name."""

    arguments: tuple[Any, ...]
    expected: tuple[Expected, ...]
    told: str
    samples: int = 0
    explain: Callable[[Mapping[str, Array]], Mapping[str, Reason]] | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """``takes`` and ``gives`` say how the function is called and what it returns, for authors and for feedback. What is
    returned may depend on the option ``gives_by``, and is then chosen by its value.

    ``cases`` draws the calls. It raises KeyError or ValueError for options that it does not know. ``together`` looks at
    what all of them returned (arrays by name, call by call) and says of which array, and in which call, what is wrong.
    """

    takes: str
    gives: str | Mapping[str, str]
    cases: Callable[[Mapping[str, Any], np.random.Generator], Sequence[Case]]
    options: tuple[str, ...] = ()
    gives_by: str = ""
    together: Callable[..., Iterator[tuple[str, Reason, Case]]] | None = None

    def gives_with(self, options: Mapping[str, Any]) -> str:
        """What the function should return, in words for the student."""
        if isinstance(self.gives, str):
            return self.gives
        first = next(iter(self.gives))
        return self.gives.get(str(options.get(self.gives_by, first)), self.gives[first])


def shape_text(shape: tuple[int, ...]) -> str:
    return str(tuple(int(n) for n in shape))


def distinct(random: np.random.Generator, count: int, low: int = 2, high: int = 8) -> list[int]:
    """So many different numbers, low … high: a transpose shows in the shape."""
    return [int(n) for n in random.permutation(np.arange(low, high + 1))[:count]]


def normal(random: np.random.Generator, *shape: int) -> Array:
    return np.asarray(random.standard_normal(shape))


def option(options: Mapping[str, Any], name: str, default: Any, known: Sequence[Any] = ()) -> Any:
    """An option of the author's. Raises ValueError for one that is not known."""
    value = options.get(name, default)
    if known and value not in known:
        raise ValueError(f"{name} = {value!r}: {', '.join(map(str, known))}")
    return value


def same(seen: Array, right: Array) -> bool:
    """Whether two arrays agree in shape, and in value as far as the precision of ``seen`` goes."""
    if seen.shape != right.shape or not np.isfinite(seen).all() or not np.isfinite(right).all():
        return False
    return close(seen, right, CLOSE if seen.dtype.itemsize > 4 or seen.dtype.kind != "f" else CLOSE_SINGLE)


def close(seen: Array, right: Array, room: float) -> bool:
    """Whether no entry is further off than this part of the largest one."""
    size = max(float(np.abs(right).max(initial=0.0)), 1e-12)
    return bool(np.abs(np.asarray(seen, dtype=np.float64) - right).max(initial=0.0) <= room * size)
