"""The catalogue of misconceptions: one row each, the most specific first."""

from derivations.diagnosis.catalogue import activations, batches, layers, losses, products, terms, transposes
from derivations.diagnosis.catalogue.rows import Example, Misconception

CATALOGUE: tuple[Misconception, ...] = (
    *transposes.ROWS,
    *products.ROWS,
    *activations.ROWS,
    *terms.ROWS,
    *batches.ROWS,
    *layers.ROWS,
    *losses.ROWS,
    *terms.GENERAL,
)

__all__ = ["CATALOGUE", "Example", "Misconception"]
