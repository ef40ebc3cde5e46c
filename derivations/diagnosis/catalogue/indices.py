"""Formulas with indices: a sum that is left out, one letter for two neurons."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import Misconception, layerwise
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import changed, free_letters
from derivations.formula import Entry, Formula, Index, IndexSum, walk
from derivations.shapes import Extent
from derivations.values import replaced

_LETTERS = "kijmpqrs"


def _summed(node: Formula, s: Situation) -> Iterator[Formula]:
    """w_kj δ_k → Σ_k w_kj δ_k, for a letter that the other side does not have."""
    more = free_letters(node) - free_letters(s.target)
    if 0 < len(more) <= 2:
        for letter in sorted(more, reverse=True):
            node = IndexSum(letter, node)
        yield node


def _own_letter(node: Formula, s: Situation) -> Iterator[Formula]:
    """δ^{l+1}_j w_jj → Σ_k δ^{l+1}_k w_kj: where j would be a neuron of another layer, it is another letter."""
    runs: dict[str, Extent] = {}
    for part in walk(s.target):
        if isinstance(part, Entry):
            runs |= {index.name: width for index, width in _places(part, s)}
    taken = {
        index.name
        for side in (node, s.target)
        for part in walk(side)
        if isinstance(part, Entry)
        for index in part.indices
    }
    new = next((letter for letter in _LETTERS if letter not in taken), None)
    if new is None:
        return

    def rule(part: Formula) -> Formula | None:
        if not isinstance(part, Entry):
            return None
        indices = tuple(
            Index(new) if index.name in runs and runs[index.name] != width else index
            for index, width in _places(part, s)
        )
        return replaced(part, indices=indices) if indices and indices != part.indices else None

    other = changed(node, rule)
    if other != node:
        yield IndexSum(new, other)


def _other_letter(node: Formula, s: Situation) -> Iterator[Formula]:
    """Σ_k … σ′(z_k) → Σ_k … σ′(z_j), where j is the index of the other side."""
    match node:
        case Entry(indices=(Index(number=None) as index,)) if index.name not in (wanted := free_letters(s.target)):
            for letter in sorted(wanted):
                yield replaced(node, indices=(Index(letter),))


def _places(entry: Entry, s: Situation) -> list[tuple[Index, Extent]]:
    """Each index of an entry, and the width that it runs over."""
    shape = s.shape(entry.of)
    if shape is None:
        return []
    if len(entry.indices) == 2:
        return list(zip(entry.indices, shape, strict=True))
    return [(entry.indices[0], shape.rows if shape.columns == 1 else shape.columns)]


ROWS = (
    Misconception(
        "sum-missing",
        "the sum is missing",
        "An index that stands on one side only has to be summed over: J hears of a neuron through all neurons of the "
        "layer above, and what comes back from each of them is added.",
        _summed,
        layerwise("δ^l_j = w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)", "z^l_j = w^l_{jk} a^{l-1}_k + b^l_j"),
        layerwise("δ^l_j = Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)"),
        "sum",
    ),
    Misconception(
        "one-letter-for-two",
        "one letter stands for two neurons, and the sum over one of them is missing",
        "j is a neuron of one layer; the neurons of the other layer need a letter of their own, and all of them take "
        "part, in a sum.",
        _own_letter,
        layerwise("δ^l_j = δ^{l+1}_j w^{l+1}_{jj} σ'(z^l_j)"),
        layerwise("δ^l_j = Σ_k δ^{l+1}_k w^{l+1}_{kj} σ'(z^l_j)"),
        "sum",
        whole=True,
    ),
    Misconception(
        "index-of-another-neuron",
        "an index is that of another neuron",
        "Each letter stands for neurons of one layer. What belongs to the neuron that is asked for has its letter; "
        "only what is summed over has the letter of the sum.",
        _other_letter,
        layerwise("δ^l_j = Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_k)"),
        layerwise("δ^l_j = Σ_k w^{l+1}_{kj} δ^{l+1}_k σ'(z^l_j)"),
        "sum",
    ),
)
