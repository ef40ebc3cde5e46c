"""Every equation by name, and ``derive``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from derivations.equations import batch, batch_output, beyond, diagonal, hidden_error, output_error, parameters
from derivations.equations.building import build
from derivations.equations.plan import Equation
from derivations.equations.texts import extended
from derivations.setting import Network, Setting, check_network
from derivations.theorem import Derivation
from derivations.values import replaced

FOUR = ("BP1", "BP2", "BP3", "BP4")


class UnknownEquation(Exception):  # noqa: N818
    """There is no equation of that name; the message names the nearest ones."""


def _bp1(network: Network) -> Equation:
    return batch_output.output_error(network.loss, network.batch) if network.batch else output_error.BP1[network.loss]


_PLANS: Mapping[str, Callable[[Network], Equation]] = {
    "BP1": _bp1,
    "BP2": lambda network: batch.hidden_error(network.batch) if network.batch else hidden_error.BP2,
    "BP3": lambda network: batch.bias(network.batch) if network.batch else parameters.BP3,
    "BP4": lambda network: batch.weight(network.batch) if network.batch else parameters.BP4,
    "dA": lambda network: batch.activation_error(network.batch or "m"),
    "BP1-diag": lambda _: diagonal.BP1_DIAGONAL,
    "BP2-diag": lambda _: diagonal.BP2_DIAGONAL,
    "unrolled": diagonal.unrolled,
    "induction": lambda _: diagonal.INDUCTION,
    "softmax": lambda _: beyond.SOFTMAX,
    "L2": lambda _: beyond.L2,
    "residual": lambda _: beyond.RESIDUAL,
    "batchnorm": lambda _: beyond.BATCH_NORM,
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
    name = find(name)
    network = _suited(name, network)
    plan = _PLANS[name](network)
    setting = Setting(layout=layout, network=None if plan.given else network)
    return build(plan, extended(setting, plan.given))


_ONE_SAMPLE_ANY_LOSS = frozenset({"BP1-diag", "BP2-diag", "unrolled", "induction"})


def _suited(name: str, network: Network) -> Network:
    """The network as an equation takes it: dA is about a batch, some hold for one sample and any loss."""
    if name == "dA" and network.batch is None:
        return replaced(network, batch="m")
    if name in _ONE_SAMPLE_ANY_LOSS:
        return replaced(network, batch=None, loss=None, activation=None)
    return network
