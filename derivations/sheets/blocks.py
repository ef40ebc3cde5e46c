"""What a document is made of: directives, sheets, displayed math, and what could not be made out."""

from __future__ import annotations

from typing import TypeAlias

from derivations.values import value


@value
class Sheet:
    """A fenced sheet. ``text`` has the length of what stands at ``start`` in the document."""

    text: str
    start: int


@value
class Display:
    """Displayed math, its layout marks blanked out; ``text`` has the length of what stands at ``start``."""

    text: str
    start: int


@value
class Directive:
    """What an author tells the checker, in a comment."""

    text: str
    start: int


@value
class Unclosed:
    """A display or a fence that is opened at ``start`` and never closed; ``closing`` is what would close it."""

    opening: str
    closing: str
    start: int


Block: TypeAlias = Sheet | Display | Directive | Unclosed
