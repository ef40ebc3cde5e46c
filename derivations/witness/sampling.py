"""Matrices of random numbers that have the properties assumed of them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from derivations.witness.functions import Unsuitable
from derivations.witness.numbers import NUMBERS_PER_UNIT, Matrix, Modular
from derivations.witness.stream import Stream

Draw: TypeAlias = Callable[[Stream], Fraction | int]

ATTEMPTS = 30


def matrix_with(properties: frozenset[str], rows: int, columns: int, stream: Stream, draw: Draw) -> Matrix:
    """A matrix of rationals with the properties; raises Unsuitable if none was found."""
    for _ in range(ATTEMPTS):
        found = _shaped(properties, rows, columns, stream, _positive(draw) if "positive" in properties else draw)
        if found is not None and (not properties or obeys(found, properties)):
            return found
    raise Unsuitable("no matrix with the properties " + ", ".join(sorted(properties)) + " was found")


def cost(properties: frozenset[str], rows: int, columns: int) -> int:
    """The work of drawing a matrix."""
    elimination = rows**3 // NUMBERS_PER_UNIT if "invertible" in properties else 0
    return 1 + (1 + len(properties)) * rows * columns + elimination


def _positive(draw: Draw) -> Draw:
    def positive(stream: Stream) -> Fraction | int:
        number = draw(stream)
        return -number if number < 0 else number or 1

    return positive


def _shaped(properties: frozenset[str], rows: int, columns: int, stream: Stream, draw: Draw) -> Matrix | None:
    if properties & {"one-hot", "binary"}:
        return _of_zeros_and_ones(properties, rows, columns, stream)
    matrix = [[draw(stream) for _ in range(columns)] for _ in range(rows)]
    if "diagonal" in properties:
        matrix = [[v if i == j else 0 for j, v in enumerate(row)] for i, row in enumerate(matrix)]
    if "symmetric" in properties:
        matrix = [[matrix[min(i, j)][max(i, j)] for j in range(columns)] for i in range(rows)]
    along_columns, along_rows = "columns sum to 1" in properties, "rows sum to 1" in properties
    if along_columns and along_rows:
        return _doubly_stochastic("symmetric" in properties, rows, columns, stream, draw)
    if along_columns:
        return _turned([_with_sum_1(list(column)) for column in _turned(matrix)])
    if along_rows:
        return [_with_sum_1(row) for row in matrix]
    if "sums to 1" in properties:
        flat = _with_sum_1([v for row in matrix for v in row])
        return [flat[i * columns : (i + 1) * columns] for i in range(rows)]
    return matrix


def _turned(matrix: Matrix) -> Matrix:
    return [list(column) for column in zip(*matrix, strict=True)]


def _with_sum_1(values: list[Fraction | int]) -> list[Fraction | int]:
    """Divided by their sum where that is positive, so that positive numbers stay positive."""
    total = sum(values)
    if total > 0:
        return [Fraction(v) / total for v in values]
    for k in range(len(values) - 1, -1, -1):
        if values[k] != 0:
            return [*values[:k], values[k] + 1 - total, *values[k + 1 :]]
    return [1, *values[1:]]


def _doubly_stochastic(symmetric: bool, rows: int, columns: int, stream: Stream, draw: Draw) -> Matrix | None:
    """All rows are turns of one row with the sum 1."""
    if rows != columns:
        return None
    row = _with_sum_1([draw(stream) for _ in range(rows)])
    return [[row[(i + j if symmetric else j - i) % rows] for j in range(rows)] for i in range(rows)]


def _of_zeros_and_ones(properties: frozenset[str], rows: int, columns: int, stream: Stream) -> Matrix:
    def one_of(n: int) -> list[int]:
        chosen = stream.below(n)
        return [int(k == chosen) for k in range(n)]

    if rows == 1 and properties & {"one-hot", "sums to 1", "rows sum to 1"}:
        return [one_of(columns)]
    if properties & {"one-hot", "columns sum to 1"}:
        return _turned([one_of(rows) for _ in range(columns)])
    if "rows sum to 1" in properties:
        return [one_of(columns) for _ in range(rows)]
    if "sums to 1" in properties:
        line = one_of(rows * columns)
        return [line[i * columns : (i + 1) * columns] for i in range(rows)]
    matrix = [[stream.below(2) for _ in range(columns)] for _ in range(rows)]
    if "diagonal" in properties:
        matrix = [[v if i == j else 0 for j, v in enumerate(row)] for i, row in enumerate(matrix)]
    if "positive" in properties:
        matrix = [[1 if i == j or "diagonal" not in properties else 0 for j in range(columns)] for i in range(rows)]
    if "symmetric" in properties:
        matrix = [[matrix[min(i, j)][max(i, j)] for j in range(columns)] for i in range(rows)]
    return matrix


def _is_invertible(matrix: Matrix) -> bool:
    """Whether the determinant is not 0 modulo a prime; then it is not 0."""
    residues = Modular(0)
    return residues.determinant([[residues.number(Fraction(v)) for v in row] for row in matrix]) != [[0]]


def obeys(matrix: Matrix, properties: frozenset[str]) -> bool:
    """Whether a matrix of rationals has the properties. A diagonal matrix is positive if its diagonal is."""
    rows, columns = len(matrix), len(matrix[0])
    entries = [v for row in matrix for v in row]
    across, down = [sum(row) for row in matrix], [sum(column) for column in zip(*matrix, strict=True)]
    off_diagonal = [v for i, row in enumerate(matrix) for j, v in enumerate(row) if i != j]
    diagonal = [row[i] for i, row in enumerate(matrix) if i < columns]
    binary = all(v in (0, 1) for v in entries)
    one_hot = binary and (sum(entries) == 1 if rows == 1 else all(s == 1 for s in down))

    def has(item: str) -> bool:
        match item:
            case "symmetric":
                return matrix == _turned(matrix)
            case "invertible":
                return rows == columns and _is_invertible(matrix)
            case "diagonal":
                return not any(off_diagonal)
            case "positive":
                return all(v > 0 for v in (diagonal if "diagonal" in properties else entries))
            case "binary":
                return binary
            case "sums to 1":
                return bool(sum(entries) == 1)
            case "rows sum to 1":
                return all(s == 1 for s in across)
            case "columns sum to 1":
                return all(s == 1 for s in down)
            case "one-hot":
                return one_hot
            case _:
                return False

    return all(has(item) for item in properties)
