"""What an agent holds to be wrong is kept with what was answered, and closed with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import flags, notes
from bot.cli import main
from bot.flags import Flagged
from bot.resources import Resources
from bot.store import Store, opened, url_of

NOW = 1_790_000_000
FLAGGED = Flagged(
    "过期了", "透析限额", {"topic": "benefit", "slots": {"disease": "dialysis"}}, "无限额"
)


@pytest.fixture
def store(resources: Resources) -> Store:
    """An embedded database."""
    return resources.store


def raised(store: Store, flagged: Flagged = FLAGGED, *, now: int = NOW) -> int:
    """A flag that 小王 raised."""
    return flags.raise_flag(store, flagged, agent="小王", packs="abc123", now=now)


def test_a_flag_is_read_back(store: Store) -> None:
    """Who, when, why, the question, what was understood, the answer, the state of the packs."""
    number = raised(store)
    (found,) = flags.listed(store)

    assert (found.id, found.at, found.agent, found.packs) == (number, NOW, "小王", "abc123")
    assert (found.remark, found.question, found.answer) == ("过期了", "透析限额", "无限额")
    assert found.understood == FLAGGED.understood
    assert found.closed is None


def test_only_the_first_lines_of_an_answer_are_kept(store: Store) -> None:
    """Eight lines say which answer it was."""
    raised(store, Flagged("长", "问", {}, "\n".join(f"行{n}" for n in range(20))))

    assert flags.listed(store)[0].answer.splitlines() == [f"行{n}" for n in range(8)]


def test_open_flags_come_first(store: Store) -> None:
    """Among the open ones the latest; what is closed comes after all of them."""
    first, second, third = (raised(store, now=NOW + n) for n in range(3))
    flags.close(store, third, by="admin", because="已改", now=NOW + 9)

    assert [flag.id for flag in flags.listed(store)] == [second, first, third]
    assert [flag.id for flag in flags.listed(store, closed=False)] == [second, first]


def test_a_flag_is_closed_once(store: Store) -> None:
    """With who, when and why; a second closing changes nothing."""
    number = raised(store)

    assert flags.close(store, number, by="小李", because="已核对", now=NOW + 5)
    assert not flags.close(store, number, by="小赵", because="又来", now=NOW + 6)
    assert not flags.close(store, number + 1, by="小赵", because="没有")
    (found,) = flags.listed(store)
    assert (found.closed, found.closed_by, found.closed_because) == (NOW + 5, "小李", "已核对")


def test_the_command_line_lists_and_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`flags` shows what is open, `--all` everything, `flags close` needs a reason."""
    monkeypatch.setenv("YIWENTONG_DATA_DIR", str(tmp_path))
    kept = opened(url_of(tmp_path, None))
    number = raised(kept)
    kept.close()
    run = CliRunner()

    assert "过期了" in run.invoke(main, ["flags"]).output
    assert run.invoke(main, ["flags", "close", str(number)]).exit_code == 2
    done = run.invoke(main, ["flags", "close", str(number), "--because", "已核对"])
    assert done.exit_code == 0
    assert "过期了" not in run.invoke(main, ["flags"]).output
    everything = run.invoke(main, ["flags", "--all"]).output
    assert "过期了" in everything
    assert "已核对" in everything
    again = run.invoke(main, ["flags", "close", str(number), "--because", "再来"])
    assert (again.exit_code, str(number) in again.output) == (2, True)


def test_a_note_is_kept_for_its_agent_only(store: Store) -> None:
    """Nobody else lists it or drops it."""
    number = notes.save(store, "小王", "回电", {"region": "suzhou"}, now=NOW)

    assert [(n.id, n.text, n.context) for n in notes.listed(store, "小王")] == [
        (number, "回电", {"region": "suzhou"})
    ]
    assert notes.listed(store, "小李") == ()
    assert not notes.drop(store, "小李", number)
    assert notes.drop(store, "小王", number)
    assert notes.listed(store, "小王") == ()
