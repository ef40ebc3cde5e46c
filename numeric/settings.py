"""Settings as they are typed: widths, counts and rates, each checked with a sentence of its own."""

from __future__ import annotations

import math

from numeric import wording
from numeric.errors import misuse


def widths(text: str) -> tuple[int, ...]:
    """``784,30,10`` (or ``784-30-10``) as (784, 30, 10).

    :raises MisuseError: if it is anything else.
    """
    parts = text.replace("-", ",").replace(" ", "").split(",")
    if len(parts) < 2 or not all(part.isdigit() and int(part) >= 1 for part in parts):
        raise misuse(wording.BAD_LAYERS, wording.BAD_WIDTHS_HINT, seen=text)
    return tuple(int(part) for part in parts)


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
