"""The catalogue of misconceptions: one row each, the most specific first."""

from derivations.diagnosis.catalogue import activations, batches, indices, layers, losses, products, terms, transposes
from derivations.diagnosis.catalogue.rows import Example, Misconception

CATALOGUE: tuple[Misconception, ...] = (
    *indices.ROWS,
    *transposes.ROWS,
    *products.ROWS,
    *activations.ROWS,
    *terms.ROWS,
    *batches.ROWS,
    *layers.ROWS,
    *losses.ROWS,
    *terms.GENERAL,
)

OF_ANY_MATRICES = tuple(row for row in CATALOGUE if row.code in transposes.OF_ANY_MATRICES)
"""The rows that say nothing of derivatives or networks."""

__all__ = ["CATALOGUE", "OF_ANY_MATRICES", "Example", "Misconception"]
