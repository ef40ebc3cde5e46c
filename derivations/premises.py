"""What a proof relies on, in words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from derivations.meaning import Translation, parts
from derivations.setting import Context
from derivations.shapes import Elementwise, Loss, Partial, Settled


def assumptions(
    translation: Translation, sides: Sequence[Settled], context: Context, on_kinks: bool = False
) -> tuple[str, ...]:
    """What a proof relies on, in words; ``on_kinks``: some argument of step, sign … is 0 at all values."""
    found: list[str] = []
    layers = sorted({reach.base for reach in translation.reaches} - {"", "L"})
    network = context.network
    depth = "any depth" if network is None or network.depth is None else f"depth {network.depth}"
    if layers:
        found.append(f"{layers[0]} is any layer for which the layers named exist, in a network of {depth}")
    for letter, number in sorted(context.setting.layers.items()):
        found.append(f"{letter} is {number}, the only layer for which the layers named exist in a network of {depth}")
    for below, above in itertools.pairwise(translation.reaches):
        lower = f"named by {below.base}" if below.base else "given by numbers"
        found.append(f"the layers {lower} lie below those named by {above.base}")
    hidden = translation.not_the_last
    if hidden is not None:
        name = str(hidden).replace("+", " + ").replace("-", " − ") if hidden.base else f"layer {hidden}"
        found.append(f"{name} is not the last layer, which has an activation of its own")
    unknown = {part.function for side in sides for part in parts(side) if isinstance(part, Elementwise)}
    unknown |= translation.functions_met
    differentiates = translation.losses_met or any(isinstance(part, Partial) for side in sides for part in parts(side))
    for name in sorted(name for name in unknown if name in context.setting.functions | {"σ", "g"}):
        found.append(f"{name} is any {'differentiable ' if differentiates else ''}function")
    losses = {part.name for side in sides for part in parts(side) if isinstance(part, Loss)} | translation.losses_met
    for name in sorted({"J" if name.startswith("J") else name for name in losses}):
        found.append(f"{name} is any differentiable function")
    if context.unified:
        found.append("every layer has the same activation: g = σ")
    found.extend(sorted(translation.relied_on(on_kinks)))
    return tuple(found)
