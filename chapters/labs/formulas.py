"""Kind ``formula``: an equation whose right side is to be found; proved by the checker, for every width."""

from __future__ import annotations

from collections.abc import Iterator

from chapters.labs import answers, words
from chapters.labs.advice import verdicts_of
from chapters.labs.feedback import Page
from chapters.labs.judgement import JudgedPart, Line
from chapters.labs.known_slips import why_of_line, why_of_whole
from chapters.labs.variants import Part, Variant
from chapters.labs.worksheet import Block
from derivations.formula import Claim
from derivations.rendering.text import details
from derivations.rendering.values import listed, matrix
from derivations.setting import Setting
from derivations.values import replaced
from derivations.verdicts import Diagnosis, IllShaped, Proved, Refuted, Undecided, Unreadable, Verdict
from derivations.writing import write


def judge_formula(variant: Variant, part: Part, block: Block, page: Page) -> JudgedPart:
    """One formula part: every ``=`` proved, the left side as given, and nothing in the answer that restates it."""
    setting = answers.setting_of(variant, part)
    found = _Answer(part, block, setting, page)
    return found.judged()


class _Answer:
    def __init__(self, part: Part, block: Block, setting: Setting, page: Page) -> None:
        self.part, self.block, self.setting, self.page = part, block, setting, page
        self.left = answers.left_of(part, setting)
        self.lines: list[Line] = []
        self.codes: list[str] = []
        self.reasons: list[str] = []
        self.failing: Verdict | None = None

    def judged(self) -> JudgedPart:
        text = answers.with_left(self.block.text, self.left, self.setting)
        given = answers.statements(text, self.block.line + 1, self.setting)
        for item in given.objections:
            if item.code == "not-answered":
                self.objected("open", item.line, "", item.code, item.sentence)
            else:
                self.objected("wrong", item.line, item.text, item.code, item.sentence)
        if not given.objections and not given.text.strip():
            text = words.EMPTY.format(starter=self.part.starter)
            self.objected("open", self.block.line, "", "not-answered", text)
        else:
            self.check(given)
        passed = not self.codes
        answered = passed or set(self.codes) != {"not-answered"}
        return JudgedPart(
            name=self.part.name,
            title=self.part.title,
            points=self.part.points,
            earned=self.part.points if passed else 0,
            feedback=tuple(self.lines),
            codes=tuple(dict.fromkeys(self.codes)),
            reason=words.PASSED if passed else self.reasons[0],
            answered=answered,
            verdict=self.failing,
        )

    def objected(self, kind: str, line: int, text: str, code: str, sentence: str) -> None:
        """Something that is wrong with a line, whatever the checker says of it."""
        self.lines += self.page.marked(kind, words.LINE.format(line=line), text or sentence)
        if text:
            self.lines += self.page.labelled("", sentence)
        self.codes.append(code)
        self.reasons.append(sentence)

    def check(self, given: answers.Statements) -> None:
        line, claim = given.claims[0] if given.claims else (self.block.line, None)
        if any(not one.continues for _, one in given.claims[1:]):
            second = next(place for place, one in given.claims[1:] if not one.continues)
            self.objected("wrong", second, "", "second-formula", words.ONE_FORMULA)
            return
        if claim is not None and not answers.is_spelling_of(claim.sides[0], self.left, self.part, self.setting):
            sentence = answers.left_changed(claim.sides[0], self.left, self.setting)
            self.objected("wrong", line, _shown(claim), "left-side-changed", sentence)
            return
        found = list(verdicts_of(given.text, self.setting))
        for verdict, remark in found:
            self.tell(verdict, remark)
        verdicts = [verdict for verdict, _ in found]
        if not verdicts or not all(isinstance(verdict, Proved) for verdict in verdicts):
            return
        answer = verdicts[-1].right
        assert answer is not None
        hidden = answers.not_allowed(answer, self.left, self.part, self.setting)
        if hidden is not None:
            sentence = answers.restating(hidden, self.left, self.part, self.setting)
            self.lines.clear()
            self.objected("wrong", self.place(verdicts[-1]), verdicts[-1].read_as, "restates", sentence)
            why = why_of_whole(given.claims, self.codes, self.part, self.setting)
            self.lines += self.page.labelled("", why) if why else ()

    def place(self, verdict: Verdict) -> int:
        return self.block.line + verdict.place.line

    def tell(self, verdict: Verdict, remark: str) -> None:
        verdict = answers.without_other_left(verdict, self.setting)
        why = "" if self.failing else why_of_line(verdict, self.part, self.setting)
        if not why and isinstance(verdict, IllShaped) and not any(item.fix for item in verdict.diagnosis):
            why = answers.asks_otherwise(self.left, verdict.right) if verdict.right is not None else ""
        self.lines += told(verdict, self.place(verdict), self.page, why=why)
        self.lines += self.page.labelled("", remark) if remark else ()
        if isinstance(verdict, Proved):
            return
        self.failing = self.failing or verdict
        self.codes += codes_of(verdict)
        self.reasons.append(reason_of(verdict))


def _shown(claim: Claim) -> str:
    return " = ".join(write(side) for side in claim.sides)


# ---- a verdict, told without its corrections (chains use these too) ----


def told(verdict: Verdict, line: int, page: Page, remark: str = "", *, why: str = "") -> Iterator[Line]:
    """What the checker found, line by line; what was meant is not said.

    why: the author's words on this very slip, which take the place of a diagnosis."""
    right = isinstance(verdict, Proved)
    if right or isinstance(verdict, Refuted | Undecided):
        shown = f"= {write(verdict.right)}" if verdict.in_chain and verdict.right is not None else verdict.read_as
    else:
        shown = ""  # it is shown as typed, with the place underlined
    pieces = (shown, "" if right else words.WORD[verdict.verdict], remark)
    yield from page.marked(
        "right" if right else "wrong", words.LINE.format(line=line), "   ".join(piece for piece in pieces if piece)
    )
    if right:
        return
    if isinstance(verdict, Undecided):
        yield from page.labelled("", why or f"{verdict.message} {words.UNDECIDED}")
        return
    if isinstance(verdict, IllShaped | Unreadable):
        yield from details(replaced(verdict, conditions=()) if isinstance(verdict, IllShaped) else verdict,
                           page.width, page.aloud)  # fmt: skip
    if why:
        yield from page.labelled(words.WHY, why)
    repairs = [item for item in verdict.diagnosis if item.fix]
    for item in () if why else repairs or verdict.diagnosis:
        yield from page.labelled(words.WHY if item.fix else words.BUT, sentence_of(item))
    if isinstance(verdict, Refuted):
        yield from _example(verdict, page)


def _example(verdict: Refuted, page: Page) -> Iterator[Line]:
    """The counterexample, to be redone by hand."""
    found = verdict.counterexample
    yield from page.labelled(words.NUMBERS, listed(found))
    for side, value in ((verdict.left, found.left), (verdict.right, found.right)):
        try:
            shown = write(side) if side else ""
        except RecursionError:  # too long to be printed again
            shown = "…"
        yield from page.labelled("", f"{shown} = {matrix(value)}")


def sentence_of(item: Diagnosis) -> str:
    """Title and reason of a diagnosis, as sentences."""
    title = item.title
    if item.fix is None:
        return words.IT_IS.format(title=title, why=item.why)
    if title[:1].isascii() and (title[:2].isalpha() or title.startswith("a ")):
        title = title[:1].upper() + title[1:]
    return f"{title}. {item.why}"


def codes_of(verdict: Verdict) -> list[str]:
    """The codes of a verdict that is not ``proved``: its own word and those of its diagnoses, two slips one by one."""
    return [verdict.verdict, *(code for item in verdict.diagnosis for code in (item.code, *item.code.split("+")))]


def reason_of(verdict: Verdict) -> str:
    """One sentence for a report."""
    best = next((item for item in verdict.diagnosis if item.fix), None)
    if best is not None:
        return f"{words.WORD[verdict.verdict]}: {best.title}".replace("\n", " ") + "."
    return f"{words.WORD[verdict.verdict]}: {verdict.reason}"
