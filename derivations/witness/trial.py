"""Random exact trials: do the two sides agree on random numbers?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product
from math import prod
from typing import TypeAlias

from derivations.formula import Formula, Unreadable
from derivations.setting import Context
from derivations.settling import Unsupported
from derivations.shapes import Elementwise, Extent, Filled, Misfit, Variable
from derivations.values import value
from derivations.witness.candidates import widths_of
from derivations.witness.evaluate import Environment, Sample, World
from derivations.witness.functions import Polynomial, Unsuitable
from derivations.witness.layers import instances
from derivations.witness.losses import random_loss
from derivations.witness.numbers import DIGITS, PRIME, Decimals, Exact, FunctionKey, Matrix, Modular, Plain
from derivations.witness.prepared import (
    Kind,
    Prepared,
    Widths,
    distinct,
    equal,
    single,
    wide,
)
from derivations.witness.sampling import Draw, cost, matrix_with
from derivations.witness.stream import Stream, mixed
from derivations.work import Purse, Spent

ATTEMPTS, ATTEMPTS_ON_KINKS = 40, 4
ROUNDS_OF_CHOICES = 12
"""How often a sample of binary or one-hot matrices is drawn, so that their zeros stand in all places; and, at widths of
1, one of numbers that relu may switch off."""
ZEROS_AND_ONES = frozenset({"binary", "one-hot"})
GENERIC, LARGEST_NAMED_WIDTH = 10**6, 12
WORK = 300_000
"""What a comparison may cost, unless a purse is given."""
WORK_OF_EXTREMES = 60_000
MOST_ENVIRONMENTS, BESIDE_A_PROOF = 400, 100
"""So many values of the index letters are tried."""
EXTREME_TRIES = 60
EXTREME_DIGITS = 120
"""So many that no cancellation of large numbers is taken for a difference."""
SIZES: dict[Kind, tuple[Fraction | int, ...]] = {
    "exact": (1, 2, 7, 100, 10**4, 10**7, Fraction(1, 8), Fraction(1, 2), Fraction(1, 1000)),
    "decimal": (1, 2, 5, 20, Fraction(1, 8), Fraction(1, 2), Fraction(1, 1000)),
}


@value
class Agrees:
    """The sides agreed in every trial; ``exact`` is False where decimals were compared.

    ``on_kinks``: some argument of relu, step, sign … was 0 there, where their value is a convention.
    """

    trials: int
    exact: bool
    on_kinks: bool = False


@value
class Differs:
    """The sides differ on a sample with these widths, first in this entry (row, column; counted from 1)."""

    widths: tuple[tuple[str, int], ...]
    entry: tuple[int, int]
    exact: bool
    on_kinks: bool = False


@value
class Untestable:
    """No sample could be drawn on which both sides have a value; ``reason`` is a phrase.

    ``spent``: why, if the work that it takes is the reason.
    """

    reason: str
    spent: Spent | None = None


Difference: TypeAlias = tuple[Environment, tuple[int, int], Matrix, Matrix]
"""The index values and the entry at which two sides differ, and both sides there."""


def _in_other_order(scheme: Callable[[int], int], count: int, turn: int) -> Callable[[int], int]:
    """The same widths, given out in another order from the second turn on: (XᵀX)⁻¹ needs more rows than columns."""
    if turn == 0:
        return scheme
    order = list(range(count))[::-1]
    if turn > 1:
        stream = Stream("order", turn)
        order.sort(key=lambda _: stream.bits())
    return lambda k: scheme(order[k] if k < count else k)


def environments(
    claim: Prepared, width: Callable[[Extent], int], most: int = MOST_ENVIRONMENTS
) -> Iterator[Environment]:
    """All values of the free index letters; where there are too many, ``most`` of them, half of these near together."""
    ranges = [range(width(extent)) for extent in claim.letters.values()]
    if prod(map(len, ranges)) > most:
        stream = Stream("environments", most)
        for turn in range(most):
            apart = 2 if turn % 2 else max(map(len, ranges))
            drawn = [stream.below(min(apart, len(numbers))) for numbers in ranges]
            yield dict(zip(claim.letters, drawn, strict=True))
        return
    for values in product(*ranges):
        yield dict(zip(claim.letters, values, strict=True))


Outcome: TypeAlias = Agrees | Differs | Untestable


def trial(
    left: Formula,
    right: Formula,
    context: Context,
    *,
    seed: int = 0,
    once: bool = False,
    wider: bool = False,
    enclosed: bool = False,
    at_last: bool = False,
    purse: Purse | None = None,
) -> Outcome:
    """Compare two sides on random samples: once with all widths distinct, once with all widths 2, at least.

    ``once``: only the first of these, which is enough beside a proof. ``wider``: at larger widths only, where something
    may fail that holds for small ones: an x with x₁ and x₂ may have a third entry. ``enclosed``: no residues, which
    have no sign, and decimals with bounds of their rounding, so that every sign and every divisor is certain.
    ``at_last``: the highest layer named is the last one.

    Each concrete network (see ``layers``) is tried; with relu and its like several samples are drawn, since two sides
    may agree wherever all neurons are active. ``purse`` pays for it.
    """
    purse = purse or Purse(WORK)
    try:
        concrete = instances(left, right, context, at_last=at_last)
        claims = [Prepared(instance, purse) for instance in (concrete[:1] if once else concrete)]
        return _wider_trials(claims, seed) if wider else _trials(claims, seed, once, enclosed)
    except (Misfit, Unreadable, Unsupported) as problem:
        return Untestable(str(problem))
    except Spent as spent:
        return Untestable(str(spent), spent)
    except RecursionError:
        return Untestable("a formula that is nested too deeply")


def ordinary_trial(
    left: Formula, right: Formula, context: Context, *, seed: int = 0, purse: Purse | None = None
) -> Outcome:
    """Compare two sides where a kink is no accident, on numbers that no law of relu, step, sign … is made for.

    All numbers are large and drawn at random, so that no two of them happen to cancel. What is 0 there is 0 because of
    what is not drawn from a continuum: a width of 1, two equal widths or indices, the entries of a binary matrix. There
    the conventions give both sides a value, and the claim has to hold. It agrees where nothing speaks against it.
    ``purse`` pays for it.
    """
    purse = purse or Purse(WORK)
    try:
        claims = [Prepared(instance, purse) for instance in instances(left, right, context)[:1]]
        return _ordinary_trials(claims, seed)
    except (Misfit, Unreadable, Unsupported) as problem:
        return Untestable(str(problem))
    except Spent as spent:
        return Untestable(str(spent), spent)


def _ordinary_trials(claims: list[Prepared], seed: int) -> Outcome:
    trials, on_kinks = 0, False
    for claim in claims:
        for number, scheme in enumerate(_ordinary_widths(claim, seed)):
            outcome = _ordinary_sample(claim, scheme, mixed(seed, "ordinary", number))
            if isinstance(outcome, Agrees):
                trials, on_kinks = trials + 1, on_kinks or outcome.on_kinks
            elif outcome is not None:
                return outcome
    return Agrees(trials, True, on_kinks)


def _ordinary_widths(claim: Prepared, seed: int) -> Iterator[Callable[[int], int]]:
    """Widths that are all 1, equal, and distinct; where a width stands in a kink many more, the claim's numbers too."""
    properties = [claim.context.properties(leaf.name, leaf.layer) for leaf in claim.leaves]
    rounds = ROUNDS_OF_CHOICES if any(own & ZEROS_AND_ONES for own in properties) else 1
    more = ROUNDS_OF_CHOICES if claim.has_kinks_within_kinks else rounds
    for scheme, often in ((single, more), (equal, rounds), (distinct, rounds)):
        for _ in range(often):
            yield scheme
    if claim.has_widths_at_kinks:
        named = {abs(node.value.numerator) for node in claim.nodes if isinstance(node, Filled)}
        sizes = sorted({1, 2, 3, 4, 5, 6} | {size for size in named if 0 < size <= LARGEST_NAMED_WIDTH})
        stream = Stream(seed, "widths")
        for first in sizes:
            for _ in sizes if len(widths_of(claim)) > 1 else (first,):
                drawn = [first, *(stream.choice(sizes) for _ in sizes)]
                yield lambda k, drawn=drawn: drawn[k % len(drawn)]  # type: ignore[misc]


def _ordinary_sample(claim: Prepared, scheme: Callable[[int], int], seed: int) -> Outcome | None:
    """A sample of numbers of both signs, or else of positive ones; None where neither gives a value."""
    for attempt in range(2):
        widths = Widths(scheme, claim.least)
        draw = generic(claim.kind, signs=2 - attempt)
        arithmetic, sample = random_sample(claim, claim.kind, widths, mixed(seed, attempt), 0, draw, kinks=True)
        arithmetic = arithmetic.surely()
        try:
            found, on_kink = _compared(claim, arithmetic, sample)
        except Unsuitable:
            if arithmetic.near_kinks:
                return Untestable("an argument of relu, step, sign … cannot be told from 0")
            continue
        return Agrees(1, True, on_kink) if found is None else _differs(claim, widths, found, on_kink)
    return None


def _trials(claims: list[Prepared], seed: int, once: bool, enclosed: bool) -> Outcome:
    if not claims:
        return Untestable("no network of this depth has all the layers named")
    trials, on_kinks = 0, False
    for number, claim in enumerate(claims):
        if enclosed and claim.kind == "modular":
            claim.kind = "exact"
        schemes = [distinct if number == 0 else equal] if len(claims) > 1 else [distinct, equal]
        for turn, scheme in enumerate(schemes * (3 if claim.kind == "exact" else 1)):
            most = BESIDE_A_PROOF if once else MOST_ENVIRONMENTS
            outcome = _one_trial(claim, scheme, mixed(seed, number, turn), enclosed=enclosed, most=most)
            if not isinstance(outcome, Agrees):
                return outcome
            trials, on_kinks = trials + 1, on_kinks or outcome.on_kinks
            if once:
                break
    return Agrees(trials, all(claim.kind != "decimal" for claim in claims), on_kinks)


def _wider_trials(claims: list[Prepared], seed: int) -> Outcome:
    trials = 0
    for number, claim in enumerate(claims):
        if claim.kind != "modular":
            extremes = _extreme_trials(claim, seed)
            if isinstance(extremes, Differs):
                return extremes
        for turn, scheme in enumerate((distinct, wide)):
            above = {extent: most + 1 for extent, most in claim.least.items()}
            if turn == 0 and not above:
                continue
            outcome = _one_trial(claim, scheme, mixed(seed, "wider", number, turn), above)
            if isinstance(outcome, Differs):
                return outcome
            trials += isinstance(outcome, Agrees)
    if not trials:
        return Untestable("the matrices are too large")
    return Agrees(trials, all(claim.kind != "decimal" for claim in claims))


def _extreme_trials(claim: Prepared, seed: int) -> Agrees | Differs:
    """Numbers of all sizes and signs: relu(t + 10) is t + 10 for all but a few."""
    kind, trials, enough = claim.kind, 0, claim.purse.left - WORK_OF_EXTREMES
    for attempt in range(EXTREME_TRIES):
        if claim.purse.left < enough:
            break
        widths = Widths(equal if attempt % 3 else single, claim.least)
        arithmetic, sample = random_sample(
            claim, kind, widths, mixed(seed, "extreme", attempt), 0, extreme(kind), EXTREME_DIGITS
        )
        try:
            found, on_kink = _compared(claim, arithmetic, sample)
        except Unsuitable:
            continue
        trials += 1
        if found is not None:
            return _differs(claim, widths, found, on_kink)
    return Agrees(trials, kind != "decimal")


def _one_trial(
    claim: Prepared,
    scheme: Callable[[int], int],
    seed: int,
    least: Mapping[Extent, int] | None = None,
    enclosed: bool = False,
    most: int = MOST_ENVIRONMENTS,
) -> Outcome:
    reason, met = "", 0
    for attempt in range(ATTEMPTS):
        widths = Widths(_in_other_order(scheme, met, attempt // 4), least or claim.least)
        kinks = attempt >= ATTEMPTS - ATTEMPTS_ON_KINKS
        own = mixed(seed, attempt)
        arithmetic, sample = random_sample(claim, claim.kind, widths, own, attempt, kinks=kinks)
        try:
            found, on_kink = _compared(claim, arithmetic, sample, enclosed, most)
        except Unsuitable as unsuitable:
            reason, met = str(unsuitable), len(widths.chosen)
            continue
        if found is None:
            return Agrees(1, claim.kind != "decimal", on_kink)
        return _differs(claim, widths, found, on_kink)
    return Untestable(f"every sample led to {reason}")


def _compared(
    claim: Prepared, arithmetic: Plain, sample: Sample, enclosed: bool = False, most: int = MOST_ENVIRONMENTS
) -> tuple[Difference | None, bool]:
    """The first difference of the sides on a sample, and whether there was a kink. Raises Unsuitable.

    Decimals that differ are looked at again with bounds of their rounding: what is left of a sum that should be 0 has
    a sign, and may be divided by.
    """
    if enclosed:
        arithmetic = arithmetic.surely()
    found = first_difference(claim, World(sample, arithmetic), arithmetic, most)
    if found is not None and arithmetic.surely() is not arithmetic:
        arithmetic = arithmetic.surely()
        found = first_difference(claim, World(sample, arithmetic), arithmetic, most)
    return found, arithmetic.on_kinks


def _differs(claim: Prepared, widths: Widths, found: Difference, on_kinks: bool) -> Differs:
    chosen = tuple((str(extent), n) for extent, n in widths.chosen.items())
    return Differs(chosen, (found[1][0] + 1, found[1][1] + 1), claim.kind != "decimal", on_kinks)


def first_difference(
    claim: Prepared, world: World[Matrix], arithmetic: Plain, most: int = MOST_ENVIRONMENTS
) -> Difference | None:
    """The first index values and entry at which the sides differ, and both sides there. Raises Unsuitable."""
    with arithmetic.running():
        for letters in environments(claim, world.sample.width, most):
            left, right = world.evaluate(claim.left, letters), world.evaluate(claim.right, letters)
            entry = arithmetic.differ(left, right)
            if entry is not None:
                return letters, entry, left, right
    return None


# ---- random samples ----


def random_sample(
    claim: Prepared,
    kind: Kind,
    widths: Widths,
    seed: int,
    attempt: int,
    draw: Draw | None = None,
    digits: int = DIGITS,
    *,
    kinks: bool = False,
) -> tuple[Plain, Sample]:
    """Random leaves, functions and losses for a claim. Later attempts prefer positive numbers, then numbers below 1,
    unless ``draw`` says how a number is drawn."""
    draw = draw or drawing(kind, attempt)
    spread = PRIME - 1 if kind == "modular" else 2

    def leaf(variable: Variable) -> Matrix:
        rows, columns = widths(variable.shape.rows), widths(variable.shape.columns)
        properties = claim.context.properties(variable.name, variable.layer)
        claim.purse.spend(cost(properties, rows, columns))
        stream = Stream(seed, "leaf", variable.name, str(variable.layer))
        matrix = matrix_with(properties, rows, columns, stream, draw)
        return as_residues(matrix) if kind == "modular" else matrix

    sample = Sample(
        claim.definitions, widths, leaf, lambda node, rows, columns: random_loss(seed, node.name, rows, columns, spread)
    )
    return arithmetic_of(kind, random_polynomials(claim, seed), seed, kinks, digits, claim.purse), sample


def arithmetic_of(
    kind: Kind,
    functions: dict[FunctionKey, Polynomial],
    seed: int,
    kinks: bool,
    digits: int = DIGITS,
    purse: Purse | None = None,
) -> Plain:
    match kind:
        case "modular":
            return Modular(seed, purse)
        case "exact":
            return Exact(functions, kinks, purse)
        case "decimal":
            return Decimals(functions, kinks, digits, purse)


def random_polynomials(claim: Prepared, seed: int) -> dict[FunctionKey, Polynomial]:
    """Random polynomials for the unknown functions, flat enough for an exp behind them if there is one.

    They are of a low degree where many of them are composed.
    """
    flatness = 10 if claim.kind == "decimal" else 1
    degree = 2 if len([n for n in claim.nodes if isinstance(n, Elementwise)]) > 12 else 4
    found: dict[FunctionKey, Polynomial] = {}
    for (name, layer), order in claim.functions.items():
        stream = Stream(seed, "function", name, str(layer))
        found[name, layer] = tuple(
            Fraction(1 + stream.below(5), (1 + k) * flatness**k) for k in range(degree + order + 1)
        )
    return found


def as_residues(matrix: Matrix) -> Matrix:
    """Rationals modulo the prime."""
    return [[v.numerator * pow(v.denominator, -1, PRIME) % PRIME for v in row] for row in matrix]


def extreme(kind: Kind) -> Draw:
    """A number of any size and sign."""

    def drawn(stream: Stream) -> Fraction | int:
        return stream.choice(SIZES[kind]) * (1 - 2 * stream.below(2))

    return drawn


def generic(kind: Kind, signs: int) -> Draw:
    """A number that no few others add up to, of either sign or of one: of six digits for rationals, else below 1."""

    def drawn(stream: Stream) -> Fraction | int:
        size = (1 + stream.below(GENERIC)) * (1 - 2 * stream.below(signs))
        return Fraction(size, GENERIC) if kind == "decimal" else size

    return drawn


def drawing(kind: Kind, attempt: int) -> Draw:
    """How a number is drawn. Later attempts prefer positive numbers, then numbers below 1."""

    def modular(stream: Stream) -> int:
        return 1 + stream.below(PRIME - 1)

    def exact(stream: Stream) -> Fraction | int:
        size = 1 + stream.below(7)
        return size if attempt % 3 == 2 or stream.below(2) else -size

    def decimal(stream: Stream) -> Fraction | int:
        match attempt % 3:
            case 0:
                return Fraction(1 + stream.below(12), 8) * (1 - 2 * stream.below(2))
            case 1:
                return Fraction(1 + stream.below(12), 8)
            case _:
                return Fraction(1 + stream.below(15), 16)

    return {"modular": modular, "exact": exact, "decimal": decimal}[kind]
