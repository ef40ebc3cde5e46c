"""What a proof supposes is said, can be met, and hides nothing ordinary.

Texts and values are made side by side: each argument comes with a function that gives its value on a sample, in exact
rationals, so that nothing of the program is asked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from derivations import check
from derivations.verdicts import Verdict

Value: TypeAlias = Fraction | int
Sample: TypeAlias = dict[str, Value]
Term: TypeAlias = tuple[str, Callable[[Sample], Value]]

# ---- divisors ----

OF_DIVISORS = "a : scalar; b : scalar; p : scalar positive; q : r binary; W : m x n"
ATOMS: tuple[Term, ...] = (
    ("a", lambda s: s["a"]),
    ("b", lambda s: s["b"]),
    ("p", lambda s: s["p"]),
    ("n", lambda s: s["n"]),
    ("m", lambda s: s["m"]),
    ("1", lambda s: 1),
    ("2", lambda s: 2),
    ("q_1", lambda s: s["q_1"]),
)


def joined(sign: str, left: Term, right: Term) -> Term:
    (one, f), (other, g) = left, right
    text = {"+": f"({one} + {other})", "-": f"({one} - {other})", "*": f"({one}) ({other})"}[sign]
    return text, {
        "+": lambda s: f(s) + g(s),
        "-": lambda s: f(s) - g(s),
        "*": lambda s: f(s) * g(s),
    }[sign]


TERMS = st.recursive(
    st.sampled_from(ATOMS), lambda inside: st.builds(joined, st.sampled_from("+-*"), inside, inside), max_leaves=4
)


def samples() -> Iterator[Sample]:
    sizes: dict[str, tuple[Value, ...]] = {
        "a": (-2, -1, 0, 1, 2, Fraction(1, 3)),
        "b": (-1, 0, 1, 2, Fraction(5, 7)),
        "p": (1, 2, Fraction(1, 2)),
        "n": (1, 2, 3),
        "m": (1, 2, 5),
        "q_1": (0, 1),
    }
    for values in product(*sizes.values()):
        yield dict(zip(sizes, values, strict=True))


def is_said(verdict: Verdict) -> bool:
    return any(item.endswith("is not 0") and "divided" not in item for item in verdict.assumptions)


@settings(max_examples=40, deadline=None)
@given(TERMS, TERMS)
@example(joined("-", ATOMS[3], ATOMS[5]), ATOMS[5])  # (n − 1)/(n − 1)
@example(joined("-", ATOMS[3], ATOMS[4]), ATOMS[0])  # equal widths
@example(joined("-", ATOMS[0], ATOMS[0]), ATOMS[0])  # 0/0
@example(joined("*", ATOMS[7], joined("-", ATOMS[7], ATOMS[5])), ATOMS[0])  # q (q − 1), of a binary q
def test_a_divisor_that_may_be_0_is_named(divisor: Term, of: Term) -> None:
    """d v / d = v is proved only if some sample has d ≠ 0; and if another one has d = 0, the proof says so."""
    text, value = divisor
    claim = f"(({text}) ({of[0]}))/({text}) = {of[0]}"
    (verdict,) = check(claim, given=OF_DIVISORS)
    values = [value(sample) for sample in samples()]
    if verdict.verdict == "proved":
        assert any(values), claim
        assert all(values) or is_said(verdict), claim
    else:
        assert verdict.verdict in ("undecided", "ill-shaped")
        assert not any(values) or verdict.verdict == "undecided", claim


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("(n-1)/(n-1) = 1", "n − 1 is not 0"),
        ("(m-n)/(m-n) = 1", "m − n is not 0"),
        ("(exp(a)-exp(b))/(exp(a)-exp(b)) = 1", "exp(a) − exp(b) is not 0"),
        ("(exp(2a)-1)/(exp(a)-1) = exp(a)+1", "exp(a) − 1 is not 0"),
        ("x/‖x‖ = x (1/‖x‖)", "‖x‖ is not 0"),
        ("(softmax(x)-softmax(u)) ⊘ (softmax(x)-softmax(u)) = 1_n", "no entry of softmax(x) − softmax(u) is 0"),
        ("k ⊘ (k + 1_3) = k ⊘ (1_3 + k)", "no entry of k + ones(3, 1) is 0"),
    ],
)
def test_the_divisor_is_named_as_it_was_typed(claim: str, said: str) -> None:
    (verdict,) = check(claim, given=OF_DIVISORS + "; x : n; u : n; k : 3 one-hot")
    assert verdict.verdict == "proved"
    assert said in verdict.assumptions


@pytest.mark.parametrize("claim", ["(1+n)/(1+n) = 1", "exp(a)/exp(a) = 1", "(p+1)/(p+1) = 1", "(-1-p)/(1+p) = -1"])
def test_of_a_divisor_that_is_never_0_nothing_is_said(claim: str) -> None:
    (verdict,) = check(claim, given=OF_DIVISORS)
    assert verdict.verdict == "proved"
    assert not is_said(verdict)


# ---- hypotheses that nothing meets ----

NEVER_MET = "x : n; u : n; c : scalar; q : n binary; k : 3 one-hot; D : n x n diagonal; A : n x n; y : n sums to 1"


@pytest.mark.parametrize(
    "claim",
    [
        "(‖c x‖-abs(c)‖x‖)/(‖c x‖-abs(c)‖x‖) = 1",
        "(‖c x‖-abs(c)‖x‖)/(‖c x‖-abs(c)‖x‖) = 2",
        "sign(‖x‖‖u‖-‖x u^T‖)^2 = 1",
        "sign(sqrt(exp(c)+2+exp(-c)) - exp(c/2)-exp(-c/2))^2 = 1",
        "step(‖c x‖-abs(c)‖x‖) + step(abs(c)‖x‖-‖c x‖) = 1",
        "(sqrt(c^2)-abs(c))/(sqrt(c^2)-abs(c)) = 1",
        "(sum(softmax(x)) - 1)/(sum(softmax(x)) - 1) = 1",
        "(exp(c)exp(-c) - 1)/(exp(c) exp(-c) - 1) = 1",
        "(sigmoid(c) + sigmoid(-c) - 1)/(sigmoid(c) + sigmoid(-c) - 1) = 1",
        "sign(tanh(c) - (exp(c)-exp(-c))/(exp(c)+exp(-c)))^2 = 1",
        "sign(log(exp(c)) - c)^2 = 1",
        "(sum(y) - 1)/(sum(y) - 1) = 1",
        "(k_1 k_2)/(k_1 k_2) = 1",
        "k ⊘ k = 1_3",
        "sqrt(-‖x‖^2)/sqrt(-‖x‖^2) = 1",
        "log(-exp(c)) = log(-exp(c))",
        "((-‖x‖^2)^{1/2})^2 = -‖x‖^2",
        "sqrt(-1 - c^2) = sqrt(-1 - c^2)",
        "log(c) + log(-c) = log(-c) + log(c)",
        "inv(x x^T) = inv(x x^T)",
    ],
)
def test_nothing_is_proved_under_a_hypothesis_that_nothing_meets(claim: str) -> None:
    (verdict,) = check(claim, given=NEVER_MET)
    assert verdict.verdict in ("refuted", "undecided")
    assert verdict.exit_code != 4


@pytest.mark.parametrize(
    "claim",
    [
        "sign(‖x‖‖u‖-‖x u^T‖) = 0",
        "relu(‖c x‖-abs(c)‖x‖) = 0",
        "step(sqrt(c^2)-abs(c)) = 0",
        "abs(log(exp(c)) - c) = 0",
        "sign(sigmoid(c) + sigmoid(-c) - 1) = 0",
    ],
)
def test_what_rounding_leaves_refutes_nothing(claim: str) -> None:
    (verdict,) = check(claim, given=NEVER_MET)
    assert verdict.verdict in ("proved", "undecided")
    assert verdict.exit_code != 4


# ---- kinks ----

OF_KINKS = (
    "x : 3; c : scalar; p : scalar positive; q : 3 binary; k : 3 one-hot; "
    "D : 2 x 2 diagonal; A : 2 x 2; S : 2 x 2 symmetric"
)
GENERIC: Sample = {
    **{f"x_{i}": Fraction(v, 7) for i, v in enumerate((-34, 11, 59), 1)},
    "c": Fraction(-13, 5),
    "p": Fraction(3, 8),
    **{f"D_{i}{i}": Fraction(v, 9) for i, v in ((1, 17), (2, -5))},
    **{f"A_{i}{j}": Fraction(v, 11) for i, j, v in ((1, 1, 4), (1, 2, -9), (2, 1, 23), (2, 2, 31))},
    **{f"S_{i}{j}": Fraction(v, 13) for i, j, v in ((1, 1, -4), (1, 2, 9), (2, 1, 9), (2, 2, 1))},
}


def ordinary_samples() -> Iterator[Sample]:
    """Numbers that do not cancel by accident, with every choice of what is not a continuum; i and j too."""
    for sign, i, j, q, one in product((1, -1), (1, 2), (1, 2), product((0, 1), repeat=3), (1, 2, 3)):
        found = {name: v if name == "p" else sign * v for name, v in GENERIC.items()}
        found |= {f"q_{at}": v for at, v in enumerate(q, 1)} | {f"k_{at}": int(at == one) for at in (1, 2, 3)}
        yield found | {"i": i, "j": j}


ARGUMENTS: tuple[Term, ...] = (
    ("c", lambda s: s["c"]),
    ("-c", lambda s: -s["c"]),
    ("p", lambda s: s["p"]),
    ("-p", lambda s: -s["p"]),
    ("(p - 1)", lambda s: s["p"] - 1),
    ("(x_i - x_j)", lambda s: s[f"x_{s['i']}"] - s[f"x_{s['j']}"]),
    ("x_i x_j", lambda s: s[f"x_{s['i']}"] * s[f"x_{s['j']}"]),
    ("q_1", lambda s: s["q_1"]),
    ("q_i c", lambda s: s[f"q_{s['i']}"] * s["c"]),
    ("(q_1 - q_2)", lambda s: s["q_1"] - s["q_2"]),
    ("(q_1 + q_2 - 1)", lambda s: s["q_1"] + s["q_2"] - 1),
    ("(1 - 2 q_1)", lambda s: 1 - 2 * s["q_1"]),
    ("k_1", lambda s: s["k_1"]),
    ("(k_1 - k_2)", lambda s: s["k_1"] - s["k_2"]),
    ("(c k_1 - 1)", lambda s: s["c"] * s["k_1"] - 1),
    ("diag(x)_{ij}", lambda s: s[f"x_{s['i']}"] * (s["i"] == s["j"])),
    ("D_{ij}", lambda s: s.get(f"D_{s['i']}{s['j']}", 0)),
    ("A_{ij}", lambda s: s[f"A_{s['i']}{s['j']}"]),
    ("(A_{ij} - A_{ji})", lambda s: s[f"A_{s['i']}{s['j']}"] - s[f"A_{s['j']}{s['i']}"]),
    ("(S_{ij} - S_{ji})", lambda s: s[f"S_{s['i']}{s['j']}"] - s[f"S_{s['j']}{s['i']}"]),
    ("(S_{ij} - S_{11})", lambda s: s[f"S_{s['i']}{s['j']}"] - s["S_11"]),
    ("eye(2)_{ij}", lambda s: int(s["i"] == s["j"])),
    ("(c - sqrt(c^2) - c + abs(c))", lambda s: 0),
    ("(c^2 + 1)", lambda s: s["c"] ** 2 + 1),
    ("relu(c)", lambda s: max(s["c"], 0)),
    ("(c - relu(c))", lambda s: s["c"] - max(s["c"], 0)),
    ("(c step(x_i) - x_j step(c))", lambda s: s["c"] * step(s[f"x_{s['i']}"]) - s[f"x_{s['j']}"] * step(s["c"])),
    ("step(c)", lambda s: step(s["c"])),
    ("(exp(c) exp(-c) - 1)", lambda s: 0),
)


LEAK = Fraction(1, 100)


def sign(v: Value) -> int:
    return (v > 0) - (v < 0)


def step(v: Value) -> int:
    return int(v > 0)


LAWS: tuple[tuple[str, Callable[[Value], tuple[Value, Value]]], ...] = (
    ("sign({u})^2 = 1", lambda u: (sign(u) ** 2, 1)),
    ("step({u}) + step(-{u}) = 1", lambda u: (step(u) + step(-u), 1)),
    ("relu'({u}) + relu'(-{u}) = 1", lambda u: (step(u) + step(-u), 1)),
    ("sign({u}) = 2 step({u}) - 1", lambda u: (sign(u), 2 * step(u) - 1)),
    ("sign({u}) = step({u}) - step(-{u})", lambda u: (sign(u), step(u) - step(-u))),
    ("sign(-{u}) = -sign({u})", lambda u: (sign(-u), -sign(u))),
    ("abs'({u}) = sign({u})", lambda u: (sign(u), sign(u))),
    ("abs'({u})^2 = 1", lambda u: (sign(u) ** 2, 1)),
    ("abs({u}) = {u} sign({u})", lambda u: (abs(u), u * sign(u))),
    ("abs({u}) = relu({u}) + relu(-{u})", lambda u: (abs(u), max(u, 0) + max(-u, 0))),
    ("relu({u}) - relu(-{u}) = {u}", lambda u: (max(u, 0) - max(-u, 0), u)),
    ("max(0, {u}) = {u} step({u})", lambda u: (max(u, 0), u * step(u))),
    ("relu'({u}) = step({u})", lambda u: (step(u), step(u))),
    ("relu'({u}) = 1 - step(-{u})", lambda u: (step(u), 1 - step(-u))),
    ("leaky_relu'({u}) = step({u}) + 1/100 step(-{u})", lambda u: (1 if u > 0 else LEAK, step(u) + LEAK * step(-u))),
    ("leaky_relu({u}) = relu({u}) - 1/100 relu(-{u})", lambda u: (max(u, LEAK * u), max(u, 0) - LEAK * max(-u, 0))),
    ("{u} sign({u})^2 = {u}", lambda u: (u * sign(u) ** 2, u)),
    ("step({u}) step(-{u}) = 0", lambda u: (step(u) * step(-u), 0)),
    ("step(2 {u})^2 = step({u})", lambda u: (step(2 * u) ** 2, step(u))),
    ("step(abs({u})) = 1", lambda u: (step(abs(u)), 1)),
    ("abs({u})/abs({u}) = 1", lambda u: (1, 1)),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(LAWS), st.sampled_from(ARGUMENTS), st.sampled_from([None, *ARGUMENTS[:8]]))
@example(LAWS[1], ARGUMENTS[5], None)
@example(LAWS[0], ARGUMENTS[7], None)
@example(LAWS[0], next(term for term in ARGUMENTS if term[0] == "relu(c)"), None)
def test_a_law_of_step_is_proved_only_where_it_holds(
    law: tuple[str, Callable[[Value], tuple[Value, Value]]], argument: Term, factor: Term | None
) -> None:
    """It holds on every ordinary sample, by the conventions step(0) = sign(0) = relu′(0) = 0 where there is a kink."""
    if factor is not None:
        (one, f), (other, g) = argument, factor
        argument = f"({one}) ({other})", lambda s: f(s) * g(s)
    words, values = law
    text, value = argument
    claim = words.format(u=f"({text})")
    (verdict,) = check(claim, given=OF_KINKS)
    assert verdict.exit_code != 4, claim
    sides = [values(value(sample)) for sample in ordinary_samples()]
    if verdict.verdict == "proved":
        assert all(left == right for left, right in sides), claim
    if verdict.verdict == "refuted":
        assert not all(left == right for left, right in sides), claim


@pytest.mark.long
@settings(max_examples=5000, deadline=None)
@given(st.sampled_from(LAWS), st.sampled_from(ARGUMENTS), st.sampled_from([None, *ARGUMENTS]))
def test_laws_of_step_at_length(
    law: tuple[str, Callable[[Value], tuple[Value, Value]]], argument: Term, factor: Term | None
) -> None:
    test_a_law_of_step_is_proved_only_where_it_holds.hypothesis.inner_test(law, argument, factor)  # type: ignore[attr-defined]
