"""Which of many candidates have the value of one fixed side? One sample of exact numbers, evaluated once for all.

A sieve proves nothing: what passes it goes to the kernel. It never refutes what is equal, but for samples on which one
of the sides has no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivations.diagnosis.variants import VariantSettler
from derivations.formula import ELEMENTWISE, Binary, Entry, Formula, Op, Unreadable, walk
from derivations.setting import Context
from derivations.settling import Unsupported
from derivations.shapes import ElementPower, Elementwise, Filled, Misfit, Settled, Shape, Softmax, Variable
from derivations.witness.evaluate import Definitions, Sample, SharedWorld, VariableKey, parts_of
from derivations.witness.functions import STEPLIKE, Polynomial, Unsuitable
from derivations.witness.layers import Instance, instances, substituted
from derivations.witness.losses import random_loss
from derivations.witness.numbers import PRIME, Decimals, Exact, FunctionKey, Matrix, Plain
from derivations.witness.prepared import Kind, Widths, distinct
from derivations.witness.sampling import cost, matrix_with
from derivations.witness.stream import Stream, mixed
from derivations.witness.trial import arithmetic_of, as_residues, drawing
from derivations.work import Purse

WORK = 300_000
"""What a sieve may cost, unless a purse is given."""
ATTEMPTS = 6
LARGEST_INDEX = 12
"""A claim about an entry further on is not searched: its matrices would be too large."""
DIGITS = 40
_KINDS: tuple[Kind, ...] = ("modular", "exact", "decimal")
_NO_VALUE = (Misfit, Unreadable, Unsupported, Unsuitable, RecursionError, OverflowError, LookupError)


class Sieve:
    """Compares candidates with ``fixed``. ``family`` are formulas of the claim; they say which layers there must be.

    ``cuts`` are defined quantities that are taken for independent ones. Free indices have different values, as far as
    they can; with ``together`` they all have the same one (where i and j differ, eye(n)_ij hides what it multiplies).
    ``thorough``: on several samples, since with relu two sides may agree on one of them by chance.
    """

    def __init__(
        self,
        fixed: Formula,
        family: Iterable[Formula],
        context: Context,
        cuts: frozenset[VariableKey] = frozenset(),
        together: bool = False,
        thorough: bool = False,
        purse: Purse | None = None,
    ) -> None:
        self._purse = purse or Purse(WORK)
        self._together, self._thorough = together, thorough
        whole = fixed
        for formula in family:
            whole = Binary(Op.PLUS, whole, formula)
        found = instances(fixed, whole, context)
        self._instance: Instance | None = found[-1] if found else None
        self._cuts = cuts
        self._samples: dict[tuple[Kind, int], tuple[SharedWorld[Matrix], Plain, Matrix] | None] = {}
        self._kinds: dict[VariableKey, Kind] = {}
        self._kinds_of_nodes: dict[int, tuple[Settled, Kind]] = {}
        self._substituted: dict[Formula, Formula] = {}
        numbers = [
            i.number or 0 for f in (fixed, whole) for node in walk(f) if isinstance(node, Entry) for i in node.indices
        ]
        self._widest = max(numbers, default=0)  # x_11 needs eleven entries
        if self._widest > LARGEST_INDEX:
            self._instance = None
        if self._instance is None:
            return
        try:
            self._settler = VariantSettler(self._instance.context, self._purse)
            self._fixed = self._settler.settle(self._instance.left)
            self._indices = dict(sorted(self._settler.indices.items()))
            self._definitions = Definitions(self._settler, cuts)
            self._kind = self._kind_of(self._fixed)
        except _NO_VALUE:
            self._instance = None

    @property
    def usable(self) -> bool:
        """Whether the fixed side itself has a value."""
        return self._instance is not None

    @property
    def is_slow(self) -> bool:
        """Whether it has to compare decimals."""
        return self.usable and self._kind == "decimal"

    @property
    def depth(self) -> int:
        """The depth of the concrete network; 0 without one."""
        return self._instance.layers.get("L", 0) if self._instance else 0

    def passes(self, candidate: Formula) -> bool:
        """Whether a candidate fits, and has the value of the fixed side on a sample."""
        if self._instance is None:
            return False
        try:
            settler = self._settler.another()
            settled = settler.settle(self._concrete(candidate))
            if settled.shape != self._fixed.shape:
                if settled != Filled(Fraction(0)):
                    return False
                settled = Filled(Fraction(0), self._fixed.shape)
            if any(letter not in self._indices for letter in settler.indices):
                return False
            kind = max(self._kind, self._kind_of(settled), key=_KINDS.index)
            if kind == "exact" and self._instance.context.network is not None:
                kind = "decimal"  # rationals behind the composed polynomials of a network grow beyond all bounds
            return self._same(settled, kind)
        except _NO_VALUE:
            return False

    def shape(self, formula: Formula) -> Shape | None:
        """The shape of a formula in the concrete network; None if it does not fit."""
        if self._instance is None:
            return None
        try:
            return self._settler.another().settle(self._concrete(formula)).shape
        except _NO_VALUE:
            return None

    def _concrete(self, formula: Formula) -> Formula:
        assert self._instance is not None
        return substituted(formula, self._instance.layers, self._substituted)

    def _same(self, settled: Settled, kind: Kind) -> bool:
        agreed = False
        for attempt in range(ATTEMPTS):
            sample = self._sample(kind, attempt)
            if sample is None:
                continue
            world, arithmetic, fixed = sample
            try:
                with arithmetic.running():
                    if arithmetic.differ(fixed, world.evaluate(settled, world.letters)) is not None:
                        return False
            except Unsuitable:
                continue
            agreed = True
            if kind == "modular" or not self._thorough:
                break
        return agreed

    def _letters(self, world: SharedWorld[Matrix]) -> dict[str, int]:
        """A value for each free index: as far apart as they can be, or all the same."""
        return {
            letter: 0 if self._together else min(place, world.sample.width(extent) - 1)
            for place, (letter, extent) in enumerate(self._indices.items())
        }

    def _sample(self, kind: Kind, attempt: int) -> tuple[SharedWorld[Matrix], Plain, Matrix] | None:
        """A sample on which the fixed side has a value."""
        key = kind, attempt
        if key not in self._samples:
            self._samples[key] = None
            widths = Widths(lambda k: max(distinct(k), self._widest), {})
            for extent in self._indices.values():
                widths(extent)
            seed = mixed(17, attempt)
            draw = drawing(kind, attempt)

            def leaf(variable: Variable) -> Matrix:
                rows, columns = widths(variable.shape.rows), widths(variable.shape.columns)
                properties = self._settler.context.properties(variable.name, variable.layer)
                self._purse.spend(cost(properties, rows, columns))
                stream = Stream(seed, "leaf", variable.name, str(variable.layer))
                matrix = matrix_with(properties, rows, columns, stream, draw)
                return as_residues(matrix) if kind == "modular" else matrix

            spread = PRIME - 1 if kind == "modular" else 2
            sample = Sample(
                self._definitions, widths, leaf, lambda node, m, n: random_loss(seed, node.name, m, n, spread)
            )
            arithmetic = arithmetic_of(kind, {}, seed, False, DIGITS, self._purse)
            if isinstance(arithmetic, Exact | Decimals):
                arithmetic.functions = _Polynomials(seed, kind)
            world: SharedWorld[Matrix] = SharedWorld(sample, arithmetic)
            world.letters = self._letters(world)
            try:
                with arithmetic.running():
                    fixed = world.evaluate(self._fixed, world.letters)
                self._samples[key] = world, arithmetic, fixed
            except _NO_VALUE:
                pass
        return self._samples[key]

    def _kind_of(self, node: Settled) -> Kind:
        """The numbers that a formula needs, the definitions behind it included."""
        known = self._kinds_of_nodes.get(id(node))
        if known is None:
            kinds = [self._own_kind(node), *(self._kind_of(part) for part in parts_of(node))]
            known = self._kinds_of_nodes[id(node)] = node, max(kinds, key=_KINDS.index)
        return known[1]

    def _own_kind(self, node: Settled) -> Kind:
        match node:
            case Softmax():
                return "decimal"
            case Elementwise(function) if function in STEPLIKE:
                return "exact"
            case Elementwise(function) if function in ELEMENTWISE and function != "identity":
                return "decimal"
            case ElementPower(exponent=e) if e.denominator != 1:
                return "decimal"
            case Variable():
                return self._kind_behind(node)
            case _:
                return "modular"

    def _kind_behind(self, variable: Variable) -> Kind:
        if variable.key not in self._kinds:
            self._kinds[variable.key] = "modular"
            definition = self._definitions.definition(variable.key)
            if definition is not None:
                self._kinds[variable.key] = self._kind_of(definition)
        return self._kinds[variable.key]


class _Polynomials(dict[FunctionKey, Polynomial]):
    """A random polynomial for every unknown function that is asked for."""

    def __init__(self, seed: int, kind: Kind) -> None:
        super().__init__()
        self._seed, self._flatness = seed, 10 if kind == "decimal" else 1

    def get(self, key: FunctionKey, default: object = None) -> Polynomial | None:  # type: ignore[override]  # noqa: ARG002
        name, layer = key
        if name in ELEMENTWISE:
            return None
        if key not in self:
            stream = Stream(self._seed, "function", name, str(layer))
            self[key] = tuple(Fraction(1 + stream.below(5), (1 + k) * self._flatness**k) for k in range(6))
        return self[key]
