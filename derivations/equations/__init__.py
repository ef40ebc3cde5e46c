"""BP1–BP4 and their kin as data, and ``derive``, which proves them step by step."""
