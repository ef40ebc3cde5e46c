"""The rules of a derivation. Each is data; its docstring is its law; ``forms`` says what a step by it looks like."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from derivations.formula import Formula
from derivations.values import value


@value
class Definition:
    """x = what x is defined to be, wherever x stands."""

    of: str


@value
class ForwardPass:
    """z^l = W^l a^{l−1} + b^l and a^l = σ(z^l), for any entry and any layer."""


@value
class ChainRule:
    """∂y/∂x = Σₖ ∂y/∂uₖ · ∂uₖ/∂x where y hears of x through u alone; as matrices, ∂y/∂x = (∂u/∂x)(∂y/∂u)."""


@value
class ElementwiseChain:
    """∂J/∂x = ∂J/∂f(x) ⊙ f′(x), for an elementwise f."""


@value
class SumRule:
    """∂(Σₖ uₖ)/∂x = Σₖ ∂uₖ/∂x; what does not depend on x is a constant factor."""


@value
class ProductRule:
    """∂(u v)/∂x = ∂u/∂x · v + u · ∂v/∂x."""


@value
class QuotientRule:
    """∂(u/v)/∂x = (∂u/∂x · v − u · ∂v/∂x) / v²."""


@value
class DerivativeOf:
    """∂f(x)/∂x = f′(x)."""

    function: str


@value
class LinearDerivative:
    """∂(Σᵢ wᵢ xᵢ + b)/∂xⱼ = wⱼ: of a linear function the coefficient stays."""


@value
class PowerRule:
    """∂(½ (c − x)²)/∂x = x − c."""


@value
class DeltaCollapses:
    """Σₖ δₖⱼ xₖ = xⱼ: of the sum over k the term k = j stays."""


@value
class AssembleMatrix:
    """xⱼ = (X)ⱼ where X is the matrix whose entries these are."""


@value
class Jacobian:
    """∂y/∂x is the matrix of its entries: in denominator layout row j, column k holds ∂yₖ/∂xⱼ."""


@value
class DiagonalActs:
    """diag(v) x = v ⊙ x, read either way, and the unit matrix leaves x as it is."""


@value
class Rearrange:
    """The rules of arithmetic: + and ⊙ commute, products distribute over sums, factors cancel."""


@value
class Hypothesis:
    """What is assumed of a name, where nothing else would do."""

    of: str
    words: str


@value
class Known:
    """An equation that has its own derivation."""

    equation: str
    left: Formula
    right: Formula


@value
class Instance:
    """What holds for every layer l of every network holds for this layer of this one."""

    equation: str


@value
class Backward:
    """∂J/∂x is the sum of what every quantity defined by x passes back to it."""

    through: tuple[str, ...]


@value
class LocalJacobian:
    """∂u/∂x for the entries of u's own definition: sums, products, functions; ∂xᵢ/∂xⱼ is 1 where i = j, else 0."""


@value
class Simplify:
    """The same, written shorter: factors cancel, like terms go together, what sums to 1 is 1."""


@value
class Substitute:
    """What is known of a derivative, put in its place."""


Rule: TypeAlias = (
    Definition
    | ForwardPass
    | ChainRule
    | ElementwiseChain
    | SumRule
    | ProductRule
    | QuotientRule
    | DerivativeOf
    | LinearDerivative
    | PowerRule
    | DeltaCollapses
    | AssembleMatrix
    | Jacobian
    | DiagonalActs
    | Rearrange
    | Hypothesis
    | Known
    | Instance
    | Backward
    | LocalJacobian
    | Simplify
    | Substitute
)


def name_of(rule: Rule) -> str:
    """What a rule is called in a proof."""
    match rule:
        case Definition(of):
            return f"definition of {of}"
        case ForwardPass():
            return "forward pass"
        case ChainRule():
            return "chain rule"
        case ElementwiseChain():
            return "chain rule, elementwise"
        case SumRule():
            return "sum rule"
        case ProductRule():
            return "product rule"
        case QuotientRule():
            return "quotient rule"
        case DerivativeOf(function):
            return f"derivative of {function}"
        case LinearDerivative():
            return "derivative of a linear function"
        case PowerRule():
            return "power rule"
        case DeltaCollapses():
            return "δ collapses the sum"
        case AssembleMatrix():
            return "assemble the matrix"
        case Jacobian():
            return "Jacobian"
        case DiagonalActs():
            return "diagonal matrix"
        case Rearrange():
            return "rearrange"
        case Hypothesis(_, words):
            return f"hypothesis {words}"
        case Known(equation):
            return f"by {equation}"
        case Instance(equation):
            return f"{equation} at this layer"
        case Backward(through):
            return f"chain rule through {', '.join(through)}"
        case LocalJacobian():
            return "local Jacobian"
        case Simplify():
            return "simplify"
        case Substitute():
            return "put in"
        case _:
            assert_never(rule)
