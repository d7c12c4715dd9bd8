"""bot → intents → knowledge, and never back; no channel in what it serves."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What each package may import of the others.
BELOW = {"knowledge": set[str](), "intents": {"knowledge"}, "bot": {"knowledge", "intents"}}
CHANNELS = (
    "telegram",
    "wechat",
    "wecom",
    "weixin",
    "slack",
    "discord",
    "dingtalk",
    "feishu",
    "lark",
)
# A district's own WeChat account is a fact of a document, not a channel of the bot.
_KINDS = re.compile(r"\"wechat\"|'wechat'|account_(?:lead_)?wechat|WeChat")


def modules(package: str) -> list[Path]:
    """The modules of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def imported(file: Path) -> Iterator[str]:
    """The first names of everything a module imports, also within functions."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("package", list(BELOW))
def test_a_package_never_imports_a_higher_one(package: str) -> None:
    """What is true does not know what was asked; what was asked does not know who answers."""
    allowed = BELOW[package] | {package}
    wrong = [
        f"{file.relative_to(ROOT)} imports {name}"
        for file in modules(package)
        for name in imported(file)
        if name in BELOW and name not in allowed
    ]

    assert not wrong


@pytest.mark.parametrize("package", ["knowledge", "intents"])
def test_the_lower_packages_name_no_channel(package: str) -> None:
    """Neither facts nor understanding know by which channel a message came."""
    wrong = [
        f"{file.relative_to(ROOT)} says {name}"
        for file in modules(package)
        for name in CHANNELS
        if name in _KINDS.sub("", file.read_text("utf-8")).lower()
    ]

    assert not wrong


def test_answers_name_no_channel() -> None:
    """Composing and serving are the same for every channel; only bot/channels knows them."""
    inner = [ROOT / "bot" / name for name in ("service.py", "answers.py", "messages.py")]
    wrong = [
        f"{file.relative_to(ROOT)} says {name}"
        for file in [*inner, *modules("bot/compose")]
        for name in CHANNELS
        if name in _KINDS.sub("", file.read_text("utf-8")).lower()
    ]

    assert not wrong


def test_composers_know_no_channel_and_no_command_line() -> None:
    """A composer is given a context and an ask and nothing else."""
    outer = {"bot.channels", "bot.cli", "bot.settings", "bot.terminal", "bot.service"}
    for file in modules("bot/compose"):
        text = file.read_text("utf-8")
        assert not [name for name in outer if f"from {name}" in text or f"import {name}" in text]
