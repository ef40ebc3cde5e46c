"""Entries named by number: sums over widths that are numbers, and the lines of ``derive --layers`` given back."""

from __future__ import annotations

import pytest

from chapters.command import main
from derivations import check
from derivations.equations.catalogue import FOUR, derive
from derivations.equations.explicit import Explicit, explicit
from derivations.setting import LAYOUTS, LOSSES, Network
from derivations.writing import Notation, Spelling, write

LAYER = "W : 3 x 2; x : 2; b : 3; z := W x + b; f : elementwise; a := f(z); C : loss; J := C(a)"

RIGHT = [
    "z_2 = W_{21} x_1 + W_{22} x_2 + b_2",
    "a_3 = f(W_{31} x_1 + W_{32} x_2 + b_3)",
    "∂J/∂x_1 = ∂J/∂z_1 W_{11} + ∂J/∂z_2 W_{21} + ∂J/∂z_3 W_{31}",
    "∂J/∂W_{32} = ∂J/∂a_3 f'(W_{31} x_1 + W_{32} x_2 + b_3) x_2",
    "∂z_2/∂x_1 = W_{21}",
    "∂z_2/∂b_1 = 0",
    "sum(x) = x_1 + x_2",
    "‖x‖² = x_1^2 + x_2^2",
    "tr(x xᵀ) = x_1^2 + x_2^2",
    "softmax(x)_1 = exp(x_1)/(exp(x_1) + exp(x_2))",
    "softmax(x)_1 + softmax(x)_2 = 1",
    "∂(softmax(x)_1)/∂x_2 = -softmax(x)_1 softmax(x)_2",
    "∂(xᵀ x)/∂x_2 = 2 x_2",
    "(Wᵀ W)_{1,2} = W_{11} W_{12} + W_{21} W_{22} + W_{31} W_{32}",
    "Σ_j x_j W_{3j} = x_1 W_{31} + x_2 W_{32}",
]

WRONG = [
    "z_2 = W_{12} x_1 + W_{22} x_2 + b_2",
    "z_2 = W_{21} x_1 + W_{22} x_2",
    "z_2 = W_{21} x_1 + W_{22} x_1 + b_2",
    "z_2 = W_{21} x_1 + W_{22} x_2 + b_3",
    "∂J/∂x_1 = ∂J/∂z_1 W_{11} + ∂J/∂z_2 W_{21}",
    "∂J/∂x_1 = ∂J/∂z_1 W_{11} + ∂J/∂z_2 W_{12} + ∂J/∂z_3 W_{31}",
    "∂J/∂W_{32} = ∂J/∂a_2 f'(W_{31} x_1 + W_{32} x_2 + b_3) x_2",
    "∂z_2/∂x_1 = W_{12}",
    "∂z_2/∂b_2 = 0",
    "sum(x) = x_1 + 2 x_2",
    "sum(x) = x_1",
    "‖x‖² = (x_1 + x_2)^2",
    "softmax(x)_1 = exp(x_1)/(exp(x_1) + exp(x_1))",
    "∂(softmax(x)_1)/∂x_2 = softmax(x)_1 (1 - softmax(x)_2)",
    "(Wᵀ W)_{1,2} = W_{11} W_{12} + W_{21} W_{22}",
]


HYPOTHESES = "y : 2 sums to 1; o : 2; p := softmax(o); K := -sum(y ⊙ log(p)); R : 2 x 3 rows sum to 1; h : 3 one-hot"


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("y_1 + y_2 = 1", "proved"),
        ("y_2^2 = y_2 - y_1 y_2", "proved"),
        ("∂K/∂o_1 = p_1 - y_1", "proved"),
        ("R_{11} + R_{12} + R_{13} = 1", "proved"),
        ("h_1 + h_2 = 1 - h_3", "proved"),
        ("h_2 h_3 = 0", "proved"),
        ("y_1 = y_2", "refuted"),
        ("y_1 + y_1 = 1", "refuted"),
        ("y_2^2 = y_2", "refuted"),
        ("R_{11} + R_{21} = 1", "refuted"),
        ("R_{11} + R_{12} = 1", "refuted"),
        ("h_1 + h_2 = 1", "refuted"),
        ("∂K/∂o_1 = p_2 - y_1", "refuted"),
    ],
)
def test_what_is_assumed_of_sums_holds_of_what_is_written_out(claim: str, verdict: str) -> None:
    assert [v.verdict for v in check(claim, given=HYPOTHESES)] == [verdict]


@pytest.mark.parametrize("claim", RIGHT)
def test_sums_over_numbers_are_written_out(claim: str) -> None:
    assert [verdict.verdict for verdict in check(claim, given=LAYER)] == ["proved"]


@pytest.mark.parametrize("claim", WRONG)
def test_a_wrong_entry_is_refuted(claim: str) -> None:
    assert [verdict.verdict for verdict in check(claim, given=LAYER)] == ["refuted"]


@pytest.mark.parametrize("claim", ["sum(y) = y_1 + y_2", "y_1 = y_2", "yᵀ y = y_1^2 + y_2^2"])
def test_nothing_is_written_out_over_any_width(claim: str) -> None:
    """With y : n the sum may have more terms than two."""
    assert [verdict.verdict for verdict in check(claim, given="y : n")] == ["refuted"]


def entries(found: Explicit, notation: Notation = "superscript", spelling: Spelling = Spelling.UNICODE) -> list[str]:
    return [
        f"{write(left, spelling, notation)} = {write(right, spelling, notation)}"
        for lefts, rights in zip(found.lhs, found.rhs, strict=True)
        for left, right in zip(lefts, rights, strict=True)
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("widths", [(2, 3, 1), (1, 1), (2, 2, 2, 2)])
@pytest.mark.parametrize("name", [*FOUR, "BP1-diag", "BP2-diag"])
def test_what_is_written_out_is_proved_by_check(name: str, widths: tuple[int, ...], layout: str) -> None:
    for one in explicit(derive(name, layout=layout), widths):
        for line in entries(one):
            assert [(line, v.verdict) for v in check(line, given=one.given)] == [(line, "proved")]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("name", FOUR)
def test_with_every_loss(name: str, loss: str) -> None:
    for one in explicit(derive(name, Network(loss=loss)), (2, 3, 2)):
        for notation, spelling in (("superscript", Spelling.PLAIN), ("bracket", Spelling.LATEX)):
            for line in entries(one, notation, spelling):  # type: ignore[arg-type]
                assert [(line, v.verdict) for v in check(line, given=one.given)] == [(line, "proved")]


def test_rows_in_another_order_are_refuted() -> None:
    (one,) = explicit(derive("BP2"), (2, 2, 3))
    for (left,), (right,) in zip(one.lhs, one.rhs[::-1], strict=True):
        (verdict,) = check(f"{write(left)} = {write(right)}", given=one.given)
        assert verdict.verdict == "refuted"


def test_the_sheet_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "BP2", "--layers", "2,3,1", "--loss", "mse"]) == 0
    assert 'with all entries, as check proves them with  --given "use network layers=2,3,1 loss=mse"' in " ".join(
        line.strip() for line in capsys.readouterr().out.splitlines()
    )


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("use network layers=2", "“2” is not a list of layers"),
        ("use network layers=2,0", "“2,0” is not a list of layers"),
        ("use network layers=2,3 depth=2", "has the depth 1, not 2"),
    ],
)
def test_a_sheet_with_wrong_layers(sheet: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check("z^1 = z^1", given=sheet)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("n_1 = 3", "proved"),
        ("n_1 = 2", "refuted"),
        ("1_{n_0} = ones(2, 1)", "proved"),
        ("b^2_1 = b^2", "proved"),
        ("b^2_2 = b^2", "ill-shaped"),
        ("z^1_4 = 0", "ill-shaped"),
        ("z^3 = 0", "unreadable"),
        ("z^2 = W^2 a^1 + b^2", "proved"),
        ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", "proved"),
        ("a^1_2 = σ(W^1_{21} x_1 + W^1_{22} x_2 + b^1_2)", "proved"),
        ("a^1_2 = σ(W^1_{21} x_1 + W^1_{12} x_2 + b^1_2)", "refuted"),
    ],
)
def test_a_network_with_widths(claim: str, verdict: str) -> None:
    assert [v.verdict for v in check(claim, given="use network layers=2,3,1")] == [verdict]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("1/(1 + t^2)^2 = (1 + t^2)^{-2}", "proved"),
        ("(1 + t)/(1 + t)^3 = 1/(1 + t)^2", "proved"),
        ("1/(t^2)^{1/2} = 1/t", "refuted"),
        ("((1 + t)^2)^{-1/2} = (1 + t)^{-1}", "refuted"),
        ("1/(1 + t^2)^2 = (1 + t^2)^{-1}", "refuted"),
    ],
)
def test_a_divisor_that_is_a_power(claim: str, verdict: str) -> None:
    assert [v.verdict for v in check(claim, given="t : scalar")] == [verdict]


@pytest.mark.parametrize("claim", ["(t^{-1})^{-1} = t", "1/t^2 = t^{-2}"])
def test_a_divisor_is_not_0(claim: str) -> None:
    (verdict,) = check(claim, given="t : scalar")
    assert "t is not 0" in verdict.assumptions  # type: ignore[union-attr]
