"""Many worksheets in one run: for the library's own answers, which the self-test judges by the hundred.

A student's worksheet has a process to itself; it never comes here.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Final

from chapters.labs.feedback import Page
from chapters.labs.judgement import MOST_SEEDS, Judgement
from chapters.labs.programs import SECONDS_ALONE, calls_of, cases_of, judged
from chapters.labs.variants import Variant
from numeric.student import Call, Limits, Raised, Ran, Runner

SECONDS: Final = 20.0
"""How long all the worksheets of one lab may take together."""

_UNLOADED: Final = "UnloadedError"
_HEAD: Final = f"""
class {_UNLOADED}(Exception):
    pass


def call(sheet, function, loaded={{}}):
    def called(*arguments):
        try:
            if sheet not in loaded:
                loaded[sheet] = {{"__name__": "student"}}
                exec(compile(sheets[sheet], "worksheet.py", "exec"), loaded[sheet])
            found = loaded[sheet][function]
        except BaseException:
            raise {_UNLOADED} from None
        return found(*arguments)
    return called


"""


def judge_together(
    sheets: Sequence[tuple[Variant, str]], run: Runner, page: Page, apart: Collection[int] = ()
) -> list[Judgement]:
    """The judgements on worksheets of the library's own, each as if it were judged alone.

    apart: the places of those that are known not to come to an end; the others do not wait for them.
    """
    seed = secrets.randbelow(MOST_SEEDS)
    drawn = [[cases_of(part, variant.lab, seed) for part in variant.parts] for variant, _ in sheets]
    calls = [
        [call for part, cases in zip(variant.parts, of_parts, strict=True) for call in calls_of(part, cases)]
        for (variant, _), of_parts in zip(sheets, drawn, strict=True)
    ]
    judgements = []
    every = _ran([text for _, text in sheets], calls, run, apart)
    for (variant, text), of_parts, ran in zip(sheets, drawn, every, strict=True):
        results = iter(ran.results)
        rans = [Ran(tuple(islice(results, len(cases))), ran.printed, ran.stopped) for cases in of_parts]
        judgements.append(judged(variant, text, of_parts, rans, page, seed))
    return judgements


def _ran(texts: Sequence[str], calls: Sequence[Sequence[Call]], run: Runner, apart: Collection[int]) -> list[Ran]:
    """What came of each worksheet's calls. One of which the common run cannot tell everything is run by itself."""
    lines = [f"sheets = {list(texts)!r}"]
    renamed = []
    for place, of_sheet in enumerate(calls):
        if place in apart:
            continue
        for name in dict.fromkeys(call.function for call in of_sheet):
            lines.append(f"sheet_{place}_{name} = call({place}, {name!r})")
        renamed += [Call(f"sheet_{place}_{call.function}", call.arguments) for call in of_sheet]
    common = run(_HEAD + "\n".join(lines), renamed, limits=Limits(seconds=SECONDS))
    results = iter(common.results)
    found = []
    for place, (text, of_sheet) in enumerate(zip(texts, calls, strict=True)):
        mine = () if place in apart else tuple(islice(results, len(of_sheet)))
        told = len(mine) == len(of_sheet) and not any(map(_needs_a_run_alone, mine))
        found.append(Ran(mine, "", None) if told else run(text, of_sheet, limits=Limits(seconds=SECONDS_ALONE)))
    return found


def _needs_a_run_alone(result: object) -> bool:
    """Whether it matters what was printed, or how the worksheet was loaded."""
    if isinstance(result, Raised):
        return result.error == _UNLOADED
    return getattr(result, "value", None) is None
