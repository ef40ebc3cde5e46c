"""Functions of normal forms: powers, exp and log, the step, named and unknown functions, losses, det and inv.

Everything that has an identity is built from few primitives, so that the identities follow from arithmetic: sigmoid,
tanh, softplus and softmax are rational in exp; relu and its kin are polynomials in the step.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction

from derivations.kernel.algebra import (
    LARGEST_EXPANDED_POWER,
    ONE,
    ZERO,
    Algebra,
    OutsideFragment,
    Polynomial,
    Rational,
    TooLarge,
    Undefined,
)
from derivations.kernel.canonical import Exponent, Factor, Group, Index, block_symmetry, closure, least

_SMALL_PRIMES_UP_TO = 10_000


def power(algebra: Algebra, base: Polynomial, exponent: Exponent) -> Polynomial:
    """base^exponent for a rational exponent. Raises Undefined for a division by zero."""
    if exponent == 0:
        return ONE
    if not base:
        if exponent < 0:
            raise Undefined("This divides by zero.")
        return ZERO
    whole = Fraction(exponent).denominator == 1
    if exponent < 0 and not all(algebra.heads[h].positive for m in base for h, _, _ in m):
        algebra.used.add(("not zero", ""))
    if not whole:
        algebra.used.add(("positive", ""))
    if whole and len(base) == 1:
        ((monomial, c),) = base.items()
        return algebra.scaled(algebra.power_of_monomial(monomial, int(exponent)), _rational_power(c, int(exponent)))
    if whole and exponent > 0:
        if exponent > LARGEST_EXPANDED_POWER:
            raise TooLarge(f"A power of {exponent} of a sum has too many terms.")
        result = base
        for _ in range(int(exponent) - 1):
            result = algebra.times(result, base)
        return result
    number, common, rest = algebra.content(base, only_positive=not whole)
    outside = algebra.times(_number_power(algebra, number, exponent), algebra.power_of_monomial(common, exponent))
    if rest == ONE:
        return outside
    if len(rest) == 1 and () in rest:
        raise Undefined("This is a root of a negative number.")
    if len(rest) == 1 < len(base):  # taking factors out has left a single term
        return algebra.times(outside, power(algebra, rest, exponent))
    form, indices, group = algebra.abstracted(rest)
    positive = all(k > 0 and all(algebra.heads[h].positive for h, _, _ in m) for m, k in rest.items())
    head = algebra.head_of("power", (form,), indices, group, rest, positive)
    own = least(indices, algebra.heads[head].symmetry)
    return algebra.times(outside, algebra.product_of([(head, own, exponent)]))


def _rational_power(base: Rational, exponent: int) -> Rational:
    size = Fraction(base)
    if abs(exponent) > 4096 and abs(base) != 1:
        raise TooLarge("This number is too large.")
    return size**exponent


def _number_power(algebra: Algebra, number: Rational, exponent: Exponent) -> Polynomial:
    """A rational number to a rational power: prime numbers to powers between 0 and 1, times a rational."""
    if Fraction(exponent).denominator == 1:
        return algebra.number(_rational_power(number, int(exponent)))
    if number < 0:
        raise Undefined("This is a root of a negative number.")
    factors = [(prime_head(algebra, p), (), k * exponent) for p, k in _prime_factors(number)]
    return algebra.product_of(factors)


def prime_head(algebra: Algebra, prime: int) -> int:
    return algebra.head_of("prime", (prime,), (), None, ONE, True)


def _prime_factors(number: Rational) -> list[tuple[int, int]]:
    """The prime factors of a positive rational, denominators with negative exponents."""
    found: dict[int, int] = {}
    value = Fraction(number)
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        divisor = 2
        while divisor * divisor <= part:
            if divisor > _SMALL_PRIMES_UP_TO:
                raise OutsideFragment("A number with large prime factors under a root or a logarithm.")
            while part % divisor == 0:
                found[divisor] = found.get(divisor, 0) + sign
                part //= divisor
            divisor += 1
        if part > 1:
            found[part] = found.get(part, 0) + sign
    return sorted(found.items())


def exp(algebra: Algebra, argument: Polynomial) -> Polynomial:
    """exp(Σ c·M) = Π exp(M)^c, and exp(c·log u) = u^c."""
    result = ONE
    for monomial, c in argument.items():
        if len(monomial) == 1:
            head, indices, e = monomial[0]
            kept = algebra.heads[head]
            if kept.kind == "function" and kept.data[:3] == ("log", None, 0) and e == 1:
                result = algebra.times(result, power(algebra, algebra.inner(head, indices), c))
                continue
        form, own, group = algebra.abstracted({monomial: 1})
        number = algebra.head_of("exp", (form,), own, group, {monomial: 1}, True)
        factor = (number, least(own, algebra.heads[number].symmetry), c)
        result = algebra.times(result, algebra.product_of([factor]))
    return result


def log(algebra: Algebra, argument: Polynomial) -> Polynomial:
    """log(c·Π F^e·rest) = log c + Σ e·log F + log rest, for positive c and F."""
    if not argument:
        raise Undefined("This is the logarithm of 0.")
    number, common, rest = algebra.content(argument, only_positive=True)
    result = ZERO
    for prime, k in _prime_factors(number):
        result = algebra.plus(result, algebra.scaled(unknown(algebra, "log", None, 0, {(): prime}), k))
    for factor in common:
        result = algebra.plus(result, algebra.scaled(_log_of_factor(algebra, factor), factor[2]))
    if rest == ONE:
        return result
    if len(rest) == 1 and () in rest:
        raise Undefined("This is the logarithm of a negative number.")
    if len(rest) == 1 < len(argument):
        return algebra.plus(result, log(algebra, rest))
    algebra.used.add(("positive under log", ""))
    return algebra.plus(result, unknown(algebra, "log", None, 0, rest))


def _log_of_factor(algebra: Algebra, factor: Factor) -> Polynomial:
    head, indices, _ = factor
    kind = algebra.heads[head].kind
    if kind == "exp":
        return algebra.inner(head, indices)
    if kind == "prime":
        prime = algebra.heads[head].data[0]
        assert isinstance(prime, int)
        return unknown(algebra, "log", None, 0, {(): prime})
    if kind == "power":
        return unknown(algebra, "log", None, 0, algebra.inner(head, indices))
    return unknown(algebra, "log", None, 0, algebra.atom(head, indices))


def step(algebra: Algebra, argument: Polynomial) -> Polynomial:
    """1 where the argument is positive, 0 where it is not; step(−u) = 1 − step(u) wherever u is not 0."""
    if not argument:
        return ZERO
    _, _, rest = algebra.content(argument, only_positive=True)
    if len(rest) == 1 < len(argument):
        return step(algebra, rest)
    result = ONE
    if len(rest) == 1:  # step(step(v)·m) = step(v)·step(m)
        ((monomial, c),) = rest.items()
        steps = tuple(f for f in monomial if algebra.heads[f[0]].kind == "step")
        if steps:
            result = {steps: 1}
            others = {tuple(f for f in monomial if f not in steps): c}
            _, _, rest = algebra.content(others, only_positive=True)
    if all(k > 0 and all(algebra.heads[h].positive for h, _, _ in m) for m, k in rest.items()):
        return result
    if all(k < 0 and all(algebra.heads[h].positive for h, _, _ in m) for m, k in rest.items()):
        return ZERO
    algebra.used.add(("away from kinks", ""))
    lead = algebra.lead(rest)
    assert lead is not None
    negative = rest[lead] < 0
    form, indices, group = algebra.abstracted(algebra.scaled(rest, -1) if negative else rest)
    head = algebra.head_of("step", (form,), indices, group, rest)
    positive_side = algebra.atom(head, indices)
    return algebra.times(result, algebra.minus(ONE, positive_side) if negative else positive_side)


def unknown(algebra: Algebra, name: str, layer: Hashable, order: int, argument: Polynomial) -> Polynomial:
    """The ``order``-th derivative of an unknown function of one variable."""
    form, indices, group = algebra.abstracted(argument)
    head = algebra.head_of("function", (name, layer, order, form), indices, group, argument)
    return algebra.atom(head, indices)


def loss(
    algebra: Algebra, name: str, argument: Polynomial, over: tuple[Index, ...], of_sample: tuple[Index, ...] = ()
) -> Polynomial:
    """An unknown scalar function of all entries of its argument.

    ``over`` are the argument's indices; ``of_sample`` are further indices that name which function it is: each sample's
    loss is a function of its own.
    """
    names = {i: algebra.index("lambda", p, algebra.widths[i]) for p, i in enumerate(over)}
    inside = algebra.renamed(argument, names)
    for sample in of_sample:  # a mark that makes the function depend on the index
        inside = algebra.plus(inside, algebra.tensor("mark of a sample", (sample,)))
    return loss_derivative(algebra, name, 0, inside, tuple(names.values()), ())


def loss_derivative(
    algebra: Algebra, name: str, order: int, inside: Polynomial, over: tuple[Index, ...], by: tuple[Index, ...]
) -> Polynomial:
    """The ``order``-th derivative; ``by`` holds ``order`` groups of indices, as many as ``over`` has."""
    form, indices, group = algebra.abstracted(inside, fixed=over)
    blocks = block_symmetry(len(indices), order, len(over))
    symmetry: Group = blocks
    if group:
        longer = [(*one, *range(len(indices), len(indices) + len(by))) for one in group]
        symmetry = closure([*longer, *blocks], len(indices) + len(by))
    widths = tuple(algebra.widths[i] for i in over)
    head = algebra.head_of("loss", (name, order, widths, form), (*indices, *by), symmetry, inside)
    return algebra.atom(head, (*indices, *by))


def softmax(algebra: Algebra, argument: Polynomial, index: Index) -> Polynomial:
    """exp(v_i) / Σ_k exp(v_k), along an index."""
    numerator = exp(algebra, argument)
    return algebra.times(numerator, power(algebra, algebra.summed(numerator, index), -1))


# ---- inverse and determinant ----


def inverse(algebra: Algebra, matrix: Polynomial, row: Index, column: Index) -> Polynomial:
    """The entry (row, column) of the inverse of the matrix with entries ``matrix`` over these two indices.

    The matrix is assumed invertible; then so is every square factor of it.
    """
    chain = _chain(algebra, matrix, row, column)
    if chain is None:
        return _opaque(algebra, "inverse", matrix, row, column)
    scalar, links = chain
    result = power(algebra, scalar, -1)
    previous, inner = row, []
    for place, (link, first, second) in enumerate(reversed(links)):
        following = column if place == len(links) - 1 else algebra.fresh(algebra.widths[row])
        if following != column:
            inner.append(following)
        result = algebra.times(result, _inverse_of_link(algebra, link, first, second, previous, following))
        previous = following
    for index in inner:
        result = algebra.summed(result, index)
    return result


def determinant(algebra: Algebra, matrix: Polynomial, row: Index, column: Index) -> Polynomial:
    """det; of a product of square matrices the product of the determinants, of an inverse the reciprocal."""
    chain = _chain(algebra, matrix, row, column)
    if chain is None or chain[0] != ONE:
        return _opaque(algebra, "determinant", matrix, row, column)
    result = ONE
    for link, first, second in chain[1]:
        head, indices, _ = link
        if algebra.heads[head].kind == "delta":
            continue
        if algebra.heads[head].kind == "inverse":
            one, other = algebra.fresh(algebra.widths[row]), algebra.fresh(algebra.widths[row])
            inside = _under_inverse(algebra, head, indices, (one, other))
            result = algebra.times(result, power(algebra, determinant(algebra, inside, one, other), -1))
        else:
            result = algebra.times(result, _opaque(algebra, "determinant", algebra.atom(head, indices), first, second))
    return result


def _chain(
    algebra: Algebra, matrix: Polynomial, row: Index, column: Index
) -> tuple[Polynomial, list[tuple[Factor, Index, Index]]] | None:
    """A scalar and square matrices whose product is the matrix, each with its row and column index; or None."""
    if len(matrix) != 1:
        return None
    ((monomial, c),) = matrix.items()
    scalars = [f for f in monomial if row not in f[1] and column not in f[1]]
    links = [f for f in monomial if f not in scalars]
    if len(links) == 1 and algebra.heads[links[0][0]].kind == "sum" and links[0][2] == 1:
        links = algebra.open_sum(links[0][0], links[0][1])[0]
    width = algebra.widths[row]
    path: list[tuple[Factor, Index, Index]] = []
    at = row
    while at != column or not path:
        here = [f for f in links if at in f[1]]
        if len(here) != 1 or len(here[0][1]) != 2 or here[0][2] != 1:
            return None
        link = here[0]
        if algebra.heads[link[0]].kind not in ("tensor", "inverse", "delta"):
            return None
        following = link[1][1] if link[1][0] == at else link[1][0]
        if following == at or any(algebra.widths[i] != width for i in link[1]):
            return None
        path.append((link, at, following))
        links.remove(link)
        at = following
    return (algebra.scaled({tuple(scalars): 1}, c), path) if not links else None


def _inverse_of_link(
    algebra: Algebra, link: Factor, first: Index, second: Index, row: Index, column: Index
) -> Polynomial:
    head, indices, _ = link
    kind = algebra.heads[head].kind
    if kind == "delta":
        return algebra.delta(row, column)
    if kind == "inverse":
        place = {first: row, second: column}
        return _under_inverse(algebra, head, indices, (place[indices[0]], place[indices[1]]))
    return algebra.renamed(
        _opaque(algebra, "inverse", algebra.atom(head, indices), first, second), {first: row, second: column}
    )


def _under_inverse(algebra: Algebra, head: int, indices: tuple[Index, ...], at: tuple[Index, Index]) -> Polynomial:
    """The matrix under an inverse head, at a row and column."""
    row, column = at
    width = algebra.widths[row]
    names = {algebra.index("lambda", 0, width): row, algebra.index("lambda", 1, width): column}
    names.update(zip(algebra.slots_of(head)[:-2], indices[:-2], strict=True))
    return algebra.renamed(dict(algebra.argument(head)), names)


def _opaque(algebra: Algebra, kind: str, matrix: Polynomial, row: Index, column: Index) -> Polynomial:
    """A new inverse or determinant; inv(Xᵀ) is inv(X)ᵀ, det(Xᵀ) is det(X)."""
    width = algebra.widths[row]
    algebra.used.add(("invertible", ""))
    one, other = algebra.index("lambda", 0, width), algebra.index("lambda", 1, width)
    straight = algebra.abstracted(algebra.renamed(matrix, {row: one, column: other}), fixed=(one, other))
    turned = algebra.abstracted(algebra.renamed(matrix, {row: other, column: one}), fixed=(one, other))
    flip = turned[0] < straight[0]
    form, indices, group = turned if flip else straight
    if group:
        raise OutsideFragment("An inverse whose matrix depends on indices symmetrically.")
    if kind == "determinant":
        head = algebra.head_of(kind, (form,), indices, None, matrix)
        return algebra.atom(head, indices)
    size = len(indices)
    symmetry = closure([(*range(size), size + 1, size)], size + 2) if straight[0] == turned[0] else None
    own = (*indices, column, row) if flip else (*indices, row, column)
    head = algebra.head_of(kind, (form,), own, symmetry, matrix)
    return algebra.atom(head, own)


# ---- named functions ----


def _sigmoid(algebra: Algebra, z: Polynomial) -> Polynomial:
    return power(algebra, algebra.plus(ONE, exp(algebra, algebra.scaled(z, -1))), -1)


def _tanh(algebra: Algebra, z: Polynomial) -> Polynomial:
    twice = exp(algebra, algebra.scaled(z, 2))
    return algebra.minus(ONE, algebra.scaled(power(algebra, algebra.plus(ONE, twice), -1), 2))


def _sech(algebra: Algebra, z: Polynomial) -> Polynomial:
    both = algebra.plus(exp(algebra, z), exp(algebra, algebra.scaled(z, -1)))
    return algebra.scaled(power(algebra, both, -1), 2)


def _relu(algebra: Algebra, z: Polynomial) -> Polynomial:
    return algebra.times(z, step(algebra, z))


def _leaky_relu(algebra: Algebra, z: Polynomial) -> Polynomial:
    slope = Fraction(1, 100)
    return algebra.plus(algebra.scaled(z, slope), algebra.scaled(_relu(algebra, z), 1 - slope))


def _elu(algebra: Algebra, z: Polynomial) -> Polynomial:
    below = algebra.minus(exp(algebra, z), ONE)
    return algebra.plus(below, algebra.times(step(algebra, z), algebra.minus(z, below)))


def _sign(algebra: Algebra, z: Polynomial) -> Polynomial:
    return algebra.minus(algebra.scaled(step(algebra, z), 2), ONE) if z else ZERO


def _log_to_base(base: int) -> Callable[[Algebra, Polynomial], Polynomial]:
    def rule(algebra: Algebra, z: Polynomial) -> Polynomial:
        return algebra.times(log(algebra, z), power(algebra, log(algebra, {(): base}), -1))

    return rule


NAMED: dict[str, Callable[[Algebra, Polynomial], Polynomial]] = {
    "exp": exp,
    "log": log,
    "log2": _log_to_base(2),
    "log10": _log_to_base(10),
    "sqrt": lambda algebra, z: power(algebra, z, Fraction(1, 2)),
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "sech": _sech,
    "softplus": lambda algebra, z: log(algebra, algebra.plus(ONE, exp(algebra, z))),
    "identity": lambda _, z: z,
    "step": step,
    "relu": _relu,
    "leaky_relu": _leaky_relu,
    "elu": _elu,
    "sign": _sign,
    "abs": lambda algebra, z: algebra.times(z, _sign(algebra, z)),
}
"""Each named function as a normal form of its argument; its derivatives follow from that."""

KINKED = frozenset({"relu", "leaky_relu", "step", "sign", "abs"})
"""Those that have no derivative at 0."""
