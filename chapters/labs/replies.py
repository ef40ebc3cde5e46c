"""Short answers as students type them: numbers, columns, matrices, shapes."""

from __future__ import annotations

import re
from fractions import Fraction

from chapters.labs.arithmetic import worked_out

_NUMBER = re.compile(
    r"[-+]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][-+]?\d{1,3})?(?:\s*/\s*\d{1,40}(?:\.\d{1,40})?)?"
)
_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-", "（": "(", "）": ")", "［": "[", "］": "]", "，": ",", "；": ";"})
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3"}
_SUMS = re.compile(r"[*^·√]|sqrt|\d\s+[-+]\s+\d|\d\+\d")
_TURNED = re.compile(r"^(\[[^\[\]]*,[^\[\]]*\])\s*(?:\^\s*(?:T|\{T\}|⊤|\\top)|ᵀ|⊤|\.T)$")
_NUMPY = re.compile(r"^(?:np\.)?array\((.*)\)$", re.DOTALL)

Rows = tuple[tuple[Fraction, ...], ...]


def cleaned(text: str) -> str:
    """An answer without what surrounds it: ``$``, backticks, a full stop."""
    text = text.translate(_SIGNS).strip().strip("`$").strip()
    for sign, fraction in _FRACTIONS.items():
        text = text.replace(sign, fraction)
    return text.rstrip(".").strip() if re.search(r"\d\s*\.$", text) is None else text.strip()


def number(text: str) -> Fraction | None:
    """``46``, ``-2.5``, ``23/2``, ``1e-3``, ``3^4``, ``sqrt(2/250)``; ``1,5`` is none; None for anything else."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return worked_out(text)
    above, slash, below = text.partition("/")
    try:
        return Fraction(above.strip().rstrip(".")) / (Fraction(below.strip()) if slash else 1)
    except (ValueError, ZeroDivisionError):
        return None


def rows(text: str) -> Rows | None:
    """A number (1 × 1), a column ``[8, 3]``, a matrix ``[[1, 2], [3, 4]]`` or ``[1 2; 3 4]``; None for anything else.

    A column may also be typed as ``[[8], [3]]``, ``(8, 3)``, ``8, 3``, ``[8; 3]`` or ``[8, 3]^T``.
    """
    text = cleaned(text)
    if len(text) > 2000:
        return None
    found = _NUMPY.match(text) or _TURNED.match(text)  # a row turned upright is a column
    text = (found[1] if found else text).strip()
    single = next((n for n in (number(text), number(text.strip("()[] "))) if n is not None), None)
    if single is not None:
        return ((single,),)
    entries = _numbers(text) if _SUMS.search(text) else None
    if entries:
        return tuple((entry,) for entry in entries)
    inner = text[1:-1].strip() if text[:1] + text[-1:] in ("[]", "()") else text
    if "[" in inner or "(" in inner:
        pieces = re.findall(r"[\[(]([^\[\]()]*)[\])]", inner)
        if re.sub(r"[\[(][^\[\]()]*[\])]|[\s,;]", "", inner):
            return None
    elif ";" in inner:
        pieces = inner.split(";")
    else:
        entries = _numbers(inner)
        return tuple((entry,) for entry in entries) if entries else None
    found_rows = [_numbers(piece) for piece in pieces]
    if not found_rows or any(not row or len(row) != len(found_rows[0] or ()) for row in found_rows):
        return None
    return tuple(tuple(row) for row in found_rows if row)


def decimal_comma(text: str) -> str | None:
    """``0,25`` with a point; None for what is no single number with a comma."""
    text = cleaned(text)
    return text.replace(",", ".") if re.fullmatch(r"[-+]?\d{1,40},\d{1,40}", text) else None


def has_decimal_commas(text: str) -> bool:
    """Whether commas may have been meant as decimal points: ``[0,5; 1,25]``, ``[0,5, 1,25]``."""
    return re.search(r"\d,\d", cleaned(text)) is not None


def _numbers(text: str) -> list[Fraction] | None:
    if _SUMS.search(text):  # spaces do not part the entries where sums are typed
        inner = text.strip()
        pieces = (inner[1:-1] if inner[:1] + inner[-1:] == "[]" else inner).split(",")
        found = [number(piece) for piece in pieces]
        return [n for n in found if n is not None] if None not in found and len(found) > 1 else None
    pieces = [piece for piece in re.split(r"\s*,\s*|\s+(?![/\s])(?<![/]\s)", text.strip()) if piece]
    found = [number(piece) for piece in pieces]
    return [n for n in found if n is not None] if found and None not in found else None


def shape(text: str) -> tuple[int, ...] | None:
    """``3 x 2``, ``3×2``, ``3 by 2``, ``(3, 2)``, ``[3, 2]``, ``(3,)``, ``()``; None for anything else."""
    text = cleaned(text).strip("()[] ")
    if not text:
        return ()
    parts = [part for part in re.split(r"\s*(?:[x×X✕,]|\\times|\bby\b)\s*", text) if part]
    if not parts or not all(part.isascii() and part.isdigit() and len(part) < 7 for part in parts):
        return None
    return tuple(int(part) for part in parts)


def is_typed_flat(text: str) -> bool:
    """Whether a shape was typed as NumPy's ``(3,)``."""
    return re.fullmatch(r"\(?\s*\d+\s*,\s*\)?", cleaned(text)) is not None
