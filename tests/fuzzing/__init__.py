"""Whatever bytes come, nothing breaks: `python -m fuzzing` within `tests`."""
