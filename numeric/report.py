"""What a gradient check found: values, from which the terminal, JSON and the pictures are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numeric.precision import Precision
from numeric.problem import Problem


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A known slip that reproduces the wrong numbers."""

    code: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, named from 1 as in the textbook: both numbers, and how far the numeric one may be off."""

    name: str
    analytic: float
    numeric: float
    bound: float


@dataclass(frozen=True, slots=True)
class Finding:
    """One equation in one layer.

    ``max_error`` is the largest |analytic − numeric| / max(|analytic|, |numeric|, 10⁻³ of the largest entry), over
    the entries where J is differentiable. ``wrong`` counts entries off by more than their bound, ``not_finite``
    those that are NaN or infinite; ``not_differentiable`` those at a kink, which are no failure.
    """

    equation: str
    layer: int
    entries: int
    wrong: int
    not_finite: int
    not_differentiable: int
    max_error: float
    worst: Entry | None
    diagnosis: tuple[Diagnosis, ...] = ()
    notes: tuple[str, ...] = ()
    misshaped: str | None = None
    misbehaved: bool = False

    @property
    def ok(self) -> bool:
        """Every entry is right or at a kink, and the code left everything else as it was (not ``misbehaved``)."""
        return self.wrong == 0 and self.not_finite == 0 and self.misshaped is None and not self.misbehaved


@dataclass(frozen=True, slots=True)
class Report:
    """The whole check. ``seconds`` is the time it took; ``literal_gap`` the spot check's relative difference;
    ``point`` where it was made, and ``precision`` the one that was seen in what was checked."""

    method: str
    findings: tuple[Finding, ...]
    seconds: float
    literal_gap: float
    point: Problem
    precision: Precision
    notes: tuple[str, ...] = ()
    printed: str = ""

    @property
    def ok(self) -> bool:
        return all(finding.ok for finding in self.findings)

    @property
    def entries(self) -> int:
        return sum(finding.entries for finding in self.findings)

    @property
    def max_error(self) -> float:
        return max((finding.max_error for finding in self.findings), default=0.0)


def as_json(report: Report) -> dict[str, Any]:
    """The report as ``gradcheck --json`` writes it; a number that is not finite is null."""
    return {
        "ok": report.ok,
        "entries": report.entries,
        "seconds": report.seconds,
        "max_error": _finite(report.max_error),
        "method": report.method,
        "literal_gap": report.literal_gap,
        "precision": report.precision.name,
        "notes": list(report.notes),
        "equations": [
            {
                "equation": finding.equation,
                "layer": finding.layer,
                "ok": finding.ok,
                "entries": finding.entries,
                "max_error": _finite(finding.max_error),
                "worst": None if finding.worst is None else _entry(finding.worst),
                "wrong": finding.wrong,
                "not_finite": finding.not_finite,
                "not_differentiable": finding.not_differentiable,
                "misshaped": finding.misshaped,
                "diagnosis": [{"code": d.code, "title": d.title, "why": d.why} for d in finding.diagnosis],
                "notes": list(finding.notes),
            }
            for finding in report.findings
        ],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "entry": entry.name,
        "analytic": _finite(entry.analytic),
        "numeric": _finite(entry.numeric),
        "bound": _finite(entry.bound),
    }


def _finite(number: float) -> float | None:
    return number if abs(number) < float("inf") else None
