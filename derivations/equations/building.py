"""An equation as data → a derivation: every text read, every step proved."""

from __future__ import annotations

from derivations.equations.plan import Chain, Cited, Equation
from derivations.equations.texts import read_claim, read_formula
from derivations.formula import Formula, Vocabulary
from derivations.rules import Known, Rearrange, Rule
from derivations.setting import Setting
from derivations.theorem import Derivation, Form, Ground, Proof, Theorem, by, chain


def build(equation: Equation, setting: Setting) -> Derivation:
    """The derivation of an equation in a setting. Raises Refused if a step is wrong."""
    vocabulary = setting.vocabulary
    proofs = [_proof(form, each, equation, setting, vocabulary) for form in FORMS for each in getattr(equation, form)]
    lhs, rhs = read_claim(equation.statement, vocabulary).sides
    return Derivation(
        name=equation.name,
        title=equation.title,
        statement=_statement(lhs, rhs, proofs, setting),
        where=_where(equation.where, proofs),
        words=equation.words,
        given=equation.given,
        proofs=tuple(proofs),
    )


FORMS: tuple[Form, ...] = ("index", "matrix")


def _proof(form: Form, plan: Chain, equation: Equation, setting: Setting, vocabulary: Vocabulary) -> Proof:
    start = read_formula(plan.start, vocabulary)
    links = [(read_formula(line.to, vocabulary), _rule(line.rule, vocabulary), line.why) for line in plan.lines]
    ground = Ground(setting, [start, *(to for to, _, _ in links)], equation.waived)
    return chain(form, plan.title, ground, start, links)


def _rule(rule: Rule | Cited, vocabulary: Vocabulary) -> Rule:
    if not isinstance(rule, Cited):
        return rule
    left, right = read_claim(rule.claim, vocabulary).sides
    return Known(rule.equation, left, right)


def _statement(lhs: Formula, rhs: Formula, proofs: list[Proof], setting: Setting) -> Theorem:
    """The statement: what the last matrix proof concludes, or a theorem of its own."""
    for proof in reversed(proofs):
        if (proof.conclusion.lhs, proof.conclusion.rhs) == (lhs, rhs):
            return proof.conclusion
    return by(Rearrange(), lhs, rhs, Ground(setting, (lhs, rhs)))


def _where(layers: str, proofs: list[Proof]) -> str:
    """For what an equation holds, as a phrase."""
    relied_on = {assumption for proof in proofs for assumption in proof.conclusion.assumptions}
    unknown = [name for name in ("σ", "J") if any(text.startswith(f"{name} is any ") for text in relied_on)]
    return ", ".join([layers, "any widths", *(f"any {name}" for name in unknown)])
