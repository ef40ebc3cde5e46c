"""The worksheet: how it is written, and how it is read back, whatever an editor made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import Final

from chapters.labs import words
from chapters.labs.variants import Part, Question, Variant

LANGUAGES: Final = {"formula": "backproof", "derivation": "backproof", "predict": "answers", "numpy": "python"}
"""What stands behind the fence of an answer."""

_HEADER = re.compile(r"backproof lab (?P<name>[\w-]+)(?:, student (?P<student>[^\s>]{1,60}))?\s*(?:-->)?\s*$")
_FENCE = re.compile(
    r"^[ ]{0,3}(?P<mark>`{3,}|~{3,}|[‘’ʼ´'＇｀]{3,})[ \t]*(?P<language>[\w-]*)[ \t]*(?P<name>[^`\n]*?)[ \t]*$"
)
LONGEST: Final = 300
"""Characters of a line that may be a header or a fence."""
_HEADING = re.compile(r"^## ")
STUDENT = re.compile(r"[\w.@+-]{1,60}")
"""What may be a student's name."""


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two fences; ``line`` is the opening fence's, counted from 1."""

    name: str
    text: str
    line: int
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """What a worksheet holds: a block for each part that has one, what is wrong with the others, and remarks."""

    blocks: dict[str, Block]
    problems: dict[str, str]
    notes: tuple[str, ...] = ()


# ---- writing ----


def header(name: str, student: str, kind: str) -> str:
    """The first line, which names lab and student."""
    words_ = (words.HEADER_STUDENT if student else words.HEADER).format(name=name, student=student)
    return f"# {words_}" if kind == "numpy" else f"<!-- {words_} -->"


def points_text(points: float) -> str:
    return words.POINTS_ONE if points == 1 else words.POINTS_MANY.format(points=f"{points:g}")


def parts_text(parts: int) -> str:
    return words.PARTS_ONE if parts == 1 else words.PARTS_MANY.format(parts=parts)


def written(variant: Variant, answers: dict[str, str] | None = None) -> str:
    """The worksheet as a text; ``answers`` stand in place of the starters, part by part."""
    if variant.kind == "numpy":
        return _python(variant, answers or {})
    return _markdown(variant, answers or {})


def starter(part: Part) -> str:
    """What stands in a part's block at first."""
    if not part.questions:
        return part.starter
    return "\n".join(f"{question.ask} = ?{_remark(question)}" for question in part.questions)


def _remark(question: Question) -> str:
    if question.options:
        return f"   # {words.OPTIONS_FORM.format(options=', '.join(question.options))}"
    return words.DECIMALS.format(digits=question.digits) if question.digits is not None else ""


def _forms(variant: Variant) -> Iterator[str]:
    """How answers are written, for the kinds of question that a lab asks."""
    asked = {question.kind for part in variant.parts for question in part.questions}
    for kind, form in (("value", words.NUMBERS_FORM), ("shape", words.SHAPES_FORM), ("array", words.ARRAYS_FORM)):
        if kind in asked:
            yield form


def _markdown(variant: Variant, answers: dict[str, str]) -> str:
    summary = words.ALL_POINTS.format(parts=parts_text(len(variant.parts)), points=points_text(variant.points))
    pieces = [
        header(variant.lab, variant.student, variant.kind),
        f"# {variant.title}",
        variant.task,
        fill(" ".join([summary, words.FILL_IN, *_forms(variant)]), 79, break_long_words=False, break_on_hyphens=False),
    ]
    for number, part in enumerate(variant.parts, start=1):
        title = words.PART.format(number=number, title=part.title)
        pieces.append(f"## {title} ({points_text(part.points)})")
        if part.task:
            pieces.append(part.task.strip())
        answer = answers.get(part.name, starter(part)).strip("\n")
        pieces.append(f"```{LANGUAGES[variant.kind]} {part.name}\n{answer}\n```")
    return "\n\n".join(pieces) + "\n"


def _python(variant: Variant, answers: dict[str, str]) -> str:
    summary = words.ALL_POINTS.format(parts=parts_text(len(variant.parts)), points=points_text(variant.points))
    text = "\n\n".join([variant.title, variant.task, f"{summary} {words.FILL_IN_PYTHON}"])
    pieces = [f'{header(variant.lab, variant.student, variant.kind)}\n"""{text}\n"""', "import numpy as np"]
    if variant.preamble.strip():
        pieces.append(variant.preamble.strip("\n"))
    for number, part in enumerate(variant.parts, start=1):
        title = words.PART.format(number=number, title=part.title)
        lines = [f"# {title} ({points_text(part.points)})", *part.task.strip().splitlines()]
        comment = "\n".join([lines[0], *(f"# {line}".rstrip() for line in lines[1:])])
        pieces.append(f"{comment}\n\n{answers.get(part.name, part.starter).strip(chr(10))}")
    if variant.closing.strip():
        pieces.append(variant.closing.strip("\n"))
    return "\n\n\n".join(pieces) + "\n"


# ---- reading ----


def read_header(text: str) -> tuple[str, str] | None:
    """The lab and the student (empty for none) that the first line names; None if it names no lab."""
    for line in text.lstrip("\ufeff").splitlines()[:3]:
        found = _HEADER.search(line[:LONGEST])
        if found:
            return found["name"], found["student"] or ""
    return None


def read_blocks(text: str, variant: Variant) -> Reading:
    """The answer blocks, found by the names behind their fences; by their places where a name is gone."""
    parts = {part.name: part for part in variant.parts}
    notes: list[str] = []
    found: dict[str, list[Block]] = {name: [] for name in parts}
    nameless: list[Block] = []
    for block in _fenced(text, LANGUAGES[variant.kind]):
        if not block.closed:
            notes.append(words.BLOCK_OPEN.format(line=block.line))
        if block.name in parts:
            found[block.name].append(block)
        elif not block.name:
            nameless.append(block)
        else:
            notes.append(words.BLOCK_STRANGE.format(line=block.line, name=block.name))
    missing = [name for name, blocks in found.items() if not blocks]
    if len(nameless) == len(missing):
        for name, block in zip(missing, nameless, strict=True):
            found[name].append(block)
            notes.append(words.BLOCK_BY_PLACE.format(line=block.line, name=parts[name].title))
    else:
        notes += [words.BLOCK_STRANGE.format(line=block.line, name="") for block in nameless]
    problems: dict[str, str] = {}
    for name, blocks in found.items():
        if len(blocks) > 1:
            problems[name] = words.BLOCK_TWICE.format(lines=" and ".join(str(block.line) for block in blocks))
        elif not blocks:
            first = starter(parts[name]).partition("\n")[0]
            problems[name] = words.BLOCK_MISSING.format(language=LANGUAGES[variant.kind], name=name, starter=first)
    return Reading({name: blocks[0] for name, blocks in found.items() if len(blocks) == 1}, problems, tuple(notes))


def _fenced(text: str, language: str) -> Iterator[Block]:
    """The blocks of a language; one that is never closed ends before the next heading or fence."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        opening = _fence(lines[at])
        if not opening:
            at += 1
            continue
        end, closed = _end(lines, at + 1)
        if opening["language"] == language:
            yield Block(opening["name"], "\n".join(lines[at + 1 : end]), at + 1, closed)
        at = end + 1 if closed else end


def _fence(line: str) -> re.Match[str] | None:
    return _FENCE.match(line) if len(line) <= LONGEST else None


def _end(lines: list[str], at: int) -> tuple[int, bool]:
    """The line of the closing fence; or of what ends the block all the same, and False."""
    fence = next((k for k in range(at, len(lines)) if _fence(lines[k])), len(lines))
    found = _fence(lines[fence]) if fence < len(lines) else None
    if found and not found["language"]:
        return fence, True
    return next((k for k in range(at, fence) if _HEADING.match(lines[k])), fence), False
