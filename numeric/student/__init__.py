"""A student's own code in a process of its own: ``run_calls`` for labs and grading, ``examining`` for gradcheck."""

from numeric.student.isolation import Call, Limits, Raised, Ran, Returned, Runner, Stopped, Value, run_calls

__all__ = ["Call", "Limits", "Raised", "Ran", "Returned", "Runner", "Stopped", "Value", "run_calls"]
