"""What a student's backpropagation returned, as gradients: by name, or by place and shape."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Final

import numpy as np

from numeric import wording
from numeric.arrays import Array, shape_text
from numeric.claimed import Claimed
from numeric.errors import misuse
from numeric.network import Network
from numeric.student.asking import Answer

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "weights": ("dw", "w", "nabla_w", "grad_w", "dweights", "weights", "dj_dw", "gw"),
    "biases": ("db", "b", "nabla_b", "grad_b", "dbiases", "biases", "bias", "dj_db", "gb"),
    "delta": ("delta", "deltas", "dz", "dj_dz", "δ"),
}
"""What a gradient may be called, in lower case and without its layer number."""


def gradients(network: Network, batch: int, answer: Answer, path: str) -> Claimed:
    """The arrays that came back, as claims about W^l, b^l and, if given, δ^l; rows are turned into columns.

    :raises MisuseError: if they are no set of gradients, with the signature that was expected.
    """
    groups = _by_name(answer.arrays) or _by_place(network, batch, answer)
    depth = network.depth
    weights, biases = groups.get("weights", []), groups.get("biases", [])
    if len(weights) != depth or len(biases) != depth:
        raise misuse(
            wording.UNREADABLE_ANSWER,
            wording.EXPECTED_SIGNATURE.replace("{", "{{").replace("}", "}}"),
            path=path,
            seen=_described(answer.arrays),
            widths=", ".join(map(str, network.widths)),
        )
    delta = groups.get("delta", [])
    turned = [[array.T if answer.rows else array for array in group] for group in (weights, biases, delta)]
    kept = tuple(turned[2]) if len(delta) == depth else None
    claim = Claimed(tuple(turned[0]), tuple(turned[1]), kept)
    return Claimed(claim.weights, claim.biases, claim.delta, own_samples=_per_sample(claim, batch))


def _by_name(arrays: dict[str, Array]) -> dict[str, list[Array]]:
    """``dW1``, ``dW/0``, ``nabla_w/1``, ``delta2``: sorted by the number at the end."""
    found: dict[str, list[tuple[int, Array]]] = {}
    for path, array in arrays.items():
        match = re.fullmatch(r"(\D*?)[_/\[\^{]*(\d+)[\]}]*", path.split("/", 1)[-1] if path[0].isdigit() else path)
        if match is None:
            continue
        name = match[1].lower()
        for group, names in NAMES.items():
            if name in names:
                found.setdefault(group, []).append((int(match[2]), array))
    return {group: [array for _, array in sorted(pairs, key=lambda p: p[0])] for group, pairs in found.items()}


def _by_place(network: Network, batch: int, answer: Answer) -> dict[str, list[Array]]:
    """Two or three lists, one for each kind (or one list of pairs): told apart by how well the shapes fit."""
    lists: dict[str, list[Array]] = {}
    for path, array in answer.arrays.items():
        lists.setdefault(path.rpartition("/")[0], []).append(array)
    groups = list(lists.values())
    turned = [list(kind) for kind in zip(*groups, strict=True)] if len({len(group) for group in groups}) == 1 else []
    best, found = -1, {}
    for kinds in (groups, turned):
        if len(kinds) not in (2, 3) or any(len(kind) != network.depth for kind in kinds):
            continue
        names = ("weights", "biases", "delta")[: len(kinds)]
        for order in permutations(range(len(kinds))):
            named = {name: kinds[place] for name, place in zip(names, order, strict=True)}
            fit = sum(
                _fit(network, batch, name, layer, array)
                for name, arrays in named.items()
                for layer, array in enumerate(arrays, start=1)
            )
            if fit > best:
                best, found = fit, named
    return found


def _fit(network: Network, batch: int, name: str, layer: int, array: Array) -> int:
    """2 for the right shape either way round, 1 for the right number of entries."""
    before, here = network.widths[layer - 1], network.widths[layer]
    wanted = {"weights": (here, before), "biases": (here, 1), "delta": (here, batch)}[name]
    if sorted(array.shape) == sorted(wanted):
        return 2
    return int(array.size == wanted[0] * wanted[1])


def _per_sample(claim: Claimed, batch: int) -> bool:
    """Whether the learner's δ^l are those of each sample's own cost: then their *mean* is ∂J/∂b^l, in most layers."""
    if claim.delta is None or batch == 1:
        return False
    votes = 0
    for delta, bias in zip(claim.delta, claim.biases, strict=True):
        if delta.ndim != 2 or bias.size != delta.shape[0]:
            continue
        total, given = delta.sum(axis=1), bias.reshape(-1)
        votes += int(np.allclose(total / batch, given)) - int(np.allclose(total, given))
    return votes > 0


def _described(arrays: dict[str, Array]) -> str:
    if not arrays:
        return "nothing"
    listed = [f"{path} ({shape_text(array.shape)})" for path, array in list(arrays.items())[:6]]
    return ", ".join(listed) + (", …" if len(arrays) > 6 else "")
