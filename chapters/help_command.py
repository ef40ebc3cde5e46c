"""``backproof help``: the pages on the formula language and the commands, with their formulas checked."""

from __future__ import annotations

import argparse
import sys
from textwrap import wrap

from chapters.lessons.library import NoSuchChapterError, load_topic, topics

EXAMPLE = """\
examples:
  backproof help                   the pages there are
  backproof help language          what you can type, and what it means
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What ``help`` understands, besides the options that all commands share."""
    parser.description = "Read a page on the formula language or the commands. Without TOPIC: the pages there are."
    parser.epilog = EXAMPLE
    parser.add_argument("topic", nargs="?", metavar="TOPIC", help=", ".join(name for name, _ in topics()))


def run(options: argparse.Namespace) -> int:
    """0, or 2 where there is no such page."""
    from chapters.terminal import Screen

    screen = Screen(options.plain, options.width)
    if options.topic is None:
        for name, lead in topics():
            screen.show([(name, "bold")])
            for line in wrap(lead, screen.width - 4):
                screen.show([("    " + line, "quiet")])
        return 0
    try:
        topic = load_topic(options.topic)
    except NoSuchChapterError as problem:
        print(f"backproof help: {problem}", file=sys.stderr)
        return 2
    from chapters.lessons.terminal import page

    for row in page(topic, screen.width, plain=options.plain, colour=screen.coloured):
        screen.show(row)
    return 0
