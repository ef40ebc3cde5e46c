"""Grading a class: every worksheet judged in a process of its own, a table of points, a report per student.

``submissions`` finds the worksheets, ``judge`` is what a judging process does, ``running`` starts as many of them as
there are cores, ``keeping`` keeps what is done (so that a run goes on where it was interrupted), ``table`` and
``reports`` write. Nothing of a submission is run in the grading process itself; its names and texts are taken as
untrusted throughout.
"""
