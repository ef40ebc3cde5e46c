"""Functions and calls: ``σ'(z)``, ``g^{[l]}(Z)``, ``log x``, ``sum(X, axis=1)``, ``np.dot(A, B)``, ``X.T``."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivations.formula import (
    CALLS,
    ELEMENTWISE,
    Apply,
    Binary,
    Call,
    Entry,
    Formula,
    Function,
    Index,
    Norm,
    Number,
    Op,
    Power,
    Span,
    Transpose,
)
from derivations.reading import messages as say
from derivations.reading.cursor import Word
from derivations.reading.names import canonical_name
from derivations.reading.scripts import Scripts
from derivations.values import value

MODULES = frozenset({"np", "numpy", "jnp", "torch", "tf", "math"})
_PARTS_OF_MODULES = frozenset({"linalg", "special", "nn", "functional"})
_ELEMENTWISE_SPELLINGS = {"ln": "log", "absolute": "abs", "ReLU": "relu", "heaviside": "step"}
_DERIVED = ("_prime", "_derivative", "_deriv")
_LAYERS = ("l", "L")  # above a function; σ^2 and σ^T would be a power and a transpose
_OPTIONS = ("axis", "keepdims")


@value
class Arguments:
    """What stood in the brackets of a call."""

    given: tuple[Formula, ...]
    axis: int | None
    keepdims: bool
    span: Span


def _binary(op: Op) -> Callable[[Arguments], Formula]:
    return lambda call: Binary(op, call.given[0], call.given[1], span=call.span)


def _named(name: str) -> Callable[[Arguments], Formula]:
    return lambda call: Call(name, call.given, call.axis, call.keepdims, span=call.span)


def _filled(name: str) -> Callable[[Arguments], Formula]:
    one = Number(Fraction(1))
    return lambda call: Call(name, (*call.given, one)[:2], span=call.span)


def _raised(call: Arguments) -> Formula:
    exponent = call.given[1] if len(call.given) > 1 else Number(Fraction(2))
    return Power(call.given[0], exponent, elementwise=True, span=call.span)


def _outer(call: Arguments) -> Formula:
    left, right = call.given
    return Binary(Op.PRODUCT, left, Transpose(right, span=right.span), span=call.span)


@value
class Shape:
    """How a call is read: how many arguments it takes, and what it means."""

    least: int
    most: int
    meaning: Callable[[Arguments], Formula]


_CALLS: dict[str, Shape] = {
    **{name: Shape(1, 1, _named(name)) for name in CALLS - {"ones", "zeros", "max"}},
    "ones": Shape(1, 2, _filled("ones")),
    "zeros": Shape(1, 2, _filled("zeros")),
    "max": Shape(2, 2, _named("max")),
    "maximum": Shape(2, 2, _named("max")),
    "trace": Shape(1, 1, _named("tr")),
    "Tr": Shape(1, 1, _named("tr")),
    "norm": Shape(1, 1, lambda call: Norm(call.given[0], span=call.span)),
    "transpose": Shape(1, 1, lambda call: Transpose(call.given[0], span=call.span)),
    "dot": Shape(2, 2, _binary(Op.PRODUCT)),
    "matmul": Shape(2, 2, _binary(Op.PRODUCT)),
    "multiply": Shape(2, 2, _binary(Op.HADAMARD)),
    "divide": Shape(2, 2, _binary(Op.QUOTIENT)),
    "add": Shape(2, 2, _binary(Op.PLUS)),
    "subtract": Shape(2, 2, _binary(Op.MINUS)),
    "square": Shape(1, 1, _raised),
    "power": Shape(2, 2, _raised),
    "outer": Shape(2, 2, _outer),
}
_WITH_AXIS = frozenset({"sum", "mean", "softmax"})
_SIZED = frozenset({"ones", "zeros"})
_METHODS = frozenset({"dot", "sum", "mean", "transpose", "trace", "matmul"})


class Functions(Scripts):
    """Reads what is applied to arguments."""

    def function_named(self, typed: str) -> Function | None:
        """The function that a word names, with its prime if the word says so: ``sigma_prime``."""
        for suffix in _DERIVED:
            if typed.endswith(suffix) and (plain := self.function_named(typed[: -len(suffix)])):
                return Function(plain.name, None, plain.order + 1)
        name = canonical_name(typed)
        known = self.vocabulary
        if name in known.functions or name in known.losses:
            return Function(name)
        if name in known.names:
            return None
        name = _ELEMENTWISE_SPELLINGS.get(name, name)
        return Function(name) if name in ELEMENTWISE else None

    def is_call(self, typed: str) -> bool:
        return typed in _CALLS and canonical_name(typed) not in self.vocabulary.names

    # ---- application ----

    def applied(self, word: Word, function: Function, start: int) -> Formula:
        """The value of the function that a word names."""
        self.pass_over(word)
        return self.applied_here(function, start)

    def applied_here(self, function: Function, start: int) -> Formula:
        """A function with its layer, primes and argument, its name read; a subscript is the entry of its value."""
        name, layer, order = function.name, function.layer, function.order
        indices: tuple[Index, ...] = ()
        while True:
            shown = _shown(Function(name, layer, order))
            if self.next.kind == "prime":
                order += len(self.take().text)
            elif self.sees("^"):
                mark = self.take()
                inner = self.ahead() if self.sees("{") else self.next
                if inner.kind == "prime":
                    order += self._raised_primes()
                elif layer is None and self._has_layers(name) and (inner.text == "[" or inner.text in _LAYERS):
                    script = self.layer_script(of_function=True)
                    layer, order = script.layer, order + script.primes
                else:
                    raise self.trouble(say.FUNCTION_POWER, Span(start, max(mark.end, inner.end)), seen=shown)
            elif self.sees("[") and layer is None and self._has_layers(name) and self._is_called_behind_brackets():
                layer = self.layer_in_brackets()
            elif self.sees("_") and not indices:
                self.take()
                indices = self.indices(in_matrix=False)
                if name == "log" and indices[0].name in ("2", "10"):
                    name, indices = f"log{indices[0].name}", ()
            else:
                break
        of = Function(name, layer, order)
        value = Apply(of, self._argument(of, start), span=self.span(start))
        return Entry(value, indices, span=self.span(start)) if indices else value

    def _has_layers(self, name: str) -> bool:
        return name in self.vocabulary.functions and bool(self.vocabulary.layered)

    def _is_called_behind_brackets(self) -> bool:
        """Whether the brackets that come next are a layer, as in ``g[l](z)``, and no argument."""
        behind = self.tokens[self.partner[self.at] + 1]
        return behind.text == "(" or behind.kind == "prime"

    def _raised_primes(self) -> int:
        """The primes of ``^{\\prime}`` and ``^'``."""
        braced, order = self.accept("{"), 0
        while self.next.kind == "prime":
            order += len(self.take().text)
        if braced and not self.accept("}"):
            raise self.trouble_here(say.LEFT_OVER)
        return order

    def _argument(self, function: Function, start: int) -> Formula:
        shown = _shown(function)
        if self.sees("(", "[", "{"):
            arguments = self._listed(shown)
            if len(arguments.given) != 1 or arguments.axis is not None:
                raise self.trouble(
                    say.ARGUMENTS, self.span(start), seen=shown, wanted="one argument", given=len(arguments.given)
                )
            return arguments.given[0]
        unknown = function.name in self.vocabulary.functions or function.name in self.vocabulary.losses
        if unknown or function.order or not (self.begins_operand() or self.sees("-")):
            raise self.trouble(say.NEEDS_ARGUMENT, self.span(start), seen=shown)
        return self.argument_without_brackets(start)

    def argument_without_brackets(self, start: int) -> Formula:
        """What a function's name without brackets, which begins at ``start``, stands in front of."""
        raise NotImplementedError

    def begins_function(self, at: int) -> bool:
        """Whether a function, a sum or a derivative stands at token ``at``: where another function's argument ends."""
        token = self.tokens[at]
        if token.kind != "word":
            return token.kind == "sign" and token.text in ("Σ", "∂", "∇", "sqrt")
        if token.text in MODULES and self.tokens[at + 1].text == ".":
            return True
        return any(
            self.quantity(word.name) is None and (self.function_named(word.name) or self.is_call(word.name))
            for word in self.joined(at)
        )

    def begins_operand(self, at: int | None = None) -> bool:
        """Whether the next token, or token ``at``, can be the first of an operand."""
        raise NotImplementedError

    def pass_over(self, word: Word) -> None:
        self.at = word.after
        self.end = self.tokens[self.at - 1].end

    # ---- calls ----

    def called(self, word: Word, name: str, start: int) -> Formula:
        """An operation by name, ``sum(X, axis=1)``; one of a single argument may do without brackets: ``tr X``."""
        self.pass_over(word)
        if self.next.kind == "prime":
            raise self.trouble(say.CALL_PRIME, Span(start, self.next.end), seen=name)
        indices: tuple[Index, ...] = ()
        if self.sees("_"):
            self.take()
            indices = self.indices(in_matrix=False)
        value = self._call(name, (), start)
        return Entry(value, indices, span=self.span(start)) if indices else value

    def _call(self, name: str, before: tuple[Formula, ...], start: int) -> Formula:
        shape = _CALLS[name]
        if self.sees("(", "[", "{"):
            arguments = self._listed(name, sized=name in _SIZED)
        elif shape.least == 1 and (self.begins_operand() or self.sees("-")):
            given_bare = self.argument_without_brackets(start)
            arguments = Arguments((given_bare,), None, False, self.span(start))
        else:
            raise self.trouble(say.NEEDS_ARGUMENT, self.span(start), seen=name)
        given, axis = before + arguments.given, arguments.axis
        if name in _WITH_AXIS and axis is None and len(given) == 2:
            axis, given = self._axis(self.shown(*given[1].span), given[1].span), given[:1]
        if not shape.least <= len(given) <= shape.most:
            wanted = "one argument" if shape.most == 1 else f"{shape.most} arguments"
            raise self.trouble(say.ARGUMENTS, self.span(start), seen=name, wanted=wanted, given=len(given))
        if (axis is not None or arguments.keepdims) and name not in _WITH_AXIS:
            other = "keepdims" if axis is None else "axis"
            raise self.trouble(say.UNKNOWN_OPTION, self.span(start), seen=name, other=other)
        return shape.meaning(Arguments(given, axis, arguments.keepdims, self.span(start)))

    def _listed(self, name: str, *, sized: bool = False) -> Arguments:
        """Arguments in brackets. ``sized`` if they may stand in brackets of their own: ``ones((m, n))``."""
        start, closing = self.at, self.partner[self.at]
        nested = sized and self.ahead().text == "(" and self.partner[start + 1] == closing - 1
        self.at += 2 if nested else 1
        closing -= nested
        given: list[Formula] = []
        axis, keepdims = None, False
        self.bars.append("")
        while self.at < closing:
            if self.next.kind == "word" and self.ahead().kind == "sign" and self.ahead().text == "=":
                option, value = self.next, self.ahead(2)
                self.at += 3
                if option.text not in _OPTIONS:
                    raise self.trouble(say.UNKNOWN_OPTION, option.span, seen=name, other=option.text)
                if option.text == "axis":
                    axis = self._axis(value.text, value.span)
                elif value.text in ("True", "False"):
                    keepdims = value.text == "True"
                else:
                    raise self.trouble(say.OPTION_VALUE, value.span, seen=value.text, other=option.text)
            else:
                given.append(self.expression())
            if self.at != closing and not self.accept(","):
                raise self.trouble_here(say.LEFT_OVER)
        self.bars.pop()
        self.at += nested
        self.take()
        return Arguments(tuple(given), axis, keepdims, Span(self.tokens[start].start, self.end))

    def _axis(self, text: str, span: Span) -> int:
        if text not in ("0", "1"):
            raise self.trouble(say.OPTION_VALUE, span, seen=text, other="axis")
        return int(text)

    # ---- NumPy ----

    def of_module(self) -> Formula:
        """``np.sum(…)``, ``np.linalg.inv(…)``: the prefix is passed over."""
        start = self.take().start
        while self.accept("."):
            if self.next.text in _PARTS_OF_MODULES and self.ahead().text == ".":
                self.take()
        word = self.next
        for candidate in reversed(self.joined(self.at)) if word.kind == "word" else ():
            name = "eye" if candidate.name == "identity" else candidate.name
            if name in _CALLS:
                return self.called(candidate, name, start)
            function = self.function_named(name)
            if function:
                return self.applied(candidate, function, start)
        raise self.trouble(say.UNKNOWN_MODULE_NAME, Span(start, word.end), seen=self.shown(start, word.end))

    def method(self, node: Formula, start: int) -> Formula:
        """``X.T``, ``X.dot(Y)``, ``X.sum(axis=1)``."""
        self.take()
        name = self.take()
        if name.text == "T":
            return Transpose(node, span=self.span(start))
        if name.text not in _METHODS or not self.sees("("):
            raise self.trouble(say.UNKNOWN_METHOD, name.span, seen=name.text)
        return self._call(name.text, (node,), start)


def _shown(function: Function) -> str:
    layer = "" if function.layer is None else f"^{{[{function.layer}]}}"
    return function.name + layer + "′" * function.order
