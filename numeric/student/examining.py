"""A student's file, from its path to a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from numeric import wording
from numeric.checking import gradcheck
from numeric.initialisation import initialise
from numeric.network import Parameters, forward
from numeric.problem import targets
from numeric.report import Diagnosis, Report
from numeric.student.answers import gradients
from numeric.student.asking import SECONDS, run
from numeric.student.reading import read


def check_file(
    path: Path,
    *,
    layers: tuple[int, ...] | None = None,
    batch: int | None = None,
    how: str = "central",
    literal: bool = False,
    seconds: float = SECONDS,
) -> Report:
    """Run the student's backpropagation at random parameters, and check what it returns.

    :raises MisuseError: if the file cannot be read, called, or understood.
    """
    student = read(path, layers, batch)
    random = np.random.default_rng(student.seed)
    drawn = initialise(student.network, "xavier", random)
    at = Parameters(drawn.weights, tuple(b + 0.1 * random.standard_normal(b.shape) for b in drawn.biases))
    x = random.standard_normal((student.network.widths[0], student.batch))
    y = targets(student.network, student.batch, random)
    answer = run(student, at, x, y, seconds)
    claim = gradients(student.network, student.batch, answer, path.name)
    report = gradcheck(student.network, at, x, y, claim, how=how, literal=literal)
    notes = list(report.notes)
    if answer.rows:
        notes.append(wording.ROWS_NOTE)
    if claim.own_samples:
        notes.append(wording.OWN_SAMPLES_NOTE)
    wanted = forward(student.network, at, x).a[-1]
    if answer.output is not None:
        seen = answer.output.T if answer.rows else answer.output
        if seen.shape != wanted.shape or not np.allclose(seen, wanted, rtol=1e-6, atol=1e-9):
            notes += [wording.FORWARD_DIFFERS, wording.FORWARD_HINT]
    findings = list(report.findings)
    behaviour = []
    if not answer.steady:
        behaviour.append(Diagnosis("accumulated-gradients", wording.ACCUMULATED, wording.ACCUMULATED_WHY))
    if not answer.inputs_kept:
        behaviour.append(Diagnosis("inputs-overwritten", wording.OVERWRITTEN, wording.OVERWRITTEN_WHY))
    if behaviour:
        place = next((i for i, found in enumerate(findings) if not found.ok), 0)
        found = findings[place]
        findings[place] = replace(found, diagnosis=(*behaviour, *found.diagnosis), misbehaved=True)
    return replace(report, findings=tuple(findings), notes=tuple(notes), printed=answer.printed)
