"""Every sentence that a person may read, in one place, so that a translation has one file to work on.

A sentence says what was seen and where; its hint says what to do. Names in braces are filled in by the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final


def counted(number: int, one: str, more: str | None = None) -> str:
    """``1 sample``, ``2 samples``."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def listed(words: Sequence[object]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    texts = [str(word) for word in words]
    return " and ".join([", ".join(texts[:-1]), texts[-1]]) if len(texts) > 1 else "".join(texts)


def layers(numbers: Sequence[int]) -> str:
    """``layer 1``, ``layers 1 and 2``."""
    return f"{'layer' if len(numbers) == 1 else 'layers'} {listed(numbers)}"


def shortened(text: object, most: int = 200) -> str:
    """What somebody's file holds, fit for a sentence: one line, nothing that steers a terminal, not too long."""
    shown = "".join(sign if sign.isprintable() else "�" for sign in str(text)[: most + 1])
    return shown[: most - 1] + "…" if len(shown) > most else shown


# The door of the network
FLAT_ARRAY: Final = "{what} has the shape ({n},), which is neither a column nor a row; {wanted} was expected."
FLAT_ARRAY_HINT: Final = (
    "Write {what}.reshape({rows}, {columns}), or sum with keepdims=True, so that the shape is {wanted}."
)
WRONG_SHAPE: Final = "{what} has the shape {seen}; {wanted} was expected."
WRONG_SHAPE_HINT: Final = "One sample is one column: x is n_0 × m, W^l is n_l × n_(l−1), b^l is n_l × 1."
ROWS_HINT: Final = "It looks transposed: hand over {what}.T, with one sample a column."
NOT_NUMBERS: Final = "{what} holds {seen}; real numbers were expected."
NOT_NUMBERS_HINT: Final = "Make it an array of float64 or float32."
UNKNOWN_NAME: Final = "There is no {kind} called {seen!r}."
KNOWN_NAMES_HINT: Final = "Choose one of: {names}."
BAD_WIDTHS: Final = "The layers {seen} do not make a network."
BAD_WIDTHS_HINT: Final = "Give at least two widths, each a whole number of at least 1, such as 784,30,10."
LOSS_NEEDS_OUTPUT: Final = "The loss {loss} is about a {needed} output; this network's output is {seen}."
LOSS_NEEDS_OUTPUT_HINT: Final = "Choose the output {needed}, or the loss mse, which takes any output."
SOFTMAX_INSIDE: Final = "softmax stands in layer {layer}, which is not the last."
SOFTMAX_INSIDE_HINT: Final = "Use softmax for the output only, and an elementwise activation before it."
MANY_ACTIVATIONS: Final = "{seen} given for {wanted}."
MANY_ACTIVATIONS_HINT: Final = "Give one name for all hidden layers, or one name for each."
MANY_PARAMETERS: Final = "{seen} arrays for W and {seen_biases} for b were given for {wanted} layers."
MANY_PARAMETERS_HINT: Final = "Give one W^l and one b^l (and one δ^l or None, if any) for every layer after the input."

# Files
NOT_REGULAR: Final = "it is no regular file"
TOO_LONG: Final = "it is longer than {most} bytes"

# The gradient check
SPOT_CHECK: Final = (
    "The fast evaluation of J and a full forward pass differ by {seen:.1e} at {entry}; this is an error of the checker."
)
SPOT_CHECK_HINT: Final = "Run again with --literal, and report the network and the seed."
NO_NUMBER: Final = "f returned an array of {kind} of the shape {seen}; one real number was expected."
NO_NUMBER_HINT: Final = "Add the entries up, or choose the one whose gradient is meant."
NO_PLOT: Final = "The picture needs matplotlib, which is not installed."
NO_PLOT_HINT: Final = 'Install it with: pip install "backproof[export]"'

# A student's file
NO_FILE: Final = "There is no file {path}."
NO_READING: Final = "{path} cannot be read: {why}."
NOT_UTF8: Final = "{path} is no text in UTF-8, nor in an encoding that its first lines name."
NOT_UTF8_HINT: Final = "Save it as UTF-8, which every editor can do."
TOO_DEEP: Final = "{path} holds an expression that is nested too deep to be read."
TOO_DEEP_HINT: Final = "Split it into several lines, each with a name for its result."
NO_FILE_HINT: Final = "Give the path of a Python file that defines backprop(params, x, y)."
NOTHING_TO_CALL: Final = "{path} defines none of the functions that can be checked."
EXPECTED_SIGNATURE: Final = """\
Define one of:
    def backprop(params, x, y):           # params: {"W1": ..., "b1": ..., "W2": ...}
        return {"dW1": ..., "db1": ..., "dW2": ..., "db2": ...}
    def backprop(weights, biases, x, y):  # two lists, layer by layer
        return nabla_b, nabla_w           # in either order
    def forward(params, x):               # and backward, which gets what forward returned last
        return output, cache
    def backward(params, cache, x, y):
        return {"dW1": ..., "db1": ...}
    class Network:                        # Network(sizes), with .weights, .biases and .backprop(x, y)
One sample a column (x is n_0 × m), or one a row with ROWS = True. "dZ1" or "delta1" may be returned too, for
some layers or all. With rows, W1 is n_0 × n_1, and b1 and db1 have the shape (1, n_1) or (n_1,).
The file may say LAYERS = [3, 4, 2], BATCH = 5, ACTIVATION = "sigmoid", OUTPUT = "sigmoid", LOSS = "mse"."""
RAISED: Final = "{path} stopped with {error} in line {line}: {message}"
RAISED_NOWHERE: Final = "{path} stopped with {error}: {message}"
RAISED_HINT: Final = "The widths here are {widths} with {batch}: check each shape against them."
TOO_SLOW: Final = "{path} had not finished after {seconds}, and was stopped."
TOO_SLOW_HINT: Final = "Look for an endless loop, try a smaller network with --layers, or allow more with --timeout."
TOO_LOUD: Final = "{path} wrote more than {limit} megabytes, and was stopped."
TOO_LOUD_HINT: Final = "Return the gradients only, and print less."
DIED: Final = "{path} ended its process (exit code {code}) before it returned anything."
DIED_HINT: Final = "Remove calls such as sys.exit, and try the function by itself."
UNREADABLE_ANSWER: Final = (
    "backprop in {path} returned {seen}, which is not a set of gradients for the layers {widths}{missing}."
)
ARE_MISSING: Final = ": {names} missing"
WRONG_CONSTANT: Final = "{path} says {name} = {seen}; {wanted} was expected."
WRONG_CONSTANT_HINT: Final = "For example: {example}"
FORWARD_DIFFERS: Final = "what forward returns first is not a^L: the forward pass is that of another network"
FORWARD_HINT: Final = (
    "z^l = W^l a^(l−1) + b^l and a^l = σ(z^l); say ACTIVATION, OUTPUT and LOSS in the file "
    "if they are not sigmoid and mse."
)

# Training and its data
NO_DATA: Final = "There is no file {path}."
NO_DATA_HINT: Final = "Give an .npz file, a CSV file, or the folder (or images file) of MNIST in IDX format."
UNKNOWN_FORMAT: Final = "{path} is neither .npz, .csv, nor IDX (.gz or not)."
UNKNOWN_FORMAT_HINT: Final = (
    "Give an .npz with x_train, y_train, x_test and y_test, a CSV with the label first, or IDX files."
)
BAD_IDX: Final = "{path} does not read as IDX: {why}."
BAD_IDX_HINT: Final = "An IDX file begins with 0, 0, a type code and the number of axes. Fetch the file again."
IDX_HEAD: Final = "its first bytes are {head}"
IDX_SHORT_HEAD: Final = "it ends before its shape does"
IDX_SIZE: Final = "it says that it holds {size} bytes, too many for a file of {length}"
IDX_LENGTH: Final = "it holds {held} bytes where its shape needs {size}"
MISSING_IDX: Final = "{path} has no file {name} in it."
MISSING_IDX_HINT: Final = "MNIST in IDX format is four files: images and labels, for training and for testing."
MISSING_KEY: Final = "{path} has no array {name!r}; it holds {names}."
MISSING_KEY_HINT: Final = "Name the arrays x_train, y_train, x_test and y_test."
MANY_ENTRIES: Final = "it holds {count} entries"
NO_ARRAY: Final = "it has no array {name!r}"
TOO_MUCH: Final = "its array {name!r} would unpack to {size} bytes, too many for a file of its length"
OTHER_PACKING: Final = "its array {name!r} is packed in a way that NumPy does not write"
NO_NUMBERS: Final = "its array {name!r} holds {seen}, and not real numbers"
OTHER_LENGTH: Final = "its array {name!r} has {held} bytes where its shape needs {size}"
BAD_NPZ: Final = "{path} does not read as .npz: {why}."
BAD_NPZ_HINT: Final = "Write it with numpy.savez, with plain numeric arrays (nothing pickled)."
BAD_SAMPLES: Final = "{path} holds no samples to learn from: {why}."
BAD_SAMPLES_HINT: Final = (
    "Inputs are finite numbers, one sample a row (or an image each); labels are whole numbers from 0, or one-hot rows."
)
NOT_SHAPED: Final = "the shape of {what} is {seen}"
NO_SAMPLES: Final = "{what} is empty"
ONE_SAMPLE: Final = "there is one sample, and one more is needed to test on"
NOT_FINITE: Final = "{what} holds {count} that are NaN or infinite"
NOT_ONE_HOT: Final = "row {row} of {what} is not one-hot"
NOT_WHOLE: Final = "{what} holds labels that are not whole numbers, such as {seen}"
OTHER_COUNT: Final = "{what} has {labels} for {samples}"
OTHER_INPUTS: Final = "x_test has {test} a sample where x_train has {train}"
BAD_CSV: Final = "{path}, line {line}: {why}."
CSV_WIDTH: Final = "{seen} where {wanted} were expected"
CSV_EMPTY: Final = "there are no samples"
CSV_LONG: Final = "it is too long to be a sample"
BAD_CSV_HINT: Final = (
    "Each line holds the label and then the inputs, separated by commas; a header line may come first."
)
BAD_LABEL: Final = "{what} holds the label {seen}; whole numbers from 0 to {last} were expected."
BAD_LABEL_HINT: Final = "The last width of --layers is the number of classes."
BAD_INPUTS: Final = "{what} has {inputs} a sample; the first layer has {wanted}."
BAD_INPUTS_HINT: Final = "Make the first number of --layers {seen}."
BAD_SETTING: Final = "{name} is {seen}; {wanted} was expected."
BAD_SETTING_HINT: Final = "Change {name}."
DIVERGED: Final = "The cost became {seen} in epoch {epoch}."
DIVERGED_HINT: Final = "Choose a smaller --rate, or limit the gradient with --clip 1."
BAD_CHECKPOINT: Final = "{path} is not a checkpoint of this run: {why}."
OTHER_RUN: Final = "its {key} is {seen}, not {wanted}"
OTHER_ARRAY: Final = "its array {name!r} is {seen}, not {wanted}"
OTHER_HISTORY: Final = "it tells of {count} epochs, and says that it is at epoch {epoch}"
NOT_KNOWN: Final = "its {key} is {seen}"
NO_NAME: Final = "it names no file"
BAD_CHECKPOINT_HINT: Final = (
    "Resume with the same --layers, --loss and --optimiser that it was written with, or begin anew."
)

# What a gradient check finds
MISSHAPED: Final = "its shape is {seen}, and not {wanted}"
MISTYPED: Final = "it holds {seen} where real numbers were expected"
PRECISION_SEEN: Final = "your arrays are in {title}: held to {digits}"
PRECISION_WIDENED: Final = (
    "your arrays are in double precision (float64), but their numbers were in {title} on the way: held to {digits}"
)
TOO_SMALL: Final = "these numbers are too small for {title} to hold: nothing is shown by their agreement"
DELTA_MISSING: Final = "δ was returned for {given} only: that of {missing} is missing, and was not checked"
DELTA_UNPLACED: Final = (
    "{count} of δ came back for {depth}, in a list that does not show which is which: they were not checked; "
    "name them dZ1, dZ2, … in a dict"
)
NOT_CHECKED: Final = "also returned, and not checked: {names}"
SAME_CAUSE: Final = "the same slip explains these numbers"
INHERITED: Final = "right for its own δ^{layer}: the error is inherited from there"
SLIP_IN: Final = "the slip is in {equation}, {layers}"
NOT_PYTHON: Final = "{path} does not read as Python, line {line}: {message}."
NOT_PYTHON_HINT: Final = "Correct that line, and run the file by itself first."
FLAT_NOTE: Final = "read with biases of shape (n,)"
WEIGHTS_NOTE: Final = {
    True: "read with W^l as n_(l−1) × n_l, its transpose in z^l; everything is shown with W^l as n_l × n_(l−1)",
    False: "read with W^l as n_l × n_(l−1), its transpose in z^l",
}
ROWS_NOTE: Final = "read with one sample a row; everything is shown with one sample a column"
OWN_SAMPLES_NOTE: Final = "δ^l is read as each sample's own ∂C/∂z^l, without 1/m, as its ∂J/∂b^l is the mean of it"
ACCUMULATED: Final = "a second call with the same arguments gives other numbers"
ACCUMULATED_WHY: Final = "something is kept between calls: set the sums to 0 at the beginning of each."
OVERWRITTEN: Final = "the parameters or the data were changed"
OVERWRITTEN_WHY: Final = "-=, *=, out= and [...] = change the array that was handed over. Make a new one."
SAME_SHAPE_HINT: Final = "The derivative of a number by an array has the shape of the array."

# The gradient check in the terminal
HEADING: Final = "{widths}, {activations}, {loss}, batch of {m}, {method}"
FORMULAS: Final = {
    "BP1": "δ{l} = ∂J/∂z{l}, the output",
    "BP2": "δ{l} = (W{next})ᵀ δ{next} ⊙ σ′(z{l})",
    "BP3": "∂J/∂b{l} = Σ δ{l}, over the batch",
    "BP4": "∂J/∂W{l} = δ{l} (a{before})ᵀ",
}
COUNT_RIGHT: Final = "{entries}"
COUNT_WRONG: Final = "{wrong} of {entries} off"
COUNT_NOT_FINITE: Final = "{count} of {entries} NaN or infinite"
COUNT_MISSHAPED: Final = "wrong shape"
ERROR: Final = "error {error}"
WORST: Final = "{name}: yours {analytic:.6g}, by differences {numeric:.6g} (± {bound:.0e})"
MISSHAPED_LINE: Final = "{name}: {sentence}"
NOT_DIFFERENTIABLE: Final = {
    True: "{entries} sits on a kink: not differentiable here, and not counted",
    False: "{entries} sit on a kink: not differentiable here, and not counted",
}
SLIP: Final = "{title}: {why}"
UNKNOWN_SLIP: Final = "no known slip gives these numbers: compare this line of your code with the formula"
ALL_RIGHT: Final = "{entries}; largest error {error} ({seconds:.2f} s)"
ALL_AGREE: Final = {True: "The only entry agrees", False: "All {count} entries agree"}
SOMETHING_OFF: Final = {
    True: "1 of {all} is off; begin with {equation} in layer {layer}",
    False: "{count} of {all} are off; begin with {equation} in layer {layer}",
}
PRINTED: Final = "your file printed:"
MARKS: Final = {True: "✓", False: "✗"}
PLAIN_MARKS: Final = {True: "ok ", False: "off"}
PLOT_WRITTEN: Final = "Wrote {path}"
PLOT_FAILED: Final = "The picture could not be written to {path}: {why}."
NO_ENDING: Final = "its name has no ending"
PLOT_FAILED_HINT: Final = "Give a name ending in .png, .svg or .pdf, in a folder that exists."
BAD_LAYERS: Final = "--layers {seen} does not read as widths."
MANY_WIDTHS: Final = "--layers {seen} is too large: more than {most} weights and biases."
MANY_WIDTHS_HINT: Final = "Give smaller widths; every entry is checked or trained one by one here."

# Training in the terminal
TRAINING: Final = "{widths}, {activations}, {loss}; {train} to learn from, {test} to test on"
EPOCH: Final = "epoch {epoch:>3}  cost {cost:.5f}  test accuracy {accuracy:.2%}  {rate:,.0f} samples/s"
BEGINNING: Final = "before training  test accuracy {accuracy:.2%}"
STOPPED: Final = {
    "epochs": "all epochs done",
    "threshold": "every W and b changed by less than the threshold ε",
    "patience": "no better test accuracy for {patience}; the best parameters are kept",
}
QUADRANT: Final = "the point (2, 2) lies in quadrant {quadrant}"
QUADRANTS: Final = ("I", "II", "III", "IV")
INTERRUPTED: Final = "interrupted"
SAVED: Final = "saved {path}"
NOT_SAVED: Final = "The checkpoint could not be written to {path}: {why}."
NOT_SAVED_HINT: Final = "Name a file in a folder that exists and may be written to."
