"""The benchmark: which figures there are. How large they are is no matter of a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.bench import percentile, table
from bot.cli import main

CASE = "- {id: a, turns: [透析限额多少, 退休的呢], region: suzhou, expect: answered}\n"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The figures of a benchmark over one small conversation."""
    file = tmp_path_factory.mktemp("bench") / "one.yaml"
    file.write_text(CASE, "utf-8")
    words = ["bench", "turn", "--questions", str(file), "--rounds", "2", "--json"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    found: dict[str, float] = json.loads(result.stdout)
    return found


def test_the_contract(figures: dict[str, float]) -> None:
    """`bench turn --json` prints one object that has at least these, all above zero."""
    names = "p50_ms p99_ms mean_ms turns_per_s cold_start_s rss_mb peer_p50_ms peer_p99_ms"

    assert all(figures[name] > 0 for name in names.split())
    assert figures["p50_ms"] <= figures["p99_ms"]


def test_every_turn_of_every_round_is_timed(figures: dict[str, float]) -> None:
    """Two turns, twice."""
    assert figures["turns"] == 4


def test_the_table_has_the_peer_beside(figures: dict[str, float]) -> None:
    """What both were measured by stands in one row."""
    row = next(line for line in table(figures).splitlines() if line.startswith("p50"))

    assert row.split()[1:] == [str(figures["p50_ms"]), str(figures["peer_p50_ms"])]


def test_percentiles() -> None:
    """The time within which that share of the turns ends, in milliseconds."""
    times = [number / 1000 for number in range(100, 0, -1)]

    assert (percentile(times, 50), percentile(times, 99), percentile([0.002], 99)) == (51, 100, 2)


def test_a_folder_without_questions_is_named(tmp_path: Path) -> None:
    """Nothing to measure with is bad input."""
    result = CliRunner().invoke(main, ["bench", "turn", "--questions", str(tmp_path)])

    assert result.exit_code == 2
    assert "没有问题文件" in result.stderr
