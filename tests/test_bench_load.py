"""The benchmark of load: which figures there are; how large they are is no matter here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from bot import bench_load
from bot.bench_load import Load, conversations, table
from bot.bench_servers import AbsentError, Server
from bot.cli import main
from bot.evaluation import Case

CASE = "- {id: a, turns: [透析限额多少, 退休的呢], region: suzhou, expect: answered}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A question file of one conversation."""
    made = tmp_path / "one.yaml"
    made.write_text(CASE, "utf-8")
    return made


def measured(file: Path, *words: str) -> str:
    given = ["bench", "load", "--questions", str(file), "--seconds", "0.2", *words]
    return CliRunner().invoke(main, given, catch_exceptions=False).stdout


@contextmanager
def absent(**_: object) -> Iterator[Server]:
    raise AbsentError("PostgreSQL", "postgresql")
    yield


def test_the_contract(file: Path) -> None:
    """`bench load --json` prints one object: of each deployment what it holds, rate by rate."""
    found: dict[str, Any] = json.loads(measured(file, "--json"))

    assert set(found) == {"sqlite", "servers"}
    for one in found.values():
        if "left_out" in one:
            continue
        assert one["closed_per_s"] > 0
        rates = one["rates"]
        names = "rate p50_ms p99_ms p999_ms server_cores client_cores storage_cores rss_mb refused"
        assert set(rates[0]) == {*names.split(), "held"}
        pairs = list(pairwise(row["held"] for row in rates))
        assert all(one or other for one, other in pairs[:-1])
        assert one["held_per_s"] == max((row["rate"] for row in rates if row["held"]), default=0)


def test_what_is_not_installed_is_left_out(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the word that installs it; the rest is measured."""
    monkeypatch.setattr(bench_load, "postgres", absent)
    said = measured(file)

    assert "每秒请求" in said
    assert "apt-get install -y postgresql" in said


def test_many_conversations_go_on_at_once() -> None:
    """Each in its own order, and no two sentences of one next to each other."""
    cases = [
        Case(id="a", turns=("一", "二"), expect="answered"),
        Case(id="b", turns=("三",), expect="answered"),
    ]
    stream = [
        msgspec.json.decode(one.partition(b"\r\n\r\n")[2])
        for one in islice(conversations(cases), 1000)
    ]
    of_one = [one["text"] for one in stream if one["session"] == stream[0]["session"]]

    assert of_one == ["一", "二"]
    assert all(a["session"] != b["session"] for a, b in pairwise(stream))


def test_a_deployment_that_holds_nothing_is_shown() -> None:
    """A table without a rate is no error."""
    assert "0.0" in table([Load("sqlite", closed_per_s=1.0)])


def test_no_questions(tmp_path: Path) -> None:
    """A folder without questions is said."""
    result = CliRunner().invoke(main, ["bench", "load", "--questions", str(tmp_path)])

    assert result.exit_code == 2
