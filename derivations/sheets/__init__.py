"""Whole derivations and documents: sheets line by line, Markdown and LaTeX with directives."""

from derivations.sheets.checking import Goal, Report, check_document, check_sheet
from derivations.sheets.files import NotAText, text_of

__all__ = ["Goal", "NotAText", "Report", "check_document", "check_sheet", "text_of"]
