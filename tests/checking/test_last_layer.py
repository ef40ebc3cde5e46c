"""What is proved of a layer holds in every concrete network that the assumptions admit, at the last layer too."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derivations import Network, check
from derivations.checking import starting_setting
from derivations.formula import Formula, Symbol, walk
from derivations.reading import read_claim
from derivations.setting import Context
from derivations.verdicts import Proved
from derivations.witness import Differs, trial
from derivations.witness.layers import substituted

Claim = tuple[str, tuple[int, ...]]
"""A claim with {0}, {1} … for its layers, and the offsets that stand there."""

TEMPLATES: tuple[str, ...] = (
    "a^{{{l}}} = σ(z^{{{l}}})",
    "a^{{{l}}} = g^{{[{l}]}}(z^{{{l}}})",
    "a^{{{l}}} = softmax(z^{{{l}}})",
    "a^{{{l}}} = tanh(z^{{{l}}})",
    "z^{{{l}}} = W^{{{l}}} a^{{{below}}} + b^{{{l}}}",
    "z^{{{above}}} = W^{{{above}}} σ(z^{{{l}}}) + b^{{{above}}}",
    "a^{{{above}}} = σ(W^{{{above}}} a^{{{l}}} + b^{{{above}}})",
    "δ^{{{l}}} = (W^{{{above}}})^T δ^{{{above}}} ⊙ σ'(z^{{{l}}})",
    "δ^{{{l}}} = ∂J/∂a^{{{l}}} ⊙ σ'(z^{{{l}}})",
    "δ^{{{l}}} = (∂J/∂a^{{{l}}}) ⊙ g^{{[{l}]}}'(z^{{{l}}})",
    "δ^{{{l}}} = a^{{{l}}} - y",
    "∂J/∂b^{{{l}}} = δ^{{{l}}}",
    "∂J/∂W^{{{l}}} = δ^{{{l}}} (a^{{{below}}})^T",
    "∂J/∂a^{{{l}}} = (W^{{{above}}})^T δ^{{{above}}}",
    "∂a^{{{above}}}/∂z^{{{l}}} = Σ'(z^{{{l}}}) (W^{{{above}}})^T Σ'(z^{{{above}}})",
    "∂J/∂z^{{{l}}} = Σ'(z^{{{l}}}) (W^{{{above}}})^T Σ'(z^{{{above}}}) ∂J/∂a^{{{above}}}",
    "σ(z^{{{l}}}) = g^{{[{l}]}}(z^{{{l}}})",
    "∂a^{{{l}}}/∂z^{{{l}}} = Σ'(z^{{{l}}})",
    "δ^{{{l}}} = δ^L",
    "a^{{{l}}} = σ(z^{{{l}}}) + 0 y",
    "a^{{{l}}} = σ(z^{{{l}}}) + 0 δ^{{L-1}}",
)

LOSS_AND_OUTPUT = (
    (None, None), (None, "softmax"), (None, "tanh"), ("mse", None), ("mse", "softmax"), ("bce", None),
    ("softmax-ce", None),
)  # fmt: skip
NETWORKS = st.builds(
    lambda own, batch, depth, activation: Network(
        loss=own[0], output=own[1], batch=batch, depth=depth, activation=activation
    ),
    st.sampled_from(LOSS_AND_OUTPUT),
    st.sampled_from([None, None, "m"]),
    st.sampled_from([None, None, 1, 2, 3]),
    st.sampled_from([None, None, None, "tanh", "relu"]),
)


def at(template: str, base: str, offset: int) -> str:
    def name(by: int) -> str:
        return str(offset + by) if not base else f"{base}{offset + by:+d}" if offset + by else base

    return template.format(l=name(0), above=name(1), below=name(-1))


LAYERED = st.builds(
    at, st.sampled_from(TEMPLATES), st.sampled_from(["l", "l", "l", "", "L"]), st.sampled_from([-1, 0, 1, 1, 2])
)


def numbered(layer: str, l: int, depth: int) -> int:  # noqa: E741
    base, offset = re.fullmatch(r"([a-zL]?)(.*)", layer.replace(" ", "").replace("−", "-")).groups()  # type: ignore[union-attr]
    return {"": 0, "L": depth}.get(base, l) + int(offset or 0)


def is_admitted(verdict: Proved, sides: tuple[Formula, ...], l: int, depth: int) -> bool:  # noqa: E741
    """Whether the assumptions of a proof speak of this layer, in a network of this depth."""
    names = [node.layer for side in sides for node in walk(side) if isinstance(node, Symbol) and node.layer]
    highest = {base: max((n.offset for n in names if n.base == base), default=None) for base in ("", "l", "L")}
    lowest = {base: min((n.offset for n in names if n.base == base), default=None) for base in ("", "l", "L")}
    lowest["L"] = min(0, lowest["L"] or 0)
    add = {"": 0, "l": l, "L": depth}
    for said in verdict.assumptions:
        if found := re.match(r"(?:layer )?(.*) is not the last layer", said):
            if numbered(found[1], l, depth) >= depth:
                return False
        elif found := re.match(r"the layers (?:named by )?(.*) lie below those named by (.*)", said):
            below, above = "" if "numbers" in found[1] else found[1], found[2]
            top = 0 if highest[below] is None else highest[below]
            if add[below] + top >= add[above] + (lowest[above] or 0):
                return False
    return True


def concrete(network: Network, depth: int) -> Network:
    return Network(
        loss=network.loss, output=network.output, batch=network.batch, depth=depth, activation=network.activation
    )


def instances(claim: str, network: Network, verdict: Proved) -> Iterator[tuple[int, int, object]]:
    """The trials of a proved claim in concrete networks: l, the depth, and the outcome."""
    vocabulary = starting_setting("", "", network, "denominator").vocabulary
    sides = read_claim(claim, vocabulary).sides
    symbolic = any(isinstance(n, Symbol) and n.layer and n.layer.base == "l" for s in sides for n in walk(s))
    for depth in range(1, 5) if network.depth is None else [network.depth]:
        for l in range(-1, depth + 1) if symbolic else [0]:  # noqa: E741
            left, right = (substituted(side, {"l": l, "L": depth}) for side in sides)
            setting = starting_setting("", "", concrete(network, depth), "denominator")
            if is_admitted(verdict, sides, l, depth):
                outcome = trial(left, right, Context.of(setting, [left, right]))
                yield l, depth, outcome


@settings(max_examples=30, deadline=None)
@given(LAYERED, NETWORKS)
@example("a^{l+1} = σ(W^{l+1} a^l + b^{l+1})", Network(loss="softmax-ce"))
@example("a^{l+1} = σ(z^{l+1})", Network(output="softmax", depth=2))
@example("δ^{l+1} = ∂J/∂a^{l+1} ⊙ σ'(z^{l+1})", Network(output="tanh"))
@example("∂J/∂z^l = Σ'(z^l) (W^{l+1})^T Σ'(z^{l+1}) ∂J/∂a^{l+1}", Network(loss="softmax-ce"))
@example("g^{[l]}(z^l) = σ(z^l)", Network(output="tanh"))
@example("a^1 = σ(z^1)", Network(loss="softmax-ce"))
def test_what_is_proved_holds_at_every_layer_admitted(claim: str, network: Network) -> None:
    (verdict,) = check(claim, network)
    assert verdict.exit_code != 4, claim
    if not isinstance(verdict, Proved):
        return
    for l, depth, outcome in instances(claim, network, verdict):  # noqa: E741
        assert not isinstance(outcome, Differs), (claim, l, depth)


@pytest.mark.long
@settings(max_examples=3000, deadline=None)
@given(LAYERED, NETWORKS)
def test_layers_at_length(claim: str, network: Network) -> None:
    test_what_is_proved_holds_at_every_layer_admitted.hypothesis.inner_test(claim, network)  # type: ignore[attr-defined]


IS_NOT = "is not the last layer, which has an activation of its own"
ONLY = "the only layer for which the layers named exist in a network of depth 1"


@pytest.mark.parametrize(
    ("claim", "network", "said"),
    [
        ("a^l = σ(z^l)", Network(output="softmax"), f"l {IS_NOT}"),
        ("a^{l+1} = σ(z^{l+1})", Network(output="softmax"), f"l + 1 {IS_NOT}"),
        ("a^{l-1} = σ(z^{l-1})", Network(output="softmax"), f"l − 1 {IS_NOT}"),
        ("a^2 = σ(z^2)", Network(loss="softmax-ce"), f"layer 2 {IS_NOT}"),
        ("δ^l = δ^L", Network(depth=1), f"l is 1, {ONLY}"),
        ("a^{l+1} = softmax(z^{l+1})", Network(output="softmax", depth=1), f"l is 0, {ONLY}"),
        ("δ^l = δ^l", Network(depth=3), "l is any layer for which the layers named exist, in a network of depth 3"),
    ],
)  # fmt: skip
def test_the_highest_layer_is_told_from_the_last(claim: str, network: Network, said: str) -> None:
    (verdict,) = check(claim, network)
    assert verdict.verdict == "proved"
    assert said in verdict.assumptions


@pytest.mark.parametrize(
    ("claim", "network"),
    [
        ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", Network(loss="softmax-ce")),
        ("∂J/∂b^l = δ^l", Network(loss="softmax-ce")),
        ("∂J/∂W^l = δ^l (a^{l-1})^T", Network(output="tanh")),
        ("a^{l+1} = σ(z^{l+1})", Network(loss="bce")),
        ("a^{l+1} = σ(z^{l+1})", Network(loss="mse")),
        ("a^1 = σ(z^1)", Network(loss="softmax-ce", depth=2)),
    ],
)
def test_where_the_last_layer_does_not_matter_nothing_is_said_of_it(claim: str, network: Network) -> None:
    (verdict,) = check(claim, network)
    assert verdict.verdict == "proved"
    assert not any("last layer" in item for item in verdict.assumptions)


@pytest.mark.parametrize(
    ("claim", "network", "verdict"),
    [
        ("∂a^{l+2}/∂z^{l+1} = Σ'(z^{l+1}) (W^{l+2})^T Σ'(z^{l+2})", Network(loss="softmax-ce", depth=2), "refuted"),
        ("∂a^{l+2}/∂z^{l+1} = Σ'(z^{l+1}) (W^{l+2})^T Σ'(z^{l+2})", Network(depth=2), "proved"),
        ("a^{l+2} = σ(z^{l+2})", Network(loss="softmax-ce", depth=1), "refuted"),
        ("a^{l+2} = softmax(z^{l+2})", Network(loss="softmax-ce", depth=1), "proved"),
        ("δ^l = ∂J/∂b^l", Network(loss="softmax-ce", depth=1), "proved"),
        ("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)", Network(loss="softmax-ce", depth=2), "proved"),
    ],
)
def test_a_depth_that_leaves_one_layer(claim: str, network: Network, verdict: str) -> None:
    assert [v.verdict for v in check(claim, network)] == [verdict]
