"""A derivation as lines of styled text: the equation, then each step with its rule and its reason beside it.

Colour tells layers apart: a quantity of layer l, of the layer after it, of the one before. It repeats what the
superscripts say, so that nothing is lost without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from derivations.equations.texts import parts
from derivations.formula import Claim, Formula
from derivations.rendering import derivation_words as words
from derivations.rendering.text import Line, Piece, columns
from derivations.theorem import Derivation, Form, Proof, Step
from derivations.writing import Notation, Spelling, write, write_claim, write_lines

_RAISED = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᴷᴹᴺ⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_LAYERED = re.compile(rf"[WwbzaδZAn](?:\^\{{\[(?P<bracket>[^\]]*)\]ᵀ?\}}|(?P<raised>[{_RAISED}]+))[ₐ-ₜ₀-₉]*")
_LEAST_REASON = 26
_FIXED, _LONGEST_TOGETHER = "\N{NO-BREAK SPACE}", 20


def plain(derivation: Derivation, width: int = 80) -> str:
    """The derivation as text."""
    lines = derivation_lines(derivation, width)
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def derivation_lines(
    derivation: Derivation,
    width: int = 80,
    forms: Sequence[Form] = ("index", "matrix"),
    notation: Notation = "superscript",
    findings: Sequence[str] = (),
    before: Callable[[Step], None] | None = None,
) -> Iterator[Line]:
    """The lines of a derivation.

    ``findings`` are what else was found to agree, for the last line. ``before`` is called before each step is shown:
    the place to wait for a guess.
    """
    yield from heading(derivation, width, notation)
    shown = [proof for proof in derivation.proofs if proof.form in forms]
    for proof in shown:
        if len(shown) > 1:
            yield []
            yield [(f"  {proof_title(proof)}", "quiet")]
        start = write(proof.steps[0].theorem.lhs, notation=notation)
        room = formula_room(proof, start, width, notation)
        for number, step in enumerate(proof.steps):
            if before is not None:
                before(step)
            yield from step_lines(derivation, step, number, (start, room, width), notation)
    yield from closing(sum(len(proof.steps) for proof in shown), findings, width)


def heading(derivation: Derivation, width: int, notation: Notation) -> Iterator[Line]:
    """The name, the equation and for what it holds; what it says in words."""
    statement = Claim((derivation.statement.lhs, derivation.statement.rhs))
    margin = " " * (len(derivation.name) + 3)
    lines = write_lines(statement, width - len(margin), notation)
    where = derivation.where
    for place, line in enumerate(lines):
        start: list[Piece] = [(derivation.name, "good"), ("   ", "")] if place == 0 else [(margin, "")]
        rest = width - len(margin) - columns(line)
        if place == len(lines) - 1 and columns(where) + 3 <= rest:
            yield [*start, *coloured(line), (" " * (rest - columns(where)), ""), (where, "quiet")]
            where = ""
        else:
            yield [*start, *coloured(line)]
    for line in wrap(where, width - len(margin)):
        yield [(margin + line, "quiet")]
    if derivation.given:
        for line in wrap(f"{words.GIVEN}  {derivation.given}", width - len(margin)):
            yield [(margin + line, "quiet")]
    for line in wrapped(sentence(derivation, derivation.words, notation), width - len(margin)):
        yield [(margin, ""), *coloured(line)]


def proof_title(proof: Proof) -> str:
    """Which kind of proof it is, and of what if there are several."""
    form = words.INDEX if proof.form == "index" else words.MATRIX
    return f"{form}: {proof.title}" if proof.title else form


def step_lines(
    derivation: Derivation, step: Step, number: int, measures: tuple[str, int, int], notation: Notation
) -> Iterator[Line]:
    """One step: the formula on the left, the rule and the reason on the right; below it, if the formula is too wide.

    ``measures`` are what the proof starts with, the columns for its formulas, and those of the screen.
    """
    start, room, width = measures
    lead = min(columns(start), width // 5)
    margin, edge = 5 + lead, room + 2
    left = _formula(step.theorem.rhs, edge - 2 - margin, margin, notation)
    beside = max(columns(line) for line in left) <= edge - 2
    if not beside:
        left = _formula(step.theorem.rhs, width - margin, margin, notation)
    mark = f"{number + 1:2}  "
    if number == 0 and columns(start) > lead:
        left = [mark + start, *left]
    else:
        left[0] = mark + (start if number == 0 else "").ljust(margin - 4) + left[0][margin:]
    if not beside:
        yield from (coloured(line) for line in left)
        yield from (
            [(" " * (margin + 2), ""), *line] for line in _reason(derivation, step, width - margin - 2, notation)
        )
        return
    right = _reason(derivation, step, width - edge, notation)
    for formula, reason in zip_longest(left, right, fillvalue=None):
        shown = coloured(formula or "")
        if reason is None:
            yield shown
        else:
            yield [*shown, (" " * max(edge - columns(formula or ""), 1), ""), *reason]


def formula_room(proof: Proof, start: str, width: int, notation: Notation) -> int:
    """The columns for the formulas of a proof: what they need, and no more than leaves room for the reasons."""
    longest = max(columns(write(step.theorem.rhs, notation=notation)) for step in proof.steps)
    return min(7 + min(columns(start), width // 5) + longest, max(width - _LEAST_REASON - 2, width * 3 // 5))


def _formula(formula: Formula, room: int, margin: int, notation: Notation) -> list[str]:
    """``= formula`` on lines of at most ``room`` columns behind a margin."""
    lines = write_lines(formula, max(room - 2, 16), notation)
    return [" " * margin + ("= " if place == 0 else "  ") + line for place, line in enumerate(lines)]


def _reason(derivation: Derivation, step: Step, room: int, notation: Notation) -> list[list[Piece]]:
    """``rule: why``, wrapped; the rule stands out."""
    rule = step.rule_name
    text = f"{rule}: {sentence(derivation, step.why, notation)}"
    lines = wrapped(text, room)
    pieces: list[list[Piece]] = []
    left = len(rule) + 1
    for line in lines:
        named, rest = line[:left], line[left:]
        left = max(left - len(line) - 1, 0)
        pieces.append([(named, "rule"), *coloured(rest, "quiet")] if named else coloured(rest, "quiet"))
    return pieces


def sentence(derivation: Derivation, text: str, notation: Notation, spelling: Spelling = Spelling.UNICODE) -> str:
    """A sentence, with the formulas in it written out."""
    if "`" not in text:
        return text
    written: list[str] = []
    for part in parts(text, derivation.statement.ground.context.setting.vocabulary):
        if isinstance(part, str):
            written.append(part)
        elif isinstance(part, Claim):
            written.append(_together(write_claim(part, spelling, notation)))
        else:
            written.append(_together(write(part, spelling, notation)))
    return "".join(written)


def wrapped(text: str, room: int) -> list[str]:
    """The text on lines, its formulas in one piece where they fit."""
    lines = wrap(text, max(room, 16), break_long_words=False, break_on_hyphens=False)
    return [line.replace(_FIXED, " ") for line in lines]


def _together(formula: str) -> str:
    return formula.replace(" ", _FIXED) if len(formula) <= _LONGEST_TOGETHER else formula


def closing(count: int, findings: Sequence[str], width: int) -> Iterator[Line]:
    """✓ and what stands behind it."""
    proved = words.ONE_STEP if count == 1 else words.STEPS.format(count=count)
    for place, line in enumerate(wrap("; ".join([proved, *findings]), width - 2)):
        yield [("✓ " if place == 0 else "  ", "good"), (line, "good" if place == 0 else "")]


# ---- colours ----


def coloured(text: str, style: str = "") -> list[Piece]:
    """The text, with each quantity in the colour of its layer."""
    pieces: list[Piece] = []
    at = 0
    for found in _LAYERED.finditer(text):
        layer = found["bracket"] or found["raised"]
        pieces += [(text[at : found.start()], style), (found.group(), _layer_style(layer))]
        at = found.end()
    return [piece for piece in [*pieces, (text[at:], style)] if piece[0]]


def _layer_style(layer: str) -> str:
    if "+" in layer or "⁺" in layer:
        return "layer after"
    if "-" in layer or "⁻" in layer:
        return "layer before"
    digits = re.sub(r"\D", "", layer.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    return ("layer", "layer after", "layer before")[int(digits) % 3] if digits else "layer"
