"""A fault of the program in judging one part: it costs that part, and is told as ours."""

from __future__ import annotations

import os
import traceback
from typing import Final

from chapters.labs import words
from chapters.labs.feedback import Page
from chapters.labs.judgement import JudgedPart
from chapters.labs.variants import Part

NOT_JUDGED: Final = "not-judged"
"""The code of a part that the program could not judge."""


def not_judged(part: Part, error: Exception, page: Page) -> JudgedPart:
    """A part whose judging failed. It earns nothing until somebody has looked at it."""
    if os.environ.get("BACKPROOF_DEBUG"):
        traceback.print_exception(error)
    said = words.NOT_JUDGED.format(error=type(error).__name__)
    lines = tuple(page.marked("wrong", "", said))
    return JudgedPart(part.name, part.title, part.points, 0, lines, (NOT_JUDGED,), said)
