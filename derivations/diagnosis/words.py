"""What a diagnosis says beside the rows of the catalogue, in one place for a translation."""

from __future__ import annotations

IN_LAYOUT = (
    "right in {layout} layout",
    "Each layout arranges a derivative as the other's transpose; in {layout} layout this formula is proved.",
)
WITH_LOSS = "right with the loss {loss}", "With --loss {loss} it is proved."
IDENTITY = "right if σ is the identity", "Then σ′ is 1 everywhere."
SIGMOID = "right if σ is the sigmoid", "With {options} it is proved."
TANH = "right if σ is tanh", "With {options} it is proved."
TANH_OF_ENTRIES = (
    "right if σ is tanh and the square is meant entry by entry",
    "Written with .^2 it is proved with {options}.",
)
ACTIVATION = (
    "right if {name} is the network's activation",
    "The network's own activation is σ, or g, and {name} may be any other function. With σ in its place it is proved.",
)
SYMMETRIC = "right if {name} is symmetric", "Under “assume {name} symmetric” it is proved."
IF_POSITIVE = "With {names} positive it is proved."
SUMS = "right if the entries of {name} sum to 1", "Under “assume {name} sums to 1” it is proved."
ROWS_SUM = "right if the rows of {name} sum to 1", "Under “assume {name} rows sum to 1” it is proved."
COLUMNS_SUM = "right if the columns of {name} sum to 1", "Under “assume {name} columns sum to 1” it is proved."
ONE_SAMPLE = "right for one sample only", "With {width} = 1 it is proved; with more samples it is not."
INDICES_EQUAL = "right where {one} = {other}", "With the two indices equal it is proved; with different ones it is not."
OTHER_SIDE = "or the other side is meant a layer further", "It is the same equation, told of the next layer."
WIDTHS_EQUAL = "right if all widths are equal", "With {widths} it is proved: it says nothing about other widths."

TWO_SLIPS = "two slips: {first}; and {second}"

LOOK_AT = "Look at “{part}”."
LOOK_AT_SIDE = "Look at the whole of this side."
MENDED = "Did you mean  {fix}?"
