"""What a counterexample may be made of: which quantities are free, which widths come first, which numbers are easy."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

from derivations.shapes import (
    Add,
    Extent,
    Filled,
    Identity,
    Partial,
    Spread,
    Summed,
    Variable,
    Width,
    WidthValue,
)
from derivations.witness.evaluate import Definitions, VariableKey
from derivations.witness.prepared import Prepared

# ---- what may be chosen freely ----


def cut(claim: Prepared) -> None:
    """Take a defined variable for a leaf where a leaf of its own shape is added to it that occurs nowhere else.

    z^l = W^l a^{l−1} + b^l has every value for some b^l. So if the claim depends on b^l through z^l only, and
    differentiates by nothing before z^l, then z^l itself may be chosen, and the layers below have no part in it.
    """
    whole = claim.definitions
    differentiated = {node.by.key for node in claim.nodes if isinstance(node, Partial)}
    for node in claim.nodes:
        if not isinstance(node, Variable) or node.key in claim.definitions.cuts:
            continue
        definition = whole.definition(node.key)
        free = _added_leaf(claim, definition) if isinstance(definition, Add) else None
        if free is None or differentiated & whole.ancestors(node.key):
            continue
        closer = Definitions(claim.settler, claim.definitions.cuts | {node.key})
        nodes = claim.reached(closer)
        if free not in {other.key for other in nodes if isinstance(other, Variable)}:
            claim.definitions, claim.nodes = closer, nodes
            return cut(claim)
    return None


def _added_leaf(claim: Prepared, definition: Add) -> VariableKey | None:
    for side in (definition.right, definition.left):
        if isinstance(side, Variable) and claim.definitions.definition(side.key) is None:
            return None if claim.context.properties(side.name, side.layer) else side.key
    return None


# ---- widths ----


def widths_of(claim: Prepared) -> list[Width]:
    """The symbolic widths that occur, in the order of the claim."""
    found: dict[Width, None] = {}

    def note(*extents: Extent) -> None:
        found.update((extent, None) for extent in extents if isinstance(extent, Width))

    for node in claim.nodes:
        match node:
            case Variable() | Filled() | Identity() | Spread():
                note(*node.shape)
            case WidthValue(width) | Summed(width=width):
                note(width)
            case _:
                pass
    note(*claim.letters.values())
    return list(found)


def ladder_of(widths: list[Width], leaves: list[Variable], least: Mapping[Extent, int]) -> list[dict[Extent, int]]:
    """Choices of widths, those with the fewest entries first; none below ``least``."""
    n = len(widths)
    if n <= 3:
        rungs = list(product((1, 2, 3), repeat=n))
    elif n == 4:
        rungs = [*product((1, 2), repeat=n), (2, 3, 2, 3), (3, 2, 3, 2), (2, 3, 3, 2)]
    else:
        single = [tuple(1 + (i == k) for i in range(n)) for k in range(n)]
        pairs = [tuple(1 + (i in (k, k + 1)) for i in range(n)) for k in range(n - 1)]
        rungs = [(1,) * n, *single, *pairs, (2,) * n, tuple(2 + i % 2 for i in range(n))]
    floor = tuple(least.get(width, 1) for width in widths)
    above = tuple(least.get(width, 0) + 1 for width in widths)  # beyond the last entry that has a number
    rungs = [tuple(map(max, rung, low)) for rung in rungs for low in (floor, above)]
    rungs = list(dict.fromkeys([*rungs, *(tuple(map(max, (n_all,) * n, above)) for n_all in (4, 5))]))
    ladder: list[dict[Extent, int]] = [dict(zip(widths, rung, strict=True)) for rung in rungs]
    return sorted(ladder, key=lambda rung: (entries_of(leaves, rung), sum(rung.values())))


def entries_of(leaves: list[Variable], widths: Mapping[Extent, int]) -> int:
    return sum(
        (rows if isinstance(rows, int) else widths[rows]) * (columns if isinstance(columns, int) else widths[columns])
        for rows, columns in (leaf.shape for leaf in leaves)
    )


# ---- values ----


def awkward(value: Fraction | int, standing: bool) -> int:
    """How awkward a number is by hand. A quantity that the claim does not show had best be 0."""
    if value == 0:
        return 2 if standing else 0
    size = abs(value.numerator)
    large = size if size <= 10 else 10 + size.bit_length()
    return large + 4 * (value.denominator.bit_length() - 1) + (value < 0)
