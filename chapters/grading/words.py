"""What grading says to a teacher: in the terminal, in the table, and in the reports."""

from __future__ import annotations

from typing import Final

# The command
HELP_FOLDER: Final = "one folder (or one file) per student, with worksheets in it"
HELP_OUT: Final = "the table to write; reports go to a folder of the same name beside it"
HELP_JOBS: Final = "how many worksheets to judge at once (default: one per core)"
HELP_SECONDS: Final = "the longest that judging one worksheet may take (default: {seconds})"
HELP_LAB: Final = "the lab that was set: worksheets of other labs are listed, and get no points"
WHO: Final = """\
The name of a student's folder (or file) is the student in the table. The ID in
a worksheet's first line has to be this name, or a word of it that no other
folder has; words end at spaces, _ , ; and brackets. So 2301 may hand in as
2301, 2301_meier or "Meier (2301)".
"""
HELP_REQUIRE: Final = "no points for a worksheet whose first line names no student"
HELP_AGAIN: Final = "judge every worksheet again, also those that are done"
NO_FOLDER: Final = "There is no folder {folder}."
NOT_A_FOLDER: Final = "{folder} is a file. Give the folder that holds one folder per student."
NOT_READABLE: Final = "{folder} cannot be read: {why}."
NOBODY: Final = "{folder} holds no worksheet and no folder. Give the folder that holds one folder per student."
INSIDE: Final = (
    "{out} lies inside {folder}, among the submissions, where a submission could pass for a result. "
    "Choose another place with --out."
)
REPORTS_ARE_SUBMISSIONS: Final = (
    "The reports for {out} would go to the folder {reports}, among the submissions, where a submission could pass for "
    "a result. Choose another name with --out."
)
NOT_OURS: Final = (
    "The reports would go to {folder}, which holds something else. Choose another name with --out, or move it away."
)
NOT_WRITABLE: Final = "{path} cannot be written: {why}."
IS_A_FOLDER: Final = "{out} is a folder. Give the name of the table, such as grades.csv."
BAD_NUMBER: Final = "{option} {seen}: a number from {least} to {most} was expected."
FOUND: Final = "{count} worksheets of {students} students"
FOUND_ONE: Final = "1 worksheet"
DONE_BEFORE: Final = "{count} of them were done before, and are kept in {folder} (--again judges them anew)"
FENCE: Final = (
    "note: this system has no Landlock or no seccomp; only Python's own fence and the limits hold students' code."
)
FENCE_BROKEN: Final = "Students' code cannot be run apart here ({why}), so nothing was graded."
PROGRESS: Final = "grading"
LEFT: Final = "Interrupted: {done} of {count} worksheets are done. The same command goes on from there."
SET_ASIDE: Final = "{path} had been changed by hand; it was kept as {kept}."
WRITTEN: Final = "written: {out}, and a report per student in {folder}"
PASSED_OVER: Final = "passed over (no worksheet, no folder): {names}"
TO_LOOK_AT: Final = "not graded, to be looked at:"
PARTS_TO_LOOK_AT: Final = "parts that the program failed at (a fault of ours), to be looked at:"
SUMMARY: Final = "{graded} of {count} worksheets graded, {passed} passed; mean {mean:.0f} %"
SUMMARY_NONE: Final = "none of {count} worksheets could be graded"
SUMMARY_NO_WORKSHEET: Final = "no worksheet was handed in"
WITHOUT_ONE: Final = "handed in without a worksheet: {count}"
SEVERAL_LABS: Final = "{count} labs were handed in: {labs}. With --lab NAME only one of them counts."
MORE: Final = "… and {count} more"

# Status
PASSED: Final = "passed"
PARTLY: Final = "partly right"
NONE_RIGHT: Final = "nothing right yet"
EMPTY: Final = "not filled in"
NOT_GRADED: Final = "not graded: {why}"

# Why a worksheet was not graded
NO_WORKSHEET: Final = "there is no worksheet in it"
SEVERAL: Final = "none of its files is called worksheet.md or worksheet.py, and there are several"
A_LINK: Final = "{name} is a link, not a file"
NO_FILE: Final = "{name} is no ordinary file"
TOO_LARGE: Final = "{name} is larger than {limit} kB"
UNREADABLE: Final = "{name} cannot be read ({why})"
TOO_MUCH: Final = "it holds too many files and folders"
TOO_MANY: Final = "it holds more than {most} worksheets"
NO_FIRST_LINE: Final = "its first line names no lab"
UNKNOWN_LAB: Final = "it is of a lab that does not exist: {name}"
ANOTHER_LAB: Final = "it is a worksheet of another lab: {lab}, not {wanted}"
OTHER_KIND: Final = "lab {lab} has a {wanted}, and this is a {seen}"
OTHER_STUDENT: Final = "it is the worksheet of student {seen}, handed in by {student}"
NO_STUDENT: Final = "its first line names no student"
TWICE: Final = "{count} worksheets of lab {lab} were handed in; one is expected"
JUDGE_SLOW: Final = "judging it took more than {seconds:g} seconds"
JUDGE_MEMORY: Final = "judging it took too much memory"
JUDGE_DEEP: Final = "something in it is nested too deep to be read"
JUDGE_DIED: Final = "the judge ended early (exit code {code})"
JUDGE_FAILED: Final = "the judge failed ({why})"
JUDGE_GARBLED: Final = "what the judge answered cannot be read"
BAD_LAB: Final = "the lab's own file is wrong: {why}"
NO_TIME_LEFT: Final = "its runs together took more than {seconds:g} seconds"

# Reports
REPORT_TITLE: Final = "# {student}"
REPORT_LAB: Final = "## {lab}: {title}"
REPORT_POINTS: Final = "**{earned} of {points} points** ({percent} %) · {status}"
REPORT_FILE: Final = "Worksheet: {where}"
REPORT_TABLE: Final = "| part | points | of | why |\n|---|---:|---:|---|"
REPORT_PART: Final = "### {title}: {earned} of {points}"
REPORT_NOTES: Final = "Remarks:"

# The table's columns
COLUMNS: Final = ("student", "lab", "points", "of", "percent", "status")
REASON: Final = "{part} reason"
FILE_COLUMN: Final = "worksheet"
