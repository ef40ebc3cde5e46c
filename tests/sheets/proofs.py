"""Derivations of the four equations, as a student would write them; every line follows."""

from __future__ import annotations

from derivations.equations.catalogue import derive
from derivations.writing import write

PROOFS = {
    "BP1 in entries": """
use network
δ^L_j = ∂J/∂z^L_j                                       [definition of δ]
      = Σ_k ∂J/∂a^L_k ∂a^L_k/∂z^L_j                     [chain rule]
      = ∂J/∂a^L_j σ'(z^L_j)                             [definition of a]
""",
    "BP2 in entries": """
use network
δ^l_j = ∂J/∂z^l_j                                       [definition of δ]
      = Σ_k ∂J/∂z^{l+1}_k ∂z^{l+1}_k/∂z^l_j             [chain rule]
      = Σ_k δ^{l+1}_k ∂z^{l+1}_k/∂z^l_j                 [definition of δ]
      = Σ_k δ^{l+1}_k W^{l+1}_{kj} σ'(z^l_j)            [definition of z]
      = (Σ_k W^{l+1}_{kj} δ^{l+1}_k) σ'(z^l_j)
""",
    "BP2 with matrices": """
use network
δ^l = ∂J/∂z^l                                           [definition of δ]
    = ∂z^{l+1}/∂z^l ∂J/∂z^{l+1}                         [chain rule]
    = ∂z^{l+1}/∂z^l δ^{l+1}                             [definition of δ]
    = diag(σ'(z^l)) (W^{l+1})^T δ^{l+1}                 [definition of z]
    = (W^{l+1})^T δ^{l+1} ⊙ σ'(z^l)
""",
    "BP3 in entries": """
use network
∂J/∂b^l_j = Σ_k ∂J/∂z^l_k ∂z^l_k/∂b^l_j                 [chain rule]
          = Σ_k δ^l_k ∂z^l_k/∂b^l_j                     [definition of δ]
          = δ^l_j
""",
    "BP4 in entries": """
use network
∂J/∂W^l_{jk} = Σ_i ∂J/∂z^l_i ∂z^l_i/∂W^l_{jk}           [chain rule]
             = Σ_i δ^l_i ∂z^l_i/∂W^l_{jk}               [definition of δ]
             = δ^l_j a^{l-1}_k                          [definition of z]
""",
    "BP1 to BP4 in a batch": """
use network batch=m
∂J/∂W^l = ∂J/∂Z^l (A^{l-1})^T
        = ((W^{l+1})^T ∂J/∂Z^{l+1} ⊙ σ'(Z^l)) (A^{l-1})^T
∂J/∂b^l = sum(∂J/∂Z^l, axis=1)
        = 1/m sum(dZ^l, axis=1)
""",
    "squared error, on a sheet": """
W : k x h; x : h; y : k; f : elementwise
z := W x
a := f(z)
e := a - y
C := 1/2 ‖e‖²
∂C/∂z = diag(f'(z)) ∂C/∂a                               [chain rule]
      = f'(z) ⊙ ∂C/∂a
      = f'(z) ⊙ e
      = (a - y) ⊙ f'(z)                                 [definition of e]
∂C/∂W = ∂C/∂z xᵀ                                        [chain rule]
      = ((a - y) ⊙ f'(z)) xᵀ
""",
}


def of_equation(name: str) -> str:
    """The proofs of one of the project's own derivations, as a sheet with its rules for reasons."""
    derivation = derive(name)
    lines = [derivation.given or "use network"]
    for proof in derivation.proofs:
        for number, step in enumerate(proof.steps):
            start = write(step.theorem.lhs) if number == 0 else "   "
            lines.append(f"{start} = {write(step.theorem.rhs)}   [{step.rule_name}]")
    return "\n".join(lines) + "\n"
