"""The witness: evaluates the typed formula itself on exact numbers, and looks for a small counterexample.

It shares no code with the kernel. ``trial`` compares the sides of a claim on random samples; ``counterexample`` looks
for the smallest sample on which they differ. Both give the same answer for the same seed, on every machine.
"""

from derivations.witness.counterexamples import Counterexample
from derivations.witness.search import counterexample
from derivations.witness.trial import Agrees, Differs, Outcome, Untestable, ordinary_trial, trial

__all__ = [
    "Agrees",
    "Counterexample",
    "Differs",
    "Outcome",
    "Untestable",
    "counterexample",
    "ordinary_trial",
    "trial",
]
