"""Formulas inside a sentence, ``$W^l$`` or ``$n_l \\times n_{l-1}$``: read, then written in any spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from chapters.lessons.restoring import as_typed, write_latex
from derivations.formula import Formula, Symbol, Unreadable
from derivations.reading import read_formula
from derivations.setting import Network, Setting
from derivations.shapes import Misfit
from derivations.values import value
from derivations.writing import Notation, Spelling, write

_BRACKETS = re.compile(r"\^\s*(?:\{\s*)?\[")
_FUNCTION = re.compile(
    r"(?:\\(?:mathrm|text|operatorname)\s*\{\s*|\\)?"
    r"(?P<name>sigma|σ|[fgh]|log2?|exp|sqrt|max|tanh|sech|sigmoid|relu|ReLU|elu|softplus|softmax|step|sign|abs|diag|det|tr)"
    r"\s*\}?(?P<primes>['′’]*|\^\{?\\prime\}?)"
)
_TIMES = re.compile(r"\s*(?:\\times(?![A-Za-z])|×)\s*")
_CHANGE = re.compile(r"(?:\\Delta(?![A-Za-z])|Δ)\s*(?=[a-zA-Z\\])")
_FORBIDDEN = re.compile(r"=|∈|→|\\in(?![A-Za-z])|\\to(?![A-Za-z])|\\coloneqq|:=")

Piece: TypeAlias = Formula | str


@value
class Phrase:
    """Formulas and the signs between them (``×``, ``Δ``, ``σ``, ``′``), as they stand one after the other."""

    pieces: tuple[Piece, ...]
    notation: Notation


def claims_something(text: str) -> bool:
    """Whether it says that something is so: that belongs in a display, where it is checked."""
    return bool(_FORBIDDEN.search(text))


def read_phrase(text: str, settings: Sequence[Setting]) -> Phrase | None:
    """What a formula inside a sentence says in the first setting that knows its names; None if it cannot be read."""
    notation: Notation = "bracket" if _BRACKETS.search(text) else "superscript"
    text = text.strip()
    if found := _FUNCTION.fullmatch(text):
        name = "σ" if found["name"] == "sigma" else found["name"]
        primes = len(found["primes"]) if not found["primes"].startswith("^") else 1
        if len(name) > 1 or name == "σ" or primes:
            return Phrase((Symbol(name), *("′" * primes)), notation)
    pieces: list[Piece] = []
    for number, factor in enumerate(_TIMES.split(text)):
        if number:
            pieces.append(" × ")
        if change := _CHANGE.match(factor):
            pieces.append("Δ")
            factor = factor[change.end() :]
        formula = _read(factor, settings)
        if formula is None:
            return None
        pieces.append(formula)
    return Phrase(tuple(pieces), notation)


def _read(text: str, settings: Sequence[Setting]) -> Formula | None:
    for setting in settings:
        try:
            return as_typed(read_formula(text, setting.vocabulary), text)
        except (Unreadable, Misfit):
            continue
    return None


def in_unicode(phrase: Phrase) -> str:
    """``σ′(zˡ)``"""
    return "".join(
        piece if isinstance(piece, str) else write(piece, Spelling.UNICODE, phrase.notation) for piece in phrase.pieces
    )


_LATEX = {" × ": r" \times ", "Δ": r"\Delta ", "′": "'"}


def in_latex(phrase: Phrase) -> str:
    """``\\sigma'(z^{l})``"""
    return "".join(
        _LATEX[piece] if isinstance(piece, str) else write_latex(piece, phrase.notation) for piece in phrase.pieces
    )


def in_mathml(phrase: Phrase) -> str:
    """``<math>…</math>``"""
    from html import escape

    from derivations.rendering.mathml import content

    inner: list[str] = []
    for piece in phrase.pieces:
        if piece == "′":
            inner[-1] = f"<msup>{inner[-1]}<mo>′</mo></msup>"
        elif isinstance(piece, str):
            inner.append("<mo>×</mo>" if piece == " × " else "<mi>Δ</mi>")
        else:
            inner.append(content(piece, phrase.notation))
    return f'<math alttext="{escape(in_unicode(phrase))}"><mrow>{"".join(inner)}</mrow></math>'


def sentence_in_unicode(text: str) -> str:
    """A sentence of Markdown as plain text; its formulas are about the built-in network."""
    pieces = re.sub(r"[*`]", "", text).split("$")
    for number in range(1, len(pieces), 2):
        phrase = read_phrase(pieces[number], (Setting(network=Network()),))
        pieces[number] = pieces[number] if phrase is None else in_unicode(phrase)
    return "".join(pieces)
