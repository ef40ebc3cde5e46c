"""The words of an answer, in one place for a translation."""

from __future__ import annotations

HEADINGS = {
    "proved": "✓ proved",
    "refuted": "✗ refuted",
    "ill-shaped": "✗ does not fit",
    "unreadable": "! cannot be read",
    "undecided": "? undecided",
    "depends": "? depends",
}
PLAIN_HEADINGS = {
    "proved": "proved:",
    "refuted": "refuted:",
    "ill-shaped": "does not fit:",
    "unreadable": "cannot be read:",
    "undecided": "undecided:",
    "depends": "depends:",
}
SHAPES, ASSUMING, NOTE, HINT = "shapes", "assuming", "note", "hint"
COUNTEREXAMPLE, EVIDENCE, LAYOUT = "for example", "evidence", "layout"
LEFT, RIGHT, ENTRY = "left side", "right side", "they differ in row {0}, column {1}"
AS_EXPECTED, NOT_AS_EXPECTED = "as announced", "not as announced"
MARKS = {
    "follows from a slip": "it follows from the line before, which has the slip",
    "right again": "it is right again: it follows from the chain's beginning, not from the line before",
    "not by this reason": "the step is true, but its reason is another one",
    "too large a step": "the step is true, but leaves out too much",
}
BUT_RIGHT = "but"
DID_YOU_MEAN, FIX_PROVED, WHY = "  did you mean", "proved", "why"
TWO_READINGS = "Print leaves two readings open. Brackets say which one is meant:"
IS = "is"
ROUNDED = "(decimals are rounded)"
WORKED_OUT = "so that"
SUMMARY = "{count} claims: {parts}"
