"""What sheets and documents say, in one place for a translation."""

from __future__ import annotations

NOT_BY = "True, but not by {reason}: {why}."
UNUSED_DEFINITION = "the step holds whatever {name} is defined to be"
USES = "the step holds whatever {name} is defined to be; it uses the definition of {others}"
USES_DEFINITIONS = "it uses the definition of {names}"
NO_HYPOTHESIS = "the step holds without any assumption"
SAME_LINE = "this is the line before"
NO_DERIVATIVE = "no derivative is taken apart in this step"
NO_EQUATION = "what {name} says of the line before, {statement}, does not give this line"
NOT_APPLICABLE = "nothing in the line before has the form of {name}, {statement}"
NOT_CHECKED = "The reason “{reason}” is not one that is known here; the step itself was checked."
TOO_LARGE = "It follows, but leaves out too much: it uses the definitions of {names} at once. First write {step}."

GOAL_REACHED = "reached"
GOAL_OTHER_FORM = "equal to the last line, but not written in its form"
GOAL_MISSED = "not reached"
NO_GOAL = "A goal is an equation, or what the derivation begins with:  goal: ∂J/∂W^l = δ^l (a^{l-1})^T."

NOT_MET = "This was announced as {expected}, but it is {verdict}."
NOT_CLOSED = "{what} is never closed."
CLOSE_IT = "Add {closing}. What follows was read as text again."
NOT_AN_EQUATION = "This is not an equation, so there is nothing to check."
SKIP_IT = "Leave it out with a directive:  {directive}"
UNKNOWN_DIRECTIVE = "“{seen}” is no directive."
DIRECTIVES = "Directives are: use network …, layout …, declarations, assume …, expect: refuted, skip, on, off."
BAD_BYTES = "This line is not in UTF-8: the characters marked � could not be read."
SAVE_AS_UTF8 = "Save the file in UTF-8."

BINARY = "{file} is a binary file, not a text."
TOO_LARGE_A_FILE = "{file} is larger than {limit} MB."
