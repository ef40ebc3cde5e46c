"""Whole derivations and documents: sheets line by line, Markdown and LaTeX with directives.

    from derivations.sheets import check_sheet, check_document

Names are loaded when they are first used: a sheet needs nothing of what documents need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivations.sheets.documents import check_document
    from derivations.sheets.files import NotAText, text_of
    from derivations.sheets.report import Goal, Report
    from derivations.sheets.sheet import check_sheet

_HOMES = {
    "check_document": "documents", "check_sheet": "sheet", "NotAText": "files", "text_of": "files",
    "Goal": "report", "Report": "report",
}  # fmt: skip

__all__ = ["Goal", "NotAText", "Report", "check_document", "check_sheet", "text_of"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"derivations.sheets.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'derivations.sheets' has no attribute {name!r}")
