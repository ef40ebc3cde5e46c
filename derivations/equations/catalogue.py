"""Every equation by name, and ``derive``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from derivations.equations import hidden_error, output_error, parameters
from derivations.equations.building import build
from derivations.equations.plan import Equation
from derivations.setting import Network, Setting, check_network
from derivations.theorem import Derivation

FOUR = ("BP1", "BP2", "BP3", "BP4")


class UnknownEquation(Exception):  # noqa: N818
    """There is no equation of that name; the message names the nearest ones."""


_PLANS: Mapping[str, Callable[[Network], Equation]] = {
    "BP1": lambda network: output_error.BP1[network.loss],
    "BP2": lambda _: hidden_error.BP2,
    "BP3": lambda _: parameters.BP3,
    "BP4": lambda _: parameters.BP4,
}


def names() -> tuple[str, ...]:
    """The names of all equations."""
    return tuple(_PLANS)


def find(name: str) -> str:
    """The equation's name as it is spelled here. Raises UnknownEquation."""
    known = {known.lower(): known for known in _PLANS}
    if name.lower() in known:
        return known[name.lower()]
    near = get_close_matches(name.lower(), known, 1, 0.5)
    hint = f"Did you mean {known[near[0]]}?" if near else f"There are {', '.join(known.values())}."
    raise UnknownEquation(f"There is no equation {name}. {hint}")


def derive(name: str, network: Network | None = None, *, layout: str = "denominator") -> Derivation:
    """The derivation of an equation, every step proved. Example::

        >>> print(derive("BP3").statement)
        ⊢ ∂J/∂bˡ = δˡ

    Raises UnknownEquation; ``derivations.formula.Unreadable`` for a network that does not exist.
    """
    network = network or Network()
    check_network(network)
    plan = _PLANS[find(name)](network)
    return build(plan, Setting(layout=layout, network=network))
