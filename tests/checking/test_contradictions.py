"""Where kernel and witness contradict each other, one claim is lost, and the fault is told as the program's.

The bugs are planted: a hypothesis of the proof is forgotten, and the witness has to notice.
"""

from __future__ import annotations

import json

import pytest

from chapters.command import main
from derivations import Network, check
from derivations.kernel import functions
from derivations.kernel.algebra import Algebra
from derivations.kernel.heads import Polynomial
from derivations.meaning import Translation
from derivations.values import replaced
from derivations.verdicts import Contradicted, exit_code

SHEET = "x : n\nx + x = 2 x\nstep(x_i - x_j) + step(x_j - x_i) = 1\nx - x = 0\n"


@pytest.fixture
def kinks_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Translation, "needs_no_kinks", False)


@pytest.mark.usefixtures("kinks_forgotten")
def test_a_contradiction_costs_its_claim_and_no_other() -> None:
    verdicts = check(SHEET)
    assert [v.verdict for v in verdicts] == ["proved", "undecided", "proved"]
    wrong = verdicts[1]
    assert isinstance(wrong, Contradicted)
    assert "fault is ours" in wrong.reason
    assert "step(x_i - x_j) + step(x_j - x_i) = 1" in wrong.reason
    assert "x : n x 1" in wrong.reason
    assert exit_code(verdicts) == 4


@pytest.mark.usefixtures("kinks_forgotten")
@pytest.mark.parametrize("options", [[], ["--json"], ["--plain"], ["--format", "github"]])
def test_the_command_says_so(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *options, SHEET]) == 4
    shown = " ".join(capsys.readouterr().out.split())
    assert "fault is ours" in shown
    if options == ["--json"]:
        assert json.loads(shown)["summary"] == {"proved": 2, "undecided": 1}


@pytest.mark.usefixtures("kinks_forgotten")
def test_nobody_announces_a_contradiction() -> None:
    (verdict,) = check("step(x_i - x_j) + step(x_j - x_i) = 1", given="x : n")
    announced = replaced(verdict, expected="undecided")
    assert not announced.as_expected
    assert announced.code == 4


@pytest.mark.parametrize(
    ("claim", "network"),
    [
        ("a^{l+1} = σ(z^{l+1})", Network(output="softmax")),
        ("δ^{l+1} = ∂J/∂a^{l+1} ⊙ σ'(z^{l+1})", Network(output="tanh")),
        ("g^{[l]}(z^l) = σ(z^l)", Network(output="tanh")),
        ("a^2 = σ(z^2)", Network(loss="softmax-ce")),
        ("a^{l+1} = σ(z^{l+1})", Network(output="softmax", depth=3)),
    ],
)
def test_a_forgotten_last_layer_is_noticed(claim: str, network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(claim, network)[0].verdict == "proved"
    monkeypatch.setattr(Translation, "not_the_last", None)
    assert [v.exit_code for v in check(claim, network)] == [4]


def test_a_law_without_its_hypothesis_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(algebra: Algebra, argument: Polynomial) -> Polynomial:
        return functions.step(algebra, argument, weighted=True)

    monkeypatch.setitem(functions.NAMED, "step", careless)
    assert [v.exit_code for v in check("step(x_i - x_j) + step(x_j - x_i) = 1", given="x : n")] == [4]
