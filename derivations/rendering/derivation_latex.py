"""A derivation as LaTeX, as a part of a document or a whole one that ``pdflatex`` compiles; and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derivations.equations.explicit import Explicit
from derivations.equations.texts import parts
from derivations.formula import Claim, Formula
from derivations.reading.names import GREEK, SUBSCRIPTS, SUPERSCRIPTS
from derivations.rendering import derivation_words as words
from derivations.rendering.derivation_matrices import latex_matrices
from derivations.rendering.derivation_text import proof_title
from derivations.theorem import Derivation, Form, Proof
from derivations.writing import Notation, Spelling, write, write_claim, write_terms

WIDE, FULL = 52, 80
"""Characters of a line beside which its reason finds no room, and of one that takes up the page."""

_PREAMBLE = r"""\documentclass[a4paper,10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage{amsmath,amssymb}
\usepackage[margin=2cm]{geometry}
\allowdisplaybreaks
\usepackage{graphicx}
\setlength{\parindent}{0pt}
\newsavebox{\formula}
\newcommand{\fit}[1]{\sbox{\formula}{$\displaystyle #1$}% made smaller if it is wider than the page
  \ifdim\wd\formula>0.85\linewidth\resizebox{0.85\linewidth}{!}{\usebox{\formula}}\else\usebox{\formula}\fi}
\begin{document}
"""
_END = "\\end{document}\n"
_SIGNS = {
    "σ": r"$\sigma$", "δ": r"$\delta$", "Σ": r"$\Sigma$", "λ": r"$\lambda$", "ε": r"$\varepsilon$", "μ": r"$\mu$",
    "⊙": r"$\odot$", "⊘": r"$\oslash$", "∂": r"$\partial$", "∇": r"$\nabla$", "×": r"$\times$", "−": "$-$",
    "′": "$'$", "½": r"$\frac12$", "²": "$^2$", "ᵀ": r"$^\top$", "≤": r"$\le$", "<": "$<$", ">": "$>$", "·": r"$\cdot$",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "\\": r"\textbackslash{}", "…": r"\dots{}", "→": r"$\to$", "√": r"$\surd$", "³": "$^3$",
}  # fmt: skip

_ACCENTED = {"‖": r"$\|$", "ℝ": r"$\mathbb{R}$", "∈": r"$\in$", "∘": r"$\circ$", "ŷ": r"$\hat{y}$", "’": "'"}


def document(
    derivations: Sequence[tuple[Derivation, Sequence[Explicit]]],
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
) -> str:
    """A whole LaTeX document."""
    return (
        _PREAMBLE + "\n".join(latex(derivation, forms, notation, entries) for derivation, entries in derivations) + _END
    )


def latex(
    derivation: Derivation,
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
    entries: Sequence[Explicit] = (),
) -> str:
    """A section: the equation, and its proofs step by step."""
    lines = [
        rf"\section*{{{_escaped(derivation.name)}: {_prose(derivation, derivation.title, notation)}}}",
        rf"\[ \fit{{{_equation(derivation.statement.lhs, derivation.statement.rhs, notation)}}} \]",
        rf"\emph{{{_escaped(derivation.where)}.}} {_prose(derivation, derivation.words, notation)}",
        *([rf"\par {words.GIVEN.capitalize()}: {_escaped(derivation.given)}"] if derivation.given else []),
    ]
    for proof in _shown(derivation, forms):
        lines += [rf"\paragraph{{{_escaped(proof_title(proof))}}}", *_aligned(derivation, proof, notation)]
    return "\n".join([*lines, *(rf"\[ {each} \]" for each in latex_matrices(entries, notation))]) + "\n"


def _shown(derivation: Derivation, forms: Sequence[Form]) -> list[Proof]:
    return [proof for proof in derivation.proofs if proof.form in forms]


def _aligned(derivation: Derivation, proof: Proof, notation: Notation) -> Iterator[str]:
    """Reasons stand beside the formulas, or all of them below, where one formula takes up the line."""
    widest = max(len(write(step.theorem.rhs, notation=notation)) for step in proof.steps)
    below = len(write(proof.steps[0].theorem.lhs, notation=notation)) + widest > WIDE
    yield r"\begin{align*}"
    for number, step in enumerate(proof.steps):
        left = write(step.theorem.lhs, Spelling.LATEX, notation) if number == 0 else ""
        why = f"\\emph{{{_escaped(step.rule_name)}}}: {_prose(derivation, step.why, notation)}"
        end = r" \\" if number + 1 < len(proof.steps) else ""
        if below:
            lines = _lines(step.theorem.rhs, notation)
            yield rf"{left} &= \fit{{{lines[0]}}} \\"
            yield from (rf" &\quad \fit{{{line}}} \\" for line in lines[1:])
            yield rf" &\quad \parbox[t]{{0.85\linewidth}}{{\raggedright\small {why}}}{end}"
        else:
            right = write(step.theorem.rhs, Spelling.LATEX, notation)
            yield rf"{left} &= {right} && \parbox[t]{{0.42\linewidth}}{{\raggedright\small {why}}}{end}"
    yield r"\end{align*}"


def _lines(formula: Formula, notation: Notation) -> list[str]:
    """A formula on lines that fit the page, broken in front of its loosest operators."""
    lines: list[str] = []
    room = 0
    told, shown = (write_terms(formula, spelling, notation) for spelling in (Spelling.LATEX, Spelling.UNICODE))
    for (sign, term), (_, seen) in zip(told, shown, strict=True):
        size = len(seen) + 3
        if lines and size <= room:
            lines[-1] += f" {sign} {term}"
            room -= size
        else:
            lines.append(f"{{}} {sign} {term}" if sign else term)
            room = FULL - size
    return lines


def _equation(lhs: Formula, rhs: Formula, notation: Notation) -> str:
    return f"{write(lhs, Spelling.LATEX, notation)} = {write(rhs, Spelling.LATEX, notation)}"


def _prose(derivation: Derivation, text: str, notation: Notation, escape: bool = True) -> str:
    """A sentence with its formulas in ``$``; for Markdown without escapes."""
    written: list[str] = []
    for part in parts(text, derivation.statement.ground.context.setting.vocabulary):
        if isinstance(part, str):
            written.append(_escaped(part) if escape else part)
        elif isinstance(part, Claim):
            written.append(f"${write_claim(part, Spelling.LATEX, notation)}$")
        else:
            written.append(f"${write(part, Spelling.LATEX, notation)}$")
    return "".join(written)


def _escaped(text: str) -> str:
    return "".join(_SIGNS.get(character) or _letter(character) for character in text)


def _letter(character: str) -> str:
    """A letter that a sheet may hold, as LaTeX prints it."""
    if character.isascii():
        return character
    greek = next((name for name, letter in GREEK.items() if letter == character), None)
    if greek is not None:
        return rf"$\{greek}$"
    for table, sign in ((SUPERSCRIPTS, "^"), (SUBSCRIPTS, "_")):
        if character in table:
            return f"${sign}{{{table[character]}}}$"
    return _ACCENTED.get(character, "?")


# ---- Markdown ----


def markdown(
    derivation: Derivation,
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
    entries: Sequence[Explicit] = (),
) -> str:
    """A Markdown section with LaTeX formulas."""
    statement = derivation.statement
    lines = [
        f"## {derivation.name}: {_prose(derivation, derivation.title, notation, escape=False)}",
        "",
        f"$${_equation(statement.lhs, statement.rhs, notation)}$$",
        "",
        f"*{derivation.where}.* {_prose(derivation, derivation.words, notation, escape=False)}",
        *(["", f"{words.GIVEN.capitalize()}: `{derivation.given}`"] if derivation.given else []),
    ]
    for proof in _shown(derivation, forms):
        title = proof_title(proof)
        lines += ["", f"### {title[:1].upper()}{title[1:]}", ""]
        for number, step in enumerate(proof.steps, 1):
            equation = _equation(step.theorem.lhs, step.theorem.rhs, notation)
            why = _prose(derivation, step.why, notation, escape=False)
            lines.append(f"{number}. ${equation}$  \n   *{step.rule_name}*: {why}")
    proved = words.STEPS.format(count=sum(len(proof.steps) for proof in _shown(derivation, forms)))
    matrices = [line for each in latex_matrices(entries, notation) for line in ("", f"$${each}$$")]
    return "\n".join([*lines, *matrices, "", f"✓ {proved}", ""])
