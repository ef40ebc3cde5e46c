"""How tightly the operations bind, loosest first; a prefix takes all that binds as tightly as its level."""

from __future__ import annotations

ADDED = 10
"""``+ −``"""
ENTRYWISE = 20
"""``⊙ ⊘``, and what Σ takes."""
STARRED = 30
"""``@ * /``, and what ∂/∂x and ∇_x take."""
MULTIPLIED = 50
"""Side by side and ``·``: what a function without brackets takes."""
