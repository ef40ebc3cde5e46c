"""What judging one worksheet may use, in ``lab grade`` and in ``lab check`` alike."""

from __future__ import annotations

from typing import Final

SECONDS: Final = 60.0
"""The longest that judging one worksheet may take, unless something else is asked for."""
RATION: Final = 20.0
"""Seconds for all runs of one worksheet's code together."""
SHORT_RATION: Final = 4.0
"""What is left of them after a run that hung."""
MEMORY: Final = 2 << 30
"""Address space of a judging process, in bytes; the code that it runs has a limit of its own."""
