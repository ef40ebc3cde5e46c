"""SymPy takes every derivative of the index proofs that does not go through an unknown J, and the kernel agrees."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derivations.equations.confirming import Contradicted, differentiated, holds_on_numbers
from derivations.equations.texts import read_formula
from derivations.setting import Network, Setting
from derivations.shapes import Partial
from derivations.symbolic.differentiation import Differentiation, NotInIndexForm
from derivations.theorem import Ground
from tests.derive.cases import CASES, Case, derivation, label


@pytest.mark.parametrize("case", [case for case in CASES if not case[1].activation], ids=label)
def test_sympy_and_the_witness_agree(case: Case) -> None:
    name = case[0]
    assert differentiated(derivation(case)) >= (0 if name in ("BP1-diag", "BP2-diag", "unrolled", "induction") else 1)
    assert holds_on_numbers(derivation(case))


def partial(text: str, network: Network) -> tuple[Differentiation, Partial]:
    setting = Setting(network=network)
    formula = read_formula(text, setting.vocabulary)
    ground = Ground(setting, (formula,))
    settled = ground.settled(formula)
    assert isinstance(settled, Partial)
    return Differentiation(ground.translation), settled


def test_an_index_that_occurs_already_is_not_captured() -> None:
    """∂(Σ_k z_k²)/∂z_k, with the bound letter free as well."""
    for text in ("∂(Σ_k z^l_k^2)/∂z^l_k", "∂(σ(z^l_k) Σ_k z^l_k)/∂z^l_k"):
        differentiation, node = partial(text, Network())
        assert differentiation.agrees(node)


@pytest.mark.parametrize(
    "text",
    [
        "∂(Σ_k Σ_j w^l_{kj} a^{l-1}_j Σ_i w^l_{ki} a^{l-1}_i)/∂a^{l-1}_q",
        "∂((Σ_k z^l_k) σ(Σ_k z^l_k) (Σ_k z^l_k^2))/∂z^l_j",
        "∂(Σ_k σ(z^l_k Σ_j z^l_j^2))/∂z^l_k",
        "∂(‖W^l a^{l-1}‖² Σ_k b^l_k σ(b^l_k))/∂b^l_j",
    ],
)
def test_sums_inside_and_beside_each_other_keep_their_indices(text: str) -> None:
    differentiation, node = partial(text, Network())
    assert differentiation.agrees(node)
    assert differentiation.agrees(node)  # what was found before serves again


def test_a_derivative_that_sympy_cannot_take_leaves_no_letter_behind() -> None:
    setting = Setting(network=Network())
    texts = ("∂(Σ_k z^l_k · ∂J/∂z^l_k)/∂z^l_j", "∂(z^l_k z^l_j)/∂z^l_j")
    formulas = [read_formula(text, setting.vocabulary) for text in texts]
    ground = Ground(setting, formulas)
    differentiation = Differentiation(ground.translation)
    first, second = (ground.settled(formula) for formula in formulas)
    assert isinstance(first, Partial)
    assert isinstance(second, Partial)
    with pytest.raises(NotInIndexForm):
        differentiation.agrees(first)
    assert differentiation.agrees(second)


def test_a_wrong_derivative_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    differentiation, node = partial("∂(σ(z^l_k) z^l_j)/∂z^l_j", Network())
    assert differentiation.agrees(node)
    right = Differentiation.derivative
    monkeypatch.setattr(Differentiation, "derivative", lambda *given: 2 * right(*given))
    assert not differentiation.agrees(node)
    with pytest.raises(Contradicted):
        differentiated(derivation(("BP2", Network(), "denominator")))


def test_an_unknown_loss_is_left_to_the_kernel() -> None:
    differentiation, node = partial("∂J/∂z^l_j", Network())
    with pytest.raises(NotInIndexForm):
        differentiation.agrees(node)


def test_symbolic_is_the_only_importer_of_sympy() -> None:
    house = Path(__file__).parents[2]
    importers = {
        file.relative_to(house).parts[:2]
        for room in ("derivations", "numeric", "chapters")
        for file in (house / room).rglob("*.py")
        if re.search(r"^\s*(import|from) sympy\b", file.read_text(encoding="utf-8"), re.M)
    }
    assert importers == {("derivations", "symbolic")}
