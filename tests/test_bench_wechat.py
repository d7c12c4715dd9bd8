"""The benchmark of callbacks: which figures there are; how large they are is no matter here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.bench_wechat import table
from bot.cli import main

CASE = "- {id: a, turns: [透析限额多少, 退休的呢], region: suzhou, expect: answered}\n"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The figures of a short benchmark over one question."""
    file = tmp_path_factory.mktemp("bench") / "one.yaml"
    file.write_text(CASE, "utf-8")
    words = ["bench", "wechat", "--questions", str(file), "--seconds", "0.3", "--json"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    found: dict[str, float] = json.loads(result.stdout)
    return found


def test_the_contract(figures: dict[str, float]) -> None:
    """Callbacks beside the turns of the same run, each reply opened and looked at."""
    names = "p50_ms p99_ms turn_p50_ms turn_p99_ms callbacks_per_s answers"
    assert all(figures[name] > 0 for name in names.split())
    assert figures["p50_ms"] <= figures["p99_ms"]
    assert figures["put_off"] == 0


def test_every_figure_has_a_name(figures: dict[str, float]) -> None:
    """A line of the table each, in Chinese."""
    assert len(table(figures).splitlines()) == len(figures)


def test_a_folder_without_questions_is_named(tmp_path: Path) -> None:
    """Nothing to measure with is bad input."""
    result = CliRunner().invoke(main, ["bench", "wechat", "--questions", str(tmp_path)])
    assert result.exit_code == 2
    assert "没有问题文件" in result.stderr
