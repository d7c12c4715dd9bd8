"""The menu of the official account: within the platform's limits, pushed by one command."""

from __future__ import annotations

import json

import pytest
from browsing import hosting
from click.testing import CliRunner
from wechat_platform import Interfaces

from bot.channels.wechat_menu import button_of, menu
from bot.cli import main

PUSH = ["wechat", "menu", "push"]
SETTINGS = {
    "YIWENTONG_WECHAT_TOKEN": "AAAAA",
    "YIWENTONG_WECHAT_APP_ID": "wx1",
    "YIWENTONG_WECHAT_APP_SECRET": "the-secret",
}


def test_the_menu_is_one_that_the_platform_takes() -> None:
    """Three buttons with at most five each, names that are not cut, each key once."""
    assert len(menu()) <= 3
    for column in menu():
        assert len(column.name.encode()) <= 16
        assert 1 <= len(column.buttons) <= 5
        assert all(len(button.name.encode()) <= 24 for button in column.buttons)
    keys = [button.key for column in menu() for button in column.buttons]
    assert len(set(keys)) == len(keys)
    assert all((one := button_of(key)) and bool(one.say) != bool(one.show) for key in keys)


def test_it_is_shown_without_an_account() -> None:
    """`--dry-run` needs no setting and calls nobody."""
    result = CliRunner().invoke(main, [*PUSH, "--dry-run"])
    assert result.exit_code == 0
    assert [one["name"] for one in json.loads(result.stdout)["button"]] == [
        "查待遇",
        "办备案",
        "帮助",
    ]


def test_it_is_pushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform has it then, names as people read them."""
    interfaces = Interfaces()
    with hosting(interfaces.app) as url:
        result = CliRunner().invoke(main, PUSH, env={**SETTINGS, "YIWENTONG_WECHAT_API": url})
    assert (result.exit_code, result.stderr) == (0, "")
    assert "已推送" in result.stdout
    assert interfaces.menus[0]["button"][0]["sub_button"][0]["key"] == "dialysis"


def test_a_refusal_is_explained() -> None:
    """A wrong secret: which setting to look at, and status 2."""
    with hosting(Interfaces().app) as url:
        settings = {**SETTINGS, "YIWENTONG_WECHAT_API": url, "YIWENTONG_WECHAT_APP_SECRET": "wrong"}
        result = CliRunner().invoke(main, PUSH, env=settings)
    assert result.exit_code == 2
    assert "40125" in result.stderr
    assert "YIWENTONG_WECHAT_APP_SECRET" in result.stderr


def test_without_an_account_it_is_said_what_to_set() -> None:
    """And nobody is called."""
    result = CliRunner().invoke(main, PUSH, env={"YIWENTONG_WECHAT_TOKEN": "AAAAA"})
    assert result.exit_code == 2
    assert "YIWENTONG_WECHAT_APP_SECRET" in result.stderr
