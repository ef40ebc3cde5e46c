"""formula → MathML, for pages that need no network and no script. The text it writes is kept as ``alttext``."""

from __future__ import annotations

from html import escape
from typing import assert_never

from derivations.formula import (
    UNIT,
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
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
)
from derivations.writing import Notation, write

_LOOSE = {Op.PLUS: 1, Op.MINUS: 1, Op.HADAMARD: 3, Op.QUOTIENT: 3, Op.STAR: 4, Op.OVER: 7, Op.PRODUCT: 6}
_ATOM = 9


def math(*sides: Formula, notation: Notation = "superscript", display: bool = False) -> str:
    """``<math>`` of a formula, or of an equation of several sides."""
    alt = " = ".join(write(side, notation=notation) for side in sides)
    inner = "<mo>=</mo>".join(_Writer(notation).write(side) for side in sides)
    shown = ' display="block"' if display else ""
    return f'<math{shown} alttext="{escape(alt)}"><mrow>{inner}</mrow></math>'


def content(formula: Formula, notation: Notation = "superscript") -> str:
    """What stands inside ``<math>``."""
    return _Writer(notation).write(formula)


class _Writer:
    def __init__(self, notation: Notation) -> None:
        self.notation = notation

    def write(self, node: Formula) -> str:
        match node:
            case Number(value):
                size = abs(value)
                whole = size.denominator == 1
                digits = f"<mn>{size}</mn>" if whole else _fraction(_number(size.numerator), _number(size.denominator))
                return digits if value >= 0 else f"<mrow><mo>−</mo>{digits}</mrow>"
            case Symbol(name, layer, _):
                return self._symbol(name, layer, "")
            case Entry(of, indices):
                below = "".join(f"<mi>{escape(str(index))}</mi>" for index in indices)
                if of == UNIT:
                    return self._symbol("δ", None, below)
                if isinstance(of, Symbol) and of.name != "n":
                    return self._symbol(of.name, of.layer, below)
                return f"<msub>{self._held(of, _ATOM)}<mrow>{below}</mrow></msub>"
            case Transpose(of):
                if isinstance(of, Symbol) and of.layer is None:
                    return f"<msup>{self.write(of)}<mo>⊤</mo></msup>"
                return f"<msup>{_bracketed(self.write(of))}<mo>⊤</mo></msup>"
            case Negation(of):
                return f"<mrow><mo>−</mo>{self._held(of, 6)}</mrow>"
            case Binary(Op.OVER, left, right):
                return _fraction(self.write(left), self.write(right))
            case Binary(op, left, right):
                sign = f"<mo>{op}</mo>"
                if op is Op.PRODUCT and not _begins_with_number(right):
                    sign = "<mo>&#x2062;</mo>"
                after = _bracketed(self.write(right)) if _has_sign(right) else self._held(right, _LOOSE[op] + 1)
                return f"<mrow>{self._held(left, _LOOSE[op])}{sign}{after}</mrow>"
            case Power(of, exponent, elementwise):
                dot = "<mo>∘</mo>" if elementwise else ""
                return f"<msup>{self._held(of, _ATOM)}<mrow>{dot}{self.write(exponent)}</mrow></msup>"
            case Norm(of):
                return f"<mrow><mo>‖</mo>{self.write(of)}<mo>‖</mo></mrow>"
            case Apply(function, argument):
                return f"<mrow>{self._function(function)}{_bracketed(self.write(argument))}</mrow>"
            case Call(name, arguments, axis, _):
                inside = "<mo>,</mo>".join(self.write(argument) for argument in arguments)
                along = "" if axis is None else f"<mo>,</mo><mtext>axis={axis}</mtext>"
                return f"<mrow><mi>{escape(name)}</mi>{_bracketed(inside + along)}</mrow>"
            case Derivative(of, by):
                above = f"<mrow><mo>∂</mo>{self._held(of, 8)}</mrow>"
                return _fraction(above, f"<mrow><mo>∂</mo>{self.write(by)}</mrow>")
            case Gradient(of, by):
                return f"<mrow><msub><mo>∇</mo>{self.write(by)}</msub>{self._held(of, 8)}</mrow>"
            case LossDerivative(by):
                return f"<mrow><mi>d</mi>{self.write(by)}</mrow>"
            case IndexSum(index, body, upper):
                below = f"<mi>{escape(index)}</mi>"
                if upper is None:
                    sign = f"<munder><mo>∑</mo>{below}</munder>"
                else:
                    sign = f"<munderover><mo>∑</mo>{below}{self.write(upper)}</munderover>"
                return f"<mrow>{sign}{self._held(body, 2)}</mrow>"
            case _:
                assert_never(node)

    def _symbol(self, name: str, layer: Layer | None, below: str) -> str:
        stem = f"<mi>{escape(name)}</mi>"
        if layer is None:
            return f"<msub>{stem}<mrow>{below}</mrow></msub>" if below else stem
        level = f"<mtext>{escape(f'[{layer}]' if self.notation == 'bracket' else str(layer).replace('-', '−'))}</mtext>"
        if name == "n" and self.notation == "superscript":
            return f"<msub>{stem}{level}</msub>"
        if below:
            return f"<msubsup>{stem}<mrow>{below}</mrow>{level}</msubsup>"
        return f"<msup>{stem}{level}</msup>"

    def _function(self, function: Function) -> str:
        name = f"<mi>{escape(function.name)}</mi>"
        above = "" if function.layer is None else f"<mtext>[{function.layer}]</mtext>"
        above += "<mo>′</mo>" * function.order
        return f"<msup>{name}<mrow>{above}</mrow></msup>" if above else name

    def _held(self, node: Formula, level: int) -> str:
        """The node, bracketed if it is looser than ``level``."""
        inner = self.write(node)
        return _bracketed(inner) if _level(node) < level else inner


def _level(node: Formula) -> int:
    match node:
        case Binary(op):
            return _LOOSE[op]
        case Negation():
            return 5
        case IndexSum():
            return 2
        case Number(value) if value < 0:
            return 5
        case Derivative() | Gradient() | LossDerivative():
            return 8
        case _:
            return _ATOM


def _begins_with_number(node: Formula) -> bool:
    """Whether it would run into what stands before it: 1 · 3 is not 13."""
    match node:
        case Number(value):
            return value >= 0
        case Binary(Op.PRODUCT | Op.OVER, left, _):
            return _begins_with_number(left)
        case Power(of):
            return _begins_with_number(of)
        case _:
            return False


def _has_sign(node: Formula) -> bool:
    """Whether it begins with a minus of its own: 2 + (−3) is not 2 + −3."""
    return isinstance(node, Negation) or (isinstance(node, Number) and node.value < 0)


def _number(value: int) -> str:
    return f"<mn>{value}</mn>"


def _fraction(above: str, below: str) -> str:
    return f"<mfrac>{above}{below}</mfrac>"


def _bracketed(inner: str) -> str:
    return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"
