"""The isolated runner with a budget: what a worksheet's code may take in all, however often it is called."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chapters.grading import words
from chapters.grading.limits import SHORT_RATION
from numeric.student import Call, Limits, Ran, Stopped, run_calls


class Rationed:
    """The isolated runner with a budget: all runs of one worksheet together take no longer than this."""

    def __init__(self, seconds: float) -> None:
        self.seconds = self.left = seconds

    def __call__(self, source: str, calls: Sequence[Call], limits: Limits | None = None, **more: Any) -> Ran:
        """``run_calls``, always walled, whatever is asked for."""
        limits = limits or Limits()
        if self.left <= 0:
            return Ran((), "", Stopped("slow", words.NO_TIME_LEFT.format(seconds=self.seconds)))
        began = time.monotonic()
        try:
            shorter = replace(limits, seconds=min(limits.seconds, max(self.left, 0.5)))
            ran = run_calls(source, calls, shorter, **{**more, "walled": True})
        finally:
            self.left -= time.monotonic() - began
        if ran.stopped is not None and ran.stopped.kind == "slow" and not ran.results:
            # It hung before anything came back: the parts that are tried by themselves get less.
            self.left = min(self.left, SHORT_RATION)
        return ran
