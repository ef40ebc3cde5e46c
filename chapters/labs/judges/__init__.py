"""The judges of kind ``numpy``, one row each: how the student's function is called, and what it should return."""

from __future__ import annotations

from typing import Final

from chapters.labs.judges import backwards, layers, steps, weights
from chapters.labs.judges.cases import Judge

JUDGES: Final[dict[str, Judge]] = {**layers.JUDGES, **backwards.JUDGES, **steps.JUDGES, **weights.JUDGES}

__all__ = ["JUDGES", "Judge"]
