"""The tables of the store, one migration after the other."""
