"""A batch: conversations in, replies out, in order, and no line stops the next one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from asking import DAY
from click.testing import CliRunner

from bot.batch import outcomes
from bot.cli import main
from bot.service import Service


def run(served: Service, *lines: Any) -> list[dict[str, Any]]:
    """The outcomes of some lines: bytes as they are, anything else as JSON."""
    raw = (one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
    return list(outcomes(served, raw, DAY))


def test_a_line_is_a_conversation(served: Service) -> None:
    """Every turn has its reply, later turns build on earlier ones, the session is the id."""
    [found] = run(served, {"id": "a", "turns": ["透析限额多少", "居民呢"], "region": "suzhou"})

    assert found["id"] == "a"
    assert [reply["session"] for reply in found["replies"]] == ["a", "a"]
    assert found["replies"][1]["understood"]["slots"]["disease"] == "dialysis"


def test_conversations_are_apart(served: Service) -> None:
    """A line knows nothing of the line before it."""
    first, second = run(
        served,
        {"id": 1, "turns": ["透析限额多少"], "region": "suzhou"},
        {"id": 2, "turns": ["居民呢"], "region": "suzhou"},
    )

    assert "disease" in first["replies"][0]["understood"]["slots"]
    assert "disease" not in second["replies"][0]["understood"]["slots"]


def test_the_same_line_gives_the_same_bytes(served: Service) -> None:
    """Nothing of one run is left in the next."""
    line = {"id": "a", "turns": ["糖尿病限额多少", "1", "要带什么"]}

    assert run(served, line) == run(served, line)


@pytest.mark.parametrize(
    ("line", "name", "says"),
    [
        (b"{oops", None, "第1行：不是一个完整的 JSON 对象。"),
        (b"[" * 100_000, None, "第1行：不是一个完整的 JSON 对象。"),
        (b'{"id": "a", "turns": ["\xff"]}', None, "第1行：不是 UTF-8 编码的文字。"),
        (["透析"], None, "第1行：要写成 JSON 对象"),
        ({"turns": ["透析"]}, None, "第1行：缺少 id"),
        ({"id": ["a"], "turns": ["透析"]}, None, "第1行：缺少 id"),
        ({"id": "a"}, "a", "第1行：turns 要写成文字的列表"),
        ({"id": "a", "turns": "透析"}, "a", "第1行：turns 要写成文字的列表"),
        ({"id": 7, "turns": ["透析", 1]}, 7, "第1行：turns 要写成文字的列表"),
        ({"id": "a", "turns": ["透析"], "region": 1}, "a", "第1行：region 要写成文字"),
        ({"id": "a", "turns": ["透析"], "region": "mars"}, "a", "第1行：没有收录统筹地区“mars”"),
    ],
)
def test_a_broken_line_is_answered_in_its_place(
    served: Service, line: Any, name: Any, says: str
) -> None:
    """The id, where it can be read, and what is wrong with which line; the rest goes on."""
    broken, sound = run(served, line, {"id": "z", "turns": ["谢谢"]})

    assert broken["id"] == name
    assert broken["error"].startswith(says)
    assert sound["replies"][0]["kind"] == "smalltalk"


def test_lines_are_counted_as_an_editor_counts_them(served: Service) -> None:
    """A blank line is passed over, but it counts."""
    assert run(served, b"\n", b" \n", b"{")[0]["error"].startswith("第3行")


def test_an_unknown_key_is_passed_over(served: Service) -> None:
    """Other keys, an absent region and no turns at all are no faults."""
    assert run(served, {"id": "a", "turns": [], "region": None, "note": 1}) == [
        {"id": "a", "replies": []}
    ]


@pytest.mark.parametrize("text", ["\ud800透析", "透析\0限额", "透" * 1_000_000, "", "🏥" * 500])
def test_any_text_passes(served: Service, text: str) -> None:
    """Lone surrogates, NUL, a megabyte, nothing at all: there is always a reply."""
    [found] = run(served, {"id": text[:9], "turns": [text]})

    assert found["id"] == text[:9]
    assert found["replies"][0]["text"]


def test_the_command_writes_what_can_be_read_back() -> None:
    """Out comes a line of JSON for each line in, even with half characters; the status is 1."""
    lines = [json.dumps({"id": "\ud800", "turns": ["\ud800"]}), "oops", '{"id": "b", "turns": []}']
    result = CliRunner().invoke(main, ["batch", "-"], input="\n".join(lines))
    found = [json.loads(line) for line in result.stdout.splitlines()]

    assert [one["id"] for one in found] == ["\ud800", None, "b"]
    assert result.exit_code == 1


def test_a_sound_batch_ends_well() -> None:
    """Without a broken line the status is 0."""
    line = '{"id": "a", "turns": ["谢谢"]}\n'
    result = CliRunner().invoke(main, ["batch", "-", "--region", "suzhou"], input=line)

    assert result.exit_code == 0
