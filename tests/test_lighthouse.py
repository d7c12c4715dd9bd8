"""The demo page as Lighthouse sees it: accessible, and built by the book."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from browsing import CHROMIUM, FLAGS, need_chromium

LIGHTHOUSE = Path(__file__).parents[1] / "build/node/node_modules/lighthouse/cli/index.js"
CATEGORIES = ("accessibility", "best-practices")


def test_the_demo_page_has_the_full_score(served_at: str, tmp_path: Path) -> None:
    """Accessibility and best practices are 100; what falls short is named."""
    need_chromium()
    if not LIGHTHOUSE.exists():
        pytest.skip("no Lighthouse: npm install --prefix build/node lighthouse@12")
    report = tmp_path / "report.json"
    flags = " ".join([*FLAGS, "--headless=new"])
    subprocess.run(  # noqa: S603 - our own words
        ["node", str(LIGHTHOUSE), f"{served_at}/", "--quiet", "--output=json",  # noqa: S607
         f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}",
         f"--chrome-flags={flags}"],
        check=True,
        env={**os.environ, "CHROME_PATH": CHROMIUM},
        capture_output=True,
        timeout=120,
    )  # fmt: skip
    found = json.loads(report.read_text("utf-8"))
    short = [
        f"{audit['id']}: {audit['title']}"
        for audit in found["audits"].values()
        if audit.get("score") is not None and audit["score"] < 1
    ]

    assert {name: found["categories"][name]["score"] for name in CATEGORIES} == {
        "accessibility": 1,
        "best-practices": 1,
    }, short
