"""One statement: a declaration, a definition, a claim, ``layout``, ``use``, ``assume``."""

from __future__ import annotations
