"""What labs say, in one place for a translation."""

from __future__ import annotations

from typing import Final

# ---- lab files, for their authors ----

LAB_UNREADABLE: Final = "{name}: the file cannot be read: {why}."
FIELD_MISSING: Final = "{where}: “{field}” is missing."
FIELD_MEANT: Final = " There is a field “{near}”: is it this one?"
TYPES: Final[dict[str, str]] = {
    "int": "a whole number",
    "str": "a text in quotes",
    "list": "a list in [ ]",
    "dict": "a table in { }",
    "bool": "true or false",
}
A_LIST_OF_TABLES: Final = "a list of tables, each begun with [[… {field}]]"
A_LIST_OF_TEXTS: Final = "a list of texts in quotes"
A_LIST_OF_LISTS: Final = 'a list of lists of names, as in [["n0", "n1"]]'
NUMBER_WRONG: Final = "{where}: “{value}” is no number."
RANGE_EMPTY: Final = "{where}: there is nothing to choose from {low} to {high}."
FORMULA_UNREADABLE: Final = "{where}: “{text}” cannot be read. {problem}"
FIELD_UNKNOWN: Final = "{where}: there is no field “{field}”.{hint}"
FIELD_WRONG: Final = "{where}: “{field}” should be {wanted}."
NOT_DISTINCT: Final = "{name}: {names} are to be distinct, but they are not without a student."
NOT_DRAWN: Final = "{where}: %{{{name}}} stands for nothing that is drawn."
NO_FAIR_DRAW: Final = "{name}: {attempts} draws, and none fulfils what is required of the numbers."
SETTING_UNREADABLE: Final = "{where}: {problem}"
SAME_AS_RIGHT: Final = "the slip “{code}” of {ask} gives the right answer."
REQUIRED: Final = "“{condition}” does not hold."
BAD_CONDITION: Final = "“{condition}” is not a condition: two formulas with <, > or != between them."
NO_JUDGE: Final = "{where}: there is no judge “{judge}”; there are {judges}."

# ---- names and folders ----

NO_SUCH_LAB: Final = "There is no lab “{name}”."
NEAREST_LAB: Final = "Did you mean {name}?"
ALL_LABS: Final = "See  backproof lab list."
BAD_STUDENT: Final = "“{student}” cannot be a student's name here: up to 60 letters, digits and . _ - @ + in one word."
HAS_WORKSHEET: Final = "{folder} already holds a worksheet ({file}); it was left as it is. Name another folder."
IS_A_FILE: Final = "{folder} is a file, not a folder."
CANNOT_WRITE: Final = "{path} cannot be written: {why}. Nothing was changed."
NO_FOLDER: Final = "There is no folder {folder}. Make it with  backproof lab start NAME {folder}"
NO_WORKSHEET: Final = "{folder} holds no worksheet. Begin one with  backproof lab start NAME {folder}"
TWO_WORKSHEETS: Final = "{folder} holds worksheet.md and worksheet.py; keep one lab in a folder."
NOT_A_FOLDER: Final = "{folder} is a file; name the folder that the worksheet lies in."
CANNOT_READ: Final = "{path} cannot be read: {why}."
NO_FIRST_LINE: Final = (
    "{path}: the first line does not say which lab this is. Put back  {line}  "
    "with the lab's name and, if you had one, “, student …”."
)
OTHER_KIND: Final = "{path} names the lab {name}, whose worksheet is called {file}. Is this another lab's worksheet?"
OTHER_LAB: Final = (
    "{path} is a worksheet of the lab {seen}, but this folder was begun for {begun}. Give each lab a folder of its own."
)
OTHER_STUDENT: Final = "{path} is the worksheet of {seen}, but this folder was begun for {begun}."
A_STUDENT: Final = "student {student}"
NO_STUDENT: Final = "no particular student"
LINE_FROM_PROGRESS: Final = "The first line of the worksheet is gone; progress.json says that this is {line}."
BROKEN_PROGRESS: Final = "progress.json could not be read; it was kept as {kept}, and the counts begin anew."
PROGRESS_NOT_KEPT: Final = "Your progress could not be kept: {why}. The feedback above holds all the same."

# ---- the worksheet ----

HEADER: Final = "backproof lab {name}"
HEADER_STUDENT: Final = "backproof lab {name}, student {student}"
PART: Final = "{number} · {title}"
POINTS_ONE, POINTS_MANY = "1 point", "{points} points"
ALL_POINTS: Final = "{parts}, {points} in all."
PARTS_ONE, PARTS_MANY = "One part", "{parts} parts"
FILL_IN: Final = "Put your answers where a `?` stands, and leave the fences around them as they are."
FILL_IN_PYTHON: Final = "Write the functions below. Keep their names and what they take."
DECIMALS: Final = "   # {digits} decimals"
NUMBERS_FORM: Final = "Numbers as `46`, `0.25` or `23/2`; a column as `[8, 3]`."
SHAPES_FORM: Final = "Shapes as `3 x 2`."
ARRAYS_FORM: Final = "Shapes as NumPy prints them: `(3, 2)`, `(3,)`; where NumPy refuses: `error`."
OPTIONS_FORM: Final = "one of: {options}"

BLOCK_MISSING: Final = "The block of this part is gone. Put it back: ```{language} {name}, then {starter}, then ```."
BLOCK_TWICE: Final = "There are two blocks for this part, in lines {lines}. Keep one of them."
BLOCK_OPEN: Final = "The block that begins in line {line} is never closed: put ``` on a line of its own behind it."
BLOCK_STRANGE: Final = "The block in line {line} belongs to no part of this lab (“{name}”); it was not looked at."
BLOCK_BY_PLACE: Final = "The block in line {line} does not name its part; it was taken for “{name}”."
NO_BLOCKS: Final = (
    "{path} has no answer blocks: each is a line ```{language} {name}, the answer, and a line ```. "
    "Start the lab in a new folder to get a fresh worksheet."
)

# ---- feedback ----

RIGHT, WRONG, OPEN, NOTE = "✓", "✗", "○", "·"
RIGHT_ALOUD, WRONG_ALOUD, OPEN_ALOUD = "right:", "not right:", "open:"
SCORE: Final = "{earned} of {points}"
TOTAL: Final = "{earned} of {points} points"
PASSED: Final = "All right."
LINE: Final = "line {line}"
WHY, BUT, WHERE = "why", "but", "where"
NUMBERS: Final = "for example"
IT_IS: Final = "It would be {title}. {why}"

NOT_ANSWERED: Final = "not answered yet"
MARK_LEFT: Final = "A ? still stands here. Take it away once your answer is whole."
EMPTY: Final = "This block is empty. It should begin  {starter}"
DECLARES: Final = "“{seen}” declares something. The names of this lab are given; write the formula only."
LEFT_CHANGED: Final = "The left side should stay  {left}  as the worksheet has it."
ENTRY_ASKED: Final = (
    "This is the whole of it at once. One entry is asked for here,  {left}: give the other quantities their "
    "{letters} too."
)
WHOLE_ASKED: Final = "{seen} is one entry. All of them at once are asked for here,  {left}  without an index."
INDEX_ONE, INDEX_MANY = "index {letters}", "indices {letters}"
LETTER_ASKED: Final = "The entry that is asked for is  {left}: call its {letters} here, not {seen}."
LAYER_ASKED: Final = "Of which layer is this {seen}? Here it is  {left},  and each other quantity has its own."
ENTRY_WANTED: Final = (
    "On the left stands one number,  {left}; on the right everything is written as a whole. Which entry of each is "
    "meant? Give each its own ({letter}, or another)."
)
WHOLE_WANTED: Final = "The whole of  {left}  is asked for, all its entries at once; on the right stand single entries."
ONE_FORMULA: Final = "One formula is asked for here, and this is a second one. Leave one of them."
RESTATES: Final = "That is true of itself: {left} stands on both sides. Say what it is made of."
RESTATES_AT: Final = "True, but {seen} is not worked out. It may not stand in the answer{instead}."
INSTEAD: Final = "; of derivatives only {allowed} may"
MORE_NOTES: Final = "… and {count} more remarks like these."
TOO_LONG: Final = "This answer is {length} characters long; {most} is the most that is read."
TOO_DEEP: Final = "This is nested too deeply to be read. Write it with fewer brackets."
READ_AS: Final = "Print leaves two readings open here; it was taken as  {typed},  which is right. Put the brackets in."
NOT_SAID_HERE: Final = "Nothing says so here."
GIVEN_NAMES: Final = "Use the names that the task gives."
UNDECIDED: Final = "This could not be decided. Write it with fewer brackets, as the lessons do, and check again."
WORD: Final[dict[str, str]] = {
    "proved": "right",
    "refuted": "not equal",
    "ill-shaped": "does not fit",
    "unreadable": "cannot be read",
    "undecided": "undecided",
}

FIRST_LINE_CHANGED: Final = "The derivation should begin with  {left}  as the worksheet has it."
ARRIVED: Final = "The derivation arrives."
NEW_BY_ALGEBRA: Final = (
    "True, but [{reason}] only moves and combines what the line before has. New here: {seen}. Which definition or rule "
    "brings that in?"
)
ROUND_BRACKETS: Final = "Reasons stand in square brackets, so that they are not taken for factors: [{reason}]."
RULED_OUT: Final = "This follows, but {seen} may not be used here; see the task."
MISSED_LINE: Final = "Each line follows, but one that the task asks for is not there. {say}"
NOT_ARRIVED: Final = "Each line follows, but this is not the end yet: {seen} can still be worked out."
NOT_THERE_YET: Final = "There is no line to go on from yet."
TOO_FEW: Final = (
    "It follows, but this line leaves out too much: write down what lies between it and the line before. At least "
    "{wanted} of the steps should use a definition or a rule; {seen} here."
)
REASON_MISSING: Final = "{right}; its reason is missing"
REASON_UNKNOWN: Final = "{right}; its reason is unknown"
UNKNOWN_REASON: Final = "There is no rule of this name: [{reason}]."
KNOWN_REASONS: Final = (
    "Known are: chain rule, product rule, sum rule, definition of …, "
    "derivative of …, Jacobian, linearity, diagonal matrix, transpose, δ collapses the sum, forward pass, put in …, "
    "assumption, algebra, and the equations that may be cited."
)
NO_REASON: Final = "Say why, in brackets behind the line: [chain rule], [definition of δ], [algebra] …"
NOT_TO_CITE: Final = "“{name}” is what is to be shown here, or rests on it; it cannot be the reason."
AFTER_SLIP: Final = "follows from the line before, which is wrong"
RIGHT_AGAIN: Final = "right again"

STRENGTH: Final = "hint {number} of {of}"
HINT_OPEN: Final = "Read the task again: what is on the left side, and what does it depend on?"
HINT_NEXT_REASON: Final = "You are on the way: your lines are right so far. What comes next is a step by [{reason}]."
HINT_NEXT_LINE: Final = "Your lines are right so far. The next one could be  {line}"
GAP: Final = "[…]"
HINT_FORM: Final = "It should have this form, with something in each […]:  {form}"
HINT_ANSWER: Final = "It should be  {answer}"
HINT_NONE: Final = "Every part is right; there is nothing left to hint at."
HINT_ALL_GIVEN: Final = "All hints of this part were given; this is the last one again, and does not count."

STARTED: Final = "{path} is ready: {parts}, {points}."
START_NEXT: Final = "Open it in an editor and fill it in, then:"
CHECK_COMMAND: Final = "backproof lab check {folder}"
HINT_COMMAND: Final = "backproof lab hint {folder}"
DONE_NEXT: Final = "Next: {name}, chapter {chapter} ({title})."
DONE_ALL: Final = "That was the last lab."
STUCK: Final = "Mend “{title}” first. Stuck? The next hint:"
GO_ON: Final = "Go on with “{title}”. A hint:"
BEST: Final = "best so far: {points}"
FIRST_PASSED: Final = "passed at attempt {attempt}, hints: {hints}"

# ---- predictions ----

TWICE: Final = "twice"
NOT_ASKED: Final = "“{seen}” answers no question of this part; it was not looked at."
LINE_GONE: Final = "not answered; its line is gone. Put back  {ask} = ?"
TWO_LINES: Final = "two lines answer this with different things. Keep one."
FORM: Final[dict[str, str]] = {
    "value": (
        "This is not a number that can be read. Write 46, -2.5, 23/2 or 1e-3, a sum such as 2^3 or sqrt(2/5), or a "
        "column as [8, 3]."
    ),
    "shape": "This is not a shape that can be read. Write rows x columns, as in 3 x 2.",
    "array": "This is not a shape that can be read. Write it as NumPy does: (3, 2) or (3,), or error if NumPy refuses.",
    "entry": "This is not a name that can be read. Write it as in the lessons: w^2_{{31}}, b^1_2, a^2_1.",
    "choice": "Choose one of: {options}.",
}
TURNED: Final = "The numbers are right, but they stand the other way: rows and columns are exchanged."
WRONG_SIZE: Final = "This is {seen}, and the answer is {wanted}."
EITHER_SLIP: Final = " Or, which gives the same with your numbers: "
DECIMAL_COMMA: Final = "A comma parts two numbers here. Decimals stand behind a point: 0.5."
A_NUMBER: Final = "a single number"
SIGN: Final = "The size is right, the sign is not."
ROUNDING: Final = "Close, but not to {digits} decimals. Keep more digits on the way and round at the end only."
SOME_WRONG: Final = "Not all of it is right: look again at entry {entries}."
WRONG_VALUE: Final = "That is not the number. Write out each step, and check the one before."
FLAT: Final = (
    "A shape here has rows and columns. ({n},) is what NumPy calls an array with one axis; "
    "it is neither a column ({n} x 1) nor a row (1 x {n})."
)
ONE_NUMBER: Final = "A shape has two numbers, rows x columns: a column of {n} entries is {n} x 1, a row 1 x {n}."
SHAPE_TURNED: Final = "Rows and columns are exchanged: rows come first."
SHAPE_FOR_NUMBER: Final = "This is a shape. Its numbers are asked for here: 46, 23/2, or a column as [8, 3]."
WRONG_SHAPE: Final = "That is not its shape. Count its rows first: how many of them, and what does each stand for?"
WRONG_SHAPE_PRODUCT: Final = (
    "That is not its shape. Write the shapes of the factors side by side: the inner widths must agree."
)
NO_LAYER: Final = "Which layer? Without its number this names nothing: the layer stands above, as in w^2_{31}."
ANOTHER_LAYER: Final = "The indices are right, the layer is not. In which layer does the arrow, or the neuron, end?"
INDICES_EXCHANGED: Final = "The layer is right, the two indices are exchanged: to, from."
INDICES_ONE: Final = "{seen} belongs to one neuron here, so it has one index."
INDICES_TWO: Final = "{seen} belongs to an arrow, so it has two indices: where it ends, then where it begins."
INDICES_NONE: Final = "The whole of {seen} is asked for, without an index."
ANOTHER_LETTER: Final = "{seen} is another kind of quantity. Is it a weight, a bias, a weighted input or an activation?"
ANOTHER_PLACE: Final = "The layer is right, the place in it is not. Count the neurons from 1, from the top."
NOT_THIS_NAME: Final = "Another one is meant. Find the layer first, then the neuron in it, counted from 1."
THE_OTHER_ONE: Final = "It is the other one. Can you say why?"
NOT_THIS_CHOICE: Final = "It is another one of them. Work it out for a small example."
AXES: Final = "The number of entries is right, but not the axes: count how many axes are left."
WRONG_ARRAY: Final = "That is not what NumPy gives. Write the shapes one below the other, flush right, axis by axis."
NO_ERROR: Final = "NumPy does not refuse this. Axes of length 1, and missing ones on the left, are stretched."
REFUSES: Final = "NumPy refuses this: somewhere two lengths differ, and neither of them is 1."
NOT_THIS_ONE: Final = "Not this one."
FOLLOWS: Final = "This follows from your {name}, which is not right yet: mend that first."

# ---- the self-test ----

TRIAL_LAB: Final = "the lab file"
TRIAL_REFERENCE: Final = "the reference"
TRIAL_STARTER: Final = "the starter"
TRIAL_WRONG: Final = "{part}, wrong answer {number} ({code})"
TRIAL_EARNS: Final = "it earns points in {parts}"
TRIAL_PASSES: Final = "it passes: {answer}"
TRIAL_OTHER: Final = "it does not fail with {code}, but with {seen}"
SELF_TEST_LINE: Final = "{name}: {trials} trials"
SELF_TEST_EVERY: Final = "whoever the student is, "
SELF_TEST_FAILED: Final = "{student}{what}: {problem}"
SELF_TEST_ALL: Final = "{labs} labs, {trials} trials, {failed} not as meant"
NOT_JUDGED: Final = (
    "This part could not be judged: the program failed at it ({error}). That is a fault of the program, not yours; "
    "please report it together with the worksheet."
)
JUDGE_LOST: Final = (
    "The worksheet could not be judged: {why}. Look for what is very long, very deep or never ends, and take it out."
)
NO_RUNNER: Final = "This lab runs Python code, and there is nothing here to run it in isolation."

# ---- the command ----

DESCRIPTION: Final = "Labs: exercises with feedback line by line. Each lab is a worksheet in a folder of yours."
HELP_LIST: Final = "the labs, chapter by chapter, and how far you are"
HELP_START: Final = "make a folder with a lab's worksheet"
HELP_HINT: Final = "the next hint: where to look, what kind of slip, the formula"
HELP_CHECK: Final = "what is right in a worksheet, and what is not"
HELP_GRADE: Final = "grade a whole class"
HELP_FOLDER: Final = "the folder of the worksheet, or the worksheet itself; without it, the folder you are in"
HELP_STUDENT: Final = "numbers, widths and spelling of this student's own"
HELP_SEED: Final = "for Python: the inputs of an earlier check once more, by the seed that its feedback told"
BAD_SEED: Final = "A seed is a number from 0 to {most}, as the feedback tells it; {seed} is none."
HELP_SELF_TEST: Final = "prove the labs themselves: all, those named, or a file of your own (NAME.toml)"
WHICH_COMMAND: Final = "say which: list, start, hint, check or grade. See backproof lab --help."
WHICH_FOLDER: Final = "name one folder, as in  backproof lab check my-bp2"
LIST_NEXT: Final = "Begin one with  backproof lab start NAME FOLDER"

# ---- functions in NumPy ----

UNKNOWN_OPTION: Final = "{where}: the judge “{judge}” has no option “{option}”; it has {options}."
BAD_OPTION: Final = "{where}: {problem}"
NOT_WRITTEN: Final = "not written yet"
NO_FUNCTION: Final = "There is no function of this name in the worksheet any more."
DOES_NOT_LOAD: Final = "The worksheet does not load, so nothing in it can be called. {error}: {message}."
RAISED: Final = "{error}: {message}."
RAISED_MORE: Final[dict[str, str]] = {
    "EOFError": "Nobody is here to type anything in: the function is given all that it needs.",
    "ModuleNotFoundError": "Only Python's own library and NumPy are here.",
    "RecursionError": "Does the function call itself?",
}
INNER_WIDTHS: Final = (
    "{error}: in a matrix product the inner widths differ, {first} and {second}. Write the shapes of both factors side "
    "by side: does one of them have to be transposed, or come first?"
)
NO_BROADCAST: Final = "These two shapes do not go together: neither is stretched to the other."
NAME_MISSING: Final = "That name was never given a value. Is it spelled as where you defined it?"
STOPPED: Final = "{words}."
NEVER_ENDS: Final = "{function} did not come to an end, and was stopped. Is there a loop in it that never ends?"
RETURNS_NONE: Final = "It returns nothing. Is there a return at its end?"
PRINTED: Final = "It prints its result and returns nothing. Use return: what is printed cannot be used any further."
RETURNS_OTHER: Final = "It should return {gives}; this is {seen}."
EXCHANGED: Final = "The arrays are right, but they come back in another order: it should return {gives}."
REVERSED: Final = (
    "The arrays are right, but the lists begin with the last layer. They should begin with the first: it should return "
    "{gives}."
)
NEVER_LOADED: Final = (
    "The worksheet itself does not come to an end when it is loaded, so nothing in it can be called. Is there a loop "
    "outside the functions?"
)
NO_ENTRY: Final = "{name} is missing from what {function} returned: it should be {gives}."
NOT_NUMBERS: Final = "{name} is no array of numbers."
OVERWRITES: Final = (
    "It changes the arrays that it is given (+=, -= and [...] = write into them). Whoever calls it still needs them: "
    "make a new array."
)
SHARE_RIGHT: Final = "right"
CASE: Final = "with {told} (seed {seed})"
WITH_REFERENCES: Final = (
    "It calls {names}, which is not right yet; it was judged with the right one in its place, so that it does not lose "
    "points for it."
)
PRINTED_LABEL: Final = "it prints"
A_NUMBER_SEEN, A_TEXT_SEEN, A_DICT_SEEN = "a single number", "a text", "a dict"
AN_ARRAY_SEEN, A_TUPLE_SEEN = "one array of shape {shape}", "{count} things"
