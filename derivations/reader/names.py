"""Words → names: what a run of letters stands for, given the names that are declared."""

from __future__ import annotations

from derivations.formula import CALLS, ELEMENTWISE, Vocabulary
from derivations.reader.lexer import GREEK

CALL_NAMES = {
    **{name: name for name in CALLS},
    "trace": "tr", "Tr": "tr", "maximum": "max", "transpose": "transpose", "dot": "dot", "matmul": "dot",
    "multiply": "multiply", "divide": "divide", "outer": "outer", "square": "square", "power": "power",
    "norm": "norm", "identity_matrix": "eye", "Softmax": "softmax", "Det": "det",
}  # fmt: skip
FUNCTION_NAMES = {
    **{name: name for name in ELEMENTWISE},
    "ln": "log", "lg": "log10", "Sigmoid": "sigmoid", "ReLU": "relu", "Relu": "relu", "sgn": "sign", "heaviside": "step",
    "LeakyReLU": "leaky_relu", "ELU": "elu",
}  # fmt: skip
MODULES = frozenset({"np", "numpy", "torch", "linalg", "jnp", "F"})
WORDS = frozenset(
    {name + suffix for name in FUNCTION_NAMES for suffix in ("", "_prime", "_derivative")}
    | {"sigma_prime", "g_prime", "σ_prime", "leaky_relu", "keepdims", "axis"}
)


def canonical(word: str) -> str:
    """A name as it is kept: Greek words become letters, ``delta2`` is ``δ2``."""
    stem = word.rstrip("0123456789")
    return GREEK[stem] + word[len(stem) :] if stem in GREEK else word


class Names:
    """Looks words up in a vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.functions = vocabulary.functions | vocabulary.losses
        self.quantities = vocabulary.names | {
            name.lower() for name in vocabulary.matrices if len(name) == 1 and name.isupper()
        }
        self.known = self.quantities | self.functions

    @property
    def words(self) -> frozenset[str]:
        """The words that a lexer must not split at an underscore."""
        return WORDS | self.known

    def function(self, word: str) -> tuple[str, int] | None:
        """A function's name and the order of its derivative; None for any other word."""
        name = canonical(word)
        if name in self.quantities:
            return None
        if name in self.functions:
            return name, 0
        if word in FUNCTION_NAMES:
            return FUNCTION_NAMES[word], 0
        for stem in (_without(word, "_prime"), _without(word, "_derivative"), word[1:] if word[:1] == "d" else ""):
            found = self.function(stem) if (stem and len(stem) > 1) or canonical(stem) in self.functions else None
            if found and canonical(stem) not in self.quantities:
                return found[0], found[1] + 1
        return None

    def call(self, word: str) -> str | None:
        return CALL_NAMES.get(word) if word not in self.known else None

    def pieces(self, word: str) -> list[str]:
        """The names that a run of letters is a product of; the run itself if it cannot be split."""
        name = canonical(word)
        if name in self.known or len(name) == 1:
            return [name]
        split = self._split(word)
        return split if split else [name]

    def _split(self, word: str) -> list[str] | None:
        """Longest known name first; every letter must belong to one."""
        if not word:
            return []
        for length in range(min(len(word), 24), 0, -1):
            head = canonical(word[:length])
            if head in self.known:
                rest = self._split(word[length:])
                if rest is not None:
                    return [word[:length], *rest]
        return None

    def differential(self, word: str) -> str | None:
        """The name x of a word dx, if that is a derivative of the loss."""
        if not self.vocabulary.differentials or len(word) < 2 or word[0] != "d" or canonical(word) in self.known:
            return None
        rest = canonical(word[1:])
        return rest if rest in self.quantities else None


def _without(word: str, suffix: str) -> str:
    return word[: -len(suffix)] if word.endswith(suffix) else ""
