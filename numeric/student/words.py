"""What is said of a run that did not end as it should. The wording is pinned in tests/grading."""

from __future__ import annotations

from typing import Final

REFUSED: Final = "this is not allowed here: only a calculation with NumPy is run"
"""What the student's own code sees where it leaves the fence."""
SLOW: Final = "it had not finished after {seconds:g} seconds, and was stopped"
LOUD: Final = "it printed more than {megabytes} megabytes, and was stopped"
FILLS: Final = "it wrote more than {megabytes} megabytes or {files} files, and was stopped"
ENDED: Final = "it ended its own process (exit code {code}) before it had returned everything"
CRASHED: Final = "its process crashed ({signal}) before it had returned everything"
GARBLED: Final = "what came back from its process is not what was asked for"
NOT_STARTED: Final = "it could not be run: {why}"
NOT_BEGUN: Final = "Python had not begun with it when it ended with code {code}"
NO_SUCH_FUNCTION: Final = "the file defines no function {name}"
"""Said for a function that is missing, as the message of a NameError."""
NO_MESSAGE: Final = "no message"
