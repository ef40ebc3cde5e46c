"""A lab as its author writes it: one TOML file in ``library``, read and held to its format.

At the top: ``name`` (the file's name), ``chapter`` (a number), ``title``, ``kind`` (``formula``, ``derivation``,
``predict`` or ``numpy``), ``task`` (Markdown), and where they are needed

- ``setting``: the sheet that every answer is read in (``use network loss=mse``, declarations, ``layout …``);
- ``[vary]``: what differs by student, name by name:
  ``n1 = {from = 2, to = 5}`` a whole number (``step = 0.5`` for others; without a student: ``plain``, or ``from``),
  ``rate = [0.1, 0.2, 0.5]`` one of these (without a student: the first),
  ``W1 = {rows = 2, columns = 3, from = -3, to = 4, plain = [[…], […]]}`` a matrix (no ``columns``: a column),
  ``notation = ["superscript", "bracket"]`` the spelling of layers in all texts, which the engine takes care of;
- ``distinct = [["n0", "n1"]]``: numbers that are never equal; ``require = ["z1 > 0"]``: what the numbers must fulfil
  (``<``, ``>`` or ``!=`` between formulas, for every entry; kind predict);
- ``compute = ["z1 = W1 x + b1", "a1 = max(0, z1)"]`` (predict): further quantities, computed in this order;
- ``preamble``, ``closing`` (numpy): Python at the head and at the end of the worksheet.

``%{n1}`` in any text is what the student has drawn, ``%{W1[2,1]}`` an entry counted from 1. A text may be a table
``{when = "layout", denominator = "…", numerator = "…"}``: the one for the value that was drawn.

Then one ``[[part]]`` after the other: ``name``, ``title``, ``points``, ``task``, ``hints`` (weak to strong), and

- formula: ``starter`` (``"δ^L = ?"``), ``reference``, ``setting`` (added to the lab's), ``may_use`` (derivatives that
  may stand in the answer, ``["∂J/∂a^L"]``), ``without`` (what may not: ``"δ"`` in any layer, ``"δ^L"``, ``"σ'"``,
  ``"Σ"``, any formula). No other derivative and not the left side itself may stand in an answer;
- derivation: the same, where ``starter`` is a chain with a line ``= ?`` and ``goal`` the equation to arrive at;
  ``steps`` (how many steps at least bring in something new), ``strict`` (one definition at a time), ``reasons`` (each
  line gives one), ``may_cite`` (equations that may be a reason), ``milestones`` (lines that earn a share of points),
  ``must_pass`` (lines that there have to be, compared by what they are made of and whether they are a sum: a line, or
  ``{line = "…", say = "…"}``, with a list of lines where one of them will do). ``without`` holds for every line here;
- predict: ``[[part.question]]`` with ``ask`` (what stands before ``= ?``), ``points``, and one of ``value`` or
  ``shape`` (a formula), ``array`` (an operation of NumPy on shapes), ``entry`` (a name such as ``w^2_{31}``),
  ``choice`` with ``options``; ``digits`` (decimals asked for); ``[[part.question.slip]]`` with ``value`` or ``answer``,
  ``code`` and ``why``;
- numpy: ``judge`` (a name in ``judges``), ``function``, ``options``, ``starter`` and ``reference`` (whole functions).

``[[part.wrong]]`` with ``answer``, ``diagnosis`` (a code that the feedback must bear) and perhaps ``why``: sentences
for the student whose answer is this one, where no diagnosis explains it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

from chapters.labs import words

KINDS: Final = ("formula", "derivation", "predict", "numpy")

_LAB: Final = {"name": str, "chapter": int, "title": str, "kind": str, "task": str, "part": list}
_LAB_MORE: Final = {
    "setting": str, "vary": dict, "distinct": list, "require": list, "compute": list, "preamble": str, "closing": str,
}  # fmt: skip
_PART: Final = {"name": str, "title": str}
_PART_MORE: Final = {
    "points": int, "task": str, "hints": list, "wrong": list, "setting": str, "may_use": list, "without": list,
    "steps": int, "strict": bool, "reasons": bool, "may_cite": list, "milestones": list, "must_pass": list,
    "starter": str, "reference": str, "goal": str, "question": list, "judge": str, "function": str, "options": dict,
}  # fmt: skip
_TEXTS: Final = ("hints", "may_use", "without", "may_cite", "milestones", "require", "compute")
"""Lists that hold texts only."""
_TABLES: Final = ("part", "wrong", "question", "slip")
"""Lists that hold tables only."""
_OF_KIND: Final[dict[str, tuple[set[str], set[str]]]] = {
    "formula": ({"starter", "reference"}, {"setting", "may_use", "without"}),
    "derivation": (
        {"starter", "reference", "goal"},
        {"setting", "may_use", "without", "steps", "strict", "reasons", "may_cite", "milestones", "must_pass"},
    ),
    "predict": ({"question"}, set()),
    "numpy": ({"judge", "function", "starter", "reference"}, {"options"}),
}
"""What a part of each kind must have, and may have."""
_QUESTION: Final = ({"ask"}, {"points", "value", "shape", "array", "entry", "choice", "options", "digits", "slip"})
_ANSWERS: Final = ("value", "shape", "array", "entry", "choice")
_SLIP: Final = ({"code", "why"}, {"value", "answer"})
_WRONG: Final = ({"answer", "diagnosis"}, {"why"})
_WRONG_TYPES: Final = {"answer": str, "diagnosis": str, "why": str}
_QUESTION_TYPES: Final = {
    "ask": str, "points": int, "value": str, "shape": str, "array": dict, "entry": str, "choice": str, "options": list,
    "digits": int, "slip": list,
}  # fmt: skip
_SLIP_TYPES: Final = {"code": str, "why": str, "value": str, "answer": str}
_MUST_PASS: Final = ({"line"}, {"say"})


LONGEST: Final = 60
"""Characters of a name that are told."""


class LabError(Exception):
    """A lab file that breaks the format; the message is for its author."""


class UnknownLabError(Exception):
    """There is no lab of this name; the message is for the reader."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab as read: ``raw`` holds its texts, in which nothing has been filled in yet."""

    name: str
    chapter: int
    title: str
    kind: str
    raw: Mapping[str, Any]

    @property
    def worksheet(self) -> str:
        """The worksheet's file name."""
        return worksheet_name(self.kind)


def worksheet_name(kind: str) -> str:
    return "worksheet.py" if kind == "numpy" else "worksheet.md"


def names() -> list[str]:
    """The names of all labs, in the order of their chapters."""
    return [lab.name for lab in labs()]


def labs() -> list[Lab]:
    """All labs, by chapter and name."""
    found = [read_lab(item.name.removesuffix(".toml"), item) for item in _library().iterdir() if _is_lab(item)]
    return sorted(found, key=lambda lab: (lab.chapter, lab.name))


def load(name: str) -> Lab:
    """The lab of this name. Raises UnknownLabError, with the nearest name, or LabError."""
    known = {entry.name.removesuffix(".toml"): entry for entry in _library().iterdir() if _is_lab(entry)}
    if name not in known:
        near = get_close_matches(name.lower()[:LONGEST], known, n=1, cutoff=0.5)
        hint = words.NEAREST_LAB.format(name=near[0]) if near else words.ALL_LABS
        shown = " ".join(name.split())
        raise UnknownLabError(
            f"{words.NO_SUCH_LAB.format(name=shown if len(shown) <= LONGEST else f'{shown[:LONGEST]}…')} {hint}"
        )
    return read_lab(name, known[name])


def _library() -> Traversable:
    return files("chapters.labs") / "library"


def _is_lab(item: Traversable) -> bool:
    return item.name.endswith(".toml")


def read_lab(name: str, item: Traversable) -> Lab:
    """The lab in a file. Raises LabError."""
    try:
        text = item.read_text(encoding="utf-8")
    except (OSError, ValueError) as problem:
        why = (getattr(problem, "strerror", None) or str(problem)).lower()
        raise LabError(words.LAB_UNREADABLE.format(name=name, why=why)) from problem
    return parsed(text, name)


def parsed(text: str, name: str) -> Lab:
    """The lab in a text. Raises LabError."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise LabError(f"{name}: {problem}") from problem
    _check(raw, name)
    return Lab(raw["name"], raw["chapter"], raw["title"], raw["kind"], raw)


# ---- the format ----


def _check(raw: Mapping[str, Any], name: str) -> None:
    _types(raw, _LAB, name, required=True)
    _types(raw, _LAB_MORE, name)
    _fields(raw, (set(_LAB), set(_LAB_MORE)), name)
    if raw["name"] != name:
        raise LabError(words.FIELD_WRONG.format(where=name, field="name", wanted=f"“{name}”, as the file is called"))
    if raw["kind"] not in KINDS:
        raise LabError(words.FIELD_WRONG.format(where=name, field="kind", wanted=", ".join(KINDS)))
    if not raw["part"]:
        raise LabError(words.FIELD_MISSING.format(where=name, field="[[part]]"))
    seen = set[str]()
    for part in raw["part"]:
        where = f"{name}, part {part.get('name', '?')}"
        _types(part, _PART, where, required=True)
        _types(part, _PART_MORE, where)
        required, more = _OF_KIND[raw["kind"]]
        _fields(part, (set(_PART) | required, set(_PART_MORE) | more), where)
        if part["name"] in seen or not part["name"].replace("-", "").replace("_", "").isalnum():
            raise LabError(words.FIELD_WRONG.format(where=where, field="name", wanted="letters and -, and only once"))
        seen.add(part["name"])
        if raw["kind"] != "predict" and part.get("points", 0) < 1:
            raise LabError(words.FIELD_WRONG.format(where=where, field="points", wanted="a number from 1"))
        for wrong in part.get("wrong", []):
            _fields(wrong, _WRONG, f"{where}, wrong")
            _types(wrong, _WRONG_TYPES, f"{where}, wrong")
        for line in part.get("must_pass", []):
            if isinstance(line, dict):
                _fields(line, _MUST_PASS, f"{where}, must_pass")
        for question in part.get("question", []):
            _check_question(question, f"{where}, question {question.get('ask', '?')}")


def _check_question(question: Mapping[str, Any], where: str) -> None:
    _fields(question, _QUESTION, where)
    _types(question, _QUESTION_TYPES, where)
    if sum(field in question for field in _ANSWERS) != 1:
        raise LabError(words.FIELD_WRONG.format(where=where, field="question", wanted=f"one of {', '.join(_ANSWERS)}"))
    if "choice" in question and not question.get("options"):
        raise LabError(words.FIELD_MISSING.format(where=where, field="options"))
    for slip in question.get("slip", []):
        _fields(slip, _SLIP, f"{where}, slip")
        _types(slip, _SLIP_TYPES, f"{where}, slip")
        if ("value" in slip) == ("answer" in slip):
            raise LabError(words.FIELD_WRONG.format(where=where, field="slip", wanted="either value or answer"))


def _fields(table: Mapping[str, Any], fields: tuple[set[str], set[str]], where: str) -> None:
    required, more = fields
    for field in sorted(required - table.keys()):
        near = get_close_matches(field, table.keys() - required - more, n=1)
        hint = words.FIELD_MEANT.format(near=near[0]) if near else ""
        raise LabError(words.FIELD_MISSING.format(where=where, field=field) + hint)
    for field in sorted(table.keys() - required - more):
        near = get_close_matches(field, required | more, n=1)
        raise LabError(
            words.FIELD_UNKNOWN.format(where=where, field=field, hint=f" Is it “{near[0]}”?" if near else "")
        )


def _types(table: Mapping[str, Any], fields: Mapping[str, type], where: str, required: bool = False) -> None:
    for field, kind in fields.items():
        if field not in table:
            if required:
                raise LabError(words.FIELD_MISSING.format(where=where, field=field))
            continue
        value: Any = table[field]
        if isinstance(value, dict) and "when" in value:
            continue  # chosen by what is drawn
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = words.A_LIST_OF_TABLES.format(field=field) if field in _TABLES else words.TYPES[kind.__name__]
            raise LabError(words.FIELD_WRONG.format(where=where, field=field, wanted=wanted))
        if field in _TEXTS and not _all(value, (str, dict)):
            raise LabError(words.FIELD_WRONG.format(where=where, field=field, wanted=words.A_LIST_OF_TEXTS))
        if field in _TABLES and not _all(value, (dict,)):
            wanted = words.A_LIST_OF_TABLES.format(field=field)
            raise LabError(words.FIELD_WRONG.format(where=where, field=field, wanted=wanted))


def _all(items: Any, kinds: tuple[type, ...]) -> bool:
    return all(isinstance(item, kinds) for item in items)
