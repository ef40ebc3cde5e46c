"""The known slips, one row each: what somebody may write in place of an equation, in layer l.

A slip is the wrong formula itself, run on the learner's own δ. Whether it is what happened is then a matter of
numbers: it is named only if it reproduces them. A formula whose shapes do not fit raises ValueError, as it does when
the learner runs it.
"""

from __future__ import annotations

from typing import Final

from numeric.slips.bias import BIAS
from numeric.slips.hidden import HIDDEN
from numeric.slips.output import OUTPUT
from numeric.slips.scene import Scene, Slip
from numeric.slips.weight import WEIGHT

SLIPS: Final[tuple[Slip, ...]] = (*OUTPUT, *HIDDEN, *BIAS, *WEIGHT)

__all__ = ["SLIPS", "Scene", "Slip"]
