"""Kind ``derivation``: a chain, judged line by line, from the side that is given to a goal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from chapters.labs import answers, words
from chapters.labs.advice import verdicts_of
from chapters.labs.feedback import Page
from chapters.labs.formulas import codes_of, reason_of, told
from chapters.labs.judgement import JudgedPart, Line
from chapters.labs.known_slips import why_of_line, why_of_whole
from chapters.labs.lab import LabError
from chapters.labs.variants import Part, Variant
from chapters.labs.worksheet import Block
from derivations.formula import Formula, IndexSum, walk
from derivations.formula import Unreadable as UnreadableError
from derivations.reading import read_claim, read_formula
from derivations.setting import Setting
from derivations.sheets.equations_named import EQUATIONS
from derivations.sheets.words import NOT_CHECKED
from derivations.values import replaced
from derivations.verdicts import Proved, Unreadable, Verdict
from derivations.writing import write

_REARRANGES = re.compile(
    r"(?:by )?(?:algebra|rearrang|simplif|expand|collect|cancel|factor|multiply out|common denominator|combin)",
    re.IGNORECASE,
)
"""Reasons by which nothing new can come into a line."""
_ALSO_KNOWN = re.compile(rf"{_REARRANGES.pattern}.*", re.IGNORECASE)
_MISSING = ("no-reason", "unknown-reason")
"""What is objected to a line that is right but for what stands behind it."""
_TRUE = frozenset({*_MISSING, "not-by-this-reason", "too-large-step", "too-few-steps"})
"""What is objected to true lines that are too few, or not well reasoned: they are worth something."""
_ROUNDED = re.compile(r"\(([^()\[\]{}_^=]*[A-Za-z]{3,}[^()\[\]{}_^=]*)\)\s*$")
"""A reason at the end of a line, ``(chain rule)``."""


def judge_chain(variant: Variant, part: Part, block: Block, page: Page) -> JudgedPart:
    """One derivation part: every line follows, by its reason, in honest steps, and the goal is reached."""
    return _Derivation(part, block, answers.setting_of(variant, part), page).judged()


class _Derivation:
    def __init__(self, part: Part, block: Block, setting: Setting, page: Page) -> None:
        self.part, self.block, self.setting, self.page = part, block, setting, page
        try:
            self.goal = read_claim(part.goal, setting.vocabulary).sides[-1]
            self.milestones = [read_formula(text, setting.vocabulary) for text in part.milestones]
            self.must_pass = [
                ([read_formula(text, setting.vocabulary) for text in one.lines], one.say) for one in part.must_pass
            ]
        except UnreadableError as problem:
            message = words.FORMULA_UNREADABLE.format(where=part.name, text=problem.text, problem=problem.message)
            raise LabError(message) from problem
        self.left = answers.left_of(part, setting)
        self.lines: dict[int, list[Line]] = {}
        self.codes: list[str] = []
        self.reasons: list[str] = []
        self.failing: Verdict | None = None
        self.sound = [self.left]  # the sides that are as good as the first
        self.behind_a_slip = False  # whether the line before was wrong
        self.way = 0.0  # which part of the steps is there, where the goal is reached

    def judged(self) -> JudgedPart:
        text = answers.with_left(self.block.text, self.left, self.setting)
        given = answers.statements(text, self.block.line + 1, self.setting)
        for item in given.objections:
            kind = "open" if item.code == "not-answered" else "wrong"
            self.objected(item.line, kind, item.code, item.text if kind == "wrong" else "", item.sentence)
        verdicts: list[Verdict] = []
        if not given.text.strip() and given.objections:
            pass  # what there is was objected to
        elif not given.text.strip():
            first = self.part.starter.partition("\n")[0].strip()
            self.objected(self.block.line, "open", "not-answered", "", words.EMPTY.format(starter=first))
        elif given.claims and not answers.is_spelling_of(
            given.claims[0][1].sides[0], self.left, self.part, self.setting
        ):
            line, claim = given.claims[0]
            sentence = answers.left_changed(claim.sides[0], self.left, self.setting, words.FIRST_LINE_CHANGED)
            self.objected(line, "wrong", "left-side-changed", " = ".join(map(write, claim.sides)), sentence)
        else:
            for verdict, remark in verdicts_of(given.text, self.setting, self.part.strict):
                verdicts.append(verdict)
                self.tell(verdict)
                if remark:
                    self.lines[self.block.line + verdict.place.line] += self.page.labelled("", remark)
            if _TRUE.issuperset(self.codes):
                self.judge_whole(verdicts)
            if self.codes and self.failing is None:
                why = why_of_whole(given.claims, self.codes, self.part, self.setting)
                if why:
                    place = next(place for place in sorted(self.lines, reverse=True) if self.lines[place])
                    self.lines[place] += self.page.labelled("", why)
        passed = not self.codes
        feedback = [line for place in sorted(self.lines) for line in self.lines[place]]
        if passed:
            feedback += self.page.marked("right", "", words.ARRIVED)
        return JudgedPart(
            name=self.part.name,
            title=self.part.title,
            points=self.part.points,
            earned=self.part.points if passed else self.share(verdicts),
            feedback=tuple(feedback),
            codes=tuple(dict.fromkeys(self.codes)),
            reason=words.PASSED if passed else self.reasons[0],
            answered=set(self.codes) != {"not-answered"},
            verdict=self.failing,
            reached=0 if passed else self.reached(),
        )

    def reached(self) -> int:
        """How many lines of the reference are behind the student, as far as the derivation is sound; 0 at the start."""
        if not {"not-answered", "goal-missed"}.issuperset(self.codes):
            return 0
        lines = [line for line in self.part.reference.splitlines() if line.strip()]
        _, *sides = self.sides_of(self.part.reference)
        if len(sides) != len(lines):
            return 0
        mine = [self.look_of(side) for side in self.sound]
        given = [self.look_of(side) for side in self.given()]
        ends = [self.look_of(side) for side in sides]
        return max((k for k, end in enumerate(ends, start=1) if end in mine and end not in given), default=0)

    def objected(self, line: int, kind: str, code: str, text: str, sentence: str) -> None:
        told = [*self.page.marked(kind, words.LINE.format(line=line), text or sentence)]
        self.lines.setdefault(line, []).extend([*told, *(self.page.labelled("", sentence) if text else ())])
        self.add(code, sentence)

    def add(self, code: str, sentence: str) -> None:
        self.codes.append(code)
        self.reasons.append(sentence)

    def tell(self, verdict: Verdict) -> None:
        """One line: whether it follows, whether by its reason, and whether in a step of a fair size."""
        verdict = answers.without_other_left(verdict, self.setting)
        line = self.block.line + verdict.place.line
        lines = self.lines.setdefault(line, [])
        rounded = _ROUNDED.search(verdict.text) if isinstance(verdict, Unreadable) else None
        if rounded:
            sentence = words.ROUND_BRACKETS.format(reason=rounded[1].strip())
            self.objected(line, "wrong", "unreadable", " ".join(verdict.text.split()), sentence)
            return
        if not isinstance(verdict, Proved):
            self.behind_a_slip = True
            why = "" if self.failing else why_of_line(verdict, self.part, self.setting)
            lines += told(verdict, line, self.page, why=why)
            self.failing = self.failing or verdict
            self.codes += codes_of(verdict)
            self.reasons.append(reason_of(verdict))
            return
        verdict, behind = self.settled(verdict), self.behind_a_slip
        self.behind_a_slip = False
        follows = verdict.mark == "follows from a slip"
        if verdict.right is not None and not follows:
            self.sound.append(verdict.right)
        objection = self.objection(verdict, behind)
        remark = words.AFTER_SLIP if follows else words.RIGHT_AGAIN if verdict.mark == "right again" else ""
        if objection is None or (follows and objection[0] in _MISSING):
            lines += told(verdict, line, self.page, remark)
            if follows:
                self.add("follows-from-a-slip", words.AFTER_SLIP)
            elif self.names_no_rule(verdict):
                lines += self.page.labelled("", self.unknown(verdict.reason_given))
            return
        code, sentence = objection
        shown = f"= {write(verdict.right)}" if verdict.in_chain and verdict.right else verdict.read_as
        reason = f"   [{verdict.reason_given}]" if verdict.reason_given else ""
        if code in _MISSING:
            saying = words.REASON_MISSING if code == "no-reason" else words.REASON_UNKNOWN
            shown = f"{shown}{reason}   {saying.format(right=remark or words.SHARE_RIGHT)}"
            lines += self.page.marked("open", words.LINE.format(line=line), shown)
        else:
            lines += self.page.marked("wrong", words.LINE.format(line=line), f"{shown}{reason}")
        lines += self.page.labelled("", sentence)
        self.add(code, sentence)

    def settled(self, verdict: Proved) -> Proved:
        """The verdict with its mark as the reader sees the chain: a line that does not fit is passed over, so what
        follows from the sound one before it does not follow from a slip."""
        if verdict.mark == "follows from a slip" and verdict.left in self.sound:
            return replaced(verdict, mark="right again" if self.behind_a_slip else "")
        return verdict

    def names_no_rule(self, verdict: Proved) -> bool:
        """Whether a reason is given that names no rule, definition or equation."""
        given = verdict.reason_given
        if NOT_CHECKED.format(reason=given) not in verdict.notes or _ALSO_KNOWN.fullmatch(given.strip()):
            return False
        return f"[{given.strip()}]".casefold() not in f"{self.part.task}{self.part.reference}".casefold()

    def unknown(self, reason: str) -> str:
        """The sentence on a reason that names no rule; which ones there are is said once."""
        said = words.UNKNOWN_REASON.format(reason=reason)
        return said if "unknown-reason" in self.codes else f"{said} {words.KNOWN_REASONS}"

    def objection(self, verdict: Proved, behind_a_slip: bool = False) -> tuple[str, str] | None:
        """What is to be said against a line that is true."""
        note = next((note for note in verdict.notes), "")
        cited = verdict.reason_given.upper().replace(" ", "").removeprefix("BY")
        if cited in EQUATIONS and cited not in self.part.may_cite:
            return "cites", words.NOT_TO_CITE.format(name=cited)
        if verdict.mark == "not by this reason":
            return "not-by-this-reason", verdict.notes[-1] if note else ""
        if verdict.mark == "too large a step":
            return "too-large-step", verdict.notes[-1].partition(" First write ")[0]
        if self.part.reasons and not verdict.reason_given:
            return "no-reason", words.NO_REASON
        if self.part.reasons and self.names_no_rule(verdict):
            return "unknown-reason", self.unknown(verdict.reason_given)
        if verdict.left is None or verdict.right is None:
            return None
        if _REARRANGES.match(verdict.reason_given.strip()) and not behind_a_slip:
            new = answers.brought_in(verdict.left, verdict.right, self.setting)
            if new:
                seen = answers.shown_things(new)
                return "not-by-this-reason", words.NEW_BY_ALGEBRA.format(reason=verdict.reason_given, seen=seen)
        hidden = answers.ruled_out(verdict.right, self.part, self.setting)
        if hidden is not None and not any(answers.same(verdict.right, side, self.setting) for side in self.given()):
            return "ruled-out", words.RULED_OUT.format(seen=write(hidden))
        return None

    # ---- the chain as a whole ----

    def judge_whole(self, verdicts: Sequence[Verdict]) -> None:
        """Whether a chain without a slip arrives, and by how many steps."""
        is_told = bool(self.codes)  # what is objected to single lines comes first
        last = verdicts[-1].right if verdicts else None
        line = self.block.line + (verdicts[-1].place.line if verdicts else 0)
        if last is None:
            self.objected(line, "open", "goal-missed", "", words.NOT_THERE_YET)
            return
        more = answers.made_of(last, self.setting) - answers.made_of(self.goal, self.setting)
        if more:
            self.objected(line, "open", "goal-missed", "", words.NOT_ARRIVED.format(seen=answers.shown_things(more)))
            return
        sides = [self.look_of(verdict.right) for verdict in verdicts if verdict.right is not None]
        for lines, say in self.must_pass:
            if not any(self.look_of(one) in sides for one in lines):
                self.objected(line, "wrong", "missed-line", "", words.MISSED_LINE.format(say=say).rstrip())
                return
        steps = self.steps(verdicts)
        self.way = self.part_of_the_way(steps)
        if not is_told and len(steps) < self.part.steps:
            skips = self.largest_leap(verdicts)
            sentence = words.TOO_FEW.format(wanted=self.part.steps, seen=len(steps))
            self.objected(self.block.line + skips.place.line, "open", "too-few-steps", "", sentence)

    def part_of_the_way(self, steps: Sequence[Verdict]) -> float:
        """Which part of the steps is the student's own, and has nothing to be objected to. Where they are too few, it
        is a part of the reference's."""
        given = [self.look_of(side) for side in self.given()]
        own = [line for line in steps if line.right is not None and self.look_of(line.right) not in given]
        good = [line for line in own if not (isinstance(line, Proved) and self.objection(line))]
        is_short = len(steps) < self.part.steps
        lines = len(self.sides_of(self.part.reference)) - max(len(given), 1)
        return len(good) / max(lines if is_short else len(own), 1)

    def largest_leap(self, verdicts: Sequence[Verdict]) -> Verdict:
        """The line that leaves out the most: of the reference's lines, or else of what was exchanged at once."""
        reference = [self.look_of(side) for side in self.sides_of(self.part.reference)]

        def size(verdict: Verdict) -> tuple[int, int]:
            if verdict.left is None or verdict.right is None:
                return -1, 0
            before, after = self.look_of(verdict.left), self.look_of(verdict.right)
            between = reference.index(after) - reference.index(before) if {before, after} <= set(reference) else 0
            (old, _), (new, _) = before, after
            return between, len(old ^ new)

        return max(verdicts, key=size)

    def look_of(self, side: Formula) -> tuple[frozenset[Formula | str], bool]:
        """What a line is made of, and whether it is a sum over an index."""
        return answers.made_of(side, self.setting), any(isinstance(node, IndexSum) for node in walk(side))

    def steps(self, verdicts: Sequence[Verdict]) -> list[Verdict]:
        """The lines that put something else in the place of what stood there: other quantities, derivatives or slopes.

        Rearranging is no such step, nor is adding what is taken away again: what goes must have counted for something.
        """
        lines = [verdict for verdict in verdicts if verdict.right is not None]
        sides = [side for side in (verdicts[0].left, *(verdict.right for verdict in lines)) if side is not None]
        made = [answers.made_of(side, self.setting) for side in sides]
        seen, padding, found = {made[0]}, set[object](), []
        for line, (side, _), (before, after) in zip(lines, pairwise(sides), pairwise(made), strict=True):
            replaced = any(
                answers.depends_on(side, thing, self.setting) for thing in sorted(before - after - padding, key=repr)
            )
            if replaced and after not in seen:
                found.append(line)
            elif not replaced:
                padding |= after - before
            seen.add(after)
        return found

    def share(self, verdicts: Sequence[Verdict]) -> float:
        """The points, in halves, for the milestones that are reached before the first slip; or, where all lines are
        true and the goal is reached, for the steps to which there is nothing to object."""
        points = self.part.points
        way = 0.0
        if self.way and _TRUE.issuperset(self.codes):
            way = min(max(int(2 * points * self.way) / 2, 0.5), points - 0.5)
        if not self.milestones:
            return way
        sound: list[Formula] = []
        for verdict in verdicts:
            objection = self.objection(verdict) if isinstance(verdict, Proved) else None
            if not isinstance(verdict, Proved) or verdict.right is None or (objection and objection[0] not in _MISSING):
                break
            sound.append(verdict.right)
        made = [answers.made_of(side, self.setting) for side in sound]
        given = {answers.made_of(side, self.setting) for side in self.given()}
        reached = sum(
            (wanted := answers.made_of(one, self.setting)) in made and wanted not in given for one in self.milestones
        )
        return max(way, int(2 * points * reached / (len(self.milestones) + 1)) / 2)

    def given(self) -> list[Formula]:
        """The lines that the worksheet already holds: nobody earns points for them."""
        return self.sides_of(self.part.starter)

    def sides_of(self, text: str) -> list[Formula]:
        return [side for _, claim in answers.statements(text.strip(), 1, self.setting).claims for side in claim.sides]
