"""Every equation by name, and ``derive``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module

from derivations.equations.building import build
from derivations.equations.plan import BadlyAsked, Equation, with_function
from derivations.equations.texts import extended
from derivations.setting import Network, Setting, checked_network
from derivations.theorem import Derivation
from derivations.values import replaced

FOUR = ("BP1", "BP2", "BP3", "BP4")


class UnknownEquation(BadlyAsked):
    """There is no equation of that name; the message names the nearest ones."""


def _bp1(network: Network) -> Equation:
    output, loss = network.last_activation, network.loss
    if loss == "bce" and output != "sigmoid":
        raise BadlyAsked("Binary cross entropy is derived for a sigmoid output; leave out --output.")
    if (loss == "softmax-ce") != (output == "softmax"):
        raise BadlyAsked("A softmax output is derived with --loss softmax-ce; its Jacobian alone is “derive softmax”.")
    if network.batch:
        from derivations.equations.batch_output import output_error

        plan = output_error(loss, network.batch)
    else:
        from derivations.equations.output_error import BP1

        plan = BP1[loss]
    return plan if output in (None, "softmax") else with_function(plan, str(output))


def _bp2(network: Network) -> Equation:
    if network.batch:
        from derivations.equations.batch import hidden_error

        return hidden_error(network.batch)
    from derivations.equations.hidden_error import BP2

    return BP2


def _parameters(of_one: str, of_batch: str) -> Callable[[Network], Equation]:
    def plan(network: Network) -> Equation:
        from derivations.equations import batch, parameters

        found: Equation = getattr(batch, of_batch)(network.batch) if network.batch else getattr(parameters, of_one)
        return found

    return plan


def _named(room: str, name: str) -> Callable[[Network], Equation]:
    """An equation, or a function of the network, of a room that is imported only then."""

    def plan(network: Network) -> Equation:
        found = getattr(import_module(f"derivations.equations.{room}"), name)
        return found if isinstance(found, Equation) else found(network)

    return plan


_PLANS: Mapping[str, Callable[[Network], Equation]] = {
    "BP1": _bp1,
    "BP2": _bp2,
    "BP3": _parameters("BP3", "bias"),
    "BP4": _parameters("BP4", "weight"),
    "dA": _named("batch", "activation_error"),
    "BP1-diag": _named("diagonal", "BP1_DIAGONAL"),
    "BP2-diag": _named("diagonal", "BP2_DIAGONAL"),
    "unrolled": _named("diagonal", "unrolled"),
    "induction": _named("diagonal", "INDUCTION"),
    "softmax": _named("beyond", "SOFTMAX"),
    "L2": _named("beyond", "L2"),
    "residual": _named("beyond", "RESIDUAL"),
    "batchnorm": _named("beyond", "BATCH_NORM"),
}


def names() -> tuple[str, ...]:
    """The names of all equations."""
    return tuple(_PLANS)


def find(name: str) -> str:
    """The equation's name as it is spelled here. Raises UnknownEquation."""
    known = {known.lower(): known for known in _PLANS}
    if name.lower() in known:
        return known[name.lower()]
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), known, 1, 0.5)
    hint = f"Did you mean {known[near[0]]}?" if near else f"There are {', '.join(known.values())}."
    raise UnknownEquation(f"There is no equation {name}. {hint}")


def derive(name: str, network: Network | None = None, *, layout: str = "denominator") -> Derivation:
    """The derivation of an equation, every step proved. Example::

        >>> print(derive("BP3").statement)
        ⊢ ∂J/∂bˡ = δˡ

    Raises UnknownEquation; ``derivations.formula.Unreadable`` for a network that does not exist.
    """
    network = checked_network(network or Network())
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
        return replaced(network, batch=None, loss=None, activation=None, output=None)
    return network
