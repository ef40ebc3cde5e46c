"""What a student's process gives up before the student's code runs. Only ``inside`` loads these, file by file."""
