"""The words of an answer, in one place for a translation."""

from __future__ import annotations

HEADINGS = {
    "proved": "✓ proved",
    "refuted": "✗ refuted",
    "ill-shaped": "✗ does not fit",
    "unreadable": "! cannot be read",
    "undecided": "? undecided",
}
PLAIN_HEADINGS = {
    "proved": "proved:",
    "refuted": "refuted:",
    "ill-shaped": "does not fit:",
    "unreadable": "cannot be read:",
    "undecided": "undecided:",
}
SHAPES, ASSUMING, NOTE, HINT = "shapes", "assuming", "note", "hint"
COUNTEREXAMPLE, EVIDENCE, LAYOUT = "for example", "evidence", "layout"
LEFT, RIGHT, ENTRY = "left side", "right side", "they differ in row {0}, column {1}"
BUT_RIGHT = "but"
DID_YOU_MEAN, FIX_PROVED, WHY = "  did you mean", "proved", "why"
IS = "is"
ROUNDED = "(decimals are rounded)"
WORKED_OUT = "so that"
SUMMARY = "{count} claims: {parts}"
