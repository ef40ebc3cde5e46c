"""What the chapters' command says, in one place for a translation."""

from __future__ import annotations

NO_NUMBER = "there is no chapter {number}: they go from 1 to {last}.  backproof chapter  lists them."
NO_NAME = "no chapter is called “{wanted}”.  backproof chapter  lists them."
SEVERAL = "“{wanted}” may be {names}."
NO_NAME_NEAR = "no chapter is called “{wanted}”. Did you mean “{near}”?"
NO_TOPIC = "there is no page “{wanted}”. There are: {known}."

APPENDIX, CHAPTER = "Appendix", "Chapter {number}"
CHECKED_BY = (
    "Each was checked by backproof when this page was made; click on a formula for its reading and its assumptions."
)
CONTENTS = "backproof: backpropagation, derived and checked"
CONTENTS_HINT = "Read one:  backproof chapter 6"
NEXT = "{called}, {title}:  backproof chapter {name}"

SLIP = "{title}."
RIGHT = "Right:  {formula}"
DIFFERS, DIFFERS_ALWAYS = "Left {left}, right {right}, with {chosen}.", "Left {left}, right {right}."
SUMMARY, SUMMARY_OF_ONE = "{count} formulas: {told}", "1 formula: {told}"
PROVED, ON_PURPOSE, NOT_PROVED = "{count} proved", "{count} wrong on purpose", "{count} not proved"
DEFINITION, DECLARATION = "definition", "declaration"
PRINTS, FIGURE, ANSWER = "It prints:", "Figure", "Answer"

NO_NBFORMAT = 'Notebooks need nbformat:  pip install "backproof[export]"'
NOTEBOOK_NEEDS = (
    'To run the cells:  `pip install "backproof[export]"`.  A ✓ behind a formula says that it was proved when '
    "this notebook was made; the cells with `check` prove theirs again. Change a line and run them."
)
IS_A_FOLDER = "{path} is a folder: name a file."
NO_FOLDER = "there is no folder {folder}."
IN_THE_WAY = "{path} exists, and is not an export as it was written. Nothing was written; --force overwrites it."
NOT_WRITTEN = "{path} could not be written: {why}."
WRITTEN, WRITTEN_ALL = "written: {path}", "written: {count} files; begin with {index}"
ALL_CHAPTERS = "All chapters"
ALL_NEEDS_OUT = "--all writes many files: say where, as in  --all --format html --out FOLDER."
ALL_OR_ONE = "--all is every chapter; leave {chapter} out, or --all."
WHICH = "say which chapter, as in  backproof chapter 6 --format html,  or all of them:  --all --out FOLDER."
NOT_A_FOLDER = "{path} is a file: --all needs a folder."
