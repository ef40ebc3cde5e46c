"""One line of a proof is spoilt: that line is found, and no other one is blamed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

import pytest

from derivations import diagnosis
from derivations.diagnosis.diagnosing import Diagnosed
from derivations.diagnosis.search import slips
from derivations.diagnosis.sieve import Sieve
from derivations.diagnosis.trees import shifted
from derivations.formula import Claim, Formula
from derivations.reading import read_statement, split_statements
from derivations.setting import Context, Setting
from derivations.sheets import check_sheet
from derivations.verdicts import Proved
from derivations.writing import write

from .proofs import PROOFS, of_equation


class Line(NamedTuple):
    """A side of a proof, and where it stands in the text."""

    side: Formula
    first: Formula
    start: int
    end: int
    number: int
    setting: Setting


def lines(proof: str) -> Iterator[Line]:
    """All sides but the first of each chain, one for each verdict."""
    setting, number, first = Setting(), 0, None
    for piece, offset in split_statements(proof):
        statement = read_statement(piece, setting.vocabulary)
        if not isinstance(statement, Claim):
            setting = setting.extended(statement)
            continue
        if not statement.continues:
            first = statement.sides[0]
        assert first is not None
        side = statement.sides[-1]
        yield Line(side, first, offset + side.span.start, offset + side.span.end, number, setting)
        number += 1


def mutations(proof: str) -> Iterator[tuple[int, str]]:
    """The proof with one line changed by one edit, wherever that changes its value."""
    for line in lines(proof):
        context = Context.of(line.setting, (line.first, line.side))
        sieve = Sieve(line.first, [line.side, shifted(line.side, 1), shifted(line.side, -1)], context)
        assert sieve.passes(line.side)
        for new in slips(line.side, line.first, context):
            if not sieve.passes(new):
                text = write(new, scalars=line.setting.vocabulary.scalars)
                yield line.number, f"{proof[: line.start]}{text}   {proof[line.end :]}"


def blamed(proof: str) -> list[int]:
    verdicts = check_sheet(proof, Setting()).verdicts
    return [number for number, verdict in enumerate(verdicts) if not isinstance(verdict, Proved)]


@pytest.fixture(autouse=True)
def without_diagnoses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagnosis, "diagnose", lambda *_: Diagnosed(()))


EQUATIONS = ("BP1", "BP2", "BP3", "BP4")
KIN = ("BP1-diag", "BP2-diag", "softmax", "L2", "residual")


def sheet_of(name: str) -> str:
    return PROOFS[name] if name in PROOFS else of_equation(name)


@pytest.mark.parametrize("name", [*PROOFS, *EQUATIONS])
def test_a_proof_is_proved_line_by_line(name: str) -> None:
    report = check_sheet(sheet_of(name), Setting())
    assert len(report.verdicts) >= 3
    for verdict in report.verdicts:
        assert isinstance(verdict, Proved), verdict
        assert verdict.mark == "", verdict
        assert not any("not one that is known" in note for note in verdict.notes), verdict


@pytest.mark.parametrize("name", [*PROOFS, *EQUATIONS])
def test_some_spoilt_lines_are_found(name: str) -> None:
    some = list(islice(mutations(sheet_of(name)), 0, None, 23))
    assert some
    for line, text in some:
        assert blamed(text) == [line], text


@pytest.mark.long
@pytest.mark.parametrize("name", [*PROOFS, *EQUATIONS, *KIN])
def test_every_spoilt_line_is_found(name: str) -> None:
    for line, text in mutations(sheet_of(name)):
        assert blamed(text) == [line], text
