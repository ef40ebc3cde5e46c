"""Learning: gradient descent as source A describes it, and what is usually added to it."""
