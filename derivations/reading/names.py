"""How names are spelled: one name, however its Greek was typed.

``delta2``, ``\\delta2`` and ``δ2`` are one name, ``δ2``. Names in a ``Vocabulary`` are in this form.
"""

from __future__ import annotations

import re
from unicodedata import normalize

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "varrho": "ρ", "sigma": "σ", "varsigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "l",
}  # fmt: skip
"""Σ is missing: it is the sign of a sum."""

SUPERSCRIPTS = dict(
    zip(
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁᵂᵀ",
        "0123456789+-()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRUWT",
        strict=True,
    )
)
SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-()aehijklmnoprstuvx", strict=True))

ACCENTS = {"hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
           "widetilde": "\u0303", "dot": "\u0307", "vec": "", "underline": ""}  # fmt: skip

DIGITS = "0123456789"


def canonical_name(text: str) -> str:
    """The one form of a name: Greek as a letter, accents on their letter, subscripts behind ``_``.

    ``delta1`` → ``δ1``, ``\\hat{y}`` → ``ŷ``, ``W_{1}`` and ``W₁`` → ``W_1``.
    """
    if not text.isalnum():
        accented = rf"\\({'|'.join(ACCENTS)})\s*(?:\{{\s*(\\?\w+)\s*\}}|(\\?\w+))"
        text = re.sub(accented, lambda m: canonical_name(m[2] or m[3]) + ACCENTS[m[1]], text) if "\\" in text else text
        text = "".join(c for c in text if c not in "\\{}$ ")
    if not text.isascii():
        lowered = f"[{''.join(SUBSCRIPTS)}]+"
        text = re.sub(lowered, lambda m: "_" + "".join(SUBSCRIPTS[c] for c in m[0]), text)
        text = normalize("NFKC", text)
    stem = text.partition("_")[0].rstrip(DIGITS)
    return GREEK[stem] + text[len(stem) :] if stem in GREEK else text
