"""Kind ``numpy``: the student's functions, called in isolation on drawn arrays, and held against what is right.

Nothing is believed but arrays: what comes back is compared here, and a call without an answer earns nothing.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import permutations
from typing import Any, Final

import numpy as np

from chapters.labs import words
from chapters.labs.borrowing import follow_through, with_references
from chapters.labs.faults import not_judged
from chapters.labs.feedback import Page
from chapters.labs.judgement import MOST_SEEDS, JudgedPart, Judgement, Line, UnusableError
from chapters.labs.judges import JUDGES, Judge
from chapters.labs.judges.cases import Array, Case, Reason, shape_text
from chapters.labs.judges.comparing import numbers, reason_against
from chapters.labs.known_programs import why_of_function
from chapters.labs.lab import LabError
from chapters.labs.variants import Part, Variant
from numeric.slips import SLIPS
from numeric.student import Call, Limits, Raised, Ran, Returned, Runner, Stopped

SECONDS_TOGETHER: Final = 5.5
SECONDS_ALONE: Final = 4.5
"""How long the calls of all parts may take, and those of one where that did not come to an end: some ten seconds in
all, and an honest worksheet takes less than one."""

AT_ONCE: Final = 4
"""Parts that are run by themselves at the same time; Python and NumPy need some 150 megabytes each."""


_FITTED: Final = {slip.code for slip in SLIPS if slip.fitted}
"""Slips of which a strength is found from the numbers: they explain more by chance than the others."""


NEVER_LOADED: Final = Stopped("slow", words.NEVER_LOADED)


def judge_programs(variant: Variant, source: str, run: Runner | None, page: Page, seed: int | None = None) -> Judgement:
    """All parts, on inputs that are drawn anew for this check; a seed draws those of an earlier one again.

    A part that calls functions of earlier parts which are not right is judged once more with the references in their
    place: one wrong function does not make those that use it wrong.
    """
    if run is None:
        raise UnusableError(words.NO_RUNNER)
    seed = secrets.randbelow(MOST_SEEDS) if seed is None else seed
    drawn = [cases_of(part, variant.lab, seed) for part in variant.parts]
    found = judged(variant, source, drawn, _runs(source, variant.parts, drawn, run), page, seed)
    parts = list(found.parts)
    for place, borrowed in follow_through(variant, source, found.parts).items():
        part, cases = variant.parts[place], drawn[place]
        ran = run(with_references(source, borrowed), calls_of(part, cases), limits=Limits(seconds=SECONDS_ALONE))
        again = _judged(part, source, cases, replace(ran, printed=""), page, seed)
        if again.earned > parts[place].earned:
            names = ", ".join(one.function for one in borrowed)
            note = page.marked("note", part.function, words.WITH_REFERENCES.format(names=names))
            parts[place] = replace(again, feedback=(*again.feedback, *note))
    return replace(found, parts=tuple(parts))


def judged(
    variant: Variant, source: str, drawn: Sequence[Sequence[Case]], rans: Iterable[Ran], page: Page, seed: int
) -> Judgement:
    """The judgement on what came of each part's calls."""
    parts = [
        _judged(part, source, cases, ran, page, seed)
        for part, cases, ran in zip(variant.parts, drawn, rans, strict=True)
    ]
    return Judgement(variant.lab, variant.student, tuple(parts))


def _judged(part: Part, source: str, cases: Sequence[Case], ran: Ran, page: Page, seed: int) -> JudgedPart:
    found = _Judged(part, cases, ran, page, seed).judged()
    why = "" if found.passed else why_of_function(source, found.codes, part)
    more = page.labelled(words.WHY, why) if why else ()
    return replace(found, feedback=(*found.feedback, *more))


def _runs(source: str, parts: Sequence[Part], drawn: Sequence[Sequence[Case]], run: Runner) -> Iterator[Ran]:
    """What came of each part's calls. All of them are made in one run; after a part that stops it, the rest in another.

    Where one run does not come to its end, the parts that it left out have a run each, some at the same time: an
    endless loop costs its own part only, and the wait stays short. They share the memory of one run between them.
    """
    left = [calls_of(part, cases) for part, cases in zip(parts, drawn, strict=True)]
    ran = run(source, [call for calls in left for call in calls], limits=Limits(seconds=SECONDS_TOGETHER))
    if ran.stopped is not None and ran.stopped.kind == "slow" and not ran.results:
        loaded = run(source, [], limits=Limits(seconds=SECONDS_ALONE))
        if loaded.stopped is not None and loaded.stopped.kind == "slow":
            yield from (Ran((), "", NEVER_LOADED) for _ in parts)
            return
    at = 0
    while left and at + len(left[0]) <= len(ran.results):
        yield Ran(ran.results[at : at + len(left[0])], ran.printed, ran.stopped)
        at += len(left.pop(0))
    if len(left) == 1:
        yield Ran(ran.results[at:], ran.printed, ran.stopped)
    elif left:
        at_once = min(len(left), AT_ONCE)
        limits = Limits(seconds=SECONDS_ALONE)
        limits = replace(limits, memory=limits.memory // at_once, answer=limits.answer // at_once)
        with ThreadPoolExecutor(at_once) as pool:
            alone = partial(run, source, limits=limits)
            yield from pool.map(alone, left)


def cases_of(part: Part, lab: str, seed: int) -> Sequence[Case]:
    """The calls of a part, drawn from this seed. Raises LabError for a judge or an option that does not exist."""
    where = f"{lab}, {part.name}"
    row: Judge | None = JUDGES.get(part.judge)
    if row is None:
        raise LabError(words.NO_JUDGE.format(where=where, judge=part.judge, judges=", ".join(JUDGES)))
    for option in part.options:
        if option not in row.options:
            known = ", ".join(row.options) or "none"
            raise LabError(words.UNKNOWN_OPTION.format(where=where, judge=part.judge, option=option, options=known))
    try:
        return row.cases(part.options, np.random.default_rng([seed, *part.name.encode()]))
    except (ValueError, KeyError) as problem:
        raise LabError(words.BAD_OPTION.format(where=where, problem=problem)) from problem


def calls_of(part: Part, cases: Sequence[Case]) -> list[Call]:
    return [Call(part.function, case.arguments) for case in cases]


class _Judged:
    """A part in the making: for each share the first reason against it, and the case in which it showed."""

    def __init__(self, part: Part, cases: Sequence[Case], ran: Ran, page: Page, seed: int) -> None:
        self.part, self.cases, self.ran, self.page, self.seed = part, cases, ran, page, seed
        self.shares = list(dict.fromkeys(one.share for case in cases for one in case.expected))
        self.against: dict[str, tuple[str, Reason, Case]] = {}
        self.seen: list[Mapping[str, Array]] = []
        self.overwrites = False
        self.gives = JUDGES[part.judge].gives_with(part.options)

    def judged(self) -> JudgedPart:
        """The part, whatever came back; what the program itself fails at costs this part only."""
        try:
            return self.looked_at()
        except Exception as error:
            return not_judged(self.part, error, self.page)

    def looked_at(self) -> JudgedPart:
        for place, case in enumerate(self.cases):
            result = self.ran.results[place] if place < len(self.ran.results) else None
            stop = self.look(result, case)
            if stop is not None:
                return self.nothing(*stop, case)
        self.look_at_all()
        return self.told()

    def look_at_all(self) -> None:
        """What shows only where all calls are seen together."""
        together = JUDGES[self.part.judge].together
        if together is None:
            return
        shares = {one.name: one.share for one in self.cases[0].expected}
        for name, reason, case in together(self.part.options, self.cases, self.seen):
            self.against.setdefault(shares[name], (name, reason, case))

    def look(self, result: Returned | Raised | None, case: Case) -> tuple[str, str, str] | None:
        """One call. What ends the judging of the whole part, as a code, a label and a sentence; None to go on."""
        function = self.part.function
        if result is None:
            stopped = self.ran.stopped
            if stopped is not None and stopped.kind == "not started":
                raise OSError(stopped.words)  # nothing of the student's code was run
            if stopped is NEVER_LOADED:
                return "does-not-load", function, words.NEVER_LOADED
            if stopped is not None and stopped.kind == "slow":
                return "stopped", function, words.NEVER_ENDS.format(function=function)
            said = stopped.words if stopped else ""
            return "stopped", function, words.STOPPED.format(words=f"{said[:1].upper()}{said[1:]}")
        if isinstance(result, Raised):
            return _raised(result, function)
        if not result.arguments_kept:
            self.overwrites = True
        value = result.value
        if value is None:
            if self.ran.printed.strip():
                return "printed", function, words.PRINTED
            return "returns-nothing", function, words.RETURNS_NONE
        gives = self.gives
        is_array = all(one.at == () for one in case.expected)
        count = 1 + max((one.at[0] for one in case.expected if one.at), default=0)
        if not is_array and not (isinstance(value, list | tuple) and len(value) == count):
            return "returns-other", function, words.RETURNS_OTHER.format(gives=gives, seen=_seen(value))
        seen = self.arrays(value, case)
        self.seen.append(seen)
        reasons = self.compared(value, case)
        if reasons and not self.against:
            if self.is_exchanged(value, case):
                return "exchanged", function, words.EXCHANGED.format(gives=gives)
            if self.is_reversed(value, case):
                return "reversed", function, words.REVERSED.format(gives=gives)
        if reasons and not self.against.keys() >= {one.share for one in case.expected if one.name in reasons}:
            reasons = self.explained(reasons, seen, case)
        for one in case.expected:
            if one.name in reasons:
                self.against.setdefault(one.share, (one.name, reasons[one.name], case))
        return None

    def is_exchanged(self, value: Any, case: Case) -> bool:
        """Whether what came back would be right in another order: ``return v, W``."""
        if not isinstance(value, list | tuple) or not 1 < len(value) < 4:
            return False
        return any(not self.compared(order, case) for order in permutations(value))

    def is_reversed(self, value: Any, case: Case) -> bool:
        """Whether what came back would be right if its lists began with the first layer."""
        if not isinstance(value, list | tuple) or not all(isinstance(each, list | tuple) for each in value):
            return False
        return not self.compared([each[::-1] for each in value], case)

    def arrays(self, value: Any, case: Case) -> dict[str, Array]:
        """The arrays of one answer, by their names; those that are missing or no numbers are left out."""
        found = {one.name: numbers(entry) for one in case.expected if (entry := _entry(value, one.at)) is not None}
        return {name: array for name, array in found.items() if array is not None}

    def compared(self, value: Any, case: Case) -> dict[str, Reason]:
        """What there is to say against the arrays of one answer, by their names."""
        seen = self.arrays(value, case)
        reasons: dict[str, Reason] = {}
        for one in case.expected:
            if one.name in seen:
                reason = reason_against(seen[one.name], one, case)
                if reason is not None:
                    reasons[one.name] = reason
                continue
            is_missing = _entry(value, one.at) is None
            code, text = ("missing", words.NO_ENTRY) if is_missing else ("not-numbers", words.NOT_NUMBERS)
            reasons[one.name] = code, text.format(name=one.name, function=self.part.function, gives=self.gives)
        return reasons

    def explained(self, reasons: dict[str, Reason], seen: Mapping[str, Array], case: Case) -> dict[str, Reason]:
        """The reasons, where all arrays of the answer together say more than each by itself."""
        if case.explain is None:
            return reasons
        explained = case.explain({name: _upright(array, case, name) for name, array in seen.items()})
        shaped = {one.name for one in case.expected if one.name in seen and seen[one.name].shape == one.right.shape}
        better = dict(reasons)
        for name in reasons.keys() & explained.keys():
            if explained[name][0] in _FITTED and reasons[name][0].startswith("factor"):
                continue  # one factor says it more simply than a strength that was fitted to the numbers
            better[name] = explained[name] if name in shaped else _both(reasons[name], explained[name])
        return better

    # ---- telling ----

    def told(self) -> JudgedPart:
        lines: list[Line] = []
        codes: list[str] = []
        reasons: list[str] = []
        consequences = [share for share in self.shares if share in self.against and self.follows(share)]
        if len(consequences) < len(self.against):  # what is wrong in itself comes before what follows from it
            self.shares = [*(share for share in self.shares if share not in consequences), *consequences]
        for share in self.shares:
            if share not in self.against:
                lines += self.page.marked("right", self.title(share), words.SHARE_RIGHT)
                continue
            name, (code, sentence), case = self.against[share]
            lines += self.page.marked("wrong", self.title(share), f"{name}: {sentence}" if name != share else sentence)
            lines += self.page.labelled("", self.case(case), "quiet")
            codes += code.split("+")
            reasons.append(f"{name}: {sentence}")
        total, right = len(self.shares), len(self.shares) - len(self.against)
        if self.overwrites:
            total += 1
            sentence = words.OVERWRITES
            lines += self.page.marked("wrong", self.part.function, sentence)
            codes.append("overwrites")
            reasons.append(sentence)
        points = self.part.points
        earned = points if right == total else int(2 * points * right / total) / 2
        return self.part_with(lines, codes, reasons, earned)

    def case(self, case: Case) -> str:
        return words.CASE.format(told=case.told, seed=self.seed)

    def follows(self, share: str) -> bool:
        _, (code, _), _ = self.against[share]
        return code == "same-cause"

    def title(self, share: str) -> str:
        return share if len(self.shares) > 1 else self.part.function

    def nothing(self, code: str, label: str, sentence: str, case: Case) -> JudgedPart:
        """A part that earns nothing."""
        kind = "open" if code == "not-answered" else "wrong"
        lines = [*self.page.marked(kind, label, sentence)]
        if code in ("raised", "returns-other", "stopped", "exchanged", "reversed"):
            lines += self.page.labelled("", self.case(case), "quiet")
        if code == "printed":
            for line in self.ran.printed.strip().splitlines()[:5]:
                lines += self.page.labelled(words.PRINTED_LABEL, line[:200], "quiet")
        return self.part_with(lines, [code], [f"{label}: {sentence}"], 0)

    def part_with(self, lines: list[Line], codes: list[str], reasons: list[str], earned: float) -> JudgedPart:
        part = self.part
        reason = " ".join(reasons[0].split()) if reasons else words.PASSED
        codes = list(dict.fromkeys(codes))
        answered = codes != ["not-answered"]
        return JudgedPart(part.name, part.title, part.points, earned, tuple(lines), tuple(codes), reason, answered)


def _entry(value: Any, at: Sequence[int]) -> Any:
    """What stands at a place of a returned value; None if there is nothing."""
    for step in at:
        value = value[step] if step < _length(value) else None
    return value


def _length(value: Any) -> int:
    """How many entries a list, or an array along its first axis, has; anything else has none."""
    if isinstance(value, np.ndarray):
        return int(value.shape[0]) if value.ndim else 0
    return len(value) if isinstance(value, list | tuple) else 0


def _both(shape: Reason, numbers: Reason) -> Reason:
    """A shape that is off, and what else is wrong with the numbers in it."""
    if numbers[0] == "same-cause":
        return shape
    return f"{shape[0]}+{numbers[0]}", f"{shape[1]} {numbers[1]}"


def _upright(array: Array, case: Case, name: str) -> Array:
    """An array with one axis as the column that was meant: its shape is told, its numbers may be wrong besides."""
    right = next(one.right for one in case.expected if one.name == name)
    return array.reshape(right.shape) if array.ndim == 1 and array.size == right.size else array


def _raised(result: Raised, function: str) -> tuple[str, str, str]:
    """An exception, in words that help: a code, where it was raised, and a sentence."""
    if result.error == "NotImplementedError":
        return "not-answered", function, words.NOT_WRITTEN
    if result.loading and result.error == "NameError" and function in result.message and result.line is None:
        return "no-function", function, words.NO_FUNCTION
    where = words.LINE.format(line=result.line) if result.line else function
    message = result.message[:200].rstrip(".")
    if result.loading:
        said = words.DOES_NOT_LOAD.format(error=result.error, message=message)
        return "does-not-load", where, f"{said} {words.RAISED_MORE.get(result.error, '')}".strip()
    widths = re.search(r"size (\d+) is different from (\d+)", message) or re.search(
        r"shapes \(\d+,(\d+)\) and \((\d+),?\d*\) not aligned", message
    )
    if widths:
        return "raised", where, words.INNER_WIDTHS.format(error=result.error, first=widths[2], second=widths[1])
    sentence = words.RAISED.format(error=result.error, message=message)
    if result.error in words.RAISED_MORE:
        sentence = f"{sentence} {words.RAISED_MORE[result.error]}"
    if "could not be broadcast" in message:
        sentence = f"{sentence} {words.NO_BROADCAST}"
    elif result.error in ("NameError", "UnboundLocalError"):
        sentence = f"{sentence} {words.NAME_MISSING}"
    return "raised", where, sentence


def _seen(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return words.AN_ARRAY_SEEN.format(shape=shape_text(value.shape)) if value.ndim else words.A_NUMBER_SEEN
    if isinstance(value, bool | int | float):
        return words.A_NUMBER_SEEN
    if isinstance(value, list | tuple):
        return words.A_TUPLE_SEEN.format(count=len(value))
    return words.A_DICT_SEEN if isinstance(value, dict) else words.A_TEXT_SEEN
