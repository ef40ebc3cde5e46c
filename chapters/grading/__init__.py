"""Grading a class: worksheets judged in processes of their own, a table of points, a report per student.

``submissions`` finds the worksheets, ``names`` tells the students apart, ``questions`` are what a judging process is
asked, ``judge`` is what it does, ``running`` starts as many of them as there are cores (or one, for ``lab check``),
``keeping`` keeps what is done (so that a run goes on where it was interrupted), ``table`` and ``reports`` write.
Nothing of a submission is run in the grading process itself; its names and texts are taken as untrusted throughout.
"""
