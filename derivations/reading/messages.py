"""What the reader of a formula is told when it cannot be read: one sentence, one hint.

All the wording of this room is here. ``{…}`` is filled in with what was seen.
"""

from __future__ import annotations

from derivations.values import value


@value
class Message:
    """A sentence that says what was seen, and a hint that says what to do."""

    sentence: str
    hint: str = ""


# ---- signs ----
TOO_LONG = Message("This is {seen} characters long; {limit} is the most that is read.", "Check it piece by piece.")
TOWER = Message("A power of a power is not clear without brackets.", "Write (2^3)^2 or 2^(3^2).")
TOO_DEEP = Message("This is nested more than {limit} levels deep.", "Give the inner part a name:  u := ….")
NESTED_TOO_DEEPLY = Message("This is nested too deeply.", TOO_DEEP.hint)
TOO_MANY_DIGITS = Message("This number has {seen} digits; {limit} is the most that is read.")
UNKNOWN_SIGN = Message("“{seen}” is not a sign of a formula.", "Leave it out, or write what it stands for.")
UNKNOWN_COMMAND = Message("{seen} is not a LaTeX command that is known here.", "Write what it stands for.")
ONLY_EQUALITY = Message("“{seen}” cannot be checked: only an equation, with “=”, can.", "Write the claim with =.")
DOTS = Message(
    "Dots, “{seen}”, stand for something left out, and what is left out cannot be checked.",
    "Write a sum with an index, as in Σ_k x_k, or one entry, as in x_j.",
)
DRAWN = Message(
    "A drawn array, “{seen}”, cannot be checked.", "Write one entry of it, as in W_{{jk}}, or a name for the whole."
)
CONDITION = Message(
    "“{seen}” makes this true only under a condition, which is not read.", "Leave the condition out, or declare it."
)
NEVER_CLOSED = Message("This “{seen}” is never closed.", "Add the closing “{other}”.")
CLOSES_NOTHING = Message("This “{seen}” closes nothing.", "Add the opening “{other}”, or leave this one out.")
CLOSED_BY_OTHER = Message("“{seen}” is closed by “{other}”.", "Close it with “{expected}”.")
BAR_NEVER_CLOSED = Message("This “{seen}” is never closed.", "A norm has two bars on each side: ‖x‖ or ||x||.")

# ---- the order of things ----
EMPTY = Message("There is no formula here.", "A claim is an equation:  δ^L = ∇_a J ⊙ σ'(z^L).")
NOTHING_AFTER = Message("The formula ends after “{seen}”.", "Something has to follow.")
NOTHING_HERE = Message("A formula is missing before “{seen}”.")
EMPTY_SIDE = Message("One side of the “=” is empty.", "Write a formula on both sides of it.")
NO_EQUALITY = Message("This claims nothing: it has no “=”.", "Write what it equals:  {seen} = ….")
LEFT_OVER = Message("The formula makes sense up to here, but “{seen}” cannot follow.")
COMMA = Message("A comma cannot stand here: one formula at a time.", "Write the formulas on lines of their own.")
NO_BASE = Message("“{seen}” needs something in front of it.", "As in x{seen}….")

# ---- names, layers, indices ----
NEEDS_ARGUMENT = Message("{seen} is a function: it needs its argument, {seen}(z).")
FUNCTION_POWER = Message("{seen} is a function: it has no power and no transpose.", "Raise its value: {seen}(z)^2.")
PRIMED_QUANTITY = Message("A quantity has no prime.", "A prime belongs to a function: σ'(z).")
NOT_A_FUNCTION = Message(
    "{seen} is not a function, so a prime behind it means nothing.", "The transpose of {seen} is {seen}ᵀ."
)
NOT_A_LAYER = Message(
    "{seen} is not a layer.", "A layer is l, L or a number, with or without a shift: W^{{l+1}}, W^{{[2]}}, W^L."
)
NO_LAYERS = Message(
    "{seen} is not a quantity with layers, so that a bracket above it means nothing.", "A power is {seen}^2."
)
BAD_INDEX = Message("“{seen}” is not an index.", "An index is a letter or a number: x_j, W_{{jk}}, W_{{1,2}}.")
SECOND_SUBSCRIPT = Message("{seen} has an index already.", "Write all of them together: W_{{jk}}.")
SLICE = Message(
    "“[ ]” behind {seen} is not read as an index.", "An entry, counted from 1, is {seen}_j or {seen}_{{jk}}."
)
BAD_NORM = Message(
    "This norm is not known here.", "Known are ‖x‖ and ‖x‖_2, the root of the sum of squares (‖X‖_F for a matrix)."
)
SPECTRAL_NORM = Message(
    "‖ ‖_2 of a matrix is its largest singular value in most books, which is not known here.",
    "The root of the sum of squares is ‖A‖_F, or ‖A‖.",
)
BAD_ROOT = Message("Only square roots are known here.", "Write the power: x^{{(1/3)}}.")
BAD_ACCENT = Message("A sign like this is read above a single letter only.", r"As in \hat{{y}}.")

# ---- sums ----
SUM_WITHOUT_INDEX = Message("Σ does not say what it runs over.", "Write Σ_k x_k, or sum(x) for the sum of all entries.")
SUM_BAD_INDEX = Message(
    "“{seen}” is not an index to sum over.", "Write a letter below the Σ: Σ_k, Σ_{{j,k}}, Σ_{{k=1}}^n."
)
SUM_FROM_ONE = Message(
    "A sum runs over the whole of its index, from 1; this one starts at {seen}.", "Write Σ_k, or Σ_{{k=1}}^n."
)

# ---- derivatives ----
PARTIAL_ALONE = Message("∂ stands alone: it does not say by what to differentiate.", "Write ∂J/∂W, or ∂(W x)/∂x.")
BY_WHAT = Message("“{seen}” cannot be differentiated by.", "By a quantity or an entry of one: ∂J/∂W, ∂J/∂W_{{jk}}.")
BY_TRANSPOSE = Message("This differentiates by a transpose.", "For the transpose of a derivative, write (∂J/∂W)ᵀ.")
SECOND_DERIVATIVE = Message(
    "Second derivatives are not checked.", "Write it as the derivative of a derivative that has a name:  g := ∂J/∂x."
)
BY_LAYER = Message("{seen} is of a layer, and nothing here has layers.", "For the network, begin with  use network.")
GRADIENT_ALONE = Message("∇ does not say by what to differentiate.", "Write ∇_a J.")

# ---- calls ----
ARGUMENTS = Message("{seen} takes {wanted}, not {given}.")
UNKNOWN_OPTION = Message("{seen} has no option “{other}”.")
OPTION_VALUE = Message("“{seen}” is not a value for {other}.", "axis is 0 or 1; keepdims is True or False.")
UNKNOWN_METHOD = Message("“.{seen}” is not known here.", "Known are .T, .dot(…), .sum(…), .transpose(), .trace().")
UNKNOWN_MODULE_NAME = Message("{seen} is not a function that is known here.", "Write the formula it stands for.")
CALL_PRIME = Message("{seen}′ is not written with a prime.", "Write the derivative: ∂{seen}(x)/∂x.")
ONES_WITHOUT_SIZE = Message("This column of ones does not say how long it is.", "Write 1_n, or ones(m, n).")

# ---- statements ----
BAD_NAME = Message("“{seen}” cannot be a name.", "A name is a letter or a word, as in W, W1, n_x or δ:  W : m x n.")
NO_SHAPE = Message("This declares {seen}, but not its shape.", "{seen} : m x n,  {seen} : n  or  {seen} : scalar.")
BAD_SHAPE = Message("“{seen}” is not a shape.", "A shape is  m x n,  n  (a column),  1 x n  (a row)  or  scalar.")
UNKNOWN_PROPERTY = Message("“{seen}” is not a known property.", "Known: {known}.")
NO_PROPERTY = Message("This assumes nothing.", "Say a name and a property:  assume y sums to 1.")
BAD_LAYOUT = Message("This names no layout.", "Write  layout denominator  or  layout numerator.")
BAD_USE = Message("“{seen}” cannot be used.", "Only  use network  is known, with options as in  loss=mse depth=3.")
