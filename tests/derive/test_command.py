"""``backproof derive``: what a student sees, and what bad input gets."""

from __future__ import annotations

import pytest

from chapters.command import main


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["derive", *arguments]) == 0
    return capsys.readouterr().out


def test_bp2_entry_by_entry(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, "BP2", "--form", "index", "--width", "100").splitlines()
    assert lines[0].startswith("BP2   δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ)   ")
    assert lines[0].endswith("   every layer l < L, any widths, any σ, any J")
    formulas = [line[:52].rstrip() for line in lines if line[:3].strip().isdigit()]
    assert formulas == [
        " 1  δˡⱼ = ∂J/∂zˡⱼ",
        " 2      = Σₖ ∂J/∂zˡ⁺¹ₖ · ∂zˡ⁺¹ₖ/∂zˡⱼ",
        " 3      = Σₖ δˡ⁺¹ₖ ∂zˡ⁺¹ₖ/∂zˡⱼ",
        " 4      = Σₖ δˡ⁺¹ₖ ∂(Σᵢ wˡ⁺¹ₖᵢ σ(zˡᵢ) + bˡ⁺¹ₖ)/∂zˡⱼ",
        " 5      = Σₖ δˡ⁺¹ₖ wˡ⁺¹ₖⱼ σ′(zˡⱼ)",
        " 6      = ((Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ σ′(zˡ))ⱼ",
    ]
    assert lines[-1] == "✓ 6 steps, each proved; SymPy's 2 derivatives agree; checked on random exact numbers"


def test_the_four_are_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys)
    assert [line[:3] for line in text.splitlines() if line.startswith("BP")] == ["BP1", "BP2", "BP3", "BP4"]


@pytest.mark.parametrize("width", [60, 80, 100, 120])
@pytest.mark.parametrize("notation", ["superscript", "bracket"])
@pytest.mark.parametrize("options", [[], ["--loss", "softmax-ce"], ["--batch", "m", "--loss", "bce"]])
def test_no_line_is_wider_than_the_screen(
    width: int, notation: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    text = shown(capsys, "--width", str(width), "--notation", notation, *options)
    slack = 26 if width == 60 else 6 if notation == "bracket" else 0  # an operand that no operator divides
    assert max(len(line) for line in text.splitlines()) <= width + slack


def test_plain_reads_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "BP3", "--plain", "--form", "index")
    assert "1. d(J)/d(b^l_j) = sum_k d(J)/d(z^l_k) d(z^l_k)/d(b^l_j)\n   chain rule: " in text
    assert not set(text) & set("│┌└⎡⎣✓Σ∂ˡⱼ")


def test_numerator_layout_turns_the_factors(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "BP2", "--layout", "numerator", "--form", "matrix")
    assert text.startswith("BP2   δˡ = δˡ⁺¹ Wˡ⁺¹ ⊙ σ′(zˡ)ᵀ")
    assert "= ∂J/∂zˡ⁺¹ · ∂zˡ⁺¹/∂zˡ" in text


@pytest.mark.parametrize(
    ("asked", "statement"),
    [
        (["BP1", "--loss", "mse"], "δᴸ = (aᴸ − y) ⊙ σ′(zᴸ)"),
        (["BP1", "--loss", "bce"], "δᴸ = aᴸ − y"),
        (["BP1", "--loss", "softmax-ce"], "δᴸ = aᴸ − y"),
        (["BP2", "--activation", "sigmoid"], "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹ ⊙ (aˡ ⊙ (1 − aˡ))"),
        (["BP2", "--activation", "identity"], "δˡ = (Wˡ⁺¹)ᵀ δˡ⁺¹"),
        (["BP1", "--batch", "m"], "dZᴸ = dAᴸ ⊙ σ′(Zᴸ)"),
        (["BP2", "--batch", "m"], "dZˡ = (Wˡ⁺¹)ᵀ dZˡ⁺¹ ⊙ σ′(Zˡ)"),
        (["BP3", "--batch", "m"], "dbˡ = 1/m sum(dZˡ, axis=1, keepdims=True)"),
        (["BP4", "--batch", "m"], "dWˡ = 1/m dZˡ (Aˡ⁻¹)ᵀ"),
        (["da", "--batch", "m"], "dAˡ = (Wˡ⁺¹)ᵀ dZˡ⁺¹"),
        (["BP2-diag"], "δˡ = diag(σ′(zˡ)) (Wˡ⁺¹)ᵀ δˡ⁺¹"),
        (["unrolled", "--depth", "2"], "δ¹ = diag(σ′(z¹)) (W²)ᵀ diag(σ′(z²)) ∇_{a²} J"),
        (["softmax"], "∂s/∂z = diag(s) − s sᵀ"),
        (["l2"], "∂R/∂Wˡ = δˡ (aˡ⁻¹)ᵀ + λ Wˡ"),
        (["residual"], "∂J/∂x = Wᵀ (∂J/∂u ⊙ f′(z)) + ∂J/∂u"),
        (["bp4", "--notation", "bracket"], "∂J/∂W^{[l]} = δ^{[l]} a^{[l-1]ᵀ}"),
    ],
)
def test_statements(asked: list[str], statement: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys, *asked).split("   ", 1)[1].startswith(statement)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["BP5"], "There is no equation BP5. Did you mean BP4?"),
        (["chainrule"], "There is no equation chainrule. There are BP1, "),
        (["BP1", "--output", "softmax"], "A softmax output is derived with --loss softmax-ce"),
        (["BP1", "--loss", "bce", "--output", "tanh"], "Binary cross entropy is derived for a sigmoid output"),
        (["BP1", "--depth", "0"], "“0” is not a depth."),
    ],
)
def test_bad_input(asked: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", *asked]) == 2
    assert capsys.readouterr().err.startswith(f"backproof derive: {said}")
