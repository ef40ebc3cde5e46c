"""What a student's backpropagation returned, as gradients: by name, or by place and shape."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any, Final

import numpy as np

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.claimed import Claimed, Convention, blocks, with_numbers_as_arrays
from numeric.errors import misuse
from numeric.network import Network
from numeric.precision import precision_of
from numeric.student.asking import Answer, array_of, is_number, leaves

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "weights": ("dw", "w", "nabla_w", "grad_w", "dweights", "weights", "dj_dw", "gw"),
    "biases": ("db", "b", "nabla_b", "grad_b", "dbiases", "biases", "bias", "dj_db", "gb"),
    "delta": ("delta", "deltas", "dz", "dj_dz", "δ"),
}
"""What a gradient may be called, in lower case and without its layer number."""
KIND: Final = {name: kind for kind, names in NAMES.items() for name in names}
NUMBERED: Final = re.compile(r"(\D*?)[_/\[\^{]*(\d{1,9})[\]}]*")
SHOWN: Final = 6
"""Names of returned arrays that a sentence lists."""


@dataclass(slots=True)
class _Found:
    """The arrays of one kind: by the number in their names, or in a list (where None holds a place)."""

    numbered: dict[int, Array] = field(default_factory=dict)
    listed: list[Array | None] | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """The claim that an answer makes, and what has to be said of the rest of it."""

    claim: Claimed
    remarks: tuple[str, ...]

    def fits(self, network: Network, batch: int) -> bool:
        """Whether every array has the shape that it should have."""
        checked = blocks(network, batch, with_numbers_as_arrays(network, batch, self.claim))
        return all(array.shape == block.shape for block, array in checked)


def gradients(network: Network, batch: int, answer: Answer, path: str) -> Understood:
    """The arrays that came back, as claims about W^l, b^l and, as far as given, δ^l; all with samples as columns.

    :raises MisuseError: if they are no set of gradients, with the signature that was expected.
    """
    others: list[str] = []
    found: dict[str, _Found] = {}
    try:
        _by_name(answer.value, found, others)
        if not found.keys() & {"weights", "biases"}:
            others, found = [], _by_place(network, batch, answer.value)
    except TypeError:  # a list of numbers with something else among them
        raise _unreadable(network, answer, path, []) from None
    depth = network.depth
    base = min((min(one.numbered) for kind, one in found.items() if kind != "delta" and one.numbered), default=None)
    weights, biases = (_placed(found.get(kind, _Found()), depth, base) for kind in ("weights", "biases"))
    missing = [
        f"{name}{layer + (1 if base is None else base)}"
        for name, arrays in (("dW", weights), ("db", biases))
        for layer in range(depth)
        if arrays is None or layer not in arrays
    ]
    if missing or weights is None or biases is None:
        raise _unreadable(network, answer, path, missing if found else [])
    others += [
        f"{name}{layer + (1 if base is None else base)}"
        for name, arrays in (("dW", weights), ("db", biases))
        for layer in sorted(arrays)
        if not 0 <= layer < depth
    ]
    delta, remarks = _deltas(network, batch, found.get("delta"), base)
    if others:
        shown = others[:SHOWN] + ["…"] * (len(others) > SHOWN)
        remarks.append(wording.NOT_CHECKED.format(names=wording.shortened(", ".join(shown))))
    claim = _upright(
        answer.convention,
        network,
        [weights[k] for k in range(depth)],
        [biases[k] for k in range(depth)],
        delta,
    )
    return Understood(claim, tuple(remarks))


def _by_name(value: Any, found: dict[str, _Found], others: list[str], number: int | None = None) -> None:
    """``dW1``, ``dW: [...]``, ``nabla_w_1``, ``delta2``, or ``dW`` and ``db`` in a dict for each layer."""
    if isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            if isinstance(inner, dict):
                _by_name(inner, found, others, place)
        return
    if not isinstance(value, dict):
        return
    for key, inner in value.items():
        name = str(key)
        match = NUMBERED.fullmatch(name)
        kind = KIND.get((match[1] if match else name).lower().rstrip("_"))
        if kind is None and _holds_dicts(inner):
            _by_name(inner, found, others, int(match[2]) if match else number)
        elif kind is None:
            others.append(name)
        elif match:
            found.setdefault(kind, _Found()).numbered[int(match[2])] = array_of(inner)
        elif number is not None and not isinstance(inner, dict):
            found.setdefault(kind, _Found()).numbered[number] = array_of(inner)
        elif isinstance(inner, dict):
            numbers = {NUMBERED.fullmatch(str(place)): array for place, array in inner.items()}
            found.setdefault(kind, _Found()).numbered |= {
                int(m[2]): array_of(array) for m, array in numbers.items() if m
            }
        else:
            found.setdefault(kind, _Found()).listed = _items(inner)


def _holds_dicts(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list | tuple) and any(isinstance(v, dict) for v in value))


def _items(value: Any) -> list[Array | None]:
    """The arrays of a list, layer by layer; a matrix alone is that of a network of one layer."""
    if isinstance(value, np.ndarray) and value.ndim < 3:
        return [value]
    if isinstance(value, list | tuple) and not any(isinstance(v, list | tuple | np.ndarray) for v in value):
        return [array_of(value)]
    return [None if inner is None else array_of(inner) for inner in value]


def _by_place(network: Network, batch: int, value: Any) -> dict[str, _Found]:
    """Two or three lists, one for each kind (or one list of pairs): told apart by how well the shapes fit."""
    if not isinstance(value, list | tuple):
        return {}
    several = [inner for inner in value if inner is not None and not is_number(inner)]  # the cost may come back too
    groups = [_items(inner) for inner in (several if len(several) > 1 or len(value) != 2 else value)]
    turned = [list(kind) for kind in zip(*groups, strict=True)] if len({len(group) for group in groups}) == 1 else []
    best, found = -1, {}
    for kinds in (groups, turned):
        if len(kinds) not in (2, 3):
            continue
        names = ("weights", "biases", "delta")[: len(kinds)]
        for order in permutations(range(len(kinds))):
            named = {name: kinds[place] for name, place in zip(names, order, strict=True)}
            if any(len(named[name]) != network.depth for name in ("weights", "biases")):
                continue
            fit = sum(
                _fit(network, batch, name, layer, array)
                for name, arrays in named.items()
                for layer, array in enumerate(arrays[: network.depth], start=1)
            )
            if fit > best:
                best, found = fit, {name: _Found(listed=arrays) for name, arrays in named.items()}
    return found


def _fit(network: Network, batch: int, name: str, layer: int, array: Array | None) -> int:
    """2 for the right shape either way round, 1 for the right number of entries."""
    if array is None:
        return 0
    before, here = network.widths[layer - 1], network.widths[layer]
    wanted = {"weights": (here, before), "biases": (here, 1), "delta": (here, batch)}[name]
    if sorted(array.shape) == sorted(wanted):
        return 2
    return int(array.size == wanted[0] * wanted[1])


def _placed(found: _Found, depth: int, base: int | None) -> dict[int, Array] | None:
    """The arrays by layer, from 0; None where a list is shorter than the network is deep."""
    if found.listed is not None:
        if len(found.listed) < depth:
            return None
        return {k: array for k, array in enumerate(found.listed) if array is not None}
    return {number - (base or 0): array for number, array in found.numbered.items()}


def _deltas(
    network: Network, batch: int, found: _Found | None, base: int | None
) -> tuple[tuple[Array | None, ...] | None, list[str]]:
    """δ^1 … δ^L, None where there is none; and what has to be said of what is missing or cannot be placed."""
    if found is None:
        return None, []
    depth = network.depth
    if found.listed is not None:
        placed = _listed_deltas(network, batch, found.listed)
        if placed is None:
            count = sum(array is not None for array in found.listed)
            sentence = wording.DELTA_UNPLACED.format(
                count=wording.counted(count, "array"), depth=wording.counted(depth, "layer")
            )
            return None, [sentence]
    else:
        first = (0 if 0 in found.numbered and depth not in found.numbered else 1) if base is None else base
        placed = {number - first: array for number, array in found.numbered.items()}
    given = [k + 1 for k in range(depth) if k in placed]
    missing = [k + 1 for k in range(depth) if k not in placed]
    if not given:
        return None, []
    said = wording.DELTA_MISSING.format(given=wording.layers(given), missing=wording.layers(missing))
    return tuple(placed.get(k) for k in range(depth)), [said] * bool(missing)


def _listed_deltas(network: Network, batch: int, listed: Sequence[Array | None]) -> dict[int, Array] | None:
    """A list of δ by layer, from 0. One that is too short or too long is placed where alone its shapes fit."""
    depth = network.depth
    starts = [0]
    if len(listed) != depth:
        starts = [
            start
            for start in range(min(0, depth - len(listed)), max(0, depth - len(listed)) + 1)
            if all(
                _fit(network, batch, "delta", start + k + 1, array) == 2
                for k, array in enumerate(listed)
                if array is not None and 0 <= start + k < depth
            )
        ]
    if len(starts) != 1:
        return None
    return {starts[0] + k: array for k, array in enumerate(listed) if array is not None and 0 <= starts[0] + k < depth}


def _upright(
    convention: Convention,
    network: Network,
    weights: Sequence[Array],
    biases: Sequence[Array],
    delta: tuple[Array | None, ...] | None,
) -> Claimed:
    """A claim with samples as columns. A bias of shape (n,) is right where it was handed over so, and where samples are
    rows: (1, n) and (n,) are added to every row alike, and one is taken off the other without harm. For columns,
    (n, 1) less (n,) is n × n."""

    def turned(array: Array, turn: bool) -> Array:
        return array.T if turn else array

    def bias(array: Array, width: int) -> Array:
        if convention.rows and array.shape in ((width,), (1, width)):
            return array.reshape(width, 1)
        return array[..., None] if convention.flat else turned(array, convention.rows)

    claim = Claimed(
        tuple(turned(W, convention.turned) for W in weights),
        tuple(bias(b, n) for b, n in zip(biases, network.widths[1:], strict=True)),
        None if delta is None else tuple(None if d is None else turned(d, convention.rows) for d in delta),
        convention=convention,
    )
    return replace(claim, own_samples=_per_sample(claim))


def _per_sample(claim: Claimed) -> bool:
    """Whether the learner's δ^l are those of each sample's own cost: then their *mean* is ∂J/∂b^l, in most layers."""
    votes = 0
    for delta, bias in zip(claim.delta or (), claim.biases, strict=False):
        if delta is None or delta.ndim != 2 or bias.size != delta.shape[0] or delta.shape[1] == 1:
            continue
        close = precision_of([delta, bias])
        total, given = delta.sum(axis=1, dtype=np.float64), bias.reshape(-1).astype(np.float64)
        room = max(close.same, 1e-5) * float(np.abs(given).max(initial=0.0))
        votes += int(np.allclose(total / delta.shape[1], given, rtol=0.0, atol=room))
        votes -= int(np.allclose(total, given, rtol=0.0, atol=room))
    return votes > 0


def _unreadable(network: Network, answer: Answer, path: str, missing: Sequence[str]) -> Exception:
    return misuse(
        wording.UNREADABLE_ANSWER,
        wording.EXPECTED_SIGNATURE.replace("{", "{{").replace("}", "}}"),
        path=path,
        seen=_described(dict(leaves(answer.value))),
        widths=", ".join(map(str, network.widths)),
        missing=_missing(missing),
    )


def _missing(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = list(names[:SHOWN]) + ["…"] * (len(names) > SHOWN)
    verb = "is" if len(names) == 1 else "are"
    return wording.ARE_MISSING.format(names=f"{wording.listed(shown)} {verb}")


def _described(arrays: Mapping[str, Array]) -> str:
    if not arrays:
        return "nothing"
    listed = [f"{path} ({shape_text(array.shape)})" for path, array in list(arrays.items())[:SHOWN]]
    return wording.shortened(", ".join(listed) + (", …" if len(arrays) > SHOWN else ""))
