"""Whatever bytes come, nothing breaks: what `make fuzz` does for minutes, in seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing.generating import tried
from fuzzing.targets import DATA, TARGETS, Target

EXAMPLES = {"packs": 25, "understand": 60, "queries": 40, "forms": 60}
FOUND = [
    (target, file) for target in TARGETS for file in sorted((DATA / "fuzz" / target.name).glob("*"))
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda one: one.name)
def test_no_bytes_break_it(target: Target) -> None:
    """What begins well, what it is made of, and noise."""
    for raw in (b"", *target.seeds):
        target.run(raw)
    tried(target, EXAMPLES.get(target.name, 100))


@pytest.mark.parametrize(
    ("target", "file"), FOUND, ids=[f"{target.name}-{file.name}" for target, file in FOUND]
)
def test_what_once_broke_it_breaks_it_no_more(target: Target, file: Path) -> None:
    """Inputs that were found."""
    target.run(file.read_bytes())
