"""The ways to call a student's file. This text is run after the file, in its names; nothing imports it.

Each takes the weights and the biases as lists, x and y, and hands them over in the form that the file may expect. What
comes back is turned into lists, dicts and plain arrays where it is something that stands for them.
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


def _backproof_plain(value: Any) -> Any:
    import numpy

    if isinstance(value, dict):
        return {
            "".join(map(str, key)) if isinstance(key, tuple) else key: _backproof_plain(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        plain = [_backproof_plain(inner) for inner in value]
        return plain if isinstance(value, list) else tuple(plain)
    if isinstance(value, numpy.ndarray) and value.dtype == object:
        return [_backproof_plain(inner) for inner in value]
    if isinstance(value, numpy.ndarray | numpy.generic | str | bytes | int | float | None):
        return value
    if hasattr(value, "detach"):
        value = value.detach()
    if hasattr(value, "__array__"):
        return numpy.asarray(value)
    return [_backproof_plain(inner) for inner in value] if hasattr(value, "__iter__") else value


def _backproof_lists(_form: str, _sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    return _backproof_plain(globals()["backprop"](weights, biases, x, y))


def _backproof_params(form: str, _sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    return _backproof_plain(globals()["backprop"](_backproof_given(form, weights, biases), x, y))


def _backproof_passes(form: str, _sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    params = _backproof_given(form, weights, biases)
    done = globals()["forward"](params, x)
    cache = done[-1] if isinstance(done, tuple) else done
    found = _backproof_plain(globals()["backward"](params, cache, x, y))
    output = done[0] if isinstance(done, tuple) and hasattr(done[0], "shape") else None
    return found if output is None else {"forward": output, "backward": found}


def _backproof_class(_form: str, sizes: list[int], weights: list[Any], biases: list[Any], x: Any, y: Any) -> Any:
    network = globals()["Network"](sizes)
    network.weights, network.biases = weights, biases
    return _backproof_plain(network.backprop(x, y))
