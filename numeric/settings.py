"""Settings as they are typed: widths, counts and rates, each checked with a sentence of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from numeric import wording
from numeric.errors import misuse

MOST_PARAMETERS: Final = 5_000_000
"""Weights and biases of a network that fits into memory here several times."""
MOST_NUMBERS: Final = 10_000_000
"""Numbers of a batch, in all layers together."""


def parameter_count(widths: Sequence[int]) -> int:
    """How many weights and biases a network of these widths has."""
    return sum((before + 1) * here for before, here in pairwise(widths))


def widths(text: str) -> tuple[int, ...]:
    """``784,30,10`` (or ``784-30-10``) as (784, 30, 10).

    :raises MisuseError: if it is anything else.
    """
    parts = text.replace("-", ",").replace(" ", "").split(",")
    if len(parts) < 2 or not all(part.isascii() and part.isdigit() and part.strip("0") for part in parts):
        raise misuse(wording.BAD_LAYERS, wording.BAD_WIDTHS_HINT, seen=wording.shortened(text))
    if any(len(part.lstrip("0")) > 7 for part in parts) or parameter_count([int(p) for p in parts]) > MOST_PARAMETERS:
        raise misuse(wording.MANY_WIDTHS, wording.MANY_WIDTHS_HINT, seen=wording.shortened(text), most=MOST_PARAMETERS)
    return tuple(int(part) for part in parts)


def most_samples(widths: Sequence[int]) -> int:
    """How many samples a forward pass has room for."""
    return max(1, MOST_NUMBERS // sum(widths))


def batch_of(widths: Sequence[int], samples: int) -> int:
    """``samples``, if a forward pass of so many fits into memory.

    :raises MisuseError: if it does not.
    """
    most = most_samples(widths)
    if samples > most:
        wanted = f"at most {most} for these layers"
        raise misuse(wording.BAD_SETTING, wording.BAD_SETTING_HINT, name="--batch", seen=samples, wanted=wanted)
    return samples


def whole(name: str, value: int, least: int = 1) -> int:
    """``value``, if it is at least ``least``.

    :raises MisuseError: if it is not.
    """
    if value < least:
        wanted = f"a whole number of at least {least}"
        raise misuse(wording.BAD_SETTING, wording.BAD_SETTING_HINT, name=name, seen=value, wanted=wanted)
    return value


def at_least(name: str, value: float, least: float, *, above: bool = False) -> float:
    """``value``, if it is a finite number of at least ``least`` (or larger than it, if ``above``).

    :raises MisuseError: if it is not.
    """
    if not math.isfinite(value) or value < least or (above and value == least):
        wanted = f"a number {'above' if above else 'of at least'} {least:g}"
        raise misuse(wording.BAD_SETTING, wording.BAD_SETTING_HINT, name=name, seen=value, wanted=wanted)
    return value
