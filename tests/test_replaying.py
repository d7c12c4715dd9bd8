"""An answer is explained from its line in the journal: as it was, and as it would be today."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from bot import journal
from bot.answers import plain
from bot.cli import main
from bot.clock import seconds
from bot.days import today
from bot.journal import Origin, line_of
from bot.replaying import as_lines, replayed
from bot.resources import Resources, opened
from bot.service import turn
from bot.settings import read_settings
from intents.dialogue import State

Why = Callable[..., Result]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Resources:
    """What the commands open, with two turns of a conversation in its journal: t1 and t2."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YIWENTONG_DATA_DIR", str(tmp_path / "data"))
    made = opened("suzhou", settings=read_settings())
    state = State()
    for id_, text in (("t1", "透析职工退休限额多少"), ("t2", "在职的呢")):
        done = turn(made.service, state, text, day=today(), region="suzhou")
        keep(made, id_, text, state, plain(done.answer))
        state = done.state
    return made


def keep(resources: Resources, id_: str, text: str, before: State, answered: str) -> None:
    """Put a line into the journal."""
    done = turn(resources.service, before, text, day=today(), region="suzhou")
    hashed = resources.keyring.name("journal", "s" * 22)
    origin = Origin(id_, "web", hashed, "suzhou", resources.packs)
    line = line_of(origin, text, before, done.answer, micros=700)
    with resources.store.writing() as connection:
        journal.keep(connection, structs.replace(line, answered=answered))


def run(*words: str) -> Result:
    """Run `yiwentong why`."""
    return CliRunner().invoke(main, ["why", *words])


def test_an_answer_is_taken_again(kept: Resources) -> None:
    """With the state that it began with: what came before is not asked again."""
    shown = run("t2").stdout

    assert "问：在职的呢" in shown
    assert "disease=dialysis" in shown
    assert "web　地区 suzhou" in shown
    assert f"一字不差，条目没有变（{kept.packs}）" in shown


def test_it_is_data_for_a_program(kept: Resources) -> None:
    """What was answered, what is answered now, and whether that is the same."""
    data = json.loads(run("t1", "--json").stdout)

    assert (data["same"], data["packs_changed"], data["difference"]) == (True, False, [])
    assert data["status"] == data["today"]["status"] == "answered"
    assert data["answered"] == data["today"]["text"]
    assert data["understood"]["slots"]["disease"] == "dialysis"


def test_another_answer_is_shown_with_what_differs(kept: Resources) -> None:
    """A line that is gone and one that is new, and that it is not the packs."""
    keep(kept, "t3", "透析职工退休限额多少", State(), "透析：限额三元")
    shown = run("t3").stdout

    assert "条目却没有变" in shown
    assert "  -透析：限额三元" in shown
    assert "无限额" in shown.partition("  -透析：限额三元")[2]


def test_other_packs_are_named(kept: Resources) -> None:
    """With their two fingerprints, whether the answer is another one or not."""
    found = structs.replace(replayed(kept, "t1"), packs="abcdefabcdef")

    assert found.same
    assert found.packs_changed
    assert f"已从 {kept.packs} 换成 abcdefabcdef" in "\n".join(as_lines(found))


def test_a_state_of_another_release_is_no_fault(kept: Resources) -> None:
    """What was asked and answered is shown all the same."""
    line = journal.find(kept.store, "t1")
    assert line is not None
    with kept.store.writing() as connection:
        journal.keep(connection, structs.replace(line, id="t4", state=b"\xc1", at=seconds()))
    result = run("t4")

    assert result.exit_code == 0
    assert "不能重放" in result.stdout
    assert json.loads(run("t4", "--json").stdout)["today"]["text"] is None


@pytest.mark.parametrize("id_", ["nobody", "", "x" * 5000, "%00'--"])
def test_an_unknown_id_is_named(kept: Resources, id_: str) -> None:
    """A sentence and status 2."""
    result = run("--", id_)

    assert result.exit_code == 2
    assert "记录里没有" in result.stderr
    assert result.stdout == ""
