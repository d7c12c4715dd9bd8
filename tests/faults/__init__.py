"""Faults done to real servers under load, one line a case: `python -m faults` within `tests`."""
