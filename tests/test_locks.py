"""What is installed is what the locks say, and the bill of materials lists all of it."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "build" / "audit" / "bin" / "python"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_package_is_pinned_and_has_hashes(name: str) -> None:
    """Nothing of a lock can become something else without the lock being changed."""
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]

    assert len(lines) > 20
    assert not [line for line in lines if not PINNED.match(line) or "--hash=sha256:" not in line]


def test_the_bill_of_materials_lists_the_lock(tmp_path: Path) -> None:
    """Every package with its version; the same lock comes to the same bytes."""
    if not PROGRAM.exists():
        pytest.skip("no programs for it: make audit OFFLINE=1")
    made = []
    for name in ("one.json", "other.json"):
        words = [str(PROGRAM), "-W", "ignore", "-m", "cyclonedx_py", "requirements"]
        words += ["--output-reproducible", "--short-PURLs", "--pyproject", "pyproject.toml"]
        words += ["--output-file", str(tmp_path / name), "requirements.lock"]
        subprocess.run(words, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - ours
        made.append((tmp_path / name).read_bytes())
    found = {(one["name"], one["version"]) for one in json.loads(made[0])["components"]}

    assert made[0] == made[1]
    assert found == set(PINNED.findall((ROOT / "requirements.lock").read_text("utf-8")))
