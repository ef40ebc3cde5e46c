"""Every chapter: its formulas get the verdicts it announces, its code prints what it shows, what it names exists.

One chapter:  python -m pytest tests/lessons/test_texts.py -k 06-bp1
Where the commands print something else now:  python -m tests.lessons.reprint 06-bp1
"""

from __future__ import annotations

import io
import re
import shlex
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import pytest

from chapters.command import main
from chapters.lessons import library
from chapters.lessons.figures import names as figure_names
from chapters.lessons.inline import claims_something, read_phrase
from chapters.lessons.parts import Code, Console, Display, Figure, Listing, Prose, Sheet
from derivations.sheets import blocks as checked
from derivations.sheets import markdown
from tests.lessons.texts import NAMES, exists, inline_math, judgements, lesson, links, parts

each_chapter = pytest.mark.parametrize("name", NAMES)
LABS = library.TEXTS.parent / "labs" / "library"
OUTPUT_WIDTH, CODE_WIDTH = 72, 76
END_OF_BLOCK = "\x1e"


@each_chapter
def test_formulas_get_the_verdicts_announced(name: str) -> None:
    verdicts = judgements(name).all()
    assert verdicts, "a chapter without a checked formula"
    wrong = [
        f"{v.place.file}:{v.place.line}: {v.verdict}{f', announced {v.expected}' if v.expected else ''}: {v.text}\n{v}"
        for v in verdicts
        if v.code
    ]
    assert not wrong, "\n\n".join(wrong)


@each_chapter
def test_reasons_in_sheets_are_known_and_right(name: str) -> None:
    found = [v for v in judgements(name).all() if v.reason_given and not v.expected]
    wrong = [f"{v.place.line}: {note}" for v in found for note in v.notes if v.mark or v.reason_given in note]
    assert not wrong, "\n".join(wrong)


@each_chapter
def test_every_display_is_a_part_of_its_own_and_is_checked(name: str) -> None:
    text = lesson(name).text
    counted = sum(isinstance(block, checked.Display | checked.Sheet) for block in markdown.blocks(text))
    found = [part for part in parts(name) if isinstance(part, Display | Sheet)]
    assert counted == len(found), "a display shares its paragraph with text: give it lines of its own"
    directives = [block for block in markdown.blocks(text) if isinstance(block, checked.Directive)]
    assert directives, "no directive: displays are not checked"
    first_line = text[: directives[0].start].count("\n") + 1
    assert all(first_line < part.line for part in found), "a display stands before the first directive"
    assert not [d.text for d in directives if re.search(r"\b(skip|off)\b", d.text)], "chapters skip nothing"


@each_chapter
def test_formulas_in_sentences_are_readable_and_claim_nothing(name: str) -> None:
    wrong = []
    for line, text, prose in inline_math(name):
        if claims_something(text):
            wrong.append(f"line {line}: ${text}$ claims something: make it a display")
        elif read_phrase(text, prose.settings) is None:
            wrong.append(f"line {line}: ${text}$ cannot be read")
    assert not wrong, "\n".join(wrong)
    assert not [
        f"line {(token.map or [0])[0] + 1}: {child.content}"
        for part in parts(name)
        if isinstance(part, Prose)
        for token in part.tokens
        for child in token.children or ()
        if child.type == "text" and "$" in child.content
    ], "a dollar sign that begins no formula"


@each_chapter
def test_python_prints_what_is_shown(name: str, tmp_path: Path) -> None:
    blocks = [part for part in parts(name) if isinstance(part, Code)]
    if not blocks:
        pytest.skip("no Python in this chapter")
    script = "".join(f"{block.source}\nprint({END_OF_BLOCK!r}, end='')\n" for block in blocks)
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, encoding="utf-8", cwd=tmp_path, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    for block, printed in zip(blocks, ran.stdout.split(END_OF_BLOCK), strict=False):
        assert trimmed(printed) == trimmed(block.output or ""), f"the Python block on line {block.line}"


@each_chapter
def test_commands_print_what_is_shown(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for part in parts(name):
        if isinstance(part, Console):
            assert part.commands, f"line {part.line}: a console block begins with a command, $ backproof …"
            for command, shown in part.commands:
                printed = printed_by(command)
                assert matches(trimmed(shown), trimmed(printed)), (
                    f"line {part.line}: $ {command}\nprints\n{printed}\nand the chapter shows\n{shown}"
                )


@each_chapter
def test_code_and_output_fit_the_page(name: str) -> None:
    shown = {part.line: part for part in parts(name) if isinstance(part, Code | Console)}
    wrong = [
        f"block on line {part.line}: {line}"
        for part in shown.values()
        for line in (part.text if isinstance(part, Console) else f"{part.source}\n{part.output or ''}").splitlines()
        if len(line) > CODE_WIDTH and not line.startswith("$ ")  # a command is wrapped
    ]
    assert not wrong, "\n".join(wrong)


@each_chapter
def test_what_is_named_exists(name: str) -> None:
    for part in parts(name):
        if isinstance(part, Figure):
            assert part.name in figure_names(), f"line {part.line}: no figure is called {part.name}"
            assert part.caption, f"line {part.line}: a figure needs its caption"
    for link in links(name):
        assert exists(link), f"{link} is no chapter"
    assert "](figure:" not in "".join(part.text for part in parts(name) if isinstance(part, Prose)), (
        "a figure stands in a paragraph of its own"
    )


@each_chapter
def test_a_chapter_ends_with_its_lab(name: str) -> None:
    text = lesson(name).text
    labs = re.findall(r"backproof lab start (\S+)", text)
    if lesson(name).number is not None:
        assert "\n## Think\n" in text
        assert re.search(r"\n> \*{0,2}Answer:", text), "each question of Think has its answer, > Answer: …"
        headings = re.findall(r"(?m)^## (.+)$", text)
        assert headings[-1] == "Lab"
        assert labs, "the section Lab says  backproof lab start NAME FOLDER"
    if LABS.is_dir():
        known = {path.stem for path in LABS.glob("*.toml")}
        assert set(labs) <= known, f"no lab is called {', '.join(sorted(set(labs) - known))}"


@each_chapter
def test_lists_number_their_items(name: str) -> None:
    assert all(part.items for part in parts(name) if isinstance(part, Listing))


def printed_by(command: str) -> str:
    """What a command prints at the width of a page."""
    words = shlex.split(command)
    assert words[0] == "backproof", f"only backproof's own commands are shown: {command}"
    arguments = words[1:]
    # What stands behind -- is a claim, so the width goes in front of it.
    place = arguments.index("--") if "--" in arguments else len(arguments)
    out = io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), suppress(SystemExit):
        main([*arguments[:place], "--width", str(OUTPUT_WIDTH), *arguments[place:]])
    return out.getvalue()


def trimmed(text: str) -> str:
    """Without empty lines around it and blanks at the ends."""
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())


def matches(shown: str, printed: str) -> bool:
    """Whether they are the same; a line ``…`` in what is shown stands for any lines."""
    pattern = "\n".join(r"[^\n]*(?:\n[^\n]*)*?" if line == "…" else re.escape(line) for line in shown.splitlines())
    return re.fullmatch(pattern, printed) is not None
