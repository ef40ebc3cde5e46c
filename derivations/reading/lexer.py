"""Text → tokens. Every spelling of a sign becomes one sign, and what is only typesetting goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from derivations.formula import Span, Unreadable
from derivations.reading import messages as say
from derivations.reading.messages import Message
from derivations.reading.names import ACCENTS, GREEK, SUBSCRIPTS, SUPERSCRIPTS, canonical_name
from derivations.reading.tokens import Token, Tokens

MAX_LENGTH = 20_000
MAX_DIGITS = 1_000

PRIMES = {**dict.fromkeys("'’‘′`´ʹʼ＇‛", 1), "″": 2, "‴": 3}
VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8"}
DOTS = "…⋯⋮⋱"
RELATIONS = "≈≠≤≥<>≪≫→←↦⇒⇐⇔⟹⟸⟺∝≅≃∼≲≳"

SIGNS = {
    **{sign: sign for sign in "+-*/@·⊙⊘^_()[]{},;:|‖.=∂∇Σ⊤∈!?"},
    **dict.fromkeys("−–﹣－", "-"),
    **dict.fromkeys("＋", "+"),
    **dict.fromkeys("∗＊⁎", "*"),
    **dict.fromkeys("∕⁄÷／", "/"),
    **dict.fromkeys("⋅•∙・×✕✖", "·"),
    **dict.fromkeys("∘◦○⨀", "⊙"),
    **dict.fromkeys("＝≡≔≜", "="),
    **dict.fromkeys("∥", "‖"),
    **dict.fromkeys("∣｜", "|"),
    **dict.fromkeys("，、", ","),
    **dict.fromkeys("∑", "Σ"),
    **dict.fromkeys("𝜕𝛛∂", "∂"),
    **dict.fromkeys("𝛁", "∇"),
    "（": "(", "）": ")", "［": "[", "］": "]", "【": "[", "】": "]", "｛": "{", "｝": "}",
    "：": ":", "；": ";", "．": ".", "＾": "^", "＿": "_", "√": "sqrt", "𝟙": "𝟙", "𝟏": "𝟙", "∆": "∆",
    "||": "‖", "**": "**", ".*": ".*", "./": "./", ".^": ".^", ":=": ":=", "==": "=",
}  # fmt: skip
"""Each way to type a sign, and the sign."""

COMMANDS = {
    "cdot": "·", "times": "·", "bullet": "·", "odot": "⊙", "circ": "⊙", "oslash": "⊘", "ast": "*", "div": "/",
    "top": "⊤", "intercal": "⊤", "transpose": "⊤", "sum": "Σ", "Sigma": "Σ", "partial": "∂", "nabla": "∇",
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac"), "frac"),
    **dict.fromkeys(("lVert", "rVert", "Vert"), "‖"),
    **dict.fromkeys(("lvert", "rvert", "vert", "mid"), "|"),
    **dict.fromkeys(("equiv", "triangleq"), "="),
    "coloneqq": ":=", "colon": ":", "in": "∈", "sqrt": "sqrt", "lbrace": "(", "rbrace": ")",
    "lbrack": "[", "rbrack": "]", "{": "(", "}": ")", "|": "‖", "_": "_",
}  # fmt: skip
NAMED = {"log": "log", "ln": "log", "exp": "exp", "max": "max", "tanh": "tanh", "det": "det", "tr": "tr"}
FONTS = (
    "mathbf", "boldsymbol", "mathrm", "text", "mathit", "bm", "mathsf", "mathcal", "mathbb", "textbf", "textrm",
    "textit", "operatorname", "mbox", "symbf",
)  # fmt: skip
_DROPPED = frozenset({
    *FONTS, "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr", "Biggl",
    "Biggr", "bigm", "quad", "qquad", "displaystyle", "textstyle", "limits", "nolimits", "nonumber", "notag",
    "underbrace", "overbrace", "smash",
})  # fmt: skip
_DOTS = frozenset({"dots", "ldots", "cdots", "vdots", "ddots", "dotsc", "dotsb", "dotso"})
_RELATIONS = frozenset({
    "approx", "neq", "ne", "leq", "le", "geq", "ge", "lt", "gt", "sim", "simeq", "cong", "propto", "ll", "gg", "to",
    "gets", "rightarrow", "leftarrow", "Rightarrow", "Leftarrow", "longrightarrow", "Longrightarrow", "mapsto",
    "implies", "iff",
})  # fmt: skip
_ALIGNED = (
    "align", "aligned", "equation", "split", "gather", "gathered", "eqnarray", "multline", "alignat", "math",
    "displaymath",
)  # fmt: skip

_RAISED, _LOWERED = "".join(c for c in SUPERSCRIPTS if c != "ᵀ"), "".join(SUBSCRIPTS)
_NOT_A_LETTER = rf"_ᵀΣ{_RAISED}{_LOWERED}{''.join(PRIMES)}{''.join(VULGAR)}"
_LETTER, _MARK = rf"[^\W\d{_NOT_A_LETTER}]", "[\u0300-\u036f]*"

_TOKEN = re.compile(
    rf"""
    (?P<blank>(?:[\s~&$\u00ad\u200b-\u200f\u2060-\u2064\ufeff] | \#[^\n]*
      | \\\\(?:\[[\d.]+\w*\])? | \\[,;:!>()\[\]\s]
      | \\(?:left|right)\s*\.(?!\w)
      | \\(?:label|tag|hspace|vspace|color)\*?\s*\{{[^{{}}]*\}}
      | \\(?:begin|end)\s*\{{(?:{"|".join(_ALIGNED)})\*?\}})+)
  | (?P<number>[0-9０-９]+(?:[.．][0-9０-９]+)?(?:e-[0-9]{{1,3}}(?!\w))? | \.[0-9]+)
  | (?P<function>(?:log|ln|exp|sqrt|tanh)(?=[0-9]+\.[0-9]))
  | (?P<word>{_LETTER}{_MARK}(?:(?:{_LETTER}|[0-9０-９]){_MARK})*)
  | (?P<raised>ᵀ|[{_RAISED}]+) | (?P<lowered>[{_LOWERED}]+)
  | (?P<prime>[{"".join(PRIMES)}])
  | (?P<dots>[{DOTS}]|\.\.\.+)
  | (?P<relation>[{RELATIONS}]|->|=>|<=|>=|!=)
  | (?P<vulgar>[{"".join(VULGAR)}])
  | \\left\s*(?P<opened>\[) | \\right\s*(?P<closed>\])
  | \\(?:{"|".join(FONTS)})\*?\s*\{{\s*(?P<styled>{_LETTER}(?:{_LETTER}|[0-9]|\\?_)*|1)\s*\}}
  | \\math(?:bf|bb)\s*(?P<ones>1)
  | \\(?P<accent>{"|".join(ACCENTS)})(?![A-Za-z])\s*(?P<under>\{{\s*\\?\w+\s*\}}|\\?\w)?
  | \\(?P<command>[A-Za-z]+|[{{}}|_])\*?(?P<digits>[0-9]*)
  | (?P<sign>\|\||\*\*|\.\*|\./|\.\^|:=|==|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens_of(text: str) -> Tokens:
    """The tokens of a text; the last one is its end. Raises Unreadable for what can never be part of a formula."""
    if len(text) > MAX_LENGTH:
        raise problem(say.TOO_LONG, text, Span(0, 1), seen=len(text), limit=MAX_LENGTH)
    return _paired(text, _Scanner(text).scan())


def problem(message: Message, text: str, span: Span, **seen: object) -> Unreadable:
    """The error for a message, with what was seen filled in."""
    return Unreadable(message.sentence.format(**seen), text, span, message.hint.format(**seen))


class _Scanner:
    """One pass over a text; ``notes`` are the stretches that only annotate: the label of a brace."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.notes = _notes(text) if "brace" in text else {}

    def scan(self) -> Iterator[Token]:
        at, size, text = 0, len(self.text), self.text
        while at < size:
            if at in self.notes:
                at = self.notes[at]
                continue
            match = _TOKEN.match(text, at)
            assert match is not None  # its last alternative matches anything
            yield from self._token(match, match.start(), match.end())
            at = match.end()

    def _token(self, match: re.Match[str], start: int, end: int) -> Iterator[Token]:
        kind = match.lastgroup
        seen = match[0]
        match kind:
            case "blank":
                return
            case "number":
                yield self._number(seen, start, end)
            case "word" | "function":
                yield _word(seen, start, end)
            case "raised" | "lowered":
                yield from self._script(seen, start, end)
            case "prime":
                yield Token("prime", "′" * PRIMES[seen], start, end)
            case "dots":
                raise problem(say.DOTS, self.text, Span(start, end), seen=seen)
            case "relation":
                raise problem(say.ONLY_EQUALITY, self.text, Span(start, end), seen=seen)
            case "vulgar":
                yield Token("number", VULGAR[seen], start, end)
            case "opened" | "closed":
                yield Token("sign", "(" if kind == "opened" else ")", start, end)
            case "styled":
                inner = match["styled"].replace("\\", "")
                if inner == "1":
                    yield Token("sign", "𝟙", start, end)
                else:
                    first = match.start("styled")
                    yield Token("word", inner, start, end, tuple(first + k for k in range(len(inner))))
            case "ones":
                yield Token("sign", "𝟙", start, end)
            case "accent" | "under":
                yield self._accented(match["accent"], match["under"] or "", start, end)
            case "command" | "digits":
                yield from self._command(match["command"], match["digits"], start, end)
            case _:
                yield self._sign(seen, start, end)

    def _number(self, seen: str, start: int, end: int) -> Token:
        if len(seen) > MAX_DIGITS:
            raise problem(say.TOO_MANY_DIGITS, self.text, Span(start, end), seen=len(seen), limit=MAX_DIGITS)
        return Token("number", normalize("NFKC", seen), start, end)

    def _script(self, seen: str, start: int, end: int) -> Iterator[Token]:
        """A raised or lowered run is ``^{…}`` or ``_{…}``."""
        table, sign = (SUPERSCRIPTS, "^") if seen[0] in SUPERSCRIPTS else (SUBSCRIPTS, "_")
        yield Token("sign", sign, start, start)
        yield Token("sign", "{", start, start)
        for inner in _Scanner("".join(table[character] for character in seen)).scan():
            yield Token(inner.kind, inner.text, inner.start + start, inner.end + start)
        yield Token("sign", "}", end, end)

    def _accented(self, accent: str, under: str, start: int, end: int) -> Token:
        letter = canonical_name(under)
        if len(letter) != 1:
            raise problem(say.BAD_ACCENT, self.text, Span(start, end))
        return Token("word", normalize("NFC", letter + ACCENTS[accent]), start, end, (start,))

    def _command(self, name: str, digits: str, start: int, end: int) -> Iterator[Token]:
        span, middle = Span(start, end), end - len(digits)
        if name in GREEK:
            places = (start, *range(middle, end))
            yield Token("word", GREEK[name] + digits, start, end, places)
            return
        if name in COMMANDS:
            yield Token("sign", COMMANDS[name], start, middle)
        elif name in NAMED:
            yield Token("word", NAMED[name], start, middle, (start,) * len(NAMED[name]))
        elif name == "prime":
            yield Token("prime", "′", start, middle)
        elif name in _DOTS:
            raise problem(say.DOTS, self.text, span, seen=f"\\{name}")
        elif name in _RELATIONS:
            raise problem(say.ONLY_EQUALITY, self.text, span, seen=f"\\{name}")
        elif name == "begin":
            closing = self.text.find("}", start) + 1
            drawn = Span(start, closing) if 0 < closing <= end + 30 else span
            raise problem(say.DRAWN, self.text, drawn, seen=self.text[drawn.start : drawn.end])
        elif name not in _DROPPED:
            raise problem(say.UNKNOWN_COMMAND, self.text, span, seen=f"\\{name}")
        if digits:
            yield self._number(digits, middle, end)

    def _sign(self, seen: str, start: int, end: int) -> Token:
        if seen not in SIGNS or SIGNS[seen] in "!?":
            raise problem(say.UNKNOWN_SIGN, self.text, Span(start, end), seen=seen)
        if SIGNS[seen] == "∆":
            return Token("word", "Δ", start, end)
        return Token("sign", SIGNS[seen], start, end)


def _word(seen: str, start: int, end: int) -> Token:
    if seen.isascii():
        return Token("word", seen, start, end)
    letters, places = "", []
    for match in re.finditer(f".{_MARK}", seen):
        letter = normalize("NFKC", match[0])
        letters += letter
        places += [start + match.start()] * len(letter)
    return Token("word", letters, start, end, tuple(places))


def _notes(text: str) -> dict[int, int]:
    r"""Where the notes of ``\underbrace{…}_{note}`` start, and where each of them ends."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            partner[opened.pop()] = match.start()
    notes = {}
    for match in re.finditer(r"\\(?:under|over)brace\s*(?=\{)", text):
        closing = partner.get(match.end(), len(text))
        note = re.compile(r"\s*[_^]\s*(?=\{)").match(text, closing + 1)
        if note and note.end() in partner:
            notes[closing + 1] = partner[note.end()] + 1
    return notes


# ---- brackets ----

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}


def _paired(text: str, scanned: Iterator[Token]) -> Tokens:
    """The tokens with their brackets paired, and without the braces that change nothing: ``{σ}'`` is ``σ'``."""
    items: list[Token] = []
    partner: dict[int, int] = {}
    opened: list[int] = []
    arguments: set[int] = set()  # the braces that are arguments of a command or of ^ and _
    due: list[int] = [0]  # how many arguments a \frac before this still wants, level by level
    for token in scanned:
        sign = token.text if token.kind == "sign" else ""
        if sign in _OPENING:
            start = _opening_of(text, token, items, opened)
            due.pop()
            if sign == "}" and start not in arguments and _is_head(items, start + 1, partner):
                for inner in range(start + 2, len(items)):
                    if inner in partner:
                        partner[inner - 1] = partner.pop(inner) - 1
                brace = items.pop(start)
                items[start] = _widened(items[start], brace.start, items[start].end)
                items[-1] = _widened(items[-1], items[-1].start, token.end)
                continue
            partner[start], partner[len(items)] = len(items), start
        elif sign in _CLOSING:
            if sign == "{" and items and (due[-1] or items[-1].text in ("^", "_", "sqrt")):
                arguments.add(len(items))
            due[-1] = max(0, due[-1] - 1)
            opened.append(len(items))
            due.append(0)
        else:
            due[-1] = 2 if sign == "frac" else max(0, due[-1] - len(token.text))
        items.append(token)
    if opened:
        first = items[opened[-1]]
        raise problem(say.NEVER_CLOSED, text, first.span, seen=first.text, other=_CLOSING[first.text])
    items.append(Token("end", "", len(text), len(text)))
    return Tokens(text, items, partner)


def _widened(token: Token, start: int, end: int) -> Token:
    """The token with the braces around it; its letters stay where they are."""
    places = tuple(token.place(letter) for letter in range(len(token.text)))
    return Token(token.kind, token.text, start, end, places)


def _opening_of(text: str, token: Token, items: list[Token], opened: list[int]) -> int:
    if not opened:
        raise problem(say.CLOSES_NOTHING, text, token.span, seen=token.text, other=_OPENING[token.text])
    start = opened.pop()
    expected = _CLOSING[items[start].text]
    if expected != token.text:
        raise problem(
            say.CLOSED_BY_OTHER, text, token.span, seen=items[start].text, other=token.text, expected=expected
        )
    return start


def _is_head(items: list[Token], start: int, partner: dict[int, int]) -> bool:
    """Whether the tokens from ``start`` on are primes only, or one word, with at most one superscript."""
    inner = items[start : start + 3]
    if not inner or (inner[0].kind == "prime" and len(items) == start + 1):
        return bool(inner)
    if inner[0].kind != "word":
        return False
    if len(items) == start + 1:
        return True
    return (
        len(inner) == 3
        and inner[1].text == "^"
        and (partner.get(start + 2, start + 2) == len(items) - 1)
        and len(items) - start < 16
    )
