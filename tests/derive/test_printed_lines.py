"""Every line that a derivation prints is read back as what it was, in every spelling, and ``check`` proves it."""

from __future__ import annotations

import re
from html import unescape

import pytest

from derivations import check
from derivations.equations.texts import parts, read_claim
from derivations.formula import Claim
from derivations.rendering.derivation_html import page
from derivations.rendering.derivation_latex import document, markdown
from derivations.rendering.derivation_machine import report
from derivations.theorem import Theorem
from derivations.verdicts import Verdict
from derivations.writing import Spelling, write
from tests.derive.cases import CASES, Case, derivation, label

SPELLINGS = [
    (spelling, notation)
    for spelling in (Spelling.UNICODE, Spelling.LATEX, Spelling.PLAIN)
    for notation in ("superscript", "bracket")
]


def theorems(case: Case) -> list[Theorem]:
    found = derivation(case)
    return [found.statement, *(step.theorem for step in found.steps)]


def aligned(text: str) -> list[str]:
    """The right sides of a LaTeX document; a wide one is on lines of its own, its reason below."""
    rights: list[str] = []
    for line in text.splitlines():
        if beside := re.match(r".*? &= (.*?) && ", line):
            rights.append(beside[1])
        elif begun := re.match(r".*? &= \\fit\{(.*)\} \\\\$", line):
            rights.append(begun[1])
        elif goes_on := re.match(r" &\\quad \\fit\{\{\} (.*)\} \\\\$", line):
            rights[-1] += f" {goes_on[1]}"
    return rights


def checked(case: Case, text: str) -> list[Verdict]:
    """What ``check`` says, of the network asked for or of the sheet that the derivation names."""
    _, network, layout = case
    given = derivation(case).given
    return check(text, None if given else network, given=given, layout=layout)


@pytest.mark.parametrize("case", CASES, ids=label)
def test_check_proves_every_step(case: Case) -> None:
    for theorem in theorems(case):
        text = f"{write(theorem.lhs)} = {write(theorem.rhs)}"
        (verdict,) = checked(case, text)
        assert verdict.verdict == "proved", f"{text}: {verdict.verdict}, {verdict.reason}"


@pytest.mark.parametrize("case", CASES, ids=label)
def test_every_spelling_is_read_back(case: Case) -> None:
    vocabulary = derivation(case).statement.ground.context.setting.vocabulary
    for theorem in theorems(case):
        for spelling, notation in SPELLINGS:
            sides = (theorem.lhs, theorem.rhs)
            text = " = ".join(write(side, spelling, notation) for side in sides)  # type: ignore[arg-type]
            assert read_claim(text, vocabulary).sides == sides, text


@pytest.mark.parametrize("case", CASES, ids=label)
def test_formulas_in_reasons_are_true(case: Case) -> None:
    found = derivation(case)
    vocabulary = found.statement.ground.context.setting.vocabulary
    for sentence in (found.words, *(step.why for step in found.steps)):
        for part in parts(sentence, vocabulary):
            if isinstance(part, Claim):
                text = " = ".join(write(side) for side in part.sides)
                assert {v.verdict for v in checked(case, text)} == {"proved"}, text


@pytest.mark.parametrize("case", [case for case in CASES if case[1].activation is None], ids=label)
def test_documents_print_the_same_formulas(case: Case) -> None:
    found = derivation(case)
    vocabulary = found.statement.ground.context.setting.vocabulary
    claims = [(t.lhs, t.rhs) for t in theorems(case)]
    in_html = [
        read_claim(unescape(t), vocabulary).sides for t in re.findall(r'alttext="([^"]* = [^"]*)"', page([(found, ())]))
    ]
    assert [sides for sides in in_html if sides in claims] == claims
    in_markdown = re.findall(r"\$\$(.+?)\$\$|^\d+\. \$(.+?)\$", markdown(found), re.M)
    assert [read_claim(one or other, vocabulary).sides for one, other in in_markdown] == claims
    rights = [read_claim(f"J = {right}", vocabulary).sides[1] for right in aligned(document([(found, ())]))]
    assert rights == [rhs for _, rhs in claims[1:]]
    (told,) = report([(found, ())])["derivations"]
    printed = [read_claim(f"{s['lhs']} = {s['rhs']}", vocabulary).sides for s in (*told["index"], *told["matrix"])]
    assert printed == claims[1:]
