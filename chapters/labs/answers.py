"""What formula and derivation answers have in common: the setting they are read in, and what may not stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chapters.labs import words
from chapters.labs.lab import LabError
from chapters.labs.variants import Part, Variant
from derivations.checking import extended, places
from derivations.diagnosis.trees import bare, changed
from derivations.formula import (
    Apply,
    Claim,
    Derivative,
    Entry,
    Formula,
    Gradient,
    IndexSum,
    Layer,
    LossDerivative,
    Symbol,
    Unreadable,
    children,
)
from derivations.reading import read_formula, read_statement, split_statements
from derivations.setting import Setting
from derivations.shapes import Misfit
from derivations.writing import write

_ALIASES = {"Δ": "δ", "Z": "z", "A": "a", "w": "W", "C": "J", "E": "J"}
_PLACEHOLDER = re.compile(r"(?<![\w)])\?(?![\w(])|(?<==)\s*(?:\.\.\.|…)\s*$", re.MULTILINE)


def setting_of(variant: Variant, part: Part) -> Setting:
    """The setting of a part's answers. Raises LabError."""
    setting = Setting()
    for text in (variant.setting, part.setting):
        try:
            setting = extended(setting, text)
        except (Unreadable, Misfit) as problem:
            where = f"{variant.lab}, {part.name}"
            raise LabError(words.SETTING_UNREADABLE.format(where=where, problem=problem)) from problem
    return setting


def left_of(part: Part, setting: Setting) -> Formula:
    """The side that the answer begins with. Raises LabError."""
    text = part.goal or part.starter
    try:
        return read_formula(text.partition("=")[0].strip(), setting.vocabulary)
    except Unreadable as problem:
        raise LabError(f"{part.name}: {problem.message} ({text})") from problem


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with a line before it is decided: ``line`` in the worksheet, a code and a sentence."""

    line: int
    code: str
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Statements:
    """An answer block, statement by statement: its claims as one text (everything else blanked out, so that places
    stay), and what there is to object to."""

    text: str
    claims: tuple[tuple[int, Claim], ...]
    objections: tuple[Objection, ...]
    unanswered: bool = False


def statements(text: str, first_line: int, setting: Setting) -> Statements:
    """The claims of an answer; declarations, directives and lines with a ? are objected to."""
    locate = places(text, "")
    claims: list[tuple[int, Claim]] = []
    objections: list[Objection] = []
    kept = [" " if char != "\n" else "\n" for char in text]
    unanswered = False
    for piece, offset in split_statements(text):
        line = first_line + locate(offset).line - 1
        shown = " ".join(piece.split())
        if _PLACEHOLDER.search(piece):
            unanswered = True
            objections.append(Objection(line, "not-answered", shown, words.NOT_ANSWERED))
            continue
        if re.match(r"goal\s*:", piece):
            objections.append(Objection(line, "declared", shown, words.DECLARES.format(seen=shown)))
            continue
        try:
            statement = read_statement(piece, setting.vocabulary)
        except Unreadable:
            kept[offset : offset + len(piece)] = piece  # the checker says where and why
            continue
        if isinstance(statement, Claim):
            claims.append((line, statement))
            kept[offset : offset + len(piece)] = piece
        else:
            objections.append(Objection(line, "declared", shown, words.DECLARES.format(seen=shown)))
    return Statements("".join(kept), tuple(claims), tuple(objections), unanswered)


# ---- what may not stand in an answer ----


def same(left: Formula, right: Formula, setting: Setting) -> bool:
    """Whether two formulas are written alike, but for spelling: δ^{[L]} and delta^L, W^2 and W^L where L is 2."""
    return _normal(left, setting) == _normal(right, setting)


def _normal(formula: Formula, setting: Setting) -> Formula:
    def rule(node: Formula) -> Formula | None:
        match node:
            case LossDerivative(by) if setting.network is not None and setting.network.batch is None:
                return Derivative(Symbol("J"), _symbol(by, setting))
            case Gradient(of, by):
                is_last = by.layer is None and by.name in setting.vocabulary.layered  # ∇_a J is ∇ by a^L
                whole = Symbol(by.name, Layer("L")) if is_last else by
                return Derivative(_normal(of, setting), _symbol(whole, setting))
            case Symbol():
                return _symbol(node, setting)
        return None

    return bare(changed(formula, rule))


def _symbol(node: Symbol, setting: Setting) -> Symbol:
    name = node.name
    if setting.network is not None and name not in setting.quantities:
        name = _ALIASES.get(name, name)
    return Symbol(name, setting.settled_layer(node.layer), node.sample)


def not_allowed(side: Formula, left: Formula, part: Part, setting: Setting) -> Formula | None:
    """What stands in a side and may not: the left side itself, a derivative that is not in ``may_use``, or what
    ``without`` lists. None if there is no such thing."""
    allowed = [_read(text, setting, part) for text in part.may_use]
    for node in _outermost(side, allowed, setting):
        if same(node, left, setting):
            return node
        if isinstance(left, Entry) and isinstance(node, Symbol) and same(node, left.of, setting):
            return node
        if isinstance(node, Derivative | Gradient | LossDerivative):
            return node
        if any(_matches(node, text, setting, part) for text in part.without):
            return node
    return None


def _outermost(side: Formula, allowed: Sequence[Formula], setting: Setting) -> Iterator[Formula]:
    """The formulas inside a side, but for those that are allowed, and what they are made of."""
    pending = [side]
    while pending:
        node = pending.pop()
        if any(same(node, one, setting) or _entry_of(node, one, setting) for one in allowed):
            continue
        yield node
        pending.extend(reversed(list(children(node))))


def _entry_of(node: Formula, one: Formula, setting: Setting) -> bool:
    """Whether a node is an entry of an allowed derivative: ∂J/∂a^L_j of ∂J/∂a^L, (∂J/∂a^L)_j."""
    match node:
        case Entry(of):
            return same(of, one, setting)
        case Derivative(of, Entry(by)):
            return isinstance(by, Symbol) and same(Derivative(of, by), one, setting)
    return False


def _matches(node: Formula, text: str, setting: Setting, part: Part) -> bool:
    """Whether a node is what ``text`` rules out."""
    if text == "Σ":
        return isinstance(node, IndexSum)
    if text.endswith(("'", "′")) and "^" not in text:
        return isinstance(node, Apply) and node.function.order > 0 and node.function.name == text[:-1]
    if text.isidentifier() and isinstance(node, Symbol):
        return _symbol(node, setting).name == _symbol(Symbol(text), setting).name
    if text.isidentifier():
        return False
    return same(node, _read(text, setting, part), setting)


def _read(text: str, setting: Setting, part: Part) -> Formula:
    try:
        return read_formula(text, setting.vocabulary)
    except Unreadable as problem:
        raise LabError(f"{part.name}: {problem.message} ({text})") from problem


def restating(node: Formula, left: Formula, part: Part, setting: Setting) -> str:
    """The sentence on something that may not stand in an answer."""
    if same(node, left, setting):
        return words.RESTATES.format(left=write(left))
    allowed = " and ".join(part.may_use)
    instead = words.INSTEAD.format(allowed=allowed) if allowed and not isinstance(node, Symbol) else ""
    return words.RESTATES_AT.format(seen=write(node), instead=instead)


def made_of(side: Formula, setting: Setting) -> frozenset[Formula | str]:
    """The quantities, derivatives and slopes (``σ'``) that a side is made of."""
    found: set[Formula | str] = set()
    pending = [side]
    while pending:
        node = pending.pop()
        match node:
            case Derivative() | Gradient() | LossDerivative():
                found.add(_normal(_of_whole(node), setting))
                continue
            case Symbol():
                found.add(_symbol(node, setting))
            case Apply() if node.function.order:
                found.add(node.function.name + "'" * node.function.order)
        pending.extend(children(node))
    return frozenset(found)


def _of_whole(node: Formula) -> Formula:
    """∂J/∂z_j as ∂J/∂z, ∂z_k/∂a_j as ∂z/∂a."""
    match node:
        case Derivative(of, by):
            of = of.of if isinstance(of, Entry) else of
            by = by.of if isinstance(by, Entry) and isinstance(by.of, Symbol) else by
            return Derivative(of, by)
    return node
