"""Goals: what a derivation is to arrive at, and whether it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from derivations.diagnosis.proof import proves
from derivations.formula import Derivative, Formula, Gradient, Unreadable, walk
from derivations.reading import read_claim, read_formula
from derivations.setting import Context, Setting
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit, Settled
from derivations.sheets import words
from derivations.sheets.report import Goal
from derivations.verdicts import Place, Proved, Verdict

_OPEN_END = re.compile(r"=\s*(?:…|\.\.\.|\\dots|\\ldots|\?)?\s*$")


def judged(goal: str, place: Place, verdicts: Sequence[Verdict], setting: Setting) -> Goal:
    """Whether some chain begins with the goal's left side and arrives at its right one, every step following.

    A chain that ends in something equal, but of another form, has not arrived.
    """
    try:
        sides = _sides(goal, setting)
    except Unreadable:
        return Goal(goal, False, words.NO_GOAL, place)
    context = Context.of(setting, sides)
    wanted = [_settled(side, context) for side in sides]
    equal = False
    for chain in _chains(verdicts):
        first = chain[0].left
        if first is None or _settled(first, context) != wanted[0]:
            continue
        for verdict in chain:
            if not isinstance(verdict, Proved) or verdict.mark == "follows from a slip":
                continue
            assert verdict.right is not None
            if len(sides) == 1:
                if not any(isinstance(node, Derivative | Gradient) for node in walk(verdict.right)):
                    return Goal(goal, True, words.GOAL_REACHED, place)
            elif _settled(verdict.right, context) == wanted[1]:
                return Goal(goal, True, words.GOAL_REACHED, place)
        last = chain[-1]
        if len(sides) == 2 and isinstance(last, Proved) and last.mark != "follows from a slip":
            equal = equal or (last.right is not None and proves(last.right, sides[1], context))
    return Goal(goal, False, words.GOAL_OTHER_FORM if equal else words.GOAL_MISSED, place)


def _sides(goal: str, setting: Setting) -> tuple[Formula, ...]:
    if _OPEN_END.search(goal) or "=" not in goal:
        return (read_formula(_OPEN_END.sub("", goal), setting.vocabulary),)
    return read_claim(goal, setting.vocabulary).sides[:2]


def _settled(side: Formula, context: Context) -> Settled | None:
    try:
        return Settler(context).settle(side)
    except (Misfit, Unreadable, Unsupported):
        return None


def _chains(verdicts: Sequence[Verdict]) -> Iterator[list[Verdict]]:
    """The verdicts, chain by chain."""
    chain: list[Verdict] = []
    for verdict in verdicts:
        if chain and not verdict.in_chain:
            yield chain
            chain = []
        if verdict.left is not None:
            chain.append(verdict)
    if chain:
        yield chain
