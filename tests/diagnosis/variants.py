"""The catalogue's slips again: in other layers, spellings, notations, networks, in a batch, and under other names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derivations.diagnosis import CATALOGUE
from derivations.formula import Claim, Formula, Function, Layer, Symbol, Unreadable, walk
from derivations.reading import read_claim
from derivations.setting import Network, Setting, network_from
from derivations.values import contents, names_of, replaced
from derivations.writing import Spelling, write_claim

LAYERS = (Layer("l"), Layer("l", 1), Layer("", 3), Layer("L", -2))
SPELLINGS = (Spelling.UNICODE, Spelling.LATEX, Spelling.PLAIN, Spelling.NUMPY)
NETWORKS = ("", "activation=sigmoid", "loss=mse", "activation=tanh loss=mse", "loss=softmax-ce activation=relu")
BATCHED = {"a": "A", "z": "Z", "x": "X", "y": "Y"}
IN_A_BATCH = frozenset(
    [
        "bp2-missing-transpose",
        "bp2-missing-sigma-prime",
        "sigma-prime-at-a",
        "sigma-prime-wrong-layer",
        "sigma-prime-times-z",
        "off-by-one-weight",
        "off-by-one-error",
        "hadamard-precedence",
        "W-vs-dW",
    ]
)


@dataclass(frozen=True)
class Variant:
    code: str
    claim: str
    use: str
    given: str = ""

    def setting(self) -> Setting:
        return Setting(network=self.network)

    @property
    def network(self) -> Network | None:
        if self.given:
            return None
        return network_from(dict(word.split("=") for word in self.use.split()), (0, 0))  # type: ignore[arg-type]


def moved(formula: Formula, to: Layer, batched: bool) -> Formula:
    """A formula about layer l, told of another layer."""
    changes: dict[str, object] = {}
    for name, value in zip(names_of(formula), contents(formula), strict=True):
        if isinstance(value, Layer):
            changes[name] = Layer(to.base, to.offset + value.offset) if value.base == "l" else value
        elif isinstance(value, Function) and value.layer is not None:
            changes[name] = replaced(value, layer=Layer(to.base, to.offset + value.layer.offset))
        elif isinstance(value, Formula):
            changes[name] = moved(value, to, batched)
        elif isinstance(value, tuple) and value and isinstance(value[0], Formula):
            changes[name] = tuple(moved(item, to, batched) for item in value)
    formula = replaced(formula, **changes)
    if batched and isinstance(formula, Symbol) and formula.name in BATCHED:
        return replaced(formula, name=BATCHED[formula.name])
    return formula


def variants() -> Iterator[Variant]:
    """All variants, in a fixed order."""
    seen: set[tuple[str, str]] = set()
    for row in CATALOGUE:
        for example in row.catches:
            if example.given:
                continue
            uses = NETWORKS if not example.use else (example.use,)
            if row.code in IN_A_BATCH:
                uses = (*uses, "batch=m")
            for number, use in enumerate(uses):
                for variant in _of_network(row.code, example.claim, use, number):
                    if (variant.claim, variant.use) not in seen:
                        seen.add((variant.claim, variant.use))
                        yield variant


def _of_network(code: str, claim: str, use: str, number: int) -> Iterator[Variant]:
    original = Variant(code, claim, use)
    try:
        read = read_claim(claim, original.setting().vocabulary)
    except Unreadable:
        return
    named = [n.layer for side in read.sides for n in walk(side) if isinstance(n, Symbol) and n.layer]
    for turn, layer in enumerate(LAYERS):
        if layer != LAYERS[0] and not any(at.base == "l" for at in named):
            continue
        if ("sech" in claim or "tanh" in claim) and number:
            continue
        sides = tuple(moved(side, layer, "batch" in use and number > 0) for side in read.sides)
        for place, spelling in enumerate(SPELLINGS):
            notation = (
                "bracket" if (turn + place + number) % 3 == 0 and spelling is not Spelling.NUMPY else "superscript"
            )
            text = write_claim(Claim(sides), spelling, notation)  # type: ignore[arg-type]
            yield Variant(code, text, use)
