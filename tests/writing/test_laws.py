"""The laws of writing: what is written is read back, and every node stands where it is said to stand."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from derivations.formula import Binary, Claim, Formula, Number, Op, Span, walk
from derivations.reading import read_claim, read_formula
from derivations.reading.sizes import Sizes
from derivations.writing import Notation, Spelling, write, write_claim, write_lines, write_with_spans
from derivations.writing.glyphs import SUPERSCRIPTS
from tests.strategies import VOCABULARY, claims, formulas

SCALARS = VOCABULARY.scalars
RAISED = frozenset(SUPERSCRIPTS.values())

every_spelling = pytest.mark.parametrize("spelling", Spelling)
both_notations = pytest.mark.parametrize("notation", ["superscript", "bracket"])
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@every_spelling
@both_notations
@unhurried
@given(formula=formulas)
def test_what_is_written_is_read_back(formula: Formula, spelling: Spelling, notation: Notation) -> None:
    written = write(formula, spelling, notation, scalars=SCALARS)
    assert read_formula(written, VOCABULARY) == formula, written


@every_spelling
@unhurried
@given(claim=claims)
def test_a_claim_is_read_back_with_its_reasons(claim: Claim, spelling: Spelling) -> None:
    written = write_claim(claim, spelling, scalars=SCALARS)
    assert read_claim(written, VOCABULARY) == claim, written


def _is_of_columns(node: Formula) -> bool:
    """A product of two columns, which fits nowhere; a line may begin with its ·, and then it is a dot product."""
    sizes = Sizes(VOCABULARY)
    if not isinstance(node, Binary) or node.op is not Op.PRODUCT:
        return False
    size = sizes.of(node.left)
    return size is not None and size == sizes.of(node.right) and size[0] != 1 == size[1]


@unhurried
@given(formula=formulas, width=st.integers(1, 40))
def test_lines_together_are_read_back(formula: Formula, width: int) -> None:
    assume(not any(_is_of_columns(node) for node in walk(formula)))
    lines = write_lines(formula, width, scalars=SCALARS)
    assert read_formula(" ".join(lines), VOCABULARY) == formula, lines


@unhurried
@given(formula=formulas)
def test_the_text_where_a_node_stands_says_that_node(formula: Formula) -> None:
    writing = write_with_spans(formula, scalars=SCALARS)
    assert writing.text == write(formula, scalars=SCALARS)
    assert sorted(map(id, walk(formula))) == sorted(id(node) for node, _ in writing.places)
    for node, (start, end) in writing.places:
        written = writing.text[start:end]
        if not _is_only_an_exponent(node, written):
            assert read_formula(written, VOCABULARY) == node, written


def _is_only_an_exponent(node: Formula, written: str) -> bool:
    """Whether the text says the node only where it stands: a raised number, a negative one."""
    return isinstance(node, Number) and (node.value < 0 or RAISED.issuperset(written))


def test_places_are_found_by_node_and_by_where_it_was_read() -> None:
    formula = read_formula("W^{l+1} delta^{l+1} .* sigma'(z^l)", VOCABULARY)
    writing = write_with_spans(formula)
    assert writing.text == "Wˡ⁺¹ δˡ⁺¹ ⊙ σ′(zˡ)"
    assert writing.places[0] == (formula, Span(0, len(writing.text)))
    read = Span(8, 19)
    assert writing.place_of(read) == Span(5, 9)
    delta = next(node for node in walk(formula) if node.span == read)
    assert writing.place(delta) == Span(5, 9)
    assert writing.place_of(Span(900, 901)) is None
    with pytest.raises(LookupError):
        writing.place(read_formula("x", VOCABULARY))
