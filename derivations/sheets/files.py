"""Bytes → text, whatever an editor made of it: BOM, CRLF, another encoding."""

from __future__ import annotations

import codecs

from derivations.sheets import words

LARGEST = 5_000_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
STRANGE = "�"
"""What stands for bytes that are no characters in UTF-8."""


class NotAText(Exception):  # noqa: N818
    """A file that cannot be read as a text; the message is for the reader."""


def text_in(file: str) -> str:
    """The text of the file of this name. Raises NotAText, also where there is none or it may not be read."""
    try:
        with open(file, "rb") as opened:
            return text_of(opened.read(LARGEST + 1), file)
    except FileNotFoundError:
        raise NotAText(words.NO_FILE.format(file=file)) from None
    except (OSError, ValueError) as problem:
        raise NotAText(words.CANNOT_BE_READ.format(file=file, problem=problem)) from problem


def text_of(content: bytes, file: str) -> str:
    """The text of a file, every line ended by a line feed. Raises NotAText for a binary or a huge one.

    Bytes that are not UTF-8 become ``�``, so that the rest can be checked.
    """
    if len(content) > LARGEST:
        raise NotAText(words.TOO_LARGE_A_FILE.format(file=file, limit=LARGEST // 1_000_000))
    encoding = next((name for bom, name in _BOMS if content.startswith(bom)), "utf-8")
    if encoding != "utf-16" and b"\0" in content[:8192]:
        raise NotAText(words.BINARY.format(file=file))
    text = content.decode(encoding, errors="replace")
    controls = sum(char < " " and char not in "\t\n\r\f\v" for char in text[:8192])
    if controls > 8 or text[:8192].count(STRANGE) > max(len(text[:8192]) // 10, 8):
        raise NotAText(words.BINARY.format(file=file))
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").replace("\v", " ")
