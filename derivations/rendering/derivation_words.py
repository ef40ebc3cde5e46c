"""The words around a derivation, in one place for a translation."""

from __future__ import annotations

INDEX, MATRIX = "entry by entry", "as matrices"
STEPS = "{count} steps, each proved"
ONE_STEP = "1 step, proved"
SYMPY = "SymPy's derivative agrees"
SYMPY_SEVERAL = "SymPy's {count} derivatives agree"
TESTED = "checked on random exact numbers"
INDEX_PROOF, MATRIX_PROOF = "Index proof", "Matrix proof"
HOLDS_FOR, GIVEN = "Holds for", "given"
WRITTEN_OUT = 'with all entries, as check proves them with  --given "{given}"'
GUESS = "    next, {rule}. Your guess? (Enter shows the step, q all of them) = "
RIGHT = "✓ right: the two are equal."
WRONG = "✗ not this: {reason}"
WORKING = "deriving {on} … {seconds} s"
TOO_LONG = (
    "{on}: no derivation was finished within {seconds} seconds, so it was ended; nothing is claimed. Give parts of "
    "long definitions names of their own, or ask for a derivative by something nearer to the end."
)
