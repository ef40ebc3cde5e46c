"""``backproof derive``: the equations of backpropagation, step by step."""

from __future__ import annotations

import argparse
import gc
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from chapters.errors import complain
from chapters.progress import TookTooLong, working
from chapters.setting_options import add_setting_options, network_of, sheets_of
from derivations.equations.catalogue import FOUR, derive, find, names
from derivations.equations.confirming import confirm_entries, differentiated, holds_on_numbers
from derivations.equations.plan import BadlyAsked
from derivations.equations.texts import extended
from derivations.formula import Unreadable
from derivations.reading import split_statements
from derivations.rendering import derivation_words as words
from derivations.setting import Network, Setting
from derivations.settling import Unsupported
from derivations.shapes import Misfit
from derivations.sheets.files import NotAText
from derivations.theorem import Derivation, Form, Step
from derivations.writing import Notation, write

if TYPE_CHECKING:
    from derivations.equations.explicit import Explicit

Forms: TypeAlias = tuple[Form, ...]
Shown: TypeAlias = "list[tuple[Derivation, list[Explicit]]]"
FORMS: dict[str, Forms] = {"index": ("index",), "matrix": ("matrix",), "both": ("index", "matrix")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``derive`` understands, besides the options that all commands share."""
    parser.description = "Derive the equations of backpropagation; every step is checked."
    parser.epilog = "example:  backproof derive BP2 --form index"
    parser.add_argument("equations", nargs="*", metavar="EQUATION", help=f"{', '.join(names())}, or ∂J/∂x of a sheet")
    parser.add_argument(
        "--given", action="append", default=[], metavar="SHEET", help="a model of your own, or its file; they add up"
    )
    parser.add_argument("--form", choices=tuple(FORMS), help="which proof: entry by entry, as matrices (default: both)")
    parser.add_argument(
        "--format", choices=tuple(_DOCUMENTS), default="text", help="how to write it: for the terminal, or a document"
    )
    parser.add_argument("--notation", choices=("superscript", "bracket"), default="superscript", help="W^l or W^{[l]}")
    parser.add_argument("--layers", metavar="2,3,1", help="write out all entries, for a network with these widths")
    parser.add_argument("--step", action="store_true", help="one step at a key press: guess it first")
    add_setting_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print the derivations asked for; returns the exit code."""
    gc.disable()  # a short run, half of it the import of SymPy: there is no garbage worth looking for
    own_form, options.form = options.form, options.form or "both"
    try:
        derivations = _derivations(options, own_form)
        form = "json" if options.json else options.format
        return _print_text(derivations, options) if form == "text" else _print_document(form, derivations, options)
    except (BadlyAsked, Unsupported, NotAText) as problem:
        complain(f"backproof derive: {problem}")
    except (Misfit, Unreadable) as problem:
        complain(f"backproof derive: {f'{problem.message} {problem.hint}'.strip()}")
    except TookTooLong as problem:
        complain(f"backproof derive: {problem}")
        return 3
    finally:
        gc.enable()
    return 2


def _derivations(options: argparse.Namespace, own_form: str | None) -> Iterator[Derivation]:
    """The derivations asked for. ``own_form`` is the form asked for, if one was: a gradient is given in one alone."""
    network = network_of(options) or Network()
    if options.layers:
        from derivations.equations.explicit import layer_list

        layer_list(options.layers)  # say what is wrong with it before anything else
        if network.batch:
            raise BadlyAsked("All entries are written out for one sample; leave out --batch.")
    given = "; ".join(_one_line(sheet) for sheet in sheets_of(options))
    for name in [name if _is_derivative(name) else find(name) for name in options.equations or FOUR]:
        with working(name, options.plain):
            if _is_derivative(name):
                found = _own_gradient(name, given, options, own_form)
            else:
                found = derive(name, network, layout=options.layout)
        yield found


def _one_line(sheet: str) -> str:
    """The statements of a sheet on one line, without its comments."""
    return "; ".join(" ".join(piece.split()) for piece, _ in split_statements(sheet))


def _is_derivative(name: str) -> bool:
    return any(sign in name for sign in ("∂", "/", "partial", "∇", "nabla"))


def _own_gradient(text: str, given: str, options: argparse.Namespace, form: str | None) -> Derivation:
    from derivations.equations.gradients import gradient

    if not given:
        raise BadlyAsked(f'{text} of which model? Give it:  --given "W : m x n; x : n; C : loss; J := C(W x)".')
    wanted: Form | None = "index" if form == "index" else "matrix" if form == "matrix" else None
    return gradient(text, extended(Setting(layout=options.layout), given), given, wanted)


def _print_text(derivations: Iterator[Derivation], options: argparse.Namespace) -> int:
    from chapters.terminal import Screen
    from derivations.rendering.derivation_aloud import aloud_lines
    from derivations.rendering.derivation_text import derivation_lines

    screen = Screen(plain=options.plain, width=options.width)
    pause = _pauses(options)
    for place, derivation in enumerate(derivations):
        if place:
            screen.show([])
        shown = FORMS[options.form]
        with working(derivation.name, options.plain):
            findings = _findings(derivation)
        if options.plain:
            lines = aloud_lines(derivation, screen.width, shown, options.notation, findings)
        else:
            lines = derivation_lines(derivation, screen.width, shown, options.notation, findings, pause)
        for line in lines:
            screen.show(line)
        if options.layers:
            from derivations.rendering.derivation_matrices import explicit_lines

            for line in explicit_lines(_entries(derivation, options), screen.width, options.notation, options.plain):
                screen.show(line)
    return 0


def _pauses(options: argparse.Namespace) -> Callable[[Step], None] | None:
    """With --step: name the rule, and wait for the student's guess before the step itself."""
    if not options.step or options.plain:
        return None
    skipping: list[bool] = []

    def pause(step: Step) -> None:
        if skipping:
            return
        try:
            guess = input(words.GUESS.format(rule=step.rule_name)).strip()
        except EOFError:  # Ctrl-D: the cursor is still behind the question
            print()
            guess = "q"
        if guess.lower() == "q":
            skipping.append(True)
        elif guess:
            print(f"    {_judged(step, guess)}")

    return pause


def _judged(step: Step, guess: str) -> str:
    """What is to be said of a guess for a step's right side."""
    from derivations.checking import check_claim

    setting = step.theorem.ground.context.setting
    verdicts = check_claim(f"{write(step.theorem.lhs)} = {guess}", setting)
    last = verdicts[-1]
    if last.verdict == "proved":
        return words.RIGHT
    return words.WRONG.format(reason=last.reason)


def _entries(derivation: Derivation, options: argparse.Namespace) -> list[Explicit]:
    """The equation of every layer with all entries, if widths are given; SymPy's matrices agree with them."""
    if not options.layers:
        return []
    from derivations.equations.explicit import explicit, layer_list

    widths = layer_list(options.layers)
    with working(f"{derivation.name} {options.layers}", options.plain):
        found = list(explicit(derivation, widths))
        for one in found:
            confirm_entries(one, widths)
    return found


def _findings(derivation: Derivation) -> list[str]:
    """What agrees with the kernel: SymPy's derivatives, random exact numbers."""
    count = differentiated(derivation)
    sympy = words.SYMPY if count == 1 else words.SYMPY_SEVERAL.format(count=count)
    return [*([sympy] if count else []), *([words.TESTED] if holds_on_numbers(derivation) else [])]


def _print_document(form: str, derivations: Iterator[Derivation], options: argparse.Namespace) -> int:
    shown = [(derivation, _entries(derivation, options)) for derivation in derivations]
    print(_DOCUMENTS[form](shown, FORMS[options.form], options.notation).rstrip())
    return 0


# ---- formats ----


def _latex(derivations: Shown, forms: Forms, notation: Notation) -> str:
    from derivations.rendering.derivation_latex import document

    return document(derivations, forms, notation)


def _markdown(derivations: Shown, forms: Forms, notation: Notation) -> str:
    from derivations.rendering.derivation_latex import markdown

    return "\n".join(markdown(derivation, forms, notation, entries) for derivation, entries in derivations)


def _html(derivations: Shown, forms: Forms, notation: Notation) -> str:
    from derivations.rendering.derivation_html import page

    return page(derivations, forms, notation)


def _json(derivations: Shown, forms: Forms, notation: Notation) -> str:
    import json

    from derivations.rendering.derivation_machine import report

    return json.dumps(report(derivations, forms, notation), ensure_ascii=False, indent=1)


def _text(derivations: Shown, forms: Forms, notation: Notation) -> str:
    from derivations.rendering.derivation_text import derivation_lines

    lines = (line for each, _ in derivations for line in derivation_lines(each, forms=forms, notation=notation))
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


_DOCUMENTS = {"text": _text, "latex": _latex, "html": _html, "markdown": _markdown, "json": _json}
