"""Values as bytes: how a question travels to a student's process, and an answer back. Both sides load this file.

A frame is a magic word, two lengths, a JSON header and the bytes of the arrays one after the other. Nothing is pickled,
and ``split`` takes nothing on trust: what comes back may have been written by anybody.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

MAGIC: Final = b"\x00bpf"
LENGTHS: Final = struct.Struct("<4sIQ")
LARGEST_HEADER: Final = 4 << 20
KINDS: Final = frozenset(["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"])
"""The array types that travel, little-endian."""
LONGEST_SIDE: Final = 1 << 31
DEEPEST: Final = 8
MOST_ITEMS: Final = 20_000


class BrokenFrameError(ValueError):
    """What came back is no frame."""


def pack(header: dict[str, Any], blobs: list[bytes]) -> bytes:
    """One frame."""
    text = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    return b"".join([LENGTHS.pack(MAGIC, len(text), sum(map(len, blobs))), text, *blobs])


def split(
    data: bytes, most: int, headers: int = LARGEST_HEADER
) -> tuple[list[tuple[dict[str, Any], list[bytes]]], bool]:
    """The whole frames at the beginning of ``data``, and whether data ends with the last of them.

    :param headers: bytes of all headers together: what JSON makes of them takes some thirty times as much memory.
    :raises BrokenFrameError: where something stands that no ``pack`` has written, or more than ``most`` frames.
    """
    frames: list[tuple[dict[str, Any], list[bytes]]] = []
    at = taken = 0
    while at < len(data):
        if len(frames) == most:
            raise BrokenFrameError("more frames than were asked for")
        if data[at : at + len(MAGIC)] != MAGIC[: len(data) - at]:
            raise BrokenFrameError("no frame begins here")
        if len(data) - at < LENGTHS.size:
            return frames, False
        _, header_length, body_length = LENGTHS.unpack_from(data, at)
        taken += header_length
        if header_length > LARGEST_HEADER or taken > headers:
            raise BrokenFrameError("a header of this size is not written here")
        body = at + LENGTHS.size + header_length
        if body + body_length > len(data):
            return frames, False
        try:
            header = json.loads(data[at + LENGTHS.size : body])
        except (ValueError, RecursionError):
            raise BrokenFrameError("a header that is not JSON") from None
        if not isinstance(header, dict):
            raise BrokenFrameError("a header that is no object")
        sizes = header.pop("blobs", None)
        if not isinstance(sizes, list) or not all(type(size) is int and size >= 0 for size in sizes):
            raise BrokenFrameError("lengths that are no lengths")
        if sum(sizes) != body_length:
            raise BrokenFrameError("lengths that do not add up")
        blobs, start = [], body
        for size in sizes:
            blobs.append(data[start : start + size])
            start += size
        frames.append((header, blobs))
        at = body + body_length
    return frames, True


def encode(value: object, blobs: list[bytes], largest: int, depth: int = 0) -> Any:
    """``value`` as a tree for JSON; the bytes of its arrays are added to ``blobs``.

    :raises TypeError: for what is neither numbers, text, None, arrays, nor lists, tuples or dicts of these.
    :raises ValueError: if it is nested too deep, or holds more than ``largest`` bytes or too many items.
    """
    if depth > DEEPEST:
        raise ValueError("what was returned is nested too deep")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.ndarray | np.generic):
        return _encode_array(value, blobs, largest)
    if isinstance(value, int):
        if not -(1 << 63) <= value < 1 << 63:
            raise ValueError("what was returned holds a whole number of more than 63 bits")
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, str):
        if len(value) > LARGEST_HEADER // 16:
            raise ValueError("what was returned holds a very long text")
        return str(value)
    if isinstance(value, list | tuple | dict):
        if len(value) > MOST_ITEMS:
            raise ValueError(f"what was returned holds more than {MOST_ITEMS} items in one list")
        if isinstance(value, dict):
            for key in value:
                if not isinstance(key, str | int):
                    raise TypeError(f"what was returned holds a dict with a key of type {type(key).__name__}")
            return {"dict": [[key, encode(inner, blobs, largest, depth + 1)] for key, inner in value.items()]}
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [encode(inner, blobs, largest, depth + 1) for inner in value]}
    raise TypeError(f"what was returned holds a {type(value).__name__} where numbers were expected")


def _encode_array(value: Any, blobs: list[bytes], largest: int) -> Any:
    array = np.array(value, copy=None, subok=False)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"what was returned holds {array.dtype.name} where numbers were expected")
    if array.nbytes + sum(map(len, blobs)) > largest:
        raise ValueError(f"what was returned is larger than {largest >> 20} megabytes")
    if array.dtype.itemsize > 8:
        array = array.astype("<f8")
    array = np.asarray(array, dtype=array.dtype.newbyteorder("<"), order="C")
    blobs.append(array.tobytes())
    return {"array": [array.dtype.str, list(array.shape), len(blobs) - 1]}


def decode(tree: Any, blobs: list[bytes], places: Iterator[int] | None = None, depth: int = 0) -> Any:
    """The value that ``encode`` made a tree of; arrays are copies that own their memory.

    :param places: the places of the arrays as ``encode`` numbers them, 0, 1, 2, …, where the tree is not to be trusted:
        then each blob is one array, and what is decoded takes no more memory than what was received.
    :raises BrokenFrameError: for any other tree.
    """
    if tree is None or isinstance(tree, bool | float | str):
        return tree
    if isinstance(tree, int):
        if not -(1 << 63) <= tree < 1 << 63:
            raise BrokenFrameError("a number of more than 63 bits")
        return tree
    if not isinstance(tree, dict) or len(tree) != 1 or depth > DEEPEST:
        raise BrokenFrameError("no tree of values")
    ((kind, inner),) = tree.items()
    if not isinstance(inner, list) or len(inner) > MOST_ITEMS:
        raise BrokenFrameError("no tree of values")
    if kind == "array":
        return _decode_array(inner, blobs, places)
    if kind == "list":
        return [decode(one, blobs, places, depth + 1) for one in inner]
    if kind == "tuple":
        return tuple(decode(one, blobs, places, depth + 1) for one in inner)
    if kind == "dict":
        found = {}
        for pair in inner:
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str | int):
                raise BrokenFrameError("no pair of key and value")
            # Keys of 63 bits hardly collide: a dict of chosen keys takes no longer than another.
            found[decode(pair[0], blobs, places, depth + 1)] = decode(pair[1], blobs, places, depth + 1)
        return found
    raise BrokenFrameError("no tree of values")


def _decode_array(inner: list[Any], blobs: list[bytes], places: Iterator[int] | None) -> Any:
    if len(inner) != 3:
        raise BrokenFrameError("no array")
    kind, shape, place = inner
    if not isinstance(kind, str) or kind not in KINDS or type(place) is not int or not 0 <= place < len(blobs):
        raise BrokenFrameError("no array")
    if places is not None and place != next(places):
        raise BrokenFrameError("bytes that were taken before")
    if not isinstance(shape, list) or len(shape) > 32:
        raise BrokenFrameError("no shape")
    size = np.dtype(kind).itemsize
    for side in shape:
        if type(side) is not int or not 0 <= side <= LONGEST_SIDE:
            raise BrokenFrameError("no shape")
        size *= side
    if size != len(blobs[place]):
        raise BrokenFrameError("a shape that its bytes do not fill")
    if kind == "|b1" and size and max(blobs[place]) > 1:
        raise BrokenFrameError("a truth value that is neither true nor false")
    try:
        return np.frombuffer(blobs[place], dtype=kind).reshape(shape).copy()
    except ValueError:
        raise BrokenFrameError("no shape") from None
