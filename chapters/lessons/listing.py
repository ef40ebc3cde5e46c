"""The chapters and their parts as values for programs: ``backproof chapter --json``."""

from __future__ import annotations

from typing import Any, assert_never

from chapters.lessons.judging import Judgements
from chapters.lessons.parts import Code, Console, Display, Figure, Lesson, Listing, Part, Prose, Quote, Sheet
from derivations.rendering.machine import claim


def listed(titles: list[tuple[str, int | None, str, str]]) -> dict[str, Any]:
    """The table of contents."""
    return {
        "chapters": [
            {"name": name, "number": number, "title": title, "lead": lead} for name, number, title, lead in titles
        ]
    }


def described(lesson: Lesson) -> dict[str, Any]:
    """A lesson part by part, with the verdicts as ``check --json`` gives them."""
    judgements = Judgements(lesson)
    return {
        "name": lesson.name,
        "number": lesson.number,
        "title": lesson.title,
        "lead": lesson.lead,
        "parts": [_part(part, judgements) for part in lesson.parts],
    }


def _part(part: Part, judgements: Judgements) -> dict[str, Any]:
    match part:
        case Prose(text, line, _, _):
            return {"kind": "prose", "line": line, "text": text}
        case Display(text, line) | Sheet(text, line):
            claims = [claim(verdict) for _, verdicts in judgements.of(part) for verdict in verdicts]
            kind = "display" if isinstance(part, Display) else "sheet"
            return {"kind": kind, "line": line, "text": text, "claims": claims}
        case Code(source, output, line):
            return {"kind": "python", "line": line, "text": source, "output": output}
        case Console(text, line):
            commands = [{"command": command, "output": output} for command, output in part.commands]
            return {"kind": "console", "line": line, "text": text, "commands": commands}
        case Figure(name, caption, line, _):
            return {"kind": "figure", "line": line, "name": name, "caption": caption}
        case Quote(inner, _, line):
            kind = "answer" if part.is_answer else "quote"
            return {"kind": kind, "line": line, "parts": [_part(one, judgements) for one in inner]}
        case Listing(items, start, _, line):
            told = [[_part(one, judgements) for one in item] for item in items]
            return {"kind": "list", "line": line, "start": start, "items": told}
        case _:
            assert_never(part)
