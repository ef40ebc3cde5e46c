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
from derivations.kernel.heads import bits, rational_power

_SMALL_PRIMES_UP_TO = 10_000
_BITS_TO_FACTOR = 4096


def power(algebra: Algebra, base: Polynomial, exponent: Exponent, *, again: bool = False) -> Polynomial:
    """base^exponent for a rational exponent. Raises Undefined for a division by zero.

    ``again``: this power has been taken before, of the same value written otherwise; its hypotheses are recorded.
    """
    if exponent == 0:
        return ONE
    if not base:
        if exponent < 0:
            raise Undefined("This divides by zero.")
        return ZERO
    whole = Fraction(exponent).denominator == 1
    if exponent < 0 and not again and algebra.sign_of(base) is None:
        algebra.used.add(("not zero", ""))
    if not whole and not again and algebra.sign_of(base) != 1:
        algebra.used.add(("positive", ""))
    if whole and len(base) == 1:
        ((monomial, c),) = base.items()
        return algebra.scaled(algebra.power_of_monomial(monomial, int(exponent)), rational_power(c, int(exponent)))
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
        return algebra.times(outside, power(algebra, rest, exponent, again=True))
    form, indices, group = algebra.abstracted(rest)
    head = algebra.head_of("power", (form,), indices, group, rest, algebra.sign_of(rest) == 1)
    own = least(indices, algebra.heads[head].symmetry)
    return algebra.times(outside, algebra.product_of([(head, own, exponent)]))


def _number_power(algebra: Algebra, number: Rational, exponent: Exponent) -> Polynomial:
    """A rational number to a rational power: prime numbers to powers between 0 and 1, times a rational."""
    if Fraction(exponent).denominator == 1:
        return algebra.number(rational_power(number, int(exponent)))
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
    if bits(value) > _BITS_TO_FACTOR:
        raise OutsideFragment("A number with many digits under a root or a logarithm.")
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


def stay_away_from_kinks(algebra: Algebra, argument: Polynomial) -> None:
    """Record that an argument of step, sign … is not 0. One that takes single values only may well be, and so may one
    that is switched off by a step."""
    algebra.used.add(("away from kinks", ""))
    if algebra.is_discrete(argument) or algebra.vanishes_by_steps(argument):
        algebra.used.add(("discrete kinks", ""))


def step(algebra: Algebra, argument: Polynomial, *, weighted: bool = False) -> Polynomial:
    """1 where the argument is positive, 0 where it is not; step(−u) = 1 − step(u) wherever u is not 0.

    ``weighted``: it is multiplied by something that is 0 where the argument is, so that its value there is of no
    consequence.
    """
    if not argument:
        return ZERO
    _, _, rest = algebra.content(argument, only_positive=True)
    if len(rest) == 1 < len(argument):
        return step(algebra, rest, weighted=weighted)
    result = ONE
    if len(rest) == 1:  # step(step(v)·m) = step(v)·step(m)
        ((monomial, c),) = rest.items()
        steps = tuple(f for f in monomial if algebra.heads[f[0]].kind == "step")
        if steps:
            result = {steps: 1}
            others = {tuple(f for f in monomial if f not in steps): c}
            _, _, rest = algebra.content(others, only_positive=True)
    sign = algebra.sign_of(rest)
    if sign is not None:
        return result if sign > 0 else ZERO
    algebra.used.add(("kinks", ""))
    lead = algebra.lead(rest)
    assert lead is not None
    negative = rest[lead] < 0
    if negative and not weighted:
        stay_away_from_kinks(algebra, rest)
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
    return algebra.times(z, step(algebra, z, weighted=True))


def _leaky_relu(algebra: Algebra, z: Polynomial) -> Polynomial:
    slope = Fraction(1, 100)
    return algebra.plus(algebra.scaled(z, slope), algebra.scaled(_relu(algebra, z), 1 - slope))


def _elu(algebra: Algebra, z: Polynomial) -> Polynomial:
    below = algebra.minus(exp(algebra, z), ONE)
    return algebra.plus(below, algebra.times(step(algebra, z, weighted=True), algebra.minus(z, below)))


def _sign(algebra: Algebra, z: Polynomial) -> Polynomial:
    """2 step(z) − 1, which is not sign(z) at 0."""
    if not z:
        return ZERO
    if algebra.sign_of(z) is None:
        stay_away_from_kinks(algebra, z)
    return algebra.minus(algebra.scaled(step(algebra, z), 2), ONE)


def _abs(algebra: Algebra, z: Polynomial) -> Polynomial:
    return algebra.times(z, algebra.minus(algebra.scaled(step(algebra, z, weighted=True), 2), ONE))


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
    "abs": _abs,
}
"""Each named function as a normal form of its argument; its derivatives follow from that."""

KINKED = frozenset({"relu", "leaky_relu", "step", "sign", "abs"})
"""Those that have no derivative at 0."""

STEP_AT_KINK = frozenset({"relu", "leaky_relu", "elu"})
"""Those whose derivative at 0, by convention, is what their formula has there, with step(0) = 0."""
