"""Do the kernel and the witness agree? The comparison that the fuzzing, and the planted bugs, are judged by."""

from __future__ import annotations

from dataclasses import dataclass

from derivations import witness
from derivations.formula import Formula, Unreadable
from derivations.kernel.algebra import OutsideFragment, TooLarge, Undefined
from derivations.meaning import Translation, equal
from derivations.setting import Context, Setting
from derivations.settling import Settler, Unsupported
from derivations.shapes import Misfit
from tests.random_formulas import Generator, setting


@dataclass(frozen=True)
class Comparison:
    """What the kernel and the witness say of an equation; ``kernel`` is None where it has nothing to say."""

    left: Formula
    right: Formula
    kernel: bool | None
    witness: witness.Agrees | witness.Differs | witness.Untestable

    @property
    def unsound(self) -> bool:
        """Proved, yet false: the worst that can happen."""
        return self.kernel is True and isinstance(self.witness, witness.Differs)

    @property
    def incomplete(self) -> bool:
        """Not proved, yet true as far as random numbers tell."""
        return self.kernel is False and isinstance(self.witness, witness.Agrees)


def compare(left: Formula, right: Formula, names: Setting) -> Comparison | None:
    """Both opinions; None if the sides do not fit together."""
    context = Context.of(names, [left, right])
    settler = Settler(context)
    try:
        sides = settler.settle_sides(left, right)
    except (Misfit, Unsupported, Unreadable):
        return None
    kernel: bool | None
    try:
        kernel = equal(Translation(settler, sides), *sides)
    except (TooLarge, OutsideFragment, Undefined):
        kernel = None
    return Comparison(left, right, kernel, witness.trial(left, right, context))


def random_comparison(seed: int, named: bool = False, depth: int = 3) -> Comparison | None:
    """A random identity (even seeds) or mutant (odd seeds), judged by both; half of them from textbooks."""
    generator = Generator(seed, named)
    if seed % 4 < 2:
        left, right = generator.known(depth - 2)
    else:
        left = generator.formula(generator.shape(), depth)
        right = generator.rewritten(left)
    if seed % 2:
        right = generator.mutated(right)
    return compare(left, right, setting())
