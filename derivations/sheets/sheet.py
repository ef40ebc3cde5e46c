"""Sheets → verdicts, one for each ``=``, as they are found; and whether the goals are reached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial

from derivations.checking import SECONDS, Locate, Review, check_text, extended, places
from derivations.formula import Span
from derivations.formula import Unreadable as NotReadable
from derivations.reading import split_statements
from derivations.setting import Context, Setting
from derivations.shapes import Misfit
from derivations.sheets import words
from derivations.sheets.files import STRANGE
from derivations.sheets.report import Goal, Report, unreadable
from derivations.verdicts import Place, Verdict

_GOAL = re.compile(r"(?m)^[ \t]*goal[ \t]*:(?!=)[ \t]*(?P<text>[^\n#]*)")


def check_sheet(
    text: str, setting: Setting, file: str = "", *, goals: Iterable[str] = (), strict: bool = False
) -> Report:
    """Check a sheet line by line. ``goals`` are further ones, as in ``goal: ∂J/∂W^l = δ^l (a^{l-1})^T``."""
    found = list(sheet_verdicts(text, setting, file, strict=strict))
    return Report(tuple(found), goals_reached(text, setting, found, file, goals))


def goals_reached(
    text: str, setting: Setting, verdicts: list[Verdict], file: str = "", goals: Iterable[str] = ()
) -> tuple[Goal, ...]:
    """Which of the goals of a sheet, and of further ones, its verdicts reach."""
    locate = places(text, file)
    stated = [(found["text"].strip(), locate(found.start("text"))) for found in _GOAL.finditer(text)]
    wanted = [*stated, *((goal, Place(file)) for goal in goals)]
    if not wanted:
        return ()
    from derivations.sheets.goals import judged  # most sheets state none

    after = setting_after(text, setting)
    return tuple(judged(goal, place, verdicts, after) for goal, place in wanted)


def sheet_verdicts(
    text: str,
    setting: Setting,
    file: str = "",
    *,
    locate: Locate | None = None,
    strict: bool = False,
    seconds: float = SECONDS,
) -> Iterator[Verdict]:
    """The verdicts of a sheet, as they are found; ``seconds`` is what each may take."""
    locate = locate or places(text, file)
    review: Review = partial(_reviewed, strict=strict)
    yield from _strange_lines(text, locate)
    yield from check_text(_without_goals(text), setting, file, locate=locate, review=review, seconds=seconds)


def _reviewed(verdict: Verdict, reason: str, context: Context, strict: bool) -> Verdict:
    if not reason and not strict:
        return verdict
    from derivations.sheets.reasons import reviewed  # most steps give none

    return reviewed(verdict, reason, context, strict=strict)


def setting_after(text: str, setting: Setting) -> Setting:
    """The setting at the end of a sheet, whatever of it could be read."""
    for piece, _ in split_statements(_without_goals(text)):
        with suppress(NotReadable, Misfit):
            setting = extended(setting, piece)
    return setting


def _without_goals(text: str) -> str:
    return _GOAL.sub(lambda found: " " * len(found.group()), text)


def _strange_lines(text: str, locate: Locate) -> Iterator[Verdict]:
    """A word on each line that was not in UTF-8; it is read as well as it goes."""
    if STRANGE not in text:
        return
    for found in re.finditer(rf"(?m)^.*{STRANGE}.*$", text):
        at = found.group().index(STRANGE)
        yield unreadable(
            found.group().strip(), words.BAD_BYTES, words.SAVE_AS_UTF8, locate(found.start() + at), Span(0, 0)
        )
