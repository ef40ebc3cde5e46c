"""Text → formula, in every spelling of the language. Nothing is evaluated, and nothing but ``Unreadable`` is raised."""

from derivations.reader.statements import (
    read_claim,
    read_formula,
    read_statement,
    read_statements,
    split_statements,
)

__all__ = ["read_claim", "read_formula", "read_statement", "read_statements", "split_statements"]
