"""Reproducible random numbers: the same for a seed on every machine and under every hash seed.

The mixing is splitmix64's (Steele, Lea and Flood 2014). It is here rather than ``random`` because a keyed value is
wanted (σ″ at 17 is always the same number), and because importing ``random`` would take a third of a short run.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

_MASK = 2**64 - 1
_STEP = 0x9E3779B97F4A7C15

T = TypeVar("T")


def _stirred(x: int) -> int:
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def mixed(*keys: int | str) -> int:
    """64 bits that depend on every key and on their order."""
    state = len(keys)
    for key in keys:
        number = key if isinstance(key, int) else int.from_bytes(b"\x01" + key.encode(), "big")
        while True:
            state = _stirred((state + _STEP + (number & _MASK)) & _MASK)
            number >>= 64
            if number in (0, -1):
                break
    return state


class Stream:
    """A sequence of random numbers that belongs to its keys."""

    def __init__(self, *keys: int | str) -> None:
        self._state = mixed(*keys)

    def bits(self) -> int:
        self._state = (self._state + _STEP) & _MASK
        return _stirred(self._state)

    def below(self, bound: int) -> int:
        return self.bits() % bound

    def choice(self, items: Sequence[T]) -> T:
        return items[self.below(len(items))]
