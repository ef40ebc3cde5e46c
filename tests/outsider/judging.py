"""A claim with its truth, and what the product says of it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from derivations import Network, check
from tests.outsider.trees import Node
from tests.outsider.values import NoValue, World, value


@dataclass
class Claim:
    """A text to be checked. ``truth`` has one word for each ``=``: true, false, misfit, unknown; or boundary,
    true but where the highest layer named is the last one; partly, true but where something is 0; nowhere, for
    something that is always 0.

    again: the same of each side and the first: a chain that has slipped may come right again.
    highest: the highest layers named, of a network.
    sides: the two sides of a claim whose names stand for themselves.
    ambiguous: print leaves two readings, so that ``depends`` is right as well.
    """

    text: str
    truth: tuple[str, ...]
    given: str = ""
    layout: str = "denominator"
    network: dict[str, Any] | None = None
    again: tuple[str, ...] = ()
    highest: tuple[str, ...] = ()
    sides: tuple[Node, ...] = ()
    ambiguous: bool = False
    family: str = ""

    def asked(self) -> list[Any]:
        network = Network(**self.network) if self.network is not None else None
        return check(self.text, network, given=self.given, layout=self.layout)

    def reread(self, fix: str) -> set[str]:
        """The verdicts on a correction, typed in the place of the claim."""
        *sheet, _ = self.text.split("\n")
        return {answer.verdict for answer in replace(self, text="\n".join([*sheet, fix])).asked()}

    def __str__(self) -> str:
        parts = [repr(self.text), f"given={self.given!r}" if self.given else ""]
        parts += [f"layout={self.layout}" * (self.layout != "denominator"), f"{self.network}" * bool(self.network)]
        return f"[{self.family}] " + "  ".join(part for part in parts if part) + f"  truth: {', '.join(self.truth)}"


WRONG = {
    ("true", "refuted"), ("true", "ill-shaped"), ("false", "proved"), ("false", "ill-shaped"),
    ("misfit", "proved"), ("misfit", "refuted"), ("nowhere", "proved"), ("partly", "ill-shaped"),
    ("boundary", "refuted"), ("boundary", "ill-shaped"),
}  # fmt: skip


@dataclass
class Report:
    """What came of many claims: how often each verdict, and each wrong one with its claim."""

    verdicts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, Claim]] = field(default_factory=list)
    unread: list[tuple[str, Claim]] = field(default_factory=list)

    def judge(self, claim: Claim, *, twice: bool = False) -> None:
        try:
            answers = claim.asked()
            told = [_told(answer) for answer in answers]
            if twice and told != [_told(answer) for answer in claim.asked()]:
                self.wrong.append(("another answer the second time", claim))
        except Exception as problem:
            self.wrong.append((f"{type(problem).__name__}: {str(problem)[:200]}", claim))
            return
        if len(answers) != len(claim.truth):
            bad = "unreadable" if answers and answers[0].verdict == "unreadable" else "count"
            self.verdicts[claim.family, "?", bad] += 1
            self.unread.append(
                (f"{len(answers)} answers: {getattr(answers[0], 'message', '') if answers else ''}", claim)
            )
            return
        for k, answer in enumerate(answers):
            came_right = answer.mark == "right again" and claim.again[k] == "true"
            self._one(answer, "true" if came_right else claim.truth[k], claim)

    def _one(self, answer: Any, truth: str, claim: Claim) -> None:
        verdict = answer.verdict
        self.verdicts[claim.family, truth, verdict] += 1
        if (truth, verdict) in WRONG:
            told = getattr(answer, "message", "") or f"read as {answer.read_as}"
            self.wrong.append((f"{verdict} although {truth}: {told}", claim))
        elif (truth, verdict) == ("boundary", "proved") and not _excludes_the_last(answer, claim.highest):
            self.wrong.append((f"proved, though false where {claim.highest} is the last: {answer.assumptions}", claim))
        elif (truth, verdict) == ("partly", "proved") and not any("0" in text for text in answer.assumptions):
            self.wrong.append((f"proved without its hypothesis: {answer.assumptions}", claim))
        elif verdict == "refuted" and len(claim.sides) == 2 and (problem := _misled(answer.witness, claim.sides)):
            self.wrong.append((problem, claim))
        elif verdict == "depends" and not claim.ambiguous and truth == "true":
            self.wrong.append(("depends, although it is right as print reads it", claim))
        elif verdict == "unreadable":
            self.unread.append((answer.message, claim))
        for item in answer.diagnosis:
            if item.fix is not None and truth == "true":
                self.wrong.append((f"a correction of what is right: {item.fix}", claim))
            elif item.fix is not None and claim.reread(item.fix) != {"proved"}:
                self.wrong.append((f"a correction that is not proved when it is typed: {item.fix}", claim))
            elif item.fix is not None and (problem := _unlike(answer.text, item.fix)):
                self.wrong.append((f"{problem}: {item.fix}", claim))


def _misled(witness: Any, sides: tuple[Node, ...]) -> str:
    """What is wrong with a counterexample: that its values are not those of the sides."""
    world = World(dict(witness.widths), {name: np.array(rows, complex) for name, rows in witness.values.items()})
    for side, told in zip(sides, (witness.left, witness.right), strict=True):
        try:
            found = value(side, world)
        except (KeyError, NoValue):  # KeyError: a name on which nothing depends
            continue
        shown = np.array(told, complex)
        if found.shape != shown.shape or np.max(np.abs(found - shown)) > 2e-3 * (1 + np.max(np.abs(found))):
            return f"a counterexample with wrong values: {found} where {told} is said"
    return ""


def _told(answer: Any) -> tuple[Any, ...]:
    return answer.verdict, answer.read_as, answer.diagnosis, answer.assumptions, str(answer.witness)


def _excludes_the_last(answer: Any, tops: tuple[str, ...]) -> bool:
    """Whether the hypotheses say of the highest layer named that it is not the last."""
    told = [text.replace(" ", "") for text in answer.assumptions]
    return any(text.startswith((f"{top}isnotthelast", f"layer{top}isnotthelast")) for top in tops for text in told)


def _bare(side: str) -> str:
    return re.sub(r"\s+|\\left|\\right|\\[,;!]", "", side)


def _unlike(text: str, fix: str) -> str:
    """Why a correction is none of this claim: neither of its sides is the claim's."""
    text = re.sub(r"\\quad.*|\\qquad.*|\\tag.*|\.$", "", text)
    own = {_bare(side) for side in text.split("=")}
    if not own & {_bare(side) for side in fix.split("=")}:
        return "a correction with neither of the claim's sides"
    return ""
