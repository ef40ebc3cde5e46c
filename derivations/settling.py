"""Formula + setting → the settled form: every name resolved, every operation's shape known and found to fit.

Raises ``Misfit`` where an operation does not fit, ``Unreadable`` where a name means nothing. What was read into the
formula (a bias added to every column, a 1 read as a column of ones) is told in ``notes``.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivations.calls import CALLS
from derivations.formula import (
    ELEMENTWISE,
    NOWHERE,
    PROPERTIES,
    Apply,
    Binary,
    Call,
    Derivative,
    Entry,
    Formula,
    Gradient,
    Index,
    IndexSum,
    Layer,
    LossDerivative,
    Negation,
    Norm,
    Number,
    Op,
    Power,
    Span,
    Symbol,
    Transpose,
    Unreadable,
)
from derivations.indices import Indices
from derivations.indices import Unsupported as Unsupported  # what settling raises
from derivations.setting import INPUT, OUTPUT, Context, taken_from_network, undeclared
from derivations.shapes import (
    AXES,
    SCALAR,
    Add,
    ElementPower,
    Elementwise,
    EntryOf,
    Filled,
    Hadamard,
    Identity,
    Inverse,
    Loss,
    MatrixProduct,
    Misfit,
    Partial,
    Scale,
    Settled,
    Shape,
    Softmax,
    Spread,
    Total,
    Turned,
    Variable,
    Width,
    WidthValue,
    arrange,
    printed,
)
from derivations.values import contents, replaced
from derivations.work import Purse
from derivations.writing import write

HALF, MINUS_ONE = Fraction(1, 2), Filled(Fraction(-1))
LARGEST_MATRIX_POWER = 12
LONGEST_PRODUCT = 100
LARGEST_EXPONENT = 1_000_000
LARGEST_ORDER = 20
WORK = 1_000_000
"""What settling may cost, unless a purse is given."""
NODE = 2
"""What a node costs."""
CONSTRAINTS = frozenset(PROPERTIES) - {"positive", "invertible"}
"""The properties that bind the entries of a quantity to each other."""


class Settler(Indices):
    """Settles the formulas of one claim.

    ``indices`` collects the free index letters and the width that each runs over; ``notes`` what was read into it;
    ``activations`` the layers whose activation is named, as in g^{[l]}; ``divisors`` how each divisor was typed.
    """

    def __init__(self, context: Context, within: Settler | None = None, purse: Purse | None = None) -> None:
        """``within``: the settler of the formula that a definition is settled for. ``purse`` pays for each node."""
        super().__init__()
        self.context = context
        self.purse: Purse = purse or (within.purse if within else Purse(WORK))
        self.notes: list[str] = within.notes if within else []
        self._defining: list[str] = within._defining if within else []
        self._definitions: dict[tuple[str, Layer | None], Settled | None] = within._definitions if within else {}
        self._variables: dict[tuple[str, Layer | None], Variable] = within._variables if within else {}
        self._symbols: dict[Symbol, Settled] = within._symbols if within else {}
        self.activations: set[Layer] = within.activations if within else set()
        self.divisors: dict[Settled, Formula] = within.divisors if within else {}

    # ---- claims ----

    def knows(self, _: Formula) -> bool:
        """Whether a part has been settled before; then it is not taken apart again."""
        return False

    def settle(self, formula: Formula) -> Settled:
        """The settled form of a formula; raises Misfit, Unreadable or Unsupported."""
        self.purse.spend(NODE)
        rule = _RULES[type(formula)]
        if self.whole:
            return rule(self, formula)
        self.whole = (formula,)
        try:
            return rule(self, formula)
        finally:
            self.whole = ()

    def settle_sides(self, left: Formula, right: Formula) -> tuple[Settled, Settled]:
        """Both sides of an equation, of one shape; the number 0 is the zero of any shape."""
        self.whole = left, right
        try:
            first, second = self.settle(left), self.settle(right)
        finally:
            self.whole = ()
        if first.shape == second.shape:
            return first, second
        if second == Filled(Fraction(0)):
            return first, Filled(Fraction(0), first.shape)
        if first == Filled(Fraction(0)):
            return Filled(Fraction(0), second.shape), second
        hint = "The sides are each other's transpose." if first.shape == second.shape.turned() else ""
        raise Misfit(
            f"The left side is {first.shape}, the right side {second.shape}.",
            Span(left.span.start, right.span.end),
            ((left.span, first.shape), (right.span, second.shape)),
            hint,
        )

    def define(self, name: str, body: Formula) -> None:
        """Settle a definition for the formulas that come after it; raises what is wrong with it."""
        settled = self.settle(body)
        if not self.indices:
            self._definitions[name, None] = settled

    # ---- names ----

    def symbol(self, node: Symbol) -> Settled:
        known = self._symbols.get(node)
        if known is None:
            known = self._symbols[node] = self._symbol(node)
        return known

    def _symbol(self, node: Symbol) -> Settled:
        if node.sample:
            self._one_sample(node)
        if node.name in ("x", "a", "X", "A") and self.context.input_layer != INPUT:
            self.note("the layers are counted from 1 here: a¹ is the input x")
        name, layer = self.context.resolved(node)
        if name == "n" and layer is not None and self.context.network:
            width = self.context.setting.width_of(layer)
            return WidthValue(width) if isinstance(width, Width) else Filled(Fraction(width))
        setting = self.context.setting
        if layer is None and (name in setting.widths or (setting.network and name == setting.network.batch)):
            return WidthValue(Width(name))
        return self.variable(name, layer)

    def _one_sample(self, node: Symbol) -> None:
        """``a^{i,l}`` is read for one sample i, the same one throughout."""
        network = self.context.network
        if network is not None and network.batch is not None:
            raise Unsupported("Single samples of a batch are not decided; write Z^l, A^l for all of them, or no batch.")
        if len(self.context.samples_named) > 1:
            names = " and ".join(sorted(self.context.samples_named))
            raise Unreadable(f"Two samples, {names}, are in one formula.", "", node.span, "Use a batch: --batch m.")
        self.note(f"read for one sample, {node.sample}, any one of them")

    def variable(self, name: str, layer: Layer | None) -> Variable:
        """The variable of a resolved name; a defined one gets its definition's shape."""
        key = name, layer
        if key not in self._variables:
            shape = self.context.shape_of(name, layer)
            if shape is None:
                definition = self.definition(name, layer)
                assert definition is not None
                shape = definition.shape
            self._variables[key] = Variable(name, layer, shape)
        return self._variables[key]

    def definition(self, name: str, layer: Layer | None) -> Settled | None:
        """What a resolved name is defined to be; None for a variable. Settled once a name."""
        key = name, layer
        if key not in self._definitions:
            if name in self._defining:
                raise Unreadable(f"{name} is defined by itself.", "", Span(0, 0))
            self._defining.append(name)
            try:
                self._definitions[key] = self._defined(name, layer)
            finally:
                self._defining.pop()
        return self._definitions[key]

    def _defined(self, name: str, layer: Layer | None) -> Settled | None:
        quantity = self.context.setting.quantities.get(name)
        if quantity and quantity.definition and layer is None:
            settler = Settler(self.context, within=self)
            settled = settler.settle(quantity.definition)
            if settler.indices:
                message = f"{name} is defined with an index {next(iter(settler.indices))} that nothing sums over."
                hint = "A definition is of the whole quantity: leave its indices out, or sum over them with Σ."
                raise Unreadable(message, "", Span(0, 0), hint)
            return settled
        if self.context.network is None or (quantity and quantity.shape and layer is None):
            return None
        if name == "J":
            return self._loss()
        if layer is None or name in ("W", "b"):
            return None
        if name == "z":
            a = self._activation_below(layer)
            product, bias = MatrixProduct(self.variable("W", layer), a), self.variable("b", layer)
            return Add(product, bias if product.shape == bias.shape else Spread(bias, product.shape))
        if name == "a":
            z = self.variable("z", layer)
            function, own = self.context.activation(layer)
            return Softmax(z, "rows") if function == "softmax" else Elementwise(function, own, 0, z)
        assert name == "δ"
        return self._partial(self.variable("J", None), self.variable("z", layer), None, self.context.setting.layout)

    def _activation_below(self, layer: Layer) -> Variable:
        below = layer.shifted(-1)
        return self.network_own("x") if below == self.context.input_layer else self.variable("a", below)

    def network_own(self, name: str) -> Variable:
        """The network's own input or target; a sheet's quantity of the same name would be another one."""
        quantity = self.context.setting.quantities.get(name)
        if quantity and (quantity.shape or quantity.definition):
            raise taken_from_network(name, NOWHERE)
        return self.variable(name, None)

    def _loss(self) -> Settled:
        network = self.context.network
        assert network is not None
        a = self.variable("a", self.context.setting.settled_layer(OUTPUT))
        batch = network.batch is not None
        loss: Settled
        match network.loss:
            case None:
                one_each = Loss("J", a, by_column=True)
                loss = Total(one_each, ("columns",)) if batch else Loss("J", a)
            case "mse":
                loss = Scale(
                    Filled(HALF), Total(ElementPower(Add(self.network_own("y"), _minus(a)), Fraction(2)), AXES)
                )
            case "bce":
                y = self.network_own("y")
                one = Filled(Fraction(1), a.shape)
                hit = Hadamard(y, Elementwise("log", None, 0, a))
                miss = Hadamard(Add(one, _minus(y)), Elementwise("log", None, 0, Add(one, _minus(a))))
                loss = _minus(Total(Add(hit, miss), AXES))
            case _:
                loss = _minus(Total(Hadamard(self.network_own("y"), Elementwise("log", None, 0, a)), AXES))
        if not batch:
            return loss
        assert isinstance(self.context.samples, Width)
        return Scale(ElementPower(WidthValue(self.context.samples), Fraction(-1)), loss)

    # ---- one rule a node ----

    def number(self, node: Number) -> Settled:
        return Filled(node.value)

    def transpose(self, node: Transpose) -> Settled:
        if isinstance(node.of, Entry) and len(node.of.indices) == 2:  # in print A_{ij}^T and A^T_{ij} look the same
            turned = Entry(Transpose(node.of.of, span=node.of.of.span), node.of.indices, span=node.span)
            self.note(f"{self.text(node)} is read as the entry of the transpose, {self.text(turned)}")
            return self.entry(turned)
        if isinstance(node.of, Number):
            hint = "A column of ones is 1_n, and a row of them 1_nᵀ."
            raise Unreadable("A number has no transpose.", "", node.span, hint)
        return Turned(self.settle(node.of))

    def negation(self, node: Negation) -> Settled:
        of = self.settle(node.of)
        return Filled(-of.value, of.shape) if isinstance(of, Filled) else _minus(of)

    def binary(self, node: Binary) -> Settled:
        # A long sum or product is a deep tree on the left; it is settled without recursion, and comes out shallow.
        spine: list[Binary] = []
        first: Formula = node
        while isinstance(first, Binary) and not (spine and self.knows(first)):
            spine.append(first)
            first = first.left
        self.purse.spend(NODE * len(spine))
        result = self.settle(first)
        terms: list[Settled] = []
        products = 0
        for link in reversed(spine):
            right = self.settle(link.right)
            if link.op in (Op.PLUS, Op.MINUS) and result.shape == right.shape:
                terms.append(result)
                result = _minus(right) if link.op is Op.MINUS else right
                continue
            if terms:
                result, terms = _added([*terms, result]), []
            products += 1
            if products > LONGEST_PRODUCT:
                raise Unsupported(f"A product of more than {LONGEST_PRODUCT} factors is not decided.")
            result = self._operation(link, result, right)
        return _added([*terms, result]) if terms else result

    def _operation(self, node: Binary, left: Settled, right: Settled) -> Settled:
        match node.op:
            case Op.PLUS:
                return Add(*self.alike(node, left, right))
            case Op.MINUS:
                first, second = self.alike(node, left, right)
                return Add(first, _minus(second))
            case Op.PRODUCT:
                return self._product(node, left, right)
            case Op.STAR | Op.HADAMARD:
                return self._elementwise_product(node, left, right)
            case Op.OVER | Op.QUOTIENT:
                return self._quotient(node, left, right)

    def alike(self, node: Binary, left: Settled, right: Settled) -> tuple[Settled, Settled]:
        """The two sides of a sum, of one shape: a column is added to every column, a number to every entry."""
        if left.shape == right.shape:
            return left, right
        for small, large, swap in ((right, left, False), (left, right, True)):
            how = _spreading(small.shape, large.shape)
            if how is None:
                continue
            formula = node.left if swap else node.right
            if not (isinstance(small, Filled) and small.value == 0):
                self.note(f"{self.text(formula)} is added to {how}")
            wide: Settled = Spread(small, large.shape)
            if isinstance(small, Filled):
                wide = Filled(small.value, large.shape)
            return (wide, large) if swap else (large, wide)
        raise self._misfit(node, left, right, f"{_SIGN[node.op]} needs two of the same shape")

    def _product(self, node: Binary, left: Settled, right: Settled) -> Settled:
        if left.shape.is_scalar:
            return Scale(left, right)
        if left.shape.columns == right.shape.rows:
            return MatrixProduct(left, right)
        if right.shape.is_scalar:
            return Scale(right, left)
        inner = f"the inner widths {printed(left.shape.columns)} and {printed(right.shape.rows)} differ"
        hint = "Elementwise multiplication is ⊙." if left.shape == right.shape else ""
        raise self._misfit(node, left, right, inner, hint)

    def _elementwise_product(self, node: Binary, left: Settled, right: Settled) -> Settled:
        if left.shape.is_scalar:
            return Scale(left, right)
        if right.shape.is_scalar:
            return Scale(right, left)
        if left.shape == right.shape:
            return Hadamard(left, right)
        says, why = "As a matrix product it would fit:", "⊙ needs two of the same shape"
        if node.op is Op.STAR:
            says = "* is elementwise; the matrix product is"
            why = "* is elementwise, as in NumPy, and needs two of the same shape"
        if left.shape.columns != right.shape.rows:
            raise self._misfit(node, left, right, why)
        raise self._misfit(node, left, right, why, lambda: f"{says} {self.text(_as_product(node))}.")

    def _quotient(self, node: Binary, left: Settled, right: Settled) -> Settled:
        inverse = ElementPower(right, Fraction(-1))
        self.divisors.setdefault(right, node.right)
        if isinstance(right, Filled) and right.value == 0:
            raise Misfit("This divides by zero.", node.right.span)
        if right.shape.is_scalar:
            if isinstance(right, Filled) and isinstance(left, Filled):
                return Filled(left.value / right.value, left.shape)
            factor: Settled = Filled(1 / right.value) if isinstance(right, Filled) else inverse
            return Scale(left, factor) if left.shape.is_scalar else Scale(factor, left)
        if left.shape == right.shape:
            return Hadamard(left, inverse)
        if left.shape.is_scalar:
            self.note(f"{self.text(node.right)} divides elementwise")
            return Scale(left, inverse)
        hint = "Division is elementwise; a matrix is inverted with inv(X) or X^{-1}." if right.shape.is_square else ""
        raise self._misfit(node, left, right, f"{node.op} is elementwise and needs two of the same shape", hint)

    def power(self, node: Power) -> Settled:
        if isinstance(node.of, Norm) and node.exponent == Number(Fraction(2)):
            return Total(ElementPower(self.settle(node.of.of), Fraction(2)), AXES)
        of, exponent = self.settle(node.of), self.settle(node.exponent)
        if not isinstance(exponent, Filled):
            constant = _constant(exponent)
            if constant is None:
                raise Unsupported("A power with a symbolic exponent cannot be decided.")
            exponent = Filled(constant)
        value = exponent.value
        if abs(value) > LARGEST_EXPONENT:
            raise Unsupported(f"An exponent above {LARGEST_EXPONENT} is not decided.")
        if not exponent.shape.is_scalar:
            raise Misfit("An exponent is a number.", node.exponent.span, ((node.exponent.span, exponent.shape),))
        if isinstance(of, Filled) and of.value == 0 and value < 0:
            raise Misfit("This divides by zero.", node.span)
        if node.elementwise or of.shape.is_scalar:
            self.divisors.setdefault(of, node.of)
            return ElementPower(of, value)
        if not of.shape.is_square:
            hint = f"The elementwise power is {self.text(replaced(node, elementwise=True))}."
            if of.shape.is_vector and value == 2:
                hint += f"  The squared length is ‖{self.text(node.of)}‖²."
            raise Misfit("Only a square matrix has a power.", node.span, ((node.of.span, of.shape),), hint)
        if value.denominator != 1 or abs(value) > LARGEST_MATRIX_POWER:
            raise Unsupported(f"A matrix to the power {value} cannot be decided.")
        if value == 0:
            return Identity(of.shape)
        factor: Settled = Inverse(of) if value < 0 else of
        self.repeat(factor, abs(int(value)))
        result = factor
        for _ in range(abs(int(value)) - 1):
            result = MatrixProduct(result, factor)
        return result

    def norm(self, node: Norm) -> Settled:
        of = self.settle(node.of)
        return ElementPower(Total(ElementPower(of, Fraction(2)), AXES), HALF)

    def apply(self, node: Apply) -> Settled:
        of, function = self.settle(node.argument), node.function
        setting = self.context.setting
        if function.name in setting.losses:
            if function.order:
                raise Unreadable(f"Write a derivative of {function.name} as ∂{function.name}(…)/∂….", "", node.span)
            return Loss(function.name, of)
        if function.order > LARGEST_ORDER:
            raise Unsupported(f"A derivative of an order above {LARGEST_ORDER} is not decided.")
        name, layer = self.context.function(function.name, function.layer)
        if function.layer is not None:
            self.activations.add(setting.settled_layer(function.layer) or function.layer)
        if name == "softmax":
            if function.order:
                raise Unsupported("softmax is not elementwise: its derivative is the matrix ∂softmax(z)/∂z.")
            return Softmax(of, "rows")
        if name == "identity" and function.order == 0:
            return of
        if name not in setting.functions | ELEMENTWISE and not (self.context.network and name in ("σ", "g")):
            raise undeclared(name, node.span, setting)
        return Elementwise(name, layer, function.order, of)

    def call(self, node: Call) -> Settled:
        return CALLS[node.name](self, node)

    def derivative(self, node: Derivative) -> Settled:
        of = self.settle(node.of)
        by, at = self._variable_of(node.by)
        try:
            return self._partial(of, by, at, self.context.setting.layout)
        except ValueError:
            raise Misfit(
                "This derivative has more than two indices: there is no matrix that holds it.",
                node.span,
                ((node.of.span, of.shape), (node.by.span, by.shape)),
                "Write one entry of it, as in ∂z_i/∂W_{jk}, or the derivative of a scalar.",
            ) from None

    def _variable_of(self, by: Symbol | Entry) -> tuple[Variable, tuple[Index | None, Index | None] | None]:
        if isinstance(by, Entry):
            entry = self.entry(by)
            if isinstance(entry, EntryOf) and isinstance(entry.of, Variable):
                return entry.of, (entry.row, entry.column)
            raise Unreadable("This is not a variable's entry.", "", by.span, "A derivative is by a name: ∂J/∂W_{jk}.")
        variable = self.symbol(by)
        if not isinstance(variable, Variable):
            raise Unreadable(f"{self.text(by)} is a whole number; nothing is differentiated by it.", "", by.span)
        return variable, None

    def _partial(self, of: Settled, by: Variable, at: tuple[Index | None, Index | None] | None, layout: str) -> Settled:
        bound = sorted(self.context.properties(by.name, by.layer) & CONSTRAINTS)
        if bound:
            raise Unsupported(
                f"The entries of {by.name} are not independent ({bound[0]}); nothing is differentiated by them."
            )
        rows, columns, shape = arrange(of.shape, SCALAR if at is not None else by.shape, layout)
        return Partial(of, by, at, rows, columns, shape)

    def gradient(self, node: Gradient) -> Settled:
        of, symbol = self.settle(node.of), node.by
        if symbol.name in ("a", "A") and symbol.layer is None and symbol.name not in self.context.setting.quantities:
            symbol = Symbol("a", OUTPUT, span=symbol.span)
        by, _ = self._variable_of(symbol)
        if of.shape.is_scalar:
            return self._partial(of, by, None, "denominator")
        return self.derivative(Derivative(node.of, symbol, span=node.span))  # ∇_x of a column is ∂/∂x

    def loss_derivative(self, node: LossDerivative) -> Settled:
        by, _ = self._variable_of(node.by)
        loss = self.symbol(Symbol("J", span=node.span))
        network = self.context.network
        if network is None or network.batch is None:
            return self._partial(loss, by, None, self.context.setting.layout)
        gradient = self._partial(loss, by, None, "denominator")
        if by.name in ("W", "b"):
            return gradient
        self.note(f"column by column, {self.text(node)} is the derivative of that sample's own loss, without 1/m")
        return Scale(WidthValue(Width(network.batch)), gradient)

    def repeat(self, of: Settled, times: int) -> None:
        """Pay for a part that is to stand several times in what is settled."""
        self.purse.spend(NODE * _size(of) * times)

    # ---- words ----

    def inner(self) -> Settler:
        return Settler(self.context, within=self)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def text(self, formula: Formula) -> str:
        return write(formula)

    def _misfit(
        self, node: Binary, left: Settled, right: Settled, why: str, hint: str | Callable[[], str] = ""
    ) -> Misfit:
        def message() -> str:
            return f"{self.text(node.left)} is {left.shape} and {self.text(node.right)} is {right.shape}: {why}."

        return Misfit(message, node.span, ((node.left.span, left.shape), (node.right.span, right.shape)), hint)


_SIGN = {Op.PLUS: "+", Op.MINUS: "−"}


def _minus(of: Settled) -> Settled:
    return Scale(MINUS_ONE, of)


def _added(terms: list[Settled]) -> Settled:
    """The sum of terms of one shape, as a balanced tree."""
    while len(terms) > 1:
        pairs = [Add(*terms[k : k + 2]) for k in range(0, len(terms) - 1, 2)]
        terms = pairs + terms[len(pairs) * 2 :]
    return terms[0]


def _size(of: Settled) -> int:
    """How many nodes it has, those that stand in it twice counted twice."""
    found, pending = 0, [of]
    while pending:
        found += 1
        pending.extend(part for part in contents(pending.pop()) if isinstance(part, Settled))
    return found


def _as_product(node: Binary) -> Binary:
    return Binary(Op.PRODUCT, node.left, node.right)


def _constant(node: Settled) -> Fraction | None:
    """The value of a constant expression such as 1/2 or −1."""
    match node:
        case Filled(value, shape) if shape.is_scalar:
            return value
        case Scale(factor, of):
            first, second = _constant(factor), _constant(of)
            return None if first is None or second is None else first * second
        case _:
            return None


def _spreading(small: Shape, large: Shape) -> str | None:
    """How a smaller shape is repeated to a larger one, in words; None if it is not."""
    if small.is_scalar:
        return "every entry"
    if small.columns == 1 and small.rows == large.rows:
        return "every column"
    if small.rows == 1 and small.columns == large.columns:
        return "every row"
    return None


_RULES: dict[type, Callable[..., Settled]] = {
    Number: Settler.number,
    Symbol: Settler.symbol,
    Entry: Settler.entry,
    Transpose: Settler.transpose,
    Negation: Settler.negation,
    Binary: Settler.binary,
    Power: Settler.power,
    Norm: Settler.norm,
    Apply: Settler.apply,
    Call: Settler.call,
    Derivative: Settler.derivative,
    Gradient: Settler.gradient,
    LossDerivative: Settler.loss_derivative,
    IndexSum: Settler.index_sum,
}
