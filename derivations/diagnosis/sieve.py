"""Which of many candidates have the value of one fixed side? One sample of exact numbers, evaluated once for all.

A sieve proves nothing: what passes it goes to the kernel. It never refutes what is equal, but for samples on which one
of the sides has no value.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivations.formula import ELEMENTWISE, Binary, Entry, Formula, Op, Unreadable, walk
from derivations.setting import Context
from derivations.settling import Settler, Unsupported
from derivations.shapes import ElementPower, Elementwise, Filled, Misfit, Settled, Shape, Softmax, Variable
from derivations.witness.evaluate import Definitions, Sample, VariableKey, World, nodes_of
from derivations.witness.functions import STEPLIKE, Polynomial, Unsuitable
from derivations.witness.layers import Instance, instances, substituted
from derivations.witness.losses import random_loss
from derivations.witness.numbers import PRIME, Decimals, Exact, FunctionKey, Matrix, Plain
from derivations.witness.prepared import Kind, Widths, distinct
from derivations.witness.sampling import matrix_with
from derivations.witness.stream import Stream, mixed
from derivations.witness.trial import arithmetic_of, as_residues, drawing

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
    ) -> None:
        self._together, self._thorough = together, thorough
        whole = fixed
        for formula in family:
            whole = Binary(Op.PLUS, whole, formula)
        found = instances(fixed, whole, context)
        self._instance: Instance | None = found[-1] if found else None
        self._cuts = cuts
        self._samples: dict[tuple[Kind, int], tuple[World[Matrix], Plain, Matrix] | None] = {}
        self._kinds: dict[VariableKey, Kind] = {}
        numbers = [
            i.number or 0 for f in (fixed, whole) for node in walk(f) if isinstance(node, Entry) for i in node.indices
        ]
        self._widest = max(numbers, default=0)  # x_11 needs eleven entries
        if self._widest > LARGEST_INDEX:
            self._instance = None
        if self._instance is None:
            return
        try:
            self._settler = Settler(self._instance.context)
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
            settler = self._another()
            settled = settler.settle(substituted(candidate, self._instance.layers))
            if settled.shape != self._fixed.shape:
                if settled != Filled(Fraction(0)):
                    return False
                settled = Filled(Fraction(0), self._fixed.shape)
            if any(letter not in self._indices for letter in settler.indices):
                return False
            kind = max(self._kind, self._kind_of(settled), key=_KINDS.index)
            return self._same(settled, kind)
        except _NO_VALUE:
            return False

    def shape(self, formula: Formula) -> Shape | None:
        """The shape of a formula in the concrete network; None if it does not fit."""
        if self._instance is None:
            return None
        try:
            return self._another().settle(substituted(formula, self._instance.layers)).shape
        except _NO_VALUE:
            return None

    def _another(self) -> Settler:
        return Settler(self._settler.context, self._settler)

    def _same(self, settled: Settled, kind: Kind) -> bool:
        agreed = False
        for attempt in range(ATTEMPTS):
            sample = self._sample(kind, attempt)
            if sample is None:
                continue
            world, arithmetic, fixed = sample
            try:
                with arithmetic.running():
                    if arithmetic.differ(fixed, world.evaluate(settled, self._letters(world))) is not None:
                        return False
            except Unsuitable:
                continue
            agreed = True
            if kind == "modular" or not self._thorough:
                break
        return agreed

    def _letters(self, world: World[Matrix]) -> dict[str, int]:
        """A value for each free index: as far apart as they can be, or all the same."""
        return {
            letter: 0 if self._together else min(place, world.sample.width(extent) - 1)
            for place, (letter, extent) in enumerate(self._indices.items())
        }

    def _sample(self, kind: Kind, attempt: int) -> tuple[World[Matrix], Plain, Matrix] | None:
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
                stream = Stream(seed, "leaf", variable.name, str(variable.layer))
                properties = self._settler.context.properties(variable.name, variable.layer)
                matrix = matrix_with(properties, rows, columns, stream, draw)
                return as_residues(matrix) if kind == "modular" else matrix

            spread = PRIME - 1 if kind == "modular" else 2
            sample = Sample(
                self._definitions, widths, leaf, lambda node, m, n: random_loss(seed, node.name, m, n, spread)
            )
            arithmetic = arithmetic_of(kind, {}, seed, kinks=False, digits=DIGITS)
            if isinstance(arithmetic, Exact | Decimals):
                arithmetic.functions = _Polynomials(seed, kind)
            world: World[Matrix] = World(sample, arithmetic)
            try:
                with arithmetic.running():
                    fixed = world.evaluate(self._fixed, self._letters(world))
                self._samples[key] = world, arithmetic, fixed
            except _NO_VALUE:
                pass
        return self._samples[key]

    def _kind_of(self, *formulas: Settled) -> Kind:
        """The numbers that formulas need, the definitions behind them included."""
        kind: Kind = "modular"
        for node in nodes_of(*formulas):
            own: Kind = "modular"
            match node:
                case Softmax():
                    own = "decimal"
                case Elementwise(function) if function in STEPLIKE:
                    own = "exact"
                case Elementwise(function) if function in ELEMENTWISE and function != "identity":
                    own = "decimal"
                case ElementPower(exponent=e) if e.denominator != 1:
                    own = "decimal"
                case Variable():
                    own = self._kind_behind(node)
                case _:
                    pass
            kind = max(kind, own, key=_KINDS.index)
        return kind

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
