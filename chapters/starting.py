"""Where modules are looked for: where this program and its libraries are installed, never in the folder one is in.

Python puts that folder first on its path for ``python -c`` and ``python -m``, and wherever PYTHONPATH has an empty
entry. A teacher stands in a class's folder, where a submission may be called ``socket.py``. So a process of ours is
started in isolated mode (``-I``: no such folder, no variables of the environment, no ``usercustomize``) and told where
to look; and the command itself looks nowhere else from its first line on.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PROJECT: Final = Path(__file__).resolve().parents[1]
_BEGIN: Final = """
import json, os, sys
own = [place for place in sys.path if not place.endswith("-packages")]
every = dict.fromkeys([*own, *json.loads(sys.argv.pop(1)), *sys.path])
sys.path[:] = [place for place in every if os.path.isabs(place)]
from {module} import main
main()
"""
"""Python's own library comes first: nothing that is installed besides can stand in for it. A name that is no place (an
editable installation leaves one) would be looked for in the folder that the process is in."""


def trusted_path() -> list[str]:
    """``sys.path`` without the folder that one is in, unless this program itself is installed there."""
    installed = {os.path.realpath(place) for place in (str(PROJECT), *sysconfig.get_paths().values())}
    try:
        here = os.path.realpath(os.getcwd())
    except OSError:
        here = ""
    trusted = []
    for entry in sys.path:
        place = os.path.realpath(os.path.join(here, entry)) if here or os.path.isabs(entry) else ""
        if place in installed or (os.path.isabs(entry) and place != here):
            trusted.append(place)
    return trusted


@contextmanager
def trusted_modules_only() -> Iterator[None]:
    """Import from trusted places only, for as long as this lasts."""
    before = sys.path[:]
    sys.path[:] = trusted_path()
    try:
        yield
    finally:
        sys.path[:] = before


def python_command(module: str) -> list[str]:
    """The command that calls ``main`` of one of our modules in a Python of its own. It is to be started in PROJECT, or
    in an empty folder."""
    begin = _BEGIN.format(module=module)
    return [sys.executable, "-I", "-X", "utf8", "-c", begin, json.dumps(trusted_path())]
