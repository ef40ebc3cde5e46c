"""Hypothesis strategies: well-formed formulas, of every node, over one fixed vocabulary.

Well-formed means what a text can say: numbers are not negative (but for an exponent such as −1), a layered name has
its layer, and a function's name is never a quantity's.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from derivations.formula import (
    ELEMENTWISE,
    Apply,
    Binary,
    Call,
    Claim,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
    Vocabulary,
)

LAYERED = ("W", "w", "b", "z", "a", "δ", "Z", "A")
PLAIN = ("x", "y", "X", "c", "m", "J", "η", "λ", "u", "W1")

VOCABULARY = Vocabulary(
    names=frozenset({*LAYERED, *PLAIN, "n", "n_in"}),
    layered=frozenset({*LAYERED, "n", "g"}),
    functions=frozenset({"σ", "f", "g"}),
    losses=frozenset({"C"}),
    scalars=frozenset({"c", "m", "n", "n_in", "J", "η", "λ"}),
    matrices=frozenset({"W", "w", "Z", "A", "X", "W1"}),
    differentials=True,
)
"""The names that the strategies use: of a network, of a sheet, and functions known and unknown."""

layers: SearchStrategy[Layer] = st.one_of(
    st.builds(Layer, st.sampled_from(["l", "L", "k"]), st.integers(-2, 2)),
    st.builds(Layer, st.just(""), st.sampled_from([0, 1, 2, 3, 12])),
)

indices: SearchStrategy[Index] = st.builds(Index, st.sampled_from(["i", "j", "k", "q", "1", "2"]))

subscripts: SearchStrategy[tuple[Index, ...]] = st.one_of(
    st.lists(indices, min_size=1, max_size=2).map(tuple), st.tuples(indices, st.just(Index("12")))
)

numbers: SearchStrategy[Number] = st.builds(
    Number,
    st.one_of(
        st.integers(0, 12).map(Fraction), st.builds(Fraction, st.integers(1, 99), st.sampled_from([2, 4, 5, 10, 100]))
    ),
)

widths: SearchStrategy[Formula] = st.one_of(
    st.builds(Symbol, st.just("n"), layers),
    st.builds(Symbol, st.sampled_from(["m", "n_in"])),
    st.integers(1, 12).map(lambda value: Number(Fraction(value))),
)

layered_symbols: SearchStrategy[Symbol] = st.one_of(
    st.builds(Symbol, st.sampled_from(LAYERED), layers),
    st.builds(Symbol, st.sampled_from(["a", "z", "δ"]), st.just(Layer("l")), st.just("i")),
)

variables: SearchStrategy[Symbol] = st.one_of(
    layered_symbols,
    st.builds(Symbol, st.sampled_from(PLAIN)),
    st.builds(Symbol, st.sampled_from(["x", "y"]), st.none(), st.just("i")),
)

symbols: SearchStrategy[Symbol] = st.one_of(variables, st.builds(Symbol, st.just("n"), layers))

functions: SearchStrategy[Function] = st.one_of(
    st.builds(Function, st.sampled_from(["σ", "f"]), st.none(), st.integers(0, 2)),
    st.builds(Function, st.just("g"), layers, st.integers(0, 2)),
    st.builds(Function, st.sampled_from(sorted(ELEMENTWISE)), st.none(), st.integers(0, 1)),
    st.just(Function("C")),
)

exponents: SearchStrategy[Formula] = st.one_of(
    st.sampled_from([Fraction(2), Fraction(3), Fraction(-1), Fraction(1, 2), Fraction(10)]).map(Number),
    st.sampled_from([Symbol("m"), Symbol("n", Layer("l")), Binary(Op.PLUS, Symbol("m"), Number(Fraction(1)))]),
)

loss_derivatives: SearchStrategy[LossDerivative] = st.builds(
    LossDerivative, st.builds(Symbol, st.sampled_from(["W", "b", "z", "a", "Z", "A"]), layers)
)

quantities: SearchStrategy[Formula] = st.one_of(
    symbols, numbers, st.builds(Entry, variables, subscripts), loss_derivatives
)


def _calls(parts: SearchStrategy[Formula]) -> SearchStrategy[Formula]:
    one = st.tuples(parts)
    axes = st.sampled_from([None, 0, 1])
    return st.one_of(
        st.builds(Call, st.sampled_from(["sumsq", "tr", "det", "inv", "diag"]), one),
        st.builds(Call, st.sampled_from(["sum", "mean", "softmax"]), one, axes),
        st.builds(Call, st.sampled_from(["sum", "mean"]), one, st.sampled_from([0, 1]), st.just(True)),
        st.builds(Call, st.sampled_from(["ones", "zeros"]), st.tuples(widths, widths)),
        st.builds(Call, st.just("eye"), st.tuples(widths)),
        st.builds(Call, st.just("max"), st.tuples(st.just(Number(Fraction(0))), parts)),
    )


def _larger(parts: SearchStrategy[Formula]) -> SearchStrategy[Formula]:
    by: SearchStrategy[Symbol | Entry] = st.one_of(variables, st.builds(Entry, variables, subscripts))
    return st.one_of(
        st.builds(Binary, st.sampled_from(Op), parts, parts),
        st.builds(Binary, st.just(Op.PRODUCT), parts, parts),
        st.builds(Transpose, parts),
        st.builds(Negation, parts),
        st.builds(Entry, parts, subscripts),
        st.builds(Power, parts, exponents, st.booleans()),
        st.builds(Norm, parts),
        st.builds(Apply, functions, parts),
        _calls(parts),
        st.builds(Derivative, parts, by),
        st.builds(Gradient, parts, st.one_of(variables, st.just(Symbol("a")))),
        st.builds(IndexSum, st.sampled_from(["i", "j", "k", "q"]), parts, st.one_of(st.none(), widths)),
    )


formulas: SearchStrategy[Formula] = st.recursive(quantities, _larger, max_leaves=8)
"""Well-formed formulas over ``VOCABULARY``, of any node and shape; few of them fit together."""

claims: SearchStrategy[Claim] = st.builds(
    lambda sides, reason: Claim(tuple(sides), (reason,) * (len(sides) - 1)),
    st.lists(formulas, min_size=2, max_size=3),
    st.sampled_from([None, "chain rule", "definition of δ"]),
)
"""Claims of two or three sides, with a reason behind each ``=`` or none."""
