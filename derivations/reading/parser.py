"""Tokens → formula, by the binding of LANGUAGE: one table, and operands."""

from __future__ import annotations

from fractions import Fraction

from derivations.formula import (
    UNIT,
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Fork,
    Formula,
    Function,
    Gradient,
    Index,
    IndexSum,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Unreadable,
    walk,
)
from derivations.reading import messages as say
from derivations.reading.binding import ADDED, ENTRYWISE, MULTIPLIED, STARRED
from derivations.reading.names import canonical_name
from derivations.reading.runs import Factor, Run
from derivations.reading.scripts import is_pair
from derivations.reading.sizes import NUMBER
from derivations.reading.tokens import Token
from derivations.reading.words import Words
from derivations.values import replaced

MAX_DEPTH = 60
"""How deep a formula may be nested; a level takes at most ten frames of Python's stack, of which there are 1,000."""


_OPERATORS = {
    "+": (ADDED, Op.PLUS),
    "-": (ADDED, Op.MINUS),
    "⊙": (ENTRYWISE, Op.HADAMARD),
    ".*": (ENTRYWISE, Op.HADAMARD),
    "⊘": (ENTRYWISE, Op.QUOTIENT),
    "./": (ENTRYWISE, Op.QUOTIENT),
    "@": (STARRED, Op.PRODUCT),
    "*": (STARRED, Op.STAR),
    "/": (STARRED, Op.OVER),
}
_OPENS_OPERAND = frozenset({"(", "[", "{", "∂", "∇", "Σ", "𝟙", "frac", "sqrt"})
_BARS = ("‖", "|")


class Parser(Words):
    """Reads formulas."""

    depth = 0

    def formula(self) -> Formula:
        """The whole text, as one formula."""
        node = self.expression()
        if self.next.kind != "end":
            raise self.rest_refused()
        return node

    def rest_refused(self) -> Unreadable:
        """The error for a token that cannot follow."""
        if self.sees(","):
            return self.trouble_here(say.COMMA)
        if self.sees(*_BARS):
            return self.trouble_here(say.BAR_NEVER_CLOSED)
        return self.trouble_here(say.LEFT_OVER, seen=self.shown(*self.next.span))

    # ---- operations ----

    def expression(self, level: int = 0) -> Formula:
        """Operations that bind at least as tightly as ``level``, left to right."""
        start = self.next.start
        return self.continued(self._run(level), start, level)

    def continued(self, left: Formula, start: int, level: int) -> Formula:
        """``left`` with the operations behind it that bind at least as tightly as ``level``."""
        while True:
            token = self.next
            operator = _OPERATORS.get(token.text) if token.kind == "sign" else None
            if operator is None or operator[0] < level:
                return left
            strength, op = operator
            if op is Op.OVER and strength >= level:
                left = self._run(level, Factor("", start, left, self.span(start), False))
                continue
            self.take()
            right = self.expression(strength + 1)
            left = Binary(op, left, right, span=self.span(start))

    def _run(self, level: int, first: Factor | None = None, *, of_function: bool = False) -> Formula:
        """Operands side by side, with ``·`` between them, and slashes where ``level`` lets them in.

        ``of_function``: the run is the argument of a function without brackets, which ends where the next one begins.
        """
        signs: list[int] = []
        while first is None and self.sees("+", "-"):
            if len(signs) >= MAX_DEPTH:
                raise self.trouble_here(say.TOO_DEEP, limit=MAX_DEPTH)
            sign = self.take()
            signs += [sign.start] if sign.text == "-" else []
        factors = [first or self._factor("", self.next.start)]
        while True:
            token = self.next
            if of_function and self.begins_function(self.at + self.sees("·")):
                break
            if self.sees("·") or (level <= STARRED and self.sees("/")):
                self.take()
                factors.append(self._factor(token.text, token.start))
            elif self.begins_operand():
                factors.append(self._factor("", token.start))
            else:
                break
        run = Run(factors, self.sizes, self.flipped)
        node = run.formula(signs)
        self.forks += run.forks
        return node

    def _factor(self, joint: str, at: int) -> Factor:
        """An operand, which has a sign only behind ``·`` or ``/``."""
        start, grouped = self.next.start, self.sees("(", "[", "{", "frac")
        negative = bool(joint) and self.sees("+", "-") and self.take().text == "-"
        node = self.operand()
        if negative:
            node = Negation(node, span=self.span(start))
        return Factor(joint, at, node, self.span(start), grouped)

    def argument_without_brackets(self, start: int) -> Formula:
        """What a function's name without brackets stands in front of: the product up to the next function.

        ``log a/b`` is (log a)/b, and log(a/b) only where that is false; but nobody writes ``log 1/b`` or ``exp -a/b``
        for a quotient of the value.
        """
        self._deeper()
        first, signed = self.next.start, self.sees("-")
        node = self._run(MULTIPLIED, of_function=True)
        if self.sees("/") and not self.begins_function(self.at + 1):
            stroke = self.next.start
            whole = signed or node == Number(Fraction(1))
            if whole != (stroke in self.flipped):
                node = self._run(STARRED, Factor("", first, node, self.span(first), True), of_function=True)
                self.forks.append(Fork(stroke, self.span(first), even=False))
            else:
                self.forks.append(Fork(stroke, self.span(start), even=False))
        self.depth -= 1
        return node

    def begins_operand(self, at: int | None = None) -> bool:
        token = self.next if at is None else self.tokens[at]
        if token.kind != "sign":
            return token.kind in ("word", "number")
        if token.text in _BARS:
            return not self._closes_bar(token.text)
        return token.text in _OPENS_OPERAND

    # ---- operands ----

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.trouble_here(say.TOO_DEEP, limit=MAX_DEPTH)

    def _towers(self, node: Formula, start: int, grouped: bool) -> bool:
        """Whether a power is raised again, as in 2^3^2; a transpose behind a power is none."""
        is_power = isinstance(node, Power) and node.span.start == start and not grouped
        above = [self.ahead(k).text for k in (1, 2)]
        return is_power and not {"T", "⊤"} & {above[0], above[1] if above[0] == "{" else ""}

    def operand(self) -> Formula:
        self._deeper()
        start = self.next.start
        node, grouped = self._atom()
        self.depth -= 1
        if grouped or not isinstance(node, Derivative | Gradient | IndexSum):
            node = self._hung(node, start, grouped)
        return node

    def _hung(self, node: Formula, start: int, grouped: bool) -> Formula:
        """A node with the sub- and superscripts, brackets and methods behind it."""
        return self._of_unit(self._with_all_behind(node, start, grouped))

    def _of_unit(self, node: Formula) -> Formula:
        """``δ_{ij}`` is Kronecker's, where δ means nothing else or has a layer elsewhere: an error has one index."""
        match node:
            case Power(of=Entry() as of):
                return replaced(node, of=self._of_unit(of))
            case Entry(of=Symbol() as of, indices=(_, _)) if self.may_be_kronecker(of):
                return replaced(node, of=UNIT)
            case _:
                return node

    def _with_all_behind(self, node: Formula, start: int, grouped: bool) -> Formula:
        while True:
            token = self.next
            if token.kind == "prime":
                raise self.trouble(say.NOT_A_FUNCTION, token.span, seen=self.shown(start))
            if token.kind != "sign":
                return node
            match token.text:
                case "^" | ".^" | "**" if self._towers(node, start, grouped):
                    raise self.trouble_here(say.TOWER)
                case "^":
                    node = self.superscript(node, start, grouped)
                case "_":
                    node = self.subscript(node, start, grouped)
                case ".^" | "**":
                    self.take()
                    exponent = self.operand() if self.next.kind == "word" else self.exponent()
                    node = Power(node, exponent, elementwise=True, span=self.span(start))
                case "." if self.ahead().kind == "word":
                    node = self.method(node, start)
                case "⊤":
                    node = self.transposed(node, start)
                case "[" if isinstance(node, Symbol | LossDerivative) and not grouped:
                    if not self.adjoins and not self.takes_layer(node):
                        return node
                    node = self.layer_behind(node, start)
                case _:
                    return node

    def _atom(self) -> tuple[Formula, bool]:
        """An operand without what is hung onto it, and whether it stood in brackets."""
        token = self.next
        match token.kind, token.text:
            case "number", _:
                return self._number(), False
            case "word", _:
                return self.word(), False
            case "sign", "(" | "[" | "{":
                return self._bracket(), True
            case "sign", "∂":
                return self.derivative(), False
            case "sign", "∇":
                return self.gradient(), False
            case "sign", "Σ":
                return self.index_sum(), False
            case "sign", "𝟙":
                return self.ones(), False
            case "sign", "frac":
                return self._fraction(), True
            case "sign", "sqrt":
                return self._root(), False
            case "sign", "‖" | "|":
                return self._between_bars(), False
        raise self._beginning_refused()

    def _beginning_refused(self) -> Unreadable:
        """The error for a token that cannot begin an operand."""
        token = self.next
        if token.kind == "end":
            if self.at == 0:
                return self.trouble_here(say.EMPTY)
            last = self.tokens[self.at - 1]
            return self.trouble(say.NOTHING_AFTER, last.span, seen=self.shown(*last.span))
        if token.text == "=":
            return self.trouble_here(say.EMPTY_SIDE)
        no_base = token.kind == "prime" or token.text in ("^", "_", ".^", "**", "⊤", ".")
        return self.trouble_here(say.NO_BASE if no_base else say.NOTHING_HERE, seen=self.shown(*token.span))

    def _number(self) -> Formula:
        token = self.next
        if token.text == "1" and self.ahead().text == "_":
            return self.ones()
        self.take()
        return Number(Fraction(token.text), span=token.span)

    def _bracket(self) -> Formula:
        closing = self.tokens[self.partner[self.at]]
        self.take()
        self.bars.append("")
        node = self.expression()
        self.bars.pop()
        if self.next is not closing:
            raise self.rest_refused()
        self.take()
        return node

    def _fraction(self) -> Formula:
        start = self.take().start
        if self.is_fraction_of_d():
            return self.fraction_of_d(start)
        above = self._argument_of_command()
        below = self._argument_of_command()
        return Binary(Op.OVER, above, below, span=self.span(start))

    def _argument_of_command(self) -> Formula:
        r"""``{…}``, or a single digit or letter: ``\frac12``."""
        if self.sees("{"):
            return self._bracket()
        if self.next.kind == "number" and self.next.text.isdecimal():
            digit = self.take_letters()
            return Number(Fraction(digit.text), span=digit.span)
        if self.next.kind == "word":
            letter = self.take_letters()
            return Symbol(canonical_name(letter.text), span=letter.span)
        return self.operand()

    def _root(self) -> Formula:
        start = self.take().start
        if self.sees("["):
            raise self.trouble_here(say.BAD_ROOT)
        of = self._radicand(start)
        return Apply(Function("sqrt"), of, span=self.span(start))

    def _radicand(self, start: int) -> Formula:
        """What stands under a √: brackets or one operand; ``√1/n`` is the root of 1/n."""
        if self.sees("{", "("):
            return self._bracket()
        is_of_quotient = self.next.text == "1" and self.ahead().text == "/"
        return self.argument_without_brackets(start) if is_of_quotient else self.operand()

    # ---- bars ----

    def _closes_bar(self, bar: str) -> bool:
        opened = self.bars[-1] if self.bars else ""
        return opened == bar or (opened == "|" and bar == "‖")

    def _between_bars(self) -> Formula:
        """``‖x‖``, ``|x|_2``: the norm; ``|x|``: the absolute value."""
        bar = self.take()
        self.bars.append(bar.text)
        node = self.expression()
        self.bars.pop()
        if bar.text == "|" and self.sees("‖"):
            middle = self.next.end - 1  # the second bar of |x||y|
            self.tokens[self.at] = Token("sign", "|", middle, self.next.end)
            self.end = middle
        elif not self.accept(bar.text):
            raise self.trouble(say.BAR_NEVER_CLOSED, bar.span, seen=self.shown(*bar.span))
        if not self.sees("_"):
            if bar.text == "|":
                return self._of_bars(node, bar.start)
            return Norm(node, span=self.span(bar.start))
        self.take()
        which = self.next
        if self.accept("{"):
            which = self.take()
        elif which.kind == "word":
            which = self.take_letters()
        else:
            self.take()
        if which.text not in ("2", "F") or (self.tokens[self.at - 2].text == "{" and not self.accept("}")):
            raise self.trouble(say.BAD_NORM, self.span(bar.start))
        size = self.sizes.of(node)
        if which.text == "2" and size and 1 not in size and not self._is_squared():
            raise self.trouble(say.SPECTRAL_NORM, self.span(bar.start))
        return Norm(node, span=self.span(bar.start))

    def _of_bars(self, node: Formula, start: int) -> Formula:
        """``|X|`` of a square matrix is its determinant, ``|x|²`` of a column its squared length; else the size."""
        size = self.sizes.of(node)
        if size and size[0] == size[1] and size != NUMBER:
            return Call("det", (node,), span=self.span(start))
        if size and size != NUMBER and 1 in size and self._is_squared():
            return Norm(node, span=self.span(start))
        return Apply(Function("abs"), node, span=self.span(start))

    def _is_squared(self) -> bool:
        return self.sees("^") and self._after_caret().text == "2"

    # ---- sums and ones ----

    def index_sum(self) -> Formula:
        """``Σ_k x_k``, ``\\sum_{k=1}^n``: to the end of the term; ``Σ'(z)`` is diag(σ'(z))."""
        start = self.take().start
        if self.next.kind == "prime" or (self.sees("^") and self._after_caret().kind == "prime"):
            return Call("diag", (self.applied_here(Function("σ"), start),), span=self.span(start))
        names: list[str] = []
        pairs: list[str] = []
        upper: Formula | None = None
        while self.sees("_", "^"):
            if self.take().text == "^":
                upper = self.exponent()
            else:
                below = self.ahead() if self.sees("{") else self.next
                pairs = [below.text] if is_pair(below.text) else []
                names = self._summed_over()
        if not names:
            raise self.trouble(say.SUM_WITHOUT_INDEX, self.span(start))
        if not self.begins_operand() and not self.sees("-", "+"):
            raise self.trouble(say.NOTHING_AFTER, self.span(start), seen=self.shown(start))
        body = self.expression(ENTRYWISE)
        for pair in pairs:
            one = canonical_name(pair)
            if not any(isinstance(node, Entry) and Index(one) in node.indices for node in walk(body)):
                names[names.index(one) : names.index(one) + 1] = pair  # Σ_{pi} A_{pi} runs over p and i
        for name in reversed(names):
            body = IndexSum(name, body, upper, span=self.span(start))
        return body

    def _summed_over(self) -> list[str]:
        """The letters below a Σ."""
        if not self.sees("{"):
            if self.next.kind != "word":
                raise self.trouble_here(say.SUM_BAD_INDEX)
            return [index.name for index in self.indices(in_matrix=not is_pair(self.next.text))]
        closing = self.partner[self.at]
        self.take()
        names: list[str] = []
        while self.at < closing:
            token = self.take()
            if token.kind == "word":
                whole = canonical_name(token.text)
                names += [whole] if len(whole) == 1 else token.text
            elif token.text == "=" and names:
                first = self.next
                if first.text != "1" or self.at + 1 != closing:
                    shown = self.shown(first.start, self.tokens[closing].start)
                    raise self.trouble(say.SUM_FROM_ONE, first.span, seen=shown)
                self.take()
            elif token.text != "," or not names:
                raise self.trouble(say.SUM_BAD_INDEX, token.span, seen=self.shown(*token.span))
        if any(not name.isalpha() for name in names) or len(names) > 4:
            raise self.trouble(say.SUM_BAD_INDEX, self.tokens[closing - 1].span, seen=self.tokens[closing - 1].text)
        self.take()
        return names
