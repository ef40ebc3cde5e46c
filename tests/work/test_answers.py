"""Work is counted: answers repeat, more work never turns a verdict round, and a hint never costs one."""

from __future__ import annotations

import tracemalloc

import pytest

from derivations import check, witness
from derivations.checking import WORK, WORK_OF_A_CORRECTION, extended
from derivations.diagnosis import diagnose
from derivations.formula import Unreadable
from derivations.kernel.algebra import OutsideFragment, TooLarge, Undefined
from derivations.meaning import proved
from derivations.reading import read_claim
from derivations.rendering.machine import report
from derivations.setting import Context, Setting
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit
from derivations.work import Purse, Spent

from .rows import GROWING, Row, table

ROWS = table()
WRONG = [
    Row("δ^l = W^{l+1} δ^{l+1} ⊙ σ'(z^l)"),
    Row("δ^l = (W^{l+1})^T δ^{l+1}"),
    Row("∂J/∂W = x (W x - y)ᵀ", "W : m x n; x : n; y : m; J := 1/2 ‖W x - y‖²"),
    Row("∂‖W x - y‖²/∂x = W (W x - y)", "W : m x n; x : n; y : m"),
]
SECONDS = (0.002, 0.01, 0.05, 0.3, 2.0)


def answers(row: Row, seconds: float = 2.0) -> list[dict[str, object]]:
    told = report(check(row.claim, given=row.given, layout=row.layout, seconds=seconds))["claims"]
    assert isinstance(told, list)
    return [{key: part for key, part in claim.items() if key != "seconds"} for claim in told]


@pytest.mark.parametrize("name", GROWING)
def test_what_grows_without_an_end_gets_an_answer(name: str) -> None:
    row = GROWING[name]
    verdicts = check(row.claim, given=row.given)
    assert verdicts
    for verdict in verdicts:
        assert verdict.reason
        assert "seconds" not in verdict.reason  # the work is done before the time is up, so that it repeats


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("a large unit matrix", "undecided"),
        ("a large matrix of ones", "undecided"),
        ("a derivative by a wide matrix", "proved"),
    ],
)
def test_what_is_too_large_is_not_built(name: str, answer: str) -> None:
    row = GROWING[name]
    tracemalloc.start()
    try:
        (verdict,) = check(row.claim, given=row.given)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert verdict.verdict == answer
    assert answer == "proved" or "work" in verdict.reason
    assert peak < 20 * 2**20


@pytest.mark.parametrize("row", [*ROWS[::9], *WRONG, *list(GROWING.values())[::4]], ids=lambda row: row.claim[:40])
def test_the_same_answer_twice(row: Row) -> None:
    assert answers(row) == answers(row)


@pytest.mark.parametrize("row", ROWS[::3], ids=lambda row: row.claim[:40])
def test_a_row_needs_less_than_half_of_the_work_that_a_claim_is_given(row: Row) -> None:
    purse = Purse(WORK)
    try:
        setting = extended(Setting(layout=row.layout), row.given)
        left, right = read_claim(row.claim, setting.vocabulary).sides[:2]
        context = Context.of(setting, [left, right])
        settler = Settler(context, purse=purse)
        sides = settler.settle_sides(left, right)
        outcome = witness.trial(left, right, context, purse=purse)
        if isinstance(outcome, witness.Differs):
            assert witness.counterexample(left, right, context, purse=purse) is not None
        else:
            proved(settler, sides, purse)
    except (Misfit, Unreadable, Unsupported, TooLarge, OutsideFragment, Undefined):
        pass
    assert purse.left > WORK // 2


@pytest.mark.parametrize("row", [*ROWS[::11], *WRONG], ids=lambda row: row.claim[:40])
def test_more_work_never_turns_a_verdict_round(row: Row) -> None:
    final = [answer["verdict"] for answer in answers(row)]
    for seconds in SECONDS:
        for early, late in zip([answer["verdict"] for answer in answers(row, seconds)], final, strict=True):
            assert early in ("undecided", late)


@pytest.mark.parametrize("row", WRONG, ids=lambda row: row.claim)
def test_what_is_found_stays_found_when_the_work_is_done(row: Row) -> None:
    setting = extended(Setting(), row.given) if row.given else check_setting()
    left, right = read_claim(row.claim, setting.vocabulary).sides[:2]
    context = Context.of(setting, [left, right])
    fits = not isinstance(settled(left, right, context), Misfit)
    whole = diagnose(row.claim, left, right, context, fits)
    assert whole.diagnoses
    assert whole.stopped is None
    for work in (1, 1_000, 10_000, WORK_OF_A_CORRECTION):
        some = diagnose(row.claim, left, right, context, fits, Purse(work))
        assert set(some.diagnoses) <= set(whole.diagnoses)
        assert isinstance(some.stopped, Spent) or some.diagnoses == whole.diagnoses


def settled(left: object, right: object, context: Context) -> object:
    try:
        return Settler(context).settle_sides(left, right)  # type: ignore[arg-type]
    except Misfit as misfit:
        return misfit


def check_setting() -> Setting:
    from derivations.setting import Network

    return Setting(network=Network())


def test_a_verdict_outlives_the_search_for_a_correction() -> None:
    (verdict,) = check("∂/∂x (x^T x) x^T y = (2)^1000 x x^T y", given="x : 784; y : 784")
    assert verdict.verdict in ("refuted", "undecided", "depends")
    row = GROWING["relu′ in a network of unknown σ"]
    assert check(row.claim, given=row.given)[0].verdict == "refuted"


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_seconds_are_positive(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds"):
        check("δ^l = δ^l", seconds=seconds)


def test_declarations_in_the_place_of_a_network_are_told_where_they_go() -> None:
    with pytest.raises(TypeError, match="given="):
        check("W x = W x", "W : m x n; x : n")  # type: ignore[arg-type]
