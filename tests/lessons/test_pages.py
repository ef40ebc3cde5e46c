"""Chapters on a terminal and as exported pages: widths, plain text, valid HTML and notebooks, Markdown that checks."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from markdown_it.token import Token
from rich.console import Console as Rich

from chapters.lessons import exporting
from chapters.lessons.judging import Judgements
from chapters.lessons.notebook import notebook
from chapters.lessons.page import page as html_page
from chapters.lessons.parts import Code, Console, Lesson, Part, Prose, walk
from chapters.lessons.prose import prose_lines, spelled_inline
from chapters.lessons.terminal import page
from chapters.terminal import _COLOURS
from derivations.rendering.text import columns
from derivations.sheets import markdown
from tests.lessons.test_reading import SAMPLE
from tests.lessons.texts import NAMES, judgements, lesson

each_chapter = pytest.mark.parametrize("name", ["sample", *NAMES])
_VOID = {"meta", "br", "hr", "img", "link", "input"}
_IN_PARAGRAPHS = {"a", "b", "br", "code", "em", "strong", "span", "math", "s", "svg", "summary", "samp"}
_BLOCKS = {"p", "div", "pre", "table", "ul", "ol", "figure", "blockquote", "details", "h1", "h2", "h3", "section"}


def of(name: str) -> Lesson:
    return SAMPLE if name == "sample" else lesson(name)


def verdicts(name: str) -> Judgements:
    return Judgements(SAMPLE) if name == "sample" else judgements(name)


def shown(name: str, width: int, plain: bool = False) -> str:
    lines = page(of(name), width, plain=plain, colour=False, judgements=verdicts(name))
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


@each_chapter
@pytest.mark.parametrize("width", [80, 60])
def test_no_line_is_wider_than_the_page(name: str, width: int) -> None:
    wide = [line for line in shown(name, width).splitlines() if columns(line) > width]
    assert not wide, "\n".join(wide)


@each_chapter
def test_plain_text_has_no_colours_and_no_boxes(name: str) -> None:
    told = shown(name, 80, plain=True)
    assert "\x1b" not in told
    printed = {line.strip() for part in walk(of(name).parts) for line in _verbatim(part)}
    ours = "\n".join(line for line in told.splitlines() if line.strip() not in printed)
    assert not re.findall("[─-▟⠀-⣿✓✗\ue000]", ours)


def _verbatim(part: Part) -> list[str]:
    """What a chapter shows of other programs, and what stands in its own sentences."""
    match part:
        case Console(text, _) | Prose(text, _):
            return text.splitlines()
        case Code(_, output, _):
            return (output or "").splitlines()
    return []


@each_chapter
def test_every_style_is_one_that_the_terminal_knows(name: str) -> None:
    styles = {style for line in page(of(name), 80, judgements=verdicts(name)) for _, style in line}
    assert {"good", "quiet"} <= styles
    console = Rich(file=io.StringIO())
    for style in styles:
        console.get_style(_COLOURS.get(style, style))


@each_chapter
@pytest.mark.parametrize("width", [80, 60, 44])
@pytest.mark.parametrize("plain", [True, False])
def test_no_character_of_a_table_is_lost(name: str, width: int, plain: bool) -> None:
    for part in walk(of(name).parts):
        if isinstance(part, Prose):
            for tokens in _tables(part.tokens):
                cells = [child for token in tokens for child in token.children or ()]
                expected = "".join(
                    spelled_inline(child.content, part.settings)
                    if child.type == "math_inline"
                    else f"`{child.content}`"
                    if child.type == "code_inline"
                    else child.content
                    for child in cells
                )
                lines = prose_lines(tokens, part.settings, width, plain=plain, colour=False)
                drawn = "".join(text for line in lines for text, _ in line)
                assert sorted(re.sub("[\\s\ue000]", "", expected)) == sorted(re.sub("[\\s─]", "", drawn))


def _tables(tokens: tuple[Token, ...]) -> Iterator[list[Token]]:
    found: list[Token] = []
    for token in tokens:
        if token.type == "table_open" or found:
            found.append(token)
        if token.type == "table_close":
            yield found
            found = []


class _Nesting(HTMLParser):
    """Whether elements close in the order in which they open, and stand where HTML lets them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.identities: list[str] = []
        self.links: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        if len(given) != len(attributes):
            self.wrong.append(f"<{tag}> has an attribute twice, line {self.getpos()[0]}")
        if tag in _BLOCKS and {"p", "summary", "pre", "code", "span"} & set(self.open):
            self.wrong.append(f"<{tag}> inside <{self.open[-1]}>, line {self.getpos()[0]}")
        self.identities += [given["id"] or ""] if "id" in given else []
        self.links += [given["href"] or ""] if tag == "a" else []
        if tag == "script" or any(name.startswith("on") for name in given):
            self.wrong.append("a script")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>, line {self.getpos()[0]}")


def nesting(text: str) -> _Nesting:
    found = _Nesting()
    found.feed(text)
    found.close()
    return found


@each_chapter
def test_a_page_is_valid_and_stands_alone(name: str) -> None:
    text = html_page(of(name), judgements=verdicts(name))
    found = nesting(text)
    assert not found.wrong
    assert not found.open
    assert len(found.identities) == len(set(found.identities))
    assert not found.links, "a single page leads nowhere"
    assert not re.findall(r"(?:src|href)=\"(?!#)", text), "nothing is loaded"
    assert "@import" not in text
    assert "$$" not in text
    assert "\ue000" not in text


def test_the_html_of_every_kind_of_part() -> None:
    text = html_page(SAMPLE, {"07-bp2": "07-bp2.html"}, [("index.html", "All chapters")])
    assert '<a href="07-bp2.html">chapter 7</a>' in text
    assert text.count("<nav>") == 2
    assert text.count('class="claim proved"') == 5
    assert text.count('class="claim wrong"') == 1
    assert "Right:  δᴸ = (aᴸ − y) ⊙ σ′(zᴸ)" in text
    assert "[ True  True False] &lt;b&gt;" in text
    assert '<details class="think"><summary>Answer</summary>' in text
    assert '<p class="lead">After this sample' in text
    assert "<mi>Σ</mi>" in text
    assert "for example" in text, "the counterexample is there to be opened"
    assert "<svg" in text


@each_chapter
def test_a_notebook_is_valid_and_has_a_cell_for_every_sheet(name: str) -> None:
    made = nbformat.reads(notebook(of(name), judgements=verdicts(name)), as_version=4)
    nbformat.validate(made)
    code = [cell.source for cell in made.cells if cell.cell_type == "code"]
    assert code
    told = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    assert "<!-- backproof" not in told
    assert "figure:" not in told
    assert not re.findall(r"(?m)^```(?:python|output|backproof)", told) or name == "sample"


def test_the_notebook_of_every_kind_of_part() -> None:
    made = nbformat.reads(notebook(SAMPLE, {"07-bp2": "07-bp2.ipynb"}), as_version=4)
    told = "\n".join(cell.source for cell in made.cells if cell.cell_type == "markdown")
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert r"$n_{l} \times n_{l-1}$" in told
    assert "[chapter 7](07-bp2.ipynb)" in told
    assert r"\times" in told
    assert r"\checkmark" in told
    assert "\n> $$" in told
    checks, printing, silent, figure = code
    assert "use network loss=mse" in checks.source
    assert checks.outputs[0].text.count("✓ proved") == 2
    assert printing.outputs[0].text == "[ True  True False] <b>\n"
    assert not silent.outputs
    assert 'draw("network")' in figure.source
    assert figure.outputs[0].data["image/svg+xml"].startswith("<svg")


@each_chapter
def test_exported_markdown_checks_as_the_chapter_does(name: str) -> None:
    text = exporting.markdown(of(name))
    assert "(figure:" not in text
    before, after = ([(type(b), getattr(b, "text", "")) for b in markdown.blocks(t)] for t in (of(name).text, text))
    assert before == after, "the same displays, sheets and directives"


@pytest.mark.parametrize("form", list(exporting.SUFFIXES))
def test_an_export_is_known_again_until_it_is_changed(form: str, tmp_path: Path) -> None:
    text = exporting.stamped(exporting.rendered(SAMPLE, form, {}), form)
    assert exporting.is_untouched(text)
    assert not exporting.is_untouched(text.replace("sample", "my sample"))
    path = tmp_path / f"sample{exporting.SUFFIXES[form]}"
    exporting.write_all({path: text})
    exporting.write_all({path: exporting.stamped("another", form)})  # an export that nobody has changed
    path.write_text(path.read_text(encoding="utf-8") + "my notes", encoding="utf-8")
    with pytest.raises(exporting.RefusedError, match="--force"):
        exporting.write_all({path: text})
    assert path.read_text(encoding="utf-8").endswith("my notes")
    exporting.write_all({path: text}, force=True)
    assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path], "nothing else is left behind"


def test_all_or_nothing_is_written(tmp_path: Path) -> None:
    mine = tmp_path / "b.html"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(exporting.RefusedError):
        exporting.write_all({tmp_path / "a.html": "a", mine: "b"})
    assert [path.name for path in tmp_path.iterdir()] == ["b.html"]


def test_every_kind_of_part_is_a_value_for_programs() -> None:
    from chapters.lessons.listing import described

    told = json.loads(json.dumps(described(SAMPLE)))
    assert {part["kind"] for part in told["parts"]} == {
        "prose", "display", "sheet", "python", "console", "figure", "list", "quote", "answer",
    }  # fmt: skip
    claims = list(_claims(told["parts"]))
    assert len(claims) == 9
    assert [one["verdict"] for one in claims if one["expected"]] == ["refuted"]


def _claims(parts: list[dict]) -> Iterator[dict]:  # type: ignore[type-arg]
    for part in parts:
        yield from part.get("claims", [])
        yield from _claims(part.get("parts", []))
        for item in part.get("items", []):
            yield from _claims(item)
