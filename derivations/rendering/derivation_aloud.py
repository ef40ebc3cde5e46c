"""A derivation as plain sentences: no signs beyond the keyboard's, no columns; it reads well aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.rendering import derivation_words as words
from derivations.rendering.derivation_text import sentence, wrapped
from derivations.rendering.text import Line
from derivations.theorem import Derivation, Form
from derivations.writing import Notation, Spelling, write


def aloud_lines(
    derivation: Derivation,
    width: int = 80,
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
    findings: Sequence[str] = (),
) -> Iterator[Line]:
    """Every step on lines of its own: the equation, then the rule and the reason."""

    def formula(lhs: object, rhs: object) -> str:
        return f"{write(lhs, Spelling.PLAIN, notation)} = {write(rhs, Spelling.PLAIN, notation)}"  # type: ignore[arg-type]

    def paragraph(text: str, indent: str = "") -> Iterator[Line]:
        for line in wrapped(text, width - len(indent)):
            yield [(indent + line, "")]

    statement = derivation.statement
    yield [(f"{derivation.name}: {formula(statement.lhs, statement.rhs)}", "")]
    yield from paragraph(f"{words.HOLDS_FOR} {derivation.where}.")
    if derivation.given:
        yield from paragraph(f"{words.GIVEN.capitalize()}: {derivation.given}.")
    yield from paragraph(sentence(derivation, derivation.words, notation, Spelling.PLAIN))
    count = 0
    for proof in (proof for proof in derivation.proofs if proof.form in forms):
        yield []
        title = words.INDEX_PROOF if proof.form == "index" else words.MATRIX_PROOF
        yield [(f"{title}{': ' + proof.title if proof.title else ''}.", "")]
        for number, step in enumerate(proof.steps, 1):
            count += 1
            yield [(f"{number}. {formula(step.theorem.lhs, step.theorem.rhs)}", "")]
            why = sentence(derivation, step.why, notation, Spelling.PLAIN)
            yield from paragraph(f"{step.rule_name}: {why}.", "   ")
    yield []
    proved = words.ONE_STEP if count == 1 else words.STEPS.format(count=count)
    yield from paragraph("; ".join([proved, *findings]) + ".")
