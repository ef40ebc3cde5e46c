"""The checks as assertions, for a teacher's own test files; pytest knows them as fixtures of the same names.

    def test_formula(assert_formula):
        assert_formula("∂J/∂b^l = δ^l")

    def test_backprop(assert_gradients):
        assert_gradients(student.backprop, layers=(3, 4, 2), loss="mse")

Without pytest: ``from chapters.testing import assert_formula``. What fails says what the command would say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from derivations import Network as Setting
    from numeric import Claimed, Report

__all__ = ["assert_formula", "assert_gradient", "assert_gradients"]


def assert_formula(
    text: str,
    given: str = "",
    *,
    network: Setting | None = None,
    layout: str = "denominator",
    expect: str = "proved",
    **options: Any,
) -> None:
    """Assert that every claim of ``text`` (a formula, a chain or a sheet) gets the verdict ``expect``.

    :param given: declarations, as in ``W : m x n; x : n``. Without them the claim is about the built-in network.
    :param network: ``derivations.Network(loss="mse", batch="m", …)``; its options may also stand here: ``loss="mse"``.
    :param expect: proved, refuted, ill-shaped, unreadable or undecided; ill-shaped counts as refuted.
    :raises AssertionError: with the whole answer: the counterexample, what was meant, and why.
    """
    __tracebackhide__ = True
    from derivations import Network, check
    from derivations.verdicts import VERDICTS

    if options:
        network = Network(**options)
    if expect not in VERDICTS:
        raise ValueError(f"expect={expect!r} is no verdict: it is one of {', '.join(VERDICTS)}.")
    verdicts = check(text, network, given=given, layout=layout)
    if not verdicts:
        raise AssertionError(f"There is no claim in “{text}”: a claim is an equation, left = right.")
    wrong = [one for one in verdicts if one.verdict != expect and (one.verdict, expect) != ("ill-shaped", "refuted")]
    if wrong:
        raise AssertionError(f"expected {expect}:\n\n" + "\n\n".join(str(one) for one in wrong))


def assert_gradient(f: Callable[[Any], float], x: Any, gradient: Any) -> None:
    """Assert that ``gradient`` is ∂f/∂x (in the shape of x), by finite differences in every entry.

    :raises AssertionError: with the entry that is furthest off, and both numbers.
    """
    __tracebackhide__ = True
    from numeric import MisuseError, check_gradient

    try:
        found = check_gradient(f, x, gradient)
    except MisuseError as problem:
        raise AssertionError(str(problem)) from None
    if not found.ok:
        place = found.worst
        raise AssertionError(
            f"{int(found.wrong.sum())} of {found.wrong.size} entries of the gradient are off; the worst is "
            f"{list(place)}: {found.analytic[place]:.10g} where differences of f give {found.numeric[place]:.10g}."
        )


def assert_gradients(
    backprop: Callable[..., Any] | str | PathLike[str],
    *,
    layers: Sequence[int] = (3, 5, 4, 2),
    loss: str = "mse",
    activation: str = "sigmoid",
    output: str | None = None,
    batch: int = 6,
    seed: int = 0,
    walled: bool = True,
) -> None:
    """Assert that ``backprop(weights, biases, x, y)`` returns the gradients of the mean cost J of a batch.

    A function is called in this process, with all that you may do: give one that you trust. A path is a student's file
    as ``backproof gradcheck`` takes it; it says itself which network it is about, and runs in a process of its own,
    behind the walls of ``backproof lab grade``. (Keep your tests out of the students' folders: pytest itself imports
    whatever it finds there.)

    :param backprop: gets ``weights[l - 1]`` (n_l × n_{l-1}), ``biases[l - 1]`` (n_l × 1), x (n_0 × m) and y (n_L × m);
        returns (dW, db) or (dW, db, δ), each a list with one array a layer (a δ may be None, and is not checked then),
        or a dict with ``dW1``, ``db1``, …, ``dZ1``, … How closely they must agree is decided by their precision.
    :param layers: the widths n_0 … n_L.
    :param loss: ``mse``, ``bce``, ``softmax-ce``, …
    :param output: the last layer's activation; None for the loss's own.
    :param seed: of the parameters and the batch.
    :param walled: False for a file of your own that imports or reads more than NumPy and Python's library.
    :raises AssertionError: equation by equation, with the slip named where one is known.
    """
    __tracebackhide__ = True
    import numpy as np

    from numeric import MisuseError, Network, Parameters, gradcheck, initialise
    from numeric.problem import inputs, targets, usual_output

    if isinstance(backprop, str | PathLike):
        _assert_file(Path(backprop), walled)
        return
    network = Network(tuple(layers), hidden=activation, output=output or usual_output(loss, activation), cost=loss)
    random = np.random.default_rng(seed)
    drawn = initialise(network, "xavier", random)
    at = Parameters(drawn.weights, tuple(b + 0.1 * random.standard_normal(b.shape) for b in drawn.biases))
    x, y = inputs(network, batch, random), targets(network, batch, random)
    given = [W.copy() for W in at.weights], [b.copy() for b in at.biases], x.copy(), y.copy()
    claim = _claimed(backprop(*given), network.depth)
    try:
        report = gradcheck(network, at, x, y, claim)
    except MisuseError as problem:
        raise AssertionError(str(problem)) from None
    if not report.ok:
        raise AssertionError(_told(report))
    kept = zip((*at.weights, *at.biases, x, y), (*given[0], *given[1], *given[2:]), strict=True)
    if not all(np.array_equal(before, after) for before, after in kept):
        raise AssertionError("The gradients are right, but an array that was passed in has been overwritten.")


def _assert_file(path: Path, walled: bool) -> None:
    __tracebackhide__ = True
    from numeric import MisuseError
    from numeric.student.examining import check_file

    try:
        report = check_file(path, walled=walled)
    except MisuseError as problem:
        raise AssertionError(str(problem)) from None
    if not report.ok:
        raise AssertionError(_told(report))


def _told(report: Report) -> str:
    from numeric.terminal import lines

    told = lines(report, width=80, plain=False)
    return "the gradients are off:\n\n" + "\n".join(line.text for line in told)


def _claimed(returned: Any, depth: int) -> Claimed:
    """What was returned, as a claim about every layer."""
    import numpy as np

    from numeric import Claimed

    if isinstance(returned, Mapping):
        wanted = [[f"{kind}{layer}" for layer in range(1, depth + 1)] for kind in ("dW", "db")]
        missing = [name for names in wanted for name in names if name not in returned]
        if missing:
            raise AssertionError(f"the dict that was returned has no {', '.join(missing)}.")
        groups = [[returned[name] for name in names] for names in wanted]
        groups.append([returned.get(f"dZ{layer}", returned.get(f"delta{layer}")) for layer in range(1, depth + 1)])
    elif isinstance(returned, tuple | list) and len(returned) in (2, 3):
        groups = list(returned)
    else:
        raise AssertionError("return (dW, db), each a list with one array a layer, or a dict with dW1, db1, …")
    for name, group in zip(("dW", "db", "δ"), groups, strict=False):
        if not isinstance(group, tuple | list) or len(group) != depth:
            raise AssertionError(f"{name} must be a list with {depth} arrays, one for each layer.")
    weights, biases = (tuple(np.asarray(array) for array in group) for group in groups[:2])
    delta = tuple(None if array is None else np.asarray(array) for group in groups[2:] for array in group)
    return Claimed(weights, biases, delta or None)


@pytest.fixture(name="assert_formula")
def _formula() -> Callable[..., None]:
    """:func:`chapters.testing.assert_formula`."""
    return assert_formula


@pytest.fixture(name="assert_gradient")
def _gradient() -> Callable[..., None]:
    """:func:`chapters.testing.assert_gradient`."""
    return assert_gradient


@pytest.fixture(name="assert_gradients")
def _gradients() -> Callable[..., None]:
    """:func:`chapters.testing.assert_gradients`."""
    return assert_gradients
