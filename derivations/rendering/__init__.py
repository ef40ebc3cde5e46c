"""Verdicts and derivations for eyes and for machines: text and terminal, LaTeX and HTML for notebooks, JSON."""
