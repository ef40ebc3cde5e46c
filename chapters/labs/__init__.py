"""Labs: work for the student's own hands, with feedback line by line.

A lab is one TOML file in ``library`` (its format: ``lab``). ``variants`` draws each student's own numbers and spelling,
``worksheet`` writes and reads the sheet, ``judging`` says what is right, ``self_test`` proves each lab.
"""
