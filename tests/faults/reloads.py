"""A hundred reloads of the packs under load, as the tests of the workers do a few."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator

from faults.outcome import Outcome
from faults.program import ROOT

_TEST = "tests/test_workers.py::test_no_request_fails_over_reloads"
_SAID = re.compile(r"(\d+) reloads, (\d+) answers, slowest ([\d.]+) s")


def reloads(*, quick: bool) -> Iterator[Outcome]:
    """No request fails, each answer is of one version, and both workers follow."""
    began = time.monotonic()
    words = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", _TEST]
    done = subprocess.run(  # noqa: S603 - our own interpreter on our own test
        words,
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "TEST_RELOADS": "3" if quick else "100"},
    )
    said = _SAID.search(done.stdout)
    count, answers, slowest = said.groups() if said else ("0", "0", "?")
    figures = (
        f"{answers} answers, none failed" if not done.returncode else f"{answers} answers",
        f"followed by all workers within {slowest} s",
        f"{time.monotonic() - began:.0f} s",
    )
    failed = (done.stdout[-400:].replace("\n", " | "),) if done.returncode else ()
    yield Outcome(f"{count} reloads of the packs under load", "SQLite", figures, failed)
