"""The words around a derivation, in one place for a translation."""

from __future__ import annotations

INDEX, MATRIX = "entry by entry", "as matrices"
STEPS = "{count} steps, each proved"
ONE_STEP = "1 step, proved"
SYMPY = "SymPy's derivative agrees"
TESTED = "checked on random exact numbers"
GIVEN, LAYOUT, ASSUMING, SHAPE = "given", "layout", "assuming", "shape"
EQUATION, STEP, INDEX_PROOF, MATRIX_PROOF = "Equation", "Step", "Index proof", "Matrix proof"
HOLDS_FOR = "Holds for"
