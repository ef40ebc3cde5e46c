"""What a claim would say if a fraction without brackets were read the other way."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis import words
from derivations.diagnosis.proof import proves
from derivations.diagnosis.trees import Spot, spots
from derivations.formula import NOWHERE, Binary, Formula, Op
from derivations.setting import Context
from derivations.verdicts import Diagnosis
from derivations.writing import write

MOST_READINGS = 6
_PRODUCTS = (Op.PRODUCT, Op.STAR)


def other_readings(text: str, left: Formula, right: Formula, context: Context) -> tuple[Diagnosis, ...]:
    """The other reading of a fraction typed without brackets under which a false claim is proved, if there is one.

    ``p/q x`` with a scalar q is read as (p/q) x, and ``p/(q) x`` or ``p/x y`` as p/(q x): a reader may mean the other.
    """
    tried = 0
    for side, other, first in ((right, left, False), (left, right, True)):
        for spot in spots(side):
            for meant in _regrouped(spot, text):
                tried += 1
                if tried > MOST_READINGS:
                    return ()
                new = spot.rebuild(meant)
                one, two = (new, other) if first else (other, new)
                if proves(one, two, context):
                    title, why = words.OTHER_READING
                    said, read = write(meant), write(spot.node)
                    return (Diagnosis("other-reading", title.format(meant=said), why.format(read=read)),)
    return ()


def _regrouped(spot: Spot, text: str) -> Iterator[Formula]:
    match spot.node:
        case Binary(Op.OVER, above, Binary(op) as below) if op in _PRODUCTS and _is_bare(below, text):
            first, *rest = _chain(below)
            result: Formula = Binary(Op.OVER, above, first)
            for factor in rest:
                result = Binary(Op.PRODUCT, result, factor)
            yield result
        case Binary(op, Binary(Op.OVER, above, below) as fraction, factor) if op in _PRODUCTS:
            if _is_bare(fraction, text) and "/" in text[fraction.span.start : fraction.span.end]:
                yield Binary(Op.OVER, above, Binary(Op.PRODUCT, below, factor))


def _chain(product: Formula) -> list[Formula]:
    """The factors of a product that is typed in a row."""
    if isinstance(product, Binary) and product.op in _PRODUCTS:
        return [*_chain(product.left), product.right]
    return [product]


def _is_bare(node: Formula, text: str) -> bool:
    """Whether a node is typed without brackets around it."""
    if node.span == NOWHERE:
        return False
    before = text[: node.span.start].rstrip()
    after = text[node.span.end :].lstrip()
    return not (before[-1:] in ("(", "{", "[") and after[:1] in (")", "}", "]"))
