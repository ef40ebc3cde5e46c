"""Frozen values: what ``@dataclass(frozen=True)`` makes, at a twentieth of its cost at import.

The standard decorator compiles six functions a class and imports ``inspect``; a cold ``check`` has dozens of classes
and should answer at once. ``dataclasses.replace`` and ``fields`` work on these values too.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar, dataclass_transform

T = TypeVar("T")


_HASH, PARTS = "its hash", "its parts"
"""Where a value keeps what has been worked out from its fields."""


class _Field(NamedTuple):
    default: Any
    kw_only: bool
    compare: bool


def field(*, default: Any, kw_only: bool = False, compare: bool = True) -> Any:
    """A field with a default that is keyword-only, or takes no part in equality."""
    return _Field(default, kw_only, compare)


def _giving(default: Any) -> Callable[[], Any]:
    return lambda: default


class _StandardFields:
    """``__dataclass_fields__``, made by the standard library when somebody first asks for it."""

    def __get__(self, instance: object, owner: Any) -> Any:
        import dataclasses

        fields = [
            (name, Any, dataclasses.field(default_factory=_giving(f.default), kw_only=f.kw_only, compare=f.compare))
            if isinstance(f, _Field)
            else (name, Any)
            for name, f in owner.__value_fields__.items()
        ]
        made = dataclasses.make_dataclass(owner.__name__, fields, frozen=True)
        made_fields: Any = made
        owner.__dataclass_fields__ = made_fields.__dataclass_fields__
        return owner.__dataclass_fields__


def _getter(names: tuple[str, ...]) -> Callable[[object], tuple[Any, ...]]:
    """What gives the values of the attributes of these names, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda of: tuple(getattr(of, name) for name in names)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a class a frozen value, by its annotated names: init, equality, hash and repr."""
    found: dict[str, _Field | None] = dict(getattr(cls, "__value_fields__", {}))
    for name, annotation in cls.__dict__.get("__annotations__", {}).items():  # noqa: RUF063  (inspect costs too much)
        if str(annotation).startswith("ClassVar"):
            continue
        given = cls.__dict__.get(name, _Field)
        found[name] = given if isinstance(given, _Field) else None if given is _Field else _Field(given, False, True)
        if isinstance(given, _Field):
            setattr(cls, name, given.default)
    positional = tuple(name for name, f in found.items() if f is None or not f.kw_only)
    compared = tuple(name for name, f in found.items() if f is None or f.compare)
    defaults = {name: f.default for name, f in found.items() if f is not None}
    key: Any = attrgetter(*compared) if compared else lambda _: ()
    count = len(found)

    def __init__(self: Any, *given: Any, **named: Any) -> None:  # noqa: N807
        own = self.__dict__
        if len(given) == len(positional) == count and not named:
            own.update(zip(positional, given, strict=True))
            return
        if defaults:
            own.update(defaults)
        own.update(zip(positional, given, strict=False))
        if named:
            own.update(named)
        if len(own) != count or len(given) > len(positional):
            raise TypeError(f"{cls.__name__} takes {', '.join(found)}")

    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        own = self.__dict__
        if _HASH not in own:  # a formula is looked up many times, and its hash goes through all its parts
            own[_HASH] = hash((cls, key(self)))
        return own[_HASH]  # type: ignore[no-any-return]

    def __getstate__(self: Any) -> dict[str, Any]:  # noqa: N807
        own = self.__dict__  # a hash differs between processes
        return {name: part for name, part in own.items() if name not in (_HASH, PARTS)}

    def __repr__(self: Any) -> str:  # noqa: N807
        return f"{cls.__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in found)})"

    made: Any = cls
    made.__value_fields__ = found
    made.__value_contents__ = staticmethod(_getter(tuple(found)))
    setattr(made, "__match_args__", positional)  # noqa: B010  (mypy takes it for a final attribute)
    made.__init__, made.__eq__, made.__hash__ = __init__, __eq__, __hash__
    made.__getstate__ = __getstate__
    made.__setattr__ = made.__delattr__ = _frozen
    if "__repr__" not in cls.__dict__:
        made.__repr__ = __repr__
    made.__dataclass_fields__ = _StandardFields()
    return cls


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def named_value(cls: type[T]) -> type[T]:
    """A frozen value whose fields are given by name."""
    return value(cls)


def _frozen(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"{type(self).__name__} is a value; {name} cannot be set.")


def replaced(of: T, /, **changes: Any) -> T:
    """A value with some fields changed."""
    cls = type(of)
    fresh = cls.__new__(cls)
    fresh.__dict__.update(of.__dict__)
    fresh.__dict__.pop(_HASH, None)
    fresh.__dict__.pop(PARTS, None)
    fresh.__dict__.update(changes)
    return fresh


def names_of(of: object) -> tuple[str, ...]:
    """The names of a value's fields; none for anything else."""
    return tuple(getattr(type(of), "__value_fields__", ()))


def contents(of: object) -> tuple[Any, ...]:
    """The values of a value's fields, in order; empty for anything else."""
    found: Callable[[object], tuple[Any, ...]] | None = getattr(type(of), "__value_contents__", None)
    return () if found is None else found(of)
