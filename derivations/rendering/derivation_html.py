"""Derivations as one self-contained page with MathML: no network, no script. In a notebook, a section of it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from derivations.equations.explicit import Explicit
from derivations.equations.texts import parts
from derivations.formula import Claim
from derivations.rendering import derivation_words as words
from derivations.rendering.derivation_text import proof_title
from derivations.rendering.mathml import content, math
from derivations.theorem import Derivation, Form, Proof
from derivations.writing import Notation

_STYLE = """
.backproof { max-width: 62rem; margin: auto; font-family: system-ui, sans-serif; line-height: 1.5 }
.backproof table { border-collapse: collapse; width: 100% }
.backproof td { padding: .45rem .6rem; border-top: 1px solid #8884; vertical-align: middle }
.backproof td.number { width: 2rem; opacity: .6 }
.backproof .rule { font-style: italic }
.backproof .where, .backproof .good { opacity: .75 }
"""


def page(
    derivations: Sequence[tuple[Derivation, Sequence[Explicit]]],
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
) -> str:
    """A whole HTML file."""
    body = "\n".join(section(derivation, forms, notation, entries) for derivation, entries in derivations)
    names = ", ".join(derivation.name for derivation, _ in derivations)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(names)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n'
        f'<body class="backproof">\n{body}\n</body></html>\n'
    )


def section(
    derivation: Derivation,
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
    entries: Sequence[Explicit] = (),
) -> str:
    """One derivation, as a section of a page."""
    statement = derivation.statement
    title = f"{escape(derivation.name)}: {_prose(derivation, derivation.title, notation)}"
    shown = [proof for proof in derivation.proofs if proof.form in forms]
    tables = "\n".join(
        f"<h3>{escape(proof_title(proof))}</h3>\n{_table(derivation, proof, notation)}" for proof in shown
    )
    given = f'<p class="where">{words.GIVEN.capitalize()}: <code>{escape(derivation.given)}</code></p>\n'
    count = sum(len(proof.steps) for proof in shown)
    return (
        f"<section><h2>{title}</h2>\n{math(statement.lhs, statement.rhs, notation=notation, display=True)}\n"
        f'<p class="where">{escape(derivation.where)}</p><p>{_prose(derivation, derivation.words, notation)}</p>\n'
        f"{given if derivation.given else ''}"
        f"{tables}\n{''.join(_matrices(one, notation) for one in entries)}"
        f'<p class="good">✓ {words.STEPS.format(count=count)}</p></section>'
    )


def _matrices(one: Explicit, notation: Notation) -> str:
    """The equation of one layer, its right side with all entries."""
    cells = "".join(
        f"<mtr>{''.join(f'<mtd>{content(entry, notation)}</mtd>' for entry in row)}</mtr>" for row in one.rhs
    )
    left = content(one.theorem.lhs, notation)
    return f"<p><math><mrow>{left}<mo>=</mo><mo>[</mo><mtable>{cells}</mtable><mo>]</mo></mrow></math></p>\n"


def notebook(derivation: Derivation) -> str:
    """One derivation for a notebook's cell."""
    return f'<div class="backproof"><style>{_STYLE}</style>{section(derivation)}</div>'


def _table(derivation: Derivation, proof: Proof, notation: Notation) -> str:
    rows = (
        f'<tr><td class="number">{number}</td>'
        f"<td>{math(step.theorem.lhs, step.theorem.rhs, notation=notation)}</td>"
        f'<td><span class="rule">{escape(step.rule_name)}</span>: {_prose(derivation, step.why, notation)}</td></tr>'
        for number, step in enumerate(proof.steps, 1)
    )
    return "<table>\n" + "\n".join(rows) + "\n</table>"


def _prose(derivation: Derivation, text: str, notation: Notation) -> str:
    """A sentence with its formulas as MathML."""
    written: list[str] = []
    for part in parts(text, derivation.statement.ground.context.setting.vocabulary):
        if isinstance(part, str):
            written.append(escape(part))
        elif isinstance(part, Claim):
            written.append(math(*part.sides, notation=notation))
        else:
            written.append(math(part, notation=notation))
    return "".join(written)
