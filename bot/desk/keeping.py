"""What who keeps the server does for the desk in the terminal: agents and flags."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from getpass import getpass, getuser

from bot import agents, flags
from bot.days import CHINA
from bot.errors import InputError
from bot.flags import Flag
from bot.redact import redacted
from bot.settings import read_settings
from bot.store import Store, opened, url_of
from bot.terminal import tell


def store() -> Store:
    """The store of the settings. Raises SettingError, StoreError."""
    found = read_settings()
    return opened(url_of(found.data_dir, found.database_url))


def add(kept: Store, name: str) -> str:
    """Let somebody in from now on, with a password that is asked for; what was done, in a sentence.

    Raises InputError for a name or a password that cannot be, and for a name that is taken.
    """
    if not agents.is_name(name):
        raise InputError(tell("agent_name", name=name[:40]))
    if any(agent.name == name for agent in agents.listed(kept)):
        raise InputError(tell("agent_taken", name=name))
    if not agents.add(kept, name, _new_password()):
        raise InputError(tell("agent_taken", name=name))
    return tell("agent_added", name=name)


def reset(kept: Store, name: str) -> str:
    """Give somebody another password, which is asked for; notes and flags stay theirs.

    Raises InputError for a name that there is not and for a password that cannot be.
    """
    if all(agent.name != name for agent in agents.listed(kept)):
        raise InputError(tell("agent_unknown", name=name[:40]))
    agents.reset(kept, name, _new_password())
    return tell("agent_reset", name=name)


def _new_password() -> str:
    """A password that is asked for. Raises InputError for one too short or too long."""
    password = _password()
    if not agents.LEAST <= len(password) <= agents.MOST:
        raise InputError(tell("password_length", least=agents.LEAST, most=agents.MOST))
    return password


def remove(kept: Store, name: str) -> str:
    """Let somebody in no longer. Raises InputError for a name that there is not."""
    if not agents.remove(kept, name):
        raise InputError(tell("agent_unknown", name=name[:40]))
    return tell("agent_removed", name=name)


def unlock(kept: Store, name: str) -> str:
    """Forget the wrong passwords of a name. Raises InputError for one that there is not."""
    if not agents.unlock(kept, name):
        raise InputError(tell("agent_unknown", name=name[:40]))
    return tell("agent_unlocked", name=name)


def listing(kept: Store) -> Iterator[str]:
    """A line an agent: the name, since when, and until when it is locked."""
    found = agents.listed(kept)
    if not found:
        yield tell("agents_none")
    now = datetime.now(CHINA).timestamp()
    for agent in found:
        line = tell("agent_line", name=agent.name, created=_day(agent.created))
        locked = agent.locked_until > now
        yield line + (tell("agent_locked", until=_time(agent.locked_until)) if locked else "")


def flag_lines(kept: Store, *, closed: bool) -> Iterator[str]:
    """The flags in lines: the open ones, or all of them, the open ones first."""
    found = flags.listed(kept, closed=closed)
    if not found:
        yield tell("flags_none_all") if closed else tell("flags_none")
    for flag in found:
        yield from _flag(flag)


def close_flag(kept: Store, number: int, because: str) -> str:
    """Close a flag with a reason. Raises InputError where there is no such open one."""
    if not because.strip():
        raise InputError(tell("flag_because"))
    if not flags.close(kept, number, by=getuser(), because=redacted(because).text):
        raise InputError(tell("flag_unknown", number=number))
    return tell("flag_closed", number=number)


def is_terminal() -> bool:
    """Whether a person types."""
    return sys.stdin.isatty()


def _password() -> str:
    """A password, typed twice without an echo, or one line of standard input. Raises InputError."""
    if not is_terminal():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass(tell("password_prompt"))
    if getpass(tell("password_again")) != first:
        raise InputError(tell("password_differs"))
    return first


def _flag(flag: Flag) -> Iterator[str]:
    fields = {"number": flag.id, "agent": flag.agent, "at": _time(flag.at), "packs": flag.packs}
    yield tell("flag_line", **fields)
    yield tell("flag_question", question=_one_line(flag.question))
    yield tell("flag_remark", remark=_one_line(flag.remark))
    yield tell("flag_answer", answer=_one_line(flag.answer))
    if flag.closed:
        fields = {"by": flag.closed_by, "at": _time(flag.closed)}
        yield tell("flag_done", because=_one_line(flag.closed_because or ""), **fields)


def _one_line(text: str) -> str:
    """A text in one line, free of what would steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at, CHINA).strftime("%Y-%m-%d")


def _time(at: int) -> str:
    return datetime.fromtimestamp(at, CHINA).strftime("%Y-%m-%d %H:%M")
