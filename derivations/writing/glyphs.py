"""The letters and signs of each spelling: Greek names, raised and lowered characters, operators."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derivations.formula import Op
from derivations.values import value

GREEK: Mapping[str, str] = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "ζ": "zeta",
    "η": "eta",
    "θ": "theta",
    "ι": "iota",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "ν": "nu",
    "ξ": "xi",
    "π": "pi",
    "ρ": "rho",
    "σ": "sigma",
    "τ": "tau",
    "υ": "upsilon",
    "φ": "phi",
    "χ": "chi",
    "ψ": "psi",
    "ω": "omega",
    "Γ": "Gamma",
    "Δ": "Delta",
    "Θ": "Theta",
    "Λ": "Lambda",
    "Ξ": "Xi",
    "Π": "Pi",
    "Φ": "Phi",
    "Ψ": "Psi",
    "Ω": "Omega",
}
"""Greek letters by name. Σ is missing: it is the sign of a sum, never a name."""

SUPERSCRIPTS: Mapping[str, str] = dict(
    zip("0123456789+-abcdefghijklmnoprstuvwxyzLKMN", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴸᴷᴹᴺ", strict=True)
)
"""Characters that have a raised form. T is missing: raised, it says "transposed"."""

SUBSCRIPTS: Mapping[str, str] = dict(zip("0123456789+-aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
"""Characters that have a lowered form."""


def raised(text: str) -> str:
    """``text`` as a superscript: ``ˡ⁺¹``, or ``^{[l]}`` where a character has no raised form."""
    return _scripted(text, SUPERSCRIPTS, "^")


def lowered(text: str) -> str:
    """``text`` as a subscript: ``ⱼₖ``, or ``_L``, ``_{L-1}`` where a character has no lowered form."""
    return _scripted(text, SUBSCRIPTS, "_")


def braced(mark: str, text: str) -> str:
    """``text`` behind ``^`` or ``_``, in braces if it is longer than a character: ``^2``, ``_{jk}``."""
    return f"{mark}{text}" if len(text) == 1 else f"{mark}{{{text}}}"


def _scripted(text: str, table: Mapping[str, str], mark: str) -> str:
    if all(character in table for character in text):
        return "".join(table[character] for character in text)
    return braced(mark, text)


def decimal(number: Fraction) -> str | None:
    """The exact decimal of a number that is not negative; None if it has none (1/3)."""
    places = 0
    while number.denominator != 1:
        if number.denominator % 2 and number.denominator % 5:
            return None
        number, places = number * 10, places + 1
    digits = str(number.numerator).rjust(places + 1, "0")
    return digits if not places else f"{digits[:-places]}.{digits[-places:]}"


@value
class Signs:
    """The signs of one spelling.

    ``dot`` is the product where juxtaposition would be read as something else; where it is empty, brackets are put
    instead. ``turned`` is the transposition behind a matrix, ``turned_layer`` its mark inside ``^{[l]ᵀ}``.
    """

    operators: Mapping[Op, str]
    minus: str
    dot: str
    turned: str
    turned_layer: str
    prime: str
    sum: str
    bars: tuple[str, str]


def _operators(plus: str, minus: str, hadamard: str, quotient: str) -> Mapping[Op, str]:
    return {
        Op.PLUS: plus,
        Op.MINUS: minus,
        Op.PRODUCT: "",
        Op.STAR: "*",
        Op.OVER: "/",
        Op.HADAMARD: hadamard,
        Op.QUOTIENT: quotient,
    }


UNICODE_SIGNS = Signs(_operators("+", "−", "⊙", "⊘"), "−", "·", "ᵀ", "ᵀ", "′", "Σ", ("‖", "‖"))
PLAIN_SIGNS = Signs(_operators("+", "-", ".*", "./"), "-", "", "^T", "T", "'", "sum", ("||", "||"))
LATEX_SIGNS = Signs(
    _operators("+", "-", r"\odot", r"\oslash"),
    "-",
    r"\cdot",
    r"^{\top}",
    r"\top",
    "'",
    r"\sum",
    (r"\lVert ", r" \rVert"),
)
