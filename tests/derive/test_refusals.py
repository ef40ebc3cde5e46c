"""A derivation with a wrong step cannot be built."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from derivations.equations.catalogue import derive
from derivations.equations.texts import read_formula
from derivations.equations.turning import mapped
from derivations.formula import (
    Apply,
    Binary,
    Derivative,
    Entry,
    Formula,
    Function,
    IndexSum,
    LossDerivative,
    Negation,
    Op,
    Symbol,
    Transpose,
)
from derivations.rules import Definition, Jacobian, Rearrange
from derivations.setting import Network, Setting
from derivations.theorem import Ground, Refused, Theorem, by, chain, refl, sym, trans
from derivations.values import replaced
from derivations.writing import write
from tests.derive.cases import CASES, Case, derivation, in_denominator_layout, long_unless


def mutations(formula: Formula) -> Iterator[Formula]:
    """The slips that people make, one at a time: a lost σ′, a lost transpose, a sign, a layer, an index, a factor."""
    yield Negation(formula)
    yield from _inside(formula)


def _inside(node: Formula) -> Iterator[Formula]:
    yield from _slips(node)
    places: list[Formula] = []

    def note(part: Formula) -> Formula:
        places.append(part)
        return part

    mapped(node, note)
    for place, part in enumerate(places):
        for changed in _inside(part):
            at = iter(range(len(places)))
            yield mapped(node, lambda old, at=at, place=place, changed=changed: changed if next(at) == place else old)


def _slips(node: Formula) -> Iterator[Formula]:
    match node:
        case Apply(Function(name, layer, order), argument):
            yield Apply(Function(name, layer, order + 1), argument)
            if order:
                yield Apply(Function(name, layer, order - 1), argument)
        case Transpose(of):
            yield of
        case Binary(Op.PRODUCT, left, right):
            yield left
            yield right
        case Binary(Op.HADAMARD, left, right):
            yield left
            yield Binary(Op.PRODUCT, left, right)
        case Binary(Op.MINUS, left, right):
            yield Binary(Op.PLUS, left, right)
        case Binary(Op.PLUS, left, right):
            yield Binary(Op.MINUS, left, right)
        case Symbol(_, layer) if layer is not None:
            yield replaced(node, layer=layer.shifted(1))
            yield replaced(node, layer=layer.shifted(-1))
        case Entry(of, (first, second)):
            yield Entry(of, (second, first))
        case Derivative(of, by):
            yield of
        case LossDerivative(by):
            yield Derivative(Symbol("J"), by)
        case IndexSum(_, body):
            yield body


@dataclass
class Tried:
    refused: int = 0
    survived: int = 0


@pytest.mark.parametrize("case", long_unless(in_denominator_layout, [c for c in CASES if not c[1].activation]))
def test_each_step_broken_in_several_ways_is_refused(case: Case) -> None:
    """A mutation that the kernel itself finds equal (b^l under ∂/∂z …) is no error and is passed over."""
    setting = derivation(case).statement.ground.context.setting
    for proof in derivation(case).proofs:
        for step in proof.steps:
            tried = Tried()
            for wrong in mutations(step.theorem.rhs):
                try:
                    ground = Ground(setting, (step.theorem.lhs, wrong))
                    still_true = ground.equal(step.theorem.lhs, wrong)
                except Exception:  # does not fit: the rule says so, below
                    still_true, ground = False, step.theorem.ground
                if still_true:
                    tried.survived += 1
                    continue
                with pytest.raises(Refused):
                    by(step.rule, step.theorem.lhs, wrong, ground)
                tried.refused += 1
            assert tried.refused >= 2, f"{write(step.theorem.rhs)}: {tried}"
            assert tried.refused >= tried.survived, f"{write(step.theorem.rhs)}: {tried}"


SETTING = Setting(network=Network())


def read(text: str) -> Formula:
    return read_formula(text, SETTING.vocabulary)


def ground(*texts: str) -> Ground:
    return Ground(SETTING, [read(text) for text in texts])


def test_a_true_step_is_refused_under_the_wrong_name() -> None:
    lhs, rhs = "δ^l", "(W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"
    here = ground(lhs, rhs)
    with pytest.raises(Refused, match="no “Jacobian”: what changes is not a Jacobian"):
        by(Jacobian(), read(lhs), read(rhs), here)
    with pytest.raises(Refused, match="a derivative appears or disappears"):
        by(Rearrange(), read("∂J/∂b^l"), read("δ^l"), ground("∂J/∂b^l", "δ^l"))
    with pytest.raises(Refused, match="definition of W"):
        by(Definition("W"), read("δ^l_j"), read("∂J/∂z^l_j"), ground("δ^l_j", "∂J/∂z^l_j"))


def test_a_chain_rule_needs_a_chain() -> None:
    from derivations.rules import ChainRule

    lhs, rhs = "∂J/∂b^l_j", "Σ_k ∂J/∂z^l_k · eye(n_l)_{kj}"
    with pytest.raises(Refused, match="do not form a chain"):
        by(ChainRule(), read(lhs), read(rhs), ground(lhs, rhs))


def test_a_step_that_changes_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="nothing changes"):
        by(Rearrange(), read("δ^l"), read("δ^l"), ground("δ^l"))


def test_a_theorem_has_no_other_maker() -> None:
    lhs, rhs = read("δ^l"), read("σ'(z^l)")
    with pytest.raises(TypeError, match="made by a rule"):
        Theorem(lhs, rhs, ground("δ^l", "σ'(z^l)"))
    true = refl(ground("δ^l"), lhs)
    with pytest.raises(AttributeError):
        true.rhs = rhs
    with pytest.raises(TypeError):
        pickle.dumps(true)
    with pytest.raises(TypeError):
        copy.copy(true)


def test_trans_needs_the_middle_and_one_ground() -> None:
    texts = "δ^l_j", "∂J/∂z^l_j", "δ^l_k"
    here = ground(*texts[:2])
    step = by(Definition("δ"), read(texts[0]), read(texts[1]), here)
    assert trans(step, sym(step)).rhs == step.lhs
    with pytest.raises(Refused, match="is not"):
        trans(step, step)
    with pytest.raises(Refused, match="different grounds"):
        trans(step, refl(ground(*texts[:2]), read(texts[1])))


def test_the_hypothesis_is_at_work() -> None:
    """Σ y = 1 is used in one step, which fails without it; under that name, a step that does without is refused."""
    found = derive("BP1", Network(loss="softmax-ce"))
    steps = [step for step in found.steps if step.rule_name == "hypothesis Σ y = 1"]
    assert len(steps) == 2
    for step in steps:
        bare = step.theorem.ground.bare
        assert not bare.equal(step.theorem.lhs, step.theorem.rhs)
        with pytest.raises(Refused, match="not proved"):
            by(Rearrange(), step.theorem.lhs, step.theorem.rhs, step.theorem.ground)
    others = [step for step in found.steps if step not in steps and step.theorem.ground.bare is not step.theorem.ground]
    with pytest.raises(Refused, match="holds without"):
        by(steps[0].rule, others[0].theorem.lhs, others[0].theorem.rhs, others[0].theorem.ground)


def test_a_wrong_chain_says_where() -> None:
    start, wrong = read("δ^l_j"), read("∂J/∂a^l_j")
    with pytest.raises(Refused, match="not proved"):
        chain("index", "", Ground(SETTING, (start, wrong)), start, [(wrong, Definition("δ"), "a slip")])
