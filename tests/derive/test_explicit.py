"""Explicit widths: every layer's equation with all its entries."""

from __future__ import annotations

import json

import pytest

from chapters.command import main
from derivations.equations.catalogue import FOUR, derive
from derivations.equations.confirming import Contradicted, confirm_entries
from derivations.equations.explicit import NotALayerList, explicit, layer_list
from derivations.setting import LAYOUTS, Network
from derivations.values import replaced
from derivations.writing import write


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("widths", [(2, 3, 1), (1, 1), (3, 2, 4, 2)])
@pytest.mark.parametrize("name", [*FOUR, "BP1-diag", "BP2-diag"])
def test_sympys_matrices_have_the_entries_written(name: str, widths: tuple[int, ...], layout: str) -> None:
    depth = len(widths) - 1
    found = list(explicit(derive(name, layout=layout), widths))
    assert [one.layer for one in found] == {
        "BP1": [depth], "BP1-diag": [depth], "BP2": list(range(1, depth)), "BP2-diag": list(range(1, depth)),
    }.get(name, list(range(1, depth + 1)))  # fmt: skip
    for one in found:
        confirm_entries(one, widths)
        assert one.theorem.ground.equal(one.theorem.lhs, one.theorem.rhs)


def test_entries_of_bp2() -> None:
    (one,) = explicit(derive("BP2"), (2, 2, 3))
    assert [write(row[0]) for row in one.rhs] == [
        "(W²_{1,1} δ²₁ + W²_{2,1} δ²₂ + W²_{3,1} δ²₃) σ′(z¹₁)",
        "(W²_{1,2} δ²₁ + W²_{2,2} δ²₂ + W²_{3,2} δ²₃) σ′(z¹₂)",
    ]


def test_a_wrong_entry_is_seen() -> None:
    (one,) = explicit(derive("BP2"), (2, 2, 3))
    confirm_entries(one, (2, 2, 3))
    with pytest.raises(Contradicted):
        confirm_entries(replaced(one, rhs=one.rhs[::-1]), (2, 2, 3))


@pytest.mark.parametrize("loss", ["mse", "bce", "softmax-ce"])
def test_losses(loss: str) -> None:
    (one,) = explicit(derive("BP1", Network(loss=loss)), (2, 2))
    confirm_entries(one, (2, 2))
    assert write(one.rhs[0][0]).startswith("(a¹₁ − y₁) σ′" if loss == "mse" else "a¹₁ − y₁")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,3", "at least one neuron; here one has 0"),
        ("5", "“5” is one layer"),
        ("a,b", "not a list of whole numbers"),
        ("2,99", "at most"),
    ],
)
def test_bad_layer_lists(text: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotALayerList, match=r"as in 2,3,1\.$"):
        layer_list(text)
    assert main(["derive", "--layers", text]) == 2
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_drawn_matrices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "BP4", "--layers", "2,3,1", "--form", "matrix"]) == 0
    lines = capsys.readouterr().out.splitlines()
    at = lines.index("  layer 1   ∂J/∂W¹ = δ¹ xᵀ")
    assert lines[at + 1 : at + 4] == [
        "    ⎡ ∂J/∂W¹_{1,1}  ∂J/∂W¹_{1,2} ⎤   ⎡ δ¹₁ x₁  δ¹₁ x₂ ⎤",
        "    ⎢ ∂J/∂W¹_{2,1}  ∂J/∂W¹_{2,2} ⎥ = ⎢ δ¹₂ x₁  δ¹₂ x₂ ⎥",
        "    ⎣ ∂J/∂W¹_{3,1}  ∂J/∂W¹_{3,2} ⎦   ⎣ δ¹₃ x₁  δ¹₃ x₂ ⎦",
    ]


def test_json_has_the_layers(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "BP3", "--layers", "2,3,1", "--json"]) == 0
    (told,) = json.loads(capsys.readouterr().out)["derivations"]
    assert [layer["statement"] for layer in told["layers"]] == ["∂J/∂b¹ = δ¹", "∂J/∂b² = δ²"]


def test_step_by_step(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    guesses = iter(["∂z^l/∂b^l ∂J/∂z^l", "δ^l (b^l)^T", "", "q"])
    monkeypatch.setattr("builtins.input", lambda _: next(guesses))
    assert main(["derive", "BP3", "--form", "matrix", "--step"]) == 0
    text = capsys.readouterr().out
    assert "✓ right: the two are equal." in text
    assert "✗ not this: " in text
    assert text.rstrip().splitlines()[-2].startswith("✓ 4 steps, each proved")
