"""The numeric witness: networks in NumPy, their training, and a gradient checker that names the equation.

The same equations as in ``derivations``, from which nothing is imported: two witnesses are worth more if neither has
talked to the other.
"""

from __future__ import annotations

from numeric.any_function import GradientCheck, check_gradient
from numeric.checking import gradcheck
from numeric.claimed import Claimed
from numeric.equations import Gradient, backprop, backward, bp1, bp2, bp3, bp4
from numeric.errors import MisuseError
from numeric.initialisation import initialise
from numeric.network import Network, Parameters, Pass, forward, objective, parameters
from numeric.report import Report

__all__ = [
    "Claimed",
    "Gradient",
    "GradientCheck",
    "MisuseError",
    "Network",
    "Parameters",
    "Pass",
    "Report",
    "backprop",
    "backward",
    "bp1",
    "bp2",
    "bp3",
    "bp4",
    "check_gradient",
    "forward",
    "gradcheck",
    "initialise",
    "objective",
    "parameters",
]
