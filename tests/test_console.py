"""The conversation in the terminal: answers, commands, colour, and leaving kindly."""

from __future__ import annotations

import io

import pytest
from asking import DAY
from click.testing import CliRunner

from bot.channels.console import Console, coloured, paint_for, plainly, talk
from bot.cli import main
from bot.service import Service
from bot.terminal import tell


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Whether it is one: it is."""
        return True


@pytest.fixture
def console(served: Service) -> Console:
    """A conversation on the day of the tests, no region set."""
    return Console(served, day=lambda: DAY)


@pytest.fixture
def settled(console: Console) -> Console:
    """A conversation in Suzhou."""
    console.respond("/region 苏州")
    return console


def test_it_greets_with_the_regions(console: Console) -> None:
    """The greeting says which regions there are, and that none is set."""
    assert "苏州（suzhou）" in console.greeting()
    assert tell("chat_no_region") in console.greeting()


def test_a_region_is_set_by_name(console: Console) -> None:
    """`/region 苏州` sets it, `/region` shows it."""
    console.respond("/region 苏州")

    assert console.region == "suzhou"
    assert "当前统筹地区：苏州（suzhou）" in str(console.respond("/region"))


def test_an_unknown_region_changes_nothing(settled: Console) -> None:
    """A region without a pack is refused, with those there are."""
    assert "没有收录统筹地区“上海”" in str(settled.respond("/region 上海"))
    assert settled.region == "suzhou"


def test_another_region_holds_at_once(settled: Console) -> None:
    """A place said before does not hold against a region that is set by hand."""
    settled.respond("常熟在哪里办")
    settled.respond("/region 北京")

    assert not {"region", "district"} & {slot.name for slot in settled.state.slots}


def test_an_option_is_chosen_by_its_number(console: Console) -> None:
    """Choices are numbered, and a number chooses."""
    asked = str(console.respond("透析限额多少"))
    options = console.state.options
    chosen = str(console.respond("1"))

    assert f"1. {options[0][0]}" in asked
    assert options[0][0] in chosen


def test_why_shows_the_last_message(settled: Console) -> None:
    """`/why` says how the last message was read; before the first there is nothing to say."""
    before = settled.respond("/why")
    settled.respond("透析限额多少")

    assert before == tell("chat_no_why")
    assert "disease=dialysis" in str(settled.respond("/why"))


def test_reset_forgets(settled: Console) -> None:
    """`/reset` forgets what was said, not the region."""
    settled.respond("透析限额多少")
    settled.respond("/reset")

    assert settled.state.slots == ()
    assert settled.respond("/history") == tell("chat_no_history")
    assert settled.region == "suzhou"


def test_history_lists_what_was_asked(settled: Console) -> None:
    """`/history` numbers the questions, each with the first line of its answer."""
    first = str(settled.respond("透析限额多少")).splitlines()[0]
    settled.respond("谢谢")

    assert str(settled.respond("/history")).splitlines()[:3] == [
        "1. 透析限额多少",
        f"   {first}",
        "2. 谢谢",
    ]


def test_commands_are_forgiving(console: Console) -> None:
    """A full-width slash and capital letters do; an unknown command points to the help."""
    assert console.respond("／HELP") == tell("chat_help")
    assert console.respond("/foo bar") == tell("chat_unknown", command="/foo")


def test_the_help_names_every_command(console: Console) -> None:
    """Nothing can be typed that the help does not say."""
    assert all(f"/{name}" in tell("chat_help") for name in [*console.commands, "quit"])


@pytest.mark.parametrize("word", ["/quit", "/exit", "/q", "／QUIT"])
def test_quit_leaves(console: Console, word: str) -> None:
    """After `/quit` nothing more is read."""
    written: list[str] = []
    talk(console, iter([word, "透析限额多少"]), written.append)

    assert len(written) == 1


def test_colour_is_for_terminals() -> None:
    """A terminal has colour; a pipe, NO_COLOR and a dumb terminal have none."""
    assert paint_for(Terminal(), {}) is coloured
    assert paint_for(io.StringIO(), {}) is plainly
    assert paint_for(Terminal(), {"NO_COLOR": ""}) is plainly
    assert paint_for(Terminal(), {"TERM": "dumb"}) is plainly


def test_colour_changes_no_word(served: Service) -> None:
    """Without its colours the coloured answer is the plain one."""
    plain, painted = (
        Console(served, day=lambda: DAY),
        Console(served, paint=coloured, day=lambda: DAY),
    )
    text = str(painted.respond("苏州透析限额多少"))

    for code in ("\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"):
        text = text.replace(code, "")
    assert text == plain.respond("苏州透析限额多少")


def test_a_pipe_sees_no_prompt() -> None:
    """Through a pipe there are answers and no prompts; the end of input is the end."""
    given = "职工医保透析限额多少\n\n/quit\n"
    result = CliRunner().invoke(main, ["--"], input="/quit\n")
    piped = CliRunner().invoke(main, ["chat", "--region", "suzhou"], input=given)

    assert result.exit_code == piped.exit_code == 0
    assert "无限额" in piped.stdout
    assert tell("chat_prompt") not in piped.stdout
    assert "\x1b" not in piped.stdout
