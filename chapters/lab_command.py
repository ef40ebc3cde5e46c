"""``backproof lab list|start|hint|check|grade``: exercises with feedback."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from chapters.errors import complain
from chapters.labs import words
from chapters.labs.judgement import MOST_SEEDS, Judgement, UnusableError
from chapters.labs.lab import Lab, LabError, UnknownLabError, labs, load, read_lab

if TYPE_CHECKING:
    from chapters.labs.folders import Opened
    from chapters.labs.hints import Hint
    from chapters.terminal import Screen

EXAMPLE = """\
example:
  backproof lab list
  backproof lab start bp1-losses my-bp1
  backproof lab check my-bp1
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``lab`` understands, besides the options that all commands share."""
    parser.description, parser.epilog = words.DESCRIPTION, EXAMPLE
    commands = parser.add_subparsers(dest="lab_command", metavar="list|start|hint|check|grade")
    raw = argparse.RawDescriptionHelpFormatter

    listing = commands.add_parser(
        "list", help=words.HELP_LIST, formatter_class=raw, epilog="example:  backproof lab list"
    )
    start = commands.add_parser(
        "start", help=words.HELP_START, formatter_class=raw, epilog="example:  backproof lab start bp2 my-bp2"
    )
    start.add_argument("name", metavar="NAME")
    start.add_argument("folder", metavar="FOLDER", type=Path)
    start.add_argument("--student", metavar="ID", default="", help=words.HELP_STUDENT)
    hint = commands.add_parser(
        "hint", help=words.HELP_HINT, formatter_class=raw, epilog="example:  backproof lab hint my-bp2"
    )
    hint.add_argument("folders", metavar="FOLDER", nargs="*", help=words.HELP_FOLDER)
    check = commands.add_parser(
        "check", help=words.HELP_CHECK, formatter_class=raw, epilog="example:  backproof lab check my-bp2"
    )
    check.add_argument("folders", metavar="FOLDER", nargs="*", help=words.HELP_FOLDER)
    check.add_argument("--seed", metavar="N", type=int, help=words.HELP_SEED)
    check.add_argument("--self-test", action="store_true", help=words.HELP_SELF_TEST)
    grade = commands.add_parser("grade", help=words.HELP_GRADE, formatter_class=raw)
    _add_grading(grade)
    for command in (listing, start, hint, check, grade):
        _add_common(command)


def _add_common(command: argparse.ArgumentParser) -> None:
    """The options that all commands share, behind the subcommand as well as before it."""
    known = {option for action in command._actions for option in action.option_strings}
    for flag in ("--json", "--plain", "--debug"):
        if flag not in known:
            command.add_argument(flag, action="store_true", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    if "--width" not in known:
        command.add_argument("--width", type=int, default=argparse.SUPPRESS, help=argparse.SUPPRESS)


def _add_grading(grade: argparse.ArgumentParser) -> None:
    try:
        from chapters.grading.command import add_arguments as add
    except ModuleNotFoundError:
        return
    add(grade)


def run(options: argparse.Namespace) -> int:
    """0 passed, 1 not passed, 2 badly asked or unusable."""
    try:
        match options.lab_command:
            case "list":
                return _list(options)
            case "start":
                return _start(options)
            case "hint":
                return _hint(options)
            case "check":
                return _self_test(options) if options.self_test else _check(options)
            case "grade":
                from chapters.grading.command import run as grade

                return int(grade(options))
        complain(f"backproof lab: {words.WHICH_COMMAND}")
        return 2
    except (UnusableError, UnknownLabError, LabError) as problem:
        complain(f"backproof lab: {problem}")
        return 2


def _screen(options: argparse.Namespace) -> Screen:
    from chapters.terminal import Screen

    return Screen(plain=options.plain, width=options.width)


def _say(screen: Screen, text: str, style: str = "", indent: str = "") -> None:
    """A paragraph, wrapped at the screen's width, each of its lines indented."""
    room = max(screen.width - len(indent), 20)
    for line in wrap(text, room, break_long_words=bool(indent), break_on_hyphens=False) or [""]:
        screen.show([(indent + line, style)])


# ---- list ----


def _list(options: argparse.Namespace) -> int:
    from chapters.labs.folders import begun_below

    begun = list(begun_below(Path()))
    rows = []
    for lab in labs():
        mine = sorted((one for one in begun if one.lab == lab.name), key=lambda one: str(one.folder))
        states = {str(one.folder): "passed" if one.passed else "started" for one in mine}
        status = next((one for one in ("passed", "started") if one in states.values()), "not started")
        rows.append((lab, status, states))
    if options.json:
        told = [
            {"name": lab.name, "chapter": lab.chapter, "title": lab.title, "kind": lab.kind, "status": status,
             "folders": list(states), "states": states}
            for lab, status, states in rows
        ]  # fmt: skip
        print(json.dumps({"labs": told}, ensure_ascii=False, indent=1))
        return 0
    screen = _screen(options)
    room = max((len(lab.name) for lab, *_ in rows), default=0) + 2
    chapter = 0
    for lab, status, states in rows:
        number = f"{lab.chapter:2}" if lab.chapter != chapter else "  "
        chapter = lab.chapter
        style = {"passed": "good", "started": "open"}.get(status, "quiet")
        grouped = {state: [folder for folder, one in states.items() if one == state] for state in ("passed", "started")}
        shown = ", ".join(f"{state} ({', '.join(folders)})" for state, folders in grouped.items() if folders)
        before = [(f"{number}  ", "quiet"), (lab.name.ljust(room), "name"), (lab.kind.ljust(12), "quiet")]
        margin = " " * (room + 16)
        first, *more = wrap(lab.title, max(screen.width - len(margin), 20))
        screen.show([*before, (first, "")])
        for line in more:
            screen.show([(margin + line, "")])
        if shown:
            fits = max(map(len, shown.split())) <= screen.width - len(margin)
            _say(screen, shown, style, margin if fits else "    ")
    screen.show([])
    _say(screen, words.LIST_NEXT, "quiet")
    return 0


# ---- start ----


def _start(options: argparse.Namespace) -> int:
    from chapters.labs.folders import begin
    from chapters.labs.worksheet import parts_text, points_text

    lab = load(options.name)
    path, variant = begin(lab, options.folder, options.student)
    if options.json:
        print(
            json.dumps({"lab": lab.name, "student": options.student, "worksheet": str(path), "points": variant.points})
        )
        return 0
    screen = _screen(options)
    parts = parts_text(len(variant.parts)).lower()
    _say(screen, words.STARTED.format(path=path, parts=parts, points=points_text(variant.points)))
    _say(screen, words.START_NEXT)
    screen.show([(f"    {words.CHECK_COMMAND.format(folder=_quoted(options.folder))}", "name")])
    return 0


def _quoted(folder: Path) -> str:
    from shlex import quote

    return quote(str(folder))


# ---- check ----


def _check(options: argparse.Namespace) -> int:
    from chapters.labs.folders import open_folder

    opened = open_folder(_folder(options.folders))
    screen = _screen(options)
    judgement, _ = _judged(opened, screen, options.plain, seed=_seed(options.seed))
    opened.progress.add(judgement)
    problem = _keep(opened)
    if options.json:
        print(json.dumps(_as_json(opened, judgement), ensure_ascii=False, indent=1))
        return 0 if judgement.passed else 1
    _tell(opened, judgement, screen)
    if problem:
        complain(f"backproof lab: {problem}")
    return 0 if judgement.passed else 1


def _folder(named: list[str]) -> Path:
    """The folder that is named; without a name the one we are in, if a worksheet lies there."""
    from chapters.labs.folders import WORKSHEETS

    if len(named) == 1:
        return Path(named[0])
    if named or not any(Path(name).is_file() for name in WORKSHEETS):
        raise UnusableError(words.WHICH_FOLDER)
    return Path()


def _seed(seed: int | None) -> int | None:
    if seed is not None and not 0 <= seed < MOST_SEEDS:
        raise UnusableError(words.BAD_SEED.format(seed=str(seed)[:40], most=MOST_SEEDS - 1))
    return seed


def _judged(
    opened: Opened, screen: Screen, aloud: bool, hints: dict[str, int] | None = None, seed: int | None = None
) -> tuple[Judgement, Hint | None]:
    """The judgement, and the next hint if ``hints`` (those that were given) asks for it; within grading's limits."""
    from chapters.grading.limits import SECONDS
    from chapters.grading.questions import Check
    from chapters.grading.running import check

    lab, student = opened.lab.name, opened.variant.student
    return check(Check(lab, student, opened.text, SECONDS, screen.width, aloud, hints, seed))


def _runner() -> Any:
    try:
        from numeric.student import run_calls
    except ImportError as problem:
        raise UnusableError(words.NO_RUNNER) from problem
    return run_calls


def _keep(opened: Opened) -> str:
    """Keep the progress; what is to be said if that fails."""
    from chapters.labs import progress
    from chapters.labs.folders import why

    try:
        progress.write(opened.folder, opened.progress)
    except OSError as problem:
        return words.PROGRESS_NOT_KEPT.format(why=why(problem))
    return ""


def _tell(opened: Opened, judgement: Judgement, screen: Screen) -> None:
    from chapters.labs.worksheet import points_text

    for note in (*opened.notes, *judgement.notes):
        _say(screen, note, "quiet")
    for number, part in enumerate(judgement.parts, start=1):
        title = words.PART.format(number=number, title=part.title)
        score = words.SCORE.format(earned=f"{part.earned:g}", points=part.points)
        style = "good" if part.passed else "open" if part.earned or not part.answered else "bad"
        gap = max(screen.width - len(title) - len(score), 2)
        screen.show([(title, "name"), (" " * gap if not screen.plain else ", ", ""), (score, style)])
        for line in part.feedback:
            screen.show(line)
        screen.show([])
    total = words.TOTAL.format(earned=f"{judgement.earned:g}", points=judgement.points)
    kept = opened.progress
    extra = ""
    if not judgement.passed and kept.best > judgement.earned:
        extra = f"({words.BEST.format(points=points_text(kept.best))})"
    if judgement.passed and kept.passed_at is not None:
        hints = int(sum(kept.hints.values()))
        extra = f"({words.FIRST_PASSED.format(attempt=int(kept.passed_at), hints=hints)})"
    style = "good" if judgement.passed else "open"
    if len(total) + len(extra) + 2 <= screen.width:
        screen.show([(total, style), (f"  {extra}", "quiet")])
    else:
        screen.show([(total, style)])
        _say(screen, extra, "quiet")
    sentence, command = _next_step(opened, judgement)
    if len(sentence) + len(command) + 2 <= screen.width:
        screen.show([(f"{sentence}  {command}", "")])
    else:
        _say(screen, sentence)
        screen.show([(f"    {command}", "name")])


def _next_step(opened: Opened, judgement: Judgement) -> tuple[str, str]:
    """What to do next, and the command for it, if there is one."""
    first = next((part for part in judgement.parts if not part.passed), None)
    if first is not None:
        sentence = (words.STUCK if first.answered else words.GO_ON).format(title=first.title)
        return sentence, words.HINT_COMMAND.format(folder=_quoted(opened.folder))
    following = _lab_after(opened.lab)
    if following is None:
        return words.DONE_ALL, ""
    return words.DONE_NEXT.format(name=following.name, chapter=following.chapter, title=following.title), ""


def _lab_after(lab: Lab) -> Lab | None:
    every = labs()
    place = next((k for k, one in enumerate(every) if one.name == lab.name), len(every))
    return every[place + 1] if place + 1 < len(every) else None


def _as_json(opened: Opened, judgement: Judgement) -> dict[str, Any]:
    from chapters.labs.feedback import plain

    return {
        "lab": judgement.lab,
        "student": judgement.student,
        "passed": judgement.passed,
        "earned": judgement.earned,
        "points": judgement.points,
        "attempts": opened.progress.attempts,
        "notes": [*opened.notes, *judgement.notes],
        "parts": [
            {
                "name": part.name,
                "title": part.title,
                "earned": part.earned,
                "points": part.points,
                "passed": part.passed,
                "codes": list(part.codes),
                "reason": part.reason,
                "feedback": plain(part.feedback),
            }
            for part in judgement.parts
        ],
    }


# ---- hint ----


def _hint(options: argparse.Namespace) -> int:
    from chapters.labs.folders import open_folder

    opened = open_folder(_folder(options.folders))
    screen = _screen(options)
    given = {name: int(count) for name, count in opened.progress.hints.items()}
    _, hint = _judged(opened, screen, options.plain, given)
    if hint is None:
        print(json.dumps({"hint": None}) if options.json else words.HINT_NONE)
        return 0
    opened.progress.hints[hint.part] = max(hint.strength, given.get(hint.part, 0))
    problem = _keep(opened)
    if options.json:
        print(json.dumps({"part": hint.part, "strength": hint.strength, "hint": hint.text}, ensure_ascii=False))
        return 0
    for note in opened.notes:
        _say(screen, note, "quiet")
    title = words.PART.format(number=hint.number, title=hint.title)
    screen.show([(f"{title}: ", "name"), (words.STRENGTH.format(number=hint.strength, of=hint.of), "quiet")])
    for line in hint.text.replace("$", "").splitlines():
        _say(screen, line.strip(), indent="  " + " " * (len(line) - len(line.lstrip())))
    if given.get(hint.part, 0) >= hint.of:
        screen.show([(words.HINT_ALL_GIVEN, "quiet")])
    if problem:
        complain(f"backproof lab: {problem}")
    return 0


# ---- self-test ----


def _named(name: str) -> Lab:
    """A lab of the library, or an author's own file."""
    if not name.endswith(".toml"):
        return load(name)
    path = Path(name)
    return read_lab(path.stem, path)


def _self_test(options: argparse.Namespace) -> int:
    from chapters.labs.self_test import STUDENTS, trials

    wanted = [_named(name) for name in options.folders] or labs()
    run = _runner() if any(lab.kind == "numpy" for lab in wanted) else None
    screen = _screen(options)
    count, failed = 0, 0
    for lab in wanted:
        found = list(trials(lab, run=run))
        wrong = [trial for trial in found if trial.problem]
        count, failed = count + len(found), failed + len(wrong)
        mark = words.WRONG if wrong else words.RIGHT
        line = words.SELF_TEST_LINE.format(name=lab.name, trials=len(found))
        screen.show([(f"{mark} {line}", "bad" if wrong else "good")])
        students: dict[tuple[str, str], list[str]] = {}
        for trial in wrong:
            students.setdefault((trial.what, trial.problem), []).append(trial.student)
        for (what, problem), who in students.items():
            named = ", ".join(words.A_STUDENT.format(student=one) for one in who if one)
            student = "" if not who[0] else f"{named}, "
            if len(who) == len(STUDENTS):
                student = words.SELF_TEST_EVERY
            _say(screen, words.SELF_TEST_FAILED.format(student=student, what=what, problem=problem), indent="    ")
        sys.stdout.flush()
    screen.show([(words.SELF_TEST_ALL.format(labs=len(wanted), trials=count, failed=failed), "quiet")])
    return 1 if failed else 0
