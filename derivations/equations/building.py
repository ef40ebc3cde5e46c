"""An equation as data → a derivation: every text read, every step proved."""

from __future__ import annotations

from collections.abc import Iterable

from derivations.equations.plan import Chain, Cited, Equation, Line
from derivations.equations.slopes import SLOPES, has_slopes, with_slopes
from derivations.equations.texts import read_claim, read_formula
from derivations.equations.turning import Turning
from derivations.formula import Formula, Layer, Symbol, walk
from derivations.rules import AssembleMatrix, DerivativeOf, Instance, Known, Rule
from derivations.setting import Context, Setting
from derivations.theorem import Derivation, Form, Ground, Link, Proof, Theorem, by, chain
from derivations.values import replaced


def build(equation: Equation, setting: Setting) -> Derivation:
    """The derivation of an equation in a setting. Raises Refused if a step is wrong."""
    builder = _Builder(equation, setting)
    proofs = builder.proofs()
    lhs, rhs = builder.statement()
    return Derivation(
        name=equation.name,
        title=equation.title,
        statement=_statement(equation.name, lhs, rhs, proofs, setting),
        where=_where(equation.where, proofs),
        words=builder.words(),
        given=equation.given,
        proofs=tuple(proofs),
    )


FORMS: tuple[Form, ...] = ("index", "matrix")


class _Builder:
    """Reads the texts of one equation: the layout turns them, a named activation adds its slope."""

    def __init__(self, equation: Equation, setting: Setting) -> None:
        self.equation, self.setting, self.vocabulary = equation, setting, setting.vocabulary
        network = setting.network
        self.activation = network.activation if network else None
        straight = replaced(setting, layout="denominator")
        self._turning = Turning(Context(straight)) if setting.layout == "numerator" else None

    def _turned(self, formula: Formula) -> Formula:
        return self._turning.line(formula) if self._turning else formula

    def read(self, text: str) -> Formula:
        return self._turned(read_formula(text, self.vocabulary))

    def words(self) -> str:
        equation = self.equation
        return equation.turned_words if self._turning and equation.turned_words else equation.words

    def statement(self) -> tuple[Formula, Formula]:
        lhs, rhs = (self._turned(side) for side in read_claim(self.equation.statement, self.vocabulary).sides)
        if self.activation and has_slopes(rhs, self.activation):
            rhs = with_slopes(rhs, self.activation)
        return lhs, rhs

    def proofs(self) -> list[Proof]:
        """The proofs of the equation; those that name the same layers stand on one ground, and share its work."""
        chains = [(form, plan.title, *self._chain(plan)) for form in FORMS for plan in getattr(self.equation, form)]
        named = [[start, *(to for to, _, _ in links)] for _, _, start, links in chains]
        layers = [_layers(formulas) for formulas in named]
        grounds: dict[frozenset[Layer], Ground] = {}
        for of in layers:
            if of not in grounds:
                together = (f for formulas, those in zip(named, layers, strict=True) if those == of for f in formulas)
                grounds[of] = Ground(self.setting, list(dict.fromkeys(together)), self.equation.waived)
        return [
            chain(form, title, grounds[of], start, links)
            for (form, title, start, links), of in zip(chains, layers, strict=True)
        ]

    def _chain(self, plan: Chain) -> tuple[Formula, list[Link]]:
        start = self.read(plan.start)
        links = [(self.read(line.to), self._rule(line.rule), self._why(line)) for line in plan.lines]
        if self.activation:
            links = self._sloped(links, self.activation)
        return start, links

    def _why(self, line: Line) -> str:
        return line.turned if self._turning and line.turned else line.why

    def _rule(self, rule: Rule | Cited) -> Rule:
        if not isinstance(rule, Cited):
            return rule
        left, right = (self._turned(side) for side in read_claim(rule.claim, self.vocabulary).sides)
        return Known(rule.equation, left, right)

    def _sloped(self, links: list[Link], activation: str) -> list[Link]:
        """The links with σ′ written out behind the last of them; before, where the last one assembles a matrix."""
        to, rule, why = links[-1]
        if not has_slopes(to, activation):
            return links
        assembles = isinstance(rule, AssembleMatrix)
        before = links[-2][0] if assembles else to
        slope = (with_slopes(before, activation), DerivativeOf(activation), SLOPES[activation][1])
        if not assembles:
            return [*links, slope]
        whole = with_slopes(to, activation)
        return [*links[:-1], slope] if whole == slope[0] else [*links[:-1], slope, (whole, rule, why)]


def _layers(formulas: Iterable[Formula]) -> frozenset[Layer]:
    """The layers that are named in some formulas."""
    return frozenset(n.layer for formula in formulas for n in walk(formula) if isinstance(n, Symbol) and n.layer)


def _statement(name: str, lhs: Formula, rhs: Formula, proofs: list[Proof], setting: Setting) -> Theorem:
    """The statement: what the last matrix proof concludes, or a theorem of its own."""
    for proof in reversed(proofs):
        if (proof.conclusion.lhs, proof.conclusion.rhs) == (lhs, rhs):
            return proof.conclusion
    return by(Instance(name), lhs, rhs, Ground(setting, (lhs, rhs)))


def _where(layers: str, proofs: list[Proof]) -> str:
    """For what an equation holds, as a phrase."""
    unknown = {name for proof in proofs for name in proof.conclusion.ground.unknown}
    return ", ".join([layers, "any widths", *(f"any {name}" for name in ("σ", "J") if name in unknown)])
