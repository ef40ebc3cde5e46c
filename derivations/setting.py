"""What names stand for: declarations, definitions, the layout, and the built-in network.

A ``Setting`` is a value: ``extended`` returns another one. The built-in network gives every layer l, of a width n_l of
its own, the quantities W^l, b^l, z^l, a^l, δ^l; ``Context`` adds what one claim decides: whether its activations are
one σ or a g^{[l]} of each layer, and whether the input is called a^0 or a^1.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from types import MappingProxyType

from derivations.formula import (
    PROPERTIES,
    Apply,
    Assume,
    Declaration,
    Definition,
    Entry,
    Formula,
    Layer,
    LayoutChange,
    LossDerivative,
    Number,
    Size,
    Span,
    Statement,
    Symbol,
    Unreadable,
    Use,
    Vocabulary,
    walk,
)
from derivations.reading.sizes import NUMBER, Sizes
from derivations.shapes import SCALAR, Extent, Shape, Width, printed
from derivations.values import PARTS, replaced, value
from derivations.writing import write

LAYOUTS = ("denominator", "numerator")
LOSSES = {
    "mse": "J = ½‖y − a^L‖²",
    "bce": "J is the binary cross entropy, and the output is a sigmoid",
    "softmax-ce": "J is the cross entropy of a softmax output, and y sums to 1",
}
ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "identity", "exp", "softmax")

INPUT, OUTPUT = Layer("", 0), Layer("L", 0)

_SMALL_OF = {"Z": "z", "A": "a", "X": "x", "Y": "y", "Δ": "δ"}
_ALIASES = {"w": "W", "B": "b", "C": "J", "E": "J", "ℓ": "l"}
_LAYERED = frozenset({"W", "b", "z", "a", "δ"})
_RESERVED = frozenset({"J", "x", "y", "X", "Y", "Z", "A", "n", "l", "L", "g", "σ", "w", "C"})


@value
class Quantity:
    """A declared name: its shape, what is assumed of it, and its definition if it has one."""

    shape: Shape | None  # None until the definition has been settled
    properties: frozenset[str] = frozenset()
    definition: Formula | None = None
    size: Size | None = None  # of a definition, as far as its names say


@value
class Network:
    """The built-in network.

    loss: None for an unknown differentiable loss of the last activation, or a key of ``LOSSES``.
    activation: None for an unknown σ, or a name of ``ACTIVATIONS``; output: the last layer's own.
    batch: None for one sample, or the name of the number of samples. depth: the number of the last layer, if fixed.
    widths: the number of neurons in each layer, the input first, if they are fixed; they fix the depth.
    """

    loss: str | None = None
    activation: str | None = None
    output: str | None = None
    batch: str | None = None
    depth: int | None = None
    widths: tuple[int, ...] | None = None

    @property
    def sigma(self) -> str:
        """The function that σ stands for: itself, if unknown."""
        if self.activation:
            return self.activation
        return "sigmoid" if self.loss == "bce" else "σ"

    @property
    def last_activation(self) -> str | None:
        """The output layer's own activation, if it differs from the others'."""
        if self.output:
            return self.output
        return {"bce": "sigmoid", "softmax-ce": "softmax"}.get(self.loss or "")


@value
class Setting:
    """The names in force. Functions and losses are unknown but for the named ones."""

    layout: str = "denominator"
    quantities: Mapping[str, Quantity] = MappingProxyType({})
    functions: frozenset[str] = frozenset()
    losses: frozenset[str] = frozenset()
    widths: frozenset[str] = frozenset()
    network: Network | None = None
    waived: frozenset[str] = frozenset()  # names of which nothing is assumed, to see what does without
    layers: Mapping[str, int] = MappingProxyType({})  # the letters of layers that can be one number only

    def extended(self, statement: Statement) -> Setting:
        """The setting after a declaration, definition, assumption, ``use`` or ``layout``."""
        match statement:
            case Declaration():
                return self._declared(statement)
            case Definition():
                self._refuse_again(statement.name, statement.span)
                size = Sizes(self.vocabulary).of(statement.body)
                quantities = {**self.quantities, statement.name: Quantity(None, frozenset(), statement.body, size)}
                return replaced(self, quantities=quantities)
            case Assume():
                return self._assuming(statement)
            case LayoutChange():
                return replaced(self, layout=_one_of(statement.layout, LAYOUTS, "layout", statement.span))
            case Use():
                return replaced(self, network=network_from(dict(statement.options), statement.span))
            case _:
                return self

    def _refuse_again(self, name: str, span: Span) -> None:
        """A name stands for one thing: definitions may already rely on it."""
        quantity = self.quantities.get(name)
        if name in self.widths:
            message = f"{name} is already a width: the number of rows or columns of something."
        elif (quantity and (quantity.shape or quantity.definition)) or name in self.functions | self.losses:
            message = f"{name} already stands for something."
        else:
            return
        raise Unreadable(message, "", span, "Give this another name.")

    def _declared(self, statement: Declaration) -> Setting:
        setting = self
        for name in (statement.name, *statement.also):
            setting = setting._declared_one(replaced(statement, name=name, also=()))
        return setting

    def _declared_one(self, statement: Declaration) -> Setting:
        self._refuse_again(statement.name, statement.span)
        if statement.kind == "function":
            return replaced(self, functions=self.functions | {statement.name})
        if statement.kind == "loss":
            return replaced(self, losses=self.losses | {statement.name})
        rows = self.extent(statement.rows) if statement.rows is not None else 1
        columns = self.extent(statement.columns) if statement.columns is not None else 1
        widths = {w.name for w in (rows, columns) if isinstance(w, Width) and w.layer is None}
        for width in widths & self.quantities.keys():
            message = f"{width} already stands for a quantity; it cannot be a width too."
            raise Unreadable(message, "", statement.span, "Give the width another name.")
        shape = Shape(rows, columns)
        quantity = Quantity(shape, _sensible(statement.name, statement.properties, shape, statement.span))
        return replaced(
            self, quantities={**self.quantities, statement.name: quantity}, widths=self.widths | frozenset(widths)
        )

    def _assuming(self, statement: Assume) -> Setting:
        name, span = statement.name, statement.span
        old = self.quantities.get(name)
        if old and old.shape:
            own = _sensible(name, (*old.properties, *statement.properties), old.shape, span)
        elif old and old.definition:
            raise Unreadable(f"{name} is defined, so that nothing can be assumed of it.", "", span, _ASSUME_INSTEAD)
        elif self.network:  # a quantity of the network: its properties only
            name = {"X": "x", "Y": "y"}.get(name, name)
            own = _of_network_assumed(name, statement.properties, self.network, span)
            old = self.quantities.get(name) or Quantity(None)
            own |= old.properties
        else:
            raise undeclared(name, span, self)
        return replaced(self, quantities={**self.quantities, name: replaced(old, properties=own)})

    def extent(self, formula: Formula) -> Extent:
        """A number of rows or columns, as it stands in a declaration or in ``ones(m, n)``."""
        match formula:
            case Number(value) if value.denominator == 1 and value > 0:
                return int(value)
            case Symbol("n", Layer() as layer) if self.network:
                return self.width_of(layer)
            case Symbol(name, layer):
                return Width(name, self.settled_layer(layer))
            case _:
                raise Unreadable(
                    "This is not a width.", "", formula.span, "A width is a whole number or a name: m x n."
                )

    def settled_layer(self, layer: Layer | None) -> Layer | None:
        """The layer, with L replaced by its number where the depth is fixed, and a letter that can be one only."""
        if layer and layer.base == "L" and self.network and self.network.depth is not None:
            return Layer("", self.network.depth + layer.offset)
        if layer and layer.base in self.layers:
            return Layer("", self.layers[layer.base] + layer.offset)
        return layer

    def with_layers(self, layers: Mapping[str, int]) -> Setting:
        """The setting in which these letters of layers are numbers, in what is declared as well."""
        if not layers:
            return self
        setting = replaced(self, layers=MappingProxyType(dict(layers)))

        def extent(width: Extent) -> Extent:
            if not isinstance(width, Width) or width.layer is None:
                return width
            return (
                setting.width_of(width.layer)
                if width.name == "n"
                else Width(width.name, setting.settled_layer(width.layer))
            )

        def quantity(old: Quantity) -> Quantity:
            shape = Shape(extent(old.shape.rows), extent(old.shape.columns)) if old.shape else None
            return replaced(old, shape=shape)

        return replaced(setting, quantities={name: quantity(old) for name, old in self.quantities.items()})

    def width_of(self, layer: Layer) -> Extent:
        """The width n_l of a layer of the network: a number, where the widths are fixed and l is one."""
        settled = self.settled_layer(layer)
        widths = self.network.widths if self.network else None
        if widths and settled and not settled.base and 0 <= settled.offset < len(widths):
            return widths[settled.offset]
        return Width("n", settled)

    @property
    def sheet(self) -> str:
        """What is declared, in one line that can be read again."""
        options = vars(self.network) if self.network else {}
        said = [f"{key}={value}" for key, value in options.items() if key in _OPTIONS[:-1] and value is not None]
        if self.network and self.network.widths:
            said.append("layers=" + ",".join(map(str, self.network.widths)))
        statements = [" ".join(["use network", *said])] if self.network else []
        statements += [f"{name} : elementwise" for name in sorted(self.functions)]
        statements += [f"{name} : loss" for name in sorted(self.losses)]
        for name, quantity in self.quantities.items():
            if quantity.definition is not None:
                statements.append(f"{name} := {write(quantity.definition)}")
            elif quantity.shape is not None:
                rows, columns = map(printed, quantity.shape)
                statements.append(" ".join([f"{name} : {rows} x {columns}", *sorted(quantity.properties)]))
            else:
                statements += [f"assume {name} {item}" for item in sorted(quantity.properties)]
        return "; ".join(statements)

    @property
    def vocabulary(self) -> Vocabulary:
        """What the reader has to know of the names; made once."""
        known: Vocabulary | None = self.__dict__.get(PARTS)
        if known is None:
            known = self.__dict__[PARTS] = self._vocabulary()
        return known

    def _vocabulary(self) -> Vocabulary:
        names = set(self.quantities) | set(self.widths)
        sizes = {name: size for name, q in self.quantities.items() if (size := _size(q)) is not None}
        scalars = {name for name, size in sizes.items() if size == NUMBER} | set(self.widths)
        matrices = {n for n, q in self.quantities.items() if q.shape is None or not q.shape.is_vector}
        functions, layered = set(self.functions), set[str]()
        batch = self.network.batch if self.network else None
        if self.network:
            layered |= _LAYERED | {"Z", "A", "w", "g", "n", "ŷ", "Δ"}
            names |= (layered - {"g"}) | {"J", "x", "y", "X", "Y", "C", "n_in", "n_out", "L"}
            functions |= {"σ", "g"}
            matrices |= {"W", "w"} | ({"Z", "A", "X", "Y", "z", "a", "x", "y"} if batch else set())
            scalars |= {"J", "C", "n", "n_in", "n_out"} | ({batch} if batch else set())
            names |= {batch} if batch else set()
            layered -= {name for name, q in self.quantities.items() if q.shape or q.definition}
            columns: Hashable = batch or 1
            own = {"x": ("n", INPUT), "X": ("n", INPUT), "y": ("n", OUTPUT), "Y": ("n", OUTPUT), "ŷ": ("n", OUTPUT)}
            sizes = {name: (rows, columns) for name, rows in own.items()} | sizes
        return Vocabulary(
            names=frozenset(names),
            layered=frozenset(layered),
            functions=frozenset(functions),
            losses=self.losses,
            scalars=frozenset(scalars),
            matrices=frozenset(matrices),
            differentials=self.network is not None or "J" in self.quantities,
            sizes=frozenset(sizes.items()),
            samples=batch or 1,
        )


def _size(quantity: Quantity) -> Size | None:
    """Its size in the reader's words: a width is its name, and n_l is "n" and the layer."""
    if quantity.shape is None:
        return quantity.size
    rows, columns = (
        extent if isinstance(extent, int) else (extent.name, extent.layer) if extent.layer else extent.name
        for extent in quantity.shape
    )
    return rows, columns


def checked_network(network: Network) -> Network:
    """A network with the depth that its widths fix; raises Unreadable if its options are not known ones."""
    options = {
        "loss": network.loss,
        "activation": network.activation,
        "output": network.output,
        "batch": network.batch,
    }
    depth = None if network.depth is None else str(network.depth)
    layers = None if network.widths is None else ",".join(map(str, network.widths))
    numbers = {"depth": depth, "layers": layers}
    return network_from({k: v for k, v in (options | numbers).items() if v is not None}, Span(0, 0))


_OPTIONS = ("loss", "activation", "output", "batch", "depth", "layers")


def network_from(options: Mapping[str, str], span: Span) -> Network:
    """The network of ``use network loss=mse …``; raises Unreadable for an option or a value it does not know."""
    for key in options:
        _one_of(key, _OPTIONS, "option", span)
    batch = options.get("batch")
    if batch is not None and (not batch.isidentifier() or batch in _LAYERED | _RESERVED):
        hint = "It is a name for the number of samples, such as m: the formula is checked for any number of them."
        raise Unreadable(f"“{batch}” is not a name for a batch.", "", span, hint)
    depth = options.get("depth")
    if depth is not None and not (depth.isdigit() and 1 <= int(depth) <= 50):
        raise Unreadable(f"“{depth}” is not a depth.", "", span, "The depth is the number of the last layer: depth=2.")
    widths = _widths(options["layers"], span) if "layers" in options else None
    if widths and depth is not None and int(depth) != len(widths) - 1:
        message = f"A network with the layers {options['layers']} has the depth {len(widths) - 1}, not {depth}."
        raise Unreadable(message, "", span, "Leave out depth=: the layers say it.")
    if widths and widths[-1] == 1 and options.get("loss") == "softmax-ce":
        hint = "For one output there is the binary cross entropy: loss=bce."
        raise Unreadable("Softmax with one output is always 1.", "", span, hint)
    return Network(
        loss=_one_of(options["loss"], tuple(LOSSES), "loss", span) if "loss" in options else None,
        activation=_one_of(options["activation"], ACTIVATIONS[:-1], "activation", span)
        if "activation" in options
        else None,
        output=_one_of(options["output"], ACTIVATIONS, "activation", span) if "output" in options else None,
        batch=options.get("batch"),
        depth=len(widths) - 1 if widths else int(depth) if depth is not None else None,
        widths=widths,
    )


def _widths(text: str, span: Span) -> tuple[int, ...]:
    """The widths of ``layers=2,3,1``."""
    pieces = text.split(",")
    if 2 <= len(pieces) <= 51 and all(piece.isdigit() and 1 <= int(piece) <= 1000 for piece in pieces):
        return tuple(map(int, pieces))
    hint = "They are the widths from the input to the output: layers=2,3,1."
    raise Unreadable(f"“{text}” is not a list of layers.", "", span, hint)


def _one_of(value: str, known: Iterable[str], what: str, span: Span) -> str:
    known = tuple(known)
    if value not in known:
        raise Unreadable(f"“{value}” is not a known {what}.", "", span, f"Known: {', '.join(known)}.")
    return value


_ASSUME_INSTEAD = "Assume it of the names that it is made of."
_OF_SQUARES = ("symmetric", "invertible", "diagonal")
_SUMS = ("sums to 1", "rows sum to 1", "columns sum to 1", "one-hot")


def _sensible(name: str, properties: Iterable[str], shape: Shape, span: Span) -> frozenset[str]:
    """What is assumed of a quantity of this shape, in the words that fit it. Raises Unreadable where nothing fits."""
    found: set[str] = set()
    for item in properties:
        if item not in PROPERTIES:
            raise Unreadable(f"“{item}” is not a known property.", "", span, f"Known: {', '.join(PROPERTIES)}.")
        if item in _OF_SQUARES and not shape.is_square:
            raise Unreadable(f"{name} is {shape}; only a square matrix can be {item}.", "", span)
        if shape.is_scalar and item in ("symmetric", "diagonal", *_SUMS):
            raise Unreadable(f"{name} is a number; “{item}” is said of columns and matrices.", "", span)
        if item == "sums to 1" and not shape.is_vector:
            hint = "Say “columns sum to 1” or “rows sum to 1”."
            raise Unreadable(f"{name} is {shape}: it is not said which of its entries sum to 1.", "", span, hint)
        single = {"columns sum to 1": shape.rows, "rows sum to 1": shape.columns}.get(item)
        if single == 1:
            raise Unreadable(f"{name} is {shape}: “{item}” would make every entry 1.", "", span)
        found.add("sums to 1" if item in ("columns sum to 1", "rows sum to 1") and shape.is_vector else item)
    return frozenset(found)


def _of_network_assumed(name: str, properties: Iterable[str], network: Network, span: Span) -> frozenset[str]:
    """What is assumed of the network's own x, y, W or b, of which every layer has one."""
    found: set[str] = set()
    if name not in ("x", "y", "W", "b"):
        raise Unreadable(f"{name} is not x, y, W or b: of what follows from these nothing is assumed.", "", span)
    for item in properties:
        if item in _OF_SQUARES:
            raise Unreadable(f"{name} is no square matrix at every width, so it is not {item}.", "", span)
        if item in _SUMS and network.widths and 1 in network.widths:
            raise Unreadable(f"A layer has one neuron here; “{item}” would make it 1.", "", span)
        in_columns = name == "W" or (name in ("x", "y") and network.batch is not None)
        if item == "rows sum to 1" and name != "W":
            raise Unreadable(f"“{item}” is said of a matrix with samples as its rows; here they are columns.", "", span)
        found.add("columns sum to 1" if item == "sums to 1" and in_columns else item)
    return frozenset(found)


def undeclared(name: str, span: Span, setting: Setting) -> Unreadable:
    """The error for a name that nothing declares."""
    if setting.network and name == "L":
        return Unreadable(
            "L is the number of the last layer, not a quantity.", "", span, "The loss is J; a layer is a^L."
        )
    if setting.network and name == "m" and not setting.network.batch:
        hint = "The number of samples in a batch is named by  --batch m, in a sheet by  use network batch=m."
        return Unreadable("m is used, but there is no batch.", "", span, hint)
    hint = f"Declare it first, with its shape:  {name} : n   (a column),  {name} : m x n,  or  {name} : scalar."
    if len(name) == 1 and (other := name.swapcase()) in setting.quantities:
        hint += f"  {other} is declared; capital and small letters are different names."
    if len(name) > 1 and name.isalpha() and not setting.network:
        hint += f"  A function of your own is  {name} : elementwise."
    if name in _LAYERED | {"J"} and not setting.network:
        hint += "  If the network's is meant, begin with  use network."
    if setting.network:
        hint += "  The network's own names are W b z a δ (with a layer, as in W^l), x, y, J, σ and g."
    return Unreadable(f"{name} is used, but nothing declares it.", "", span, hint)


def taken_from_network(name: str, span: Span) -> Unreadable:
    """The error where the network needs its own x or y, and a sheet has declared another one."""
    what = "input" if name == "x" else "target"
    message = f"{name} is declared here, so that it is no longer the network's own {what}."
    return Unreadable(message, "", span, "Give the declared quantity another name.")


# ---- what one claim decides ----


@value
class Context:
    """A setting, as one claim uses it."""

    setting: Setting
    own_activations: bool = False  # g^{[l]} of each layer, instead of one σ
    input_layer: Layer = INPUT
    unified: bool = False  # both σ and g^{[l]} occur: one function
    samples_named: frozenset[str] = frozenset()  # the i of a^{i,l}

    @staticmethod
    def of(setting: Setting, formulas: Iterable[Formula]) -> Context:
        """Look through a claim's formulas (and what they are defined by) for what it decides."""
        if setting.network is None:
            return Context(setting)
        functions: set[tuple[str, bool]] = set()
        of_functions: set[Layer] = set()
        mentioned: set[tuple[str, Layer | None]] = set()
        samples: set[str] = set()
        pending, seen = list(formulas), set[str]()
        while pending:
            for node in walk(pending.pop()):
                if isinstance(node, Apply):
                    functions.add((node.function.name, node.function.layer is not None))
                    if node.function.layer is not None:
                        of_functions.add(node.function.layer)
                elif isinstance(node, Entry) and isinstance(node.of, Symbol) and node.of.name in ("J", "C"):
                    samples |= {index.name for index in node.indices}
                elif isinstance(node, LossDerivative):
                    mentioned.add((node.by.name, node.by.layer))
                elif isinstance(node, Symbol):
                    mentioned.add((node.name, node.layer))
                    if node.sample:
                        samples.add(node.sample)
                    quantity = setting.quantities.get(node.name)
                    if quantity and quantity.definition and node.name not in seen:
                        seen.add(node.name)
                        pending.append(quantity.definition)
        own, sigma = ("g", True) in functions, ("σ", False) in functions or ("g", False) in functions
        fixed = setting.network.activation is not None
        one = Layer("", 1)
        numbered = ("W", "w", "b", "z", "Z", "δ", "Δ")
        names_x = bool({"x", "X"} & {name for name, _ in mentioned})
        starts_at_2 = any((name, one.shifted(1)) in mentioned for name in numbered)
        input_is_1 = ("a", one) in mentioned or ("A", one) in mentioned or starts_at_2
        below = {(name, one) for name in numbered} | {("a", INPUT), ("A", INPUT)}
        numbered_from_1 = names_x and input_is_1 and not mentioned & below and setting.network.widths is None
        mentioned |= {("g", layer) for layer in of_functions}
        return Context(
            setting.with_layers(_only_layers(mentioned, setting.network.depth, int(numbered_from_1))),
            own_activations=own and not sigma and not fixed,
            input_layer=one if numbered_from_1 else INPUT,
            unified=own and sigma and not fixed,
            samples_named=frozenset(samples),
        )

    @property
    def network(self) -> Network | None:
        return self.setting.network

    @property
    def output_differs(self) -> bool:
        """Whether the last layer has another activation than the layers below it."""
        last = self.network.last_activation if self.network else None
        return last is not None and (self.own_activations or last != self.network.sigma)  # type: ignore[union-attr]

    @property
    def samples(self) -> Extent:
        """The number of columns of z, a, x, y."""
        return Width(self.network.batch) if self.network and self.network.batch else 1

    def matrix_of(self, symbol: Symbol) -> Symbol:
        """W for the w of an entry w_{jk}, where only W is declared; else the symbol itself."""
        own, known = symbol.name, self.setting.quantities
        upper = own.upper()
        is_other = own in known or own in self.setting.widths or (self.network and own in "zaxyb")
        if symbol.layer is not None or len(own) != 1 or upper == own or upper not in known or is_other:
            return symbol
        return replaced(symbol, name=upper)

    def resolved(self, symbol: Symbol) -> tuple[str, Layer | None]:
        """The name and layer that a symbol stands for; aliases are followed.

        In a batch both z and Z are called Z, without one both are called z; x is the input layer's activation.
        Raises Unreadable for a name that nothing declares, or a layered one without its layer.
        """
        setting, name = self.setting, symbol.name
        layer = setting.settled_layer(symbol.layer)
        quantity = setting.quantities.get(name)
        if quantity and (quantity.shape or quantity.definition) and layer is None:
            return name, None
        if name in setting.widths and layer is None:
            return name, None
        if self.network is None:
            raise undeclared(name, symbol.span, setting)
        return self._of_network(name, layer, symbol)

    def _of_network(self, name: str, layer: Layer | None, symbol: Symbol) -> tuple[str, Layer | None]:
        network = self.network
        assert network is not None
        if name == network.batch and layer is None:
            return name, None
        if name in ("J_x", "C_x"):
            name = "J"
        if name in ("n_in", "n_out"):
            return "n", self.input_layer if name == "n_in" else self.setting.settled_layer(OUTPUT)
        if name == "ŷ":
            return "a", self.setting.settled_layer(OUTPUT)
        name = _SMALL_OF.get(name, name)
        name = _ALIASES.get(name, name)
        if name in ("J", "y") and layer is None:
            return name, None
        if name == "x" and layer is None:
            return "x", None
        if name in _LAYERED or name == "n":
            if layer is None:
                example = f"{symbol.name}^l"
                raise Unreadable(
                    f"{symbol.name} belongs to a layer; which one is not said.", "", symbol.span, f"Write {example}."
                )
            if name == "a" and layer == self.input_layer:
                own = self.setting.quantities.get("x")
                if own and (own.shape or own.definition):
                    raise taken_from_network("x", symbol.span)
                return "x", None
            if layer.base == "L" and layer.offset > 0:
                message = f"There is no layer {layer}: L is the last one."
                raise Unreadable(message, "", symbol.span, "Write l for any layer, l+1 for the one above it.")
            if not layer.base and layer.offset < self.input_layer.offset + (name not in ("a", "n")):
                first = self.input_layer.offset + (name not in ("a", "n"))
                raise Unreadable(
                    f"There is no {symbol.name} in layer {layer}.",
                    "",
                    symbol.span,
                    f"The first one is in layer {first}.",
                )
            if network.depth is not None and not layer.base and layer.offset > network.depth:
                raise Unreadable(f"The network has {network.depth} layers, not {layer}.", "", symbol.span)
            return name, layer
        raise undeclared(symbol.name, symbol.span, self.setting)

    def shape_of(self, name: str, layer: Layer | None) -> Shape | None:
        """The shape of a resolved name; None if it has only a definition yet. Widths are scalars."""
        quantity = self.setting.quantities.get(name)
        if layer is None and quantity and (quantity.shape or quantity.definition):
            return quantity.shape
        if name in self.setting.widths or name in ("n", "J") or (layer is None and name not in ("x", "y")):
            return SCALAR
        m, width = self.samples, self.setting.width_of
        if name in ("x", "y"):
            return Shape(width(self.input_layer if name == "x" else OUTPUT), m)
        assert layer is not None
        match name:
            case "W":
                return Shape(width(layer), width(layer.shifted(-1)))
            case "b":
                return Shape(width(layer), 1)
            case "δ" if self.setting.layout == "numerator":
                return Shape(m, width(layer))
            case _:
                return Shape(width(layer), m)

    def activation(self, layer: Layer) -> tuple[str, Layer | None]:
        """The activation of a layer: a function's name, and its layer if every layer has its own."""
        assert self.network is not None
        last = self.network.last_activation
        if last and layer == self.setting.settled_layer(OUTPUT):
            return last, None
        return ("g", layer) if self.own_activations else (self.network.sigma, None)

    def function(self, name: str, layer: Layer | None) -> tuple[str, Layer | None]:
        """What σ, g or g^{[l]} stands for. Other names stand for themselves."""
        if self.network is None or name in self.setting.functions or name not in ("σ", "g"):
            return name, None
        if layer is None:
            return self.network.sigma, None
        return self.activation(self.setting.settled_layer(layer) or layer)

    def properties(self, name: str, layer: Layer | None = None) -> frozenset[str]:
        """What is assumed of a resolved name; what a sheet declares of its own W is not said of W^l."""
        if name in self.setting.waived:
            return frozenset()
        quantity = self.setting.quantities.get(name)
        if quantity and layer is not None and (quantity.shape or quantity.definition):
            quantity = None
        declared = quantity.properties if quantity else frozenset[str]()
        networks_own = not (quantity and (quantity.shape or quantity.definition))
        if name == "y" and networks_own and self.network and self.network.loss == "softmax-ce":
            declared |= {"columns sum to 1"}
        return declared


def _only_layers(mentioned: Iterable[tuple[str, Layer | None]], depth: int | None, first: int) -> dict[str, int]:
    """The letters that can be one number only, if all layers mentioned exist in a network of this depth.

    ``first`` is the number of the input layer, which has activations and a width, and nothing else.
    """
    least: dict[str, int] = {}
    most: dict[str, int] = {}
    for name, layer in mentioned:
        if depth is None or layer is None or layer.base in ("", "L"):
            continue
        lowest = first + (name not in ("a", "A", "n"))
        low, high = lowest - layer.offset, depth - layer.offset
        least[layer.base] = max(least.get(layer.base, low), low)
        most[layer.base] = min(most.get(layer.base, high), high)
    return {base: number for base, number in least.items() if number == most[base]}
