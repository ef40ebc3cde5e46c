"""The assertions for a teacher's own tests: what passes, what fails, and what is said then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from chapters.testing import assert_formula, assert_gradient, assert_gradients
from derivations import Network

pytest_plugins = ["pytester"]
Lists = list[Any]


def right(weights: Lists, biases: Lists, x: Any, y: Any) -> tuple[Lists, Lists]:
    """Backpropagation of ½‖a − y‖², the mean over the batch, for sigmoid layers."""
    activations = [x]
    for W, b in zip(weights, biases, strict=True):
        activations.append(1 / (1 + np.exp(-(W @ activations[-1] + b))))
    m = x.shape[1]
    delta = (activations[-1] - y) * activations[-1] * (1 - activations[-1]) / m
    dW, db = [], []
    for layer in reversed(range(len(weights))):
        dW.insert(0, delta @ activations[layer].T)
        db.insert(0, delta.sum(axis=1, keepdims=True))
        delta = weights[layer].T @ delta * activations[layer] * (1 - activations[layer])
    return dW, db


def test_formulas_that_hold_pass() -> None:
    assert_formula("∂J/∂b^l = δ^l; δ^L = ∇_{a^L} J ⊙ σ'(z^L)")
    assert_formula("δ^L = a^L - y", network=Network(loss="bce"))
    assert_formula("∂(x^T x)/∂x = 2 x", given="x : n")
    assert_formula("δ^L = a^L - y", network=Network(loss="mse"), expect="refuted")
    assert_formula("δ^l = W^{l+1} δ^{l+1}", expect="refuted")  # it does not even fit


def test_a_formula_that_fails_says_what_the_command_says() -> None:
    with pytest.raises(AssertionError, match=r"(?s)expected proved:.*refuted.*did you mean") as failure:
        assert_formula("∂J/∂b^l = δ^l; δ^L = a^L - y", network=Network(loss="mse"))
    assert "∂J/∂b" not in str(failure.value)  # only what is wrong is told


@pytest.mark.parametrize("text", ["", "W^l", "∂J/∂b^l ="])
def test_what_is_no_claim_does_not_pass(text: str) -> None:
    with pytest.raises(AssertionError):
        assert_formula(text)


def test_a_misspelt_expectation_is_misuse() -> None:
    with pytest.raises(ValueError, match="no verdict"):
        assert_formula("∂J/∂b^l = δ^l", expect="true")


def test_gradients_that_are_right_pass_in_every_form() -> None:
    assert_gradients(right)
    assert_gradients(right, layers=(2, 3), batch=1, seed=5)

    def named(*given: Any) -> dict[str, Any]:
        dW, db = right(*given)
        return {f"dW{k}": W for k, W in enumerate(dW, 1)} | {f"db{k}": b for k, b in enumerate(db, 1)}

    assert_gradients(named)


def test_a_slip_is_named() -> None:
    def per_sample_sum(weights: Lists, biases: Lists, x: Any, y: Any) -> tuple[Lists, Lists]:
        dW, db = right(weights, biases, x, y)
        return [x.shape[1] * W for W in dW], [x.shape[1] * b for b in db]

    with pytest.raises(AssertionError, match="1/m"):
        assert_gradients(per_sample_sum)


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        (lambda dW, db: None, "return"),
        (lambda dW, db: (dW[:-1], db), "dW must be a list with 3 arrays"),
        (lambda dW, db: {"dW1": dW[0]}, "has no dW2, dW3, db1"),
        (lambda dW, db: (dW, [b.ravel() for b in db]), "shape"),
        (lambda dW, db: (dW, [np.full_like(b, np.nan) for b in db]), "2 of 2 NaN or infinite"),
    ],
)
def test_what_is_no_set_of_gradients_fails(returned: Any, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        assert_gradients(lambda *given: returned(*right(*given)))


def test_overwriting_what_was_given_fails() -> None:
    def overwriting(weights: Lists, biases: Lists, x: Any, y: Any) -> tuple[Lists, Lists]:
        found = right(weights, biases, x, y)
        x *= 2
        return found

    with pytest.raises(AssertionError, match="overwritten"):
        assert_gradients(overwriting)


def test_a_students_file_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "student.py"
    file.write_text(
        "import numpy as np\nLAYERS = [2, 3]\ndef backprop(weights, biases, x, y):\n"
        "    (W,), (b,) = weights, biases\n    a = 1 / (1 + np.exp(-(W @ x + b)))\n"
        "    delta = (a - y) * a * (1 - a) / x.shape[1]\n"
        "    return [delta @ x.T], [delta.sum(axis=1, keepdims=True)]\n"
    )
    assert_gradients(file)
    file.write_text(file.read_text().replace(" * a * (1 - a)", ""))
    with pytest.raises(AssertionError, match="σ"):
        assert_gradients(str(file))
    with pytest.raises(AssertionError, match=r"absent\.py"):
        assert_gradients(tmp_path / "absent.py")


def test_a_students_file_reaches_nothing_of_the_teachers(tmp_path: Path) -> None:
    """The same walls as in grading; without them only if somebody says so."""
    file, secret = tmp_path / "student.py", tmp_path / "secret.txt"
    secret.write_text("treasure", encoding="utf-8")
    (tmp_path / "beside.py").write_text("mine = True\n", encoding="utf-8")
    for way in (
        f"open({str(secret)!r}).read()",
        f"open({str(secret)!r}, 'w')",
        "__import__('socket')",
        "import beside",
    ):
        file.write_text(
            "import numpy as np\nLAYERS = [2, 3]\ndef backprop(weights, biases, x, y):\n"
            f"    {way}\n"
            "    (W,), (b,) = weights, biases\n    a = 1 / (1 + np.exp(-(W @ x + b)))\n"
            "    delta = (a - y) * a * (1 - a) / x.shape[1]\n"
            "    return [delta @ x.T], [delta.sum(axis=1, keepdims=True)]\n"
        )
        with pytest.raises(AssertionError, match=r"PermissionError|ImportError|ModuleNotFoundError"):
            assert_gradients(file)
        assert secret.read_text(encoding="utf-8") == "treasure"
    assert_gradients(file, walled=False)  # its neighbour is found


def test_the_gradient_of_any_function() -> None:
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert_gradient(lambda v: float((v**3).sum()), x, 3 * x**2)
    with pytest.raises(AssertionError, match=r"1 of 4 entries.*\[1, 0\]"):
        assert_gradient(lambda v: float((v**3).sum()), x, 3 * x**2 + np.array([[0, 0], [1e-3, 0]]))
    with pytest.raises(AssertionError, match="shape"):
        assert_gradient(lambda v: float((v**3).sum()), x, 3 * x[0] ** 2)


def test_the_fixtures_are_there_for_whoever_has_backproof_installed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_right(assert_formula, assert_gradients, assert_gradient):
            assert_formula("∂J/∂b^l = δ^l")

        def test_wrong(assert_formula):
            assert_formula("∂J/∂b^l = z^l")
        """
    )
    result = pytester.runpytest("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*expected proved*"])


def test_the_networks_options_may_stand_by_themselves() -> None:
    assert_formula("δ^L = a^L - y", loss="bce")
    with pytest.raises(AssertionError, match="refuted"):
        assert_formula("δ^L = a^L - y", loss="mse")
