"""Inverse and determinant of a square matrix that is given entry by entry."""

from __future__ import annotations

from derivations.kernel.algebra import ONE, Algebra, OutsideFragment, Polynomial
from derivations.kernel.canonical import Factor, Index, closure
from derivations.kernel.functions import power


def inverse(algebra: Algebra, matrix: Polynomial, row: Index, column: Index) -> Polynomial:
    """The entry (row, column) of the inverse of the matrix with entries ``matrix`` over these two indices.

    The matrix is assumed invertible; then so is every square factor of it.
    """
    chain = _chain(algebra, matrix, row, column)
    if chain is None:
        return _opaque(algebra, "inverse", matrix, row, column)
    scalar, links = chain
    result = power(algebra, scalar, -1)
    previous, inner = row, []
    for place, (link, first, second) in enumerate(reversed(links)):
        following = column if place == len(links) - 1 else algebra.fresh(algebra.widths[row])
        if following != column:
            inner.append(following)
        result = algebra.times(result, _inverse_of_link(algebra, link, first, second, previous, following))
        previous = following
    for index in inner:
        result = algebra.summed(result, index)
    return result


def determinant(algebra: Algebra, matrix: Polynomial, row: Index, column: Index) -> Polynomial:
    """det; of a product of square matrices the product of the determinants, of an inverse the reciprocal."""
    chain = _chain(algebra, matrix, row, column)
    if chain is None or chain[0] != ONE:
        return _opaque(algebra, "determinant", matrix, row, column)
    result = ONE
    for link, first, second in chain[1]:
        head, indices, _ = link
        if algebra.heads[head].kind == "delta":
            continue
        if algebra.heads[head].kind == "inverse":
            one, other = algebra.fresh(algebra.widths[row]), algebra.fresh(algebra.widths[row])
            inside = _under_inverse(algebra, head, indices, (one, other))
            result = algebra.times(result, power(algebra, determinant(algebra, inside, one, other), -1))
        else:
            result = algebra.times(result, _opaque(algebra, "determinant", algebra.atom(head, indices), first, second))
    return result


def _chain(
    algebra: Algebra, matrix: Polynomial, row: Index, column: Index
) -> tuple[Polynomial, list[tuple[Factor, Index, Index]]] | None:
    """A scalar and square matrices whose product is the matrix, each with its row and column index; or None."""
    if len(matrix) != 1:
        return None
    ((monomial, c),) = matrix.items()
    scalars = [f for f in monomial if row not in f[1] and column not in f[1]]
    links = [f for f in monomial if f not in scalars]
    if len(links) == 1 and algebra.heads[links[0][0]].kind == "sum" and links[0][2] == 1:
        links = algebra.open_sum(links[0][0], links[0][1])[0]
    width = algebra.widths[row]
    path: list[tuple[Factor, Index, Index]] = []
    at = row
    while at != column or not path:
        here = [f for f in links if at in f[1]]
        if len(here) != 1 or len(here[0][1]) != 2 or here[0][2] != 1:
            return None
        link = here[0]
        if algebra.heads[link[0]].kind not in ("tensor", "inverse", "delta"):
            return None
        following = link[1][1] if link[1][0] == at else link[1][0]
        if following == at or any(algebra.widths[i] != width for i in link[1]):
            return None
        path.append((link, at, following))
        links.remove(link)
        at = following
    return (algebra.scaled({tuple(scalars): 1}, c), path) if not links else None


def _inverse_of_link(
    algebra: Algebra, link: Factor, first: Index, second: Index, row: Index, column: Index
) -> Polynomial:
    head, indices, _ = link
    kind = algebra.heads[head].kind
    if kind == "delta":
        return algebra.delta(row, column)
    if kind == "inverse":
        place = {first: row, second: column}
        return _under_inverse(algebra, head, indices, (place[indices[0]], place[indices[1]]))
    return algebra.renamed(
        _opaque(algebra, "inverse", algebra.atom(head, indices), first, second), {first: row, second: column}
    )


def _under_inverse(algebra: Algebra, head: int, indices: tuple[Index, ...], at: tuple[Index, Index]) -> Polynomial:
    """The matrix under an inverse head, at a row and column."""
    row, column = at
    width = algebra.widths[row]
    names = {algebra.index("lambda", 0, width): row, algebra.index("lambda", 1, width): column}
    names.update(zip(algebra.slots_of(head)[:-2], indices[:-2], strict=True))
    return algebra.renamed(dict(algebra.argument(head)), names)


def _opaque(algebra: Algebra, kind: str, matrix: Polynomial, row: Index, column: Index) -> Polynomial:
    """A new inverse or determinant; inv(Xᵀ) is inv(X)ᵀ, det(Xᵀ) is det(X)."""
    width = algebra.widths[row]
    algebra.used.add(("invertible", ""))
    one, other = algebra.index("lambda", 0, width), algebra.index("lambda", 1, width)
    straight = algebra.abstracted(algebra.renamed(matrix, {row: one, column: other}), fixed=(one, other))
    turned = algebra.abstracted(algebra.renamed(matrix, {row: other, column: one}), fixed=(one, other))
    flip = turned[0] < straight[0]
    form, indices, group = turned if flip else straight
    if group:
        raise OutsideFragment("An inverse whose matrix depends on indices symmetrically.")
    if kind == "determinant":
        head = algebra.head_of(kind, (form,), indices, None, matrix)
        return algebra.atom(head, indices)
    size = len(indices)
    symmetry = closure([(*range(size), size + 1, size)], size + 2) if straight[0] == turned[0] else None
    own = (*indices, column, row) if flip else (*indices, row, column)
    head = algebra.head_of(kind, (form,), own, symmetry, matrix)
    return algebra.atom(head, own)
