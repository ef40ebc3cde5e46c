"""All the ways to type a sign, and the sign that each of them is."""

from __future__ import annotations

import re

PRIMES = {**dict.fromkeys("'’‘′`´ʹʼ＇‛", "′"), "″": "′′", "‴": "′′′"}
FRACTIONS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8"}
RELATIONS = frozenset("≈≠≤≥<>≪≫→←↦⇒⇐⇔⟹⟸⟺∝≅≃∼≲≳") | {"->", "=>", "<=", ">=", "!="}
DOTS = frozenset("…⋯⋮⋱")

SIGNS = {
    **{sign: sign for sign in "+-*/@·⊙⊘^_()[]{},;:|‖.=∂∇Σ⊤∈𝟙"},
    **{sign: sign for sign in ("**", ".*", "./", ".^", ":=")},
    **dict.fromkeys("−–﹣－", "-"),
    **dict.fromkeys("∗＊⁎", "*"),
    **dict.fromkeys("∕⁄÷／", "/"),
    **dict.fromkeys("⋅•∙・×✕✖", "·"),
    **dict.fromkeys("∘◦○⨀", "⊙"),
    **dict.fromkeys(("＝", "≡", "≜", "=="), "="),
    **dict.fromkeys(("∥", "||"), "‖"),
    **dict.fromkeys("∣｜", "|"),
    **dict.fromkeys("，、", ","),
    **dict.fromkeys("𝜕𝛛", "∂"),
    **dict(zip("（）［］【】｛｝＋：；．＾＿", "()[][]{}+:;.^_", strict=True)),
    **dict(zip("∑𝛁√𝟏≔", ("Σ", "∇", "sqrt", "𝟙", ":="), strict=True)),
}

COMMANDS = {
    "cdot": "·", "times": "·", "bullet": "·", "odot": "⊙", "circ": "⊙", "oslash": "⊘", "ast": "*", "div": "/",
    "top": "⊤", "intercal": "⊤", "transpose": "⊤", "sum": "Σ", "Sigma": "Σ", "partial": "∂", "nabla": "∇",
    "frac": "frac", "dfrac": "frac", "tfrac": "frac", "cfrac": "frac", "sqrt": "sqrt", "equiv": "=", "triangleq": "=",
    "coloneqq": ":=", "colon": ":", "in": "∈", "lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", "lvert": "|",
    "rvert": "|", "vert": "|", "mid": "|", "lbrace": "(", "rbrace": ")", "{": "(", "}": ")", "lbrack": "[",
    "rbrack": "]", "_": "_",
}  # fmt: skip
"""LaTeX's commands for signs. Its braces that are printed, ``\\{``, are brackets like others."""

NAMED = {"log": "log", "ln": "log", "exp": "exp", "max": "max", "tanh": "tanh", "det": "det", "tr": "tr"}
"""LaTeX's commands for functions."""

FONTS = frozenset({
    "mathbf", "boldsymbol", "mathrm", "text", "mathit", "bm", "mathsf", "mathcal", "mathbb", "textbf", "textrm",
    "textit", "operatorname", "mbox", "symbf", "mathtt", "texttt",
})  # fmt: skip
TYPESETTING = FONTS | {
    "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl", "Biggr",
    "bigm", "quad", "qquad", "displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag", "underbrace",
    "overbrace", "smash",
}  # fmt: skip
"""Commands that are passed over; those of ``WITH_TEXT`` together with the braces behind them."""
WITH_TEXT = frozenset({"label", "tag", "hspace", "vspace", "color"})

ALIGNED = frozenset({
    "align", "aligned", "equation", "split", "gather", "gathered", "eqnarray", "multline", "alignat", "alignedat",
    "math", "displaymath",
})  # fmt: skip
"""Environments that are passed over; any other is a drawing."""

DOT_COMMANDS = frozenset({"dots", "ldots", "cdots", "vdots", "ddots", "dotsc", "dotsb", "dotso"})
RELATION_COMMANDS = frozenset({
    "approx", "neq", "ne", "leq", "le", "geq", "ge", "lt", "gt", "sim", "simeq", "cong", "propto", "ll", "gg", "to",
    "gets", "rightarrow", "leftarrow", "Rightarrow", "Leftarrow", "longrightarrow", "Longrightarrow", "mapsto",
    "implies", "iff",
})  # fmt: skip

CONDITION = re.compile(r"\W*(?:if|when|unless|provided|otherwise|except|only|as long)\b", re.IGNORECASE)
"""Words that make a formula true only sometimes."""

# ---- where a line goes on ----

_OPERATORS = frozenset(sign for sign, meaning in SIGNS.items() if meaning in "+-*/@·⊙⊘" or meaning in (".*", "./"))
_UNFINISHED = _OPERATORS | frozenset(sign for sign, meaning in SIGNS.items() if meaning in ("=", ":=", "^", "_", "("))
_OPERATOR_COMMANDS = frozenset(name for name, meaning in COMMANDS.items() if meaning in "*/·⊙⊘")
_UNFINISHED_COMMANDS = _OPERATOR_COMMANDS | {"equiv", "left", "frac", "partial"}


def ends_unfinished(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` ends in an operator, a relation or an opening bracket."""
    last = text[max(start, end - 40) : end].rstrip(" \t\n&")
    if last[-1:] in _UNFINISHED:
        return True
    before, backslash, name = last.rpartition("\\")
    return bool(backslash) and name in _UNFINISHED_COMMANDS and not before.endswith("\\")


def begins_with_operator(text: str, start: int) -> bool:
    """Whether the line that starts at ``start`` begins with an operation on what stands before it."""
    first = text[start : start + 200].partition("\n")[0].lstrip(" \t&")
    if first[:1] in _OPERATORS or first[:2] in _OPERATORS:
        return True
    if first[:1] != "\\":
        return False
    letters = 1
    while first[letters : letters + 1].isalpha():
        letters += 1
    return first[1:letters] in _OPERATOR_COMMANDS
