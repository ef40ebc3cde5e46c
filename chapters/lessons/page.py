"""A lesson as one self-contained HTML page: MathML, SVG, no script, nothing from a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from typing import Any, assert_never

from markdown_it.token import Token

from chapters.lessons import words
from chapters.lessons.figures import in_svg
from chapters.lessons.inline import in_mathml, read_phrase
from chapters.lessons.judging import Judgements
from chapters.lessons.markup import parser
from chapters.lessons.page_style import STYLE
from chapters.lessons.parts import Code, Console, Display, Figure, Lesson, Listing, Part, Prose, Quote, Sheet, Written
from chapters.lessons.restoring import as_typed, sides_as_typed
from chapters.lessons.telling import STYLES, heading, is_plainly_proved, sign, summary, why
from chapters.lessons.terminal import declared_shape
from derivations.formula import Claim, Declaration, Definition
from derivations.rendering.mathml import content
from derivations.rendering.text import answer
from derivations.setting import Setting
from derivations.verdicts import Verdict
from derivations.writing import Notation, Spelling, write, write_claim

Links = Mapping[str, str]
"""Where the other chapters are, ``07-bp2`` → ``07-bp2.html``; a chapter that is not there is named, not linked."""
_ANSWER_WIDTH = 78


def page(
    lesson: Lesson,
    links: Links | None = None,
    around: Sequence[tuple[str, str]] = (),
    judgements: Judgements | None = None,
) -> str:
    """The HTML page of a lesson; ``around`` are further links for its top and end: address and words.

    ``judgements`` are those of the lesson, if they are there already.
    Raises NoMatplotlibError if it has figures and they cannot be drawn.
    """
    painter = _Painter(links or {}, judgements or Judgements(lesson))
    body = painter.parts(lesson.parts[1:])
    eyebrow = words.APPENDIX if lesson.number is None else words.CHAPTER.format(number=lesson.number)
    nav = "".join(f'<a href="{escape(where)}">{escape(said)}</a>' for where, said in around)
    nav = f"<nav>{nav}</nav>\n" if nav else ""
    head = f'<header>\n{nav}<p class="eyebrow">{escape(eyebrow)}</p>\n<h1>{escape(lesson.title)}</h1>\n</header>\n'
    counted = f"<p>{escape(summary(painter.judgements.all()))}. {escape(words.CHECKED_BY)}</p>"
    return whole(lesson.heading, f"{head}<main>\n{body}\n</main>\n<footer>{nav}{counted}</footer>")


def contents(lessons: Iterable[Lesson], links: Links) -> str:
    """The page that lists the chapters."""
    rows = "".join(
        f'<li><a href="{escape(links[one.name])}"><b>{escape(one.heading)}</b></a><p>{escape(one.lead)}</p></li>\n'
        for one in lessons
    )
    title = escape(words.CONTENTS)
    return whole(words.CONTENTS, f'<header><h1>{title}</h1></header>\n<main><ul class="contents">\n{rows}</ul></main>')


def whole(title: str, body: str) -> str:
    """A whole HTML file."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


class _Painter:
    def __init__(self, links: Links, judgements: Judgements) -> None:
        self.judgements = judgements
        self.links = links
        self.markdown = parser()
        self.led = False
        rules: dict[str, Callable[..., str]] = {
            "math_inline": lambda tokens, at, _options, env: (
                self._inline(tokens[at].content, env["settings"]) + _held_together(tokens, at)
            ),
            "html_block": lambda *_: "",
            "html_inline": lambda tokens, at, _options, _env: escape(tokens[at].content),
            "link_open": lambda tokens, at, _options, _env: self._link(tokens[at]),
            "link_close": lambda tokens, at, _options, _env: "</a>" if self._is_linked(tokens, at) else "</span>",
        }
        renderer: Any = self.markdown.renderer
        renderer.rules.update(rules)

    def parts(self, parts: Iterable[Part]) -> str:
        return "\n".join(self.part(part) for part in parts)

    def part(self, part: Part) -> str:
        match part:
            case Prose(text, _, tokens, settings):
                told = self._markdown(tokens, settings)
                if not self.led and text.startswith("*"):
                    told = told.replace("<p>", '<p class="lead">', 1).replace("<em>", "", 1)
                    told = "".join(told.rsplit("</em>", 1))
                self.led = True
                return told
            case Display():
                return "\n".join(
                    self._statement(statement, verdicts, part.setting)
                    for statement, verdicts in self.judgements.of(part)
                )
            case Sheet():
                return self._sheet(part)
            case Code(source, output, _):
                printed = "" if output is None else f'\n<pre class="output"><samp>{escape(output)}</samp></pre>'
                alone = " alone" if output is None else ""
                return f'<pre class="python{alone}"><code>{_highlighted(source)}</code></pre>{printed}'
            case Console(text, _):
                return f'<pre class="console">{"<br>".join(map(_console_line, text.splitlines()))}</pre>'
            case Figure(name, caption, _, settings):
                told = self._sentence(caption, settings)
                return f"<figure>\n{in_svg(name)}\n<figcaption>{told}</figcaption>\n</figure>"
            case Quote(inner, _, _) if part.is_answer:
                told = self.parts(inner).replace(f"{words.ANSWER}:", "", 1)
                return f'<details class="think"><summary>{words.ANSWER}</summary>\n{told}\n</details>'
            case Quote(inner, _, _):
                return f"<blockquote>\n{self.parts(inner)}\n</blockquote>"
            case Listing(items, start, _, _):
                tag = "ul" if start is None else "ol"
                first = f' start="{start}"' if start not in (None, 1) else ""
                told = "\n".join(f"<li>{self.parts(item)}</li>" for item in items)
                return f"<{tag}{first}>\n{told}\n</{tag}>"
            case _:
                assert_never(part)

    # ---- sentences ----

    def _markdown(self, tokens: Sequence[Token], settings: Sequence[Setting]) -> str:
        told = self.markdown.renderer.render(tokens, self.markdown.options, {"settings": settings})
        return str(told).strip()

    def _sentence(self, text: str, settings: Sequence[Setting]) -> str:
        tokens = self.markdown.parseInline(text)
        return self._markdown(tokens, settings)

    def _inline(self, text: str, settings: Sequence[Setting]) -> str:
        phrase = read_phrase(text, settings)
        return f"<code>{escape(text)}</code>" if phrase is None else _nested_widths(in_mathml(phrase))

    def _link(self, token: Token) -> str:
        where = self._where(token)
        return f'<a href="{escape(where)}">' if where else "<span>"

    def _where(self, token: Token) -> str:
        target, _, place = str(token.attrs.get("href", "")).partition("#")
        found = self.links.get(target.removesuffix(".md"), "")
        return f"{found}#{place}" if found and place else found

    def _is_linked(self, tokens: Sequence[Token], at: int) -> bool:
        opening = next(tokens[place] for place in range(at, -1, -1) if tokens[place].type == "link_open")
        return bool(self._where(opening))

    # ---- formulas ----

    def _statement(self, statement: Written, verdicts: list[Verdict], setting: Setting) -> str:
        notation: Notation = "bracket" if statement.notation == "bracket" else "superscript"
        formula = _formula(statement, notation)
        if not verdicts:
            kind = words.DEFINITION if isinstance(statement.read, Definition) else words.DECLARATION
            return f'<div class="claim plain"><div class="formula">{formula}</div><div class="badge">{kind}</div></div>'
        if all(map(is_plainly_proved, verdicts)):
            standing, badge = "proved", f'<span class="good">{heading(verdicts[0])}</span>'
        else:
            worst = next(v for v in verdicts if not is_plainly_proved(v))
            standing = "open" if worst.exit_code == 3 else "wrong"
            badge = " ".join(f'<span class="{STYLES[v.verdict]}">{heading(v)}</span>' for v in verdicts)
        reasons = "".join(
            f'<p class="why">{escape(told)}</p>' for verdict in verdicts for told in why(verdict, setting, notation)
        )
        answers = "\n".join(map(_answer, verdicts))
        return (
            f'<div class="claim {standing}"><details><summary><span class="formula">{formula}</span>'
            f'<span class="badge">{badge}</span></summary>\n{answers}</details>{reasons}</div>'
        )

    def _sheet(self, sheet: Sheet) -> str:
        marks: dict[int, list[Verdict]] = {}
        found: list[Verdict] = []
        for statement, verdicts in self.judgements.of(sheet):
            marks.setdefault(statement.last_line, []).extend(verdicts)
            found += verdicts
        lines, signs = [], []
        for number, line in enumerate(sheet.text.split("\n"), sheet.line + 1):
            code, hash_sign, comment = line.partition("#")
            said = f'<span class="quiet">{escape(hash_sign + comment)}</span>' if hash_sign else ""
            lines.append(f"{escape(code)}{said}")
            here = marks.get(number, [])
            signs.append(
                "".join(f'<span class="{STYLES[v.verdict]}" title="{v.verdict}">{sign(v)}</span>' for v in here) or " "
            )
        reasons = "".join(
            f'<p class="why">{escape(told)}</p>' for v in found for told in why(v, sheet.setting, "superscript")
        )
        answers = "\n".join(map(_answer, found))
        details = f"<details><summary>{escape(summary(found))}</summary>\n{answers}{reasons}</details>" if found else ""
        return (
            f'<div class="sheet"><div class="lines"><pre>{"<br>".join(lines)}</pre>'
            f'<pre class="marks">{"<br>".join(signs)}</pre></div>{details}</div>'
        )


def _held_together(tokens: Sequence[Token], at: int) -> str:
    """A word joiner where a full stop follows a formula, so that it does not begin the next line."""
    following = tokens[at + 1].content if at + 1 < len(tokens) and tokens[at + 1].type == "text" else ""
    return "&#8288;" if following[:1] in tuple(".,;:)?!’'”-") else ""


def _formula(statement: Written, notation: Notation) -> str:
    match statement.read:
        case Claim(sides, _, continues):
            sides = sides_as_typed(sides, statement.text)
            first = "" if continues else content(sides[0], notation)
            rest = sides if continues else sides[1:]
            alt = write_claim(Claim(sides, continues=continues), Spelling.UNICODE, notation)
            if len(rest) == 1:
                inner = f"{first}<mo>=</mo>{content(rest[0], notation)}"
                return _math(f"<mrow>{inner}</mrow>", alt)
            rows = "".join(
                f"<mtr><mtd>{first if place == 0 else ''}</mtd>"
                f"<mtd><mrow><mo>=</mo>{content(side, notation)}</mrow></mtd></mtr>"
                for place, side in enumerate(rest)
            )
            return _math(f'<mtable displaystyle="true" columnalign="right left">{rows}</mtable>', alt)
        case Definition(name, body):
            body = as_typed(body, statement.text)
            inner = f"<mi>{escape(name)}</mi><mo>≔</mo>{content(body, notation)}"
            return _math(f"<mrow>{inner}</mrow>", f"{name} := {write(body, notation=notation)}")
        case Declaration() as declared:
            return f'<code class="typed">{escape(declared_shape(declared))}</code>'
        case _:
            return f'<code class="typed">{escape(" ".join(statement.text.split()))}</code>'


def _math(inner: str, alt: str) -> str:
    return _nested_widths(f'<math display="block" alttext="{escape(alt)}">{inner}</math>')


def _nested_widths(mathml: str) -> str:
    """A width as an index, ``n_L``, set as one."""
    import re

    return re.sub(r"<mi>n_(\w+)</mi>", r"<msub><mi>n</mi><mi>\1</mi></msub>", mathml)


def _answer(verdict: Verdict) -> str:
    """The whole answer as the command gives it."""
    lines = (
        "".join(f'<span class="{style}">{escape(text)}</span>' if style else escape(text) for text, style in line)
        for line in answer(verdict, _ANSWER_WIDTH)
    )
    return f'<pre class="answer-lines">{"<br>".join(lines)}</pre>'


def _console_line(line: str) -> str:
    if line.startswith("$ "):
        return f"<b>{escape(line)}</b>"
    for mark, style in (("✓", "good"), ("✗", "bad")):
        if line.startswith(mark):
            return f'<span class="{style}">{escape(line)}</span>'
    return escape(line)


def _highlighted(source: str) -> str:
    import importlib

    formatter: Any = importlib.import_module("pygments.formatters").HtmlFormatter(nowrap=True)
    lexer: Any = importlib.import_module("pygments.lexers").PythonLexer()
    return str(importlib.import_module("pygments").highlight(source, lexer, formatter)).rstrip("\n")
