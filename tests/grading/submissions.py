"""A class's submissions, made up: right, wrong and hostile ones, each with the verdict that is planned for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from chapters.labs.lab import Lab, load
from chapters.labs.self_test import references, wrong_answers
from chapters.labs.variants import Variant, variant
from chapters.labs.worksheet import written
from tests.grading.hostile import HEAD, HOSTILE, MONSTERS

LABS = ("bp1-losses", "bp2", "forward-by-hand", "backprop-numpy")
"""One of each kind."""


@dataclass(frozen=True)
class Planned:
    """A submission: how it is laid down, and what must come out.

    ``earned``: the points of the parts that are fixed beforehand, by name; ``less``: parts that must not earn all;
    ``code``: a diagnosis that must be given; ``nothing``: no point at all, whatever the reason;
    ``problem``: a piece of the reason why it is not graded (empty: it is graded).
    """

    student: str
    what: str
    lab: str
    lay: Callable[[Path], None]
    earned: dict[str, float] = field(default_factory=dict)
    less: tuple[str, ...] = ()
    code: str = ""
    nothing: bool = False
    problem: str | None = ""


def _file(name: str, content: str | bytes) -> Callable[[Path], None]:
    def lay(folder: Path) -> None:
        folder.mkdir(parents=True)
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)

    return lay


def _sheet(lab: Lab, text: str) -> Callable[[Path], None]:
    return _file(lab.worksheet, text)


def points(drawn: Variant) -> dict[str, float]:
    return {part.name: part.points for part in drawn.parts}


# ---- right and wrong ----


def right(student: str, name: str) -> Planned:
    lab = load(name)
    drawn = variant(lab, student)
    return Planned(student, "right", name, _sheet(lab, written(drawn, references(drawn))), points(drawn))


def wrong_ways(name: str) -> Iterator[Callable[[str], Planned]]:
    """Each way of being wrong that the lab's author foresaw: one part is wrong, the others are right."""
    lab = load(name)
    plain = variant(lab, "")
    for place, part in enumerate(plain.parts):
        for number, (_, code) in enumerate(wrong_answers(part, plain)):

            def make(student: str, place: int = place, number: int = number, code: str = code) -> Planned:
                drawn = variant(lab, student)
                wrong = drawn.parts[place]
                answers = list(wrong_answers(wrong, drawn))
                answer, code = answers[min(number, len(answers) - 1)]
                text = written(drawn, {**references(drawn), wrong.name: answer})
                earned = points(drawn)
                if lab.kind == "numpy":
                    # Functions may call each other: what follows a wrong one is not fixed.
                    earned = {part.name: earned[part.name] for part in drawn.parts[:place]}
                earned.pop(wrong.name, None)
                what = f"wrong: {name} {wrong.name} {code}"
                return Planned(student, what, name, _sheet(lab, text), earned, (wrong.name,), code)

            yield make


def _starter(student: str, name: str) -> Planned:
    lab = load(name)
    drawn = variant(lab, student)
    return Planned(student, "not filled in", name, _sheet(lab, written(drawn)), dict.fromkeys(points(drawn), 0.0))


def _half_edited(student: str) -> Planned:
    lab = load("bp1-losses")
    drawn = variant(lab, student)
    text = written(drawn, references(drawn))
    last = drawn.parts[-1]
    cut = text[: text.rindex("```backproof")]
    earned = points(drawn) | {last.name: 0.0}
    return Planned(student, "half a worksheet", lab.name, _sheet(lab, cut), earned, code="no-block")


def _unreadable(student: str) -> Planned:
    lab = load("bp1-losses")
    drawn = variant(lab, student)
    answers = {part.name: "δ^L = ((((" for part in drawn.parts}
    return Planned(
        student, "no formula", lab.name, _sheet(lab, written(drawn, answers)), dict.fromkeys(points(drawn), 0.0)
    )


def _syntax_error(student: str) -> Planned:
    return _program(student, "a syntax error", "def backprop(:\n    pass\n", code="does-not-load")


def _no_function(student: str) -> Planned:
    return _program(student, "no function", "x = 1\n", code="no-function")


def _windows(student: str) -> Planned:
    """The same worksheet as an editor on Windows keeps it."""
    lab = load("bp2")
    drawn = variant(lab, student)
    text = "\ufeff" + written(drawn, references(drawn)).replace("\n", "\r\n")
    return Planned(student, "right, by another editor", lab.name, _sheet(lab, text), points(drawn))


OTHER_WRONGS: tuple[Callable[[str], Planned], ...] = (
    *((lambda student, name=name: _starter(student, name)) for name in LABS),  # type: ignore[misc]
    _half_edited,
    _unreadable,
    _syntax_error,
    _no_function,
)


# ---- hostile ----


def _program(student: str, what: str, source: str, code: str = "") -> Planned:
    lab = load("backprop-numpy")
    text = f"# backproof lab {lab.name}, student {student}\n{HEAD}\n{source}\n"
    earned = dict.fromkeys(points(variant(lab, student)), 0.0)
    return Planned(student, what, lab.name, _sheet(lab, text), earned, code=code)


def hostile(student: str, what: str) -> Planned:
    plan = _program(student, f"hostile: {what}", HOSTILE[what])
    return Planned(student, plan.what, plan.lab, plan.lay, nothing=True, problem=None)


def monster(student: str, what: str) -> Planned:
    lab = load("bp1-losses")
    drawn = variant(lab, student)
    text = written(drawn, {part.name: MONSTERS[what] for part in drawn.parts})
    lay = _file(lab.worksheet, text.encode("utf-8", "replace"))
    return Planned(student, f"hostile: {what}", lab.name, lay, nothing=True, problem=None)


def _solved(student: str) -> str:
    drawn = variant(load("backprop-numpy"), student)
    return written(drawn, references(drawn))


def _link(target: str) -> Callable[[Path], None]:
    def lay(folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "worksheet.py").symlink_to(target)

    return lay


def _pipe(folder: Path) -> None:
    folder.mkdir(parents=True)
    os.mkfifo(folder / "worksheet.py")


def _linked_folder(folder: Path) -> None:
    folder.symlink_to("2001", target_is_directory=True)


def _linked_inside(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "work").symlink_to("../2001", target_is_directory=True)


def _two(student: str) -> Callable[[Path], None]:
    def lay(folder: Path) -> None:
        for name in ("first", "second"):
            (folder / name).mkdir(parents=True)
            (folder / name / "worksheet.py").write_text(_solved(student), encoding="utf-8")

    return lay


def _many(folder: Path) -> None:
    folder.mkdir(parents=True)
    for number in range(3100):
        (folder / f"{number}.txt").touch()


def odd_files(student: str) -> list[Planned]:
    """Worksheets that are no files, or not the student's own."""

    def plan(what: str, lay: Callable[[Path], None], problem: str) -> Planned:
        return Planned(student, f"odd: {what}", "", lay, nothing=True, problem=problem)

    solved = _solved("2001")
    return [
        plan("a link to a classmate's", _link("../2001/worksheet.py"), "is a link"),
        plan("a link to a system file", _link("/etc/passwd"), "is a link"),
        plan("a link to nothing", _link("nowhere"), "is a link"),
        plan("a pipe", _pipe, "no ordinary file"),
        plan("a folder that is a link", _linked_folder, "is a link"),
        plan("a link to a folder inside", _linked_inside, "no worksheet"),
        plan("a giant", _file("worksheet.py", solved + "#" * 1_100_000), "larger than"),
        plan("binary", _file("worksheet.py", os.urandom(5000)), "text"),
        plan("empty", _file("worksheet.md", b""), "names no lab"),
        plan("no worksheet", _file("notes.txt", b"x"), "no worksheet"),
        plan("a classmate's worksheet", _file("worksheet.py", solved), "student 2001"),
        plan("a lab that does not exist", _file("worksheet.md", "<!-- backproof lab bp9 -->\n"), "does not exist"),
        plan(
            "a lab outside the library",
            _file("worksheet.md", "<!-- backproof lab ../library/bp2 -->\n"),
            "names no lab",
        ),
        plan("the wrong kind of file", _file("worksheet.md", solved.replace("2001", student)), "worksheet.py"),
        plan("two worksheets of one lab", _two(student), "2 worksheets of lab"),
        plan("thousands of files", _many, "too many files"),
    ]


# ---- a class ----


def small_class() -> list[Planned]:
    """Each kind once; the first is right."""
    students = (str(number) for number in range(2001, 3000))
    plans = [right(next(students), "backprop-numpy")]
    plans += [right(next(students), name) for name in LABS[:3]]
    plans += [next(iter(wrong_ways(name)))(next(students)) for name in LABS]
    plans += [
        hostile(next(students), what)
        for what in (
            "prints gigabytes", "exits", "forks twice and stays", "takes all memory", "fills the disk",
            "writes elsewhere", "patches NumPy", "imports the reference", "raises something odd",
            "returns what equals everything",
            "signals the parent", "writes into every channel", "feigns an answer", "closes everything", "recurses",
        )
    ]  # fmt: skip
    plans += [monster(next(students), "nests too deep")]
    plans += [odd_files(next(students))[place] for place in (0, 3, 7, 10)]
    return plans


def large_class(size: int = 200) -> list[Planned]:
    """Every way of being right, wrong and hostile; as many as asked for."""
    students = (str(number) for number in range(2001, 9999))
    plans = [right(next(students), "backprop-numpy")]
    plans += [right(next(students), name) for name in LABS]
    ways = [way for name in LABS for way in wrong_ways(name)]
    plans += [way(next(students)) for way in (*ways, *OTHER_WRONGS, _windows)]
    plans += [hostile(next(students), what) for what in HOSTILE]
    plans += [monster(next(students), what) for what in MONSTERS]
    plans += [odd_files(next(students))[place] for place in range(len(odd_files("0")))]
    more = cycle([*(lambda student, name=name: right(student, name) for name in LABS), *ways])  # type: ignore[misc]
    while len(plans) < size:
        plans.append(next(more)(next(students)))
    return plans


def lay_down(plans: list[Planned], folder: Path) -> None:
    folder.mkdir()
    for plan in plans:
        plan.lay(folder / plan.student)
