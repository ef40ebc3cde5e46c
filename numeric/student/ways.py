"""The ways to call a student's file. This text is run after the file, in its names; nothing imports it.

Each takes the weights and the biases as lists, x and y, and hands them over in the form that the file may expect.
"""

from __future__ import annotations

from typing import Any


def _backproof_given(form: str, weights: list[Any], biases: list[Any]) -> Any:
    if form == "dict":
        named = {f"W{place}": W for place, W in enumerate(weights, start=1)}
        return named | {f"b{place}": b for place, b in enumerate(biases, start=1)}
    if form == "pairs":
        return list(zip(weights, biases, strict=True))
    return (weights, biases)


def _backproof_lists(_form: str, _sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    return globals()["backprop"](weights, biases, x, y)


def _backproof_params(form: str, _sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    return globals()["backprop"](_backproof_given(form, weights, biases), x, y)


def _backproof_passes(form: str, _sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    params = _backproof_given(form, weights, biases)
    done = globals()["forward"](params, x)
    cache = done[-1] if isinstance(done, tuple) else done
    found = globals()["backward"](params, cache, x, y)
    output = done[0] if isinstance(done, tuple) and hasattr(done[0], "shape") else None
    return found if output is None else {"forward": output, "backward": found}


def _backproof_class(_form: str, sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    network = globals()["Network"](sizes)
    network.weights, network.biases = weights, biases
    return network.backprop(x, y)
