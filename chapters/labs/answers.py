"""What formula and derivation answers have in common: the setting they are read in, and what may not stand in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chapters.labs import words
from chapters.labs.lab import LabError
from chapters.labs.variants import Part, Variant
from derivations.checking import extended, places
from derivations.diagnosis.proof import proves
from derivations.diagnosis.trees import bare, changed
from derivations.formula import (
    Apply,
    Binary,
    Claim,
    Derivative,
    Entry,
    Formula,
    Gradient,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Op,
    Symbol,
    Unreadable,
    children,
)
from derivations.reading import read_claim, read_formula, read_statement, split_statements
from derivations.setting import Context, Setting
from derivations.shapes import Misfit
from derivations.values import replaced
from derivations.verdicts import Diagnosis, IllShaped, Refuted, Verdict
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
        raise LabError(
            words.FORMULA_UNREADABLE.format(where=part.name, text=text, problem=problem.message)
        ) from problem


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
            answer = _REASON.sub("", piece.rpartition("=")[2].strip()).strip(" \t\n?.…")
            sentence = words.MARK_LEFT if answer else words.NOT_ANSWERED
            objections.append(Objection(line, "not-answered", shown, sentence))
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


def is_spelling_of(typed: Formula, left: Formula, part: Part, setting: Setting) -> bool:
    """Whether a typed left side is the one that is asked for: spelled otherwise, or δ^l for ∂J/∂z^l where the part does
    not ask for this very definition."""
    if same(typed, left, setting):
        return True
    if not _is_error(typed, setting) or not _is_error(left, setting):
        return False
    given = statements(f"{part.starter}\n{part.reference}", 1, setting).claims
    if any(same(side, typed, setting) for _, claim in given for side in claim.sides):
        return False
    return proves(typed, left, Context.of(setting, [typed, left]))


def _is_error(side: Formula, setting: Setting) -> bool:
    """Whether a side is an error by its name or by its definition: δ^l_j, ∂J/∂z^l_j."""
    node = _normal(side, setting)
    if isinstance(node, Derivative):
        by = node.by.of if isinstance(node.by, Entry) else node.by
        return node.of == Symbol("J") and isinstance(by, Symbol) and by.name == "z"
    node = node.of if isinstance(node, Entry) else node
    return isinstance(node, Symbol) and node.name == "δ" and setting.network is not None


def with_left(text: str, left: Formula, setting: Setting) -> str:
    """An answer that begins with ``=``, or is a right side alone, with the side that it belongs to."""
    before, first, rest = _FIRST.match(text).groups()  # type: ignore[union-attr]  # it matches any text
    said = first.partition("#")[0]
    reason = _REASON.search(said)
    formula = said[: reason.start()] if reason else said
    if not formula.strip() or _PLACEHOLDER.search(formula):
        return text
    if formula.startswith("="):
        return f"{before}{write(left)} {first}{rest}"
    if any(sign in text for sign in "=:") or formula.strip().startswith("use "):
        return text
    try:
        read_formula(formula.strip(), setting.vocabulary)
    except Unreadable:
        return text
    return f"{before}{write(left)} = {first}{rest}"


_FIRST = re.compile(r"((?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*)([^\n]*)(.*)", re.DOTALL)
_REASON = re.compile(r"\[[^\]\[]*\]\s*$")


def left_changed(typed: Formula, left: Formula, setting: Setting, other: str = words.LEFT_CHANGED) -> str:
    """The sentence on a left side that is another one: a column for an entry, another letter, or anything else."""
    shown, seen = write(left), write(typed)
    (asked, indices), (found, typed_indices) = _of_whole_side(left), _of_whole_side(typed)
    if same(asked, found, setting):
        if indices and not typed_indices:
            return words.ENTRY_ASKED.format(left=shown, letters=_named(indices))
        if typed_indices and not indices:
            return words.WHOLE_ASKED.format(left=shown, seen=seen)
        if len(indices) == len(typed_indices):
            return words.LETTER_ASKED.format(left=shown, letters=_named(indices), seen=_letters(typed_indices))
    if _without_layers(typed) == typed != left and same(_without_layers(left), typed, setting):
        return words.LAYER_ASKED.format(left=shown, seen=seen)
    return other.format(left=shown)


def _without_layers(side: Formula) -> Formula:
    return bare(changed(side, lambda node: Symbol(node.name) if isinstance(node, Symbol) else None))


def _of_whole_side(side: Formula) -> tuple[Formula, tuple[Index, ...]]:
    """δ_j as δ and j, ∂J/∂w_{jk} as ∂J/∂w and jk; nothing for what is no entry."""
    match side:
        case Entry(of, indices):
            return of, indices
        case Derivative(of, Entry(by, indices)) if isinstance(by, Symbol):
            return Derivative(of, by), indices
    return side, ()


def _named(indices: Sequence[Index]) -> str:
    return (words.INDEX_ONE if len(indices) == 1 else words.INDEX_MANY).format(letters=_letters(indices))


def _letters(indices: Sequence[Index]) -> str:
    return " and ".join(index.name for index in indices)


def asks_otherwise(left: Formula, right: Formula) -> str:
    """What to say of a right side that does not fit: columns where an entry is asked for, or entries for a column."""
    entries = any(isinstance(node, Entry) for node in _every(right))
    _, indices = _of_whole_side(left)
    if indices and not entries:
        return words.ENTRY_WANTED.format(left=write(left), letter=_letters(indices))
    if not indices and entries and not any(isinstance(node, IndexSum) for node in _every(right)):
        return words.WHOLE_WANTED.format(left=write(left))
    return ""


def without_other_left(verdict: Verdict, setting: Setting) -> Verdict:
    """A verdict without the repairs that mend the left side: it is given, or it is the line before."""
    if not isinstance(verdict, Refuted | IllShaped) or verdict.left is None:
        return verdict
    left = verdict.left

    def keeps_left(item: Diagnosis) -> bool:
        try:
            return not item.fix or same(read_claim(item.fix, setting.vocabulary).sides[0], left, setting)
        except Unreadable:
            return True

    return replaced(verdict, conditions=tuple(item for item in verdict.conditions if keeps_left(item)))


def _every(side: Formula) -> Iterator[Formula]:
    pending = [side]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(children(node))
        if isinstance(node, Derivative) and isinstance(node.by, Entry):
            yield node.by


def same(left: Formula, right: Formula, setting: Setting) -> bool:
    """Whether two formulas are written alike, but for spelling: δ^{[L]} and delta^L, W^2 and W^L where L is 2."""
    return _normal(left, setting) == _normal(right, setting)


def _normal(formula: Formula, setting: Setting) -> Formula:
    def rule(node: Formula) -> Formula | None:
        match node:
            case Entry(of, indices) if setting.layout == "denominator" and isinstance(
                of, LossDerivative | Gradient | Derivative
            ):
                whole = _normal(of, setting)
                if isinstance(whole, Derivative) and whole.of == Symbol("J") and isinstance(whole.by, Symbol):
                    return bare(Derivative(whole.of, Entry(whole.by, indices)))
                return None
            case LossDerivative(by) if _is_plain(by, setting):
                return Derivative(Symbol("J"), _symbol(by, setting))
            case Gradient(of, by):
                is_last = by.layer is None and by.name in setting.vocabulary.layered  # ∇_a J is ∇ by a^L
                whole = Symbol(by.name, Layer("L")) if is_last else by
                return Derivative(_normal(of, setting), _symbol(whole, setting))
            case Symbol():
                return _symbol(node, setting)
        return None

    return bare(changed(formula, rule))


def _is_plain(by: Symbol, setting: Setting) -> bool:
    """Whether dX is ∂J/∂X: always without a batch; in a batch dZ and dA are each sample's own, m times as large."""
    return setting.network is not None and (setting.network.batch is None or by.name in ("W", "w", "b"))


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
        if _is_error(node, setting) and _is_error(left, setting) and is_spelling_of(node, left, part, setting):
            return node
        if isinstance(left, Entry) and isinstance(node, Symbol) and same(node, left.of, setting):
            return node
        if isinstance(node, Derivative | Gradient | LossDerivative):
            return node
        if any(_matches(node, text, setting, part) for text in part.without):
            return node
    return None


def ruled_out(side: Formula, part: Part, setting: Setting) -> Formula | None:
    """What stands in a side and is in ``without``; None if there is no such thing."""
    if not part.without:
        return None
    allowed = [_read(text, setting, part) for text in part.may_use]
    for node in _outermost(side, allowed, setting):
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
        raise LabError(
            words.FORMULA_UNREADABLE.format(where=part.name, text=text, problem=problem.message)
        ) from problem


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
        thing = _thing(node, setting)
        if thing is not None:
            found.add(thing)
        if not isinstance(node, Derivative | Gradient | LossDerivative):
            pending.extend(children(node))
    return frozenset(found)


def depends_on(side: Formula, thing: Formula | str, setting: Setting) -> bool:
    """Whether a side is another one if each place at which a thing stands is doubled: else it is there for show."""

    def rule(node: Formula) -> Formula | None:
        if _thing(node, setting) == thing:
            return Binary(Op.PLUS, node, node)
        return node if isinstance(node, Derivative | Gradient | LossDerivative) else None

    doubled = changed(side, rule)
    return not proves(side, doubled, Context.of(setting, [side, doubled]))


def _thing(node: Formula, setting: Setting) -> Formula | str | None:
    match node:
        case Derivative() | Gradient() | LossDerivative():
            return _normal(_of_whole(node), setting)
        case Symbol():
            return _symbol(node, setting)
        case Apply() if node.function.order:
            return node.function.name + "'" * node.function.order
    return None


def brought_in(before: Formula, after: Formula, setting: Setting) -> frozenset[Formula | str]:
    """The quantities, derivatives and slopes of a line that were not in the line before it; widths do not count."""
    known = made_of(before, setting)
    widths = setting.widths | {"n", "m"} - setting.quantities.keys()
    return frozenset(
        thing for thing in made_of(after, setting) - known if not (isinstance(thing, Symbol) and thing.name in widths)
    )


def shown_things(things: Iterable[Formula | str]) -> str:
    return ", ".join(sorted(thing if isinstance(thing, str) else write(thing) for thing in things))


def _of_whole(node: Formula) -> Formula:
    """∂J/∂z_j as ∂J/∂z, ∂z_k/∂a_j as ∂z/∂a."""
    match node:
        case Derivative(of, by):
            of = of.of if isinstance(of, Entry) else of
            by = by.of if isinstance(by, Entry) and isinstance(by.of, Symbol) else by
            return Derivative(of, by)
    return node
