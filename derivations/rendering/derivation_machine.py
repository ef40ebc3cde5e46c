"""Derivations as the stable values of ``derive --format json``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from derivations.equations.explicit import Explicit
from derivations.rendering.derivation_matrices import explicit_report
from derivations.rendering.derivation_text import sentence
from derivations.theorem import Derivation, Form, Step
from derivations.writing import Notation, write


def report(
    derivations: Sequence[tuple[Derivation, Sequence[Explicit]]],
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
) -> dict[str, Any]:
    """What ``derive --format json`` prints."""
    return {"derivations": [_derivation(derivation, forms, notation, entries) for derivation, entries in derivations]}


def _derivation(
    derivation: Derivation, forms: Sequence[Form], notation: Notation, entries: Sequence[Explicit]
) -> dict[str, Any]:
    statement = derivation.statement
    setting = statement.ground.context.setting

    def steps(form: Form) -> list[dict[str, Any]]:
        chains = [proof for proof in derivation.proofs if proof.form == form and form in forms]
        return [_step(derivation, step, proof.title, notation) for proof in chains for step in proof.steps]

    return {
        "equation": derivation.name,
        "title": sentence(derivation, derivation.title, notation),
        "statement": f"{write(statement.lhs, notation=notation)} = {write(statement.rhs, notation=notation)}",
        "where": derivation.where,
        "layout": setting.layout,
        "given": derivation.given,
        "assumptions": list(derivation.assumptions),
        "index": steps("index"),
        "matrix": steps("matrix"),
        "layers": explicit_report(entries, notation),
        "words": sentence(derivation, derivation.words, notation),
    }


def _step(derivation: Derivation, step: Step, chain: str, notation: Notation) -> dict[str, Any]:
    return {
        "lhs": write(step.theorem.lhs, notation=notation),
        "rhs": write(step.theorem.rhs, notation=notation),
        "rule": step.rule_name,
        "reason": sentence(derivation, step.why, notation),
        "shape": step.theorem.shape,
        "chain": chain,
        "proved": True,
    }
