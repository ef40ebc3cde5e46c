"""σ′: missing, too many, at the wrong quantity, or written wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from derivations.diagnosis.catalogue.rows import (
    Misconception,
    hadamard,
    is_entrywise,
    is_ones,
    layerwise,
    number,
    on_sheet,
    product,
)
from derivations.diagnosis.situation import Situation
from derivations.diagnosis.trees import bare, factors
from derivations.formula import (
    Apply,
    Binary,
    Derivative,
    Entry,
    Formula,
    Function,
    Gradient,
    IndexSum,
    LossDerivative,
    Norm,
    Number,
    Op,
    Power,
    Symbol,
    Transpose,
)
from derivations.values import replaced


def _with_slope(node: Formula, s: Situation) -> Iterator[Formula]:
    """E → E ⊙ σ′(z), for every σ′(z) of E's shape."""
    shape = s.shape(node)
    if shape is None or any(isinstance(f, Apply) and f.function.order for f in factors(node)):
        return
    for slope in s.slopes:
        if s.shape(slope) == shape:
            yield product(node, slope) if shape.is_scalar else hadamard(node, slope)
        elif shape.is_scalar and isinstance(s.target, Entry):
            yield product(node, Apply(slope.function, Entry(slope.argument, s.target.indices)))


def _comes_from_above(node: Formula, s: Situation) -> bool:
    """Whether an error is brought down through weights: Wᵀ δ, Σ_k w_kj δ_k."""
    for part in factors(node):
        if isinstance(part, IndexSum) or (isinstance(part, Transpose) and s.is_matrix(part.of)):
            return True
    return False


def _in_outer(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.PRODUCT, left, right) if s.by is not None and s.is_matrix(s.by) and _comes_from_above(left, s):
            for mended in _with_slope(left, s):
                yield Binary(Op.PRODUCT, mended, right)


def _from_above(node: Formula, s: Situation) -> Iterator[Formula]:
    if _comes_from_above(node, s):
        yield from _with_slope(node, s)


def _at_output(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(Op.MINUS) | Derivative() | Gradient() | LossDerivative() | Entry() | Symbol():
            yield from _with_slope(node, s)
        case Binary(Op.PRODUCT | Op.OVER | Op.STAR) | Binary(Op.QUOTIENT) if not _comes_from_above(node, s):
            yield from _with_slope(node, s)


def _at_last_layer(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.at_output:
        yield from _at_output(node, s)


def _within_network(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.context.network is not None:
        yield from _at_output(node, s)


def _root_below(node: Formula, s: Situation) -> Iterator[Formula]:
    """u/2 → u/(2 J), where J is √(…)."""
    for inner in s.target_nodes:
        if not (isinstance(inner, Apply) and inner.function == Function("sqrt")) and not isinstance(inner, Norm):
            continue
        named = (Symbol(name) for name, q in s.context.setting.quantities.items() if q.definition == inner)
        root = next(named, bare(inner))
        match node:
            case Binary(Op.OVER, above, Number() as below):
                yield Binary(Op.OVER, above, product(below, root))
            case Binary(Op.PRODUCT | Op.STAR, Number(value), rest) if value == 2:
                yield Binary(Op.OVER, rest, root)
        yield Binary(Op.OVER, node, root)
        yield Binary(Op.OVER, node, product(number(2), root))


def _over_slope(node: Formula, s: Situation) -> Iterator[Formula]:
    """a − y → (a − y) ⊘ σ′(z), where the derivative by a is asked for."""
    if not s.has_cross_entropy or s.by is None or s.by.name not in ("a", "A"):
        return
    shape = s.shape(node)
    for slope in s.slopes:
        if shape is not None and s.shape(slope) == shape:
            yield Binary(Op.OVER if shape.is_scalar else Op.QUOTIENT, node, slope)


def _is_slope(node: Formula) -> bool:
    """f′(z), a ⊙ (1 − a), 1 − a.^2."""
    match node:
        case Apply(Function(order=order)) if order:
            return True
        case Binary(op, left, Binary(Op.MINUS, one, right)) if is_entrywise(op) and is_ones(one):
            return left == right
        case Binary(Op.MINUS, one, Power()):
            return is_ones(one)
    return False


def _without_slope(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Binary(op, left, right) if is_entrywise(op) or op is Op.PRODUCT:
            if _is_slope(right):
                yield left
            if _is_slope(left):
                yield right
            match left, right:  # (a − y) ⊙ a ⊙ (1 − a)
                case Binary(inner, kept, a), Binary(Op.MINUS, one, b) if (
                    is_entrywise(inner) and is_ones(one) and a == b
                ):
                    yield kept


def _without_slope_of_entropy(node: Formula, s: Situation) -> Iterator[Formula]:
    if s.loss_has("log", "softmax"):
        yield from _without_slope(node, s)


def _slope_elsewhere(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Apply(Function(name, order=1), argument):
            indices = argument.indices if isinstance(argument, Entry) else None
            for slope in s.slopes:
                if not _same_function(name, slope.function.name, s):
                    continue
                at = Entry(slope.argument, indices) if indices else slope.argument
                if at != argument:
                    yield replaced(slope, argument=at)


def _same_function(one: str, other: str, s: Situation) -> bool:
    network = s.context.network
    names = {"σ", "g", network.sigma, network.last_activation} if network else set[str | None]()
    return one == other or {one, other} <= names


def _slope_at_activation(node: Formula, s: Situation) -> Iterator[Formula]:
    if isinstance(node, Apply) and _is_activation(node.argument, s):
        yield from _slope_elsewhere(node, s)


def _is_activation(node: Formula, s: Situation) -> bool:
    of = node.of if isinstance(node, Entry) else node
    if not isinstance(of, Symbol):
        return isinstance(of, Apply)
    definition = s.definition(of.name)
    return isinstance(definition, Apply) or (s.context.network is not None and of.name in ("a", "A", "x", "X"))


def _slope_of_error(node: Formula, s: Situation) -> Iterator[Formula]:
    """e ⊙ (1 − e) → e ⊙ σ′(z)."""
    match node:
        case Binary(op, left, Binary(Op.MINUS, one, right)) if is_entrywise(op) and is_ones(one) and left == right:
            yield from _with_slope(left, s)


def _without_factor(node: Formula, s: Situation) -> Iterator[Formula]:
    """… σ′(z) ⊙ z → … σ′(z)."""
    match node:
        case Binary(op, left, right) if is_entrywise(op):
            if isinstance(right, Symbol | Entry) and any(map(_is_slope, factors(left))):
                yield left
            if isinstance(left, Symbol | Entry) and any(map(_is_slope, factors(right))):
                yield right
            if isinstance(right, Binary):
                for kept in _without_factor(right, s):
                    yield Binary(op, left, kept)


def _prime_missing(node: Formula, s: Situation) -> Iterator[Formula]:
    if isinstance(node, Apply) and node.function.order == 0:
        yield replaced(node, function=replaced(node.function, order=1))


def _tanh_square(node: Formula, s: Situation) -> Iterator[Formula]:
    """1 − a → 1 − a.^2."""
    match node:
        case Binary(Op.MINUS, one, a) if is_ones(one) and not isinstance(a, Power):
            yield Binary(Op.MINUS, one, Power(a, number(2), elementwise=True))


def _sigmoid_factor(node: Formula, s: Situation) -> Iterator[Formula]:
    """1 − a → a ⊙ (1 − a)."""
    match node:
        case Binary(Op.MINUS, one, a) if is_ones(one) and not isinstance(a, Power):
            yield hadamard(a, node)


def _activations_of(node: Formula, s: Situation) -> set[str]:
    """The functions, known by name, that a quantity may be the value of."""
    of = node.of if isinstance(node, Entry) else node
    if not isinstance(of, Symbol):
        return {of.function.name} if isinstance(of, Apply) else set()
    definition = s.definition(of.name)
    if isinstance(definition, Apply):
        return {definition.function.name}
    network = s.context.network
    if network is None or of.name not in ("a", "A"):
        return set()
    last = network.last_activation if s.at_output else None
    return {last or network.sigma} - {"σ"}


def _tanh_slope_for_sigmoid(node: Formula, s: Situation) -> Iterator[Formula]:
    """1 − a.^2 → a ⊙ (1 − a), and 1 − a² of a number."""
    match node:
        case Binary(Op.MINUS, one, Power(a)) if is_ones(one) and "sigmoid" in _activations_of(a, s):
            yield hadamard(a, Binary(Op.MINUS, one, a))


def _sigmoid_slope_for_tanh(node: Formula, s: Situation) -> Iterator[Formula]:
    """a ⊙ (1 − a) → 1 − a.^2."""
    match node:
        case Binary(op, left, Binary(Op.MINUS, one, a)) if is_entrywise(op) or op is Op.PRODUCT:
            if not is_ones(one) or "tanh" not in _activations_of(a, s):
                return
            slope = Binary(Op.MINUS, one, Power(a, number(2), elementwise=not isinstance(a, Entry)))
            match left:
                case Binary(inner, kept, last) if last == a:  # (a − y) ⊙ a ⊙ (1 − a)
                    yield Binary(inner, kept, slope)
            if left == a:
                yield slope


def _sech_square(node: Formula, s: Situation) -> Iterator[Formula]:
    match node:
        case Apply(Function("sech", order=0)):
            yield Power(node, number(2), elementwise=True)


def _other_value(node: Formula, s: Situation) -> Iterator[Formula]:
    """z → a, and a → z."""
    if not isinstance(node, Symbol):
        return
    swapped = {"z": "a", "a": "z", "Z": "A", "A": "Z"}.get(node.name)
    if node.layer is not None and swapped:
        yield Symbol(swapped, node.layer)
    definition = s.definition(node.name)
    if isinstance(definition, Apply) and isinstance(definition.argument, Symbol):
        yield Symbol(definition.argument.name)
    for name, quantity in s.context.setting.quantities.items():
        match quantity.definition:
            case Apply(argument=Symbol(below)) if below == node.name:
                yield Symbol(name)


def _activation_lost(node: Formula, s: Situation) -> Iterator[Formula]:
    """u − y → (f(u) − y) ⊙ f′(u), where the target differentiates through f(u)."""
    match node:
        case Binary(Op.MINUS, left, right):
            for inner in s.target_nodes:
                if isinstance(inner, Apply) and inner.function.order == 0 and inner.argument == left:
                    function = replaced(inner.function, order=1)
                    applied = Binary(Op.MINUS, Apply(inner.function, left), right)
                    yield hadamard(applied, Apply(function, left))


_NET = "W1 : h x n; b1 : h; W2 : k x h; x : n; y : k; z1 := W1 x + b1; a1 := tanh(z1); e := W2 a1 - y; C := 1/2 ‖e‖²"
_REGRESSION = "X : m x n; w : n; y : m"

ROWS = (
    Misconception(
        "ce-extra-sigma-prime",
        "σ′ stands here although the cross entropy has cancelled it",
        "With a cross entropy, ∂J/∂a has σ′(z) in its denominator, and the chain rule's σ′(z) cancels it: what is left "
        "is a − y. With the squared error nothing cancels, and σ′(z) stays.",
        _without_slope_of_entropy,
        layerwise("δ^L = (a^L - y) ⊙ σ'(z^L)", use="loss=bce"),
        layerwise("δ^L = a^L - y", use="loss=bce"),
        "slope",
        removes="slope",
    ),
    Misconception(
        "sigma-prime-of-error",
        "e (1 − e) is taken for σ′",
        "For a sigmoid, σ′(z) = a (1 − a), with its own output a. The error a − y is not an output.",
        _slope_of_error,
        on_sheet(
            "y : n; z : n; a := sigmoid(z); C := 1/2 ‖a - y‖²",
            "∂C/∂z = (a - y) ⊙ (ones(n, 1) - (a - y))",
        ),
        on_sheet("y : n; z : n; a := sigmoid(z); C := 1/2 ‖a - y‖²", "∂C/∂z = (a - y) ⊙ a ⊙ (ones(n, 1) - a)"),
        "slope",
    ),
    Misconception(
        "sigma-prime-times-z",
        "σ′(z) is multiplied by z once more",
        "The derivative of σ(z) by z is σ′(z), and nothing else: the inner derivative of z by itself is 1.",
        _without_factor,
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l) ⊙ z^l"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "slope",
    ),
    Misconception(
        "sigma-prime-at-a",
        "σ′ is taken at the activation instead of at z",
        "σ′ is the slope at the place where σ was evaluated, and that was z. σ′(a) would be the slope after going "
        "through σ once more.",
        _slope_at_activation,
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(a^l)", "δ^L = ∂J/∂a^L ⊙ σ'(a^L)"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "slope",
    ),
    Misconception(
        "sigma-prime-wrong-layer",
        "σ′ is taken in the wrong layer",
        "δ^l asks how J answers to z^l, so that the last step back goes through the activation of layer l itself: its "
        "σ′ is at z^l.",
        _slope_elsewhere,
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^{l+1})", "δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^{l-1})"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "slope",
    ),
    Misconception(
        "sum-outside-cases",
        "the activation is left out of the derivative",
        "The function is applied to each entry before anything is summed, so that both its value and its slope belong "
        "inside: each entry has its own case.",
        _activation_lost,
        on_sheet(_REGRESSION, "∂(1/m ‖relu(X w) - y‖²)/∂w = (2/m) Xᵀ (X w - y)"),
        on_sheet(_REGRESSION, "∂(1/m ‖relu(X w) - y‖²)/∂w = (2/m) Xᵀ ((relu(X w) - y) ⊙ relu'(X w))"),
        "slope",
    ),
    Misconception(
        "dzdW-is-aT-unjustified",
        "between the error from above and aᵀ, σ′ is missing",
        "Wᵀ δ of the layer above is ∂J/∂a. The weights act on z, and the way from a to z goes through σ: only "
        "∂J/∂a ⊙ σ′(z) may be multiplied by aᵀ.",
        _in_outer,
        layerwise("∂J/∂W^l = (W^{l+1})^T δ^{l+1} (a^{l-1})^T"),
        layerwise("∂J/∂W^l = ((W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)) (a^{l-1})^T"),
        "slope",
        adds="slope",
    ),
    Misconception(
        "bp2-missing-sigma-prime",
        "σ′(z) is missing",
        "Wᵀ δ is ∂J/∂a, the answer of J to the activation. δ is its answer to z, and the way back from a to z costs a "
        "factor σ′(z).",
        _from_above,
        layerwise("δ^l = (W^{l+1})^T δ^{l+1}", "δ^l_j = Σ_k W^{l+1}_{kj} δ^{l+1}_k"),
        layerwise("∂J/∂a^l = (W^{l+1})^T δ^{l+1}"),
        "slope",
        adds="slope",
    ),
    Misconception(
        "bp1-missing-sigma-prime",
        "σ′(z) is missing at the output",
        "This is ∂J/∂a. δ is ∂J/∂z, and between the two lies the activation, with its factor σ′(z).",
        _at_last_layer,
        layerwise("δ^L = ∂J/∂a^L", "δ^L_j = ∂J/∂a^L_j") + layerwise("δ^L = a^L - y", use="loss=mse"),
        layerwise("δ^L = a^L - y", use="loss=bce"),
        "slope",
        adds="slope",
    ),
    Misconception(
        "bp1-missing-sigma-prime",
        "σ′(z) is missing",
        "This is ∂J/∂a. δ is ∂J/∂z, and between the two lies the activation, with its factor σ′(z).",
        _within_network,
        layerwise("δ^l = ∂J/∂a^l", "δ^2_j = ∂J/∂a^2_j"),
        layerwise("∂J/∂b^l = ∂J/∂z^l"),
        "slope",
        adds="slope",
    ),
    Misconception(
        "bp1-missing-sigma-prime",
        "the slope of the function in between is missing",
        "Where something goes through a function, the chain rule multiplies by the slope of that function, taken at "
        "the same place.",
        _at_output,
        on_sheet("z : n; y : n; a := tanh(z); J := 1/2 ‖a - y‖²", "∂J/∂z = a - y"),
        on_sheet("z : n; y : n; a := tanh(z); J := 1/2 ‖a - y‖²", "∂J/∂a = a - y"),
        "slope",
        adds="slope",
    ),
    Misconception(
        "root-slope-missing",
        "the slope of the root is missing",
        "The slope of √u is 1/(2√u), so that the root itself stands below the line.",
        _root_below,
        on_sheet("u : scalar; v : scalar; J := sqrt((u^2 + v^2)/2)", "∂J/∂u = u/2", "∂J/∂u = u")
        + on_sheet("x : n", "∂‖x‖/∂x = 2 x"),
        on_sheet("u : scalar; v : scalar; J := sqrt((u^2 + v^2)/2)", "∂J/∂u = u/(2 J)")
        + on_sheet("x : n", "∂(‖x‖²)/∂x = 2 x"),
        "slope",
        whole=True,
    ),
    Misconception(
        "dJdz-for-dJda",
        "this is ∂J/∂z, and not ∂J/∂a",
        "With the cross entropy the slope σ′(z) is already cancelled in a − y: that is the derivative by z. The "
        "derivative by a still has a (1 − a), which is σ′(z), below the line.",
        _over_slope,
        layerwise("∂J/∂a^L = a^L - y", "∇_a J = a^L - y", use="loss=bce"),
        layerwise("∂J/∂a^L = (a^L - y) ⊘ σ'(z^L)", use="loss=bce"),
        "slope",
        whole=True,
    ),
    Misconception(
        "extra-sigma-prime",
        "there is a σ′ too many",
        "Each step back through an activation costs one factor σ′, and this formula takes one more than it goes.",
        _without_slope,
        layerwise("∂J/∂a^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        layerwise("∂J/∂a^l = (W^{l+1})^T δ^{l+1}"),
        "slope",
        removes="slope",
    ),
    Misconception(
        "sigma-for-sigma-prime",
        "σ stands where σ′ belongs",
        "The chain rule takes the derivative of the activation. σ(z) itself is the activation a.",
        _prime_missing,
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ(z^l)"),
        layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)"),
        "slope",
    ),
    Misconception(
        "slope-of-tanh",
        "1 − a² is the slope of tanh, and the activation is a sigmoid",
        "The derivative of the sigmoid is a (1 − a), entry by entry. Each function has a slope of its own.",
        _tanh_slope_for_sigmoid,
        layerwise("δ^L = (a^L - y) ⊙ (1 - (a^L).^2)", use="loss=mse activation=sigmoid")
        + layerwise("δ^l_j = Σ_k w^{l+1}_{kj} δ^{l+1}_k (1 - (a^l_j)^2)", use="activation=sigmoid"),
        layerwise("δ^L = (a^L - y) ⊙ (1 - (a^L).^2)", use="loss=mse activation=tanh"),
        "slope",
    ),
    Misconception(
        "slope-of-sigmoid",
        "a (1 − a) is the slope of the sigmoid, and the activation is tanh",
        "The derivative of tanh is 1 − a², entry by entry. Each function has a slope of its own.",
        _sigmoid_slope_for_tanh,
        layerwise("δ^L = (a^L - y) ⊙ a^L ⊙ (1 - a^L)", use="loss=mse activation=tanh")
        + layerwise("δ^l = (W^{l+1})^T δ^{l+1} ⊙ (a^l ⊙ (1 - a^l))", use="activation=tanh"),
        layerwise("δ^L = (a^L - y) ⊙ a^L ⊙ (1 - a^L)", use="loss=mse activation=sigmoid"),
        "slope",
    ),
    Misconception(
        "tanh-prime-1-minus-a",
        "the square is missing in tanh′ = 1 − a²",
        "The derivative of tanh is 1 − tanh², that is 1 − a² entry by entry. 1 − a is one of the two factors of the "
        "sigmoid's derivative a (1 − a).",
        _tanh_square,
        on_sheet(_NET, "∂C/∂z1 = (W2ᵀ e) ⊙ (ones(h, 1) - a1)"),
        on_sheet(_NET, "∂C/∂z1 = (W2ᵀ e) ⊙ (ones(h, 1) - a1.^2)"),
        "slope",
    ),
    Misconception(
        "sigmoid-prime-1-minus-a",
        "the factor a is missing in σ′ = a (1 − a)",
        "The derivative of the sigmoid is a (1 − a), entry by entry; 1 − a alone is only half of it.",
        _sigmoid_factor,
        on_sheet("z : n; u : n; a := sigmoid(z)", "∂(uᵀ a)/∂z = u ⊙ (ones(n, 1) - a)"),
        on_sheet("z : n; u : n; a := sigmoid(z)", "∂(uᵀ a)/∂z = u ⊙ a ⊙ (ones(n, 1) - a)"),
        "slope",
    ),
    Misconception(
        "tanh-prime-sech",
        "the square is missing in tanh′ = sech²",
        "The derivative of tanh is 1/cosh², which is sech², not sech.",
        _sech_square,
        on_sheet("z : scalar", "∂(tanh(z))/∂z = sech(z)"),
        on_sheet("z : scalar", "∂(tanh(z))/∂z = sech(z)^2"),
        "slope",
    ),
    Misconception(
        "z-for-a",
        "z and a are mixed up",
        "z is what arrives at a neuron, a = σ(z) is what leaves it. Weights are multiplied by what leaves the layer "
        "below; σ′ is taken at what arrived.",
        _other_value,
        layerwise("∂J/∂W^l = δ^l (z^{l-1})^T", "z^l = W^l z^{l-1} + b^l"),
        layerwise("∂J/∂W^l = δ^l (a^{l-1})^T"),
        "layer",
    ),
)
