"""The search for the smallest counterexample: few entries first, then small whole numbers, then fractions.

At each choice of widths, one random trial modulo a prime tells whether the sides differ there at all (not for relu, exp
and their like); then small values are drawn, and the best hit is shrunk entry by entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

from derivations.formula import Formula, Unreadable
from derivations.setting import Context
from derivations.settling import Unsupported
from derivations.shapes import (
    Elementwise,
    Extent,
    Loss,
    Misfit,
    Variable,
)
from derivations.witness.candidates import awkward, cut, entries_of, ladder_of, widths_of
from derivations.witness.counterexamples import (
    Counterexample,
    Names,
    digits_to_tell,
    loss_words,
    polynomial_words,
    rows_of,
    values_of,
)
from derivations.witness.evaluate import Environment, Sample, VariableKey, World
from derivations.witness.functions import Polynomial, Unsuitable
from derivations.witness.layers import Instance, instances
from derivations.witness.losses import SIMPLE_LOSSES, LossForm, simple_loss
from derivations.witness.numbers import FunctionKey, Matrix, Plain
from derivations.witness.prepared import Prepared, Widths, distinct, equal
from derivations.witness.sampling import Draw, cost, matrix_with, obeys
from derivations.witness.stream import Stream, mixed
from derivations.witness.trial import (
    ATTEMPTS,
    EXTREME_DIGITS,
    EXTREME_TRIES,
    ZEROS_AND_ONES,
    arithmetic_of,
    extreme,
    first_difference,
    generic,
    random_polynomials,
    random_sample,
)
from derivations.work import Purse, Spent

Leaves: TypeAlias = dict[VariableKey, Matrix]

WORK = 300_000
"""What a search may cost, unless a purse is given."""
PART_AT_RANDOM = 4
"""One in so many units is kept for the last resort."""
EVALUATIONS = 1500
"""How many evaluations of a small claim a search takes: the smallest counterexample is looked for no longer."""

FUNCTIONS: tuple[Polynomial, ...] = (
    (0, 0, 1),
    (0, 0, 0, 1),
    (0, 1, 1),
    (1, 2),
    (0, 0, 0, 0, 1),
    (0, -1, 0, 0, 0, 1),
    (1, 1, 1, 1, 1, 1, 1, 1),
)
"""Unknown functions, the easiest first: t², t³, t² + t, 2t + 1 …"""

HALF = Fraction(1, 2)
PALETTES: dict[str, tuple[tuple[Fraction | int, ...], ...]] = {
    "exact": ((1, 2), (1, 2, 3), (1, 2, 3, -1), (1, -1, 2, 0), (1, 2, -2, 3, HALF)),
    "signed": ((1, -1), (1, 2, -1), (1, -1, 2, -2), (1, -1, 2, 0), (1, 2, -2, 3, HALF)),
    "decimal": ((1, 2), (1, -1, 0), (HALF, 1, -1, 2), (HALF, Fraction(1, 4), Fraction(3, 4))),
}
SHRINKING_TO: tuple[Fraction | int, ...] = (1, 0, 2, -1)
FEW_TRIES, MOST_TRIES, FEW_HITS, MOST_SHRINKING = 10, 60, 4, 14
SEARCH_DIGITS = 30
DEEP = 3
"""Where more functions than this are composed, 2t + 1 comes first, so that the numbers stay small."""
LARGE = 30
"""A claim of so many nodes is not evaluated more often than it must be."""


def _chosen(stream: Stream, palette: tuple[Fraction | int, ...]) -> Fraction | int:
    return stream.choice(palette)


class _Patience:
    """How many evaluations are still worth it; one of many entries counts for more."""

    def __init__(self, left: int) -> None:
        self.left = left

    def lasts(self, entries: int, price: int = 1) -> bool:
        self.left -= price * (1 + entries // 8)
        return self.left >= 0


class _Choice(NamedTuple):
    """The unknown functions and losses of a sample; ``rank`` is how far down the short lists they stand."""

    functions: Mapping[FunctionKey, Polynomial]
    loss: int | None  # None is a random one
    rank: int


class _Hit(NamedTuple):
    """A sample on which the sides differ."""

    leaves: Leaves
    choice: _Choice
    world: World[Matrix]
    letters: Environment
    entry: tuple[int, int]
    left: Matrix
    right: Matrix
    cost: int


def counterexample(
    left: Formula,
    right: Formula,
    context: Context,
    *,
    seed: int = 0,
    evaluations: int = EVALUATIONS,
    on_kinks: bool = False,
    purse: Purse | None = None,
) -> Counterexample | None:
    """The smallest counterexample found, in numbers that a student can redo by hand; None if none was found.

    The shallowest network comes first, then the fewest entries, then the easiest numbers. ``evaluations`` bounds how
    long smaller ones are looked for, and ``purse`` pays for it all. ``on_kinks``: relu, step, sign … may be taken at 0,
    where their values are conventions.
    """
    purse, patience = purse or Purse(WORK), _Patience(evaluations)
    try:
        for instance in instances(left, right, context):
            claim = Prepared(instance, purse)
            cut(claim)
            found = _Search(claim, seed, patience, on_kinks).smallest()
            if found is not None:
                return _told(claim, Instance(left, right, context, {}), found)
    except (Misfit, Unreadable, Unsupported, Spent, RecursionError):
        return None
    return None


class _Search:
    """The search in one concrete network."""

    def __init__(self, claim: Prepared, seed: int, patience: _Patience, on_kinks: bool) -> None:
        self.claim, self.seed, self.patience, self.on_kinks = claim, seed, patience, on_kinks
        self._best: _Hit | None = None  # told if the work runs out
        self.leaves = claim.leaves
        self.standing = {node.key for node in claim.nodes[: claim.on_the_surface] if isinstance(node, Variable)}
        self.has_loss = any(isinstance(node, Loss) for node in claim.nodes)
        self.drawing: Literal["decimal", "exact"] = "decimal" if claim.kind == "decimal" else "exact"
        self.price = 4 if claim.kind == "decimal" else 1
        self.palettes = PALETTES["signed" if claim.kind == "exact" else self.drawing]
        self.tries = self._tries()

    def smallest(self) -> _Hit | None:
        """The smallest sample; the first one, if the work runs out; any one at all, if it ran out before a first."""
        purse = self.claim.purse
        try:
            with purse.keeping(purse.left // PART_AT_RANDOM):
                return self._smallest()
        except Spent:
            return self._best or self._at_random()

    def _smallest(self) -> _Hit | None:
        few, enough = (FEW_TRIES, FEW_HITS) if len(self.claim.nodes) < LARGE else (FEW_TRIES // 2, FEW_HITS // 2)
        more = {"modular": MOST_TRIES, "exact": 2 * FEW_TRIES, "decimal": FEW_TRIES // 3}[self.claim.kind]
        known_to_differ = False
        for number, rung in enumerate(ladder_of(widths_of(self.claim), self.leaves, self.claim.least)):
            entries = entries_of(self.leaves, rung)
            hit = None if number else self._easiest(rung, entries, 0, few, enough)
            if hit is None and self.claim.kind == "modular":
                if not self._differs_at_random(rung, entries):
                    continue
                known_to_differ = True
            if hit is None:
                hit = self._easiest(rung, entries, 0 if number else few, more, enough)
            if hit is not None:
                return self._shrunk(hit, rung, entries)
            if self.patience.left <= 0:
                break
        if self.claim.kind != "modular":
            return self._among_extremes() or self._at_random()
        return self._at_random() if known_to_differ else None

    def _among_extremes(self) -> _Hit | None:
        """Numbers of all sizes and signs, on the narrowest matrices."""
        hits: list[tuple[_Hit, dict[Extent, int]]] = []
        draw, choices = extreme(self.claim.kind), self._choices()
        few = ladder_of(widths_of(self.claim), self.leaves, self.claim.least)[:3]
        for attempt in range(EXTREME_TRIES * 2):
            if len(hits) == FEW_HITS:
                break
            rung, choice = few[attempt % len(few)], choices[attempt // 8 % len(choices)]
            leaves = self._drawn(rung, draw, mixed(self.seed, "extreme", attempt))
            hit = self._hit(rung, leaves, choice, EXTREME_DIGITS) if leaves is not None else None
            if hit is not None:
                hits.append((hit, rung))
        if not hits:
            return None
        hit, rung = min(hits, key=lambda found: found[0].cost)
        self.patience.left = max(self.patience.left, EVALUATIONS // 4)
        return self._shrunk(hit, rung, entries_of(self.leaves, rung), EXTREME_DIGITS)

    def _differs_at_random(self, rung: dict[Extent, int], entries: int) -> bool:
        for attempt in range(3):
            if not self.patience.lasts(entries, self.price):
                return False
            widths = Widths(equal, {})
            widths.chosen.update(rung)
            arithmetic, sample = random_sample(self.claim, "modular", widths, mixed(self.seed, attempt), 0)
            try:
                return first_difference(self.claim, World(sample, arithmetic), arithmetic) is not None
            except Unsuitable:
                continue
        return False

    def _easiest(self, rung: dict[Extent, int], entries: int, start: int, stop: int, enough: int) -> _Hit | None:
        """The easiest of the first hits among some tries."""
        hits: list[_Hit] = []
        for number, (choice, palette) in enumerate(self.tries[start:stop], start):
            if len(hits) == enough or not self.patience.lasts(entries, self.price):
                break
            draw = partial(_chosen, palette=self.palettes[palette])
            leaves = self._drawn(rung, draw, mixed(self.seed, number))
            hit = self._hit(rung, leaves, choice) if leaves is not None else None
            if hit is not None:
                hits.append(hit)
        return min(hits, key=lambda hit: hit.cost, default=None)

    def _tries(self) -> list[tuple[_Choice, int]]:
        """Functions and losses with a palette, the easiest first."""
        choices, palettes = self._choices(), range(len(self.palettes))
        if len(choices) == 1:
            return [(choices[0], palette) for palette in palettes for _ in range(4)]
        ranks = sorted(product(range(len(choices)), palettes), key=lambda rank: (sum(rank), rank[1]))
        return [(choices[choice], palette) for choice, palette in ranks[:MOST_TRIES]]

    def _choices(self) -> list[_Choice]:
        """Functions and losses; first the same function for all, then different ones."""
        functions, highest = list(self.claim.functions), max(self.claim.functions.values(), default=0)
        composed = sum(isinstance(node, Elementwise) for node in self.claim.nodes) > DEEP
        list_of = [p for p in FUNCTIONS if len(p) > highest + 1] or [FUNCTIONS[-1]]
        if composed and highest <= 1:
            list_of.sort(key=len)
        most, losses = (len(list_of) if functions else 1), (SIMPLE_LOSSES if self.has_loss else 1)
        turns = (0, 1) if len(functions) > 1 else (0,)
        ranks = sorted(product(range(most), range(losses), turns), key=lambda rank: (sum(rank), rank))
        return [
            _Choice({key: list_of[(function + turn * k) % most] for k, key in enumerate(functions)}, loss, rank)
            for function, loss, turn in ranks
            for rank in [function + loss + turn]
        ]

    def _drawn(self, rung: dict[Extent, int], draw: Draw, seed: int) -> Leaves | None:
        leaves: Leaves = {}
        for leaf in self.leaves:
            rows, columns = (extent if isinstance(extent, int) else rung[extent] for extent in leaf.shape)
            stream = Stream(seed, leaf.name, str(leaf.layer))
            try:
                properties = self.claim.context.properties(leaf.name, leaf.layer)
                self.claim.purse.spend(cost(properties, rows, columns))
                own = partial(_chosen, palette=(0, 1)) if self._is_target_of_entropy(leaf) else draw
                leaves[leaf.key] = matrix_with(properties, rows, columns, stream, own)
            except Unsuitable:
                return None
        return leaves

    def _is_target_of_entropy(self, leaf: Variable) -> bool:
        """Whether it is the y of a binary cross entropy, which a reader expects to be 0 or 1."""
        network = self.claim.context.network
        return leaf.key == ("y", None) and network is not None and network.loss == "bce"

    def _hit(
        self, rung: dict[Extent, int], leaves: Leaves, choice: _Choice, digits: int = SEARCH_DIGITS
    ) -> _Hit | None:
        widths = Widths(equal, {})
        widths.chosen.update(rung)

        def loss(node: Loss, rows: int, columns: int) -> LossForm:
            return simple_loss(choice.loss or 0, rows, columns, node.by_column)[0]

        def found(leaves: Leaves) -> _Hit | None:
            sample = Sample(self.claim.definitions, widths, lambda leaf: leaves[leaf.key], loss)
            arithmetic = arithmetic_of(self.drawing, dict(choice.functions), 0, self.on_kinks, digits, self.claim.purse)
            try:
                return self._found(arithmetic, sample, choice)
            except Unsuitable:
                return None

        hit = found(leaves)
        by_accident = hit is not None and self.on_kinks and found(self._without_accidents(rung, leaves)) is None
        return None if by_accident else hit

    def _without_accidents(self, rung: dict[Extent, int], leaves: Leaves) -> Leaves:
        """The same zeros and ones, and for all other numbers some that do not cancel: is it still a kink?"""
        others = self._drawn(rung, generic(self.claim.kind, signs=2), self.seed) or {}
        single = {
            leaf.key for leaf in self.leaves if self.claim.context.properties(leaf.name, leaf.layer) & ZEROS_AND_ONES
        }
        return {**others, **{key: matrix for key, matrix in leaves.items() if key in single or key not in others}}

    def _found(self, arithmetic: Plain, sample: Sample, choice: _Choice) -> _Hit | None:
        """The sample as a hit, if the sides differ on it."""
        world = World(sample, arithmetic)
        found = first_difference(self.claim, world, arithmetic)
        if found is None:
            return None
        sure = arithmetic.surely()
        if sure is not arithmetic and first_difference(self.claim, World(sample, sure), sure) is None:
            return None  # it is no more than what rounding has left
        letters, entry, left, right = found
        leaves = {leaf.key: sample.leaf(leaf) for leaf in self.leaves}
        cost = self._cost(leaves, choice, left, right)
        hit = _Hit(leaves, choice, world, letters, entry, left, right, cost)
        if self._best is None or cost < self._best.cost:
            self._best = hit
        return hit

    def _at_random(self) -> _Hit | None:
        """What is left when no small numbers do: the samples of a trial, in rationals or decimals."""
        for turn, scheme in enumerate((equal, distinct, equal)):
            for attempt in range(ATTEMPTS):
                seed = mixed(self.seed, turn, attempt)
                widths = Widths(scheme, self.claim.least)
                arithmetic, sample = random_sample(self.claim, self.drawing, widths, seed, attempt, kinks=self.on_kinks)
                choice = _Choice(random_polynomials(self.claim, seed), None, MOST_TRIES)
                try:
                    hit = self._found(arithmetic, sample, choice)
                except Unsuitable:
                    continue
                if hit is not None:
                    return hit
                break
        return None

    def _cost(self, leaves: Leaves, choice: _Choice, left: Matrix, right: Matrix) -> int:
        cost = 3 * choice.rank
        cost += sum(awkward(v, key in self.standing) for key, rows in leaves.items() for row in rows for v in row)
        for side in (left, right):
            if not any(v for row in side for v in row):
                cost += 12
            if self.drawing == "exact":
                cost += sum(awkward(v, False) for row in side for v in row)
        return cost

    def _shrunk(self, hit: _Hit, rung: dict[Extent, int], entries: int, digits: int = SEARCH_DIGITS) -> _Hit:
        """Entry by entry to an easier number, as long as the sides still differ and the whole gets easier."""
        best, tries = hit, 0
        for leaf in self.leaves:
            properties = self.claim.context.properties(leaf.name, leaf.layer)
            for i, row in enumerate(best.leaves[leaf.key]):
                for j in range(len(row)):
                    for easier in SHRINKING_TO:
                        matrix = best.leaves[leaf.key]
                        standing = leaf.key in self.standing
                        if awkward(easier, standing) >= awkward(matrix[i][j], standing):
                            continue
                        if easier not in (0, 1) and self._is_target_of_entropy(leaf):
                            continue
                        changed = [
                            [easier if (i, j) == (r, c) else v for c, v in enumerate(line)]
                            for r, line in enumerate(matrix)
                        ]
                        if properties and not obeys(changed, properties):
                            continue
                        if tries >= MOST_SHRINKING or not self.patience.lasts(entries, self.price):
                            return best
                        tries += 1
                        smaller = self._hit(rung, {**best.leaves, leaf.key: changed}, best.choice, digits)
                        if smaller is not None and smaller.cost < best.cost:
                            best = smaller
                            break
        return best


# ---- telling ----


def _told(claim: Prepared, typed: Instance, hit: _Hit) -> Counterexample:
    names = Names(claim, typed)
    exact = claim.kind != "decimal"
    row, column = hit.entry
    digits = None if exact else digits_to_tell(hit.left[row][column], hit.right[row][column])
    widths = hit.world.sample.width
    losses: dict[str, str] = {}
    for node in claim.nodes:
        if isinstance(node, Loss):
            rows, columns = (widths(extent) for extent in node.of.shape)
            kind = hit.choice.loss
            words = "a polynomial of degree 5 in the entries of {v}"
            losses[node.name] = words if kind is None else simple_loss(kind, rows, columns, node.by_column)[1]
    letters = names.letters
    if any(node.name == "J" for node in claim.nodes if isinstance(node, Variable)) and "L" in claim.instance.layers:
        letters = (*(letter for letter in letters if letter != "L"), "L")
    return Counterexample(
        layers=tuple((letter, claim.instance.layers[letter]) for letter in letters),
        widths=tuple((names.width(width), widths(width)) for width in widths_of(claim)),
        functions=tuple((names.function(key), polynomial_words(p)) for key, p in hit.choice.functions.items()),
        losses=loss_words(claim, names, losses),
        indices=tuple((letter, value + 1) for letter, value in hit.letters.items()),
        values=values_of(claim, hit.world, names, digits),
        left=rows_of(hit.left, digits),
        right=rows_of(hit.right, digits),
        entry=(row + 1, column + 1),
        exact=exact,
        size=(entries_of(claim.leaves, {w: widths(w) for w in widths_of(claim)}), hit.cost),
    )
