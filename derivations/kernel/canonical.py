"""Canonical names for the indices of a sum: one form for every way of naming them.

The factors of a connected sum are the hyperedges of a small graph whose vertices are its indices. Colours are refined
until they say as much as they can; where two indices still look alike, each is tried in turn (individualisation),
except that of two *twins* (indices that a mere swap exchanges) one is enough. The least form found is canonical.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial
from typing import TypeAlias

Index: TypeAlias = int
Exponent: TypeAlias = "int | Fraction"
Factor: TypeAlias = "tuple[int, tuple[Index, ...], Exponent]"  # head, indices, exponent
Group: TypeAlias = tuple[tuple[int, ...], ...]  # permutations of positions, the identity among them
Groups: TypeAlias = Callable[[int], Group]
Spend: TypeAlias = Callable[[int], None]
"""Pays for so many units of work; raises where there is no more."""

MOST_ORDERS = 720
"""Indices that may change places in more ways are not treated."""
TUPLES_PER_UNIT = 4


class TooLarge(Exception):  # noqa: N818
    """The normal form would be too large; nothing is decided."""


def least(indices: tuple[Index, ...], group: Group) -> tuple[Index, ...]:
    """The least of the ways to write the indices that a head's symmetry leaves open."""
    if len(group) == 1:
        return indices
    return min(tuple(indices[p] for p in order) for order in group)


def closure(generators: Iterable[tuple[int, ...]], size: int) -> Group:
    """The group of permutations generated, sorted, the identity first. Raises TooLarge."""
    identity = tuple(range(size))
    found, pending = {identity}, [identity]
    steps = list(generators)
    while pending:
        element = pending.pop()
        for step in steps:
            product = tuple(element[p] for p in step)
            if product not in found:
                if len(found) == MOST_ORDERS:
                    raise TooLarge("Its indices may change places in too many ways.")
                found.add(product)
                pending.append(product)
    return tuple(sorted(found))


def block_symmetry(prefix: int, blocks: int, length: int) -> Group:
    """All orders of ``blocks`` blocks of ``length`` positions behind a fixed prefix (derivatives commute).

    Raises TooLarge.
    """
    if factorial(blocks) > MOST_ORDERS:
        raise TooLarge(f"A derivative of order {blocks} of an unknown function of many variables.")
    fixed = tuple(range(prefix))
    return tuple(
        fixed + tuple(prefix + block * length + p for block in order for p in range(length))
        for order in permutations(range(blocks))
    )


def canonical(
    factors: Sequence[Factor], colours: Mapping[Index, tuple[int, ...]], groups: Groups, spend: Spend
) -> tuple[list[Index], list[tuple[Index, ...]]]:
    """The canonical order of the indices, and all orders that give the same form (automorphisms).

    ``colours`` gives each index its first colour; only indices of one first colour may change places.
    """
    ranks = _ranked(colours)
    price = 1 + sum(len(indices) * len(groups(head)) for head, indices, _ in factors) // TUPLES_PER_UNIT
    best: list[tuple[object, list[Index]]] = []

    def search(colour: dict[Index, int]) -> None:
        colour = _refined(factors, colour, groups, lambda: spend(price))
        cell = _first_open_cell(colour)
        if cell is None:
            order = sorted(colour, key=colour.__getitem__)
            form = _form(factors, {index: place for place, index in enumerate(order)}, groups)
            if not best or form < best[0][0]:  # type: ignore[operator]
                best[:] = [(form, order)]
            elif form == best[0][0]:
                best.append((form, order))
            return
        tried: list[Index] = []
        for chosen in cell:
            if any(_are_twins(factors, chosen, other, groups) for other in tried):
                continue
            tried.append(chosen)
            # The chosen one comes just before its old companions.
            search({index: 2 * c - (index == chosen) for index, c in colour.items()})

    search(ranks)
    return best[0][1], [tuple(order) for _, order in best]


def twin_swaps(factors: Sequence[Factor], indices: Sequence[Index], groups: Groups) -> list[tuple[Index, Index]]:
    """The pairs of the indices given that a mere swap exchanges."""
    return [
        (one, other)
        for place, one in enumerate(indices)
        for other in indices[place + 1 :]
        if _are_twins(factors, one, other, groups)
    ]


def _ranked(signatures: Mapping[Index, object]) -> dict[Index, int]:
    order = {signature: rank for rank, signature in enumerate(sorted(set(signatures.values())))}  # type: ignore[type-var]
    return {index: order[signature] for index, signature in signatures.items()}


def _refined(
    factors: Sequence[Factor], colour: dict[Index, int], groups: Groups, pay: Callable[[], None]
) -> dict[Index, int]:
    classes = len(set(colour.values()))
    while classes < len(colour):
        pay()
        seen: dict[Index, list[object]] = {index: [] for index in colour}
        for head, indices, exponent in factors:
            group = groups(head)
            for index in set(indices):
                view = min(tuple((colour[indices[p]], indices[p] == index) for p in order) for order in group)
                seen[index].append((head, exponent, view))
        for views in seen.values():
            views.sort()
        colour = _ranked({index: (colour[index], tuple(seen[index])) for index in colour})
        refined = len(set(colour.values()))
        if refined == classes:
            break
        classes = refined
    return colour


def _first_open_cell(colour: dict[Index, int]) -> list[Index] | None:
    cells: dict[int, list[Index]] = {}
    for index, c in colour.items():
        cells.setdefault(c, []).append(index)
    open_cells = [cell for _, cell in sorted(cells.items()) if len(cell) > 1]
    return min(open_cells, key=len) if open_cells else None


def _form(factors: Sequence[Factor], place: Mapping[Index, int], groups: Groups) -> list[Factor]:
    renamed = [(head, least(tuple(place[i] for i in indices), groups(head)), e) for head, indices, e in factors]
    renamed.sort()
    return renamed


def _are_twins(factors: Sequence[Factor], one: Index, other: Index, groups: Groups) -> bool:
    swap = {one: other, other: one}
    touched = [f for f in factors if one in f[1] or other in f[1]]
    before = sorted((h, least(i, groups(h)), e) for h, i, e in touched)
    after = sorted((h, least(tuple(swap.get(x, x) for x in i), groups(h)), e) for h, i, e in touched)
    return before == after
