"""What an equation is made of, as data: texts in the language, and the rule and the reason of every step.

Formulas in titles, reasons and words stand between backticks, so that every format can write them its own way.
"""

from __future__ import annotations

from derivations.rules import DerivativeOf, Rule
from derivations.values import replaced, value


class BadlyAsked(Exception):  # noqa: N818
    """Nothing can be derived from what was asked; the message says why and what to do."""


@value
class Line:
    """``= to``, by a rule; ``why`` is one plain sentence, and ``turned`` the one for numerator layout, if another."""

    to: str
    rule: Rule | Cited
    why: str
    turned: str = ""


@value
class Cited:
    """An equation used as a rule: its name and its text."""

    equation: str
    claim: str


@value
class Chain:
    """``start`` and the lines that follow from it; ``title`` where there is more than one chain."""

    start: str
    lines: tuple[Line, ...]
    title: str = ""


@value
class Equation:
    """An equation as data.

    where: the layers it is about, as a phrase. given: a sheet, where it is not about the built-in network alone.
    waived: names whose hypotheses no step may use but the one that says so. turned_words: the words in numerator
    layout, if they differ.
    """

    name: str
    title: str
    statement: str
    where: str
    words: str
    index: tuple[Chain, ...]
    matrix: tuple[Chain, ...]
    given: str = ""
    waived: frozenset[str] = frozenset()
    turned_words: str = ""


def with_function(equation: Equation, name: str) -> Equation:
    """The equation with a named function in place of σ: the output layer may have one of its own."""

    def renamed(text: str) -> str:
        return text.replace("σ'(", f"{name}'(").replace("σ(", f"{name}(")

    def line(old: Line) -> Line:
        rule = DerivativeOf(name) if old.rule == DerivativeOf("σ") else old.rule
        return Line(renamed(old.to), rule, renamed(old.why), renamed(old.turned))

    def chains(old: tuple[Chain, ...]) -> tuple[Chain, ...]:
        return tuple(Chain(chain.start, tuple(line(each) for each in chain.lines), chain.title) for chain in old)

    return replaced(
        equation, statement=renamed(equation.statement), index=chains(equation.index), matrix=chains(equation.matrix)
    )
