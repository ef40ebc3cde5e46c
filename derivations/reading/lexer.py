"""Text → tokens. Every spelling of a sign becomes one sign, and what is only typesetting goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import normalize

from derivations.formula import Span, Unreadable
from derivations.reading import messages as say
from derivations.reading.messages import Message
from derivations.reading.names import ACCENTS, GREEK, SUBSCRIPTS, SUPERSCRIPTS, canonical_name
from derivations.reading.signs import (
    ALIGNED,
    COMMANDS,
    CONDITION,
    DOT_COMMANDS,
    DOTS,
    FONTS,
    FRACTIONS,
    NAMED,
    PRIMES,
    RELATION_COMMANDS,
    RELATIONS,
    SIGNS,
    TYPESETTING,
    WITH_TEXT,
)
from derivations.reading.tokens import Token

MAX_LENGTH = 20_000
MAX_DIGITS = 1_000

# All raised and lowered characters; the few of them that mean nothing here are refused later.
_RAISED_OR_LOWERED = r"\xb2\xb3\xb9\u02b0-\u02ff\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070-\u209c\u2c7c"
_LETTER, _MARK = rf"[^\W\d_Σ\xbc-\xbe\u2150-\u215e{_RAISED_OR_LOWERED}]", "[\u0300-\u036f]*"
_TOKEN = re.compile(
    rf"""
    (?P<blank>(?:[\s~&$\u00ad\u200b-\u200f\u2060-\u2064\ufeff]|\#[^\n]*|\\[,;:!>()\[\]\s])+)
  | (?P<number>[0-9０-９]+(?:[.．](?:[0-9０-９]+|(?=\s*[/)+-]|\s+\*)))?(?:e-[0-9]{{1,3}}(?!\w))?|\.[0-9]+)
  | (?P<word>(?:log|ln|exp|sqrt|tanh)(?=[0-9]+\.[0-9]) | {_LETTER}{_MARK}(?:(?:{_LETTER}|[0-9０-９]){_MARK})*)
  | (?P<script>[{_RAISED_OR_LOWERED}]+)
  | \\(?P<command>[A-Za-z]+\*?|[{{}}|_\\])
  | (?P<dots>\.\.\.+)
  | (?P<sign>\|\||\*\*|\.[*/^]|:=|==|->|=>|<=|>=|!=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Tokens:
    """The tokens of a text, and for each bracket the number of the one that it belongs with."""

    def __init__(self, items: list[Token], partner: dict[int, int]) -> None:
        self.items, self.partner = items, partner


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
        self.text, self.at = text, 0
        self.notes = _notes(text) if "brace" in text else {}

    def scan(self) -> Iterator[Token]:
        while self.at < len(self.text):
            if self.at in self.notes:
                self.at = self.notes[self.at]
                continue
            match = _TOKEN.match(self.text, self.at)
            assert match is not None  # its last alternative matches anything
            start, self.at = match.span()
            seen = match[0]
            match match.lastgroup:
                case "blank":
                    pass
                case "number":
                    yield self._number(seen, start)
                case "word":
                    yield _word(seen, start)
                case "script":
                    yield from self._scripts(seen, start)
                case "command":
                    yield from self._command(match["command"].rstrip("*"), start)
                case _:
                    yield self._sign(seen, start)

    def _trouble(self, message: Message, start: int, end: int | None = None, **seen: object) -> Unreadable:
        """An error at what has just been read."""
        end = self.at if end is None else end
        return problem(message, self.text, Span(start, end), **{"seen": self.text[start:end], **seen})

    def _number(self, seen: str, start: int) -> Token:
        if len(seen) > MAX_DIGITS:
            raise self._trouble(say.TOO_MANY_DIGITS, start, seen=len(seen), limit=MAX_DIGITS)
        return Token("number", normalize("NFKC", seen).rstrip("."), start, start + len(seen))

    def _sign(self, seen: str, start: int) -> Token:
        if seen in SIGNS:
            return Token("sign", SIGNS[seen], start, self.at)
        if seen in PRIMES:
            return Token("prime", PRIMES[seen], start, self.at)
        if seen in FRACTIONS:
            return Token("number", FRACTIONS[seen], start, self.at)
        if seen in DOTS or seen.startswith("..."):
            raise self._trouble(say.DOTS, start)
        if seen in RELATIONS:
            raise self._trouble(say.ONLY_EQUALITY, start)
        if seen == "∆":
            return Token("word", "Δ", start, self.at)
        raise self._trouble(say.UNKNOWN_SIGN, start)

    def _scripts(self, seen: str, start: int) -> Iterator[Token]:
        """A raised or lowered run is ``^{…}`` or ``_{…}``; a ᵀ is a run of its own."""
        at = 0
        while at < len(seen):
            end = at + 1
            if seen[at] in PRIMES:
                yield Token("prime", PRIMES[seen[at]], start + at, start + end)
            elif seen[at] in SUPERSCRIPTS or seen[at] in SUBSCRIPTS:
                table, sign = (SUPERSCRIPTS, "^") if seen[at] in SUPERSCRIPTS else (SUBSCRIPTS, "_")
                while end < len(seen) and seen[end] in table and "ᵀ" not in seen[at : end + 1]:
                    end += 1
                yield Token("sign", sign, start + at, start + at)
                yield Token("sign", "{", start + at, start + at)
                for inner in _Scanner("".join(table[character] for character in seen[at:end])).scan():
                    yield Token(inner.kind, inner.text, inner.start + start + at, inner.end + start + at)
                yield Token("sign", "}", start + end, start + end)
            else:
                raise self._trouble(say.UNKNOWN_SIGN, start + at, start + end)
            at = end

    # ---- LaTeX's commands ----

    def _command(self, name: str, start: int) -> Iterator[Token]:
        if name in GREEK:
            middle = self.at
            digits = self._skip(r"[0-9]*")
            yield Token("word", GREEK[name] + digits, start, self.at, (start, *range(middle, self.at)))
        elif name in ("left", "right") and (bracket := self._skip(r"\s*[\[\].]")):
            if bracket[-1] != ".":  # \left[ is no layer and no reason
                yield Token("sign", "(" if bracket[-1] == "[" else ")", start, self.at)
        elif name in COMMANDS:
            yield Token("sign", COMMANDS[name], start, self.at)
        elif name in NAMED:
            yield Token("word", NAMED[name], start, self.at, (start,) * len(NAMED[name]))
        elif name == "prime":
            yield Token("prime", "′", start, self.at)
        elif name in ACCENTS:
            yield self._accented(name, start)
        elif name in FONTS:
            yield from self._styled(name, start)
        elif name in WITH_TEXT:
            self._skip(r"\s*\{[^{}]*\}")
        elif name == "\\":
            self._skip(r"\[[\d.]+\w*\]")
        elif name in ("begin", "end"):
            environment = self._skip(r"\s*\{\w*\*?\}").strip("{}* \n")
            if environment not in ALIGNED:
                raise self._trouble(say.DRAWN, start)
            if environment in ("alignat", "alignedat"):
                self._skip(r"\s*\{\d+\}")
        elif name in DOT_COMMANDS:
            raise self._trouble(say.DOTS, start)
        elif name in RELATION_COMMANDS:
            raise self._trouble(say.ONLY_EQUALITY, start)
        elif name not in TYPESETTING:
            raise self._trouble(say.UNKNOWN_COMMAND, start)

    def _skip(self, pattern: str) -> str:
        """Pass over what matches here."""
        match = re.compile(pattern).match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match[0]

    def _accented(self, name: str, start: int) -> Token:
        under = canonical_name(self._skip(r"\s*(?:\{\s*\\?\w+\s*\}|\\?\w)").strip().strip("{}"))
        if len(under) != 1:
            raise self._trouble(say.BAD_ACCENT, start)
        return Token("word", normalize("NFC", under + ACCENTS[name]), start, self.at, (start,))

    def _styled(self, name: str, start: int) -> Iterator[Token]:
        r"""``\mathbf{W}`` is W, ``\operatorname{softmax}`` one word, ``\mathbf{1}`` a column of ones."""
        words = re.compile(r"\s*\{([^{}]*)\}").match(self.text, self.at)
        if words and CONDITION.match(words[1]):
            raise self._trouble(say.CONDITION, start, words.end(), seen=words[1].strip())
        one = r"\s*(?:\{\s*1\s*\}|1)" if name in ("mathbf", "mathbb", "bm") else r"\s*\{\s*1\s*\}"
        if self._skip(one):
            yield Token("sign", "𝟙", start, self.at)
            return
        module = self._skip(rf"\s*\{{\s*{_LETTER}+(?:\s*\.\s*{_LETTER}(?:{_LETTER}|[0-9]|\\?_)*)+\s*\}}")
        if module:  # \mathrm{np.sum}
            first = start + self.text[start : self.at].index("{") + 1
            inner = self.text[first : self.at].rstrip()[:-1].replace("\\_", " _")
            for token in _Scanner(inner).scan():
                yield Token(token.kind, token.text, token.start + first, token.end + first)
            return
        word = self._skip(rf"\s*\{{\s*{_LETTER}(?:{_LETTER}|[0-9]|\\?_)*\s*\}}")
        if word:
            letters = word.strip().strip("{}").strip().replace("\\", "")
            first = start + self.text[start : self.at].index("{") + 1
            yield Token("word", letters, start, self.at, tuple(first + k for k in range(len(letters))))


def _word(seen: str, start: int) -> Token:
    if seen.isascii():
        return Token("word", seen, start, start + len(seen))
    letters, places = "", []
    for match in re.finditer(f".{_MARK}", seen):
        letter = normalize("NFKC", match[0])
        letters += letter
        places += [start + match.start()] * len(letter)
    return Token("word", letters, start, start + len(seen), tuple(places))


def _notes(text: str) -> dict[int, int]:
    r"""Where the notes of ``\underbrace{…}_{note}`` start, and where each of them ends."""
    partner: dict[int, int] = {}
    opened: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match[0] == "{":
            opened.append(match.start())
        elif match[0] == "}" and opened:
            partner[opened.pop()] = match.start()
    notes, beginning = {}, re.compile(r"\s*[_^]\s*(?=\{)")
    for match in re.finditer(r"\\(?:under|over)brace\s*(?=\{)", text):
        closing = partner.get(match.end(), len(text))
        note = beginning.match(text, closing + 1)
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
                items[start] = items[start].widened(brace.start, items[start].end)
                items[-1] = items[-1].widened(items[-1].start, token.end)
                continue
            if sign == "}" and start not in arguments and start == len(items) - 1:
                items.pop()  # W^l{}^T
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
    if items and items[-1].text in (".", ",", ";"):
        items.pop()  # the full stop of a printed sentence
    items.append(Token("end", "", len(text), len(text)))
    return Tokens(items, partner)


def _opening_of(text: str, token: Token, items: list[Token], opened: list[int]) -> int:
    """The number of the bracket that a closing one closes."""
    if not opened:
        raise problem(say.CLOSES_NOTHING, text, token.span, seen=token.text, other=_OPENING[token.text])
    start = opened.pop()
    opening, expected = items[start].text, _CLOSING[items[start].text]
    if expected != token.text:
        raise problem(say.CLOSED_BY_OTHER, text, token.span, seen=opening, other=token.text, expected=expected)
    return start


def _is_head(items: list[Token], start: int, partner: dict[int, int]) -> bool:
    """Whether the tokens from ``start`` on are one prime, or one word with at most one superscript."""
    size = len(items) - start
    if not 0 < size < 16 or items[start].kind not in ("prime", "word"):
        return False
    if size == 1:
        return True
    if items[start].kind == "prime" or items[start + 1].text != "^":
        return False
    return size == 3 or partner.get(start + 2) == len(items) - 1
