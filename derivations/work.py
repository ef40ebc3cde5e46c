"""How much work a question may take: counted, so that the same answer comes on every machine.

One unit is about what the evaluation of one small matrix takes: two millionths of a second, or a few. Whatever grows
is paid for *before* it is built, so that a purse bounds the memory too. A clock is only the last wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

UNITS_BETWEEN_LOOKS = 4_000
"""So much may be spent before the clock is looked at again."""


class Spent(Exception):  # noqa: N818
    """The work that was allowed is done, or the time is up (``by_clock``); the message is a phrase for the reader."""

    def __init__(self, by_clock: bool = False) -> None:
        super().__init__("the time is up" if by_clock else "the work allowed for one claim is done")
        self.by_clock = by_clock


class Purse:
    """What is left of the work allowed.

    ``until`` is a reading of ``thread_time``, the last wall: the processor's time, which a busy machine does not move.
    """

    __slots__ = ("_next_look", "left", "until")

    def __init__(self, work: int, until: float | None = None) -> None:
        self.left, self.until = work, until
        self._next_look = work

    def spend(self, amount: int = 1) -> None:
        """Pay for what comes next. Raises Spent where not enough is left."""
        self.left -= amount
        if self.left <= self._next_look:
            self._look()

    def _look(self) -> None:
        if self.left <= 0:
            raise Spent()
        if self.until is not None and thread_time() > self.until:
            self.left = 0
            raise Spent(by_clock=True)
        self._next_look = max(0, self.left - UNITS_BETWEEN_LOOKS)

    @contextmanager
    def part(self, most: int) -> Iterator[Purse]:
        """A purse of its own for a part of the work, of at most so much; what it does not use stays here.

        Raises Spent if there is nothing left to give.
        """
        self._look()
        given = min(most, self.left)
        part = Purse(given, self.until)
        try:
            yield part
        finally:
            self.left -= given - max(part.left, 0)

    @contextmanager
    def keeping(self, some: int) -> Iterator[None]:
        """Keep so much back for what comes after."""
        self.left -= some
        try:
            yield
        finally:
            self.left = max(self.left, 0) + some
