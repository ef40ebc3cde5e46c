"""Text → formula, in every spelling of LANGUAGE, and in any mixture of them. Nothing is ever evaluated."""
