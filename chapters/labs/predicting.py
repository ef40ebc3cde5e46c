"""Kind ``predict``: numbers, shapes and names, computed for the student's own numbers; slips are known by value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from chapters.labs import replies, words
from chapters.labs.choices import chosen
from chapters.labs.computing import REFUSED, Array, ComputingError, Numbers, array_shape
from chapters.labs.feedback import Page
from chapters.labs.judgement import JudgedPart, Line
from chapters.labs.lab import LabError
from chapters.labs.variants import Part, Question, Slip, Variant
from chapters.labs.worksheet import Block
from derivations.formula import Unreadable
from derivations.reading import read_formula
from derivations.setting import Network, Setting
from derivations.values import replaced

EXACT = 1e-9
"""How far a number may be off where no decimals are asked for, as a part of its size."""

Answer = Array | tuple[int, ...] | str


def why_unfair(variant: Variant) -> str | None:
    """Why these numbers will not do: a requirement fails, or a slip gives the right answer. None if they will.

    Raises LabError for a formula that cannot be computed.
    """
    try:
        numbers = Numbers(variant)
        for condition in variant.require:
            if not numbers.holds(condition):
                return words.REQUIRED.format(condition=condition)
        for part in variant.parts:
            for question in part.questions:
                right = right_answer(question, numbers)
                for slip in question.slips:
                    if _agrees(_slip_answer(slip, question, numbers), right, question):
                        return words.SAME_AS_RIGHT.format(code=slip.code, ask=question.ask)
    except ComputingError as problem:
        raise LabError(f"{variant.lab}: {problem}") from problem
    return None


def right_answer(question: Question, numbers: Numbers) -> Answer:
    """What is right: an array, a shape, or a text. Raises ComputingError."""
    match question.kind:
        case "value":
            found = numbers.value(str(question.right))
            if not np.isfinite(found).all():
                raise ComputingError(f"{question.ask}: {found}")
            return found
        case "shape":
            return numbers.shape(str(question.right))
        case "array":
            return array_shape(question.right)
        case _:
            return str(question.right)


def reference(part: Part, variant: Variant) -> str:
    """The right answers of a part, as a student would type them."""
    numbers = Numbers(variant)
    return "\n".join(f"{q.ask} = {shown(right_answer(q, numbers), q)}" for q in part.questions)


def wrong_answers(part: Part, variant: Variant) -> Iterator[tuple[str, str]]:
    """For each slip, the part with one answer replaced by the slip's, and the slip's code."""
    numbers = Numbers(variant)
    for question in part.questions:
        for slip in question.slips:
            lines = []
            for other in part.questions:
                answer = _slip_answer(slip, question, numbers) if other is question else right_answer(other, numbers)
                lines.append(f"{other.ask} = {shown(answer, other)}")
            yield "\n".join(lines), slip.code


def _slip_answer(slip: Slip, question: Question, numbers: Numbers) -> Answer:
    if slip.answer:
        if question.kind == "value":
            typed = replies.rows(slip.answer)
            return slip.answer if typed is None else np.array([[float(n) for n in row] for row in typed])
        if question.kind in ("shape", "array"):
            return replies.shape(slip.answer) or slip.answer
        return slip.answer
    return numbers.value(slip.value) if question.kind == "value" else numbers.shape(slip.value)


def shown(answer: Answer, question: Question) -> str:
    """An answer as a student would type it."""
    if isinstance(answer, str):
        return answer
    if isinstance(answer, tuple):
        if question.kind == "array":
            return str(answer)
        return " x ".join(map(str, answer))
    digits = question.digits

    def number(value: float) -> str:
        if digits is not None:
            return f"{value:.{digits}f}"
        return f"{value:.12g}"

    if answer.size == 1:
        return number(float(answer.flat[0]))
    if answer.shape[1] == 1:
        return f"[{', '.join(number(float(v)) for v in answer[:, 0])}]"
    return f"[{', '.join('[' + ', '.join(number(float(v)) for v in row) + ']' for row in answer)}]"


def _agrees(answer: Answer, right: Answer, question: Question) -> bool:
    if isinstance(answer, np.ndarray) and isinstance(right, np.ndarray):
        if answer.shape != right.shape:
            return False
        room = (
            1.05 * 10.0**-question.digits
            if question.digits is not None
            else EXACT * max(1.0, float(np.abs(right).max()))
        )
        return bool(np.all(np.abs(answer - right) <= room))
    if isinstance(answer, str) and isinstance(right, str) and question.kind == "entry":
        one, other = _entry(answer), _entry(right)
        return one is not None and one == other
    if isinstance(answer, str) and isinstance(right, str):
        return answer.strip().casefold() == right.strip().casefold()
    return type(answer) is type(right) and answer == right


def _entry(text: str) -> object:
    """A name such as w^2_{31}, however it is spelled; None if it is none."""
    from derivations.diagnosis.trees import bare, changed
    from derivations.formula import Entry, Formula, Symbol

    def small(node: Formula) -> Formula | None:
        return replaced(node, name=_CAPITALS.get(node.name, node.name)) if isinstance(node, Symbol) else None

    try:
        formula = read_formula(replies.cleaned(text), Setting(network=Network()).vocabulary)
    except Unreadable:
        return None
    if not isinstance(formula.of if isinstance(formula, Entry) else formula, Symbol):
        return None
    return bare(changed(formula, small))


_CAPITALS = {"W": "w", "B": "b", "A": "a", "Z": "z"}


# ---- judging ----


@dataclass
class _Found:
    """What came of one question."""

    kind: str = "wrong"
    text: str = ""
    sentence: str = ""
    codes: list[str] = field(default_factory=list)


def judge_predictions(variant: Variant, part: Part, block: Block, page: Page) -> JudgedPart:
    """One predict part: each answer held against what is computed for this student."""
    numbers = Numbers(variant)
    typed, strange = _typed(block, part)
    lines: list[Line] = []
    codes: list[str] = []
    reasons: list[str] = []
    earned = 0
    own: dict[str, Array] = {}  # the student's own values that are not right
    for question in part.questions:
        line, text = typed.get(_key(question.ask), (0, None))
        found = _judge(question, text, numbers)
        if found.kind == "wrong":
            found = _following(question, text, found, own, variant)
        label = words.LINE.format(line=line) if line else ""
        told = f"{question.ask} = {found.text}" if found.text else f"{question.ask}: {found.sentence}"
        lines += page.marked(found.kind, label, told)
        if found.text and found.sentence:
            lines += page.labelled(words.WHY if found.kind == "wrong" else "", found.sentence)
        if found.kind == "right":
            earned += question.points
        else:
            codes += found.codes
            reasons.append(f"{question.ask}: {found.sentence}")
    for number, text in strange:
        lines += page.marked("note", words.LINE.format(line=number), words.NOT_ASKED.format(seen=text))
    earned = min(earned, part.points)
    if not codes:
        earned = part.points
    return JudgedPart(
        name=part.name,
        title=part.title,
        points=part.points,
        earned=earned,
        feedback=tuple(lines),
        codes=tuple(dict.fromkeys(codes)),
        reason=reasons[0] if reasons else words.PASSED,
        answered=not codes or set(codes) != {"not-answered"},
    )


def _key(label: str) -> str:
    """A label, whatever its spacing and signs."""
    return re.sub(r"[\s{}\[\]$`]", "", label).casefold().replace("−", "-").replace("′", "'")


def _typed(block: Block, part: Part) -> tuple[dict[str, tuple[int, str]], list[tuple[int, str]]]:
    """For each label its line and what stands behind it; and the lines that belong to no question."""
    asked = {_key(question.ask) for question in part.questions}
    found: dict[str, tuple[int, str]] = {}
    strange: list[tuple[int, str]] = []
    for number, text in _lines(block):
        label = next(
            (key for key in (_key(text[: at.start()]) for at in re.finditer(r"[=:＝：]", text)) if key in asked), None
        )
        if label is None:
            strange.append((number, text[:60]))
            continue
        start = next(at.end() for at in re.finditer(r"[=:＝：]", text) if _key(text[: at.start()]) == label)
        if label in found and found[label][1] != text[start:].strip():
            found[label] = (number, words.TWICE)
        else:
            found[label] = (number, text[start:].strip())
    return found, strange


def _lines(block: Block) -> Iterator[tuple[int, str]]:
    """The lines of a block without their remarks; one goes on where a bracket is open."""
    begun, held = 0, ""
    for number, line in enumerate(block.text.splitlines(), start=block.line + 1):
        text = line.partition("#")[0].strip()
        if not held:
            begun = number
        held = f"{held} {text}".strip()
        is_open = sum(held.count(sign) for sign in "[(") > sum(held.count(sign) for sign in "])")
        if held and not (is_open and len(held) < 2000):
            yield begun, held
            held = ""
    if held:
        yield begun, held


def _judge(question: Question, text: str | None, numbers: Numbers) -> _Found:
    if text is None:
        return _Found("open", "", words.LINE_GONE.format(ask=question.ask), ["not-answered"])
    if text == words.TWICE:
        return _Found("wrong", "", words.TWO_LINES, ["twice"])
    if not text.strip(" ?…."):
        return _Found("open", "", words.NOT_ANSWERED, ["not-answered"])
    right = right_answer(question, numbers)
    if question.kind == "value" and isinstance(right, np.ndarray) and right.size == 1:
        text = replies.decimal_comma(text) or text
    answer = _read(question, text)
    if answer is None and question.kind == "value" and _SHAPE.search(text):
        return _Found("wrong", text[:60], words.SHAPE_FOR_NUMBER, ["unreadable"])
    if answer is None:
        return _Found(
            "wrong", text[:60], words.FORM[question.kind].format(options=", ".join(question.options)), ["unreadable"]
        )
    if _agrees(answer, right, question):
        return _Found("right", text[:60])
    slips = [slip for slip in question.slips if _agrees(answer, _slip_answer(slip, question, numbers), question)]
    if slips:  # with some numbers two slips give the same: then neither is known to be what happened
        whys = list(dict.fromkeys(slip.why for slip in slips))
        return _Found("wrong", text[:60], words.EITHER_SLIP.join(whys), [slip.code for slip in slips])
    code, sentence = _explained(question, answer, right)
    if code == "flat" and isinstance(answer, tuple) and not replies.is_typed_flat(text):
        sentence = words.ONE_NUMBER.format(n=answer[0])
    if code == "wrong-size" and replies.has_decimal_commas(text):
        sentence = f"{sentence} {words.DECIMAL_COMMA}"
    return _Found("wrong", text[:60], sentence, [code])


def _following(question: Question, text: str | None, found: _Found, own: dict[str, Array], variant: Variant) -> _Found:
    """Whether a wrong value follows from one before it that is wrong; it is kept for those behind it."""
    if question.kind != "value" or text is None:
        return found
    answer = _read(question, text)
    if not isinstance(answer, np.ndarray):
        return found
    for name, value in own.items():
        try:
            followed = Numbers(variant, {name: value}).value(str(question.right))
        except ComputingError:
            continue
        if _agrees(answer, followed, question):
            found = _Found("wrong", found.text, words.FOLLOWS.format(name=name), ["follows"])
            break
    name = str(question.right).strip()
    if name.isidentifier() and any(line.partition("=")[0].strip() == name for line in variant.compute):
        own[name] = answer
    return found


def _read(question: Question, text: str) -> Answer | None:
    match question.kind:
        case "value":
            typed = replies.rows(text)
            return None if typed is None else np.array([[float(_bounded(n)) for n in row] for row in typed])
        case "shape":
            return replies.shape(text)
        case "array":
            if replies.cleaned(text).casefold().strip(" .!") in (REFUSED, "an error", "valueerror", "fails", "refused"):
                return REFUSED
            return replies.shape(text)
        case "entry":
            return text if _entry(text) is not None else None
        case _:
            return chosen(replies.cleaned(text), question.options)


def _bounded(value: Fraction) -> Fraction:
    """A number that a float can hold."""
    return max(min(value, Fraction(10) ** 300), -(Fraction(10) ** 300))


def _explained(question: Question, answer: Answer, right: Answer) -> tuple[str, str]:
    """What can be said of a wrong answer that is no known slip."""
    match question.kind, answer, right:
        case "value", np.ndarray(), np.ndarray():
            if answer.shape != right.shape:
                if answer.shape == right.T.shape and np.allclose(answer, right.T):
                    return "transposed", words.TURNED
                return "wrong-size", words.WRONG_SIZE.format(
                    seen=_size(answer.shape), wanted=_size((right.shape[0], right.shape[1]))
                )
            if np.allclose(answer, -right):
                return "sign", words.SIGN
            if question.digits is not None and _is_near(answer, right, question.digits):
                return "rounding", words.ROUNDING.format(digits=question.digits)
            if right.size > 1:
                off = [k + 1 for k in range(right.size) if abs(answer.flat[k] - right.flat[k]) > 1e-6]
                if len(off) < right.size:
                    return "wrong-value", words.SOME_WRONG.format(entries=", ".join(map(str, off)))
            return "wrong-value", words.WRONG_VALUE
        case "shape", tuple(), tuple():
            if len(answer) == 1:
                return "flat", words.FLAT.format(n=answer[0])
            if tuple(reversed(answer)) == right:
                return "transposed", words.SHAPE_TURNED
            return "wrong-shape", words.WRONG_SHAPE_PRODUCT if _is_product(str(question.right)) else words.WRONG_SHAPE
        case "array", tuple(), tuple():
            if int(np.prod(answer)) == int(np.prod(right)) and len(answer) != len(right):
                return "wrong-axes", words.AXES
            return "wrong-shape", words.WRONG_ARRAY
        case "array", str(), _:
            return "no-error", words.NO_ERROR
        case "array", _, str():
            return "refused", words.REFUSES
        case "entry", str(), str():
            return _about_name(answer, right)
        case "choice", _, _ if len(question.options) == 2:
            return "wrong", words.THE_OTHER_ONE
        case "choice", _, _:
            return "wrong", words.NOT_THIS_CHOICE
    return "wrong", words.NOT_THIS_ONE


def _is_near(answer: Array, right: Array, digits: int) -> bool:
    """Whether an answer is right but for the last decimal, or to fewer decimals than are asked for."""
    return bool(np.allclose(answer, right, atol=10.0 ** (1 - digits))) or any(
        np.allclose(answer, np.round(right, fewer), rtol=0) for fewer in range(1, digits)
    )


_SHAPE = re.compile(r"\d\s*[x×X]\s*\d")


def _is_product(text: str) -> bool:
    """Whether a formula of which the shape is asked holds a matrix product: then the inner widths meet."""
    return " " in re.sub(r"\s*[-+⊙⊘*/−]\s*", "+", text.strip()) or "·" in text


def _about_name(answer: str, right: str) -> tuple[str, str]:
    """What can be said of a name that is not the one asked for, without saying that one."""
    from derivations.formula import Entry, Symbol

    def pieces(text: str) -> tuple[str, object, tuple[object, ...]]:
        node = _entry(text)
        indices = node.indices if isinstance(node, Entry) else ()
        of = node.of if isinstance(node, Entry) else node
        assert isinstance(of, Symbol)
        return of.name, of.layer, tuple(indices)

    if re.fullmatch(r"[A-Za-zα-ω]_?\{?[\d,\s]+\}?", replies.cleaned(answer)) and "^" in right:
        return "no-layer", words.NO_LAYER
    (name, layer, indices), (right_name, right_layer, right_indices) = pieces(answer), pieces(right)
    if name != right_name:
        return "wrong-letter", words.ANOTHER_LETTER.format(seen=name)
    if layer is None and right_layer is not None:
        return "no-layer", words.NO_LAYER
    if len(indices) != len(right_indices):
        wanted = words.INDICES_ONE if len(right_indices) == 1 else words.INDICES_TWO
        return "wrong-indices", wanted.format(seen=name) if right_indices else words.INDICES_NONE.format(seen=name)
    if layer == right_layer and len(indices) == 2 and indices == right_indices[::-1]:
        return "exchanged", words.INDICES_EXCHANGED
    if layer != right_layer and indices == right_indices:
        return "wrong-layer", words.ANOTHER_LAYER
    return "wrong", words.ANOTHER_PLACE if layer == right_layer else words.NOT_THIS_NAME


def _size(shape: tuple[int, ...]) -> str:
    return words.A_NUMBER if shape == (1, 1) else f"{shape[0]} × {shape[1]}"
