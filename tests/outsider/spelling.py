"""Writing an expression as print does: in a dialect, with as few brackets as a mathematician would set.

How tightly a piece of text holds together is its level; ``tail`` says that it ends in an operator without brackets,
which would swallow what follows: ``fn`` a product, ``nabla`` all up to ⊙, ``pre`` all up to + and −.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import matmul
from random import Random

from tests.outsider.trees import Misfit, Node, grad, make

SUM, HADAMARD, STAR, SIDE, CALL, HUNG, ATOM = range(7)
DIALECTS = ("unicode", "latex", "numpy", "plain", "bracket")
WORDS = {"mu", "nu", "xi", "pi", "tr", "in", "eta", "tau", "psi", "phi", "chi", "rho", "ln", "np"}
NUMPY = {
    "sum": "np.sum({})", "tr": "np.trace({})", "det": "np.linalg.det({})", "inv": "np.linalg.inv({})",
    "diag": "np.diag({})", "norm": "np.linalg.norm({})", "normsq": "np.sum(({})**2)",
    "rowsum": "np.sum({}, axis=1, keepdims=True)", "softmax": "softmax({})",
}  # fmt: skip
OPEN_ENDS = ("", "fn", "nabla", "pre")


@dataclass(frozen=True)
class Text:
    """A piece of text; ``named`` if it begins with a function's name that has no brackets."""

    s: str
    level: int = ATOM
    tail: str = ""
    named: bool = False


class Writer:
    """Writes expressions in one dialect; what print leaves open is drawn from ``rng``.

    ``sparing`` leaves out the brackets that the binding of operators allows. ``ambiguous`` is set when the text is one
    that print reads in two ways.
    """

    def __init__(self, dialect: str, rng: Random, *, sparing: bool = True) -> None:
        self.dialect, self.rng, self.sparing = dialect, rng, sparing
        self.latex, self.numpy, self.ambiguous = dialect == "latex", dialect == "numpy", False

    def write(self, node: Node) -> str:
        return self.text(node).s

    def sometimes(self, probability: float) -> bool:
        return self.sparing and self.rng.random() < probability

    def pick(self, *spellings: str) -> str:
        return self.rng.choice(spellings)

    def bracketed(self, s: str) -> str:
        return self.pick(rf"\left({s}\right)", f"({s})", f"({s})") if self.latex else f"({s})"

    def held(self, node: Node, level: int, tails: tuple[str, ...] = ("",)) -> Text:
        """A text that holds together at a level, and ends in one of these ways; in brackets if it has to."""
        text = self.text(node)
        return text if text.level >= level and text.tail in tails else Text(self.bracketed(text.s))

    def text(self, node: Node) -> Text:
        match node.op:
            case "sym" | "width":
                return Text(rf"\mathbf{{{node.data}}}" if self.latex and self.sometimes(0.1) else node.data)
            case "num":
                return self._number(node)
            case "add" | "sub" | "neg":
                return self._sum(node)
            case "had" | "quo":
                return self._entrywise(node)
            case "mul":
                return self._product(node)
            case "div":
                return self._quotient(node)
            case "ones":
                whole = (
                    f"np.ones(({node.rows}, 1))" if self.numpy else self.pick(f"1_{node.rows}", f"ones({node.rows}, 1)")
                )
                return Text(whole, ATOM if self.numpy else HUNG)
            case "eye":
                return Text(
                    f"np.eye({node.rows})" if self.numpy else self.pick(f"I_{node.rows}", f"eye({node.rows})"), HUNG
                )
            case "pow" | "epow" | "T":
                return self._hung(node)
            case "fun":
                return self._function(node)
            case "Sum":
                return self._over_index(node)
            case "entry":
                return self._entry(node)
            case "grad":
                return self._derivative(node)
            case "net" | "netgrad" | "netfun":
                return self._of_network(node)
            case op if self.numpy or op == "softmax":
                return Text(NUMPY[op].format(self.write(node.args[0])))
        return self._operation(node)

    # ---- sums and products ----

    def _number(self, node: Node) -> Text:
        n, d = abs(node.data.numerator), node.data.denominator
        text = Text(str(n)) if d == 1 else Text(f"{n}/{d}", STAR)
        if d > 1 and self.latex:
            text = Text(rf"\frac{{{n}}}{{{d}}}", HUNG)
        elif d == 2 and self.sometimes(0.4):
            text = Text("½", HUNG) if n == 1 and self.dialect == "unicode" else Text(str(n / 2))
        return text if node.data >= 0 else Text("-" + text.s, SUM)

    def _sum(self, node: Node) -> Text:
        *left, right = (self.text(arg) for arg in node.args)
        if right.s.startswith("-") or (node.op != "add" and right.level == SUM):
            right = Text(self.bracketed(right.s))
        front = f"{left[0].s} {'+' if node.op == 'add' else '-'} " if left else "-"
        return Text(front + right.s, SUM, right.tail)

    def _entrywise(self, node: Node) -> Text:
        if self.numpy and node.op == "had" and self.rng.random() < 0.2:
            return Text(f"np.multiply({self.write(node.args[0])}, {self.write(node.args[1])})")
        if self.numpy:
            return self._starred(node, "*" if node.op == "had" else "/")
        if node.op == "quo":
            sign = r" \oslash " if self.latex else self.pick(" ⊘ ", " ./ ")
            return Text(self.held(node.args[0], STAR).s + sign + self.held(node.args[1], STAR).s, HADAMARD)
        sign = self.pick(r" \odot ", r" \circ ") if self.latex else self.pick(" ⊙ ", " ⊙ ", " ∘ ", " .* ")
        left = self.text(node.args[0])
        two_readings = left.tail == "pre" and node.args[0].op == "grad" and self.sometimes(0.3)
        self.ambiguous |= two_readings
        stands = left.level > HADAMARD or node.args[0].op == "had" or left.tail == "nabla" or two_readings
        if left.level < HADAMARD or not stands or (left.tail == "pre" and not two_readings):
            left = Text(self.bracketed(left.s))
        right = self.held(node.args[1], STAR, ("", "fn", "nabla"))
        return Text(left.s + sign + right.s, HADAMARD, right.tail)

    def _starred(self, node: Node, sign: str) -> Text:
        return Text(f"{self.held(node.args[0], STAR).s} {sign} {self.held(node.args[1], SIDE).s}", STAR)

    def _product(self, node: Node) -> Text:
        left, right = node.args
        sign = "*" if left.is_scalar or right.is_scalar else "@"
        if self.numpy and sign == "@" and self.rng.random() < 0.3:
            call = self.pick("np.dot({}, {})", "np.dot({}, {})", "{}.dot({})")
            return Text(call.format(self.write(left) if call[0] == "n" else self.held(left, ATOM).s, self.write(right)))
        if self.numpy or (not self.latex and self.sometimes(0.06)):
            return self._starred(node, sign)
        if self.sometimes(0.5) and (slashed := self._slash_before(node)):
            return slashed
        if (
            left.op == "T" and left.args[0].is_column and right.is_column and self.sometimes(0.2)
        ):  # x · y of two columns
            dot = r" \cdot " if self.latex else self.pick("·", " · ")
            return Text(self.held(left.args[0], HUNG).s + dot + self.held(right, HUNG).s, HADAMARD)
        return self._side_by_side(node)

    def _side_by_side(self, node: Node) -> Text:
        left, right = node.args
        before, after = self.text(left), self.text(right)
        if before.level < SIDE or (before.tail and not (before.tail == "fn" and after.named)):
            before = Text(self.bracketed(before.s))
        prefixed = right.op in ("grad", "Sum") and after.tail in ("pre", "nabla") and self.sparing
        if (after.level < SIDE and not prefixed) or (
            after.level == SIDE and not (self.sparing and _regroups(left, right))
        ):
            after = Text(self.bracketed(after.s))
        if after.s[0] in "0123456789½.-" and not before.s[-1].isdigit():
            after = Text(self.bracketed(after.s))
        level = HADAMARD if prefixed and after.level == HADAMARD else SIDE
        return Text(before.s + self._between(before.s, after.s) + after.s, level, after.tail, before.named)

    def _between(self, left: str, right: str) -> str:
        """What stands between two factors: nothing, a space, or a dot."""
        dot = r" \cdot " if self.latex else " · "
        if right[0].isdigit() or self.sometimes(0.08):
            return dot
        letters = left[-1].isalnum() and right[0].isalpha() and (left[-1] + right[0]).isascii()
        a_word = left[-2:-1].isalpha() or right[1:2].isalpha() or (left[-1] + right[0]).lower() in WORDS
        apart = a_word or "\\" in left[-8:] or left[-1] == "T" or right[0] in "dI"
        return "" if letters and not apart and self.sometimes(0.3) else " "

    def _slash_before(self, node: Node) -> Text | None:
        """``1/‖x‖ x``, ``1/2 x^T A x``: a number that is a fraction, before other factors."""
        first, *factors = _factors(node)
        try:
            rest = reduce(matmul, factors)
        except Misfit:
            return None
        if first.op == "num" and first.data > 0 and first.data.denominator > 1 and not self.latex:
            front = f"{first.data.numerator}/{first.data.denominator}"
        elif first.op == "div" and first.is_scalar:
            front = f"{self.held(first.args[0], SIDE).s}/{self.held(first.args[1], HUNG).s}"
            self.ambiguous |= rest.is_scalar
        else:
            return None
        after = self.held(rest, SIDE, ("", "fn"))
        unclear = "frac" in front or after.s[0] in "0123456789.½"
        return None if unclear else Text(f"{front} {after.s}", STAR, after.tail)

    def _quotient(self, node: Node) -> Text:
        above, below = node.args
        if self.latex and self.rng.random() < 0.7:
            return Text(rf"\frac{{{self.write(above)}}}{{{self.write(below)}}}", HUNG)
        top = self.held(above, STAR if self.numpy else SIDE)
        return Text(f"{top.s}{self.pick('/', ' / ')}{self.held(below, HUNG).s}", STAR)

    # ---- operands ----

    def _hung(self, node: Node) -> Text:
        base, k = self.held(node.args[0], ATOM).s, node.data
        if self.numpy and not (node.op == "pow" and not node.is_scalar):
            return Text(base + ".T") if node.op == "T" else Text(f"{base}**{k}", HUNG)
        if self.numpy:  # there is no sign for a power of a matrix
            return self.text(reduce(matmul, [node.args[0]] * k))
        if node.op == "T" and self.dialect == "bracket" and node.args[0].op == "net":
            return Text(self.write(node.args[0])[:-1] + "T}", HUNG)
        if node.op == "T":
            marks = (
                ["^T", r"^\top", r"^{\top}", r"^{\mathrm{T}}"]
                if self.latex
                else ["^T", "ᵀ"][: 1 + (self.dialect == "unicode")]
            )
            return Text(base + self.pick(*marks), HUNG)
        if node.op == "epow":
            return Text(f"{base}.^{k}", HUNG)
        return Text(
            base
            + (
                "²" if k == 2 and self.dialect == "unicode" and self.sometimes(0.4) else self.pick(f"^{k}", f"^{{{k}}}")
            ),
            HUNG,
        )

    def _called(self, name: str, arg: Node, *, bare: bool = True) -> Text:
        """A function of one argument, perhaps without brackets."""
        if self.latex:
            name = (
                "\\" + name
                if name in ("exp", "log", "tanh", "det")
                else rf"\mathrm{{{name}}}"
                if name in ("tr", "diag")
                else name
            )
        if bare and _is_simple(arg) and self.sometimes(0.4):
            inner = self.text(arg)
            if inner.level >= SIDE and inner.s[0] not in "(|‖\\{[½" and inner.tail in ("", "fn"):
                return Text(f"{name} {inner.s}", CALL, "fn", named=True)
        return Text(name + self.bracketed(self.write(arg)))

    def _function(self, node: Node) -> Text:
        (name, primes), (arg,) = node.data, node.args
        if self.numpy and name in ("exp", "log", "sqrt", "tanh", "abs", "sign") and not primes:
            return Text(f"np.{name}({self.write(arg)})")
        if primes:
            spelled = self.numpy and primes == 1 and name != "f"
            mark = "'" * primes if not self.latex else self.pick("'" * primes, "^{" + r"\prime" * primes + "}")
            return Text(f"{self.pick(name + '_prime', 'd' + name) if spelled else name + mark}({self.write(arg)})")
        if name == "sqrt" and self.latex:
            return Text(rf"\sqrt{{{self.write(arg)}}}", HUNG)
        if name == "abs" and _is_simple(arg) and (arg.is_scalar or arg.is_column) and self.sometimes(0.5):
            return Text(f"|{self.write(arg)}|")
        return self._called(name, arg, bare=name in ("exp", "log", "tanh") and arg.is_scalar)

    def _operation(self, node: Node) -> Text:
        """tr, det, inv, diag, sums and norms, where they are not spelled as NumPy does."""
        (arg,) = node.args
        if node.op in ("norm", "normsq"):
            inner = self.write(arg)
            bars = (
                [rf"\|{inner}\|", rf"\lVert {inner} \rVert", rf"\|{inner}\|_2"]
                if self.latex
                else [f"‖{inner}‖", f"||{inner}||"]
            )
            norm = self.pick(*bars)
            if node.op == "norm":
                return Text(norm)
            return Text(norm + ("²" if norm[0] == "‖" and self.sometimes(0.5) else "^2"), HUNG)
        if node.op == "inv" and (self.latex or self.rng.random() < 0.7):
            return Text(self.held(arg, ATOM).s + "^{-1}", HUNG)
        if node.op == "rowsum":
            return Text(f"sum({self.write(arg)}, axis=1)")
        if node.op == "det" and _is_simple(arg) and self.sometimes(0.3):
            return Text(f"|{self.write(arg)}|")
        return self._called(node.op, arg, bare=node.op in ("tr", "det"))

    def _entry(self, node: Node) -> Text:
        (of,), indices = node.args, "".join(node.data)
        if of.op == "grad":
            return self._derivative(grad(*of.args), self._entry(make("entry", of.args[1], data=node.data)).s)
        if of.op == "T" and of.args[0].op == "sym" and not self.numpy and self.sometimes(0.4):
            return Text(of.args[0].data + self.pick(f"^T_{{{indices}}}", f"_{{{indices}}}^T"), HUNG)
        if len(indices) > 1 or self.latex:
            indices = "{" + (",".join(node.data) if self.dialect == "plain" else indices) + "}"
        base = self.write(of)
        return Text(f"{base if of.op == 'sym' else self.bracketed(base)}_{indices}", HUNG)

    def _over_index(self, node: Node) -> Text:
        (index, width), body = node.data, self.held(node.args[0], HADAMARD, OPEN_ENDS).s
        sign = r"\sum" if self.latex else "sum" if self.dialect in ("numpy", "plain") else "Σ"
        limits = rf"_{{{index}=1}}^{{{width}}}" if self.latex and self.rng.random() < 0.3 else f"_{index}"
        return Text(f"{sign}{limits} {body}", HADAMARD, "pre")

    def _derivative(self, node: Node, entry: str = "") -> Text:
        of, by = node.args[0], entry or node.args[1].data
        if not self.sparing or self.numpy or self.rng.random() < 0.35:
            inner, d = self.text(of), "∂" if self.dialect == "unicode" else "d"
            if self.latex:
                body = inner.s if self.sparing and inner.level > HADAMARD else self.bracketed(inner.s)
                return Text(rf"\frac{{\partial {body}}}{{\partial {by}}}", HUNG)
            return Text(f"{d}({inner.s})/{d}{self.pick(by, f'({by})') if d == 'd' else by}", HUNG)
        body = self.held(of, HADAMARD if of.op == "Sum" else STAR, OPEN_ENDS)
        # A ∇ has its variable's shape in both layouts.
        if not entry and of.is_scalar and node.data == "denominator" and self.rng.random() < 0.4:
            nabla = r"\nabla" if self.latex else "∇"
            return Text(f"{nabla}_{by} {body.s}", HADAMARD, "pre" if body.tail == "pre" else "nabla")
        below = f"{{{by}}}" if entry else by
        sign = self.pick(f"∂/∂{by}", f"d/d{by}", f"∂_{below}")
        if self.latex:
            sign = self.pick(rf"\frac{{\partial}}{{\partial {by}}}", rf"\partial_{below}", rf"\frac{{d}}{{d{by}}}")
        return Text(f"{sign} {body.s}", HADAMARD, "pre")

    # ---- layers ----

    def _layered(self, name: str, layer: tuple[str, int]) -> str:
        base, offset = layer
        k = f"{base}{offset:+d}" if base and offset else base or str(offset)
        if self.dialect == "unicode" and base != "L" and self.rng.random() < 0.3:
            return name + k.translate(str.maketrans("l+-0123456789", "ˡ⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
        name = r"\delta" if self.latex and name == "δ" else name
        return name + {"bracket": f"^{{[{k}]}}", "numpy": f"[{k}]"}.get(
            self.dialect, f"^{k}" if len(k) == 1 else f"^{{{k}}}"
        )

    def _of_network(self, node: Node) -> Text:
        if node.op == "netfun":
            name = "sigma" if self.numpy else r"\sigma" if self.latex else "g" if self.dialect == "bracket" else "σ"
            return Text(name + ("_prime" if self.numpy else "'") * node.data + f"({self.write(node.args[0])})")
        if node.op == "net":
            name, layer = node.data
            name = name.upper() if node.columns == "m" and name in "zay" else name
            return Text(name) if name in "yYJ" else Text(self._layered(name, layer), HUNG)
        (of, above), (name, layer), own = node.data
        name = name.upper() if node.columns == "m" and name in "za" else name
        top, by = of if of == "J" else self._layered(of, above), self._layered(name, layer)
        if own or (of == "J" and self.dialect in ("bracket", "numpy") and name not in "ZA"):
            return Text("d" + by, HUNG)
        if of == "J" and self.dialect in ("unicode", "plain") and self.rng.random() < 0.2:
            return Text(f"∇_{{{by}}} J", HADAMARD, "nabla")
        return Text(rf"\frac{{\partial {top}}}{{\partial {by}}}" if self.latex else f"∂{top}/∂{by}", HUNG)


def _factors(node: Node) -> list[Node]:
    return [*_factors(node.args[0]), node.args[1]] if node.op == "mul" else [node]


def _leaves(node: Node) -> list[Node]:
    return [leaf for arg in node.args for leaf in _leaves(arg)] if node.op == "mul" else [node]


def _regroups(left: Node, right: Node) -> bool:
    """Whether a (b c) may be written a b c: whether that fits when it is multiplied from the left."""
    try:
        return reduce(matmul, [left, *_leaves(right)]).shape == (left @ right).shape
    except Misfit:
        return False


def _is_simple(node: Node) -> bool:
    return all(part.op in ("sym", "num", "mul", "T") for part in node.nodes())


def with_note(claim: str, rng: Random) -> str:
    """A formula as it stands in a text, with its number or a condition behind it."""
    return claim + rng.choice([r"\quad (2)", r" \tag{3}", r" \qquad (4.1)", r"\quad \text{where } n > 1", "."])
