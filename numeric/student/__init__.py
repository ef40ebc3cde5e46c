"""A student's own backpropagation, run in a process of its own and checked like any other gradient."""
