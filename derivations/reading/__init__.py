"""Text → formula, in every spelling of LANGUAGE, and in any mixture of them. Nothing is ever evaluated."""

from derivations.reading.names import canonical_name
from derivations.reading.splitting import split_statements
from derivations.reading.statements import read_claim, read_formula, read_statement

__all__ = ["canonical_name", "read_claim", "read_formula", "read_statement", "split_statements"]
