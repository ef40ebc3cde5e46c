"""Laws: any text is answered; every place lies in the text; the corpora and the lecture notes are read."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derivations.formula import Claim, Unreadable, Vocabulary, walk
from derivations.reading import read_claim, read_formula, read_statement, split_statements
from derivations.setting import Setting
from tests.reading.building import NETWORK, SHEET

T = TypeVar("T")
SHARED = Path(__file__).resolve().parents[3] / "shared"
DATA = Path(__file__).parents[1] / "data"

PIECES = [
    *"WwbzaδJxyXYZAnmlLTdσgfCeI1290 .,;:'=+-*/@^_()[]{}|‖·⊙⊘∂∇Σᵀˡ⁺²ⱼ₁½√#&$\\\n×’−∈…≈",
    "^{", "_{", "}", "{", "^{[l]}", "^{l+1}", "_{jk}", "np.", "np.sum(", ".T", ".dot(", "axis=1", "keepdims=True",
        "dW",
    "dJ/dW", "∂J/∂W", r"\frac{", r"\frac", "}{", r"\partial ", r"\sum_", r"\left(", r"\right)", r"\sigma", r"\delta",
    r"\mathbf{", r"\hat{y}", r"\underbrace{", r"\begin{align}", r"\\", "||", ".*", "**", ":=", "sum", "log", "max(",
    "use network", "assume", "layout", ": m x n", "scalar", "[reason]", "Wx", "dZ2", "n_l", "1_n", "I_", "1/m ", "∇_",
]  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.text(max_size=25))


def answer(read: Callable[[str, Vocabulary], T], text: str, vocabulary: Vocabulary) -> T | Unreadable:
    try:
        return read(text, vocabulary)
    except Unreadable as problem:
        return problem


@settings(max_examples=400, deadline=None)
@given(texts)
@example(r"\frac{}{}")
@example("d(")
@example(r"\frac½")
@example(r"\frac1e-5x")
@example(r"\frac1.5x")
@example("{}{}")
@example("{'}(")
@example("^{}")
@example(r"\mathbf{")
@example("∂/∂")
@example("_{_}")
@example("W^{[")
@example("np.np.")
@example("ones((")
@example("x.sum(")
@example("1_")
@example(r"\underbrace{x}_{")
@example("𝟙_{}")
@example("|x‖")
@example("e^")
@example("x^{l}{}")
@example("g[l]")
@example("n_{}")
@example("\\")
@example("f(x=")
@example("sum(axis")
@example("assume \u0130 symmetric")
def test_any_text_is_answered(text: str) -> None:
    """A formula with its places in the text, or an Unreadable with its place there: nothing else."""
    for vocabulary in (NETWORK, SHEET):
        for read in (read_formula, read_claim, read_statement):
            found = answer(read, text, vocabulary)
            if isinstance(found, Unreadable):
                assert found.text == text
                assert 0 <= found.span.start <= found.span.end <= max(1, len(text))
                assert found.message.endswith(".")
                continue
            sides = found.sides if isinstance(found, Claim) else (found,) if read is read_formula else ()
            for side in sides:
                for node in walk(side):
                    assert 0 <= node.span.start <= node.span.end <= len(text)
    pieces = split_statements(text)
    assert all(text[start : start + len(piece)] == piece and piece.strip() == piece for piece, start in pieces)


@settings(max_examples=100, deadline=None)
@given(texts)
def test_blanks_and_brackets_around_a_formula_change_nothing(text: str) -> None:
    found = answer(read_formula, text, NETWORK)
    if not isinstance(found, Unreadable) and "#" not in text:
        assert read_formula(f"  {text} ", NETWORK) == found
        if not text.rstrip().endswith((".", ",", ";")):  # a full stop ends a text, not a bracket
            assert read_formula(f"({text})", NETWORK) == found


@pytest.mark.parametrize("name", ["external-formulas", "misconceptions"])
def test_the_corpora_are_read(name: str) -> None:
    with (DATA / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) > 50
    for row in rows:
        setting = Setting()
        for piece, _ in split_statements(row["given"]):
            setting = setting.extended(read_statement(piece, setting.vocabulary))
        known = setting.vocabulary
        for side in read_claim(row["claim"], known).sides:
            names = {node.name for node in walk(side) if type(node).__name__ == "Symbol"}
            assert names <= known.names, row["id"]


NOT_EQUATIONS = ("dots", "…", "...", "bmatrix", "approx", "neq", "Rightarrow")
NO_FORMULAS = [
    r"z=\sum\limits w_ix_i + b",  # over what?
    r"(x_{test},?)",
    r"\partial z^L",  # half a derivative
    r"\sigma=ln(x)", r"\sigma^{‘}=\frac{1}{x}", r"\sigma", "σ", r"{\sigma}’\cdot (a^{l-1})^T",  # no argument
    r"db^{[2]} = \frac{dJ}{dD^{[2]}}",  # a misprint: there is no D
    r"J(W^{[1]}, b^{[1]}, W^{[2]}, b^{[2]}) = \frac{1}{m} \sum_{i=1}^{m} L(\hat{y}, y)",  # J as a function of many
    r"a^{[2]} = g^{[2]}(z^{[z]}) = \sigma(z^{[2]})",  # a misprint: layer z
    "X={x_1,x_2,x_3}",
]  # fmt: skip


@pytest.mark.skipif(not (SHARED / "sources").is_dir(), reason="the lecture notes are not at hand")
def test_the_formulas_of_the_lecture_notes_are_read() -> None:
    """All of them, but for lists, dots, drawn arrays, and those of ``NO_FORMULAS``."""
    inline = re.compile(r"\$\$(.+?)\$\$|\$([^$]+?)\$|\\\((.+?)\\\)|\\\[(.+?)\\\]", re.DOTALL)
    formulas = {
        next(group for group in match.groups() if group).strip()
        for path in (SHARED / "sources").glob("*.txt")
        for match in inline.finditer(path.read_text(encoding="utf-8"))
    }
    assert len(formulas) > 150
    unread = set()
    for formula in formulas:
        for piece, _ in split_statements(formula):
            if all(isinstance(answer(read, piece, NETWORK), Unreadable) for read in (read_formula, read_claim)):
                unread.add(piece)
    surprising = {
        piece
        for piece in unread
        if not any(sign in piece for sign in NOT_EQUATIONS) and piece not in NO_FORMULAS and not _is_list(piece)
    }
    assert {piece for piece in surprising if "underbrace" not in piece} == set()  # it separates g′ from its argument


def _is_list(text: str) -> bool:
    """``W^l,b^l``, ``(n^{[1]},1)``: names or widths, one after the other."""
    return "=" not in text and "," in text
