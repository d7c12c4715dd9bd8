"""What the interface says of itself is held against it with requests made up from its document."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.bench_web import server

EXAMPLES = 40  # a fuzzed operation; the examples and the borders of each schema come on top
SEED = 20_231_001


def test_nothing_is_found(tmp_path: Path) -> None:
    """Every check holds for examples, borders and made-up requests, well formed and not."""
    with server() as port:
        words = [
            f"http://127.0.0.1:{port}/openapi.json",
            "--continue-on-failure",
            f"--max-examples={EXAMPLES}",
            f"--seed={SEED}",
            "--generation-database=none",
            "--no-color",
        ]
        done = subprocess.run(  # noqa: S603 - our own interpreter
            [sys.executable, "-m", "schemathesis.cli", "run", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    assert "11 selected / 11 total" in done.stdout
