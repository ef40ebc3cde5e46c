"""What is said of arrays, in one place for a translation."""

from __future__ import annotations

from typing import Final

SHAPE_IS: Final = "Its shape is {seen}, and should be {wanted}."
NOT_FINITE: Final = "{count} entries are NaN or infinite: a division by 0, a log of 0, or an overflow of exp."
FLAT_ARRAY: Final = (
    "The shape is {seen}, and should be {wanted}. An array with one axis is neither column nor row, and broadcasts in "
    "unexpected ways: keep both axes (keepdims=True, or reshape)."
)
TURNED_ARRAY: Final = "The numbers are right, but transposed: the shape is {seen}, and should be {wanted}."
TURNED_SHAPE: Final = "The shape is {seen}, and should be {wanted}: rows and columns are exchanged."
NOT_SUMMED: Final = "The shape is {seen}, and should be {wanted}: it still has one column for each sample. Sum them."
LOST_AXIS: Final = "The shape is {seen}, and should be {wanted}: an axis was lost on the way."
WRONG_ARRAY_SHAPE: Final = "The shape is {seen}, and should be {wanted}."
ALL_ZERO: Final = "Every entry is 0."
FACTOR_M: Final = "Each entry is {m} times too large, and there are {m} samples: J is their mean, so 1/m is missing."
FACTOR_PER_M: Final = "Each entry is {m} times too small, and there are {m} samples: 1/m is there once too often."
SIGN_ARRAY: Final = "The sign is the wrong way round, everywhere."
FACTOR: Final = "Each entry is {factor} times what it should be: a constant factor is wrong."
FACTOR_NEARLY: Final = (
    "Each entry is nearly right, but off by the same small part, {share} of it: look for a number that is rounded, or "
    "for an ε that does not belong here."
)
FACTOR_NEARLY_SIGN: Final = "The sign is the wrong way round, and each entry is off by a small part, {share} of it."
OFF_ENTRIES: Final = "{off} of {all} entries are off."
OFF: Final = "{told} The one furthest off is {entry}: {seen}, where {right} is right."
THE_VALUE, LARGE_VALUE = "the result", "the result for large z"
OUTPUT_LAYER, HIDDEN_LAYERS = "output layer", "hidden layers"
WITH_SHAPE: Final = "z of shape ({rows}, {columns})"
WITH_LARGE: Final = "entries of z as large as 800"
WITH_LAYER: Final = "{before} inputs, {n} neurons and m = {m}"
WITH_TWO_LAYERS: Final = "{n} neurons, {after} in the layer after it, and m = {m}"
WITH_NETWORK: Final = "widths {widths} and m = {m}"
WITH_OUTPUTS: Final = "{n} neurons and m = {m}"
WITH_STEP: Final = "W of shape ({rows}, {columns}) and rate {rate}"
WITH_SIZES: Final = "{inputs} inputs and {outputs} outputs"
WITH_KEEP: Final = "a of shape ({rows}, {columns}) and keep = {keep}"
WITH_LARGEST: Final = "g of shape {shape} and length {norm}, and largest = {largest}"
SOFTMAX_AXIS: Final = "The sum runs along the wrong axis: a sample is a column, so its entries lie along axis 0."
SOFTMAX_WHOLE: Final = "The sum runs over the whole array: each column has a sum of its own (axis=0, keepdims=True)."
SOFTMAX_SUM: Final = "These are the powers e^z; they are not divided by their sum yet."
VALUE_FOR_SLOPE: Final = "This uses the value σ(z) where the slope σ'(z) is wanted."
SLOPE_FOR_VALUE: Final = "This is the slope σ'(z); the value σ(z) is wanted."
SLOPE_AT_A: Final = "σ' is taken at a = σ(z) instead of z. For the sigmoid, a(1 − a) already is σ'(z)."
SIGN_INSIDE: Final = "This is σ(−z): look at the sign in the exponent."
NO_ACTIVATION: Final = "This is z: the activation σ has not been applied."
NO_BIAS: Final = "The bias is missing: z = W a + b."
SIGN_OF_BIAS: Final = "The bias is subtracted, and should be added."
Z_FOR_A: Final = "The layer was given z of the layer before; its input is the activation a."
NOT_AVERAGED: Final = "This is the sum over the samples; J is their mean."
MEAN_OVER_OUTPUTS: Final = (
    "The mean is taken over the outputs too (np.mean averages everything); only the samples are averaged."
)
HALF_MISSING: Final = "This is twice the cost: the ½ is missing."
SIGN_LOSS: Final = "The cost has the wrong sign."
MISSING_SLOPE_L: Final = "This is ∂J/∂a^L: σ'(z^L) is missing, which leads on to ∂J/∂z^L."
EXTRA_SLOPE: Final = "σ'(z^L) is multiplied in once too often: with the cross entropy it has cancelled already."
SIGN_DELTA: Final = "The sign is the wrong way round: the error begins with a − y, not y − a, and BP2 has no minus."
MISSING_SLOPE: Final = "σ'(z^l) is missing: this is ∂J/∂a^l, and δ^l is ∂J/∂z^l."
SLOPE_TWICE: Final = "σ'(z^l) is multiplied in twice: each layer gives one such factor."
MEAN_HERE: Final = "1/m is missing: J is the mean over the m samples, and here is where they are added up."
MEAN_TWICE: Final = "1/m is there once too often: delta carries it already."
MEAN_IN_SUMS: Final = (
    "1/m is missing in BP3 and BP4: all dW and db are {m} times too large, and there are {m} samples. J is their mean, "
    "so these sums over the samples carry 1/m."
)
SAME_MEAN: Final = "It is {m} times too large for the same reason: 1/m is missing."
LAST_SAMPLE: Final = "Only the last sample is in it: each sample adds its part (+=, or one matrix product)."
OUTER_TURNED: Final = "It is transposed: dW has the shape of W, with delta first."
SIGN_GRADIENT: Final = "A minus too many: the minus belongs to the step W − η dW, not to the gradient."
BIAS_FLAT: Final = "The numbers are right, but b is a column: np.sum(delta, axis=1, keepdims=True)."
BIAS_NOT_SUMMED: Final = "This is delta itself: b is one column for all samples, so the columns of delta are added up."
BIAS_AXIS: Final = "The sum runs along the wrong axis: samples are columns, so sum along axis=1."
UPHILL: Final = "This goes uphill: the step is W − η dW."
STEP_ONLY: Final = "This is the step alone; the new W is the old one with the step added."
NO_RATE: Final = "The learning rate is missing."
NO_PENALTY: Final = "The penalty's own derivative is missing: ½λ‖W‖² adds λW to the gradient."
PENALTY_TWICE: Final = "The derivative of ½λ‖W‖² is λW, not 2λW."
PENALTY_SIGN: Final = "The penalty pulls W towards 0: λW is added to the gradient, not subtracted."
NO_WEIGHT: Final = "The new gradient comes in with the weight 1 − β; it is an average."
BETA_EXCHANGED: Final = "β and 1 − β are exchanged: β is how much of the old v stays."
OLD_VELOCITY: Final = "The step was taken with the old v: first the new v, then the step with it."
NO_MOMENTUM: Final = "The step was taken with the gradient alone: v is not used."
NO_CORRECTION: Final = "m and v were not corrected for having begun at 0: divide by 1 − β^t."
HALF_CORRECTED: Final = "Only one of m and v was corrected: divide both by 1 − β^t, each with its own β."
EPS_INSIDE: Final = "ε stands inside the root; it is added to the root, after it has been taken."
EPS_LEFT_OUT: Final = "eps, as it was given, is not in the denominator: it is added to the root of the corrected v."
EPS_FOLDED: Final = (
    "Both corrections were drawn into the rate. That is nearly Adam, but then ε is added to the root of the "
    "uncorrected v, where it weighs more. Correct m and v first, then add ε to the root."
)
VELOCITY_TURNED: Final = (
    "Your v points uphill, and W goes against it. That is sound in itself, but here v is to point downhill, and W "
    "moves by it."
)
RATE_TWICE: Final = "The learning rate is in v already: the parameters move by v itself."
NOT_UPDATED: Final = "This is the array that was handed in: it was not brought up to date."
NO_POWER: Final = "The corrections lack their exponent: after t steps 1 − β^t is missing, not 1 − β."
NEXT_POWER: Final = "The corrections are one step ahead: t counts from 1, so the first exponent is 1."
PLAIN_DESCENT: Final = "This is the step of plain descent: neither m nor v is used."
VELOCITY_NO_RATE: Final = "The learning rate is missing in the new v: the gradient's step is rate · dW."
VELOCITY_GRADIENT: Final = (
    "This v adds up gradients. Here v is a velocity: the gradient's step, rate · dW, is taken off beta · v."
)
VELOCITY_UPHILL: Final = "The gradient's step is added to the velocity, and should be taken off it: this goes uphill."
VELOCITY_MEAN: Final = "The weight 1 − β belongs to a running mean. A velocity takes the whole step, rate · dW, off βv."
VELOCITY_BETA: Final = "The old velocity was kept with 1 − β; it is β that says how much of it stays."
VELOCITY_NO_BETA: Final = "The old velocity stays as it is: it should be multiplied by β first."
HIDDEN_AT_OUTPUT: Final = "The output layer was given the activation of the hidden layers ({name}); it has its own."
OUTPUT_AT_HIDDEN: Final = (
    "This layer was given the activation of the output layer ({name}); hidden layers have their own."
)
FOLLOWS_FROM: Final = "This follows from {name}, which is not right: mend that first."
NO_ROOT: Final = "The root is missing: the step is m / (√v + ε)."
NOT_SQUARED: Final = "v is the average of the squares of the gradient."
RETURNS_CORRECTED: Final = (
    "What is returned is the corrected value; keep m and v as they are, and correct them for the step only."
)
SYMMETRIC_ZEROS: Final = "All weights are 0: every neuron of a layer stays like its neighbours, whatever the data."
SYMMETRIC: Final = "Many weights are equal: neurons that begin alike stay alike. Draw each one on its own."
NOT_CENTRED: Final = "Their mean is {mean}; the weights should lie around 0 (standard_normal, not random)."
VARIANCE: Final = "They are multiplied by the variance; their scale is its root, the standard deviation."
NOT_SCALED: Final = "They are drawn from N(0, 1) and not scaled: how wide should they be for so many inputs?"
WRONG_SCALE: Final = "Their standard deviation is {seen}; for {inputs} inputs it should be {wanted}."
NOT_NORMAL: Final = "Their mean and spread are right, but they do not lie as normal numbers do (standard_normal)."
NOT_RANDOM: Final = "They are not drawn at random: each weight tells what its neighbour is."
NOT_REPEATED: Final = "The same seed gives other weights the second time: draw from np.random.default_rng(seed) alone."
SEED_IGNORED: Final = "Two seeds give the same weights, or nearly: draw from np.random.default_rng(seed)."
HALF_PRECISION: Final = (
    "The numbers come in half precision (float16), which keeps three digits only. Compute in double precision: leave "
    "out the dtype."
)
DROPOUT_SCALE: Final = "What is kept should be divided by keep, so that the mean stays what it was."
DROPOUT_INVERTED: Final = "This keeps what should be dropped: an entry stays where u < keep."
DROPOUT_DOWN: Final = "What is kept is multiplied by keep; divide by it."
CLIP_ENTRIES: Final = (
    "Each entry was clipped on its own, which changes the direction. Scale the whole of g by one factor."
)
CLIP_ALWAYS: Final = "g was scaled although its norm is below the largest: then it stays as it is."
CLIP_NOT: Final = "g was not scaled, although its norm is above the largest."
NORM_AXIS: Final = (
    "Mean and variance are taken over the neurons; they are taken over the batch (axis=1), for each neuron."
)
NORM_VARIANCE: Final = "The variance is divided by m − 1; here it is the plain mean of the squares (by m)."
NORM_ROOT: Final = "The root is missing: divide by √(variance + ε)."
NORM_SCALE: Final = "Scale and shift are missing: γ ⊙ ẑ + β."
