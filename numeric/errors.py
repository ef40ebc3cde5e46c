"""What is raised when something handed over cannot be used: a sentence, and one hint."""

from __future__ import annotations


class MisuseError(ValueError):
    """Something handed over does not fit: ``str()`` is the sentence, ``hint`` says what to do about it."""

    def __init__(self, sentence: str, hint: str) -> None:
        super().__init__(sentence)
        self.hint = hint


def misuse(sentence: str, hint: str, /, **seen: object) -> MisuseError:
    """The error made of a sentence and a hint of ``wording``, with the names in braces filled in."""
    return MisuseError(sentence.format(**seen), hint.format(**seen))
