"""Accounts at platforms: read, checked, and never shown."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.accounts import PREFIX, TelegramAccount
from bot.errors import SettingError
from bot.resources import opened
from bot.settings import Settings, read_settings

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TELEGRAM = "123456:AA-secret_of_a_bot"


def read(tmp_path: Path, **environment: str) -> Settings:
    """The settings of an environment."""
    named = {PREFIX + key: value for key, value in environment.items()}
    return read_settings(named, tmp_path / "absent")


def test_without_settings_there_is_no_account(tmp_path: Path) -> None:
    """No platform is spoken to that nobody asked for."""
    assert read(tmp_path).accounts.platforms == ()


def test_every_account_is_read(tmp_path: Path) -> None:
    """Each from its own settings."""
    found = read(
        tmp_path,
        TELEGRAM_TOKEN=TELEGRAM,
        TELEGRAM_API="http://127.0.0.1:8081/",
        WECHAT_TOKEN="AAAAA",
        WECHAT_APP_ID="wx0123456789abcdef",
        WECHAT_AES_KEY=KEY,
        WECHAT_AES_KEY_PREVIOUS=KEY[::-1].replace("G", "A", 1),
        WECOM_TOKEN="BBBBB",
        WECOM_CORP_ID="ww0123456789abcdef",
        WECOM_AES_KEY=KEY,
        WECOM_APP_SECRET="s" * 43,
        WECOM_AGENT_ID="1000002",
        MCP_TOKEN="m" * 16,
    ).accounts

    assert found.platforms == ("telegram", "wechat", "wecom")
    assert found.telegram == TelegramAccount(TELEGRAM, "http://127.0.0.1:8081")
    assert found.wechat
    assert found.wechat.keys[0] == base64.b64decode(KEY + "=")
    assert [len(key) for key in found.wechat.keys] == [32, 32]
    assert found.wecom
    assert found.wecom.agent_id == 1_000_002


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    """As containers hold them; the variable itself goes before the file."""
    (tmp_path / "token").write_text(f"{TELEGRAM}\n")
    file = str(tmp_path / "token")

    found = read(tmp_path, TELEGRAM_TOKEN_FILE=file).accounts.telegram
    assert found == TelegramAccount(TELEGRAM)
    other = read(tmp_path, TELEGRAM_TOKEN_FILE=file, TELEGRAM_TOKEN="1:b").accounts.telegram
    assert other == TelegramAccount("1:b")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("TELEGRAM_TOKEN", "no token"),
        ("WECHAT_TOKEN", "has-a-dash"),
        ("SECRET", "tooshort"),
        ("MCP_TOKEN", "tooshort"),
    ],
)
def test_a_wrong_secret_is_named_but_not_shown(tmp_path: Path, key: str, value: str) -> None:
    """The sentence names the setting; what was written stays out of logs and screens."""
    with pytest.raises(SettingError, match=key) as caught:
        read(tmp_path, **{key: value})

    assert value not in str(caught.value)


@pytest.mark.parametrize(
    ("lacking", "settings"),
    [
        ("WECHAT_APP_ID", {"WECHAT_TOKEN": "AAAAA", "WECHAT_AES_KEY": KEY}),
        ("WECOM_CORP_ID", {"WECOM_TOKEN": "AAAAA", "WECOM_AES_KEY": KEY}),
        ("WECOM_AES_KEY", {"WECOM_TOKEN": "AAAAA", "WECOM_CORP_ID": "ww1"}),
        (
            "WECOM_AGENT_ID",
            {
                "WECOM_TOKEN": "AAAAA",
                "WECOM_CORP_ID": "ww1",
                "WECOM_AES_KEY": KEY,
                "WECOM_APP_SECRET": "s",
            },
        ),
    ],
)
def test_half_an_account_is_refused(tmp_path: Path, lacking: str, settings: dict[str, str]) -> None:
    """What is lacking is named at the start, not when the first message comes."""
    with pytest.raises(SettingError, match=f"YIWENTONG_{lacking} "):
        read(tmp_path, **settings)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """With the variable and the path."""
    with pytest.raises(SettingError, match=r"WECHAT_TOKEN_FILE.*absent"):
        read(tmp_path, WECHAT_TOKEN_FILE=str(tmp_path / "absent"))


def test_nothing_secret_is_shown(tmp_path: Path) -> None:
    """Neither settings nor an account show what they hold where they are printed."""
    found = read(tmp_path, TELEGRAM_TOKEN=TELEGRAM, SECRET="s" * 20)

    assert TELEGRAM not in repr(found) + repr(found.accounts) + repr(found.accounts.telegram)
    assert "s" * 20 not in repr(found)


def test_machines_on_one_database_must_share_the_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a person would be somebody else on each of them."""

    class Server:
        """A store on a server, as far as this matters."""

        is_file = False

        def close(self) -> None:
            """Be closed."""

    monkeypatch.setattr("bot.resources.opened_store", lambda *_, **__: Server())
    settings = read(tmp_path, TELEGRAM_TOKEN=TELEGRAM, CACHE_DIR=str(tmp_path / "cache"))

    with pytest.raises(SettingError, match="YIWENTONG_SECRET"):
        opened(settings=settings)
