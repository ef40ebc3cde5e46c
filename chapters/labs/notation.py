"""Layers in a text written in brackets: ``W^{l+1}`` as ``W^{[l+1]}``. Transposes stay as they are."""

from __future__ import annotations

import re

_LAYERED = re.compile(
    r"(?<![A-Za-zα-ω\\])(?P<name>d[WbZzAa]|[WbzaδwZAg])\^(?:\{(?P<braced>[lLk\d](?:\s*[-+−]\s*\d+)?)\}|(?P<bare>[lLk\d]))"
)


def in_brackets(text: str) -> str:
    """The text, every layer of W, b, z, a, δ and their like in square brackets."""
    return _LAYERED.sub(lambda found: f"{found['name']}^{{[{found['braced'] or found['bare']}]}}", text)
