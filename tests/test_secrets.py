"""A secret comes from the environment or a file, and is shown nowhere: whatever goes wrong."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import click
import pytest

from bot.accounts import PREFIX, SECRETS
from bot.cli import main
from bot.errors import BotError
from bot.settings import read_settings
from bot.store import opened, shown, url_of

MARK = "hunter2XYZZY"
# What a secret may look like: well written, and in ways that are refused.
FORMS = {
    "DATABASE_URL": ("postgresql://u:{}@127.0.0.1:1/d", "postgresql://127.0.0.1:1/d?password={}",
                     "postgresql://u:p:{}/x@h/d", "{}", "mysql://u:{}@h/d"),
    "REDIS_URL": ("redis://:{}@127.0.0.1:1/0", "redis://:x/{}@h", "http://:{}@h", "redis://{} @h"),
}  # fmt: skip
OTHERWISE = ("{}", "{}0123456789abcdef", "{} with blanks", "{}é", "123456:{}")


def values(key: str) -> list[str]:
    return [form.format(MARK) for form in FORMS.get(key, OTHERWISE)]


@pytest.mark.parametrize("key", SECRETS)
def test_no_error_and_no_record_shows_a_secret(key: str, tmp_path: Path) -> None:
    """Given in the environment or in a file, well written or not, alone or with what it needs."""
    for value in values(key):
        file = tmp_path / "secret"
        file.write_text(value)
        for given in ({PREFIX + key: value}, {f"{PREFIX}{key}_FILE": str(file)}):
            said = ""
            try:
                settings = read_settings({**given, f"{PREFIX}DATA_DIR": str(tmp_path)}, tmp_path)
                said = repr(settings) + repr(settings.accounts) + str(settings)
                opened(url_of(settings.data_dir, settings.database_url)).close()
            except BotError as error:
                said += str(error) + repr(error)
            assert MARK not in said, (value, said)


def test_the_password_of_an_address_is_not_shown() -> None:
    """Wherever in the address it stands."""
    for value in FORMS["DATABASE_URL"][:2]:
        found = shown(url_of(Path(), value.format(MARK)))
        assert MARK not in found
        assert "127.0.0.1" in found


def parameters(command: click.Command) -> Iterator[click.Parameter]:
    yield from command.params
    if isinstance(command, click.Group):
        for one in command.commands.values():
            yield from parameters(one)


def test_no_secret_can_be_given_on_a_command_line() -> None:
    """Everybody on the machine can read the words of a command."""
    names = {name for one in parameters(main) for name in (one.name or "", *one.opts)}

    assert len(names) > 20
    assert not [one for one in names if re.search(r"token|secret|passw|key|url|redis", one)]


@pytest.mark.parametrize("key", [None, "DATABASE_URL"])
def test_a_running_server_shows_no_secret(tmp_path: Path, key: str | None) -> None:
    """Neither in its words, nor in its log, in an answer, or when it dies."""
    token = f"{MARK}-admin-0123456789"
    own = {
        "DATA_DIR": str(tmp_path),
        "PORT": "0",
        "REDIS_URL": values("REDIS_URL")[0],
        "SECRET": f"{MARK}-secret-0123456789",
        "ADMIN_TOKEN": token,
        "MCP_TOKEN": f"{MARK}-mcp-0123456789",
        "WECHAT_TOKEN": MARK,
        "WECHAT_APP_ID": "wx1",
        "WECHAT_APP_SECRET": f"{MARK}-wechat",
    } | ({key: values(key)[0]} if key else {})
    given = {**os.environ, **{PREFIX + name: value for name, value in own.items()}}
    given["PYTHONPATH"] = str(Path(__file__).parents[1])
    words = [sys.executable, "-m", "bot", "serve"]
    with (tmp_path / "out").open("wb+") as out:
        process = subprocess.Popen(words, env=given, stdout=out, stderr=out)  # noqa: S603 - ours
        try:
            said = _answers(process, tmp_path / "out", token)
            with suppress(ProcessLookupError, FileNotFoundError):
                said += Path(f"/proc/{process.pid}/cmdline").read_text()
            process.send_signal(signal.SIGABRT)
        finally:
            process.wait(20)
        told = said + (tmp_path / "out").read_text("utf-8", "replace")

    assert told.strip()
    assert MARK not in told


def _answers(process: subprocess.Popen[bytes], out: Path, token: str) -> str:
    """What a server says that is asked this and that; nothing where it does not start."""
    until = time.monotonic() + 30
    while not (found := re.search(rb"http://127\.0\.0\.1:\d+", out.read_bytes())):
        if process.poll() is not None or time.monotonic() > until:
            return ""
        time.sleep(0.05)
    base, told = found[0].decode(), ""
    for path in (
        "/admin/status",
        "/metrics",
        "/readyz",
        "/admin/status?x",
        "/wechat",
        "/mcp",
        "/%",
    ):
        for headers in ({}, {"authorization": f"Bearer {token}"}, {"authorization": "Bearer x"}):
            try:
                with urlopen(Request(base + path, headers=headers), timeout=10) as reply:  # noqa: S310
                    told += reply.read().decode("utf-8", "replace") + str(reply.headers)
            except HTTPError as error:
                told += error.read().decode("utf-8", "replace") + str(error.headers)
    return told
