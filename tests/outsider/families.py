"""The families of claims. Each draws one claim from a ``Random``, with its truth by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random

from tests.outsider.drawing import BOUND, NAMED, SYMBOLS, Drawing, declared, worlds
from tests.outsider.judging import Claim
from tests.outsider.laws import ASSUMED, instance, jacobian, rewritten, slipped, slope
from tests.outsider.networks import network
from tests.outsider.spelling import DIALECTS, Writer, with_note
from tests.outsider.trees import SCALAR, Misfit, Node, Shape, fun, grad, make, num
from tests.outsider.values import NoValue, World, same, value

SHAPES: tuple[Shape, ...] = (SCALAR, SCALAR, ("n", "1"), ("m", "1"), ("n", "n"), ("m", "n"))
Free = tuple[tuple[str, str], ...]
"""Index letters that nothing sums over, with their widths."""

worlds_of = cache(worlds)


def truth_of(left: Node, right: Node, seed: int, free: Free = ()) -> str:
    """Whether two sides are equal at every sample: one word of ``Claim.truth``."""
    if left.shape != right.shape or not _indices_fit([left, right], dict(free)):
        return "misfit"
    return {True: "true", False: "false", None: "unknown"}[same(left, right, worlds_of(seed), free)]


def _indices_fit(nodes: Sequence[Node], widths: dict[str, str]) -> bool:
    """Whether each index runs over one width, wherever it stands."""
    for node in nodes:
        inner = {**widths, **dict([node.data])} if node.op == "Sum" else widths
        if node.op == "entry" and any(
            widths.get(k, d) != d for k, d in zip(node.data, node.args[0].shape or (), strict=False)
        ):
            return False
        if not _indices_fit(node.args, inner):
            return False
    return True


def names_in(*sides: Node) -> set[str]:
    return {node.data for side in sides for node in side.nodes() if node.op == "sym"}


def perhaps_slipped(e: Node, rng: Random) -> Node:
    return slipped(e, rng) if rng.random() < 0.4 else e


def claimed(sides: list[Node], rng: Random, *, layout: str = "denominator", free: Free = ()) -> Claim:
    """A claim, or a chain of them."""
    writer, seed = Writer(rng.choice(DIALECTS), rng), rng.randrange(4)
    text = rng.choice([" = ", " = ", "="]).join(writer.write(side) for side in sides)
    if writer.latex and rng.random() < 0.1:
        text = with_note(text, rng)
    truth = tuple(truth_of(a, b, seed, free) for a, b in pairwise(sides))
    again = tuple(truth_of(sides[0], side, seed, free) for side in sides[1:])
    parts = [node for side in sides for node in side.nodes()]
    unknown = any(node.op in ("entry", "Sum") or (node.op == "fun" and node.data[0] == "f") for node in parts)
    claim = Claim(text, truth, declared(names_in(*sides), rng), layout, again=again, ambiguous=writer.ambiguous)
    return claim if unknown or writer.ambiguous else replace(claim, sides=tuple(sides))


def differentiated(rng: Random, depth: int, layout: str = "denominator") -> tuple[Node, Node]:
    """∂f/∂x of a number f, and the same worked out by hand."""
    f = Drawing(rng).draw(SCALAR, depth)
    if not (by := sorted(names_in(f) - BOUND)):
        raise Misfit
    name = rng.choice(by)
    return grad(f, NAMED[name], layout), slope(f, name)


def laws(rng: Random) -> Claim:
    """An expression, and the same after some laws."""
    e = Drawing(rng).draw(rng.choice(SHAPES), rng.choice([1, 2, 2, 3]))
    sides = [e, perhaps_slipped(rewritten(e, rng, rng.randint(1, 5)), rng)]
    return claimed(sides[:: rng.choice([1, -1])], rng)


def slopes(rng: Random) -> Claim:
    """The derivative of a number, alone or in the midst of a larger formula."""
    left, right = differentiated(rng, rng.choice([1, 2, 2]))
    right = perhaps_slipped(rewritten(right, rng, rng.randint(0, 3)), rng)
    if rng.random() < 0.4 and left.shape:
        drawing = Drawing(rng)
        leaf, number, wide = drawing.leaf(left.shape), drawing.leaf(SCALAR), drawing.leaf((rng.choice("nm"), left.rows))
        around: Callable[[Node], Node] = rng.choice(
            [lambda e: e * leaf, lambda e: e * leaf, lambda e: leaf * e, lambda e: e + leaf, lambda e: leaf - e,
             lambda e: number @ e, lambda e: e if e.is_scalar else wide @ e, lambda e: e if e.is_scalar else e.T]
        )  # fmt: skip
        left, right = around(left), around(right)
    return claimed([left, right], rng)


def respelled(rng: Random) -> Claim:
    """An expression with few brackets, and the same with all of them, in another dialect."""
    e = (
        Drawing(rng).draw(rng.choice(SHAPES), rng.choice([2, 2, 3]))
        if rng.random() < 0.5
        else differentiated(rng, 2)[0]
    )
    few, full = Writer(rng.choice(DIALECTS), rng), Writer(rng.choice(DIALECTS), rng, sparing=False)
    text = f"{few.write(e)} = {full.write(e)}"
    return Claim(text, (truth_of(e, e, 0),), declared(names_in(e), rng), ambiguous=few.ambiguous)


def chains(rng: Random) -> Claim:
    """A chain of three or four sides, each from the one before by a law or a slip."""
    sides = [Drawing(rng).draw(rng.choice(SHAPES), 2)]
    for _ in range(rng.randint(2, 3)):
        sides.append(rewritten(sides[-1], rng, 1) if rng.random() < 0.75 else slipped(sides[-1], rng))
    if len({side.shape for side in sides}) > 1:
        raise Misfit
    return claimed(sides, rng)


def entries(rng: Random) -> Claim:
    """An entry of an expression, or a derivative by an entry, written out with sums."""
    i, j = rng.choice(["ij", "pi", "jk", "kl", "ki"])
    if rng.random() < 0.35:
        left, right = differentiated(rng, rng.choice([1, 2]))
    else:
        left = Drawing(rng).draw(rng.choice(SHAPES[2:]), rng.choice([1, 1, 2]))
        right = rewritten(left, rng, rng.randint(0, 2))
    at = (i,) if left.is_column else (i, j)
    right = perhaps_slipped(entry_of(right, (*at, "")[:2], iter("qrgabe")), rng)
    return claimed([make("entry", left, data=at), right], rng, free=tuple(zip(at, left.shape or (), strict=False)))


def entry_of(e: Node, at: tuple[str, ...], fresh: Iterator[str]) -> Node:
    """An entry of an expression, with its products as sums; a column has no second index."""
    (i, j), a = at, e.args
    match e.op:
        case _ if e.is_scalar:
            return e
        case "T":
            return entry_of(a[0], (j, i), fresh)
        case "mul" if not (a[0].is_scalar or a[1].is_scalar):
            k = next(fresh, None) if a[0].columns != "1" else ""
            if k is None:  # out of letters
                raise Misfit
            body = entry_of(a[0], (i, k), fresh) @ entry_of(a[1], (k, j), fresh)
            return make("Sum", body, data=(k, a[0].columns)) if k else body
        case "add" | "sub" | "neg" | "had" | "mul" | "div" | "fun":
            return make("mul" if e.op == "had" else e.op, *(entry_of(arg, at, fresh) for arg in a), data=e.data)
        case "ones":
            return num(1)
    return make("entry", e, data=tuple(k for k in at if k))


def definitions(rng: Random) -> Claim:
    """A sheet in which parts of the sides have names of their own."""
    left, right = differentiated(rng, 2)
    if rng.random() < 0.5:
        left = Drawing(rng).draw(rng.choice(SHAPES), 2)
        right = rewritten(left, rng, 2)
    right = perhaps_slipped(right, rng)
    truth, sheet, writer = (
        truth_of(left, right, rng.randrange(4)),
        [declared(names_in(left, right), rng)],
        Writer(rng.choice(DIALECTS), rng),
    )
    for name in "zr"[: rng.randint(1, 2)]:
        parts = [
            n for n in left.nodes()[1:] if n.args and n.op != "entry" and not any(p.op == "entry" for p in n.nodes())
        ]
        if parts:
            part = rng.choice(parts)
            sheet.append(f"{name} := {writer.write(part)}")
            named = make("sym", data=name, shape=part.shape)
            left, right = (side.swapped(part, named, everywhere=True) for side in (left, right))
    text = f"{writer.write(left)} = {writer.write(right)}"
    if text.startswith("-"):  # it would go on from the line above
        raise Misfit
    return Claim("\n".join([*sheet, text]), (truth,), ambiguous=writer.ambiguous)


def jacobians(rng: Random) -> Claim:
    """The derivative of a column by a column, or of a number by anything, in both layouts."""
    layout = rng.choice(["denominator", "numerator"])
    if rng.random() < 0.3:
        left, right = differentiated(rng, rng.choice([1, 2]), layout)
    else:
        e, x = Drawing(rng).draw((rng.choice("nm"), "1"), rng.choice([1, 2])), NAMED[rng.choice("xyuqv")]
        if places := [node for node in e.nodes() if node.op == "sym" and node.shape == x.shape]:
            e = e.swapped(rng.choice(places), x)
        left, right = grad(e, x, layout), jacobian(e, x.data)
    if layout == "numerator" and not right.is_scalar:
        right = right.T
    return claimed([left, perhaps_slipped(rewritten(right, rng, rng.randint(0, 3)), rng)], rng, layout=layout)


def assumptions(rng: Random) -> Claim:
    """What follows from what is assumed of a name; or the same of a name of which nothing is."""
    name = rng.choice(sorted(name for name, (_, assumed) in SYMBOLS.items() if assumed))
    others = sorted(other for other, (shape, _) in SYMBOLS.items() if shape == NAMED[name].shape)
    of = NAMED[name if rng.random() < 0.5 else rng.choice(others)]
    law = rng.choice(ASSUMED[SYMBOLS[name][1]])
    here, there = (instance(side, {"A": of}) for side in law)
    e = Drawing(rng).draw(rng.choice(SHAPES), 2)
    spots = [node for node in e.nodes() if node.shape == here.shape]
    spot = rng.choice(spots) if spots else e
    left, right = (e.swapped(spot, side) for side in (here, there))
    return claimed([left, rewritten(right, rng, rng.randint(0, 2))], rng)


def hypotheses(rng: Random) -> Claim:
    """What holds where something is not 0, which it may be, or always is."""
    e = Drawing(rng).draw(SCALAR, rng.choice([1, 2]))
    if rng.random() < 0.5:
        e = e - rewritten(e, rng, rng.randint(1, 4))
    left = rng.choice([e / e, fun("sign", e) ** 2, fun("step", e) + fun("step", -e), (num(1) / e) @ e])
    writer = Writer(rng.choice(DIALECTS), rng)
    signs = {sign for seed in range(4) for world in worlds_of(seed) if (sign := _sign(e, world)) is not None}
    truth = "nowhere" if signs <= {0} else "partly" if len(signs) > 1 else "mostly"
    return Claim(f"{writer.write(left)} = 1", (truth,), declared(names_in(e), rng), ambiguous=writer.ambiguous)


def _sign(e: Node, world: World) -> int | None:
    try:
        found = value(e, world)[0, 0].real
    except NoValue:
        return None
    return 0 if abs(found) < 1e-7 else 1 if found > 0 else -1


FAMILIES: dict[Callable[[Random], Claim], int] = {
    laws: 4, slopes: 5, respelled: 3, chains: 1, entries: 2, definitions: 2, jacobians: 2, assumptions: 2,
    hypotheses: 1, network: 5,
}  # fmt: skip
"""Each family with how often it is drawn."""


def claims(seed: int, count: int, families: Sequence[Callable[[Random], Claim]] = tuple(FAMILIES)) -> Iterator[Claim]:
    """So many claims; the same for the same seed."""
    for k in range(count):
        rng, claim = Random(f"{seed}:{k}"), None
        while claim is None or "unknown" in claim.truth or len(claim.text) > 400:
            family = rng.choices(families, [FAMILIES[family] for family in families])[0]
            try:
                claim = family(rng)
            except Misfit:
                continue
            claim.family = family.__name__
        yield claim
