"""``backproof derive``: the equations of backpropagation, step by step."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import TypeAlias

from chapters.setting_options import add_setting_options, network_of
from derivations.equations.catalogue import FOUR, UnknownEquation, derive, find
from derivations.equations.confirming import confirm_entries, differentiated, holds_on_numbers
from derivations.equations.explicit import Explicit, NotALayerList, explicit, layer_list
from derivations.formula import Unreadable
from derivations.rendering import derivation_words as words
from derivations.setting import Network
from derivations.theorem import Derivation, Form
from derivations.writing import Notation

Forms: TypeAlias = tuple[Form, ...]
Shown: TypeAlias = list[tuple[Derivation, list[Explicit]]]
FORMS: dict[str, Forms] = {"index": ("index",), "matrix": ("matrix",), "both": ("index", "matrix")}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``derive`` understands, besides the options that all commands share."""
    parser.description = "Derive the equations of backpropagation; every step is checked."
    parser.epilog = "example:  backproof derive BP2 --form index"
    parser.add_argument("equations", nargs="*", metavar="EQUATION", help="BP1 BP2 BP3 BP4 (default: all four)")
    parser.add_argument(
        "--form", choices=("index", "matrix", "both"), default="both", help="which proof: entry by entry, as matrices"
    )
    parser.add_argument(
        "--format", choices=tuple(_DOCUMENTS), default="text", help="how to write it: for the terminal, or a document"
    )
    parser.add_argument("--notation", choices=("superscript", "bracket"), default="superscript", help="W^l or W^{[l]}")
    parser.add_argument("--layers", metavar="2,3,1", help="write out all entries, for a network with these widths")
    parser.add_argument("--step", action="store_true", help="one step at a key press: guess it first")
    add_setting_options(parser)


def run(options: argparse.Namespace) -> int:
    """Print the derivations asked for; returns the exit code."""
    try:
        derivations = _derivations(options)
        form = "json" if options.json else options.format
        return _print_text(derivations, options) if form == "text" else _print_document(form, derivations, options)
    except (UnknownEquation, NotALayerList) as problem:
        print(f"backproof derive: {problem}", file=sys.stderr)
    except Unreadable as problem:
        print(f"backproof derive: {f'{problem.message} {problem.hint}'.strip()}", file=sys.stderr)
    return 2


def _derivations(options: argparse.Namespace) -> Iterator[Derivation]:
    network = network_of(options) or Network()
    for name in [find(name) for name in options.equations or FOUR]:
        yield derive(name, network, layout=options.layout)


def _print_text(derivations: Iterator[Derivation], options: argparse.Namespace) -> int:
    from chapters.terminal import Screen
    from derivations.rendering.derivation_aloud import aloud_lines
    from derivations.rendering.derivation_matrices import explicit_lines
    from derivations.rendering.derivation_text import derivation_lines

    screen = Screen(plain=options.plain, width=options.width)
    lines_of = aloud_lines if options.plain else derivation_lines
    for place, derivation in enumerate(derivations):
        if place:
            screen.show([])
        for line in lines_of(derivation, screen.width, FORMS[options.form], options.notation, _findings(derivation)):
            screen.show(line)
        if options.layers:
            for line in explicit_lines(_entries(derivation, options), screen.width, options.notation, options.plain):
                screen.show(line)
    return 0


def _entries(derivation: Derivation, options: argparse.Namespace) -> list[Explicit]:
    """The equation of every layer with all entries, if widths are given; SymPy's matrices agree with them."""
    if not options.layers:
        return []
    widths = layer_list(options.layers)
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
