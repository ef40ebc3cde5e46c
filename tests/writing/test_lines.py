"""Long formulas, broken into lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from derivations.formula import Binary, Claim, Formula, IndexSum, Layer, Op, Symbol, Transpose
from derivations.writing import Spelling, write, write_lines
from tests.strategies import formulas

a, b, c, d = (Symbol(name * 4) for name in "abcd")


def plus(*terms: Formula) -> Formula:
    first, *others = terms
    for term in others:
        first = Binary(Op.PLUS, first, term)
    return first


def product(left: Formula, right: Formula) -> Formula:
    return Binary(Op.PRODUCT, left, right)


def test_what_fits_stays_on_one_line() -> None:
    assert write_lines(plus(a, b), 40) == ["aaaa + bbbb"]


def test_sums_break_first_and_the_operator_leads_the_next_line() -> None:
    assert write_lines(plus(product(a, b), product(c, d)), 15) == ["aaaa bbbb", "+ cccc dddd"]
    assert write_lines(plus(a, b, c, d), 12) == ["aaaa + bbbb", "+ cccc", "+ dddd"]


def test_then_hadamard_products_then_products() -> None:
    hadamard = Binary(Op.HADAMARD, product(a, b), product(c, d))
    assert write_lines(hadamard, 16) == ["aaaa bbbb", "⊙ cccc dddd"]
    assert write_lines(hadamard, 8) == ["aaaa", "· bbbb", "⊙ cccc", "  · dddd"]


def test_brackets_and_sums_hang_their_lines() -> None:
    assert write_lines(IndexSum("k", plus(product(a, b), product(c, d))), 18) == ["Σₖ (aaaa bbbb", "    + cccc dddd)"]
    assert write_lines(Transpose(plus(a, b)), 8) == ["(aaaa", " + bbbb)ᵀ"]


def test_a_claim_breaks_before_its_equality_signs_and_keeps_its_reasons() -> None:
    delta = Symbol("δ", Layer("l"))
    claim = Claim((delta, plus(a, b), c), ("chain rule", None))
    assert write_lines(claim, 60) == ["δˡ = aaaa + bbbb  [chain rule] = cccc"]
    assert write_lines(claim, 30) == ["δˡ = aaaa + bbbb  [chain rule]", "   = cccc"]
    assert write_lines(claim, 12) == ["δˡ = aaaa", "     + bbbb  [chain rule]", "   = cccc"]
    assert write_lines(Claim((plus(a, b), plus(c, d))), 12) == ["aaaa + bbbb", "    = cccc", "      + dddd"]
    assert write_lines(Claim((a, plus(b, c), d), continues=True), 12) == ["= bbbb", "  + cccc", "= dddd"]


@given(formula=formulas, width=st.integers(1, 60))
def test_lines_hold_what_one_line_holds(formula: Formula, width: int) -> None:
    lines = write_lines(formula, width)
    assert _glued(" ".join(lines)) == _glued(write(formula))
    assert len(lines) == 1 or all(line.strip() for line in lines)


def _glued(written: str) -> str:
    """Without blanks, and without the dots that begin a line between two factors."""
    return "".join(character for character in written if character not in " ·")


def test_a_sum_of_many_terms_is_written() -> None:
    many = plus(*[a] * 3000)
    assert write(many).count("+") == 2999
    assert write(many, Spelling.NUMPY) == write(many)
    assert len(write_lines(many, 80)) == 3000 * 7 // 77 + 1
