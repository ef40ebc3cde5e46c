"""The operations that are written as calls, sum(X, axis=1), softmax(x), tr(X), …: what each settles to."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from derivations.formula import Binary, Call, Formula, Op, Unreadable
from derivations.shapes import (
    AXES,
    Add,
    Axis,
    Determinant,
    Diagonal,
    DiagonalOf,
    ElementPower,
    Elementwise,
    Extent,
    Filled,
    Identity,
    Inverse,
    Misfit,
    Scale,
    Settled,
    Shape,
    Softmax,
    Total,
    Trace,
    Width,
    WidthValue,
)

if TYPE_CHECKING:
    from derivations.settling import Settler


def _only(node: Call) -> Formula:
    if len(node.arguments) != 1:
        raise Unreadable(f"{node.name} takes one argument, not {len(node.arguments)}.", "", node.span)
    return node.arguments[0]


def _axis(node: Call) -> tuple[Axis, ...]:
    if node.axis is None:
        return AXES
    axis = node.axis + 2 if node.axis < 0 else node.axis
    if axis not in (0, 1):
        raise Unreadable(f"There is no axis {node.axis}.", "", node.span, "A matrix has the axes 0 and 1.")
    return (AXES[axis],)


def _sum(settler: Settler, node: Call) -> Total:
    of = settler.settle(_only(node))
    axes = _axis(node)
    if node.axis is not None and not node.keepdims and not of.shape.is_vector:
        settler.note(
            f"{settler.text(node)} is read as a {'column' if axes == ('columns',) else 'row'};"
            " in NumPy write keepdims=True, or the result has shape (n,)"
        )
    return Total(of, axes)


def _mean(settler: Settler, node: Call) -> Settled:
    total = _sum(settler, node)
    mean: Settled = total
    for axis in total.axes:
        extent = total.of.shape.rows if axis == "rows" else total.of.shape.columns
        if extent != 1:
            mean = Scale(Filled(Fraction(1, extent)) if isinstance(extent, int) else _one_over(extent), mean)
    return mean


def _one_over(width: Width) -> Settled:
    return ElementPower(WidthValue(width), Fraction(-1))


def _sumsq(settler: Settler, node: Call) -> Settled:
    return Total(ElementPower(settler.settle(_only(node)), Fraction(2)), AXES)


def _softmax(settler: Settler, node: Call) -> Settled:
    of = settler.settle(_only(node))
    if node.axis is not None:
        (axis,) = _axis(node)
        return Softmax(of, axis)
    if of.shape.rows == 1 and of.shape.columns != 1:
        return Softmax(of, "columns")
    if not of.shape.is_vector and not (settler.context.network and settler.context.network.batch):
        raise Misfit(
            "softmax of a matrix needs an axis.", node.span, ((node.arguments[0].span, of.shape),),
            "axis=0 normalises every column, axis=1 every row.",
        )  # fmt: skip
    return Softmax(of, "rows")


def _square(build: Callable[[Settled], Settled], what: str) -> Callable[[Settler, Call], Settled]:
    def rule(settler: Settler, node: Call) -> Settled:
        of = settler.settle(_only(node))
        if not of.shape.is_square:
            raise Misfit(f"Only a square matrix has {what}.", node.span, ((node.arguments[0].span, of.shape),))
        return build(of)

    return rule


def _diag(settler: Settler, node: Call) -> Settled:
    of = settler.settle(_only(node))
    if of.shape.is_scalar:
        return of
    if of.shape.is_vector:
        return Diagonal(of)
    if of.shape.is_square:
        return DiagonalOf(of)
    raise Misfit("diag takes a vector or a square matrix.", node.span, ((node.arguments[0].span, of.shape),))


def _extents(settler: Settler, node: Call) -> tuple[Extent, ...]:
    found: list[Extent] = []
    for argument in node.arguments:
        settled = settler.settle(argument)
        if isinstance(settled, WidthValue):
            found.append(settled.width)
        elif isinstance(settled, Filled) and settled.value.denominator == 1 and settled.value > 0:
            found.append(int(settled.value))
        else:
            raise Unreadable("This is not a width.", "", argument.span, "A width is a whole number or a name.")
    return tuple(found)


def _filled(value: int) -> Callable[[Settler, Call], Settled]:
    def rule(settler: Settler, node: Call) -> Settled:
        extents = _extents(settler, node)
        if len(extents) not in (1, 2):
            raise Unreadable(f"{node.name} takes a number of rows and of columns.", "", node.span)
        return Filled(Fraction(value), Shape(extents[0], extents[1] if len(extents) == 2 else 1))

    return rule


def _eye(settler: Settler, node: Call) -> Settled:
    extents = _extents(settler, node)
    if len(extents) != 1 and not (len(extents) == 2 and extents[0] == extents[1]):
        raise Unreadable("eye takes one width.", "", node.span, "The unit matrix of width n is eye(n).")
    return Filled(Fraction(1)) if extents[0] == 1 else Identity(Shape(extents[0], extents[0]))


def _max(settler: Settler, node: Call) -> Settled:
    if len(node.arguments) != 2:
        raise Unreadable("max takes two arguments, as in max(0, z).", "", node.span)
    first, second = (settler.settle(item) for item in node.arguments)
    if isinstance(second, Filled) and second.value == 0:
        return Elementwise("relu", None, 0, first)
    if isinstance(first, Filled) and first.value == 0:
        return Elementwise("relu", None, 0, second)
    pair = Binary(Op.PLUS, *node.arguments, span=node.span)
    one, other = settler.alike(pair, first, second)
    settler.repeat(other, 2)
    return Add(other, Elementwise("relu", None, 0, Add(one, Scale(Filled(Fraction(-1)), other))))


CALLS: dict[str, Callable[[Settler, Call], Settled]] = {
    "sum": _sum,
    "mean": _mean,
    "sumsq": _sumsq,
    "softmax": _softmax,
    "tr": _square(Trace, "a trace"),
    "det": _square(Determinant, "a determinant"),
    "inv": _square(lambda of: ElementPower(of, Fraction(-1)) if of.shape.is_scalar else Inverse(of), "an inverse"),
    "diag": _diag,
    "ones": _filled(1),
    "zeros": _filled(0),
    "eye": _eye,
    "max": _max,
}
