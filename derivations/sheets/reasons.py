"""Reasons in brackets: is the step what its reason says it is? And does a step leave out too much?

A definition is used by a step if the step no longer holds once the defined quantity is an independent one. An equation
is used if applying it to the line before gives the line, with δ, z and a taken for independent quantities.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from derivations.diagnosis.sieve import Sieve
from derivations.diagnosis.trees import bare, changed
from derivations.formula import (
    Apply,
    Derivative,
    Formula,
    Gradient,
    Layer,
    LossDerivative,
    Symbol,
    walk,
)
from derivations.reading import canonical_name
from derivations.setting import Context, Quantity
from derivations.settling import Settler
from derivations.sheets import words
from derivations.sheets.equations_named import (
    EQUATIONS,
    applied,
    definition_in_network,
    equation_named,
    with_errors,
    with_numbers,
)
from derivations.values import replaced
from derivations.verdicts import Proved, Verdict
from derivations.writing import write

_DEFINITION = re.compile(r"(?:the )?def(?:inition|\.)?s?(?: of)? +(?P<name>\\?[^\W\d_]\w*)", re.IGNORECASE)
_LAYERED = ("δ", "z", "a", "J")
_ALGEBRA = re.compile(
    r"(?:algebra|rearrang|simplif|associativ|commutativ|distributiv|expand|collect|assembl|diagonal|linearity\b|"
    r"trace|δ collapses|(?:rules? (?:of|for) )?(?:the )?transpos).*",
    re.IGNORECASE,
)
_CHAIN_RULE = re.compile(
    r".*\b(?:(?:chain|product|quotient|power|sum) rule|jacobian|deriv\w+ of|differentiat\w+)\b.*", re.IGNORECASE
)
_HYPOTHESIS = re.compile(r"(?:hypothesis|assumption)\b.*", re.IGNORECASE)
_PUT_IN = re.compile(r"(?:put in|insert|substitut)\w*\b.*", re.IGNORECASE)
_FORWARD = re.compile(r".*\bforward (?:pass|propagation)\b.*", re.IGNORECASE)


def reviewed(verdict: Verdict, reason: str, context: Context, *, strict: bool = False) -> Verdict:
    """The verdict, with what there is to say of the step's reason, or of what it leaves out."""
    if reason:
        verdict = replaced(verdict, reason_given=reason)
    if not isinstance(verdict, Proved) or verdict.left is None or verdict.right is None:
        return verdict
    step = _Step(verdict.left, verdict.right, context)
    if reason:
        why = step.why_not_by(reason.strip())
        if why is None:
            return _noted(verdict, words.NOT_CHECKED.format(reason=reason))
        if why:
            return replaced(
                _noted(verdict, words.NOT_BY.format(reason=reason, why=why)),
                mark=verdict.mark or "not by this reason",
            )
    if strict and not (reason and step.is_a_rule(reason)):
        missing = step.too_large()
        if missing:
            return replaced(_noted(verdict, missing), mark=verdict.mark or "too large a step")
    return verdict


def _noted(verdict: Verdict, note: str) -> Verdict:
    return replaced(verdict, notes=(*verdict.notes, note))


class _Named(frozenset[tuple[str, Layer | None]]):
    """All quantities of some names, whatever their layers."""

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and any(name == key[0] for name, _ in self)


class _Step:
    """A step that is true: what does it use?"""

    def __init__(self, left: Formula, right: Formula, context: Context) -> None:
        self.left, self.right, self.context = left, right, context

    def uses(self, name: str) -> bool:
        """Whether the step needs to know what a quantity is defined to be, in some layer."""
        quantity = self.context.setting.quantities.get(name)
        if (quantity is not None and quantity.definition is not None) or name == "J":
            return not _agree(self.left, self.right, self.context, frozenset({(name, None)}))
        depth = Sieve(self.left, [self.right], self.context).depth
        layers = (Layer("", number) for number in range(depth + 1))
        return any(not _agree(self.left, self.right, self.context, frozenset({(name, at)})) for at in layers)

    def uses_any(self) -> bool:
        """Whether it needs any definition at all."""
        return not _agree(self.left, self.right, self.context, _named(*self.defined_names()))

    def defined_names(self) -> list[str]:
        """The defined quantities that the step may use, those named first."""
        setting = self.context.setting
        found = dict.fromkeys(
            self._canonical(node.name)
            for side in (self.left, self.right)
            for node in walk(side)
            if isinstance(node, Symbol)
        )
        if setting.network is not None:
            found |= dict.fromkeys(_LAYERED)
        return [name for name in found if self._has_definition(name)]

    def _has_definition(self, name: str) -> bool:
        quantity = self.context.setting.quantities.get(name)
        if quantity is not None:
            return quantity.definition is not None
        return self.context.setting.network is not None and name in _LAYERED

    def _canonical(self, name: str) -> str:
        if self.context.setting.network is not None and name not in self.context.setting.quantities:
            return {"Z": "z", "A": "a", "Δ": "δ", "C": "J", "E": "J"}.get(name, name)
        return name

    # ---- reasons ----

    def is_a_rule(self, reason: str) -> bool:
        return reason.upper() in EQUATIONS or bool(_CHAIN_RULE.fullmatch(reason))

    def why_not_by(self, reason: str) -> str | None:
        """Why the step is not made by its reason; empty if it is, None if the reason is not known."""
        reason = re.sub(r"^by +(?:the +)?| +at this layer$", "", reason, flags=re.IGNORECASE)
        if found := _DEFINITION.match(reason):
            return self._not_by_definition(canonical_name(found["name"].lstrip("\\")))
        if reason.upper().replace(" ", "") in EQUATIONS and self.context.setting.network is not None:
            return self._not_by_equation(reason.replace(" ", ""))
        for pattern, check in _RULES:
            if pattern.fullmatch(reason):
                return check(self)
        return None

    def _not_by_definition(self, name: str) -> str | None:
        if self._is_loss_derivative(name):
            return "" if self._uses_loss_derivative(name[1:]) else words.UNUSED_DEFINITION.format(name=name)
        name = self._canonical(name)
        if not self._has_definition(name):
            return None
        if self.uses(name):
            return ""
        others = [other for other in self.defined_names() if other != name and self.uses(other)]
        if others:
            return words.USES.format(name=name, others=" and ".join(others))
        return words.UNUSED_DEFINITION.format(name=name)

    def _is_loss_derivative(self, name: str) -> bool:
        network = self.context.setting.network
        return network is not None and name in ("dW", "db", "dZ", "dz", "dA", "da")

    def _uses_loss_derivative(self, by: str) -> bool:
        """Whether the step no longer holds if dZ, say, is an independent quantity."""
        name = self._canonical(by)
        left, right, context = _made_independent(
            self.left, self.right, self.context, lambda node: self._canonical(node.by.name) == name
        )
        return not _agree(left, right, context, frozenset())

    def not_by_hypothesis(self) -> str:
        """What is assumed of some name has to be needed."""
        setting = self.context.setting
        for name in dict.fromkeys([*setting.quantities, "y"]):
            if self.context.properties(name):
                without = replaced(self.context, setting=replaced(setting, waived=setting.waived | {name}))
                if not _agree(self.left, self.right, without, frozenset()):
                    return ""
        return words.NO_HYPOTHESIS

    def not_by_chain_rule(self) -> str:
        """A derivative of the line before has to become others, or the slope of a function."""
        before, after = (set(_derivatives(side, self.context)) for side in (self.left, self.right))
        if before - after and after - before:
            return ""
        if after != before and (before or after):
            return ""
        return words.NO_DERIVATIVE

    def not_by_forward_pass(self) -> str:
        if not any(self.uses(name) for name in self.defined_names() if name not in ("J", "δ")):
            return words.UNUSED_DEFINITION.format(name="z or a")
        return ""

    def not_by_algebra(self) -> str:
        if not self.uses_any():
            return ""
        used = [name for name in self.defined_names() if self.uses(name)]
        return words.USES_DEFINITIONS.format(names=" and ".join(used)) if used else ""

    def not_by_putting_in(self) -> str:
        return words.SAME_LINE if bare(self.left) == bare(self.right) else ""

    def _not_by_equation(self, name: str) -> str | None:
        sides = equation_named(name.upper(), self.context.setting)
        if sides is None:
            return None
        left, right = sides
        statement = " = ".join(write(side) for side in (left, right))
        applies = False
        before, after = (with_numbers(side, self.context.setting) for side in (self.left, self.right))
        for one, other in ((before, after), (after, before)):
            new, matched = applied(with_errors(one), left, right, self.context.setting.layout)
            applies = applies or matched
            if not matched:
                continue
            new, other, context = _made_independent(new, with_errors(other), self.context, lambda _: True)
            if _agree(new, other, context, _named("δ", "z", "a")):
                return ""
        saying = words.NO_EQUATION if applies else words.NOT_APPLICABLE
        return saying.format(name=name, statement=statement)

    # ---- strictness ----

    def too_large(self) -> str:
        """What to say of a step that uses more than one definition at once; empty if it does not."""
        used = [name for name in self.defined_names() if name != "J" and self.uses(name)]
        if len(used) < 2:
            return ""
        step = next((text for name in used if (text := self._unfolded_once(name))), "")
        return words.TOO_LARGE.format(names=" and ".join(used), step=step) if step else ""

    def _unfolded_once(self, name: str) -> str:
        """The line before with one quantity replaced by its definition."""
        quantity = self.context.setting.quantities.get(name)

        def rule(node: Formula) -> Formula | None:
            if not isinstance(node, Symbol) or self._canonical(node.name) != name:
                return None
            if quantity is not None:
                return quantity.definition
            return definition_in_network(node)

        for side in (self.left, self.right):
            unfolded = changed(side, rule)
            if unfolded != side:
                return f"= {write(unfolded)}"
        return ""


_RULES: tuple[tuple[re.Pattern[str], Callable[[_Step], str]], ...] = (
    (_HYPOTHESIS, _Step.not_by_hypothesis),
    (_PUT_IN, _Step.not_by_putting_in),
    (_CHAIN_RULE, _Step.not_by_chain_rule),
    (_FORWARD, _Step.not_by_forward_pass),
    (_ALGEBRA, _Step.not_by_algebra),
)


def _named(*names: str) -> _Named:
    return _Named((name, None) for name in names)


def _agree(left: Formula, right: Formula, context: Context, cut: frozenset[tuple[str, Layer | None]]) -> bool:
    """Whether two sides agree on samples in which these quantities are independent ones."""
    for together in (False, True):
        sieve = Sieve(left, [right], context, cut, together, thorough=True)
        if not (sieve.usable and sieve.passes(right)):
            return False
    return True


def _made_independent(
    left: Formula, right: Formula, context: Context, which: Callable[[LossDerivative], bool]
) -> tuple[Formula, Formula, Context]:
    """The sides with quantities of their own in place of dZ and its like."""
    settler, names = Settler(context), dict[Formula, Symbol]()
    quantities = dict(context.setting.quantities)

    def rule(node: Formula) -> Formula | None:
        if not isinstance(node, LossDerivative) or not which(node):
            return None
        plain = bare(node)
        if plain not in names:
            names[plain] = Symbol(f"{write(node)} taken alone")
            quantities[names[plain].name] = Quantity(settler.settle(node).shape)
        return names[plain]

    new_left, new_right = changed(left, rule), changed(right, rule)
    return new_left, new_right, replaced(context, setting=replaced(context.setting, quantities=quantities))


def _derivatives(side: Formula, context: Context) -> Iterator[Formula]:
    """What is a derivative in a side: ∂u/∂x, dX, δ of the network, σ′."""
    for node in walk(side):
        match node:
            case Derivative() | Gradient() | LossDerivative():
                yield bare(node)
            case Symbol("δ" | "Δ") if context.network is not None:
                yield bare(Derivative(Symbol("J"), Symbol("z", node.layer)))
            case Apply() if node.function.order:
                yield bare(node)
