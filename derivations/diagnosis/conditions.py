"""When a false claim would be right: in the other layout, under another loss, if B were symmetric …"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations

from derivations.diagnosis import words
from derivations.diagnosis.proof import proves
from derivations.diagnosis.trees import changed, free_letters
from derivations.formula import (
    Apply,
    Binary,
    Call,
    Entry,
    Formula,
    Function,
    Index,
    IndexSum,
    Number,
    Op,
    Power,
    Symbol,
    walk,
)
from derivations.setting import Context, Network, Setting
from derivations.shapes import Extent, Shape, Width
from derivations.values import replaced
from derivations.verdicts import Diagnosis
from derivations.work import Purse

WORK = 300_000
"""What they may cost, unless a purse is given."""
MOST_WISHES = 24
"""How many conditions are tried."""


def conditions(
    left: Formula, right: Formula, context: Context, fits: bool = True, purse: Purse | None = None
) -> Iterator[Diagnosis]:
    """The conditions, among those known here, under which a false claim is proved.

    ``fits`` is False where the shapes do not: then only another layout or other widths can help. Raises Spent where
    ``purse`` does not last for all of them.
    """
    purse = purse or Purse(WORK)
    found: list[Diagnosis] = []
    for number, (diagnosis, one, other, setting) in enumerate(_all(left, right, context, fits)):
        if number == MOST_WISHES:
            break
        if any(_implies(known.code, diagnosis.code) for known in found):
            continue
        if proves(one, other, setting, purse):
            found.append(diagnosis)
            yield diagnosis


def _implies(known: str, further: str) -> bool:
    """Whether a condition is told already by a weaker one: with the sigmoid, under any loss."""
    return further == f"{known}-and-mse" or (known, further) == ("right-with-sigmoid", "right-with-bce")


_Wish = tuple[Diagnosis, Formula, Formula, Context]


def _all(left: Formula, right: Formula, context: Context, fits: bool) -> Iterator[_Wish]:
    setting = context.setting
    other = "numerator" if setting.layout == "denominator" else "denominator"
    in_other = replaced(context, setting=replaced(setting, layout=other))
    yield _said(f"right-in-{other}-layout", words.IN_LAYOUT, layout=other), left, right, in_other
    if fits and setting.network is not None:
        written_out = any(_is_rest_to_one(node) for side in (left, right) for node in walk(side))
        for diagnosis, network in _networks(setting.network, written_out):
            yield diagnosis, left, right, _again(left, right, replaced(setting, network=network))
        yield from _as_activation(left, right, context)
    if not fits and setting.network is not None:
        yield from _powers_of_entries(left, right, setting, setting.network)
    if fits:
        yield from _equal_indices(left, right, context)
    names = _names((left, right), setting)
    yield from _one_sample(left, right, setting, names)
    yield from _equal_widths(left, right, setting, names)
    if fits:
        for diagnosis, wished in _properties(left, right, setting, names):
            yield diagnosis, left, right, _again(left, right, wished)


def _equal_indices(left: Formula, right: Formula, context: Context) -> Iterator[_Wish]:
    """Two index letters the same one: ∂z_i/∂W_jk = a_k is right where i = j."""
    bound = {node.index for side in (left, right) for node in walk(side) if isinstance(node, IndexSum)}
    letters = sorted((free_letters(left) | free_letters(right)) - bound)
    for one, other in list(combinations(letters, 2))[:3]:
        rule = _with_index(other, Index(one))
        diagnosis = _said("right-where-indices-equal", words.INDICES_EQUAL, one=one, other=other)
        yield diagnosis, changed(left, rule), changed(right, rule), context


def _with_index(old: str, new: Index) -> Callable[[Formula], Formula | None]:
    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Entry) and any(index.name == old for index in node.indices):
            indices = tuple(new if index.name == old else index for index in node.indices)
            return replaced(node, of=changed(node.of, rule), indices=indices)
        return None

    return rule


def _said(code: str, saying: tuple[str, str], **values: str) -> Diagnosis:
    title, why = saying
    return Diagnosis(code, title.format(**values), why.format(**values))


def _again(left: Formula, right: Formula, setting: Setting) -> Context:
    return Context.of(setting, (left, right))


def _powers_of_entries(left: Formula, right: Formula, setting: Setting, network: Network) -> Iterator[_Wish]:
    """1 − a² of a column, where the slope of tanh is meant."""
    one, other = changed(left, _of_entries), changed(right, _of_entries)
    if network.activation is None and (one, other) != (left, right):
        named = replaced(setting, network=replaced(network, activation="tanh"))
        diagnosis = _said("right-with-tanh", words.TANH_OF_ENTRIES, options="--activation tanh")
        yield diagnosis, one, other, _again(one, other, named)


def _of_entries(node: Formula) -> Formula | None:
    if isinstance(node, Power) and not node.elementwise and not isinstance(node.of, Entry):
        return replaced(node, elementwise=True)
    return None


def _is_rest_to_one(node: Formula) -> bool:
    """1 − a, as in the slopes a (1 − a) and 1 − a²."""
    if not isinstance(node, Binary) or node.op is not Op.MINUS:
        return False
    return node.left == Number(Fraction(1)) or (isinstance(node.left, Call) and node.left.name == "ones")


def _as_activation(left: Formula, right: Formula, context: Context) -> Iterator[_Wish]:
    """A declared function taken for the network's σ: f′(z) is right if f is σ."""
    functions = {n.function.name for side in (left, right) for n in walk(side) if isinstance(n, Apply)}
    for name in sorted(functions & context.setting.functions):
        rule = _with_function(name, Function("σ"))
        yield (
            _said("right-if-activation", words.ACTIVATION, name=name),
            changed(left, rule),
            changed(right, rule),
            context,
        )


def _with_function(old: str, new: Function) -> Callable[[Formula], Formula | None]:
    def rule(node: Formula) -> Formula | None:
        if isinstance(node, Apply) and node.function.name == old:
            return replaced(
                node, function=replaced(new, order=node.function.order), argument=changed(node.argument, rule)
            )
        return None

    return rule


_WRITTEN_OUT = (("sigmoid", words.SIGMOID), ("tanh", words.TANH))


def _networks(network: Network, written_out: bool) -> Iterator[tuple[Diagnosis, Network]]:
    """Networks of which more is known; ``written_out`` says that a slope may stand in the claim as a formula."""
    if network.activation is None and written_out:
        for activation, saying in _WRITTEN_OUT:
            code = f"right-with-{activation}"
            named = replaced(network, activation=activation)
            yield _said(code, saying, options=f"--activation {activation}"), named
            if network.loss is None:
                options = f"--loss mse --activation {activation}"
                yield _said(f"{code}-and-mse", saying, options=options), replaced(named, loss="mse")
    losses = {None: ("mse", "bce", "softmax-ce"), "mse": ("bce", "softmax-ce")}.get(network.loss, ())
    for loss in losses:
        yield _said(f"right-with-{loss}", words.WITH_LOSS, loss=loss), replaced(network, loss=loss)
    if network.activation is None and network.loss != "bce":
        yield _said("right-if-identity", words.IDENTITY), replaced(network, activation="identity")


def _properties(
    left: Formula, right: Formula, setting: Setting, names: list[str]
) -> Iterator[tuple[Diagnosis, Setting]]:
    sums = any(
        (isinstance(node, Call) and node.name in ("sum", "softmax"))
        or (isinstance(node, Apply) and node.function.name in ("log", "log2", "log10", "exp", "softmax"))
        for formula in _unfolded((left, right), setting)
        for node in walk(formula)
    )
    for name in names:
        quantity = setting.quantities[name]
        shape = quantity.shape
        if shape is None or shape.is_scalar:
            continue
        wishes: list[tuple[str, tuple[str, str]]] = []
        if shape.is_square:
            wishes.append(("symmetric", words.SYMMETRIC))
        if sums and shape.columns == 1:
            wishes.append(("sums to 1", words.SUMS))
        elif sums and not shape.is_vector:
            wishes.append(("rows sum to 1", words.ROWS_SUM))
            wishes.append(("columns sum to 1", words.COLUMNS_SUM))
        for wish, saying in wishes:
            if wish not in quantity.properties:
                assumed = replaced(quantity, properties=quantity.properties | {wish})
                code = f"right-if-{wish.replace(' ', '-')}"
                yield (
                    _said(code, saying, name=name),
                    replaced(setting, quantities={**setting.quantities, name: assumed}),
                )


def right_if_positive(left: Formula, right: Formula, context: Context, purse: Purse | None = None) -> str:
    """A sentence, if a claim is proved for positive numbers; else nothing. √(t²) = t is such a claim."""
    setting = context.setting
    names = [name for name in _names((left, right), setting) if setting.quantities[name].shape is not None]
    open_ones = [name for name in names if "positive" not in setting.quantities[name].properties]
    if not open_ones:
        return ""
    wished = {
        name: replaced(q, properties=q.properties | {"positive"}) if name in open_ones else q
        for name, q in setting.quantities.items()
    }
    if not proves(left, right, _again(left, right, replaced(setting, quantities=wished)), purse):
        return ""
    return words.IF_POSITIVE.format(names=" and ".join(open_ones))


# ---- widths ----


def _one_sample(left: Formula, right: Formula, setting: Setting, names: list[str]) -> Iterator[_Wish]:
    """A batch of one sample: its width, wherever it stands, is 1."""
    network = setting.network
    if network is not None and network.batch is not None:
        single = replaced(setting, network=replaced(network, batch=None))
        yield _with_width_one(network.batch, left, right, single)
        return
    shapes = [q.shape for name in names if (q := setting.quantities[name]).shape is not None]
    columns = {s.columns for s in shapes if s and not s.is_vector and isinstance(s.columns, Width)}
    rows = {s.rows for s in shapes if s}
    for width in sorted(columns - rows, key=str):
        assert isinstance(width, Width)
        if sum(s.columns == width for s in shapes if s) > 1:
            yield _with_width_one(width.name, left, right, _with_extent(setting, width, 1))


def _with_width_one(name: str, left: Formula, right: Formula, setting: Setting) -> _Wish:
    one, other = (_one_for(side, name) for side in (left, right))
    quantities = {
        key: replaced(q, definition=_one_for(q.definition, name) if q.definition else None)
        for key, q in setting.quantities.items()
    }
    setting = replaced(setting, quantities=quantities)
    return _said("right-for-one-sample", words.ONE_SAMPLE, width=name), one, other, _again(one, other, setting)


def _one_for(formula: Formula, name: str) -> Formula:
    return changed(formula, lambda node: Number(Fraction(1)) if node == Symbol(name) else None)


def _equal_widths(left: Formula, right: Formula, setting: Setting, names: list[str]) -> Iterator[_Wish]:
    """All the widths of a sheet the same one. Square matrices hide which order of factors is right."""
    shapes = [setting.quantities[name].shape for name in names]
    widths = {w for s in shapes if s for w in s if isinstance(w, Width)}
    if len(widths) < 2 or setting.network is not None:
        return
    first, *others = sorted(widths, key=str)
    one, other = left, right
    for width in others:
        setting = _with_extent(setting, width, first)
        rule = _renaming(width, first)
        one, other = changed(one, rule), changed(other, rule)
        quantities = {
            key: replaced(q, definition=changed(q.definition, rule) if q.definition else None)
            for key, q in setting.quantities.items()
        }
        setting = replaced(setting, quantities=quantities)
    saying = " = ".join(str(width) for width in (first, *others))
    yield _said("right-if-widths-equal", words.WIDTHS_EQUAL, widths=saying), one, other, _again(one, other, setting)


def _renaming(old: Width, new: Width) -> Callable[[Formula], Formula | None]:
    return lambda node: Symbol(new.name) if node == Symbol(old.name) else None


def _with_extent(setting: Setting, old: Width, new: Extent) -> Setting:
    def extent(width: Extent) -> Extent:
        return new if width == old else width

    quantities = {
        name: replaced(q, shape=Shape(extent(q.shape.rows), extent(q.shape.columns)) if q.shape else None)
        for name, q in setting.quantities.items()
    }
    return replaced(setting, quantities=quantities)


# ---- names ----


def _names(formulas: tuple[Formula, ...], setting: Setting) -> list[str]:
    """The declared names in some formulas and in what they are defined by."""
    found = {
        node.name for formula in _unfolded(formulas, setting) for node in walk(formula) if isinstance(node, Symbol)
    }
    return sorted(name for name in found if name in setting.quantities)


def _unfolded(formulas: tuple[Formula, ...], setting: Setting) -> list[Formula]:
    """Some formulas, and the definitions of the names in them."""
    found, seen = list(formulas), set[str]()
    for formula in found:
        for node in walk(formula):
            if isinstance(node, Symbol) and node.name not in seen:
                seen.add(node.name)
                quantity = setting.quantities.get(node.name)
                if quantity and quantity.definition:
                    found.append(quantity.definition)
    return found
