"""The benchmark of the server: which figures there are; how large they are is no matter here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.bench_http import RATE, server
from bot.bench_web import table
from bot.cli import main
from bot.errors import InputError

CASE = "- {id: a, turns: [透析限额多少, 退休的呢], region: suzhou, expect: answered}\n"


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """The figures of a short benchmark over one question."""
    file = tmp_path_factory.mktemp("bench") / "one.yaml"
    file.write_text(CASE, "utf-8")
    words = ["bench", "web", "--questions", str(file), "--seconds", "0.5", "--json"]
    result = CliRunner().invoke(main, words, catch_exceptions=False)
    found: dict[str, float] = json.loads(result.stdout)
    return found


def test_the_contract(figures: dict[str, float]) -> None:
    """`bench web --json` prints one object that has at least these, all above zero."""
    names = "turns_per_s in_process_turns_per_s share p50_ms p99_ms suggest_p99_ms"

    assert all(figures[name] > 0 for name in names.split())
    assert figures["p50_ms"] <= figures["p99_ms"]
    assert figures["rate"] == RATE


def test_the_share_is_of_the_same_run(figures: dict[str, float]) -> None:
    """What the server answers is set against what this process does without it."""
    share = figures["turns_per_s"] / figures["in_process_turns_per_s"]

    assert figures["share"] == pytest.approx(share, abs=0.001)


def test_the_widget_is_weighed(figures: dict[str, float]) -> None:
    """All that a host page loads of it stays within 15 KB."""
    assert 5_000 < figures["widget_gzip_bytes"] <= 15 * 1024


def test_every_figure_has_a_name(figures: dict[str, float]) -> None:
    """A line of the table each, in Chinese."""
    assert len(table(figures).splitlines()) == len(figures)


def test_a_server_that_does_not_start_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be used ends the benchmark with a sentence, not with a wait."""
    monkeypatch.setenv("YIWENTONG_REGION", "nowhere")

    with pytest.raises(InputError, match="没有正常结束"), server():
        pass


def test_a_folder_without_questions_is_named(tmp_path: Path) -> None:
    """Nothing to measure with is bad input."""
    result = CliRunner().invoke(main, ["bench", "web", "--questions", str(tmp_path)])

    assert result.exit_code == 2
    assert "没有问题文件" in result.stderr
