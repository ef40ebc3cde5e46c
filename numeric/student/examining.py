"""A student's file, from its path to a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from numeric import wording
from numeric.arrays import Array
from numeric.checking import gradcheck
from numeric.claimed import Convention
from numeric.errors import MisuseError
from numeric.initialisation import initialise
from numeric.network import Network, Parameters, forward
from numeric.precision import precision_of
from numeric.problem import Problem, targets
from numeric.report import Diagnosis, Report
from numeric.student.answers import Understood, gradients
from numeric.student.asking import SECONDS, Answer, run
from numeric.student.reading import read


def check_file(
    path: Path,
    *,
    layers: tuple[int, ...] | None = None,
    batch: int | None = None,
    how: str = "central",
    literal: bool = False,
    seconds: float = SECONDS,
    walled: bool = False,
) -> Report:
    """Run the student's backpropagation at random parameters, and check what it returns.

    :param walled: behind the walls of ``isolation``, as for the file of somebody else: with NumPy and Python's own
        library, and nothing besides.
    :raises MisuseError: if the file cannot be read, called, or understood.
    """
    student = read(path, layers, batch)
    problem = drawn(student.network, student.batch, student.seed)

    def understood(answer: Answer) -> Understood:
        return gradients(student.network, student.batch, answer, path.name)

    def fits(answer: Answer) -> bool:
        try:
            return understood(answer).fits(student.network, student.batch)
        except MisuseError:
            return False

    answer = run(student, problem, fits, seconds, walled=walled)
    given = understood(answer)
    report = gradcheck(student.network, problem.at, problem.x, problem.y, given.claim, how=how, literal=literal)
    notes = [*report.notes, *_read_as(answer.convention)]
    if given.claim.own_samples:
        notes.append(wording.OWN_SAMPLES_NOTE)
    notes += given.remarks
    if answer.output is not None and not _is_output(answer.output, problem, answer.convention):
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


def drawn(network: Network, batch: int, seed: int) -> Problem:
    """Where a file is checked: every number is one that single precision holds, so that no digit is lost by code that
    turns what it is given into float32."""
    random = np.random.default_rng(seed)
    at = initialise(network, "xavier", random)
    biases = tuple(b + 0.1 * random.standard_normal(b.shape) for b in at.biases)
    x = random.standard_normal((network.widths[0], batch))

    def rounded(array: Array) -> Array:
        return array.astype(np.float32).astype(np.float64)

    at = Parameters(tuple(map(rounded, at.weights)), tuple(map(rounded, biases)))
    return Problem(network, at, rounded(x), rounded(targets(network, batch, random)))


def _read_as(convention: Convention) -> list[str]:
    """How the arrays were read, where that is not said by the formulas."""
    notes = [wording.ROWS_NOTE] if convention.rows else []
    if convention.turned != convention.rows:
        notes.append(wording.WEIGHTS_NOTE[convention.turned])
    if convention.flat:
        notes.append(wording.FLAT_NOTE)
    return notes


def _is_output(seen: Array, problem: Problem, convention: Convention) -> bool:
    """Whether what the file's forward pass returned is a^L."""
    wanted = forward(problem.network, problem.at, problem.x).a[-1]
    seen = seen.T if convention.rows else seen
    if seen.shape != wanted.shape or seen.dtype.kind not in "fiub":
        return False
    close = max(precision_of([seen]).relative, 1e-6)
    return bool(np.allclose(seen.astype(np.float64), wanted, rtol=close, atol=1e-3 * close))
