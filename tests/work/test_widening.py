"""Wide matrices of a fixed size: what holds for every width holds for theirs, and nothing else is proved of them."""

from __future__ import annotations

import pytest

from derivations import check
from derivations.checking import extended
from derivations.reading import read_claim
from derivations.setting import Context, Setting
from derivations.settling import Settler
from derivations.widening import widened

GIVEN = "W : {w} x n; X : n x p; A : {w} x {w}; B : {w} x {w}; C : loss; D := W X; J := C(D); K := C(A B)"
RIGHT = ["∂J/∂W = ∂J/∂D Xᵀ", "tr(A B) = tr(B A)", "∂K/∂A = ∂K/∂A + 0 A", "(A B)ᵀ = Bᵀ Aᵀ", "A eye({w}) = A"]
WRONG = [
    "∂J/∂W = X (∂J/∂D)ᵀ",
    "tr(A B) = tr(A) tr(B)",
    "(A B)ᵀ = Aᵀ Bᵀ",
    "A eye({w}) = 2 A",
    "tr(A) = tr(A eye({w})) + 1",
]


@pytest.mark.parametrize("width", ["n1", "3", "40", "784", "3000", "10000000"])
@pytest.mark.parametrize("claim", RIGHT)
def test_a_right_claim_is_proved_whatever_the_width(claim: str, width: str) -> None:
    (verdict,) = check(claim.format(w=width), given=GIVEN.format(w=width))
    assert verdict.verdict == "proved"


@pytest.mark.parametrize("width", ["n1", "3", "40", "784", "3000", "10000000"])
@pytest.mark.parametrize("claim", WRONG)
def test_a_wrong_one_is_never_proved(claim: str, width: str) -> None:
    (verdict,) = check(claim.format(w=width), given=GIVEN.format(w=width))
    assert verdict.verdict in ("refuted", "ill-shaped") or (verdict.verdict == "undecided" and len(width) > 1)


def test_what_holds_for_one_number_alone_is_not_said_of_all() -> None:
    setting = extended(Setting(), "A : 784 x 784")
    left, right = read_claim("sum(ones(784, 784)) = 784 sum(ones(784, 1))", setting.vocabulary).sides
    general = widened(left, right, Context.of(setting, [left, right]))
    assert general is not None
    settler = Settler(general.context)
    one, other = settler.settle_sides(general.left, general.right)
    assert "784" not in str(one.shape)
    assert one != other


@pytest.mark.parametrize("given", ["A : 3 x 3", "A : n x n", "A : 7 x n"])
def test_nothing_is_widened_where_nothing_is_wide(given: str) -> None:
    setting = extended(Setting(), given)
    left, right = read_claim("A = A", setting.vocabulary).sides
    assert widened(left, right, Context.of(setting, [left, right])) is None
