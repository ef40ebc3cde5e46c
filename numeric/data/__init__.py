"""Labelled samples: MNIST as IDX, .npz or CSV, and the four quadrants of source E."""
