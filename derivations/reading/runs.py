"""A run: operands side by side, with ``·`` and ``/`` between them, and what print means by it.

``a/b v`` is (a/b) v where b is a number, and a/(b v) where it is not; ``2m`` in ``1/2m x`` is one number; a fraction of
numbers holds together in the middle of a product. ``a·x`` of two columns is aᵀx.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from derivations.formula import Binary, Fork, Formula, Negation, Number, Op, Power, Span, Symbol, Transpose
from derivations.reading.sizes import NUMBER, Sizes


class Factor(NamedTuple):
    """An operand of a run. ``joint`` is what stands before it: ``·``, ``/`` or nothing; ``at`` is where."""

    joint: str
    at: int
    node: Formula
    span: Span  # with the brackets around it
    grouped: bool


class Run:
    """Makes one formula of a run's factors. ``flipped``: the signs that are read in the second way."""

    def __init__(self, factors: Sequence[Factor], sizes: Sizes, flipped: frozenset[int]) -> None:
        self.factors, self.sizes, self.flipped = factors, sizes, flipped
        self.forks: list[Fork] = []

    def formula(self, signs: Sequence[int]) -> Formula:
        """The whole run; a sign at any of these places belongs to the product up to the first quotient."""
        first = self.factors[0].span.start
        node, after = self._factor(0)
        while after < len(self.factors):
            if self.factors[after].joint == "/":
                node, signs, first = _negated(node, signs), (), signs[0] if signs else first
                node, after = self._quotient(node, first, after)
            else:
                joint = self.factors[after].joint
                factor, after = self._dotted(node, after) if joint == "·" else self._factor(after)
                node = self._times(node, factor, joint, Span(first, self.factors[after - 1].span.end))
        return _negated(node, signs)

    def _factor(self, at: int) -> tuple[Formula, int]:
        """The factor at a place and the place behind it: an operand, or a fraction of numbers before another one."""
        node = self.factors[at].node
        below = at + 1
        if below < len(self.factors) and self.factors[below].joint == "/" and self.sizes.is_number(node):
            divisor, after = self._divisor(below)
            if self.sizes.is_number(divisor) and self._goes_on(after):
                return self._quotient(node, self.factors[at].span.start, below)
        return node, below

    def _dotted(self, left: Formula, at: int) -> tuple[Formula, int]:
        """What stands behind a dot, and the place behind that: x·A y of columns is x·(A y)."""
        last = at
        while self._goes_on(last + 1) and self.factors[last + 1].joint != "·":
            last += 1
        size = self.sizes.of(left)
        if last > at and size not in (None, NUMBER, self.sizes.of(self.factors[at].node)):
            whole = self._product(at, last)
            if self.sizes.of(whole) == size:
                return whole, last + 1
        return self._factor(at)

    def _goes_on(self, at: int) -> bool:
        """Whether another factor of the same product stands at a place."""
        return at < len(self.factors) and self.factors[at].joint != "/"

    def _quotient(self, above: Formula, start: int, at: int) -> tuple[Formula, int]:
        """``above`` over what stands behind the slash at a place; and the place behind that."""
        slash = self.factors[at].at
        divisor, after = self._divisor(at)
        last = at
        while self._goes_on(last + 1):
            last += 1
        whole = self._product(at, last)
        in_front = self.sizes.is_number(divisor)
        if self._goes_on(after) and self._is_fork(divisor, whole, at):
            in_front ^= slash in self.flipped
            taken = Span(start, self.factors[after - 1].span.end) if in_front else self._span(at, last)
            self.forks.append(Fork(slash, taken, even=False))
        if in_front:
            return Binary(Op.OVER, above, divisor, span=Span(start, self.factors[after - 1].span.end)), after
        return Binary(Op.OVER, above, whole, span=Span(start, self.factors[last].span.end)), last + 1

    def _divisor(self, at: int) -> tuple[Formula, int]:
        """What stands next to the slash, with the letters that adjoin it, ``2m``; and the place behind."""
        first = self.factors[at]
        node, after = first.node, at + 1
        while (
            isinstance(first.node, Number | Symbol)
            and not first.grouped
            and self._goes_on(after)
            and self._adjoins(after)
            and self.sizes.is_number(node)
            and self.sizes.is_number(self.factors[after].node)
        ):
            node = self._times(node, self.factors[after].node, "", self._span(at, after))
            after += 1
        return node, after

    def _adjoins(self, at: int) -> bool:
        before, factor = self.factors[at - 1 : at + 1]
        base = factor.node.of if isinstance(factor.node, Power) else factor.node
        adjoins = not factor.joint and before.span.end == factor.span.start
        return adjoins and not factor.grouped and isinstance(base, Symbol)

    def _is_fork(self, divisor: Formula, whole: Formula, at: int) -> bool:
        """Whether the other reading makes sense: nobody divides elementwise by a product."""
        if self.factors[at].grouped:
            return False
        return not self.sizes.is_number(divisor) or self.sizes.is_number(whole)

    def _product(self, at: int, last: int) -> Formula:
        node = self.factors[at].node
        for further in range(at + 1, last + 1):
            factor = self.factors[further]
            node = self._times(node, factor.node, factor.joint, self._span(at, further))
        return node

    def _times(self, left: Formula, right: Formula, joint: str, span: Span) -> Formula:
        size = self.sizes.of(left) if joint == "·" else None
        if size is not None and size != NUMBER and size[1] == 1 and size == self.sizes.of(right):
            left = Transpose(left, span=left.span)
        return Binary(Op.PRODUCT, left, right, span=span)

    def _span(self, first: int, last: int) -> Span:
        return Span(self.factors[first].span.start, self.factors[last].span.end)


def _negated(node: Formula, signs: Sequence[int]) -> Formula:
    for start in reversed(signs):
        node = Negation(node, span=Span(start, node.span.end))
    return node
