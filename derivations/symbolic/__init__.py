"""SymPy, and the only importer of it: derivatives in index form, and matrices with all their entries."""
