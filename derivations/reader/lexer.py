"""Text → tokens: every spelling of a sign becomes one kind of token, and keeps the place where it stood."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from derivations.formula import Span, Unreadable
from derivations.reader import messages

LONGEST, DEEPEST, LONGEST_NUMBER = 20_000, 120, 60


class Token(NamedTuple):
    """kind: number, word, op, open, close, script (^ or _), raised and lowered (Unicode scripts), prime, bar, norm,
    command (frac, sum, partial, nabla, root), dot, comma, colon, text, end."""

    kind: str
    text: str
    start: int
    end: int
    spaced: bool = False  # a blank stands before it


GREEK = {
    name: chr(code)
    for name, code in zip(
        [
            "alpha",
            "beta",
            "gamma",
            "delta",
            "epsilon",
            "zeta",
            "eta",
            "theta",
            "iota",
            "kappa",
            "lambda",
            "mu",
            "nu",
            "xi",
            "omicron",
            "pi",
            "rho",
        ],
        range(0x3B1, 0x3C2),
        strict=True,
    )
} | {"sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω"}
GREEK |= {"varepsilon": "ε", "varphi": "φ", "vartheta": "θ", "ell": "l", "Delta": "Δ", "Sigma": "Σ", "Lambda": "Λ"}
GREEK |= {"Theta": "Θ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "Gamma": "Γ", "Pi": "Π"}

_OPS = {
    "+": "+", "-": "-", "−": "-", "–": "-", "—": "-", "·": "·", "⋅": "·", "∙": "·", "•": "·", "×": "·",
    "*": "*", "∗": "*", "⊙": "⊙", "∘": "⊙", "⊘": "⊘", "@": "@", "/": "/", "∕": "/", "÷": "/", "=": "=", "≡": "=",
}  # fmt: skip
_COMMAND_OPS = {
    "cdot": "·", "times": "·", "odot": "⊙", "circ": "⊙", "oslash": "⊘", "ast": "*", "div": "/", "equiv": "=",
    "bullet": "·",
}  # fmt: skip
_DROPPED = frozenset(
    [
        "left",
        "right",
        "quad",
        "qquad",
        "displaystyle",
        "textstyle",
        "limits",
        "nolimits",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "bigr",
        "Bigl",
        "Bigr",
        "biggl",
        "biggr",
        "nonumber",
        "notag",
        "mathbf",
        "boldsymbol",
        "mathrm",
        "text",
        "mathit",
        "bm",
        "operatorname",
        "mathsf",
        "mathcal",
        "rm",
        "bf",
        "middle",
    ]
)
_DROPPED_WITH_ARGUMENT = frozenset({"label", "tag"})
_NOT_EQUALS = frozenset("≈≠≤≥<>⇒→←⇐∝∼≃≅↦")
_NOT_EQUALS_COMMANDS = frozenset(
    [
        "approx",
        "neq",
        "ne",
        "le",
        "leq",
        "ge",
        "geq",
        "Rightarrow",
        "rightarrow",
        "to",
        "implies",
        "sim",
        "propto",
        "leftarrow",
        "Leftarrow",
        "iff",
        "simeq",
        "cong",
    ]
)
_DOTS = frozenset(["dots", "ldots", "cdots", "vdots", "ddots"])
_PRIMES = {"'": 1, "’": 1, "‘": 1, "′": 1, "`": 1, "´": 1, "ʹ": 1, "″": 2, "‴": 3}
RAISED = {
    **dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", "0123456789+-=()", strict=True)),
    **dict(zip("ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᵀᴹᴺᴷ", "abcdefghijklmnoprstuvwxyzLTMNK", strict=True)),
    "⊤": "T",
}
LOWERED = {
    **dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()", strict=True)),
    **dict(zip("ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "aehijklmnoprstuvx", strict=True)),
}
_OPEN, _CLOSE = {"(": ")", "[": "]", "{": "}"}, {")": "(", "]": "[", "}": "{"}
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_LATIN = re.compile(r"[^\W\d_]")


def fail(message: tuple[str, str], text: str, span: Span | tuple[int, int], **words: object) -> Unreadable:
    sentence, hint = (part.format(**words) for part in message)
    return Unreadable(sentence, text, Span(*span), hint)


def _is_greek(char: str) -> bool:
    return "Ͱ" <= char <= "Ͽ"


class Lexer:
    """One pass over a text. ``known`` are the declared words, which may hold an underscore (``n_x``)."""

    def __init__(self, text: str, known: frozenset[str]) -> None:
        if len(text) > LONGEST:
            raise fail(messages.TOO_LONG, text, (LONGEST, LONGEST + 1), limit=LONGEST)
        self.text, self.known = text, known
        self.at = 0
        self.spaced = False
        self.tokens: list[Token] = []
        self.opened: list[Token] = []

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            self._next()
        if self.opened:
            last = self.opened[-1]
            raise fail(messages.UNCLOSED, self.text, (last.start, last.end), wanted=_OPEN[last.text])
        self.tokens.append(Token("end", "", len(self.text), len(self.text)))
        return self.tokens

    def _add(self, kind: str, text: str, length: int) -> None:
        token = Token(kind, text, self.at, self.at + length, self.spaced)
        self.at, self.spaced = self.at + length, False
        if kind == "open":
            self.opened.append(token)
            if len(self.opened) > DEEPEST:
                raise fail(messages.TOO_DEEP, self.text, (token.start, token.end), limit=DEEPEST)
        elif kind == "close":
            self._close(token)
        self.tokens.append(token)

    def _close(self, token: Token) -> None:
        span = token.start, token.end
        if not self.opened:
            raise fail(messages.UNOPENED, self.text, span, seen=token.text)
        opened = self.opened.pop()
        if opened.text != _CLOSE[token.text]:
            raise fail(messages.MISMATCH, self.text, span, seen=token.text, opened=opened.text)

    def _skip(self, length: int) -> None:
        self.at, self.spaced = self.at + length, True

    def _next(self) -> None:
        text, at = self.text, self.at
        char = text[at]
        two = text[at : at + 2]
        if char.isspace() or char in "~&$\u200b\u2061\u2062\ufeff":
            self._skip(1)
        elif char == "\\":
            self._command()
        elif two in (".*", "./", ".^", "**", ":=", "||", "≡"):
            kinds = {".*": "⊙", "./": "⊘", ":=": "="}
            self._add("norm", "‖", 2) if two == "||" else self._add("op", kinds.get(two, two), 2)
        elif text.startswith(("...", "…"), at) or char == "⋯":
            raise fail(messages.DOTS, text, (at, at + (3 if char == "." else 1)), seen="…")
        elif (number := _NUMBER.match(text, at)) and not (char == "." and self._after_operand()):
            self._number(number.group())
        elif char in _PRIMES:
            self._add("prime", "'" * _PRIMES[char], 1)
        elif char in RAISED or char in LOWERED:
            self._run_of(RAISED if char in RAISED else LOWERED, "raised" if char in RAISED else "lowered")
        elif char in "^_":
            self._script(char)
        elif char in _OPS:
            self._add("op", _OPS[char], 1)
        elif char in _OPEN or char in _CLOSE:
            self._add("open" if char in _OPEN else "close", char, 1)
        elif char in "|‖":
            self._add("norm" if char == "‖" else "bar", char, 1)
        elif char in ",.:":
            self._add({",": "comma", ".": "dot", ":": "colon"}[char], char, 1)
        elif char in "∂∇Σ∑√":
            self._sign(char)
        elif char == "𝟙":
            self._add("word", "𝟙", 1)
        elif char in _NOT_EQUALS:
            raise fail(messages.ONLY_EQUALS, text, (at, at + 1), seen=char)
        elif _LATIN.match(char):
            self._word()
        else:
            self._normalised(char)

    def _normalised(self, char: str) -> None:
        """A full-width or otherwise compatible character is read as the plain one."""
        plain = unicodedata.normalize("NFKC", char)
        if len(plain) == 1 and plain != char:
            self.text = self.text[: self.at] + plain + self.text[self.at + 1 :]
            return
        raise fail(messages.STRANGE, self.text, (self.at, self.at + 1), seen=char)

    def _after_operand(self) -> bool:
        return bool(self.tokens) and not self.spaced and self.tokens[-1].kind in ("word", "close", "raised", "lowered")

    def _number(self, digits: str) -> None:
        if len(digits) > LONGEST_NUMBER:
            raise fail(messages.HUGE, self.text, (self.at, self.at + len(digits)), limit=LONGEST_NUMBER)
        self._add("number", digits, len(digits))

    def _run_of(self, table: dict[str, str], kind: str) -> None:
        end = self.at
        while end < len(self.text) and self.text[end] in table:
            end += 1
        self._add(kind, "".join(table[c] for c in self.text[self.at : end]), end - self.at)

    def _sign(self, char: str) -> None:
        if char == "Σ" and self.text[self.at + 1 : self.at + 2] in _PRIMES:
            self._add("word", "Σ", 1)
        else:
            self._add("command", {"∂": "partial", "∇": "nabla", "√": "sqrt"}.get(char, "sum"), 1)

    def _word(self) -> None:
        text, at = self.text, self.at
        if _is_greek(text[at]):
            end = at + 1
            while end < len(text) and text[end].isdigit() and text[end].isascii():
                end += 1
            self._add("word", text[at:end], end - at)
            return
        end = at
        while end < len(text) and self._in_word(text[end]):
            end += 1
        longer = end
        while longer < len(text) and (self._in_word(text[longer]) or text[longer] == "_"):
            longer += 1
        while longer > end:
            if text[at:longer] in self.known:
                end = longer
                break
            longer -= 1
        self._add("word", text[at:end], end - at)

    @staticmethod
    def _in_word(char: str) -> bool:
        return (bool(_LATIN.match(char)) and not _is_greek(char) and char not in RAISED and char not in LOWERED) or (
            char.isascii() and char.isdigit()
        )

    def _script(self, char: str) -> None:
        """^ or _; without braces a superscript takes one letter or a number, a subscript its letters."""
        self._add("script", char, 1)
        text = self.text
        while self.at < len(text) and text[self.at] == " ":
            self.at += 1
        if (
            self.at >= len(text)
            or not _LATIN.match(text[self.at])
            or text[self.at] in RAISED
            or _is_greek(text[self.at])
        ):
            return None
        if text.startswith(("top", "prime"), self.at) and char == "^":
            return self._add("word", "T", 3) if text[self.at] == "t" else self._add("prime", "'", 5)
        end = self.at + 1
        word = re.compile(r"[A-Za-z0-9]+").match(text, self.at)
        if char == "_" and word and word.end() > end:
            whole = word.group()
            letters = re.compile(r"[A-Za-z]+").match(text, self.at)
            if whole in self.known or (letters and not self._splits(whole[1:])):
                end = word.end()
        self._add("word", text[self.at : end], end - self.at)
        return None

    def _splits(self, rest: str) -> bool:
        """Whether what follows an index begins a known name, as in ``w_ix_i``."""
        return any(rest.startswith(name) for name in self.known if name.isalnum())

    def _command(self) -> None:
        found = re.compile(r"\\([A-Za-z]+|.)", re.S).match(self.text, self.at)
        if not found:
            raise fail(messages.STRANGE, self.text, (self.at, self.at + 1), seen="\\")
        name, length = found.group(1), len(found.group())
        span = self.at, self.at + length
        if name in _DROPPED or name in (",", ";", "!", ":", " ", "\\", ">", "(", ")", "[", "]", "/"):
            self._skip(length)
            if name in ("left", "right", "middle") and self.text[self.at : self.at + 1] == ".":
                self._skip(1)
            self.spaced = True
        elif name in _DROPPED_WITH_ARGUMENT:
            end = self.text.find("}", self.at)
            self._skip((end if end >= 0 else len(self.text) - 1) - self.at + 1)
        elif name in _COMMAND_OPS:
            self._add("op", _COMMAND_OPS[name], length)
        elif name in ("partial", "nabla", "sum", "frac", "sqrt", "underbrace", "overbrace", "hat"):
            self._add("command", name, length)
        elif name in ("dfrac", "tfrac", "cfrac"):
            self._add("command", "frac", length)
        elif name == "Sigma" and self.text[span[1] : span[1] + 1] not in _PRIMES:
            self._add("word", "Σ", length)
        elif name in GREEK:
            self._add("word", GREEK[name], length)
        elif name in ("top", "intercal"):
            self._add("word", "T", length)
        elif name == "prime":
            self._add("prime", "'", length)
        elif name in ("lVert", "rVert", "Vert", "|"):
            self._add("norm", "‖", length)
        elif name in ("lvert", "rvert", "vert"):
            self._add("bar", "|", length)
        elif name in ("{", "}"):
            self._add("open" if name == "{" else "close", name, length)
        elif name in ("lbrace", "rbrace"):
            self._add("open" if name == "lbrace" else "close", "{" if name == "lbrace" else "}", length)
        elif name in _NOT_EQUALS_COMMANDS:
            raise fail(messages.ONLY_EQUALS, self.text, span, seen=found.group())
        elif name in _DOTS:
            raise fail(messages.DOTS, self.text, span, seen=found.group())
        elif name in ("begin", "end"):
            raise fail(messages.DRAWN, self.text, span)
        elif name.isalpha():
            self._add("word", name, length)
        else:
            raise fail(messages.STRANGE, self.text, span, seen=found.group())
