"""What is being worked on, once it takes a while; and an end to what takes too long."""

from __future__ import annotations

import _thread
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from derivations.rendering import derivation_words as words

PATIENCE, LONGEST = 1.0, 20.0
"""Seconds until a line says what is being worked on, and until the work is given up."""


class TookTooLong(Exception):  # noqa: N818
    """Work that was given up; the message says so and what to do."""


@contextmanager
def working(on: str, plain: bool = False, patience: float = PATIENCE, longest: float = LONGEST) -> Iterator[None]:
    """Work that may take long. Raises TookTooLong after ``longest`` seconds, in the main thread.

    After ``patience`` seconds a line on the error stream says what is worked ``on``, if that is a terminal and no
    ``plain`` output is asked for; it is removed at the end.
    """
    watch = _Watch(on, sys.stderr.isatty() and not plain, patience, longest)
    watch.start()
    try:
        yield
        watch.end()
    except KeyboardInterrupt:
        if watch.is_over:
            raise TookTooLong(words.TOO_LONG.format(on=on, seconds=f"{longest:g}")) from None
        raise
    finally:
        watch.end()


class _Watch(threading.Thread):
    def __init__(self, on: str, shows: bool, patience: float, longest: float) -> None:
        super().__init__(daemon=True)
        self.on, self.shows, self.patience, self.longest = on, shows, patience, longest
        self.is_over = False
        self._shown = False
        self._ended, self._turn = threading.Event(), threading.Lock()

    def run(self) -> None:
        begun = time.monotonic()
        while not self._ended.wait(min(self.patience, max(begun + self.longest - time.monotonic(), 0))):
            seconds = time.monotonic() - begun
            with self._turn:
                if self._ended.is_set():
                    return
                if seconds >= self.longest:
                    self.is_over = True
                    _thread.interrupt_main()
                    return
                if self.shows:
                    self._shown = True
                    line = words.WORKING.format(on=self.on, seconds=round(seconds))
                    print(f"\r\x1b[K{line[:79]}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """No more lines and no interruption from here on; the line is removed."""
        with self._turn:
            first = not self._ended.is_set()
            self._ended.set()
        if first and self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
        if first and self.is_over:
            time.sleep(0.2)  # the interruption is on its way: let it come here and nowhere else
