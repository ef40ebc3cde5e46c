"""Derive and check the equations of backpropagation.

    from derivations import check, derive, read, Network

``check`` gives the verdicts on formulas, ``derive`` proves an equation step by step, ``read`` says what a text says.
Names are loaded when they are first used, so that importing one room does not load them all.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from derivations.checking import check, read
    from derivations.diagnosis import hint
    from derivations.equations.catalogue import derive
    from derivations.formula import Claim, Formula
    from derivations.setting import Network, Setting
    from derivations.sheets import check_document, check_sheet
    from derivations.verdicts import Depends, IllShaped, Proved, Refuted, Undecided, Unreadable, Verdict
    from derivations.writing import Spelling, write

_HOMES = {
    "derive": "equations.catalogue", "check_document": "sheets", "check_sheet": "sheets", "hint": "diagnosis",
    "check": "checking", "read": "checking", "Claim": "formula", "Formula": "formula", "Network": "setting",
    "Setting": "setting", "Depends": "verdicts", "IllShaped": "verdicts", "Proved": "verdicts", "Refuted": "verdicts",
    "Undecided": "verdicts", "Unreadable": "verdicts", "Verdict": "verdicts", "Spelling": "writing", "write": "writing",
}  # fmt: skip

__all__ = [
    "Claim",
    "Depends",
    "Formula",
    "IllShaped",
    "Network",
    "Proved",
    "Refuted",
    "Setting",
    "Spelling",
    "Undecided",
    "Unreadable",
    "Verdict",
    "check",
    "check_document",
    "check_sheet",
    "derive",
    "hint",
    "read",
    "write",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"derivations.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'derivations' has no attribute {name!r}")
