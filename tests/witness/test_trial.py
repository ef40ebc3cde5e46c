"""What holds agrees, what does not hold differs; a fault planted in the evaluator is seen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from derivations.setting import Context
from derivations.witness import Agrees, Differs, Untestable, counterexample, trial
from derivations.witness import evaluate as evaluation
from derivations.witness.functions import STEPLIKE
from derivations.witness.numbers import Exact, Modular, Plain
from derivations.witness.perturbed import Dual, Perturbed

from .claims import FALSE, TRUE, Case
from .spelling import E, call, context, d, f, network, norm, q, sheet, tried


def named(case: Case) -> str:
    return case[0]


@pytest.mark.parametrize("case", TRUE, ids=named)
@pytest.mark.parametrize("seed", [0, 1])
def test_what_holds_agrees(case: Case, seed: int) -> None:
    _, setting, left, right = case
    assert isinstance(tried(setting, left, right, seed), Agrees)


@pytest.mark.parametrize("case", TRUE, ids=named)
def test_what_holds_has_no_counterexample(case: Case) -> None:
    _, setting, left, right = case
    right = E.of(right)
    assert counterexample(left.node, right.node, context(setting, left, right)) is None


@pytest.mark.parametrize("case", FALSE, ids=named)
@pytest.mark.parametrize("seed", [0, 1])
def test_what_does_not_hold_differs(case: Case, seed: int) -> None:
    _, setting, left, right = case
    assert isinstance(tried(setting, left, right, seed), Differs)


def test_trials_use_different_widths_and_equal_ones() -> None:
    """A difference that shows only where m ≠ n is seen, and so is one that shows only for certain widths."""
    only_where_equal = tried(sheet("A m n"), q("m") @ q("n"), q("m") @ q("m"))
    assert isinstance(only_where_equal, Differs)
    assert len(set(dict(only_where_equal.widths).values())) == 2
    assert isinstance(tried(sheet("A m n"), (q("m") - 2) @ (q("n") - 3), 0), Differs)
    for width in (2, 3):
        assert isinstance(tried(sheet("x n"), call("sum", call("ones", q("n"), E.of(1))), width), Differs)


def test_a_reason_is_given_where_no_sample_does() -> None:
    zero = q("x") - q("x")
    outcome = tried(sheet("x n"), f("log", zero), zero)
    assert isinstance(outcome, Untestable)
    assert "logarithm" in outcome.reason
    singular = tried(sheet("A m n"), call("inv", q("A") @ q("A").T - q("A") @ q("A").T), q("A") @ q("A").T)
    assert isinstance(singular, Untestable)
    assert "inverse" in singular.reason


def test_layers_that_a_network_does_not_have_cannot_be_tried() -> None:
    outcome = tried(network(depth=2), q("δ", "l"), q("W", "l+4").T @ q("δ", "l+4"))
    assert isinstance(outcome, Untestable)


def test_a_perturbation_of_a_hidden_layer_reaches_a_derivative_by_an_earlier_one() -> None:
    """∂/∂z² of ∂J/∂z¹, where z² is defined through z¹: the two derivatives may be exchanged."""
    net = network()
    first = d(d(q("J"), q("z", 1)["j"]), q("z", 2)["k"])
    second = d(d(q("J"), q("z", 2)["k"]), q("z", 1)["j"])
    assert isinstance(tried(net, first, second), Agrees)
    assert isinstance(tried(net, first, 0), Differs)


def test_entries_by_number_need_their_widths() -> None:
    assert isinstance(tried(network(), d(q("J"), q("W", "l")["14"]), q("δ", "l")["1"] @ q("a", "l-1")["4"]), Agrees)
    assert isinstance(tried(sheet("x n"), q("x")["7"], q("x")["6"]), Differs)


def test_matrices_that_are_too_large_are_left_alone() -> None:
    setting = sheet("A 784 100", "x 100")
    outcome = tried(setting, d(norm(q("A") @ q("x")) ** 2, q("A")), 2 @ q("A") @ q("x") @ q("x").T)
    assert isinstance(outcome, Untestable)
    assert outcome.spent is not None


def test_what_is_nested_too_deeply_is_untestable() -> None:
    left = q("x")
    for _ in range(3000):
        left = f("exp", left)
    assert isinstance(tried(sheet("x n"), left, q("x")), Untestable)
    assert counterexample(left.node, q("x").node, context(sheet("x n"), q("x"))) is None


def test_long_sums_need_no_recursion() -> None:
    left = q("x")
    for _ in range(300):
        left = left + q("x")
    assert isinstance(tried(sheet("x n"), left, 301 @ q("x")), Agrees)


def test_deep_networks_stay_fast() -> None:
    import time

    setting = network(depth=8, activation="sigmoid", loss="mse")
    started = time.perf_counter()
    assert isinstance(tried(setting, d(q("J"), q("W", 1)), q("δ", 1) @ q("x").T), Agrees)
    assert time.perf_counter() - started < 1


# ---- planted faults ----


def _bench() -> bool:
    """Whether all that holds still agrees, and nothing else does. A fault may also end in an error."""
    try:
        return all(isinstance(tried(s, left, right), Agrees) for _, s, left, right in TRUE) and all(
            isinstance(tried(s, left, right), Differs) for _, s, left, right in FALSE
        )
    except (ValueError, IndexError, KeyError, TypeError, ZeroDivisionError):
        return False


def _first_term_only(self: Perturbed[Any], x: Dual[Any], y: Dual[Any], rule: Callable[[Any, Any], Any]) -> Dual[Any]:
    return Dual(rule(x.value, y.value), {seed: rule(t, y.value) for seed, t in x.tangents.items()})


def _without_chain_rule(self: Perturbed[Any], key: Any, order: int, x: Dual[Any]) -> Dual[Any]:
    return Dual(self.under.function(key, order, x.value), x.tangents)


def _plus_inverse(self: Perturbed[Any], x: Dual[Any]) -> Dual[Any]:
    inverse = self.under.inverse(x.value)
    return Dual(
        inverse, {s: self.under.product(self.under.product(inverse, t), inverse) for s, t in x.tangents.items()}
    )


def _diagonal_softmax(self: Perturbed[Any], x: Dual[Any], axis: Any) -> Dual[Any]:
    s = self.under.softmax(x.value, axis)
    return Dual(s, {seed: self.under.hadamard(s, t) for seed, t in x.tangents.items()})


def _untransposed_determinant(self: Perturbed[Any], x: Dual[Any]) -> Dual[Any]:
    value, inverse = self.under.determinant(x.value), self.under.inverse(x.value)
    axes = ("rows", "columns")
    rule = self.under.hadamard
    return Dual(
        value, {s: self.under.scale(value, self.under.total(rule(inverse, t), axes)) for s, t in x.tangents.items()}
    )


def _power_without_exponent(self: Perturbed[Any], x: Dual[Any], exponent: Fraction) -> Dual[Any]:
    slope = self.under.power(x.value, exponent - 1)
    return Dual(self.under.power(x.value, exponent), {s: self.under.hadamard(slope, t) for s, t in x.tangents.items()})


def _nothing_is_defined_through(self: evaluation.Definitions, key: Any) -> frozenset[Any]:
    return frozenset()


def _one_axis(self: Plain, x: Any, axes: Any) -> Any:
    return self.reduced([[sum(column) for column in zip(*x, strict=True)]]) if "rows" in axes else x


def _same(self: Plain, x: Any) -> Any:
    return x


def _same_for_each_order(self: Modular, key: Any, order: int, x: int) -> int:
    return (self.seed + 7 * x) % 1009


def _step_for_relu(self: Exact, key: Any, order: int, x: Any) -> Any:
    return int(x > 0) if key[0] in STEPLIKE else x**2


FAULTS: list[tuple[str, type, str, Any]] = [
    ("half the product rule", Perturbed, "_bilinear", _first_term_only),
    ("no chain rule", Perturbed, "function", _without_chain_rule),
    ("the sign of an inverse's derivative", Perturbed, "inverse", _plus_inverse),
    ("softmax by its diagonal", Perturbed, "softmax", _diagonal_softmax),
    ("the determinant's cofactors", Perturbed, "determinant", _untransposed_determinant),
    ("a power's exponent", Perturbed, "power", _power_without_exponent),
    ("definitions that hear of nothing", evaluation.Definitions, "ancestors", _nothing_is_defined_through),
    ("a sum along one axis", Plain, "total", _one_axis),
    ("a transpose that is none", Plain, "turned", _same),
    ("σ′ for σ", Modular, "applied", _same_for_each_order),
    ("relu′ for relu", Exact, "applied", _step_for_relu),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "method", "fault"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_planted_fault_is_seen(monkeypatch: pytest.MonkeyPatch, owner: type, method: str, fault: Any) -> None:
    monkeypatch.setattr(owner, method, fault)
    assert not _bench()


def test_a_claim_that_does_not_fit_is_untestable() -> None:
    left, right = q("x"), q("x").T
    assert isinstance(trial(left.node, right.node, Context.of(sheet("x n"), [left.node])), Untestable)
